"""Which links belong to the source, and the current URLs of archived pages."""

import pytest

from scrapers.errors import RefusedAddressError
from scrapers.http.addresses import Source
from tests.scrapers.registers.scripted import PAGE, SOURCE

REAL = Source()
LOCAL = Source("http://127.0.0.1:8000", "http://127.0.0.1:8001")


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.test/list",
        "//evil.test/list",
        "https://cac.test@evil.test/",
        "https://cac.test.evil.test/",
        "https://cac.test:8443/",
        "javascript:void(0)",
        "file:///etc/passwd",
        "http://[bad",
    ],
)
def test_resolve_refuses_link_outside_source(link):
    with pytest.raises(RefusedAddressError) as caught:
        SOURCE.resolve(link, PAGE)
    assert repr(link) in str(caught.value) and caught.value.url == PAGE


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/cms/x.jsp?filepath=~a/b=", "https://cac.test/cms/x.jsp?filepath=~a/b="),
        (" other.htm#top", "https://cac.test/other.htm"),
        ("/other.htm \n", "https://cac.test/other.htm"),
        ("http://beian.test/a", "https://beian.test/a"),
        ("//CAC.test/A", "https://cac.test/A"),
    ],
)
def test_resolve_returns_absolute_url_within_source(link, address):
    assert SOURCE.resolve(link, PAGE) == address


@pytest.mark.parametrize(
    "link",
    [
        "https://cac.gov.cn/a",
        "http://cac.gov.cn/a",
        "//cac.gov.cn/a",
        "https://www.cac.gov.cn:443/a",
        "http://www.cac.gov.cn:80/a",
        "HTTPS://CAC.GOV.CN:443/a",
        "https://www.cac.gov.cn:/a",
    ],
)
def test_resolve_accepts_bare_host_default_port_and_upper_case(link):
    assert REAL.resolve(link, "https://www.cac.gov.cn/") == "https://www.cac.gov.cn/a"


@pytest.mark.parametrize(
    "link",
    [
        "https://gov.cn/a",
        "https://www.www.cac.gov.cn/a",
        "https://www.beian.cac.gov.cn/a",
        "https://cac.gov.cn:8443/a",
        "https://www.cac.gov.cn:80/a",
        "http://www.cac.gov.cn:443/a",
        "https://user:pass@www.cac.gov.cn/a",
        "https://@www.cac.gov.cn/a",
        "https://www.cac.gov.cn:99999/a",
        "https://www.cac.gov.cn:port/a",
        "ftp://www.cac.gov.cn/a",
        "data:text/html,a",
    ],
)
def test_resolve_refuses_other_hosts_ports_and_user_names(link):
    with pytest.raises(RefusedAddressError):
        REAL.resolve(link, "https://www.cac.gov.cn/")


def test_resolve_prefers_exact_host_to_bare_host():
    source = Source("https://www.mirror.test", "https://mirror.test")
    assert source.resolve("https://mirror.test/a", PAGE) == "https://mirror.test/a"
    assert source.resolve("https://www.mirror.test/a", PAGE) == "https://www.mirror.test/a"


def test_resolve_prefers_first_base_url_on_the_same_host():
    source = Source("https://mirror.test", "http://mirror.test")
    assert source.resolve("http://mirror.test/a", PAGE) == "https://mirror.test/a"


def test_resolve_requires_configured_port():
    assert LOCAL.resolve("http://127.0.0.1:8001/a", PAGE) == "http://127.0.0.1:8001/a"
    with pytest.raises(RefusedAddressError):
        LOCAL.resolve("http://127.0.0.1/a", PAGE)


@pytest.mark.parametrize(
    ("archived", "now"),
    [
        ("http://127.0.0.1:9000/2025-05/19/c_1.htm?x=1", "http://127.0.0.1:8000/2025-05/19/c_1.htm?x=1"),
        ("https://www.cac.gov.cn/2025-05/19/c_1.htm", "http://127.0.0.1:8000/2025-05/19/c_1.htm"),
        ("http://127.0.0.1:8001/2025-05/19/c_1.htm", "http://127.0.0.1:8001/2025-05/19/c_1.htm"),
        ("http://[bad/2025-05/19/c_1.htm", "http://127.0.0.1:8000/2025-05/19/c_1.htm"),
    ],
)  # fmt: skip
def test_page_address_uses_configured_base_url(archived, now):
    assert LOCAL.page_address(archived) == now
