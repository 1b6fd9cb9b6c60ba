"""How readings change labels, and which filings are due for one."""

from dataclasses import replace

import pytest

from orchestration.classification.reviews import (
    AMENDED,
    NOT_AGREED,
    NOT_REVIEWED,
    NOT_SURE,
    UNLIKE_RULES,
    ReviewError,
    has_read,
    order_of,
    why_due,
    with_reading,
)
from tests.orchestration.classification.labels import make_candidate, make_label, make_reading

TWO_DIFFER = make_label(readers="mei+lin", second_sector="enterprise", second_is_sure=True,
                        other_sector="enterprise")  # fmt: skip


def test_first_reading_makes_a_label_with_the_texts_that_were_read():
    reading = make_reading(
        "finance", "mei", is_sure=False, other_sector="enterprise", confirms_rules=True
    )
    assert with_reading(make_candidate(), reading) == make_label(
        other_sector="enterprise", first_is_sure=False, read_on="2026-12-01"
    )


def test_shipped_wording_of_a_purpose_has_its_own_key():
    label = with_reading(make_candidate(purpose_origin="shipped"), make_reading("finance"))
    assert (label.purpose_key, label.shipped_purpose_key) == (None, "bbbbbbbb")


def test_first_reading_takes_corrections_and_confirms_the_rest():
    candidate = make_candidate(inputs_by_rules="image", outputs_by_rules="text+code")
    reading = make_reading("finance", inputs="text+image", confirms_rules=True)
    label = with_reading(candidate, reading)
    assert (label.inputs, label.outputs) == ("text+image", "text+code")


def test_first_reader_who_did_not_see_inputs_and_outputs_confirms_none():
    label = with_reading(make_candidate(), make_reading("finance", inputs="image"))
    assert (label.inputs, label.outputs) == ("image", None)


@pytest.mark.parametrize("label", [make_label(), TWO_DIFFER])
def test_later_reader_who_did_not_see_inputs_and_outputs_leaves_them(label):
    label = replace(label, inputs="image", outputs=None)
    read = with_reading(make_candidate(label), make_reading("media", "wu"))
    assert (read.inputs, read.outputs) == ("image", None)


def test_third_reader_who_confirms_the_rules_keeps_what_two_readers_corrected():
    label = replace(TWO_DIFFER, inputs="image", outputs=None)
    reading = make_reading("media", "wu", confirms_rules=True)
    read = with_reading(make_candidate(label), reading)
    assert (read.inputs, read.outputs) == ("image", "text")


def test_label_of_amended_texts_is_replaced_by_a_first_reading():
    old = replace(TWO_DIFFER, names_key="00000000")
    reading = make_reading("media", "mei", confirms_rules=True)
    label = with_reading(make_candidate(old, is_amended=True), reading)
    assert label == make_label(sector="media", first_sector="media", read_on="2026-12-01")


def test_second_reading_with_the_same_sector_confirms_it():
    label = with_reading(make_candidate(make_label()), make_reading("finance", is_sure=False))
    assert label == make_label(
        readers="mei+lin", second_sector="finance", second_is_sure=False, read_on="2026-12-01"
    )
    assert why_due(make_candidate(label)) is None


def test_second_reading_keeps_the_other_sector_that_the_first_reader_held_possible():
    label = make_label(other_sector="media")
    reading = make_reading("finance", other_sector="enterprise")
    assert with_reading(make_candidate(label), reading).other_sector == "media"


def test_second_reading_that_differs_becomes_the_other_sector_and_a_third_is_due():
    label = with_reading(make_candidate(make_label()), make_reading("enterprise"))
    assert label == replace(TWO_DIFFER, read_on="2026-12-01")
    assert why_due(make_candidate(label)) == NOT_AGREED


@pytest.mark.parametrize(
    ("given", "inputs"), [("image", "image"), (None, "text"), ("audio", "text")]
)
def test_correction_counts_after_the_second_reading_if_both_readers_made_it(given, inputs):
    candidate = make_candidate(make_label(inputs="image"))
    reading = make_reading("finance", inputs=given, confirms_rules=True)
    assert with_reading(candidate, reading).inputs == inputs


def test_inputs_that_the_first_reader_did_not_check_are_those_of_the_second():
    candidate = make_candidate(make_label(inputs=None, outputs=None))
    label = with_reading(candidate, make_reading("finance", inputs="audio", confirms_rules=True))
    assert (label.inputs, label.outputs) == ("audio", "text")


