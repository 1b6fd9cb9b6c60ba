"""属地 of a service: a province, or the office of the state's own enterprises."""

import csv
import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from orchestration.settings import PROJECT_ROOT

# 国务院国有资产监督管理委员会: the owner of the central state enterprises, in place of a province.
STATE_ENTERPRISES = "国资委"
DIVISIONS = PROJECT_ROOT / "dbt_project" / "seeds" / "divisions.csv"
_SUFFIXES = re.compile("(省|市|特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区)$")


@cache
def province_codes() -> Mapping[str, str]:
    """The codes of the provinces by name, with and without the suffix (北京市 and 北京)."""
    with DIVISIONS.open(encoding="utf-8", newline="") as file:
        found = {
            row["name"]: row["code"] for row in csv.DictReader(file) if row["level"] == "province"
        }
    return MappingProxyType({_SUFFIXES.sub("", name): code for name, code in found.items()} | found)
