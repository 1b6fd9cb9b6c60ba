"""Parses a note: splits it into clauses, and turns each clause into events."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from scrapers.fields.notes.chains import RENAMED
from scrapers.fields.notes.clause import Clause
from scrapers.fields.notes.events import NoteEvent
from scrapers.fields.notes.free_form import read_free_form
from scrapers.fields.notes.information import read_information, read_values
from scrapers.fields.notes.months import without_inner_month
from scrapers.fields.notes.note_text import BRACKETED, QUOTE_MARKS, QUOTED, NoteText, normalise
from scrapers.fields.notes.products import read_products
from scrapers.fields.notes.renamings import read_named_renaming, read_unnamed_renaming
from scrapers.fields.notes.splitting import DatedClause, dated_clauses, parts
from scrapers.fields.notes.vocabulary import DENIED, PRODUCT, compiled

Events = Sequence[NoteEvent]

_CANCELLATION = compiled(
    "(?:该|本|此|算法|备案|编号|号|均|已经|已|予以|被|主动|依法){0,6}(?:已经?(?:办理|完成|进行))?注销了?"
    "(?:该|本|此|算法|备案|编号|号|手续|登记){0,5}(?:时间|日期)?"
)
_LINKS = compiled("(?:并且|同时|另外|此外|因为?|并|且|另|还|也)[,:]?")
_HEADING = compiled("(?P<head>[^:]{2,20}):")
_BRACKETS_AT_END = compiled(rf"(?P<head>.*?)(?P<brackets>{BRACKETED})|(?P<quotes>{QUOTED})")
_PRODUCT = compiled(PRODUCT)
_WRAPPED = compiled(BRACKETED)
_MAY_BE_DENIED = compiled(f"{DENIED}|^[不未无拟非勿没尚]")
_AT_ENDS = " ,、:;。.\n"
# An unpaired quote at the end of a clause is ignored.
_STRAY = _AT_ENDS + QUOTE_MARKS
_WITH_BOTH = frozenset(
    {"algorithm_renamed", "entity_renamed", "product_renamed", "information_changed"}
)
# Parts are joined only up to this length, which keeps the time linear.
_LONGEST_JOINED = 400
_WITH_NAMES = frozenset({*RENAMED.values(), "products_added", "products_removed"})
# The maximum nesting of brackets and headings.
_MAX_DEPTH = 2


def read(text: str) -> list[NoteEvent]:
    """Return the events of a note in order; a blank note has none."""
    if not text.strip():
        return []
    note = _unwrapped(normalise(text))
    events = _events(note)
    if "\n" in note.normalised and _unrecognised(events):
        # A line break ends a clause, unless the note is understood better without it.
        unbroken = _events(normalise(re.sub(r"[\r\n]+", "", note.printed)))
        events = min(events, unbroken, key=_unrecognised)
    return events or [NoteEvent("unrecognised", None, None, text.strip())]


def _unrecognised(events: Events) -> int:
    return sum(event.kind == "unrecognised" for event in events)


def _unwrapped(text: NoteText) -> NoteText:
    """Remove brackets around the whole text."""
    text = text.strip(" \n")
    return normalise(text.printed[1:-1]) if _WRAPPED.fullmatch(text.normalised) else text


def _events(note: NoteText, around: Clause | None = None, depth: int = 0) -> list[NoteEvent]:
    """Return the events of a note, or of the text in brackets within the clause `around`."""
    events: list[NoteEvent] = []
    month, last = (around.month, around.last) if around else (None, None)
    first_of_last = 0
    trailing = None
    for dated in dated_clauses(note, month):
        trailing = None if dated.text.normalised else dated
        if not trailing:
            clause = _clause(dated.text, dated.month, events[-1] if events else last)
            first_of_last = len(events)
            _add(events, _read_clause(clause, depth))
    if trailing and trailing.month:
        _date_afterwards(events, first_of_last, trailing)
    return events


def _clause(text: NoteText, month: str | None, last: NoteEvent | None) -> Clause:
    """Return a clause without the words that link it to the previous one."""
    links = _LINKS.match(text.normalised)
    return Clause(text[links.end() if links else 0 :].strip(_AT_ENDS), month, last)


def _add(events: list[NoteEvent], more: Events) -> None:
    """Add the events of a clause, merging the first into a change that it completes.

    算法名称变更 and 由A变更为B are one event, and so are 原算法名称A and 现算法名称B.
    """
    first = more[0]
    if events and _is_completed_by(events[-1], first):
        last = events.pop()
        whole = replace(
            first,
            month=first.month or last.month,
            old_value=first.old_value or last.old_value,
            new_value=first.new_value or last.new_value,
        )
        more = [whole, *more[1:]]
    events.extend(more)


def _is_completed_by(last: NoteEvent, first: NoteEvent) -> bool:
    """Whether an event provides the values that the previous event lacks."""
    if (last.kind, last.subject) != (first.kind, first.subject) or last.kind not in _WITH_BOTH:
        return False
    lacks_both = not last.old_value and not last.new_value
    if last.subject:
        return bool(lacks_both and first.old_value)
    has_one_each = bool(last.old_value) != bool(first.old_value) and bool(last.new_value) != bool(
        first.new_value
    )
    return (lacks_both and bool(first.old_value or first.new_value)) or has_one_each


def _date_afterwards(events: list[NoteEvent], start: int, dated: DatedClause) -> None:
    """Apply a month at the end of a note to the clause before it, if that clause has none."""
    if start < len(events) and not any(event.month for event in events[start:]):
        events[start:] = [replace(event, month=dated.month) for event in events[start:]]
    else:
        events.append(NoteEvent("unrecognised", dated.month, None, dated.head.strip()))


def _read_clause(clause: Clause, depth: int) -> Events:
    """Return the events of a clause; a clause of no known kind is one `unrecognised` event."""
    printed = clause.text.printed
    undated, month = without_inner_month(clause.text)
    if month:
        clause = replace(clause, text=undated.strip(_AT_ENDS), month=month)
    events = _as_a_whole(clause) or _in_parts(clause, depth) if clause.normalised else None
    return events or [NoteEvent("unrecognised", clause.month, None, printed)]


def _as_a_whole(clause: Clause) -> Events | None:
    text = clause.text.strip(_STRAY)
    clause = clause if text.normalised == clause.normalised else replace(clause, text=text)
    return next((events for read_kind in _READERS if (events := read_kind(clause))), None)


def _in_parts(clause: Clause, depth: int) -> Events | None:
    """Parse a clause that makes several statements, or one in free wording."""
    several = _of_parts(clause, "、") if "、" in clause.normalised else None
    if several is None or _unrecognised(several):
        several = _of_parts(clause) or several
    if several and not _unrecognised(several):
        return several
    nested = None
    if depth < _MAX_DEPTH:
        nested = _after_heading(clause, depth) or _with_brackets(clause, depth)
    if nested:
        return nested
    # Words such as 模型 or 功能 in a product's name do not describe a change.
    names_products = several and any(event.kind in _WITH_NAMES for event in several)
    return several if names_products else read_free_form(clause) or several


def _of_parts(clause: Clause, separators: str = "") -> Events | None:
    """Return the events of the parts of a clause, or None.

    The result is None if no part is recognised, or if one is planned or has not happened, because
    that may also hold for the following parts. A part without a meaning of its own may be another
    name of the list before it.
    """
    spans = parts(clause.text, separators)
    if len(spans) < 2:
        return None
    found: list[tuple[int, Events]] = []
    for start, end in spans:
        piece = clause.text[start:end].strip(_AT_ENDS)
        if not piece.normalised:
            continue
        events = _of_part(clause, start, end, found)
        if not events and (longer := _with_the_part_before(clause, end, found)):
            found[-1] = (found[-1][0], longer)
            continue
        if not events and _MAY_BE_DENIED.search(piece.normalised):
            return None
        unread = NoteEvent("unrecognised", clause.month, None, piece.printed)
        found.append((start, events or [unread]))
    if len(found) < 2:
        return None
    all_events: list[NoteEvent] = []
    for _, events in found:
        _add(all_events, events)
    return all_events if _unrecognised(all_events) < len(all_events) else None


def _with_the_part_before(
    clause: Clause, end: int, found: Sequence[tuple[int, Events]]
) -> Events | None:
    """Return the events of the last part extended to `end`, or None."""
    if not found or end - found[-1][0] > _LONGEST_JOINED:
        return None
    return _of_part(clause, found[-1][0], end, found[-2:-1])


def _of_part(
    clause: Clause, start: int, end: int, before: Sequence[tuple[int, Events]]
) -> Events | None:
    """Parse a part as a clause that follows the parts before it."""
    last = before[-1][1][-1] if before else clause.last
    part = _clause(clause.text[start:end], clause.month, last)
    return (_as_a_whole(part) or read_free_form(part)) if part.normalised else None


def _after_heading(clause: Clause, depth: int) -> Events | None:
    """Parse 产品变更：新增甲(APP), where the heading gives the topic of the clause after it."""
    heading = _HEADING.match(clause.normalised)
    if not heading:
        return None
    topic = _as_a_whole(replace(clause, text=clause.text[: heading.end("head")]))
    if not topic and _PRODUCT.fullmatch(heading["head"]):
        topic = [clause.information("product")]
    if not topic or any(event.old_value or event.new_value for event in topic):
        return None
    rest = _clause(clause.text[heading.end() :], clause.month, topic[-1])
    events = _read_clause(rest, depth + 1)
    return None if _unrecognised(events) else events


def _with_brackets(clause: Clause, depth: int) -> Events | None:
    """Parse 产品变更（新增甲(APP)）, if the whole content of the brackets is understood.

    Quotes that enclose a whole clause are handled in the same way.
    """
    found = _BRACKETS_AT_END.fullmatch(clause.normalised)
    if not found:
        return None
    opening = found.start("quotes" if found["quotes"] else "brackets")
    events: list[NoteEvent] = []
    if found["head"]:
        before = replace(clause, text=clause.text[:opening].strip(_AT_ENDS))
        events += _as_a_whole(before) or ()
        if not events:
            return None
    around = replace(clause, last=events[-1]) if events else clause
    inside = _events(normalise(clause.text.printed[opening + 1 : -1]), around, depth + 1)
    if not inside or _unrecognised(inside):
        return None
    _add(events, inside)
    return events


def _read_cancellation(clause: Clause) -> Events | None:
    return [clause.event("cancelled")] if _CANCELLATION.fullmatch(clause.normalised) else None


_READERS: tuple[Callable[[Clause], Events | None], ...] = (
    _read_cancellation,
    read_named_renaming,
    read_products,
    read_information,
    read_values,
    read_unnamed_renaming,
)
