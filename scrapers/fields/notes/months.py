"""Finds the months in a note, at the start of a clause or inside it."""

import re
from dataclasses import dataclass

from scrapers.fields.notes.note_text import NoteText

_YEAR, _MONTH = r"20\d\d", r"(?:1[0-2]|0?[1-9])"
_DATE = (
    rf"{_YEAR} ?(?:年 ?{_MONTH}(?:[、,和及]{_MONTH}){{0,11}} ?月份?(?: ?\d{{1,2}} ?[日号])?"
    rf"|[.\-/] ?{_MONTH}(?!\d)(?:月|[.\-/]\d{{1,2}}(?!\d)日?)?)"
)
_MONTH_ALONE = rf"{_MONTH}月(?![龄度])份?(?:\d{{1,2}}[日号])?"
_TILL = "[、,和及与至到~/\\-]"
_AT = "(?:于|自|在|截至|截止)?"
_ABOUT = "(?:起|初|底|中旬|上旬|下旬|间|期间)?"
_DATES = re.compile(
    rf"[(]?{_AT}{_DATE}(?:{_TILL}{_AT}(?:{_DATE}|{_MONTH_ALONE})){{0,11}}{_ABOUT}[)]?[:,]?"
)
_MONTHS_ALONE = re.compile(
    rf"[(]?{_AT}{_MONTH_ALONE}(?:{_TILL}{_MONTH_ALONE}){{0,11}}{_ABOUT}[)]?[:,]?"
)
# Brackets that follow those of a date hold a product's kind, so the date is part of its name.
_INSIDE = re.compile(rf"[(]{_AT}{_DATE}{_ABOUT}[)](?![(])|[于自:]{_DATE}{_ABOUT}")
_NUMBERS = re.compile(
    rf"(?P<year>{_YEAR}) ?[年.\-/] ?(?P<month>{_MONTH})"
    rf"|(?P<alone>{_MONTH})(?=(?:[、,和及]{_MONTH})*月)"
)


@dataclass(frozen=True)
class Dated:
    """The end of a date in the text, and its month; the latest of several."""

    end: int
    month: str


def opening_month(normalised: str, at: int, last_month: str | None) -> Dated | None:
    """Return the dates that start at `at`. A month without a year is in the preceding year."""
    found = _DATES.match(normalised, at)
    if not found and last_month:
        found = _MONTHS_ALONE.match(normalised, at)
    return Dated(found.end(), _latest(found.group(), last_month)) if found else None


def without_inner_month(text: NoteText) -> tuple[NoteText, str | None]:
    """Remove the date inside a clause and return its month, if there is exactly one."""
    found = list(_INSIDE.finditer(text.normalised))
    if len(found) != 1:
        return text, None
    return text.without(found[0].span()), _latest(found[0].group(), None)


def _latest(dates: str, last_month: str | None) -> str:
    year = last_month[:4] if last_month else ""
    months = []
    for found in _NUMBERS.finditer(dates):
        year = found["year"] or year
        months.append(f"{year}-{int(found['month'] or found['alone']):02d}")
    return max(months)
