"""The section of a register in `filings status`, on an invented register and the shipped ones."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len
from rich.console import Console

from orchestration.cli.render import status_register
from orchestration.cli.render.status import show_status
from orchestration.defs.resources import Workspace
from orchestration.incidents.health import Health
from orchestration.ingest.results import FINISHED, IngestResult, LastRun
from orchestration.inspection.status import read_status
from orchestration.validation.contracts.lookup import contract_of
from scrapers.errors import FetchError
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS
from scrapers.registers.base import Discovery, Register
from tests.orchestration.palettes import CONTRACT, PALETTES, ingest_palettes, palettes_workspace

FAILED = PALETTES.folder("2026-02")
NOW = datetime.now(UTC)


@pytest.fixture
def workspace(tmp_path) -> Iterator[Workspace]:
    with palettes_workspace(tmp_path) as workspace:
        yield workspace


def shown(workspace: Workspace, *registers: Register, columns: int = 250) -> list[str]:
    """The lines of `filings status` for the invented register, or for these."""
    pairs = [
        (register, CONTRACT if register.name == "palettes" else contract_of(register.name))
        for register in registers or (PALETTES,)
    ]
    console = Console(file=io.StringIO(), width=columns)
    status = read_status(workspace.data, pairs)
    health = Health.of(workspace.data, status, NOW)
    show_status(console, workspace.settings, status, NOW, health)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def section(lines: list[str], title: str) -> list[str]:
    """The lines from a title to the next empty line."""
    start = next(number for number, line in enumerate(lines) if line.startswith(title))
    return lines[start : lines.index("", start)]


def test_section_has_a_row_per_document_with_the_terms_of_the_register(workspace):
    ingest_palettes(workspace)
    lines = shown(workspace)
    title, headings, january, february, *_ = section(lines, "Palettes")
    assert title == "Palettes"
    assert headings.split() == [
        "list", "palettes", "quarantined", "versions", "newest", "tried", "result",
    ]  # fmt: skip
    assert january.split()[:4] == ["2026-01", "2", "1", "1"] and january.endswith("ok")
    assert february.split()[:4] == ["2026-02", "1", "0", "1"]


def test_month_has_a_column_if_it_is_not_the_key(workspace):
    def discover(*arguments: object) -> Discovery:
        found = PALETTES.discover(*arguments)
        return Discovery(
            {f"n-{key}": replace(item, key=f"n-{key}") for key, item in found.documents.items()}
        )

    ingest_palettes(workspace, replace(PALETTES, discover=discover))
    _, headings, january, *_ = section(shown(workspace), "Palettes")
    assert headings.split()[:2] == ["list", "month"]
    assert january.split()[:3] == ["n-2026-01", "2026-01", "2"]


def test_quarantine_and_failures_are_in_the_section_of_their_register(workspace):
    ingest_palettes(workspace)
    workspace.results.record(IngestResult(FAILED, "run", NOW.isoformat(), problem="status 503"))
    lines = shown(workspace, DEEP_SYNTHESIS, PALETTES, CANCELLATION_NOTICES)
    order = [
        lines.index("Deep-synthesis algorithms: no list yet"),
        lines.index("Palettes"),
        lines.index("in quarantine: 1 row"),
        lines.index("status 503"),
        lines.index("Cancellation notices: no notice yet"),
    ]
    assert order == sorted(order)
    assert lines[order[3] - 1].startswith("stale: list 2026-02 uses its version of ")
    (row,) = [line for line in lines if "known_color" in line]
    assert row.split() == ["2026-01", "2", "color", "known_color", "plaid"]


def test_supplement_is_one_line_with_its_problems(workspace):
    ingest_palettes(workspace)
    old = (NOW - timedelta(days=3)).isoformat()
    workspace.results.record(IngestResult(FAILED, "run", old, problem="status 503"))
    workspace.results.record_run(LastRun("run", FINISHED, NOW.isoformat()))
    lines = shown(workspace, replace(PALETTES, is_supplement=True))
    assert "Palettes: 2 lists with 3 palettes" in lines and "status 503" in lines
    assert "not checked for more than a day: 1 list" in lines
    assert not any("versions" in line for line in lines)


def test_announcements_that_cannot_be_read_are_one_problem_with_all_titles(workspace):
    ingest_palettes(workspace)

    def discover(*_: object) -> Discovery:
        raise FetchError("status 404", url="http://cac.test/page")

    ingest_palettes(workspace, replace(PALETTES, discover=discover))
    failed = workspace.results.of_discovery(PALETTES)
    workspace.results.record(replace(failed, folder="deep_synthesis", discovery_of="Deep"))
    lines = shown(workspace, DEEP_SYNTHESIS, PALETTES)
    assert [line for line in lines if "status 404" in line] == [
        "Deep, Palettes: status 404 [http://cac.test/page]"
    ]
    assert "Palettes" in lines, "the archived documents are shown"


def test_older_documents_are_counted_unless_they_failed(workspace, monkeypatch):
    monkeypatch.setattr(status_register, "DOCUMENTS_SHOWN", 1)
    ingest_palettes(workspace)
    at = NOW.isoformat()
    for key in ("2025-11", "2025-12"):
        problem = "status 503" if key == "2025-11" else None
        workspace.results.record(IngestResult(PALETTES.folder(key), "run", at, problem=problem))
    lines = section(shown(workspace), "Palettes")
    # 2026-01 has a row in quarantine.
    assert [line.split()[0] for line in lines[2:5]] == ["2025-11", "2026-01", "2026-02"]
    assert lines[5] == "and 1 list before"


def test_section_fits_eighty_columns(workspace, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ingest_palettes(workspace)
    lines = section(shown(workspace, columns=80), "Palettes")
    assert all(cell_len(line) <= 80 for line in lines if "quarantine/" not in line)
