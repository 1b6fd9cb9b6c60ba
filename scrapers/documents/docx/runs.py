"""The text of a cell: every element that it can contain, and what each one shows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from lxml import etree

from scrapers.documents.docx import markup
from scrapers.documents.docx.fields import field_text
from scrapers.documents.docx.markup import KINDS, attribute, child, is_on
from scrapers.documents.docx.package import Package
from scrapers.documents.docx.symbols import symbol_text
from scrapers.documents.legible import OBJECT_MARK
from scrapers.errors import DocumentError

# Word writes one or two levels; its own limit is 20.
MAX_NESTED_FIELDS = 50


@dataclass(slots=True)
class _Field:
    """An open field: its code, and its result once that has started."""

    code: list[str] = field(default_factory=list)
    result: list[str] | None = None

    def text(self) -> str:
        result = "".join(self.result or ())
        code = "".join(self.code)
        return result or field_text(code, has_result=self.result is not None)


class CellReader:
    r"""Reads the text of one cell after another. Lines are separated by \n."""

    def __init__(self, package: Package) -> None:
        self._hides_text = package.hides_text
        self._hidden_styles = package.hidden_styles
        self.ignorable = package.ignorable
        self._shown: list[str] = []
        self._fields: list[_Field] = []
        self._is_hidden = False
        self._readers: dict[str, Callable[[etree._Element], None]] = {
            "p": self._paragraph,
            "t": lambda element: self._show(element.text or ""),
            "r": self._run,
            "tab": lambda _: self._show(" "),
            "ptab": lambda _: self._show(" "),
            "br": lambda _: self._show("\n"),
            "cr": lambda _: self._show("\n"),
            "noBreakHyphen": lambda _: self._show("-"),
            "sym": lambda element: self._show(symbol_text(element)),
            "ruby": self._ruby,
            "fldChar": self._field_character,
            "fldSimple": self._simple_field,
            "instrText": self._field_code,
            "sdt": self._content_control,
            markup.WRAPPER: self._content,
            markup.ALTERNATE: lambda element: self._content(markup.chosen_branch(element)),
            markup.MATH: self._equation,
            markup.OBJECT: lambda _: self._show(OBJECT_MARK),
        }

    def read(self, blocks: Iterable[etree._Element]) -> str:
        """The text of a cell's blocks. Raises DocumentError for an unknown element."""
        self._shown, self._fields = [], []
        self._content(blocks)
        while self._fields:
            self._end_field()
        return "".join(self._shown)

    def _content(self, elements: Iterable[etree._Element]) -> None:
        for element in elements:
            kind = KINDS.get(element.tag)
            if kind == markup.IGNORED:
                continue
            # For speed: nearly all elements of a list are of these two kinds, and calls are slow.
            if kind == "t" and not self._fields and not self._is_hidden:
                self._shown.append(element.text or "")
            elif kind == "r" and not self._hides_text:
                self._content(element)
            elif kind in self._readers:
                self._readers[kind](element)
            else:
                markup.refuse_unknown(element, self.ignorable)

    def _show(self, text: str) -> None:
        if self._is_hidden:
            return
        if not self._fields:
            self._shown.append(text)
        elif (result := self._fields[-1].result) is not None:
            result.append(text)
        else:  # the result of a field inside the code of another field
            self._fields[-1].code.append(text)

    def _paragraph(self, paragraph: etree._Element) -> None:
        if self._shown:
            self._show("\n")
        if self._hides_text:
            self._unless_hidden(paragraph, "pPr", "pStyle")
        else:
            self._content(paragraph)

    def _run(self, run: etree._Element) -> None:
        self._unless_hidden(run, "rPr", "rStyle")

    def _unless_hidden(self, element: etree._Element, properties: str, style: str) -> None:
        was_hidden = self._is_hidden
        self._is_hidden = self._hides(child(element, properties), style, was_hidden)
        self._content(element)
        self._is_hidden = was_hidden

    def _hides(self, properties: etree._Element | None, style: str, by_default: bool) -> bool:
        if properties is None:
            return by_default
        # A w:vanish in the w:rPr of a w:pPr, which is not read here, only hides the paragraph mark.
        is_vanished = is_on(properties, markup.HIDING)
        if is_vanished is not None:
            return is_vanished
        named = child(properties, style)
        return by_default or (named is not None and attribute(named, "val") in self._hidden_styles)

    def _ruby(self, ruby: etree._Element) -> None:
        for base in markup.children(ruby, "rubyBase"):
            self._content(base)

    def _content_control(self, control: etree._Element) -> None:
        if not markup.is_placeholder(control):
            for content in markup.children(control, "sdtContent"):
                self._content(content)

    def _equation(self, equation: etree._Element) -> None:
        self._show(_equation_text(equation) or OBJECT_MARK)

    def _field_character(self, character: etree._Element) -> None:
        kind = attribute(character, "fldCharType")
        if kind == "begin":
            self._begin_field(_Field())
        elif self._fields and kind == "separate":
            self._fields[-1].result = []
        elif self._fields and kind == "end":
            self._end_field()

    def _simple_field(self, simple: etree._Element) -> None:
        has_result = len(simple) > 0
        self._begin_field(_Field([attribute(simple, "instr") or ""], [] if has_result else None))
        self._content(simple)
        self._end_field()

    def _begin_field(self, started: _Field) -> None:
        # The text of a field is copied into every field around it.
        if len(self._fields) == MAX_NESTED_FIELDS:
            raise DocumentError(f"a .docx file with over {MAX_NESTED_FIELDS} nested fields")
        self._fields.append(started)

    def _field_code(self, code: etree._Element) -> None:
        if self._fields and self._fields[-1].result is None:
            self._fields[-1].code.append(code.text or "")

    def _end_field(self) -> None:
        self._show(self._fields.pop().text())


def _equation_text(element: etree._Element) -> str | None:
    """The characters of an equation, in order.

    None if it has more than characters: a fraction, a root, a matrix.
    """
    texts: list[str] = []
    for part in element:
        kind = KINDS.get(part.tag)
        if part.tag in markup.MATH_TEXT_TAGS or kind == "t":
            texts.append(part.text or "")
        elif part.tag in markup.MATH_RUN_TAGS and is_on(child(part, "rPr"), markup.HIDING):
            continue
        elif part.tag in markup.PLAIN_MATH_TAGS or kind == markup.WRAPPER:
            inner = _equation_text(part)
            if inner is None:
                return None
            texts.append(inner)
        elif kind != markup.IGNORED and not markup.is_math_property(part):
            return None
    return "".join(texts)
