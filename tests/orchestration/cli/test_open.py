"""`filings open`, and the files that a refresh names: only what is there."""

import pytest

from orchestration.cli.refresh_run import Refreshed
from orchestration.cli.render.refreshing import RELEASE_FILES, show_refreshed
from orchestration.settings import Settings
from tests.orchestration.cli.commands import assert_fails, run
from tests.orchestration.publication.release_factories import make_filing, make_release


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a browser on a screen is asked for."""
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


def test_the_report_opens_in_the_browser_and_its_path_is_printed(tmp_path, report, opened):
    result = run(tmp_path, "open")
    assert result.exit_code == 0 and opened == [report.resolve().as_uri()]
    assert result.stdout == f"{report.resolve()}\n" and result.stderr == ""


def test_without_a_screen_the_path_is_enough(tmp_path, report, opened, monkeypatch):
    monkeypatch.setattr("orchestration.cli.open.sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    result = run(tmp_path, "open")
    assert result.exit_code == 0 and opened == []
    assert str(report.resolve()) in result.stdout and "no browser to be had" in result.stderr


def test_a_browser_that_cannot_be_started_is_no_failure(tmp_path, report, opened, monkeypatch):
    monkeypatch.setattr("orchestration.cli.open.click.launch", lambda _: 1)
    result = run(tmp_path, "open")
    assert result.exit_code == 0 and "no browser to be had" in result.stderr


def test_without_a_release_or_a_report_it_says_what_to_run(tmp_path, opened):
    assert "there is no release yet" in assert_fails(run(tmp_path, "open"))
    make_release(tmp_path, make_filing(1))
    assert "has no report (panorama.html)" in assert_fails(run(tmp_path, "open"))
    assert opened == []


def test_a_refresh_names_the_files_that_the_release_has(tmp_path, report, capsys):
    from rich.console import Console

    settings = Settings.from_environment({"FILINGS_DATA_DIR": str(tmp_path)})
    console = Console(width=250)
    show_refreshed(console, console, settings, Refreshed(["001"], [], [], 1.0))
    shown = capsys.readouterr().out
    there = [name for name in RELEASE_FILES if f"latest/{name}\n" in shown]
    assert there == [
        "panorama.html", "filings.duckdb", "parquet", "CHANGES.md", "datapackage.json",
    ]  # fmt: skip
