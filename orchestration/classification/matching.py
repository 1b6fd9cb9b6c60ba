"""Texts searched for all terms in one pass, an Aho-Corasick automaton of Polars' own.

Of terms that overlap in a text the leftmost counts, and of those that begin together the longest:
数字人民币 hides 数字人. So an exception is a longer term, not a rule.
"""

from collections.abc import Iterable

import polars as pl

from scrapers.fields.text_keys import INVISIBLE, RADICALS


def matching_text(text: pl.Expr) -> pl.Expr:
    """The text as it is searched: one width for every sign, lower case, no invisible signs;
    empty for null.
    """
    plain = text.fill_null("").str.replace_many(list(RADICALS), list(RADICALS.values()))
    # Before the pattern: NFKC turns signs of full width into those that it knows.
    plain = plain.str.normalize("NFKC")
    return plain.str.replace_all(INVISIBLE, "").str.to_lowercase()


def found_terms(text: pl.Expr, terms: Iterable[str]) -> pl.Expr:
    """The list of terms in each text, in the order of the text."""
    # Of several that begin at one place Polars takes the first in this order.
    patterns = sorted(set(terms), key=lambda term: (-len(term), term))
    return text.str.extract_many(patterns, leftmost=True)
