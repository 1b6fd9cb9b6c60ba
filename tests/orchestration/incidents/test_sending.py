"""Messages arrive as JSON, and what fails is told without the secrets of the address."""

import pytest

from orchestration.incidents import sending
from orchestration.incidents.sending import SendingError, ping, post
from tests.support.receiver import Receiver

MESSAGE = {"event": "problem", "title": "标题", "text": "文本"}


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch):
    monkeypatch.setattr(sending, "WAIT_SECONDS", 0)


def test_message_is_posted_as_json(inbox: Receiver):
    post(f"{inbox.url}/alert?token=1", MESSAGE)
    (received,) = inbox.received
    assert received.method == "POST" and received.path == "/alert?token=1"
    assert received.message == MESSAGE
    assert received.headers["Content-Type"].startswith("application/json")


def test_heartbeat_is_a_get(inbox: Receiver):
    ping(f"{inbox.url}/ping")
    assert [(item.method, item.path) for item in inbox.received] == [("GET", "/ping")]


def test_name_and_password_of_the_address_are_sent_as_a_header(inbox: Receiver):
    post(inbox.url.replace("//", "//me:s%40cret@"), MESSAGE)
    assert inbox.received[0].headers["Authorization"] == "Basic bWU6c0BjcmV0"


def test_passwords_of_the_netrc_file_are_not_sent(inbox: Receiver, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    post(inbox.url, MESSAGE)
    assert "Authorization" not in inbox.received[0].headers


@pytest.mark.parametrize("status", [302, 404, 500])
def test_answer_other_than_success_is_an_error_that_names_the_host_only(inbox: Receiver, status):
    inbox.status = status
    with pytest.raises(SendingError, match=f"127.0.0.1: status {status}") as error:
        post(f"{inbox.url}/secret-token", MESSAGE, attempts=2)
    assert "secret-token" not in str(error.value)
    assert len(inbox.received) == 2


def test_server_that_does_not_answer_is_an_error():
    with pytest.raises(SendingError, match=r"127\.0\.0\.1: ConnectionError") as error:
        post("http://127.0.0.1:9/secret-token", MESSAGE)
    assert "secret-token" not in str(error.value)


def test_other_addresses_are_sent_by_apprise(inbox: Receiver):
    pytest.importorskip("apprise")
    post(inbox.url.replace("http:", "json:"), MESSAGE)
    (received,) = inbox.received
    assert (received.message["title"], received.message["message"]) == ("标题", "文本")


def test_address_that_apprise_does_not_know_is_an_error_without_the_address():
    pytest.importorskip("apprise")
    with pytest.raises(SendingError, match="nonsense") as error:
        post("nonsense://secret-token", MESSAGE)
    assert "secret-token" not in str(error.value)
