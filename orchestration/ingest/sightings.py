"""What the source shows of a document, from one run to the next: gone, or an older copy again.

Neither is a failure. What is archived stays in use, and the outcome has a remark for the operator.
The outcome is also where the next run finds since when it is so.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from orchestration.ingest.results import Outcome
from orchestration.validation.documents import ValidatedDocuments
from scrapers.archive.archiving import ArchivedDocument
from scrapers.archive.prior_state import Background, Returned
from scrapers.documents.table import Row
from scrapers.registers.cancellations import NOTICES_FOLDER


@dataclass(frozen=True)
class Sighting:
    """What the source showed: since when it has the document no more (ISO 8601), the older version
    that it gives instead of the newest, and remarks."""

    gone_since: str | None = None
    returned: Returned | None = None
    remarks: tuple[str, ...] = ()

    @classmethod
    def before(cls, last: Outcome | None) -> "Sighting":
        """What the last attempt saw; its remarks are not repeated."""
        if last is None:
            return cls()
        returned = None
        if last.returned and last.returned_since:
            returned = Returned(last.returned, datetime.fromisoformat(last.returned_since))
        return cls(last.gone_since, returned)

    def followed_by(self, archived: ArchivedDocument[Row], at: str) -> "Sighting":
        """What a fetch at `at` (ISO 8601) saw."""
        if not archived.gone:
            return Sighting(None, archived.returned, archived.remarks)
        since = self.gone_since or at
        told = f"gone since {since[:10]}: {archived.gone}. What is archived stays in use"
        return Sighting(since, archived.returned, (*archived.remarks, told))

    def told_in(self, outcome: Outcome) -> Outcome:
        """The outcome with what was seen; each remark names the document."""
        subject = outcome.folder.removeprefix(f"{NOTICES_FOLDER}/")
        kind = "batch" if subject == outcome.folder else "notice"
        return replace(
            outcome,
            remarks=[f"{kind} {subject}: {remark}" for remark in self.remarks],
            gone_since=self.gone_since,
            returned=self.returned.content_sha256 if self.returned else None,
            returned_since=self.returned.since.isoformat() if self.returned else None,
        )


def background_of(validated: ValidatedDocuments[Row], folder: str, seen: Sighting) -> Background:
    """What is known of a document before it is fetched.

    Raises ArchiveError where its folder of the archive cannot be read.
    """
    in_use = validated.current(folder)
    versions = validated.archive.versions(folder, validated.role) if in_use else []
    contents = {item.version: item.content_sha256 for item in versions}
    return Background(
        contents.get(in_use.version) if in_use else None,
        in_use is None or not in_use.rows_quarantined,
        seen.returned,
        validated.reviews.documents,
    )
