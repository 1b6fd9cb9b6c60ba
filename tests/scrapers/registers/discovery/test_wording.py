"""Ordinals and months in titles and labels."""

import pytest

from scrapers.errors import FilingsError
from scrapers.registers.discovery.wording import (
    HIGHEST_ORDINAL,
    batch_ordinal,
    is_list_label,
    is_summary,
    list_month,
    names_month,
    title_key,
)


@pytest.mark.parametrize(
    ("title", "ordinal"),
    [
        ("第二批", 2), ("第十批", 10), ("第十一批", 11), ("第二十批", 20), ("第二十一批", 21),
        ("第一百零三批", 103), ("第九百九十九批", 999), ("第两百批", 200), ("第廿一批", 21),
        ("第拾贰批", 12), ("第貳拾批", 20), ("第壹佰零叁批", 103), ("第一二批", 12),
        ("第12批", 12), ("第007批", 7), ("第999批", 999), ("第１３批", 13), ("第①批", 1),
        ("第 12 批", 12), ("第十\u200b二批", 12), ("第<b>十二</b>批", 12), ("第&#21313;批", 10),
        ("第\n十二\r\n批", 12), ("第⼗⼆批", 12), ("第十一批（第11批）", 11),
        ("公告", None), ("第批", None),
    ],
)  # fmt: skip
def test_batch_ordinal_reads_every_notation(title, ordinal):
    assert batch_ordinal(f"关于发布{title}信息的公告") == ordinal


@pytest.mark.parametrize(
    "ordinal",
    [
        "第十十批", "第百批", "第零批", "第〇批", "第0批", "第二十〇批", "第二十十批", "第卅批",
        "第一千批", "第1000批", "第0001批", "第20260107批",
        f"第{'9' * 5000}批", f"第{'九' * 5000}批",
        "第一亿批", "第一点五批", "第负一批", "第-1批", "第1.5批", "第1百批", "第十2批", "第XII批",
        "第Ⅻ批", "第几批", "第\ud800批", "第四、五批", "第四至六批", "第4-6批", "第四和五批",
    ],
)  # fmt: skip
def test_invalid_ordinal_is_an_error(ordinal):
    with pytest.raises(
        FilingsError, match=f"cannot be read.*are from 1 to {HIGHEST_ORDINAL}"
    ) as caught:
        batch_ordinal(ordinal)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "title",
    [
        "第四批和第五批",
        "第四批、第五批",
        "第四批、五批",
        "第四批及5批",
        "第四批（第五批）", "第四批5批",
        "第四批以及五批",
    ],
)  # fmt: skip
def test_title_with_two_batches_is_an_error(title):
    with pytest.raises(FilingsError, match="names more than one batch"):
        batch_ordinal(f"关于发布{title}深度合成服务算法备案信息的公告")


@pytest.mark.parametrize(
    ("label", "month"),
    [
        ("清单（2025年5月）", "2025-05"), ("清单(2024年12月)", "2024-12"),
        ("清单 2024 年 １１ 月", "2024-11"), ("清单（2024年13月）", None),
        ("清单（2024年0月）", None), ("清单", None), ("清单（五月）", None),
        ("清单（2025年\u200b5<br>月）", "2025-05"), ("（2025年5月）2025年5月", "2025-05"),
    ],
)  # fmt: skip
def test_list_month_reads_label(label, month):
    assert list_month(label) == month


@pytest.mark.parametrize(
    ("span", "month"),
    [
        ("2025年6月—7月", "2025-07"), ("2025年6月-7月", "2025-07"), ("2025年6-7月", "2025-07"),
        ("2025年6月至8月", "2025-08"), ("2025年6月、7月", "2025-07"), ("2025年6月～7月", "2025-07"),
        ("2025年12月—2026年1月", "2026-01"), ("2025年6月和7月", "2025-07"),
    ],
)  # fmt: skip
def test_list_month_of_span_is_last_month(span, month):
    assert list_month(f"清单（{span}）") == month


@pytest.mark.parametrize(
    "months",
    [
        "2025年7月—6月", "2026年1月-2025年12月", "2025年5月、6月、7月", "2025年6月（7月更新）",
        "2025年6月）（2025年7月", "2025年6月—7月）（2025年7月",
    ],
)  # fmt: skip
def test_several_months_are_an_error(months):
    with pytest.raises(FilingsError, match="several months"):
        list_month(f"清单（{months}）")


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("境内深度合成服务算法备案清单（2025年5月）", True),
        ("境内深度合成服务 算法\u200b备案清单", True),
        ("境内深度合成算法备案清单", True),
        ("境内互联网信息服务算法备案清单", False),
        ("深度合成服务算法备案填报指南", False),
    ],
)
def test_list_label_is_normalised(label, expected):
    assert is_list_label(label) is expected


@pytest.mark.parametrize(
    "title",
    [
        "甲<br/>乙",
        "甲 &nbsp;乙",
        "甲&lt;br&gt;乙",
        "甲<!-- 丙 -->乙",
        "<p class='x'>甲</p>\n乙\ufeff",
    ],
)
def test_title_key_drops_markup_and_white_space(title):
    assert title_key(title) == "甲乙"


def test_title_key_keeps_comparison_signs():
    assert title_key("甲<3与乙>2") == "甲<3与乙>2"


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("备案信息（2025年）", True),
        ("备案信息（2025年度）", True),
        ("备案信息（2024年、2025年）汇总", True),
        ("备案信息（2025年1月至12月）", True),
        ("备案信息（2025年01月—2025年12月）", True),
        ("备案信息（2025年12月）", False),
        ("备案信息（2025年11月至12月）", False),
        ("备案信息（2025年1月至2026年12月）", False),
        ("备案信息（2025年1、12月）", False),
        ("2025年度备案信息", True),
        ("备案信息 2025年.docx", True),
        ("《备案信息［2025 年］》", True),
        ("2025年全年备案信息", True),
        ("2025年备案信息汇总", True),
        ("备案信息（截至2025年底）", True),
        ("备案信息（截至2025年年底）", True),
        ("备案信息（截止到2025年12月底）", True),
        ("备案信息（截至2025年6月底）", False),
        ("备案信息（截至2025年12月）", False),
        ("备案信息（2025年9）", False),
        ("备案信息（2025年度9）", False),
        ("备案信息（2025年九）", False),
        ("备案信息（2025年七月）", False),
        ("备案信息（2025年第一批）", False),
        ("备案信息（2025年度第一批）", False),
        ("备案信息（2025年）第一批", False),
        ("备案信息（2025年）二期", False),
        ("2025年备案信息", False),
        ("备案信息汇总", False),
        ("备案信息（2025年上半年）", False),
        ("备案信息（2025年第三季度）", False),
        ("备案信息", False),
    ],
)
def test_summary_of_a_year_is_recognised(label, expected):
    assert is_summary(label) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [("（2025年5月）", True), ("１２ 月", True), ("2025年", False), ("五月", False)],
)
def test_label_names_a_month_in_digits(label, expected):
    assert names_month(label) == expected
