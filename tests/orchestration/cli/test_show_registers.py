"""`filings show` over all registers: a number of any of them, and all that a company holds."""

import json
from datetime import date
from pathlib import Path

import pytest
from rich.cells import cell_len

from scrapers.fields.filing_number import check_digit
from tests.orchestration.cli.commands import assert_fails, assert_succeeds, run
from tests.orchestration.cli.register_factories import (
    make_entity,
    make_entity_id,
    make_entity_name,
    make_event,
    make_filing,
    make_group,
    make_recommendation_filing,
    make_register,
    make_registrant,
    make_registration,
    make_service,
    make_shared_name,
    make_version,
)
from tests.orchestration.validation.list_factories import make_filing_number

DEEP, RECOMMENDED, SERVICES = "deep_synthesis", "recommendation", "generative_services"
BOTH, PUSHED, OTHER = (make_filing_number(serial) for serial in (1, 2, 3))
FILED = "Beijing-WenXin-20230821"
REGISTERED = "Beijing-WenXinZhuShouYingYongChengXuDeMingChengHenChang-20250312S0031"
SHARED = "Beijing-GongXiang-202502010001"
SWAPPED = "Shanghai-Wu-202502010002"
UNMATCHED = "name:无代码研究院"


def of_number(number: str) -> dict[str, object]:
    return {"filing_number": number, "batch_no": None, "entity_id": None}


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Company 1 holds registrations of three registers, company 2 of one, two have no code."""
    second = {"registrant_id": make_entity_id(2), "entity_id": make_entity_id(2),
              "entity_name": "公司2"}  # fmt: skip
    service = {"service_type": "registered", "passed_on": date(2025, 3, 12)}
    none = {"entity_id": None}
    return make_register(
        tmp_path_factory.mktemp("registers"),
        filings=[make_filing(1, "对话算法")],
        entities=[make_entity(1, "公司1")],
        entity_names=[make_entity_name(1, "公司1")],
        registrations=[
            make_registration(DEEP, BOTH, "对话算法", other_registers=[RECOMMENDED]),
            make_registration(RECOMMENDED, PUSHED, "推送算法", status="cancelled"),
            make_registration(SERVICES, FILED, "文心", service_type="filed",
                              passed_on=date(2023, 8, 31)),
            make_registration(SERVICES, REGISTERED, "文心助手", **service),
            make_registration(RECOMMENDED, OTHER, "检索算法", **second),
            make_registration(SERVICES, SHARED, "共享服务", registrant_id="name:共享公司",
                              **none, **service | {"entity_name": "共享公司"}),
            make_registration(SERVICES, SWAPPED, "无服务",
                              registrant_id=UNMATCHED, **none,
                              **service | {"entity_name": "无代码研究院"}),
        ],
        registrants=[
            make_registrant(make_entity_id(1), "公司1", other_names=["一号公司"], registers=3,
                            registrations=4),
            make_registrant(make_entity_id(2), "公司2", other_names=["旧公司2"],
                            first_month="2023-01"),
            make_registrant("name:共享公司", "共享公司"),
            make_registrant(UNMATCHED, "无代码研究院"),
        ],
        generative_services=[
            make_service(FILED, "name", make_entity_id(1)),
            make_service(REGISTERED, "former_name", make_entity_id(1), is_late_entry=True),
            make_service(SHARED, "none", "0000007", "0000008"),
            make_service(SWAPPED, "none", is_swapped=True,
                         printed_service_name="无代码研究院", printed_entity_name="无服务"),
        ],
        recommendation_filings=[make_recommendation_filing(PUSHED)],
        names_for_review=[make_shared_name("共享公司", 1, "0000007", "0000008"),
                          make_shared_name("另一名称", 0, "0000002", "0000009")],
        filing_events=[
            make_event(1, "listed", "2025-05", 1, source="list"),
            make_event(1, "listed", "2022-10", 1, source="list", register=RECOMMENDED,
                       document_key="2022-10", batch_no=None),
            make_event(2, "listed", "2024-04", 1, source="list", register=RECOMMENDED,
                       document_key="2024-04", batch_no=None),
            make_event(2, "cancelled", "2025-07", 2, source="notice", register=RECOMMENDED,
                       document_key="2024-04", batch_no=None, entity_id=make_entity_id(1)),
            make_event(2, "algorithm_renamed", "2024-08", 3, register=RECOMMENDED,
                       column_name="algorithm_name", old_value="旧推送算法",
                       new_value="推送算法", batch_no=None),
            make_event(9, "listed", "2024-04", 1, source="list", register=SERVICES,
                       document_key="2024-04") | of_number(FILED),
            make_event(9, "withdrawn_from_list", "2024-09", 2, source="list", register=SERVICES,
                       document_key="2024-04") | of_number(FILED),
        ],
        filing_versions=[
            make_version(1, 1, algorithm_name="对话算法"),
            make_version(1, 1, register=RECOMMENDED, document_key="2022-10",
                         algorithm_name="对话推荐算法", category="生成合成类",
                         products="番茄小说（APP）"),
            make_version(2, 1, register=RECOMMENDED, document_key="2024-04",
                         algorithm_name="旧推送算法", purpose="应用于推送场景。",
                         products="已停用（网站）"),
            make_version(2, 2, register=RECOMMENDED, document_key="2024-04",
                         algorithm_name="推送算法", purpose="应用于新闻推送场景。",
                         purpose_origin="shipped",
                         products="番茄新闻（APP）、番茄（资讯）(小程序)",
                         started_as="amended", changed_columns=["algorithm_name"]),
            make_version(3, 1, register=RECOMMENDED, document_key="2024-04",
                         algorithm_name="检索算法", products="已取消（APP）"),
            make_version(3, 2, register=RECOMMENDED, document_key="2024-04",
                         algorithm_name="检索算法", started_as="amended"),
            *(
                make_version(9, 1, filing_number=number, register=SERVICES,
                             document_key="2024-04", service_name="文心", region_name="北京市")
                for number in (FILED, REGISTERED, SHARED, SWAPPED)
            ),
        ],
    )  # fmt: skip


def shown(registers: Path, text: str, **environment: str) -> str:
    return assert_succeeds(registers, "show", text, **environment)


def words_of(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_recommendation_filing_is_shown_with_what_its_list_prints_and_its_history(registers):
    lines = words_of(shown(registers, PUSHED))
    assert lines[:2] == ["推送算法", "CANCELLED in 2025-07 by notice"]
    assert {"register Recommendation algorithms", "list recommendation list 2024-04",
            "purpose 应用于新闻推送场景。",
            "reworded from its parts in the shipped copy; not as published", "sector general",
            "place 北京市 海淀区",
            "2024-04 list listed in recommendation list 2024-04",
            "2025-07 notice cancelled"} <= set(lines)  # fmt: skip
    assert lines[-1] == "2 2025-06-02 03:04 to now amended in algorithm_name"


@pytest.mark.parametrize("text", [FILED, FILED.lower(), f" {FILED} ", "文 心"])
def test_service_is_found_by_its_number_in_any_case_and_by_its_name(registers, text):
    lines = words_of(shown(registers, text))
    assert lines[0] == "文心"
    assert {"type filed", "passed 2023-08-31", "entity 公司1 (0000001)", "matched by name",
            "sector general, estimated from names only",
            "2024-09 list withdrawn from services list 2024-04"} <= set(lines)  # fmt: skip
    # It equals the place.
    assert "region 北京市" not in lines


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (REGISTERED, "matched by a former name"),
        (SHARED, "several codes have this name: 0000007, 0000008"),
    ],
)
def test_service_states_how_its_company_was_found(registers, number, words):
    assert words in words_of(shown(registers, number))


def test_service_entered_later_is_marked(registers):
    assert "passed 2025-03-12 (补登: entered in the list later)" in words_of(
        shown(registers, REGISTERED)
    )


@pytest.mark.parametrize("text", ["Beijing-WenXin", "wenxin-2023", "Shanghai-Wu"])
def test_part_of_a_service_number_finds_the_services(registers, text):
    found = shown(registers, text)
    assert (FILED in found) == ("wen" in text.lower())
    assert (SWAPPED in found) == text.startswith("Shanghai")


@pytest.mark.parametrize("name", ["Tencent", "tencent", "腾讯"])
def test_group_finds_its_companies_by_its_chinese_and_english_name(tmp_path, name):
    companies = {f"id_{make_entity_id(n)}": f"公司{n}" for n in (1, 2)}
    make_register(
        tmp_path,
        filings=[make_filing(1, "腾讯算法")],
        entities=[make_entity(n, f"公司{n}") for n in (1, 2)],
        registrations=[make_registration(DEEP, BOTH, "腾讯算法")],
        entity_groups=[make_group("腾讯", "Tencent", **companies)],
    )
    lines = words_of(shown(tmp_path, name))
    shown_as = "腾讯" if name == "腾讯" else "Tencent"
    assert lines[1:3] == [f"entity {make_entity_id(n)} {shown_as} 公司{n}" for n in (1, 2)]
    assert "group 腾讯 Tencent" in words_of(shown(tmp_path, make_entity_id(2)))


def test_company_without_deep_synthesis_filings_is_shown_with_its_group(tmp_path):
    make_register(
        tmp_path,
        registrants=[make_registrant(make_entity_id(n), f"公司{n}") for n in (1, 2)],
        registrations=[make_registration(RECOMMENDED, PUSHED, "推送算法")],
        entity_groups=[make_group("腾讯", "Tencent", **{f"id_{make_entity_id(1)}": "公司1"})],
    )
    assert "group 腾讯 Tencent" in words_of(shown(tmp_path, make_entity_id(1)))
    assert "group" not in shown(tmp_path, make_entity_id(2))


def test_number_that_two_registers_list_shows_both_with_their_own_history(registers):
    own, _, other = shown(registers, BOTH).partition("also listed in Recommendation algorithms")
    assert "listed in batch 1" in own and "2022-10" not in own
    assert set(words_of(other)) >= {
        "name 对话推荐算法", "category 生成合成类", "list recommendation list 2022-10",
        "2022-10 list listed in recommendation list 2022-10",
    }  # fmt: skip
    assert "versions in the archive" not in own + other


def test_company_is_shown_with_what_it_holds_in_all_registers(registers):
    text = shown(registers, make_entity_id(1))
    titles = (
        "Deep-synthesis algorithms",
        "Recommendation algorithms",
        "Generative AI services",
        "history",
    )
    places = [text.index(f"\n{title}\n") for title in titles]
    assert places == sorted(places)
    lines = words_of(text)
    assert {f"2024-04 {PUSHED} 推送算法 cancelled",
            f"{BOTH} is also listed in Recommendation algorithms",
            f"2024-04 2023-08-31 {FILED} filed 文心 by name",
            f"2024-04 2025-03-12 补登 {REGISTERED} registered 文心助手 by former name",
            f"2025-07 notice {PUSHED} cancelled",
            f"2024-09 list {FILED} withdrawn from services list 2024-04",
            "listed Deep-synthesis algorithms: 1 filing; batch 1",
            "Recommendation algorithms: 1 filing, 1 cancelled; 2024-04",
            "Generative AI services: 2 services; 2024-04",
            } <= set(lines)  # fmt: skip
    assert text.count(BOTH) == 2


def test_company_without_deep_synthesis_filings_is_found_by_its_id(registers):
    lines = words_of(shown(registers, make_entity_id(2)))
    assert lines[0] == "公司2"
    assert {"also 旧公司2", "listed Recommendation algorithms: 1 filing; 2024-04",
            f"2024-04 {OTHER} 检索算法"} <= set(lines)  # fmt: skip
    assert lines[1] == "FOR REVIEW: 另一名称 is the name of several codes: 0000002, 0000009"


@pytest.mark.parametrize("text", [UNMATCHED, "无代码研究院", " name:无代码 研究院"])
def test_company_without_a_code_is_found_by_its_id_and_name(registers, text):
    lines = words_of(shown(registers, text))
    assert lines[0] == "无代码研究院" and "no entity code is known for this name" in lines


def test_company_whose_name_several_codes_have_is_marked_for_review(registers):
    lines = words_of(shown(registers, "共享公司"))
    assert lines[1] == (
        "FOR REVIEW: 共享公司 is the name of several codes: 0000007, 0000008; "
        "1 service with this name cannot be matched to a code"
    )
    assert "several entity codes have this name" in lines
    assert "for review" not in shown(registers, UNMATCHED).lower()


@pytest.mark.parametrize(
    ("text", "first"),
    [("推送算法", "推送算法"), ("旧推送", "推送算法"), ("一号公司", "公司1"), ("旧公司2", "公司2")],
)
def test_search_finds_names_of_all_registers(registers, text, first):
    assert shown(registers, text).splitlines()[0] == first


@pytest.mark.parametrize("text", ["番茄新闻", "番茄(资讯)", "新闻"])
def test_search_finds_products_of_other_registers(registers, text):
    assert shown(registers, text).splitlines()[0] == "推送算法"


def test_products_of_other_registers_are_listed_with_their_list(registers):
    lines = words_of(shown(registers, "番茄", COLUMNS="200"))
    assert f"product {PUSHED} 番茄新闻 公司2 2025-05" in lines
    assert f"product {BOTH} 番茄小说 公司1 2025-05" in lines


@pytest.mark.parametrize("text", ["已停用", "已取消"])
def test_products_of_earlier_versions_are_not_found(registers, text):
    assert f"contains {text}" in assert_fails(run(registers, "show", text))


def test_similar_products_of_other_registers_are_suggested(registers):
    message = assert_fails(run(registers, "show", "番茄新文"))
    assert "Similar names: 番茄新闻" in message


def test_matches_name_their_kind_and_list(registers):
    lines = words_of(shown(registers, "文心", COLUMNS="200")) + words_of(
        assert_succeeds(registers, "show", "文心", "--all")
    )
    assert f"service {FILED} 文心 公司1 2024-04" in lines
    assert f"service {REGISTERED} 文心助手 公司1 2024-04" in lines


def test_unknown_number_names_the_company_of_another_register(registers):
    first_twenty = f"{make_filing_number(2)[:17]}013"
    number = f"{first_twenty}{check_digit(first_twenty)}"
    message = assert_fails(run(registers, "show", number))
    assert "It belongs to 公司2: `filings show 0000002`" in message


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("text", [make_entity_id(1), REGISTERED, BOTH, UNMATCHED])
def test_output_fits_the_terminal_except_addresses_and_long_numbers(registers, text, width):
    lines = shown(registers, text, COLUMNS=str(width)).splitlines()
    wide = [line for line in lines if cell_len(line) > width]
    # A number is never broken, so that it can be copied.
    assert [
        line for line in wide if not line.startswith("source ") and REGISTERED not in line
    ] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [(BOTH, "filing"), (PUSHED, "registration"), (make_entity_id(1), "entity"),
     (UNMATCHED, "registrant")],
)  # fmt: skip
def test_json_has_one_object_named_by_its_kind(registers, text, kind):
    content = json.loads(assert_succeeds(registers, "show", text, "--json"))
    assert list(content) == [kind]


def test_names_that_the_list_swaps_are_shown_as_printed(registers):
    lines = words_of(shown(registers, SWAPPED))
    place = lines.index("printed service and company in each other's column")
    assert lines[place + 1 : place + 3] == [
        "service column: 无代码研究院", "company column: 无服务",
    ]  # fmt: skip
    assert "each other" not in shown(registers, FILED) + shown(registers, PUSHED)


def test_json_has_the_names_that_the_list_swaps(registers):
    content = json.loads(assert_succeeds(registers, "show", SWAPPED, "--json"))
    row = content["registration"]["row"]
    assert row["is_swapped"] is True
    assert (row["name"], row["printed_service_name"]) == ("无服务", "无代码研究院")
    assert (row["entity_name"], row["printed_entity_name"]) == ("无代码研究院", "无服务")


def test_json_of_a_company_has_its_registrations(registers):
    content = json.loads(assert_succeeds(registers, "show", make_entity_id(1), "--json"))["entity"]
    assert {row["number"]: row["entity_match"] for row in content["registrations"]} == {
        PUSHED: None, FILED: "name", REGISTERED: "former_name",
    }  # fmt: skip
