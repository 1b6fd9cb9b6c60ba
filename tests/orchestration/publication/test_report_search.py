"""The whole register inside the report page: what it holds, and that it is the same every time."""

import csv
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from bs4 import BeautifulSoup
from pypinyin import Style, pinyin

from orchestration.publication.context import ReleaseContext
from orchestration.publication.latest import REPORT
from orchestration.publication.report.page import write_report
from orchestration.publication.report.page_data import names_of_codes
from orchestration.publication.report.search.latin_names import LATIN_NAMES
from orchestration.publication.report.search.packed import pack, unpack
from orchestration.publication.report.search.readings import OTHER_READINGS, readings
from orchestration.publication.report.search.register import register_data
from orchestration.settings import PROJECT_ROOT
from orchestration.warehouse import manifest as dbt
from orchestration.warehouse.marts import DATABASE
from scrapers.registers.columns import CATEGORIES
from tests.orchestration.publication.report_factories import HARMFUL, make_report_context
from tests.orchestration.publication.report_register_factories import REGISTRATIONS

CANCELLED = "000000000000000000003"


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ReleaseContext:
    return make_report_context(tmp_path_factory.mktemp("search"))


@pytest.fixture(scope="module")
def data(context: ReleaseContext) -> dict[str, Any]:
    with context.connect() as connection:
        return register_data(connection)


def data_after(folder: Path, *statements: str) -> dict[str, Any]:
    """The data of a release that these statements changed."""
    made = make_report_context(folder)
    with duckdb.connect(str(made.folder / DATABASE)) as connection:
        for statement in statements:
            connection.execute(statement)
        return register_data(connection)


def found(data: dict[str, Any], number: str) -> dict[str, Any]:
    """The registration with a number, with its company, events and source."""
    columns = data["registrations"]
    at = columns["number"].index(number)
    row = {name: values[at] for name, values in columns.items()}
    events = data["events"]
    return row | {
        "company": data["companies"]["registrant_id"][row["company"]],
        "source": data["sources"][row["source"]],
        "events": [
            {name: values[n] for name, values in events.items()}
            for n, position in enumerate(events["registration"])
            if position == at
        ],
    }


def test_data_has_every_registration_of_every_register(data):
    columns = data["registrations"]
    assert sorted(zip(columns["register"], columns["number"], strict=True)) == sorted(
        (row["register"], row["number"]) for row in REGISTRATIONS
    )
    assert {len(values) for values in columns.values()} == {len(REGISTRATIONS)}


def test_filing_has_its_facts_list_company_and_events(data):
    row = found(data, "000000000000000000001")
    assert (row["name"], row["kind"], row["batch_no"]) == ("豆包大模型算法", "provider", 1)
    assert (row["city_name"], row["purpose"]) == ("北京市", "应用于文本生成场景。")
    assert row["company"] == "0000001"
    assert row["source"] == ("https://www.cac.gov.cn/1.htm", "https://www.cac.gov.cn/list.docx")
    (event,) = row["events"]
    assert (event["event"], event["event_month"], event["old_value"]) == (
        "algorithm_renamed", "2024-08", "云雀大模型算法",
    )  # fmt: skip


def test_other_registers_have_their_category_type_and_date(data):
    assert found(data, "recommendation-1")["kind"] == "排序精选类"
    service = found(data, "generative_services-3")
    assert (service["kind"], service["company"]) == ("filed", "name:甲")
    assert service["passed_on"].isoformat() == "2023-08-31"
    # The lists of filings do not state when a filing passed.
    assert found(data, "000000000000000000001")["passed_on"] is None


def test_cancellation_after_a_revoked_one_is_an_event_of_its_own(tmp_path):
    add = (
        "insert into filing_events by name select * replace ('{event}' as event, {number} as "
        f"event_no, {{month}} as event_month, '{CANCELLED}' as filing_number, "
        "null as old_value, null as new_value) "
        "from filing_events where event = 'algorithm_renamed'"
    )
    data = data_after(
        tmp_path,
        add.format(event="cancelled", number=2, month="'2024-01'"),
        add.format(event="cancellation_revoked", number=3, month="null"),
        add.format(event="cancelled", number=4, month="'2024-03'"),
    )
    events = found(data, CANCELLED)["events"]
    assert [(event["event"], event["event_month"]) for event in events] == [
        ("cancellation_revoked", None),
        ("cancelled", "2024-01"),
        ("cancelled", "2024-03"),
    ]


def test_events_of_rows_that_count_in_another_register_are_left_out(tmp_path):
    data = data_after(tmp_path, "update filing_events set filing_number = 'elsewhere'")
    assert data["events"]["registration"] == []


def test_names_of_a_company_differ_in_more_than_width(tmp_path):
    data = data_after(
        tmp_path,
        "update registrants set entity_name = '旧名（北京）公司' where registrant_id = '0000001'",
    )
    at = data["companies"]["registrant_id"].index("0000001")
    assert data["companies"]["entity_name"][at] == "旧名（北京）公司"
    # From the former names of entities, the renamed names, and the lists.
    assert data["companies"]["names"][at] == ["旧名", "旧名公司", "公司0000001"]


