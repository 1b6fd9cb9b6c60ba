"""Extends pdfminer's page interpreter with the state that decides whether text is visible.

Visibility depends on the text rendering mode, opacity, clipping and layers, and a form inherits
all of them from its page (ISO 32000-1, 8.4, 8.10, 9.3.6 and 14.6).
"""

# ruff: noqa: N802  (the names of the operators are pdfminer's)

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, cast

from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFFont
from pdfminer.pdfinterp import (
    PDFGraphicState,
    PDFPageInterpreter,
    PDFResourceManager,
    PDFStackT,
)
from pdfminer.pdftypes import dict_value, list_value, stream_value
from pdfminer.psparser import PSLiteral, literal_name
from pdfminer.utils import MATRIX_IDENTITY, Matrix, Rect, apply_matrix_rect

from scrapers.documents.pdf.budget import WorkBudget
from scrapers.documents.pdf.fonts import KnownCodes, known_codes_of
from scrapers.documents.pdf.layers import Layers
from scrapers.documents.pdf.marks import Box
from scrapers.documents.pdf.paths import subpaths
from scrapers.errors import DocumentError

# Conforming writers nest at most 28 (ISO 32000-1, annex C).
MAX_NESTED_STATES = 500
_OPAQUE_BLENDS = frozenset({"Normal", "Compatible"})


class State(PDFGraphicState):
    """pdfminer's graphics state with opacity, clipping and visibility.

    Nothing shows outside `clip`. `is_off` is true inside a hidden layer.
    """

    def __init__(self, clip: Box) -> None:
        super().__init__()
        self.fill_opacity = 1.0
        self.line_opacity = 1.0
        self.is_blended = False
        self.is_off = False
        self.is_watermark = False
        self.clip = clip

    def copy(self) -> "State":
        twin = State.__new__(State)
        twin.__dict__.update(self.__dict__)
        return twin


class PaintDevice(PDFTextDevice):
    """The device of an interpreter, with what it needs in addition to pdfminer's interface."""

    ctm: Matrix
    layers: Layers
    budget: WorkBudget
    crop_box: Box
    picture_state: State | None
    known_codes: dict[PDFFont, KnownCodes | None]

    @abstractmethod
    def placed(self, rect: Rect) -> Box:
        """Convert a pdfminer rectangle, with y upwards, to a box."""

    @abstractmethod
    def paint_shading(self, state: State) -> None:
        """Paint a shading, which fills the whole clip area."""


