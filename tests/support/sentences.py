"""The sentences of a report, and what is wrong with them as English or Chinese."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup

_NOUNS = (
    "filings|batches|companies|entities|notices|numbers|changes|provinces|cities|claims|services|"
    "months|notes|registrations|totals|measures|algorithms"
)
_FAULTS = {
    "a code": r"\b[a-z]+_[a-z_]+\b|(?<!\d)000000(?!\d)",
    "an unknown place": r"\b[Uu]n(?:known|resolved)\b|未识别|未标明",
    "a missing value": r"\b(?:None|nan|null|NaT|inf)\b",
    "a range of one value": r"(?<![\d.,])([\d.,]+%?) ?(?:to|至|–|→|->) ?\1(?![\d.,]*\d|%)",
    "one of several": rf"(?<![\d.,–])1 (?:{_NOUNS})\b",
    "a share of nothing": r"\b0 / 0\b|\b0 of 0\b|\(\)|（）",
    "doubled space or mark": r"  |。。|，，|；；|\.\.(?!\.)|,,| [,;.](?=\s|$)",
}


def sentences(page: str) -> Iterator[tuple[str, str]]:
    """(language, text) of every text of the page; a figure at its top has its number in front."""
    document = BeautifulSoup(page, "lxml")
    for node in document.select("main span.zh, main span.en, .bar span.zh, .bar span.en"):
        lang = "zh" if "zh" in node["class"] else "en"
        tile = node.find_parent("dt")
        number = tile.find_next_sibling("dd") if tile else None
        is_tile = number is not None and number.find_parent(class_="figures") is not None
        yield lang, f"{number.text} {node.text}" if is_tile else node.text


def wrong(page: str) -> list[str]:
    """What is wrong with the sentences of the page, each with its text."""
    texts = list(sentences(page))
    found = [f"{lang}: empty" for lang, text in texts if not text.strip()]
    for lang, text in texts:
        plain = text.replace("\u00a0", " ").replace("\u2011", "-")
        for fault, pattern in _FAULTS.items():
            if hit := re.search(pattern, plain):
                found.append(f"{lang}: {fault} ({hit[0]!r}): {text}")
    return found
