"""Classification of inputs and outputs: one purpose per pattern of the source, then many."""

from pathlib import Path

import polars as pl
import pytest

from orchestration.classification.modalities import classify_modalities
from orchestration.classification.quality import read_seed

MADE_UP_PURPOSES = Path(__file__).parent / "made_up_purposes.tsv"


@pytest.fixture(scope="module")
def terms() -> pl.DataFrame:
    return read_seed("modality_terms")


def classified(terms: pl.DataFrame, purpose: str, name: str = "甲算法") -> dict[str, object]:
    filing = pl.DataFrame({"algorithm_name": [name], "purpose": [purpose]})
    return classify_modalities(filing, terms).row(0, named=True)


@pytest.mark.parametrize(
    ("purpose", "inputs", "outputs"),
    [
        # The common structure, with kinds in their fixed order.
        ("应用于图像生成场景，根据用户输入的图片、文字，生成图像内容。", "text+image", "image"),
        # Customers and method are neither input nor output.
        ("应用于视频生成场景，服务于视频类客户，根据用户输入的文本，结合语音合成技术，生成视频。",
         "text", "video"),
        # A transcript of speech is not a text input.
        ("应用于智能对话场景，根据用户语音信息转换后的文本，生成文本回复。", "audio", "text"),
        # The last noun of a compound decides.
        ("应用于内容审核场景，根据用户上传的视频，生成视频标注文本。", "video", "text"),
        # Attributes do not name outputs.
        ("应用于图像生成场景，根据用户输入的文本，生成与文本、参考图一致的图像。", "text", "image"),
        # Items listed before a head noun with an attribute do.
        ("应用于翻译场景，根据用户上传的图片，输出译文文本以及替换文字后的图片。",
         "image", "text+image"),
        # Two verbs in a clause; means of presentation.
        ("应用于对话场景，根据用户输入的文本，生成回答并转换为语音。", "text", "text+audio"),
        ("应用于导览场景，根据游客的文字提问，生成文本回答，并以语音形式播报。",
         "text", "text+audio"),
        # A digital human counts as avatar only.
        ("应用于数字人生成场景，根据用户上传的照片和音频，生成口型匹配的视频。",
         "image+audio", "avatar"),
        ("应用于虚拟人物生成场景，根据输入的视频，生成数字人形象和声音。", "video", "audio+avatar"),
        # Only the function is stated.
        ("应用于内容创作场景，根据用户输入的文本，实现文本续写、图像生成等功能。",
         "text", "text+image"),
        # The scenario names the kind; the clause only hints.
        ("应用于图像生成场景，根据用户输入的需求，生成家具布局方案。", "text", "image"),
        # Templates are part of the system, not inputs.
        ("应用于视频生成场景，根据用户输入的文本和选择的视频模板，生成视频。", "text", "video"),
        # Sensor data is another kind of input.
        ("应用于工业场景，根据设备的传感器数据，生成诊断报告。", "other", "text"),
        # Code is an output kind; as an input it is text.
        ("应用于代码生成场景，根据用户输入的代码，生成代码。", "text", "code"),
        # A word after an enumeration qualifies or summarises all of it.
        ("应用于对话场景，根据用户输入的文本、图像指令，生成文本。", "text+image", "text"),
        ("应用于对话场景，根据用户输入的文字、图片或者音频问题描述，生成文本。",
         "text+image+audio", "text"),
        ("应用于对话场景，根据用户输入的语音、视频等多模态信息，生成文本。", "audio+video", "text"),
        ("应用于对话场景，根据用户输入的文本，生成文本、图片、视频等形式的回答。",
         "text", "text+image+video"),
        ("应用于对话场景，根据用户输入的文本，生成文本、语音等多模态回复。", "text", "text+audio"),
        ("应用于图像场景，根据用户输入的文本、语音形式的指令，生成图像。", "text+audio", "image"),
        # A comma can separate kinds, or clauses.
        ("应用于图像场景，根据用户输入的文本，图像，音频，生成图像。", "text+image+audio", "image"),
        ("应用于图像场景，根据用户输入的文本，图像生成模型处理后，生成图像。", "text", "image"),
        # Early filings state what is recognised.
        ("应用于语音转写场景，识别会议录音，生成识别后的文本信息。", "audio", "text"),
        ("应用于字符识别场景，提取图片中的文字信息，将其转化为文本。", "image", "text"),
        ("应用于客服场景，识别文字或语音问题，生成回答。", "text+audio", "text"),
        ("应用于客服场景，识别用户意图，根据用户输入的图片，生成文本。", "image", "text"),
        # Full-width characters, white space and invisible characters.
        ("应用于图像 生成场景，根据用户输入的\u200b文本，生成３Ｄ模型。", "text", "3d"),
        ("应用于设计场景，根据用户上传的三维模型，生成渲染图。", "other", "image"),
        # No scenario.
        ("用户输入语音，生成文本。", "audio", "text"),
        # No kind at all: text by default.
        ("用途未列明。", "text", "text"),
        ("", "text", "text"),
    ],
)  # fmt: skip
def test_purpose_has_these_inputs_and_outputs(
    terms: pl.DataFrame, purpose: str, inputs: str, outputs: str
):
    found = classified(terms, purpose)
    assert (found["inputs"], found["outputs"]) == (inputs, outputs), found["modality_evidence"]


