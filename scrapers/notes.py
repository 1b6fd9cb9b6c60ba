"""Notes: the cell 备注 → what it says has changed, as events.

A note is made of clauses such as 原算法名称“A”变更为“B”, 新增产品, 信息变更 or 已注销, some after a
month, which then holds for those behind it too. Quoted names may hold any sign. A clause that is
none of these is kept as `unrecognised`: it is never passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scrapers.wording import list_month, matching_key

EventKind = Literal[
    "algorithm_renamed",
    "entity_renamed",
    "product_renamed",
    "products_added",
    "information_changed",
    "cancelled",
    "unrecognised",
]

_QUOTES = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", '"': '"', "'": "'"}
_ENDS = frozenset("；;。，,\n")
_RENAMED: dict[str, EventKind] = {
    "算法名称": "algorithm_renamed",
    "主体名称": "entity_renamed",
    "应用产品名称": "product_renamed",
    "应用产品": "product_renamed",
    "产品名称": "product_renamed",
    "产品": "product_renamed",
}
_MONTH = re.compile(r"(20\d\d)\s*年\s*(\d{1,2})\s*月(?:\s*\d{1,2}\s*日)?\s*[:：]?")
_RENAMING = re.compile(
    rf"原?(?P<what>{'|'.join(_RENAMED)})\s*[为由从:：]?(?P<before>.+?)"
    r"(?:变更|更名|更改|修改|调整|改名)[为成](?P<after>.+)"
)
_ADDITION = re.compile(r"(?:新增|增加)(?:应用)?产品\s*[:：为]?(?P<names>.*)")
_CHANGE = re.compile(r"(?:备案|主体|算法|产品)?信息?(?:已|发生)?(?:变更|更新)")


@dataclass(frozen=True)
class NoteEvent:
    """One thing that a note says.

    `month` is YYYY-MM, None where the note gives none. `old_value` and `new_value` are names as
    printed, the keys their form for matching; of an unrecognised clause `new_value` is the clause.
    """

    kind: EventKind
    month: str | None
    old_value: str | None = None
    new_value: str | None = None

    @property
    def old_key(self) -> str | None:
        return None if self.old_value is None else matching_key(self.old_value)

    @property
    def new_key(self) -> str | None:
        return None if self.new_value is None else matching_key(self.new_value)


def read_note(text: str) -> tuple[NoteEvent, ...]:
    """The events of a note in its order; none only where it is empty."""
    events = []
    month = None
    for clause in _clauses(text):
        dated = _MONTH.match(clause)
        if dated:
            month = list_month(dated.group()) or month
            clause = clause[dated.end() :].strip()
        if clause:
            events.append(_event(clause, month))
    if not events and text.strip():
        return (NoteEvent("unrecognised", month, None, text.strip()),)
    return tuple(events)


def _event(clause: str, month: str | None) -> NoteEvent:
    if renaming := _RENAMING.fullmatch(clause):
        before, after = _unquoted(renaming["before"]), _unquoted(renaming["after"])
        return NoteEvent(_RENAMED[renaming["what"]], month, before, after)
    if addition := _ADDITION.fullmatch(clause):
        return NoteEvent("products_added", month, None, _unquoted(addition["names"]) or None)
    if "注销" in clause:
        return NoteEvent("cancelled", month)
    if _CHANGE.fullmatch(clause):
        return NoteEvent("information_changed", month)
    return NoteEvent("unrecognised", month, None, clause)


def _clauses(text: str) -> Iterator[str]:
    """What stands between the ends of clauses that are not inside quotes."""
    start = place = 0
    while place < len(text):
        closing = _QUOTES.get(text[place])
        end = text.find(closing, place + 1) if closing else -1
        if text[place] in _ENDS:
            yield text[start:place].strip()
            start = place + 1
        # A quote without its partner is a sign like any other.
        place = end + 1 if end > place else place + 1
    yield text[start:].strip()


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1]:
        return text[1:-1].strip()
    return text
