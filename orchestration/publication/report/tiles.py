"""The tile-grid map: the position of one equally sized tile per province.

Columns run from west to east and rows from north to south, approximating the location of each
province. The short English names are the codes of ISO 3166-2:CN.
"""

from typing import NamedTuple


class Tile(NamedTuple):
    """A tile of the map: a province, its position, and its short names."""

    province_code: str
    column: int
    row: int
    zh: str
    en: str


TILES = tuple(
    Tile(*tile)
    for tile in (
        ("230000", 8, 0, "黑龙江", "HL"), ("150000", 5, 1, "内蒙古", "NM"),
        ("220000", 8, 1, "吉林", "JL"), ("650000", 1, 2, "新疆", "XJ"),
        ("620000", 3, 2, "甘肃", "GS"), ("640000", 4, 2, "宁夏", "NX"),
        ("110000", 6, 2, "北京", "BJ"), ("120000", 7, 2, "天津", "TJ"),
        ("210000", 8, 2, "辽宁", "LN"), ("630000", 2, 3, "青海", "QH"),
        ("610000", 4, 3, "陕西", "SN"), ("140000", 5, 3, "山西", "SX"),
        ("130000", 6, 3, "河北", "HE"), ("370000", 7, 3, "山东", "SD"),
        ("540000", 1, 4, "西藏", "XZ"), ("510000", 3, 4, "四川", "SC"),
        ("500000", 4, 4, "重庆", "CQ"), ("410000", 5, 4, "河南", "HA"),
        ("340000", 6, 4, "安徽", "AH"), ("320000", 7, 4, "江苏", "JS"),
        ("310000", 8, 4, "上海", "SH"), ("520000", 4, 5, "贵州", "GZ"),
        ("420000", 5, 5, "湖北", "HB"), ("360000", 6, 5, "江西", "JX"),
        ("330000", 7, 5, "浙江", "ZJ"), ("530000", 3, 6, "云南", "YN"),
        ("450000", 4, 6, "广西", "GX"), ("430000", 5, 6, "湖南", "HN"),
        ("440000", 6, 6, "广东", "GD"), ("350000", 7, 6, "福建", "FJ"),
        ("710000", 8, 6, "台湾", "TW"), ("460000", 5, 7, "海南", "HI"),
        ("820000", 6, 7, "澳门", "MO"), ("810000", 7, 7, "香港", "HK"),
    )
)  # fmt: skip
