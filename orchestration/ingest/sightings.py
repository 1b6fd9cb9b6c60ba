"""What the source showed of a document, from one run to the next: gone, or an older copy again.

Neither is a failure. What is archived stays in use, and the result has a remark for the operator.
The result is also where the next run finds since when it is so.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from orchestration.ingest.results import IngestResult
from orchestration.validation.store import ValidatedStore
from scrapers.archive.documents import ArchivedDocument
from scrapers.archive.prior_state import PriorState, Returned
from scrapers.registers.base import Register


@dataclass(frozen=True)
class Sighting:
    """What the source showed: since when it no longer has the document (ISO 8601), the older
    version that it gives instead of the newest, and remarks.
    """

    gone_since: str | None = None
    returned: Returned | None = None
    remarks: tuple[str, ...] = ()

    @classmethod
    def before(cls, last: IngestResult | None) -> "Sighting":
        """What the last attempt saw; its remarks are not repeated."""
        if last is None:
            return cls()
        returned = None
        if last.returned and last.returned_since:
            returned = Returned(last.returned, datetime.fromisoformat(last.returned_since))
        return cls(last.gone_since, returned)

    def followed_by(self, archived: ArchivedDocument, at: str) -> "Sighting":
        """What a fetch at `at` (ISO 8601) saw."""
        if not archived.gone:
            return Sighting(None, archived.returned, archived.remarks)
        since = self.gone_since or at
        remark = f"gone since {since[:10]}: {archived.gone}. What is archived stays in use"
        return Sighting(since, archived.returned, (*archived.remarks, remark))

    def added_to(self, result: IngestResult, register: Register) -> IngestResult:
        """The result with what was seen; each remark names the document."""
        label = register.label(register.key_of(result.folder))
        return replace(
            result,
            remarks=[f"{label}: {remark}" for remark in self.remarks],
            gone_since=self.gone_since,
            returned=self.returned.content_sha256 if self.returned else None,
            returned_since=self.returned.since.isoformat() if self.returned else None,
        )


def prior_state(store: ValidatedStore, folder: str, seen: Sighting) -> PriorState:
    """What is known about a document before it is fetched.

    Raises ArchiveError where its folder of the archive cannot be read.
    """
    in_use = store.current(folder)
    versions = store.archive.versions(folder, store.register.role) if in_use else []
    contents = {item.version: item.content_sha256 for item in versions}
    return PriorState(
        contents.get(in_use.version) if in_use else None,
        in_use is None or not in_use.rows_quarantined,
        seen.returned,
        store.reviews.documents,
    )
