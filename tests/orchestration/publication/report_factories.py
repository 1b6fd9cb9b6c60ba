"""Builds a release context with every mart that the report reads: eight filings in two batches."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl

from orchestration.publication.context import ReleaseContext
from orchestration.warehouse.marts import DATABASE
from tests.orchestration.publication.release_factories import FILINGS as MART
from tests.orchestration.publication.report_register_factories import HARMFUL, make_register_marts

Row = dict[str, object]

BATCHES = {1: ("2023-06", date(2023, 6, 20)), 2: ("2024-03", date(2024, 3, 1))}
PROVINCES = {
    "110000": ("北京市", "Beijing"),
    "320000": ("江苏省", "Jiangsu"),
    "340000": ("安徽省", "Anhui"),
    "450000": ("广西壮族自治区", "Guangxi"),
}
CITIES = {
    "110000": ("110100", "北京市", "Beijing"),
    "320000": ("320500", "苏州市", "Suzhou"),
    "340000": ("341300", "宿州市", "Suzhou"),
    "450000": ("450100", "南宁市", "Nanning"),
}
SECTORS = {"general": ("通用", "General"), "finance": ("金融", "Finance"), "law": ("法律", "Law")}
KINDS = {"text": ("文本", "Text"), "image": ("图像", "Image"), "audio": ("音频", "Audio")}


def make_filing(serial: int, province: str, batch_no: int, sector: str, **others: object) -> Row:
    city, city_name, city_name_en = CITIES[province]
    return {
        "filing_number": f"{serial:021d}", "algorithm_name": f"算法{serial}",
        "entity_id": f"{serial:07d}", "entity_name": f"公司{serial}", "products": None,
        "province_code": province, "province_name": PROVINCES[province][0], "city_code": city,
        "list_month": BATCHES[batch_no][0],
        "sector": sector, "inputs": "text", "outputs": "text", "role": "provider",
        "batch_no": batch_no, "list_position": serial, "list_status": "listed",
        "is_cancelled": False, "cancelled_month": None, "announced_on": BATCHES[batch_no][1],
        "city_name": city_name, "city_name_en": city_name_en, "district_name": None,
        "purpose": "应用于文本生成场景。", "purpose_origin": "shipped", "note": None,
    } | others  # fmt: skip


FILINGS = [
    make_filing(1, "110000", 1, "general", products="豆包(网站)、今日头条(APP)"),
    make_filing(2, "110000", 1, "general", entity_id="0000001", outputs="image+text"),
    make_filing(3, "320000", 1, "finance", is_cancelled=True, cancelled_month="2024-01"),
    make_filing(4, "110000", 2, "finance", inputs="audio", role="technical_supporter"),
    make_filing(5, "110000", 2, "law", inputs="text+image", algorithm_name=HARMFUL),
    make_filing(6, "340000", 2, "law"),
    make_filing(7, "450000", 2, "general"),
    make_filing(8, "450000", 2, "general", list_status="withdrawn_from_list"),
]
LISTED = [filing for filing in FILINGS if filing["list_status"] == "listed"]


ARTICLE = ("《文章》", date(2025, 3, 14), "https://example.com/article")


def claim(
    claim_no: int,
    verdict: str,
    measured: float | None,
    readings: int = 1,
    contradicting: int = 0,
) -> Row:
    return {
        "claim_no": claim_no, "claim_id": f"claim_{claim_no}", "section": "regions",
        "section_zh": "地区", "subject": "filings", "subject_zh": "备案",
        "statement": f"claim {claim_no} has 40 % of China's filings",
        "statement_zh": f"第 {claim_no} 条",
        "scope": None, "stated_value": 40.0, "unit": "percent", "comparison": "about",
        "tolerance": 1.0, "measured_value": measured, "value_low": None, "value_high": None,
        "counted": None, "out_of": None,
        "verdict": verdict, "reason": None, "reason_zh": None, "definition": "A definition.",
        "definition_zh": "口径说明。", "would_need": None, "would_need_zh": None,
        "readings": readings, "readings_supporting": 0, "readings_contradicting": contradicting,
        "query": "select 1", "forecast_year": None, "article_title": ARTICLE[0],
        "article_published_on": ARTICLE[1], "article_url": ARTICLE[2],
    }  # fmt: skip


CLAIMS = [
    claim(1, "supported", 40.2),
    claim(2, "contradicted", 20.0, readings=3, contradicting=2)
    | {"value_low": 18.26, "value_high": 23.0},
    claim(3, "inconclusive", 42.0, readings=2, contradicting=1),
    claim(4, "not_measurable", None),
]
# The values of all measures of each claim.
READINGS = {1: [40.2], 2: [20.0, 12.0, 34.5], 3: [42.0, 42.0], 4: [None]}


def cancellation(name: str, match_status: str, is_deep_synthesis: bool = True) -> Row:
    return {
        "published_on": date(2025, 7, 14), "notice_title": name, "match_status": match_status,
        "is_deep_synthesis": is_deep_synthesis,
    }  # fmt: skip


def make_marts() -> dict[str, list[Row]]:
    """The rows of every mart in the report's queries; counts follow from `FILINGS`."""
    events = {
        "register": "deep_synthesis",
        "event": "entity_renamed",
        "source": "note",
        "subject": None,
        "column_name": None,
        "event_month": None,
        "old_value": None,
        "new_value": None,
    }
    renamed = {
        "event": "algorithm_renamed", "event_month": "2024-08", "old_value": "云雀大模型算法",
        "new_value": "豆包大模型算法",
    }  # fmt: skip
    return {
        "filings": FILINGS,
        "batches": [
            {
                "batch_no": number, "list_month": month, "announced_on": day,
                "filings": counted(batch_no=number), "cumulative_filings": until(number),
                "entities": counted(batch_no=number), "new_entities": 1,
                "retrieved_at": datetime(2025, 1, 2, 3, 4, 5),
                "page_url": f"https://www.cac.gov.cn/{number}.htm",
            }
            for number, (month, day) in BATCHES.items()
        ],
        "entities": [
            {
                "entity_id": f"{serial:07d}", "entity_name": f"公司{serial}<b>", "filings": filings,
                "cancelled": 0, "province_name": "北京市", "city_name": "北京市",
                "main_sector": "general",
                "first_batch_no": 1, "last_batch_no": 2, "former_names": ["旧名"],
                "group_name_en": "Group" if filings == 11 else None,
            }
            for serial, filings in enumerate((0, 1, 1, 2, 3, 5, 6, 11), 1)
        ],
        "regions_by_batch": [
            per_batch(number, province_code=code) | {"province_name": zh, "province_name_en": en}
            for number in BATCHES
            for code, (zh, en) in PROVINCES.items()
        ],
        "cities_by_batch": [
            per_batch(number, city_code=code)
            | {"city_name": zh, "city_name_en": en, "province_name_en": PROVINCES[province][1]}
            for number in BATCHES
            for province, (code, zh, en) in CITIES.items()
        ],
        "sectors_by_batch": [
            with_range(per_batch(number, sector=code))
            | {"sector_name_zh": zh, "sector_name_en": en}
            for number in BATCHES
            for code, (zh, en) in SECTORS.items()
        ],
        "sectors_by_year": [
            with_range({
                "announced_year": BATCHES[number][1].year, "sector": code, "sector_name_zh": zh,
                "sector_name_en": en, "filings": counted(batch_no=number, sector=code),
                "share": counted(batch_no=number, sector=code) / counted(batch_no=number),
            })
            for number in BATCHES
            for code, (zh, en) in SECTORS.items()
        ],
        "modalities_by_batch": [
            per_batch(number)
            | {"side": side, "modality": code, "modality_name_zh": zh, "modality_name_en": en}
            for number in BATCHES
            for side, kinds in (
                ("input", KINDS),
                ("output", KINDS),
                ("technique", {"multimodal": ("多模态", "Multimodal"),
                               "cross_modal": ("跨模态", "Cross-modal")}),
            )
            for code, (zh, en) in kinds.items()
        ],
        "roles_by_batch": [
            per_batch(number, role=role) | {"role": role}
            for number in BATCHES
            for role in ("provider", "technical_supporter")
        ],
        "regions_by_sector": [
            {
                "province_code": province, "province_name": names[0],
                "province_name_en": names[1], "place_filings": counted(province_code=province),
                "sector": code, "sector_name_zh": zh, "sector_name_en": en,
                "filings": 10 * counted(province_code=province, sector=code),
                "sector_filings": counted(sector=code), "location_quotient": 1.5,
            }
            for province, names in PROVINCES.items()
            for code, (zh, en) in SECTORS.items()
        ],
        "pass_rates": [
            {
                "batch_no": number, "basis": basis, "passed": 9, "submitted": 10,
                "pass_rate": 0.9, "denominator": "numbers", "is_official": basis == "issued",
                "is_implied": False, "source_title": None, "note": None,
            }
            for number in BATCHES
            for basis in ("issued", "reported")
        ],
        "cancellations": [
            cancellation("甲", "matched"), cancellation("甲", "not_listed"),
            cancellation("甲", "other_kind", is_deep_synthesis=False),
        ],
        "filing_events": [
            events
            | {"filing_number": f"{n:021d}", "event_no": 1, "seen_at": datetime(2025, 1, n)}
            | (renamed if n == 1 else {})
            for n in (1, 2)
        ],
        "article_claims": CLAIMS,
        "article_claim_readings": [
            {"claim_id": f"claim_{number}", "measured_value": value}
            for number, values in READINGS.items()
            for value in values
        ],
    } | make_register_marts()  # fmt: skip


