"""The example of a settings file: complete, without values, with names that the program knows."""

import re

from orchestration.settings import PROJECT_ROOT

EXAMPLE = PROJECT_ROOT / "deploy" / "filings.env.example"
# Only `filings review` reads the first, which no service runs. The image sets the other.
NOT_OF_SERVICES = {"FILINGS_READER", "FILINGS_COMMIT"}


def names_in_code() -> set[str]:
    """The variables that the code reads."""
    texts = [path.read_text("utf-8") for path in (PROJECT_ROOT / "orchestration").rglob("*.py")]
    return {name for text in texts for name in re.findall(r'"(FILINGS_[A-Z_]+)"', text)}


def names_in_example() -> set[str]:
    return set(re.findall(r"^#([A-Z_]+)=", EXAMPLE.read_text("utf-8"), re.MULTILINE))


def test_example_names_every_setting_and_no_other():
    expected = names_in_code() - NOT_OF_SERVICES | {"DAGSTER_HOME"}
    assert names_in_example() == expected


def test_settings_of_the_example_are_documented():
    text = (PROJECT_ROOT / "docs" / "operations.md").read_text("utf-8")
    documented = set(re.findall(r"[A-Z]+(?:_[A-Z]+)+", text))
    assert names_in_example() | NOT_OF_SERVICES <= documented


def test_example_sets_nothing():
    lines = EXAMPLE.read_text("utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []
