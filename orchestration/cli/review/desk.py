"""Where readings are taken: each is merged into its label, and the seed is written."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from orchestration.classification.reviews import (
    Candidate,
    Label,
    Reading,
    ReviewError,
    with_reading,
)
from orchestration.cli.review.answers import Judgement
from orchestration.cli.review.seed import Seed, with_labels_written
from scrapers.fields.filing_number import digits_of


class Desk:
    """Takes the readings of one reader, and writes them to the seed."""

    def __init__(self, seed: Seed, candidates: Mapping[str, Candidate], reader: str) -> None:
        self.reader = reader
        self.written = 0
        self._seed = seed
        self._candidates = dict(candidates)

    @property
    def seed_path(self) -> Path:
        return self._seed.path

    def find(self, text: str) -> Candidate:
        """The filing with this number. Raises ReviewError if the release has none."""
        found = self._candidates.get(digits_of(text) or "")
        if found is None:
            raise ReviewError(
                f"the release has no deep-synthesis filing {text!r}",
                remedy="A filing number has 21 digits",
            )
        return found

    def reading(
        self, judgement: Judgement, inputs: str | None = None, outputs: str | None = None
    ) -> Reading:
        """A reading of today, in UTC, by this reader."""
        return Reading(
            self.reader,
            f"{datetime.now(UTC):%Y-%m-%d}",
            judgement.sector,
            judgement.is_sure,
            judgement.other_sector,
            inputs,
            outputs,
        )

    def merged(self, number: str, reading: Reading) -> Label:
        """The label after the reading; nothing is written. Raises ReviewError as `with_reading`."""
        return with_reading(self.find(number), reading)

    def write(self, labels: Iterable[Label]) -> None:
        """Write labels to the seed, all at once. Raises FilingsError if it cannot be written."""
        changed = list(labels)
        self._seed = with_labels_written(self._seed, changed)
        for label in changed:
            before = self._candidates[label.filing_number]
            self._candidates[label.filing_number] = replace(before, label=label, is_amended=False)
        self.written += len(changed)
