"""Search of texts for many terms in one pass, with the Aho-Corasick automaton of Polars.

Of overlapping terms the leftmost counts, and of those that start at the same position the longest:
数字人民币 masks 数字人. An exception is therefore a longer term, not a rule.
"""

from collections.abc import Iterable

import polars as pl

from scrapers.fields.text_keys import INVISIBLE, RADICALS


def matching_text(text: pl.Expr) -> pl.Expr:
    """The normalised text for searching: NFKC, lower case, no invisible characters, no nulls."""
    plain = text.fill_null("").str.replace_many(list(RADICALS), list(RADICALS.values()))
    # Before removing INVISIBLE, because NFKC turns some characters into those that it matches.
    plain = plain.str.normalize("NFKC")
    return plain.str.replace_all(INVISIBLE, "").str.to_lowercase()


def found_terms(text: pl.Expr, terms: Iterable[str]) -> pl.Expr:
    """The list of terms found in each text, in text order."""
    # Of terms that start at the same position, Polars takes the first in this order.
    patterns = sorted(set(terms), key=lambda term: (-len(term), term))
    return text.str.extract_many(patterns, leftmost=True)
