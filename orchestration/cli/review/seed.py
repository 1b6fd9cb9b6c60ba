"""The seed `filing_labels` as a file, of which a reading changes only its own row."""

import csv
import fcntl
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
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
_RESTORE = "Restore it with `git checkout`"
_NEEDS_CHECKOUT = "Readings are kept in the project: work in a checkout that you may write to"


@dataclass(frozen=True)
class Seed:
    """The file with its content, and its labels by filing number."""

    path: Path
    content: bytes
    labels: Mapping[str, Label]


def read_seed_file(path: Path) -> Seed:
    """Read the seed.

    Raises FilingsError if the file cannot be read, has other columns, or has a row that is not a
    label or repeats a filing number.
    """
    try:
        content = path.read_bytes()
        text = content.decode()
    except OSError as error:
        raise FilingsError(f"cannot read {path}: {error.strerror}", remedy=_RESTORE) from error
    except UnicodeDecodeError as error:
        raise FilingsError(f"{path} is not in UTF-8", remedy=_RESTORE) from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(reader.fieldnames or ()) != tuple(LABEL_COLUMNS):
        raise FilingsError(
            "the seed does not have the columns of labels",
            document=str(path),
            remedy=_RESTORE,
        )
    labels: dict[str, Label] = {}
    for row in reader:
        label = _label(row, path, reader.line_num)
        if label.filing_number in labels:
            raise FilingsError(
                f"line {reader.line_num} of {path} repeats filing {label.filing_number}",
                remedy="Remove one of the rows",
            )
        labels[label.filing_number] = label
    return Seed(path, content, labels)


def require_writable(path: Path) -> None:
    """Raise FilingsError if the file cannot be replaced, before a reader has read anything."""
    if not os.access(path.parent, os.W_OK):
        raise FilingsError(f"cannot write {path}", remedy=_NEEDS_CHECKOUT)


@contextmanager
def seed_locked(seed: Seed) -> Iterator[None]:
    """Keep other reviews from writing the file until the block ends."""
    # The folder has the lock: the file is replaced, and a lock file would be untracked in Git.
    handle = os.open(seed.path.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def newest(seed: Seed) -> Seed:
    """The seed itself, or as another program has changed it. Raises as `read_seed_file`."""
    found = read_seed_file(seed.path)
    return seed if found.content == seed.content else found


def with_labels_written(seed: Seed, changes: Mapping[str, Label | None]) -> Seed:
    """Replace the file by one with these labels by filing number, and return it.

    None removes a label. The caller holds the lock and has the newest content. Raises FilingsError
    if the file cannot be written.
    """
    merged = {
        number: label for number, label in {**seed.labels, **changes}.items() if label is not None
    }
    content = seed_bytes(merged.values())
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
    is_short = None in row.values()
    if is_short or any(values[name] is None for name in _FILLED) or len(row) != len(LABEL_COLUMNS):
        raise _damaged(path, line)
    return Label(**values)  # type: ignore[arg-type]


def _damaged(path: Path, line: int) -> FilingsError:
    return FilingsError(f"line {line} of {path} is not a label", remedy="Correct or remove it")


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value
