"""Detection of text that a spreadsheet would run as a formula."""

import pytest

from orchestration.publication.cells import acts_as_formula, neutralised

ACTING = [
    '=HYPERLINK("http://x","y")', "=1+1", "+1", "-2+3", "@SUM(A1)", "＝1", "＋1", "－1",
    "＠SUM(A1)", "=-1", "++1", "-(1)", "=cmd|' /C calc'!A0",
    "= 1+1", "- 1", " =1+1", "=\t1", "\t=1", "\r\n=1", "\t", "\n算法",
]  # fmt: skip
HARMLESS = ["", "算法", "--", "-", "=", "a=1", "1+1", "2023-06", "<script>", "'=1", "（＝）", "—"]


@pytest.mark.parametrize("text", ACTING)
def test_formula_is_prefixed_with_an_apostrophe(text):
    assert acts_as_formula(text)
    assert neutralised(text) == f"'{text}"
    assert not acts_as_formula(neutralised(text))


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_is_unchanged(text):
    assert not acts_as_formula(text)
    assert neutralised(text) == text
