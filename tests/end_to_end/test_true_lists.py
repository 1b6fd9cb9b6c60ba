"""The pipeline over lists as published in May 2026, and with their amendments until September.

The lists are in a folder next to the checkout and not part of the project; without them the tests
are skipped. Six batches are enough: together they have amendments of every column and a number
that two lists contain. The reading of all lists is tested in tests/scrapers.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import pytest

from scrapers.documents import Row
from scrapers.fields.filing_number import digits_of
from scrapers.replica.facts import FilingFact, Register, load_register
from scrapers.replica.site import Answer
from tests.end_to_end.commands import CommandResult, live, run_command, without_documents
from tests.end_to_end.releases import latest, query
from tests.support.docx_builder import HEADINGS, make_docx, row, table
from tests.support.loopback import LoopbackSites
from tests.support.paths import SHARED
from tests.support.tables import read_list

LISTS = sorted((SHARED / "data" / "lists").glob("deep_synthesis_*.docx"))
BATCHES = (1, 2, 5, 11, 12, 16)
IN_TWO_LISTS = "330110807992101250019"
PRINTED = ("algorithm_name", "entity_name", "products", "note")

pytestmark = pytest.mark.skipif(not LISTS, reason="no published lists next to the checkout")


@dataclass(frozen=True)
class Followed:
    """The refreshes over the lists of May and of September, and the release after each."""

    may: CommandResult
    september: CommandResult
    data_dir: Path
    of_may: dict[str, list[tuple]]


def _register() -> Register:
    """The shipped register with six of its batches, and few lists of the other registers."""
    register = load_register()
    return replace(
        register,
        announcements=tuple(a for a in register.announcements if a.batch_no in BATCHES),
        filings=MappingProxyType({number: register.filings[number] for number in BATCHES}),
        recommendation_lists=register.recommendation_lists[:1],
        service_lists=register.service_lists[:1],
    )


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Followed:
    data_dir = tmp_path_factory.mktemp("true") / "data"
    register = _register()
    documents = {batch_no: LISTS[batch_no - 1].read_bytes() for batch_no in BATCHES}
    with LoopbackSites(register) as sites, without_documents():
        for batch_no, document in documents.items():
            sites.break_with(sites.attachment_path(batch_no), _with_body(document))
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
                "where list_contains(sources, 'note')",
            ),
        }
        sites.heal()
        for batch_no, document in documents.items():
            amended = _as_of_september(document, register.filings[batch_no])
            sites.break_with(sites.attachment_path(batch_no), _with_body(amended))
        september = run_command(data_dir, "refresh", **live(sites))
    return Followed(may, september, data_dir, of_may)


def _with_body(document: bytes) -> Callable[[Answer], Answer]:
    """Answer with this document, unless the replica withholds its own."""
    return lambda answer: replace(answer, body=document) if answer.body else answer


def _as_of_september(document: bytes, facts: tuple[FilingFact, ...]) -> bytes:
    """A list of May with the values of September, and without the rows removed since.

    The facts hold purposes in parts, so purposes stay as they were.
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


def test_published_lists_are_read_completely_and_a_repeated_number_counts_once(followed: Followed):
    assert followed.may.status == 0, followed.may.err
    assert followed.of_may["filings"] == [(1_923, 6)]
    assert followed.of_may["batches"] == [(11, 210, 1, 0), (12, 389, 0, 0)]
    assert IN_TWO_LISTS in followed.may.err


def test_published_notes_are_recognised(followed: Followed):
    ((events, unrecognised),) = followed.of_may["events"]
    assert events > 100
    assert unrecognised <= 0.02 * events


def test_changes_are_exactly_the_amendments_of_four_months(followed: Followed):
    assert followed.september.status == 0, followed.september.err
    assert query(
        followed.data_dir,
        "select kind, count(distinct filing_number) from changes group by 1 order by 1",
    ) == [("amended", 23)]
    assert query(
        followed.data_dir,
        "select count(distinct filing_number) from filing_versions where version_no > 1",
    ) == [(23,)]
    page = (latest(followed.data_dir) / "CHANGES.md").read_text(encoding="utf-8")
    assert "## Amended (23)" in page


def test_amendments_per_column_match_a_comparison_of_the_lists(followed: Followed):
    rows = query(
        followed.data_dir,
        "select column_name, count(*) from filing_events "
        "where event = 'amended' group by 1 order by 1",
    )
    assert dict(rows) == {"algorithm_name": 3, "entity_name": 12, "products": 5, "note": 23}


def test_repeated_number_belongs_to_the_later_list_once_the_earlier_one_drops_it(
    followed: Followed,
):
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
