"""Parses changes of information that name what changed: 算法模型变更, 变更主要用途 and similar."""

import re
from collections.abc import Iterator, Sequence

from scrapers.fields.notes.chains import OTHER_HEAD, verbs_of
from scrapers.fields.notes.clause import Clause
from scrapers.fields.notes.events import EventKind, NoteEvent, Subject
from scrapers.fields.notes.names import name_value, named_by
from scrapers.fields.notes.note_text import NAME, NoteText
from scrapers.fields.notes.nouns import OF, RENAMED_NOUNS, SUBJECT_NOUNS
from scrapers.fields.notes.vocabulary import ADD, AND, CHANGE, REMOVE, compiled, end_of

_NOUN = compiled(
    "|".join(
        f"(?P<{name}>{noun})" for name, noun in (*RENAMED_NOUNS.items(), *SUBJECT_NOUNS.items())
    )
)
_DETAIL = compiled(
    "(?:[中里]?的?(?:部分|相关|具体|文字|内容|信息|描述|表述|说明|情况|措辞|等)){0,5}的?"
)
_NAME = compiled(NAME)
_AND = compiled(f"{AND}+")

_VERB = compiled(f"(?:对|将|把)?(?:部分|相关)?(?P<verb>{CHANGE}{{1,2}}|{ADD}|{REMOVE})[了的]?")
_BEFORE_NOUN = compiled("(?:对|将|把|原有?|现有?|其|该){0,3}")
_CHANGED = compiled(
    f"(?:均|已经?|发生|进行|有所|有|作出|做了|部分|相应|了|的|文字){{0,5}}(?P<verb>{CHANGE}{{1,2}})了?"
)
# Verbs that state only that something changed.
_PLAIN = frozenset(
    {"变更", "更新", "更改", "修改", "修订", "调整", "变化", "变动", "改变", "更正", "更换"}
)
_USED_MODEL = compiled(
    "(?:备案)?材料[中里内]的?(?:原|(?:使用|接入|调用)的?){0,2}(?:第三方)?由?"
    "|原?所?(?:使用|接入|调用)的(?:第三方)?"
)
_MODEL_END = compiled("(?:模型|算法)$")
_FROM = compiled("[原由从自为是系:,]{0,6}")
_FROM_WHAT = compiled("[由从]原?")
_TO = compiled("[为是:]+")
_MORE = compiled(f"(?:中|里|内)?(?:{ADD}|{REMOVE}|支持|兼容|接入)了?")
_BARE = compiled(
    "(?:备案)?(?:信息)?(?:已经?|发生|进行){0,2}(?:变更|更新)了?|(?:变更|更新)了?(?:备案)?信息"
)
# Nouns too vague to have values: 主体信息变更为甲 is not a change of information.
_NO_VALUES = compiled(f"{OF}(?:信息|内容|材料|资料|主体|算法)")


def read_information(clause: Clause) -> Sequence[NoteEvent] | None:
    """Return one event for each thing that the clause names as changed, or None."""
    if _BARE.fullmatch(clause.normalised):
        return [clause.information("other")]
    if used := _used_model(clause):
        return used
    verb = _VERB.match(clause.normalised)
    if verb and (events := _read(clause, verb.end(), verb["verb"])):
        return events
    return _read(clause, end_of(_BEFORE_NOUN, clause.normalised), None)


def _used_model(clause: Clause) -> Sequence[NoteEvent] | None:
    """Parse 备案材料中百川大模型算法变更为豆包大模型算法: a change of the model that is used."""
    used, verbs = _USED_MODEL.match(clause.normalised), verbs_of(clause.normalised)
    if not used or len(verbs) != 1:
        return None
    old = name_value(clause.text[used.end() : verbs[0].start()])
    new = name_value(clause.text[verbs[0].end() :])
    are_models = all(value and _MODEL_END.search(value) for value in (old, new))
    return [clause.information("model", old, new)] if are_models else None


def read_values(clause: Clause) -> Sequence[NoteEvent] | None:
    """Parse 由A变更为B or A变更为B after a change without values: 算法模型变更，由A变更为B."""
    last, start = clause.last, _FROM_WHAT.match(clause.normalised)
    verbs = verbs_of(clause.normalised)
    if last is None or last.subject is None or last.old_value or last.new_value or not verbs:
        return None
    old = name_value(clause.text[start.end() if start else 0 : verbs[0].start()])
    new = name_value(clause.text[verbs[0].end() :])
    if not (old and new):
        return None
    is_of_it = start or (last.subject != "product" and not named_by(old, new))
    are_models = last.subject == "model" and old.endswith("模型") and new.endswith("模型")
    return [clause.information(last.subject, old, new)] if is_of_it or are_models else None


