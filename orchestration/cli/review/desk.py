"""Where readings are taken: each is merged into its label, and the seed is written."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from orchestration.classification.reviews import (
    Candidate,
    Label,
    Reading,
    ReviewError,
    has_read,
    is_only_reader,
    why_due,
    with_reading,
)
from orchestration.cli.review.answers import Judgement
from orchestration.cli.review.seed import Seed, newest, seed_locked, with_labels_written
from scrapers.errors import few
from scrapers.fields.filing_number import digits_of

_ENTRIES = {
    "recommendation": "a recommendation filing",
    "generative_services": "a generative AI service",
}


@dataclass(frozen=True)
class _Taken:
    """A filing before a reading of this session, and its label after it."""

    before: Candidate
    label: Label


class Desk:
    """Takes the readings of one reader, and writes them to the seed.

    `candidates_with` gives the filings of the release with the labels of a seed, by number.
    `elsewhere` has the register of each number of other registers. With `replaces`, a reading takes
    the place of an earlier one by the same reader, if there is no other.
    """

    def __init__(
        self,
        seed: Seed,
        candidates_with: Callable[[Mapping[str, Label]], dict[str, Candidate]],
        reader: str,
        elsewhere: Mapping[str, str],
        *,
        replaces: bool = False,
    ) -> None:
        self.reader = reader
        self.replaces = replaces
        self.written = self.replaced = 0
        self._seed = seed
        self._candidates_with = candidates_with
        self._candidates = candidates_with(seed.labels)
        self._elsewhere = elsewhere
        self._taken: list[_Taken] = []

    @property
    def seed_path(self) -> Path:
        return self._seed.path

    @property
    def candidates(self) -> Mapping[str, Candidate]:
        """The filings by number, with the labels as this desk last read or wrote them."""
        return self._candidates

    def find(self, text: str) -> Candidate:
        """The filing with this number. Raises ReviewError if it is not a deep-synthesis filing."""
        number = digits_of(text)
        if found := self._candidates.get(number or ""):
            return found
        if register := self._elsewhere.get(number or text.strip()):
            entry = _ENTRIES.get(register, f"in the register {register}")
            raise ReviewError(
                f"{number or text.strip()} is {entry}; only deep-synthesis filings are reviewed"
            )
        raise ReviewError(
            f"the release has no deep-synthesis filing {text!r}",
            remedy=None if number else "A filing number has 21 digits",
        )

    def is_due(self, offered: Candidate) -> bool:
        """Whether a filing is still to be read, if another program has changed its label."""
        now = self.find(offered.subject.filing_number)
        return now == offered or bool(why_due(now) and not has_read(now, self.reader))

    def reading(
        self,
        judgement: Judgement,
        inputs: str | None = None,
        outputs: str | None = None,
        *,
        confirms_rules: bool = False,
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
            confirms_rules,
        )

    def merged(self, number: str, reading: Reading) -> Label:
        """The label after the reading; nothing is written. Raises ReviewError as `with_reading`."""
        return with_reading(self.find(number), reading, replaces=self.replaces)

    def write(self, labels: Iterable[Label]) -> None:
        """Write labels to the seed, all at once, among changes that other programs made to it.

        Raises ReviewError if another program changed one of these labels, and FilingsError if the
        seed cannot be written.
        """
        taken = [_Taken(self._candidates[label.filing_number], label) for label in labels]
        self._write({item.label.filing_number: item.label for item in taken})
        for item in taken:
            number = item.label.filing_number
            self._candidates[number] = replace(item.before, label=item.label, is_amended=False)
            self.replaced += is_only_reader(item.before, self.reader)
        self.written += len(taken)
        self._taken += taken

    def take_back(self) -> Candidate:
        """Take back the last reading of this session: the label becomes as it was before.

        Raises ReviewError if there is none, or if another program changed the label since.
        """
        if not self._taken:
            raise ReviewError("no reading of this session is left to take back")
        last = self._taken[-1]
        number = last.before.subject.filing_number
        if self._candidates[number].label != last.label:
            raise _changed([number])
        self._write({number: last.before.label})
        self._candidates[number] = last.before
        self._taken.pop()
        self.written -= 1
        self.replaced -= is_only_reader(last.before, self.reader)
        return last.before

    def _write(self, changes: Mapping[str, Label | None]) -> None:
        with seed_locked(self._seed):
            if changed := sorted(self._read_again() & set(changes)):
                raise _changed(changed)
            self._seed = with_labels_written(self._seed, changes)

    def _read_again(self) -> set[str]:
        """Read the seed again. Returns the filings whose labels another program changed."""
        before, now = self._seed, newest(self._seed)
        if now is before:
            return set()
        self._seed, self._candidates = now, self._candidates_with(now.labels)
        return {
            number
            for number in before.labels.keys() | now.labels.keys()
            if before.labels.get(number) != now.labels.get(number)
        }


def _changed(numbers: list[str]) -> ReviewError:
    return ReviewError(
        f"another program has changed the label of {few(numbers)} since it was read",
        remedy="Nothing was written. Repeat it to add it to the new label",
    )
