"""The report, `panorama.html`: charts of the register in one page that makes no requests.

A figure is a query (`queries/`), a sentence of what it found and a chart of it (`sections/`); the
page (`page`, `templates/`) puts them together. Queries run on the release, read-only.
"""
