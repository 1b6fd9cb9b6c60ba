"""`filings show`: one filing or entity by number, id or name."""

import json
import re
from datetime import date
from pathlib import Path

import duckdb
import pytest
from rich.cells import cell_len

from orchestration.cli.render.layout import place
from tests.orchestration.cli.commands import assert_fails, assert_succeeds, run
from tests.orchestration.cli.register_factories import (
    make_entity,
    make_entity_id,
    make_event,
    make_filing,
    make_register,
    make_version,
)
from tests.orchestration.validation.list_factories import make_filing_number


def test_filing_is_shown_with_its_facts(register):
    text = assert_succeeds(register, "show", make_filing_number(1))
    for words in (
        "北京新名公司 (0000001, 1 filing)",
        "北京市 海淀区",
        "1, list of 2025-05, announced 2025-05-19, row 1",
        "番茄小说 (app)",
        "应用于文本生成场景。",
        "general, by rules, confidence 60 %, ahead of education by 2",
        "text → text",
        "文本 text (purpose)",
        f"https://www.cac.gov.cn/{'f' * 90}.docx\n",
    ):
        assert words in text
    assert "CANCELLED" not in text and "versions" not in text


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        (("北京市", "北京市", "海淀区"), "北京市 海淀区"),
        (("广东省", None, None), "广东省"),
        ((None, None, None), "unknown"),
    ],
)
def test_place_without_names_is_shown_as_unknown(parts: tuple[str | None, ...], shown: str):
    assert place(*parts) == shown


def test_history_is_listed_oldest_first(register):
    history = (
        assert_succeeds(register, "show", make_filing_number(1))
        .partition("history\n")[2]
        .splitlines()
    )
    assert [" ".join(line.split()) for line in history] == [
        "2023-08 list listed in batch 1",
        "2024-08 note algorithm renamed: 云雀大模型 → 豆包大模型",
        "≤ 2025-06 note products added",
        "≤ month not stated; the archive first saw the change in this month",
    ]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (make_event(1, "information_changed", None, subject="purpose"), "purpose changed"),
        (make_event(1, "information_changed", None, subject="model", old_value="甲",
                    new_value="乙"),
         "algorithm model changed: 甲 → 乙"),
        (make_event(1, "information_changed", None, subject="other", new_value="变更《甲》"),
         "other information changed: 变更《甲》"),
        (make_event(1, "products_added", None, new_value="甲(APP)"), "products added: 甲(APP)"),
        (make_event(1, "products_removed", None, old_value="甲(APP)"), "products removed: 甲(APP)"),
        (make_event(1, "algorithm_renamed", None, old_value="甲"),
         "algorithm renamed: 甲 → (not stated)"),
        (make_event(1, "entity_renamed", None, new_value="乙"),
         "entity renamed: (not stated) → 乙"),
        (make_event(1, "unrecognised", None, new_value="转让"),
         "unrecognised note: 转让"),
    ],
)  # fmt: skip
def test_event_states_what_changed(tmp_path, event, words):
    make_register(tmp_path, filings=[make_filing(1, "算法")], filing_events=[event])
    history = (
        assert_succeeds(tmp_path, "show", make_filing_number(1))
        .partition("history\n")[2]
        .splitlines()
    )
    assert " ".join(history[0].split()) == f"≤ 2025-06 note {words}"


def test_release_of_an_earlier_version_is_shown(tmp_path):
    make_register(tmp_path, filings=[make_filing(1, "算法")], entities=[make_entity(1, "公司1")],
                filing_events=[make_event(1, "information_changed", "2024-08")],
                filing_versions=[make_version(1, 1), make_version(1, 2)])  # fmt: skip
    (release,) = (tmp_path / "published").glob("2*")
    later = {
        "filing_events": ("subject", "register", "document_key", "sources"),
        "filing_versions": ("register", "document_key"),
    }
    with duckdb.connect(str(release / "filings.duckdb")) as connection:
        for table, columns in later.items():
            for column in columns:
                connection.execute(f"alter table {table} drop column {column}")
    text = assert_succeeds(tmp_path, "show", make_filing_number(1))
    assert "information changed" in text and "versions in the archive" in text
    assert "information changed" in assert_succeeds(tmp_path, "show", make_entity_id(1))


REVIEWED = {
    "sector": "finance", "sector_source": "reviewed", "reader_count": 2,
    "read_on": date(2026, 11, 29), "sector_confidence": 0.999, "review_status": "reviewed",
    "sector_runner_up": "general",
}  # fmt: skip


