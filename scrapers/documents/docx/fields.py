"""EQ fields: what Word 97 to 2003 wrote for phonetic guides and enclosed figures.

Such a field has no stored result: Word draws it from its code, so the text is in the code alone.

    EQ \\* jc2 \\* hps10 \\o\\ad(\\s\\up 9(shēng),晟)   a phonetic guide above 晟
    eq \\o(\\s\\up 8(北京),\\s\\do 3(科技))                北京 above 科技, in half size
    eq \\o\\ac(○,2)                                ②
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from scrapers.documents.legible import OBJECT_MARK

_GENERAL_SWITCH = re.compile(r'\\\*\s*(?:"[^"]*"|[^\s\\]+)')
_CODE = re.compile(r"\s*EQ\b(.*)", re.IGNORECASE | re.DOTALL)
_CALL = re.compile(r"\\([a-z]+)", re.IGNORECASE)
_OPTION = re.compile(r"\s*\\([a-z]+)\s*(-?\d*)\s*", re.IGNORECASE)
# Shapes that Word draws around a character, and the combining sign that does the same in a text.
_ENCLOSING = {"○": "\u20dd", "□": "\u20de", "◇": "\u20df", "△": "\u20e4"}
# Entries of indexes and tables of contents: marks that show nothing.
_INVISIBLE_FIELD = re.compile(r"\s*(?:XE|TC|TA|RD)\b.*", re.IGNORECASE | re.DOTALL)
_MAX_DEPTH = 8
_MAX_CODE_LENGTH = 1_000


class _Unreadable(Exception):
    """The code draws something that is not text."""


class _Argument(NamedTuple):
    """What a call is given: its text, and whether that is raised, or raised or lowered."""

    text: str
    is_raised: bool
    is_shifted: bool


def field_text(code: str, has_result: bool) -> str:
    """What a field shows whose stored result is empty (`has_result`) or missing.

    OBJECT_MARK where it draws what is not text (a matrix, an integral) or where only Word could
    work out the result.
    """
    found = _CODE.fullmatch(_GENERAL_SWITCH.sub("", code))
    if found and len(code) > _MAX_CODE_LENGTH:
        return OBJECT_MARK
    if not found:
        return "" if has_result or _INVISIBLE_FIELD.fullmatch(code) else OBJECT_MARK
    try:
        text, rest = _sequence(found.group(1).strip(), 0)
    except _Unreadable:
        return OBJECT_MARK
    return text if not rest else OBJECT_MARK


def _sequence(code: str, depth: int) -> tuple[str, str]:
    """The text up to an unbracketed comma or closing bracket, and what follows."""
    if depth > _MAX_DEPTH:
        raise _Unreadable
    shown = []
    while code and code[0] not in ",)":
        if code[0] != "\\":
            shown.append(code[0])
            code = code[1:]
        elif call := _CALL.match(code):
            text, code = _call(call.group(1).lower(), code[call.end() :], depth)
            shown.append(text)
        else:  # \\, and \\( are the signs themselves
            shown.append(code[1:2])
            code = code[2:]
    return "".join(shown), code


def _call(name: str, code: str, depth: int) -> tuple[str, str]:
    options = []
    while option := _OPTION.match(code):
        options.append(option.group(1).lower())
        code = code[option.end() :]
    if not code.startswith("("):
        raise _Unreadable
    arguments = []
    code = "," + code[1:]
    while code.startswith(","):
        is_raised = code[1:].lstrip().lower().startswith("\\s\\up")
        is_shifted = code[1:].lstrip().lower().startswith("\\s\\")
        text, code = _sequence(code[1:], depth + 1)
        arguments.append(_Argument(text.strip(), is_raised, is_shifted))
    if not code.startswith(")"):
        raise _Unreadable
    return _drawn(name, arguments), code[1:]


def _drawn(name: str, arguments: Sequence[_Argument]) -> str:
    texts = [argument.text for argument in arguments]
    if name in {"s", "x"}:  # raised or lowered, boxed
        return "".join(texts)
    if name == "f" and len(texts) == 2:
        return "/".join(texts)
    if name == "l":
        return ",".join(texts)
    if name == "o":
        return _printed_over(arguments)
    raise _Unreadable


def _printed_over(arguments: Sequence[_Argument]) -> str:
    """Characters drawn over one another: a phonetic guide over its base, a shape around a text, or
    two lines of small characters.
    """
    texts = [argument.text for argument in arguments]
    shapes = [text for text in texts if text in _ENCLOSING]
    if shapes:
        others = [text for text in texts if text not in _ENCLOSING]
        if len(shapes) != 1 or len(others) != 1 or not others[0]:
            raise _Unreadable
        return _enclosed(shapes[0], others[0])
    if len(arguments) > 1 and all(argument.is_shifted for argument in arguments):
        return "".join(texts)
    base = [argument.text for argument in arguments if not argument.is_raised]
    if len(base) != 1:
        raise _Unreadable
    return base[0]


def _enclosed(shape: str, text: str) -> str:
    if shape == "○" and text in _circled():
        return _circled()[text]
    if len(text) > 1:
        raise _Unreadable
    return text + _ENCLOSING[shape]


@cache
def _circled() -> dict[str, str]:
    """{2: ②, 中: ㊥, …}, from the decompositions that Unicode gives."""
    return {text: sign for sign, text in _circled_signs()}


def _circled_signs() -> Iterator[tuple[str, str]]:
    for code in (*range(0x2460, 0x2500), *range(0x3200, 0x3300)):
        tag, *codes = unicodedata.decomposition(chr(code)).split() or [""]
        if tag == "<circle>":
            yield chr(code), "".join(chr(int(item, 16)) for item in codes)
