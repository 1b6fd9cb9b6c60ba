"""The notice list: which batches and cancellations the source announces.

One JSON answer holds some 34 pinned notices of every sort. Titles say what each is (see
`notice_titles`): those that announce a batch and those that cancel filing numbers are taken, guides
and notices of other registers are counted and left alone, and one that speaks of this register and
is none of these is named. The first batch is never on the list.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from scrapers.errors import FilingsError, NoticeListError, located, shortened
from scrapers.fields.text_keys import without_width
from scrapers.http.addresses import Source
from scrapers.http.answers import Fetched
from scrapers.http.session import PoliteSession
from scrapers.registers.discovery.notice_titles import TitleKind, kind_of
from scrapers.registers.discovery.wording import (
    MAX_ORDINALS_AHEAD,
    batch_ordinal,
    number_of,
    out_of_reach,
    title_key,
)

NOTICE_LIST_PATH = "/api/notice/list"
CANCELLATION_FILE_PATH = "/api/file/fileDownLoad?noticeId="
MAX_NOTICE_ID = 80
# The list has some 20 kB; parsed, JSON takes twenty times its size in memory at worst.
MAX_LIST_BYTES = 16 * 1024 * 1024
FIRST_BATCH_PATH = "/2023-06/20/c_1688910683316256.htm"

_TITLED_COUNT = re.compile("等([0-9]{1,3}|[零〇一二两三四五六七八九十百]{1,6})[个项款]")
_FIELDS = ("noticeId", "title", "content", "createTime")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_PAGE_PATH = re.compile(r"/([0-9]{4})-([0-9]{2})/([0-9]{2})/c_[0-9]+\.html?")


@dataclass(frozen=True)
class Announcement:
    """A numbered batch and the page that publishes it; some batches have a second address."""

    batch_no: int
    page_url: str
    announced_on: date
    other_page_urls: tuple[str, ...] = ()

    @property
    def page_urls(self) -> tuple[str, ...]:
        return (self.page_url, *self.other_page_urls)


@dataclass(frozen=True)
class CancellationNotice:
    """A notice that cancels filing numbers, and the stable address of its file."""

    notice_id: str
    title: str
    published_on: date
    file_url: str


@dataclass(frozen=True)
class NoticeList:
    """The list, sorted: batches by ordinal, cancellations, the number of notices of other sorts.

    `problems` holds notices that announce a batch or a cancellation but cannot be read, and
    `overlooked` those that speak of this register and are neither; the others still count.
    """

    announcements: Mapping[int, Announcement]
    cancellations: tuple[CancellationNotice, ...]
    other_notices: int
    problems: tuple[FilingsError, ...] = ()
    overlooked: tuple[FilingsError, ...] = ()
    fetched: Fetched | None = None

    @property
    def alarms(self) -> tuple[FilingsError, ...]:
        """Everything on the list that an operator must look at."""
        return (*self.problems, *self.overlooked)


def fetch_notices(session: PoliteSession) -> NoticeList:
    """Ask the source for its notice list.

    Raises FetchError when it does not answer and NoticeListError when the answer is no list or
    announces no batch at all: an unreadable list is never taken for "nothing new".
    """
    url = session.source.beian_url + NOTICE_LIST_PATH
    fetched = session.get(url, is_wanted=_is_json, max_bytes=MAX_LIST_BYTES)
    with located(url=url):
        return replace(read_notices(fetched.content, session.source), fetched=fetched)


def read_notices(content: bytes, source: Source) -> NoticeList:
    """Read the JSON answer `{errno, errmsg, datas: [notice…]}`. Raises as `fetch_notices` does."""
    announcements: dict[int, Announcement] = {}
    cancellations: list[CancellationNotice] = []
    problems: list[FilingsError] = []
    overlooked: list[FilingsError] = []
    others = 0
    for notice, broken in map(_legible, _notices_of(content)):
        title = str(notice.get("title") or "")
        kind = _kind(notice, title)
        try:
            if broken and kind in {"batch", "cancellation"}:
                raise NoticeListError(
                    f"its {', '.join(broken)} holds half a character",
                    remedy="The notice is not taken until the source has mended it",
                )
            if kind == "batch":
                found = _announcement(notice, title, source)
                announcements[found.batch_no] = _merge(announcements.get(found.batch_no), found)
            elif kind == "cancellation":
                cancellations.append(_cancellation(notice, title, source))
            elif kind == "unknown":
                overlooked.append(_not_taken(notice, title))
            else:
                others += 1
        except FilingsError as error:
            error.found = f"{_name(notice, title)}: {error.found}"
            problems.append(error)
    if not announcements:
        count = others + len(cancellations) + len(overlooked)
        raise problems[0] if problems else _no_batch(count, overlooked)
    return NoticeList(
        dict(sorted(announcements.items())),
        tuple(cancellations),
        others,
        tuple(problems),
        tuple(overlooked),
    )


def first_batch(source: Source) -> Announcement:
    """The announcement of batch 1, whose page is known though no list names it."""
    return announcement_at(1, source.cac_url + FIRST_BATCH_PATH)


def announcement_at(batch_no: int, page_url: str) -> Announcement:
    """The announcement of a batch at an address whose path tells the date of publication."""
    match = _PAGE_PATH.fullmatch(urlsplit(page_url).path)
    if not match:
        raise NoticeListError(
            f"{page_url!r} is not an announcement page (/YYYY-MM/DD/c_<digits>.htm)",
            batch_no=batch_no,
        )
    year, month, day = (int(part) for part in match.groups())
    try:
        return Announcement(batch_no, page_url, date(year, month, day))
    except ValueError as error:
        raise NoticeListError(f"{page_url!r} holds no date ({error})", batch_no=batch_no) from error


def titled_count(title: str) -> int | None:
    """How many numbers a title says are cancelled (等28个, 等十个); None where it does not say."""
    match = _TITLED_COUNT.search(title_key(title))
    return number_of(match.group(1)) if match else None


def cancellation_notice(
    notice_id: str, title: str, published_on: date, source: Source
) -> CancellationNotice:
    """A notice with the address at which its file stays; the one on the list soon answers 404."""
    file_url = source.beian_url + CANCELLATION_FILE_PATH + quote(notice_id, safe="")
    return CancellationNotice(notice_id, title, published_on, file_url)


def announced(
    notices: NoticeList, archived: Iterable[Announcement], source: Source
) -> dict[int, Announcement]:
    """Every batch known to be announced: on the list, batch 1, or already in the archive.

    The list wins over the archive, since it is newer; the archive remembers what it forgot. A batch
    in the archive whose page the list now announces under another ordinal was misnumbered: it is
    announced no more.
    """
    known = {1: first_batch(source)}
    on_list = {url: item for item in notices.announcements.values() for url in item.page_urls}
    for announcement in archived:
        now = on_list.get(announcement.page_url, announcement)
        if now.batch_no == announcement.batch_no:
            known[announcement.batch_no] = announcement
    known.update(notices.announcements)
    return dict(sorted(known.items()))


def within_reach(notices: NoticeList, held: Iterable[int]) -> NoticeList:
    """The list without batches whose ordinal is far above all others; these become problems.

    `held` are the batches in the archive.
    """
    refused = out_of_reach(notices.announcements, held)
    if not refused:
        return notices
    kept = {no: item for no, item in notices.announcements.items() if no not in refused}
    highest = max([*kept, *held], default=0)
    problems = [
        NoticeListError(
            f"a batch is announced whose ordinal, {no}, is more than {MAX_ORDINALS_AHEAD} above "
            f"the highest known, {highest}",
            batch_no=no,
            url=notices.announcements[no].page_url,
            remedy="It is not taken until its ordinal is right",
        )
        for no in refused
    ]
    return replace(notices, announcements=kept, problems=(*notices.problems, *problems))


def gaps_in(batch_nos: Iterable[int]) -> list[tuple[int, int]]:
    """Ordinals skipped below the highest one, as ranges (first, last).

    A gap is a sign that an announcement was overlooked.
    """
    gaps = []
    expected = 1
    for number in sorted(set(batch_nos)):
        if number > expected:
            gaps.append((expected, number - 1))
        expected = number + 1
    return gaps


def _legible(notice: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The notice with half characters (lone surrogates, as \\ud800) replaced, and the fields that
    had them. JSON can hold one, but no file, address or terminal can."""
    texts = {name: str(notice.get(name) or "") for name in _FIELDS}
    broken = [name for name, text in texts.items() if _HALF_CHARACTER.search(text)]
    mended = {name: _HALF_CHARACTER.sub("\ufffd", texts[name]) for name in broken}
    return notice | mended, broken


