"""Marts that get other columns or end: what survives of views and grants."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestration.publication.targets import postgres_locks
from orchestration.publication.targets.delivered import TargetError
from orchestration.publication.targets.postgres import publish_to_postgres
from tests.end_to_end.commands import wait_until
from tests.orchestration.publication.targets.target_releases import write_release
from tests.support.postgres import PostgresDatabase, postgres_server

FIRST, SECOND, THIRD = "20260801T000000Z", "20260901T000000Z", "20261001T000000Z"
BATCH = "select 1 as batch_no, 'one' as title"


class Published:
    """A schema with a first release, a view on two columns of its mart, and a grant."""

    def __init__(self, folder: Path, database: PostgresDatabase) -> None:
        self.folder, self.database = folder, database
        self.publish(FIRST, batches="select 1 as batch_no, 'one' as title, 7 as extra")
        database.query("create schema analysts")
        database.query("create view analysts.titles as select batch_no, title from filings.batches")
        database.query("drop role if exists reader")
        database.query("create role reader")
        database.query("grant select on filings.batches to reader")

    def publish(self, name: str, **queries: str):
        release = write_release(self.folder, name, **queries)
        return publish_to_postgres(release, self.database.dsn, "filings")

    def columns(self) -> list[str]:
        rows = self.database.query(
            "select attname from pg_attribute where attrelid = 'filings.batches'::regclass "
            "and attnum > 0 and not attisdropped order by attnum"
        )
        return [name for (name,) in rows]

    def has_view_and_grant(self, *rows: tuple) -> bool:
        granted = "select has_table_privilege('reader', 'filings.batches', 'select')"
        found = self.database.query("select * from analysts.titles order by 1")
        return found == list(rows) and self.database.query(granted) == [(True,)]


@pytest.fixture
def published(tmp_path: Path, postgres: PostgresDatabase) -> Iterator[Published]:
    yield Published(tmp_path, postgres)
    postgres.query("drop owned by reader")
    postgres.query("drop role reader")


def test_view_and_grant_survive_other_rows(published: Published):
    published.publish(SECOND, batches="select 2 as batch_no, 'two' as title, 7 as extra")
    assert published.has_view_and_grant((2, "two"))


def test_view_and_grant_survive_added_and_removed_columns(published: Published):
    published.publish(SECOND, batches="select true as is_new, 2 as batch_no, 'two' as title")
    assert published.columns() == ["batch_no", "title", "is_new"]
    assert published.has_view_and_grant((2, "two"))
    assert published.database.query("select is_new from filings.batches") == [(True,)]


def test_view_and_grant_survive_another_type_of_a_column_that_the_view_does_not_use(
    published: Published,
):
    published.publish(SECOND, batches="select 2 as batch_no, 'two' as title, 'seven' as extra")
    assert published.has_view_and_grant((2, "two"))
    assert published.database.query("select extra from filings.batches") == [("seven",)]


@pytest.mark.parametrize(
    ("columns", "fate"), [("", "was removed"), (", 'x' as extra", "got another type")]
)
def test_indexes_and_grants_that_end_with_a_column_are_named(
    published: Published, columns: str, fate: str
):
    for statement in (
        "create index plain on filings.batches (batch_no, extra)",
        "create index computed on filings.batches ((extra + 1))",
        "create index partial on filings.batches (batch_no) where extra > 1",
        "create index kept on filings.batches (batch_no)",
        "grant select (extra), update (extra) on filings.batches to reader",
        "grant select (extra) on filings.batches to public",
        "grant select (title) on filings.batches to public",
    ):
        published.database.query(statement)
    (warning,) = published.publish(SECOND, batches=f"{BATCH}{columns}").warnings
    assert warning == (
        f"column extra of batches {fate}, and with the former column ended: index "
        "filings.computed; index filings.partial; index filings.plain; grant of select to public; "
        "grant of select, update to reader"
    )
    indexes = "select indexname from pg_indexes where schemaname = 'filings' and tablename !~ '^_'"
    assert published.database.query(indexes) == [("kept",)]


@pytest.mark.parametrize(
    "query",
    ["select 2 as batch_no, 8 as extra", "select 2 as batch_no, 3 as title, 8 as extra"],
    ids=["removed", "another type"],
)
def test_a_release_without_a_column_that_a_view_uses_is_refused_and_changes_nothing(
    published: Published, query: str
):
    before = published.database.query("select * from filings._release")
    with pytest.raises(TargetError, match=r"view analysts\.titles depends on column title"):
        published.publish(SECOND, batches=query, others=BATCH)
    assert published.columns() == ["batch_no", "title", "extra"]
    assert published.has_view_and_grant((1, "one"))
    assert published.database.query("select to_regclass('filings.others')") == [(None,)]
    assert published.database.query("select * from filings._release") == before


def test_the_refused_release_is_published_once_the_view_is_gone(published: Published):
    with pytest.raises(TargetError):
        published.publish(SECOND, batches="select 2 as batch_no")
    published.database.query("drop view analysts.titles")
    publish_to_postgres(
        published.folder / "data" / "published" / SECOND, published.database.dsn, "filings"
    )
    assert published.database.query("select * from filings.batches") == [(2,)]


def test_the_table_of_a_mart_that_ends_is_dropped(published: Published):
    published.publish(SECOND, batches=BATCH, ended=BATCH)
    assert published.publish(THIRD, batches=BATCH).warnings == []
    assert published.database.query("select to_regclass('filings.ended')") == [(None,)]
    assert published.database.query("select mart from filings._marts") == [("batches",)]


def test_the_table_of_a_mart_that_ends_is_kept_with_a_warning_while_a_view_uses_it(
    published: Published,
):
    (warning,) = published.publish(SECOND, others=BATCH).warnings
    assert "table batches is not part of the release any more" in warning
    assert "view analysts.titles depends on table filings.batches" in warning
    assert published.has_view_and_grant((1, "one"))
    published.publish(THIRD, batches="select 3 as batch_no, 'three' as title, 7 as extra")
    assert published.has_view_and_grant((3, "three"))


def test_a_table_that_was_dropped_is_made_again(published: Published):
    published.database.query("drop table filings.batches cascade")
    published.publish(SECOND, batches="select 1 as batch_no, 'one' as title, 7 as extra")
    assert published.database.query("select * from filings.batches") == [(1, "one", 7)]


@contextmanager
def reading(database: PostgresDatabase) -> Iterator[int]:
    """A transaction that has read the mart and stays open; the number of its process."""
    with database.connect() as reader, reader.transaction():
        reader.execute("select * from filings.batches").fetchall()
        yield reader.info.backend_pid


def test_a_reader_that_never_ends_does_not_stop_other_rows(published: Published):
    with reading(published.database):
        published.publish(SECOND, batches="select 2 as batch_no, 'two' as title, 7 as extra")
    assert published.has_view_and_grant((2, "two"))


def test_a_reader_that_never_ends_is_named_when_a_table_needs_other_columns(
    published: Published, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(postgres_locks, "TABLE_SECONDS", 1.0)
    with (
        reading(published.database) as process,
        pytest.raises(TargetError, match=f"in use by process {process} of user owner"),
    ):
        published.publish(SECOND, batches=BATCH)
    assert published.columns() == ["batch_no", "title", "extra"]


def test_other_columns_wait_for_a_reader_and_let_other_readers_through(published: Published):
    def publish() -> None:
        published.publish(SECOND, batches=BATCH)

    publisher = threading.Thread(target=publish)
    waits = []
    with reading(published.database):
        publisher.start()
        for _ in range(20):
            started = time.monotonic()
            published.database.query("select * from filings.batches")
            waits.append(time.monotonic() - started)
            time.sleep(0.1)
        assert publisher.is_alive()
    publisher.join()
    assert published.columns() == ["batch_no", "title"]
    # An attempt to lock takes 0.4 seconds.
    assert max(waits) < 2


def test_a_reader_of_several_tables_is_never_ended_as_a_deadlock(published: Published):
    published.publish(SECOND, batches=f"{BATCH}, 7 as extra", others=f"{BATCH}, 7 as extra")

    def publish() -> None:
        published.publish(THIRD, batches=BATCH, others=BATCH)

    publisher = threading.Thread(target=publish)
    with published.database.connect() as reader, reader.transaction():
        reader.execute("select * from filings.others")
        publisher.start()
        # Longer than the second after which PostgreSQL looks for deadlocks.
        time.sleep(2.5)
        assert publisher.is_alive()
        for _ in range(8):
            with reader.transaction():
                reader.execute("select * from filings.batches, filings.others")
            time.sleep(0.3)
    publisher.join()
    assert published.columns() == ["batch_no", "title"]


def test_an_autovacuum_in_the_way_of_other_columns_is_ended(tmp_path: Path):
    rows = "select range::integer as batch_no, repeat('x', 700) as title from range(2000)"
    with slow_autovacuum(tmp_path, rows) as database:
        second = write_release(tmp_path, SECOND, batches=f"{BATCH}, 7 as extra")
        publish_to_postgres(second, database.dsn, "filings")
        assert database.query("select * from filings.batches") == [(1, "one", 7)]


def test_an_autovacuum_that_is_not_ended_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(postgres_locks, "TABLE_SECONDS", 0.0)
    rows = "select range::integer as batch_no, repeat('x', 700) as title from range(2000)"
    with slow_autovacuum(tmp_path, rows) as database:
        second = write_release(tmp_path, SECOND, batches=f"{BATCH}, 7 as extra")
        with pytest.raises(TargetError, match=r"in use by process \d+ \(autovacuum worker\)"):
            publish_to_postgres(second, database.dsn, "filings")


@contextmanager
def slow_autovacuum(folder: Path, rows: str) -> Iterator[PostgresDatabase]:
    """A database with a first release, whose table autovacuum reads for minutes."""
    with postgres_server() as server:
        server.make_database().query("alter system set autovacuum_naptime = '1s'")
        server.kill()
        server.start()
        database = server.make_database()
        publish_to_postgres(write_release(folder, FIRST, batches=rows), database.dsn, "filings")
        database.query(
            "alter table filings.batches set (autovacuum_vacuum_cost_delay = 100, "
            "autovacuum_vacuum_cost_limit = 1, autovacuum_vacuum_insert_threshold = 0, "
            "autovacuum_vacuum_threshold = 0)"
        )
        at_work = (
            "select pid from pg_locks join pg_stat_activity using (pid) where granted and "
            "backend_type = 'autovacuum worker' and relation = 'filings.batches'::regclass"
        )
        assert wait_until(lambda: bool(database.query(at_work)), 30, 0.1)
        yield database
