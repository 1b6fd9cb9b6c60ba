"""`filings show`: one filing or entity by number, id or name; data is shown, and never acts."""

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
    """Five filings of four entities, which tests only read."""
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
def test_a_filing_is_found_by_its_number_and_by_names_now_and_before(register, text):
    lines = assert_succeeds(register, "show", text).splitlines()
    assert lines[0] == "豆包大模型"
    assert lines[2].split() == ["number", make_filing_number(1)]


def test_a_filing_is_shown_with_all_that_is_known(register):
    text = assert_succeeds(register, "show", make_filing_number(1))
    for words in (
        "北京新名公司 (0000001, 1 filing)",
        "北京市 海淀区",
        "1, list of 2025-05, announced 2025-05-19, row 1",
        "番茄小说 (app)",
        "应用于文本生成场景。",
        "general, before education by 2",
        "text → text",
        "文本 text (purpose)",
        f"https://www.cac.gov.cn/{'f' * 90}.docx\n",
    ):
        assert words in text
    assert "CANCELLED" not in text and "versions" not in text


def test_the_history_is_told_oldest_first(register):
    history = (
        assert_succeeds(register, "show", make_filing_number(1))
        .partition("history\n")[2]
        .splitlines()
    )
    assert [" ".join(line.split()) for line in history] == [
        "2023-08 list listed in batch 1",
        "2024-08 note algorithm renamed: 云雀大模型 → 豆包大模型",
        "≤ 2025-06 note products added",
        "≤ no month is given; the archive saw it in this one",
    ]


@pytest.mark.parametrize(
    ("told", "words"),
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
         "algorithm renamed: 甲 → (not told)"),
        (make_event(1, "entity_renamed", None, new_value="乙"), "entity renamed: (not told) → 乙"),
        (make_event(1, "unrecognised", None, new_value="转让"),
         "a remark that is not understood: 转让"),
    ],
)  # fmt: skip
def test_an_event_says_what_was_changed(tmp_path, told, words):
    make_register(tmp_path, filings=[make_filing(1, "算法")], filing_events=[told])
    history = (
        assert_succeeds(tmp_path, "show", make_filing_number(1))
        .partition("history\n")[2]
        .splitlines()
    )
    assert " ".join(history[0].split()) == f"≤ 2025-06 note {words}"


def test_a_release_without_subjects_is_shown_too(tmp_path):
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
        (3, "WITHDRAWN: the list shows it no more"),
        (4, "IN QUARANTINE: the list's row is broken"),
    ],
)
def test_what_is_not_in_force_is_said_loudly(register, serial, words):
    assert words in assert_succeeds(register, "show", make_filing_number(serial)).splitlines()[1]


def test_several_versions_are_listed(register):
    text = assert_succeeds(register, "show", "语音合成")
    assert "versions in the archive" in text and "amended in note" in text
    assert "note amended: (empty) → 信息变更" in text


def test_an_entity_is_shown_with_its_names_places_filings_and_leads(register):
    text = assert_succeeds(register, "show", make_entity_id(1))
    for words in (
        "FOR REVIEW",
        "北京旧名公司 (renamed, in 2024-08, batch 1, also of 0000009, for review)",
        "广东省 佛山市 → 广东省 广州市 海珠区 (number of 2024, batch 2)",
        make_filing_number(1),
        "algorithm renamed: 云雀大模型 → 豆包大模型",
        "007  of 2025 at the latest, before a number in batch 1; a notice cancelled it",
    ):
        assert words in text
    assert "listed in batch" not in text


@pytest.mark.parametrize("text", ["北京旧名公司", "北京新名公司", "旧名", "０００ ０００１"])
def test_an_entity_is_found_by_its_names_and_its_id(register, text):
    assert assert_succeeds(register, "show", text).startswith("北京新名公司\n")


def test_its_cancelled_filings_are_marked(register):
    assert "cancelled 2025-07" in assert_succeeds(register, "show", make_entity_id(2))
    assert "withdrawn" in assert_succeeds(register, "show", make_entity_id(3))


def test_several_matches_are_listed_with_what_tells_them_apart(register):
    text = assert_succeeds(register, "show", "番茄")
    assert (
        f"product  {make_filing_number(1)}" in text and f"product  {make_filing_number(3)}" in text
    )
    assert "2 matches" in text


def test_an_exact_name_goes_before_names_that_hold_it(register):
    text = assert_succeeds(register, "show", "豆包")
    assert text.startswith("豆包\n") and "1 more holds 豆包 in part: --all lists them" in text
    assert "2 matches" in assert_succeeds(register, "show", "豆包", "--all")


def test_a_long_list_is_cut_until_all_is_asked_for(tmp_path):
    make_register(
        tmp_path, filings=[make_filing(serial, f"模型{serial}") for serial in range(1, 31)]
    )
    text = assert_succeeds(tmp_path, "show", "模型")
    assert "30 matches, the first 20 of them; --all shows the rest" in text
    assert make_filing_number(30) not in text and make_filing_number(30) in assert_succeeds(
        tmp_path, "show", "模型", "--all"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("豆包大摸型", "Nearest: 豆包大模型"),
        ("nothing like it", "is called nothing like it, in part or whole"),
        ("9999999", "no entity has the id 9999999"),
        (make_filing_number(1)[:-1], "a filing number 21"),
        (make_filing_number(1)[:-1] + "0", "its check digit is"),
        (make_filing_number(9), "Nor has the entity 0000009 filed anything"),
        (f"{make_filing_number(1)[:17]}0137", "Its entity is 北京新名公司: `filings show 0000001`"),
        (make_filing_number(8), "a notice cancelled it (2025-07): 旧算法"),
        ("  ", "there is nothing to look for"),
        ("[red]x[/red]", "is called [red]x[/red]"),
        ("\x1b[33m", "is called �[33m"),
        ("' or 1=1 --", "is called ' or 1=1 --"),
        ("\udcff", "cannot encode"),
    ],
)
def test_what_is_not_found_is_a_message_with_what_is_nearest(register, text, words):
    assert words in assert_fails(run(register, "show", text))


def test_hostile_data_is_shown_and_does_nothing(register):
    text = assert_succeeds(register, "show", "<script>alert(1)</script>")
    assert text.startswith("<script>alert(1)</script>[red]�[31m:smile:\n") and "\x1b" not in text
    assert "multimodal, not generative" in text


@pytest.mark.parametrize("text", [make_filing_number(1), make_entity_id(1), "番茄"])
def test_it_fits_eighty_columns_but_for_the_address(register, text):
    lines = assert_succeeds(register, "show", text, COLUMNS="80").splitlines()
    wide = [line for line in lines if cell_len(line) > 80]
    assert all(line.startswith("source ") for line in wide)


def test_json_says_the_same(register):
    said = json.loads(assert_succeeds(register, "show", make_filing_number(1), "--json"))
    assert said["filing"]["row"]["algorithm_name"] == "豆包大模型"
    assert len(said["filing"]["events"]) == 3
    assert set(json.loads(assert_succeeds(register, "show", make_entity_id(1), "--json"))) == {
        "entity"
    }
    assert len(json.loads(assert_succeeds(register, "show", "番茄", "--json"))["matches"]) == 2


def test_there_must_be_a_release(tmp_path):
    assert "there is no release yet" in assert_fails(run(tmp_path, "show", "x"))
