"""The data inside the report page: rows, headings and codes as JSON."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from orchestration.publication.report import wording
from orchestration.publication.report.figures import Row, Text
from orchestration.publication.report.registers import SERVICE_TYPES, TITLES

# Headings of tables, and words for the codes in their cells.
_COLUMNS = {
    "filing_number": Text("备案编号", "Filing number"),
    "algorithm_name": Text("算法", "Algorithm"),
    "entity_name": Text("主体", "Entity"),
    "role": Text("角色", "Role"),
    "province_name": Text("省级行政区", "Province"),
    "sector": Text("行业", "Sector"),
    "inputs": Text("输入", "Inputs"),
    "outputs": Text("输出", "Outputs"),
    "products": Text("产品", "Products"),
    "batch_no": Text("批次", "Batch"),
    "cancelled_month": Text("注销月份", "Cancelled"),
    "register": Text("清单", "Register"),
    "service_type": Text("类型", "Type"),
    "as_of_month": Text("清单截至", "Lists to"),
    "stated_total": Text("公布数", "Stated"),
    "listed_total": Text("清单行数", "Listed"),
    "difference": Text("相差", "Difference"),
    "published_on": Text("公布日期", "Published"),
    "category": Text("类别", "Category"),
    "service_name": Text("名称", "Name"),
    "region_name": Text("属地", "Region"),
    "purpose": Text("主要用途", "Purpose"),
    "passed_on": Text("通过日期", "Passed on"),
    "devices": Text("终端", "Devices"),
    "note": Text("备注", "Note"),
}
_STATUSES = {
    "listed": Text("有效", "In force"),
    "cancelled": Text("已注销", "Cancelled"),
    "withdrawn_from_list": Text("已从清单移除", "Withdrawn from its list"),
    "quarantined": Text("清单中的该行未通过校验", "Row in the list is invalid"),
}
# The words of the recommendation register for its kinds of algorithm.
_CATEGORIES = {
    "个性化推送类": "Personalised recommendation",
    "排序精选类": "Ranking and selection",
    "检索过滤类": "Search and filtering",
    "信息检索类": "Information retrieval",
    "内容过滤类": "Content filtering",
    "调度决策类": "Scheduling and decisions",
    "生成合成类": "Generation and synthesis",
}


def to_columns(rows: Sequence[Row]) -> dict[str, Any]:
    """The rows of a query as {columns, rows}, which does not repeat the column names."""
    return {
        "columns": list(rows[0]) if rows else [],
        "rows": [list(row.values()) for row in rows],
    }


def names_of_codes(rows: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, Text]]:
    """{column: {code: words}} for the codes in tables; the key `columns` has the headings."""
    kinds = {
        row["modality"]: Text(row["modality_zh"], row["modality_en"]) for row in rows["modalities"]
    }
    return {
        "columns": _COLUMNS,
        "role": wording.ROLES,
        "sector": {
            row["sector"]: Text(row["sector_zh"], row["sector_en"]) for row in rows["sectors"]
        },
        "province_name": {
            row["province_name"]: Text(row["province_name"], row["province_en"])
            for row in rows["regions"]
        },
        "inputs": kinds,
        "outputs": kinds,
        "status": _STATUSES,
        "kind": wording.ROLES
        | SERVICE_TYPES
        | {zh: Text(zh, english) for zh, english in _CATEGORIES.items()},
        "event": wording.EVENTS | {"other": wording.OTHER},
        "register": TITLES,
        "service_type": SERVICE_TYPES,
    }


def to_json(value: object) -> Markup:
    """JSON that is safe inside HTML: none of its characters can end the enclosing element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=plain)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  # escaped above


def plain(value: object) -> object:
    """A JSON value for types that JSON lacks: dates as ISO 8601, decimals as numbers.

    Raises TypeError for any other type.
    """
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"the report cannot hold {value!r}")
