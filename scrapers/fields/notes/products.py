"""Parses products added and removed: 新增产品甲(APP)、乙(网站), 删除“甲”, 产品新增两款."""

from collections.abc import Sequence

from scrapers.fields.notes.clause import Clause
from scrapers.fields.notes.events import NoteEvent
from scrapers.fields.notes.names import (
    are_shown_as_names,
    ends_in_kinds,
    has_kinds,
    name_value,
    named_by,
    names_in,
)
from scrapers.fields.notes.note_text import NAME, QUOTED, NoteText
from scrapers.fields.notes.vocabulary import (
    ADD,
    AND,
    COUNT,
    OFF,
    ON,
    PRODUCT,
    PRODUCT_KIND,
    REMOVE,
    compiled,
)

# 产品已下线 does not state a removal from the filing; 下线产品甲 does.
_VERB = f"(?:(?P<add>{ADD}|{ON})|(?P<remove>{REMOVE}|{OFF}))了?"
_ON_OR_OFF = compiled(f"{ON}|{OFF}")
# 有 and 是 can also begin a name: 有道翻译(APP).
_LISTED = f"(?:分别)?(?:为|包括|包含|如下|[有是](?=[:]|{NAME}))?[:]?"
_PRODUCT = f"{PRODUCT}(?:名称)?"
_KIND_OF_PRODUCT = f"{PRODUCT_KIND}(?:产品)?(?=[:]?{NAME})"
_ADDED_PRODUCTS = compiled(
    f"(?:{_PRODUCT}(?:中|内|里)?的?)?(?:已|均)?{_VERB}(?:{COUNT})?(?:的|原有?|现有|已有)?(?:{_PRODUCT}|{_KIND_OF_PRODUCT})"
    f"(?:{COUNT})?{_LISTED}"
)
_PRODUCTS_ADDED = compiled(
    f"{_PRODUCT}(?P<inside>中|内|里)?的?(?:已|均)?{_VERB}(?:{COUNT})?{_LISTED}"
)
_ADDED_NAMES = compiled(f"{_VERB}[:]?")
_PRODUCTS_AT_END = compiled(f"(?:等)?的?(?:{COUNT})?的?{_PRODUCT}$|等?{COUNT}$")
_QUOTED = compiled(QUOTED)
_COUNT_AT_END = compiled(f"(?:等{AND}*)?{COUNT}(?:{PRODUCT})?$")
# 取消新增产品甲 does not remove a product.
_OTHER_VERB = compiled(f"(?:{ADD}|{REMOVE})(?:{_PRODUCT}|{NAME})")
_BOTH = compiled(
    f"(?:{ADD}{AND}*{REMOVE}|{REMOVE}{AND}*{ADD}|增减|增删|增加或减少)了?(?:部分)?{_PRODUCT}"
    f"|{_PRODUCT}(?:有|已|均){{0,3}}(?:{ADD}{AND}*{REMOVE}|{REMOVE}{AND}*{ADD}|增减|增删)"
)
_REMOVED_FIRST = compiled(f"(?:{_PRODUCT}(?:有|已|均){{0,3}})?{REMOVE}")
# Something added to a product, or something other than a product.
_NOT_A_PRODUCT = compiled(
    ".*(?:功能|服务|路径|入口|能力|模块|场景|模态|模型|算法|数据|信息|内容|描述|说明|介绍|材料|报告|形式|"
    "方式|策略|机制|原理|流程|检索|识别|查询|搜索|推荐|接口|渠道|类型|页面|链接|地址|责任人|负责人)(?:等)?"
    "|(?:功能|服务|访问|路径|入口|模块|接入|调用|引入|描述|形式|信息|介绍|链接).*"
)


def read_products(clause: Clause) -> Sequence[NoteEvent] | None:
    """Return the products that a clause adds or removes, or None."""
    if _BOTH.fullmatch(clause.normalised):
        both = [_added(clause, ""), _removed(clause, "")]
        return both[::-1] if _REMOVED_FIRST.match(clause.normalised) else both
    for pattern, read in (
        (_ADDED_PRODUCTS, _after_the_word),
        (_PRODUCTS_ADDED, _after_products),
        (_ADDED_NAMES, _without_the_word),
    ):
        found = pattern.match(clause.normalised)
        if not found:
            continue
        names = read(clause, clause.text[found.end() :], found.groupdict())
        if names is not None:
            return [_added(clause, names) if found["add"] else _removed(clause, names)]
    return None


def _added(clause: Clause, names: str) -> NoteEvent:
    return clause.event("products_added", None, names)


def _removed(clause: Clause, names: str) -> NoteEvent:
    return clause.event("products_removed", names)


def _after_the_word(clause: Clause, rest: NoteText, _: dict[str, str | None]) -> str | None:
    """Parse what follows 新增产品: nothing, a number or any names, but not another clause."""
    return None if rest.normalised[:1] in ("、", ",") else _names(rest)


def _after_products(clause: Clause, rest: NoteText, found: dict[str, str | None]) -> str | None:
    """Parse what follows 产品新增. 产品中新增 can also refer to a feature of the products."""
    names = _names(rest)
    verb = found["add"] or found["remove"] or ""
    says_nothing = found["inside"] or _ON_OR_OFF.fullmatch(verb)
    return names if names or not says_nothing else None


def _without_the_word(clause: Clause, rest: NoteText, _: dict[str, str | None]) -> str | None:
    """Parse 新增甲(APP), 新增“甲” or 新增甲产品.

    The names must look like products' names, or follow a clause about products.
    """
    if _OTHER_VERB.match(rest.normalised):
        return None
    tail = _PRODUCTS_AT_END.search(rest.normalised)
    if tail:
        names = _names(rest[: tail.start()])
        if names or tail.start() == 0:
            return names
    names = _names(rest)
    if not names:
        return None
    if named_by(*(name_value(name) or "" for name in names_in(rest))) == "algorithm":
        return None
    shows_it = are_shown_as_names(rest) or ends_in_kinds(rest)
    return names if shows_it or clause.is_after_products else None


def _names(rest: NoteText) -> str | None:
    """Return the names, "" if none are listed, or None if something else is."""
    tail = _COUNT_AT_END.search(rest.normalised)
    rest = rest[: tail.start()] if tail else rest
    names = name_value(rest)
    if not names:
        return names
    is_shown = has_kinds(names) or _QUOTED.match(rest.normalised)
    return names if is_shown or not _NOT_A_PRODUCT.fullmatch(rest.normalised) else None
