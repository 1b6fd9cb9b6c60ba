"""The contract of deep-synthesis lists: failed checks, and columns of accepted rows."""

import os
import subprocess
import sys

import pandera.errors
import polars as pl
import pytest
from pandera.config import config_context

from orchestration.settings import PROJECT_ROOT
from orchestration.validation.contracts.deep_synthesis import CONTRACT, list_schema
from orchestration.validation.contracts.frames import NUMBER_COLUMNS, ContractResult
from orchestration.validation.quarantine import MAX_STORED_CHARS
from scrapers.archive.facts import NO_FACTS
from scrapers.documents import Row
from scrapers.documents.bounds import LONGEST_CELL
from scrapers.fields.filing_number import split
from tests.orchestration.validation.list_factories import (
    make_filing_number,
    make_filing_row,
    make_filing_rows,
    make_list_table,
)
from tests.support.registers import check_digit
from tests.support.versions import make_version

SERIAL_000 = make_filing_number(2)[:17] + "000" + check_digit(make_filing_number(2)[:17] + "000")
WRONG_DIGIT = make_filing_number(2)[:20] + str((int(make_filing_number(2)[20]) + 2) % 10)


def contracted(*rows: Row) -> ContractResult:
    return CONTRACT.apply(make_list_table(rows), make_version("007", NO_FACTS), "007")


def failures(result: ContractResult) -> list[tuple[int, str, str, str]]:
    return result.quarantine.select("row_no", "column_name", "check_name", "failure_value").rows()


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [
        ("algorithm_name", "", "required"),
        ("algorithm_name", " \u3000", "required"),
        ("entity_name", "", "required"),
        ("purpose", "", "required"),
        ("role", "", "known_role"),
        ("role", "服务提供方", "known_role"),
        ("position", "二", "position_number"),
        ("position", "2.1", "position_number"),
        ("position", "1234567", "position_number"),
        ("filing_number", "", "number_grammar"),
        ("filing_number", "网信算备号", "number_grammar"),
        ("filing_number", make_filing_number(2)[:20], "number_grammar"),
        ("filing_number", make_filing_number(2) + "0", "number_grammar"),
        ("filing_number", WRONG_DIGIT, "check_digit"),
        ("filing_number", SERIAL_000, "serial_number"),
        ("filing_number", make_filing_number(2, kind="02"), "generative_kind"),
        ("filing_number", make_filing_number(1), "unique_in_list"),
        ("algorithm_name", "北京\ufffc科技", "legible"),
        ("entity_name", "(cid:1605)公司", "legible"),
        ("products", "\ue000", "legible"),
        ("note", "\ufffd", "legible"),
        ("entity_name", "公" * (LONGEST_CELL + 1), "cell_length"),
        ("note", "变更。" * LONGEST_CELL, "cell_length"),
    ],
)
def test_bad_value_is_quarantined_under_its_check(column, value, check):
    rows = [make_filing_row(1), make_filing_row(2, **{column: value}), make_filing_row(3)]
    result = contracted(*rows)
    shown = value if len(value) <= MAX_STORED_CHARS else value[:MAX_STORED_CHARS] + "…"
    assert failures(result) == [(2, column, check, shown)]
    assert result.accepted["row_no"].to_list() == [1, 3]
    assert check in CONTRACT.checks


def test_long_white_space_does_not_make_cell_too_long():
    result = contracted(make_filing_row(1, note=f"产品{' ' * 300_000}变更"))
    assert result.quarantine.is_empty()
    assert result.accepted["note"].to_list() == ["产品 变更"]


def test_contract_describes_exactly_the_checks_of_its_schema():
    checks = {
        check.name for column in list_schema(NO_FACTS).columns.values() for check in column.checks
    }
    assert checks == set(CONTRACT.checks)


