"""The web firewall before the source, known by what it answers.

A name alone proves nothing: hosts behind a firewall show its badge in the footer of true pages and
have its headers and cookies on every answer. So a mark counts only where the answer is not what was
asked for; the same goes for a page of scripts with a line of text, such as "please wait". By itself
an answer is a challenge only if it is for scripts and shows no text, or if its title names a
firewall.

Marks as in public detectors of firewalls (wafw00f and the like) and reports of readers.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from scrapers.errors import (
    AnnouncementError,
    EmptyAnswerError,
    FetchError,
    FirewallError,
    shortened,
)
from scrapers.fields.text_keys import matching_key
from scrapers.http.html_text import decoded_html

# Answers of firewalls; a plain file server hardly gives them to a GET.
REFUSALS = frozenset({403, 405, 412, 521})
REMEDY = (
    "Ask again later and less often (FILINGS_REQUESTS_PER_SECOND), "
    "or with another User-Agent (FILINGS_USER_AGENT)"
)
# A challenge says at most a few sentences; white space is not counted.
HARDLY_ANY_TEXT = 200
# As much as a page may have. More is not looked through.
LOOKED_AT_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Vendor:
    """A firewall and its marks, in lower case; the name is empty where the marks are common.

    `words` occur in its pages; `headers` are header names, `cookies` and `servers` the beginnings
    of names of cookies and of the header `Server`.
    """

    name: str
    words: tuple[str, ...]
    headers: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()


VENDORS = (
    Vendor(
        "知道创宇云防御",
        ("知道创宇", "创宇盾", "加速乐", "jiasule", "yunaq.com", "365cyd.com", "ks-waf-error",
         "__jsl_clearance", "__jsluid"),
        headers=("x-via-jsl",),
        cookies=("__jsluid", "__jsl_clearance", "jsl_tracking"),
        servers=("jiasule", "jsl"),
    ),
    Vendor("阿里云", ("errors.aliyun.com", "aliyundun", "acw_sc__"), cookies=("acw_",)),
    Vendor("腾讯云", ("waf.tencent-cloud.com", "waf-static.tencent.com", "t-sec-waf")),
    Vendor("华为云", ("hwwaf",), cookies=("hwwaf",)),
    Vendor("百度云加速", ("yunjiasu",), servers=("yunjiasu",)),
    Vendor(
        "奇安信网站卫士",
        ("网站卫士", "wangzhan.360", "webscan.360", "wzws-waf"),
        headers=("wzws-ray",),
        cookies=("wzws_",),
    ),
    Vendor("瑞数", ("$_ts",)),
    Vendor("长亭雷池", ("safeline", "雷池"), cookies=("sl-session",)),
    Vendor("安全狗", ("安全狗", "safedog"), cookies=("safedog",), servers=("safedog",)),
    Vendor("云锁", ("云锁", "yunsuo"), cookies=("yunsuo_session",)),
    Vendor("宝塔", ("宝塔网站防火墙", "堡塔云waf", "btwaf")),
    Vendor(
        "",
        ("网站防火墙", "web应用防火墙", "应用防护系统", "web application firewall", "安全验证",
         "人机验证", "滑动验证", "访问验证", "checking your browser", "just a moment"),
    ),
)  # fmt: skip


# Of a page, what no reader sees, and what takes effect by itself.
_UNSEEN = ("noscript", "title", "template", "textarea", "svg")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ACTING = ("script", "noscript", "iframe", "frame", "object", "embed")
# Packed data for a script.
_BLOB = re.compile(r"[\w+/=%-]{80,}", re.ASCII)


@dataclass(frozen=True)
class Page:
    """What an HTML answer shows in a browser without scripts.

    `characters` counts its text without title and white space. `acts` marks a page that is for
    scripts: with some of them, or one that moves on or loads another by itself.
    """

    title: str
    characters: int
    acts: bool


def is_html(content: bytes) -> bool:
    """True for bytes that begin as HTML does; a document, JSON and plain text do not."""
    return content[:512].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def is_challenge(content: bytes) -> bool:
    """True for a page of scripts that shows no text, or is titled by a firewall's name."""
    page = _page(content)
    return page is not None and (_is_blank(page) or _vendor_of(page.title) is not None)


def unwanted(
    content: bytes, headers: Mapping[str, str], is_wanted: Callable[[], bool] | None = None
) -> FetchError | None:
    """The error of an answer of status 200, or None where it may be what was asked for.

    `is_wanted` says whether it is of the kind that was asked for; it is called only where the
    answer bears a mark, or has scripts and hardly any text. It is None where the caller does not
    know.
    """
    page = _page(content)
    is_titled = page is not None and _vendor_of(page.title) is not None
    if not content or (page and not page.characters and not page.acts and not is_titled):
        what = "an empty answer" if not content else "an empty answer: a page without any text"
        return EmptyAnswerError(what, remedy="The source sends one when Referer is missing")
    if is_wanted is None:
        is_challenge = is_titled or (page is not None and _is_blank(page))
    else:
        bears_mark = _named_in(content) is not None or _is_for_scripts(page)
        is_challenge = bears_mark and not is_wanted()
    return _challenge(content, page, headers) if is_challenge else None


