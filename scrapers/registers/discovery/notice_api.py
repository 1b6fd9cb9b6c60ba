"""The notice list API of the source: one JSON object with about 34 notices."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from scrapers.errors import NoticeListError, shortened
from scrapers.http.responses import Fetched
from scrapers.http.session import PoliteSession

NOTICE_LIST_PATH = "/api/notice/list"
# The list is about 20 kB. Parsed JSON takes at most twenty times its size in memory.
MAX_LIST_BYTES = 16 * 1024 * 1024

# Lone surrogates are valid in JSON, but cannot be written to a file, URL or terminal.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Notice:
    """One notice; missing fields are empty strings.

    `broken` names the fields that contained lone surrogates, which are replaced.
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
    """Fetch the notice list. Raises FetchError."""
    url = session.source.beian_url + NOTICE_LIST_PATH
    return session.get(url, is_wanted=_is_json, max_bytes=MAX_LIST_BYTES)


def parse_notices(content: bytes) -> list[Notice]:
    """The notices of a response `{errno, errmsg, datas: [notice…]}`, in its order.

    Raises NoticeListError for any other response, and if the source reports an error.
    """
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        head = content[:60].decode("utf-8", "replace")
        raise NoticeListError(f"the notice list is not JSON, it starts with {head!r}") from error
    if not isinstance(answer, dict):
        raise NoticeListError("the notice list is not a JSON object")
    if answer.get("errno") not in (0, "0", None):
        raise NoticeListError(
            f"the source reports errno {_plain(answer['errno'])}: "
            f"{_plain(answer.get('errmsg') or 'no message')}"
        )
    notices = answer.get("datas")
    if not isinstance(notices, list) or not all(isinstance(item, dict) for item in notices):
        raise NoticeListError("the notice list has no array of notices in `datas`")
    return [_notice(item) for item in notices]


def _notice(fields: Mapping[str, object]) -> Notice:
    names = ("noticeId", "title", "content", "createTime")
    texts = {name: str(fields.get(name) or "") for name in names}
    broken = tuple(name for name, text in texts.items() if _LONE_SURROGATE.search(text))
    legible = {name: _LONE_SURROGATE.sub("\ufffd", text) for name, text in texts.items()}
    return Notice(
        notice_id=legible["noticeId"],
        title=legible["title"],
        content=legible["content"],
        created_at=legible["createTime"],
        broken=broken,
    )


def _plain(value: object) -> str:
    """A value from the response, made safe for a message."""
    return shortened(_LONE_SURROGATE.sub("\ufffd", str(value)))


def _is_json(fetched: Fetched) -> bool:
    return fetched.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}
