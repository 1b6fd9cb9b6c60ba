"""The messages that are sent: JSON objects with a title and a text to show as they are."""

import socket
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.incidents.incident import Incident
from orchestration.publication.latest import descriptor
from orchestration.publication.totals import release_totals
from orchestration.runtime.counts import counted
from orchestration.runtime.texts import harmless
from scrapers.errors import first_lines
from scrapers.registers import REGISTERS

CHANGES = "CHANGES.md"


def problem_message(root: Path, incidents: Sequence[Incident], at: datetime) -> dict[str, Any]:
    """The alert about incidents that are new."""
    title = f"Filings: {_in_short(incidents)}"
    lines = [f"{item.title}\n{item.text}" if _adds(item) else item.title for item in incidents]
    return _message("problem", title, root, incidents, at, lines)


def healed_message(root: Path, incidents: Sequence[Incident], at: datetime) -> dict[str, Any]:
    """The message that incidents are over."""
    title = f"Filings: well again: {_in_short(incidents)}"
    lines = [f"{item.title} (since {item.since})" for item in incidents]
    return _message("well_again", title, root, incidents, at, lines)


def check_message(root: Path, at: datetime) -> dict[str, Any]:
    """A message that only shows that messages arrive."""
    line = "This message was sent by `filings alert --test`. Alerts arrive here."
    return _message("test", "Filings: test", root, [], at, [line])


def release_message(root: Path, release: Path, at: datetime) -> dict[str, Any]:
    """The message about a new release: its totals, and the summary at the top of CHANGES.md."""
    package = descriptor(release)
    try:
        page = (release / CHANGES).read_text(encoding="utf-8")
    except OSError:
        page = ""
    summary, _, _ = page.partition("\n## ")
    # The first line is the heading, which the title repeats.
    lines = [line for line in summary.splitlines()[1:] if line.strip()]
    return {
        "event": "release",
        "title": f"Filings: release {release.name}",
        "text": harmless("\n".join(lines)),
        "release": release.name,
        "created": package.get("created"),
        "content_sha256": package.get("content_sha256"),
        "totals": list(release_totals(package, REGISTERS)),
        "path": str(release),
        **_origin(root, at),
    }


def _message(
    event: str,
    title: str,
    root: Path,
    incidents: Sequence[Incident],
    at: datetime,
    lines: Sequence[str],
) -> dict[str, Any]:
    return {
        "event": event,
        "title": title,
        "text": harmless("\n\n".join(first_lines(lines))),
        "incidents": [
            {
                "key": item.key,
                "kind": item.kind,
                "title": harmless(item.title),
                "text": harmless(item.text),
                "since": item.since,
            }
            for item in incidents
        ],
        **_origin(root, at),
    }


def _in_short(incidents: Sequence[Incident]) -> str:
    """The title of a single incident, or how many there are."""
    if len(incidents) == 1:
        return harmless(incidents[0].title)
    return counted(len(incidents), "problem", "problems")


def _adds(incident: Incident) -> bool:
    """Whether the text says more than the title."""
    return incident.text not in incident.title


def _origin(root: Path, at: datetime) -> dict[str, Any]:
    return {
        "at": at.isoformat(timespec="seconds"),
        "host": socket.gethostname(),
        "data_dir": str(root),
    }
