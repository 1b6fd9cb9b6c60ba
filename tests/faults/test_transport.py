"""Answers that never end, and passwords in the netrc file of the machine."""

import time

import pytest

from tests.faults.source import answers_list, answers_notice_list, answers_page, healthy
from tests.support.loopback import drip_body, drip_header

BATCH, FOLDER = 2, "002"
DEADLINE_SECONDS = 0.4
# Four attempts on a busy machine; the whole answer would take an hour.
SOON_SECONDS = 20

DRIPS = {
    "the header of a list": (answers_list(BATCH, drip_header), FOLDER),
    "the body of a list": (answers_list(BATCH, drip_body), FOLDER),
    "the header of a page": (answers_page(BATCH, drip_header), FOLDER),
    "the body of the notice list": (answers_notice_list(drip_body), ""),
}


@pytest.mark.parametrize(("act", "failed"), DRIPS.values(), ids=DRIPS)
def test_answer_that_never_ends_is_abandoned_at_the_deadline(
    act, failed, nights, undisturbed, monkeypatch
):
    monkeypatch.setattr("scrapers.http.session.DEADLINE_SECONDS", DEADLINE_SECONDS)
    started = time.monotonic()
    seen = nights.pass_over(act)
    assert time.monotonic() - started < SOON_SECONDS
    assert set(seen.failed) == {failed} and "seconds" in seen.failed[failed]
    assert seen.accepted == undisturbed(healthy)
    monkeypatch.undo()
    after = nights.pass_over(healthy)
    assert after.failed == {} and after.accepted == undisturbed(healthy)


@pytest.mark.parametrize("entry", ["machine 127.0.0.1", "default"])
def test_netrc_password_is_not_sent_to_the_source(entry, nights, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text(f"{entry} login name password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    nights.sites.log.clear()
    assert nights.pass_over(healthy).failed == {}
    headers_sent = [request.headers for request in nights.sites.log]
    assert len(headers_sent) > 5
    assert not any("Authorization" in headers for headers in headers_sent)
