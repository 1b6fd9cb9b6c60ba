"""Every sentence of the report, over registers with few batches, gaps and unknown places."""

import shutil
from pathlib import Path

import duckdb

from orchestration.publication.context import ReleaseContext
from orchestration.publication.report.page import render
from orchestration.warehouse import manifest as dbt
from orchestration.warehouse.marts import DATABASE
from tests.end_to_end.conftest import FirstRun
from tests.end_to_end.releases import latest
from tests.support.sentences import sentences, wrong

# The tables with the number of a batch.
BATCH = "batch_no"
OTHER_REGISTERS = "register <> 'deep_synthesis'"
PLACES = ("filings", "registrations", "regions_by_batch", "regions_by_sector",
          "registrations_by_region", "cities_by_batch", "entities")  # fmt: skip


def copied(run: FirstRun, folder: Path, *changes: str) -> ReleaseContext:
    """A copy of the release's database after some statements."""
    assert run.finished.status == 0, run.finished.err
    shutil.copy(latest(run.data_dir) / DATABASE, folder / DATABASE)
    with duckdb.connect(str(folder / DATABASE)) as connection:
        for change in changes:
            connection.execute(change)
    return ReleaseContext(folder, dbt.marts(), {}, "0" * 64, "1.0.0", "replica")


def columns(run: FirstRun, name: str) -> list[str]:
    """The tables of the release that have a column of this name."""
    with duckdb.connect(str(latest(run.data_dir) / DATABASE), read_only=True) as connection:
        found = connection.execute(
            "select distinct table_name from information_schema.columns where column_name = $1",
            [name],
        ).fetchall()
    return sorted(table for (table,) in found)


def read(context: ReleaseContext) -> tuple[str, str]:
    """The page of a release, and all its English texts in lines."""
    with context.connect() as connection:
        page = render(connection, context)
    return page, "\n".join(text for lang, text in sentences(page) if lang == "en")


def test_sentences_about_one_batch_are_right(one_batch: FirstRun, tmp_path: Path):
    page, english = read(copied(one_batch, tmp_path))
    assert wrong(page) == []
    assert "Batch 1 has 41 filings" in english and "batches 1–1" not in english
    assert 'id="sectors_by_region"' not in page


def test_sentences_about_one_filing_are_right(one_batch: FirstRun, tmp_path: Path):
    alone = [
        "delete from filings where filing_number <> (select min(filing_number) from filings)",
        "update batches set filings = 1, entities = 1, new_entities = 1, cumulative_filings = 1",
    ]
    page, english = read(copied(one_batch, tmp_path, *alone))
    assert wrong(page) == []
    assert "Batch 1 has 1 filing" in english and "The one filing of the last batch" in english


def test_sentences_about_eleven_batches_are_right(whole_register: FirstRun, tmp_path: Path):
    cut = [f"delete from {table} where {BATCH} > 11" for table in columns(whole_register, BATCH)]
    page, english = read(copied(whole_register, tmp_path, *cut))
    assert wrong(page) == []
    assert "batches 1–11" in english and "batch 18" not in english


def test_sentences_about_all_batches_are_right(whole_register: FirstRun, tmp_path: Path):
    page, english = read(copied(whole_register, tmp_path))
    assert wrong(page) == []
    assert "31 provinces; 151 cities in deep synthesis" in english
    assert "the lists cover 31 provinces" in english
    assert "Hubei, social (3.1×); Fujian, manufacturing (2.9×)" in english
    assert "1 of 2,665" in english and "Four measures give <0.1%; " in english
    assert "The earlier period has 2, too few to measure growth; the later one has 127" in english
    assert " cancelled by July 2026" in english
    assert "CAC lists of all registers to August 2026, notices to July 2026" in english
    assert "CAC deep-synthesis lists (batches 1–18) and notices, to July 2026" in english
    assert 'href="https://blog.csdn.net/chuangfumao/article/details/146255668"' in page
    assert "《算法备案全景洞察趋势解码：技术迭代、行业裂变与生态重构》" in page
    assert english.count("Forecast for 2026; the lists of 2026 run to August") == 2
    assert english.count("Forecast for 2025; the lists cover the whole year") == 3


def test_sentences_without_notes_and_notices_are_right(whole_register: FirstRun, tmp_path: Path):
    quiet = [
        "delete from filing_events where source in ('note', 'notice')",
        "delete from cancellations",
        "update filings set is_cancelled = false, cancelled_month = null",
        "update registrations set status = 'listed' where status = 'cancelled'",
    ]
    page, english = read(copied(whole_register, tmp_path, *quiet))
    assert wrong(page) == []
    assert "No cancellation notice yet" in english and "notices to" not in english


def test_unknown_place_is_never_named(whole_register: FirstRun, tmp_path: Path):
    # Most filings come from Guangdong. The marts have no code and no names for an unknown place.
    unknown = [
        f"update {table} set province_code = null, province_name = null, province_name_en = null"
        + (", city_code = null, city_name = null" if table == "filings" else "")
        + " where province_name = '广东省'"
        for table in PLACES
    ]
    unknown.append(
        "update cities_by_batch set city_code = null, city_name = null, city_name_en = null "
        "where city_name = '广州市'"
    )
    page, english = read(copied(whole_register, tmp_path, *unknown))
    assert wrong(page) == []
    assert "Beijing leads with 1,611 filings" in english and "Guangzhou" not in english


def test_page_about_deep_synthesis_only_names_no_other_register(
    whole_register: FirstRun, tmp_path: Path
):
    alone = [
        f"delete from {table} where {OTHER_REGISTERS}"
        for table in columns(whole_register, "register")
        if table != "cancellations"
    ]
    page, english = read(
        copied(whole_register, tmp_path, *alone, "delete from generative_services",
               "delete from recommendation_filings", "delete from dual_track")
    )  # fmt: skip
    assert wrong(page) == []
    assert "China’s register of deep-synthesis algorithms" in english
    assert 'id="registers"' not in page and "registrations in all" not in english
