"""A note as printed, and next to it, sign for sign, its form for reading.

The form is what patterns are matched against. It has as many signs as the printed text, so a
match there gives the words as printed here:

    printed  原算法名称“甲，乙”变更为“丙”（2024年8月）
    form     原算法名称QqqqqQ…变更为Qqq(2024年8月)

- letters, digits and punctuation have their usual width, radicals are characters
- a quoted name is one QUOTED token, a title in 《》 one TITLE token: no pattern sees what they
  hold
- what brackets hold is hidden, unless it is a date, a number or 变更内容
- there is no white space next to Chinese; a line break outside names is kept
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scrapers.fields.text_keys import RADICALS, without_width

# The first sign of a token, and those after it; a sign that brackets hold.
_QUOTED, _QUOTED_REST, _TITLE, _TITLE_REST, _HIDDEN = "\ue000\ue001\ue002\ue003\ue004"
QUOTED = f"{_QUOTED}{_QUOTED_REST}*+"
TITLE = f"{_TITLE}{_TITLE_REST}*+"
NAME = f"(?:{QUOTED}|{TITLE})"
# One sign, for patterns that look back.
QUOTED_END = f"[{_QUOTED}{_QUOTED_REST}]"
TOKEN_SIGNS = f"{_QUOTED}{_QUOTED_REST}{_TITLE}{_TITLE_REST}"
NAME_END = f"[{TOKEN_SIGNS}]"
BRACKETED = r"\([^()]*+\)"

# Signs that open, close, or do either.
_DOUBLE = ("“〝„", "”〞", '"')
_SINGLE = ("‘", "’", "'")
_ANGLES = ("<", ">", "")
_OTHERS = (("「", "」", ""), ("『", "』", ""), ("《", "》", ""), ("〈", "〉", ""))
_FAMILIES = (_DOUBLE, _SINGLE, *_OTHERS, _ANGLES)
QUOTE_MARKS = "".join("".join(family) for family in _FAMILIES)

_BLANKS = re.compile(r"\s+")
_LEGIBLE = re.compile(
    r"20\d\d[\d年月日.\-/、]*|\d{1,2}|[一二三四五六七八九十]{1,3}|关联|(?:变更|更新)(?:内容|事项|情况|说明)"
)
_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of a note: `printed` and `form`, of one length."""

    printed: str
    form: str

    def __getitem__(self, place: slice) -> "Marked":
        return Marked(self.printed[place], self.form[place])

    def strip(self, signs: str) -> "Marked":
        """Without these signs of the form at either end."""
        start = len(self.form) - len(self.form.lstrip(signs))
        return self[start : len(self.form.rstrip(signs))]

    def without_breaks(self) -> "Marked":
        """On one line. A line break is the same sign in both."""
        if "\n" not in self.form:
            return self
        return Marked(self.printed.replace("\n", ""), self.form.replace("\n", ""))

    def without(self, span: _Span) -> "Marked":
        """Without the signs from one place up to another."""
        start, end = span
        return Marked(
            self.printed[:start] + self.printed[end:], self.form[:start] + self.form[end:]
        )


def mark(text: str) -> Marked:
    """The text with its form. The time is linear in its length."""
    printed = without_width(text)
    form = printed.translate(_FORMS)
    return _with_hidden_brackets(_laid_out(Marked(printed, form), _quoted_spans(form)))


