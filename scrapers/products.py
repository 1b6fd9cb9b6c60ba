"""Products: the cell 应用产品 → the products in it, each with its kind.

Names are joined by 、 and carry their kind in a last pair of brackets, `名称(APP)` or
`名称（网站）`; brackets are full- or half-width, now and then one of each, and may stand inside a
name too. The cell itself is kept beside; nothing in it is changed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from scrapers.wording import matching_key

ProductKind = Literal["app", "website", "mini_program", "official_account", "other"]

_OPENING, _CLOSING, _SEPARATOR = frozenset("（("), frozenset("）)"), "、"
_NO_PRODUCTS = frozenset({"", "--"})
_KINDS: dict[str, ProductKind] = {
    "APP": "app",
    "网站": "website",
    "小程序": "mini_program",
    "公众账号": "official_account",
    "公众号": "official_account",
    "其他": "other",
    "其它": "other",
    "智能硬件": "other",
}
# 微信小程序 and the like name the platform too.
_KIND_ENDINGS = ("小程序", "公众账号", "公众号")
_KIND_SEPARATORS = re.compile(r"[、，,/／]")
_AND_OTHERS = re.compile(r"(?<=[）)])等$")


@dataclass(frozen=True)
class Product:
    """One product of a cell.

    `name` is as printed, less the brackets of the kind; `printed_kind` None where the cell prints
    none (its `kind` is then `other`); `mentions` counts how often the cell names it.
    """

    name: str
    kind: ProductKind
    printed_kind: str | None
    mentions: int = 1


def read_products(text: str) -> tuple[Product, ...]:
    """The products of a cell in its order, each name and printed kind once; none where it is empty
    or `--`."""
    if text.strip() in _NO_PRODUCTS:
        return ()
    found: dict[tuple[str, str], Product] = {}
    for part in _parts(text):
        for product in _products(part):
            key = (matching_key(product.name), matching_key(product.printed_kind or ""))
            known = found.get(key)
            found[key] = replace(known, mentions=known.mentions + 1) if known else product
    return tuple(found.values())


def _parts(text: str) -> Iterator[str]:
    """What stands between separators that are not inside brackets."""
    partners = _brackets(text)
    start = depth = 0
    for place, letter in enumerate(text):
        if place in partners:
            depth += 1 if letter in _OPENING else -1
        elif letter == _SEPARATOR and depth == 0:
            yield text[start:place].strip()
            start = place + 1
    yield text[start:].strip()


def _products(part: str) -> Iterator[Product]:
    """One product, or one for each kind where the brackets name several; none of an empty part."""
    part = _AND_OTHERS.sub("", part)
    name, kinds = _name_and_kinds(part)
    for printed, kind in kinds:
        yield Product(_without_repeated(name, printed), kind, printed)
    if not kinds and part:
        yield Product(part, "other", None)


def _name_and_kinds(part: str) -> tuple[str, list[tuple[str, ProductKind]]]:
    """The name, and the kinds in its last brackets; no kinds where these hold something else."""
    partners = _brackets(part)
    opening = partners.get(len(part) - 1)
    if opening is None or opening == 0:
        return part, []
    kinds = []
    for printed in _KIND_SEPARATORS.split(part[opening + 1 : -1]):
        kind = _kind(printed)
        if kind is None:
            return part, []
        kinds.append((printed.strip(), kind))
    return part[:opening].strip(), kinds


def _without_repeated(name: str, printed_kind: str) -> str:
    """The name without brackets that say its kind a second time, as in 名称（APP）(APP)."""
    shorter, kinds = _name_and_kinds(name)
    is_repeated = [matching_key(printed) for printed, _ in kinds] == [matching_key(printed_kind)]
    return shorter if is_repeated else name


def _kind(printed: str) -> ProductKind | None:
    word = matching_key(printed).upper()
    if word in _KINDS:
        return _KINDS[word]
    return next((_KINDS[ending] for ending in _KIND_ENDINGS if word.endswith(ending)), None)


def _brackets(text: str) -> dict[int, int]:
    """The places of brackets that have a partner, {place: partner's place}, whatever their width.

    A bracket without a partner is a letter like any other, so that it swallows nothing.
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
