"""What a release has of each register, and which registers are new, from its data package."""

from collections.abc import Mapping, Sequence
from typing import Any

from scrapers.registers.base import Register


def release_totals(package: Mapping[str, Any], registers: Sequence[Register]) -> list[str]:
    """A text per register with documents in a release, such as "7,764 filings in 18 batches".

    Supplements are left out. Older data packages only state the numbered documents.
    """
    counts = {item.name: _rows_per_document(package, item) for item in registers}
    return [
        f"{register.terms.count_rows(sum(rows))} in {register.terms.count_labels(len(rows))}"
        for register in registers
        if not register.is_supplement and (rows := counts[register.name])
    ]


def new_registers(
    package: Mapping[str, Any], previous: Mapping[str, Any], registers: Sequence[Register]
) -> list[str]:
    """A text per register that has rows in a release and had none in the previous one.

    Such as "Recommendation algorithms (1,014 filings)". Empty if the data package of the previous
    release could not be read, since nothing is known of its registers then.
    """
    if not previous:
        return []
    counts = [
        (item, _rows(package, item), _rows(previous, item))
        for item in registers
        if not item.is_supplement
    ]
    return [
        f"{register.title.en} ({register.terms.count_rows(rows)})"
        for register, rows, rows_before in counts
        if rows and not rows_before
    ]


def _rows(package: Mapping[str, Any], register: Register) -> int:
    """The number of listed rows; older data packages state it per document only."""
    if "registers" not in package:
        return sum(_rows_per_document(package, register))
    rows = {item["register"]: item["rows"] for item in package["registers"]}
    return int(rows.get(register.name, 0))


def _rows_per_document(package: Mapping[str, Any], register: Register) -> list[int]:
    """The number of rows of each document; those of numbered ones are counted in the marts."""
    if register.key_of_number:
        return [item["filings"] for item in package.get("batches", [])]
    documents = package.get("documents", {})
    return [rows for folder, rows in documents.items() if register.owns(folder)]
