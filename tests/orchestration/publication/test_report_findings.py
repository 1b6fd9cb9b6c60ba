"""The sentence above each figure of the report, and the wording of numbers and codes."""

from datetime import date

import pytest

from orchestration.publication.report.figures import Row, Text
from orchestration.publication.report.sections import SECTIONS
from orchestration.publication.report.sections.registers import THREE_REGISTERS
from orchestration.publication.report.wording import (
    ROLES,
    between,
    chinese_numeral,
    counted,
    english_numeral,
    named,
    percent,
    quantity,
    range_of_error,
    with_count,
)

FIGURES = {figure.name: figure for section in SECTIONS for figure in section.figures}


def batch(batch_no: int, filings: int, entities: int = 10, new_share: float = 0.5) -> Row:
    return {"batch_no": batch_no, "filings": filings, "entities": entities, "new_share": new_share}


def place(kind: str, zh: str, en: str, filings: int, share: float) -> Row:
    return {f"{kind}_zh": zh, f"{kind}_en": en, "filings": filings, "share": share}


def sector(code: str, zh: str, en: str, **values: object) -> Row:
    return {"sector": code, "sector_zh": zh, "sector_en": en} | values


def technique(batch_no: int, name: str, share: float) -> Row:
    return {"batch_no": batch_no, "technique": name, "cumulative_share": share}


def notice(day: int, status: str, records: int) -> Row:
    return {"published_on": date(2025, 7, day), "notice_title": "注销公告", "status": status,
            "records": records}  # fmt: skip


def modality(side: str, zh: str, en: str, share: float) -> Row:
    return {"side": side, "modality_zh": zh, "modality_en": en, "share": share}


def pair(given: tuple[str, str, str], made: tuple[str, str, str], share: float) -> Row:
    return {
        "input": given[0], "input_zh": given[1], "input_en": given[2],
        "output": made[0], "output_zh": made[1], "output_en": made[2], "share": share,
    }  # fmt: skip


