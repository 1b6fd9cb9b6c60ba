"""What a release says about the wording of its purposes, in every place that shows them."""

from pathlib import Path

import duckdb
import openpyxl
import pytest

from orchestration.publication.about_data import description
from orchestration.publication.dictionary import DICTIONARY, write_dictionary
from orchestration.publication.purposes import purpose_remark, with_purpose_remark
from orchestration.publication.release import publish
from orchestration.publication.workbook.book import WORKBOOK, write_workbook
from orchestration.warehouse.marts import DATABASE, Mart
from tests.orchestration.publication.release_factories import MARTS, make_filing, write_filings

SENTENCES = {
    "live": "The purposes are as published.",
    "replica": "The purposes are not as published: the copy of the lists that ships with the "
    "program rewords them from their parts.",
    "replica, live": "The purposes are as published where purpose_origin is source. Where it is "
    "shipped, the copy of the lists that ships with the program rewords them from their parts.",
}
EXTRA = Mart("extra", "Rows.", {"purpose": "Main purpose.", "other": "Other."})


@pytest.mark.parametrize("source", SENTENCES)
def test_sentence_follows_the_sources(source):
    assert purpose_remark(source).en == SENTENCES[source]


@pytest.mark.parametrize("source", SENTENCES)
def test_descriptors_of_a_release_say_the_same(source):
    assert description(source).endswith(f" {SENTENCES[source]}")


def test_order_of_the_sources_makes_no_difference():
    assert purpose_remark("live, replica") == purpose_remark("replica, live")


def test_only_the_column_purpose_gets_the_sentence():
    (extra, other) = with_purpose_remark([EXTRA, Mart("n", "N.", {"n": "N."})], "live")
    assert extra.columns == {"purpose": f"Main purpose. {SENTENCES['live']}", "other": "Other."}
    assert other == Mart("n", "N.", {"n": "N."})


@pytest.mark.parametrize("source", SENTENCES)
def test_dictionary_workbook_and_comments_say_the_same(tmp_path: Path, source):
    warehouse = write_filings(tmp_path / "warehouse.duckdb", [make_filing(1)])
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create table extra as select '应用于天气播报' as purpose, 1 as other")
        connection.execute("create table filing_events as select timestamp '2025-01-01' as seen_at")
        connection.execute(
            "create or replace table batches as select 1 as batch_no, date '2025-01-01' as "
            "announced_on, timestamp '2025-01-01' as retrieved_at"
        )
    events = Mart("filing_events", "Events.", {})
    release = publish(
        warehouse=warehouse,
        published=tmp_path / "published",
        marts=[*MARTS, EXTRA, events],
        source=source,
        documents=[write_dictionary, write_workbook],
    )
    described = f"Main purpose. {SENTENCES[source]}"
    page = (release.path / DICTIONARY).read_text().replace("\\_", "_")
    assert f"| `purpose` | `VARCHAR` | {described} |" in page
    with duckdb.connect(str(release.path / DATABASE), read_only=True) as connection:
        comments = connection.sql(
            "select comment from duckdb_columns() where column_name = 'purpose'"
        ).fetchall()
    assert comments == [(described,)]
    workbook = openpyxl.load_workbook(release.path / WORKBOOK)
    about, columns = (
        [str(cell.value) for row in workbook[name].iter_rows() for cell in row if cell.value]
        for name in ("about", "columns")
    )
    assert any(text.endswith(f". {SENTENCES[source]}") for text in about)
    assert any(text.endswith(purpose_remark(source).zh) for text in about)
    assert described in columns
