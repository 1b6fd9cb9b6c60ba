r"""EQ fields, which Word 97 to 2003 wrote for phonetic guides and enclosed numbers.

Such a field has no stored result. Word draws it from its code, so the text is only in the code.

    EQ \* jc2 \* hps10 \o\ad(\s\up 9(shēng),晟)   a phonetic guide above 晟
    eq \o(\s\up 8(北京),\s\do 3(科技))            北京 above 科技, in half size
    eq \o\ac(○,2)                                 ②
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
# Shapes that Word draws around a character, and the combining character with the same effect.
_ENCLOSING = {"○": "\u20dd", "□": "\u20de", "◇": "\u20df", "△": "\u20e4"}
# Marks for entries of an index or a table of contents, which show nothing.
_INVISIBLE_FIELD = re.compile(r"\s*(?:XE|TC|TA|RD)\b.*", re.IGNORECASE | re.DOTALL)
_MAX_DEPTH = 8
_MAX_CODE_LENGTH = 1_000


class _NotTextError(Exception):
    """The code draws something that is not text."""


class _Argument(NamedTuple):
    """An argument of a call: its text, and whether it is raised, or shifted (raised or lowered)."""

    text: str
    is_raised: bool
    is_shifted: bool


def field_text(code: str, has_result: bool) -> str:
    """The text of a field whose stored result is empty (`has_result`) or missing.

    OBJECT_MARK if it draws something that is not text (a matrix, an integral), or if only Word can
    compute the result.
    """
    found = _CODE.fullmatch(_GENERAL_SWITCH.sub("", code))
    if found and len(code) > _MAX_CODE_LENGTH:
        return OBJECT_MARK
    if not found:
        return "" if has_result or _INVISIBLE_FIELD.fullmatch(code) else OBJECT_MARK
    try:
        text, rest = _sequence(found.group(1).strip(), 0)
    except _NotTextError:
        return OBJECT_MARK
    return text if not rest else OBJECT_MARK


def _sequence(code: str, depth: int) -> tuple[str, str]:
    """The text up to an unbracketed comma or closing bracket, and the rest of the code."""
    if depth > _MAX_DEPTH:
        raise _NotTextError
    shown = []
    while code and code[0] not in ",)":
        if code[0] != "\\":
            shown.append(code[0])
            code = code[1:]
        elif call := _CALL.match(code):
            text, code = _call(call.group(1).lower(), code[call.end() :], depth)
            shown.append(text)
        else:  # an escaped character: \, or \(
            shown.append(code[1:2])
            code = code[2:]
    return "".join(shown), code


def _call(name: str, code: str, depth: int) -> tuple[str, str]:
    options = []
    while option := _OPTION.match(code):
        options.append(option.group(1).lower())
        code = code[option.end() :]
    if not code.startswith("("):
        raise _NotTextError
    arguments = []
    code = "," + code[1:]
    while code.startswith(","):
        is_raised = code[1:].lstrip().lower().startswith("\\s\\up")
        is_shifted = code[1:].lstrip().lower().startswith("\\s\\")
        text, code = _sequence(code[1:], depth + 1)
        arguments.append(_Argument(text.strip(), is_raised, is_shifted))
    if not code.startswith(")"):
        raise _NotTextError
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
    raise _NotTextError


def _printed_over(arguments: Sequence[_Argument]) -> str:
    """The text of characters that are drawn over each other.

    These are a phonetic guide over its base, a shape around a text, or two lines of small text.
    """
    texts = [argument.text for argument in arguments]
    shapes = [text for text in texts if text in _ENCLOSING]
    if shapes:
        others = [text for text in texts if text not in _ENCLOSING]
        if len(shapes) != 1 or len(others) != 1 or not others[0]:
            raise _NotTextError
        return _enclosed(shapes[0], others[0])
    if len(arguments) > 1 and all(argument.is_shifted for argument in arguments):
        return "".join(texts)
    base = [argument.text for argument in arguments if not argument.is_raised]
    if len(base) != 1:
        raise _NotTextError
    return base[0]


def _enclosed(shape: str, text: str) -> str:
    if shape == "○" and text in _circled():
        return _circled()[text]
    if len(text) > 1:
        raise _NotTextError
    return text + _ENCLOSING[shape]


@cache
def _circled() -> dict[str, str]:
    """{2: ②, 中: ㊥, …}, from the decompositions in Unicode."""
    return {text: sign for sign, text in _circled_signs()}


def _circled_signs() -> Iterator[tuple[str, str]]:
    for code in (*range(0x2460, 0x2500), *range(0x3200, 0x3300)):
        tag, *codes = unicodedata.decomposition(chr(code)).split() or [""]
        if tag == "<circle>":
            yield chr(code), "".join(chr(int(item, 16)) for item in codes)
