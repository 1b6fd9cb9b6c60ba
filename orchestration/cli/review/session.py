"""The interactive review: one due filing after another, without what others found."""

from collections.abc import Callable, Sequence

from rich.console import Console

from orchestration.classification.reviews import Candidate, ReviewError
from orchestration.cli.render.review import show_filing_to_read, show_sectors, show_taken
from orchestration.cli.render.text import cell
from orchestration.cli.review.answers import Sector, judgement_of, kinds_of
from orchestration.cli.review.candidates import Due
from orchestration.cli.review.desk import Desk

_SIDES = {"i": "inputs", "o": "outputs"}
_HELP = """\
A sector: its code, Chinese name or number, or a beginning. `finance? enterprise`: not sure, it may
be enterprise. `i text+image` or `o image`: first correct the inputs or outputs. Enter: skip.
`?`: list the sectors. `q`: end."""


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
    show_sectors(console, sectors)
    console.print(cell(_HELP, "dim"))
    for place, item in enumerate(due, 1):
        show_filing_to_read(console, item.candidate.subject, place, len(due))
        try:
            if not _read(console, desk, item.candidate, sectors, ask):
                return
        except EOFError:
            console.print()
            return


def _read(
    console: Console,
    desk: Desk,
    candidate: Candidate,
    sectors: Sequence[Sector],
    ask: Callable[[str], str],
) -> bool:
    """Ask until the filing is read or skipped. Returns False if the reader ends the session."""
    corrected: dict[str, str] = {}
    number = candidate.subject.filing_number
    while True:
        answer = ask("sector: ").strip()
        if answer in ("", "q", "Q"):
            return not answer
        if answer in ("?", "？"):
            show_sectors(console, sectors)
            continue
        try:
            word, _, rest = answer.partition(" ")
            if side := _SIDES.get(word.lower()):
                corrected[side] = kinds_of(rest, side)
                console.print(cell(f"{side}: {corrected[side]}"))
                continue
            reading = desk.reading(judgement_of(answer, sectors), **corrected)
            label = desk.merged(number, reading)
        except ReviewError as error:
            console.print(cell(str(error), "red"))
            continue
        desk.write([label])
        show_taken(console, reading, candidate.subject)
        return True
