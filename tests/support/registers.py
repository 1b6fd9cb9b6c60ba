"""Modified registers: with an invented batch, with amended rows, or with other lists.

register = with_new_batch(load_register(), 19, rows=5)
register = amend(register, 3, "110108…", products="新产品（APP）")
register = with_list(register, replace(register.service_lists[0], month="2026-10", label="…"))
register = without_list(register, register.recommendation_lists[0])
register = with_new_lists(register, "2026-10", rows=3)
"""

from dataclasses import replace
from datetime import date
from itertools import count
from types import MappingProxyType
from typing import Any

from scrapers.replica.facts import AnnouncementFact, FilingFact, Register
from scrapers.replica.generative import ServiceFact, ServiceList
from scrapers.replica.recommendation import RecommendationFact, RecommendationList

_KINDS = (
    ("文本生成", "文本", "文本", "算法"),
    ("图像生成", "文本、图像", "图像", "图像生成算法"),
    ("数字人视频生成", "文本、音频", "视频、数字人", "数字人算法"),
)


def check_digit(digits: str) -> str:
    """The 21st digit for the first 20, by the rule inferred from published numbers."""
    remainder = 0
    for digit in digits:
        remainder = 2 * (remainder + int(digit)) % 10
    return str((11 - remainder) % 10)


def with_new_batch(register: Register, batch_no: int, rows: int) -> Register:
    """The register with one more batch of `rows` filings by new entities.

    The numbers are valid, the page has a new address, and the list's month is later than every
    other. Raises ValueError if the batch exists.
    """
    if batch_no in register.filings:
        raise ValueError(f"batch {batch_no} is in the register already")
    last = register.announcements[-1].published_on
    months = last.year * 12 + last.month - 1 + 2
    published_on = date(months // 12, months % 12 + 1, 15)
    announcement = AnnouncementFact(
        batch_no=batch_no,
        list_month=f"{published_on:%Y-%m}",
        published_on=published_on,
        page_path=f"/{published_on:%Y-%m/%d}/c_17{batch_no:014d}.htm",
    )
    known = {f.filing_number[6:13] for batch in register.filings.values() for f in batch}
    unused = (f"{number:07d}" for number in count(1_000_000) if f"{number:07d}" not in known)
    filings = tuple(
        _filing(batch_no, row, f"110108{entity_id}01{published_on:%y}001")
        for row, entity_id in zip(range(1, rows + 1), unused, strict=False)
    )
    return replace(
        register,
        announcements=(*register.announcements, announcement),
        filings=MappingProxyType({**register.filings, batch_no: filings}),
    )


def amend(register: Register, batch_no: int, filing_number: str, **changes: Any) -> Register:
    """The register with fields of one filing changed. Raises KeyError if it does not exist."""
    rows = register.filings.get(batch_no, ())
    if filing_number not in {row.filing_number for row in rows}:
        raise KeyError(f"batch {batch_no} has no filing {filing_number}")
    amended = tuple(
        replace(row, **changes) if row.filing_number == filing_number else row for row in rows
    )
    return with_rows(register, batch_no, amended)


def with_second_address(register: Register, batch_no: int) -> Register:
    """The register with one batch announced on two pages, as batch 16 was in reality."""
    first = register.announcement(batch_no)
    again = replace(first, page_path=first.page_path.replace("/c_1", "/c_2"))
    return replace(register, announcements=(*register.announcements, again))


def with_rows(register: Register, batch_no: int, rows: tuple[FilingFact, ...]) -> Register:
    """The register with the list of one batch replaced."""
    return replace(register, filings=MappingProxyType({**register.filings, batch_no: rows}))


def with_list(register: Register, listed: RecommendationList | ServiceList) -> Register:
    """The register with one more list after the others, or with the list of that month replaced."""
    name = _lists_of(listed)
    lists = {item.month: item for item in getattr(register, name)} | {listed.month: listed}
    return replace(register, **{name: tuple(lists.values())})


def without_list(register: Register, listed: RecommendationList | ServiceList) -> Register:
    """The register without the list of that month. Raises KeyError if there is none."""
    name = _lists_of(listed)
    lists = {item.month: item for item in getattr(register, name)}
    del lists[listed.month]
    return replace(register, **{name: tuple(lists.values())})


def with_new_lists(register: Register, month: str, rows: int) -> Register:
    """The register with one more recommendation list and one more list of services.

    Each has `rows` rows with new and valid numbers; every other service is registered.
    """
    year, number = month.split("-")
    period = f"（{year}年{int(number)}月）"
    filings = RecommendationList(
        month,
        f"境内互联网信息服务算法备案清单{period}",
        len(register.recommendation_lists) + 1,
        tuple(_recommendation(row, year) for row in range(1, rows + 1)),
    )
    services = ServiceList(
        month,
        f"生成式人工智能服务已备案和已登记信息{period}",
        register.service_lists[-1].headings,
        tuple(_service(row, year) for row in range(1, rows + 1)),
    )
    return with_list(with_list(register, filings), services)


def _lists_of(listed: RecommendationList | ServiceList) -> str:
    is_recommendation = isinstance(listed, RecommendationList)
    return "recommendation_lists" if is_recommendation else "service_lists"


def _filing(batch_no: int, row: int, digits: str) -> FilingFact:
    scenario, given, made, suffix = _KINDS[row % len(_KINDS)]
    return FilingFact(
        batch_no=batch_no,
        position=str(row),
        algorithm_name=f"试验{batch_no}之{row}{suffix}",
        role="provider" if row % 2 else "technical_supporter",
        entity_name=f"试验{batch_no}之{row}科技有限公司",
        products=f"试验{row}（APP）、试验{row}（网站）" if row % 2 else "--",
        filing_number=digits + check_digit(digits),
        scenario=scenario,
        clients="" if row % 2 else "企业端",
        given=given,
        made=made,
        serves="",
        means="",
        note="",
    )


def _recommendation(row: int, year: str) -> RecommendationFact:
    digits = f"110108{2_000_000 + row}02{year[2:]}001"
    return RecommendationFact(
        position=str(row),
        algorithm_name=f"试验推送{row}算法",
        category="个性化推送类",
        entity_name=f"试验推送{row}科技有限公司",
        products=f"试验{row}（APP）",
        filing_number=digits + check_digit(digits),
        scenario="信息流推荐",
        note="",
    )


def _service(row: int, year: str) -> ServiceFact:
    table, mark = ("filed", "") if row % 2 else ("registered", "S")
    return ServiceFact(
        table=table,
        # Positions count each table separately.
        position=str(1_200 + (row + 1) // 2),
        region="北京市",
        service_name=f"试验{row}大模型",
        entity_name=f"试验服务{row}科技有限公司",
        service_number=f"Beijing-ShiYan{row}-{year}0105{mark}{row:04d}",
        passed_on=f"{year}/2/{row}",
        devices="",
    )
