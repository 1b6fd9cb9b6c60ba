"""Parses the fields of a row: filing numbers, notes, products, and keys for comparing texts."""
