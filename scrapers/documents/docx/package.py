"""The zip of a .docx file: its main part, and the styles that hide text.

A zip over the size limits, or one that is not a Word document, is refused.
"""

import io
import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from scrapers.documents.docx.directory import directory_of
from scrapers.documents.docx.markup import (
    HIDING,
    attribute,
    child,
    children,
    ignorable_namespaces,
    is_on,
)
from scrapers.documents.docx.other_zips import other_root, other_zip, refuse_encrypted
from scrapers.documents.docx.xml import as_utf8, parse
from scrapers.errors import DocumentError, shortened

DEFAULT_MAIN_PART = "word/document.xml"
MAX_MEMBERS = 2_000
# Known lists have some 30 members, with 80 bytes for each in the zip's directory.
MAX_DIRECTORY_BYTES = 256 * MAX_MEMBERS
# Known lists unpack to at most 6.5 MB and 215,000 elements. An element takes over 100 bytes of
# memory.
MAX_UNPACKED_BYTES = 32 * 1024 * 1024
MAX_TAGS = 2_000_000

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TABLE_TAG = re.compile(rb"tbl[\s>/]")
# The errors that zipfile raises for a truncated, encrypted or forged zip.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    RuntimeError,  # and NotImplementedError
)


@dataclass(frozen=True)
class Package:
    """The main part as a tree, and what is known from its bytes alone.

    `hides_text` is False if no run can be hidden, and `merges_cells` is False if no cell can be
    merged or deleted, so that the properties of runs or cells need not be read. `table_tags` counts
    the start and end tags of tables. `hidden_styles` are the ids of styles that hide text, and
    `ignorable` are the namespaces whose unknown elements may be skipped.
    """

    root: etree._Element
    body: etree._Element
    table_tags: int
    hides_text: bool
    merges_cells: bool
    hidden_styles: frozenset[str]
    ignorable: frozenset[str]


def read_package(content: bytes) -> Package:
    """Open a .docx file.

    Raises DocumentError if it is damaged or hostile, or is not a Word document.
    """
    _refuse_large_directory(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            refuse_encrypted(archive)
            parts = _Parts(archive)
            main_name = parts.related("", "officeDocument") or DEFAULT_MAIN_PART
            main = parts.read(main_name)
            if main is None:
                raise other_zip(archive, shortened(main_name))
            styles = parts.read(parts.related(main_name, "styles") or "word/styles.xml")
    except _ZIP_ERRORS as error:
        raise DocumentError(f"a damaged .docx file ({shortened(str(error))})") from error
    root = parse(main)
    body = child(root, "body")
    if body is None:
        raise other_root(root.tag) or DocumentError(
            f"a .docx file whose main part, {shortened(main_name)}, has no body but the root "
            f"{shortened(root.tag)}"
        )
    hidden_styles = _hidden_styles(styles)
    return Package(
        root,
        body,
        table_tags=len(_TABLE_TAG.findall(main)),
        hides_text=bool(hidden_styles) or _mentions(main, HIDING),
        merges_cells=_mentions(main, "gridSpan", "Merge", "cellDel"),
        hidden_styles=hidden_styles,
        ignorable=ignorable_namespaces(root),
    )


def _refuse_large_directory(content: bytes) -> None:
    """Raise DocumentError for a zip with too many members, or too large a directory."""
    directory = directory_of(content)
    if directory and directory.members > MAX_MEMBERS:
        raise DocumentError(f"a zip of over {MAX_MEMBERS:,} members")
    if directory and directory.size > MAX_DIRECTORY_BYTES:
        raise DocumentError(f"a zip with a directory of over {MAX_DIRECTORY_BYTES:,} bytes")


class _Parts:
    """The parts of a package by name, whatever the case and the slashes in the zip."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = {_part_name(name): name for name in archive.namelist()}

    def read(self, name: str) -> bytes | None:
        """The bytes of a part in UTF-8, or None if it is missing.

        Raises DocumentError if it is too large, or neither in UTF-8 nor in UTF-16.
        """
        member = self._members.get(_part_name(name))
        if member is None:
            return None
        # The declared size may be wrong, so the read itself is limited.
        with self._archive.open(member) as part:
            xml = part.read(MAX_UNPACKED_BYTES + 1)
        if len(xml) > MAX_UNPACKED_BYTES:
            raise DocumentError(f"a .docx file that unpacks to over {MAX_UNPACKED_BYTES:,} bytes")
        if len(xml) > MAX_TAGS and xml.count(b"<") > MAX_TAGS:
            raise DocumentError(f"a .docx file of over {MAX_TAGS:,} tags")
        return as_utf8(xml)

    def related(self, source: str, kind: str) -> str | None:
        """The part to which `source` (empty for the package) has a relationship of this kind."""
        folder, name = posixpath.split(source)
        xml = self.read(f"{folder}/_rels/{name}.rels")
        if xml is None:
            return None
        for relationship in parse(xml).iterchildren(_RELATIONSHIP):
            if (relationship.get("Type") or "").endswith(f"/{kind}"):
                return posixpath.join("/", folder, relationship.get("Target") or "")
        return None


def _part_name(name: str) -> str:
    return posixpath.normpath("/" + name.replace("\\", "/")).lstrip("/").lower()


def _mentions(xml: bytes, *names: str) -> bool:
    """Whether one of the names occurs in the part."""
    return any(name.encode() in xml for name in names)


def _hidden_styles(styles: bytes | None) -> frozenset[str]:
    """The ids of styles that hide text, directly or through the style that they are based on."""
    if styles is None or not _mentions(styles, HIDING):
        return frozenset()
    hides: dict[str, bool | None] = {}
    based_on: dict[str, str | None] = {}
    for style in children(parse(styles), "style"):
        style_id = attribute(style, "styleId") or ""
        hides[style_id] = is_on(child(style, "rPr"), HIDING)
        base = child(style, "basedOn")
        based_on[style_id] = None if base is None else attribute(base, "val")
    return frozenset(_hidden(hides, based_on))


def _hidden(hides: dict[str, bool | None], based_on: dict[str, str | None]) -> Iterator[str]:
    """The styles that hide text. Each is visited once, however long the chains are."""
    found: dict[str, bool] = {}
    for style_id in hides:
        chain: dict[str, None] = {}
        base: str | None = style_id
        while base is not None and base not in found and base not in chain:
            if hides.get(base) is not None:
                break
            chain[base] = None
            base = based_on.get(base)
        is_hidden = base is not None and (found.get(base) or bool(hides.get(base)))
        found.update(dict.fromkeys((*chain, style_id), is_hidden))
    return (style_id for style_id in hides if found[style_id])
