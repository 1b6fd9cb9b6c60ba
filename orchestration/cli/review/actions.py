"""What `filings review` does: list, ask, take one reading, or take many."""

import signal
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from orchestration.classification.reviews import require_open, why_due
from orchestration.cli.console import console, error_console
from orchestration.cli.query.released import latest_opened
from orchestration.cli.render.review import (
    print_due,
    show_bad_rows,
    show_due,
    show_skipped,
    show_written,
)
from orchestration.cli.review import seed
from orchestration.cli.review.answers import Sector, judgement, kinds_of
from orchestration.cli.review.candidates import (
    Due,
    due_filings,
    require_batch,
    reviewable,
    with_labels,
)
from orchestration.cli.review.desk import Desk
from orchestration.cli.review.reader import reader_code
from orchestration.cli.review.readings_file import labels_from
from orchestration.cli.review.session import run_session
from orchestration.runtime.counts import counted
from orchestration.settings import Settings
from scrapers.errors import FilingsError


def list_due(
    settings: Settings,
    batch_no: int | None,
    reader: str | None,
    limit: int | None,
    *,
    is_plain: bool,
) -> None:
    """Print what is due, for any reader unless one is given."""
    code = reader_code(reader) if reader else None
    due = _due(_opened(settings, code or "")[0], batch_no, code)
    if is_plain:
        print_due(due, limit)
    else:
        show_due(console, due, limit)


def read_due(settings: Settings, batch_no: int | None, reader: str | None) -> None:
    """Ask for the sector of each due filing that the reader has not read."""
    code = reader_code(reader)
    desk, sectors = _opened(settings, code)
    due = _due(desk, batch_no, code)
    if not due:
        show_due(console, due, limit=None)
        return
    _ask_for(desk, due, sectors)


def read_one(settings: Settings, number: str, reader: str | None) -> None:
    """Ask for the sector of one filing, due or not. Raises ReviewError if it is decided."""
    code = reader_code(reader)
    desk, sectors = _opened(settings, code, replaces=True)
    candidate = desk.find(number)
    require_open(candidate, code, replaces=True)
    _ask_for(desk, [Due(candidate, why_due(candidate) or "")], sectors)


def take_one(
    settings: Settings,
    number: str,
    sector: str,
    other: str | None,
    reader: str | None,
    inputs: str | None,
    outputs: str | None,
    *,
    is_sure: bool,
) -> None:
    """Take one reading, also in place of the only one by the same reader.

    Raises FilingsError if it cannot be taken.
    """
    code = reader_code(reader)
    desk, sectors = _opened(settings, code, replaces=True)
    reading = desk.reading(
        judgement(sector, other, sectors, is_sure=is_sure),
        kinds_of(inputs, "inputs") if inputs else None,
        kinds_of(outputs, "outputs") if outputs else None,
    )
    desk.write([desk.merged(number, reading)])
    show_written(console, desk.written, desk.seed_path, replaced=desk.replaced)


def take_file(settings: Settings, file: Path, reader: str | None) -> None:
    """Take the readings of a file. Raises FilingsError, after naming the rows, if any is bad."""
    code = reader_code(reader)
    desk, sectors = _opened(settings, code)
    found = labels_from(file, desk, sectors)
    if found.bad:
        show_bad_rows(error_console, found.bad)
        raise FilingsError(
            f"{counted(len(found.bad), 'row', 'rows')} of {file} cannot be taken",
            remedy="Correct them and run it again. Nothing was written",
        )
    if found.labels:
        desk.write(found.labels)
    show_written(console, desk.written, desk.seed_path)
    show_skipped(console, found.skipped)


def _ask_for(desk: Desk, due: Sequence[Due], sectors: Sequence[Sector]) -> None:
    """Ask for the sectors of these filings until the reader ends it."""
    seed.require_writable(desk.seed_path)
    console.print(f"Reader: {desk.reader}. {len(due):,} to read\n")
    try:
        run_session(console, desk, due, sectors, _ask)
    finally:
        # Also after Ctrl-C: each reading was written at once.
        show_written(console, desk.written, desk.seed_path, replaced=desk.replaced)


def _due(desk: Desk, batch_no: int | None, reader: str | None) -> list[Due]:
    """What is due, for any reader if none is given. Raises FilingsError for an unknown batch."""
    candidates = desk.candidates.values()
    require_batch(candidates, batch_no)
    return due_filings(candidates, batch_no=batch_no, reader=reader)


def _ask(prompt: str) -> str:
    """A line from the reader. Raises EOFError at the end of input."""
    # Polars, when imported, has the system repeat reads after Ctrl-C, which would wait for Enter.
    signal.siginterrupt(signal.SIGINT, True)
    return console.input(prompt)


def _opened(
    settings: Settings, reader: str, *, replaces: bool = False
) -> tuple[Desk, Sequence[Sector]]:
    """A desk with the filings of the latest release and their labels, and the sectors."""
    labels = seed.read_seed_file(seed.SEED)
    with latest_opened(settings.data.published) as release:
        found = reviewable(release)
    candidates_with = partial(with_labels, found.filings)
    desk = Desk(labels, candidates_with, reader, found.elsewhere, replaces=replaces)
    return desk, found.sectors
