"""The rows of the marts about all registers that the report reads: ten registrations."""

from datetime import date

Row = dict[str, object]
DEEP, RECOMMENDED, SERVICES = "deep_synthesis", "recommendation", "generative_services"
PLACES = {"110000": ("北京市", "Beijing"), "450000": ("广西壮族自治区", "Guangxi")}


NAMES = {DEEP: "算法", RECOMMENDED: "推荐", SERVICES: "服务"}
# The companies that have other names than 公司 and their code.
COMPANIES = {"0000002": "深圳市腾讯计算机系统有限公司"}
HARMFUL = "</script><script>alert(1)</script>"
SOURCE = "https://www.cac.gov.cn/list.docx"


def make_registration(register: str, serial: int, company: str, **others: object) -> Row:
    number = f"{serial:021d}" if register == DEEP else f"{register}-{serial}"
    return {
        "register": register, "number": number, "registrant_id": company,
        "entity_id": None if company.startswith("name:") else company,
        "entity_name": COMPANIES.get(company, f"公司{company}"), "status": "listed",
        "service_type": None, "other_registers": [], "name": f"{NAMES[register]}{serial}",
        "province_code": "110000", "province_name": "北京市", "province_name_en": "Beijing",
        "sector": "general", "listed_month": "2024-04", "passed_on": None, "source_url": SOURCE,
    } | others  # fmt: skip


REGISTRATIONS = [
    make_registration(DEEP, 1, "0000001", name="豆包大模型算法", listed_month="2023-06"),
    make_registration(DEEP, 2, "0000001", listed_month="2023-06"),
    make_registration(DEEP, 3, "0000002", status="cancelled", listed_month="2023-06",
                      sector="finance", province_name="江苏省", province_name_en="Jiangsu"),
    # The company has no other number in the register of recommendation algorithms.
    make_registration(DEEP, 4, "0000003", other_registers=[RECOMMENDED], name=HARMFUL),
    make_registration(DEEP, 5, "0000004", status="withdrawn_from_list"),
    make_registration(RECOMMENDED, 1, "0000001"),
    make_registration(RECOMMENDED, 2, "0000005"),
    make_registration(SERVICES, 1, "0000001", service_type="filed"),
    make_registration(SERVICES, 2, "0000002", service_type="registered"),
    make_registration(
        SERVICES, 3, "name:甲", service_type="filed", passed_on=date(2023, 8, 31),
        province_code=None, province_name=None, province_name_en=None,
    ),
]  # fmt: skip
COUNTED = [row for row in REGISTRATIONS if row["status"] != "withdrawn_from_list"]


def month(
    register: str, listed_month: str, new: int, total: int, kind: str | None = None, shared: int = 0
) -> Row:
    return {
        "register": register, "service_type": kind, "listed_month": listed_month,
        "registrations": new, "shared_registrations": shared, "cumulative_registrations": total,
    }  # fmt: skip


def region(register: str, province_code: str, registrations: int, share: float) -> Row:
    name, name_en = PLACES[province_code]
    return {
        "register": register, "province_code": province_code, "province_name": name,
        "province_name_en": name_en, "registrations": registrations,
        "registrants": registrations, "share": share,
    }  # fmt: skip


def track(company: str, came_first: str, months_apart: int) -> Row:
    return {"registrant_id": company, "came_first": came_first, "months_apart": months_apart}


def service(serial: int, kind: str, passed_on: date, **others: object) -> Row:
    return {
        "service_number": f"{SERVICES}-{serial}", "service_type": kind, "passed_on": passed_on,
        "list_month": "2024-04", "list_status": "listed", "list_position": serial, "devices": None,
    } | others  # fmt: skip


def total(kind: str, as_of_month: str, stated: int, listed: int) -> Row:
    return {
        "register": SERVICES, "service_type": kind, "as_of_month": as_of_month,
        "stated_total": stated, "listed_total": listed, "difference": listed - stated,
        "published_on": None,
    }  # fmt: skip


def make_register_marts() -> dict[str, list[Row]]:
    """The rows of every mart about all registers that the report's queries read."""
    named = {"entity_id": "0000001", "entity_name": "旧名公司", "name_no": 2, "relation": "renamed"}
    companies = list(dict.fromkeys(str(row["registrant_id"]) for row in COUNTED))
    return {
        "registrations": REGISTRATIONS,
        "registrants": [
            {
                "registrant_id": company,
                "entity_name": COMPANIES.get(company, f"公司{company}<b>"),
                "group_name": None, "group_name_en": None,
                "other_names": ["旧名(北京)公司"] if company == "0000001" else [],
                "registrations": sum(row["registrant_id"] == company for row in COUNTED),
            }
            for company in companies
        ],
        "registrations_by_month": [
            month(DEEP, "2023-06", 1, 1), month(DEEP, "2024-03", 3, 4, shared=1),
            month(RECOMMENDED, "2022-08", 3, 3, shared=1),
            month(SERVICES, "2024-04", 1, 1, "filed"), month(SERVICES, "2024-08", 1, 2, "filed"),
            month(SERVICES, "2024-04", 0, 0, "registered"),
            month(SERVICES, "2024-08", 1, 1, "registered"),
            month("empty", "2024-08", 0, 0),
        ],
        "registrations_by_region": [
            region(DEEP, "110000", 3, 0.75), region(DEEP, "450000", 1, 0.25),
            region(RECOMMENDED, "110000", 0, 0.0), region(RECOMMENDED, "450000", 2, 1.0),
            region(SERVICES, "110000", 1, 1 / 3), region(SERVICES, "450000", 1, 1 / 3),
        ],
        "dual_track": [
            track("0000001", "deep_synthesis", 3), track("0000006", "deep_synthesis", 3),
            track("0000002", "generative_services", -2),
        ],
        "generative_services": [
            service(1, "filed", date(2023, 8, 31)), service(3, "filed", date(2023, 8, 31)),
            service(2, "registered", date(2024, 8, 1), list_month="2024-08"),
            service(4, "filed", date(2023, 1, 1), list_status="withdrawn_from_list"),
        ],
        "recommendation_filings": [
            {
                "filing_number": f"{RECOMMENDED}-1", "list_position": 1, "category": "排序精选类",
                "products": "应用(APP)", "purpose": "应用于推荐。", "purpose_origin": "shipped",
                "note": None,
                "city_name": "北京市", "city_name_en": "Beijing", "district_name": "海淀区",
                "cancelled_month": None,
            }
        ],
        "entity_names": [named],
        "official_totals": [total("filed", "2024-08", 2, 2), total("registered", "2024-08", 2, 1)],
    }  # fmt: skip
