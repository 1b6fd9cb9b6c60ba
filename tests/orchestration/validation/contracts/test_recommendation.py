"""The contract of recommendation lists: failed checks, and columns of accepted rows."""

import pytest

from orchestration.validation.contracts.frames import NO_EXCEPTIONS, ContractResult, Exceptions
from orchestration.validation.contracts.recommendation import CONTRACT
from scrapers.archive.facts import NO_FACTS
from scrapers.documents import Row
from scrapers.registers.columns import CATEGORIES
from scrapers.registers.recommendation import RECOMMENDATION_TABLE
from tests.orchestration.validation.list_factories import make_filing_number, make_list_table
from tests.support.tables import make_row
from tests.support.versions import make_version


def a_row(serial: int, kind: str = "02", **changes: str) -> Row:
    cells = {
        "algorithm_name": f"算法{serial}",
        "category": "个性化推送类",
        "entity_name": f"公司{serial}",
        "products": f"产品{serial}（APP）",
        "purpose": "应用于新闻推荐场景。",
        "filing_number": f"网信算备{make_filing_number(serial, kind)}号",
    }
    return make_row(RECOMMENDATION_TABLE, 0, **(cells | changes))


def contracted(*rows: Row, exceptions: Exceptions = NO_EXCEPTIONS) -> ContractResult:
    table = make_list_table(rows)
    return CONTRACT.apply(table, make_version("2025-07", NO_FACTS), "2025-07", exceptions)


def failures(result: ContractResult) -> list[tuple[int, str, str]]:
    return result.quarantine.select("row_no", "column_name", "check_name").rows()


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [
        ("algorithm_name", "", "required"),
        ("entity_name", " ", "required"),
        ("purpose", "", "required"),
        ("category", "", "known_category"),
        ("category", "个性推送", "known_category"),
        ("category", "调度决策类", "category_of_kind"),
        ("position", "一", "position_number"),
        ("filing_number", make_filing_number(2, "02")[:20], "number_grammar"),
        ("filing_number", f"{make_filing_number(2, '02')}7", "number_grammar"),
        ("filing_number", make_filing_number(1, "02"), "unique_in_list"),
        ("note", "\ue000", "legible"),
    ],
)
def test_bad_value_is_quarantined_under_its_check(column, value, check):
    result = contracted(a_row(1), a_row(2, **{column: value}), a_row(3))
    assert failures(result) == [
        (2, column if check != "category_of_kind" else "filing_number", check)
    ]
    assert result.accepted["row_no"].to_list() == [1, 3]
    assert check in CONTRACT.checks


@pytest.mark.parametrize(
    ("category", "kind"), [(name, kind) for name, kinds in CATEGORIES.items() for kind in kinds]
)
def test_every_category_accepts_its_kinds(category, kind):
    assert contracted(a_row(1, kind, category=category)).quarantine.is_empty()


def test_unknown_kind_is_quarantined():
    result = contracted(a_row(1, "07"))
    assert failures(result) == [
        (1, "filing_number", "known_kind"), (1, "filing_number", "category_of_kind"),
    ]  # fmt: skip


def test_reviewed_exception_waives_its_check_of_its_row_only():
    wrong = make_filing_number(1, "02")
    wrong = wrong[:20] + str((int(wrong[20]) + 2) % 10)
    rows = [a_row(1, filing_number=wrong), a_row(2, category="未知类"), a_row(3)]
    assert contracted(*rows).quarantined_rows == 2
    waived = contracted(*rows, exceptions={wrong: {"check_digit"}})
    assert failures(waived) == [(2, "category", "known_category")]
    assert waived.accepted["filing_number"].to_list() == [wrong, make_filing_number(3, "02")]
    other_check = contracted(*rows, exceptions={wrong: {"required"}})
    assert other_check.quarantined_rows == 2


def test_accepted_row_has_the_parts_of_its_number_and_its_note():
    row = a_row(1, note="已注销", products="")
    (found,) = contracted(row).accepted.to_dicts()
    assert found["document_key"] == "2025-07"
    assert (found["kind_code"], found["issued_year"], found["entity_id"]) == ("02", 2025, "0000001")
    assert found["products"] is None
    assert [event["kind"] for event in found["note_events"]] == ["cancelled"]
