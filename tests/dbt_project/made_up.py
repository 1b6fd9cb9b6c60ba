"""Made-up lists and notices with the cases that the shipped register does not have.

The batch numbers are above those reviewed, so no review applies. Version n of every list is
retrieved on day n after 2026-05-19.
"""

from dataclasses import replace
from datetime import date, datetime

from scrapers.replica.facts import CancellationFact, FilingFact
from scrapers.replica.generative import ServiceFact
from scrapers.replica.recommendation import RecommendationFact
from tests.dbt_project.attached_lists import AttachedFact
from tests.dbt_project.validated_data import ListFact, filing
from tests.support.registers import check_digit


def number(entity: int, serial: int = 1, kind: str = "01", region: str = "110108") -> str:
    digits = f"{region}{entity:07d}{kind}23{serial:03d}"
    return digits + check_digit(digits)


def rows(*entities: int) -> list[FilingFact]:
    return [filing(number(entity)) for entity in entities]


def versions(
    batch_no: int, announced_on: date, *lists: list[FilingFact], **last: object
) -> list[ListFact]:
    """Versions of the list of one batch. The last one is current and has these fields."""
    facts = [
        ListFact(batch_no, tuple(filings), announced_on, version_no=n, is_current=False)
        for n, filings in enumerate(lists, 1)
    ]
    return [*facts[:-1], replace(facts[-1], is_current=True, **last)]


# Batch 101: a list with three versions, named by a clock that was wrong for the second.
AMENDED, GONE, BROKEN, RENAMED, REPURPOSED, RELISTED, NAMED_BACK, STEADY, BRIEF, LATE, MENDED = map(
    number, range(1, 12)
)


def _history() -> list[ListFact]:
    (amended, gone, broken, renamed, repurposed, relisted, named_back, steady, brief, late, mended
     ) = rows(*range(1, 12))  # fmt: skip
    renamed_now = replace(renamed, entity_name="全然不同的一家企业")
    repurposed_now = replace(repurposed, scenario="新闻播报")
    first = [amended, gone, broken, renamed, repurposed, relisted, named_back, steady, mended]
    second = [
        replace(amended, products="新产品（APP）、另一（网站）"), renamed_now, repurposed_now,
        replace(named_back, entity_name="另一个名称"),
        replace(steady, algorithm_name=f"{steady.algorithm_name} "), brief,
    ]  # fmt: skip
    third = [amended, renamed_now, repurposed_now, relisted, named_back, steady, late, mended]
    lists = versions(101, date(2024, 5, 20), first, second, third)
    quarantines = [(), (BROKEN, MENDED), (BROKEN,)]
    years = [2026, 2099, 2026]
    # The first version is a copy with reworded purposes.
    sources = ["replica", "live", "live"]
    return [
        replace(
            fact,
            clock=datetime(year, 1, fact.version_no),
            quarantined=len(numbers),
            quarantined_numbers=numbers,
            fetched_from=source,
        )
        for fact, numbers, year, source in zip(lists, quarantines, years, sources, strict=True)
    ]


# Batches 102 and 103: two lists that share numbers.
LISTED_AGAIN, OTHER_ALGORITHM, MOVED = map(number, (20, 21, 24))


def _shared_numbers() -> list[ListFact]:
    again, other, moved = rows(20, 21, 24)
    second = [
        replace(again, products="另一（APP）"),
        replace(other, algorithm_name="完全另外的算法"),
        *rows(23),
    ]
    return [
        *versions(102, date(2024, 9, 1), [again, other, *rows(22), moved]),
        *versions(103, date(2025, 5, 19), second, [*second, moved]),
    ]


# Batches 104 to 108: a number only in quarantine, a version held back, unknown divisions, two names
# of one entity, and notes.
UNEXPLAINED_NAME = "完全另外的机构"
CANCELLED_BY_NOTE, UNRECOGNISED_NOTE, RENAMED_BY_NOTE = map(number, (50, 51, 52))


def _single_cases() -> list[ListFact]:
    announced_on = date(2025, 7, 14)
    listed = [filing(number(30, serial=serial)) for serial in (1, 4)]
    quarantined = {"quarantined": 1, "quarantined_numbers": (number(30, serial=3),)}
    accepted = ListFact(105, tuple(rows(31, 32)), announced_on)
    held_back = ListFact(
        105, tuple(rows(31)), announced_on, version_no=2, status="held_back", is_current=False
    )
    regions = [filing(number(33, region=region)) for region in ("110108", "406301", "440399")]
    names = [
        filing(number(40)),
        replace(filing(number(40, serial=2)), entity_name=UNEXPLAINED_NAME),
    ]
    notes = [
        filing(CANCELLED_BY_NOTE, products="--", note="已注销", role="technical_supporter"),
        filing(UNRECOGNISED_NOTE, note="转让给乙公司"),
        filing(RENAMED_BY_NOTE, note="变更内容：主体名称“旧公司”变更为“公司0000052”"),
    ]
    return [
        *versions(104, announced_on, listed, **quarantined),
        accepted, held_back,
        *versions(106, announced_on, regions),
        *versions(107, announced_on, names),
        *versions(108, announced_on, notes),
    ]  # fmt: skip


