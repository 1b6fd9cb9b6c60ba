"""The documents that a refresh is asked for, as `REGISTER/KEY` or by number."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from scrapers.archive.store import Archive
from scrapers.errors import MAX_LINES, FilingsError, few
from scrapers.registers.base import Discovery, Register


class NotThereError(FilingsError):
    """A document that was asked for is not announced, or its register does not exist."""


Requested = Mapping[str, Sequence[str]]
"""The document keys by the name of their register. Empty for a refresh of everything."""


def requested(
    numbers: Iterable[int], documents: Iterable[str], registers: Sequence[Register]
) -> Requested:
    """The documents with these numbers, and those named `REGISTER/KEY`, such as `palettes/2026-01`.

    Raises NotThereError if a register does not exist.
    """
    named = {register.name: register for register in registers}
    numbered = next((register for register in registers if register.key_of_number), None)
    found: dict[str, set[str]] = {}
    for number in numbers:
        if numbered is None:
            raise NotThereError("no register has numbered documents", remedy="Use --document")
        found.setdefault(numbered.name, set()).add(numbered.key_of_value(number))
    for document in documents:
        name, _, key = document.partition("/")
        if name not in named:
            raise NotThereError(
                f"there is no register {name!r}", remedy=f"Registers: {few(named, MAX_LINES)}"
            )
        found.setdefault(name, set()).add(named[name].key_of_value(key))
    return {name: sorted(keys) for name, keys in found.items()}


def registers_to_fetch(
    asked: Requested, registers: Sequence[Register], archive: Archive
) -> list[Register]:
    """The registers that a refresh asks the source for.

    If documents are asked for, these are their registers, and those without any archived document,
    because the models need all of them.
    """
    return [
        register
        for register in registers
        if not asked or register.name in asked or not _is_archived(register, archive)
    ]


def require_announced(register: Register, keys: Collection[str], discovery: Discovery) -> None:
    """Raise NotThereError if a document that is asked for is not announced."""
    if unknown := sorted(set(keys) - set(discovery.documents)):
        raise NotThereError(
            f"not announced: {few(map(register.label, unknown))}",
            remedy=f"Announced: {few(discovery.documents, MAX_LINES)}",
        )


def _is_archived(register: Register, archive: Archive) -> bool:
    return bool(register.archived(archive) or register.unreadable(archive))
