"""English names of cities: pinyin and reviewed names."""

import csv

import pytest

from scrapers.divisions.city_names import REVIEWED_NAMES, CityNameError, english_city_name


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("深圳市", "Shenzhen"),
        ("厦门市", "Xiamen"),
        ("重庆市", "Chongqing"),
        ("六安市", "Lu'an"),
        ("西安市", "Xi'an"),
        ("马鞍山市", "Ma'anshan"),
        ("吕梁市", "Lüliang"),
        ("大兴安岭地区", "Daxing'anling"),
        ("澄迈县", "Chengmai"),
        ("长治市", "Changzhi"),
        ("哈尔滨市", "Harbin"),
        ("黔东南苗族侗族自治州", "Qiandongnan"),
        ("陵水黎族自治县", "Lingshui"),
    ],
)
def test_city_has_english_name(name: str, english: str):
    assert english_city_name(name) == english


def test_unknown_ending_is_an_error():
    with pytest.raises(
        CityNameError, match=r"no English name is known for 某某族自治县\. Add a row"
    ):
        english_city_name("某某族自治县")


def test_reviewed_names_are_unique():
    with REVIEWED_NAMES.open(encoding="utf-8", newline="") as lines:
        names = [row["city_name"] for row in csv.DictReader(lines)]
    assert len(names) == len(set(names))