LISTS = [*_history(), *_shared_numbers(), *_single_cases()]

# Notices: one of three numbers; one that repeats a number with another month, and has fewer records
# than its title says; one that names a filing by other names; one of a number that no list shows.
_FIRST = CancellationFact(
    "notice_1", date(2025, 7, 14), "关于注销“甲算法”等3个算法备案编号的公告", "甲算法",
    "服务提供者", "公司0000001", "--", AMENDED, "2025年7月",
)  # fmt: skip
_ONE = "关于注销“甲算法”算法备案编号的公告"
RECORDS = [
    _FIRST,
    replace(_FIRST, filing_number=GONE, entity_name="公司0000002"),
    replace(_FIRST, filing_number=number(1, kind="02"), role="检索过滤类"),
    replace(_FIRST, notice_id="notice_2", notice_date=date(2025, 9, 1),
            cancelled_month="2025年8月"),
    replace(_FIRST, notice_id="notice_3", title=_ONE, filing_number=STEADY, entity_name="别的公司"),
    replace(_FIRST, notice_id="notice_4", title=_ONE, filing_number=number(99)),
]  # fmt: skip


# Recommendation lists: one amended, one number that deep synthesis lists too, one cancelled by a
# notice, and one in two lists.
PUSHED, SHARED, SHARED_GONE, PUSH_CANCELLED, PUSHED_TWICE = (
    number(60, kind="02"), number(22), GONE, number(1, kind="02"), number(62, kind="02")
)  # fmt: skip


def _pushed(filing_number: str, **changes: str) -> RecommendationFact:
    category = {"01": "生成合成类", "02": "个性化推送类"}[filing_number[13:15]]
    fact = RecommendationFact(
        "", f"算法{filing_number[6:]}", category, f"公司{filing_number[6:13]}", "某某（APP）",
        filing_number, "新闻推荐", "",
    )  # fmt: skip
    return replace(fact, **changes)


_FIRST_PUSHED = tuple(map(_pushed, (PUSHED, SHARED, SHARED_GONE, PUSH_CANCELLED, PUSHED_TWICE)))
RECOMMENDATION = [
    AttachedFact("2024-06", _FIRST_PUSHED, is_current=False),
    AttachedFact(
        "2024-06",
        (_pushed(PUSHED, products="另一（APP）"), *_FIRST_PUSHED[1:]),
        version_no=2,
    ),
    AttachedFact("2024-08", (_pushed(PUSHED_TWICE),), version_no=3),
]

# Services: of a company with a code, of one that was renamed, and of unknown ones; two names in
# each other's column; a position that is skipped, and one that is repeated; one service that is
# gone.
KNOWN, FORMERLY_KNOWN, UNKNOWN, SWAPPED, REPEATED, GONE_SERVICE = (
    f"Beijing-{name}-20250101000{place}" for place, name in enumerate("ABCDEF", 1)
)
CALLS_A_MODEL = "Shanghai-G-20250101S0001"


def _service(
    service_number: str, position: int, service_name: str, entity_name: str, table: str = "filed"
) -> ServiceFact:
    return ServiceFact(
        table, str(position), "北京市", service_name, entity_name, service_number, "2025/1/2", ""
    )


_FIRST_SERVICES = (
    _service(KNOWN, 1, "天气大模型", "公司0000001"),
    _service(FORMERLY_KNOWN, 2, "地图大模型", "旧公司"),
    _service(UNKNOWN, 3, "算术大模型", "无码科技"),
    _service(SWAPPED, 5, "某某有限公司", "换位大模型"),
)
SERVICES = [
    AttachedFact(
        "2025-02",
        (*_FIRST_SERVICES, _service(GONE_SERVICE, 6, "短命大模型", "无码科技")),
        is_current=False,
    ),
    AttachedFact("2025-02", _FIRST_SERVICES, version_no=2),
    AttachedFact(
        "2025-03",
        (
            _service(REPEATED, 5, "重号大模型", "另一科技"),
            _service(CALLS_A_MODEL, 1, "天气助手", "公司0000001", "registered"),
        ),
    ),
]
