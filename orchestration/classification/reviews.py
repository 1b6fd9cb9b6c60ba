"""Readings of filings, and how they change labels.

A filing is due for a reading if no label has its present texts, if its only reader was not sure or
differs from the rules, or if two readers differ. A third reading decides.
"""

from dataclasses import dataclass, replace

from scrapers.errors import FilingsError

SOURCE = "source"  # The value of `purpose_origin` for a purpose as published.
DECIDING = 3  # Readings after which a filing is not read again.

AMENDED = "amended since it was read"
NOT_REVIEWED = "not reviewed"
NOT_SURE = "second reading: the reader was not sure"
UNLIKE_RULES = "second reading: differs from the rules"
NOT_AGREED = "third reading: two readers differ"
# In this order, filings are offered to readers.
_RANKS = {AMENDED: 0, NOT_REVIEWED: 1, NOT_SURE: 2, UNLIKE_RULES: 2, NOT_AGREED: 3}


class ReviewError(FilingsError):
    """A reading cannot be taken."""


@dataclass(frozen=True)
class Label:
    """A row of the seed `filing_labels`, which describes the columns. `read_on` is YYYY-MM-DD."""

    filing_number: str
    list_month: str
    algorithm_name: str
    entity_name: str
    sector: str
    first_sector: str
    second_sector: str | None
    other_sector: str | None
    first_is_sure: bool | None
    second_is_sure: bool | None
    inputs: str | None
    outputs: str | None
    readers: str
    read_on: str
    names_key: str
    purpose_key: str | None
    shipped_purpose_key: str | None

    @property
    def reader_names(self) -> list[str]:
        return self.readers.split("+")


@dataclass(frozen=True)
class Subject:
    """A filing to read: its texts with their keys, and what the rules derive."""

    filing_number: str
    list_month: str
    batch_no: int
    algorithm_name: str
    entity_name: str
    role: str
    products: str | None
    purpose: str
    purpose_origin: str
    sector_confidence: float
    sector_by_rules: str
    confidence_by_rules: float
    inputs_by_rules: str
    outputs_by_rules: str
    names_key: str
    purpose_key: str

    def key_of_purpose(self) -> dict[str, str]:
        """The column of the label that has the key of the purpose, with the key."""
        is_published = self.purpose_origin == SOURCE
        return {"purpose_key" if is_published else "shipped_purpose_key": self.purpose_key}


@dataclass(frozen=True)
class Reading:
    """What one reader found. `inputs` and `outputs` are corrections, and otherwise None.

    With `confirms_rules`, the reader saw the inputs and outputs by rules, and confirms those that
    are not corrected. Without it, the reader did not see them.
    """

    reader: str
    read_on: str
    sector: str
    is_sure: bool = True
    other_sector: str | None = None
    inputs: str | None = None
    outputs: str | None = None
    confirms_rules: bool = False

    def inputs_of(self, subject: Subject) -> str | None:
        """The inputs as corrected or confirmed; None if the reader did not see them."""
        return self.inputs or (subject.inputs_by_rules if self.confirms_rules else None)

    def outputs_of(self, subject: Subject) -> str | None:
        """The outputs as corrected or confirmed; None if the reader did not see them."""
        return self.outputs or (subject.outputs_by_rules if self.confirms_rules else None)


@dataclass(frozen=True)
class Candidate:
    """A filing with its label. `is_amended` if the label is for texts that have changed since."""

    subject: Subject
    label: Label | None = None
    is_amended: bool = False

    @property
    def standing(self) -> Label | None:
        """The label, if it is for the present texts."""
        return None if self.is_amended else self.label

    @property
    def confidence(self) -> float:
        """The confidence in the sector: that of the rules if there is no label for it."""
        subject = self.subject
        return subject.sector_confidence if self.standing else subject.confidence_by_rules


def why_due(candidate: Candidate) -> str | None:
    """Why a filing is to be read, or None if it is not due."""
    label = candidate.standing
    if label is None:
        return AMENDED if candidate.label else NOT_REVIEWED
    match len(label.reader_names):
        case 1 if not label.first_is_sure:
            return NOT_SURE
        case 1 if label.sector != candidate.subject.sector_by_rules:
            return UNLIKE_RULES
        case 2 if label.first_sector != label.second_sector:
            return NOT_AGREED
    return None


def order_of(candidate: Candidate, why: str) -> tuple[int, float, str]:
    """The key by which due filings are sorted: the reason, then the lowest confidence first."""
    return _RANKS[why], candidate.confidence, candidate.subject.filing_number


def has_read(candidate: Candidate, reader: str) -> bool:
    """Whether the reader has read the present texts of a filing."""
    label = candidate.standing
    return label is not None and reader in label.reader_names


