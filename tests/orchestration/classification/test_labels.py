"""Labels replace what the rules derive, as long as the filing has the texts that were read."""

import polars as pl
import pytest

from orchestration.classification.labels import (
    LABEL_COLUMNS,
    REVIEWED_COLUMNS,
    label_kind,
    lists_read_twice,
    text_keys,
    with_labels,
)
from orchestration.classification.rules import CLASS_COLUMNS
from orchestration.classification.shipped import read_seed, shipped_filings
from tests.support.paths import SHARED
from tests.support.tables import read_list

PUBLISHED = [
    SHARED / "data" / "lists" / f"deep_synthesis_{month}.docx" for month in ("2023-08", "2025-07")
]
NUMBER = "110101000000101240010"
READ = {
    "register": "deep_synthesis",
    "filing_number": NUMBER,
    "algorithm_name": "甲文本生成算法",
    "products": "甲（APP）、乙（网站）",
    "purpose": "应用于文本生成场景，根据用户输入的文本，生成文本。",
    "is_amended": False,
}
DERIVED = {
    "inputs": "text", "outputs": "text", "is_multimodal": False, "is_cross_modal": False,
    "is_generative": True, "mentions_recognition": False, "mentions_editing": False,
    "modality_evidence": "", "sector": "general", "sector_runner_up": "legal",
    "sector_margin": 1.0, "sector_evidence": "no term found", "sector_confidence": 0.6,
}  # fmt: skip
CALIBRATION = pl.DataFrame(
    {
        "source": ["reviewed", "rules"],
        "kind": ["once_unlike_rules", "none"],
        "margin_from": [0.0, 0.0],
        "labels": [10, 10],
        "correct": [9, 6],
        "confidence": [0.9, 0.6],
    }
)


def label(**changes: object) -> dict[str, object]:
    keys = text_keys(pl.DataFrame([READ])).to_dicts()[0]
    defaults = dict.fromkeys(LABEL_COLUMNS)
    facts = {
        "filing_number": NUMBER, "sector": "finance", "first_sector": "finance",
        "first_is_sure": True, "readers": "anna", "names_key": keys["names_key"],
        "purpose_key": keys["purpose_key"],
    }  # fmt: skip
    return {**defaults, **facts, **changes}


def reviewed(
    filing: dict[str, object] | None = None, derived: dict[str, object] | None = None,
    calibration: pl.DataFrame = CALIBRATION, **changes: object,
) -> dict[str, object]:  # fmt: skip
    """The filing with its label; the arguments change what was read, derived and labelled."""
    (found,) = with_labels(
        pl.DataFrame([READ | (filing or {})]),
        pl.DataFrame([DERIVED | (derived or {})], schema=CLASS_COLUMNS),
        pl.DataFrame([label(**changes)], schema=LABEL_COLUMNS),
        calibration,
    ).to_dicts()
    return found


def test_label_replaces_the_sector_and_keeps_that_of_the_rules():
    found = reviewed()
    assert list(found) == list(REVIEWED_COLUMNS)
    assert (found["sector"], found["sector_source"]) == ("finance", "reviewed")
    assert (found["sector_confidence"], found["review_status"]) == (0.9, "reviewed")
    assert (found["sector_by_rules"], found["confidence_by_rules"]) == ("general", 0.6)


def test_filing_without_label_has_the_sector_of_the_rules():
    found = reviewed(filing_number="other")
    assert (found["sector"], found["sector_source"]) == ("general", "rules")
    assert (found["sector_confidence"], found["review_status"]) == (0.6, "not_reviewed")
    assert found["sector_runner_up"] == "legal"


@pytest.mark.parametrize(
    "change",
    [
        {"algorithm_name": "乙文本生成算法"},
        {"products": "甲（APP）"},
        {"products": None},
        {"purpose": "应用于文本生成场景，根据用户输入的图像，生成文本。"},
    ],
)
def test_amended_filing_goes_back_to_the_rules(change):
    found = reviewed(change)
    assert (found["sector"], found["sector_source"]) == ("general", "rules")
    assert (found["review_status"], found["sector_confidence"]) == ("amended", 0.6)


@pytest.mark.parametrize(
    "change",
    [
        {"algorithm_name": " 甲文本生成算法"},
        {"products": "甲(APP), 乙(网站)"},
        {"purpose": "应用于文本生成场景,根据用户输入的文本,生成文本"},
    ],
)
def test_punctuation_spaces_and_width_are_no_amendment(change):
    assert reviewed(change)["review_status"] == "reviewed"


def test_text_that_moves_from_one_cell_to_another_is_an_amendment():
    moved = {"algorithm_name": "甲文本生成算法甲", "products": "（APP）、乙（网站）"}
    assert reviewed(moved)["review_status"] == "amended"


def test_shipped_wording_of_the_purpose_has_its_own_key():
    shipped = text_keys(pl.DataFrame([READ | {"purpose": "丙"}]))["purpose_key"].item()
    assert reviewed({"purpose": "丙"})["review_status"] == "amended"
    assert reviewed({"purpose": "丙"}, shipped_purpose_key=shipped)["review_status"] == "reviewed"


