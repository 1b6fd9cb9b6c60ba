"""The output of `filings status --json`."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from orchestration.incidents.health import Health
from orchestration.inspection.register_status import RegisterStatus
from orchestration.inspection.status import Status
from orchestration.runtime.recorded_sources import recorded_sources
from orchestration.settings import Settings


def status_json(settings: Settings, status: Status, health: Health) -> str:
    """The status as a JSON object. Times are in ISO 8601, dates as YYYY-MM-DD."""
    found = {
        "state": health.state,
        "exit_status": health.exit_status,
        "is_overdue": health.is_overdue,
        "is_running": status.is_running,
        "incidents": [asdict(item) for item in health.incidents],
        "failed_message": health.failed_message,
        "data_dir": str(settings.data_dir),
        "sources": list(recorded_sources(settings.data)),
        "configured_source": settings.source,
        "release": asdict(status.release) if status.release else None,
        "last_run": asdict(status.last_run) if status.last_run else None,
        "last_finished": asdict(status.last_finished) if status.last_finished else None,
        "last_tick": asdict(status.last_tick) if status.last_tick else None,
        "registers": {item.register.name: _register(item) for item in status.registers},
        "warnings": [*status.remarks, *status.warnings],
        "read_at": status.read_at,
    }
    return json.dumps(found, ensure_ascii=False, indent=2, default=_text)


def _text(value: object) -> str:
    """A date or time as text. Times without a zone are in UTC."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat(timespec="seconds")
    return str(value)


def _register(item: RegisterStatus) -> dict[str, Any]:
    return {
        "title": item.register.title.en,
        "rows": sum(document.rows or 0 for document in item.in_use),
        "quarantined_rows": len({(check.document, check.row_no) for check in item.quarantine}),
        "documents": {
            key: {
                **(asdict(item.documents[key]) if key in item.documents else {}),
                "last_attempt": asdict(item.attempts[key]) if key in item.attempts else None,
            }
            for key in item.keys
        },
        "alarms": list(item.alarms),
        "unread": item.unread.problem if item.unread else None,
    }
