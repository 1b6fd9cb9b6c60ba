"""Parses renamings: 原算法名称“A”变更为“B”, its variants, chains, and a single name."""

import re
from collections.abc import Sequence

from scrapers.fields.notes.chains import RENAMED, kind_shown, renamings, verbs_of
from scrapers.fields.notes.clause import Clause
from scrapers.fields.notes.events import EventKind, NoteEvent
from scrapers.fields.notes.names import has_kinds, name_value, named_by
from scrapers.fields.notes.note_text import NAME, TITLE, NoteText
from scrapers.fields.notes.vocabulary import (
    ADD,
    ALGORITHM,
    CHANGE,
    DENIED,
    ENTITY,
    FORMER,
    NAMED,
    PRODUCT,
    PRODUCT_KIND,
    REMOVE,
    compiled,
    end_of,
)

# A change of a product's kind is a renaming: 原产品服务形式“甲(其他)”变更为“甲(APP)”.
_NOUN = (
    rf"(?:(?P<product>{PRODUCT}|{PRODUCT_KIND}(?={NAMED}))|(?P<entity>{ENTITY})"
    rf"|(?P<algorithm>{ALGORITHM}))"
)
_FORMED = "(?P<formed>的?(?:服务)?形[式态])"
_WHAT = f"{_NOUN}(?:(?P<named>的?原?{NAMED}(?:原有?(?={NAME}))?)|{_FORMED})?"
# Names can begin with 自 or 从: 自然语义公司. So an unquoted name follows at most one such word.
_FROM_QUOTED = f"(?:原(?=[由从自]))?(?:[由从自为是系:,]{{0,6}}(?:原(?={NAME})|(?={NAME}))"
_FROM = f"{_FROM_QUOTED}|[由从为:,]?:?)"
_CHANGED = f"(?:已经?|发生|进行|有){{0,3}}{CHANGE}了?(?:情况)?(?:如下)?[:,]"
_HEAD = compiled(
    rf"(?:[在于对]?(?:{TITLE}){{1,5}}[中里内]?的?)?(?P<verb>{CHANGE}了?)?"
    rf"(?:[将把对现新]|(?P<was>原有?)){{0,3}}{_NOUN}"
    # A second 原 is part of the name: 原产品名称原神(APP).
    rf"(?:(?P<named>的?原?{NAMED}(?(was)(?:原有?(?={NAME}))?|{FORMER}?))|{_FORMED})?"
    rf"(?P<then>变更[前后])?(?:{_CHANGED})?(?P<from>{_FROM_QUOTED}|(?(was)[由为:,]|[由从为:,])?:?))"
)
_UNNAMED_HEAD = compiled(rf"(?:[将把])?{FORMER}?(?:{NAMED})?{FORMER}?{_FROM}")
_ALONE = compiled(rf"(?P<when>原有?|现有?|新|曾用)的?(?:{_WHAT}|名称?|(?={NAME}))[为是系:]*")
_FORMER = compiled(f"(?P<when>{FORMER})")
_SIDE = compiled(rf"变更(?P<when>[前后])的?(?:{_WHAT}|名称?)?[为是系:]+")
_QUOTED_TO_QUOTED = compiled(f"(?P<old>{NAME})(?:为|改为)(?P<new>{NAME})")
_NAME = compiled(NAME)
_ADDS = compiled(f"{ADD}|{REMOVE}")
# Without 名称, a noun followed by one of these is not what was renamed.
_ABOUT_IT = compiled(
    "信息|模型|模态|输入|输出|安全|责任|负责|联系|法人|法定|地址|住所|性质|类型|类别|功能|用途|场景|备案|"
    "材料|数据|机制|机理|原理|角色|版本|访问|路径|描述|介绍|策略|流程|服务|目的|[中里内]"
)
_NOT_ONLY_A_NAME = compiled(f"[由从]|{DENIED}|^(?:主体|算法)")
_A_LIST_AFTER_A_VERB = compiled(f"(?:{ADD}|{REMOVE})(?:.*[、,]|{PRODUCT})")


def read_named_renaming(clause: Clause) -> Sequence[NoteEvent] | None:
    """Return the renamings of a clause that names what was renamed, one per 变更为."""
    head = _HEAD.match(clause.normalised)
    if head is None:
        return _one_name(clause)
    kind = _kind(head)
    verbs = verbs_of(clause.normalised, head.end())
    if not verbs:
        return _one_side(clause, head, kind) or _one_name(clause)
    before = clause.text[head.end() : verbs[0].start()]
    is_name = _is_name_of(head, kind, before)
    return renamings(clause, head.end(), verbs, kind, None) if is_name else None


