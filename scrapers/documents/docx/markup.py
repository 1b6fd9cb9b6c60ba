"""The element names of WordprocessingML (ISO/IEC 29500), both transitional and strict.

Every element that can be in a table is listed here, with what the reader does with it. Any other
element is an error, unless the document declares its namespace ignorable, so that nothing is
dropped by oversight.
"""

from collections.abc import Iterator, Sequence, Set
from functools import cache

from lxml import etree

from scrapers.errors import DocumentError, shortened

_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_MATH = (
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
)
# Extensions of Word that show something, although documents declare them ignorable.
_WORD_2010 = "http://schemas.microsoft.com/office/word/2010/wordml"
_WORD_2015 = "http://schemas.microsoft.com/office/word/2015/wordml/symex"
# The namespaces that a current version of Word knows start with one of these.
_KNOWN_TO_WORD = ("http://schemas.microsoft.com/office/", "http://schemas.openxmlformats.org/")
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"

_RANGES = (
    *("bookmark", "perm", "moveFromRange", "moveToRange", "commentRange"),
    *(f"customXml{kind}Range" for kind in ("Ins", "Del", "MoveFrom", "MoveTo")),
)
# Marks without text, and properties, which are read where they matter.
_WITHOUT_TEXT = (
    *(f"{name}{end}" for name in _RANGES for end in ("Start", "End")),
    "proofErr", "lastRenderedPageBreak", "commentReference", "annotationRef", "softHyphen",
    "pPr", "rPr", "tblPr", "tblPrEx", "tblGrid", "trPr", "tcPr", "sectPr",
    "sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr", "fldData",
)  # fmt: skip
# Content from before a tracked change.
_HISTORY = ("del", "moveFrom", "delText", "delInstrText")
# Visible content that is not text, for which the reader writes OBJECT_MARK.
_OBJECTS = (
    "drawing", "pict", "object", "contentPart", "control", "movie", "subDoc", "altChunk",
    "footnoteReference", "endnoteReference", "footnoteRef", "endnoteRef", "separator",
    "continuationSeparator", "pgNum", "dayShort", "monthShort", "yearShort", "dayLong",
    "monthLong", "yearLong",
)  # fmt: skip
_WRAPPERS = ("customXml", "smartTag", "ins", "moveTo", "hyperlink", "dir", "bdo", "sdtContent")
_WITH_MEANING = (
    "tbl", "tr", "tc", "p", "r", "t", "tab", "ptab", "br", "cr", "noBreakHyphen", "sym", "ruby",
    "fldChar", "fldSimple", "instrText", "sdt",
)  # fmt: skip

# Documents written by Word declare some 40.
MAX_NAMESPACES = 100

IGNORED, OBJECT, WRAPPER = "ignored", "object", "wrapper"
MATH, ALTERNATE = "math", "alternate"


def _kinds() -> dict[str, str]:
    kinds: dict[str, str] = {}
    for names, kind in (
        ((*_WITHOUT_TEXT, *_HISTORY), IGNORED),
        (_OBJECTS, OBJECT),
        (_WRAPPERS, WRAPPER),
    ):
        kinds |= {f"{{{space}}}{name}": kind for space in _WORD for name in names}
    kinds |= {f"{{{space}}}{name}": name for space in _WORD for name in _WITH_MEANING}
    kinds |= {f"{{{space}}}{name}": MATH for space in _MATH for name in ("oMath", "oMathPara")}
    kinds[f"{{{_COMPATIBILITY}}}AlternateContent"] = ALTERNATE
    kinds[f"{{{_WORD_2015}}}symEx"] = "sym"
    kinds[f"{{{_WORD_2010}}}contentPart"] = OBJECT
    kinds[f"{{{_WORD_2010}}}conflictIns"] = WRAPPER
    kinds[f"{{{_WORD_2010}}}conflictDel"] = IGNORED
    return kinds


# What the reader does with an element, by its tag: one of the kinds above, or its local name if it
# is handled separately.
KINDS = _kinds()

