"""Labels and filings to read, for tests of reviews."""

from orchestration.classification.reviews import Candidate, Label, Reading, Subject

NUMBER = "110108000000101250017"


def make_subject(**others: object) -> Subject:
    values: dict[str, object] = {
        "filing_number": NUMBER, "list_month": "2026-07", "batch_no": 19,
        "algorithm_name": "算法", "entity_name": "公司", "role": "provider",
        "products": None, "purpose": "应用于文本生成场景。", "purpose_origin": "source",
        "sector_confidence": 0.6, "sector_by_rules": "general", "confidence_by_rules": 0.6,
        "inputs_by_rules": "text", "outputs_by_rules": "text", "names_key": "aaaaaaaa",
        "purpose_key": "bbbbbbbb",
    }  # fmt: skip
    return Subject(**values | others)  # type: ignore[arg-type]


def make_label(**others: object) -> Label:
    """A label after one reading by `mei`, who was sure of `finance`."""
    values: dict[str, object] = {
        "filing_number": NUMBER, "list_month": "2026-07", "algorithm_name": "算法",
        "entity_name": "公司", "sector": "finance", "first_sector": "finance",
        "second_sector": None, "other_sector": None, "first_is_sure": True,
        "second_is_sure": None, "inputs": "text", "outputs": "text", "readers": "mei",
        "read_on": "2026-01-02", "names_key": "aaaaaaaa", "purpose_key": "bbbbbbbb",
        "shipped_purpose_key": None,
    }  # fmt: skip
    return Label(**values | others)  # type: ignore[arg-type]


def make_candidate(
    label: Label | None = None, *, is_amended: bool = False, **of_subject: object
) -> Candidate:
    return Candidate(make_subject(**of_subject), label, is_amended=is_amended)


def make_reading(sector: str, reader: str = "lin", **others: object) -> Reading:
    return Reading(**{"reader": reader, "read_on": "2026-12-01", "sector": sector} | others)  # type: ignore[arg-type]
