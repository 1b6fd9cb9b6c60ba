"""`filings maintain` deletes old runs, and says how many and how large the records are."""

import re

import dagster as dg
from dagster._core.utils import make_new_run_id

from orchestration.defs.names import CHECK_STORES, DOMAIN
from tests.orchestration.cli.commands import assert_succeeds


def test_maintain_says_what_it_deleted(tmp_path):
    assert_succeeds(tmp_path, "init", DAGSTER_HOME="")
    home = tmp_path / "dagster"
    with dg.DagsterInstance.from_config(str(home)) as instance:
        for _ in range(8):
            run = dg.DagsterRun(
                CHECK_STORES,
                make_new_run_id(),
                status=dg.DagsterRunStatus.SUCCESS,
                tags=dict(DOMAIN),
            )
            instance.add_run(run)
    out = assert_succeeds(tmp_path, "maintain", DAGSTER_HOME="")
    assert re.fullmatch(r"3 old runs deleted; records \d\.\d MB before, \d\.\d MB now\n", out)
    assert assert_succeeds(tmp_path, "maintain", DAGSTER_HOME="").startswith("0 old runs deleted")
