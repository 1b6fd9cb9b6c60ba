"""The validated store: versions are judged once, a doubtful one is held back, and all of it can
be made again from the archive."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

import orchestration.validation.lists as lists_module
from orchestration.validation.lists import LIST_VERSIONS
from orchestration.validation.results import Verdict
from scrapers.archive.sidecar import COPY, SIDECAR
from scrapers.errors import ArchiveError
from tests.orchestration.validation.lists_made import (
    Stores,
    filing_row,
    filing_rows,
    judged,
    list_table,
    number,
    numbered,
)


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return Stores(tmp_path)


def counts(verdict: Verdict) -> tuple[int, int, int]:
    return verdict.added, verdict.amended, verdict.gone


def test_a_first_list_is_accepted_and_all_its_filings_are_added(stores):
    (verdict,) = judged(stores, filing_rows(3))
    assert (verdict.status, verdict.rows_listed, verdict.rows_accepted) == ("accepted", 3, 3)
    assert counts(verdict) == (3, 0, 0)
    rows = stores.validated().rows(verdict)
    assert rows["filing_number"].to_list() == [number(1), number(2), number(3)]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (filing_rows(4), (1, 0, 0)),
        ([filing_row(1, note="已注销"), *filing_rows(2, first=2)], (0, 1, 0)),
        ([filing_row(1, products=""), *filing_rows(2, first=2)], (0, 1, 0)),
        ([*filing_rows(2), filing_row(9)], (1, 0, 1)),
        ([filing_row(1, entity_name="公\u200b司 1"), *filing_rows(2, first=2)], (0, 0, 0)),
        (list(reversed(filing_rows(3))), (0, 0, 0)),
        (numbered(filing_rows(3)), (0, 0, 0)),
        (list(reversed(numbered(filing_rows(3)))), (0, 0, 0)),
    ],
    ids=[
        "added",
        "amended",
        "emptied",
        "replaced",
        "spaced",
        "reordered",
        "positions printed",
        "reordered with their positions",
    ],
)
def test_a_version_is_compared_with_the_one_before_by_number(stores, after, expected):
    _, verdict = judged(stores, filing_rows(3), after)
    assert (verdict.status, counts(verdict)) == ("accepted", expected)


def test_a_list_that_shrank_is_held_back_and_the_last_good_one_stays(stores):
    first, second = judged(stores, filing_rows(3), filing_rows(2))
    assert (second.status, second.reason) == ("held_back", "the list shrank from 3 to 2 rows")
    state = stores.validated().judge("002", {})
    assert state.current == first and state.latest.status == "held_back"
    assert counts(second) == (0, 0, 1)


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [(40, 38, "accepted"), (40, 37, "held_back"), (211, 210, "accepted"), (20, 19, "accepted"),
     (19, 18, "held_back")],
)  # fmt: skip
def test_a_list_may_lose_one_row_in_twenty(stores, before, after, status):
    _, second = judged(stores, filing_rows(before), filing_rows(after))
    assert (second.status, second.gone) == (status, before - after)


def test_a_document_found_right_is_released_and_stays_so_when_the_store_is_made_again(stores):
    _, thirty_seven, thirty_four = judged(stores, *(filing_rows(n) for n in (40, 37, 34)))
    assert thirty_seven.document_sha256 in thirty_seven.remedy
    stores.found_right = [thirty_seven.document_sha256]
    assert stores.validated().judge("002", {}).current.rows_listed == 37
    stores.found_right.append(thirty_four.document_sha256)
    assert stores.validated().judge("002", {}).current.rows_listed == 34
    before = stores.validated_files()
    shutil.rmtree(stores.root / "validated")
    assert stores.validated().judge_archived() == {}
    stores.validated().write_tables()
    made_again = stores.validated_files()
    assert {name: made_again[name] for name in before} == before
    assert [verdict.status for verdict in stores.validated().verdicts("002")] == ["accepted"] * 3


def test_what_follows_a_released_version_is_judged_against_it(stores):
    _, thirty_seven, thirty_six = judged(stores, *(filing_rows(n) for n in (40, 37, 36)))
    assert thirty_six.status == "held_back"
    stores.found_right = [thirty_seven.document_sha256]
    assert stores.validated().judge_archived() == {}
    released, followed = stores.validated().verdicts("002")[1:]
    assert (released.gone, followed.status, followed.gone) == (3, "accepted", 1)


def test_lists_are_judged_whatever_other_lists_show(stores):
    (first,) = judged(stores, filing_rows(30), batch_no=1)
    (second,) = judged(stores, filing_rows(30, first=30), batch_no=2)
    assert (first.rows_accepted, second.rows_accepted, second.rows_quarantined) == (30, 30, 0)


def test_a_count_of_its_rows_does_not(stores):
    # Counts are entered anew as lists grow; what was released must stay so.
    judged(stores, filing_rows(3), filing_rows(2))
    stores.reviewed = {"002": 2, "003": 2}
    assert stores.validated().judge("002", {}).latest.status == "held_back"


def test_a_list_that_grows_again_is_compared_with_the_last_good_one(stores):
    *_, third = judged(stores, filing_rows(3), filing_rows(2), filing_rows(4))
    assert (third.status, counts(third)) == ("accepted", (1, 0, 0))


@pytest.mark.parametrize(
    ("rows", "bad", "status"),
    [(20, 1, "accepted"), (20, 2, "held_back"), (100, 5, "accepted"), (100, 6, "held_back"),
     (19, 1, "held_back"), (140, 7, "accepted"), (1, 1, "held_back")],
)  # fmt: skip
def test_one_row_in_twenty_may_break_the_contract(stores, rows, bad, status):
    listed = [*(filing_row(n, role="") for n in range(bad)), *filing_rows(rows - bad, first=500)]
    (verdict,) = judged(stores, listed)
    assert (verdict.status, verdict.rows_quarantined) == (status, bad)
    assert stores.validated().quarantine(verdict)["row_no"].n_unique() == bad
    if status == "held_back":
        assert verdict.reason == f"{bad} of {rows} rows break the contract, more than 5%"


def test_a_list_that_counts_more_rows_than_it_has_is_held_back_until_it_is_reviewed(stores):
    rows = numbered(filing_rows(40))
    del rows[2]
    (verdict,) = judged(stores, rows)
    assert (verdict.status, verdict.rows_quarantined) == ("held_back", 0)
    assert verdict.reason == "the list counts up to 40 but has 39 rows"
    stores.found_right = [verdict.document_sha256]
    assert stores.validated().judge("002", {}).latest.status == "accepted"


def test_a_list_may_lose_a_row_without_counting_anew(stores):
    rows = numbered(filing_rows(40))
    shrunk = [row for row in rows if row.position != "3"]
    renamed = [shrunk[0]._replace(algorithm_name="新名算法"), *shrunk[1:]]
    verdicts = judged(stores, rows, shrunk, renamed)
    assert [verdict.status for verdict in verdicts] == ["accepted"] * 3


def test_a_version_is_judged_once(stores, monkeypatch):
    judged(stores, filing_rows(3))
    monkeypatch.setattr(lists_module, "apply_contract", None)
    state = stores.validated().judge("002", {})
    assert not state.judged_now and state.latest.rows_accepted == 3


def test_a_new_contract_judges_every_version_anew(stores, monkeypatch):
    before = judged(stores, filing_rows(3), filing_rows(4))
    monkeypatch.setattr(lists_module, "CONTRACT_VERSION", "next")
    store = stores.validated()
    assert store.verdicts("002") == [] and store.current("002") is None
    assert store.judge("002", {}).judged_now and not store.judge("002", {}).judged_now
    assert [v.contract_version for v in store.verdicts("002")] == ["next", "next"]
    assert [counts(v) for v in store.verdicts("002")] == [counts(v) for v in before]


def test_a_table_that_was_just_read_is_not_read_again(stores):
    version = stores.archive_bytes(2, b"PK\x03\x04 unreadable", "x")
    state = stores.validated().judge("002", {version.version: list_table(filing_rows(2))})
    assert state.latest.rows_accepted == 2


def test_an_archived_list_that_cannot_be_read_is_a_verdict(stores):
    (first,) = judged(stores, filing_rows(2))
    stores.archive_bytes(2, b"PK\x03\x04 unreadable", "x")
    state = stores.validated().judge("002", {})
    assert state.latest.status == "unreadable" and "damaged" in state.latest.reason
    assert state.current == first


def test_damage_in_the_archive_is_an_error_and_no_verdict(stores):
    stores.archive_list(2, filing_rows(2)).path.write_bytes(b"PK")
    with pytest.raises(ArchiveError):
        stores.validated().judge("002", {})
    assert stores.validated().verdicts("002") == []


def test_a_batch_that_was_never_archived_cannot_be_judged(stores):
    with pytest.raises(LookupError, match="no list in the archive's folder 005"):
        stores.validated().judge("005", {})


def history(stores: Stores) -> None:
    judged(stores, filing_rows(30), filing_rows(31), filing_rows(3), batch_no=1)
    amended = [filing_row(31, note="x"), *filing_rows(29, first=32), *filing_rows(11, first=100)]
    judged(stores, filing_rows(30, first=31), amended)
    stores.validated().write_tables()


def test_the_table_of_versions_tells_which_is_current(stores):
    history(stores)
    table = stores.validated().write_tables()
    assert table.select("batch_no", "version_no", "status", "is_current").rows() == [
        (1, 1, "accepted", False),
        (1, 2, "accepted", True),
        (1, 3, "held_back", False),
        (2, 1, "accepted", False),
        (2, 2, "accepted", True),
    ]


def test_the_table_of_versions_is_written_only_when_it_changes(stores):
    history(stores)
    path = stores.root / "validated" / f"{LIST_VERSIONS}.parquet"
    before = path.stat()
    stores.validated().write_tables()
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    judged(stores, filing_rows(5, first=900), batch_no=3)
    stores.validated().write_tables()
    assert path.stat().st_ino != before.st_ino


def test_deleted_and_judged_again_every_file_is_the_same(stores):
    history(stores)
    before = stores.validated_files()
    shutil.rmtree(stores.root / "validated")
    store = stores.validated()
    assert store.judge_archived() == {}
    store.write_tables()
    assert stores.validated_files() == before
    assert sum(name.endswith(".parquet") for name in before) == 10


def test_a_run_that_was_killed_before_the_verdict_judges_again(stores):
    (verdict,) = judged(stores, filing_rows(3))
    before = stores.validated_files()
    folder = stores.root / "validated" / "002"
    (folder / f"{verdict.version}.json").unlink()
    assert stores.validated().judge("002", {}).judged_now
    assert stores.validated_files() == before


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"status": "accepted", "unknown": 1}'])
def test_a_damaged_verdict_is_as_if_there_were_none(stores, content):
    (verdict,) = judged(stores, filing_rows(3))
    before = stores.validated_files()
    (stores.root / "validated" / "002" / f"{verdict.version}.json").write_text(content)
    assert stores.validated().judge("002", {}).judged_now
    assert stores.validated_files() == before


@pytest.mark.parametrize(("rows", "status"), [(94, "held_back"), (95, "accepted")])
def test_a_first_list_far_shorter_than_its_review_is_held_back(stores, rows, status):
    stores.reviewed = {"002": 100}
    stores.archive_list(2, filing_rows(rows))
    state = stores.validated().judge("002", {})
    assert state.latest.status == status
    if status == "held_back":
        assert "94 rows where a review counted 100" in state.latest.reason


def test_an_older_held_back_version_is_not_told_again(stores):
    judged(stores, filing_rows(20), filing_rows(15), filing_rows(21))
    before = stores.validated_files()
    state = stores.validated().judge("002", {})
    assert not state.judged_now and stores.validated_files() == before


def test_an_archive_that_fails_for_one_batch_is_judged_for_the_others(stores):
    broken = stores.archive_list(1, filing_rows(3))
    stores.archive_list(2, filing_rows(3, first=50))
    broken.path.write_bytes(b"not what was archived")
    failed = stores.validated().judge_archived()
    assert list(failed) == ["001"] and "batch 001" in str(failed["001"])
    assert stores.validated().current("002") is not None


def test_a_position_of_no_sensible_length_is_quarantined_and_stops_nothing(stores):
    (verdict,) = judged(stores, [*filing_rows(30), filing_row(31, position="9" * 5000)])
    assert (verdict.status, verdict.rows_quarantined) == ("accepted", 1)


def damaged_files(stores: Stores) -> list[str]:
    return sorted(path.name for path in stores.root.rglob("*.damaged"))


def bit_flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def other_rows(path: Path) -> None:
    """Still Parquet, with a row that was not there."""
    table = pl.read_parquet(path)
    pl.concat([table, table.clear(1)]).write_parquet(path)


DAMAGES = [cut_short, bit_flipped, other_rows, lambda path: path.write_bytes(b""), Path.unlink]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize(
    "name", ["001/*2*.parquet", "001/quarantine/*.parquet", f"{LIST_VERSIONS}.parquet"]
)
def test_what_is_damaged_is_made_again_and_kept_aside(stores, caplog, damage, name):
    history(stores)
    before = stores.validated_files()
    path = sorted((stores.root / "validated").glob(name))[0]
    damage(path)
    was_there = path.exists()
    assert stores.validated().judge_archived() == {}
    stores.validated().write_tables()
    after = stores.validated_files()
    assert {name: after[name] for name in before} == before
    if name.startswith("001") and was_there:
        assert damaged_files(stores) == [f"{path.name}.damaged"]
        assert f"{path} is damaged: it is made again" in caplog.text
        assert len(after) == len(before) + 1


@pytest.mark.parametrize("damage", [cut_short, lambda path: path.write_bytes(b"\x00" * 9)])
def test_a_torn_table_of_versions_is_made_again(stores, caplog, damage):
    history(stores)
    path = stores.root / "validated" / f"{LIST_VERSIONS}.parquet"
    before = path.read_bytes()
    damage(path)
    stores.validated().write_tables()
    assert path.read_bytes() == before
    assert f"{path} is damaged: it is made again" in caplog.text


@pytest.mark.parametrize(
    ("text", "other"), [('"rows_accepted": 3', '"rows_accepted": 2'), ("accepted", "held_back")]
)
def test_an_altered_verdict_counts_for_nothing(stores, text, other):
    (before,) = judged(stores, filing_rows(3))
    (path,) = (stores.root / "validated" / "002").glob("*.json")
    path.write_text(path.read_text().replace(text, other, 1))
    assert stores.validated().verdicts("002") == []
    assert stores.validated().judge_archived() == {}
    assert stores.validated().verdicts("002") == [before]
    assert damaged_files(stores) == [f"{path.name}.damaged"]


def test_a_verdict_without_hashes_is_an_earlier_programs_and_is_made_again_without_a_word(
    stores, caplog
):
    history(stores)
    before = stores.validated_files()
    for path in (stores.root / "validated").rglob("*.json"):
        fields = json.loads(path.read_bytes())
        new = ("sha256", "rows_sha256", "quarantine_sha256")
        path.write_text(json.dumps({k: v for k, v in fields.items() if k not in new}))
    assert stores.validated().verdicts("001") == []
    assert stores.validated().judge_archived() == {}
    assert stores.validated_files() == before and not caplog.text


def tear_sidecars(stores: Stores, folder: str) -> None:
    for name in (SIDECAR, COPY):
        (stores.root / "raw" / folder / name).write_text("{")


def test_a_batch_whose_archive_cannot_be_read_keeps_its_rows_and_the_others_go_on(stores):
    history(stores)
    tear_sidecars(stores, "001")
    judged(stores, filing_rows(5, first=900), batch_no=3)
    (error,) = stores.validated().judge_archived().values()
    assert isinstance(error, ArchiveError) and error.batch_no == 1
    assert stores.validated().current("001") is None
    table = stores.validated().write_tables()
    assert table.select("batch_no", "version_no", "is_current").rows() == [
        (1, 1, False), (1, 2, True), (1, 3, False), (2, 1, False), (2, 2, True), (3, 1, True),
    ]  # fmt: skip


def test_a_batch_whose_document_is_damaged_keeps_its_rows_under_a_new_contract(stores, monkeypatch):
    history(stores)
    monkeypatch.setattr(lists_module, "CONTRACT_VERSION", "next")
    stores.archive.versions("001", "list")[0].path.write_bytes(b"PK")
    assert list(stores.validated().judge_archived()) == ["001"]
    table = stores.validated().write_tables()
    assert table.filter("is_current").select("batch_no", "rows_accepted").rows() == [
        (1, 31), (2, 41),
    ]  # fmt: skip


def test_nothing_is_kept_of_a_batch_whose_rows_are_damaged_too(stores):
    history(stores)
    tear_sidecars(stores, "001")
    cut_short(next((stores.root / "validated" / "001").glob("*.parquet")))
    stores.validated().judge_archived()
    assert stores.validated().write_tables()["batch_no"].unique().to_list() == [2]


def test_a_list_amended_while_the_clock_was_back_is_the_one_in_use(stores):
    first, second, third = judged(stores, filing_rows(3), filing_rows(4), filing_rows(5))
    stores.fetches -= 400
    (fourth,) = judged(stores, filing_rows(6))
    table = stores.validated().write_tables()
    assert table.select("list_version", "version_no", "is_current").rows() == [
        (verdict.version, number, number == 4)
        for number, verdict in enumerate((first, second, third, fourth), 1)
    ]
    assert table["list_version"].is_sorted() and table["retrieved_at"].is_sorted()
    assert counts(fourth) == (1, 0, 0)
