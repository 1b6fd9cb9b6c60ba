"""Queries, filings and entities of ten real batches, as an analyst asks for them."""

import csv
import json
from pathlib import Path

import pytest

from tests.end_to_end.commands import CommandResult, run_command
from tests.end_to_end.releases import query

DOUBAO = "110108823483901230031"


def told(text: str) -> list[str]:
    """The lines of a text, each with its words one space apart."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_a_filing_is_shown_with_its_history(first_run: tuple[CommandResult, Path]):
    lines = told(run_command(first_run[1], "show", f"网信算备{DOUBAO}号").out)
    assert lines[0] == "豆包大模型算法"
    assert f"number {DOUBAO}" in lines and "place 北京市 海淀区" in lines
    assert lines[lines.index("history") + 1 :] == [
        "2023-08 list listed in batch 2",
        "2024-08 note algorithm renamed: 云雀大模型算法 → 豆包大模型算法",
        "2024-08 note products added: 番茄小说网(网站)、番茄畅听(APP)、懂车帝(APP)、河马教育(APP)、"
        "番茄小说(APP)、剪映(APP)、豆包(网站)、Dreamina(网站)、悟空浏览器(APP)、番茄作家助手(APP)、飞书(APP)",
    ]


@pytest.mark.parametrize("text", ["9580585", "言希（佛山）有限公司", "言希(佛山)"])
def test_an_entity_is_shown_under_the_name_it_has_now(
    first_run: tuple[CommandResult, Path], text: str
):
    shown = run_command(first_run[1], "show", text).out
    assert shown.startswith("广州言希人工智能技术有限公司\n")
    assert "广东省 佛山市 三水区 → 广东省 广州市 海珠区" in shown


def test_every_filing_and_entity_can_be_shown(first_run: tuple[CommandResult, Path]):
    _, data_dir = first_run
    sample = "using sample reservoir(20 rows) repeatable (7)"
    filings = query(data_dir, f"select filing_number, entity_id from filings {sample}")
    for text in {key for row in filings for key in row}:
        assert run_command(data_dir, "show", text).status == 0, text


def test_all_filings_come_out_as_csv_and_json_alike(
    first_run: tuple[CommandResult, Path], tmp_path: Path
):
    _, data_dir = first_run
    sql = "select filing_number, algorithm_name, purpose from filings order by 1"
    for suffix in ("csv", "json"):
        run_command(data_dir, "query", sql, "--output", str(tmp_path / f"filings.{suffix}"))
    with (tmp_path / "filings.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3234
    assert rows == json.loads((tmp_path / "filings.json").read_text(encoding="utf-8"))


def test_status_tells_of_the_release(first_run: tuple[CommandResult, Path]):
    text = run_command(first_run[1], "status").out
    assert "3,234 filings in 10 batches, the first release" in text
    assert "stale" not in text and "in quarantine" not in text
