"""Finds texts that a spreadsheet would run as a formula, and makes them harmless."""

import re

# Spreadsheets also accept full-width signs as the start of a formula, with any white space
# around them, and text after a tab or a line break.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠][=+\-@＝＋－＠\s]*[^=+\-@＝＋－＠\s]|[\t\r\n]")


def acts_as_formula(text: str) -> bool:
    """Whether a spreadsheet may read `text` as a formula; a lone dash is not one."""
    return _FORMULA.match(text) is not None


def neutralised(text: str) -> str:
    """The text for a CSV or TSV file: with an apostrophe before what would act as a formula."""
    return f"'{text}" if acts_as_formula(text) else text
