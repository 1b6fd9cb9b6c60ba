"""Purposes and notes say exactly what their codes say."""

import re
from dataclasses import replace

import pytest

from scrapers.replica.facts import FilingFact, load_register
from scrapers.replica.wording import list_title, note, purpose

FILINGS = [row for rows in load_register().filings.values() for row in rows]


def coded(**facts: str) -> FilingFact:
    empty = dict.fromkeys(("scenario", "clients", "inputs", "outputs", "keywords"), "")
    return replace(FILINGS[0], **{**empty, **facts})


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ("", ""),
        ("cancelled", "已注销"),
        ("products_added", "新增产品"),
        ("2023-08 changed", "2023年8月，信息变更"),
        ("algorithm:甲>乙", "原算法名称“甲”变更为“乙”"),
        ("entity:甲公司>乙公司; products_added", "原主体名称“甲公司”变更为“乙公司”；新增产品"),
        (
            "2024-08 algorithm:A>B; product:C(APP)>D(APP)",
            "2024年8月，原算法名称“A”变更为“B”；原应用产品“C(APP)”变更为“D(APP)”",
        ),
    ],
)
def test_a_note_is_written_out(change, text):
    assert note(change) == text


@pytest.mark.parametrize(
    "change", ["renamed", "algorithm:A", "algorithm:A>", "2024-08", "owner:A>B", "product:A>B>C"]
)
def test_an_unknown_code_is_refused(change):
    with pytest.raises(ValueError, match="unknown change code"):
        note(change)


def test_all_271_notes_are_rendered_and_keep_both_names():
    changes = [row.change for row in FILINGS if row.change]
    assert len(changes) == 271
    for change in changes:
        for before, after in re.findall(r":([^>;]+)>([^;]+)", change):
            assert f"“{before}”变更为“{after}”" in note(change)
    assert len({note(c) for c in changes}) == len(set(changes))


def test_different_codes_give_different_purposes():
    codes = {(f.scenario, f.clients, f.inputs, f.outputs, f.keywords) for f in FILINGS}
    assert len({purpose(f) for f in FILINGS}) == len(codes)


def test_inputs_and_outputs_stand_in_their_own_clauses():
    for filing in FILINGS:
        text = purpose(filing)
        inputs = re.search(r"(?:^|，)根据用户提供的([^，。]+)", text)
        outputs = re.search(r"(?:^|，)生成([^，。]+)", text)
        assert (inputs[1] if inputs else "") == filing.inputs
        assert (outputs[1] if outputs else "") == filing.outputs


def test_a_purpose_is_never_empty():
    assert purpose(coded()) == "用途未列明。"
    assert purpose(coded(outputs="文本")) == "生成文本。"
    assert purpose(coded(scenario="图像生成", clients="企业端", keywords="人脸")) == (
        "应用于图像生成场景，服务于企业端客户，涉及人脸等要点。"
    )


def test_a_list_is_named_by_its_month():
    assert list_title("2025-05") == "境内深度合成服务算法备案清单（2025年5月）"
