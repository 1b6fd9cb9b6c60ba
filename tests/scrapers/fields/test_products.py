"""Products: the notations of the lists, and every character of a cell is kept."""

import re
from collections import Counter

import pytest

from scrapers.fields.products import Product, read_products
from scrapers.replica.facts import load_register
from tests.scrapers.fields.timing import assert_linear_time

CELLS = [row.products for rows in load_register().filings.values() for row in rows]


def app(name: str, mentions: int = 1) -> Product:
    return Product(name, "app", "APP", mentions)


def mini_program(name: str, printed: str = "小程序") -> Product:
    return Product(name, "mini_program", printed)


def website(name: str) -> Product:
    return Product(name, "website", "网站")


@pytest.mark.parametrize(
    ("cell", "products"),
    [
        ("--", []),
        (" ", []),
        ("——", []),
        ("无", []),
        ("－ －", []),
        ("甲(APP)", [app("甲")]),
        ("甲（APP）、乙(网站)", [app("甲"), website("乙")]),
        ("甲（APP)、乙(网站）", [app("甲"), website("乙")]),
        ("甲(ＡＰＰ)", [Product("甲", "app", "ＡＰＰ")]),
        ("甲(app)", [Product("甲", "app", "app")]),
        ("甲(公众账号)", [Product("甲", "official_account", "公众账号")]),
        ("甲(公众号)", [Product("甲", "official_account", "公众号")]),
        ("甲(其他)、乙(智能硬件)", [
            Product("甲", "other", "其他"), Product("乙", "other", "智能硬件"),
        ]),
        ("甲(安卓APP)、乙【小程序】", [Product("甲", "app", "安卓APP"), mini_program("乙")]),
        # other separators after a kind, or none
        ("甲（APP）；乙（网站）", [app("甲"), website("乙")]),
        ("甲（APP），乙/丙（网站）", [app("甲"), website("乙/丙")]),
        ("甲（APP）乙（网站）、丙(APP)", [app("甲"), website("乙"), app("丙")]),
        ("甲，乙(APP)", [app("甲，乙")]),
        ("甲（APP）专业版", [Product("甲（APP）专业版", "other", None)]),
        ("甲（乙（APP））(网站)", [website("甲（乙（APP））")]),
        # one pair of brackets, two kinds
        ("甲（APP、网站）、乙(APP)", [app("甲"), website("甲"), app("乙")]),
        # a platform is part of the kind, so these are two products
        ("甲(微信小程序)、甲(支付宝小程序)", [
            mini_program("甲", "微信小程序"), mini_program("甲", "支付宝小程序"),
        ]),
        # brackets inside the name, a separator inside brackets
        ("甲（微信小程序）(小程序)", [mini_program("甲（微信小程序）")]),
        ("甲（乙、丙）(小程序)、丁(APP)", [mini_program("甲（乙、丙）"), app("丁")]),
        ("甲（乙（丙、丁））(APP)", [app("甲（乙（丙、丁））")]),
        ("（甲）乙(APP)", [app("（甲）乙")]),
        ("甲（乙）丙(网站)", [website("甲（乙）丙")]),
        ("甲（APP）(APP)", [app("甲")]),
        ("甲（H5）（网站）(网站)", [website("甲（H5）")]),
        # brackets without a kind, or no brackets
        ("甲（专业版）", [Product("甲（专业版）", "other", None)]),
        ("甲", [Product("甲", "other", None)]),
        ("甲()", [Product("甲()", "other", None)]),
        ("甲(小程序插件)", [Product("甲(小程序插件)", "other", None)]),
        ("(APP)", [Product("(APP)", "other", None)]),
        # an unpaired bracket is an ordinary character
        ("甲（APP、乙(网站)、丙(APP)", [
            Product("甲（APP", "other", None), website("乙"), app("丙"),
        ]),
        ("甲）、乙(APP)", [Product("甲）", "other", None), app("乙")]),
        # "and others"
        ("甲（APP）、乙（APP）等", [app("甲"), app("乙")]),
        ("优等", [Product("优等", "other", None)]),
        # repeated names
        ("倍思(APP)、倍思(APP)", [app("倍思", mentions=2)]),
        ("倍 思(APP)、倍思（ＡＰＰ）", [app("倍 思", mentions=2)]),
        ("倍思(APP)、倍思(网站)", [app("倍思"), website("倍思")]),
        ("甲(APP)、、乙(APP)、", [app("甲"), app("乙")]),
        # similar characters stay distinct
        ("甲|乙(APP)、甲丨乙(APP)", [app("甲|乙"), app("甲丨乙")]),
    ],
)  # fmt: skip
def test_cell_is_split_into_names_and_kinds(cell, products):
    assert list(read_products(cell)) == products


def test_every_product_of_the_replica_has_a_kind():
    products = [product for cell in CELLS for product in read_products(cell)]
    kinds = Counter(product.kind for product in products)
    assert kinds == {
        "website": 3622, "app": 3291, "mini_program": 1963, "other": 288, "official_account": 143,
    }  # fmt: skip
    assert [product for product in products if product.printed_kind is None] == []
    assert [product.name for product in products if product.mentions > 1] == [
        "倍思", "BAKEAI", "PatX知小寻",
    ]  # fmt: skip


def test_every_character_of_the_replica_cells_is_kept():
    def letters(text: str) -> Counter[str]:
        return Counter(re.sub(r"[\s（()）、]", "", text))

    for cell in CELLS:
        lost = letters(cell) - letters(
            "".join(
                (product.name + (product.printed_kind or "")) * product.mentions
                for product in read_products(cell)
            )
        )
        # 等 after the last name, or a kind that was printed twice
        assert "".join(lost.elements()) in ("", "--", "等", "APP", "网站"), cell


@pytest.mark.parametrize("letters", ["（", "）", "、", "(APP)", "甲(APP)、"])
def test_long_cell_takes_linear_time(letters):
    assert_linear_time(read_products, letters)
