"""Collects the marks of a page while pdfminer interprets its content."""

from collections.abc import Sequence
from itertools import islice
from math import hypot

from pdfminer.layout import LTChar
from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextSeq
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFResourceManager, PDFTextState
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream
from pdfminer.utils import Matrix, PathSegment, Rect, apply_matrix_pt, apply_matrix_rect

from scrapers.documents.pdf.annotations import annotation_texts
from scrapers.documents.pdf.budget import WorkBudget
from scrapers.documents.pdf.colours import WHITE, are_alike, as_rgb
from scrapers.documents.pdf.fonts import KnownCodes
from scrapers.documents.pdf.interpreter import Interpreter, PaintDevice, State
from scrapers.documents.pdf.layers import Layers
from scrapers.documents.pdf.marks import Annotation, Area, Box, Glyph, Marks, TextStyle
from scrapers.documents.pdf.paths import SKEW, Path, centre_line, is_rectangle, sides, subpaths
from scrapers.errors import DocumentError

# A page in small print has about 10,000 glyphs, and a densely ruled page about 5,000 lines.
MAX_GLYPHS, MAX_PATHS = 100_000, 50_000
# The largest page size of the PDF format, in points (ISO 32000-1, annex C).
LARGEST_PAGE = 14_400
# A bar up to this thick is a line: Word draws borders as bars of up to 6 points.
THICKEST_LINE = 6.0
LEAST_OPACITY = 0.05
_TEXT_MODES_WITHOUT_FILL, _TEXT_MODES_WITH_BOTH, _TEXT_MODES_UNSEEN = (1, 5), (2, 6), (3, 7)


def marks_of(
    page: PDFPage, resources: PDFResourceManager, layers: Layers, budget: WorkBudget | None = None
) -> Marks:
    """Return all marks of a page. `budget` limits the work for its document.

    Raises DocumentError for more marks than any list has.
    """
    collector = _Collector(resources, layers, budget or WorkBudget())
    Interpreter(resources, collector).process_page(page)
    return collector.marks


