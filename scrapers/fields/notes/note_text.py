"""A note as printed, aligned character by character with a normalised text.

Patterns match the normalised text. Both texts have the same length, so a match also gives the
words as printed:

    printed     原算法名称“甲，乙”变更为“丙”（2024年8月）
    normalised  原算法名称QqqqqQ…变更为Qqq(2024年8月)

In the normalised text:

- letters, digits and punctuation have their usual width, and radicals are ideographs
- a quoted name is one QUOTED token and a title in 《》 one TITLE token, so patterns do not see
  their content
- the content of brackets is hidden, unless it is a date, a number or 变更内容
- there is no white space next to Chinese; line breaks outside names are kept
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scrapers.fields.text_keys import RADICALS, without_width

# The first and the other characters of each token, and the character that hides bracketed text.
_QUOTED, _QUOTED_REST, _TITLE, _TITLE_REST = "\ue000", "\ue001", "\ue002", "\ue003"
_HIDDEN = "\ue004"
QUOTED = f"{_QUOTED}{_QUOTED_REST}*+"
TITLE = f"{_TITLE}{_TITLE_REST}*+"
NAME = f"(?:{QUOTED}|{TITLE})"
# A single character, for lookbehinds.
QUOTED_END = f"[{_QUOTED}{_QUOTED_REST}]"
TOKEN_CHARACTERS = f"{_QUOTED}{_QUOTED_REST}{_TITLE}{_TITLE_REST}"
NAME_END = f"[{TOKEN_CHARACTERS}]"
BRACKETED = r"\([^()]*+\)"

# Characters that open, that close, and that do either.
_DOUBLE = ("“〝„", "”〞", '"')
_SINGLE = ("‘", "’", "'")
_ANGLES = ("<", ">", "")
_OTHERS = (("「", "」", ""), ("『", "』", ""), ("《", "》", ""), ("〈", "〉", ""))
_FAMILIES = (_DOUBLE, _SINGLE, *_OTHERS, _ANGLES)
QUOTE_MARKS = "".join("".join(family) for family in _FAMILIES)

_BLANKS = re.compile(r"\s+")
_NOT_HIDDEN = re.compile(
    r"20\d\d[\d年月日.\-/、]*|\d{1,2}|[一二三四五六七八九十]{1,3}|关联|(?:变更|更新)(?:内容|事项|情况|说明)"
)
_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class NoteText:
    """Part of a note: `printed` and `normalised`, of the same length."""

    printed: str
    normalised: str

    def __getitem__(self, place: slice) -> "NoteText":
        return NoteText(self.printed[place], self.normalised[place])

    def strip(self, characters: str) -> "NoteText":
        """Strip these characters of the normalised text from both ends."""
        start = len(self.normalised) - len(self.normalised.lstrip(characters))
        return self[start : len(self.normalised.rstrip(characters))]

    def without_breaks(self) -> "NoteText":
        """Remove line breaks, which are the same characters in both texts."""
        if "\n" not in self.normalised:
            return self
        return NoteText(self.printed.replace("\n", ""), self.normalised.replace("\n", ""))

    def without(self, span: _Span) -> "NoteText":
        """Remove the characters of a span."""
        start, end = span
        return NoteText(
            self.printed[:start] + self.printed[end:],
            self.normalised[:start] + self.normalised[end:],
        )


def normalise(text: str) -> NoteText:
    """Return the text with its normalised text, in linear time."""
    printed = without_width(text)
    normalised = printed.translate(_FORMS)
    return _with_hidden_brackets(
        _with_tokens(NoteText(printed, normalised), _quoted_spans(normalised))
    )


class _Forms(dict[int, str]):
    """Maps characters to normalised ones, computed on first use."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        usual = unicodedata.normalize("NFKC", RADICALS.get(character, character))
        if "①" <= character <= "⓿" or "❶" <= character <= "➓" or len(usual) != 1:
            usual = character
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


def _quoted_spans(normalised: str) -> list[_Span]:
    """Return the spans of quoted names, quotes included; of nested quotes, the outermost."""
    pairs: list[_Span] = []
    for family in _FAMILIES:
        marks = list(_marks(normalised, family))
        pairs += _nested_pairs(marks) or _consecutive_pairs(marks)
    return _outermost(pairs)


