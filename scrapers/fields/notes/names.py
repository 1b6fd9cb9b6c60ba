"""Recognises names, and lists of names, in pieces of a clause."""

from collections.abc import Iterator
from typing import Literal

from scrapers.fields.notes.note_text import BRACKETED, NAME, QUOTE_MARKS, NoteText
from scrapers.fields.notes.vocabulary import (
    ADD,
    AND,
    BECOMES,
    CHANGE,
    OFF,
    ON,
    REMOVE,
    compiled,
    end_of,
)
from scrapers.fields.products import read_products
from scrapers.fields.text_keys import matching_key

Named = Literal["product", "entity", "algorithm"]

_AROUND = " ,、:;。\n" + QUOTE_MARKS
_NAME = compiled(NAME)
_QUOTED_ITEM = f"{NAME}(?:{BRACKETED})?(?:产品|算法)?"
_ONE_QUOTED = compiled(_QUOTED_ITEM)
_QUOTED = compiled(f"{_QUOTED_ITEM}(?P<more>(?:{AND}*{_QUOTED_ITEM})*等?)")
# A name can itself contain quotes: “深思”能力平台(网站).
_AFTER_QUOTES = compiled(rf"[^()]{{2,}}{BRACKETED}")
_BRACKETED = compiled(BRACKETED)
_SEPARATOR = compiled("[、,]")
# A product's name can contain 变成 and similar words, but not these.
_RENAMING = compiled("(?:变更|更名|更改|修改|调整)[为成至到]")
_VERB = compiled(f"{BECOMES}|{ADD}|{REMOVE}|注销|20\\d\\d年")
_CHANGE = compiled("变更|更新|更改|更名|变化|变动")
_CHANGES = compiled(CHANGE)
_CLAUSE = compiled(f"(?:并且?|同时)?(?:{ADD}|{REMOVE}|{ON}|{OFF})")
_SECOND_CLAUSE = compiled(
    rf"\)[^(),、]*?(?:{ADD}|{REMOVE}|{CHANGE}|接入)"
    f"|.(?:并且?|同时|以及|[及和且])(?:{ADD}|{REMOVE})|.(?:{ADD}|{REMOVE})(?:关联|应用|使用)?产品"
)
# Words that begin or end a statement of what did not happen. Some also occur in names: 未来公司.
_DENIED = compiled(
    "(?:未(?!来)|拟(?![人态真合音])|不(?:再|予|会|得|需)|暂[不停缓无]|尚|待[定审批]|申请|计划|准备|无[需须法]|"
    "没有|是否|将[由从于在会被]|[前后时][需须应]|须|需(?!求)|应[当变改为]|可以|已[变被经于]|曾[于经变]).*"
    "|.*(?:未|拟|不|将|待|须|(?<!供)需|(?<!响)应|申请|计划|准备|审核中|审批中|通过|失败|撤回|撤销|驳回|生效|"
    "失效|中止|终止|未果|不变|[有无]误)|无|同上|不详"
)
_NAME_LIKE_DENIAL = compiled(
    f"[未尚拟需须](?!{CHANGE}|{ADD}|{REMOVE}|[未获经完通能予有在将需由从自向对把])[^通]*$"
)
_NOT_YET = compiled("未通过|未获|未完成|未生效|待审|审核中|审核未|审批中|撤回|驳回")
# 乙公司（原甲公司） is two names; 乙公司（产品变更） is a name and a clause.
_WITH_MORE = compiled("[（(](?:原[^（()）]*[）)]$|原名|曾用名|现名|[^（()）]*(?:变更|更新)[）)]$)")
_KIND_WORD = "(?:APP|网站|小程序|公众号|公众账号)"
_KIND_WORDS = compiled(f".+{_KIND_WORD}(?:{AND}{_KIND_WORD})*等?")

_ENTITY_END = compiled(
    r".*(?:公司|集团|中心|研究院|学院|大学|学会|协会|研究所|事务所|银行|医院|出版社|报社|杂志社|"
    r"电视台|广播台|工作室|合作社|基金会|联合会|商会|图书馆|有限合伙|合伙企业|经营部|委员会|"
    r"[厅局厂院])(?:\([^()]*(?:\([^()]*\)[^()]*)?\))?"
)
_ALGORITHM_END = compiled(
    r".*(?:算法|模型)(?:[-—_ ]?(?:v?[\d.]+|[a-z]{1,4}|[一二三四五六七八九十])[号版]?)?"
)
_SYSTEM_END = compiled(".*(?:系统|平台|助手)")
_NAME_ENDS = (_ENTITY_END, _ALGORITHM_END, _SYSTEM_END)


