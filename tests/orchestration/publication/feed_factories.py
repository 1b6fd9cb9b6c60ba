"""Builds a release context with the marts that the feed reads: batches, lists and notices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from orchestration.publication.context import ReleaseContext
from orchestration.warehouse.marts import DATABASE, Mart
from tests.orchestration.publication.release_factories import SERVICES

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
create table services (service_number text, service_name text, entity_id text, entity_name text,
    list_month text, list_status text, list_version text, source_url text);
create table registrations (number text, registrant_id text, province_name text,
    province_name_en text, sector text);
create table sectors_by_register (register text, sector text, sector_name_zh text);
insert into sectors_by_register values ('generative_services', 'general', '通用'),
    ('recommendation', 'general', '通用');
create table filing_versions (register text, document_key text, valid_from timestamp,
    valid_to timestamp, started_as text, ended_as text);
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
class ServiceList:
    """A list of services; `entities` has the name of the entity of each service.

    `versions` are the times at which the archive saw its rows begin or end, and how.
    """

    month: str
    entities: Sequence[str] = ("甲公司", "甲公司", "乙公司")
    versions: Sequence[tuple[datetime, datetime | None, str, str | None]] = (
        (datetime(2026, 1, 2), None, "listed", None),
    )


@dataclass(frozen=True)
class Notice:
    """A cancellation notice with three records: matched, not listed, and of another kind."""

    name: str
    published_on: date
    algorithm: str = "算法"


def make_context(
    folder: Path,
    batches: Sequence[Batch],
    notices: Sequence[Notice] = (),
    lists: Sequence[ServiceList] = (),
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
        for item in lists:
            _fill_list(connection, item)
    marts = [Mart("services", "", {}, SERVICES)]
    return ReleaseContext(folder, marts, {}, "", "1.0", "replica")


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
    # Filings without a province do not count as one.
    _insert(connection, "regions_by_batch", number, None, None, None, 1, 0.1)
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


def _fill_list(connection: duckdb.DuckDBPyConnection, item: ServiceList) -> None:
    """Insert the listed services, and one that the list no longer shows."""
    url = f"https://www.cac.gov.cn/{item.month}?list&a=1"
    for place, name in enumerate((*item.entities, "gone"), 1):
        number = f"{item.month}-{place}"
        status = "listed" if place <= len(item.entities) else "withdrawn_from_list"
        _insert(
            connection, "services", number, "模型", None, name, item.month, status, "v1", url,
        )  # fmt: skip
        _insert(connection, "registrations", number, f"name:{name}", "北京市", "Beijing", "general")
    for version in item.versions:
        _insert(connection, "filing_versions", SERVICES.register, item.month, *version)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, *values: object) -> None:
    places = ", ".join("?" * len(values))
    connection.execute(f"insert into {table} values ({places})", list(values))
