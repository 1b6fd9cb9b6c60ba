"""The settings: defaults, valid values, and errors that name the variable."""

from pathlib import Path

import pytest

from orchestration.settings import (
    PROJECT_ROOT,
    Settings,
    SettingsError,
    SparkSettings,
    TargetSettings,
)
from scrapers.registers.discovery.notice_api import NOTICE_LIST_PATH
from scrapers.replica.facts import load_register
from tests.support.loopback import LoopbackSites


def test_defaults_read_the_replica_into_the_checkout():
    settings = Settings.from_environment({})
    assert (settings.source, settings.replica_batches) == ("replica", None)
    assert (settings.cac_url, settings.beian_url) == (
        "https://www.cac.gov.cn", "https://beian.cac.gov.cn",
    )  # fmt: skip
    assert settings.data_dir == PROJECT_ROOT / "data"
    assert (settings.poll_seconds, settings.requests_per_second) == (900, 1.0)


def test_empty_variable_counts_as_unset():
    names = ("SOURCE", "CAC_URL", "DATA_DIR", "REPLICA_BATCHES", "POLL_SECONDS", "CONTACT")
    more = ("REQUESTS_PER_SECOND", "BEIAN_URL", "USER_AGENT")
    empty = {f"FILINGS_{name}": "" for name in (*names, *more)}
    assert Settings.from_environment(empty) == Settings.from_environment({})


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("FILINGS_CAC_URL", "http://127.0.0.1:8000/", "cac_url", "http://127.0.0.1:8000"),
        ("FILINGS_BEIAN_URL", "http://[::1]:80", "beian_url", "http://[::1]:80"),
        ("FILINGS_DATA_DIR", "/tmp/a/../b", "data_dir", Path("/tmp/b").resolve()),
        ("FILINGS_REPLICA_BATCHES", "3", "replica_batches", 3),
        ("FILINGS_POLL_SECONDS", "30", "poll_seconds", 30),
        ("FILINGS_REQUESTS_PER_SECOND", "0", "requests_per_second", 0.0),
        ("FILINGS_REQUESTS_PER_SECOND", "0.5", "requests_per_second", 0.5),
        ("FILINGS_REPLICA_BATCHES", "1", "replica_batches", 1),
        ("FILINGS_CONTACT", "a@b.org", "contact", "a@b.org"),
        ("FILINGS_USER_AGENT", "Mozilla/5.0 (X11; é)", "user_agent", "Mozilla/5.0 (X11; é)"),
        ("FILINGS_USER_AGENT", " Mozilla ", "user_agent", "Mozilla"),
        ("FILINGS_USER_AGENT", "  ", "user_agent", ""),
    ],
)
def test_valid_value_is_parsed(name, value, field, expected):
    assert getattr(Settings.from_environment({name: value}), field) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FILINGS_SOURCE", "Live"),
        ("FILINGS_SOURCE", "mirror"),
        ("FILINGS_CAC_URL", "www.cac.gov.cn"),
        ("FILINGS_CAC_URL", "ftp://www.cac.gov.cn"),
        ("FILINGS_CAC_URL", "https://"),
        ("FILINGS_CAC_URL", "https://www.cac.gov.cn/path"),
        ("FILINGS_CAC_URL", "https://www.cac.gov.cn?x=1"),
        ("FILINGS_CAC_URL", "https://www.cac.gov.cn#top"),
        ("FILINGS_CAC_URL", "https://www.cac.gov.cn:port"),
        ("FILINGS_BEIAN_URL", "https://[bad"),
        ("FILINGS_DATA_DIR", "/tmp/a,b"),
        ("FILINGS_DATA_DIR", "/tmp/a?b"),
        ("FILINGS_DATA_DIR", "/tmp/100%20"),
        ("FILINGS_REPLICA_BATCHES", "0"),
        ("FILINGS_REPLICA_BATCHES", "all"),
        ("FILINGS_POLL_SECONDS", "-1"),
        ("FILINGS_POLL_SECONDS", "1.5"),
        ("FILINGS_REQUESTS_PER_SECOND", "-1"),
        ("FILINGS_REQUESTS_PER_SECOND", "fast"),
        ("FILINGS_REQUESTS_PER_SECOND", "nan"),
        ("FILINGS_REQUESTS_PER_SECOND", "inf"),
    ],
)
def test_invalid_value_is_refused_with_name_of_variable(name, value):
    with pytest.raises(SettingsError, match=name) as caught:
        Settings.from_environment({name: value})
    assert value in str(caught.value)


def test_too_many_replica_batches_are_refused_when_opened():
    settings = Settings.from_environment({"FILINGS_REPLICA_BATCHES": "99"})
    with pytest.raises(SettingsError, match="FILINGS_REPLICA_BATCHES"):
        settings.open_session()


@pytest.mark.parametrize("source", ["replica", "live"])
def test_responses_name_the_source_they_were_fetched_from(source):
    with LoopbackSites(load_register().first(1)) as sites:
        settings = Settings.from_environment(
            {
                "FILINGS_SOURCE": source,
                "FILINGS_CAC_URL": sites.cac_url,
                "FILINGS_BEIAN_URL": sites.beian_url,
                "FILINGS_REQUESTS_PER_SECOND": "0",
            }
        )
        session = settings.open_session()
        answer = session.get(session.source.beian_url + NOTICE_LIST_PATH)
    assert answer.fetched_from == source


