"""Builds a release context with the marts that the feed reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from orchestration.publication.context import ReleaseContext
from orchestration.warehouse.marts import DATABASE

ANNOUNCED = date(2024, 4, 1)

_TABLES = """
create table batches (batch_no int, page_title text, announced_on date, filings int, entities int,
    new_entities int, list_versions int, retrieved_at timestamp, page_url text, source_url text);
create table filings (batch_no int, row_no int, entity_id text, entity_name text,
    list_status text);
create table cancellations (notice_id text, record_no int, notice_title text, published_on date,
    file_url text, filing_number text, algorithm_name text, entity_name text, match_status text,
    batch_no int, kind text);
create table regions_by_batch (batch_no int, province_code text, province_name text,
    province_name_en text, filings int, share double);
create table sectors_by_batch (batch_no int, sector text, sector_name_zh text, filings int,
    share double);
create table modalities_by_batch (batch_no int, side text, modality text, modality_name_zh text,
    filings int, share double);
"""


@dataclass(frozen=True)
class Batch:
    """A batch; `entities` has the name of the entity of each filing."""

    batch_no: int
    entities: Sequence[str] = ("甲公司", "甲公司", "乙公司")
    title: str = "关于发布深度合成服务算法备案信息的公告"
    versions: int = 1
    retrieved_at: datetime = datetime(2026, 1, 2, 3, 4, 5, 678)

    @property
    def announced_on(self) -> date:
        return ANNOUNCED.replace(month=self.batch_no)

    @property
    def page_url(self) -> str:
        return f"https://www.cac.gov.cn/{self.batch_no}.htm"


@dataclass(frozen=True)
class Notice:
    """A cancellation notice with three records: matched, not listed, and of another kind."""

    name: str
    published_on: date
    algorithm: str = "算法"


def make_context(
    folder: Path, batches: Sequence[Batch], notices: Sequence[Notice] = ()
) -> ReleaseContext:
    """A release context in `folder`; replaces the one there."""
    folder.mkdir(exist_ok=True)
    (folder / DATABASE).unlink(missing_ok=True)
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.execute(_TABLES)
        for batch in batches:
            _fill_batch(connection, batch)
        for notice in notices:
            _fill_notice(connection, notice)
    return ReleaseContext(folder, [], {}, "", "1.0", "replica")


def _fill_batch(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    number, count, distinct = batch.batch_no, len(batch.entities), len(set(batch.entities))
    _insert(
        connection, "batches", number, batch.title, batch.announced_on, count, distinct, distinct,
        batch.versions, batch.retrieved_at, batch.page_url, f"{batch.page_url}?list&a=1",
    )  # fmt: skip
    for row_no, name in enumerate(batch.entities, 1):
        _insert(connection, "filings", number, row_no, name, name, "listed")
    for row_no in (count + 1, count + 2):
        _insert(connection, "filings", number, row_no, "gone", "gone", "withdrawn_from_list")
    _insert(connection, "regions_by_batch", number, "110000", "北京市", "Beijing", count, 1.0)
    _insert(connection, "regions_by_batch", number, "120000", "天津市", "Tianjin", 0, 0.0)
    _insert(connection, "sectors_by_batch", number, "general", "通用", count, 1.0)
    for name, chinese, filings in (("generative", "生成式", count), ("multimodal", "多模态", 1)):
        share = filings / count
        row = (number, "technique", name, chinese, filings, share)
        _insert(connection, "modalities_by_batch", *row)


def _fill_notice(connection: duckdb.DuckDBPyConnection, notice: Notice) -> None:
    for record_no, (status, batch_no, kind) in enumerate(
        [
            ("matched", 4, "generative_synthesis"),
            ("not_listed", None, "generative_synthesis"),
            ("other_kind", None, "personalised_push"),
        ],
        1,
    ):
        _insert(
            connection, "cancellations", notice.name, record_no, f"注销公告 {notice.name}",
            notice.published_on, f"https://beian.cac.gov.cn/{notice.name}", f"{record_no:021d}",
            notice.algorithm, "丙公司", status, batch_no, kind,
        )  # fmt: skip


def _insert(connection: duckdb.DuckDBPyConnection, table: str, *values: object) -> None:
    places = ", ".join("?" * len(values))
    connection.execute(f"insert into {table} values ({places})", list(values))