TEXT, IMAGE = ("text", "文本", "Text"), ("image", "图像", "Image")
PROVINCES = [
    place("province", "广东", "Guangdong", 2310, 0.2975),
    place("province", "北京", "Beijing", 900, 0.2),
    place("province", "浙江", "Zhejiang", 300, 0.1),
    place("province", "江苏", "Jiangsu", 90, 0.05),
]
SECTORS = [
    sector("general", "通用", "General", share=0.2, filings=20),
    sector("health", "医疗", "Health", share=0.15, filings=15),
    sector("creative", "创意工具", "Creative tools", share=0.14, filings=14),
    sector("law", "法律", "Law", share=0.1, filings=10),
    sector("media", "媒体", "Media", share=0.05, filings=5),
    sector("energy", "能源", "Energy", share=0.01, filings=1),
]
CASES: list[tuple[str, list[Row], str, str]] = [
    (
        "article_claims",
        [
            {"verdict": code}
            for code in ("supported", "contradicted", "contradicted", *["inconclusive"] * 4)
        ],
        "7 条论断中，1 条成立，2 条不成立，4 条无定论，0 条无法测算",
        (
            "Of 7 claims, the registers support 1 and contradict 2; "
            "4 remain inconclusive and 0 cannot be measured"
        ),
    ),
    (
        "filings_by_batch",
        [batch(1, 41), batch(2, 1500), batch(3, 706)],
        "第 2 批最多，有 1,500 项；最近的第 3 批有 706 项",
        "Batch 2 is the largest, with 1,500 filings. The latest, batch 3, has 706",
    ),
    (
        "entities_by_batch",
        [batch(1, 41), batch(2, 9, entities=620, new_share=0.86)],
        "第 2 批的 620 个主体中，86% 为首次备案",
        "Of the 620 entities in batch 2, 86% file for the first time",
    ),
    (
        "regions_map",
        PROVINCES,
        "广东、北京、浙江合计占全部备案的 60%",
        "Guangdong, Beijing and Zhejiang account for 60% of all filings",
    ),
    (
        "regions_map",
        PROVINCES[:2],
        "备案来自广东、北京",
        "Filings come from Guangdong and Beijing",
    ),
    (
        "regions_ranked",
        PROVINCES,
        "广东居首，共 2,310 项，占 29.8%；清单涉及 4 个省级行政区",
        "Guangdong leads with 2,310 filings (29.8%); the lists cover 4 provinces",
    ),
    (
        "cities",
        [place("city", f"城{n}", f"City {n}", 1, 0.1) for n in range(1, 8)],
        "五个城市（城1、城2、城3、城4、城5）合计占全部备案的 50%",
        ("Five cities account for 50% of all filings: City 1, City 2, City 3, City 4 "
        "and City 5"),
    ),
    (
        "tiers",
        [
            {"batch_no": number, "tier": tier, "cumulative_share": share}
            for number in (1, 2)
            for tier, share in ((1, 0.3 * number), (2, 0.1 * number), (3, 0.05 * number))
        ],
        "按备案数排名，前三位省级行政区占 60.0%，第四至七位占 20.0%，其余占 10.0%",
        ("The top three provinces account for 60.0% of filings, the next four for 20.0%, "
        "all others for 10.0%"),
    ),
    (
        "tiers",
        [
            {"batch_no": 1, "tier": 1, "cumulative_share": 0.9},
            {"batch_no": 1, "tier": 2, "cumulative_share": 0.1},
        ],
        "按备案数排名，前三位省级行政区占 90.0%，其余占 10.0%",
        "The top three provinces account for 90.0% of filings, all others for 10.0%",
    ),
    (
        "tiers",
        [{"batch_no": 1, "tier": 1, "cumulative_share": 1.0}],
        "全部备案来自不超过三个省级行政区",
        "All filings come from no more than three provinces",
    ),
    (
        "filings_by_batch",
        [batch(1, 41)],
        "第 1 批共 41 项备案",
        "Batch 1 has 41 filings",
    ),
    (
        "filings_by_batch",
        [batch(1, 41), batch(2, 1)],
        "第 1 批最多，有 41 项；最近的第 2 批有 1 项",
        "Batch 1 is the largest, with 41 filings. The latest, batch 2, has 1",
    ),
    (
        "filings_by_batch",
        [batch(1, 41), batch(2, 42)],
        "最近的第 2 批是迄今最多的一批，有 42 项",
        "The latest batch, 2, is the largest so far, with 42 filings",
    ),
    (
        "entities_by_batch",
        [batch(1, 41, entities=1)],
        "第 1 批有 1 个备案主体，均为首次备案",
        "Batch 1 has 1 new entity",
    ),
    ("cancelled_filings", [{}], "已注销的 1 项备案", "The one cancelled filing"),
    ("last_batch_filings", [{}], "最近一批的 1 项备案", "The one filing of the last batch"),
    (
        "cancellations",
        [notice(1, "other_kind", 1)],
        "1 份公告共注销 1 个备案编号，其中 0 个曾列入深度合成清单",
        "1 notice cancels 1 number, none of which were in the deep-synthesis lists",
    ),
    (
        "sectors_ranked",
        SECTORS,
        "通用模型与创意工具合计占 34%；各行业中以医疗、法律、媒体最多",
        ("General models and creative tools account for 34%; the largest industries are health, "
        "law and media"),
    ),
    (
        "sectors_by_year",
        [
            sector("law", "法律", "Law", announced_year=2023, share=0.01),
            sector("media", "媒体", "Media", announced_year=2023, share=0.3),
            sector("law", "法律", "Law", announced_year=2024, share=0.5),
            sector("law", "法律", "Law", announced_year=2025, share=0.12),
            sector("media", "媒体", "Media", announced_year=2025, share=0.1),
            sector("energy", "能源", "Energy", announced_year=2025, share=0.9),
        ],
        (
            "2023 至 2025 年，法律占比上升最多（1%\u00a0→\u00a012%），"
            "媒体下降最多（30%\u00a0→\u00a010%）"
        ),
        ("From 2023 to 2025, law rose most (1%\u00a0→\u00a012%) and media fell most "
        "(30%\u00a0→\u00a010%)"),
    ),
    (
        "sectors_by_year",
        [sector("law", "法律", "Law", announced_year=2023, share=1.0)],
        "各行业的占比",
        "Shares of the sectors",
    ),
    (
        "sectors_over_time",
        [
            sector(code, "", "", batch_no=number, filings=filings)
            for number in range(1, 8)
            for code, filings in (("general", 7 - number), ("creative", 1), ("law", number + 2))
        ],
        "通用模型与创意工具合计：前三批占 60%，最近三批占 20%",
        ("General models and creative tools account for 60% of the first three batches and 20% "
        "of the last three"),
    ),
    (
        "sectors_over_time",
        [sector("law", "", "", batch_no=number, filings=1) for number in range(1, 6)],
        "各批次的行业构成",
        "Sectors of each batch",
    ),
    (
        "sectors_by_region",
        [
            place("province", zh, en, filings, 0.1)
            | sector("law", "法律", "Law", location_quotient=quotient)
            for zh, en, filings, quotient in (
                ("北京", "Beijing", 10, 1.5), ("湖北", "Hubei", 9, 9.9),
                ("山东", "Shandong", 20, 3.06),
                ("江苏", "Jiangsu", 30, 2.0), ("海南", "Hainan", 40, 1.2),
            )
        ],
        ("与全国相比，占比最突出的是山东的法律（为全国的 3.1 倍）、"
        "江苏的法律（为全国的 2.0 倍）、北京的法律（为全国的 1.5 倍）"),
        ("Most over-represented compared with the country: Shandong, law (3.1×); Jiangsu, law "
        "(2.0×); Beijing, law (1.5×)"),
    ),
    (
        "modalities",
        [
            modality("input", "文本", "Text", 0.9), modality("output", "文本", "Text", 0.748),
            modality("output", "图像", "Image", 0.239), modality("output", "音频", "Audio", 0.115),
            modality("output", "视频", "Video", 0.1),
        ],
        "最常见的输出：文本 74.8%、图像 23.9%、音频 11.5%",
        "The most common outputs: text 74.8%, image 23.9%, audio 11.5%",
    ),
    (
        "inputs_outputs",
        [pair(TEXT, TEXT, 0.7), pair(IMAGE, IMAGE, 0.1), pair(TEXT, IMAGE, 0.05)],
        "70% 的备案属于“文本→文本”；在输入与输出类型不同的组合中，“文本→图像”最多",
        ("70% of filings turn text into text; the most common pair of different kinds is text "
        "into image"),
    ),
    (
        "techniques_over_time",
        [
            technique(1, "multimodal", 0.5), technique(1, "cross_modal", 0.6),
            technique(2, "multimodal", 0.17), technique(2, "cross_modal", 0.31),
        ],
        "全部备案中 31% 为跨模态，17% 为多模态",
        "31% of all filings are cross-modal, 17% are multimodal",
    ),
    (
        "entities",
        [{"entity_name": "甲公司", "filings": 25}, {"entity_name": "乙公司", "filings": 20}],
        "备案最多的是甲公司，有 25 项",
        "甲公司 has the most filings: 25",
    ),
    (
        "entities",
        [
            {"entity_name": "甲公司", "group_name_en": "Tencent", "filings": 25},
            {"entity_name": "乙公司", "group_name_en": None, "filings": 25},
        ],
        "甲公司、乙公司的备案最多，各有 25 项",
        "甲公司 (Tencent) and 乙公司 have the most filings: 25 each",
    ),
    (
        "filings_per_entity",
        [
            {"smallest": 1, "share_of_entities": 0.8, "share_of_filings": 0.57},
            {"smallest": 2, "share_of_entities": 0.2, "share_of_filings": 0.43},
        ],
        "80% 的主体只有一项备案，合计占全部备案的 57%",
        "80% of entities have a single filing; together they account for 57% of all filings",
    ),
    (
        "roles",
        [
            {"role": "technical_supporter", "cumulative_share": 0.1},
            {"role": "technical_supporter", "cumulative_share": 0.22},
            {"role": "provider", "cumulative_share": 0.78},
        ],
        "以服务技术支持者身份提交的备案占 22%",
        "Technical supporters account for 22% of all filings",
    ),
    (
        "pass_rates",
        [
            {"is_official": True, "pass_rate": 0.961}, {"is_official": True, "pass_rate": 1.0},
            {"is_official": False, "pass_rate": 0.5},
        ],
        "根据备案编号推算的比率在 96.1% 至 100% 之间，但都不是备案申请的通过率",
        ("Rates derived from official numbers lie between 96.1% and 100%; none of them is an "
        "approval rate"),
    ),
    (
        "pass_rates",
        [{"is_official": False, "pass_rate": 0.5}],
        "没有可用的通过率",
        "No pass rate is available",
    ),
    (
        "cancellations",
        [notice(1, "listed", 18), notice(1, "other_kind", 10), notice(2, "listed", 5)],
        "2 份公告共注销 33 个备案编号，其中 23 个曾列入深度合成清单",
        "2 notices cancel 33 numbers, 23 of which were in the deep-synthesis lists",
    ),
    ("cancellations", [], "尚无注销公告", "No cancellation notice yet"),
    ("cancelled_filings", [{}, {}], "已注销的 2 项备案", "The 2 cancelled filings"),
    (
        "last_batch_sectors",
        [
            sector("law", "法律", "Law", share=0.2, earlier_share=0.1),
            sector("media", "媒体", "Media", share=0.5, earlier_share=0.45),
            sector("energy", "能源", "Energy", share=0.9, earlier_share=None),
        ],
        "占比上升最多的行业：法律 10%\u00a0→\u00a020%",
        "Law rose most compared with all earlier batches: 10%\u00a0→\u00a020%",
    ),
    (
        "last_batch_filings",
        [{}] * 1234,
        "最近一批的 1,234 项备案",
        "The 1,234 filings of the last batch",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rows", "zh", "en"), CASES)
def test_finding_summarises_its_rows(name, rows, zh, en):
    assert FIGURES[name].finding(rows) == Text(zh, en)


def test_every_figure_has_a_tested_finding():
    # The others are tested in test_report_events and test_report_registers.
    others = {"events", *(figure.name for figure in THREE_REGISTERS.figures)}
    assert {name for name, *_ in CASES} | others == set(FIGURES)


def test_chart_of_claims_has_room_for_measured_shares_only():
    share = {"unit": "percent", "tolerance": 1.0, "stated_value": 40.0, "measured_value": 39.0}
    others = [{"tolerance": 10.0}, {"unit": "filing"}, {"measured_value": None}]
    rows = [share, share, *(share | other for other in others)]
    assert FIGURES["article_claims"].draw("en", rows).to_dict()["height"] == 84


def test_legend_of_cancellations_names_only_what_was_cancelled():
    drawn = str(FIGURES["cancellations"].draw("en", [notice(1, "listed", 2)]).to_dict()["encoding"])
    assert "['Listed deep-synthesis filings']" in drawn and "Other kinds" not in drawn


@pytest.mark.parametrize("name", ["cities", "regions_ranked", "sectors_ranked", "entities"])
def test_bars_keep_the_order_of_the_rows(name):
    (layer, *_) = FIGURES[name].draw("en", []).to_dict()["layer"]
    assert layer["encoding"]["y"]["sort"] is None


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (None, "percent", "—", "—"),
        (39.5, "percent", "39.5%", "39.5%"),
        (40.0, "percent", "40%", "40%"),
        (0.0375, "percent", "<0.1%", "<0.1%"),
        (0.0, "percent", "0%", "0%"),
        (2024.0, "year", "2024 年", "2024"),
        (5000.0, "filing", "5,000 项", "5,000 filings"),
        (1.0, "filing", "1 项", "1 filing"),
    ],
)
def test_quantity_has_its_unit(value, unit, zh, en):
    assert quantity(value, unit) == Text(zh, en)


