"""Lists amended in place at the source, long after their announcement, and amended back."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scrapers.replica.facts import FilingFact, load_register
from tests.end_to_end.commands import CommandResult, live, run_command
from tests.end_to_end.releases import (
    PER_BATCH,
    changes_section,
    filing_numbers_in,
    filings_per_batch,
    latest,
    list_files,
    query,
)
from tests.support.loopback import LoopbackSites, amend, with_rows

BATCHES, AMENDED, REORDERED = 5, 3, 5
NEW_PRODUCTS = "全新产品（APP）"
HISTORY = "select * from filing_versions order by filing_number, version_no"


@dataclass(frozen=True)
class Seen:
    """A run, and what it left: new raw documents, the page and the table of changes."""

    finished: CommandResult
    new_files: set[Path]
    page: str
    changes: list[tuple]


@dataclass(frozen=True)
class Life:
    """A source where a row is amended while another list is put in another order; then amended
    back; and all that can be made again made again."""

    data_dir: Path
    filing: FilingFact
    amended: Seen
    first_night: Seen
    amended_back: Seen
    history: list[tuple]
    rebuilt: list[tuple]


@pytest.fixture(scope="module")
def life(tmp_path_factory) -> Iterator[Life]:
    data_dir = tmp_path_factory.mktemp("amended") / "data"
    register = load_register().first(BATCHES)
    filing = register.filings[AMENDED][4]
    reordered = with_rows(register, REORDERED, register.filings[REORDERED][::-1])
    with LoopbackSites(register) as sites:

        def run() -> Seen:
            before = list_files(data_dir / "raw")
            finished = run_command(data_dir, "refresh", **live(sites))
            new_files = {Path(path) for path in set(list_files(data_dir / "raw")) - set(before)}
            page = (latest(data_dir) / "CHANGES.md").read_text()
            changes = query(
                data_dir,
                "select kind, filing_number, column_name, old_value, new_value from changes",
            )
            return Seen(finished, new_files, page, changes)

        run()
        sites.register = amend(reordered, AMENDED, filing.filing_number, products=NEW_PRODUCTS)
        amended = run()
        sites.register = reordered
        first_night = run()
        a_night_passes(data_dir, AMENDED)
        amended_back = run()
        history = query(data_dir, HISTORY)
        for made in ("validated", "dbt", "published"):
            shutil.rmtree(data_dir / made)
        (data_dir / "warehouse.duckdb").unlink()
        run()
        rebuilt = query(data_dir, HISTORY)
    yield Life(data_dir, filing, amended, first_night, amended_back, history, rebuilt)


def a_night_passes(data_dir: Path, batch_no: int) -> None:
    """Set back when the source first gave the older list again."""
    path = data_dir / "ingest_results" / f"{batch_no:03d}.json"
    outcome = json.loads(path.read_text())
    since = datetime.fromisoformat(outcome["returned_since"]) - timedelta(days=1)
    path.write_text(json.dumps(outcome | {"returned_since": since.isoformat()}))


def new_files_of(seen: Seen, batch_no: int) -> list[str]:
    return [path.suffix for path in seen.new_files if path.parent.name == f"{batch_no:03d}"]


def test_every_filing_is_still_there(life):
    assert life.amended.finished.status == 0, life.amended.finished.err
    assert filings_per_batch(life.data_dir) == {n: PER_BATCH[n] for n in range(1, BATCHES + 1)}


def test_the_older_list_is_not_taken_in_the_first_night(life):
    assert new_files_of(life.first_night, AMENDED) == []
    assert "batch 003  129 filings, unchanged" in life.first_night.finished.out
    assert "batch 003: the source gives the version of" in life.first_night.finished.err


def test_an_amended_list_becomes_one_new_version(life):
    for seen in (life.amended, life.amended_back):
        assert new_files_of(seen, AMENDED) == [".docx"]
        assert "batch 003  129 filings, 1 amended" in seen.finished.out


def test_no_list_but_those_that_differ_gets_a_version(life):
    assert {path.parent.name for path in life.amended.new_files} <= {"003", "005"}
    assert new_files_of(life.amended, REORDERED) in ([], [".docx"])
    assert {path.parent.name for path in life.amended_back.new_files} == {"003"}


def test_page_and_table_name_exactly_that_filing_and_column(life):
    number, products = life.filing.filing_number, life.filing.products
    for seen, old, new in (
        (life.amended, products, NEW_PRODUCTS),
        (life.amended_back, NEW_PRODUCTS, products),
    ):
        assert seen.changes == [("amended", number, "products", old, new)]
        amended = changes_section(seen.page, "Amended")
        assert filing_numbers_in(seen.page) == filing_numbers_in(amended) == {number}
        lines = [line for line in amended.splitlines() if line.startswith("- ")]
        assert lines == [f"- products: {old} → {new}"]
        assert life.filing.entity_name in amended and life.filing.algorithm_name in amended


def test_rows_in_another_order_are_no_change(life):
    assert "New filings" not in life.amended.page
    assert "No longer listed" not in life.amended.page
    assert "batch 005  394 filings, unchanged" in life.amended.finished.out


def test_the_filing_has_three_versions_and_every_other_one(life):
    assert query(
        life.data_dir,
        "select version_no, changed_columns, products, valid_to is null, started_as, ended_as "
        f"from filing_versions where filing_number = '{life.filing.filing_number}' order by 1",
    ) == [
        (1, [], life.filing.products, False, "listed", "amended"),
        (2, ["products"], NEW_PRODUCTS, False, "amended", "amended"),
        (3, ["products"], life.filing.products, True, "amended", None),
    ]
    versions = "select version_count, count(*) from filings group by 1 order by 1"
    listed = sum(PER_BATCH[n] for n in range(1, BATCHES + 1))
    assert query(life.data_dir, versions) == [(1, listed - 1), (3, 1)]


def test_versions_of_a_filing_follow_one_another(life):
    assert query(
        life.data_dir,
        "select count(*) from (select valid_to, lead(valid_from) over "
        "(partition by filing_number order by version_no) as next_from from filing_versions) "
        "where valid_to is distinct from next_from",
    ) == [(0,)]


def test_what_happened_stands_among_the_events(life):
    assert query(
        life.data_dir,
        "select event, source, column_name, new_value from filing_events "
        f"where filing_number = '{life.filing.filing_number}' and event = 'amended' "
        "order by event_no",
    ) == [
        ("amended", "list", "products", NEW_PRODUCTS),
        ("amended", "list", "products", life.filing.products),
    ]


def test_history_made_again_from_the_archive_is_the_same(life):
    assert len(life.history) > 900 and life.rebuilt == life.history
