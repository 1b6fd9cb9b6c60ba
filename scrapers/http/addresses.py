"""The addresses of the source: its two hosts, and what counts as a link to one of them."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from scrapers.errors import RefusedAddressError

CAC_URL = "https://www.cac.gov.cn"
BEIAN_URL = "https://beian.cac.gov.cn"

DEFAULT_PORTS = {"http": 80, "https": 443}

Place = tuple[str | None, int | None]


@dataclass(frozen=True)
class Source:
    """The base addresses of the two hosts; nothing else may be asked or linked to."""

    cac_url: str = CAC_URL
    beian_url: str = BEIAN_URL

    def resolve(self, link: str, base: str) -> str:
        """The absolute address of a link found at `base`, on the base address as configured.

        The host without its `www.`, the default port of a scheme, and the other scheme all mean
        the configured host. Raises RefusedAddressError for a link that leaves the two hosts,
        carries a user name, or is not an address.
        """
        try:
            parts = urlsplit(urljoin(base, link.strip()))
            host = None if "@" in parts.netloc else self._hosts().get(_place(parts))
        except ValueError as error:
            raise RefusedAddressError(
                f"the link {link!r} is not an address ({error})", url=base
            ) from error
        if host is None:
            raise RefusedAddressError(
                f"the link {link!r} leads outside the source",
                url=base,
                remedy=f"Allowed are {self.cac_url} and {self.beian_url}; "
                "FILINGS_CAC_URL and FILINGS_BEIAN_URL change them in live mode",
            )
        return urlunsplit((host.scheme, host.netloc, parts.path, parts.query, ""))

    def page_address(self, archived: str) -> str:
        """The address of an archived announcement page, on the base that is configured now.

        The base may have changed since the page was archived; path and query stay.
        """
        try:
            return self.resolve(archived, archived)
        except RefusedAddressError:
            path = archived.partition("://")[2].partition("/")[2]
            return self.resolve(f"/{path}", f"{self.cac_url}/")

    def _hosts(self) -> dict[Place, SplitResult]:
        """The two base addresses by host and port; the exact host wins over the bare one."""
        bases = [urlsplit(self.cac_url), urlsplit(self.beian_url)]
        exact = {_place(base): base for base in reversed(bases)}
        bare = {(host.removeprefix("www."), port): base for (host, port), base in exact.items()}
        return {**bare, **exact}


def root_of(address: str) -> str:
    """The root of an address's host, as a browser's `Referer` gives it."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc, "/", "", ""))


def _place(parts: SplitResult) -> Place:
    """Host and port, where the port is None if it is the scheme's own.

    Raises ValueError for a port that is not a number.
    """
    default = DEFAULT_PORTS.get(parts.scheme)
    if default is None:
        return None, None
    return parts.hostname, None if parts.port == default else parts.port