def shown_sector(tmp_path: Path, **columns: object) -> list[str]:
    """The lines about the sector of a filing with these columns."""
    make_register(tmp_path, filings=[make_filing(1, "算法", **columns)])
    text = assert_succeeds(tmp_path, "show", make_filing_number(1))
    lines = [line.strip() for line in text.splitlines()]
    first = next(place for place, line in enumerate(lines) if line.startswith("sector"))
    return lines[first : lines.index("no term found")]


def test_reviewed_sector_is_shown_with_its_readers_and_the_sector_by_rules(tmp_path):
    assert shown_sector(tmp_path, **REVIEWED) == [
        "sector     finance, confidence 99 %",
        "reviewed by 2 readers on 2026-11-29",
        "by rules: general, 60 %",
    ]


def test_evidence_of_a_reviewed_sector_is_that_of_the_rules_also_if_they_agree(tmp_path):
    same = {"sector_by_rules": "finance", "reader_count": 1, "sector_runner_up": "education"}
    assert shown_sector(tmp_path, **REVIEWED | same) == [
        "sector     finance, confidence 99 %, or else education",
        "reviewed by 1 reader on 2026-11-29",
        "by rules: finance, 60 %",
    ]


def test_amended_filing_is_shown_as_due_for_another_reading(tmp_path):
    assert shown_sector(tmp_path, review_status="amended") == [
        "sector     general, by rules, confidence 60 %",
        "amended since it was reviewed: due for another reading",
    ]


def test_sector_of_a_release_without_reviews_has_no_source(tmp_path):
    make_register(tmp_path, filings=[make_filing(1, "算法", sector_runner_up="education")])
    (release,) = (tmp_path / "published").glob("2*")
    with duckdb.connect(str(release / "filings.duckdb")) as connection:
        for column in (*REVIEWED, "sector_by_rules", "confidence_by_rules"):
            if column not in ("sector", "sector_runner_up"):
                connection.execute(f"alter table filings drop column {column}")
    assert "general, ahead of education by 2" in assert_succeeds(
        tmp_path, "show", make_filing_number(1)
    )


@pytest.mark.parametrize(
    ("serial", "words"),
    [
        (2, "CANCELLED in 2025-07 by notice and note"),
        (3, "WITHDRAWN: no longer in the list"),
        (4, "IN QUARANTINE: the row is invalid"),
    ],
)
def test_filing_not_in_force_is_marked_below_its_name(register, serial, words):
    assert words in assert_succeeds(register, "show", make_filing_number(serial)).splitlines()[1]


def test_several_versions_are_listed(register):
    text = assert_succeeds(register, "show", "语音合成")
    assert "versions in the archive" in text and "amended in note until withdrawn" in text
    assert "note amended: (empty) → 信息变更" in text


def test_entity_is_shown_with_names_places_filings_and_unlisted_numbers(register):
    text = assert_succeeds(register, "show", make_entity_id(1))
    for words in (
        "FOR REVIEW",
        "北京旧名公司 (renamed, in 2024-08, batch 1, also used by 0000009, for review)",
        "广东省 佛山市 → 广东省 广州市 海珠区 (number of 2024, batch 2)",
        make_filing_number(1),
        "algorithm renamed: 云雀大模型 → 豆包大模型",
        "007  issued in 2025 or earlier, before a number in batch 1; cancelled by a notice",
    ):
        assert words in text
    assert "listed in batch" not in text and "008  issued" not in text


@pytest.mark.parametrize("source", ["note", "list"])
def test_equal_events_of_an_entitys_filings_are_merged(tmp_path, source):
    own = {"entity_id": make_entity_id(1)}
    event = {"source": source, "new_value": "新名"} | own
    make_register(
        tmp_path,
        entities=[make_entity(1, "公司1")],
        filings=[make_filing(1, "算法甲"), make_filing(2, "算法乙", **own)],
        filing_events=[
            make_event(serial, "entity_renamed", "2024-08", event_no, **event)
            for serial, event_no in ((1, 2), (1, 3), (2, 2))
        ],
    )
    assert "in 3 filings" in assert_succeeds(tmp_path, "show", make_entity_id(1))
    history = assert_succeeds(tmp_path, "show", make_filing_number(1)).partition("history\n")[2]
    assert history.count("entity renamed") == 2


def test_entity_has_counts_of_filings_and_batches(register):
    own = "Deep-synthesis algorithms: 2 filings, 1 cancelled; batches 1 to 4"
    assert own in assert_succeeds(register, "show", "公司2")
    text = assert_succeeds(register, "show", make_entity_id(1))
    assert re.search(
        r"^listed +Deep-synthesis algorithms: 1 filing; batch 1 *$", text, re.MULTILINE
    )