class Interpreter(PDFPageInterpreter):
    """Interprets a page and keeps its graphics state complete."""

    device: PaintDevice
    graphicstate: State

    def __init__(self, rsrcmgr: PDFResourceManager, device: PaintDevice) -> None:
        super().__init__(rsrcmgr, device)
        self._outer: State | None = None
        self._marked_content: list[tuple[bool, bool]] = []

    def init_state(self, ctm: Matrix) -> None:
        super().init_state(ctm)
        self.graphicstate = self._outer.copy() if self._outer else State(self.device.crop_box)

    def init_resources(self, resources: dict[object, object]) -> None:
        super().init_resources(resources)
        specs = dict_value(dict_value(resources).get("Font", {})) if resources else {}
        for name, font in self.fontmap.items():
            if font not in self.device.known_codes:
                self.device.known_codes[font] = known_codes_of(dict_value(specs[name]))

    def do_Do(self, xobjid_arg: PDFStackT) -> None:
        """Draw a form or an image. A form inherits the page's state and is clipped to its box."""
        outer = self.graphicstate
        form = self.xobjmap.get(literal_name(xobjid_arg))
        self.graphicstate = outer.copy()
        if form is not None:
            attributes = stream_value(form).attrs
            self.graphicstate.is_off |= self.device.layers.is_off(attributes.get("OC"))
            if "BBox" in attributes:
                a, b, c, d, e, f = list_value(attributes.get("Matrix", MATRIX_IDENTITY))
                x0, y0, x1, y1 = list_value(attributes["BBox"])
                self._clip_to(apply_matrix_rect((a, b, c, d, e, f), (x0, y0, x1, y1)))
        self.device.picture_state = self.graphicstate
        super().do_Do(xobjid_arg)
        self.graphicstate = outer
        self.device.set_ctm(self.ctm)

    def do_sh(self, name: object) -> None:
        self.device.paint_shading(self.graphicstate)

    def do_EI(self, obj: PDFStackT) -> None:
        self.device.picture_state = self.graphicstate
        super().do_EI(obj)

    def subinterp(self) -> "Interpreter":
        # pdfminer makes an interpreter of the same class.
        inner = cast(Interpreter, super().subinterp())
        inner._outer = self.graphicstate
        return inner

    def do_gs(self, name: PDFStackT) -> None:
        states = dict_value(dict_value(self.resources).get("ExtGState", {}))
        values = dict_value(states.get(literal_name(name), {}))
        for key, attribute in (("ca", "fill_opacity"), ("CA", "line_opacity")):
            if isinstance(values.get(key), int | float):
                setattr(self.graphicstate, attribute, float(values[key]))
        if "BM" in values:
            self.graphicstate.is_blended = not _names(values["BM"]) <= _OPAQUE_BLENDS

    def execute(self, streams: Sequence[object]) -> None:
        self.device.budget.add_content(streams, len(self.fontmap) + len(self.xobjmap))
        super().execute(streams)

    def do_q(self) -> None:
        super().do_q()
        if len(self.gstack) > MAX_NESTED_STATES:
            raise DocumentError(f"the .pdf file nests over {MAX_NESTED_STATES} graphics states")

    def do_W(self) -> None:
        # The same path may be used for clipping again.
        self.device.budget.add_points(len(self.curpath))
        points = [point for path in subpaths(self.curpath) for point in path.points]
        if points:
            xs, ys = zip(*points, strict=True)
            self._clip_to((min(xs), min(ys), max(xs), max(ys)))

    def do_W_a(self) -> None:
        self.do_W()

    def _clip_to(self, box: Rect) -> None:
        state = self.graphicstate
        state.clip = state.clip.common(self.device.placed(apply_matrix_rect(self.ctm, box)))

    def do_cs(self, name: PDFStackT) -> None:
        super().do_cs(name)
        self.graphicstate.ncolor = _first_colour(self.graphicstate.ncs)

    def do_CS(self, name: PDFStackT) -> None:
        super().do_CS(name)
        self.graphicstate.scolor = _first_colour(self.graphicstate.scs)

    def do_BMC(self, tag: PDFStackT) -> None:
        super().do_BMC(tag)
        self._begin_marked_content(tag, None)

    def do_BDC(self, tag: PDFStackT, props: PDFStackT) -> None:
        super().do_BDC(tag, props)
        self._begin_marked_content(tag, props)

    def do_EMC(self) -> None:
        super().do_EMC()
        if self._marked_content:
            self.graphicstate.is_off, self.graphicstate.is_watermark = self._marked_content.pop()

    def _begin_marked_content(self, tag: PDFStackT, properties: object) -> None:
        state = self.graphicstate
        self._marked_content.append((state.is_off, state.is_watermark))
        if isinstance(properties, PSLiteral):
            known = dict_value(dict_value(self.resources).get("Properties", {}))
            properties = known.get(literal_name(properties))
        match literal_name(tag):
            case "OC":
                state.is_off |= self.device.layers.is_off(properties)
            case "Artifact" if isinstance(properties, dict):
                state.is_watermark |= "Watermark" in _names(properties.get("Subtype"))


def _first_colour(space: PDFColorSpace) -> Any:
    """Return the initial colour of a colour space: black, or full tint."""
    if space.name in ("Separation", "DeviceN"):
        return 1.0 if space.ncomponents == 1 else (1.0,) * space.ncomponents
    return {1: 0.0, 3: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0, 1.0)}.get(space.ncomponents, "unknown")


def _names(value: object) -> frozenset[str]:
    """Return the names in a value that is a name or an array of names."""
    found = value if isinstance(value, list) else [value]
    return frozenset(literal_name(one) for one in found if isinstance(one, PSLiteral))
