"""The figure of changes in the report: their wording, and notes that were not understood."""

from pathlib import Path
from typing import get_args

import duckdb
import pytest

from orchestration.publication.report.figures import LANGS, Figure, Text, measure
from orchestration.publication.report.sections.changes import CHANGES
from orchestration.publication.report.wording import EVENTS
from scrapers.fields.notes import EventKind, Subject
from tests.orchestration.cli.register_factories import RELEASE, make_event, make_register

(FIGURE,) = [figure for figure in CHANGES.figures if figure.name == "events"]


def found(tmp_path: Path, events: list[dict[str, object]]) -> tuple[list[dict[str, object]], Text]:
    """The rows of the figure, and its finding."""
    data = make_register(tmp_path, filing_events=events)
    with duckdb.connect(str(data / "published" / RELEASE / "filings.duckdb")) as connection:
        rows = measure(connection, FIGURE.query)
    return rows, FIGURE.finding(rows)


def changed(serial: int, subject: str) -> dict[str, object]:
    return make_event(serial, "information_changed", None, subject=subject)


def test_every_event_kind_has_words_in_both_languages():
    codes = {*get_args(EventKind), *(f"information_changed:{name}" for name in get_args(Subject))}
    assert codes <= set(EVENTS)
    assert all(words.zh and words.en for words in EVENTS.values())


def test_changes_of_information_are_counted_by_subject(tmp_path):
    events = [changed(1, "model"), changed(2, "model"), changed(3, "purpose"),
              make_event(4, "products_added", None)]  # fmt: skip
    rows, words = found(tmp_path, events)
    assert [(row["event"], row["subject"], row["events"]) for row in rows] == [
        ("information_changed", "model", 2),
        ("information_changed", "purpose", 1),
        ("products_added", None, 1),
    ]
    assert words.zh == "清单备注和公告共记载 4 次变更，最多的是算法模型变更"
    assert words.en == "Notes and notices record 4 changes; most frequent: model changed"


@pytest.mark.parametrize(
    ("clauses", "zh", "en"),
    [
        (["转让"], "；另有 1 条备注未能识别，如：转让",
         "; 1 note was not understood, such as: 转让"),
        (["丁", "丙", "乙", "甲", "甲"], "；另有 5 条备注未能识别，如：丁；丙；乙",
         "; 5 notes were not understood, such as: 丁；丙；乙"),
    ],
)  # fmt: skip
def test_unrecognised_notes_are_quoted_and_not_counted_as_changes(tmp_path, clauses, zh, en):
    unread = [
        make_event(serial, "unrecognised", None, new_value=clause)
        for serial, clause in enumerate(clauses, 2)
    ]
    _, words = found(tmp_path, [changed(1, "person"), *unread])
    assert words.zh == f"清单备注和公告共记载 1 次变更，最多的是责任人变更{zh}"
    assert words.en.endswith(f"record 1 change; most frequent: responsible person changed{en}")


def test_unrecognised_notes_are_quoted_when_there_are_no_changes(tmp_path):
    _, words = found(tmp_path, [make_event(1, "unrecognised", None, new_value="转让")])
    assert words.zh.startswith("尚无变更记录；") and "转让" in words.en


def test_listings_are_not_counted(tmp_path):
    rows, _ = found(tmp_path, [make_event(1, "listed", None, source="list")])
    assert rows == []


def test_events_of_other_registers_are_not_counted(tmp_path):
    other = make_event(2, "entity_renamed", None, register="recommendation")
    rows, _ = found(tmp_path, [changed(1, "model"), other])
    assert [(row["event"], row["events"]) for row in rows] == [("information_changed", 1)]


def test_bidi_control_characters_are_replaced(tmp_path):
    rows, words = found(tmp_path, [make_event(1, "unrecognised", None, new_value="转\u202e让")])
    assert rows[0]["not_understood"] == "转\ufffd让" and "转\ufffd让" in words.zh


@pytest.mark.parametrize("lang", LANGS)
def test_chart_has_words_for_each_event(lang):
    figure: Figure = FIGURE
    rows = [{"event": "information_changed", "subject": "model", "events": 1, "filings": 1}]
    drawn = str(figure.draw(lang, rows).to_dict())
    assert EVENTS["information_changed:model"].of(lang) in drawn and "datum.code" in drawn


def test_cancellation_counts_once_whatever_its_sources(tmp_path):
    events = [
        make_event(1, "cancelled", None, source="note"),
        make_event(2, "cancelled", "2025-07", source="notice"),
        make_event(3, "cancelled", "2025-07", source="note", sources=["note", "notice"]),
    ]
    rows, words = found(tmp_path, events)
    assert [(row["event"], row["events"], row["filings"]) for row in rows] == [("cancelled", 3, 3)]
    assert words.en == "Notes and notices record 3 changes; most frequent: cancelled"
