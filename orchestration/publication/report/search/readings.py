"""Pinyin of characters, by which the search finds a Chinese name in Latin letters."""

from collections.abc import Iterable
from itertools import groupby

from pypinyin import Style, pinyin

# Characters that names also read in another way: 重庆, 厦门, 银行. All readings of all characters
# would be too many: 有 is also wei, so that 文化有限公司 would match huawei.
OTHER_READINGS = {
    "便": "pian", "传": "zhuan", "似": "si", "佛": "fo", "乐": "yue", "会": "kuai", "了": "liao",
    "厦": "xia", "单": "shan", "参": "shen", "塞": "se", "差": "chai", "弹": "tan", "曾": "zeng",
    "朝": "zhao", "柏": "bo", "查": "zha", "校": "jiao", "茄": "qie", "脉": "mo", "蚌": "beng",
    "薄": "bo", "藏": "zang", "行": "hang", "角": "jue", "解": "xie", "调": "tiao", "都": "du",
    "重": "chong", "长": "chang",
}  # fmt: skip


def readings(texts: Iterable[str]) -> dict[str, str]:
    """{syllable without tone: its characters in the texts}, each in ascending order.

    A character has the reading that is most frequent, and the one in `OTHER_READINGS`.
    """
    characters = set(filter(_is_ideograph, set().union(*texts)))
    found = {(_usual(character), character) for character in characters} | {
        (OTHER_READINGS[character], character) for character in characters & set(OTHER_READINGS)
    }
    return {
        syllable: "".join(character for _, character in pairs)
        for syllable, pairs in groupby(sorted(found), key=lambda pair: pair[0])
        if syllable.isascii() and syllable.isalpha()
    }


def _usual(character: str) -> str:
    # One by one: in a run, pypinyin would look for words.
    return pinyin(character, style=Style.NORMAL)[0][0]


def _is_ideograph(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
