"""data_dictionary.md: every table and column of a release, as a page to read."""

from orchestration.publication.catalogue import Reach, Table, reach, tables
from orchestration.publication.context import ReleaseContext
from orchestration.publication.registers import RELEASE_TITLE
from orchestration.publication.state import fetched_text
from orchestration.runtime.texts import prose
from scrapers.files import write_text

DICTIONARY = "data_dictionary.md"


def write_dictionary(context: ReleaseContext) -> None:
    """Add `data_dictionary.md` to the release's folder."""
    found = tables(context)
    lines = [
        "# Data dictionary",
        "",
        _origin(context, reach(context)),
        "",
        "| table | rows | description |",
        "| --- | ---: | --- |",
        *(
            f"| [`{table.name}`](#{table.name}) | {table.rows:,} | {prose(table.description)} |"
            for table in found
        ),
        *(line for table in found for line in _section(table)),
    ]
    write_text(context.folder / DICTIONARY, "\n".join(lines) + "\n")


def _origin(context: ReleaseContext, reach: Reach) -> str:
    registers = "; ".join(
        f"{item.title.en} ({item.title.zh}), {item.total} ({state.text.en})"
        for item, state in zip(reach.registers, reach.state.registers, strict=True)
    )
    last = f"The latest batch is batch {reach.last_batch}, announced on {reach.announced_on}. "
    return (
        f"{RELEASE_TITLE.en} ({RELEASE_TITLE.zh}) as published by the Cyberspace Administration of "
        f"China (国家互联网信息办公室): {registers}. {last if reach.batches else ''}"
        f"As of: {reach.state.text.en} ({reach.state.text.zh}); "
        f"{fetched_text(reach.fetched_at).en} (source: `{context.source}`; "
        f"program: `{context.code_version}`; contents: `{context.content_sha256}`). "
        "Each table below is a table in `filings.duckdb` and a file `parquet/<table>.parquet`. "
        "Shares are fractions from 0 to 1; times are in UTC."
    )


def _section(table: Table) -> list[str]:
    rows = "1 row" if table.rows == 1 else f"{table.rows:,} rows"
    return [
        "",
        f"## {table.name}",
        "",
        f"{prose(table.description)} {rows}.",
        "",
        "| column | type | description |",
        "| --- | --- | --- |",
        *(
            f"| `{column.name}` | `{column.type}` | {prose(column.description)} |"
            for column in table.columns
        ),
    ]
