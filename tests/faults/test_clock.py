"""A machine with a wrong clock: the last answer of the source is in use."""

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from orchestration.validation.tables import write_tables
from scrapers.registers import DEEP_SYNTHESIS
from tests.faults.source import REGISTER, Act, announces, serves_list
from tests.support.loopback import with_new_batch

BATCH, FOLDER = 2, "002"
ROWS = REGISTER.filings[BATCH]
BACK, RIGHT, AHEAD = (timedelta(days=days) for days in (-400, 3, 365 * 73))


def amended(products: str) -> Act:
    return serves_list(BATCH, [replace(ROWS[0], products=products), *ROWS[1:]])


LIVES = {
    "an amendment with a clock 400 days behind": [(amended("甲"), BACK)],
    "amendments with changing clocks": [
        (amended("甲"), AHEAD),
        (amended("乙"), BACK),
        (amended("丙"), RIGHT),
        (amended("丁"), RIGHT + timedelta(days=1)),
    ],
    "a new batch with a clock 400 days behind": [
        (announces(with_new_batch(REGISTER, 19, rows=7)), BACK)
    ],
}


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES)
def test_last_answer_is_in_use_also_after_a_rebuild(life, nights, undisturbed):
    for act, forward in life:
        seen = nights.pass_over(act, forward)
        assert seen.failed == {}, seen.told
    last, _ = life[-1]
    assert seen.accepted == undisturbed(last)
    shutil.rmtree(nights.data_dir / "validated")
    seen = nights.pass_over(last)
    assert seen.failed == {} and seen.accepted == undisturbed(last)


def test_versions_keep_the_order_of_their_arrival(nights):
    for act, forward in LIVES["amendments with changing clocks"]:
        nights.pass_over(act, forward)
    store = nights.store(DEEP_SYNTHESIS)
    table = write_tables(store).filter(batch_no=BATCH).sort("version_no")
    products = [store.rows(result)["products"][0] for result in store.accepted(FOLDER)]
    assert products[-4:] == ["甲", "乙", "丙", "丁"]
    assert table["is_current"].to_list() == [False] * 4 + [True]
    assert table["list_version"].is_sorted()
