"""The interactive review: one due filing after another, without what others found."""

from collections.abc import Callable, Sequence

from rich.console import Console

from orchestration.classification.reviews import ReviewError, is_only_reader
from orchestration.cli.render.prompt import (
    show_filing_to_read,
    show_help,
    show_legend,
    show_sectors,
    show_taken,
)
from orchestration.cli.render.text import cell, line
from orchestration.cli.review.answers import Sector, judgement_of, kinds_of
from orchestration.cli.review.candidates import Due
from orchestration.cli.review.desk import Desk

_SIDES = {"i": "inputs", "o": "outputs"}
_ENDS = ("q", "quit", "exit")


def run_session(
    console: Console,
    desk: Desk,
    due: Sequence[Due],
    sectors: Sequence[Sector],
    ask: Callable[[str], str],
) -> None:
    """Ask for the sector of each due filing until the reader ends it; `ask` raises EOFError too.

    Each reading is written at once. Raises FilingsError if the seed cannot be written.
    """
    show_legend(console, sectors)
    show_help(console)
    place: int | None = 0
    try:
        while place is not None:
            if place == len(due):
                place = _at_end(console, desk, due, ask)
            elif desk.is_due(due[place].candidate):
                show_filing_to_read(console, due[place].candidate.subject, place + 1, len(due))
                place = _read(console, desk, due, place, sectors, ask)
            else:
                place += 1
    except EOFError:
        console.print()


def _read(
    console: Console,
    desk: Desk,
    due: Sequence[Due],
    place: int,
    sectors: Sequence[Sector],
    ask: Callable[[str], str],
) -> int | None:
    """Ask until the filing is read or skipped.

    Returns the place of the filing to ask for next, or None if the reader ends the session.
    """
    corrected: dict[str, str] = {}
    subject = due[place].candidate.subject
    while True:
        answer = ask("sector: ").strip()
        if not answer:
            return place + 1
        if answer.lower() in _ENDS:
            return None
        if answer in ("?", "？"):
            show_sectors(console, sectors)
            continue
        try:
            if answer.lower() == "u":
                return _taken_back(console, desk, due)
            word, _, rest = answer.partition(" ")
            if side := _SIDES.get(word.lower()):
                corrected[side] = kinds_of(rest, side)
                console.print(cell(f"{side}: {corrected[side]}"))
                continue
            found = judgement_of(answer, sectors)
            reading = desk.reading(found, **corrected, confirms_rules=True)
            is_again = is_only_reader(desk.find(subject.filing_number), desk.reader)
            desk.write([desk.merged(subject.filing_number, reading)])
        except ReviewError as error:
            console.print(cell(str(error), "red"))
            continue
        show_taken(console, reading, subject, is_replaced=is_again)
        return place + 1


def _at_end(
    console: Console, desk: Desk, due: Sequence[Due], ask: Callable[[str], str]
) -> int | None:
    """After the last filing, let the reader take back a reading. Returns as `_read`."""
    while desk.written and ask("Enter ends, u takes back the last reading: ").strip() in ("u", "U"):
        try:
            return _taken_back(console, desk, due)
        except ReviewError as error:
            console.print(cell(str(error), "red"))
    return None


def _taken_back(console: Console, desk: Desk, due: Sequence[Due]) -> int:
    """Take back the last reading. Returns the place of its filing."""
    subject = desk.take_back().subject
    console.print(line(f"taken back: the reading of {subject.algorithm_name}", "yellow"))
    numbers = [item.candidate.subject.filing_number for item in due]
    return numbers.index(subject.filing_number)
