"""What readers type: a sector, doubt, another sector, corrections of inputs and outputs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.classification.modalities import INPUT_KINDS, OUTPUT_KINDS
from orchestration.classification.reviews import ReviewError
from scrapers.errors import few
from scrapers.fields.text_keys import matching_key

_KINDS = {"inputs": INPUT_KINDS, "outputs": OUTPUT_KINDS}
_SPLIT = re.compile(r"[+,，、\s]+")


@dataclass(frozen=True)
class Sector:
    """A row of the seed `sector_definitions`."""

    code: str
    name_zh: str
    covers: str


@dataclass(frozen=True)
class Judgement:
    """A sector as a reader gives it, with the other one that the reader holds possible."""

    sector: str
    is_sure: bool
    other_sector: str | None


def judgement_of(answer: str, sectors: Sequence[Sector]) -> Judgement:
    """The judgement in an answer such as `fin`, `金融`, `5` or `finance? enterprise`.

    Raises ReviewError if a sector is unknown or ambiguous, or if there is a third word.
    """
    words = re.sub("[?？]", " ? ", answer).split()
    names = [word for word in words if word != "?"]
    if not 1 <= len(names) <= 2 or words[0] == "?":
        raise ReviewError(
            f"{answer.strip()!r} is not a sector, or a sector and another possible one"
        )
    first, *others = names
    return judgement(first, others[0] if others else None, sectors, is_sure="?" not in words)


def judgement(
    name: str, other_name: str | None, sectors: Sequence[Sector], *, is_sure: bool
) -> Judgement:
    """The judgement with these sectors, as `sector_of` reads them.

    Raises ReviewError if a sector is unknown or ambiguous, or if both are the same.
    """
    sector = sector_of(name, sectors)
    other = sector_of(other_name, sectors) if other_name else None
    if other == sector:
        raise ReviewError(f"{sector} is named twice", remedy="The other sector must differ")
    return Judgement(sector, is_sure, other)


def sector_of(text: str, sectors: Sequence[Sector]) -> str:
    """The code of a sector, from its code, Chinese name, number, or a beginning of code or name.

    Raises ReviewError if no sector, or several, match.
    """
    word = matching_key(text).casefold()
    if word.isdecimal() and 1 <= int(word[:9]) <= len(sectors):
        return sectors[int(word) - 1].code
    if exact := [sector.code for sector in sectors if word in (sector.code, sector.name_zh)]:
        return exact[0]
    found = [
        sector.code
        for sector in sectors
        if word and (sector.code.startswith(word) or sector.name_zh.startswith(word))
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise ReviewError(f"{text} may be {few(found)}", remedy="Type more of it")
    raise ReviewError(f"there is no sector {text!r}", remedy="`?` in `filings review` lists them")


def kinds_of(text: str, side: str) -> str:
    """Kinds joined by + in their fixed order, from a text such as `image+text`.

    `side` is `inputs` or `outputs`. Raises ReviewError for an unknown kind, or if there is none.
    """
    kinds = _KINDS[side]
    named = {word.lower() for word in _SPLIT.split(text.strip()) if word}
    if unknown := sorted(named - set(kinds)):
        raise ReviewError(f"unknown {side}: {few(unknown)}", remedy=f"Kinds: {', '.join(kinds)}")
    if not named:
        raise ReviewError(f"no {side} are named", remedy=f"Kinds: {', '.join(kinds)}")
    return "+".join(kind for kind in kinds if kind in named)