# The property of a run that hides its text.
HIDING = "vanish"
# The properties of a cell that merge or delete it.
MERGES = {
    f"{{{space}}}{name}": name
    for space in _WORD
    for name in ("gridSpan", "vMerge", "hMerge", "cellMerge", "cellDel")
}
TABLE_TAGS = tuple(f"{{{space}}}tbl" for space in _WORD)
# Parts of the document that are stored in another file, in the package or outside it.
IMPORT_TAGS = tuple(f"{{{space}}}{name}" for space in _WORD for name in ("altChunk", "subDoc"))
TEXT_TAGS = tuple(f"{{{space}}}t" for space in _WORD)
# Elements of an equation that show nothing but their content: runs, functions, powers, indices.
PLAIN_MATH_TAGS = frozenset(
    f"{{{space}}}{name}"
    for space in _MATH
    for name in (
        "oMath", "oMathPara", "r", "e", "box", "func", "fName", "sSup", "sSub", "sSubSup", "sPre",
        "sup", "sub",
    )
)  # fmt: skip
MATH_TEXT_TAGS = frozenset(f"{{{space}}}t" for space in _MATH)
MATH_RUN_TAGS = frozenset(f"{{{space}}}r" for space in _MATH)
_CHOICE, _FALLBACK = (f"{{{_COMPATIBILITY}}}{name}" for name in ("Choice", "Fallback"))
_HISTORY_TAGS = frozenset(f"{{{space}}}{name}" for space in _WORD for name in (*_HISTORY, "rt"))
_RUN_TAGS = frozenset(f"{{{space}}}r" for space in _WORD)
_CONTENT_CONTROL_TAGS = frozenset(f"{{{space}}}sdt" for space in _WORD)
_OFF = frozenset({"0", "false", "off"})


@cache
def _tags(name: str) -> tuple[str, ...]:
    return tuple(f"{{{space}}}{name}" for space in (*_WORD, _WORD_2015))


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child with this local name."""
    return next(element.iterchildren(*_tags(name)), None)


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children with this local name."""
    found: Iterator[etree._Element] = element.iterchildren(*_tags(name))
    return found


def attribute(element: etree._Element, name: str) -> str | None:
    """The value of the attribute with this local name."""
    for tag in _tags(name):
        value: str | None = element.get(tag)
        if value is not None:
            return value
    return None


def is_on(properties: etree._Element | None, name: str) -> bool | None:
    """Whether a switch among properties is on; None if it is absent."""
    switch = None if properties is None else child(properties, name)
    return None if switch is None else attribute(switch, "val") not in _OFF


def is_math_property(element: etree._Element) -> bool:
    """Whether an element of an equation holds properties, which show nothing."""
    name = etree.QName(element)
    return name.namespace in _MATH and name.localname.endswith("Pr")


def is_placeholder(control: etree._Element) -> bool:
    """Whether a content control (w:sdt) is empty and shows its prompt."""
    return bool(is_on(child(control, "sdtPr"), "showingPlcHdr"))


def chosen_branch(alternate: etree._Element) -> etree._Element | tuple[()]:
    """The branch of an mc:AlternateContent that a current version of Word shows.

    It is the first choice whose required namespaces Word knows, or else the fallback.
    """
    for branch in alternate:
        if branch.tag == _FALLBACK or (branch.tag == _CHOICE and _is_known_to_word(branch)):
            return branch
    return ()


def _is_known_to_word(choice: etree._Element) -> bool:
    # lxml collects all namespaces in scope for every choice, so their number is limited.
    spaces = choice.nsmap
    if len(spaces) > MAX_NAMESPACES:
        raise DocumentError(f"a .docx file with over {MAX_NAMESPACES} namespaces")
    required = (spaces.get(prefix) for prefix in (choice.get("Requires") or "").split())
    return all(space and space.startswith(_KNOWN_TO_WORD) for space in required)


def shown_elements(root: etree._Element) -> Iterator[etree._Element]:
    """An element and all elements in it that the document shows, in order.

    Deleted content, branches that Word does not show, prompts, and runs that their own properties
    hide are left out.
    """
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        waiting.extend(reversed(shown_children(element)))


def shown_children(element: etree._Element) -> Sequence[etree._Element]:
    """The children of an element that the document shows, as in `shown_elements`."""
    tag = element.tag
    is_hidden = (
        tag in _HISTORY_TAGS
        or (tag in _RUN_TAGS and is_on(child(element, "rPr"), HIDING))
        or (tag in _CONTENT_CONTROL_TAGS and is_placeholder(element))
    )
    if is_hidden:
        return ()
    if KINDS.get(tag) == ALTERNATE:
        return [branch] if (branch := chosen_branch(element)) != () else ()
    return list(element)


def ignorable_namespaces(root: etree._Element) -> frozenset[str]:
    """The namespaces that the root of a document declares ignorable."""
    spaces = root.nsmap
    prefixes = (root.get(f"{{{_COMPATIBILITY}}}Ignorable") or "").split()
    return frozenset(spaces[prefix] for prefix in prefixes if prefix in spaces)


def refuse_unknown(element: etree._Element, ignorable: Set[str]) -> None:
    """Raise DocumentError for an element, unless the document declares its namespace ignorable."""
    if not isinstance(element.tag, str):
        return  # a processing instruction
    name = etree.QName(element)
    if name.namespace in ignorable:
        return
    raise DocumentError(
        "a .docx file with an unknown element in a table: "
        f"{shortened(name.localname)} ({shortened(str(name.namespace))})",
        remedy="Its content would be lost: add it to scrapers/documents/docx/markup.py",
    )
