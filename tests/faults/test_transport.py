"""A source that never ends an answer, and what a machine's own files would send it."""

import time

import pytest

from tests.faults.source import answers_list, answers_notice_list, answers_page, healthy
from tests.support.loopback import drip_body, drip_header

BATCH, FOLDER = 2, "002"
DEADLINE_SECONDS = 0.4
# Four attempts, and a machine that does something else as well; a drip lasts for an hour.
SOON_SECONDS = 20

DRIPS = {
    "the header of a list": (answers_list(BATCH, drip_header), FOLDER),
    "the body of a list": (answers_list(BATCH, drip_body), FOLDER),
    "the header of a page": (answers_page(BATCH, drip_header), FOLDER),
    "the body of the notice list": (answers_notice_list(drip_body), ""),
}


@pytest.mark.parametrize(("act", "failed"), DRIPS.values(), ids=DRIPS)
def test_an_answer_that_drips_is_left_at_a_deadline(act, failed, nights, undisturbed, monkeypatch):
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
def test_no_password_of_the_machines_is_sent_to_the_source(entry, nights, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text(f"{entry} login name password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    nights.sites.log.clear()
    assert nights.pass_over(healthy).failed == {}
    asked = [request.headers for request in nights.sites.log]
    assert len(asked) > 5 and not any("Authorization" in headers for headers in asked)