def test_percent_rounds_to_the_digits_asked_for():
    assert [percent(0.1256), percent(0.1256, 0), percent(None)] == ["12.6%", "13%", "—"]


def test_percentage_of_something_is_not_rounded_to_nothing():
    assert [percent(0.0004), percent(0.004, 0), percent(0.0)] == ["<0.1%", "<1%", "0.0%"]


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (1, 2665, Text("2,665 项中有 1 项", "1 of 2,665")),
        (0, 0, None),
        (125, 2, None),
        (None, 5, None),
        (5, None, None),
    ],
)
def test_share_counts_part_of_a_whole(part, whole, shown):
    assert counted(part, whole) == shown


@pytest.mark.parametrize(
    ("low", "high", "unit", "zh", "en"),
    [
        (12.0, 12.0, "percent", "12%", "12%"),
        (12.0, 13.5, "percent", "12% 至 13.5%", "12% to 13.5%"),
        (0.0, 1.0, "filing", "0 至 1 项", "0 to 1 filing"),
        (3234.0, 4294.0, "filing", "3,234 至 4,294 项", "3,234 to 4,294 filings"),
    ],
)
def test_range_has_its_unit_once_and_one_value_is_no_range(low, high, unit, zh, en):
    assert between(low, high, unit) == Text(zh, en)


def test_range_without_an_upper_limit_has_its_lower_end():
    assert range_of_error(-63.44, 173.5, "percent") == Text("-63.4% 至 173.5%", "-63.4% to 173.5%")
    assert range_of_error(53.0, None, "percent") == Text("不低于 53%", "53% or more")


def test_definition_ends_with_what_it_counts():
    definition = Text("口径说明。", "A definition.")
    assert with_count(definition, None) == definition
    assert with_count(definition, counted(101, 2260)) == Text(
        "口径说明：2,260 项中有 101 项。", "A definition: 101 of 2,260."
    )


def test_code_without_words_is_never_shown():
    assert named(ROLES, "provider") == Text("服务提供者", "Provider")
    assert named(ROLES, "new_role") == Text("其他", "Other")


def test_chinese_numerals_above_ten_are_digits():
    assert [chinese_numeral(number) for number in (2, 3, 10, 11)] == ["两", "三", "十", "11"]


def test_english_numerals_above_ten_are_digits():
    assert [english_numeral(number) for number in (1, 3, 10, 1100)] == [
        "one",
        "three",
        "ten",
        "1,100",
    ]
