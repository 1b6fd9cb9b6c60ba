"""Limits on the work of interpreting the pages of a .pdf.

A form can be drawn many times and can draw other forms: a file of 17 kB can ask for millions of
operators. So content is counted each time it is about to be interpreted, even if it is the same.
"""

from collections.abc import Sequence

from pdfminer.pdftypes import stream_value

from scrapers.errors import DocumentError

# A list of 800 rows has about 100,000 glyphs in up to 2 MB of content. Interpreting 800 kB takes
# about a second, and so does loading 10,000 resources.
MAX_CONTENT_BYTES = 16 * 2**20
MAX_FORMS = 10_000
MAX_GLYPHS, MAX_POINTS = 1_000_000, 2_000_000
_BYTES_OF_A_RESOURCE = 80


class WorkBudget:
    """Counts the work for one document. Each method raises DocumentError above its limit."""

    def __init__(self) -> None:
        self._content_bytes = 0
        self._contents = 0
        self._glyphs = 0
        self._points = 0

    def add_content(self, streams: Sequence[object], resources: int) -> None:
        """Count the content of a page or a form, and the resources it declares."""
        self._contents += 1
        if self._contents > MAX_FORMS:
            raise DocumentError(f"the .pdf file draws over {MAX_FORMS:,} forms")
        self._content_bytes += resources * _BYTES_OF_A_RESOURCE
        for stream in streams:
            self._content_bytes += len(stream_value(stream).get_data())
            if self._content_bytes > MAX_CONTENT_BYTES:
                raise DocumentError(
                    f"the .pdf file has over {MAX_CONTENT_BYTES:,} bytes of page content"
                )

    def add_glyph(self) -> None:
        self._glyphs += 1
        if self._glyphs > MAX_GLYPHS:
            raise DocumentError(f"the .pdf file has over {MAX_GLYPHS:,} characters")

    def add_points(self, count: int) -> None:
        """Count the points of a path."""
        self._points += count
        if self._points > MAX_POINTS:
            raise DocumentError(f"the .pdf file has paths with over {MAX_POINTS:,} points")
