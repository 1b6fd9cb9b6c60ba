"""Many readings from a CSV file: all are taken, or none."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.classification.reviews import Label, ReviewError
from orchestration.cli.review.answers import Sector, judgement, kinds_of
from orchestration.cli.review.desk import Desk
from scrapers.errors import FilingsError, few

_NEEDED = ("filing_number", "sector")
_COLUMNS = (*_NEEDED, "other_sector", "is_sure", "inputs", "outputs")
_TRUTH = {"": True, "true": True, "false": False}


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be taken, by its line in the file."""

    line: int
    problem: str


def labels_from(
    path: Path, desk: Desk, sectors: Sequence[Sector]
) -> tuple[list[Label], list[BadRow]]:
    """The labels after the readings of a file, and its bad rows.

    Raises FilingsError if the file is not UTF-8, or if a column is missing or unknown.
    """
    labels: dict[str, Label] = {}
    bad: list[BadRow] = []
    for line, row in _rows(path):
        try:
            label = _label(row, desk, sectors)
        except ReviewError as error:
            bad.append(BadRow(line, str(error)))
            continue
        if label.filing_number in labels:
            bad.append(BadRow(line, f"filing {label.filing_number} is in the file twice"))
        labels[label.filing_number] = label
    return list(labels.values()), bad


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FilingsError(f"{path} is not UTF-8 text", remedy="Save it as CSV UTF-8") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="more", restval="")
    names = reader.fieldnames or []
    if missing := [name for name in _NEEDED if name not in names]:
        raise FilingsError(f"{path} lacks {few(missing)}", remedy=f"Columns: {', '.join(_COLUMNS)}")
    if unknown := [name for name in names if name not in _COLUMNS]:
        raise FilingsError(
            f"{path} has unknown columns: {few(unknown)}", remedy=f"Columns: {', '.join(_COLUMNS)}"
        )
    for row in reader:
        yield reader.line_num, row


def _label(row: Mapping[str, str], desk: Desk, sectors: Sequence[Sector]) -> Label:
    if "more" in row:
        raise ReviewError("the row has more values than the file has columns")
    # CSV files for spreadsheets have numbers as ="…".
    named = row["filing_number"].strip().removeprefix('="').removesuffix('"')
    number = desk.find(named).subject.filing_number
    is_sure = row.get("is_sure", "").strip().lower()
    if is_sure not in _TRUTH:
        raise ReviewError(f"is_sure is {is_sure!r}", remedy="Use true or false")
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
    return desk.merged(number, desk.reading(found, **kinds))
