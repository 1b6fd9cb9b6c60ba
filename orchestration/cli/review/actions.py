"""What `filings review` does: list, ask, take one reading, or take many."""

import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

from orchestration.classification.reviews import Candidate
from orchestration.cli.console import console, error_console
from orchestration.cli.query.released import latest_opened
from orchestration.cli.render.review import print_due, show_bad_rows, show_due, show_written
from orchestration.cli.review import seed
from orchestration.cli.review.answers import Sector, judgement, kinds_of
from orchestration.cli.review.candidates import candidates_of, due_filings, require_batch
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
    _, candidates, _ = _opened(settings)
    require_batch(candidates.values(), batch_no)
    due = due_filings(candidates.values(), batch_no=batch_no, reader=code)
    if is_plain:
        print_due(due, limit)
    else:
        show_due(console, due, limit)


def read_due(settings: Settings, batch_no: int | None, reader: str | None) -> None:
    """Ask for the sector of each due filing that the reader has not read."""
    code = reader_code(reader)
    labels, candidates, sectors = _opened(settings)
    require_batch(candidates.values(), batch_no)
    due = due_filings(candidates.values(), batch_no=batch_no, reader=code)
    if not due:
        show_due(console, due, limit=None)
        return
    seed.require_writable(labels)
    console.print(f"Reader: {code}. {len(due):,} to read\n")
    desk = Desk(labels, candidates, code)
    try:
        run_session(console, desk, due, sectors, _ask)
    finally:
        # Also after Ctrl-C: each reading was written at once.
        show_written(console, desk.written, desk.seed_path)


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
    """Take one reading. Raises FilingsError if it cannot be taken."""
    code = reader_code(reader)
    labels, candidates, sectors = _opened(settings)
    desk = Desk(labels, candidates, code)
    reading = desk.reading(
        judgement(sector, other, sectors, is_sure=is_sure),
        kinds_of(inputs, "inputs") if inputs else None,
        kinds_of(outputs, "outputs") if outputs else None,
    )
    desk.write([desk.merged(number, reading)])
    show_written(console, desk.written, desk.seed_path)


def take_file(settings: Settings, file: Path, reader: str | None) -> None:
    """Take the readings of a file. Raises FilingsError, after naming the rows, if any is bad."""
    code = reader_code(reader)
    labels, candidates, sectors = _opened(settings)
    desk = Desk(labels, candidates, code)
    merged, bad = labels_from(file, desk, sectors)
    if bad:
        show_bad_rows(error_console, bad)
        raise FilingsError(
            f"{counted(len(bad), 'row', 'rows')} of {file} cannot be taken",
            remedy="Correct them and run it again. Nothing was written",
        )
    desk.write(merged)
    show_written(console, desk.written, desk.seed_path)


def _ask(prompt: str) -> str:
    """A line from the reader. Raises EOFError at the end of input."""
    # Polars, when imported, has the system repeat reads after Ctrl-C, which would wait for Enter.
    signal.siginterrupt(signal.SIGINT, True)
    return console.input(prompt)


def _opened(
    settings: Settings,
) -> tuple[seed.Seed, Mapping[str, Candidate], Sequence[Sector]]:
    """The seed, the filings of the latest release with their labels, and the sectors."""
    labels = seed.read_seed_file(seed.SEED)
    with latest_opened(settings.data.published) as release:
        candidates, sectors = candidates_of(release, labels.labels)
    return labels, candidates, sectors
