"""One refresh from the command line: the job `refresh`, executed in this process.

The run is recorded in the Dagster instance that the daemon uses, so the UI shows it and the sensor
does not request the same work again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import dagster as dg
import sqlalchemy
from dagster._core.storage.tags import MAX_RETRIES_TAG

from orchestration.cli.requested import (
    Requested,
    registers_to_fetch,
    requested,
    require_announced,
)
from orchestration.cli.under_way import UnderWay
from orchestration.definitions import defs
from orchestration.defs import resources
from orchestration.defs.endings import reason_of
from orchestration.defs.names import REFRESH
from orchestration.defs.partitions import run_tags, settle_partitions
from orchestration.defs.resources import Workspace, workspace_config
from orchestration.defs.retention import purge
from orchestration.defs.run_history import close_dead_runs, foreign_runs
from orchestration.ingest.handed_over import handing_over
from orchestration.ingest.pipeline import discover, known_keys
from orchestration.ingest.results import problem_texts
from orchestration.runtime.clock import clock_warnings
from orchestration.runtime.counts import counted
from orchestration.runtime.disk import disk_errors_named, explained
from orchestration.runtime.event_log import open_instance
from orchestration.runtime.progress import DISCOVERY, ProgressEvent, emit
from orchestration.runtime.recorded_sources import record_source, require_source
from orchestration.runtime.records_server import server_errors_named
from orchestration.settings import Settings
from orchestration.warehouse.build_cache import last_warnings
from scrapers.errors import FilingsError, first_lines, located
from scrapers.registers import REGISTERS
from scrapers.registers.base import Discovery, Register

# The console shows progress instead of Dagster's log; the instance records every event.
LOGGERS = {"console": {"config": {"log_level": "CRITICAL"}}}
STARTED_BY = {
    # The UI shows this tag in the column "Launched by".
    "user": "filings refresh",
    # Dagster cannot repeat a run that it has not launched, but would announce to do so.
    MAX_RETRIES_TAG: "0",
}


@dataclass(frozen=True)
class Refreshed:
    """The result of a refresh; `problems` is empty if everything requested was done.

    `documents` are those that were requested, as `REGISTER/KEY`. Long lists of messages are cut;
    the last line then says how many more there are. `failure` is the problem of the run as a whole,
    which no document explains.
    """

    documents: list[str]
    problems: list[str]
    warnings: list[str]
    seconds: float
    failure: str | None = None


def refresh(
    home: Path,
    batch_nos: Collection[int] = (),
    documents: Collection[str] = (),
    under_way: UnderWay | None = None,
    *,
    adds_source: bool = False,
) -> Refreshed:
    """Run the pipeline for these documents, or for all announced ones, and record it in `home`.

    `under_way` is told what must be recorded if the user stops the run. `documents` are given as
    `REGISTER/KEY`. With `adds_source`, the configured source is added to those of the data
    directory; without it, MixedSourcesError is raised if it is none of them. Raises FilingsError if
    a document is not announced or the announcements of its register cannot be read, and DiskError
    or RecordsServerError if Dagster's records cannot be written.
    """
    settings = Settings.from_environment()
    if not adds_source:
        require_source(settings.data, settings.source)
    with disk_errors_named(home), server_errors_named(home), open_instance(home) as instance:
        under_way = under_way or UnderWay(settings.data)
        under_way.instance = instance
        asked = requested(batch_nos, documents, REGISTERS)
        return _refresh(instance, settings, asked, under_way.run_id)


def _refresh(
    instance: dg.DagsterInstance, settings: Settings, asked: Requested, run_id: str
) -> Refreshed:
    started = monotonic()
    workspace = Workspace.from_settings(settings)
    record_source(workspace.data, workspace.source)
    close_dead_runs(instance, workspace.data.root)
    registers = registers_to_fetch(asked, REGISTERS, workspace.archive)
    emit(ProgressEvent(DISCOVERY, total=len(registers)))
    found = _discover(workspace, registers, asked)
    documents: list[str] = []
    problems, gaps = [], []
    for register in registers:
        if register.name in found:
            _, discovery = found[register.name]
            settle_partitions(
                instance, register, sorted(known_keys(register, workspace.archive, discovery))
            )
            keys = asked.get(register.name, discovery.documents)
            documents += [f"{register.name}/{key}" for key in keys]
            problems += _problems(discovery)
            gaps += [f"no announcement found for {gap}" for gap in discovery.gaps]
    tags = run_tags({register: asked.get(register.name) for register in registers}) | STARTED_BY
    with handing_over(found):
        of_documents, of_run = _run(instance, workspace, tags, run_id)
    problems += first_lines([*of_documents, *of_run])
    problems += _found_later(workspace, [item for item in registers if item.name not in found])
    warnings = first_lines(gaps)
    remarks = [remark for result in workspace.results.all() for remark in result.remarks]
    warnings += first_lines(remarks)
    warnings += _shared_home(instance) + last_warnings(workspace.data)
    warnings += clock_warnings(workspace.archive) + _purge(instance)
    failure = of_run[0] if of_run else None
    return Refreshed(documents, problems, warnings, monotonic() - started, failure)


def _discover(
    workspace: Workspace, registers: Collection[Register], asked: Requested
) -> dict[str, tuple[float, Discovery]]:
    """The discoveries by the name of their register, each with the time at which it was made.

    A register that cannot be read is left out; the run asks it again and reports it. Raises
    FilingsError if one of its documents was asked for.
    """
    found: dict[str, tuple[float, Discovery]] = {}
    with workspace.session() as session, session.caching():
        for number, register in enumerate(registers):
            emit(ProgressEvent(DISCOVERY, "", number, len(registers), register.title.en))
            keys = asked.get(register.name, ())
            try:
                with located(document=register.title.en):
                    discovery = discover(session, register, workspace.archive, workspace.results)
            except FilingsError:
                if keys:
                    raise
                continue
            require_announced(register, keys, discovery)
            found[register.name] = monotonic(), discovery
    announced = sum(len(discovery.documents) for _, discovery in found.values())
    unread = len(registers) - len(found)
    message = counted(announced, "document", "documents")
    if unread:
        message += f"; {counted(unread, 'register', 'registers')} could not be read"
    emit(ProgressEvent(DISCOVERY, message, ending="failed" if unread else "done"))
    return found


def _problems(discovery: Discovery) -> list[str]:
    """Messages about entries of the source that an operator must look at."""
    unread = [f"announcement cannot be read: {problem}" for problem in discovery.problems]
    unrecognised = [f"announcement not recognised: {item}" for item in discovery.unrecognised]
    return first_lines(unread) + first_lines(unrecognised)


def _found_later(workspace: Workspace, registers: Collection[Register]) -> list[str]:
    """The alarms of registers that could not be read at first, but were read by the run."""
    return [
        f"announcement not understood: {alarm}"
        for register in registers
        if workspace.results.of_discovery(register) is None
        for alarm in workspace.results.alarms(register)
    ]


def _purge(instance: dg.DagsterInstance) -> list[str]:
    """Delete old runs. If that fails, it is a warning: the next refresh does it."""
    graph = defs.resolve_asset_graph()
    try:
        purged = purge(instance, graph.get_all_asset_keys(), graph.asset_check_keys)
    except (sqlalchemy.exc.SQLAlchemyError, OSError) as error:
        (reason, *_) = str(error).splitlines() or [repr(error)]
        return [f"old runs were not deleted from Dagster's records ({reason})"]
    return purged.problems


def _shared_home(instance: dg.DagsterInstance) -> list[str]:
    """A warning if other projects record their runs in the same Dagster instance."""
    others = foreign_runs(instance)
    if not others:
        return []
    message = (
        f"{instance.root_directory} (DAGSTER_HOME) also holds runs of {', '.join(others)}, which "
        "are left unchanged. Use a separate DAGSTER_HOME for each project, or unset it"
    )
    return [message]


def _run(
    instance: dg.DagsterInstance, workspace: Workspace, tags: dict[str, str], run_id: str
) -> tuple[list[str], list[str]]:
    """Execute one run and return the problems of documents, and those of the run as a whole.

    They are messages, without tracebacks.
    """
    config = workspace_config(workspace.settings)
    result = defs.resolve_job_def(REFRESH).execute_in_process(
        instance=instance,
        run_id=run_id,
        tags=tags,
        run_config={"loggers": LOGGERS, "resources": {resources.NAME: {"config": config}}},
        raise_on_error=False,
    )
    if result.success:
        return [], []
    results = workspace.results.of_run(result.run_id)
    undelivered = workspace.results.delivery_problems(result.run_id)
    problems = [*problem_texts(results), *undelivered]
    reasons = [reason_of(event) for event in result.get_step_failure_events()]
    if not problems and not reasons:
        # A run can fail before its first step, for example if it does not get the run lock.
        reasons = [reason_of(result.get_run_failure_event())]
    # A step that failed because of documents or targets repeats their problems.
    known = [*(item.problem for item in results if item.problem), *undelivered]
    others = [reason for reason in reasons if not any(problem in reason for problem in known)]
    return problems, [explained(reason, workspace.data.root) for reason in others]
