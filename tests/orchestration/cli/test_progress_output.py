"""The progress of a refresh on terminals of several widths, and in a log."""

import re
from io import StringIO

import pytest
from rich.console import Console

from orchestration.cli.render.progress import RefreshProgress
from orchestration.runtime.progress import ProgressEvent
from scrapers.registers import REGISTERS


class Clock:
    """A clock that the test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def make_progress(width: int, *, is_terminal: bool) -> tuple[RefreshProgress, Console, Clock]:
    console = Console(
        file=StringIO(), width=width, force_terminal=is_terminal, highlight=False, color_system=None
    )
    clock = Clock()
    return RefreshProgress(console, clock), console, clock


def printed(console: Console) -> str:
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def frame(progress: RefreshProgress, console: Console) -> str:
    """The line of the stage under way."""
    with console.capture() as captured:
        console.print(progress)
    return captured.get()


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_stage_under_way_has_no_tick_and_fits_one_line(width):
    progress, console, clock = make_progress(width, is_terminal=True)
    progress.show(ProgressEvent("deep_synthesis"))
    assert "━" not in frame(progress, console), "no bar before the total is known"
    clock.now = 4.2
    progress.show(ProgressEvent("deep_synthesis", done=11, total=18, item="batch 011"))
    shown = frame(progress, console)
    assert "━" in shown and "11/18" in shown and re.search(r"4 s\s*$", shown)
    assert not set("✓–✗") & set(shown)
    assert shown.count("\n") == 1 and max(map(len, shown.splitlines())) <= width
    assert ("batch 011" in shown) == (width >= 80)
    assert ("Deep-synthesis algorithms" in shown) == (width >= 60)


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.name)
def test_name_of_the_list_under_way_is_whole_at_80_columns(register):
    progress, console, _ = make_progress(80, is_terminal=True)
    label = register.label("011" if register.name == "deep_synthesis" else "2026-07")
    progress.show(ProgressEvent(register.name, done=11, total=18, item=label))
    assert label in frame(progress, console)


def test_bar_shows_the_share_that_is_done():
    progress, console, _ = make_progress(80, is_terminal=True)
    full = []
    for done in (0, 9, 18):
        progress.show(ProgressEvent("models", done=done, total=18))
        full.append(frame(progress, console).count("━"))
    # Without colours, the rest of a bar is blank.
    assert full == [0, 5, 10]


def test_stage_that_ended_has_its_own_time_and_a_sign_of_how_it_ended():
    progress, console, clock = make_progress(80, is_terminal=True)
    for stage, seconds, message, ending in (
        ("discovery", 1.0, "40 documents", "done"),
        ("recommendation", 2.5, "19 lists, unchanged", "unchanged"),
        ("models", 8.0, "failed", "failed"),
    ):
        progress.show(ProgressEvent(stage))
        clock.now += seconds
        progress.show(ProgressEvent(stage, message, ending=ending))
        assert frame(progress, console) == "", "nothing is under way between two stages"
        clock.now += 100
    lines = [line.split() for line in printed(console).splitlines() if line.strip()]
    assert lines == [
        ["✓", "announcements", "40", "documents", "1.0", "s"],
        ["–", "Recommendation", "algorithms", "19", "lists,", "unchanged", "2.5", "s"],
        ["✗", "models", "failed", "8.0", "s"],
    ]


def test_log_has_one_plain_line_per_stage_and_the_messages():
    progress, console, _ = make_progress(40, is_terminal=False)
    progress.start()
    progress.show(ProgressEvent("waiting", "another run is under way: waiting for it to end"))
    for done in range(18):
        progress.show(ProgressEvent("models", done=done, total=18, item="model a"))
    message = "151 filings in 2 batches: 110 added; [b]1,014[/b] filings in 19 lists"
    progress.show(ProgressEvent("stores", "a file is damaged"))
    progress.show(ProgressEvent("models", message, ending="done"))
    progress.stop()
    assert printed(console).splitlines() == [
        "  another run is under way: waiting for it to end",
        "  a file is damaged",
        f"✓ {'models':<25} {message}  0.0 s",
    ]


def test_nothing_is_shown_after_the_display_stopped():
    progress, console, _ = make_progress(80, is_terminal=True)
    progress.start()
    progress.stop()
    before = printed(console)
    progress.show(ProgressEvent("models", "built and tested", ending="done"))
    assert printed(console) == before and frame(progress, console) == ""