def _plain(value: object) -> str:
    """A value of the answer for a message."""
    return shortened(_HALF_CHARACTER.sub("\ufffd", str(value)))


def _is_json(fetched: Fetched) -> bool:
    return fetched.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}


def _kind(notice: dict[str, Any], title: str) -> TitleKind:
    """The kind of a notice: by its title, and by its address where it has none."""
    path = str(notice.get("content") or "").partition("://")[2].partition("/")[2].strip()
    if not title_key(title) and _PAGE_PATH.fullmatch(f"/{path}"):
        return "unknown"
    return kind_of(title)


def _name(notice: dict[str, Any], title: str) -> str:
    """How messages name a notice."""
    notice_id = shortened(str(notice.get("noticeId") or "without noticeId"))
    return f"notice {notice_id} {shortened(title)!r}"


def _not_taken(notice: dict[str, Any], title: str) -> NoticeListError:
    address = shortened(str(notice.get("content") or "no address"))
    why = "speaks of this register" if title_key(title) else "links to an announcement page"
    return NoticeListError(
        f"{_name(notice, title)} {why}, but is known neither as a batch or cancellation nor as a "
        f"guide ({address})",
        remedy="Read it; scrapers/registers/discovery/notice_titles.py must learn such titles",
    )


def _no_batch(count: int, overlooked: list[FilingsError]) -> NoticeListError:
    first = f"; the first that was not understood: {overlooked[0].found}" if overlooked else ""
    return NoticeListError(
        f"no batch announcement among {count} notices{first}",
        remedy="The list's titles may have changed: compare "
        "scrapers/registers/discovery/notice_titles.py",
    )


