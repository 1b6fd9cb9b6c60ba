"""Pinyin of characters, by which the search finds a Chinese name in Latin letters."""

from collections.abc import Iterable
from itertools import groupby

from pypinyin import Style, pinyin


def readings(texts: Iterable[str]) -> dict[str, str]:
    """{syllable without tone: its characters in the texts}, each in ascending order.

    A character with several readings is under each of them: 重 is under chong and zhong.
    """
    characters = sorted(
        {character for text in texts for character in text if _has_pinyin(character)}
    )
    # In one call, a run of characters would be read as words, each character in one way.
    found = [
        (syllable, character)
        for character in characters
        for syllable in pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]
        if syllable.isascii() and syllable.isalpha()
    ]
    return {
        syllable: "".join(character for _, character in pairs)
        for syllable, pairs in groupby(sorted(set(found)), key=lambda pair: pair[0])
    }


def _has_pinyin(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
