"""Parses the cell 应用产品 into products and their kinds.

Names are separated by 、 and end with their kind in brackets: `名称(APP)` or `名称（网站）`. The
brackets are full-width or half-width, sometimes one of each, and a name can contain brackets too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import Literal

from scrapers.fields.text_keys import matching_key

ProductKind = Literal["app", "website", "mini_program", "official_account", "other"]

_OPENING, _CLOSING, _SEPARATOR = frozenset("（([【〔"), frozenset("）)]】〕"), "、"
_NO_PRODUCTS = frozenset({"", "-", "--", "—", "——", "/", "无"})
_KINDS: dict[str, ProductKind] = {
    "APP": "app",
    "网站": "website",
    "网页": "website",
    "小程序": "mini_program",
    "公众账号": "official_account",
    "公众号": "official_account",
    "其他": "other",
    "其它": "other",
    "智能硬件": "other",
}
# A printed kind can include the platform, as in 微信小程序.
_KIND_ENDINGS = ("小程序", "公众账号", "公众号")
_APP_PLATFORMS = re.compile(r"(?:安卓|ANDROID|苹果|IOS|鸿蒙|手机|移动|PC|平板)+(?:端|版)?APP")
_KIND_SEPARATORS = re.compile(r"[、，,/／]")
_AND_OTHERS = re.compile(r"(?<=[）)\]】〕])等$")
_LOOSE_SEPARATORS = "；;，,/／ 、"


@dataclass(frozen=True)
class Product:
    """One product of a cell.

    `name` is as printed, without the brackets of the kind. `printed_kind` is None if the cell
    prints none; `kind` is then `other`. `mentions` counts how often the cell names the product.
    """

    name: str
    kind: ProductKind
    printed_kind: str | None
    mentions: int = 1


def read_products(text: str) -> tuple[Product, ...]:
    """Return the products of a cell in order, each pair of name and printed kind once.

    An empty cell, or a placeholder such as `--`, has no products.
    """
    if matching_key(text) in _NO_PRODUCTS:
        return ()
    found: dict[tuple[str, str], Product] = {}
    for piece in chain.from_iterable(map(_pieces, _parts(text))):
        for product in _products(piece):
            key = (matching_key(product.name), matching_key(product.printed_kind or ""))
            known = found.get(key)
            found[key] = replace(known, mentions=known.mentions + 1) if known else product
    return tuple(found.values())


def _parts(text: str) -> Iterator[str]:
    """Split the text at separators outside brackets."""
    start = 0
    for place, depth in _depths(text, _brackets(text)):
        if text[place] == _SEPARATOR and depth == 0:
            yield text[start:place].strip()
            start = place + 1
    yield text[start:].strip()


def _pieces(part: str) -> Iterator[str]:
    """Split a part in which every product ends with its kind, whatever separates the products.

    Other parts stay whole. A second pair of brackets belongs to the product before it.
    """
    part = _AND_OTHERS.sub("", part)
    partners = _brackets(part)
    ends = [
        place + 1
        for place, depth in _depths(part, partners)
        if depth == 0
        and partners.get(place, place) < place
        and part[place + 1 : place + 2] not in _OPENING
        and _kinds(part[partners[place] + 1 : place])
    ]
    if not ends or ends[-1] != len(part):
        ends = [len(part)]
    for start, end in pairwise([0, *ends]):
        yield part[start:end].strip(_LOOSE_SEPARATORS if start else None)


def _products(piece: str) -> Iterator[Product]:
    """Yield one product for each kind in the brackets. An empty piece has no product."""
    name, kinds = _name_and_kinds(piece)
    for printed, kind in kinds:
        yield Product(_without_repeated(name, printed), kind, printed)
    if not kinds and piece:
        yield Product(piece, "other", None)


def _name_and_kinds(piece: str) -> tuple[str, list[tuple[str, ProductKind]]]:
    """Return the name, and the kinds in the last brackets, if these hold nothing else."""
    opening = _brackets(piece).get(len(piece) - 1)
    kinds = _kinds(piece[opening + 1 : -1]) if opening else []
    return (piece[:opening].strip(), kinds) if kinds else (piece, [])


def _kinds(text: str) -> list[tuple[str, ProductKind]]:
    """Return the kinds in brackets as (printed, kind), or an empty list if any word is not one."""
    kinds = []
    for printed in _KIND_SEPARATORS.split(text):
        kind = _kind(printed)
        if kind is None:
            return []
        kinds.append((printed.strip(), kind))
    return kinds


def _without_repeated(name: str, printed_kind: str) -> str:
    """Remove brackets that repeat the kind, as in 名称（APP）(APP), from the name."""
    shorter, kinds = _name_and_kinds(name)
    is_repeated = [matching_key(printed) for printed, _ in kinds] == [matching_key(printed_kind)]
    return shorter if is_repeated else name


def _kind(printed: str) -> ProductKind | None:
    word = matching_key(printed).upper()
    if word in _KINDS:
        return _KINDS[word]
    if _APP_PLATFORMS.fullmatch(word):
        return "app"
    return next((_KINDS[ending] for ending in _KIND_ENDINGS if word.endswith(ending)), None)


def _brackets(text: str) -> dict[int, int]:
    """Map the place of each paired bracket to its partner's, regardless of width.

    An unpaired bracket is treated as an ordinary character.
    """
    partners: dict[int, int] = {}
    open_places: list[int] = []
    for place, letter in enumerate(text):
        if letter in _OPENING:
            open_places.append(place)
        elif letter in _CLOSING and open_places:
            opening = open_places.pop()
            partners[opening], partners[place] = place, opening
    return partners


def _depths(text: str, partners: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Yield each place with the number of bracket pairs that are open after it."""
    depth = 0
    for place in range(len(text)):
        if place in partners:
            depth += 1 if partners[place] > place else -1
        yield place, depth
