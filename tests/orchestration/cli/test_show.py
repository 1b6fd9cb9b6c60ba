"""`filings show`: one filing or entity by number, id or name."""

import json
from pathlib import Path

import duckdb
import pytest
from rich.cells import cell_len

from tests.orchestration.cli.commands import assert_fails, assert_succeeds, run
from tests.orchestration.cli.register_factories import (
    make_cancellation,
    make_entity,
    make_entity_id,
    make_entity_name,
    make_event,
    make_filing,
    make_issued_number,
    make_move,
    make_product,
    make_register,
    make_version,
)
from tests.orchestration.validation.list_factories import make_filing_number

HOSTILE = "<script>alert(1)</script>[red]\x1b[31m:smile:"


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four filings of four entities; tests only read them."""
    renamed = {
        "column_name": "algorithm_name",
        "old_value": "云雀大模型",
        "new_value": "豆包大模型",
    }
    return make_register(
        tmp_path_factory.mktemp("register"),
        filings=[
            make_filing(1, "豆包大模型", entity_name="北京新名公司", sector_runner_up="education"),
            make_filing(2, "豆包", is_cancelled=True, cancelled_month="2025-07",
                   cancellation_source="both"),
            make_filing(3, "语音合成", list_status="withdrawn_from_list", note="信息变更"),
            make_filing(4, HOSTILE, list_status="quarantined", is_generative=False,
                        is_multimodal=True),
        ],
        entities=[
            make_entity(1, "北京新名公司", is_for_review=True),
            *(make_entity(serial, f"公司{serial}") for serial in (2, 3, 4)),
        ],
        entity_names=[
            make_entity_name(1, "北京新名公司"),
            make_entity_name(1, "北京旧名公司", 2, renamed_in_month="2024-08", is_for_review=True,
                        other_entity_ids=["0000009"]),
            *(make_entity_name(serial, f"公司{serial}") for serial in (2, 3, 4)),
        ],
        products=[make_product(1, "番茄小说"), make_product(3, "番茄小说", "mini_program")],
        filing_events=[
            make_event(1, "products_added", None, 3),
            make_event(1, "algorithm_renamed", "2024-08", 2, **renamed),
            make_event(1, "listed", "2023-08", 1, source="list"),
            make_event(2, "cancelled", "2025-07", 2, source="notice"),
            make_event(3, "amended", "2025-06", 2, source="list", column_name="note",
                  new_value="信息变更"),
            make_event(3, "withdrawn_from_list", None, 3, source="list"),
        ],
        filing_versions=[
            make_version(1, 1),
            make_version(3, 1, ended_as="amended"),
            make_version(3, 2, started_as="amended", changed_columns=["note"]),
        ],
        entity_moves=[make_move(1)],
        issued_numbers=[make_issued_number(1, 7, is_cancelled_by_notice=True)],
        cancellations=[make_cancellation(8, algorithm_name="旧算法")],
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        make_filing_number(1),
        f"网信算备{make_filing_number(1)}号",
        f" {make_filing_number(1)[:6]} {make_filing_number(1)[6:]} ",
        "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in make_filing_number(1)),
        "豆包大模型",
        "云雀",
        "豆 包 大",
    ],
)
def test_filing_is_found_by_number_and_by_current_or_former_name(register, text):
    lines = assert_succeeds(register, "show", text).splitlines()
    assert lines[0] == "豆包大模型"
    assert lines[2].split() == ["number", make_filing_number(1)]


def test_filing_is_shown_with_its_facts(register):
    text = assert_succeeds(register, "show", make_filing_number(1))
    for words in (
        "北京新名公司 (0000001, 1 filing)",
        "北京市 海淀区",
        "1, list of 2025-05, announced 2025-05-19, row 1",
        "番茄小说 (app)",
        "应用于文本生成场景。",
        "general, ahead of education by 2",
        "text → text",
        "文本 text (purpose)",
        f"https://www.cac.gov.cn/{'f' * 90}.docx\n",
    ):
        assert words in text
    assert "CANCELLED" not in text and "versions" not in text


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


def test_release_without_the_column_subject_is_shown(tmp_path):
    make_register(tmp_path, filings=[make_filing(1, "算法")],
                filing_events=[make_event(1, "information_changed", "2024-08")])  # fmt: skip
    (release,) = (tmp_path / "published").glob("2*")
    with duckdb.connect(str(release / "filings.duckdb")) as connection:
        connection.execute("alter table filing_events drop column subject")
    assert "information changed" in assert_succeeds(tmp_path, "show", make_filing_number(1))


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
    assert "versions in the archive" in text and "amended in note" in text
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
    assert "listed in batch" not in text


@pytest.mark.parametrize("text", ["北京旧名公司", "北京新名公司", "旧名", "０００ ０００１"])
def test_entity_is_found_by_current_or_former_name_and_by_id(register, text):
    assert assert_succeeds(register, "show", text).startswith("北京新名公司\n")


def test_cancelled_and_withdrawn_filings_of_an_entity_are_marked(register):
    assert "cancelled 2025-07" in assert_succeeds(register, "show", make_entity_id(2))
    assert "withdrawn" in assert_succeeds(register, "show", make_entity_id(3))


def test_several_matches_are_listed_with_their_numbers(register):
    text = assert_succeeds(register, "show", "番茄")
    assert (
        f"product  {make_filing_number(1)}" in text and f"product  {make_filing_number(3)}" in text
    )
    assert "2 matches" in text


def test_exact_match_takes_precedence_over_partial_matches(register):
    text = assert_succeeds(register, "show", "豆包")
    assert (
        text.startswith("豆包\n") and "1 more contains 豆包; use --all to list every match" in text
    )
    assert "2 matches" in assert_succeeds(register, "show", "豆包", "--all")


def test_matches_beyond_twenty_are_shown_with_all(tmp_path):
    make_register(
        tmp_path, filings=[make_filing(serial, f"模型{serial}") for serial in range(1, 31)]
    )
    text = assert_succeeds(tmp_path, "show", "模型")
    assert "30 matches, showing the first 20; use --all to show all" in text
    assert make_filing_number(30) not in text and make_filing_number(30) in assert_succeeds(
        tmp_path, "show", "模型", "--all"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("豆包大摸型", "Similar names: 豆包大模型"),
        ("nothing like it", "product or entity contains nothing like it"),
        ("9999999", "no entity has the id 9999999"),
        (make_filing_number(1)[:-1], "a filing number 21"),
        (make_filing_number(1)[:-1] + "0", "its check digit is"),
        (make_filing_number(9), "Entity 0000009 has no filings either"),
        (f"{make_filing_number(1)[:17]}0137", "It belongs to 北京新名公司: `filings show 0000001`"),
        (make_filing_number(8), "a notice cancelled it (2025-07): 旧算法"),
        ("  ", "the search text is empty"),
        ("[red]x[/red]", "contains [red]x[/red]"),
        ("\x1b[33m", "contains �[33m"),
        ("' or 1=1 --", "contains ' or 1=1 --"),
        ("\udcff", "cannot encode"),
    ],
)
def test_search_without_a_match_explains_why(register, text, words):
    assert words in assert_fails(run(register, "show", text))


def test_markup_and_control_characters_in_data_have_no_effect(register):
    text = assert_succeeds(register, "show", "<script>alert(1)</script>")
    assert text.startswith("<script>alert(1)</script>[red]�[31m:smile:\n") and "\x1b" not in text
    assert "multimodal, not generative" in text


@pytest.mark.parametrize("text", [make_filing_number(1), make_entity_id(1), "番茄"])
def test_output_fits_eighty_columns_except_the_url(register, text):
    lines = assert_succeeds(register, "show", text, COLUMNS="80").splitlines()
    wide = [line for line in lines if cell_len(line) > 80]
    assert all(line.startswith("source ") for line in wide)


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
