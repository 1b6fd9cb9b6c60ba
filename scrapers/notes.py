"""Notes: the cell 备注 → what it says has changed, as events.

A note is made of clauses such as 原算法名称“A”变更为“B”, 新增产品, 信息变更 or 已注销. A month that
opens a clause holds for those behind it too, one inside a clause for that clause alone. Quoted
names may hold any sign. A clause that is none of these is kept as `unrecognised`: it is never
passed over, nor taken for one that it resembles (未注销 is no cancellation).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from scrapers.text_keys import matching_key, without_width

EventKind = Literal[
    "algorithm_renamed",
    "entity_renamed",
    "product_renamed",
    "products_added",
    "products_removed",
    "information_changed",
    "cancelled",
    "unrecognised",
]

_QUOTES = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", '"': '"', "'": "'"}
_RENAMED: dict[str, EventKind] = {
    "算法": "algorithm_renamed",
    "备案主体": "entity_renamed",
    "主体": "entity_renamed",
    "企业": "entity_renamed",
    "公司": "entity_renamed",
    "单位": "entity_renamed",
    "应用产品": "product_renamed",
    "产品": "product_renamed",
}
_PRODUCTS: dict[str, EventKind] = {
    "新增|增加|添加": "products_added",
    "删除|减少|移除": "products_removed",
}

# While a clause is read, each quoted name stands aside for one sign of a private range.
_FIRST_NAME, _LAST_NAME = 0xF0000, 0xFFFFD
_NAME = f"[{chr(_FIRST_NAME)}-{chr(_LAST_NAME)}]"
_NAMES = re.compile(rf"{_NAME}(?:[、，,和及与]?{_NAME})*等?")

_WHAT = "|".join(_RENAMED)
_BECOMES = "(?:变更|更名|更改|修改|调整|改名)[为成至]"
_ENDS = re.compile(
    # 、 parts names too: it ends a clause only where another one begins behind it.
    rf"[；;。，,\n]|、(?=原?(?:{_WHAT})名|(?:{'|'.join(_PRODUCTS)})|20\d\d\s*年|信息变更)"
)
_LAYOUT = re.compile(r"(?<=[^\x00-\x7f])[^\S\n]+|[^\S\n]+(?=[^\x00-\x7f])")
_CONTINUES = re.compile(rf"(?<![；;。，,\s])[；;。，,\s]++(?=[现已]?{_BECOMES})")
_MONTH = r"(20\d\d)\s*[年.\-/]\s*(1[0-2]|0?[1-9])(?!\d)\s*(?:月(?:\s*\d{1,2}\s*日)?|[.\-/]\d{1,2})?"
_OPENING_MONTH = re.compile(rf"[（(]?于?\s*{_MONTH}\s*[)）]?\s*[:：]?\s*")
_INNER_MONTH = re.compile(rf"[（(]\s*{_MONTH}\s*[)）]|[于自:：]\s*{_MONTH}")
_RENAMING = re.compile(
    rf"原?(?P<what>{_WHAT})名?称?(?!信息)\s*[为由从:：]?(?P<before>.*?)"
    rf"[现已]?{_BECOMES}[:：]?(?P<after>.+)"
)
_COUNT = re.compile(r"^[\d一二两三四五六七八九十]+[个款项]$")
_CANCELLATION = re.compile(
    "(?:该|本|此|算法|备案|编号|号|均|已经|已|予以)*注销(?:算法|备案|编号|号)*(?:时间|日期)?"
)
_CHANGE = re.compile(
    "(?:(?:备案|主体|算法|产品)(?:信息)?|信息)?(?:已经|已)?(?:发生|进行)?(?:变更|更新)"
)


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
    outline, names = _outline(without_width(text))
    for clause in map(_unbracketed, _ENDS.split(_CONTINUES.sub("", outline))):
        if dated := _OPENING_MONTH.match(clause):
            month = _month(dated)
            clause = clause[dated.end() :]
        if clause:
            events.append(_event(clause, month, names))
    if not events and text.strip():
        return (NoteEvent("unrecognised", month, None, text.strip()),)
    return tuple(events)


def _outline(text: str) -> tuple[str, Mapping[str, str]]:
    """The text with one sign for each quoted name, and {sign: name with its quotes}."""
    names: dict[str, str] = {}
    parts = []
    start = place = 0
    while place < len(text) and len(names) <= _LAST_NAME - _FIRST_NAME:
        closing = _QUOTES.get(text[place])
        end = text.find(closing, place + 1) if closing else -1
        # A quote without its partner is a sign like any other.
        if end > place:
            sign = chr(_FIRST_NAME + len(names))
            names[sign] = text[place : end + 1]
            parts += [text[start:place], sign]
            start = place = end + 1
        else:
            place += 1
    # White space beside Chinese is the layout's, whatever it falls between.
    return _LAYOUT.sub("", "".join([*parts, text[start:]])), names


def _event(clause: str, month: str | None, names: Mapping[str, str]) -> NoteEvent:
    undated = clause
    inner = list(_INNER_MONTH.finditer(clause))
    if len(inner) == 1:
        month = _month(inner[0])
        undated = (clause[: inner[0].start()] + clause[inner[0].end() :]).strip()
    return (
        _renaming(undated, month, names)
        or _products(undated, month, names)
        or (NoteEvent("cancelled", month) if _CANCELLATION.fullmatch(undated) else None)
        or (NoteEvent("information_changed", month) if _CHANGE.fullmatch(undated) else None)
        or NoteEvent("unrecognised", month, None, _printed(clause, names))
    )


def _renaming(clause: str, month: str | None, names: Mapping[str, str]) -> NoteEvent | None:
    found = _RENAMING.fullmatch(clause)
    if not found or not all(_is_plain(found[side]) for side in ("before", "after")):
        return None
    before, after = (_unquoted(found[side], names) for side in ("before", "after"))
    return NoteEvent(_RENAMED[found["what"]], month, before or None, after)


def _products(clause: str, month: str | None, names: Mapping[str, str]) -> NoteEvent | None:
    for verbs, kind in _PRODUCTS.items():
        for pattern in _product_patterns(verbs):
            found = pattern.fullmatch(clause)
            if found and _is_plain(found["names"]):
                value = _COUNT.sub("", _unquoted(found["names"], names))
                return NoteEvent(kind, month, None, value or None)
    return None


@cache
def _product_patterns(verbs: str) -> tuple[re.Pattern[str], ...]:
    """新增产品…, 产品新增… and 新增“…”产品."""
    products = "(?:应用)?产品(?:名称)?"
    return (
        re.compile(rf"(?:{products})?(?:{verbs})了?{products}\s*[:：为]?(?P<names>.*)"),
        re.compile(rf"{products}(?:{verbs})了?\s*[:：为]?(?P<names>.*)"),
        re.compile(rf"(?:{verbs})了?(?P<names>{_NAMES.pattern})(?:{products})?"),
    )


def _is_plain(value: str) -> bool:
    """Whether a value is a name or names and nothing else: quoted ones alone, or none quoted and
    no verb of another clause among them."""
    if re.search(_NAME, value):
        return bool(_NAMES.fullmatch(value.strip()))
    return not re.search(rf"{_BECOMES}|{_MONTH}|信息变更|注销|{'|'.join(_PRODUCTS)}", value)


def _unquoted(value: str, names: Mapping[str, str]) -> str:
    """A value as printed; a single quoted name without its quotes."""
    value = value.strip()
    return names[value][1:-1].strip() if value in names else _printed(value, names)


def _printed(outline: str, names: Mapping[str, str]) -> str:
    return "".join(names.get(sign, sign) for sign in outline)


def _unbracketed(clause: str) -> str:
    """The clause without brackets around the whole of it."""
    clause = clause.strip()
    is_bracketed = clause[:1] in "（(" and clause[-1:] in ")）" and len(clause) > 1
    inside = clause[1:-1]
    return inside.strip() if is_bracketed and not set(inside) & set("（()）") else clause


def _month(found: re.Match[str]) -> str:
    year, month = (group for group in found.groups() if group)
    return f"{year}-{int(month):02d}"
