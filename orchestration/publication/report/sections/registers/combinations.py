"""How many companies are in one register, in two, or in all of them."""

from collections import Counter
from collections.abc import Sequence

from orchestration.publication.report.figures import LANGS, Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import named_bars, tips, words_of
from orchestration.publication.report.registers import present, title
from orchestration.publication.report.wording import (
    chinese_numeral,
    count,
    english_numeral,
    percent,
)


def _finding(rows: Sequence[Row]) -> Text:
    companies: Counter[int] = Counter()
    for row in rows:
        companies[row["register_count"]] += row["companies"]
    total, several = companies.total(), companies.total() - companies[1]
    number = len({name for row in rows for name in row["registers"].split("+")})
    if number == 1:
        return Text(
            f"清单共涉及 {total:,} 家主体", f"The lists name {count(total, 'company', 'companies')}"
        )
    if not several:
        return Text(
            f"{total:,} 家主体都只列入一类清单",
            f"None of the {total:,} companies is in more than one register"
            if total > 1
            else "The one company is in one register only",
        )
    share = percent(several / total, 0)
    # With two registers, all of them are already more than one.
    deepest = Text("", "")
    if number > 2 and (held := companies[number]):
        verb = "is" if held == 1 else "are"
        deepest = Text(
            f"，{chinese_numeral(number)}类清单均列入的有 {held:,} 家",
            f"; {held:,} {verb} in all {english_numeral(number)}",
        )
    verb = "is" if several == 1 else "are"
    return Text(
        f"{total:,} 家主体中，{several:,} 家（{share}）列入不止一类清单{deepest.zh}",
        f"Of {count(total, 'company', 'companies')}, {several:,} ({share}) {verb} in more than one "
        f"register{deepest.en}",
    )


def _names(rows: Sequence[Row]) -> dict[str, Text]:
    """The words for each combination of registers; all titles together would not fit a phone."""
    everything = {name for row in rows for name in row["registers"].split("+")}
    names = {}
    for row in rows:
        registers = row["registers"].split("+")
        titles = [title(name) for name in present({"register": name} for name in registers)]
        if len(titles) == 1:
            names[row["registers"]] = Text(f"仅{titles[0].zh}", f"{titles[0].en} only")
        elif len(titles) > 2 and len(titles) == len(everything):
            names[row["registers"]] = Text(
                f"全部{chinese_numeral(len(titles))}类",
                f"All {english_numeral(len(titles))} registers",
            )
        else:
            names[row["registers"]] = Text(
                *(" + ".join(text.of(lang) for text in titles) for lang in LANGS)
            )
    return names


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    titles = (
        Text("清单,主体数,登记数,占比", "Registers,Companies,Registrations,Share")
        .of(lang)
        .split(",")
    )
    label = "format(datum.companies, ',') + ' · ' + format(datum.share, '.1%')"
    tooltip = tips(("names", titles[0]), ("companies", titles[1], ",d"),
                   ("registrations", titles[2], ",d"), ("share", titles[3], ".1%"))  # fmt: skip
    chart = named_bars(rows, "registers", "datum.names", "companies", label, tooltip)
    return chart.transform_calculate(
        as_="names", calculate=words_of("registers", _names(rows), lang)
    )


COMBINATIONS = Figure(
    "register_combinations",
    "register_combinations",
    _finding,
    Text(
        "按所在清单分组的主体数。服务按名称与主体代码匹配，未能匹配的按名称另计",
        "Companies by the registers that list them. A service is matched to a company by name; "
        "names without a match count as companies of their own",
    ),
    _draw,
    covers_all_registers=True,
)