class _Collector(PaintDevice):
    """The device that records what the interpreter draws."""

    marks: Marks

    def __init__(self, rsrcmgr: PDFResourceManager, layers: Layers, budget: WorkBudget) -> None:
        super().__init__(rsrcmgr)
        self.layers = layers
        self.budget = budget
        self.picture_state: State | None = None
        self.known_codes: dict[PDFFont, KnownCodes | None] = {}
        self._paths = 0

    def begin_page(self, page: PDFPage, ctm: Matrix) -> None:
        x0, y0, x1, y1 = apply_matrix_rect(ctm, page.mediabox)
        self.marks = Marks(abs(x1 - x0), abs(y1 - y0))
        self.crop_box = self.placed(apply_matrix_rect(ctm, page.cropbox))
        sides = (self.marks.width, self.marks.height, *_size(self.crop_box))
        if max(sides) > LARGEST_PAGE:
            raise DocumentError(f"the page is larger than {LARGEST_PAGE:,} points")
        for rect, text in annotation_texts(page):
            self.marks.annotations.append(
                Annotation(self.placed(apply_matrix_rect(ctm, rect)), text)
            )

    def placed(self, rect: Rect) -> Box:
        """Convert a pdfminer rectangle, with y upwards, to a box."""
        x0, y0, x1, y1 = rect
        return Box(x0, self.marks.height - y1, x1, self.marks.height - y0)

    # The interpreter passes its own kind of graphics state.
    def render_string(  # type: ignore[override]
        self,
        textstate: PDFTextState,
        seq: PDFTextSeq,
        ncs: PDFColorSpace,
        graphicstate: State,
    ) -> None:
        self._style = _style(textstate, graphicstate)
        super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(  # type: ignore[override]
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: PDFColorSpace,
        graphicstate: State,
    ) -> float:
        text = self._text_of(font, cid)
        width, shift = font.char_width(cid), font.char_disp(cid)
        a, b, c, d, e, f = matrix
        rotation = _quarter_turns(a * fontsize, b * fontsize, a * d - b * c)
        char = LTChar(
            _unslanted(matrix, rotation),
            font,
            fontsize,
            scaling,
            rise,
            text,
            width,
            shift,
            ncs,
            graphicstate,
        )
        height = self.marks.height
        if max(char.width, char.height) > LARGEST_PAGE:
            raise DocumentError("the page has a character larger than the largest possible page")
        self.budget.add_glyph()
        self.marks.glyphs.append(
            Glyph(
                # A glyph with a width but no character is unreadable, too.
                text or ("\ufffd" if width else ""),
                char.x0,
                height - char.y1,
                char.x1,
                height - char.y0,
                c * rise + e,
                height - (d * rise + f),
                abs(fontsize * (a * d - b * c)) / (hypot(a, b) or 1.0),
                # Lines in a vertical font run downwards.
                (rotation - 1) % 4 if font.is_vertical() and rotation is not None else rotation,
                self._style,
            )
        )
        if len(self.marks.glyphs) > MAX_GLYPHS:
            raise DocumentError(f"the page has over {MAX_GLYPHS:,} characters")
        return char.adv

    def _text_of(self, font: PDFFont, code: int) -> str:
        """Return the character of a code, or (cid:…) if the document does not identify it."""
        known_codes = self.known_codes.get(font)
        is_mapped = known_codes is None or known_codes.has(code) or _is_in_map(font, code)
        try:
            return font.to_unichr(code) if is_mapped else f"(cid:{code})"
        except PDFUnicodeNotDefined:
            return f"(cid:{code})"

    def paint_path(  # type: ignore[override]
        self,
        graphicstate: State,
        stroke: bool,
        fill: bool,
        evenodd: bool,
        path: Sequence[PathSegment],
    ) -> None:
        self.budget.add_points(len(path))
        for part in subpaths(path):
            if not graphicstate.is_off:
                self._paint(part, graphicstate, stroke, fill)
            self._count_path()

    def _count_path(self) -> None:
        self._paths += 1
        # One path can have many sides.
        if max(self._paths, len(self.marks.rules)) > MAX_PATHS:
            raise DocumentError(f"the page has over {MAX_PATHS:,} lines and areas")

    def _paint(self, path: Path, state: State, stroke: bool, fill: bool) -> None:
        height = self.marks.height
        points = [apply_matrix_pt(self.ctm, point) for point in path.points]
        xs, ys = zip(*((x, height - y) for x, y in points), strict=True)
        box = Box(min(xs), min(ys), max(xs), max(ys)).common(state.clip)
        width, depth = box.x1 - box.x0, box.bottom - box.top
        if width < 0 or depth < 0:
            return
        if not path.is_straight:
            self.marks.curves += 1
            if fill:
                self._fill(box, state, is_rectangular=False)
        elif min(width, depth) <= THICKEST_LINE:
            self.marks.rules.extend(centre_line(box, width, depth))
        else:
            if stroke:
                most = MAX_PATHS + 1 - len(self.marks.rules)
                self.marks.rules.extend(islice(sides(xs, ys, state.clip), most))
            if fill:
                self._fill(box, state, is_rectangular=is_rectangle(xs, ys))

    def _fill(self, box: Box, state: State, *, is_rectangular: bool) -> None:
        """Record a filled shape as the background of text in its box.

        An irregular shape has no known colour, and an irregular white shape is ignored.
        """
        colour = as_rgb(state.ncolor, state.ncs)
        if state.fill_opacity < 0.5 or state.is_blended:
            return
        if not is_rectangular:
            if colour is not None and are_alike(colour, WHITE):
                return
            colour = None
        is_opaque = colour is not None and state.fill_opacity > 1 - LEAST_OPACITY
        self.marks.areas.append(Area(box, colour, is_opaque, len(self.marks.glyphs)))

    def paint_shading(self, state: State) -> None:
        """Record a shading, which fills the whole clip area."""
        self._count_path()
        if not state.is_off:
            self.marks.areas.append(Area(state.clip, None, False, len(self.marks.glyphs)))

    def render_image(self, name: str, stream: PDFStream) -> None:
        self._count_path()
        state = self.picture_state
        box = self.placed(apply_matrix_rect(self.ctm, (0, 0, 1, 1)))
        is_opaque = True
        if state:
            if state.is_off:
                return
            box = box.common(state.clip)
            is_opaque = state.fill_opacity > 1 - LEAST_OPACITY and not state.is_blended
        is_opaque &= not any(stream.get(key) for key in ("SMask", "Mask", "ImageMask", "IM"))
        if box.area:
            self.marks.areas.append(
                Area(box, None, is_opaque, len(self.marks.glyphs), is_picture=True)
            )


def _size(box: Box) -> tuple[float, float]:
    return box.x1 - box.x0, box.bottom - box.top


def _is_in_map(font: PDFFont, code: int) -> bool:
    # Only some kinds of font have a map.
    unicode_map = getattr(font, "unicode_map", None)
    try:
        return bool(unicode_map and unicode_map.get_unichr(code))
    except KeyError:
        return False


def _quarter_turns(along_x: float, along_y: float, handedness: float) -> int | None:
    """Return the quarter turns of a line of text, or None if it is slanted or mirrored."""
    if handedness <= 0:
        return None
    if abs(along_y) <= SKEW * abs(along_x):
        return 0 if along_x > 0 else 2
    if abs(along_x) <= SKEW * abs(along_y):
        return 1 if along_y > 0 else 3
    return None


def _unslanted(matrix: Matrix, rotation: int | None) -> Matrix:
    """Remove the slant of synthetic italics, which would widen the boxes of the glyphs."""
    a, b, c, d, e, f = matrix
    match rotation:
        case 0 | 2:
            return a, b, 0.0, d, e, f
        case 1 | 3:
            return a, b, c, 0.0, e, f
        case _:
            return matrix


def _style(text: PDFTextState, state: State) -> TextStyle:
    fill = as_rgb(state.ncolor, state.ncs), state.fill_opacity
    line = as_rgb(state.scolor, state.scs), state.line_opacity
    colour, opacity = fill
    if text.render in _TEXT_MODES_WITHOUT_FILL or (
        text.render in _TEXT_MODES_WITH_BOTH and colour and are_alike(colour, WHITE)
    ):
        colour, opacity = line
    return TextStyle(
        font=str(text.font.fontname) if text.font else "",
        colour=colour,
        opacity=opacity,
        is_painted=not (
            state.is_off or text.render in _TEXT_MODES_UNSEEN or opacity < LEAST_OPACITY
        ),
        is_watermark=state.is_watermark,
        clip=state.clip,
    )
