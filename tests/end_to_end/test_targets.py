"""Releases at other places: all values in PostgreSQL, and runs whose targets fail and recover."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.ingest.results import IngestResults
from orchestration.publication.targets.postgres import publish_to_postgres
from tests.end_to_end.commands import CommandResult, run_command, without_documents
from tests.end_to_end.conftest import FirstRun
from tests.end_to_end.releases import dagster_instance, latest
from tests.support.postgres import PostgresDatabase, PostgresServer


def normalised(rows: list[tuple]) -> list[str]:
    """Rows as texts in a fixed order, with times in UTC."""
    return sorted(repr([_value(value) for value in row]) for row in rows)


def refreshed(data_dir: Path, settings: dict[str, str]) -> CommandResult:
    with without_documents():
        return run_command(data_dir, "refresh", **settings)


def _value(value: object) -> object:
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


@pytest.fixture(scope="module")
def published(
    whole_register: FirstRun, shared_postgres: PostgresServer
) -> Iterator[PostgresDatabase]:
    """A database with the release of the whole register; tests only read it."""
    database = shared_postgres.make_database()
    publish_to_postgres(latest(whole_register.data_dir), database.dsn, "filings")
    yield database
    database.drop()


def test_every_value_of_every_mart_is_the_same_in_postgres(
    whole_register: FirstRun, published: PostgresDatabase
):
    release = latest(whole_register.data_dir)
    marts = sorted(path.stem for path in (release / "parquet").glob("*.parquet"))
    assert len(marts) > 30
    tables = published.query("select tablename from pg_tables where schemaname = 'filings'")
    assert {name for (name,) in tables} == {*marts, "_release", "_marts"}
    for mart in marts:
        expected = duckdb.read_parquet(str(release / "parquet" / f"{mart}.parquet"))
        found = published.query(f'select * from filings."{mart}"')
        assert normalised(found) == normalised(expected.fetchall()), mart
        assert published.query(
            "select attname from pg_attribute where attnum > 0 and attrelid = "
            f"'filings.{mart}'::regclass order by attnum"
        ) == [(name,) for name in expected.columns]


def test_every_table_and_column_has_its_comment_in_postgres(
    whole_register: FirstRun, published: PostgresDatabase
):
    release = latest(whole_register.data_dir)
    with duckdb.connect(str(release / "filings.duckdb"), read_only=True) as connection:
        expected = connection.execute(
            "select table_name, column_name, comment from duckdb_columns() where comment not null "
            "union all select table_name, null, comment from duckdb_tables()"
        ).fetchall()
    found = published.query(
        "select relname, attname, col_description(c.oid, attnum) from pg_class c "
        "join pg_attribute a on attrelid = c.oid and attnum > 0 "
        "where relnamespace = 'filings'::regnamespace and relkind = 'r' "
        "and col_description(c.oid, attnum) is not null "
        "union all select relname, null, obj_description(oid) from pg_class "
        "where relnamespace = 'filings'::regnamespace and relkind = 'r' and relname !~ '^_'"
    )
    assert len(expected) > 500
    assert normalised(found) == normalised(expected)


@pytest.mark.many_builds
def test_a_run_publishes_to_its_targets_fails_without_them_and_recovers(
    copy_one_batch: Callable[[Path], Path], tmp_path: Path, postgres: PostgresDatabase
):
    data_dir = copy_one_batch(tmp_path)
    first = latest(data_dir).name
    settings = {
        "FILINGS_REPLICA_BATCHES": "1",
        "FILINGS_POSTGRES": postgres.dsn,
        "FILINGS_PUBLISH_TO": str(tmp_path / "store"),
    }
    # The release is not new, but the targets are.
    assert refreshed(data_dir, settings).status == 0
    assert postgres.query("select name from filings._release") == [(first,)]
    assert (tmp_path / "store" / first / "datapackage.json").is_file()

    settings["FILINGS_REPLICA_BATCHES"] = "2"
    nowhere = postgres.dsn.replace(f"port={postgres.port}", "port=1")
    failed = refreshed(data_dir, settings | {"FILINGS_POSTGRES": nowhere})
    second = latest(data_dir).name
    assert failed.status == 1
    assert second > first
    errors = [line for line in failed.err.splitlines() if line.startswith("error")]
    assert len(errors) == 1
    assert f"release {second} was not published to a target: PostgreSQL 127.0.0.1:1" in errors[0]
    assert postgres.password not in failed.err + failed.out
    assert (tmp_path / "store" / second / "datapackage.json").is_file()
    results = IngestResults(data_dir / "ingest_results")
    assert len(results.delivery_problems()) == 1
    with dagster_instance(data_dir) as instance:
        (run,) = instance.get_runs(limit=1)
        assert run.is_failure
        logged = [entry.to_json() for entry in instance.all_logs(run.run_id)]
    assert not any(postgres.password in text for text in logged)

    assert refreshed(data_dir, settings).status == 0
    assert latest(data_dir).name == second
    assert postgres.query("select name from filings._release") == [(second,)]
    assert results.delivery_problems() == []
    assert "already has release" in run_command(data_dir, "publish", **settings).out
