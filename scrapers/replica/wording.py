"""Texts in the documents: purposes, titles and numbers.

主要用途 (purpose) is composed from the shipped parts. The sentence pattern is the project's own.
"""

from collections.abc import Iterator

from scrapers.replica.facts import FilingFact

ROLES = {"provider": "服务提供者", "technical_supporter": "服务技术支持者"}

_SEPARATOR, _OWN_VERB = "；", "="
_NO_PURPOSE = "用途未列明"
# Some early filings name a technique here instead of the user's input.
_METHODS = ("技术", "模型", "算法")


def purpose(filing: FilingFact) -> str:
    """The text of 主要用途 as one sentence, never empty."""
    return ("，".join(_clauses(filing)) or _NO_PURPOSE) + "。"


def scenario_purpose(scenario: str) -> str:
    """The text of 主要用途 for a filing of which only the scenario is shipped, never empty."""
    return f"{_scenario_clause(scenario) if scenario else _NO_PURPOSE}。"


def _scenario_clause(scenario: str) -> str:
    return f"应用于{scenario}场景"


def _clauses(filing: FilingFact) -> Iterator[str]:
    if filing.scenario:
        yield _scenario_clause(filing.scenario)
    if filing.clients:
        yield f"服务于{filing.clients}客户"
    if filing.given:
        yield _given(filing.given)
    yield from _parts(filing.means)
    for part in _parts(filing.made):
        yield part.removeprefix(_OWN_VERB) if part.startswith(_OWN_VERB) else f"生成{part}"
    if filing.serves:
        yield filing.serves


def _given(given: str) -> str:
    if given.endswith(_METHODS):
        return f"基于{given}"
    return f"根据{given}" if given.startswith("用户") else f"根据用户提供的{given}"


def _parts(text: str) -> list[str]:
    return text.split(_SEPARATOR) if text else []


def month_label(month: str) -> str:
    """A month (2024-08) in the format of the source: 2024年8月."""
    year, number = month.split("-")
    return f"{year}年{int(number)}月"


def list_title(list_month: str) -> str:
    """The name of a list, used as its title, link label and file name."""
    return f"境内深度合成服务算法备案清单（{month_label(list_month)}）"


def printed_number(filing_number: str) -> str:
    """A filing number of 21 digits in the format of the lists: 网信算备…号."""
    return f"网信算备{filing_number}号"
