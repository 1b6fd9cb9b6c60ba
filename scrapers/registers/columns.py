"""Columns that several registers share, by field name."""

from scrapers.documents.layout import Column

ROLES = {"服务提供者": "provider", "服务技术支持者": "technical_supporter"}

FILING_COLUMNS = {
    "position": Column("序号"),
    "algorithm_name": Column("算法名称"),
    "role": Column("角色", words=frozenset(ROLES)),
    "entity_name": Column("主体名称"),
    "products": Column("应用产品"),
    "purpose": Column("主要用途"),
    "filing_number": Column("备案编号"),
}
