"""The report, `panorama.html`: charts of the registers in one page that makes no requests.

A figure is a query (`queries/`) with a sentence and a chart about its rows (`sections/`). `front`
makes the title and the numbers above them, and `search/` the data of the search and of the pages of
companies. `page` and `templates/` put all together. Queries run read-only on the release.
"""
