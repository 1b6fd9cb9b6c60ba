"""Dagster's home: where runs, partitions and ticks are recorded, inside the data directory."""

import os
from pathlib import Path

from orchestration.runtime.disk import require_writable
from orchestration.settings import Settings, refuse_unusable_path
from scrapers.files import write_text

DAGSTER_YAML = """\
# Written when missing; change it as you like.
telemetry:
  enabled: false
# No dialog that asks for an address before the first look.
nux:
  enabled: false
# One writer: runs share the warehouse and the data directory.
concurrency:
  runs:
    max_concurrent_runs: 1
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
# Steps log to the event log; their bare output holds nothing more, and capturing it costs time.
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
"""


def prepare_home(settings: Settings) -> Path:
    """Point DAGSTER_HOME at a folder with a dagster.yaml, unless the operator has set one.

    Raises DiskError where this folder or the data directory cannot be written.
    """
    home = Path(os.environ.get("DAGSTER_HOME") or settings.data.dagster_home).resolve()
    refuse_unusable_path("DAGSTER_HOME", home)
    for folder in (settings.data_dir, home):
        require_writable(folder)
    os.environ["DAGSTER_HOME"] = str(home)
    configuration = home / "dagster.yaml"
    if not configuration.exists():
        write_text(configuration, DAGSTER_YAML)
    return home
