"""Search of texts for many terms in one pass, with the Aho-Corasick automaton of Polars.

Of overlapping terms the leftmost counts, and of those that start at the same position the longest:
数字人民币 masks 数字人. An exception is therefore a longer term, not a rule.

Chinese has no spaces, so a term can be found across the border of two words: 网文 in 物联网文本.
Words that are frequent in names show such borders. A term that begins or ends within one of them
does not match, unless it contains the word.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import polars as pl

from scrapers.fields.text_keys import INVISIBLE, RADICALS


def matching_text(text: pl.Expr) -> pl.Expr:
    """The normalised text for searching: NFKC, lower case, no invisible characters, no nulls."""
    plain = text.fill_null("").str.replace_many(list(RADICALS), list(RADICALS.values()))
    # Before removing INVISIBLE, because NFKC turns some characters into those that it matches.
    plain = plain.str.normalize("NFKC")
    return plain.str.replace_all(INVISIBLE, "").str.to_lowercase()


def found_terms(text: pl.Expr, terms: Iterable[str], words: Iterable[str] = ()) -> pl.Expr:
    """The list of terms found in each text, in text order.

    `words` show the borders of words, as described above. The list also has what was found across
    their borders. These strings are not terms.
    """
    return text.str.extract_many(_patterns(frozenset(terms), frozenset(words)), leftmost=True)


# Millions of texts are searched slice by slice for the same terms.
@lru_cache(maxsize=8)
def _patterns(terms: frozenset[str], words: frozenset[str]) -> list[str]:
    """What to search for. Of terms that start at the same position, Polars takes the first."""
    patterns = terms.union(_across_borders(terms, words))
    return sorted(patterns, key=lambda term: (-len(term), term))


def _across_borders(terms: Iterable[str], words: Iterable[str]) -> Iterator[str]:
    """Each term with the word that begins or ends within it: 网文 and 文本 are 网文本."""
    beginnings: dict[str, list[str]] = {}
    endings: dict[str, list[str]] = {}
    for word in words:
        for length in range(1, len(word)):
            beginnings.setdefault(word[:length], []).append(word[length:])
            endings.setdefault(word[-length:], []).append(word[:-length])
    for term in terms:
        for length in range(1, len(term)):
            for rest in beginnings.get(term[-length:], ()):
                yield term + rest
            for rest in endings.get(term[:length], ()):
                yield rest + term
