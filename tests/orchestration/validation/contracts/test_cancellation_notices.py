"""The contract of cancellation notices: failed checks, and columns of accepted records."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

import polars as pl
import pytest

from orchestration.validation.contracts.cancellation_notices import (
    CONTRACT,
    notice_schema,
    records_of_another_notice,
)
from orchestration.validation.contracts.frames import ContractResult
from orchestration.validation.quarantine import MAX_STORED_CHARS
from orchestration.validation.results import ValidationResult
from scrapers.archive.facts import Facts
from scrapers.archive.sidecar import Version
from scrapers.documents import DocumentTable, Row
from scrapers.documents.bounds import LONGEST_CELL
from scrapers.errors import ArchiveError
from scrapers.registers.cancellation_notices import NOTICE_TABLE
from tests.orchestration.validation.list_factories import make_filing_number
from tests.support.tables import make_row
from tests.support.versions import make_version

FACTS = Facts(published_on=date(2025, 12, 8))


def record(serial: int = 1, kind: str = "01", **changes: str) -> Row:
    cells = {
        "algorithm_name": f"算法{serial}",
        "role": "服务提供者",
        "entity_name": f"公司（{serial}）",
        "products": f"产品{serial}(APP)",
        "purpose": "见原备案。",
        "filing_number": f"网信算备{make_filing_number(serial, kind)}号",
        "cancelled_month": "2025年7月",
    }
    return make_row(NOTICE_TABLE, 0, **(cells | changes))


def contracted(*records: Row) -> ContractResult:
    numbered = (replace(row, row_no=n) for n, row in enumerate(records, 1))
    version = make_version("cancellations/notice_1", FACTS)
    return CONTRACT.apply(DocumentTable(tuple(numbered)), version, "notice_1")


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [
        ("algorithm_name", " ", "required"),
        ("entity_name", "", "required"),
        ("role", "", "known_role"),
        ("role", "提供者", "known_role"),
        ("position", "三", "position_number"),
        ("cancelled_month", "", "month"),
        ("cancelled_month", "2025-07", "month"),
        ("cancelled_month", "2025年13月", "month"),
        ("cancelled_month", "2025年7月底", "month"),
        ("cancelled_month", "2026年1月", "month_in_time"),
        ("cancelled_month", "2099年7月", "month_in_time"),
        ("cancelled_month", "2024年12月", "month_in_time"),
        ("products", "品" * (LONGEST_CELL + 1), "cell_length"),
        ("filing_number", "", "number_grammar"),
        ("filing_number", make_filing_number(2)[:20] + "0", "check_digit"),
        ("filing_number", make_filing_number(2, kind="07"), "known_kind"),
        ("filing_number", make_filing_number(1), "unique_in_notice"),
    ],
)
def test_record_that_fails_a_check_is_quarantined(column, value, check):
    result = contracted(record(1), record(2, **{column: value}))
    assert result.accepted["filing_number"].to_list() == [make_filing_number(1)]
    assert result.quarantined_rows == 1
    (case,) = result.quarantine.to_dicts()
    assert (case["record_no"], case["column_name"], case["check_name"]) == (2, column, check)
    shown = value if len(value) <= MAX_STORED_CHARS else value[:MAX_STORED_CHARS] + "…"
    assert (case["failure_value"], case["document_sha256"]) == (shown, "abc")
    assert check in CONTRACT.checks


def test_accepted_record_has_all_columns():
    (row,) = contracted(
        record(7, position="1", cancelled_month="2025 年 12 月 8 日")
    ).accepted.to_dicts()
    assert row == {
        "notice_id": "notice_1", "notice_version": "v1", "record_no": 1,
        "algorithm_name": "算法7", "printed_role": "服务提供者", "role": "provider",
        "entity_name": "公司（7）", "entity_key": "公司(7)", "products": "产品7(APP)",
        "purpose": "见原备案。", "cancelled_month": "2025-12",
        "filing_number": make_filing_number(7), "region_code": "110108",
        "entity_id": "0000007", "kind_code": "01",
        "issued_year": 2025, "serial_no": 1,
    }  # fmt: skip


def test_quarantine_shows_month_without_spaces():
    (case,) = contracted(record(cancelled_month="2025 年13月")).quarantine.to_dicts()
    assert case["failure_value"] == "2025年13月"


def test_empty_cells_are_null():
    (row,) = contracted(record(products="", purpose="")).accepted.to_dicts()
    assert (row["products"], row["purpose"]) == (None, None)


@pytest.mark.parametrize(
    ("month", "accepted"), [("2025年12月", "2025-12"), ("2025 年1月", "2025-01")]
)
def test_month_may_be_that_of_the_notice_or_of_the_year_in_the_number(month, accepted):
    (row,) = contracted(record(cancelled_month=month)).accepted.to_dicts()
    assert row["cancelled_month"] == accepted


def test_month_without_publication_date_of_the_notice_raises():
    with pytest.raises(ArchiveError, match="no publication date"):
        notice_schema(Facts())


@pytest.mark.parametrize(
    ("printed", "role"),
    [
        ("服务提供者", "provider"),
        ("服务提供", "provider"),
        ("服务 技术支持者", "technical_supporter"),
        ("服务技术支持", "technical_supporter"),
        ("个性化推送类", None),
        ("排序精选类", None),
        ("检索过滤类", None),
        ("调度决策类", None),
    ],
)
def test_printed_role_maps_to_role_or_to_none_for_kinds(printed, role):
    (row,) = contracted(record(role=printed)).accepted.to_dicts()
    assert (row["printed_role"], row["role"]) == ("".join(printed.split()), role)


@pytest.mark.parametrize("kind", ["01", "02", "03", "04", "05"])
def test_every_kind_of_algorithm_is_accepted(kind):
    result = contracted(record(kind=kind))
    assert result.accepted["kind_code"].to_list() == [kind] and result.quarantine.is_empty()


def test_frames_have_contract_columns_even_if_empty():
    for result in (contracted(record()), contracted(record(role=""))):
        assert result.accepted.schema == pl.Schema(CONTRACT.accepted_columns)
        assert result.quarantine.schema == pl.Schema(CONTRACT.quarantine_columns)


def test_contract_describes_exactly_the_checks_of_its_schema():
    columns = notice_schema(FACTS).columns.values()
    checks = {check.name for column in columns for check in column.checks}
    assert checks == set(CONTRACT.checks)


class OtherNotice:
    """Another notice in the store, of which `in_use` is the version in use."""

    def __init__(self, *versions: Version, in_use: str) -> None:
        self.found, self.in_use = list(versions), in_use

    def with_content(self, content_sha256: str) -> list[str]:
        return [self.found[0].folder, "cancellations/notice_2"]

    def sharing(self, keys: Collection[str], more_than: float) -> list[str]:
        raise NotImplementedError

    def versions(self, folder: str) -> list[Version]:
        return self.found if folder == self.found[0].folder else []

    def in_use_at(self, folder: str, moment: datetime) -> ValidationResult | None:
        if folder != self.found[0].folder:
            return None
        return ValidationResult(folder, self.in_use, "abc", CONTRACT.version, "accepted")

    def keys(self, result: ValidationResult) -> frozenset[str]:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("title", "in_use", "reason"),
    [
        ("其他公告", "v1", "its records are those of another notice, notice_1"),
        # Published twice.
        ("关于注销的公告", "v1", None),
        ("关于 注销的公告", "v1", None),
        # The other notice has other records now.
        ("其他公告", "v2", None),
    ],
)
def test_records_of_another_notice_are_recognised(title, in_use, reason):
    earlier = make_version("cancellations/notice_1", replace(FACTS, title=title))
    amended = replace(earlier, version="v2", content_sha256="other")
    notice = make_version("cancellations/notice_2", replace(FACTS, title="关于注销的公告"))
    others = OtherNotice(earlier, amended, in_use=in_use)
    table = DocumentTable((record(1),))
    assert records_of_another_notice(others, notice, table) == reason


@pytest.mark.parametrize(
    ("name", "is_found"),
    [("算法1", True), ("产品1（app）", True), ("公司（1）", True), ("算法2", False)],
)
def test_title_must_name_one_of_the_records(name, is_found):
    facts = replace(FACTS, title=f"关于注销“{name}”算法备案编号的公告")
    notice = make_version("cancellations/notice_1", facts)
    others = OtherNotice(notice, in_use="v1")
    found = records_of_another_notice(others, notice, DocumentTable((record(1),)))
    assert (found is None) == is_found
