"""The registers of a release: their titles, and the lists that they have."""

from collections.abc import Iterable, Mapping

import duckdb

from orchestration.warehouse.compared import Compared
from orchestration.warehouse.marts import Mart
from scrapers.registers import REGISTERS
from scrapers.registers.base import Text

RELEASE_TITLE = Text(
    "中国算法与生成式人工智能服务备案登记数据",
    "China's public registers of algorithms and AI services",
)

Document = int | str
"""A list as its mart names it: a number or a month."""


def compared_marts(marts: Iterable[Mart]) -> list[tuple[str, Compared]]:
    """The marts of registers and how they are compared, in the order of the registers."""
    found = [(mart.name, mart.compared) for mart in marts if mart.compared]
    return sorted(found, key=lambda item: (item[1].order, item[0]))


def title_of(register: str) -> Text:
    """The title of a register; its name if it is not declared."""
    titles = {item.name: item.title for item in REGISTERS}
    return titles.get(register, Text(register, register))


def listed_rows(
    connection: duckdb.DuckDBPyConnection, table: str, compared: Compared
) -> Mapping[Document, int]:
    """The number of listed rows of each list of a register, sorted: {list: rows}."""
    return dict(
        connection.execute(
            f'select "{compared.document}", count(*) from "{table}" '
            "where list_status = 'listed' group by 1 order by 1"
        ).fetchall()
    )
