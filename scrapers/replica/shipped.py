"""What the facts of several registers share: files of facts, and lists attached to a page."""

import csv
from dataclasses import dataclass
from importlib.resources import files
from io import StringIO


@dataclass(frozen=True)
class AttachedList:
    """A list attached to a page that is updated in place.

    `month` is YYYY-MM. `label` is the text of the link, as printed.
    """

    month: str
    label: str


def fact_rows(name: str) -> list[dict[str, str]]:
    """The rows of one file of facts, by column name."""
    # QUOTE_NONE, because some names contain a straight quotation mark.
    text = (files(__package__) / "facts" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))


def fact_rows_by_month(name: str) -> dict[str, list[dict[str, str]]]:
    """The rows of one file by their `list_month`, without that column, in the order of the file."""
    by_month: dict[str, list[dict[str, str]]] = {}
    for row in fact_rows(name):
        by_month.setdefault(row.pop("list_month"), []).append(row)
    return by_month
