"""Settings from environment variables, read and validated in one place."""

import math
import os
import re
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
# The paths of Dagster's files below it are up to 100 bytes longer.
MAX_PATH_BYTES = 400
# Schemes besides http and https are for apprise.
ANY_SCHEME, WEB = "[a-z][a-z0-9+.-]*", "https?"
PROJECT_ROOT = Path(__file__).resolve().parent.parent


class SettingsError(FilingsError):
    """An environment variable has an invalid value."""


@dataclass(frozen=True)
class Settings:
    """The settings, named after their environment variables. See README.md for their meaning."""

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
        """The locations of the stores."""
        return DataDir(self.data_dir)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings. Raises SettingsError, naming the variable, for an invalid value."""
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
        self,
        attempts: int = ATTEMPTS,
        deadline_seconds: float | None = None,
        total_seconds: float = math.inf,
    ) -> PoliteSession:
        """Open an HTTP session with the configured source.

        The replica differs only in its transport, which answers requests from shipped facts. Raises
        SettingsError if FILINGS_REPLICA_BATCHES exceeds the number of batches in the replica.
        """
        if self.source == "live":
            return PoliteSession(
                Source(self.cac_url, self.beian_url),
                requests_per_second=self.requests_per_second,
                contact=self.contact,
                user_agent=self.user_agent,
                attempts=attempts,
                deadline_seconds=deadline_seconds,
                total_seconds=total_seconds,
            )
        from scrapers.replica import replica_adapter

        try:
            transport = replica_adapter(self.replica_batches)
        except ValueError as error:
            raise SettingsError(str(error)) from error
        return PoliteSession(
            Source(), transport=transport, source_name=self.source, requests_per_second=0
        )


@dataclass(frozen=True)
class AlertSettings:
    """Where alerts, heartbeats and new releases are announced. An empty text means nowhere.

    They are not part of Settings, because Dagster shows those in its UI and these hold secrets.
    """

    alert_url: str = ""
    heartbeat_url: str = ""
    release_url: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "AlertSettings":
        """Read the settings. Raises SettingsError, naming the variable but not its value."""
        return cls(
            alert_url=_address(environment, "FILINGS_ALERT_URL"),
            heartbeat_url=_address(environment, "FILINGS_HEARTBEAT_URL", WEB),
            release_url=_address(environment, "FILINGS_RELEASE_URL"),
        )


NO_ALERTS = AlertSettings()


@dataclass(frozen=True)
class TargetSettings:
    """Where each release is published in addition to the data directory; empty means nowhere.

    As with AlertSettings, they hold secrets.
    """

    postgres: str = ""
    postgres_schema: str = "filings"
    store: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "TargetSettings":
        """Read the settings. Raises SettingsError, naming the variable but not its value."""
        return cls(
            postgres=environment.get("FILINGS_POSTGRES", "").strip(),
            postgres_schema=environment.get("FILINGS_POSTGRES_SCHEMA", "").strip() or "filings",
            store=_store(environment, "FILINGS_PUBLISH_TO"),
        )


@dataclass(frozen=True)
class SparkSettings:
    """Where the Spark job runs: `master` is the address of a cluster, or `local[…]`."""

    master: str = "local[*]"

    @property
    def is_local(self) -> bool:
        """Whether the job runs on this machine only."""
        return self.master == "local" or self.master.startswith("local[")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "SparkSettings":
        """Read the settings."""
        return cls(environment.get("FILINGS_SPARK_MASTER", "").strip() or cls.master)


def _address(environment: Mapping[str, str], name: str, schemes: str = ANY_SCHEME) -> str:
    """An address that may hold a secret: its value is in no message."""
    address = environment.get(name, "").strip()
    scheme, _, rest = address.partition("://")
    is_valid = bool(re.fullmatch(schemes, scheme) and re.fullmatch(r"[^\s]+", rest))
    if re.fullmatch(WEB, scheme):
        try:
            parts = urlsplit(address)
            is_valid = is_valid and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_valid = False
    if address and not is_valid:
        raise SettingsError(f"{name} is not an address such as https://example.org/path")
    return address


def _store(environment: Mapping[str, str], name: str) -> str:
    """A folder or a bucket. Each process has a working directory of its own, so none is used."""
    store = environment.get(name, "").strip()
    if store and not store.startswith(("/", "~/", "file://", "s3://")):
        raise SettingsError(
            f"{name} does not begin with /, ~/, file:// or s3://, so its place would depend on the "
            "folder in which a process runs"
        )
    return store


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
    """Raise SettingsError for a path that one of the libraries cannot handle.

    `,` separates the entries of DuckDB's search path, `?` and `%` are special in SQLite URIs, and
    dbt replaces backslashes. SQLite cannot open a file whose path is longer than 512 bytes.
    """
    if len(os.fsencode(path)) > MAX_PATH_BYTES:
        raise SettingsError(
            f"{name} is {str(path)[:60]!r}…: a path longer than {MAX_PATH_BYTES} bytes cannot be "
            "used. Choose another folder. Nothing was written"
        )
    special = [char for char in str(path) if char in ",?%\\" or not char.isprintable()]
    if special:
        raise SettingsError(
            f"{name} is {str(path)!r}: a path that contains {special[0]!r} cannot be used. "
            "Choose another folder. Nothing was written"
        )


def _whole(environment: Mapping[str, str], name: str) -> int | None:
    text = environment.get(name)
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise SettingsError(f"{name} is {text!r}, not a whole number of at least 1")
    return int(text)


def _header_text(environment: Mapping[str, str], name: str) -> str:
    """Text for the User-Agent header, which is limited to one line of Latin-1 characters."""
    text = environment.get(name) or ""
    if not text.isprintable() or any(ord(char) > 0xFF for char in text):
        raise SettingsError(
            f"{name} is {text!r}: an HTTP header is limited to one line of Latin-1 characters"
        )
    return text.strip()


def _rate(environment: Mapping[str, str], name: str) -> float:
    """Requests per second. 0 means no limit, which is meant for your own server."""
    text = environment.get(name) or "1"
    try:
        rate = float(text)
    except ValueError as error:
        raise SettingsError(f"{name} is {text!r}, not a number") from error
    if not 0 <= rate < float("inf"):
        raise SettingsError(f"{name} is {text}, not a number of at least 0")
    return rate