def test_all_failed_checks_of_a_row_are_kept():
    bad = make_filing_row(2, algorithm_name="", role="?", position="?", filing_number=WRONG_DIGIT)
    result = contracted(make_filing_row(1), bad)
    assert sorted(failures(result)) == [
        (2, "algorithm_name", "required", ""),
        (2, "filing_number", "check_digit", WRONG_DIGIT),
        (2, "position", "position_number", "?"),
        (2, "role", "known_role", "?"),
    ]
    assert result.quarantined_rows == 1


def test_quarantine_is_sorted_by_row():
    result = contracted(make_filing_row(1, purpose=""), make_filing_row(2, algorithm_name=""))
    assert [case[0] for case in failures(result)] == [1, 2]


def test_quarantine_identifies_the_row():
    (case,) = contracted(make_filing_row(1), make_filing_row(2, role="")).quarantine.to_dicts()
    assert case == {
        "batch_no": 7,
        "list_version": "v1",
        "document_sha256": "abc",
        "row_no": 2,
        "column_name": "role",
        "check_name": "known_role",
        "failure_value": "",
        "filing_number": f"网信算备{make_filing_number(2)}号",
        "digits": make_filing_number(2),
        "algorithm_name": "算法2",
        "entity_name": "公司2",
    }


def test_accepted_row_has_typed_columns_and_parts_of_its_number():
    row = make_filing_row(
        1, position=" １ ", role="服务 技术支持者", products="", note="2025年7月，已注销",
        entity_name="公司（1） ",
        filing_number=f" 网信算备 {make_filing_number(1)}号\n",
    )  # fmt: skip
    result = contracted(row)
    assert result.quarantine.is_empty()
    assert result.accepted.to_dicts() == [
        {
            "batch_no": 7,
            "list_version": "v1",
            "row_no": 1,
            "list_position": 1,
            "algorithm_name": "算法1",
            "role": "technical_supporter",
            "entity_name": "公司（1） ",
            "products": None,
            "purpose": "应用于文本生成场景。",
            "filing_number": make_filing_number(1),
            "note": "2025年7月，已注销",
            "region_code": "110108",
            "entity_id": "0000001",
            "kind_code": "01",
            "issued_year": 2025,
            "serial_no": 1,
            "entity_key": "公司(1)",
            "product_list": [],
            "note_events": [
                {
                    "kind": "cancelled",
                    "month": "2025-07",
                    "subject": None,
                    "old_value": None,
                    "new_value": None,
                    "old_key": None,
                    "new_key": None,
                }
            ],
        }
    ]


def test_empty_cells_are_null():
    (row,) = contracted(make_filing_row(1, position="", products="", note="")).accepted.to_dicts()
    assert (row["list_position"], row["products"], row["note"]) == (None, None, None)


def test_note_is_parsed_to_events():
    note = "2024年8月，新增甲(APP)，删除乙(APP)；变更主要用途"
    (events,) = contracted(make_filing_row(1, note=note)).accepted["note_events"].to_list()
    read = [(event["kind"], event["subject"]) for event in events]
    assert read == [
        ("products_added", None), ("products_removed", None), ("information_changed", "purpose"),
    ]  # fmt: skip
    assert [event["new_value"] for event in events] == ["甲(APP)", None, None]
    assert [event["old_key"] for event in events] == [None, "乙(APP)", None]


def test_products_are_parsed_to_a_list():
    result = contracted(make_filing_row(1, products="甲（APP、网站）、乙"))
    assert result.accepted["product_list"].to_list() == [
        [
            {"name": "甲", "kind": "app", "printed_kind": "APP", "mentions": 1},
            {"name": "甲", "kind": "website", "printed_kind": "网站", "mentions": 1},
            {"name": "乙", "kind": "other", "printed_kind": None, "mentions": 1},
        ]
    ]