def test_cancelled_and_withdrawn_filings_of_an_entity_are_marked(register):
    assert "cancelled 2025-07" in assert_succeeds(register, "show", make_entity_id(2))
    assert "withdrawn" in assert_succeeds(register, "show", make_entity_id(3))


@pytest.mark.parametrize(("margin", "is_uncertain"), [(0.5, True), (1.0, False)])
def test_sector_with_a_margin_below_one_is_uncertain(tmp_path, margin, is_uncertain):
    filing = make_filing(1, "算法", sector_runner_up="education", sector_margin=margin)
    text = assert_succeeds(make_register(tmp_path, filings=[filing]), "show", "算法")
    assert (f"ahead of education by {margin:g}, uncertain" in text) == is_uncertain


def test_line_breaks_in_names_are_shown_as_spaces(tmp_path):
    make_register(tmp_path, filings=[make_filing(1, "算法\n甲", note="一\n二")])
    lines = assert_succeeds(tmp_path, "show", make_filing_number(1)).splitlines()
    assert lines[0] == "算法 甲" and any(line.endswith("一 二") for line in map(str.rstrip, lines))


def test_markup_and_control_characters_in_data_have_no_effect(register):
    text = assert_succeeds(register, "show", "<script>alert(1)</script>")
    assert text.startswith("<script>alert(1)</script>[red]�[31m:smile:\n") and "\x1b" not in text
    assert "multimodal, not generative" in text


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("text", [make_filing_number(1), make_entity_id(1), "番茄", "公司"])
def test_output_fits_the_terminal_except_the_url(register, text, width):
    lines = assert_succeeds(register, "show", text, COLUMNS=str(width)).splitlines()
    wide = [line for line in lines if cell_len(line) > width]
    assert all(line.startswith("source ") for line in wide)
    assert not any("…" in line for line in lines)


def test_source_is_aligned_with_the_other_facts(register):
    lines = assert_succeeds(register, "show", make_filing_number(1)).splitlines()
    (source,) = [line for line in lines if line.startswith("source ")]
    (number,) = [line for line in lines if line.startswith("number ")]
    assert source.index("https://") == number.index(make_filing_number(1))


def test_json_output_has_the_filing_entity_or_matches(register):
    shown = json.loads(assert_succeeds(register, "show", make_filing_number(1), "--json"))
    assert shown["filing"]["row"]["algorithm_name"] == "豆包大模型"
    assert len(shown["filing"]["events"]) == 3
    assert set(json.loads(assert_succeeds(register, "show", make_entity_id(1), "--json"))) == {
        "entity"
    }
    assert len(json.loads(assert_succeeds(register, "show", "番茄", "--json"))["matches"]) == 2


def test_show_without_a_release_is_reported(tmp_path):
    assert "there is no release yet" in assert_fails(run(tmp_path, "show", "x"))


@pytest.mark.parametrize(
    ("origin", "remark"),
    [
        ("source", "as published"),
        ("shipped", "reworded from its parts in the shipped copy; not as published"),
    ],
)
def test_purpose_is_followed_by_what_its_wording_is(tmp_path, origin, remark):
    filing = make_filing(1, "甲", purpose_origin=origin)
    make_register(tmp_path, filings=[filing], entities=[make_entity(1, "公司1")])
    lines = [
        " ".join(line.split())
        for line in assert_succeeds(tmp_path, "show", make_filing_number(1)).splitlines()
    ]
    assert lines[lines.index("purpose 应用于文本生成场景。") + 1] == remark


def test_release_without_the_origin_of_purposes_is_shown_without_a_remark(tmp_path):
    make_register(tmp_path, filings=[make_filing(1, "甲")], entities=[make_entity(1, "公司1")])
    database = tmp_path / "published" / "latest" / "filings.duckdb"
    with duckdb.connect(str(database)) as connection:
        for table in ("filings", "filing_versions"):
            connection.execute(f"alter table {table} drop column purpose_origin")
    text = assert_succeeds(tmp_path, "show", make_filing_number(1))
    assert "应用于文本生成场景。" in text and "as published" not in text


def test_cancellation_with_two_sources_is_one_line_of_the_history(tmp_path):
    both = make_event(1, "cancelled", "2025-07", source="note", sources=["note", "notice"])
    make_register(tmp_path, filings=[make_filing(1, "甲")], entities=[make_entity(1, "公司1")],
                filing_events=[both])  # fmt: skip
    for text in (make_filing_number(1), make_entity_id(1)):
        lines = [
            " ".join(line.split()) for line in assert_succeeds(tmp_path, "show", text).splitlines()
        ]
        (line,) = [line for line in lines if line.startswith("2025-07")]
        assert line.startswith("2025-07 note, notice") and line.endswith("cancelled")
