"""Dagster's records on a PostgreSQL server: errors in words, and few connections."""

import logging
import sys
from pathlib import Path
from urllib.parse import quote

import dagster as dg
import pytest
import sqlalchemy

from orchestration.defs.partitions import known_partitions, settle_partitions
from orchestration.runtime import records_server
from orchestration.runtime.event_log import open_instance
from orchestration.runtime.records_server import RecordsServerError
from scrapers.registers import DEEP_SYNTHESIS
from tests.support.postgres import PostgresDatabase, postgres, postgres_server, shared_postgres

__all__ = ["postgres", "shared_postgres"]

VARIABLE = "RECORDS_OF_THE_TEST"
STORAGE = f"storage:\n  postgres:\n    postgres_url:\n      env: {VARIABLE}\n"
KEY = dg.AssetKey("made_up")


def address(database: PostgresDatabase, password: str | None = None) -> str:
    secret = quote(database.password if password is None else password, safe="")
    place = f"{database.host}:{database.port}/{database.name}"
    return f"postgresql+psycopg2://{database.user}:{secret}@{place}"


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch):
    """Dagster asks a server that does not answer again, after pauses of up to 6 seconds."""
    pytest.importorskip("dagster_postgres", reason="the extra postgres is missing: `make extras`")
    monkeypatch.setattr("dagster_postgres.utils.calculate_delay", lambda **_: 0)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "dagster.yaml").write_text(STORAGE)
    return tmp_path


def refused(home: Path) -> str:
    with pytest.raises(RecordsServerError) as refused, open_instance(home):
        pass
    return str(refused.value)


def test_records_are_in_the_database(home, postgres, monkeypatch):
    monkeypatch.setenv(VARIABLE, address(postgres))
    with open_instance(home) as instance:
        settle_partitions(instance, DEEP_SYNTHESIS, ["001", "002"])
        # A second time, as by a tick of the sensor at the same moment.
        settle_partitions(instance, DEEP_SYNTHESIS, ["001", "002", "003"])
        instance.report_runless_asset_event(dg.AssetMaterialization(KEY))
    with open_instance(home) as instance:
        assert list(known_partitions(instance, DEEP_SYNTHESIS)) == ["001", "002", "003"]
        assert len(instance.fetch_materializations(KEY, limit=5).records) == 1
    assert postgres.query("select count(*) from event_logs") == [(1,)]
    assert not (home / "history").exists()


def test_events_of_a_run_share_a_connection(home, postgres, monkeypatch):
    monkeypatch.setenv(VARIABLE, address(postgres))
    opened: list[object] = []
    with open_instance(home) as instance:
        instance.report_runless_asset_event(dg.AssetMaterialization(KEY))
        sqlalchemy.event.listen(
            sqlalchemy.pool.Pool, "connect", lambda connection, _: opened.append(connection)
        )
        for _ in range(10):
            instance.report_runless_asset_event(dg.AssetMaterialization(KEY))
    assert opened == []


def test_wrong_password_is_a_message_without_it(home, postgres, monkeypatch, caplog):
    monkeypatch.setenv(VARIABLE, address(postgres, "s3cret-and-wrong"))
    message = refused(home)
    assert "password authentication failed" in message and str(home / "dagster.yaml") in message
    assert "s3cret" not in message
    assert caplog.records == [], "each attempt was logged"


def test_server_that_is_down_is_a_message_and_the_next_opening_succeeds(home, monkeypatch):
    with postgres_server() as server:
        database = server.make_database()
        monkeypatch.setenv(VARIABLE, address(database))
        with open_instance(home) as instance:
            server.kill()
            with (
                pytest.raises(RecordsServerError, match="PostgreSQL server runs"),
                records_server.server_errors_named(home),
            ):
                instance.report_runless_asset_event(dg.AssetMaterialization(KEY))
        message = refused(home)
        assert "Connection refused" in message and database.password not in message
        server.start()
        with open_instance(home) as instance:
            assert instance.get_runs() == []


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ("mysql+nothing://root:s3cret@127.0.0.1/x", "mysql"),
        ("s3cret", "cannot be used"),
    ],
    ids=["another driver", "not an address"],
)
def test_address_that_cannot_be_used_is_a_message_without_it(home, monkeypatch, wrong, found):
    monkeypatch.setenv(VARIABLE, wrong)
    message = refused(home)
    assert found in message and "postgresql+psycopg2://" in message and "s3cret" not in message


def test_missing_variable_is_named(home, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert f"environment variable {VARIABLE}, which is not set" in refused(home)


def test_unknown_setting_is_named_without_its_value(home):
    (home / "dagster.yaml").write_text(
        "storage:\n  postgres:\n    postgres_db:\n      username: x\n      hostname: x\n"
        "      db_name: x\n      passwrd: s3cret\n"
    )
    message = refused(home)
    assert "root:storage:postgres:postgres_db" in message and "s3cret" not in message


def test_missing_extra_is_named(home, monkeypatch):
    monkeypatch.setenv(VARIABLE, "postgresql+psycopg2://x:x@127.0.0.1/x")
    for name in [name for name in sys.modules if name.startswith("dagster_postgres")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "dagster_postgres", None)
    assert "make extras" in refused(home)


def test_other_errors_are_not_those_of_the_server(home):
    with pytest.raises(ValueError, match="other"), records_server.server_errors_named(home):
        raise ValueError("another")
    with (
        pytest.raises(sqlalchemy.exc.OperationalError),
        records_server.server_errors_named(home),
        sqlalchemy.create_engine("sqlite://").connect() as connection,
    ):
        connection.execute(sqlalchemy.text("select * from missing"))


def test_other_messages_are_still_logged_while_the_instance_is_open(home, caplog):
    with records_server.server_errors_named(home):
        logging.getLogger().warning("Another message")
    logging.getLogger().warning("Retrying failed database connection: at another time")
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "Another message",
        "Retrying failed database connection",
    ]
