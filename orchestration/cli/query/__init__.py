"""Queries on the latest release: which statements are allowed, and the output formats."""
