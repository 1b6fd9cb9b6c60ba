"""Purposes are composed from their parts, in order."""

from dataclasses import replace

import pytest

from scrapers.replica.facts import FilingFact, load_register
from scrapers.replica.wording import list_title, purpose, scenario_purpose

FILINGS = [row for rows in load_register().filings.values() for row in rows]


def with_parts(**parts: str) -> FilingFact:
    empty = dict.fromkeys(("scenario", "clients", "given", "made", "serves", "means"), "")
    return replace(FILINGS[0], **{**empty, **parts})


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({}, "用途未列明。"),
        ({"made": "文本"}, "生成文本。"),
        (
            {"scenario": "图像生成", "clients": "企业端", "given": "文本", "made": "图像"},
            "应用于图像生成场景，服务于企业端客户，根据用户提供的文本，生成图像。",
        ),
        (
            {"given": "文本", "means": "结合知识库；通过模型"},
            "根据用户提供的文本，结合知识库，通过模型。",
        ),
        ({"made": "=实现翻译服务；翻译后文本"}, "实现翻译服务，生成翻译后文本。"),
        ({"made": "视频", "serves": "主要面向法律领域"}, "生成视频，主要面向法律领域。"),
        ({"given": "用户输入图片"}, "根据用户输入图片。"),
        ({"given": "语音合成技术", "made": "音频"}, "基于语音合成技术，生成音频。"),
    ],
)
def test_purpose_is_composed_from_parts(parts, text):
    assert purpose(with_parts(**parts)) == text


def test_purpose_contains_every_part():
    for filing in FILINGS:
        parts = (filing.scenario, filing.clients, filing.given, filing.serves)
        parts += (*filing.made.split("；"), *filing.means.split("；"))
        text = purpose(filing)
        assert all(part.removeprefix("=") in text for part in parts)
        assert "=" not in text and "；" not in text


def test_list_title_contains_month():
    assert list_title("2025-05") == "境内深度合成服务算法备案清单（2025年5月）"


@pytest.mark.parametrize(
    ("scenario", "text"),
    [("通知栏新闻推送", "应用于通知栏新闻推送场景。"), ("", "用途未列明。")],
)
def test_purpose_of_a_scenario_alone(scenario, text):
    assert scenario_purpose(scenario) == text
