"""Readings of filings: what is due, how readers answer, and the seed that keeps their labels."""