def is_only_reader(candidate: Candidate, reader: str) -> bool:
    """Whether the present texts of a filing were read by this reader and no other."""
    label = candidate.standing
    return label is not None and label.reader_names == [reader]


def require_open(candidate: Candidate, reader: str, *, replaces: bool = False) -> None:
    """Raise ReviewError if the reader has read the filing before, or if its sector is decided.

    With `replaces`, the only reader of a filing may read it again.
    """
    label, number = candidate.standing, candidate.subject.filing_number
    if label is None or (replaces and is_only_reader(candidate, reader)):
        return
    count = len(label.reader_names)
    if reader in label.reader_names:
        again = f"To replace it, use `filings review {number}`. " if count == 1 else ""
        raise ReviewError(
            f"{reader} has already read filing {number}",
            remedy=f"{again}The next reading needs another reader (--reader NAME)",
        )
    if count >= DECIDING or (count > 1 and label.first_sector == label.second_sector):
        raise ReviewError(
            f"the sector of filing {number} is decided by {count} readers",
            remedy="To correct it, edit its row in dbt_project/seeds/filing_labels.csv",
        )


def with_reading(candidate: Candidate, reading: Reading, *, replaces: bool = False) -> Label:
    """The label of a filing after one more reading.

    With `replaces`, it takes the place of the only reading, if that was by the same reader. Raises
    ReviewError as `require_open`.
    """
    require_open(candidate, reading.reader, replaces=replaces)
    label = candidate.standing
    if label is None:
        return _first(candidate.subject, reading)
    if is_only_reader(candidate, reading.reader):
        return _replaced(candidate.subject, label, reading)
    add = _second if len(label.reader_names) == 1 else _third
    joined = replace(
        label,
        readers=f"{label.readers}+{reading.reader}",
        read_on=reading.read_on,
        # The earlier reader may have read the other wording of the purpose.
        **candidate.subject.key_of_purpose(),  # type: ignore[arg-type]
    )
    return add(candidate.subject, joined, reading)


def _first(subject: Subject, reading: Reading) -> Label:
    keys: dict[str, str | None] = {"purpose_key": None, "shipped_purpose_key": None}
    return Label(
        filing_number=subject.filing_number,
        list_month=subject.list_month,
        algorithm_name=subject.algorithm_name,
        entity_name=subject.entity_name,
        sector=reading.sector,
        first_sector=reading.sector,
        second_sector=None,
        other_sector=_other_than(reading.sector, reading.other_sector),
        first_is_sure=reading.is_sure,
        second_is_sure=None,
        inputs=reading.inputs_of(subject),
        outputs=reading.outputs_of(subject),
        readers=reading.reader,
        read_on=reading.read_on,
        names_key=subject.names_key,
        **keys | subject.key_of_purpose(),
    )


def _replaced(subject: Subject, label: Label, reading: Reading) -> Label:
    """The label with another reading by its only reader."""
    first = _first(subject, reading)
    return replace(
        first,
        # The reader may have read the other wording of the purpose before.
        purpose_key=first.purpose_key or label.purpose_key,
        shipped_purpose_key=first.shipped_purpose_key or label.shipped_purpose_key,
        inputs=first.inputs or label.inputs,
        outputs=first.outputs or label.outputs,
    )


def _second(subject: Subject, label: Label, reading: Reading) -> Label:
    """The first sector stays. If the second differs, it is the other one, and a third is due."""
    others = reading.sector, label.other_sector, reading.other_sector
    return replace(
        label,
        second_sector=reading.sector,
        other_sector=_other_than(label.sector, *others),
        second_is_sure=reading.is_sure,
        inputs=_found_by_both(label.inputs, reading.inputs_of(subject), subject.inputs_by_rules),
        outputs=_found_by_both(
            label.outputs, reading.outputs_of(subject), subject.outputs_by_rules
        ),
    )


def _third(subject: Subject, label: Label, reading: Reading) -> Label:
    """The third sector counts. The other one is that of the reading with which it differs."""
    earlier = label.first_sector, label.second_sector
    more = reading.other_sector, label.other_sector
    others = (*earlier, *more) if reading.sector in earlier else (*more[:1], *earlier)
    return replace(
        label,
        sector=reading.sector,
        other_sector=_other_than(reading.sector, *others),
        # A confirmation of the rules does not outweigh what two readers found.
        inputs=reading.inputs or label.inputs or reading.inputs_of(subject),
        outputs=reading.outputs or label.outputs or reading.outputs_of(subject),
    )


def _found_by_both(first: str | None, second: str | None, by_rules: str) -> str | None:
    """The kinds of two readers: a correction counts if both made it, or if only one saw them."""
    if first is None or second is None:
        return first or second
    return first if first == second else by_rules


def _other_than(sector: str, *others: str | None) -> str | None:
    return next((other for other in others if other and other != sector), None)
