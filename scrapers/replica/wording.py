"""The prose columns of a list, written out from their coded facts.

主要用途 (purpose) and 备注 (note) are stored as facts; the sentences here are the project's own.
Both functions are pure, and different facts always give different text.
"""

import re

from scrapers.replica.facts import FilingFact

ROLES = {"provider": "服务提供者", "technical_supporter": "服务技术支持者"}

_DATED = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2}) (?P<codes>.+)", re.DOTALL)
_PLAIN_NOTES = {"cancelled": "已注销", "products_added": "新增产品", "changed": "信息变更"}
_RENAMINGS = {"algorithm": "原算法名称", "entity": "原主体名称", "product": "原应用产品"}


def purpose(filing: FilingFact) -> str:
    """主要用途 as one sentence, never empty.

    Inputs stand only after 根据用户提供的, outputs only after 生成, and the keywords in a last
    clause of their own, so that none of them is taken for an input or an output.
    """
    clauses = [
        (filing.scenario, f"应用于{filing.scenario}场景"),
        (filing.clients, f"服务于{filing.clients}客户"),
        (filing.inputs, f"根据用户提供的{filing.inputs}"),
        (filing.outputs, f"生成{filing.outputs}"),
        (filing.keywords, f"涉及{filing.keywords}等要点"),
    ]
    return ("，".join(text for fact, text in clauses if fact) or "用途未列明") + "。"


def note(change: str) -> str:
    """备注 from its code: empty, or codes joined by "; " after an optional month.

    `2024-08 algorithm:A>B; products_added` reads
    2024年8月，原算法名称“A”变更为“B”；新增产品. Raises ValueError for an unknown code.
    """
    if not change:
        return ""
    dated = _DATED.fullmatch(change)
    if dated is None:
        return "；".join(_one_note(code, change) for code in change.split("; "))
    notes = "；".join(_one_note(code, change) for code in dated["codes"].split("; "))
    return f"{month_label(dated['year'] + '-' + dated['month'])}，{notes}"


def month_label(month: str) -> str:
    """2024-08 as the source prints it: 2024年8月."""
    year, number = month.split("-")
    return f"{year}年{int(number)}月"


def list_title(list_month: str) -> str:
    """The name of a list, which is its title, its link's label and its file name."""
    return f"境内深度合成服务算法备案清单（{month_label(list_month)}）"


def printed_number(filing_number: str) -> str:
    """21 digits as the lists print them: 网信算备…号."""
    return f"网信算备{filing_number}号"


def _one_note(code: str, change: str) -> str:
    if code in _PLAIN_NOTES:
        return _PLAIN_NOTES[code]
    kind, colon, names = code.partition(":")
    before, arrow, after = names.partition(">")
    if not (kind in _RENAMINGS and colon and before and arrow and after and ">" not in after):
        raise ValueError(
            f"unknown change code {code!r} in {change!r}: expected {', '.join(_PLAIN_NOTES)}"
            f" or one of {', '.join(_RENAMINGS)} as kind:before>after"
        )
    return f"{_RENAMINGS[kind]}“{before}”变更为“{after}”"
