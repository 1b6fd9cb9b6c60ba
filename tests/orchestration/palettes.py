"""An invented register, defined in this module only.

Its page links to two documents with four columns.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pandera.polars as pa
import polars as pl

from orchestration.defs.resources import Workspace
from orchestration.ingest.pipeline import ingest
from orchestration.settings import Settings
from orchestration.validation.contracts.base import Contract, Tables
from orchestration.validation.contracts.frames import text_frame
from orchestration.validation.contracts.vocabulary import one_of, required, text_column
from orchestration.validation.tables import write_tables
from scrapers.archive.facts import Facts
from scrapers.registers.base import Column, Register, TableLayout, Terms, Text
from scrapers.registers.discovery.page_attachments import page_attachments
from tests.support.docx_builder import make_docx, row, table
from tests.support.raw_server import RawServer, answer

PAGE = "/2026-01/05/c_1.htm"
COLORS = ("red", "green")

PALETTES = Register(
    name="palettes",
    title=Text("颜料备案清单", "Palettes"),
    tables=(
        TableLayout(
            columns={
                "position": Column("序号"),
                "code": Column("色卡编号"),
                "maker": Column("单位名称", aliases=("企业名称",)),
                "color": Column("颜色"),
            },
            key="code",
        ),
    ),
    key="code",
    discover=page_attachments(PAGE, label="颜料备案清单"),
    terms=Terms(rows="palettes"),
)


def palette_schema(facts: Facts) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        {
            "row_no": pa.Column(pl.Int64, unique=True),
            "position": text_column(),
            "code": text_column(required()),
            "maker": text_column(required()),
            "color": text_column(one_of(COLORS, "known_color")),
        },
        strict=True,
    )


CONTRACT = Contract(
    version="1",
    module="tests/orchestration/palettes.py",
    checks={"required": "Code and maker are filled in.", "known_color": "The color is known."},
    schema=palette_schema,
    frame=text_frame,
    row_columns={"code": pl.String, "maker": pl.String, "color": pl.String},
    identity=("code", "maker"),
    tables=Tables("palettes_versions"),
    tolerated_rows=1,
)

JANUARY = make_docx(
    table(
        row("序号", "色卡编号", "单位名称", "颜色"),
        row("1", "P-1", "甲公司", "red"),
        row("2", "P-2", "乙公司", "plaid"),
        row("3", "P-3", "丙公司", "green"),
    )
)
FEBRUARY = make_docx(
    table(row("颜色", "色卡编号", "企业名称", "序号"), row("green", "P-4", "丁公司", "1"))
)
LINKS = """<html><title>颜料备案</title><body>
<a href="/files/1.docx">附件1：颜料备案清单（2026年1月）</a>
<a href="/files/2.docx">附件2：颜料备案清单（2026年2月）</a>
<a href="/files/guide.docx">填报指南</a></body></html>"""


def ingest_palettes(
    workspace: Workspace, register: Register = PALETTES, contract: Contract = CONTRACT
) -> None:
    """Ingest all documents of the register and write its tables, without Dagster."""
    store = workspace.store(register, contract)
    with workspace.session() as session:
        for _ in ingest(session, store, workspace.results, None, "run"):
            pass
    write_tables(store)


@contextmanager
def palettes_workspace(
    data_dir: Path, documents: Mapping[str, bytes] | None = None
) -> Iterator[Workspace]:
    """A workspace whose source publishes the two documents, or others in their place."""
    pages = {
        PAGE: answer(LINKS.encode(), content_type="text/html; charset=utf-8"),
        "/files/1.docx": answer(JANUARY),
        "/files/2.docx": answer(FEBRUARY),
    }
    with RawServer(pages | dict(documents or {})) as site:
        environment = {
            "FILINGS_SOURCE": "live",
            "FILINGS_CAC_URL": site.url,
            "FILINGS_BEIAN_URL": site.url,
            "FILINGS_REQUESTS_PER_SECOND": "0",
            "FILINGS_DATA_DIR": str(data_dir),
        }
        yield Workspace.from_settings(Settings.from_environment(environment))
