"""Releases in PostgreSQL: values, comments, records, and which release may replace which."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest

from orchestration.publication.latest import DESCRIPTOR
from orchestration.publication.targets.delivered import TargetError
from orchestration.publication.targets.postgres import publish_to_postgres
from tests.orchestration.publication.targets.target_releases import write_release
from tests.support.paths import PROJECT
from tests.support.postgres import USER, PostgresDatabase, postgres_server

FIRST, SECOND = "20260801T000000000000Z", "20260901T000000000000Z"
THIRD = "20261001T000000000000Z"
ONE_BATCH = "select 1 as batch_no, 'one' as title"
TWO_BATCHES = f"{ONE_BATCH} union all select 2, 'two'"
VALUES = """
    select 1::integer as small, 9007199254740993::bigint as big, 0.1::double as share,
        true as is_listed, date '2026-08-01' as listed_on,
        timestamp '2026-08-01 12:34:56.789' as seen_at,
        timestamptz '2026-08-01 12:34:56+08' as zoned_at,
        12.50::decimal(6, 2) as price, ['a', null, '', '"', '\\', ',', '{}'] as items,
        [3, null]::integer[] as numbers, []::varchar[] as empty_items, null::varchar[] as no_items,
        [{'column_name': 'note', 'old_value': null, 'new_value': 'it''s'}] as changed
