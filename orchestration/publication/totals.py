"""What a release has of each register, from its data package."""

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


def _rows_per_document(package: Mapping[str, Any], register: Register) -> list[int]:
    """The number of rows of each document; those of numbered ones are counted in the marts."""
    if register.key_of_number:
        return [item["filings"] for item in package.get("batches", [])]
    documents = package.get("documents", {})
    return [rows for folder, rows in documents.items() if register.owns(folder)]