@pytest.mark.parametrize(
    ("purpose", "multimodal", "cross_modal", "generative"),
    [
        ("应用于对话场景，根据用户输入的文本，生成文本。", False, False, True),
        ("应用于图像生成场景，根据用户输入的文本，生成图像。", False, True, True),
        ("应用于创作场景，根据用户输入的文本、图像，生成文本、图像。", True, True, True),
        ("应用于语音识别场景，根据用户输入的音频，生成文本。", False, True, False),
        ("应用于图像处理场景，根据用户上传的照片，生成修复后的照片。", False, False, False),
        # A new style is generated, not edited.
        ("应用于图像处理场景，根据用户上传的照片，生成油画风格的照片。", False, False, True),
        # With an additional text input it is not pure recognition.
        ("应用于文字识别场景，根据用户输入的图像和问题，生成文本。", False, False, True),
    ],
)
def test_flags_are_derived_from_inputs_and_outputs(
    terms: pl.DataFrame, purpose: str, multimodal: bool, cross_modal: bool, generative: bool
):
    found = classified(terms, purpose)
    derived = (found["is_multimodal"], found["is_cross_modal"], found["is_generative"])
    assert derived == (multimodal, cross_modal, generative)


def test_evidence_has_terms_and_their_source(terms: pl.DataFrame):
    found = classified(terms, "应用于图像生成场景，根据用户输入的文本，实现多种功能。")
    assert (
        found["modality_evidence"] == "inputs: 文本 text (purpose); outputs: 图像 image (scenario)"
    )


def test_evidence_has_what_the_name_adds(terms: pl.DataFrame):
    found = classified(
        terms, "应用于视频场景，根据用户输入的音频，生成视频。", name="数字人驱动算法"
    )
    assert found["outputs"] == "avatar"
    assert found["modality_evidence"].endswith("视频 video (purpose), digital human by name")


def test_98_percent_of_synthetic_purposes_are_correct(terms: pl.DataFrame):
    made = pl.read_csv(MADE_UP_PURPOSES, separator="\t", infer_schema=False, quote_char=None)
    found = classify_modalities(made, terms)
    for side, floor in (("inputs", 0.98), ("outputs", 0.98)):
        wrong = made.filter(found[side] != made[side])
        assert wrong.height <= (1 - floor) * made.height, wrong.select(side, "purpose").rows()


def test_rows_keep_their_order_and_number(terms: pl.DataFrame):
    purposes = ["生成图像。", "", "根据音频，生成文本。"] * 40
    filings = pl.DataFrame({"algorithm_name": ["甲"] * 120, "purpose": purposes})
    found = classify_modalities(filings, terms)
    assert found["outputs"].to_list() == ["image", "text", "text"] * 40
    assert classify_modalities(filings.head(0), terms).height == 0
