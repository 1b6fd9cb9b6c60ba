"""A refresh that loses the PostgreSQL server with Dagster's records while it runs."""

from urllib.parse import quote

import dagster as dg
import pytest

from orchestration.runtime.records_server import RecordsServerError
from tests.support.postgres import postgres_server

VARIABLE = "RECORDS_OF_THE_TEST"


def test_server_lost_during_a_run_is_a_message_and_the_next_refresh_succeeds(
    home, refresh, monkeypatch
):
    pytest.importorskip("dagster_postgres", reason="the extra postgres is missing: `make extras`")
    # Dagster asks a server that does not answer again, after pauses of up to 6 seconds.
    monkeypatch.setattr("dagster_postgres.utils.calculate_delay", lambda **_: 0)
    with postgres_server() as server:
        password = quote(server.make_database().password, safe="")
        address = f"postgresql+psycopg2://owner:{password}@127.0.0.1:{server.port}/postgres"
        monkeypatch.setenv(VARIABLE, address)
        configuration = home / "dagster.yaml"
        storage = f"storage:\n  postgres:\n    postgres_url:\n      env: {VARIABLE}\n"
        configuration.write_text(configuration.read_text() + storage)

        def lose_the_server(_: dg.OpExecutionContext) -> None:
            server.kill()

        with pytest.raises(RecordsServerError) as lost:
            refresh(step=lose_the_server)
        assert "Connection refused" in str(lost.value) or "closed" in str(lost.value)
        assert password not in str(lost.value) and server.dsn() not in str(lost.value)
        server.start()
        assert refresh()[0].problems == []
        with dg.DagsterInstance.from_config(str(home)) as instance:
            assert [run.status for run in instance.get_runs()] == [
                dg.DagsterRunStatus.SUCCESS,
                dg.DagsterRunStatus.FAILURE,
            ]
