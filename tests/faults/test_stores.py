"""Damaged files: derived ones are rebuilt, others stop one document at most."""

import shutil
from itertools import cycle

import polars as pl
import pytest

from scrapers.registers import CANCELLATION_NOTICES
from tests.faults.damage import DAMAGES, damage_files, empty, flip_a_bit, halve, overwrite, unlink
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
    """The number of rows of each table that dbt reads."""
    folder = nights.data_dir / "validated"
    return {path.name: pl.read_parquet(path).height for path in sorted(folder.glob("*.parquet"))}


# Each file with one kind of damage, and the rows of a list with every kind.
DAMAGED_DERIVED = [
    *zip(DERIVED, cycle(DAMAGES)),
    *((DERIVED[0], damage) for damage in DAMAGES[1:]),
]


@pytest.mark.parametrize(("pattern", "damage"), DAMAGED_DERIVED)
def test_damaged_derived_file_is_rebuilt(pattern, damage, nights, undisturbed):
    tables = readable_tables(nights)
    damage_files(nights.data_dir, pattern, damage)
    seen = nights.pass_over(healthy)
    assert seen.failed == {} and seen.accepted == undisturbed(healthy)
    assert readable_tables(nights) == tables


def test_edited_rows_are_rebuilt(nights, undisturbed):
    for path in (nights.data_dir / "validated" / FOLDER).glob("*.parquet"):
        changed = pl.read_parquet(path).with_columns(pl.col("entity_name").reverse())
        changed.write_parquet(path)
    seen = nights.pass_over(healthy)
    assert seen.failed == {} and seen.accepted == undisturbed(healthy)


LIST_FILE, NOTICE_FILE = f"raw/{FOLDER}/*.docx", f"raw/{NOTICE}/*.pdf"
DAMAGED_DOCUMENTS = [
    *((LIST_FILE, damage, False) for damage in DAMAGES),
    (LIST_FILE, flip_a_bit, True),
    (LIST_FILE, unlink, True),
    (NOTICE_FILE, halve, False),
    (NOTICE_FILE, unlink, True),
]


@pytest.mark.parametrize(("pattern", "damage", "is_rebuilt"), DAMAGED_DOCUMENTS)
def test_damaged_document_heals_if_the_source_still_has_the_same_bytes(
    pattern, damage, is_rebuilt, nights, undisturbed
):
    before = damage_files(nights.data_dir, pattern, damage)
    if is_rebuilt:
        shutil.rmtree(nights.data_dir / "validated")
    seen = nights.pass_over(healthy)
    assert seen.failed == {} and seen.accepted == undisturbed(healthy)
    assert {path: path.read_bytes() for path in before} == before


def test_damaged_document_that_cannot_heal_stops_its_batch_only(nights, undisturbed):
    damage_files(nights.data_dir, f"raw/{FOLDER}/*.docx", empty)
    shutil.rmtree(nights.data_dir / "validated")
    seen = nights.pass_over(answers_list(BATCH, status(503)))
    assert set(seen.failed) == {FOLDER}
    others = {key: rows for key, rows in undisturbed(healthy).items() if key != FOLDER}
    assert seen.accepted == others
    after = nights.pass_over(healthy)
    assert after.failed == {} and after.accepted == undisturbed(healthy)


DAMAGED_SIDECARS = [
    *((FOLDER, damage) for damage in DAMAGES),
    (NOTICE, halve),
    (NOTICE, unlink),
    ("notices", empty),
    ("notices", unlink),
]


@pytest.mark.parametrize(("folder", "damage"), DAMAGED_SIDECARS)
def test_damaged_sidecar_is_rebuilt_from_its_copy(folder, damage, nights, undisturbed):
    damage_files(nights.data_dir, f"raw/{folder}/datapackage.json", damage)
    for _ in range(2):
        seen = nights.pass_over(healthy)
        assert seen.failed == {} and seen.accepted == undisturbed(healthy)


@pytest.mark.parametrize(
    ("folder", "damage"),
    [(FOLDER, halve), (FOLDER, empty), (NOTICE, overwrite), ("notices", halve)],
)
def test_damaged_sidecar_and_copy_stop_their_folder_at_most(folder, damage, nights, undisturbed):
    before = damage_files(nights.data_dir, f"raw/{folder}/datapackage*.json", damage)
    seen = nights.pass_over(healthy)
    assert set(seen.failed) <= {folder}
    others = {key: rows for key, rows in undisturbed(healthy).items() if key != folder}
    assert others.items() <= seen.accepted.items()
    for path, whole in before.items():
        path.write_bytes(whole)
    after = nights.pass_over(healthy)
    assert after.failed == {} and after.accepted == undisturbed(healthy)


def test_challenge_pages_with_changing_tokens_do_not_accumulate(nights, undisturbed):
    for night in range(4):
        challenge = f"<html><h1>请稍候</h1><p>{night:032x}</p></html>"
        seen = nights.pass_over(answers_page(BATCH, html_instead(challenge)))
        assert set(seen.failed) == {FOLDER}
    kept = list((nights.data_dir / "raw" / FOLDER).glob("*.bin"))
    assert len(kept) == 2, "only the first and the last of a series are kept"
    seen = nights.pass_over(healthy)
    assert seen.failed == {} and seen.accepted == undisturbed(healthy)
