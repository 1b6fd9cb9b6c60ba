"""A row of the tables of faults, and what must hold for each: nothing false, and a night heals."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import pytest

from tests.faults.nights import Accepted, Nights
from tests.faults.source import Act, healthy


@dataclass(frozen=True)
class Case:
    """A fault of the source.

    `source` is what it does in the second night; the first is healthy. `told` are patterns that
    what is said must match. `failed` are the folders that fail, and no others (`""` is the notice
    list; None where a folder that is not in use yet may fail, or none). `healed` is what the source
    does in the third night.
    """

    name: str
    source: Act
    told: Sequence[str] = ()
    failed: Collection[str] | None = ()
    healed: Act = field(default=healthy)


def by_name(cases: Sequence[Case]) -> pytest.MarkDecorator:
    """Parametrises a test over a table."""
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases])


def assert_heals(case: Case, nights: Nights, undisturbed: Accepted) -> None:
    """Live through the fault. `undisturbed` is what is in use where it never happened."""
    before = nights.accepted()

    during = nights.pass_over(case.source)
    if case.failed is None:
        assert not set(during.failed) & {"", *before}, during.told
    else:
        assert set(during.failed) == set(case.failed), during.told
    for pattern in case.told:
        assert re.search(pattern, during.told), during.told
    assert during.accepted == before, "the fault changed what is in use"

    after = nights.pass_over(case.healed)
    assert after.failed == {}, "the next night does not heal"
    assert after.accepted == undisturbed
