"""One form of a text for comparing: what looks the same is the same.

Names, headings, titles and numbers are compared in this form only; what is stored and shown stays
as printed.
"""

import re
import unicodedata

# White space, signs of no width, byte-order marks. In the syntax of RE2, which DuckDB and Polars
# share; Python's own `re` does not know it.
INVISIBLE = r"[\s\p{Z}\p{Cf}\x{1c}-\x{1f}\x{85}]+"

# CJK radicals (U+2E80-2EFF) that some fonts and PDF writers give in the place of a character, and
# that character: Unicode's property Equivalent_Unified_Ideograph. NFKC knows U+2F00-2FD5 only, of
# which it turns three into traditional forms that the fonts of simplified Chinese do not draw.
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

# NFKC puts the marks of a letter in order, for which it takes the square of their number. As in the
# Stream-Safe Text Format (Unicode, annex 15) 30 are enough; in a short text they do not matter.
_MOST_MARKS, _SHORT = 30, 100
# Signs that NFKC makes combining marks of.
_OTHER_MARKS = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")

_RADICAL = re.compile(f"[{''.join(RADICALS)}]")


def matching_key(text: str) -> str:
    """The text in NFKC, radicals as characters, without white space and signs of no width."""
    if len(text) > _SHORT:
        text = _without_heaps_of_marks(text)
    if _RADICAL.search(text):
        text = _RADICAL.sub(lambda found: RADICALS[found.group()], text)
    normalised = unicodedata.normalize("NFKC", text)
    return without_width("".join(normalised.split()))


def _without_heaps_of_marks(text: str) -> str:
    """The text with no more combining marks in a row than a letter has in any language."""
    kept: list[str] = []
    marks = 0
    for character in text:
        is_mark = unicodedata.combining(character) or character in _OTHER_MARKS
        marks = marks + 1 if is_mark else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def without_width(text: str) -> str:
    """Text without signs of no width, such as byte-order marks."""
    # `isprintable` settles nearly every text at once.
    if text.isprintable():
        return text
    return "".join(character for character in text if unicodedata.category(character) != "Cf")
