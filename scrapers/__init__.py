"""Scrapers: from an address on the source's two hosts to table rows as strings.

Nothing in this package depends on Dagster. Every module can be used from a notebook.
"""
