"""The report, `panorama.html`: charts of the registers in one page that makes no requests.

A figure is a query (`queries/`) with a sentence and a chart about its rows (`sections/`). `page`
and `templates/` put the figures together. Queries run read-only on the release.
"""
