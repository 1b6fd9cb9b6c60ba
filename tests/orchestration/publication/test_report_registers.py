"""The section about all registers: its rows, its sentences, and what it leaves out."""

from datetime import date

import duckdb
import pytest
from bs4 import BeautifulSoup

from orchestration.publication.context import ReleaseContext
from orchestration.publication.report.figures import LANGS, Row, Text, measure
from orchestration.publication.report.page import render
from orchestration.publication.report.registers import joined, present, title
from orchestration.publication.report.sections.registers import THREE_REGISTERS
from orchestration.warehouse.marts import DATABASE
from scrapers.registers import REGISTERS
from tests.orchestration.publication.report_factories import make_report_context
from tests.orchestration.publication.report_register_factories import (
    DEEP,
    RECOMMENDED,
    SERVICES,
)

FIGURES = {figure.name: figure for figure in THREE_REGISTERS.figures}
DEEP_TITLE, RECOMMENDED_TITLE, SERVICES_TITLE = (title(n) for n in (DEEP, RECOMMENDED, SERVICES))


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ReleaseContext:
    return make_report_context(tmp_path_factory.mktemp("registers"))


def rows_of(context: ReleaseContext, query: str) -> list[Row]:
    with context.connect() as connection:
        return list(measure(connection, query))


def month(register: str, listed_month: str, total: int, shared: int = 0) -> Row:
    return {"register": register, "listed_month": listed_month, "cumulative_registrations": total,
            "shared_registrations": shared}  # fmt: skip


def region(register: str, zh: str, en: str, registrations: int, share: float) -> Row:
    return {"register": register, "province_zh": zh, "province_en": en, "share": share,
            "registrations": registrations}  # fmt: skip


def held(registers: str, companies: int) -> Row:
    return {"registers": registers, "register_count": registers.count("+") + 1,
            "companies": companies}  # fmt: skip


def top(company: str, register: str, registrations: int, total: int) -> Row:
    return {"registrant_id": company, "entity_name": company, "register": register,
            "registrations": registrations, "total": total}  # fmt: skip


def track(came_first: str, months_apart: int, companies: int) -> Row:
    return {"came_first": came_first, "months_apart": months_apart, "companies": companies}


def passed(on_first_day: int) -> Row:
    return {"first_passed_on": date(2023, 8, 31), "first_list_month": "2024-04",
            "on_first_day": on_first_day}  # fmt: skip


def stated(kind: str, total: int, listed: int) -> Row:
    return {"service_type": kind, "as_of_month": "2025-12", "stated_total": total,
            "listed_total": listed, "difference": listed - total}  # fmt: skip