def _notices_of(content: bytes) -> list[dict[str, Any]]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        head = content[:60].decode("utf-8", "replace")
        raise NoticeListError(f"the notice list is no JSON but begins {head!r}") from error
    if not isinstance(answer, dict):
        raise NoticeListError("the notice list is JSON, but no object")
    if answer.get("errno") not in (0, "0", None):
        raise NoticeListError(
            f"the source reports errno {_plain(answer['errno'])}: "
            f"{_plain(answer.get('errmsg') or 'no message')}"
        )
    notices = answer.get("datas")
    if not isinstance(notices, list) or not all(isinstance(item, dict) for item in notices):
        raise NoticeListError("the notice list has no list of notices under `datas`")
    return notices


def _announcement(notice: dict[str, Any], title: str, source: Source) -> Announcement:
    link = without_width(str(notice.get("content") or ""))
    page_url = source.resolve(link, source.cac_url)
    batch_no = batch_ordinal(title)
    if batch_no is None and urlsplit(page_url).path == FIRST_BATCH_PATH:
        batch_no = 1
    if batch_no is None:
        raise NoticeListError("the title names no batch ordinal", url=page_url)
    return announcement_at(batch_no, page_url)


def _merge(known: Announcement | None, found: Announcement) -> Announcement:
    """One batch from two notices: the earlier page leads, in any order of the list."""
    if known is None or known.page_url == found.page_url:
        return found if known is None else known
    first, *others = sorted(
        {*known.page_urls, *found.page_urls},
        key=lambda url: (announcement_at(found.batch_no, url).announced_on, url),
    )
    return replace(announcement_at(found.batch_no, first), other_page_urls=tuple(others))


def _cancellation(notice: dict[str, Any], title: str, source: Source) -> CancellationNotice:
    notice_id = str(notice.get("noticeId") or "")
    if not notice_id:
        raise NoticeListError("the cancellation notice has no noticeId")
    # It becomes a folder's name as well as a part of an address.
    if not notice_id.isascii() or not notice_id.isprintable() or len(notice_id) > MAX_NOTICE_ID:
        raise NoticeListError(
            f"the cancellation notice has the noticeId {shortened(notice_id)!r}",
            remedy=f"Usable are printable ASCII characters, {MAX_NOTICE_ID} at most",
        )
    created_at = str(notice.get("createTime") or "")
    try:
        published_on = date.fromisoformat(created_at[:10])
    except ValueError as error:
        raise NoticeListError(
            f"the cancellation notice has the createTime {shortened(created_at)!r}"
        ) from error
    return cancellation_notice(notice_id, title, published_on, source)
