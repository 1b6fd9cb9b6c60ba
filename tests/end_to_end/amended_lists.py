"""Amendments of true lists, row by row, as the source makes them or as it might go wrong."""

import re

from tests.end_to_end.attached_registers import (
    CATEGORY,
    ENTITY,
    NAME,
    NOTE,
    NUMBER,
    PRODUCTS,
    with_cell,
)
from tests.support.service_lists import Cells, published_lists

# Printed with 22 digits in 2022-08, and corrected later.
MISPRINTED, CORRECTED = "1101082242366066220017", "110108224236606220017"
# What the source amends: three filings of the list 2024-04, two services of the list 2024-08.
AMENDED = {
    "110108823483904220019": (PRODUCTS, "头条搜索(APP)"),
    "420105436204703230019": (ENTITY, "武汉屈臣氏商店有限公司"),
    "110105636769802230011": (NOTE, "已注销"),
}
RENAMED, WITHDRAWN = "Beijing-BianYing-20240428S0001", "Beijing-SuperAI-20240428S0002"
OTHER_ENTITY = "北京智学有限公司"


def corrected(cells: Cells) -> Cells:
    return with_cell(cells, NUMBER, cells[NUMBER].replace(MISPRINTED, CORRECTED))


def amended(cells: Cells) -> Cells:
    changes = (change for number, change in AMENDED.items() if number in cells[NUMBER])
    return with_cell(cells, *next(changes, (NUMBER, cells[NUMBER])))


def amended_services() -> dict[str, list[Cells]]:
    tables = published_lists()["2024-08"]
    registered = [
        with_cell(cells, 3, OTHER_ENTITY) if cells[4] == RENAMED else cells
        for cells in tables["registered"]
        if cells[4] != WITHDRAWN
    ]
    return {**tables, "registered": registered}


def renamed(cells: Cells) -> Cells:
    return with_cell(cells, NAME, f"新{cells[NAME]}") if cells[0] == "1" else cells


def half_of_another_category(cells: Cells) -> Cells:
    return with_cell(cells, CATEGORY, "生成合成类") if int(cells[0]) % 2 else cells


def half_without_s(rows: list[Cells]) -> list[Cells]:
    return [with_cell(c, 4, re.sub(r"S(\d+)$", r"\1", c[4])) if int(c[0]) % 2 else c for c in rows]
