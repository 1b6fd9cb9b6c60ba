"""The layers of a .pdf that are hidden by default (ISO 32000-1, 8.11)."""

from dataclasses import dataclass

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdftypes import PDFObjRef, dict_value, list_value, resolve1
from pdfminer.psparser import PSLiteral, literal_name

from scrapers.errors import DocumentError

# Limits the work of checking a group each time text uses it.
MAX_MEMBERS = 200


@dataclass(frozen=True)
class Layers:
    """The object numbers of the layers that are off."""

    off: frozenset[int] = frozenset()

    @classmethod
    def of(cls, document: PDFDocument) -> "Layers":
        properties = dict_value(document.catalog.get("OCProperties", {}))
        default = dict_value(properties.get("D", {}))
        off = _numbers(default.get("OFF"))
        base = default.get("BaseState")
        if isinstance(base, PSLiteral) and literal_name(base) == "OFF":
            off |= _numbers(properties.get("OCGs")) - _numbers(default.get("ON"))
        return cls(off)

    def is_off(self, layer: object) -> bool:
        """Whether a layer is hidden, or every layer of a group is. None is always visible."""
        if not self.off or layer is None:
            return False
        if isinstance(layer, PDFObjRef) and layer.objid in self.off:
            return True
        group = resolve1(layer)
        members = group.get("OCGs") if isinstance(group, dict) else None
        if isinstance(members, list) and len(members) > MAX_MEMBERS:
            raise DocumentError(f"the .pdf file has a group of over {MAX_MEMBERS:,} layers")
        return bool(members) and _numbers(members) <= self.off


def _numbers(references: object) -> frozenset[int]:
    if isinstance(references, PDFObjRef):
        inner = resolve1(references)
        if not isinstance(inner, list):
            return frozenset({references.objid})
        references = inner
    found = list_value(references) if isinstance(references, list) else []
    return frozenset(one.objid for one in found if isinstance(one, PDFObjRef))
