"""Search for companies and registrations by their names, former names, and parts of numbers."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from orchestration.cli.show.named import Named, all_named
from scrapers.fields.text_keys import matching_key

NEAREST = 5
# Shorter texts are in too many numbers.
LEAST_NUMBER = 6
_PART_OF_NUMBER = re.compile(rf"[0-9a-z-]{{{LEAST_NUMBER},}}", re.ASCII)
# Legal forms, which say nothing about likeness.
_LEGAL_FORM = re.compile(r"(?:股份|有限|责任)*公司$")
_CHARACTERS_PER_MISTAKE = 4
_LEAST_CHINESE = 3


@dataclass(frozen=True)
class Matches:
    """The companies and registrations whose names match a text, each once.

    Exact matches take precedence; `in_part` counts the partial matches that were left out.
    """

    found: tuple[Named, ...]
    in_part: int = 0


def find_names(
    connection: duckdb.DuckDBPyConnection, text: str, *, include_partial: bool
) -> Matches:
    """Companies and registrations with the name `text`, ignoring width, case and spacing.

    Names that only contain `text` count if there is no exact match, or if `include_partial` is set.
    So do numbers that contain it, if it is long enough.
    """
    wanted = _key(text)
    may_be_number = _PART_OF_NUMBER.fullmatch(wanted) is not None
    names = [(item, _key(item.name)) for item in all_named(connection)]
    holding = [(item, key) for item, key in names if wanted in key]
    numbered = [
        item
        for item, _ in names
        if may_be_number and not item.is_entity and wanted in item.key.casefold()
    ]
    # Numbers that begin with the text come first.
    numbered.sort(key=lambda item: not item.key.casefold().startswith(wanted))
    everything = _once([*(item for item, _ in holding), *numbered])
    exact = _once(item for item, key in holding if key == wanted)
    if include_partial or not exact:
        return Matches(everything)
    return Matches(exact, len(everything) - len(exact))


def nearest_names(connection: duckdb.DuckDBPyConnection, text: str) -> list[str]:
    """The names and service numbers most similar to `text`, best first; empty if none is similar.

    A name is similar if it, or a part of it, differs from the text in at most one character of
    four. The legal form of a company does not count.
    """
    wanted = _LEGAL_FORM.sub("", _key(text))
    most = len(wanted) // _CHARACTERS_PER_MISTAKE
    if not wanted.isascii() and len(wanted) >= _LEAST_CHINESE:
        most = max(most, 1)
    if not most:
        return []
    needed = Counter(wanted)
    found: dict[str, tuple[int, bool, int, str]] = {}
    for item in all_named(connection):
        for name in (item.name, *([item.key] if item.kind == "service" else [])):
            key = _key(name)
            # Counting characters is faster than aligning them, and excludes nearly all names.
            if not key or name in found or (needed - Counter(key)).total() > most:
                continue
            mistakes = _mistakes(wanted, key)
            if mistakes <= most:
                found[name] = (mistakes, key[0] != wanted[0], len(key), name)
    return sorted(found, key=found.__getitem__)[:NEAREST]


def _mistakes(wanted: str, name: str) -> int:
    """The least number of characters to change in `wanted` to make it a part of `name`."""
    row = [0] * (len(name) + 1)
    for place, character in enumerate(wanted, 1):
        before, row[0] = row[0], place
        for column, other in enumerate(name, 1):
            changed = before + (character != other)
            before = row[column]
            row[column] = min(changed, before + 1, row[column - 1] + 1)
    return min(row)


def _once(items: Iterable[Named]) -> tuple[Named, ...]:
    """Each company or registration once, with the first of its matching names."""
    found: dict[str, Named] = {}
    for item in items:
        found.setdefault(item.key, item)
    return tuple(found.values())


def _key(text: str) -> str:
    return matching_key(text).casefold()