def read_unnamed_renaming(clause: Clause) -> Sequence[NoteEvent] | None:
    """Return the renamings of a clause that has only names.

    The kind follows from the names, or else from the preceding renaming.
    """
    head = _HEAD.match(clause.normalised)
    verbs = verbs_of(clause.normalised)
    if not verbs or (head and (head["named"] or head["formed"] or head["from"])):
        return None
    start = min(end_of(_UNNAMED_HEAD, clause.normalised), verbs[0].start())
    before = clause.text[start : verbs[0].start()]
    if _A_LIST_AFTER_A_VERB.match(before.normalised):
        return None
    if _NOT_ONLY_A_NAME.search(before.normalised) and not has_kinds(before.printed):
        return None
    return renamings(clause, start, verbs, None, _carried(clause))


def _carried(clause: Clause) -> EventKind | None:
    """Return the kind of the preceding event if it is a renaming."""
    last = clause.last
    return last.kind if last and last.kind in RENAMED.values() else None


def _kind(head: re.Match[str]) -> EventKind:
    return next(kind for noun, kind in RENAMED.items() if head[noun])


def _is_name_of(head: re.Match[str], kind: EventKind, before: NoteText) -> bool:
    """Whether the text after a noun is its name, rather than a longer noun."""
    if head["named"] or head["formed"]:
        return not before.normalised.startswith("信息")
    if head["from"] or not before.normalised or _NAME.match(before.normalised):
        return True
    if kind == "product_renamed":
        return has_kinds(before.printed) or not _ABOUT_IT.match(before.normalised)
    # 企业微信助手(APP) is not an enterprise, and 主体注册地址 is not a name.
    is_of_kind = _is_of_kind(before.printed, kind)
    return is_of_kind and not (kind == "algorithm_renamed" and _ABOUT_IT.match(before.normalised))


def _is_of_kind(name: str, kind: EventKind) -> bool:
    named = named_by(name)
    return named is not None and RENAMED[named] == kind


def _one_side(clause: Clause, head: re.Match[str], kind: EventKind) -> Sequence[NoteEvent] | None:
    """Parse 变更主体名称为“B”, 变更算法名称“A”为“B”, and 主体名称变更前为A, which B follows."""
    rest = clause.text[head.end() :]
    name = name_value(rest)
    if head["then"] and head["from"]:
        return _side(clause, kind, name, is_before=head["then"].endswith("前"))
    if not head["verb"]:
        return None
    if both := _QUOTED_TO_QUOTED.fullmatch(rest.normalised):
        sides = [name_value(rest[slice(*both.span(side))]) for side in ("old", "new")]
        return [clause.event(kind, *sides)] if all(sides) else None
    if not name or head["from"][-1:] not in ("为", ":") or _ADDS.match(rest.normalised):
        return None
    is_name = head["named"] or _is_of_kind(name, kind)
    return _side(clause, kind, name, is_before=False) if is_name else None


def _one_name(clause: Clause) -> Sequence[NoteEvent] | None:
    """Parse one side of a renaming: 原算法名称“A”, 曾用名：A, 现主体名称：B, 变更前：A."""
    patterns = (_SIDE, _ALONE, _FORMER)
    found = next((found for each in patterns if (found := each.match(clause.normalised))), None)
    if found is None:
        return None
    rest = clause.text[found.end() :]
    name = name_value(rest)
    is_marked = _NAME.match(rest.normalised) or found.group()[-1] in "为是系:"
    if not name or not (is_marked or named_by(name)):
        return None
    when, groups = found["when"][0], found.groupdict()
    kind = None
    if not any(groups.get(noun) for noun in RENAMED):
        kind = kind_shown(name, "", _carried(clause))
    elif groups["named"] or (
        when in "原现" and _NAME.match(rest.normalised) and not groups["product"]
    ):
        kind = _kind(found)
    return _side(clause, kind, name, is_before=when in "原曾前") if kind else None


def _side(
    clause: Clause, kind: EventKind, name: str | None, *, is_before: bool
) -> Sequence[NoteEvent] | None:
    if not name:
        return None
    return [clause.event(kind, name) if is_before else clause.event(kind, None, name)]
