"""What a spreadsheet would take for a formula is told from what only looks odd."""

import pytest

from orchestration.publication.cells import acts_as_formula, neutralised

ACTING = [
    '=HYPERLINK("http://x","y")', "=1+1", "+1", "-2+3", "@SUM(A1)", "＝1", "＋1", "－1",
    "＠SUM(A1)", "=-1", "++1", "-(1)", "=cmd|' /C calc'!A0", 
    "= 1+1", "- 1", " =1+1", "=\t1", "\t=1", "\r\n=1", "\t", "\n算法",
]  # fmt: skip
HARMLESS = ["", "算法", "--", "-", "=", "a=1", "1+1", "2023-06", "<script>", "'=1", "（＝）", "—"]


@pytest.mark.parametrize("text", ACTING)
def test_what_would_act_gets_an_apostrophe_before_it(text):
    assert acts_as_formula(text)
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_would_not_act_stays_as_it_is(text):
    assert not acts_as_formula(text)
    assert neutralised(text) == text


@pytest.mark.parametrize("text", ACTING)
def test_what_has_its_apostrophe_acts_no_more(text):
    assert not acts_as_formula(neutralised(text))
