"""Files that a disk or a hand has damaged: what can be made again is, the rest stops one batch."""

import shutil

import polars as pl
import pytest

from scrapers.registers import CANCELLATION_NOTICES
from tests.faults.damage import DAMAGES, damage_files, empty, halve, overwrite
from tests.faults.nights import Nights
from tests.faults.source import FIVE, answers_list, answers_page, healthy
from tests.support.loopback import html_instead, status

BATCH, FOLDER = 2, "002"
NOTICE = CANCELLATION_NOTICES.folder(FIVE)


DERIVED = [
    f"validated/{FOLDER}/*.parquet",
    f"validated/{FOLDER}/*.json",
    f"validated/{FOLDER}/quarantine/*.parquet",
    f"validated/{NOTICE}/*.parquet",
    f"validated/{NOTICE}/quarantine/*.parquet",
    "validated/list_versions.parquet",
    "validated/cancellations.parquet",
    "validated/cancellation_notices.parquet",
    "validated/cancellation_quarantine.parquet",
    f"ingest_results/{FOLDER}.json",
]


def readable_tables(nights: Nights) -> dict[str, int]:
    """The rows of each table that dbt reads."""
    folder = nights.data_dir / "validated"
    return {path.name: pl.read_parquet(path).height for path in sorted(folder.glob("*.parquet"))}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("pattern", DERIVED)
def test_a_derived_file_is_made_again(pattern, damage, nights, undisturbed):
    tables = readable_tables(nights)
    damage_files(nights.data_dir, pattern, damage)
    seen = nights.pass_over(healthy)
    assert seen.failed == {} and seen.accepted == undisturbed(healthy)
    assert readable_tables(nights) == tables


def test_rows_that_a_hand_changed_are_made_again(nights, undisturbed):
    for path in (nights.data_dir / "validated" / FOLDER).glob("*.parquet"):
        changed = pl.read_parquet(path).with_columns(pl.col("entity_name").reverse())
        changed.write_parquet(path)
    seen = nights.pass_over(healthy)
    assert seen.failed == {} and seen.accepted == undisturbed(healthy)


@pytest.mark.parametrize("is_rebuilt", [False, True], ids=["kept", "rebuilt"])
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("pattern", [f"raw/{FOLDER}/*.docx", f"raw/{NOTICE}/*.pdf"])
def test_an_archived_document_heals_when_the_source_gives_the_same_bytes(
    pattern, damage, is_rebuilt, nights, undisturbed
):
    before = damage_files(nights.data_dir, pattern, damage)
    if is_rebuilt:
        shutil.rmtree(nights.data_dir / "validated")
    seen = nights.pass_over(healthy)
    assert seen.failed == {} and seen.accepted == undisturbed(healthy)
    assert {path: path.read_bytes() for path in before} == before


def test_an_archived_document_that_cannot_heal_stops_its_batch_only(nights, undisturbed):
    damage_files(nights.data_dir, f"raw/{FOLDER}/*.docx", empty)
    shutil.rmtree(nights.data_dir / "validated")
    seen = nights.pass_over(answers_list(BATCH, status(503)))
    assert set(seen.failed) == {FOLDER}
    others = {key: rows for key, rows in undisturbed(healthy).items() if key != FOLDER}
    assert seen.accepted == others
    after = nights.pass_over(healthy)
    assert after.failed == {} and after.accepted == undisturbed(healthy)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("folder", [FOLDER, NOTICE, "notices"])
def test_a_sidecar_that_cannot_be_read_is_made_again(folder, damage, nights, undisturbed):
    damage_files(nights.data_dir, f"raw/{folder}/datapackage.json", damage)
    for _ in range(2):
        seen = nights.pass_over(healthy)
        assert seen.failed == {} and seen.accepted == undisturbed(healthy)


@pytest.mark.parametrize("damage", [halve, empty, overwrite])
@pytest.mark.parametrize("folder", [FOLDER, NOTICE, "notices"])
def test_a_sidecar_and_its_copy_stop_their_folder_at_most(folder, damage, nights, undisturbed):
    before = damage_files(nights.data_dir, f"raw/{folder}/datapackage*.json", damage)
    seen = nights.pass_over(healthy)
    assert set(seen.failed) <= {folder}
    others = {key: rows for key, rows in undisturbed(healthy).items() if key != folder}
    assert others.items() <= seen.accepted.items()
    for path, whole in before.items():
        path.write_bytes(whole)
    after = nights.pass_over(healthy)
    assert after.failed == {} and after.accepted == undisturbed(healthy)


def test_pages_that_differ_by_a_token_do_not_pile_up(nights, undisturbed):
    for night in range(6):
        challenge = f"<html><h1>请稍候</h1><p>{night:032x}</p></html>"
        seen = nights.pass_over(answers_page(BATCH, html_instead(challenge)))
        assert set(seen.failed) == {FOLDER}
    kept = list((nights.data_dir / "raw" / FOLDER).glob("*.bin"))
    assert len(kept) == 2, "the first and the last of a series are kept"
    seen = nights.pass_over(healthy)
    assert seen.failed == {} and seen.accepted == undisturbed(healthy)
