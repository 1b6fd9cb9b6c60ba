"""Conditional requests: when they are sent, and when "not modified" is believed."""

from datetime import UTC, datetime

import pytest

from scrapers.errors import FetchError, shortened
from scrapers.http.responses import MAX_HEADER, Fetched
from tests.scrapers.registers.scripted import PAGE, Reply, scripted

BEFORE = datetime(2026, 1, 5, tzinfo=UTC)
ETAG, DATE = '"a1"', "Mon, 05 Jan 2026 01:00:00 GMT"
NOT_MODIFIED = Reply(304, b"", {"ETag": ETAG})


def known(url: str = PAGE, source: str = "live", **headers: str) -> Fetched:
    """The response to an earlier request."""
    return Fetched(PAGE, url, b"as before", headers, BEFORE, source)


def conditions(request: object) -> dict[str, str]:
    names = ("If-None-Match", "If-Modified-Since")
    return {name: request.headers[name] for name in names if name in request.headers}


def test_response_that_is_not_modified_is_the_known_one_fetched_now():
    session, script, _ = scripted(NOT_MODIFIED)
    response = session.get(PAGE, known=known(ETag=ETAG))
    assert response.content == b"as before" and response.retrieved_at > BEFORE
    assert [conditions(request) for request in script.requests] == [{"If-None-Match": ETAG}]


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ({"etag": ETAG, "last-modified": DATE}, {"If-None-Match": ETAG, "If-Modified-Since": DATE}),
        ({"Last-Modified": DATE}, {"If-Modified-Since": DATE}),
        ({"ETag": ""}, {}),
        ({"ETag": '"备案"', "Last-Modified": DATE}, {"If-Modified-Since": DATE}),
        ({"ETag": '"a\r\nb"'}, {}),
        ({"ETag": shortened("x" * 2_000, MAX_HEADER)}, {}),
        ({"Content-Type": "text/html"}, {}),
    ],
)
def test_conditions_repeat_what_the_source_stated(headers, sent):
    session, script, _ = scripted(Reply(body=b"new"))
    assert session.get(PAGE, known=known(**headers)).content == b"new"
    assert conditions(script.requests[0]) == sent


@pytest.mark.parametrize(
    "other", [known("https://cac.test/moved.htm", ETag=ETAG), known(source="replica", ETag=ETAG)]
)
def test_response_of_another_address_or_source_is_not_a_condition(other):
    session, script, _ = scripted(Reply(body=b"new"))
    assert session.get(PAGE, known=other).content == b"new"
    assert conditions(script.requests[0]) == {}


@pytest.mark.parametrize(
    "stated", [{"ETag": '"older"'}, {"Last-Modified": "Sun, 04 Jan 2026 01:00:00 GMT"}, {}]
)
def test_whole_response_is_fetched_if_an_older_file_is_not_modified(stated):
    """As from a cache that still holds the file of last week."""
    session, script, _ = scripted(Reply(304, b"", stated), Reply(body=b"older"))
    response = session.get(PAGE, known=known(ETag=ETAG, **{"Last-Modified": DATE}))
    assert response.content == b"older"
    assert [bool(conditions(request)) for request in script.requests] == [True, False]


def test_not_modified_without_a_condition_is_an_error():
    session, _, _ = scripted(NOT_MODIFIED)
    with pytest.raises(FetchError, match="status 304"):
        session.get(PAGE)


def test_conditional_requests_keep_to_the_rate_limit():
    session, script, naps = scripted(
        Reply(304, b"", {"ETag": '"older"'}), Reply(body=b"older"), requests_per_second=1
    )
    session.get(PAGE, known=known(ETag=ETAG))
    assert len(script.requests) == 2 and len(naps) == 1


def test_sessions_with_the_same_pages_fetch_each_once():
    first, script, _ = scripted(Reply(body=b"page"))
    second, other, _ = scripted(Reply(body=b"another"))
    first.pages = second.pages = {}
    for session in (first, second):
        with session.caching():
            assert session.get(PAGE).content == b"page"
    assert len(script.requests) == 1 and other.requests == []
    assert second.get(PAGE).content == b"another"


def test_shared_page_that_cannot_be_read_is_fetched_again():
    session, script, _ = scripted(Reply(body=b"busy"), Reply(body=b"page"))
    session.pages = {}
    with pytest.raises(ValueError, match="busy"), session.caching():
        raise ValueError(session.get(PAGE).content)
    with session.caching():
        assert session.get(PAGE).content == b"page"
    assert len(script.requests) == 2
