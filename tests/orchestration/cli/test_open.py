"""`filings open`, and the release files that a refresh prints."""

import pytest
from rich.console import Console

from orchestration.cli.refresh_run import Refreshed
from orchestration.cli.render import refreshing, stages
from orchestration.cli.render.refreshing import RELEASE_FILES, show_refreshed
from orchestration.settings import Settings
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS
from tests.orchestration.cli.commands import assert_fails, run
from tests.orchestration.palettes import PALETTES
from tests.orchestration.publication.release_factories import make_filing, make_release


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs that the browser is asked to open, on a machine with a display."""
    asked: list[str] = []
    monkeypatch.setattr("orchestration.cli.open.click.launch", lambda uri: asked.append(uri) or 0)
    monkeypatch.setenv("DISPLAY", ":0")
    return asked


@pytest.fixture
def report(tmp_path):
    """The report of a release in the data directory `tmp_path`."""
    path = make_release(tmp_path, make_filing(1)).path / "panorama.html"
    path.write_text("<!doctype html>")
    return path


def test_open_launches_the_browser_and_prints_the_path(tmp_path, report, opened):
    result = run(tmp_path, "open")
    assert result.exit_code == 0 and opened == [report.resolve().as_uri()]
    assert result.stdout == f"{report.resolve()}\n" and result.stderr == ""


def test_open_without_a_display_prints_the_path(tmp_path, report, opened, monkeypatch):
    monkeypatch.setattr("orchestration.cli.open.sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    result = run(tmp_path, "open")
    assert result.exit_code == 0 and opened == []
    assert str(report.resolve()) in result.stdout and "No browser found" in result.stderr


def test_open_succeeds_if_the_browser_does_not_start(tmp_path, report, opened, monkeypatch):
    monkeypatch.setattr("orchestration.cli.open.click.launch", lambda _: 1)
    result = run(tmp_path, "open")
    assert result.exit_code == 0 and "No browser found" in result.stderr


def test_open_without_a_release_or_report_says_what_to_run(tmp_path, opened):
    assert "there is no release yet" in assert_fails(run(tmp_path, "open"))
    make_release(tmp_path, make_filing(1))
    assert "has no report (panorama.html)" in assert_fails(run(tmp_path, "open"))
    assert opened == []


def test_refresh_prints_existing_release_files_and_every_message(tmp_path, report, capsys):
    settings = Settings.from_environment({"FILINGS_DATA_DIR": str(tmp_path)})
    console = Console(width=250)
    problems, warnings = ["[batch 001] first", "second"], ["[/] third", "fourth"]
    show_refreshed(console, console, settings, Refreshed(["001"], problems, warnings, 1.0))
    shown = capsys.readouterr().out
    assert [line for line in shown.splitlines() if ": " in line and "source" not in line] == [
        "warning: [/] third",
        "warning: fourth",
        "error: [batch 001] first",
        "error: second",
    ]
    there = [name for name in RELEASE_FILES if f"latest/{name}\n" in shown]
    assert there == [
        "panorama.html", "filings.duckdb", "parquet", "CHANGES.md", "datapackage.json",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "words"),
    [("not_reviewed", "to read: 1 filing, new or amended: `filings review --list` lists it"),
     ("reviewed", None)],
)  # fmt: skip
def test_refresh_says_how_many_filings_are_to_be_read(tmp_path, capsys, status, words):
    make_release(tmp_path, make_filing(1, review_status=status))
    settings = Settings.from_environment({"FILINGS_DATA_DIR": str(tmp_path)})
    console = Console(width=80)
    show_refreshed(console, console, settings, Refreshed(["001"], [], [], 1.0))
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == words if words else "to read" not in last


def test_refresh_prints_the_totals_of_every_register(tmp_path, capsys, monkeypatch):
    registers = (DEEP_SYNTHESIS, CANCELLATION_NOTICES, PALETTES)
    monkeypatch.setattr(refreshing, "REGISTERS", registers)
    in_use = {"001": 1, "cancellations/n": 5, "palettes/2026-01": 2, "palettes/2026-02": 1}
    make_release(tmp_path, make_filing(1), in_use=in_use)
    settings = Settings.from_environment({"FILINGS_DATA_DIR": str(tmp_path)})
    console = Console(width=250)
    show_refreshed(console, console, settings, Refreshed(["palettes/2026-02"], [], [], 1.0))
    assert capsys.readouterr().out.splitlines()[0] == (
        "1 filing in 1 batch, 3 palettes in 2 lists  (1 document refreshed in 1.0 s, "
        "source: replica)"
    )


def test_stage_of_a_register_is_its_title(monkeypatch):
    monkeypatch.setattr(stages, "REGISTERS", (DEEP_SYNTHESIS, PALETTES))
    names = [stages.stage_name(stage) for stage in ("discovery", "deep_synthesis", "palettes")]
    assert names == ["announcements", "Deep-synthesis algorithms", "Palettes"]
