"""What the README and the gallery of questions show is what the program prints."""

import re
from collections import Counter
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT
from tests.end_to_end.commands import CommandResult, run_command

README = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
GALLERY = (PROJECT_ROOT / "notebooks" / "ten_questions.md").read_text(encoding="utf-8")

# A query with what it printed.
_BLOCK = r'^\$ \.venv/bin/filings query "(.*?)"\n(.*?)^```'
SHOWN = {
    f"{page} {number}": shown
    for page, text in (("readme", README), ("gallery", GALLERY))
    for number, shown in enumerate(re.findall(_BLOCK, text, re.MULTILINE | re.DOTALL), 1)
}
# A question with what its query printed, and the answer below.
ANSWERED = re.findall(
    rf"^## (\d+)\. [^\n]*\?\n\n.*?{_BLOCK}\n\n(.*?)(?=\n\n## |\n\Z)",
    GALLERY,
    re.MULTILINE | re.DOTALL,
)


def numbers_in(text: str) -> set[str]:
    """The numbers in a text, without the commas between thousands."""
    return {number.replace(",", "") for number in re.findall(r"\d+(?:[.,]\d+)*", text)}


def test_what_ships_is_the_register_that_the_readme_names(
    whole_register: tuple[CommandResult, Path],
):
    finished, _ = whole_register
    assert (finished.status, finished.err) == (0, "")
    (shipped,) = re.findall(r"all (\d+) batches \(.*?; ([\d,]+) filings\)", README)
    assert "{1} filings in {0} batches".format(*shipped) in finished.out
    assert shipped == ("18", "7,764")


def test_the_readme_shows_five_queries_and_the_gallery_ten():
    pages = Counter(name.split()[0] for name in SHOWN)
    assert pages == {"readme": 5, "gallery": 10}


@pytest.mark.parametrize("name", SHOWN)
def test_a_query_prints_what_is_shown(name: str, whole_register: tuple[CommandResult, Path]):
    sql, output = SHOWN[name]
    _, data_dir = whole_register
    printed = run_command(data_dir, "query", sql).out.splitlines()
    assert printed[:-1] == output.splitlines()


def test_the_gallery_has_ten_questions_with_answers_and_no_query_of_the_readme():
    assert [number for number, *_ in ANSWERED] == [str(number) for number in range(1, 11)]
    assert len({sql for sql, _ in SHOWN.values()}) == len(SHOWN)


@pytest.mark.parametrize(("number", "sql", "output", "answer"), ANSWERED)
def test_an_answer_names_no_figure_that_its_query_does_not_print(
    number: str, sql: str, output: str, answer: str
):
    assert numbers_in(answer)
    assert numbers_in(answer) - numbers_in(output) == set()


@pytest.mark.parametrize(
    "name", sorted(set(re.findall(r"`((?:FILINGS|DAGSTER)_[A-Z_]+)`", README)))
)
def test_a_variable_of_the_readme_is_read_by_the_program(name: str):
    sources = (PROJECT_ROOT / "orchestration").rglob("*.py")
    assert any(f'"{name}"' in path.read_text(encoding="utf-8") for path in sources)
