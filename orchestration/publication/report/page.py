"""`panorama.html`: figures, texts and the scripts that draw them, in one page.

With more than `MOST_REGISTRATIONS`, it has totals only, and says where the rows are.

The page makes no network requests; its Content-Security-Policy blocks them. Only the two scripts
with the listed hashes may run, so no text of the register can run as code.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import altair as alt
import duckdb
from altair.utils.schemapi import debug_mode
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from orchestration.publication.context import ReleaseContext
from orchestration.publication.garbage import no_garbage_collection
from orchestration.publication.latest import REPORT
from orchestration.publication.purposes import purpose_remark
from orchestration.publication.report import wording
from orchestration.publication.report.article import article_of, by_section, forecast_note
from orchestration.publication.report.bundle import vega_script
from orchestration.publication.report.figures import LANGS, Draw, Figure, Row, Section, measure
from orchestration.publication.report.front import make_front
from orchestration.publication.report.page_data import names_of_codes, to_columns, to_json
from orchestration.publication.report.search.packed import pack
from orchestration.publication.report.search.register import register_data
from orchestration.publication.report.sections import SECTIONS
from orchestration.publication.report.theme import CONFIG, FONTS
from orchestration.publication.state import fetched_text, read_state
from scrapers.fields.text_keys import RADICALS
from scrapers.files import write_text

_TEMPLATES = Path(__file__).parent / "templates"
# In the order of the page: later ones use or override earlier ones.
_SCRIPTS = (
    "data", "downloads", "charts", "tables", "register", "matching", "facets", "results", "search",
    "records", "record_pages", "controls",
)  # fmt: skip
_SCRIPTS_WITHOUT_ROWS = ("data", "downloads", "charts", "tables", "no_rows", "controls")
_STYLES = ("page", "figures", "tables", "claims", "search", "records", "narrow", "print")
# The query that the page needs in addition to those of its figures.
_HEADLINE = "headline"
# The page has some 10 MB then, and takes several seconds to unpack on a phone.
MOST_REGISTRATIONS = 50_000


def write_report(context: ReleaseContext) -> None:
    """Write `panorama.html` into the folder of the release."""
    with no_garbage_collection(), context.connect() as connection:
        page = render(connection, context)
    write_text(context.folder / REPORT, page)


def render(connection: duckdb.DuckDBPyConnection, context: ReleaseContext) -> str:
    """The page as HTML, from a connection to the database of the release."""
    (headline,) = measure(connection, _HEADLINE)
    has_rows = headline["registrations"] <= MOST_REGISTRATIONS
    shown = [
        replace(section, figures=[item for item in section.figures if has_rows or not item.is_list])
        for section in SECTIONS
    ]
    queries = {figure.query for section in shown for figure in section.figures}
    rows = {query: measure(connection, query) for query in sorted(queries | {_HEADLINE})}
    sections = _with_rows(shown, rows)
    figures = [figure for section in sections for figure in section.figures]
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    scripts = [vega_script(), _page_script(_SCRIPTS if has_rows else _SCRIPTS_WITHOUT_ROWS)]
    state = read_state(connection, context.marts)
    return environment.get_template("panorama.html.j2").render(
        release=context,
        purposes=purpose_remark(context.source),
        front=make_front(rows, state),
        state=state.text,
        fetched=fetched_text(context.as_of()),
        sections=sections,
        rows=rows,
        claims=by_section(rows["claims"]),
        article=article_of(rows["claims"]),
        forecast=lambda claim: forecast_note(claim, state.lists.last),
        bases=list(dict.fromkeys(row["basis"] for row in rows["pass_rates"])),
        words=wording,
        # Files and constants of this project, not texts of the register.
        style=Markup(_joined("styles", _STYLES, ".css")),  # noqa: S704
        fonts={lang: Markup(stack) for lang, stack in FONTS.items()},  # noqa: S704
        scripts=[Markup(text) for text in scripts],  # noqa: S704
        script_hashes=" ".join(map(_policy_hash, scripts)),
        data={
            "rows": to_json({name: to_columns(found) for name, found in rows.items()}),
            "charts": to_json({f.name: _charts(f.draw, rows[f.query]) for f in figures if f.draw}),
            "config": to_json(CONFIG),
            "names": to_json(names_of_codes(rows)),
            "radicals": to_json(RADICALS),
        },
        register=Markup(pack(register_data(connection))) if has_rows else None,  # noqa: S704  # base64
        most_registrations=MOST_REGISTRATIONS,
    )


def _with_rows(sections: Sequence[Section], rows: Mapping[str, Sequence[Row]]) -> list[Section]:
    """The sections without the figures that have nothing to show.

    With one register only, there is nothing to compare it with.
    """
    has_several = len({row["register"] for row in rows["registers_by_month"]}) > 1

    def is_shown(figure: Figure) -> bool:
        if figure.covers_all_registers:
            return has_several and bool(rows[figure.query])
        return bool(rows[figure.query]) or not figure.needs_rows

    kept = (
        replace(section, figures=[figure for figure in section.figures if is_shown(figure)])
        for section in sections
    )
    return [section for section in kept if section.figures]


def _charts(draw: Draw, rows: Sequence[Row]) -> dict[str, Any]:
    """The Vega-Lite specification of a figure in each language, without its rows."""
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    # The tests validate the specifications and their parts: it takes half of the time of the page.
    with debug_mode(False):
        charts = {lang: draw(lang, rows) for lang in LANGS}
        for chart in charts.values():
            # Not by `properties`, which would copy every layer.
            chart.width, chart.autosize = "container", fit
        return {
            lang: chart.to_dict(validate=False) | {"config": {"font": FONTS[lang]}}
            for lang, chart in charts.items()
        }


def _page_script(names: Sequence[str]) -> str:
    """The scripts of the page as one, whose names stay local to it."""
    return f'(() => {{\n"use strict";\n{_joined("scripts", names, ".js")}}})();\n'


def _joined(folder: str, names: Sequence[str], suffix: str) -> str:
    """The files of a folder of the templates, one after the other."""
    paths = (_TEMPLATES / folder / f"{name}{suffix}" for name in names)
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def _policy_hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
