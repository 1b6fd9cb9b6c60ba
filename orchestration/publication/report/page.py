"""`panorama.html`: figures, words and the scripts that draw them, in one page.

The page asks nobody for anything, and its own policy forbids it to: only the two scripts whose
hashes it names may run, so that no text of the register can act, whatever it says.
"""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import altair as alt
import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from orchestration.publication.edition import Edition
from orchestration.publication.latest import REPORT
from orchestration.publication.report import wording
from orchestration.publication.report.bundle import vega_script
from orchestration.publication.report.figures import LANGS, Figure, Row, Text, measure
from orchestration.publication.report.marks import CONFIG, FONT
from orchestration.publication.report.sections import SECTIONS
from scrapers.fields.text_keys import RADICALS
from scrapers.files import write_text

_TEMPLATES = Path(__file__).parent / "templates"
# Rows that the page holds beside those of its figures.
_MORE_QUERIES = ("headline", "all_filings")


def write_report(edition: Edition) -> None:
    """Write `panorama.html` into the edition's folder."""
    with edition.connect() as connection:
        page = render(connection, edition)
    write_text(edition.folder / REPORT, page)


def render(connection: duckdb.DuckDBPyConnection, edition: Edition) -> str:
    """The page as HTML, from a connection to the release."""
    figures = [figure for section in SECTIONS for figure in section.figures]
    queries = sorted({figure.query for figure in figures} | set(_MORE_QUERIES))
    rows = {query: measure(connection, query) for query in queries}
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    script = (_TEMPLATES / "panorama.js").read_text(encoding="utf-8")
    scripts = [vega_script(), script]
    return environment.get_template("panorama.html.j2").render(
        edition=edition,
        # with hyphens at which no line breaks
        as_of=edition.as_of().date().isoformat().replace("-", "\u2011"),
        headline=rows["headline"][0],
        sections=SECTIONS,
        rows=rows,
        claims=rows["claims"],
        verdicts=Counter(row["verdict"] for row in rows["claims"]),
        bases=list(dict.fromkeys(row["basis"] for row in rows["pass_rates"])),
        words=wording,
        style=Markup((_TEMPLATES / "panorama.css").read_text(encoding="utf-8")),
        font=Markup(FONT),
        scripts=[Markup(text) for text in scripts],
        script_hashes=" ".join(map(_policy_hash, scripts)),
        data={
            "rows": _json({name: _table(found) for name, found in rows.items()}),
            "charts": _json({f.name: _charts(f, rows[f.query]) for f in figures if f.draw}),
            "config": _json(CONFIG),
            "names": _json(_names(rows)),
            "radicals": _json(RADICALS),
        },
    )


def _charts(figure: Figure, rows: Sequence[Row]) -> dict[str, Any]:
    """A figure's Vega-Lite specification in each language, without its rows."""
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    return {
        lang: figure.draw(lang, rows).properties(width="container", autosize=fit).to_dict()
        for lang in LANGS
    }


def _table(rows: Sequence[Row]) -> dict[str, Any]:
    return {
        "columns": list(rows[0]) if rows else [],
        "rows": [list(row.values()) for row in rows],
    }


# Headings of tables, and the codes in their cells, in words.
_COLUMNS = {
    "filing_number": Text("备案编号", "Filing number"),
    "algorithm_name": Text("算法", "Algorithm"),
    "entity_name": Text("主体", "Entity"),
    "role": Text("角色", "Role"),
    "province_name": Text("省级行政区", "Province"),
    "sector": Text("行业", "Sector"),
    "inputs": Text("输入", "Inputs"),
    "outputs": Text("输出", "Outputs"),
    "products": Text("产品", "Products"),
    "batch_no": Text("批次", "Batch"),
    "cancelled_month": Text("注销月份", "Cancelled"),
    "state": Text("状态", "State"),
}
_STATES = {
    "cancelled": Text("已注销", "cancelled"),
    "withdrawn": Text("已撤下", "gone from its list"),
}


def _names(rows: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, Text]]:
    """{column: {code: words}} for the codes that tables show, and the headings as `columns`."""
    kinds = {
        row["modality"]: Text(row["modality_zh"], row["modality_en"]) for row in rows["modalities"]
    }
    return {
        "columns": _COLUMNS,
        "role": wording.ROLES,
        "sector": {
            row["sector"]: Text(row["sector_zh"], row["sector_en"]) for row in rows["sectors"]
        },
        "province_name": {
            row["province_name"]: Text(row["province_name"], row["province_en"])
            for row in rows["regions"]
        },
        "inputs": kinds,
        "outputs": kinds,
        "state": _STATES,
    }


def _json(value: object) -> Markup:
    """JSON that may stand in a page: no character of it can end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=plain)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def plain(value: object) -> object:
    """What JSON has no word for: dates by ISO 8601, decimals as numbers. Raises TypeError."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"the report cannot hold {value!r}")


def _policy_hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
