"""Fault cases, and the check that each publishes nothing false and heals in the next night."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import pytest

from tests.faults.nights import Accepted, Nights
from tests.faults.source import Act, healthy


@dataclass(frozen=True)
class Case:
    """A fault of the source.

    `source` is the act of the second night; the first is healthy. `told` are patterns that the
    texts for the operator must match. `failed` are exactly the folders that fail (`""` is the
    notice list); None allows any folder that is not in use yet. `healed` is the act of the third
    night.
    """

    name: str
    source: Act
    told: Sequence[str] = ()
    failed: Collection[str] | None = ()
    healed: Act = field(default=healthy)


def by_name(cases: Sequence[Case]) -> pytest.MarkDecorator:
    """Parametrise a test with fault cases."""
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases])


def assert_heals(case: Case, nights: Nights, undisturbed: Accepted) -> None:
    """Run the fault and the healing night; `undisturbed` are the rows in use without the fault."""
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
