"""The state of a document at the source: missing, or replaced by an older version.

Neither is an error. The archived version stays in use, and the ingest result gets a remark for the
operator. The state is carried from run to run in the ingest result, with the time it began.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from orchestration.ingest.results import IngestResult
from orchestration.validation.store import ValidatedStore
from scrapers.archive.documents import ArchivedDocument
from scrapers.archive.prior_state import PriorState, Returned
from scrapers.registers.base import Register


@dataclass(frozen=True)
class SourceState:
    """The state of a document at the source, and remarks about it.

    `gone_since` (ISO 8601) is when the document was first missing, and `returned` the older version
    that the source serves instead of the newest.
    """

    gone_since: str | None = None
    returned: Returned | None = None
    remarks: tuple[str, ...] = ()

    @classmethod
    def recorded_in(cls, last: IngestResult | None) -> "SourceState":
        """The state that the last attempt recorded, without its remarks."""
        if last is None:
            return cls()
        returned = None
        if last.returned and last.returned_since:
            returned = Returned(last.returned, datetime.fromisoformat(last.returned_since))
        return cls(last.gone_since, returned)

    def after_fetch(self, archived: ArchivedDocument, at: str) -> "SourceState":
        """The state after a fetch at the time `at` (ISO 8601)."""
        if not archived.gone:
            return SourceState(None, archived.returned, archived.remarks)
        since = self.gone_since or at
        remark = f"gone since {since[:10]}: {archived.gone}. The archived version stays in use"
        return SourceState(since, archived.returned, (*archived.remarks, remark))

    def added_to(self, result: IngestResult, register: Register) -> IngestResult:
        """The result with this state; each remark is prefixed with the document's label."""
        label = register.label(register.key_of(result.folder))
        return replace(
            result,
            remarks=[f"{label}: {remark}" for remark in self.remarks],
            gone_since=self.gone_since,
            returned=self.returned.content_sha256 if self.returned else None,
            returned_since=self.returned.since.isoformat() if self.returned else None,
        )


def prior_state(store: ValidatedStore, folder: str, at_source: SourceState) -> PriorState:
    """Collect what is known about a document before it is fetched.

    Raises ArchiveError if its folder of the archive cannot be read.
    """
    in_use = store.current(folder)
    versions = store.archive.versions(folder, store.register.role) if in_use else []
    contents = {item.version: item.content_sha256 for item in versions}
    return PriorState(
        contents.get(in_use.version) if in_use else None,
        in_use is None or not in_use.rows_quarantined,
        at_source.returned,
        store.reviews.documents,
    )
