"""Counts with their nouns, for messages."""


def counted(count: int, one: str, many: str) -> str:
    """A count with its noun, such as `1,234 filings`."""
    return f"{count:,} {one if count == 1 else many}"
