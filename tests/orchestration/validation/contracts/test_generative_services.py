"""The contract of the lists of generative services: failed checks, dates, types and names."""

from datetime import date

import pytest

from orchestration.validation.contracts.frames import NO_EXCEPTIONS, ContractResult, Exceptions
from orchestration.validation.contracts.generative_services import CONTRACT, numbered_rows
from scrapers.archive.facts import Facts
from scrapers.documents import Row
from scrapers.registers.generative_services import EDGE, FILED, REGISTERED
from tests.orchestration.validation.list_factories import make_list_table
from tests.support.tables import make_row
from tests.support.versions import make_version

LAYOUTS = {layout.name: layout for layout in (FILED, REGISTERED, EDGE)}
MONTH = "2025-10"


def number(serial: int, mark: str = "") -> str:
    return f"Beijing-TianQi-20250901{mark}{serial:04d}"


def a_row(serial: int, table: str = "filed", **changes: str) -> Row:
    cells = {
        "position": str(serial),
        "region_name": "北京市",
        "service_name": f"天气大模型{serial}",
        "entity_name": f"甲{serial}科技有限公司",
        "service_number": number(serial, "S" if table == "registered" else ""),
        "passed_on": "2025/9/30",
    }
    return make_row(LAYOUTS[table], 0, **(cells | changes))


def contracted(
    *rows: Row, month: str = MONTH, exceptions: Exceptions = NO_EXCEPTIONS
) -> ContractResult:
    version = make_version(month, Facts(key=month, month=month))
    return CONTRACT.apply(make_list_table(rows), version, month, exceptions)


def failures(result: ContractResult) -> list[tuple[int, str, str]]:
    return result.quarantine.select("row_no", "column_name", "check_name").rows()


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [
        ("service_name", "", "required"),
        ("entity_name", " \u3000", "required"),
        ("region_name", "", "known_region"),
        ("region_name", "广洲市", "known_region"),
        ("position", "1.", "position_number"),
        ("passed_on", "", "date"),
        ("passed_on", "2025/2/30", "date"),
        ("passed_on", "2025/9", "date"),
        ("passed_on", "2025/9/30（更正）", "date"),
        ("passed_on", "2023/7/31", "date_in_time"),
        ("passed_on", "2025/12/1", "date_in_time"),
        ("service_number", "Jiangsu-SiWei-", "number_grammar"),
        ("service_number", "京-天气-20250901", "number_grammar"),
        ("service_number", number(2, "S"), "type_of_number"),
        ("service_number", number(1), "unique_in_list"),
        ("service_name", "\ufffd", "legible"),
    ],
)
def test_bad_value_is_quarantined_under_its_check(column, value, check):
    result = contracted(a_row(1), a_row(2, **{column: value}), a_row(3))
    assert failures(result) == [(2, column, check)]
    assert result.accepted["row_no"].to_list() == [1, 3]
    assert check in CONTRACT.checks


@pytest.mark.parametrize(
    ("printed", "day", "is_late"),
    [
        ("2025/6/30（补登）", date(2025, 6, 30), True),
        ("2025/6/30(补登)", date(2025, 6, 30), True),
        ("2025/06/30 （ 补登 ）", date(2025, 6, 30), True),
        ("2025-6-30", date(2025, 6, 30), False),
        ("2025年6月30日", date(2025, 6, 30), False),
        ("２０２５／６／３０", date(2025, 6, 30), False),
        ("2025/11/30", date(2025, 11, 30), False),
    ],
)
def test_dates_are_read_as_printed(printed, day, is_late):
    (row,) = contracted(a_row(1, passed_on=printed)).accepted.to_dicts()
    assert (row["passed_on"], row["is_late_entry"]) == (day, is_late)


def test_table_decides_the_type_and_the_number_confirms_it():
    rows = [a_row(1), a_row(2, "registered"), a_row(3, "edge", devices="苹果手机")]
    accepted = contracted(*rows).accepted
    assert accepted["service_type"].to_list() == ["filed", "registered", "edge"]
    assert accepted["devices"].to_list() == [None, None, "苹果手机"]
    without_mark = contracted(a_row(1, "registered", service_number=number(1)))
    assert failures(without_mark) == [(1, "service_number", "type_of_number")]


@pytest.mark.parametrize(
    ("region", "code"),
    [
        ("北京市", "110000"), ("北京", "110000"), ("内蒙古自治区", "150000"), ("广西", "450000"),
        ("新疆维吾尔自治区", "650000"), ("国资委", None),
    ],
)  # fmt: skip
def test_region_is_a_province_or_the_owner_of_state_enterprises(region, code):
    (row,) = contracted(a_row(1, region_name=region)).accepted.to_dicts()
    assert (row["region_name"], row["province_code"]) == (region, code)


def test_swapped_names_are_put_right_and_kept_as_printed():
    swapped = a_row(1, service_name="某某（北京）科技有限公司", entity_name="某某大模型")
    (row,) = contracted(swapped).accepted.to_dicts()
    assert (row["service_name"], row["entity_name"]) == ("某某大模型", "某某（北京）科技有限公司")
    assert row["is_swapped"]
    printed = (row["printed_service_name"], row["printed_entity_name"])
    assert printed == ("某某（北京）科技有限公司", "某某大模型")
    assert row["entity_key"] == "某某(北京)科技有限公司"


@pytest.mark.parametrize(
    ("service", "company"),
    [
        ("某县人民医院", "某某科技有限公司"),  # a service that is named after its user
        ("天气大模型", "南方新闻网"),  # a company without a legal form
        ("BC备考平台", "某某研究院"),
    ],
)
def test_names_in_their_own_columns_stay(service, company):
    (row,) = contracted(a_row(1, service_name=service, entity_name=company)).accepted.to_dicts()
    assert (row["service_name"], row["entity_name"]) == (service, company)
    assert not row["is_swapped"]


def test_number_is_stored_without_the_white_space_of_wrapped_lines():
    wrapped = "Guangdong-ShangTangAIDaiMaSheng ChengMoXing-2025\n09010020"
    (row,) = contracted(a_row(1, service_number=wrapped)).accepted.to_dicts()
    assert row["service_number"] == "Guangdong-ShangTangAIDaiMaShengChengMoXing-202509010020"
    assert row["number_region"] == "Guangdong"
    assert row["accepted_on"] == date(2025, 9, 1)


def test_reviewed_number_that_is_cut_off_is_accepted():
    cut_off = a_row(1, "registered", service_number="Jiangsu-SiWei-")
    assert contracted(cut_off).quarantined_rows == 1
    (row,) = contracted(
        cut_off, exceptions={"Jiangsu-SiWei-": {"number_grammar"}}
    ).accepted.to_dicts()
    assert (row["service_number"], row["accepted_on"]) == ("Jiangsu-SiWei-", None)


def test_positions_count_rows_from_the_lowest_of_each_table():
    rows = [
        a_row(1, position="988"), a_row(2, position="990"), a_row(3, position="989"),
        a_row(4, "registered", position="599"), a_row(5, "registered", position="601"),
        a_row(6, "edge", position=""),
    ]  # fmt: skip
    assert numbered_rows(make_list_table(rows)) == 6
