"""Builds small .pdf notices: a page is a list of drawings, each a function of a canvas.

make_pdf([ruled_table(HEADINGS, row(1), row(2)), word(30, 480, "a title")], [ruled_table(row(3))])
"""

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from scrapers.fields.filing_number import check_digit

SIZE = (760.0, 500.0)
HEADINGS = ("序号", "算法名称", "角色", "主体名称", "应用产品", "主要用途", "备案编号", "注销时间")
WIDTHS = (32.0, 90.0, 62.0, 96.0, 100.0, 130.0, 130.0, 60.0)
LEFT, TOP, LEADING, PADDING = 30.0, 460.0, 12.0, 4.0
FONT = "STSong-Light"
BAR = 0.48  # points; Word's border
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

Drawing = Callable[[Canvas], None]
Row = Sequence[str]


def make_pdf(*pages: Sequence[Drawing], size: tuple[float, float] = SIZE) -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1, pageCompression=0)
    for page in pages:
        for draw in page:
            draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def make_printed_number(number: int) -> str:
    digits = f"11010898765010123{number:03d}"
    return f"网信算备{digits}{check_digit(digits)}号"


def row(place: int, /, **cells: str) -> tuple[str, ...]:
    """A record of a notice; `cells` replace some by name."""
    record = {
        "position": str(place),
        "name": f"算法{place}",
        "role": "服务提供者",
        "entity": f"测试公司{place}",
        "products": f"产品{place}（APP）",
        "purpose": "应用于文本生成场景。",
        "number": make_printed_number(place),
        "month": "2025年5月",
    }
    assert cells.keys() <= record.keys()
    return tuple((record | cells).values())


def ruled_table(
    *rows: Row,
    top: float = TOP,
    widths: Sequence[float] = WIDTHS,
    drawn_as: str = "lines",
    without: Sequence[str] = (),
    merged: Mapping[tuple[int, int], int] | None = None,
    size: float = 8.0,
    write: Callable[[Canvas, float, float, str], None] | None = None,
) -> Drawing:
    """A table. Line breaks in a text are lines of its cell.

    Its rules are `lines` along whole rows and columns, `rects` around each cell, or thin filled
    `bars` along each cell. `without` names outer sides that are not drawn, and `merged` gives the
    number of rows that a cell (row, column) spans.
    """
    heights = [LEADING * max(text.count("\n") + 1 for text in cells) + 6 for cells in rows]
    tops = [top - sum(heights[:number]) for number in range(len(rows) + 1)]
    lefts = [LEFT + sum(widths[:number]) for number in range(len(widths) + 1)]
    covers = merged or {}
    hidden = {
        (first + below, column)
        for (first, column), span in covers.items()
        for below in range(1, span)
    }

    def draw(canvas: Canvas) -> None:
        canvas.setLineWidth(0.5)
        for number, cells in enumerate(rows):
            for column, text in enumerate(cells):
                left, right = lefts[column], lefts[column + 1]
                place = number, column
                bottom = tops[number + covers.get(place, 1)]
                if place in hidden:
                    continue
                for line, words in enumerate(text.split("\n"), 1):
                    x, y = left + PADDING, tops[number] - line * LEADING
                    (write or _write(size))(canvas, x, y, words)
                sides = {
                    "left": (left, bottom, left, tops[number]),
                    "right": (right, bottom, right, tops[number]),
                    "top": (left, tops[number], right, tops[number]),
                    "bottom": (left, bottom, right, bottom),
                }
                is_outer = {
                    "left": column == 0,
                    "right": column == len(widths) - 1,
                    "top": number == 0,
                    "bottom": bottom == tops[-1],
                }
                for side in [s for s in without if is_outer[s]]:
                    del sides[side]
                _rule(canvas, drawn_as, list(sides.values()))

    return draw


def _write(size: float) -> Callable[[Canvas, float, float, str], None]:
    def write(canvas: Canvas, x: float, y: float, text: str) -> None:
        canvas.setFont(FONT, size)
        canvas.drawString(x, y, text)

    return write


def _rule(canvas: Canvas, drawn_as: str, sides: Sequence[tuple[float, ...]]) -> None:
    if drawn_as == "rects" and len(sides) == 4:
        (left, bottom, _, top), (right, *_) = sides[:2]
        canvas.rect(left, bottom, right - left, top - bottom)
        return
    for x0, y0, x1, y1 in sides:
        if drawn_as == "bars":
            canvas.rect(x0, y0, max(x1 - x0, BAR), max(y1 - y0, BAR), stroke=0, fill=1)
        else:
            canvas.line(x0, y0, x1, y1)


