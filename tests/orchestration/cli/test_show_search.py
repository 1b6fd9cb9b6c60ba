"""`filings show`: what a number, an id or a name finds."""

import pytest

from tests.orchestration.cli.commands import assert_fails, assert_succeeds, run
from tests.orchestration.cli.register_factories import (
    make_entity_id,
    make_filing,
    make_register,
)
from tests.orchestration.validation.list_factories import make_filing_number


@pytest.mark.parametrize(
    "text",
    [
        make_filing_number(1),
        f"网信算备{make_filing_number(1)}号",
        f" {make_filing_number(1)[:6]} {make_filing_number(1)[6:]} ",
        "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in make_filing_number(1)),
        "豆包大模型",
        "云雀",
        "豆 包 大",
    ],
)
def test_filing_is_found_by_number_and_by_current_or_former_name(register, text):
    lines = assert_succeeds(register, "show", text).splitlines()
    assert lines[0] == "豆包大模型"
    assert lines[2].split() == ["number", make_filing_number(1)]


@pytest.mark.parametrize("text", ["北京旧名公司", "北京新名公司", "旧名", "０００ ０００１"])
def test_entity_is_found_by_current_or_former_name_and_by_id(register, text):
    assert assert_succeeds(register, "show", text).startswith("北京新名公司\n")


def test_several_matches_are_listed_with_their_numbers(register):
    text = assert_succeeds(register, "show", "番茄")
    assert (
        f"product  {make_filing_number(1)}" in text and f"product  {make_filing_number(3)}" in text
    )
    assert "2 matches" in text


def test_entity_with_several_matching_names_is_listed_once_by_its_current_name(register):
    text = assert_succeeds(register, "show", "公司")
    assert text.count(make_entity_id(1)) == 1 and "北京新名公司" in text
    assert "former entity" not in text and "4 matches" in text


def test_search_ignores_case(register):
    assert assert_succeeds(register, "show", "<SCRIPT>ALERT").startswith("<script>alert(1)")


def test_exact_match_takes_precedence_over_partial_matches(register):
    text = assert_succeeds(register, "show", "豆包")
    assert (
        text.startswith("豆包\n") and "1 more contains 豆包; use --all to list every match" in text
    )
    assert "2 matches" in assert_succeeds(register, "show", "豆包", "--all")


def test_matches_beyond_twenty_are_shown_with_all(tmp_path):
    make_register(
        tmp_path, filings=[make_filing(serial, f"模型{serial}") for serial in range(1, 31)]
    )
    text = assert_succeeds(tmp_path, "show", "模型")
    assert "30 matches, showing the first 20; use --all to show all" in text
    assert make_filing_number(30) not in text and make_filing_number(30) in assert_succeeds(
        tmp_path, "show", "模型", "--all"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("豆包大摸型", "Similar names: 豆包大模型"),
        ("nothing like it", "product or entity contains nothing like it"),
        ("9999999", "no entity has the id 9999999"),
        (make_filing_number(1)[:-1], "a filing number 21"),
        (make_filing_number(1)[:-1] + "0", "its check digit is"),
        (make_filing_number(9), "Entity 0000009 has no filings either"),
        (f"{make_filing_number(1)[:17]}0137", "It belongs to 北京新名公司: `filings show 0000001`"),
        (make_filing_number(8), "a notice cancelled it (2025-07): 旧算法"),
        ("  ", "the search text is empty"),
        ("[red]x[/red]", "contains [red]x[/red]"),
        ("\x1b[33m", "contains �[33m"),
        ("' or 1=1 --", "contains ' or 1=1 --"),
        ("\udcff", "cannot encode"),
    ],
)
def test_search_without_a_match_explains_why(register, text, words):
    assert words in assert_fails(run(register, "show", text))


def test_search_without_a_similar_name_suggests_none(register):
    assert "Similar names" not in assert_fails(run(register, "show", "nothing like it"))