def refused(status: int, content: bytes, headers: Mapping[str, str]) -> FirewallError | None:
    """The error of an answer of another status, or None where nothing speaks of a firewall."""
    if is_challenge(content):
        error = _challenge(content, _page(content), headers)
    elif vendor := _named_in(content) or (_named_by(headers) if status in REFUSALS else None):
        error = FirewallError(f"refused by the firewall{_in_brackets(vendor)}", remedy=REMEDY)
    elif status in REFUSALS:
        error = FirewallError("refused, possibly by the firewall", remedy=REMEDY)
    else:
        return None
    error.found = f"status {status}: {error.found}"
    return error


def redirected(status: int, target: str) -> FirewallError | None:
    """The error of a redirect that leaves the source for the firewall's own site, or None."""
    vendor = _vendor_of(target)
    if vendor is None:
        return None
    return FirewallError(
        f"status {status}: redirected to the firewall{_in_brackets(vendor)}, {target!r}",
        remedy=REMEDY,
    )


def described(status: int, content: bytes) -> str:
    """What a busy server said, and whose page it showed."""
    vendor = _named_in(content)
    page = f", a page of the firewall{_in_brackets(vendor)}" if vendor else ""
    return f"status {status}{page}"


def _challenge(content: bytes, page: Page | None, headers: Mapping[str, str]) -> FirewallError:
    vendor = _named_in(content)
    titled = f", titled {shortened(page.title)!r}," if page and page.title else ""
    if vendor is None and page is not None and page.characters:
        what = f"a page of scripts with hardly any text{titled or ','}"
        what += " perhaps a firewall's challenge,"
    else:
        by = _in_brackets(vendor or _named_by(headers))
        what = f"the firewall's challenge page{by}{titled}"
    return FirewallError(f"{what} instead of an answer", remedy=REMEDY)


def _in_brackets(vendor: Vendor | None) -> str:
    return f" ({vendor.name})" if vendor and vendor.name else ""


def _is_blank(page: Page) -> bool:
    return page.acts and not page.characters


def _is_for_scripts(page: Page | None) -> bool:
    return page is not None and page.acts and page.characters <= HARDLY_ANY_TEXT


def _page(content: bytes) -> Page | None:
    if not is_html(content) or len(content) > LOOKED_AT_BYTES:
        return None
    soup = BeautifulSoup(_text(content), "lxml")
    title = " ".join(soup.title.get_text().split()) if soup.title else ""
    acts = soup.find(_acts) is not None
    for element in soup.find_all(_is_unseen):
        element.decompose()
    return Page(title, len(matching_key(_BLOB.sub("", soup.get_text()))), acts)


def _acts(tag: Tag) -> bool:
    if tag.name == "meta":
        return str(tag.get("http-equiv", "")).lower() == "refresh"
    return tag.name in _ACTING or any(name.startswith("on") for name in tag.attrs)


def _is_unseen(tag: Tag) -> bool:
    is_hidden = tag.has_attr("hidden") or _HIDDEN.search(str(tag.get("style", "")))
    return tag.name in _UNSEEN or bool(is_hidden)


def _named_in(content: bytes) -> Vendor | None:
    """The firewall whose mark the bytes bear; documents are not looked into."""
    if content[:2] == b"PK" or content[:5] == b"%PDF-":
        return None
    return _vendor_of(_text(content)[:LOOKED_AT_BYTES])


def _vendor_of(text: str) -> Vendor | None:
    lower = text.lower()
    return next((v for v in VENDORS if any(word in lower for word in v.words)), None)


def _named_by(headers: Mapping[str, str]) -> Vendor | None:
    """The firewall that an answer passed on its way, by headers and cookies."""
    lower = {name.lower(): value.lower() for name, value in headers.items()}
    cookies = [part.strip() for part in lower.get("set-cookie", "").replace(",", ";").split(";")]
    for vendor in VENDORS:
        if (
            any(name in lower for name in vendor.headers)
            or lower.get("server", "").startswith(vendor.servers)
            or any(cookie.startswith(vendor.cookies) for cookie in cookies)
        ):
            return vendor
    return None


def _text(content: bytes) -> str:
    try:
        return decoded_html(content)
    except AnnouncementError:
        return content.decode("utf-8", "replace")