def counted(**values: object) -> int:
    """How many listed filings have these values."""
    return sum(all(filing[name] == value for name, value in values.items()) for filing in LISTED)


def until(batch_no: int, **values: object) -> int:
    """How many listed filings up to a batch have these values."""
    return sum(counted(batch_no=number, **values) for number in BATCHES if number <= batch_no)


def per_batch(batch_no: int, **values: object) -> Row:
    """Filings and share of these values, in a batch and up to it."""
    here, so_far = counted(batch_no=batch_no, **values), until(batch_no, **values)
    return values | {
        "batch_no": batch_no, "filings": here, "share": here / counted(batch_no=batch_no),
        "cumulative_filings": so_far, "cumulative_share": so_far / until(batch_no),
    }  # fmt: skip


def with_range(row: Row) -> Row:
    """The row with a range of reading error around its share."""
    return row | {"share_low": 0.9 * row["share"], "share_high": min(1.1 * row["share"], 1.0)}


def make_report_context(folder: Path, source: str = "replica") -> ReleaseContext:
    """A release context over these marts."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(folder / DATABASE)) as connection:
        for name, rows in make_marts().items():
            _create(connection, name, rows)
    return ReleaseContext(folder, [MART], {}, "c0ffee" * 10, "1.0.0", source)


def _create(connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Row]) -> None:
    frame = pl.DataFrame(rows, infer_schema_length=None)
    nulls = [column for column, kind in frame.schema.items() if kind == pl.Null]
    connection.register("rows", frame.with_columns(pl.col(nulls).cast(pl.String)))
    connection.execute(f"create table {name} as from rows")
    connection.unregister("rows")
