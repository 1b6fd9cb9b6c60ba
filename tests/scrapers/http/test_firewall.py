"""Detection of a firewall by its pages, headers and redirects."""

import pytest

from scrapers.errors import EmptyResponseError, FirewallError
from scrapers.http.firewall import (
    REFUSALS,
    error_of_ok,
    error_of_redirect,
    error_of_refusal,
    is_challenge,
    is_html,
)

JSL = {"X-Via-JSL": "40fe3b1,-", "Set-Cookie": "__jsluid_s=abc; max-age=31536000; path=/"}
SCRIPT = b"<script>document.cookie=('_')+('_')+('j');location.href=location.pathname</script>"
TITLE = "国家互联网信息办公室关于发布第十一批深度合成服务算法备案信息的公告"
FOOTER = '<p>本站由<img src="https://www.yunaq.com/x.png" alt="知道创宇云防御">提供安全服务</p>'
TRUE_PAGE = f"<title>{TITLE}</title><h1>{TITLE}</h1>{FOOTER}<script>track()</script>".encode()


def yes() -> bool:
    return True


def no() -> bool:
    return False


CHALLENGES = {
    "a script": SCRIPT,
    "a script in a page": b"<!DOCTYPE html><html><head>" + SCRIPT + b"</head><body></body></html>",
    "white space": b"\r\n\t<html>&nbsp;\xe2\x80\x8b " + SCRIPT + b"</html>",
    "a byte-order mark": b"\xef\xbb\xbf" + SCRIPT,
    "noscript": SCRIPT + "<noscript>请开启JavaScript并刷新该页</noscript>".encode(),
    "style and comment": b"<style>p{}</style><!-- wait -->" + SCRIPT,
    "a hidden form": b"<form><input type=hidden name=a></form>" + SCRIPT,
    "another vendor": b"<meta content='x' r='m'><script>$_ts=window['$_ts'];</script>",
    "a title": "<title>知道创宇云防御-浏览器安全检查</title><p>正在检查</p>".encode(),
    "only a title": "<title>知道创宇云防御</title>".encode(),
    "a title and scripts": "<title>请稍候…</title>".encode() + SCRIPT,
    "a refresh": b"<meta http-equiv='Refresh' content='0; url=/?a=1'><body></body>",
    "a frame": b"<body><iframe src=/check></iframe></body>",
    "frames": b"<frameset><frame src=/check></frameset>",
    "a handler": b"<body onload='check()'></body>",
    "only noscript": b"<noscript>Please enable JavaScript</noscript>",
    "document.write": b"<script>document.write('<p>notice</p>')</script>",
    "a hidden text": b"<div style='display: none'>notice</div>" + SCRIPT,
    "a hidden element": b"<p hidden>notice</p>" + SCRIPT,
    "data for a script": b"<textarea>notice</textarea><template>x</template>" + SCRIPT,
    "packed data": b"<body>" + b"QUJD+/==" * 500 + SCRIPT,
    "a title in GBK": "<title>知道创宇云防御</title><p>请稍候</p>".encode("gbk"),
}
NO_CHALLENGES = {
    "a true page": TRUE_PAGE,
    "JSON": '{"errno": 0, "datas": [{"title": "知道创宇云防御"}]}'.encode(),
    "a .docx": b"PK\x03\x04" + SCRIPT,
    "a .pdf": b"%PDF-1.7" + SCRIPT,
    "a page of words": "<html><body>系统繁忙</body></html>".encode(),
    "a script after a word": "<body>通知".encode() + SCRIPT,
    "nothing": b"",
    "binary": bytes(range(256)),
    "a very long page": b"<script>" + b" " * 2_000_000 + b"</script>",
}


@pytest.mark.parametrize("content", CHALLENGES.values(), ids=CHALLENGES)
def test_is_challenge_accepts_script_pages_without_text_and_firewall_titles(content):
    assert is_challenge(content)
    assert isinstance(error_of_ok(content, {}), FirewallError)


@pytest.mark.parametrize("content", NO_CHALLENGES.values(), ids=NO_CHALLENGES)
def test_is_challenge_rejects_content_of_its_own(content):
    assert not is_challenge(content)


def test_real_page_with_firewall_headers_is_no_error():
    assert error_of_ok(TRUE_PAGE, JSL) is None
    assert error_of_ok(TRUE_PAGE, JSL, is_wanted=yes) is None


def test_wanted_page_with_firewall_name_in_title_is_no_error():
    page = f"<title>{TITLE}_知道创宇云防御</title><h1>{TITLE}</h1>".encode()
    assert error_of_ok(page, JSL, is_wanted=yes) is None


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (f"<p>维护</p>{FOOTER}".encode(), "知道创宇云防御"),
        ("<p>您的请求被创宇盾拦截</p>".encode("gbk"), "知道创宇云防御"),
        ("<title>网站防火墙</title><p>您的请求带有不合法参数，安全狗已拦截</p>".encode(), "安全狗"),
        ("<p>云锁提示您</p>".encode(), "云锁"),
        (b'<p>405</p><a href="//errors.aliyun.com/error">', "阿里云"),
        ("请求被加速乐拦截".encode(), "知道创宇云防御"),
        ("<p>正在进行安全验证，请稍候…</p>".encode(), "the firewall's challenge page"),
    ],
)
def test_unwanted_page_with_marker_names_firewall(content, name):
    error = error_of_ok(content, {}, is_wanted=no)
    assert isinstance(error, FirewallError) and name in str(error)


