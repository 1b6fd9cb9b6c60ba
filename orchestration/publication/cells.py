"""Detection and neutralisation of text that a spreadsheet would run as a formula."""

import re

# Spreadsheets also accept full-width signs at the start of a formula, with white space around
# them, and a formula after a tab or a line break.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠][=+\-@＝＋－＠\s]*[^=+\-@＝＋－＠\s]|[\t\r\n]")


def acts_as_formula(text: str) -> bool:
    """Whether a spreadsheet may treat `text` as a formula; a lone dash is not a formula."""
    return _FORMULA.match(text) is not None


def neutralised(text: str) -> str:
    """The text for a CSV or TSV file, prefixed with an apostrophe if it could run as a formula."""
    return f"'{text}" if acts_as_formula(text) else text
