"""Materialization events of documents, and metadata of a register for the Dagster UI."""

from collections.abc import Iterator, Sequence

import dagster as dg
import polars as pl

from orchestration.defs.asset_keys import raw_key, validated_key
from orchestration.defs.names import REFRESH
from orchestration.defs.retention import KEPT_RUNS
from orchestration.defs.run_history import PAGE_SIZE
from orchestration.ingest.results import IngestResult
from orchestration.runtime.progress import Ending
from orchestration.validation.results import DocumentState, ValidationResult
from orchestration.validation.store import ValidatedStore
from orchestration.warehouse.preview import PREVIEW_ROWS, markdown_table
from scrapers.archive.sidecar import Version
from scrapers.registers.base import Register

DATA_VERSION_TAG = "dagster/data_version"
CHANGES = ("added", "amended", "gone", "quarantined")
PREVIEWED_COLUMNS = 8


# After so many runs, a document is recorded again. Retention keeps the run of the latest event of
# each document, and would otherwise keep every run that brought a new one.
REPEATED_AFTER = KEPT_RUNS[REFRESH] - 2


class RecordedVersions:
    """The data versions of a register's documents that Dagster has on record.

    Events that are older than the last REPEATED_AFTER refreshes do not count.
    """

    def __init__(self, instance: dg.DagsterInstance, register: Register) -> None:
        self.register = register
        self._recent = _recently_recorded(instance, register)
        self._recorded = [
            instance.event_log_storage.get_latest_tags_by_partition(
                key(register), dg.DagsterEventType.ASSET_MATERIALIZATION, [DATA_VERSION_TAG]
            )
            for key in (raw_key, validated_key)
        ]

    def include(self, folder: str, versions: tuple[str, str]) -> bool:
        """Whether the document's data versions, raw and validated, are the recorded ones."""
        partition = self.register.partition(self.register.key_of(folder))
        if self._recent is not None and partition not in self._recent:
            return False
        tags = (recorded.get(partition, {}) for recorded in self._recorded)
        return versions == tuple(tag.get(DATA_VERSION_TAG) for tag in tags)


def _recently_recorded(instance: dg.DagsterInstance, register: Register) -> set[str] | None:
    """The partitions recorded since the REPEATED_AFTER-th last refresh; None without so many."""
    runs = instance.get_run_records(dg.RunsFilter(job_name=REFRESH), limit=REPEATED_AFTER)
    if len(runs) < REPEATED_AFTER:
        return None
    wanted = dg.AssetRecordsFilter(
        asset_key=validated_key(register), after_timestamp=runs[-1].create_timestamp.timestamp()
    )
    recent: set[str] = set()
    cursor = None
    while True:
        page = instance.fetch_materializations(wanted, limit=PAGE_SIZE, cursor=cursor)
        recent.update(item.partition_key for item in page.records if item.partition_key)
        if not page.has_more:
            return recent
        cursor = page.cursor


def data_versions(store: ValidatedStore, state: DocumentState) -> tuple[str, str]:
    """The data versions of a document: that of its raw and that of its validated asset."""
    version, current = _versions(store, state)
    return version.sha256, f"{version.content_sha256}/{current.contract_version}"


def document_materializations(
    store: ValidatedStore, result: IngestResult, state: DocumentState
) -> Iterator[dg.AssetMaterialization]:
    """The materialization events of one document, for its raw and its validated asset."""
    register, archive = store.register, store.archive
    partition = register.partition(register.key_of(result.folder))
    version, current = _versions(store, state)
    raw_version, validated_version = data_versions(store, state)
    yield dg.AssetMaterialization(
        raw_key(register),
        partition=partition,
        tags={DATA_VERSION_TAG: raw_version},
        metadata={
            "new_version": result.is_new,
            "versions": len(archive.versions(result.folder, register.role)),
            **_version_metadata(version),
        },
    )
    preview = store.first_rows(current, store.contract.identity_columns, PREVIEW_ROWS)
    yield dg.AssetMaterialization(
        validated_key(register),
        partition=partition,
        tags={DATA_VERSION_TAG: validated_version},
        metadata={
            "dagster/row_count": current.rows_accepted,
            **{name: getattr(result, name) for name in CHANGES},
            "preview": _preview(preview),
        },
    )


