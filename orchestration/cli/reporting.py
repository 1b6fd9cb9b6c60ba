"""Reports the end of a refresh: in the record of the last run, and by alerts."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orchestration.cli.requested import NotThereError
from orchestration.cli.under_way import UnderWay
from orchestration.incidents.finding import REFRESH_JOB
from orchestration.incidents.report import OF_COMMANDS, Ended, report
from orchestration.ingest.results import IngestResults, LastRun
from orchestration.runtime import interrupts
from orchestration.runtime.progress import DISCOVERY
from orchestration.runtime.recorded_sources import MixedSourcesError
from orchestration.runtime.run_lock import is_run_alive
from orchestration.settings import AlertSettings
from scrapers.errors import FilingsError

if TYPE_CHECKING:
    from orchestration.cli.refresh_run import Refreshed


def reported(
    run: "Callable[[], Refreshed]", under_way: UnderWay, alerts: AlertSettings
) -> "Refreshed":
    """Run a refresh, report how it ended, and return its result with the warnings of the report.

    A refresh that the user stopped, that asked for what does not exist, or that is refused before
    anything is written, is not reported.
    """
    try:
        refreshed = run()
    except (NotThereError, MixedSourcesError):
        raise
    except Exception as error:
        if not interrupts.stopped_by():
            _report_failure(under_way, alerts, error)
        raise
    ended = Ended(REFRESH_JOB, refreshed.failure)
    warnings = report(under_way.data, alerts, ended, OF_COMMANDS)
    return replace(refreshed, warnings=[*refreshed.warnings, *warnings])


def _report_failure(under_way: UnderWay, alerts: AlertSettings, error: Exception) -> None:
    """Report a refresh that ended with an error, probably before its run began."""
    expected = isinstance(error, FilingsError | OSError)
    problem = str(error) if expected else f"the program failed ({error!r}); please report it"
    data = under_way.data
    # The record of another run that is under way must stay.
    if not is_run_alive(data.root, watch_seconds=0):
        at = datetime.now(UTC).isoformat(timespec="seconds")
        run = LastRun(under_way.run_id, under_way.stage or DISCOVERY, at, problem)
        # The disk may be what failed.
        with suppress(OSError):
            IngestResults(data.ingest_results).record_run(run)
    report(data, alerts, Ended(REFRESH_JOB, problem), OF_COMMANDS)