class _Forms(dict[int, str]):
    """The form of each sign, made when it is first met."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        usual = unicodedata.normalize("NFKC", RADICALS.get(sign, sign))
        if "①" <= sign <= "⓿" or "❶" <= sign <= "➓" or len(usual) != 1:
            usual = sign
        if _QUOTED <= usual <= _HIDDEN:
            usual = "\ufffd"
        self[code] = _ALIKE.get(usual, usual)
        return self[code]


_TRADITIONAL = "変變產稱體註銷刪應關聯輸態責內業單為調號備增減網構"
_SIMPLIFIED = "变变产称体注销删应关联输态责内业单为调号备增减网构"
_ALIKE = {
    **dict(zip("【】〔〕[]{}∶︰", "()()()()::", strict=True)),
    **dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True)),
}
_FORMS = _Forms()


def _quoted_spans(form: str) -> list[_Span]:
    """The names in quotes, from quote to quote; of quotes within quotes the outermost."""
    pairs: list[_Span] = []
    for family in _FAMILIES:
        marks = list(_marks(form, family))
        pairs += _nested(marks) or _in_turn(marks)
    return _outermost(pairs)


def _marks(form: str, family: tuple[str, str, str]) -> Iterator[tuple[int, str]]:
    """The quotes of one family, (place, "open", "close" or "either"); apostrophes and arrows are
    not quotes.
    """
    opening, closing, either = family
    for found in re.finditer(f"[{''.join(family)}]", form):
        place, sign = found.start(), found.group()
        before, after = form[max(place - 1, 0) : place], form[place + 1 : place + 2]
        is_apostrophe = family is _SINGLE and (before + after).isascii() and before.isalpha()
        is_arrow = family is _ANGLES and before in "-=─—" and before
        if is_apostrophe or is_arrow:
            continue
        role = "open" if sign in opening else "close" if sign in closing else "either"
        yield place, role


def _nested(marks: Sequence[tuple[int, str]]) -> list[_Span]:
    """The pairs of well-formed quotes; none at all where any of them has no partner."""
    pairs: list[_Span] = []
    waiting: list[tuple[int, str]] = []
    for place, role in marks:
        if role == "open" or (role == "either" and not waiting):
            waiting.append((place, role))
        elif role == "close" and not waiting:
            return []
        elif role == "close" or waiting[-1][1] == "either":
            pairs.append((waiting.pop()[0], place + 1))
    return [] if waiting else pairs


def _in_turn(marks: Sequence[tuple[int, str]]) -> list[_Span]:
    """Pairs of quotes that are partly mistyped: each with the next one, however they look.

    Of an odd number one that closes nothing, or has no partner before the next one that opens,
    is passed over.
    """
    pairs: list[_Span] = []
    at = 0
    while at + 1 < len(marks):
        (place, role), (partner, next_role) = marks[at : at + 2]
        if (len(marks) - at) % 2 and (role == "close" or next_role == "open"):
            at += 1
        else:
            pairs.append((place, partner + 1))
            at += 2
    return pairs


def _outermost(pairs: Iterable[_Span]) -> list[_Span]:
    spans: list[_Span] = []
    for start, end in sorted(pairs):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans


def _laid_out(text: Marked, spans: Sequence[_Span]) -> Marked:
    """With tokens for the quoted names, and without the white space of the layout."""
    printed: list[str] = []
    form: list[str] = []
    for (_, start), (end, after) in pairwise([(0, 0), *spans, (len(text.form),) * 2]):
        outside = text[start:end]
        printed.append(_squeezed(outside.printed, outside.form))
        form.append(_squeezed(outside.form, outside.form))
        name = _squeezed(text.printed[end:after], text.form[end:after], is_name=True)
        printed.append(name)
        if name:
            is_title = text.form[end] == "《"
            first, rest = (_TITLE, _TITLE_REST) if is_title else (_QUOTED, _QUOTED_REST)
            form.append(first + rest * (len(name) - 1))
    return Marked("".join(printed), "".join(form))


def _squeezed(text: str, form: str, *, is_name: bool = False) -> str:
    """A text, its blanks squeezed as those of its form: none next to Chinese, else one.

    A name keeps its blanks as printed, and its line breaks are blanks.
    """
    parts: list[str] = []
    start = 0
    for found in _BLANKS.finditer(form):
        parts.append(text[start : found.start()])
        around = (
            form[max(found.start() - 1, 0) : found.start()],
            form[found.end() : found.end() + 1],
        )
        has_break = "\n" in found.group() or "\r" in found.group()
        if has_break and not is_name:
            parts.append("\n")
        elif is_name and not has_break:
            parts.append(text[found.start() : found.end()])
        elif all(sign and sign.isascii() for sign in around):
            parts.append(" ")
        start = found.end()
    return "".join([*parts, text[start:]])


def _with_hidden_brackets(text: Marked) -> Marked:
    """With what brackets hold hidden in the form, and their line breaks gone."""
    printed: list[str] = []
    form: list[str] = []
    start = 0
    for opening, end in _outermost(_bracket_pairs(text.form)):
        inside = text[opening + 1 : end - 1]
        kept = inside.printed.replace("\n", "") if "\n" in inside.form else inside.printed
        is_legible = len(kept) == len(inside.form) and _LEGIBLE.fullmatch(inside.form)
        printed += [text.printed[start : opening + 1], kept]
        form += [
            text.form[start : opening + 1],
            inside.form if is_legible else _HIDDEN * len(kept),
        ]
        start = end - 1
    return Marked("".join([*printed, text.printed[start:]]), "".join([*form, text.form[start:]]))


def _bracket_pairs(form: str) -> Iterator[_Span]:
    """The brackets that have a partner; one without is a sign like any other."""
    waiting: list[int] = []
    for found in re.finditer(r"[()]", form):
        if found.group() == "(":
            waiting.append(found.start())
        elif waiting:
            yield waiting.pop(), found.end()
