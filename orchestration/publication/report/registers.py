"""Words and colours of the registers in the report, in the order in which they are declared."""

from collections.abc import Iterable, Sequence

import altair as alt

from orchestration.publication.report.figures import Lang, Row, Text
from orchestration.publication.report.marks import BESIDE, legend
from orchestration.publication.report.theme import ACCENT, GOLD, GREY, INK, WARM
from scrapers.registers import REGISTERS

TITLES = {register.name: Text(register.title.zh, register.title.en) for register in REGISTERS}
SERVICE_TYPES = {
    "filed": Text("已备案", "Filed"),
    "registered": Text("已登记", "Registered"),
    "edge": Text("端侧", "On devices"),
}
_COLORS = (ACCENT, WARM, GOLD, INK, GREY)


def title(register: str) -> Text:
    """The title of a register; one that is not declared has no words of its own."""
    return TITLES.get(register, Text("其他清单", "Other register"))


def in_sentence(register: str) -> Text:
    """The title of a register inside a sentence: in English without the capital letter."""
    zh, en = title(register)
    return Text(zh, en[:1].lower() + en[1:])


def present(rows: Iterable[Row]) -> list[str]:
    """The registers in the column `register`, in the order of their declaration."""
    found = {row["register"] for row in rows}
    declared = [name for name in TITLES if name in found]
    return declared + sorted(found - set(declared))


def color(
    lang: Lang,
    registers: Sequence[str],
    field: str,
    symbol: str,
    names: Sequence[str] | None = None,
    beside: int = BESIDE,
) -> alt.Color:
    """Colour by register, with a legend that has one line per register in narrow plots.

    `field` holds the title of the register, or its entry in `names`.
    """
    titles = list(names or [title(name).of(lang) for name in registers])
    colors = [_COLORS[at % len(_COLORS)] for at in range(len(registers))]
    return alt.Color(
        f"{field}:N",
        scale=alt.Scale(domain=titles, range=colors),
        # A line has no area: without a stroke, its symbol would be invisible.
        legend=legend(titles, symbol, beside, symbolStrokeWidth=3 if symbol == "stroke" else 0),
    )


def month_of(field: str) -> str:
    """A Vega expression: the first day of the month in `field` (YYYY-MM), in UTC."""
    return f"utc(+slice(datum.{field}, 0, 4), +slice(datum.{field}, 5, 7) - 1)"


def joined(items: Sequence[str], lang: Lang) -> str:
    """The items of a list in a sentence: 甲、乙 or A, B and C."""
    if lang == "zh":
        return "、".join(items)
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def unbroken(day: object) -> str:
    """A date or month with hyphens at which a line cannot break."""
    return str(day).replace("-", "\u2011")
