"""Parse the XML of a .docx part without opening any other file.

libxml2 loads the files that a document type declaration names, whatever its options, so a part with
such a declaration is refused before it is parsed. The parser gets only UTF-8, so that no other
encoding can hide a declaration.
"""

import codecs
import re

from lxml import etree

from scrapers.errors import DocumentError, shortened

_DECLARATION = re.compile(rb"\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([^\"']{0,80})")
# lxml repeats the whole name of a namespace in every tag and attribute, so its length is limited.
MAX_NAMESPACE_LENGTH = 500
_NAMESPACE = re.compile(
    rb"\bxmlns[^=>]{0,200}=\s{0,200}(?:\"[^\"]{%d}|'[^']{%d})" % ((MAX_NAMESPACE_LENGTH,) * 2)
)
# The encodings that a part may have are UTF-8 and UTF-16 (ECMA-376-2, 9.1.2). ASCII is UTF-8.
_UTF8_NAMES = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})
_UTF16 = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


def as_utf8(xml: bytes) -> bytes:
    """The bytes of a part in UTF-8.

    Raises DocumentError for any encoding but UTF-8 and UTF-16, and for bytes that are not XML.
    """
    encoding = next((name for beginning, name in _UTF16 if xml.startswith(beginning)), None)
    if encoding:
        try:
            xml = xml.decode(encoding).encode()
        except UnicodeDecodeError as error:
            raise DocumentError(f"a .docx file with broken XML ({error.reason})") from None
    else:
        _refuse_other_encoding(xml)
    if b"\0" in xml or not xml.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        raise DocumentError("a .docx file with broken XML, or XML that is neither UTF-8 nor UTF-16")
    return xml


def _refuse_other_encoding(xml: bytes) -> None:
    declared = _DECLARATION.match(xml.removeprefix(codecs.BOM_UTF8))
    if declared and declared[1].lower() not in _UTF8_NAMES:
        name = shortened(declared[1].decode("ascii", "replace"))
        raise DocumentError(
            f"a .docx file with XML in the encoding {name!r}: only UTF-8 and UTF-16 can be read",
            remedy="Open it in Word and save it again",
        )


def parse(xml: bytes) -> etree._Element:
    """The root of a part in UTF-8.

    Raises DocumentError for broken XML and for a document type declaration, and MemoryError.
    """
    if b"<!DOCTYPE" in xml:
        raise DocumentError(
            "a .docx file with a document type declaration, which Word never writes"
        )
    if _NAMESPACE.search(xml):
        raise DocumentError(
            f"a .docx file with a namespace of over {MAX_NAMESPACE_LENGTH} characters"
        )
    try:
        return etree.fromstring(xml, _parser())
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from None
        raise DocumentError(f"a .docx file with broken XML ({shortened(str(error))})") from error


class _NoOtherFile(etree.Resolver):  # type: ignore[misc]  # lxml ships no types
    """Raises DocumentError for any file that the parser is about to load."""

    def resolve(self, system_url: str | None, public_id: str | None, context: object) -> object:
        raise DocumentError("a .docx file that names another file in its XML")


def _parser() -> etree.XMLParser:
    parser = etree.XMLParser(
        # Overrides the encoding that the part declares.
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        collect_ids=False,
        # A comment inside w:t would cut off the text after it.
        remove_comments=True,
        remove_pis=True,
    )
    parser.resolvers.add(_NoOtherFile())
    return parser