def _marks(normalised: str, family: tuple[str, str, str]) -> Iterator[tuple[int, str]]:
    """Yield the quotes of one family as (place, "open", "close" or "either").

    Apostrophes and arrows are not quotes.
    """
    opening, closing, _ = family
    for found in re.finditer(f"[{''.join(family)}]", normalised):
        place, character = found.start(), found.group()
        before, after = normalised[max(place - 1, 0) : place], normalised[place + 1 : place + 2]
        is_apostrophe = family is _SINGLE and (before + after).isascii() and before.isalpha()
        is_arrow = family is _ANGLES and before in "-=─—" and before
        if is_apostrophe or is_arrow:
            continue
        role = "open" if character in opening else "close" if character in closing else "either"
        yield place, role


def _nested_pairs(marks: Sequence[tuple[int, str]]) -> list[_Span]:
    """Return the pairs of well-formed quotes, or no pairs if any quote is unpaired."""
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


def _consecutive_pairs(marks: Sequence[tuple[int, str]]) -> list[_Span]:
    """Pair mistyped quotes, each with the next one regardless of its direction.

    If their number is odd, one is skipped: a closing quote without an opening one, or a quote
    followed by an opening one.
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


def _with_tokens(text: NoteText, spans: Sequence[_Span]) -> NoteText:
    """Replace quoted names by tokens, and remove the white space of the layout."""
    printed: list[str] = []
    normalised: list[str] = []
    for (_, start), (end, after) in pairwise([(0, 0), *spans, (len(text.normalised),) * 2]):
        outside = text[start:end]
        printed.append(_squeezed(outside.printed, outside.normalised))
        normalised.append(_squeezed(outside.normalised, outside.normalised))
        name = _squeezed(text.printed[end:after], text.normalised[end:after], is_name=True)
        printed.append(name)
        if name:
            is_title = text.normalised[end] == "《"
            first, rest = (_TITLE, _TITLE_REST) if is_title else (_QUOTED, _QUOTED_REST)
            normalised.append(first + rest * (len(name) - 1))
    return NoteText("".join(printed), "".join(normalised))


def _squeezed(text: str, normalised: str, *, is_name: bool = False) -> str:
    """Collapse blanks where the normalised text has them: to none next to Chinese, else to one.

    A name keeps its blanks as printed, and its line breaks count as blanks.
    """
    parts: list[str] = []
    start = 0
    for found in _BLANKS.finditer(normalised):
        parts.append(text[start : found.start()])
        around = (
            normalised[max(found.start() - 1, 0) : found.start()],
            normalised[found.end() : found.end() + 1],
        )
        has_break = "\n" in found.group() or "\r" in found.group()
        if has_break and not is_name:
            parts.append("\n")
        elif is_name and not has_break:
            parts.append(text[found.start() : found.end()])
        elif all(character and character.isascii() for character in around):
            parts.append(" ")
        start = found.end()
    return "".join([*parts, text[start:]])


def _with_hidden_brackets(text: NoteText) -> NoteText:
    """Hide the content of brackets in the normalised text, and remove its line breaks."""
    printed: list[str] = []
    normalised: list[str] = []
    start = 0
    for opening, end in _outermost(_bracket_pairs(text.normalised)):
        inside = text[opening + 1 : end - 1]
        kept = inside.printed.replace("\n", "") if "\n" in inside.normalised else inside.printed
        is_shown = len(kept) == len(inside.normalised) and _NOT_HIDDEN.fullmatch(inside.normalised)
        printed += [text.printed[start : opening + 1], kept]
        normalised += [
            text.normalised[start : opening + 1],
            inside.normalised if is_shown else _HIDDEN * len(kept),
        ]
        start = end - 1
    return NoteText(
        "".join([*printed, text.printed[start:]]), "".join([*normalised, text.normalised[start:]])
    )


def _bracket_pairs(normalised: str) -> Iterator[_Span]:
    """Yield the paired brackets. An unpaired bracket is an ordinary character."""
    waiting: list[int] = []
    for found in re.finditer(r"[()]", normalised):
        if found.group() == "(":
            waiting.append(found.start())
        elif waiting:
            yield waiting.pop(), found.end()
