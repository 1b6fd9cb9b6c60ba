"""The Dagster home inside the data directory, with records of runs, partitions and ticks."""

import hashlib
import os
from pathlib import Path

from orchestration.runtime.disk import require_writable
from orchestration.settings import Settings, SettingsError, refuse_unusable_path
from scrapers.errors import FilingsError
from scrapers.files import write_text

CONFIGURATION = "dagster.yaml"
DAGSTER_YAML = """\
# Written by `filings`. It is kept if you edit it; otherwise a later version may replace it.
telemetry:
  enabled: false
# Do not ask for an email address when the UI is first opened.
nux:
  enabled: false
# Runs share the warehouse and the data directory, so only one may run at a time.
concurrency:
  runs:
    max_concurrent_runs: 1
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
  # A refresh takes a minute. With a source that answers very slowly, it can take two hours.
  max_runtime_seconds: 10800
# A run whose process died is repeated once. Failed documents are repeated by the sensor.
run_retries:
  enabled: true
  max_retries: 1
  retry_on_asset_or_op_failure: false
# Ticks. Old runs are deleted by `filings maintain`, which the schedule `maintenance` runs as well.
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 3
      started: 3
      success: 30
      failure: 30
# Steps log to the event log. Capturing their output as well takes time and adds nothing.
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
"""

POSTGRES_VARIABLE = "FILINGS_DAGSTER_POSTGRES"
POSTGRES_SCHEME = "postgresql+psycopg2://"
POSTGRES_STORAGE = f"""\
# Dagster's records are in PostgreSQL, at the address in this environment variable. It starts with
# {POSTGRES_SCHEME}
storage:
  postgres:
    postgres_url:
      env: {POSTGRES_VARIABLE}
"""

# The sha256 of the dagster.yaml that earlier versions of this program wrote.
_EARLIER = {
    "68389e29c7fa52c38cf0b37a3e1738ac53c77edbaf185494f2638aefe85a3d7b",
    "9f15845cf0bfd9d714bdd65f48e7414272a42e12a5fce04a06cc6537c3920e77",
    "e789b042278d8db2c6f301edb32dcfbeab2f2966fb6fb7176abd14f2600b6e46",
}


class EditedConfigurationError(FilingsError):
    """The dagster.yaml was edited by the operator, so it cannot be replaced."""


def home_of(settings: Settings) -> Path:
    """DAGSTER_HOME, or the default one below the data directory."""
    return Path(os.environ.get("DAGSTER_HOME") or settings.data.dagster_home).resolve()


def prepare_home(settings: Settings) -> Path:
    """Set DAGSTER_HOME, unless it is set already, and write its dagster.yaml if it is missing.

    A dagster.yaml that an earlier version wrote is replaced, unless it was edited. Raises DiskError
    if the home or the data directory cannot be written to.
    """
    home = _writable_home(settings)
    path = home / CONFIGURATION
    if not path.exists():
        write_text(path, DAGSTER_YAML)
    elif _is_earlier(path):
        write_text(path, DAGSTER_YAML + (POSTGRES_STORAGE if _is_on_postgres(path) else ""))
    return home


def prepare_home_on_postgres(settings: Settings) -> Path:
    """As `prepare_home`, with Dagster's records in PostgreSQL.

    Raises EditedConfigurationError if there is a dagster.yaml that the operator has edited, and
    SettingsError if the address in FILINGS_DAGSTER_POSTGRES has another scheme.
    """
    address = os.environ.get(POSTGRES_VARIABLE, "")
    if address and not address.startswith(POSTGRES_SCHEME):
        # The address holds a password, so it is not in the message.
        raise SettingsError(
            f"{POSTGRES_VARIABLE} does not start with {POSTGRES_SCHEME}, which names the driver "
            "that Dagster uses. Nothing was written"
        )
    home = _writable_home(settings)
    path = home / CONFIGURATION
    wanted = DAGSTER_YAML + POSTGRES_STORAGE
    if path.exists() and not _is_earlier(path) and _text(path) not in {DAGSTER_YAML, wanted}:
        raise EditedConfigurationError(
            f"{path} was edited, so it is left as it is",
            remedy=f"Add these lines to it:\n{POSTGRES_STORAGE}",
        )
    write_text(path, wanted)
    return home


def _writable_home(settings: Settings) -> Path:
    home = home_of(settings)
    refuse_unusable_path("DAGSTER_HOME", home)
    for folder in (settings.data_dir, home):
        require_writable(folder)
    os.environ["DAGSTER_HOME"] = str(home)
    return home


def _is_earlier(path: Path) -> bool:
    """Whether an earlier version wrote the file, with or without the storage on PostgreSQL."""
    text = path.read_bytes().removesuffix(POSTGRES_STORAGE.encode())
    return hashlib.sha256(text).hexdigest() in _EARLIER


def _is_on_postgres(path: Path) -> bool:
    return path.read_bytes().endswith(POSTGRES_STORAGE.encode())


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
