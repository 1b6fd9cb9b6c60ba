"""How much work the pages of a .pdf may make.

A form can be drawn many times over, and draw others in rotation: a file of 17 kB can ask for
millions of operators. What is interpreted is counted as it is begun, however often it is the same.
"""

from collections.abc import Sequence

from pdfminer.pdftypes import stream_value

from scrapers.errors import DocumentError

# A list of 800 rows has some 100,000 glyphs, which take up to 2 MB of content. Some 800 kB are
# interpreted in a second, and as much time goes by for 10,000 resources.
MAX_CONTENT_BYTES = 16 * 2**20
MAX_FORMS = 10_000
MAX_GLYPHS, MAX_POINTS = 1_000_000, 2_000_000
_BYTES_OF_A_RESOURCE = 80


class WorkBudget:
    """Counts what the pages of one document make to do. Each method raises DocumentError where it
    is more than for a list.
    """

    def __init__(self) -> None:
        self._content_bytes = 0
        self._contents = 0
        self._glyphs = 0
        self._points = 0

    def add_content(self, streams: Sequence[object], resources: int) -> None:
        """Count a content that begins, of a page or of a form, and the resources it names."""
        self._contents += 1
        if self._contents > MAX_FORMS:
            raise DocumentError(f"a .pdf file that draws over {MAX_FORMS:,} forms")
        self._content_bytes += resources * _BYTES_OF_A_RESOURCE
        for stream in streams:
            self._content_bytes += len(stream_value(stream).get_data())
            if self._content_bytes > MAX_CONTENT_BYTES:
                raise DocumentError(f"a .pdf file with over {MAX_CONTENT_BYTES:,} bytes of content")

    def add_glyph(self) -> None:
        self._glyphs += 1
        if self._glyphs > MAX_GLYPHS:
            raise DocumentError(f"a .pdf file of over {MAX_GLYPHS:,} glyphs")

    def add_points(self, count: int) -> None:
        """Count the points of a path that is looked at."""
        self._points += count
        if self._points > MAX_POINTS:
            raise DocumentError(f"a .pdf file with paths of over {MAX_POINTS:,} points")
