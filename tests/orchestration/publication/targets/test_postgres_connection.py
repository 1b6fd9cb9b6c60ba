"""Connections that fail: the message says what to do, and never shows the password."""

import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from orchestration.publication.targets import postgres as target
from orchestration.publication.targets.delivered import TargetError
from orchestration.publication.targets.postgres import publish_to_postgres
from orchestration.publication.targets.postgres_connection import target_label
from tests.orchestration.publication.targets.target_releases import write_release
from tests.support.postgres import PostgresDatabase, postgres_server

NAME, LATER = "20260801T000000Z", "20260901T000000Z"
SECRET = "gehe/im@wort:1"
BATCH = "select 1 as batch_no"


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return write_release(tmp_path, NAME, batches=BATCH)


@pytest.mark.parametrize(
    "dsn",
    [
        f"host=127.0.0.1 password={SECRET} and more",
        f"password='{SECRET} user=me",
        f"{SECRET}=x",
        f"postgresql://me:{SECRET}@127.0.0.1/db",
        "postgresql://me:gehe/im@127.0.0.1/db",
        "postgresql://me:gehe@im@127.0.0.1/db",
        "postgresql://me:gehe%zzim@127.0.0.1/db",
        f"mysql://me:{SECRET}@127.0.0.1/db",
    ],
)
def test_a_connection_string_that_cannot_be_read_is_not_quoted(release: Path, dsn: str):
    with pytest.raises(TargetError) as raised:
        publish_to_postgres(release, dsn, "filings")
    message = str(raised.value)
    assert "cannot be read" in message
    assert "gehe" not in message
    assert "im@" not in message
    assert "percent-encoded" in message


def test_a_wrong_password_is_not_shown(release: Path, postgres: PostgresDatabase):
    address = f"127.0.0.1:{postgres.port}/{postgres.name}"
    for dsn in (
        postgres.server.dsn(postgres.name, SECRET),
        f"postgresql://{postgres.user}:{quote(SECRET, safe='')}@{address}",
    ):
        with pytest.raises(TargetError, match="password authentication failed") as raised:
            publish_to_postgres(release, dsn, "filings")
        message = str(raised.value)
        assert f"PostgreSQL {address}" in message
        assert SECRET not in message
        assert quote(SECRET, safe="") not in message
        assert raised.value.__cause__ is None
        assert message.endswith(". Correct FILINGS_POSTGRES or --postgres. Nothing was changed")


def test_an_address_with_a_password_of_special_characters_connects(
    release: Path, postgres: PostgresDatabase
):
    password = quote(postgres.password, safe="")
    dsn = f"postgres://{postgres.user}:{password}@127.0.0.1:{postgres.port}/{postgres.name}"
    assert publish_to_postgres(release, dsn, "filings").is_new
    assert target_label(dsn) == f"PostgreSQL 127.0.0.1:{postgres.port}/{postgres.name}"


def test_a_server_that_does_not_answer_is_named(release: Path):
    with pytest.raises(TargetError, match=r"127.0.0.1:1/db: connection failed.*the next run tries"):
        publish_to_postgres(release, "host=127.0.0.1 port=1 dbname=db password=geheim", "filings")


def test_a_database_or_a_schema_that_cannot_be_used_needs_another_setting(
    release: Path, postgres: PostgresDatabase
):
    for dsn, schema, remedy in (
        (postgres.server.dsn("missing"), "filings", "Correct FILINGS_POSTGRES or --postgres"),
        (postgres.dsn, "pg_filings", "Choose another schema"),
    ):
        with pytest.raises(TargetError) as raised:
            publish_to_postgres(release, dsn, schema)
        assert f". {remedy}" in str(raised.value)
        assert "tries again" not in str(raised.value)


def test_a_message_has_the_detail_once_and_one_full_stop(
    release: Path, tmp_path: Path, postgres: PostgresDatabase
):
    publish_to_postgres(release, postgres.dsn, "filings")
    postgres.query("alter table filings.batches add check (batch_no < 2)")
    later = write_release(tmp_path, LATER, batches="select 2 as batch_no")
    with pytest.raises(TargetError) as raised:
        publish_to_postgres(later, postgres.dsn, "filings")
    message = str(raised.value)
    assert message.count("Failing row contains (2)") == 1
    assert message.endswith("(2). An unfinished publication changes nothing")
    assert "DETAIL" not in message


def test_a_server_killed_in_the_middle_keeps_the_release_before(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    later = write_release(tmp_path, LATER, batches="select 2 as batch_no", others=BATCH)
    replace_rows, began = target.replace_rows, threading.Event()

    def slowly(*arguments):
        found = replace_rows(*arguments)
        began.set()
        time.sleep(1)
        return found

    with postgres_server() as server:
        database = server.make_database()
        publish_to_postgres(release, database.dsn, "filings")
        monkeypatch.setattr(target, "replace_rows", slowly)

        def kill() -> None:
            began.wait()
            server.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        with pytest.raises(TargetError) as raised:
            publish_to_postgres(later, database.dsn, "filings")
        killer.join()
        assert database.password not in str(raised.value)
        server.start()
        assert database.query("select * from filings.batches") == [(1,)]
        assert database.query("select name from filings._release") == [(NAME,)]
        publish_to_postgres(later, database.dsn, "filings")
        assert database.query("select * from filings.batches") == [(2,)]
