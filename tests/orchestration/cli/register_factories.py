"""A small release for tests of looking up filings and entities.

make_register(tmp_path, filings=[make_filing(1, "算法")], entities=[make_entity(1, "公司")])

Each serial is one entity: `make_filing_number(1)` is a filing number of entity 0000001.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb

from tests.orchestration.validation.list_factories import make_filing_number

RELEASE = "20250519T020000000000Z"
SEEN = datetime(2025, 6, 2, 3, 4, 5)
Row = dict[str, object]

_TYPES = {
    "batch_no": "integer", "row_no": "integer", "filings": "integer", "cancelled": "integer",
    "first_batch_no": "integer", "last_batch_no": "integer", "name_no": "integer",
    "product_no": "integer", "event_no": "integer", "version_no": "integer",
    "serial_no": "integer", "issued_year": "integer", "move_no": "integer",
    "sector_margin": "double", "announced_on": "date", "published_on": "date",
    "amended_at": "timestamp", "seen_at": "timestamp", "valid_from": "timestamp",
    "valid_to": "timestamp", "changed_columns": "varchar[]", "other_entity_ids": "varchar[]",
    "registers": "integer", "registrations": "integer", "services": "integer",
    "passed_on": "date", "other_registers": "varchar[]", "other_names": "varchar[]",
    "candidate_entity_ids": "varchar[]", "sources": "varchar[]", "entity_ids": "varchar[]",
    "entity_names": "varchar[]", "sector_confidence": "double", "confidence_by_rules": "double",
    "reader_count": "bigint", "read_on": "date", "sector_order": "integer",
}  # fmt: skip


def make_entity_id(serial: int) -> str:
    return f"{serial:07d}"


def make_filing(serial: int, name: str, **others: object) -> Row:
    return {
        "filing_number": make_filing_number(serial), "batch_no": 1, "list_month": "2025-05",
        "announced_on": date(2025, 5, 19), "row_no": serial, "list_status": "listed",
        "algorithm_name": name, "role": "provider", "entity_id": make_entity_id(serial),
        "entity_name": f"公司{serial}", "products": None, "purpose": "应用于文本生成场景。",
        "purpose_origin": "source",
        "sector": "general", "sector_source": "rules", "reader_count": None, "read_on": None,
        "sector_confidence": 0.6, "sector_by_rules": "general", "confidence_by_rules": 0.6,
        "review_status": "not_reviewed", "inputs_by_rules": "text", "outputs_by_rules": "text",
        "sector_runner_up": None, "sector_margin": 2.0,
        "sector_evidence": "no term found", "inputs": "text", "outputs": "text",
        "is_multimodal": False, "is_cross_modal": False, "is_generative": True,
        "modality_evidence": "文本 text (purpose)", "province_name": "北京市",
        "city_name": "北京市", "district_name": "海淀区", "is_cancelled": False,
        "cancelled_month": None, "cancellation_source": None, "cancellation_notice_id": None,
        "note": None, "amended_at": None, "source_url": f"https://www.cac.gov.cn/{'f' * 90}.docx",
        "list_version": "20250519t020000000000z-0123456789ab",
    } | others  # fmt: skip


def make_sector(order: int, code: str, name_zh: str) -> Row:
    return {
        "sector": code, "sector_name_zh": name_zh, "definition": f"covers {code}",
        "sector_order": order,
    }  # fmt: skip


def make_entity(serial: int, name: str, **others: object) -> Row:
    return {
        "entity_id": make_entity_id(serial), "entity_name": name, "filings": 1, "cancelled": 0,
        "first_batch_no": 1, "last_batch_no": 1, "main_sector": "general",
        "province_name": "北京市", "city_name": "北京市", "district_name": None,
        "is_for_review": False,
    } | others  # fmt: skip


def make_entity_name(serial: int, name: str, name_no: int = 1, **others: object) -> Row:
    return {
        "entity_id": make_entity_id(serial), "name_no": name_no, "entity_name": name,
        "relation": "latest" if name_no == 1 else "renamed", "renamed_in_month": None,
        "first_batch_no": 1, "last_batch_no": 1, "other_entity_ids": [], "is_for_review": False,
    } | others  # fmt: skip


def make_product(serial: int, name: str, kind: str = "app") -> Row:
    return {
        "filing_number": make_filing_number(serial),
        "product_no": 1,
        "product_name": name,
        "kind": kind,
    }


def make_event(
    serial: int, kind: str, month: str | None, event_no: int = 1, **others: object
) -> Row:
    return {
        "register": "deep_synthesis", "document_key": "001",
        "filing_number": make_filing_number(serial), "event_no": event_no, "batch_no": 1,
        "entity_id": make_entity_id(serial), "event": kind, "event_month": month, "seen_at": SEEN,
        "source": "note", "sources": [others.get("source", "note")],
        "column_name": None, "subject": None, "old_value": None,
        "new_value": None,
    } | others  # fmt: skip


def make_version(serial: int, version_no: int, **others: object) -> Row:
    return {
        "register": "deep_synthesis", "document_key": "001", "list_month": "2025-05",
        "filing_number": make_filing_number(serial), "version_no": version_no, "valid_from": SEEN,
        "valid_to": None, "started_as": "listed", "ended_as": None, "changed_columns": [],
        "algorithm_name": None, "service_name": None, "entity_name": f"公司{serial}",
        "category": None, "role": None, "region_name": None, "products": None, "purpose": None,
        "purpose_origin": None,
        "devices": None, "note": None,
    } | others  # fmt: skip


def make_move(serial: int, **others: object) -> Row:
    return {
        "entity_id": make_entity_id(serial), "move_no": 1, "batch_no": 2, "issued_year": 2024,
        "from_province_name": "广东省", "from_city_name": "佛山市", "from_district_name": None,
        "to_province_name": "广东省", "to_city_name": "广州市", "to_district_name": "海珠区",
    } | others  # fmt: skip


def make_issued_number(serial: int, serial_no: int, **others: object) -> Row:
    return {
        "entity_id": make_entity_id(serial), "serial_no": serial_no, "is_listed": False,
        "batch_no": 1, "issued_year": 2025, "is_cancelled_by_notice": False,
    } | others  # fmt: skip


def make_cancellation(serial: int, **others: object) -> Row:
    return {
        "filing_number": make_filing_number(serial), "kind": "generative_synthesis",
        "cancelled_month": "2025-07", "algorithm_name": "算法", "entity_name": "公司",
        "published_on": date(2025, 7, 1),
    } | others  # fmt: skip


def make_registration(register: str, number: str, name: str, **others: object) -> Row:
    return {
        "register": register, "number": number, "service_type": None, "name": name,
        "registrant_id": make_entity_id(1), "entity_id": make_entity_id(1), "entity_name": "公司1",
        "province_name": "北京市", "sector": "general", "listed_month": "2024-04",
        "passed_on": None, "status": "listed", "other_registers": [],
        "source_url": "https://www.cac.gov.cn/list.docx",
    } | others  # fmt: skip


def make_registrant(registrant_id: str, name: str, **others: object) -> Row:
    is_known = not registrant_id.startswith("name:")
    return {
        "registrant_id": registrant_id, "entity_id": registrant_id if is_known else None,
        "entity_name": name, "other_names": [], "province_name": "北京市", "registers": 1,
        "registrations": 1, "first_month": "2024-04", "last_month": "2024-04",
    } | others  # fmt: skip


def make_service(number: str, match: str, *candidates: str, **others: object) -> Row:
    return {
        "service_number": number, "entity_match": match, "candidate_entity_ids": list(candidates),
        "is_swapped": False, "printed_service_name": None, "printed_entity_name": None,
        "is_late_entry": False,
    } | others  # fmt: skip


def make_recommendation_filing(number: str, **others: object) -> Row:
    return {"filing_number": number, "city_name": "北京市", "district_name": "海淀区"} | others


def make_group(name: str, name_en: str, **companies: str) -> Row:
    """A corporate group with the names of its companies by `id_…`."""
    ids = [code.removeprefix("id_") for code in companies]
    return {
        "group_name": name, "group_name_en": name_en, "entity_ids": ids,
        "entity_names": list(companies.values()),
    }  # fmt: skip


def make_shared_name(name: str, services: int, *entity_ids: str) -> Row:
    return {"entity_name": name, "entity_ids": list(entity_ids), "services": services}


# An example row of each table, which defines its columns.
_LIKE = {
    "filings": make_filing(1, ""), "entities": make_entity(1, ""),
    "entity_names": make_entity_name(1, ""), "products": make_product(1, ""),
    "filing_events": make_event(1, "", None),
    "filing_versions": make_version(1, 1), "entity_moves": make_move(1),
    "issued_numbers": make_issued_number(1, 1), "cancellations": make_cancellation(1),
}  # fmt: skip
# The tables about all registers, which releases of earlier versions lack.
_LIKE_OF_ALL_REGISTERS = {
    "registrations": make_registration("", "", ""), "registrants": make_registrant("", ""),
    "generative_services": make_service("", ""),
    "recommendation_filings": make_recommendation_filing(""),
    "names_for_review": make_shared_name("", 0),
}  # fmt: skip


def make_register(data_dir: Path, **tables: Sequence[Row]) -> Path:
    """A data directory whose latest release has these rows; tables not given are empty.

    The release has the tables about all registers if it has registrations.
    """
    likes = _LIKE | (_LIKE_OF_ALL_REGISTERS if "registrations" in tables else {})
    if "entity_groups" in tables:
        likes = likes | {"entity_groups": make_group("", "")}
    if "sectors" in tables:
        likes = likes | {"sectors": make_sector(1, "", "")}
    release = data_dir / "published" / RELEASE
    release.mkdir(parents=True)
    with duckdb.connect(str(release / "filings.duckdb")) as connection:
        for name, like in likes.items():
            columns = ", ".join(f"{column} {_type(column)}" for column in like)
            connection.execute(f"create table {name} ({columns})")
            for row in tables.get(name, ()):
                places = ", ".join("?" * len(row))
                connection.execute(f"insert into {name} values ({places})", list(row.values()))
    (release.parent / "latest").symlink_to(RELEASE)
    return data_dir


def _type(column: str) -> str:
    return "boolean" if column.startswith("is_") else _TYPES.get(column, "varchar")
