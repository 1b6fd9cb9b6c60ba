"""Keys for comparing texts: texts that look the same have the same key.

Names, headings, titles and numbers are compared by key. Stored and displayed texts stay as printed.
"""

import re
import unicodedata

# White space, zero-width characters and byte-order marks, in the RE2 syntax of DuckDB and Polars.
# Python's `re` does not support it.
INVISIBLE = r"[\s\p{Z}\p{Cf}\x{1c}-\x{1f}\x{85}]+"

# CJK radicals (U+2E80-2EFF) that some fonts and PDF writers use in place of ideographs, and these
# ideographs: Unicode's property Equivalent_Unified_Ideograph. NFKC covers only U+2F00-2FD5, and
# maps three of those to traditional forms that simplified Chinese fonts lack.
_RADICALS = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨"
    "⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏"
    "⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
)
_IDEOGRAPHS = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭"
    "王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑"
    "钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
RADICALS = dict(zip(f"{_RADICALS}⼾⾭⿈", f"{_IDEOGRAPHS}户青黄", strict=True))

# NFKC sorts the combining marks of a letter in quadratic time. The Stream-Safe Text Format (Unicode
# Annex 15) allows 30 in a row. Short texts need no limit.
_MOST_MARKS, _SHORT = 30, 100
# Characters that NFKC converts to combining marks.
_OTHER_MARKS = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")

_RADICAL = re.compile(f"[{''.join(RADICALS)}]")


def matching_key(text: str) -> str:
    """Return the text in NFKC, with radicals as ideographs and without invisible characters."""
    if len(text) > _SHORT:
        text = _without_heaps_of_marks(text)
    if _RADICAL.search(text):
        text = _RADICAL.sub(lambda found: RADICALS[found.group()], text)
    normalised = unicodedata.normalize("NFKC", text)
    return without_width("".join(normalised.split()))


def _without_heaps_of_marks(text: str) -> str:
    """Limit the combining marks in a row to the number that a letter has in any language."""
    kept: list[str] = []
    marks = 0
    for character in text:
        is_mark = unicodedata.combining(character) or character in _OTHER_MARKS
        marks = marks + 1 if is_mark else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def without_width(text: str) -> str:
    """Remove zero-width characters, such as byte-order marks."""
    # `isprintable` is fast and true for almost every text.
    if text.isprintable():
        return text
    return "".join(character for character in text if unicodedata.category(character) != "Cf")
