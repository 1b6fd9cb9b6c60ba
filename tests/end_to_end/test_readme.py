"""The README, the gallery of questions and the shipped register, checked against the program."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT
from scrapers.replica.facts import load_register
from tests.end_to_end.commands import run_command
from tests.end_to_end.conftest import FirstRun
from tests.end_to_end.releases import filings_per_batch, latest, query


def page(path: str) -> str:
    return (PROJECT_ROOT / path).read_text(encoding="utf-8")


README = page("README.md")
GALLERY = page("notebooks/questions.md")
PAGES = {"readme": README, "readme.zh": page("README.zh.md"), "gallery": GALLERY}


# A query and its output.
_BLOCK = r'^\$ \.venv/bin/filings query "(.*?)"\n(.*?)^```'
SHOWN = {
    f"{name} {number}": shown
    for name, text in PAGES.items()
    for number, shown in enumerate(re.findall(_BLOCK, text, re.MULTILINE | re.DOTALL), 1)
}
# A question with its query, the query's output, and the answer.
ANSWERED = re.findall(
    rf"^## (\d+)\. [^\n]*\?\n\n.*?{_BLOCK}\n\n(.*?)(?=\n\n## |\n\Z)",
    GALLERY,
    re.MULTILINE | re.DOTALL,
)

GIGABYTE_IN_KILOBYTES = 1024 * 1024
PER_BATCH = {1: 41, 2: 110, 3: 129, 4: 266, 5: 394, 6: 492, 7: 487, 8: 509, 9: 411, 10: 395}
# Counted by hand in the lists of the first ten batches.
PROVINCES = {
    "北京市": 887, "广东省": 677, "上海市": 471, "浙江省": 355,
    "江苏省": 150, "四川省": 121, "福建省": 95, "湖北省": 80,
}  # fmt: skip
DOUBAO = "110108823483901230031"
DOUBAO_PRODUCTS = (
    "番茄小说网(网站)、番茄畅听(APP)、懂车帝(APP)、河马教育(APP)、番茄小说(APP)、剪映(APP)、"
    "豆包(网站)、Dreamina(网站)、悟空浏览器(APP)、番茄作家助手(APP)、飞书(APP)"
)


def numbers_in(text: str) -> set[str]:
    """The numbers in a text, without thousands separators."""
    return {number.replace(",", "") for number in re.findall(r"\d+(?:[.,]\d+)*", text)}


def normalised_lines(text: str) -> list[str]:
    """The lines of a text with single spaces between words."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_first_refresh_publishes_the_register_that_the_readme_names(whole_register: FirstRun):
    finished = whole_register.finished
    assert finished.status == 0
    # The source never printed this position.
    (warning,) = finished.err.splitlines()
    assert warning.startswith("warning: Positions of generative services that the lists skip")
    assert warning.endswith("(1): registered 263 skipped")
    (shipped,) = re.findall(
        r"all (\d+) batches of deep synthesis \(([\d,]+) filings\), (\d+) lists of recommendation "
        r"algorithms \(([\d,]+)\s+filings\), (\d+) lists of generative services \(([\d,]+) "
        r"services\)",
        README,
    )
    said = " ".join(finished.out.split())
    assert (
        "{1} filings in {0} batches, {3} filings in {2} lists of recommendation "
        "algorithms, {5} services in {4} lists of generative services".format(*shipped)
    ) in said
    assert shipped == ("18", "7,764", "19", "1,014", "13", "1,842")
    assert "First release" in (latest(whole_register.data_dir) / "CHANGES.md").read_text()


def test_refresh_of_the_whole_register_needs_less_than_a_gigabyte(whole_register: FirstRun):
    assert 0 < whole_register.peak_kilobytes < GIGABYTE_IN_KILOBYTES


def test_readmes_have_one_query_and_gallery_has_twelve():
    pages = Counter(name.split()[0] for name in SHOWN)
    assert pages == {"readme": 1, "readme.zh": 1, "gallery": 12}


@pytest.mark.parametrize("name", SHOWN)
def test_query_in_the_documentation_prints_the_documented_output(
    name: str, whole_register: FirstRun
):
    sql, output = SHOWN[name]
    printed = run_command(whole_register.data_dir, "query", sql).out.splitlines()
    assert printed[:-1] == output.splitlines()


def test_gallery_has_twelve_questions_and_repeats_no_query():
    assert [number for number, *_ in ANSWERED] == [str(number) for number in range(1, 13)]
    assert len({sql for sql, _ in SHOWN.values()}) == len(SHOWN)