def test_reader_of_the_other_wording_adds_its_key():
    label = make_label(purpose_key=None, shipped_purpose_key="cccccccc")
    read = with_reading(make_candidate(label), make_reading("finance"))
    assert (read.purpose_key, read.shipped_purpose_key) == ("bbbbbbbb", "cccccccc")


@pytest.mark.parametrize(
    ("third", "sector", "other"),
    [
        ("finance", "finance", "enterprise"),
        ("enterprise", "enterprise", "finance"),
        ("media", "media", "finance"),
    ],
)
def test_third_reading_decides_and_the_earlier_ones_stay_visible(third, sector, other):
    label = with_reading(make_candidate(TWO_DIFFER), make_reading(third, "wu"))
    assert label == replace(
        TWO_DIFFER, sector=sector, other_sector=other, readers="mei+lin+wu", read_on="2026-12-01"
    )
    assert why_due(make_candidate(label)) is None


def test_third_reading_decides_if_the_second_was_not_kept():
    label = with_reading(make_candidate(make_label(readers="mei+lin")), make_reading("media", "wu"))
    assert (label.sector, label.other_sector, label.second_sector) == ("media", "finance", None)


def test_third_reading_can_correct_inputs():
    label = with_reading(make_candidate(TWO_DIFFER), make_reading("media", "wu", inputs="image"))
    assert (label.inputs, label.outputs) == ("image", "text")


def test_only_reader_can_replace_the_reading():
    label = make_label(
        first_is_sure=False, other_sector="media", inputs="image", shipped_purpose_key="cccccccc",
    )  # fmt: skip
    read = with_reading(make_candidate(label), make_reading("general", "mei"), replaces=True)
    assert read == replace(
        label, sector="general", first_sector="general", other_sector=None, first_is_sure=True,
        read_on="2026-12-01",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("label", "replaces"), [(make_label(), False), (make_label(readers="mei+lin"), True)]
)
def test_reading_is_not_replaced_unless_asked_or_after_another_reader(label, replaces):
    with pytest.raises(ReviewError, match="mei has already read"):
        with_reading(make_candidate(label), make_reading("media", "mei"), replaces=replaces)


@pytest.mark.parametrize("reader", ["mei", "lin"])
def test_reader_cannot_read_a_filing_twice(reader):
    assert has_read(make_candidate(TWO_DIFFER), reader)
    with pytest.raises(ReviewError, match=f"{reader} has already read filing .*--reader"):
        with_reading(make_candidate(TWO_DIFFER), make_reading("media", reader))


@pytest.mark.parametrize(
    "label",
    [
        make_label(readers="mei+lin", second_sector="finance"),
        replace(TWO_DIFFER, readers="mei+lin+wu"),
    ],
)
def test_decided_sector_takes_no_further_reading(label):
    with pytest.raises(ReviewError, match=r"decided by [23] readers.*filing_labels\.csv"):
        with_reading(make_candidate(label), make_reading("media", "xu"))


@pytest.mark.parametrize(
    ("candidate", "why"),
    [
        (make_candidate(), NOT_REVIEWED),
        (make_candidate(make_label(), is_amended=True), AMENDED),
        (make_candidate(make_label(first_is_sure=False)), NOT_SURE),
        (make_candidate(make_label(first_is_sure=None)), NOT_SURE),
        (make_candidate(make_label()), UNLIKE_RULES),
        (make_candidate(make_label(), sector_by_rules="finance"), None),
        (make_candidate(make_label(readers="mei+lin")), NOT_AGREED),
        (make_candidate(make_label(readers="mei+lin", second_sector="finance")), None),
        (make_candidate(TWO_DIFFER), NOT_AGREED),
        (make_candidate(replace(TWO_DIFFER, readers="mei+lin+wu")), None),
    ],
)
def test_filing_is_due_until_its_sector_is_decided(candidate, why):
    assert why_due(candidate) == why


def test_due_filings_are_ordered_by_reason_then_by_the_lowest_confidence():
    doubtful = make_label(first_is_sure=False)
    in_order = [
        make_candidate(doubtful, is_amended=True, confidence_by_rules=0.9),
        # The confidence of a label that was removed since the release does not count.
        make_candidate(confidence_by_rules=0.3, sector_confidence=0.9),
        make_candidate(confidence_by_rules=0.5, sector_confidence=0.2),
        make_candidate(doubtful, sector_confidence=0.1),
        make_candidate(make_label(), sector_confidence=0.2),
        make_candidate(doubtful, sector_confidence=0.4),
        make_candidate(TWO_DIFFER, sector_confidence=0.01),
    ]
    shuffled = in_order[3:] + in_order[:3]
    assert sorted(shuffled, key=lambda item: order_of(item, why_due(item))) == in_order
