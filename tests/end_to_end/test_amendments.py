"""Lists amended in place at the source, long after their announcement."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from scrapers.replica.facts import load_register
from tests.end_to_end.running import (
    PER_BATCH,
    Finished,
    command,
    latest,
    listing,
    live,
    numbers_in,
    per_batch,
    section,
)
from tests.support.loopback import LoopbackSites, amend, with_rows

BATCHES, AMENDED, REORDERED = 5, 3, 5
NEW_PRODUCTS = "全新产品（APP）"


@dataclass(frozen=True)
class Amendment:
    """The run over a source where one row was amended and another list put in another order."""

    finished: Finished
    data_dir: Path
    filing_number: str
    old_products: str
    new_files: set[Path]
    changes: str


@pytest.fixture(scope="module")
def amendment(tmp_path_factory) -> Amendment:
    data_dir = tmp_path_factory.mktemp("amended") / "data"
    register = load_register().first(BATCHES)
    filing = register.filings[AMENDED][4]
    with LoopbackSites(register) as sites:
        command(data_dir, "refresh", **live(sites))
        before = listing(data_dir / "raw")
        amended = amend(register, AMENDED, filing.filing_number, products=NEW_PRODUCTS)
        sites.register = with_rows(amended, REORDERED, register.filings[REORDERED][::-1])
        finished = command(data_dir, "refresh", **live(sites))
    new_files = {Path(path) for path in set(listing(data_dir / "raw")) - set(before)}
    changes = (latest(data_dir) / "CHANGES.md").read_text()
    return Amendment(finished, data_dir, filing.filing_number, filing.products, new_files, changes)


def new_files_of(amendment: Amendment, batch_no: int) -> list[str]:
    return [path.suffix for path in amendment.new_files if path.parent.name == f"{batch_no:03d}"]


def test_every_filing_is_still_there(amendment):
    assert amendment.finished.status == 0, amendment.finished.err
    assert per_batch(amendment.data_dir) == {n: PER_BATCH[n] for n in range(1, BATCHES + 1)}


def test_an_amended_list_becomes_one_new_version(amendment):
    assert new_files_of(amendment, AMENDED) == [".docx"]
    assert "batch 003  129 filings, 1 amended" in amendment.finished.out


def test_no_list_but_those_that_differ_gets_a_version(amendment):
    assert {path.parent.name for path in amendment.new_files} <= {"003", "005"}
    assert new_files_of(amendment, REORDERED) in ([], [".docx"])


def test_the_changes_name_exactly_that_filing_and_column(amendment):
    amended = section(amendment.changes, "Amended")
    assert numbers_in(amendment.changes) == numbers_in(amended) == {amendment.filing_number}
    lines = [line for line in amended.splitlines() if line.startswith("- ")]
    products = [line for line in lines if line.startswith("- products:")]
    assert products == [f"- products: {amendment.old_products} → {NEW_PRODUCTS}"]


def test_rows_in_another_order_are_no_change(amendment):
    assert "New filings" not in amendment.changes
    assert "Gone from the lists" not in amendment.changes
    assert "batch 005  394 filings, unchanged" in amendment.finished.out
