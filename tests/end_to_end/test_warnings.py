"""Findings that do not stop a release are in the last lines of `refresh`, and in `status`."""

from dataclasses import replace
from pathlib import Path

import pytest

from scrapers.replica.facts import Register
from tests.end_to_end.commands import CommandResult, live, run_command
from tests.end_to_end.releases import REGISTER, query
from tests.support.loopback import LoopbackSites, amend, with_rows

SMALL = REGISTER.first(3)
DOUBLED = SMALL.filings[2][0]
NOTED = SMALL.filings[1][0]
WORDS = "星象有异待观后效"


def with_findings() -> Register:
    """Batch 3 repeats a filing of batch 2, and a note says what no reader knows."""
    again = replace(DOUBLED, batch_no=3, position=str(len(SMALL.filings[3]) + 1))
    register = with_rows(SMALL, 3, (*SMALL.filings[3], again))
    return amend(register, 1, NOTED.filing_number, note=WORDS)


@pytest.fixture(scope="module")
def warned(tmp_path_factory: pytest.TempPathFactory) -> tuple[CommandResult, str, Path]:
    """A refresh, what `status` shows after it, and its data directory."""
    data_dir = tmp_path_factory.mktemp("warned") / "data"
    with LoopbackSites(with_findings()) as sites:
        finished = run_command(data_dir, "refresh", **live(sites))
        return finished, run_command(data_dir, "status", **live(sites)).out, data_dir


def test_warnings_end_what_refresh_prints_and_do_not_fail_it(warned):
    finished, _, _ = warned
    assert finished.status == 0
    lines = [line for line in finished.err.splitlines() if line.startswith("warning: ")]
    assert any(f"(1): {DOUBLED.filing_number} 3 2" in line for line in lines), finished.err
    assert any(f"(1): {NOTED.filing_number} {WORDS}" in line for line in lines), finished.err


def test_status_repeats_them(warned):
    finished, status, _ = warned
    for line in finished.err.splitlines():
        assert line in status


def test_a_number_in_two_lists_is_one_filing(warned):
    data_dir = warned[2]
    assert query(
        data_dir,
        "select batch_no, other_batch_nos, list_status from filings "
        f"where filing_number = '{DOUBLED.filing_number}'",
    ) == [(3, [2], "listed")]
    assert query(
        data_dir,
        "select batch_no, filings, counted_elsewhere, quarantined_rows from batches order by 1",
    ) == [(1, 41, 0, 0), (2, 109, 1, 0), (3, 130, 0, 0)]
