"""The report, `panorama.html`: what the register says, drawn, in one page that asks for nothing.

A figure is a query (`queries/`), a sentence of what it found and a chart of it (`sections/`); the
page (`page`, `templates/`) puts them together. Queries run on the release as anyone's would.
"""