def unchanged_materialization(register: Register, documents: int) -> dg.AssetMaterialization:
    """The event of all documents of a run that were fetched and are the recorded ones.

    It has no partition, and keeps the asset `raw` fresh. With events for each document, half of an
    unchanged run would be their recording.
    """
    return dg.AssetMaterialization(raw_key(register), metadata={"unchanged_documents": documents})


def versions_metadata(
    store: ValidatedStore, table: pl.DataFrame, failed: Sequence[IngestResult]
) -> dict[str, dg.MetadataValue | int | list[str]]:
    """The metadata of the asset `versions` of a register, from its table."""
    place = store.contract.place
    current = table.filter("is_current")
    return {
        "versions": table.height,
        "documents": table[place.document].n_unique(),
        "current_rows": int(current[f"{place.counts}_accepted"].sum()),
        "failed_documents": [result.folder for result in failed],
        "preview": _preview(table.select(table.columns[:PREVIEWED_COLUMNS]).tail(PREVIEW_ROWS)),
    }


def result_line(register: Register, result: IngestResult) -> str:
    """The line that a run logs for one document, or for a discovery that failed."""
    label = document_label(register, result)
    if result.discovery_of:
        return f"{result.discovery_of}  the announcements cannot be read"
    if result.problem:
        return f"{label}  failed"
    counts = ((getattr(result, name), name) for name in CHANGES)
    changes = ", ".join(f"{count:,} {name}" for count, name in counts if count)
    return f"{label}  {register.terms.count_rows(result.rows)}, {changes or 'unchanged'}"


def is_of_register(register: Register, result: IngestResult) -> bool:
    """Whether a result is of one of the register's documents, or of their discovery."""
    return register.owns(result.folder) or result.folder == register.name


def is_unchanged(result: IngestResult) -> bool:
    """Whether a document was fetched, and its rows are those already in use."""
    changed = (result.is_new, result.added, result.amended, result.gone, result.problem)
    return not any(changed)


def document_label(register: Register, result: IngestResult) -> str:
    """The name of a document for people, such as `batch 011`."""
    is_document = register.owns(result.folder)
    return register.label(register.key_of(result.folder)) if is_document else result.folder


def results_line(register: Register, results: Sequence[IngestResult]) -> tuple[str, Ending]:
    """What a refresh prints for a register when its documents are done, and how that ended."""
    done = [result for result in results if not result.problem]
    failed = len(results) - len(done)
    counts = {name: sum(getattr(result, name) for result in done) for name in CHANGES}
    is_changed = not all(map(is_unchanged, done))
    parts = [register.terms.count_labels(len(results)) if results else "not fetched"]
    parts += [f"{count:,} {name}" for name, count in counts.items() if count]
    parts += [f"{failed:,} failed"] if failed else []
    parts += ["unchanged"] if results and not is_changed and not failed else []
    ending: Ending = "failed" if failed else "done" if is_changed else "unchanged"
    return ", ".join(parts), ending


def _versions(store: ValidatedStore, state: DocumentState) -> tuple[Version, ValidationResult]:
    """The latest archived version of a document, and the validation result in use."""
    folder = state.latest.folder
    version = store.archive.latest(folder, store.register.role)
    if version is None or state.current is None:
        raise LookupError(f"{folder} was validated, but has no accepted, archived version")
    return version, state.current


def _version_metadata(version: Version) -> dict[str, dg.MetadataValue | int | str]:
    found: dict[str, dg.MetadataValue | int | str] = {
        "bytes": version.size,
        "sha256": version.sha256,
        "retrieved_at": version.retrieved_at.isoformat(timespec="seconds"),
        "source": dg.MetadataValue.url(version.url),
        "file": dg.MetadataValue.path(version.path),
    }
    if version.facts.month:
        found["month"] = version.facts.month
    if version.facts.page_url:
        found["page"] = dg.MetadataValue.url(version.facts.page_url)
    if version.facts.title:
        found["title"] = version.facts.title
    return found


def _preview(rows: pl.DataFrame) -> dg.MetadataValue:
    return dg.MetadataValue.md(markdown_table(rows.head(PREVIEW_ROWS).to_dicts()))
