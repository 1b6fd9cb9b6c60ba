"""Metrics for Prometheus, as a file for the textfile collector of node_exporter."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from orchestration.incidents.health import EXIT_STATUS, Health
from orchestration.incidents.incident import KINDS
from orchestration.inspection.register_status import moment
from orchestration.inspection.status import Status
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.sqlite_files import size_of
from scrapers.errors import FilingsError

SUFFIX = ".prom"


def write_metrics(path: Path, data: DataDir, status: Status, health: Health, now: datetime) -> None:
    """Replace the file with the metrics of this moment. Raises FilingsError for another suffix."""
    if path.suffix != SUFFIX:
        raise FilingsError(
            f"{path} does not end in {SUFFIX}", remedy="node_exporter only reads files that do"
        )
    registry = CollectorRegistry()
    _health(registry, status, health)
    _times(registry, status, now)
    _registers(registry, status)
    _sizes(registry, data)
    write_to_textfile(str(path), registry)


def _health(registry: CollectorRegistry, status: Status, health: Health) -> None:
    states = Gauge(
        "filings_state",
        "1 for the present state, as `filings status`",
        ["state"],
        registry=registry,
    )
    for state in EXIT_STATUS:
        states.labels(state).set(state == health.state)
    open_incidents = Gauge(
        "filings_open_incidents", "Incidents that are open", ["kind"], registry=registry
    )
    counts = Counter(item.kind for item in health.incidents)
    for kind in KINDS:
        open_incidents.labels(kind).set(counts[kind])
    running = Gauge("filings_run_under_way", "Whether a run is under way", registry=registry)
    running.set(status.is_running)
    failed = Gauge(
        "filings_message_failed", "Whether the last message could not be sent", registry=registry
    )
    failed.set(health.failed_message is not None)


def _times(registry: CollectorRegistry, status: Status, now: datetime) -> None:
    release = status.release.made_at if status.release else None
    times = {
        "last_run": status.last_run and moment(status.last_run.at),
        "last_finished_run": status.last_finished and moment(status.last_finished.at),
        "last_tick": status.last_tick and moment(status.last_tick.at),
        "release": release,
        "metrics": now,
    }
    for name, at in times.items():
        if at:
            text = f"When the {name.replace('_', ' ')} was, in Unix time"
            Gauge(f"filings_{name}_timestamp_seconds", text, registry=registry).set(at.timestamp())


def _registers(registry: CollectorRegistry, status: Status) -> None:
    names = {
        "documents": "Documents of which a version is in use",
        "rows": "Rows in use",
        "quarantined_rows": "Rows that break the contract",
        "failed_documents": "Documents whose last attempt failed",
        "not_understood": "Announcements that were not understood",
    }
    gauges = {
        name: Gauge(f"filings_{name}", text, ["register"], registry=registry)
        for name, text in names.items()
    }
    for item in status.registers:
        values = {
            "documents": len(item.in_use),
            "rows": sum(document.rows or 0 for document in item.in_use),
            "quarantined_rows": len({(check.document, check.row_no) for check in item.quarantine}),
            "failed_documents": len(item.problems),
            "not_understood": len(item.alarms),
        }
        for name, value in values.items():
            gauges[name].labels(item.register.name).set(value)


def _sizes(registry: CollectorRegistry, data: DataDir) -> None:
    stores = {
        "raw": data.raw,
        "validated": data.validated,
        "published": data.published,
        "dagster": data.dagster_home,
    }
    sizes = Gauge(
        "filings_store_bytes", "Bytes of the files of a store", ["store"], registry=registry
    )
    for name, folder in stores.items():
        sizes.labels(name).set(size_of(folder))