@pytest.mark.parametrize(("number", "sql", "output", "answer"), ANSWERED)
def test_answer_in_the_gallery_uses_only_figures_of_its_query(
    number: str, sql: str, output: str, answer: str
):
    assert numbers_in(answer)
    assert numbers_in(answer) - numbers_in(output) == set()


def test_every_documented_variable_is_read_by_the_program():
    names = set(re.findall(r"`((?:FILINGS|DAGSTER)_[A-Z_]+)`", page("docs/operations.md")))
    paths = (PROJECT_ROOT / "orchestration").rglob("*.py")
    sources = "".join(path.read_text(encoding="utf-8") for path in paths)
    assert names and {name for name in names if f'"{name}"' not in sources} == set()


def test_filings_per_batch_match_the_published_lists(whole_register: FirstRun):
    counted = filings_per_batch(whole_register.data_dir)
    assert {batch_no: counted[batch_no] for batch_no in PER_BATCH} == PER_BATCH
    assert query(
        whole_register.data_dir,
        "select count(*), count(distinct filing_number), (select sum(filings) from batches) "
        "from filings",
    ) == [(7764, 7764, 7764)]


def test_provinces_of_ten_batches_match_a_count_by_hand(whole_register: FirstRun):
    sql = (
        "select province_name, cumulative_filings from regions_by_batch "
        "where batch_no = 10 order by 2 desc limit 8"
    )
    assert dict(query(whole_register.data_dir, sql)) == PROVINCES


def test_cancellations_match_the_filings_of_the_register(whole_register: FirstRun):
    register = load_register()
    listed = {row.filing_number for rows in register.filings.values() for row in rows}
    expected = {
        record.filing_number
        for record in register.cancellations
        if record.filing_number in listed and record.filing_number[13:15] == "01"
    }
    records = query(
        whole_register.data_dir, "select filing_number, match_status from cancellations"
    )
    assert {number for number, status in records if status == "matched"} == expected
    counts = Counter(status for _, status in records)
    assert counts == Counter(matched=len(expected), not_listed=46 - len(expected), other_kind=11)
    cancelled = query(
        whole_register.data_dir, "select filing_number from filings where is_cancelled"
    )
    assert {number for (number,) in cancelled} >= expected


def test_show_prints_a_real_filing_with_its_history(whole_register: FirstRun):
    shown = run_command(whole_register.data_dir, "show", f"网信算备{DOUBAO}号").out
    lines = normalised_lines(shown)
    assert lines[0] == "豆包大模型算法"
    assert f"number {DOUBAO}" in lines and "place 北京市 海淀区" in lines
    assert lines[lines.index("history") + 1 :] == [
        "2023-08 list listed in batch 2",
        "2024-08 note algorithm renamed: 云雀大模型算法 → 豆包大模型算法",
        f"2024-08 note products added: {DOUBAO_PRODUCTS}",
    ]


@pytest.mark.parametrize("text", ["9580585", "言希（佛山）有限公司", "言希(佛山)"])
def test_show_finds_a_real_entity_by_id_and_by_former_name(whole_register: FirstRun, text: str):
    shown = run_command(whole_register.data_dir, "show", text).out
    assert shown.startswith("广州言希人工智能技术有限公司\n")
    assert "广东省 佛山市 三水区 → 广东省 广州市 海珠区" in shown


def test_show_works_for_a_sample_of_real_filings_and_entities(whole_register: FirstRun):
    sample = "using sample reservoir(8 rows) repeatable (7)"
    rows = query(whole_register.data_dir, f"select filing_number, entity_id from filings {sample}")
    for text in {key for row in rows for key in row}:
        assert run_command(whole_register.data_dir, "show", text).status == 0, text


def test_query_exports_all_filings_alike_in_csv_and_json(whole_register: FirstRun, tmp_path: Path):
    sql = "select filing_number, algorithm_name, purpose from filings order by 1"
    for suffix, *options in (("csv", "--plain"), ("json",)):
        output = tmp_path / f"filings.{suffix}"
        run_command(whole_register.data_dir, "query", sql, "--output", str(output), *options)
    with (tmp_path / "filings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7764
    assert rows == json.loads((tmp_path / "filings.json").read_text(encoding="utf-8"))


def test_status_describes_the_first_release(whole_register: FirstRun):
    text = run_command(whole_register.data_dir, "status").out
    assert (
        "7,764 filings in 18 batches, 1,014 filings in 19 lists of recommendation "
        "algorithms, 1,842 services in 13 lists of generative services, the first release"
    ) in " ".join(text.split())
    assert "stale" not in text and "in quarantine" not in text
