"""The pipeline of one register: discover its documents, then fetch, archive and validate each.

A document that fails does not stop the others. Every attempt is recorded as an `IngestResult`.
"""

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from orchestration.ingest.handed_over import taken
from orchestration.ingest.results import IngestResult, IngestResults
from orchestration.ingest.source_state import SourceState, prior_state
from orchestration.runtime.disk import DiskError, disk_error
from orchestration.runtime.progress import ProgressEvent, emit
from orchestration.validation.results import DocumentState
from orchestration.validation.store import ValidatedStore
from orchestration.validation.validator import Validator
from scrapers.archive.store import Archive
from scrapers.errors import (
    ArchiveError,
    FilingsError,
    HeldBackError,
    TransientFetchError,
    first_lines,
)
from scrapers.http.session import PoliteSession
from scrapers.registers.base import Discovery, Document, Register
from scrapers.registers.fetching import fetch_document, keep_snapshot

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ingested:
    """One document after an attempt to ingest it.

    `state` is its state in the validated store, or None if it was not validated. `total` is the
    number of documents that the run fetches from this register.
    """

    result: IngestResult
    state: DocumentState | None
    total: int = 0


def discover(
    session: PoliteSession, register: Register, archive: Archive, results: IngestResults
) -> Discovery:
    """Find the documents that a register has published, and record its alarms.

    Alarms are announcements that were not understood. The record of an earlier discovery that
    failed is removed. Raises FilingsError if the source cannot be read, and DiskError if the
    archive cannot.
    """
    try:
        discovery = register.discover(session, register.archived(archive))
    except FilingsError:
        raise
    except Exception as error:
        if on_disk := disk_error(error, archive.root):
            raise on_disk from error
        # A bug that one page triggers must not stop the other registers.
        _log.exception("unexpected error in the discovery of %s", register.name)
        raise FilingsError(
            f"the program failed on the announcements ({error!r})",
            remedy="The traceback is in the log; please report it",
        ) from error
    results.forget(register.name)
    results.record_alarms(register, first_lines([str(alarm) for alarm in discovery.alarms]))
    return discovery


def known_keys(register: Register, archive: Archive, discovery: Discovery) -> set[str]:
    """The keys of all documents that exist. Any other key was announced by mistake.

    They include the unreadable folders of the archive, which may belong to published documents.
    """
    return {*discovery.documents, *register.unreadable(archive)}


def ingest(
    session: PoliteSession,
    store: ValidatedStore,
    results: IngestResults,
    wanted: Collection[str] | None,
    run_id: str,
    done: Collection[str] = (),
) -> Iterator[Ingested]:
    """Fetch and validate the documents with the keys in `wanted`, or all documents for None.

    Yields each document as soon as it is done. Folders in `done` are skipped. Documents that are no
    longer announced are skipped too, and their results are removed. If the documents cannot be
    found, that is the first result, and the archived documents stay in use. If none are wanted, the
    source is not asked. A discovery that was handed over is used instead of a new one.
    """
    register = store.register
    discovery = Discovery({})
    known, documents = set(store.folders()), list[Document]()
    try:
        if wanted is None or wanted:
            with session.caching():
                discovery = taken(register) or discover(session, register, store.archive, results)
            keys = known_keys(register, store.archive, discovery)
            known = set(map(register.folder, keys))
            _forget_unknown(results, register, known)
            documents = _documents(register, discovery, wanted)
    except DiskError:
        raise
    except FilingsError as error:
        failed = _failed(register.name, run_id, _now(), error)
        failed = replace(failed, discovery_of=register.title.en)
        results.record(failed)
        yield Ingested(failed, None)
    documents = [item for item in documents if register.folder(item.key) not in done]
    for item in _ingest_all(session, store, results, discovery, documents, known, run_id):
        results.record(item.result)
        yield replace(item, total=len(documents))


def _forget_unknown(results: IngestResults, register: Register, known: Collection[str]) -> None:
    """Remove the results of documents that were announced by mistake."""
    for result in results.of_register(register):
        if result.folder not in known:
            results.forget(result.folder)