@pytest.mark.parametrize("rows", [make_filing_rows(3), [make_filing_row(1, role="")]])
def test_frames_have_contract_columns_even_if_empty(rows):
    result = contracted(*rows)
    assert dict(result.accepted.schema) == CONTRACT.accepted_columns
    assert dict(result.quarantine.schema) == CONTRACT.quarantine_columns


def test_every_row_is_accepted_or_quarantined():
    rows = [make_filing_row(n, role="" if n % 3 else "服务提供者") for n in range(1, 31)]
    result = contracted(*rows)
    assert result.accepted.height == 10 and result.quarantined_rows == 20


@pytest.mark.parametrize(
    "positions", [("", "", ""), ("1", "2", "3"), ("3", "1", "1"), ("", "7", "")]
)
def test_positions_may_be_missing_or_unordered(positions):
    rows = [make_filing_row(n, position=position) for n, position in enumerate(positions, 1)]
    assert contracted(*rows).quarantine.is_empty()


def test_first_row_of_a_repeated_number_is_accepted():
    result = contracted(
        make_filing_row(1), make_filing_row(2), make_filing_row(1), make_filing_row(1)
    )
    assert result.accepted["filing_number"].to_list() == [
        make_filing_number(1),
        make_filing_number(2),
    ]
    assert [case[0] for case in failures(result)] == [3, 4]


def frame(**changes: pl.Series) -> pl.DataFrame:
    texts = ("position", "algorithm_name", "entity_name", "products", "purpose", "note")
    columns = {name: ["a"] for name in texts} | {
        "position": [""],
        "row_no": [1],
        "role": ["服务提供者"],
        "filing_number": [make_filing_number(1)],
    }
    parts = split(make_filing_number(1))
    columns |= {name: [getattr(parts, name)] for name in NUMBER_COLUMNS}
    return pl.DataFrame(columns | changes)


def test_schema_accepts_valid_frame():
    assert list_schema(NO_FACTS).validate(frame(), lazy=True).height == 1


@pytest.mark.parametrize(
    "bad",
    [
        frame(extra=pl.Series(["x"])),
        frame().drop("purpose"),
        frame(row_no=pl.Series(["1"])),
        frame(entity_name=pl.Series([None], dtype=pl.String)),
    ],
    ids=["another column", "a missing column", "another type", "a null"],
)
def test_schema_rejects_wrong_columns_and_nulls(bad):
    with pytest.raises(pandera.errors.SchemaErrors):
        list_schema(NO_FACTS).validate(bad, lazy=True)


SWITCHES = [
    {"validation_enabled": False},
    {"validation_depth": "SCHEMA_ONLY"},
    {"validation_depth": "DATA_ONLY"},
    {"use_narwhals_backend": True},
]


@pytest.mark.parametrize("switches", SWITCHES, ids=str)
def test_contract_ignores_pandera_configuration(switches):
    with config_context(**switches):
        result = contracted(
            make_filing_row(1), make_filing_row(2, filing_number=""), make_filing_row(3, role="")
        )
    assert (result.accepted.height, result.quarantined_rows) == (1, 2)


def test_contract_ignores_pandera_environment_variables():
    variables = {
        "PANDERA_VALIDATION_ENABLED": "False",
        "PANDERA_VALIDATION_DEPTH": "nonsense",
        "PANDERA_USE_NARWHALS_BACKEND": "True",
    }
    program = (
        "from orchestration.validation.contracts.deep_synthesis import CONTRACT\n"
        "from scrapers.archive.facts import NO_FACTS\n"
        "from tests.orchestration.validation.list_factories import make_filing_row\n"
        "from tests.orchestration.validation.list_factories import make_list_table\n"
        "from tests.support.versions import make_version\n"
        "table = make_list_table([make_filing_row(1), make_filing_row(2, filing_number='')])\n"
        "version = make_version('007', NO_FACTS)\n"
        "print(CONTRACT.apply(table, version, '007').quarantined_rows)"
    )
    # In another process, because Pandera reads its variables only when it is imported.
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **variables},
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "1\n"
