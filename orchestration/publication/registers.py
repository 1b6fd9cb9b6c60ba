"""The registers of a release: their titles, and the lists that they have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True)
class RegisterRows:
    """The listed rows of a register: {list: rows}."""

    compared: Compared
    documents: Mapping[Document, int]

    @property
    def title(self) -> Text:
        """The title of the register."""
        return title_of(self.compared.register)

    @property
    def count(self) -> int:
        """The number of listed rows."""
        return sum(self.documents.values())

    @property
    def total(self) -> str:
        """The number of listed rows and of lists, such as `7,764 filings in 18 batches`."""
        rows = self.compared.rows.counted(self.count)
        return f"{rows} in {self.compared.documents.counted(len(self.documents))}"


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
) -> RegisterRows:
    """Count the listed rows of each list of a register, sorted by list."""
    counts = connection.execute(
        f'select "{compared.document}", count(*) from "{table}" '
        "where list_status = 'listed' group by 1 order by 1"
    ).fetchall()
    return RegisterRows(compared, dict(counts))
