"""Detection of text that a spreadsheet would run as a formula or change into a number or a date."""

import re

# Spreadsheets also accept full-width signs at the start of a formula, with white space around
# them, and a formula after a tab or a line break.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠][=+\-@＝＋－＠\s]*[^=+\-@＝＋－＠\s]|[\t\r\n]")

# Filing numbers, codes with leading zeros, months. In Chinese, 2025年5月 is a date too.
_NUMBER = re.compile(r"[0-9][0-9.,:/%年月日-]*(?:[eE][+-]?[0-9]+)?")


def acts_as_formula(text: str) -> bool:
    """Whether a spreadsheet may treat `text` as a formula; a lone dash is not a formula."""
    return _FORMULA.match(text) is not None


def neutralised(text: str) -> str:
    """The text for a CSV or TSV file, prefixed with an apostrophe if it could run as a formula."""
    return f"'{text}" if acts_as_formula(text) else text


def reads_as_number(text: str) -> bool:
    """Whether a spreadsheet would read `text` as a number, date or time, if opened or edited.

    It would keep 15 digits, drop leading zeros, and turn 2025-03 into a day of that month.
    """
    return _NUMBER.fullmatch(text) is not None


def kept_as_text(text: str) -> str:
    """The text for a CSV file that is opened in a spreadsheet, with codes as `="…"`.

    This is the only form that gives Excel, WPS and Google Sheets a text with exactly these
    characters: an apostrophe or a tab in a file would become part of the value. LibreOffice shows
    the formula unless "Evaluate formulas" is set in its import dialog, and keeps all digits.
    """
    return f'="{text}"' if reads_as_number(text) else neutralised(text)
