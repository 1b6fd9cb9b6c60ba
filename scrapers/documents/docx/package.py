"""A .docx file as a zip: its main part and the styles that hide text, bounded and hardened.

Entities and DTDs are refused, and so is a zip that unpacks to more than a list can be.
"""

import io
import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from lxml import etree

from scrapers.documents.docx.markup import HIDING, attribute, child, children, is_on
from scrapers.errors import DocumentError

DEFAULT_MAIN_PART = "word/document.xml"
MAX_MEMBERS = 2_000
# Known lists unpack to up to 6.5 MB and 215,000 elements; one takes over 100 bytes of memory.
MAX_UNPACKED_BYTES = 32 * 1024 * 1024
MAX_TAGS = 2_000_000

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TABLE_TAG = re.compile(rb"tbl[\s>/]")
# All that zipfile lets through when a zip is cut off, encrypted or made up.
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
    """The main part as a tree, and what its bytes tell before any of it is read.

    `hides_text` is False where no run can be hidden, `merges_cells` where no cell can be merged or
    deleted: that saves a look at the properties of every run or cell. `table_tags` counts the tags
    that begin or end a table. `hidden_styles` are the ids of styles that hide their text.
    """

    root: etree._Element
    body: etree._Element
    table_tags: int
    hides_text: bool
    merges_cells: bool
    hidden_styles: frozenset[str]


def read_package(content: bytes) -> Package:
    """Open a .docx file.

    Raises DocumentError when it is damaged or hostile, or is not a Word document.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MAX_MEMBERS:
                raise DocumentError(f"a zip of over {MAX_MEMBERS:,} members")
            parts = _Parts(archive)
            main_name = parts.related("", "officeDocument") or DEFAULT_MAIN_PART
            main = parts.read(main_name)
            styles = parts.read(parts.related(main_name, "styles") or "word/styles.xml")
    except _ZIP_ERRORS as error:
        raise DocumentError(f"a damaged .docx file ({error})") from error
    if main is None:
        raise DocumentError(f"a zip without {main_name}: not a .docx file")
    root = _parse(main)
    body = child(root, "body")
    if body is None:
        raise DocumentError(f"a .docx file whose main part, {main_name}, has no body: {root.tag}")
    hidden_styles = _hidden_styles(styles)
    return Package(
        root,
        body,
        table_tags=len(_TABLE_TAG.findall(main)),
        hides_text=bool(hidden_styles) or _mentions(main, HIDING),
        merges_cells=_mentions(main, "gridSpan", "Merge", "cellDel"),
        hidden_styles=hidden_styles,
    )


class _Parts:
    """The parts of a package by name; names differ by case and slashes from writer to writer."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = {_part_name(name): name for name in archive.namelist()}

    def read(self, name: str) -> bytes | None:
        """The bytes of a part, None where it is missing. Raises DocumentError if it is too big."""
        member = self._members.get(_part_name(name))
        if member is None:
            return None
        # The declared size can lie, so the reading itself is bounded.
        with self._archive.open(member) as part:
            xml = part.read(MAX_UNPACKED_BYTES + 1)
        if len(xml) > MAX_UNPACKED_BYTES:
            raise DocumentError(f"a .docx file that unpacks to over {MAX_UNPACKED_BYTES:,} bytes")
        if len(xml) > MAX_TAGS and xml.count(b"<") > MAX_TAGS:
            raise DocumentError(f"a .docx file of over {MAX_TAGS:,} tags")
        return xml

    def related(self, source: str, kind: str) -> str | None:
        """The part that `source` (empty for the package) names by a relationship of this kind."""
        folder, name = posixpath.split(source)
        xml = self.read(f"{folder}/_rels/{name}.rels")
        if xml is None:
            return None
        for relationship in _parse(xml).iterchildren(_RELATIONSHIP):
            if (relationship.get("Type") or "").endswith(f"/{kind}"):
                return posixpath.join("/", folder, relationship.get("Target") or "")
        return None


def _part_name(name: str) -> str:
    return posixpath.normpath("/" + name.replace("\\", "/")).lstrip("/").lower()


def _parse(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        collect_ids=False,
        # A comment inside w:t would hide what follows it.
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise DocumentError(f"a .docx file with broken XML ({error})") from error
    if root.getroottree().docinfo.doctype:
        raise DocumentError(
            "a .docx file with a document type declaration, which Word never writes"
        )
    return root


def _mentions(xml: bytes, *names: str) -> bool:
    """Whether one of the names may be in the part; UTF-16, which is rare, is not searched."""
    return b"\0" in xml[:4] or any(name.encode() in xml for name in names)


def _hidden_styles(styles: bytes | None) -> frozenset[str]:
    """The ids of styles that hide text, by themselves or by the style that they are based on."""
    if styles is None or not _mentions(styles, HIDING):
        return frozenset()
    hides: dict[str, bool | None] = {}
    based_on: dict[str, str | None] = {}
    for style in children(_parse(styles), "style"):
        style_id = attribute(style, "styleId") or ""
        hides[style_id] = is_on(child(style, "rPr"), HIDING)
        base = child(style, "basedOn")
        based_on[style_id] = None if base is None else attribute(base, "val")
    return frozenset(style_id for style_id in hides if _is_hidden(style_id, hides, based_on))


def _is_hidden(
    style_id: str, hides: dict[str, bool | None], based_on: dict[str, str | None]
) -> bool:
    seen = set()
    current: str | None = style_id
    while current is not None and current not in seen:
        seen.add(current)
        if hides.get(current) is not None:
            return bool(hides[current])
        current = based_on.get(current)
    return False