def _read(clause: Clause, place: int, verb: str | None) -> Sequence[NoteEvent] | None:
    nouns = list(_nouns(clause.normalised, place))
    if not nouns:
        return None
    end = nouns[-1].end()
    rest = clause.text[end_of(_DETAIL, clause.normalised, end) :]
    changed = None if verb else _CHANGED.fullmatch(rest.normalised)
    if changed or (verb and not rest.normalised):
        is_plain = (changed["verb"] if changed else verb) in _PLAIN
        return list(_events(clause, nouns, is_plain=is_plain))
    return _with_values(clause, nouns, end, verb) if len(nouns) == 1 else None


def _nouns(normalised: str, place: int) -> Iterator[re.Match[str]]:
    """Yield the nouns of a list, such as 算法模型、输入模态."""
    while found := _NOUN.match(normalised, place):
        yield found
        detail = end_of(_DETAIL, normalised, found.end())
        separator = _AND.match(normalised, detail)
        if not separator or not _NOUN.match(normalised, separator.end()):
            return
        place = separator.end()


def _events(
    clause: Clause, nouns: Sequence[re.Match[str]], *, is_plain: bool
) -> Iterator[NoteEvent]:
    """Yield one event per thing named. A subject that is named twice has one event."""
    seen: set[str | None] = set()
    for noun in nouns:
        if noun.lastgroup in seen:
            continue
        seen.add(noun.lastgroup)
        if kind := _renamed_by(noun):
            yield clause.event(kind)
        elif subject := _subject_of(noun):
            words = None if is_plain and subject != "other" else clause.text.printed
            yield clause.information(subject, None, words)


def _renamed_by(noun: re.Match[str]) -> EventKind | None:
    return next((kind for kind in RENAMED_NOUNS if noun[kind]), None)


def _subject_of(noun: re.Match[str]) -> Subject | None:
    return next((subject for subject in SUBJECT_NOUNS if noun[subject]), None)


def _with_values(
    clause: Clause, nouns: Sequence[re.Match[str]], end: int, verb: str | None
) -> Sequence[NoteEvent] | None:
    """Parse a change with values: 算法模型由A变更为B, 变更主要用途为“…”, 输出增加音频模态."""
    subject = _subject_of(nouns[0])
    if subject is None:
        return None
    becomes = next(iter(verbs_of(clause.normalised, end)), None)
    if becomes and verb and verb not in _PLAIN:
        return None
    if becomes:
        start = end_of(_FROM, clause.normalised, end)
        between = clause.normalised[start : becomes.start()]
        # This is another clause, or a longer noun, as in 参数规模由A变更为B.
        is_longer = start == end and _FROM_WHAT.search(between)
        if clause.normalised[end] == "、" or is_longer or OTHER_HEAD.search(between):
            return None
        old = name_value(clause.text[min(start, becomes.start()) : becomes.start()])
        new = _value(clause.text[becomes.end() :], subject)
        has_values = new and old is not None and not _NO_VALUES.fullmatch(nouns[0].group())
        return [clause.information(subject, old, new)] if has_values else None
    rest = clause.text[end_of(_DETAIL, clause.normalised, end) :]
    to = _TO.match(rest.normalised)
    if verb and (to or _NAME.fullmatch(rest.normalised)):
        if to and _MORE.match(rest.normalised, to.end()):
            return None
        new = _value(rest[to.end() if to else 0 :], subject)
        words = new if verb in _PLAIN else clause.text.printed
        return [clause.information(subject, None, words)] if new else None
    more = _MORE.match(clause.normalised, end)
    if more and not verb and subject != "other" and name_value(clause.text[more.end() :]):
        return [clause.information(subject, None, clause.text.printed)]
    return None


def _value(text: NoteText, subject: Subject) -> str | None:
    """Return a value as printed. A purpose is a sentence and may contain any words."""
    value = name_value(text)
    if value is None and subject == "purpose" and not _NAME.search(text.normalised):
        return text.strip(" ,:;。\n").printed
    return value
