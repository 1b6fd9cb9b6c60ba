"""The progress of a refresh: a line per stage when it ends, and on a terminal the one under way.

    ✓ announcements             40 documents              0.8 s
    – Cancellation notices      7 notices, unchanged      0.3 s
    ⠋ Deep-synthesis algorithms ━━━━━━━╸     11/18          4 s

Only a stage that did something gets a tick. The bar only appears if the total is known. Output
that is not a terminal gets the lines of the stages that ended.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from orchestration.cli.render.stages import stage_name
from orchestration.cli.render.text import line
from orchestration.runtime.progress import Ending, ProgressEvent, subscribed
from orchestration.runtime.texts import harmless
from scrapers.registers import REGISTERS

# At 80 columns, the longest name of a list fits after the bar.
BAR_WIDTH = 10
MAX_WIDTH = 100
# Below this width, names are cut and bars are short.
NARROW = 60
# On a narrower terminal, what is worked on would be cut to a few letters.
ITEM_MIN_WIDTH = 72
SIGNS: dict[Ending, tuple[str, str]] = {
    "done": ("✓", "green"),
    "unchanged": ("–", "dim"),
    "failed": ("✗", "red"),
}
_NAME_WIDTH = max(len(stage_name(register.name)) for register in REGISTERS)


@dataclass
class _UnderWay:
    """The stage under way: its last event, and when it began."""

    event: ProgressEvent
    began: float


class RefreshProgress:
    """Renders as the stage under way; `show` prints the lines of stages that ended."""

    def __init__(self, console: Console, clock: Callable[[], float] = monotonic) -> None:
        self._console, self._clock = console, clock
        self._is_stopped = False
        self._spinner = Spinner("dots")
        self._stage: _UnderWay | None = _UnderWay(ProgressEvent("starting"), clock())
        self._live = Live(
            get_renderable=lambda: self, console=console, transient=True, refresh_per_second=10
        )

    def start(self) -> None:
        """Show the stage under way, on a terminal."""
        if self._console.is_terminal:
            self._live.start()

    def stop(self) -> None:
        """Remove the stage under way from the terminal."""
        self._is_stopped, self._stage = True, None
        self._live.stop()

    def show(self, event: ProgressEvent) -> None:
        """Follow an event, unless the display is stopped."""
        if self._is_stopped:
            return
        if not event.is_of_stage or (event.message and not event.ending):
            self._console.print(f"  {escape(harmless(event.message))}", soft_wrap=True)
        if not event.is_of_stage:
            return
        under_way = self._stage
        if under_way is None or under_way.event.stage != event.stage:
            if event.ending and under_way is None:
                return  # it ended before
            under_way = _UnderWay(event, self._clock())
        if event.ending:
            self._stage = None
            seconds = self._clock() - under_way.began
            self._print_ended(event, event.ending, seconds)
        else:
            self._stage = _UnderWay(event, under_way.began)

    def _print_ended(self, event: ProgressEvent, ending: Ending, seconds: float) -> None:
        if self._console.is_terminal:
            self._console.print(_ended(event, ending, seconds, self._console.width))
            return
        name = f"{SIGNS[ending][0]} {stage_name(event.stage):<{_NAME_WIDTH}}"
        text = f"{name} {line(event.message)}  {seconds:.1f} s"
        self._console.print(text, markup=False, soft_wrap=True)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self._stage:
            seconds = self._clock() - self._stage.began
            yield _current(self._spinner, self._stage.event, seconds, options.max_width)


@contextmanager
def show_progress(console: Console) -> Iterator[RefreshProgress]:
    """Show the progress events of the block."""
    progress = RefreshProgress(console)
    with subscribed(progress.show):
        progress.start()
        try:
            yield progress
        finally:
            progress.stop()


def _ended(event: ProgressEvent, ending: Ending, seconds: float, width: int) -> Table:
    """The line of a stage that ended."""
    sign, style = SIGNS[ending]
    row = _row(width)
    message = line(event.message, "red" if ending == "failed" else "")
    row.add_row(Text(sign, style), Text(stage_name(event.stage)), message, f"{seconds:.1f} s")
    return row


def _current(spinner: Spinner, event: ProgressEvent, seconds: float, width: int) -> Table:
    """The line of the stage under way."""
    row = _row(width)
    work = Table.grid(padding=(0, 1), expand=True)
    cells: list[Text | ProgressBar] = []
    if event.total:
        bar_width = BAR_WIDTH if width >= NARROW else BAR_WIDTH // 2
        work.add_column(width=bar_width)
        work.add_column(no_wrap=True)
        counted = f"{event.done}/{event.total}"
        bar = ProgressBar(total=event.total, completed=event.done, width=bar_width)
        cells += [bar, Text(counted)]
    if width >= ITEM_MIN_WIDTH or not event.total:
        work.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        cells.append(line(event.item, "dim"))
    work.add_row(*cells)
    row.add_row(spinner, Text(stage_name(event.stage)), work, f"{seconds:.0f} s")
    return row


def _row(width: int) -> Table:
    """A line of a sign, a name, what is done, and the time. Names are cut if it is narrow."""
    row = Table.grid(padding=(0, 1), expand=True)
    row.width = min(width, MAX_WIDTH)
    row.add_column(width=1)
    row.add_column(
        width=_NAME_WIDTH if width >= NARROW else width * 2 // 5, no_wrap=True, overflow="ellipsis"
    )
    row.add_column(ratio=1, overflow="fold")
    row.add_column(justify="right", width=7, no_wrap=True)
    return row
