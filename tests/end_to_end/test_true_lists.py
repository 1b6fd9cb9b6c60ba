"""The pipeline over lists as the source publishes them, and over their amendments of four months.

The lists lie in a folder beside the checkout; the project does not contain them. Without them the
tests are skipped. They are of May 2026; the shipped facts are of September.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from scrapers.documents import Row
from scrapers.fields.filing_number import digits_of
from scrapers.replica.facts import FilingFact, load_register
from scrapers.replica.site import Answer
from tests.end_to_end.commands import CommandResult, live, run_command
from tests.end_to_end.releases import latest, query
from tests.support.docx_builder import HEADINGS, make_docx, row, table
from tests.support.loopback import LoopbackSites
from tests.support.paths import SHARED
from tests.support.tables import read_list

LISTS = sorted((SHARED / "data" / "lists").glob("deep_synthesis_*.docx"))
BATCHES = 17
IN_TWO_LISTS = "330110807992101250019"
PRINTED = ("algorithm_name", "entity_name", "products", "note")

pytestmark = pytest.mark.skipif(not LISTS, reason="no published lists beside the checkout")


@dataclass(frozen=True)
class Followed:
    """What two refreshes ended with, and what they left: of May, and of May to September."""

    may: CommandResult
    september: CommandResult
    data_dir: Path
    of_may: dict[str, list[tuple]]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    data_dir = tmp_path_factory.mktemp("true") / "data"
    register = load_register()
    with LoopbackSites(register.first(BATCHES)) as sites:
        for batch_no, path in enumerate(LISTS, 1):
            sites.break_with(sites.attachment_path(batch_no), _with_body(path.read_bytes()))
        may = run_command(data_dir, "refresh", **live(sites))
        of_may = {
            "filings": query(data_dir, "select count(*), count(distinct batch_no) from filings"),
            "batches": query(
                data_dir,
                "select batch_no, filings, counted_elsewhere, quarantined_rows from batches "
                "where batch_no in (11, 12) order by 1",
            ),
            "events": query(
                data_dir,
                "select count(*), count(*) filter (event = 'unrecognised') from filing_events "
                "where source = 'note'",
            ),
        }
        sites.heal()
        sites.register = register
        for batch_no, path in enumerate(LISTS, 1):
            amended = _as_of_september(path.read_bytes(), register.filings[batch_no])
            sites.break_with(sites.attachment_path(batch_no), _with_body(amended))
        september = run_command(data_dir, "refresh", **live(sites))
    yield Followed(may, september, data_dir, of_may)


def _with_body(document: bytes) -> Callable[[Answer], Answer]:
    """The document in the place of the replica's, where that is not withheld."""
    return lambda answer: replace(answer, body=document) if answer.body else answer


def _as_of_september(document: bytes, facts: tuple[FilingFact, ...]) -> bytes:
    """A list of May with what its rows say since, and without the rows that are gone.

    The facts hold purposes in parts, so those stay as they were.
    """
    by_number = {fact.filing_number: fact for fact in facts}
    rows = [
        _amended(item, by_number[number])
        for item in read_list(document).rows
        if (number := digits_of(item["filing_number"])) in by_number
    ]
    return make_docx(table(row(*HEADINGS), *(row(*item.cells.values()) for item in rows)))


def _amended(item: Row, fact: FilingFact) -> Row:
    changed = {
        name: getattr(fact, name)
        for name in PRINTED
        if "".join(item[name].split()) != "".join(getattr(fact, name).split())
    }
    return replace(item, cells={**item.cells, **changed})


def test_seventeen_lists_are_read_whole_and_a_number_in_two_of_them_counts_once(followed):
    assert followed.may.status == 0, followed.may.err
    assert followed.of_may["filings"] == [(7_058, 17)]
    assert followed.of_may["batches"] == [(11, 210, 1, 0), (12, 389, 0, 0)]
    assert "Numbers that several lists show" in followed.may.err
    assert IN_TWO_LISTS in followed.may.err


def test_what_the_notes_say_is_understood(followed):
    ((events, unrecognised),) = followed.of_may["events"]
    assert events > 350
    assert unrecognised <= 0.02 * events


def test_the_amendments_of_four_months_show_and_nothing_else(followed):
    assert followed.september.status == 0, followed.september.err
    assert query(
        followed.data_dir,
        "select kind, count(distinct filing_number) from changes group by 1 order by 1",
    ) == [("added", 706), ("amended", 60)]
    assert query(
        followed.data_dir,
        "select count(distinct filing_number) from filing_versions where version_no > 1",
    ) == [(60,)]
    page = (latest(followed.data_dir) / "CHANGES.md").read_text(encoding="utf-8")
    assert "## Amended (60)" in page


def test_each_column_is_amended_as_often_as_was_counted(followed):
    rows = query(
        followed.data_dir,
        "select column_name, count(*) from filing_events "
        "where event = 'amended' group by 1 order by 1",
    )
    assert dict(rows) == {"algorithm_name": 15, "entity_name": 23, "products": 13, "note": 59}


def test_the_number_of_two_lists_ends_in_the_later_one(followed):
    assert query(
        followed.data_dir,
        "select batch_no, list_status, other_batch_nos from filings "
        f"where filing_number = '{IN_TWO_LISTS}'",
    ) == [(12, "listed", [])]
    assert query(
        followed.data_dir,
        "select batch_no, filings, counted_elsewhere from batches "
        "where batch_no in (11, 12) order by 1",
    ) == [(11, 210, 0), (12, 389, 0)]
    assert query(followed.data_dir, "select count(*) from filings") == [(7_764,)]
