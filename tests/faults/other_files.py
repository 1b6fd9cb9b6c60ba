"""Files that are not lists: formats of other programs, and pages of firewalls."""

import struct

from tests.support.docx_builder import HEADINGS, make_docx, make_filing_cells, make_zip, row, table

LIST = make_docx(table(row(*HEADINGS), row(*make_filing_cells())))
XLSX = make_zip([("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<workbook/>")])
PPTX = make_zip([("[Content_Types].xml", "<Types/>"), ("ppt/presentation.xml", "<presentation/>")])
OFD = make_zip([("OFD.xml", "<OFD/>"), ("Doc_0/Document.xml", "<Document/>")])
ODT = make_zip([("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<x/>")])
ZIPPED_LIST = make_zip([("附件.docx", LIST)])
SCRIPT = (
    "<html><head><meta charset='utf-8'><script>var a=[1,2];document.cookie='k=v';"
    "location.reload()</script></head><body></body></html>"
)

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_NONE = 0xFFFFFFFF


def compound_file(*streams: str) -> bytes:
    """An OLE compound file (Office before 2007) with empty streams of these names."""
    header = struct.pack(
        "<8s16x5H6x9I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, _END, 0, _END, 0,
    )  # fmt: skip
    sectors_of_fat = struct.pack("<109I", 0, *[_FREE] * 108)
    fat = struct.pack("<128I", _FAT, _END, *[_FREE] * 126)
    entries = [_entry("Root Entry", 5, child=1 if streams else _NONE)]
    for number, name in enumerate(streams, 1):
        entries.append(_entry(name, 2, right=number + 1 if number < len(streams) else _NONE))
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    return header + sectors_of_fat + fat + directory


def _entry(name: str, kind: int, right: int = _NONE, child: int = _NONE) -> bytes:
    raw = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16x4xQQIQ", raw, len(raw) + 2, kind, 1, _NONE, right, child, 0, 0, _END, 0
    )
