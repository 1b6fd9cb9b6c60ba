"""Splits a note into dated clauses, and clauses into parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from scrapers.fields.notes.months import opening_month
from scrapers.fields.notes.names import has_kinds
from scrapers.fields.notes.note_text import (
    BRACKETED,
    NAME,
    QUOTED_END,
    TITLE,
    TOKEN_CHARACTERS,
    NoteText,
)
from scrapers.fields.notes.vocabulary import (
    ADD,
    AND,
    BECOMES_NOW,
    CHANGE,
    CONTINUES,
    OFF,
    ON,
    OPENS,
    OPENS_AFTER_CHANGE,
    OPENS_AFTER_NAME,
    REMOVE,
    compiled,
)

# 、 separates clauses if a year follows, except in a list of months: 4月、2024年6月.
_ENDS = re.compile(r"[;,。\n]+|(?<![月日])、(?=20\d\d ?[年.\-/])")
_BLANK = " \n,;、。:"

# Headings of a clause without a meaning of their own: 变更内容：, 具体变更事项如下：.
_TOPIC = "(?:内容|事项|情况|说明|信息|项目|项|详情|记录)"
_PREFIX = compiled(
    rf"\(?(?:本次|此次|具体|主要|备案|信息){{0,3}}{CHANGE}的?(?:具体|主要)?{_TOPIC}(?:\):?|(?:如下|为|包括|包含|有|是)?:|如下)"
    rf"|变更内容(?=原|产品变更|{ADD}|{REMOVE}|$)|(?:备注|说明|注|变更|更新|更名|名称变更|(?:变更|更新|修改)(?:时间|日期)):"
)
_DIGITS = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NUMBER = re.compile(
    rf"\d{{1,2}}[.、)](?!\d)|[{_DIGITS}]{{1,3}}、|\((?:\d{{1,2}}|[{_DIGITS}]{{1,3}})\)|[{_CIRCLED}]"
)
# A date and 变更内容： may precede the first number within this many characters.
_HEAD_LENGTH = 40
# The styles of numbering clauses.
_STYLES = (
    "{number}.",
    "{number}、",
    "{number})",
    "({number})",
    "{digit}、",
    "({digit})",
    "{circled}",
)

_CONTINUES = compiled(CONTINUES)
# A planned change extends to the end of the sentence.
_PLANS = compiled(f"(?:拟|计划|准备|打算|申请)(?:{CHANGE}|{ADD}|{REMOVE}|对|将)")
_CHANGES_NAMES = compiled(f"{ADD}|{REMOVE}|产品|[为成至到]|>")
_QUOTED_NAMES = compiled(f"(?:{AND}*{NAME}(?:{BRACKETED})?)+等?")
_VERB = compiled(f"{CHANGE}|{ADD}|{REMOVE}|{ON}|{OFF}|注销|^原|{TITLE}|{BECOMES_NOW}")
_OPENS_WITH_VERB = compiled(f"{CHANGE}|{ADD}|{REMOVE}")
_ADDS, _MODELS = compiled(f"{ADD}|接入"), compiled("模型|算法")
_MODEL = compiled("(?:.*(?:模型|算法)|deepseek|qwen|chatglm)[-\\w.]{0,12}")
_USE, _IS = compiled("用途"), compiled("[为:由从]")
_PURPOSE = compiled(
    "应用于|服务于|根据|结合|通过|生成|利用|基于|实现|用于|为用户|向用户|提供|输出|经过|依据|使用|从而|帮助|支持"
)
_CHANGES_DOCUMENT = compiled(f"(?:{CHANGE})?[中了]?{TITLE}")
_OF_DOCUMENT = compiled(".*(?:描述|内容|机制|机理|原理|流程|信息|场景|意图|表述|说明)(?:等)?")

_SOFT_ENDS = compiled(
    f"(?:[、,/&+|丨]|以及|并且|同时|并|且|(?<!涉)及|和|与){{1,3}}(?={OPENS})"
    f"|(?:(?<=\\))|(?<={QUOTED_END}))(?={OPENS_AFTER_NAME})"
    f"|(?<=[^、,/&+和及与并时了{TOKEN_CHARACTERS}]变更)(?={OPENS_AFTER_CHANGE})"
)


@dataclass(frozen=True, slots=True)
class DatedClause:
    """A clause with the month from its own heading or an earlier one.

    `text` is empty if nothing follows the heading. `head` is the heading and the clause as printed.
    """

    text: NoteText
    month: str | None
    head: str


def dated_clauses(note: NoteText, month: str | None = None) -> Iterator[DatedClause]:
    """Yield the clauses of a note. `month` applies to the clauses before the first date."""
    group: _Group | None = None
    for start, end in _pieces(note.normalised):
        opened = _after_heads(note.normalised, start, end, month)
        piece = note[opened.end : end]
        if group:
            separator = note.normalised[group.end : start]
            if not opened.is_dated and group.is_continued_by(piece, separator):
                group.end = end
                continue
            yield group.clause(note)
        month = opened.month
        group = _Group(piece, start, opened.end, end, month)
    if group:
        yield group.clause(note)


def parts(clause: NoteText, separators: str = "") -> list[tuple[int, int]]:
    """Return the spans of the possible parts of a clause, such as 甲变更、乙变更.

    Every part has a verb, so 输入/输出模态变更 is one part. `separators` restricts the separators.
    """
    normalised = clause.normalised
    places = [(0, 0)]
    searched, has_verb = 0, normalised.startswith("原")
    for found in _SOFT_ENDS.finditer(normalised):
        has_verb = has_verb or _VERB.search(normalised, searched, found.start()) is not None
        searched = found.end()
        is_end = has_verb or (len(places) > 1 and _OPENS_WITH_VERB.match(normalised, searched))
        if is_end and not (separators and found.group().strip(separators)):
            places.append(found.span())
            has_verb = normalised.startswith("原", searched)
    places.append((len(normalised), len(normalised)))
    return [(start, end) for (_, start), (end, _) in pairwise(places)]


@dataclass
class _Group:
    """A piece and the pieces that continue it, such as further names or the rest of a sentence."""

    first: NoteText
    head: int
    start: int
    end: int
    month: str | None

    def clause(self, note: NoteText) -> DatedClause:
        text = note[self.start : self.end].strip(_BLANK).without_breaks()
        return DatedClause(text, self.month, note.printed[self.head : self.end])

    def is_continued_by(self, piece: NoteText, separator: str) -> bool:
        normalised = piece.normalised
        if not normalised or not self.first.normalised:
            return False
        if _CONTINUES.match(normalised) or (
            separator == "," and _PLANS.match(self.first.normalised)
        ):
            return True
        if self._lists_names and (_QUOTED_NAMES.fullmatch(normalised) or _are_products(piece)):
            return True
        if _VERB.search(normalised):
            return False
        return bool(
            (self._adds_models and _MODEL.fullmatch(normalised))
            or (self._gives_purpose and _PURPOSE.match(normalised))
            or (self._is_of_document and _OF_DOCUMENT.fullmatch(normalised))
        )

    @cached_property
    def _lists_names(self) -> bool:
        return bool(_CHANGES_NAMES.search(self.first.normalised))

    @cached_property
    def _adds_models(self) -> bool:
        return _are_in_order(_ADDS, _MODELS, self.first.normalised)

    @cached_property
    def _gives_purpose(self) -> bool:
        return _are_in_order(_USE, _IS, self.first.normalised)

    @cached_property
    def _is_of_document(self) -> bool:
        return bool(_CHANGES_DOCUMENT.match(self.first.normalised))


@dataclass(frozen=True, slots=True)
class _Opened:
    """Where a clause starts, its month, and whether a date or heading precedes it."""

    end: int
    month: str | None
    is_dated: bool


def _after_heads(normalised: str, at: int, end: int, month: str | None) -> _Opened:
    """Skip the date, the number and the heading of a clause."""
    is_dated = False
    while at < end:
        if normalised[at] in _BLANK:
            at += 1
        elif found := _NUMBER.match(normalised, at, end):
            at = found.end()
        elif dated := opening_month(normalised, at, month):
            at, month, is_dated = dated.end, dated.month, True
        elif found := _PREFIX.match(normalised, at, end):
            at, is_dated = found.end(), True
        else:
            break
    return _Opened(min(at, end), month, is_dated)


def _are_in_order(first: re.Pattern[str], second: re.Pattern[str], normalised: str) -> bool:
    """Whether `second` matches after `first`. One combined pattern would take quadratic time."""
    found = first.search(normalised)
    return bool(found and second.search(normalised, found.end()))


def _are_products(piece: NoteText) -> bool:
    return not _VERB.search(piece.normalised) and has_kinds(piece.printed)


def _pieces(normalised: str) -> Iterator[tuple[int, int]]:
    """Yield the spans between separators and between the numbers of clauses."""
    ends = [found.span() for found in _ENDS.finditer(normalised)]
    ends += [(place, place) for place in _numbered(normalised)]
    places = [(0, 0), *sorted(ends), (len(normalised), len(normalised))]
    for (_, start), (end, _) in pairwise(places):
        if normalised[start:end].strip():
            yield start, end


def _numbered(normalised: str) -> list[int]:
    """Return the starts of the second and later clauses of a numbered note."""
    for style in _STYLES:
        first = _numbers(style, 1).search(normalised, 0, _HEAD_LENGTH)
        if first and (not first.start() or normalised[first.start() - 1] in f"{_BLANK})月日"):
            return list(_later_numbers(normalised, style, first.end()))
    return []


def _later_numbers(normalised: str, style: str, place: int) -> Iterator[int]:
    for number in range(2, len(_CIRCLED)):
        found = _numbers(style, number).search(normalised, place)
        if not found:
            return
        yield found.start()
        place = found.end()


@cache
def _numbers(style: str, number: int) -> re.Pattern[str]:
    """Return the pattern of a number that a clause follows."""
    digit = _DIGITS[number - 1] if number <= 10 else f"十{_DIGITS[number - 11]}"
    written = style.format(number=number, digit=digit, circled=_CIRCLED[number - 1])
    return compiled(f"{re.escape(written)}(?={OPENS})")
