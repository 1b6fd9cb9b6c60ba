"""Lists that changed too much or disappeared: nothing false is used, and the operator is told."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from scrapers.replica.docx import list_docx
from scrapers.replica.facts import FilingFact, load_register
from scrapers.replica.pages import attachment_path
from tests.faults.source import (
    REGISTER,
    Act,
    announces,
    answers_list,
    answers_page,
    healthy,
    serves_list,
    together,
    with_batch_19,
)
from tests.faults.table import Case, assert_heals, by_name
from tests.support.loopback import (
    LoopbackSites,
    document_instead,
    firewall_page,
    status,
    with_rows,
    with_second_address,
)

BATCH, FOLDER = 2, "002"
ROWS = REGISTER.filings[BATCH]
STRANGERS = load_register().filings[5]
LIST_3 = list_docx(3, "2024-01", REGISTER.filings[3])
TWICE = with_second_address(REGISTER, BATCH)


def slipped(rows: Sequence[FilingFact]) -> list[FilingFact]:
    """Keep positions and numbers, and take everything else from the next row."""
    others = [*rows[1:], rows[0]]
    return [
        replace(other, position=row.position, filing_number=row.filing_number)
        for row, other in zip(rows, others, strict=True)
    ]


def half_of(field: str) -> list[FilingFact]:
    """Take one field of every second row from a filing of another batch."""
    return [
        replace(row, **{field: getattr(other, field)}) if number % 2 else row
        for number, (row, other) in enumerate(zip(ROWS, STRANGERS, strict=False))
    ]


def amended(count: int) -> list[FilingFact]:
    """Change the products of the first rows."""
    changed = [replace(row, products=f"新产品{row.position}（APP）") for row in ROWS[:count]]
    return [*changed, *ROWS[count:]]


def second_lists(rows: Sequence[FilingFact]) -> Act:
    """Announces the batch on two pages; the list of the second has these rows."""
    body = list_docx(BATCH, TWICE.announcements[-1].list_month, rows)

    def act(sites: LoopbackSites) -> None:
        sites.register = TWICE
        sites.break_with(attachment_path(TWICE.announcements[-1]), document_instead(body))

    return act


HELD_BACK = [
    Case("the list of another announced batch", serves_list(BATCH, REGISTER.filings[3])),
    Case("half of the numbers are others", serves_list(BATCH, half_of("filing_number"))),
    Case("the names slip by one row", serves_list(BATCH, slipped(ROWS))),
    Case("another batch's rows follow its own", serves_list(BATCH, [*ROWS, *REGISTER.filings[3]])),
    Case("the last tenth of the rows is missing", serves_list(BATCH, ROWS[:-11])),
    Case("a second address has a list of other names", second_lists(half_of("algorithm_name"))),
]
HELD_BACK = [
    replace(case, failed={FOLDER}, told=("held back", "batch 002", "sha256")) for case in HELD_BACK
]
HELD_BACK.append(
    Case(
        "a new batch has the list of another one",
        together(announces(with_batch_19(19)), answers_list(19, document_instead(LIST_3))),
        ["held back", "batch 019", "batch 003"],
        {"019"},
        announces(with_batch_19(19)),
    )
)
ACCEPTED = [
    Case("the page is gone", answers_page(BATCH, status(404)), ["gone since", "batch 002"]),
    Case("the list is gone", answers_list(BATCH, status(404)), ["gone since", "batch 002"]),
    Case("a second address has the same list", announces(TWICE)),
    Case(
        "the first of two addresses is gone",
        together(announces(TWICE), answers_page(BATCH, status(404))),
    ),
    Case(
        "the first of two addresses has a challenge page",
        together(announces(TWICE), answers_page(BATCH, firewall_page())),
    ),
]


@by_name([*HELD_BACK, *ACCEPTED])
def test_suspicious_or_missing_list_changes_nothing(case, nights, undisturbed):
    assert_heals(case, nights, undisturbed(case.healed))


@pytest.mark.parametrize(
    "rows",
    [amended(1), amended(4), ROWS[:-1]],
    ids=["one row amended", "four rows amended", "one row gone"],
)
def test_usual_amendment_is_accepted_in_the_same_night(rows, nights, undisturbed):
    act = serves_list(BATCH, rows)
    seen = nights.pass_over(act)
    assert seen.failed == {}
    assert seen.accepted[FOLDER] != undisturbed(healthy)[FOLDER]
    assert seen.accepted == undisturbed(act)


def test_rows_in_another_order_do_not_count_as_changes(nights):
    assert nights.pass_over(serves_list(BATCH, ROWS[::-1])).failed == {}
    result = nights.workspace().results.of(FOLDER)
    assert result is not None and result.rows == len(ROWS)
    assert (result.added, result.amended, result.gone) == (0, 0, 0)


def test_older_list_that_returns_for_one_night_is_not_an_amendment(nights, undisturbed):
    new = announces(with_rows(REGISTER, BATCH, tuple(amended(1))))
    accepted = nights.pass_over(new).accepted
    assert accepted == undisturbed(new)
    for _ in range(2):
        seen = nights.pass_over(healthy)
        assert seen.accepted == accepted and seen.failed == {}
        assert "batch 002" in seen.told, "the returned version is not mentioned"
        seen = nights.pass_over(new)
        assert seen.accepted == accepted and seen.failed == {}


def test_older_list_that_returns_for_two_nights_is_accepted(nights, undisturbed):
    nights.pass_over(serves_list(BATCH, amended(1)))
    nights.pass_over(healthy)
    seen = nights.pass_over(healthy)
    assert seen.accepted == undisturbed(healthy) and seen.failed == {}


def test_corrected_list_is_accepted_after_wrong_ones(nights, undisturbed):
    for _ in range(2):
        assert set(nights.pass_over(serves_list(BATCH, slipped(ROWS))).failed) == {FOLDER}
    corrected = serves_list(BATCH, amended(2))
    seen = nights.pass_over(corrected)
    assert seen.accepted == undisturbed(corrected) and seen.failed == {}
