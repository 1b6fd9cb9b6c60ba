"""The seed `filing_labels` as a file, of which a reading changes only its own row."""

import csv
import io
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from orchestration.classification.labels import LABEL_COLUMNS
from orchestration.classification.reviews import Label
from orchestration.settings import PROJECT_ROOT
from scrapers.errors import FilingsError
from scrapers.files import write_bytes

SEED = PROJECT_ROOT / "dbt_project" / "seeds" / "filing_labels.csv"
_TRUTH = {"true": True, "false": False}
_FLAGS = ("first_is_sure", "second_is_sure")
_FILLED = {field.name for field in fields(Label) if field.type in (str, bool)}
_NEEDS_CHECKOUT = "Readings are kept in the project: work in a checkout that you may write to"


@dataclass(frozen=True)
class Seed:
    """The file with its content, and its labels by filing number."""

    path: Path
    content: bytes
    labels: Mapping[str, Label]


def read_seed_file(path: Path) -> Seed:
    """Read the seed. Raises FilingsError if the file cannot be read or has other columns."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FilingsError(f"cannot read {path}: {error.strerror}") from error
    reader = csv.DictReader(io.StringIO(content.decode(), newline=""))
    if tuple(reader.fieldnames or ()) != tuple(LABEL_COLUMNS):
        raise FilingsError(
            "the seed does not have the columns of labels",
            document=str(path),
            remedy="Restore it with `git checkout`",
        )
    labels = (_label(row, path, reader.line_num) for row in reader)
    return Seed(path, content, {label.filing_number: label for label in labels})


def require_writable(seed: Seed) -> None:
    """Raise FilingsError if the file cannot be replaced, before a reader has read anything."""
    if not os.access(seed.path.parent, os.W_OK):
        raise FilingsError(f"cannot write {seed.path}", remedy=_NEEDS_CHECKOUT)


def with_labels_written(seed: Seed, labels: Iterable[Label]) -> Seed:
    """Replace the file by one with these labels added or changed, and return it.

    Raises FilingsError if the file was changed since it was read, or cannot be written.
    """
    merged = {**seed.labels, **{label.filing_number: label for label in labels}}
    content = seed_bytes(merged.values())
    if seed.path.read_bytes() != seed.content:
        raise FilingsError(
            f"{seed.path} was changed by another program since it was read",
            remedy="Run `filings review` again",
        )
    try:
        write_bytes(seed.path, content)
    except OSError as error:
        raise FilingsError(
            f"cannot write {seed.path}: {error.strerror}", remedy=_NEEDS_CHECKOUT
        ) from error
    return Seed(seed.path, content, merged)


def seed_bytes(labels: Iterable[Label]) -> bytes:
    """The content of the file with these labels, sorted by month and number."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(LABEL_COLUMNS)
    for label in sorted(labels, key=lambda item: (item.list_month, item.filing_number)):
        writer.writerow(map(_cell, asdict(label).values()))
    return text.getvalue().encode()


def _label(row: Mapping[str, str | None], path: Path, line: int) -> Label:
    values: dict[str, object] = {name: text or None for name, text in row.items()}
    try:
        values |= {name: _TRUTH[row[name]] if row[name] else None for name in _FLAGS}  # type: ignore[index]
    except KeyError as error:
        raise _damaged(path, line) from error
    if any(values[name] is None for name in _FILLED) or len(values) != len(LABEL_COLUMNS):
        raise _damaged(path, line)
    return Label(**values)  # type: ignore[arg-type]


def _damaged(path: Path, line: int) -> FilingsError:
    return FilingsError(f"line {line} of {path} is not a label", remedy="Correct or remove it")


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value
