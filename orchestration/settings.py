"""The settings: everything the environment can change, read and checked in one place."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from orchestration.runtime.data_dir import DataDir
from scrapers.errors import FilingsError
from scrapers.http.addresses import BEIAN_URL, CAC_URL, Source
from scrapers.http.retries import ATTEMPTS
from scrapers.http.session import PoliteSession

SOURCES = ("replica", "live")
# The files of Dagster below it have up to 100 more.
MAX_PATH_BYTES = 400
PROJECT_ROOT = Path(__file__).resolve().parent.parent


class SettingsError(FilingsError):
    """An environment variable holds what it must not."""


@dataclass(frozen=True)
class Settings:
    """See README.md for the meaning of each; the names are those of the environment."""

    source: str
    cac_url: str
    beian_url: str
    data_dir: Path
    replica_batches: int | None
    poll_seconds: int
    requests_per_second: float
    contact: str
    user_agent: str

    @property
    def data(self) -> DataDir:
        """The places of the stores."""
        return DataDir(self.data_dir)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Raises SettingsError, naming the variable, for a value that cannot be used."""
        source = environment.get("FILINGS_SOURCE") or "replica"
        if source not in SOURCES:
            raise SettingsError(f"FILINGS_SOURCE is {source!r}, not one of {', '.join(SOURCES)}")
        return cls(
            source=source,
            cac_url=_url(environment, "FILINGS_CAC_URL", CAC_URL),
            beian_url=_url(environment, "FILINGS_BEIAN_URL", BEIAN_URL),
            data_dir=_data_dir(environment),
            replica_batches=_whole(environment, "FILINGS_REPLICA_BATCHES"),
            poll_seconds=_whole(environment, "FILINGS_POLL_SECONDS") or 900,
            requests_per_second=_rate(environment, "FILINGS_REQUESTS_PER_SECOND"),
            contact=_header_text(environment, "FILINGS_CONTACT"),
            user_agent=_header_text(environment, "FILINGS_USER_AGENT"),
        )

    def open_session(
        self, attempts: int = ATTEMPTS, deadline_seconds: float | None = None
    ) -> PoliteSession:
        """A session with the chosen source; the replica is a transport, nothing else differs.

        Raises SettingsError if the replica cannot announce so many batches.
        """
        if self.source == "live":
            return PoliteSession(
                Source(self.cac_url, self.beian_url),
                requests_per_second=self.requests_per_second,
                contact=self.contact,
                user_agent=self.user_agent,
                attempts=attempts,
                deadline_seconds=deadline_seconds,
            )
        from scrapers.replica import replica_adapter

        try:
            transport = replica_adapter(self.replica_batches)
        except ValueError as error:
            raise SettingsError(str(error)) from error
        return PoliteSession(Source(), transport=transport, requests_per_second=0)


def _url(environment: Mapping[str, str], name: str, default: str) -> str:
    url = (environment.get(name) or default).rstrip("/")
    try:
        parts = urlsplit(url)
        is_base = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_base = False
    if not is_base or url != f"{parts.scheme}://{parts.netloc}":
        raise SettingsError(f"{name} is {url!r}, not a base address such as {default}")
    return url


def _data_dir(environment: Mapping[str, str]) -> Path:
    path = Path(environment.get("FILINGS_DATA_DIR") or PROJECT_ROOT / "data").resolve()
    refuse_unusable_path("FILINGS_DATA_DIR", path)
    return path


def refuse_unusable_path(name: str, path: Path) -> None:
    """Raises SettingsError for a path that a library would read as something else.

    `,` parts DuckDB's search path; `?` and `%` have a meaning in the address of an SQLite file;
    dbt turns `\\` into `/`. SQLite opens no file whose path has more than 512 bytes.
    """
    if len(os.fsencode(path)) > MAX_PATH_BYTES:
        raise SettingsError(
            f"{name} is {str(path)[:60]!r}…: a path of over {MAX_PATH_BYTES} bytes cannot be used. "
            "Nothing was written; choose another folder"
        )
    odd = [sign for sign in str(path) if sign in ",?%\\" or not sign.isprintable()]
    if odd:
        raise SettingsError(
            f"{name} is {str(path)!r}: a path with {odd[0]!r} cannot be used. "
            "Nothing was written; choose another folder"
        )


def _whole(environment: Mapping[str, str], name: str) -> int | None:
    text = environment.get(name)
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise SettingsError(f"{name} is {text!r}, not a whole number of at least 1")
    return int(text)


def _header_text(environment: Mapping[str, str], name: str) -> str:
    """Text for the header User-Agent: one line of Latin-1, as HTTP has it."""
    text = environment.get(name) or ""
    if not text.isprintable() or any(ord(sign) > 0xFF for sign in text):
        raise SettingsError(
            f"{name} is {text!r}: a header holds one line of Latin letters, digits and signs"
        )
    return text.strip()


def _rate(environment: Mapping[str, str], name: str) -> float:
    """Requests a second; 0 means without limit, for a server of one's own."""
    text = environment.get(name) or "1"
    try:
        rate = float(text)
    except ValueError as error:
        raise SettingsError(f"{name} is {text!r}, not a number") from error
    if not 0 <= rate < float("inf"):
        raise SettingsError(f"{name} is {text}, not a number of at least 0")
    return rate