def test_live_session_uses_configured_hosts():
    settings = Settings.from_environment(
        {"FILINGS_SOURCE": "live", "FILINGS_CAC_URL": "http://127.0.0.1:1"}
    )
    assert settings.open_session().source.cac_url == "http://127.0.0.1:1"


def test_live_session_gets_all_settings(monkeypatch):
    sessions: list[dict[str, object]] = []
    monkeypatch.setattr(
        "orchestration.settings.PoliteSession", lambda _, **options: sessions.append(options)
    )
    settings = Settings.from_environment(
        {
            "FILINGS_SOURCE": "live",
            "FILINGS_REQUESTS_PER_SECOND": "0.5",
            "FILINGS_CONTACT": "a@b.org",
            "FILINGS_USER_AGENT": "Mozilla",
        }
    )
    settings.open_session(attempts=2, deadline_seconds=5.0, total_seconds=20.0)
    assert sessions == [
        {
            "requests_per_second": 0.5,
            "contact": "a@b.org",
            "user_agent": "Mozilla",
            "attempts": 2,
            "deadline_seconds": 5.0,
            "total_seconds": 20.0,
        }
    ]


@pytest.mark.parametrize("name", ["FILINGS_USER_AGENT", "FILINGS_CONTACT"])
@pytest.mark.parametrize(
    "value", ["a\r\nX: y", "a\n", "a\tb", "a\0b", "张三", "a\u2028b", "\udcff"]
)
def test_text_invalid_in_header_is_refused(name, value):
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({name: value})


@pytest.mark.parametrize(
    ("changes", "user_agent"),
    [
        ({}, "filings-register/1.0"),
        ({"FILINGS_CONTACT": "a@b.org"}, "filings-register/1.0 (a@b.org)"),
        ({"FILINGS_USER_AGENT": "Mozilla/5.0"}, "Mozilla/5.0"),
        ({"FILINGS_USER_AGENT": "Mozilla/5.0", "FILINGS_CONTACT": "a@b.org"}, "Mozilla/5.0"),
    ],
)
def test_user_agent_replaces_default_and_contact(changes, user_agent):
    with LoopbackSites(load_register().first(2)) as sites:
        urls = {"FILINGS_CAC_URL": sites.cac_url, "FILINGS_BEIAN_URL": sites.beian_url}
        settings = Settings.from_environment({"FILINGS_SOURCE": "live", **urls, **changes})
        session = settings.open_session()
        session.get(sites.beian_url + sites.notice_list_path)
        session.close()
        assert sites.log[0].headers["User-Agent"] == user_agent


@pytest.mark.parametrize("sign", ["\\", "\n", "\x1b"])
def test_path_with_unsupported_character_is_refused(sign):
    with pytest.raises(SettingsError, match=r"FILINGS_DATA_DIR is .* cannot be used"):
        Settings.from_environment({"FILINGS_DATA_DIR": f"/tmp/a{sign}b"})


def test_overlong_path_is_refused():
    with pytest.raises(SettingsError, match="a path longer than 400 bytes cannot be used"):
        Settings.from_environment({"FILINGS_DATA_DIR": "/tmp/" + "中" * 150})


@pytest.mark.parametrize(
    "name", ["data [live]", "x*y", "q'u\"o", "中文 空格", "{{ a }}", "$a;b#c&d|e"]
)
def test_path_with_other_special_characters_is_accepted(name):
    settings = Settings.from_environment({"FILINGS_DATA_DIR": f"/tmp/{name}"})
    assert settings.data_dir.name == name


@pytest.mark.parametrize(
    "address", ["", "/srv/filings", "~/filings", "file:///srv/filings", "s3://bucket/prefix"]
)
def test_store_with_a_place_of_its_own_is_accepted(address):
    found = TargetSettings.from_environment({"FILINGS_PUBLISH_TO": f" {address} "})
    assert found.store == address


@pytest.mark.parametrize("address", ["geheim", "./geheim", "~geheim/x", "s3:geheim/x", "S3geheim"])
def test_store_that_depends_on_the_working_directory_is_refused_without_showing_it(address):
    with pytest.raises(SettingsError, match="FILINGS_PUBLISH_TO does not begin with /") as raised:
        TargetSettings.from_environment({"FILINGS_PUBLISH_TO": address})
    assert "geheim" not in str(raised.value)


@pytest.mark.parametrize(
    ("value", "master", "is_local"),
    [
        ("", "local[*]", True),
        (" local[2] ", "local[2]", True),
        ("local", "local", True),
        ("local-cluster[2,1,1024]", "local-cluster[2,1,1024]", False),
        ("spark://localhost:7077", "spark://localhost:7077", False),
    ],
)
def test_spark_runs_on_this_machine_unless_a_cluster_is_named(value, master, is_local):
    found = SparkSettings.from_environment({"FILINGS_SPARK_MASTER": value})
    assert (found.master, found.is_local) == (master, is_local)
