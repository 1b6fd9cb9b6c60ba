"""What the session takes from its environment: proxies and certificates, but no passwords."""

import pytest
import requests
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy

from scrapers.errors import FetchError, TransientFetchError
from scrapers.http.session import CERTIFICATE_VARIABLES, PoliteSession
from tests.scrapers.registers.scripted import PAGE, SOURCE, Reply, scripted


@pytest.mark.parametrize("entry", ["machine cac.test", "default"])
def test_netrc_password_is_not_sent(entry, tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text(f"{entry} login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HOME", str(tmp_path))
    session, script, _ = scripted(Reply())
    session.get(PAGE)
    assert "Authorization" not in script.requests[0].headers


@pytest.fixture
def clean_environment(monkeypatch):
    """An environment without proxies and certificates."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in CERTIFICATE_VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variables", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy.test:8080"}, "http://proxy.test:8080"),
        ({"https_proxy": "http://proxy.test:8080"}, "http://proxy.test:8080"),
        ({"ALL_PROXY": "http://proxy.test:8080"}, "http://proxy.test:8080"),
        ({"HTTP_PROXY": "http://proxy.test:8080"}, None),
        ({"HTTPS_PROXY": "http://proxy.test:8080", "NO_PROXY": "cac.test"}, None),
    ],
)
@pytest.mark.usefixtures("clean_environment")
def test_proxy_is_taken_from_environment(variables, proxy, monkeypatch):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    session, script, _ = scripted(Reply())
    session.get(PAGE)
    assert select_proxy(PAGE, script.settings[0]["proxies"]) == proxy


@pytest.mark.parametrize("name", CERTIFICATE_VARIABLES)
@pytest.mark.usefixtures("clean_environment")
def test_certificates_are_taken_from_environment(name, tmp_path, monkeypatch):
    sent: list[object] = []

    def note(_: object, __: object, verify: object = None, **___: object) -> None:
        sent.append(verify)
        raise requests.ConnectionError("noted")

    monkeypatch.setattr(HTTPAdapter, "send", note)
    for path in (None, tmp_path):
        if path:
            monkeypatch.setenv(name, str(path))
        with pytest.raises(TransientFetchError, match="noted"):
            PoliteSession(SOURCE, attempts=1).get(PAGE)
    assert sent == [True, str(tmp_path)]
    monkeypatch.setenv(name, str(tmp_path / "gone.pem"))
    with pytest.raises(FetchError, match=rf"{name} is .*gone\.pem.*does not exist"):
        PoliteSession(SOURCE)