"""
TEXTS = [
    "a\tb\nc\rd", "\\N", "\\.", "\\", "back\\slash\\n", "'single' \"double\"", "😀𠮷", "", " ",
    "%s {x} ;--", None,
]  # fmt: skip


def publish(database: PostgresDatabase, release: Path, **options: bool):
    return publish_to_postgres(release, database.dsn, "filings", **options)


def test_values_have_the_types_and_the_values_of_the_parquet_file(
    tmp_path: Path, postgres: PostgresDatabase
):
    publish(postgres, write_release(tmp_path, FIRST, filings=VALUES))
    (row,) = postgres.query("select * from filings.filings")
    seen_at = datetime(2026, 8, 1, 12, 34, 56, 789000, UTC)
    assert row[:5] == (1, 9007199254740993, 0.1, True, date(2026, 8, 1))
    assert row[5:7] == (seen_at, datetime(2026, 8, 1, 4, 34, 56, tzinfo=UTC))
    assert str(row[7]) == "12.50"
    assert row[8:12] == (["a", None, "", '"', "\\", ",", "{}"], [3, None], [], None)
    assert row[12] == [{"column_name": "note", "old_value": None, "new_value": "it's"}]
    types = postgres.query(
        "select format_type(atttypid, atttypmod) from pg_attribute where attnum > 0 "
        "and attrelid = 'filings.filings'::regclass order by attnum"
    )
    assert [kind for (kind,) in types] == [
        "integer", "bigint", "double precision", "boolean", "date", "timestamp with time zone",
        "timestamp with time zone", "numeric(6,2)", "text[]", "integer[]", "text[]", "text[]",
        "jsonb",
    ]  # fmt: skip


def test_texts_with_characters_of_the_copy_format_come_back_unchanged(
    tmp_path: Path, postgres: PostgresDatabase
):
    values = [f"({number}, {_literal(text)})" for number, text in enumerate(TEXTS)]
    query = f"from (values {', '.join(values)}) as t(number, text)"
    publish(postgres, write_release(tmp_path, FIRST, texts=query))
    found = postgres.query("select text from filings.texts order by number")
    assert [text for (text,) in found] == TEXTS


def test_a_nul_character_is_replaced_with_a_warning(tmp_path: Path, postgres: PostgresDatabase):
    query = """
        select 'a' || chr(0) || 'b' as text, ['c' || chr(0), null] as items,
            {'value': 'd' || chr(0)} as changed
        union all select 'plain', [], {'value': 'plain'} order by all
    """
    published = publish(postgres, write_release(tmp_path, FIRST, texts=query))
    assert postgres.query("select * from filings.texts order by text") == [
        ("a\ufffdb", ["c\ufffd", None], {"value": "d\ufffd"}),
        ("plain", [], {"value": "plain"}),
    ]
    (warning,) = published.warnings
    assert warning.startswith("1 rows of texts have a NUL character")


def test_comments_follow_the_descriptor_also_where_rows_are_unchanged(
    tmp_path: Path, postgres: PostgresDatabase
):
    def comments() -> list[tuple]:
        return postgres.query(
            "select obj_description('filings.batches'::regclass), "
            "col_description('filings.batches'::regclass, 2)"
        )

    publish(postgres, write_release(tmp_path, FIRST, batches=ONE_BATCH))
    assert comments() == [("It's batches.", "What title says.")]
    published = publish(postgres, write_release(tmp_path, SECOND, " now", batches=ONE_BATCH))
    assert comments() == [("It's batches now.", "What title says now.")]
    assert published.sent == "0 of 1 tables, 0 rows"


def test_only_marts_whose_file_changed_are_written(tmp_path: Path, postgres: PostgresDatabase):
    publish(postgres, write_release(tmp_path, FIRST, batches=ONE_BATCH, others=ONE_BATCH))
    before = postgres.query("select xmin::text from filings.others")
    second = write_release(tmp_path, SECOND, batches=TWO_BATCHES, others=ONE_BATCH)
    assert publish(postgres, second).sent == "1 of 2 tables, 2 rows"
    assert postgres.query("select xmin::text from filings.others") == before
    assert postgres.query("select mart, row_count, changed_in from filings._marts order by 1") == [
        ("batches", 2, SECOND),
        ("others", 1, FIRST),
    ]


def test_the_release_is_recorded_in_one_row(tmp_path: Path, postgres: PostgresDatabase):
    publish(postgres, write_release(tmp_path, FIRST, batches=ONE_BATCH))
    publish(postgres, write_release(tmp_path, SECOND, batches=TWO_BATCHES))
    ((name, version, as_of, is_recent),) = postgres.query(
        "select name, version, as_of, published_at > now() - interval '1 hour' "
        "from filings._release"
    )
    assert (name, version, as_of) == (SECOND, "2026.8.0", "lists to August 2026")
    assert is_recent


def test_a_release_that_is_there_is_not_published_again_unless_forced(
    tmp_path: Path, postgres: PostgresDatabase
):
    release = write_release(tmp_path, FIRST, batches=ONE_BATCH)
    assert publish(postgres, release).is_new
    postgres.query("update filings.batches set title = 'altered'")
    assert not publish(postgres, release).is_new
    assert publish(postgres, release, force=True).is_new
    assert postgres.query("select title from filings.batches") == [("one",)]


def test_an_older_release_is_refused_unless_forced(tmp_path: Path, postgres: PostgresDatabase):
    older = write_release(tmp_path, FIRST, batches=ONE_BATCH)
    publish(postgres, write_release(tmp_path, SECOND, batches=TWO_BATCHES))
    with pytest.raises(TargetError, match=f"{FIRST} is older than {SECOND}.*--force"):
        publish(postgres, older)
    assert postgres.query("select count(*) from filings.batches") == [(2,)]
    publish(postgres, older, force=True)
    assert postgres.query("select count(*) from filings.batches") == [(1,)]


@pytest.mark.parametrize("name", [FIRST, THIRD])
def test_a_release_from_another_source_is_refused_unless_forced(
    tmp_path: Path, postgres: PostgresDatabase, name: str
):
    other = write_release(tmp_path, name, source="live", batches=ONE_BATCH)
    publish(postgres, write_release(tmp_path, SECOND, batches=TWO_BATCHES))
    with pytest.raises(
        TargetError,
        match=r"`live`, but the release that the schema filings has is from `replica`.*--force",
    ):
        publish(postgres, other)
    assert postgres.query("select count(*) from filings.batches") == [(2,)]
    publish(postgres, other, force=True)
    assert postgres.query("select source from filings._release") == [("live",)]


def test_a_release_whose_sources_include_the_former_ones_is_published(
    tmp_path: Path, postgres: PostgresDatabase
):
    publish(postgres, write_release(tmp_path, FIRST, source="live", batches=ONE_BATCH))
    both = write_release(tmp_path, SECOND, source="replica, live", batches=TWO_BATCHES)
    assert publish(postgres, both).is_new


def test_a_damaged_release_is_refused(tmp_path: Path, postgres: PostgresDatabase):
    release = write_release(tmp_path, FIRST, batches=ONE_BATCH)
    other = write_release(tmp_path, SECOND, batches=TWO_BATCHES)
    (other / "parquet" / "batches.parquet").replace(release / "parquet" / "batches.parquet")
    with pytest.raises(TargetError, match=r"batches\.parquet is not what was published"):
        publish(postgres, release)
    assert postgres.query("select to_regnamespace('filings')") == [(None,)]


def test_a_folder_without_a_descriptor_is_refused(tmp_path: Path, postgres: PostgresDatabase):
    release = write_release(tmp_path, FIRST, batches=ONE_BATCH)
    (release / DESCRIPTOR).unlink()
    with pytest.raises(TargetError, match="is not a complete release"):
        publish(postgres, release)


@pytest.mark.parametrize("made", ["table batches (x int)", "view batches as select 1 as x"])
def test_a_table_that_no_publication_made_is_refused(
    tmp_path: Path, postgres: PostgresDatabase, made: str
):
    postgres.query("create schema filings")
    postgres.query(f"create {made.replace('batches', 'filings.batches')}")
    with pytest.raises(TargetError, match="already has batches, which no publication made"):
        publish(postgres, write_release(tmp_path, FIRST, batches=ONE_BATCH))
    assert postgres.query("select to_regclass('filings._release')") == [(None,)]


def test_a_mart_cannot_take_the_name_of_a_record(tmp_path: Path, postgres: PostgresDatabase):
    with pytest.raises(TargetError, match="names that begin with _"):
        publish(postgres, write_release(tmp_path, FIRST, _release=ONE_BATCH))


def test_a_name_that_postgres_would_cut_is_refused(tmp_path: Path, postgres: PostgresDatabase):
    long = write_release(tmp_path, FIRST, batches=f"select 1 as {'x' * 64}")
    usable = write_release(tmp_path, SECOND, batches=f"select 1 as {'x' * 63}")
    for release, schema in ((long, "filings"), (usable, "字" * 22)):
        with pytest.raises(TargetError, match="longer than the 63 bytes"):
            publish_to_postgres(release, postgres.dsn, schema)
    publish_to_postgres(usable, postgres.dsn, "字" * 21)


def test_a_user_who_may_only_use_the_schema_can_publish(tmp_path: Path, postgres: PostgresDatabase):
    postgres.query("create role publisher login password 'publisher'")
    postgres.query("create schema filings authorization publisher")
    dsn = postgres.dsn.replace(f"user={postgres.user}", "user=publisher")
    dsn = dsn.replace(postgres.password, "publisher")
    release = write_release(tmp_path, FIRST, batches=ONE_BATCH)
    publish_to_postgres(release, dsn, "filings")
    assert postgres.query("select title from filings.batches") == [("one",)]
    with pytest.raises(TargetError, match="permission denied for database"):
        publish_to_postgres(release, dsn, "another")


def test_the_documented_setup_lets_a_publisher_publish_and_analysts_read(tmp_path: Path):
    page = (PROJECT / "docs" / "serving.md").read_text(encoding="utf-8")
    setup = next(block for block in re.findall(r"```sql\n(.*?)```", page, re.DOTALL))
    with postgres_server() as server:
        before, after = setup.split("\\connect registers\n")
        for database, sql in (("postgres", before), ("registers", after)):
            with psycopg.connect(server.dsn(database), autocommit=True) as connection:
                for statement in filter(str.strip, sql.split(";")):
                    connection.execute(statement)
        dsn = server.dsn("registers", "…").replace(f"user={USER}", "user=publisher")
        publish_to_postgres(write_release(tmp_path, FIRST, batches=ONE_BATCH), dsn, "filings")
        with psycopg.connect(server.dsn("registers")) as connection:
            connection.execute("set role analysts")
            for table in ("batches", "_release", "_marts"):
                assert connection.execute(f"select count(*) from filings.{table}").fetchone() == (
                    1,
                )


def test_a_schema_can_have_any_name(tmp_path: Path, postgres: PostgresDatabase):
    release = write_release(tmp_path, FIRST, batches=ONE_BATCH)
    publish_to_postgres(release, postgres.dsn, 'My "schema"')
    assert postgres.query('select title from "My ""schema""".batches') == [("one",)]
    assert not publish_to_postgres(release, postgres.dsn, 'My "schema"').is_new


def _literal(text: str | None) -> str:
    return "null" if text is None else "'" + text.replace("'", "''") + "'"
