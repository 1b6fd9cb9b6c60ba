"""How the rows are divided: which rows must be in the same share for the models to be exact.

First by document: a misprinted number is recognised by the other rows of its document, so a task
reads a whole document. Then by entity: versions, cancellations and names of companies join rows of
one filing number or one entity, and digits 7 to 13 of a number are the code of its entity. Services
have no code; they are a step of their own, which gets the names that match one of theirs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestration.spark.files import Files
from orchestration.warehouse.compiled import CompiledProject, ParquetSource

# What the job computes: everything that the other models need of the rows in bulk.
TARGETS = ("int_filing_versions", "int_filing_classes", "registrations")
SIGHTINGS, NAMES = "int_filing_sightings", "int_known_entity_names"
# The staging models of rows, by the source that they read, with the key of their shares.
_OF_ENTITY = "filing_number[7:13]"
ROWS = {
    "filings": ("stg_deep_synthesis__filings", _OF_ENTITY),
    "recommendation_filings": ("stg_recommendation__filings", _OF_ENTITY),
    "cancellations": ("stg_cancellation_notices__records", _OF_ENTITY),
    "generative_services": ("stg_generative_services__services", "service_number"),
}
# Only the sightings of a document read them.
QUARANTINES = ("quarantine", "recommendation_quarantine", "generative_quarantine")


@dataclass(frozen=True)
class Step:
    """A part of the job: registers whose rows are divided by the same kind of key."""

    name: str
    registers: tuple[str, ...]
    sightings_key: str

    @property
    def keys(self) -> dict[str, str]:
        """The key of each table that is divided."""
        return {**dict(ROWS.values()), SIGHTINGS: self.sightings_key}


ENTITIES = Step(
    "entities", ("deep_synthesis", "recommendation", "cancellation_notices"), _OF_ENTITY
)
SERVICES = Step("services", ("generative_services",), "filing_number")


@dataclass(frozen=True)
class Unit:
    """What one task reads: the files of a document, or of a register with many small documents.

    `paths` are the files by source, relative to the validated folder.
    """

    register: str
    document: str
    paths: Mapping[str, tuple[str, ...]]


def is_divided(source: ParquetSource) -> bool:
    """Whether a source has rows of lists. The others are small and go to every task."""
    return source.name in ROWS or source.name in QUARANTINES


def paths_of(files: Files, source: ParquetSource) -> list[str]:
    """The files of a source, relative to the validated folder."""
    return files.find(_below_validated(source))


def units(files: Files, project: CompiledProject, registers: Sequence[str]) -> list[Unit]:
    """The units of these registers, largest registers first."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for source in project.sources.values():
        if source.register in registers and is_divided(source):
            for path in paths_of(files, source):
                key = (source.register, _document(_below_validated(source), path))
                found.setdefault(key, {}).setdefault(source.name, []).append(path)
    return [
        Unit(register, document, {name: tuple(paths) for name, paths in sorted(by_source.items())})
        for (register, document), by_source in sorted(found.items())
    ]


def _below_validated(source: ParquetSource) -> str:
    return source.pattern.removeprefix("validated/")


def _document(pattern: str, path: str) -> str:
    """The folder of a document, which the first wildcard of a folder matches; may be empty."""
    for place, part in zip(pattern.split("/")[:-1], path.split("/"), strict=False):
        if any(char in place for char in "*?["):
            return part
    return ""
