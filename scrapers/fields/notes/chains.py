"""Finds the names before and after each 变更为 of a clause."""

import re
from collections.abc import Sequence

from scrapers.fields.notes.clause import Clause
from scrapers.fields.notes.events import EventKind, NoteEvent
from scrapers.fields.notes.names import name_value, named_by, names_in
from scrapers.fields.notes.note_text import NoteText
from scrapers.fields.notes.vocabulary import BECOMES_NOW, NAMED, compiled

RENAMED: dict[str, EventKind] = {
    "product": "product_renamed",
    "entity": "entity_renamed",
    "algorithm": "algorithm_renamed",
}

_BECOMES = compiled(BECOMES_NOW)
# If a clause has one of these verbs, 变成 and similar words are part of a name.
_FULL_VERB = compiled("变更|更名|更改|修改|调整|改名|更换|替换|切换|[>→⇒➔➜]")
# 主体名称由甲变更为乙、算法名称由丙变更为丁 is two renamings, not a chain.
OTHER_HEAD = compiled(
    f"(?:主体|企业|公司|算法|产品)(?:{NAMED}|[由从])"
    "|[、,](?:(?:原有?|关联|应用){0,2}(?:主体|算法|产品)|原?使用)"
)


def verbs_of(normalised: str, start: int = 0) -> list[re.Match[str]]:
    """Return the matches of 变更为 and similar verbs from `start` on."""
    found = list(_BECOMES.finditer(normalised, start))
    return [verb for verb in found if _FULL_VERB.search(verb.group())] or found


def renamings(
    clause: Clause,
    start: int,
    verbs: Sequence[re.Match[str]],
    named: EventKind | None,
    carried: EventKind | None,
) -> Sequence[NoteEvent] | None:
    """Return one event per verb, or None if a side is not a name or the kind is unknown.

    The first event has the kind that the clause names, if any. The kind of the others follows from
    their names, or else from the preceding renaming.
    """
    ends = [start, *(place for verb in verbs for place in verb.span()), len(clause.normalised)]
    pieces = [clause.text[ends[at] : ends[at + 1]] for at in range(0, len(ends), 2)]
    events: list[NoteEvent] = []
    for old, new in _sides(pieces) or ():
        kind = named if named and not events else kind_shown(old, new, named or carried)
        if kind is None or not new:
            return None
        events.append(clause.event(kind, old, new))
    return events or None


def kind_shown(old: str, new: str, carried: EventKind | None) -> EventKind | None:
    """Infer the kind of a renaming from the endings of the names, or else return `carried`.

    The endings of products and entities are reliable. A name that ends like an algorithm's can be
    a product's too.
    """
    named = named_by(*(name for name in (old, new) if name))
    if named and (named != "algorithm" or carried in (None, "entity_renamed")):
        return RENAMED[named]
    return carried


def _sides(pieces: Sequence[NoteText]) -> list[tuple[str, str]] | None:
    """Return the names (before, after) each verb, or None if a piece is not a list of names.

    A piece between two verbs holds the new names of the first and the old names of the second. A
    single name is both.
    """
    befores, afters = [name_value(pieces[0])], []
    count = len(names_in(pieces[0]))
    for piece in pieces[1:-1]:
        if OTHER_HEAD.search(piece.normalised):
            return None
        names = [name for name in names_in(piece.strip(" ,、")) if name.normalised.strip()]
        # Assume as many new names as old ones, if that leaves any; two names are one of each.
        after = 1 if len(names) <= 2 else count
        if name_value(piece) is None or not names or after >= len(names) > 1:
            return None
        following = names[after:] or names
        afters.append(_joined(names[:after]))
        befores.append(_joined(following))
        count = len(following)
    afters.append(name_value(pieces[-1]))
    sides: list[tuple[str, str]] = []
    for old, new in zip(befores, afters, strict=True):
        if old is None or new is None:
            return None
        sides.append((old, new))
    return sides


def _joined(names: Sequence[NoteText]) -> str | None:
    """Return a list of names as printed, or a single name without its quotes."""
    return name_value(names[0]) if len(names) == 1 else "、".join(name.printed for name in names)
