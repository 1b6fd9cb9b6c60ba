"""What is mutated. The settings are those of the project, in pyproject.toml."""

import pytest

from tests.mutants.edits import mutants_of, mutated


def edits_of(code: str) -> set[str]:
    return {mutated(mutant, code) for mutant in mutants_of("m.py", code)}


@pytest.mark.parametrize(
    ("code", "edit"),
    [
        ("LIMIT = 5\n", "LIMIT = 6\n"),
        ("class A:\n    limit: int = 5\n", "class A:\n    limit: int = 6\n"),
        (
            "@cache\ndef f(a):\n    return a < 2\n",
            "@cache\ndef f(a):\n    return a <= 2\n",
        ),
        ('KIND = "docx"\n', 'KIND = "DOCX"\n'),
    ],
)
def test_constants_classes_and_decorated_functions_are_mutated(code, edit):
    assert edit in edits_of(code)


@pytest.mark.parametrize(
    "code",
    [
        "def f(a: Literal[1]) -> Literal[2]: ...\n",
        'def f():\n    """Return 1 or 2 of them."""\n',
        "@lru_cache(maxsize=2)\ndef f(): ...\n",
        'raise ValueError("no rows", 3)\n',
        '_log.warning("%s", 3)\n',
        'show("no rows in the list")\n',
        'show(f"no rows in {count + 1}")\n',
        "LIMIT = 5  # pragma: no mutate\n",
    ],
)
def test_types_texts_and_decorators_are_left_alone(code):
    # Without the text, a call of one argument is only mutated by dropping the text.
    assert edits_of(code) == set()


def test_mutant_names_the_line_of_its_statement():
    code = "if a:\n    b = f(\n        1,\n    )\n"
    assert {mutant.line for mutant in mutants_of("m.py", code)} == {2}
