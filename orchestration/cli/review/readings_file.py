"""Many readings from a CSV file: all are taken, or none."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.classification.reviews import Label, ReviewError
from orchestration.cli.review.answers import Sector, judgement, kinds_of
from orchestration.cli.review.desk import Desk
from scrapers.errors import FilingsError, few

NUMBER = "filing_number"
# The columns of a reading, and those of `--list --plain` before them, of which only the number
# counts here.
READING = ("sector", "other_sector", "is_sure", "inputs", "outputs")
LISTED = (
    NUMBER, "batch_no", "algorithm_name", "entity_name", "why", "confidence", "products", "purpose",
)  # fmt: skip
_NEEDED = (NUMBER, "sector")
_REMEDY = f"Columns: {', '.join((NUMBER, *READING))}"
_TRUTH = {
    "": True, "true": True, "yes": True, "1": True, "false": False, "no": False, "0": False,
}  # fmt: skip
# What a spreadsheet makes of 21 digits, unless the column is imported as text.
_ROUNDED = re.compile(r"[0-9][.,]?[0-9]*[eE]\+?[0-9]+|[0-9]{15}0{6}")


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be taken, by its line in the file."""

    line: int
    problem: str


@dataclass(frozen=True)
class ReadFile:
    """The labels after the readings of a file, its bad rows, and how many rows have no sector."""

    labels: Sequence[Label]
    bad: Sequence[BadRow]
    skipped: int


def labels_from(path: Path, desk: Desk, sectors: Sequence[Sector]) -> ReadFile:
    """Merge the readings of a file; nothing is written.

    Raises FilingsError if the file is not UTF-8, or if a column is missing or unknown.
    """
    labels: dict[str, Label] = {}
    bad: list[BadRow] = []
    skipped = 0
    for line, row in _rows(path):
        if not row["sector"].strip() and "more" not in row:
            skipped += 1
            continue
        try:
            label = _label(row, desk, sectors)
        except ReviewError as error:
            bad.append(BadRow(line, str(error)))
            continue
        if label.filing_number in labels:
            bad.append(BadRow(line, f"filing {label.filing_number} is in the file twice"))
        labels[label.filing_number] = label
    return ReadFile(list(labels.values()), bad, skipped)


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FilingsError(f"{path} is not UTF-8 text", remedy="Save it as CSV UTF-8") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="more", restval="")
    names = reader.fieldnames or []
    if missing := [name for name in _NEEDED if name not in names]:
        raise FilingsError(f"{path} lacks {few(missing)}", remedy=_REMEDY)
    if unknown := [name for name in names if name not in (*LISTED, *READING)]:
        raise FilingsError(f"{path} has unknown columns: {few(unknown)}", remedy=_REMEDY)
    for row in reader:
        yield reader.line_num, row


def _label(row: Mapping[str, str], desk: Desk, sectors: Sequence[Sector]) -> Label:
    if "more" in row:
        raise ReviewError("the row has more values than the file has columns")
    # CSV files for spreadsheets have numbers as ="…".
    named = row["filing_number"].strip().removeprefix('="').removesuffix('"')
    if _ROUNDED.fullmatch(named):
        raise ReviewError(
            f"the filing number {named} was rounded by a spreadsheet",
            remedy=f"Import the column {NUMBER} as text",
        )
    number = desk.find(named).subject.filing_number
    is_sure = row.get("is_sure", "").strip().lower()
    if is_sure not in _TRUTH:
        raise ReviewError(f"is_sure is {is_sure!r}", remedy="Use true or false, yes or no, 1 or 0")
    found = judgement(
        row["sector"],
        row.get("other_sector", "").strip() or None,
        sectors,
        is_sure=_TRUTH[is_sure],
    )
    kinds = {
        side: kinds_of(row[side], side)
        for side in ("inputs", "outputs")
        if row.get(side, "").strip()
    }
    reading = desk.reading(found, kinds.get("inputs"), kinds.get("outputs"))
    return desk.merged(number, reading)
