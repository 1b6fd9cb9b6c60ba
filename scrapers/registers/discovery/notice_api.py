"""The notice list as the source answers it: one JSON object with some 34 pinned notices."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from scrapers.errors import NoticeListError, shortened
from scrapers.http.responses import Fetched
from scrapers.http.session import PoliteSession

NOTICE_LIST_PATH = "/api/notice/list"
# The list has some 20 kB; parsed, JSON takes twenty times its size in memory at worst.
MAX_LIST_BYTES = 16 * 1024 * 1024

# A lone surrogate (\ud800): JSON can hold one, but no file, address or terminal can.
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Notice:
    """One notice, its fields as text and empty where they are missing.

    `broken` names the fields that held half characters, which are replaced.
    """

    notice_id: str
    title: str
    content: str
    created_at: str
    broken: tuple[str, ...] = ()

    def __str__(self) -> str:
        notice_id = shortened(self.notice_id or "without noticeId")
        return f"notice {notice_id} {shortened(self.title)!r}"


def fetch_notice_list(session: PoliteSession) -> Fetched:
    """Ask the source for its notice list. Raises FetchError."""
    url = session.source.beian_url + NOTICE_LIST_PATH
    return session.get(url, is_wanted=_is_json, max_bytes=MAX_LIST_BYTES)


def parse_notices(content: bytes) -> list[Notice]:
    """The notices of the answer `{errno, errmsg, datas: [notice…]}`, in its order.

    Raises NoticeListError for anything else, and for an error that the source reports.
    """
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
    return [_notice(item) for item in notices]


def _notice(fields: Mapping[str, object]) -> Notice:
    names = ("noticeId", "title", "content", "createTime")
    texts = {name: str(fields.get(name) or "") for name in names}
    broken = tuple(name for name, text in texts.items() if _HALF_CHARACTER.search(text))
    legible = {name: _HALF_CHARACTER.sub("\ufffd", text) for name, text in texts.items()}
    return Notice(
        notice_id=legible["noticeId"],
        title=legible["title"],
        content=legible["content"],
        created_at=legible["createTime"],
        broken=broken,
    )


def _plain(value: object) -> str:
    """A value of the answer for a message."""
    return shortened(_HALF_CHARACTER.sub("\ufffd", str(value)))


def _is_json(fetched: Fetched) -> bool:
    return fetched.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}