def test_unwanted_page_shows_title_in_message():
    page = f"<title>系统维护\n通知</title><p>维护</p>{FOOTER}".encode()
    assert "titled '系统维护 通知'" in str(error_of_ok(page, {}, is_wanted=no))


@pytest.mark.parametrize(
    "text",
    ["正在进行安全检测", "Please enable JavaScript and cookies to continue", "系统繁忙，请稍候"],
)
def test_script_page_with_short_text_is_challenge_only_if_unwanted(text):
    page = f"<title>检测</title><p>{text}</p>".encode() + SCRIPT
    assert error_of_ok(page, {}) is None and error_of_ok(page, {}, is_wanted=yes) is None
    error = error_of_ok(page, {}, is_wanted=no)
    assert isinstance(error, FirewallError)
    assert "hardly any text, titled '检测', possibly a firewall's challenge" in str(error)


@pytest.mark.parametrize("head", [b"PK\x03\x04", b"%PDF-1.7"])
def test_unwanted_document_with_marker_is_no_error(head):
    assert error_of_ok(head + "知道创宇云防御".encode(), {}, is_wanted=no) is None


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("https://www.YUNAQ.com/denied", "知道创宇云防御"),
        ("https://errors.aliyun.com/x", "阿里云"),
    ],
)
def test_redirect_to_firewall_names_it(target, name):
    message = str(error_of_redirect(302, target))
    assert message.startswith(f"status 302: redirected to the firewall ({name}), {target!r}")


def test_redirect_elsewhere_is_no_firewall_error():
    assert error_of_redirect(302, "https://evil.test/") is None


@pytest.mark.parametrize(("characters", "is_error"), [(200, True), (201, False)])
def test_unwanted_script_page_is_challenge_up_to_200_characters(characters, is_error):
    page = f"<p>{'文 ' * characters}</p>".encode() + SCRIPT
    assert (error_of_ok(page, {}, is_wanted=no) is not None) is is_error


def test_unwanted_script_page_with_long_text_is_no_error():
    page = f"<p>{'关于系统升级的公告。' * 30}</p>".encode() + SCRIPT
    assert error_of_ok(page, {}, is_wanted=no) is None


def test_wanted_page_with_hidden_text_is_no_error():
    page = f"<title>{TITLE}</title><body style='visibility:hidden'><h1>{TITLE}</h1>".encode()
    assert error_of_ok(page + SCRIPT, {}, is_wanted=yes) is None


def test_firewall_headers_alone_are_no_error_with_status_200():
    assert error_of_ok("<p>系统繁忙</p>".encode(), JSL, is_wanted=no) is None


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"<html><body><br> &nbsp;</body>"])
def test_page_without_text_is_empty_response(content):
    assert isinstance(error_of_ok(content, JSL), EmptyResponseError)


@pytest.mark.parametrize("status", sorted(REFUSALS))
def test_refusal_is_recognised_by_status(status):
    message = f"status {status}: refused, possibly by the firewall"
    assert message in str(error_of_refusal(status, b"<p>denied</p>", {}))


@pytest.mark.parametrize(
    ("content", "headers", "words"),
    [
        (b"<p>denied</p>", {}, "refused, possibly by the firewall"),
        (b"", {}, "refused, possibly by the firewall"),
        (b"<p>denied</p>", JSL, "refused by the firewall (知道创宇云防御)"),
        (b"<p>denied</p>", {"server": "jiasule-WAF"}, "refused by the firewall (知道创宇云防御)"),
        (b"<p>denied</p>", {"Server": "Safedog/4.0"}, "refused by the firewall (安全狗)"),
        (b"<p>denied</p>", {"set-cookie": "a=b, acw_tc=1; path=/"}, "firewall (阿里云)"),
        ("<p>知道创宇云防御</p>".encode("gbk"), {}, "refused by the firewall (知道创宇云防御)"),
        (SCRIPT, JSL, "the firewall's challenge page (知道创宇云防御)"),
        (SCRIPT, {}, "the firewall's challenge page"),
    ],
)
def test_refusal_names_status_and_firewall(content, headers, words):
    message = str(error_of_refusal(403, content, headers))
    assert message.startswith("status 403: ") and words in message
    assert "FILINGS_USER_AGENT" in message and "FILINGS_REQUESTS_PER_SECOND" in message


@pytest.mark.parametrize("status", [400, 401, 406, 418, 493, 503, 567, 999])
def test_other_status_is_refusal_only_with_firewall_page(status):
    assert error_of_refusal(status, b"<p>denied</p>", JSL) is None
    assert error_of_refusal(status, SCRIPT, {}) is not None
    assert "安全狗" in str(error_of_refusal(status, "<p>安全狗</p>".encode(), {}))


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"<p>", True), (b"\xef\xbb\xbf \n<p>", True), (b"{}", False), (b"PK", False), (b"", False)],
)
def test_is_html_checks_first_character(content, expected):
    assert is_html(content) is expected