def word(
    x: float,
    y: float,
    text: str,
    *,
    size: float = 8.0,
    colour: Sequence[float] = (0,),
    opacity: float = 1.0,
    mode: int = 0,
    angle: float = 0.0,
) -> Drawing:
    """Words at a position from the bottom left; `colour` is grey, RGB or CMYK."""

    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(x, y)
        canvas.rotate(angle)
        fill(canvas, colour, opacity)
        text_object = canvas.beginText(0, 0)
        text_object.setFont(FONT, size)
        text_object.setTextRenderMode(mode)
        text_object.textOut(text)
        canvas.drawText(text_object)
        canvas.restoreState()

    return draw


def box(x: float, y: float, width: float, height: float, colour: Sequence[float] = (1,)) -> Drawing:
    """A filled rectangle without a line around it."""

    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        fill(canvas, colour, 1.0)
        canvas.rect(x, y, width, height, stroke=0, fill=1)
        canvas.restoreState()

    return draw


def fill(canvas: Canvas, colour: Sequence[float], opacity: float) -> None:
    match len(colour):
        case 1:
            canvas.setFillGray(*colour)
        case 3:
            canvas.setFillColorRGB(*colour)
        case _:
            canvas.setFillColorCMYK(*colour)
    canvas.setFillAlpha(opacity)


def picture(x: float, y: float, width: float, height: float) -> Drawing:
    def draw(canvas: Canvas) -> None:
        from PIL import Image
        from reportlab.lib.utils import ImageReader

        canvas.drawImage(ImageReader(Image.new("RGB", (4, 4), "grey")), x, y, width, height)

    return draw


def transformed(drawing: Drawing, *matrix: float) -> Drawing:
    """A drawing with a transformation matrix (a, b, c, d, e, f)."""

    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.transform(*matrix)
        drawing(canvas)
        canvas.restoreState()

    return draw


def free_text(text: str, x0: float, y0: float, x1: float, y1: float) -> Drawing:
    """A typed comment."""
    return lambda canvas: canvas.freeTextAnnotation(text, "/Helv 8 Tf", Rect=(x0, y0, x1, y1))


def form_field(text: str, x0: float, y0: float, x1: float, y1: float) -> Drawing:
    """A form field with a value."""

    def draw(canvas: Canvas) -> None:
        field = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Annot"),
                "Subtype": pdfdoc.PDFName("Widget"),
                "FT": pdfdoc.PDFName("Tx"),
                "V": pdfdoc.PDFString(text),
                "Rect": pdfdoc.PDFArray([x0, y0, x1, y1]),
            }
        )
        canvas._addAnnotation(field)

    return draw


def make_pdf_with_form(
    content: bytes, resources: str, catalogue: str = "", form: str = ""
) -> bytes:
    """A page of 200 by 100 points, object by object, for features that reportlab lacks.

    Object 7 is a form that says "f", with the attributes `form`; 8 and 9 are layers, and the font
    F1 is Helvetica.
    """
    form_content = b"BT /F1 9 Tf 20 20 Td (f) Tj ET"
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R "
        f"/Resources << /Font << /F1 5 0 R >> {resources} >> >>"
    )
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page.encode(),
        stream("", content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"null",
        stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 200 100] "
            f"/Resources << /Font << /F1 5 0 R >> >> {form}",
            form_content,
        ),
        b"<< /Type /OCG /Name (one) >>",
        b"<< /Type /OCG /Name (other) >>",
    ]
    return make_pdf_of_objects(*objects)


def make_pdf_of_objects(*objects: bytes) -> bytes:
    """A file of these numbered objects; the first is its catalogue."""
    body, places = b"%PDF-1.7\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n" % (
        len(objects) + 1, table, len(objects) + 1,
    ) + b"startxref\n%d\n%%%%EOF" % len(body)  # fmt: skip


def make_one_page_pdf(
    content: bytes, attributes: str = "", page: str = "", *others: bytes
) -> bytes:
    """A page with a content stream of these attributes.

    `page` are attributes of the page, `others` the objects from 6 on. The font F1 is Helvetica.
    """
    return make_pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 600 800] "
        f"/Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >> {page} >>".encode(),
        stream(attributes, content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *others,
    )


def stream(attributes: str, content: bytes) -> bytes:
    head = f"<< {attributes} /Length {len(content)} >>\nstream\n".encode()
    return head + content + b"\nendstream"
