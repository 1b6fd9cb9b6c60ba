"""Readers and other publishers while releases are published: each sees one release."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from orchestration.publication.targets.delivered import TargetError
from orchestration.publication.targets.postgres import publish_to_postgres
from tests.orchestration.publication.targets.target_releases import write_release
from tests.support.postgres import PostgresDatabase

PUBLICATIONS, READS, READERS = 10, 1_000, 4
# Each release has a number of its own in every row of both marts, and another number of rows.
LISTS = "select {n} as release_no, range as batch_no from range(200 + {n})"
FILINGS = (
    "select {n} as release_no, range % (200 + {n}) as batch_no, 'a text' as note from range(2000)"
)
JOINED = """
    select array_agg(distinct l.release_no), array_agg(distinct f.release_no),
        count(distinct l.batch_no), (select release_no from analysts.newest limit 1)
    from filings.lists l full join filings.filings f using (batch_no)
"""


@pytest.fixture
def releases(tmp_path: Path) -> list[Path]:
    return [
        write_release(
            tmp_path,
            f"2026080{number % 10}T00000{number // 10}Z",
            lists=LISTS.format(n=number),
            filings=FILINGS.format(n=number),
        )
        for number in range(PUBLICATIONS + 1)
    ]


def test_a_thousand_reads_during_ten_publications_each_see_one_release(
    releases: list[Path], postgres: PostgresDatabase
):
    first, *others = releases
    publish_to_postgres(first, postgres.dsn, "filings")
    postgres.query("create schema analysts")
    postgres.query("create view analysts.newest as select release_no from filings.lists")
    numbers = {path.name: number for number, path in enumerate(releases)}
    ended = threading.Event()

    def read(_: int) -> list[int]:
        """The releases seen by reads: at least a share of all, and until the last publication."""
        seen: list[int] = []
        with psycopg.connect(postgres.dsn, autocommit=True) as connection:
            while len(seen) < READS // READERS or not ended.is_set():
                isolated = len(seen) % 2
                seen.append(_repeated(connection) if isolated else _joined(connection))
        return seen

    def publish() -> list[str]:
        try:
            return [
                publish_to_postgres(path, postgres.dsn, "filings", force=True).sent
                for path in others
            ]
        finally:
            ended.set()

    with ThreadPoolExecutor(READERS + 1) as pool:
        reads = [pool.submit(read, number) for number in range(READERS)]
        published = pool.submit(publish).result()
        seen = [number for future in reads for number in future.result()]
    assert len(published) == PUBLICATIONS
    # The readers were there all the time: they saw releases other than the first and the last.
    assert len(set(seen)) > 2
    assert set(seen) <= set(numbers.values())
    assert postgres.query("select distinct release_no from analysts.newest") == [(PUBLICATIONS,)]


def _joined(connection: psycopg.Connection) -> int:
    """The release that one statement over two marts and a view sees."""
    ((lists, filings, count, newest),) = connection.execute(JOINED).fetchall()
    (number,) = lists
    assert (filings, count, newest) == ([number], 200 + number, number)
    return number


def _repeated(connection: psycopg.Connection) -> int:
    """The release that two statements of a transaction with one snapshot see."""
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read")
        lists = connection.execute("select distinct release_no from filings.lists").fetchall()
        filings = connection.execute("select distinct release_no from filings.filings").fetchall()
    ((number,),) = lists
    assert filings == lists
    return number


def test_each_statement_sees_one_release_while_a_column_changes_its_type(
    tmp_path: Path, postgres: PostgresDatabase
):
    types = ["integer", "varchar"] * 4
    first, *others = (
        write_release(
            tmp_path,
            f"2026080{number}T000000Z",
            lists=f"select {number} as release_no, {number}::{kind} as retyped from range(500)",
        )
        for number, kind in enumerate(types)
    )
    publish_to_postgres(first, postgres.dsn, "filings")
    ended = threading.Event()

    def read() -> list[tuple]:
        seen = []
        with psycopg.connect(postgres.dsn, autocommit=True) as connection:
            while not ended.is_set():
                seen += connection.execute(
                    "select distinct release_no, retyped::text from filings.lists"
                ).fetchall()
        return seen

    with ThreadPoolExecutor(READERS) as pool:
        reads = [pool.submit(read) for _ in range(READERS)]
        try:
            for release in others:
                publish_to_postgres(release, postgres.dsn, "filings")
        finally:
            ended.set()
        seen = {row for future in reads for row in future.result()}
    assert len(seen) > 1
    assert seen <= {(number, str(number)) for number in range(len(types))}


def test_a_transaction_that_began_before_finds_null_in_a_column_of_another_type(
    tmp_path: Path, postgres: PostgresDatabase
):
    first = write_release(
        tmp_path, "20260801T000000Z", lists="select 1 as release_no, 1 as retyped"
    )
    second = write_release(
        tmp_path, "20260802T000000Z", lists="select 2 as release_no, '2' as retyped"
    )
    publish_to_postgres(first, postgres.dsn, "filings")
    with postgres.connect() as reader, reader.transaction():
        reader.execute("set transaction isolation level repeatable read")
        reader.execute("select 1")
        publish_to_postgres(second, postgres.dsn, "filings")
        # As docs/serving.md says: rows of the release before, without the values of this column.
        assert reader.execute("select * from filings.lists").fetchall() == [(1, None)]


def test_two_publishers_of_one_release_at_once_publish_it_once(
    releases: list[Path], postgres: PostgresDatabase
):
    published = _at_once(
        *(lambda: publish_to_postgres(releases[3], postgres.dsn, "filings") for _ in range(3))
    )
    assert sorted(item.is_new for item in published) == [False, False, True]
    assert postgres.query("select count(*) from filings.lists") == [(203,)]


def test_of_two_publishers_at_once_the_newer_release_stays(
    releases: list[Path], postgres: PostgresDatabase
):
    def publish(number: int) -> Callable[[], object]:
        def of_release() -> object:
            try:
                return publish_to_postgres(releases[number], postgres.dsn, "filings")
            except TargetError as error:
                return error

        return of_release

    results = _at_once(publish(4), publish(7), publish(5))
    errors = [str(item) for item in results if isinstance(item, TargetError)]
    assert all("is older than" in error for error in errors)
    assert postgres.query("select distinct release_no from filings.filings") == [(7,)]
    assert postgres.query("select name from filings._release") == [(releases[7].name,)]


def test_a_publisher_that_waits_too_long_for_another_says_so(
    releases: list[Path], postgres: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("orchestration.publication.targets.postgres_locks.PUBLISHER_SECONDS", 1)
    with postgres.connect() as other, other.transaction():
        other.execute("select pg_advisory_xact_lock(hashtextextended('filings filings', 0))")
        with pytest.raises(TargetError, match="another publication to the schema filings"):
            publish_to_postgres(releases[0], postgres.dsn, "filings")


def _at_once(*actions: Callable[[], object]) -> list:
    barrier = threading.Barrier(len(actions))

    def start(action: Callable[[], object]) -> object:
        barrier.wait()
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(start, actions))