def _documents(
    register: Register, discovery: Discovery, wanted: Collection[str] | None
) -> list[Document]:
    """The documents to fetch, in the order of discovery."""
    if wanted is None:
        return list(discovery.documents.values())
    for key in sorted(set(wanted) - set(discovery.documents)):
        # Its partition was added when the source announced it by mistake.
        label = register.label(key)
        emit(ProgressEvent(register.name, f"{label}  skipped: no longer announced"))
    return [document for key, document in discovery.documents.items() if key in wanted]


def _ingest_all(
    session: PoliteSession,
    store: ValidatedStore,
    results: IngestResults,
    discovery: Discovery,
    documents: Collection[Document],
    known: Collection[str],
    run_id: str,
) -> Iterator[Ingested]:
    yield from _keep_snapshot(store.archive, results, discovery, run_id)
    validator = Validator(store)
    # With a new contract or a deleted store, documents outside this run would otherwise be missing
    # from the release, and so would documents that cannot be fetched at the moment.
    failed = validator.validate_archived()
    wanted = {store.register.folder(document.key) for document in documents}
    for folder in sorted(set(store.folders()) & set(known) - wanted):
        if store.current(folder) is None:
            error = failed.get(folder) or _held_back(store, folder, None)
            yield Ingested(_failed(folder, run_id, _now(), error), None)
    for document in documents:
        last = results.of(store.register.folder(document.key))
        yield _ingest_document(session, validator, document, last, run_id)


def _keep_snapshot(
    archive: Archive, results: IngestResults, discovery: Discovery, run_id: str
) -> Iterator[Ingested]:
    """Archive the answer that listed the documents. If that fails, the documents still go on."""
    if discovery.snapshot is None:
        return
    folder = discovery.snapshot.folder
    results.forget(folder)
    try:
        keep_snapshot(archive, discovery.snapshot)
    except ArchiveError as error:
        yield Ingested(_failed(folder, run_id, _now(), error), None)


def _ingest_document(
    session: PoliteSession,
    validator: Validator,
    document: Document,
    last: IngestResult | None,
    run_id: str,
) -> Ingested:
    store = validator.store
    at, folder = _now(), store.register.folder(document.key)
    state = None
    at_source = SourceState.recorded_in(last)
    try:
        prior = prior_state(store, folder, at_source)
        archived = fetch_document(session, store.register, document, store.archive, prior)
        at_source = at_source.after_fetch(archived, at)
        tables = {archived.version.version: archived.table} if archived.table else {}
        state = validator.validate(folder, tables)
        if state.latest.status == "accepted":
            result = _succeeded(folder, run_id, at, state, is_new=archived.is_new)
        else:
            result = _failed(folder, run_id, at, _held_back(store, folder, archived.version.url))
    except FilingsError as error:
        result = _failed(folder, run_id, at, store.located(error, folder))
    except Exception as error:
        if on_disk := disk_error(error, store.root):
            raise on_disk from error
        # A bug that one document triggers must not stop the others.
        _log.exception("unexpected error in the folder %s", folder)
        unexpected = FilingsError(
            f"the program failed on this document ({error!r})",
            url=document.address,
            remedy="The traceback is in the log; please report it",
        )
        result = _failed(folder, run_id, at, store.located(unexpected, folder))
    return Ingested(at_source.added_to(result, store.register), state)


def _succeeded(
    folder: str, run_id: str, at: str, state: DocumentState, *, is_new: bool
) -> IngestResult:
    latest = state.latest
    return IngestResult(
        folder,
        run_id,
        at,
        version=latest.version,
        is_new=is_new,
        rows=latest.rows_accepted,
        quarantined=latest.rows_quarantined,
        added=latest.added if state.is_new else 0,
        amended=latest.amended if state.is_new else 0,
        gone=latest.gone if state.is_new else 0,
    )


def _held_back(store: ValidatedStore, folder: str, url: str | None) -> FilingsError:
    result = store.results(folder)[-1]
    error = HeldBackError(
        f"{result.status.replace('_', ' ')}: {result.reason}", url=url, remedy=result.remedy
    )
    return store.located(error, folder)


def _failed(folder: str, run_id: str, at: str, error: FilingsError) -> IngestResult:
    is_transient = isinstance(error, TransientFetchError)
    return IngestResult(folder, run_id, at, problem=str(error), is_transient=is_transient)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
