"""Messages arrive as JSON, and errors do not show the secrets of the address."""

import socket
import time
from collections.abc import Iterator
from threading import Thread

import pytest

from orchestration.incidents import sending
from orchestration.incidents.sending import Sender, SendingError
from tests.support.receiver import Receiver

MESSAGE = {"event": "problem", "title": "标题", "text": "文本"}


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch):
    monkeypatch.setattr(sending, "WAIT_SECONDS", 0)


def test_message_is_posted_as_json(inbox: Receiver):
    Sender(9).post(f"{inbox.url}/alert?token=1", MESSAGE)
    (received,) = inbox.received
    assert received.method == "POST" and received.path == "/alert?token=1"
    assert received.message == MESSAGE
    assert received.headers["Content-Type"].startswith("application/json")


def test_heartbeat_is_a_get(inbox: Receiver):
    Sender(9).ping(f"{inbox.url}/ping")
    assert [(item.method, item.path) for item in inbox.received] == [("GET", "/ping")]


def test_name_and_password_of_the_address_are_sent_as_a_header(inbox: Receiver):
    Sender(9).post(inbox.url.replace("//", "//me:s%40cret@"), MESSAGE)
    assert inbox.received[0].headers["Authorization"] == "Basic bWU6c0BjcmV0"


def test_passwords_of_the_netrc_file_are_not_sent(inbox: Receiver, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    Sender(9).post(inbox.url, MESSAGE)
    assert "Authorization" not in inbox.received[0].headers


@pytest.mark.parametrize(("status", "sent"), [(302, 1), (404, 1), (429, 2), (500, 2)])
def test_answer_other_than_success_is_an_error_that_names_the_host_only(
    inbox: Receiver, status, sent
):
    inbox.status = status
    with pytest.raises(SendingError, match=f"127.0.0.1: status {status}") as error:
        Sender(9, attempts=2).post(f"{inbox.url}/secret-token", MESSAGE)
    assert "secret-token" not in str(error.value)
    assert len(inbox.received) == sent, "a refusal is not repeated"


def test_server_that_does_not_answer_is_an_error():
    with pytest.raises(SendingError, match=r"127\.0\.0\.1: ConnectionError") as error:
        Sender(9).post("http://127.0.0.1:9/secret-token", MESSAGE)
    assert "secret-token" not in str(error.value)


def test_other_addresses_are_sent_by_apprise(inbox: Receiver):
    pytest.importorskip("apprise")
    Sender(9).post(inbox.url.replace("http:", "json:"), MESSAGE)
    (received,) = inbox.received
    assert (received.message["title"], received.message["message"]) == ("标题", "文本")


def test_address_that_apprise_does_not_know_is_an_error_without_the_address():
    pytest.importorskip("apprise")
    with pytest.raises(SendingError, match="nonsense") as error:
        Sender(9).post("nonsense://secret-token", MESSAGE)
    assert "secret-token" not in str(error.value)


@pytest.fixture
def drip() -> Iterator[str]:
    """The address of a server that reads a request, and answers one byte now and then."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                connections.append(client)
                client.recv(65536)
                try:
                    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 400:
                        client.send(bytes([byte]))
                        time.sleep(0.05)
                except OSError:
                    continue

        connections: list[socket.socket] = []
        Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for client in connections:
            client.close()


def test_server_that_drips_bytes_is_abandoned_and_not_asked_again(drip, caplog):
    started = time.monotonic()
    Sender(0.4, attempts=3).post(drip, MESSAGE)
    assert time.monotonic() - started < 5
    assert "did not answer in time" in caplog.text


def test_host_whose_name_is_not_found_in_time_is_a_failure(monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: time.sleep(2))
    with pytest.raises(SendingError, match="took too long"):
        Sender(0.2).post("http://hooks.invalid/secret", MESSAGE)


def test_receiver_behind_a_proxy_is_looked_up_by_the_proxy(inbox: Receiver, monkeypatch):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", inbox.url.removeprefix("http://"))
    Sender(9).post("http://hooks.invalid/alert", MESSAGE)
    assert [item.message for item in inbox.received] == [MESSAGE]


def test_receiver_whose_addresses_all_keep_silent_is_a_failure(monkeypatch):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        address = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
        waiting = [socket.socket() for _ in range(3)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", port))
        monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [address] * 4)
        with pytest.raises(SendingError, match="ConnectTimeout"):
            Sender(2).post(f"http://hooks.invalid:{port}/", MESSAGE)
        for client in waiting:
            client.close()


def test_message_to_a_slow_receiver_counts_as_sent(caplog):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        Sender(0.6, attempts=3).post(f"http://127.0.0.1:{silent.getsockname()[1]}/", MESSAGE)
    assert "did not answer in time" in caplog.text


def test_message_without_time_left_is_an_error(inbox: Receiver):
    with pytest.raises(SendingError, match="no time left"):
        Sender(0).post(inbox.url, MESSAGE)
    assert inbox.received == []


@pytest.mark.parametrize(
    "address",
    ["https://hooks..invalid/x", f"https://{'a' * 70}.invalid/", "http://me:密码@127.0.0.1:9/"],
)
def test_address_that_requests_cannot_use_is_an_error_without_the_address(address):
    with pytest.raises(SendingError) as error:
        Sender(9).post(address, MESSAGE)
    assert "密码" not in str(error.value)
