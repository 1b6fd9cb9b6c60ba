"""Names of companies in sentences and charts. In English, the name of a known group is added."""

from collections.abc import Iterable

from orchestration.publication.report.figures import LANGS, Lang, Row, Text
from orchestration.publication.report.registers import joined


def named(row: Row) -> Text:
    """The name in a row with `entity_name` and `group_name_en`, such as 某公司 (Tencent)."""
    name, group = row["entity_name"], row.get("group_name_en")
    return Text(name, f"{name} ({group})" if group else name)


def all_named(rows: Iterable[Row]) -> Text:
    """The names in all rows, as a list in a sentence."""
    names = [named(row) for row in rows]
    return Text(*(joined([name.of(lang) for name in names], lang) for lang in LANGS))


def label(lang: Lang) -> str:
    """A Vega expression: the name of a company above its bar."""
    if lang == "zh":
        return "datum.entity_name"
    return "datum.entity_name + (datum.group_name_en ? ' · ' + datum.group_name_en : '')"
