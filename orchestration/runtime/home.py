"""The Dagster home inside the data directory, with records of runs, partitions and ticks."""

import os
from pathlib import Path

from orchestration.runtime.disk import require_writable
from orchestration.settings import Settings, refuse_unusable_path
from scrapers.files import write_text

DAGSTER_YAML = """\
# This file is only written if it is missing. You can edit it.
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
# Steps log to the event log. Capturing their output as well takes time and adds nothing.
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
"""


def prepare_home(settings: Settings) -> Path:
    """Set DAGSTER_HOME, unless it is set already, and write its dagster.yaml if it is missing.

    Raises DiskError if the home or the data directory cannot be written to.
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
