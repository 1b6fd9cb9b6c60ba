"""The thresholds of the acceptance gates, as a table of row counts."""

from dataclasses import dataclass

import pytest

from orchestration.validation.contracts.lookup import contract_of
from orchestration.validation.gates import AcceptancePolicy, Counts, failed_gate
from scrapers.errors import MAX_REMEDY
from scrapers.registers import REGISTERS

LISTS = AcceptancePolicy("list", "contracts/lists.py")
NOTICES = AcceptancePolicy("notice", "contracts/notices.py", tolerated_rows=1)


@dataclass(frozen=True)
class InUse:
    rows_listed: int
    rows_accepted: int


def reason(
    counts: Counts,
    in_use: InUse | None = None,
    reviewed: int | None = None,
    policy: AcceptancePolicy = LISTS,
    misplaced: str | None = None,
) -> str | None:
    gate = failed_gate(counts, in_use, reviewed, policy, "abc", misplaced)
    return gate.reason if gate else None


@pytest.mark.parametrize(
    ("rows", "bad", "policy", "is_accepted"),
    [
        (20, 1, LISTS, True),
        (20, 2, LISTS, False),
        (19, 1, LISTS, False),
        (1, 1, LISTS, False),
        (5, 1, NOTICES, True),
        (5, 2, NOTICES, False),
        # Its only record is the bad one.
        (1, 1, NOTICES, False),
        (100, 5, NOTICES, True),
    ],
)
def test_five_percent_and_tolerated_rows_may_break_the_contract(rows, bad, policy, is_accepted):
    expected = f"{bad} of {rows} rows break the contract, more than 5%"
    found = reason(Counts(rows, bad, numbered=0), policy=policy)
    assert found == (None if is_accepted else expected)


@pytest.mark.parametrize(
    ("before", "after", "is_accepted"),
    [(40, 38, True), (40, 37, False), (20, 19, True), (19, 18, False), (40, 45, True)],
)
def test_list_may_lose_five_percent_of_its_rows(before, after, is_accepted):
    found = reason(Counts(after, 0, numbered=0), InUse(before, before))
    assert found == (None if is_accepted else f"the list shrank from {before} to {after} rows")


@pytest.mark.parametrize(
    ("gone", "before", "is_accepted"),
    [(2, 40, True), (3, 40, False), (1, 2, True), (2, 2, False)],
)
def test_one_row_or_five_percent_may_be_gone(gone, before, is_accepted):
    found = reason(Counts(before, 0, numbered=0, gone=gone), InUse(before, before))
    assert found == (
        None
        if is_accepted
        else f"{gone} of the {before} numbers of the list in use are gone, more than 5%"
    )


@pytest.mark.parametrize(
    ("amended", "gone", "before", "is_accepted"),
    [
        (8, 0, 40, True),
        (9, 0, 40, False),
        # Shares are of the rows that are still there.
        (8, 1, 40, False),
        (1, 0, 2, True),
    ],
)
def test_one_row_or_twenty_percent_may_be_amended(amended, gone, before, is_accepted):
    counts = Counts(before, 0, numbered=0, gone=gone, amended=amended)
    expected = f"{amended} of {before - gone} rows of the list are amended, more than 20%"
    assert reason(counts, InUse(before, before)) == (None if is_accepted else expected)


def test_changes_are_compared_with_accepted_rows():
    counts = Counts(42, 0, numbered=0, gone=3)
    assert reason(counts, InUse(rows_listed=42, rows_accepted=40)) is not None
    assert reason(counts, InUse(rows_listed=42, rows_accepted=60)) is None


@pytest.mark.parametrize(
    ("listed", "highest", "is_first", "reviewed", "is_accepted"),
    [
        (40, 40, True, None, True),
        (39, 40, True, None, False),
        # A review settles a gap in the positions; its count must be the same.
        (39, 40, True, 39, True),
        (39, 40, True, 40, False),
        # A later version may keep the positions of the remaining rows.
        (38, 40, False, None, True),
        (37, 40, False, None, False),
    ],
)
def test_positions_may_not_count_more_rows(listed, highest, is_first, reviewed, is_accepted):
    in_use = None if is_first else InUse(listed, listed)
    found = reason(Counts(listed, 0, numbered=highest), in_use, reviewed)
    expected = f"the list is numbered for {highest} rows but has {listed} rows"
    assert found == (None if is_accepted else expected)


@pytest.mark.parametrize(
    ("stated", "reviewed", "is_accepted"),
    [(None, None, True), (5, None, True), (6, None, False), (4, None, False), (6, 5, True),
     (6, 6, False)],
)  # fmt: skip
def test_stated_number_of_rows_must_match(stated, reviewed, is_accepted):
    found = reason(Counts(5, 0, numbered=0, stated=stated), None, reviewed, NOTICES)
    expected = f"the title of the notice says {stated} but it has 5 rows"
    assert found == (None if is_accepted else expected)


@pytest.mark.parametrize(
    ("listed", "is_first", "is_accepted"),
    [(94, True, False), (95, True, True), (94, False, True)],
)
def test_first_version_must_have_the_reviewed_rows(listed, is_first, is_accepted):
    in_use = None if is_first else InUse(listed, listed)
    found = reason(Counts(listed, 0, numbered=0), in_use, reviewed=100)
    expected = f"the list has {listed} rows but a review counted 100"
    assert found == (None if is_accepted else expected)


@pytest.mark.parametrize("quarantined", [0, 5])
def test_misplaced_document_fails_with_its_reason(quarantined):
    counts = Counts(5, quarantined, numbered=0)
    assert reason(counts, misplaced="it is another list") == "it is another list"


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.name)
def test_remedy_says_how_to_approve_the_document_and_is_not_cut(register):
    module, sha256 = contract_of(register.name).module, "a" * 64
    policy = AcceptancePolicy(register.terms.document, module)
    broken = failed_gate(Counts(2, 2, numbered=0), None, None, policy, sha256)
    assert broken and f"update {module}" in broken.remedy
    short = failed_gate(Counts(2, 0, numbered=3), None, None, policy, sha256)
    for gate in (broken, short):
        assert gate and f"add its sha256, {sha256}, to dbt_project/seeds/rev" in gate.remedy
        assert len(gate.remedy) <= MAX_REMEDY