CASES: list[tuple[str, list[Row], str, str]] = [
    (
        "registers_by_month",
        [month(SERVICES, "2024-04", 117), month(SERVICES, "2026-06", 1842),
         month(DEEP, "2026-07", 7764)],
        f"截至 2026 年 7 月的清单：{DEEP_TITLE.zh} 7,764 项，{SERVICES_TITLE.zh} 1,842 项",
        ("Registrations in the lists to July 2026: deep-synthesis algorithms 7,764, "
        "generative AI services 1,842"),
    ),
    (
        "registers_by_region",
        [region(DEEP, "广东", "Guangdong", 30, 0.3), region(DEEP, "北京", "Beijing", 20, 0.2),
         region(SERVICES, "上海", "Shanghai", 5, 0.25),
         region(SERVICES, "北京", "Beijing", 5, 0.25),
         region(RECOMMENDED, "北京", "Beijing", 0, 0.0)],
        (f"占比最高的省级行政区：{DEEP_TITLE.zh}为广东（30%），"
        f"{SERVICES_TITLE.zh}为上海、北京（各占 25%）"),
        ("Provinces with the largest share: deep-synthesis algorithms, Guangdong (30%); "
        "generative AI services, Shanghai and Beijing (25% each)"),
    ),
    (
        "register_combinations",
        [held(DEEP, 900), held(SERVICES, 60), held(f"{DEEP}+{SERVICES}", 39),
         held(f"{DEEP}+{SERVICES}+{RECOMMENDED}", 1)],
        "1,000 家主体中，40 家（4%）列入不止一类清单，三类清单均列入的有 1 家",
        "Of 1,000 companies, 40 (4%) are in more than one register; 1 is in all three",
    ),
    (
        "register_combinations",
        [held(DEEP, 7), held("new_register", 1), held(f"{DEEP}+{SERVICES}+{RECOMMENDED}", 2)],
        "10 家主体中，2 家（20%）列入不止一类清单",
        "Of 10 companies, 2 (20%) are in more than one register",
    ),
    (
        "register_combinations",
        [held(DEEP, 8), held(f"{DEEP}+{SERVICES}+{RECOMMENDED}+new_register", 2)],
        "10 家主体中，2 家（20%）列入不止一类清单，四类清单均列入的有 2 家",
        "Of 10 companies, 2 (20%) are in more than one register; 2 are in all four",
    ),
    (
        "register_combinations",
        [held(f"{DEEP}+{SERVICES}", 1)],
        "1 家主体中，1 家（100%）列入不止一类清单",
        "Of 1 company, 1 (100%) is in more than one register",
    ),
    (
        "top_registrants",
        [top("甲", SERVICES, 2, 7), top("甲", DEEP, 5, 7), top("乙", DEEP, 6, 6)],
        f"登记最多的是甲，共 7 项：{DEEP_TITLE.zh} 5 项、{SERVICES_TITLE.zh} 2 项",
        ("甲 has the most registrations, 7: deep-synthesis algorithms 5, "
        "generative AI services 2"),
    ),
    (
        "top_registrants",
        [top("甲", DEEP, 5, 7), top("甲", SERVICES, 2, 7), top("乙", DEEP, 7, 7)],
        "甲、乙的登记最多，各有 7 项",
        "甲 and 乙 have the most registrations: 7 each",
    ),
    (
        "tracks",
        [track("deep_synthesis", 2, 3), track("deep_synthesis", 9, 1),
         track("generative_services", -1, 4)],
        ("8 家主体既有深度合成备案，也有生成式服务；其中 4 家（50%）算法备案在先，"
        "服务随后通过，间隔的中位数为 2 个月"),
        ("8 companies have both a deep-synthesis filing and a generative service; in 4 (50%) the "
        "filing came first, a median of 2 months before the service"),
    ),
    (
        "tracks",
        [track("generative_services", -1, 1)],
        "1 家主体既有深度合成备案，也有生成式服务；没有一家算法备案在先",
        ("1 company has both a deep-synthesis filing and a generative service; in no case did the "
        "filing come first"),
    ),
    (
        "tracks",
        [track("deep_synthesis", 1, 2)],
        ("2 家主体既有深度合成备案，也有生成式服务；均为算法备案在先，"
        "服务随后通过，间隔的中位数为 1 个月"),
        ("2 companies have both a deep-synthesis filing and a generative service; the filing "
        "always came first, a median of 1 month before the service"),
    ),
    (
        "services_passed",
        [passed(8), passed(0)],
        "首批 8 项生成式服务于 2023‑08‑31 通过；这类服务的清单自 2024 年 4 月起公布",
        ("The first 8 services passed on 2023‑08‑31; the CAC has published lists of services since "
        "April 2024"),
    ),
    (
        "services_passed",
        [passed(1)],
        "首项生成式服务于 2023‑08‑31 通过；这类服务的清单自 2024 年 4 月起公布",
        ("The first service passed on 2023‑08‑31; the CAC has published lists of services since "
        "April 2024"),
    ),
    (
        "register_combinations",
        [held(DEEP, 7), held(SERVICES, 3)],
        "10 家主体都只列入一类清单",
        "None of the 10 companies is in more than one register",
    ),
    ("register_combinations", [held(DEEP, 7)], "清单共涉及 7 家主体", "The lists name 7 companies"),
    (
        "official_totals",
        [stated("filed", 748, 748), stated("filed", 302, 302), stated("registered", 435, 434)],
        ("网信办公布过 3 个累计数，其中 2 个与清单一致；"
        "截至 2025 年 12 月，公布的已登记服务为 435 项，清单列出 434 项"),
        ("2 of the 3 totals that the CAC has published agree with its lists; up to December 2025 "
        "it counts 435 registered services, its lists 434"),
    ),
    (
        "official_totals",
        [stated("filed", 748, 748)],
        "网信办公布过 1 个累计数，与清单一致",
        "The one total that the CAC has published agrees with its lists",
    ),
    (
        "official_totals",
        [stated("filed", 748, 748), stated("filed", 302, 302)],
        "网信办公布过 2 个累计数，均与清单一致",
        "Both totals that the CAC has published agree with its lists",
    ),
    (
        "official_totals",
        [stated("filed", 748, 740)],
        ("网信办公布过 1 个累计数，与清单不一致；"
        "截至 2025 年 12 月，公布的已备案服务为 748 项，清单列出 740 项"),
        ("The one total that the CAC has published differs from its lists; up to December 2025 it "
        "counts 748 filed services, its lists 740"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rows", "zh", "en"), CASES)
def test_finding_summarises_its_rows(name, rows, zh, en):
    assert FIGURES[name].finding(rows) == Text(zh, en)


def test_every_figure_has_a_tested_finding():
    assert {name for name, *_ in CASES} == set(FIGURES)


@pytest.mark.parametrize(
    ("shared", "zh", "en"),
    [
        (0, "", ""),
        (1, "；有 1 个编号同时列入两类清单，在两类中各计一次",
         ". 1 number is in two registers and counted in each"),
        (10, "；有 10 个编号同时列入两类清单，在两类中各计一次",
         ". 10 numbers are in two registers and counted in each"),
    ],
)  # fmt: skip
def test_growth_states_how_many_numbers_are_in_two_registers(shared, zh, en):
    rows = [
        month(RECOMMENDED, "2022-08", 30, min(shared, 2)),
        month(RECOMMENDED, "2022-10", 100, max(shared - 2, 0)),
        month(DEEP, "2023-06", 41, shared),
        month(SERVICES, "2024-04", 117),
    ]
    assert FIGURES["registers_by_month"].described(rows) == Text(
        f"各类清单累计列出的登记数，按清单月份{zh}",
        f"Running total of what each register lists, by month of the list{en}",
    )


def test_page_states_how_many_numbers_are_in_two_registers(context):
    with context.connect() as connection:
        document = BeautifulSoup(render(connection, context), "lxml")
    note = document.select_one("#registers_by_month .shows .en").text
    assert note.endswith("1 number is in two registers and counted in each")
    assert note in document.select_one("#registers_by_month .chart")["data-en"]


def test_months_before_the_first_registration_are_left_out_and_types_are_added(context):
    found = [
        (row["register"], row["listed_month"], row["cumulative_registrations"])
        for row in rows_of(context, "registers_by_month")
    ]
    assert found == [
        (DEEP, "2023-06", 1), (DEEP, "2024-03", 4),
        (SERVICES, "2024-04", 1), (SERVICES, "2024-08", 3),
        (RECOMMENDED, "2022-08", 3),
    ]  # fmt: skip


def test_provinces_are_ranked_by_their_largest_share(context):
    rows = rows_of(context, "registers_by_region")
    assert [(row["place"], row["province_zh"]) for row in rows] == [
        *[(1, "广西")] * 3, *[(2, "北京")] * 3,
    ]  # fmt: skip


def test_companies_are_in_each_register_that_lists_one_of_their_numbers(context):
    rows = rows_of(context, "register_combinations")
    # Withdrawn registrations do not count; the company 0000003 is in two registers by one number.
    assert {row["registers"]: (row["companies"], row["registrations"]) for row in rows} == {
        RECOMMENDED: (1, 1), SERVICES: (1, 1), f"{DEEP}+{SERVICES}": (1, 2),
        f"{DEEP}+{RECOMMENDED}": (1, 1), f"{DEEP}+{SERVICES}+{RECOMMENDED}": (1, 4),
    }  # fmt: skip


def test_largest_companies_have_a_row_per_register(context):
    rows = rows_of(context, "top_registrants")
    first = [(row["part_no"], row["register"], row["registrations"]) for row in rows[:3]]
    assert first == [(1, DEEP, 2), (2, SERVICES, 1), (3, RECOMMENDED, 1)]
    assert [row["total"] for row in rows] == [4, 4, 4, 2, 2, 1, 1, 1]


def test_withdrawn_services_are_not_the_first_to_pass(context):
    rows = rows_of(context, "services_passed")
    assert [(row["passed_month"], row["services"], row["on_first_day"]) for row in rows] == [
        ("2023-08", 2, 2), ("2024-08", 1, 0),
    ]  # fmt: skip
    assert {(row["first_passed_on"], row["first_list_month"]) for row in rows} == {
        (date(2023, 8, 31), "2024-04")
    }


def test_companies_are_counted_by_months_between_the_two_tracks(context):
    rows = rows_of(context, "tracks")
    assert [tuple(row.values()) for row in rows] == [
        (-2, "generative_services", 1), (3, "deep_synthesis", 2),
    ]  # fmt: skip


def test_combinations_are_named_by_their_titles():
    rows = [held(DEEP, 1), held(f"{DEEP}+{RECOMMENDED}", 1), held(f"{DEEP}+{SERVICES}", 1),
            held(f"{DEEP}+{SERVICES}+{RECOMMENDED}", 1)]  # fmt: skip
    drawn = str(FIGURES["register_combinations"].draw("en", rows).to_dict())
    for name in ("Deep-synthesis algorithms only", "All three registers",
                 "Deep-synthesis algorithms + Recommendation algorithms"):  # fmt: skip
        assert name in drawn
    assert "Recommendation algorithms + Generative AI services" not in drawn


@pytest.mark.parametrize(
    ("kept", "title"),
    [
        ((), "China’s register of deep-synthesis algorithms"),
        ((DEEP,), "China’s register of deep-synthesis algorithms"),
        ((DEEP, RECOMMENDED), "China’s registers of algorithms"),
        ((DEEP, SERVICES), "China’s registers of algorithms and AI services"),
    ],
)
def test_page_names_only_the_registers_that_the_release_has(tmp_path, kept, title):
    context = make_report_context(tmp_path)
    with duckdb.connect(str(context.folder / DATABASE)) as connection:
        for mart in ("registrations_by_month", "registrations_by_region", "registrations"):
            connection.execute(f"delete from {mart} where not list_contains($1, register)", [kept])
    with context.connect() as connection:
        document = BeautifulSoup(render(connection, context), "lxml")
    assert document.select_one("h1 .en").text == title == document.title["data-en"]
    assert (document.find(id="registers") is not None) is (len(kept) > 1)
    assert ("recommendation" in document.select_one(".lede .en").text) is (RECOMMENDED in kept)
    numbers = len(document.select(".figures dd"))
    assert numbers == (len(kept) + 4 if len(kept) > 1 else 4)


def test_figures_name_the_lists_that_they_are_made_from(context):
    with context.connect() as connection:
        document = BeautifulSoup(render(connection, context), "lxml")
    for figure in FIGURES:
        source = document.select_one(f"#{figure} .source .en").text
        assert source == "Source: CAC lists of all registers, to March 2024"
    source = document.select_one("#cities .source")
    assert source.select_one(".en").text == (
        "Source: CAC deep-synthesis lists (batches 1–2), to March 2024"
    )
    assert source.select_one(".zh").text == (
        "来源：网信办深度合成备案清单（第 1–2 批），截至 2024 年 3 月"
    )


def test_registers_are_in_the_order_of_their_declaration_and_unknown_ones_last():
    rows = [{"register": name} for name in ("new_register", SERVICES, DEEP)]
    assert present(rows) == [DEEP, SERVICES, "new_register"]
    assert title("new_register") == Text("其他清单", "Other register")
    assert title(REGISTERS[0].name).zh == REGISTERS[0].title.zh


@pytest.mark.parametrize(
    ("items", "zh", "en"),
    [([], "", ""), (["A"], "A", "A"), (["A", "B"], "A、B", "A and B"),
     (["A", "B", "C"], "A、B、C", "A, B and C")],
)  # fmt: skip
def test_items_are_joined_as_in_a_sentence(items, zh, en):
    assert (joined(items, "zh"), joined(items, "en")) == (zh, en)


def test_english_chart_names_the_group_of_a_company_and_the_chinese_one_does_not():
    chinese, english = (str(FIGURES["top_registrants"].draw(lang, []).to_dict()) for lang in LANGS)
    assert "group_name_en" in english and "group_name_en" not in chinese