def name_value(text: NoteText) -> str | None:
    """Return the text of a name or a list of names, "" if the piece is blank, or None.

    A single quoted name loses its quotes; anything else stays as printed. The result is None for
    a piece with other words, such as the verb of another clause.
    """
    text = text.strip(" ,、:;。\n")
    quoted = _QUOTED.fullmatch(text.normalised)
    if quoted:
        return _quoted_value(text, is_list=bool(quoted["more"]))
    text = text.strip(_AROUND)
    if not text.normalised:
        return ""
    if _WITH_MORE.search(text.printed):
        return None
    if not all(_is_name(item, number) for number, item in enumerate(_items(text))):
        return None
    # Brackets around the whole name serve as quotes.
    return text.printed[1:-1] if _BRACKETED.fullmatch(text.normalised) else text.printed


def are_shown_as_names(text: NoteText) -> bool:
    """Whether every name of a list is quoted or has a product kind."""
    items = (item.strip(" ") for item in _items(text))
    return all(_QUOTED.fullmatch(item.normalised) or has_kinds(item.printed) for item in items)


def names_in(text: NoteText) -> list[NoteText]:
    """Split a list of names."""
    names: list[NoteText] = []
    for item in _items(text):
        names += _quoted_names(item) if _QUOTED.fullmatch(item.normalised) else [item]
    return names


def has_kinds(printed: str) -> bool:
    """Whether every product of a list has a kind in brackets, as in 甲(APP)、乙(网站)."""
    products = read_products(printed)
    return bool(products) and all(product.printed_kind for product in products)


def ends_in_kinds(text: NoteText) -> bool:
    """Whether a name ends in product kinds without brackets, as in 甲网站和小程序."""
    return bool(_KIND_WORDS.fullmatch(text.normalised)) and not _refuses(text.normalised)


def named_by(*values: str) -> Named | None:
    """Return what all the names refer to, judged by their endings: 甲(APP), 乙有限公司, 丙算法."""
    if all(map(has_kinds, values)):
        return "product"
    keys = [matching_key(value) for value in values]
    if all(map(_ENTITY_END.fullmatch, keys)):
        return "entity"
    return "algorithm" if all(map(_ALGORITHM_END.fullmatch, keys)) else None


def _quoted_value(text: NoteText, *, is_list: bool) -> str | None:
    brackets = [text[slice(*found.span())] for found in _BRACKETED.finditer(text.normalised)]
    if not all(has_kinds(f"甲{bracket.printed}") for bracket in brackets):
        return None
    if is_list:
        return text.printed
    name = end_of(_NAME, text.normalised)
    kind = "".join(bracket.printed for bracket in brackets)
    return f"{text.printed[1 : name - 1].strip()}{kind}"


def _quoted_names(item: NoteText) -> Iterator[NoteText]:
    """Split quoted names that are adjacent or joined by 和 and similar words."""
    for found in _ONE_QUOTED.finditer(item.normalised):
        yield item[slice(*found.span())]


def _items(text: NoteText) -> Iterator[NoteText]:
    start = 0
    for found in _SEPARATOR.finditer(text.normalised):
        yield text[start : found.start()]
        start = found.end()
    yield text[start:]


def _is_name(item: NoteText, number: int) -> bool:
    if _QUOTED.fullmatch(item.normalised):
        return _quoted_value(item, is_list=True) is not None
    if number and _CLAUSE.match(item.normalised):
        return False
    quoted = _NAME.search(item.normalised)
    if quoted and (
        _VERB.search(item.normalised) or not _AFTER_QUOTES.fullmatch(item.normalised, quoted.end())
    ):
        return False
    if has_kinds(item.printed):
        return not _RENAMING.search(item.normalised) and not _SECOND_CLAUSE.search(item.normalised)
    is_clause = number and _CHANGES.match(item.normalised)
    return bool(item.normalised) and not is_clause and not _refuses(item.normalised)


def _refuses(normalised: str) -> bool:
    """Whether unquoted words are more than a name."""
    if _VERB.search(normalised) or _NOT_YET.search(normalised):
        return True
    is_named = any(end.fullmatch(normalised) for end in _NAME_ENDS)
    # 未见科技有限公司 and 尚医算法 are names; 未变更主体公司 is not.
    if _DENIED.fullmatch(normalised) and not (is_named and _NAME_LIKE_DENIAL.match(normalised)):
        return True
    return bool(_CHANGE.search(normalised)) and not is_named
