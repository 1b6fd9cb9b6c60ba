"""Texts that a spreadsheet would take for a formula, and how they are kept from acting."""

import re

# Spreadsheets also take the wide signs for a formula's begin, whatever white space is about them,
# and what follows a tab or a line break.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠][=+\-@＝＋－＠\s]*[^=+\-@＝＋－＠\s]|[\t\r\n]")


def acts_as_formula(text: str) -> bool:
    """Whether a spreadsheet may read `text` as a formula; a dash alone, as lists print, is none."""
    return _FORMULA.match(text) is not None


def neutralised(text: str) -> str:
    """The text for a CSV or TSV file: with an apostrophe before what would act as a formula."""
    return f"'{text}" if acts_as_formula(text) else text
