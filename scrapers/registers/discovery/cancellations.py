"""Cancellation notices on the notice list and in the archive, and the URLs of their files.

Old notices disappear from the notice list, so they are also taken from the archive.
"""

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import quote

from scrapers.archive.sidecar import Version
from scrapers.errors import NoticeListError, shortened
from scrapers.http.addresses import Source
from scrapers.registers.base import Document
from scrapers.registers.discovery.notice_api import Notice
from scrapers.registers.discovery.wording import parse_numeral, title_key

FILE_PATH = "/api/file/fileDownLoad?noticeId="
MAX_NOTICE_ID = 80

_TITLED_COUNT = re.compile("等([0-9]{1,3}|[零〇一二两三四五六七八九十百]{1,6})[个项款]")


def cancellation_at(
    notice_id: str, title: str | None, published_on: date | None, source: Source
) -> Document:
    """A notice with the permanent URL of its file; the URL on the list soon returns 404."""
    url = source.beian_url + FILE_PATH + quote(notice_id, safe="")
    return Document(notice_id, published_on, title, url)


def cancellation_of(notice: Notice, source: Source) -> Document:
    """The document of a cancellation notice on the list. Raises NoticeListError if invalid."""
    notice_id = notice.notice_id
    if not notice_id:
        raise NoticeListError("the cancellation notice has no noticeId")
    # It is used as a folder name and as a part of a URL.
    if not notice_id.isascii() or not notice_id.isprintable() or len(notice_id) > MAX_NOTICE_ID:
        raise NoticeListError(
            f"the cancellation notice has the noticeId {shortened(notice_id)!r}",
            remedy=f"It must consist of at most {MAX_NOTICE_ID} printable ASCII characters",
        )
    try:
        published_on = date.fromisoformat(notice.created_at[:10])
    except ValueError as error:
        raise NoticeListError(
            f"the cancellation notice has the createTime {shortened(notice.created_at)!r}"
        ) from error
    return cancellation_at(notice_id, notice.title, published_on, source)


def archived_cancellations(archived: Mapping[str, Version], source: Source) -> list[Document]:
    """The notices in the archive, with their URLs on the base URL configured now."""
    found = []
    for key, version in archived.items():
        facts = version.facts
        known = cancellation_at(facts.key or key, facts.title, facts.published_on, source)
        found.append(known)
    return found


def titled_count(title: str) -> int | None:
    """The number of cancellations that a title states (等28个, 等十个), or None."""
    match = _TITLED_COUNT.search(title_key(title))
    return parse_numeral(match.group(1)) if match else None
