"""Text laid over a page: typed comments and filled form fields (ISO 32000-1, 12.5).

Both are printed with the page but are not part of its content. Pop-up notes, links, text markup
and signatures carry no text of the page.
"""

from collections.abc import Iterator
from typing import Any

from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import dict_value, list_value, resolve1
from pdfminer.psparser import PSLiteral, literal_name
from pdfminer.utils import Rect, decode_text

from scrapers.errors import DocumentError

MAX_ANNOTATIONS = 10_000
# Flags of an annotation that is not shown: Hidden and NoView.
_UNSEEN = 0b10 | 0b100000
_TEXT_FIELDS = frozenset({"Tx", "Ch"})


def annotation_texts(page: PDFPage) -> Iterator[tuple[Rect, str]]:
    """Yield the rectangle and the text of each visible comment and form field.

    Raises DocumentError if the page has more annotations than a page of a list does.
    """
    annotations = list_value(page.annots) if page.annots else ()
    if len(annotations) > MAX_ANNOTATIONS:
        raise DocumentError(
            f"the page has over {MAX_ANNOTATIONS:,} comments, links and form fields"
        )
    for reference in annotations:
        annotation = dict_value(reference)
        flags, rect = resolve1(annotation.get("F")), resolve1(annotation.get("Rect"))
        if not isinstance(rect, list) or len(rect) != 4:
            continue
        if isinstance(flags, int) and flags & _UNSEEN:
            continue
        text = _text(annotation)
        if text.strip():
            x0, y0, x1, y1 = (float(resolve1(number)) for number in rect)
            yield (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), text


def _text(annotation: dict[str, Any]) -> str:
    value = None
    match _name(annotation.get("Subtype")):
        case "FreeText":
            value = resolve1(annotation.get("Contents"))
        case "Widget":
            parent = dict_value(annotation.get("Parent", {}))
            if _name(annotation.get("FT", parent.get("FT"))) in _TEXT_FIELDS:
                value = resolve1(annotation.get("V", parent.get("V")))
    return decode_text(value) if isinstance(value, bytes) else ""


def _name(value: object) -> str:
    value = resolve1(value)
    return literal_name(value) if isinstance(value, PSLiteral) else ""
