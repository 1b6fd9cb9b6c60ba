"""Columns that several registers share, by field name."""

from scrapers.documents.layout import Column

ROLES = {"服务提供者": "provider", "服务技术支持者": "technical_supporter"}

# The categories of algorithms (算法类别) as printed, and the kind codes in their filing numbers.
# 检索过滤类 was divided into 信息检索类 and 内容过滤类 after 2023.
CATEGORIES = {
    "生成合成类": ("01",),
    "个性化推送类": ("02",),
    "排序精选类": ("03",),
    "信息检索类": ("04",),
    "检索过滤类": ("04", "05"),
    "内容过滤类": ("05",),
    "调度决策类": ("06",),
}

POSITION_COLUMN = Column("序号")
FILING_COLUMNS = {
    "position": POSITION_COLUMN,
    "algorithm_name": Column("算法名称"),
    "role": Column("角色", words=frozenset(ROLES)),
    "entity_name": Column("主体名称"),
    "products": Column("应用产品"),
    "purpose": Column("主要用途"),
    "filing_number": Column("备案编号"),
}
