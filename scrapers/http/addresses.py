"""URLs of the source: its two hosts, and which links belong to them."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from scrapers.errors import RefusedAddressError

CAC_URL = "https://www.cac.gov.cn"
BEIAN_URL = "https://beian.cac.gov.cn"

DEFAULT_PORTS = {"http": 80, "https": 443}

HostAndPort = tuple[str, int | None]
"""A host name, and a port, which is None for the default port of the scheme."""


@dataclass(frozen=True)
class Source:
    """Base URLs of the two hosts. Requests to any other host are refused."""

    cac_url: str = CAC_URL
    beian_url: str = BEIAN_URL

    def resolve(self, link: str, base: str) -> str:
        """Resolve a link found at `base` to an absolute URL on a configured base URL.

        A link may omit `www.`, name the default port, or use the other scheme (http or https).
        Raises RefusedAddressError for a link that leads to another host, contains a user name, or
        is not a valid URL.
        """
        try:
            parts = urlsplit(urljoin(base, link.strip()))
            host = None if "@" in parts.netloc else self._base_of(parts)
        except ValueError as error:
            raise RefusedAddressError(
                f"the link {link!r} is not a valid URL ({error})", url=base
            ) from error
        if host is None:
            raise RefusedAddressError(
                f"the link {link!r} leads outside the source",
                url=base,
                remedy=f"The allowed hosts are {self.cac_url} and {self.beian_url}. "
                "To change them in live mode, set FILINGS_CAC_URL and FILINGS_BEIAN_URL",
            )
        return urlunsplit((host.scheme, host.netloc, parts.path, parts.query, ""))

    def page_address(self, archived: str) -> str:
        """The URL of an archived page on the base URL that is configured now.

        The base URL may have changed since the page was archived. Path and query stay the same.
        """
        try:
            return self.resolve(archived, archived)
        except RefusedAddressError:
            path = archived.partition("://")[2].partition("/")[2]
            return self.resolve(f"/{path}", f"{self.cac_url}/")

    def _base_of(self, parts: SplitResult) -> SplitResult | None:
        """The configured base URL of a link; an exact host takes precedence over `www.`."""
        bases = [urlsplit(self.cac_url), urlsplit(self.beian_url)]
        exact = {key: base for base in reversed(bases) if (key := _host_and_port(base))}
        bare = {(host.removeprefix("www."), port): base for (host, port), base in exact.items()}
        found = _host_and_port(parts)
        return {**bare, **exact}.get(found) if found else None


def root_of(address: str) -> str:
    """The root URL of a URL's host, in the form of a browser's `Referer` header."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc, "/", "", ""))


def _host_and_port(parts: SplitResult) -> HostAndPort | None:
    """Host and port of an http or https URL, None for any other.

    Raises ValueError for a port that is not a number.
    """
    default = DEFAULT_PORTS.get(parts.scheme)
    if default is None or parts.hostname is None:
        return None
    return parts.hostname, None if parts.port == default else parts.port