def test_company_has_its_group(data, tmp_path):
    assert set(data["companies"]["group"]) == {None}
    grouped = data_after(
        tmp_path,
        "update registrants set group_name = '腾讯', group_name_en = 'Tencent' "
        "where registrant_id = '0000005'",
    )["companies"]
    found = dict(zip(grouped["registrant_id"], grouped["group"], strict=True))
    assert found.pop("0000005") == ("腾讯", "Tencent") and set(found.values()) == {None}


def test_spelling_of_a_list_is_kept_where_it_differs_from_the_name(data):
    assert found(data, "000000000000000000001")["entity_name"] == "公司0000001"
    assert found(data, CANCELLED)["entity_name"] is None


def test_places_have_their_english_names(data):
    assert data["places"]["江苏省"] == "Jiangsu" and data["places"]["北京市"] == "Beijing"


def test_company_without_a_place_has_none(tmp_path):
    unknown = "province_code = null, province_name = null, province_name_en = null"
    data = data_after(
        tmp_path,
        f"update registrations set {unknown}",
        "update filings set city_name = null",
        "update entities set city_name = null",
    )
    assert found(data, CANCELLED)["province_name"] is None
    assert set(data["companies"]["province_name"]) == {None}
    assert set(data["companies"]["city_name"]) == {None}


def test_data_of_no_registrations_is_empty(tmp_path):
    data = data_after(tmp_path, "delete from registrations")
    assert data["registrations"] == {"company": [], "entity_name": [], "source": []}
    assert data["events"]["registration"] == []


def test_character_is_under_its_usual_reading_and_the_one_of_names():
    found = readings(["重庆A1长", "长", "有"])
    assert found["chong"] == found["zhong"] == "重"
    assert found["chang"] == found["zhang"] == "长" and found["qing"] == "庆"
    # Rare readings would match too much.
    assert found["you"] == "有" and "wei" not in found
    assert readings(["Qwen 3", "（）"]) == {}


@pytest.mark.parametrize("character", OTHER_READINGS)
def test_other_reading_of_a_character_is_one_that_it_has(character):
    known = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
    assert OTHER_READINGS[character] in known


def test_syllable_has_its_characters_once_and_in_order():
    assert readings(["讯寻", "寻训"])["xun"] == "寻训讯"


def test_latin_names_of_groups_agree_with_the_reviewed_groups():
    with (PROJECT_ROOT / "dbt_project/seeds/reviewed_entity_groups.csv").open() as file:
        groups = {row["group_name_en"]: row["group_name"] for row in csv.DictReader(file)}
    shared = LATIN_NAMES.keys() & groups.keys()
    assert {"Alibaba", "Tencent", "iFlytek"} <= shared
    assert [name for name in shared if LATIN_NAMES[name] not in groups[name]] == []


def test_latin_names_are_single_words_of_more_than_two_letters():
    keys = [name.lower() for name in LATIN_NAMES]
    assert len(set(keys)) == len(keys) and LATIN_NAMES["Tencent"] == "腾讯"
    assert [
        name for name in LATIN_NAMES if not name.isascii() or " " in name or len(name) < 3
    ] == []


def test_every_category_of_the_recommendation_register_has_english_words():
    words = names_of_codes({"modalities": [], "sectors": [], "regions": []})["kind"]
    assert set(CATEGORIES) <= set(words)
    assert all(text.en.isascii() for text in words.values())


def test_every_status_of_a_registration_has_words():
    (registrations,) = (mart for mart in dbt.marts() if mart.name == "registrations")
    statuses = re.findall(r"`(\w+)`", registrations.columns["status"])
    words = names_of_codes({"modalities": [], "sectors": [], "regions": []})["status"]
    assert len(statuses) == 4 and set(statuses) == set(words)


def test_every_column_that_a_list_can_amend_has_a_heading():
    macro = PROJECT_ROOT / "dbt_project" / "macros" / "printed_columns.sql"
    columns = re.findall(r'"(\w+)"', macro.read_text(encoding="utf-8"))
    headings = names_of_codes({"modalities": [], "sectors": [], "regions": []})["columns"]
    assert len(columns) > 10 and set(columns) <= set(headings)


def test_packed_data_is_the_same_every_time_and_unpacks_to_its_value():
    value = {"texts": ["豆包", "</script>", None], "numbers": [1, 2.5]}
    assert pack(value) == pack(value) and unpack(pack(value)) == value
    assert "<" not in pack(value)


def test_packing_an_unknown_type_is_an_error():
    with pytest.raises(TypeError, match="cannot hold"):
        pack(datetime)


def test_page_holds_the_register_once_and_is_the_same_again(context):
    write_report(context)
    path = context.folder / REPORT
    page = path.read_bytes()
    write_report(context)
    assert path.read_bytes() == page
    document = BeautifulSoup(page, "lxml")
    packed = unpack(document.find(id="packed-register").string)
    assert HARMFUL in packed["registrations"]["name"]
    assert "all_filings" not in document.find(id="data-rows").string
