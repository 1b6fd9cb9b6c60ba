"""Detection of the web firewall in front of the source, by its responses.

The name of a firewall proves nothing: hosts behind one show its badge in the footer of real pages,
and send its headers and cookies with every response. So a marker counts only if the response is not
of the expected kind, and so does a page of scripts with a line of text, such as "please wait". A
response that meets no expectation is a challenge only if it has scripts and no visible text, or if
its title names a firewall.

The markers come from public firewall detectors (such as wafw00f) and from user reports.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from scrapers.errors import (
    AnnouncementError,
    EmptyResponseError,
    FetchError,
    FirewallError,
    shortened,
)
from scrapers.fields.text_keys import matching_key
from scrapers.http.html_text import decoded_html

# Statuses that firewalls send. A plain file server rarely sends them in response to a GET.
REFUSALS = frozenset({403, 405, 412, 521})
REMEDY = (
    "Try again later, with fewer requests per second (FILINGS_REQUESTS_PER_SECOND), "
    "or with another User-Agent (FILINGS_USER_AGENT)"
)
# A challenge page has at most a few sentences. White space is not counted.
MAX_CHALLENGE_CHARACTERS = 200
# The size limit of pages. Bytes beyond it are not inspected.
MAX_INSPECTED_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Vendor:
    """A firewall and its markers, in lower case; `name` is empty for markers of several vendors.

    `words` occur in its pages. `headers` are header names. `cookies` are prefixes of cookie names,
    and `servers` prefixes of the `Server` header.
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


# Elements that are invisible, and elements that act without the reader.
_INVISIBLE = ("noscript", "title", "template", "textarea", "svg")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ACTIVE = ("script", "noscript", "iframe", "frame", "object", "embed")
# Encoded data for a script.
_BLOB = re.compile(r"[\w+/=%-]{80,}", re.ASCII)


@dataclass(frozen=True)
class Page:
    """What a browser without scripts shows of an HTML response.

    `characters` counts the visible text without title and white space. `is_active` is True for a
    page with scripts, and for one that redirects or loads another page.
    """

    title: str
    characters: int
    is_active: bool


def is_html(content: bytes) -> bool:
    """Whether bytes start like HTML, as documents, JSON and plain text do not."""
    return content[:512].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def is_challenge(content: bytes) -> bool:
    """Whether a page has scripts and no visible text, or a firewall's name in its title."""
    page = _page(content)
    return page is not None and (_is_blank(page) or _vendor_named(page.title) is not None)


def error_of_ok(
    content: bytes, headers: Mapping[str, str], is_wanted: Callable[[], bool] | None = None
) -> FetchError | None:
    """The error of a response with status 200, or None if it is acceptable.

    `is_wanted` returns whether the response is of the expected kind. It is called only if the
    response has a marker, or scripts and hardly any text. It is None if the caller expects no
    particular kind.
    """
    page = _page(content)
    is_titled = page is not None and _vendor_named(page.title) is not None
    if not content or (page and not page.characters and not page.is_active and not is_titled):
        what = "empty response" if not content else "empty response: a page without text"
        return EmptyResponseError(what, remedy="The source sends one if the Referer is missing")
    if is_wanted is None:
        is_challenge = is_titled or (page is not None and _is_blank(page))
    else:
        is_suspicious = _vendor_in(content) is not None or _is_for_scripts(page)
        is_challenge = is_suspicious and not is_wanted()
    return _challenge_error(content, page, headers) if is_challenge else None


def error_of_refusal(
    status: int, content: bytes, headers: Mapping[str, str]
) -> FirewallError | None:
    """The error of a response with another status, or None if no firewall is recognised."""
    if is_challenge(content):
        error = _challenge_error(content, _page(content), headers)
    elif vendor := _vendor_in(content) or (_vendor_by(headers) if status in REFUSALS else None):
        error = FirewallError(f"refused by the firewall{_in_brackets(vendor)}", remedy=REMEDY)
    elif status in REFUSALS:
        error = FirewallError("refused, possibly by the firewall", remedy=REMEDY)
    else:
        return None
    error.found = f"status {status}: {error.found}"
    return error


def error_of_redirect(status: int, target: str) -> FirewallError | None:
    """The error of a redirect to a firewall's own site, or None for any other target."""
    vendor = _vendor_named(target)
    if vendor is None:
        return None
    return FirewallError(
        f"status {status}: redirected to the firewall{_in_brackets(vendor)}, {target!r}",
        remedy=REMEDY,
    )


def description(status: int, content: bytes) -> str:
    """The status of a busy server, and the firewall whose page it served, if any."""
    vendor = _vendor_in(content)
    page = f", a page of the firewall{_in_brackets(vendor)}" if vendor else ""
    return f"status {status}{page}"


def _challenge_error(
    content: bytes, page: Page | None, headers: Mapping[str, str]
) -> FirewallError:
    vendor = _vendor_in(content)
    titled = f", titled {shortened(page.title)!r}," if page and page.title else ""
    if vendor is None and page is not None and page.characters:
        what = f"a page of scripts with hardly any text{titled or ','}"
        what += " possibly a firewall's challenge,"
    else:
        by = _in_brackets(vendor or _vendor_by(headers))
        what = f"the firewall's challenge page{by}{titled}"
    return FirewallError(f"{what} instead of the expected response", remedy=REMEDY)


def _in_brackets(vendor: Vendor | None) -> str:
    return f" ({vendor.name})" if vendor and vendor.name else ""


def _is_blank(page: Page) -> bool:
    return page.is_active and not page.characters


def _is_for_scripts(page: Page | None) -> bool:
    return page is not None and page.is_active and page.characters <= MAX_CHALLENGE_CHARACTERS


def _page(content: bytes) -> Page | None:
    if not is_html(content) or len(content) > MAX_INSPECTED_BYTES:
        return None
    soup = BeautifulSoup(_text(content), "lxml")
    title = " ".join(soup.title.get_text().split()) if soup.title else ""
    is_active = soup.find(_is_active) is not None
    for element in soup.find_all(_is_invisible):
        element.decompose()
    return Page(title, len(matching_key(_BLOB.sub("", soup.get_text()))), is_active)


def _is_active(tag: Tag) -> bool:
    if tag.name == "meta":
        return str(tag.get("http-equiv", "")).lower() == "refresh"
    return tag.name in _ACTIVE or any(name.startswith("on") for name in tag.attrs)


def _is_invisible(tag: Tag) -> bool:
    is_hidden = tag.has_attr("hidden") or _HIDDEN.search(str(tag.get("style", "")))
    return tag.name in _INVISIBLE or bool(is_hidden)


def _vendor_in(content: bytes) -> Vendor | None:
    """The firewall with a marker in the bytes; .docx and .pdf files are not searched."""
    if content[:2] == b"PK" or content[:5] == b"%PDF-":
        return None
    return _vendor_named(_text(content)[:MAX_INSPECTED_BYTES])


def _vendor_named(text: str) -> Vendor | None:
    lower = text.lower()
    return next((v for v in VENDORS if any(word in lower for word in v.words)), None)


def _vendor_by(headers: Mapping[str, str]) -> Vendor | None:
    """The firewall that a response passed through, by its headers and cookies."""
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