def test_unknown_published_purpose_counts_until_its_list_amends_the_filing():
    other = {"purpose": "丙"}
    assert reviewed(other, purpose_key=None)["review_status"] == "reviewed"
    amended = other | {"is_amended": True}
    assert reviewed(amended, purpose_key=None)["review_status"] == "amended"


def test_labels_belong_to_deep_synthesis_only():
    assert reviewed({"register": "recommendation"})["review_status"] == "not_reviewed"


def test_missing_kind_of_label_is_an_error():
    with pytest.raises(ValueError, match="no row for once_doubtful; run make calibrate"):
        reviewed(first_is_sure=False)


def test_runner_up_is_the_other_sector_of_the_readers_or_that_of_the_rules():
    assert reviewed(other_sector="legal")["sector_runner_up"] == "legal"
    assert reviewed()["sector_runner_up"] == "general"
    as_rules = pl.DataFrame(
        {"source": ["reviewed"], "kind": ["once_as_rules"], "confidence": [0.9]}
    )
    found = reviewed(sector="general", first_sector="general", calibration=as_rules)
    assert found["sector_runner_up"] is None


def test_corrected_outputs_change_the_flags():
    found = reviewed(inputs="text", outputs="text+image")
    assert (found["outputs"], found["outputs_by_rules"]) == ("text+image", "text")
    assert found["modality_source"] == "reviewed"
    assert (found["is_multimodal"], found["is_cross_modal"]) == (True, True)
    assert reviewed()["modality_source"] == "rules"


def test_corrected_inputs_can_make_a_filing_pure_recognition():
    recognition = DERIVED | {"mentions_recognition": True}
    assert reviewed(derived=recognition)["is_generative"]
    assert not reviewed(derived=recognition, inputs="audio", outputs="text")["is_generative"]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "once_as_rules"),
        ({"first_is_sure": False}, "once_doubtful"),
        ({"first_is_sure": None}, "once_doubtful"),
        ({"second_sector": "finance", "second_is_sure": True}, "agreed_sure"),
        ({"second_sector": "finance", "second_is_sure": False}, "agreed_one_doubt"),
        ({"second_sector": "finance", "first_is_sure": None}, "agreed_one_doubt"),
        (
            {"second_sector": "finance", "first_is_sure": False, "second_is_sure": False},
            "agreed_two_doubts",
        ),
        ({"second_sector": "legal", "second_is_sure": True}, "not_agreed"),
        ({"second_sector": None, "readers": "anna+ben"}, "not_agreed"),
        ({"second_sector": "finance", "sector": "legal"}, "not_agreed"),
    ],
)
def test_kind_of_a_label_follows_from_its_readers(changes, kind):
    readers = "anna+ben" if changes.get("second_sector") else "anna"
    labels = pl.DataFrame([label(**{"readers": readers, **changes})], schema=LABEL_COLUMNS)
    assert labels.select(label_kind(pl.lit(value=True))).item() == kind


def test_single_reading_unlike_the_rules_is_a_kind_of_its_own():
    labels = pl.DataFrame([label()], schema=LABEL_COLUMNS)
    assert labels.select(label_kind(pl.lit(value=False))).item() == "once_unlike_rules"


def test_lists_read_twice_may_have_few_single_readings():
    rows = [("2026-01", "anna+ben")] * 19 + [("2026-01", "anna"), ("2026-03", "anna")]
    labels = pl.DataFrame(rows, schema=["list_month", "readers"], orient="row")
    assert lists_read_twice(labels).to_list() == ["2026-01"]


def test_every_label_applies_to_its_shipped_filing():
    shipped = shipped_filings().with_columns(
        register=pl.lit("deep_synthesis"), is_amended=pl.lit(False)
    )
    derived = pl.DataFrame([DERIVED] * shipped.height, schema=CLASS_COLUMNS)
    found = with_labels(
        shipped, derived, read_seed("filing_labels"), read_seed("sector_calibration")
    )
    assert found["review_status"].unique().to_list() == ["reviewed"]
    assert found["sector_confidence"].null_count() == 0


def test_labels_name_the_filings_that_they_belong_to():
    labels = read_seed("filing_labels")
    names = ["filing_number", "algorithm_name", "entity_name"]
    assert labels.height == 7764
    assert labels.select(names).join(shipped_filings(), on=names, how="anti").is_empty()


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
@pytest.mark.skipif(not PUBLISHED[0].exists(), reason="no published lists next to the checkout")
def test_labels_apply_to_lists_as_published(path):
    """Few filings were amended between the lists next to the checkout and the shipped register."""
    texts = ("algorithm_name", "products", "purpose")
    filings = pl.DataFrame(
        [
            {name: row.cells[name] for name in texts}
            | {"filing_number": "".join(filter(str.isdigit, row.cells["filing_number"]))}
            for row in read_list(path.read_bytes()).rows
        ]
    ).with_columns(register=pl.lit("deep_synthesis"), is_amended=pl.lit(False))
    derived = pl.DataFrame([DERIVED] * filings.height, schema=CLASS_COLUMNS)
    found = with_labels(
        filings, derived, read_seed("filing_labels"), read_seed("sector_calibration")
    )
    statuses = found["review_status"].to_list()
    assert "not_reviewed" not in statuses
    assert statuses.count("amended") <= 0.02 * len(statuses)
