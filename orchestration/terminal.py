"""What the command line shows: progress of a refresh, its summary, status, rows of a query."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from orchestration.outcomes import FINISHED, LastRun, Outcomes
from orchestration.progress import Step, listening
from orchestration.publication.latest import descriptor, latest_release
from orchestration.settings import Settings
from orchestration.validated.lists import LIST_VERSIONS
from orchestration.validated.notices import NOTICE_VERSIONS
from scrapers.errors import FilingsError
from scrapers.lists import batch_key

if TYPE_CHECKING:
    from orchestration.refresh import Refreshed

STAGES = {
    "discovery": "notice list",
    "lists": "lists",
    "notices": "cancellation notices",
    "models": "models",
    "release": "release",
}


@contextmanager
def watching(console: Console) -> Iterator[None]:
    """Show the steps of a refresh as they happen: one line a batch, a bar, the stage."""
    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting", total=None)

        def show(step: Step) -> None:
            progress.update(
                task,
                description=STAGES.get(step.stage, step.stage),
                completed=step.done,
                total=step.total or None,
            )
            if step.message:
                progress.console.print(f"  {escape(step.message)}")

        with listening(show):
            yield


def show_refreshed(
    console: Console, errors: Console, settings: Settings, refreshed: "Refreshed"
) -> None:
    """The summary: totals and the release's paths; problems on standard error."""
    published = settings.data_dir / "published"
    latest = latest_release(published)
    if latest:
        total, batches = _totals(latest)
        console.print(
            f"[bold]{total:,} filings in {batches} batches[/bold]  "
            f"({len(refreshed.batches)} refreshed in {refreshed.seconds:.1f} s, "
            f"source: {settings.source})"
        )
        shown = published / "latest"
        for name in ("filings.duckdb", "parquet", "CHANGES.md", "datapackage.json"):
            console.print(f"  {escape(_shown(shown / name))}", soft_wrap=True)
    for warning in refreshed.warnings:
        errors.print(f"[yellow]warning:[/yellow] {escape(warning)}", soft_wrap=True)
    for problem in refreshed.problems:
        errors.print(f"[red]error:[/red] {escape(problem)}", soft_wrap=True)


def show_status(console: Console, settings: Settings) -> None:
    """The release, the last run and the cancellation notices, then each batch with its current
    version and last attempt."""
    outcomes = Outcomes(settings.data_dir / "outcomes")
    latest = latest_release(settings.data_dir / "published")
    console.print(f"data      {escape(_shown(settings.data_dir))}", soft_wrap=True)
    console.print(f"source    {settings.source}")
    console.print(f"release   {latest.name if latest else 'none yet'}")
    console.print(f"last run  {_last_run(outcomes.last_run())}", soft_wrap=True)
    attempts = {item.folder: item for item in outcomes.batches()}
    validated = settings.data_dir / "validated"
    versions = _versions(validated / f"{LIST_VERSIONS}.parquet")
    console.print(f"notices   {_notices(validated / f'{NOTICE_VERSIONS}.parquet')}")
    if not attempts and not versions:
        console.print("\nNothing yet: run `filings refresh`")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in _STATUS_COLUMNS:
        justify = "right" if name in _COUNTS else "left"
        table.add_column(name, justify=justify, no_wrap=True)
    for key in sorted({*attempts, *versions}):
        month, rows, quarantined, count, newest = versions.get(key, (None,) * 5)
        attempt = attempts.get(key)
        table.add_row(
            key,
            month or "",
            _count(rows),
            _count(quarantined),
            _count(count),
            f"{newest:%Y-%m-%d}" if newest else "",
            attempt.attempted_at[5:16].replace("T", " ") if attempt else "",
            "[red]failed[/red]" if attempt and attempt.problem else "ok",
        )
    console.print()
    console.print(table)
    for attempt in outcomes.all():
        if attempt.problem:
            console.print(f"\n[red]{escape(attempt.problem)}[/red]", soft_wrap=True)
    console.print("\nnewest: when the newest version of the list was fetched; times are UTC")


def show_query(console: Console, settings: Settings, sql: str) -> None:
    """The rows of a query on the latest release. Raises FilingsError when it cannot run."""
    latest = latest_release(settings.data_dir / "published")
    if latest is None:
        raise FilingsError("there is no release yet", remedy="Run `filings refresh` first")
    try:
        with duckdb.connect(str(latest / "filings.duckdb"), read_only=True) as connection:
            result = connection.execute(sql)
            if result is None:
                raise FilingsError(
                    "the query is empty", remedy='Give it as: filings query "select …"'
                )
            names = [column[0] for column in result.description or ()]
            kinds = [str(column[1]) for column in result.description or ()]
            rows = result.fetchall()
    except duckdb.Error as error:
        raise FilingsError(str(error)) from error
    table = Table(header_style="bold")
    for name, kind in zip(names, kinds, strict=True):
        numeric = kind in _NUMERIC or kind.startswith("DECIMAL")
        table.add_column(escape(name), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_value(value) for value in row))
    console.print(table)
    console.print(f"{len(rows):,} row{'' if len(rows) == 1 else 's'}, release {latest.name}")


_STATUS_COLUMNS = (
    "batch",
    "list",
    "filings",
    "quarantined",
    "versions",
    "newest",
    "tried",
    "result",
)
_COUNTS = {"filings", "quarantined", "versions"}
_NUMERIC = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE"}


def _notices(path: Path) -> str:
    """How many cancellation notices are in use, with how many records, and the newest one."""
    if not path.exists():
        return "none yet"
    with duckdb.connect() as connection:
        count, records, newest = connection.execute(
            "select count(*), coalesce(sum(records_accepted), 0), max(published_on) "
            "from read_parquet(?) where is_current",
            [str(path)],
        ).fetchone()
    return f"{count} with {records:,} records" + (f", newest of {newest}" if newest else "")


def _versions(path: Path) -> dict[str, tuple[object, ...]]:
    if not path.exists():
        return {}
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select batch_no, max(list_month) filter (is_current), "
            "max(rows_accepted) filter (is_current), max(rows_quarantined) filter (is_current), "
            "count(*), max(retrieved_at) from read_parquet(?) group by batch_no",
            [str(path)],
        ).fetchall()
    return {batch_key(batch_no): tuple(rest) for batch_no, *rest in rows}


def _last_run(run: LastRun | None) -> str:
    if run is None:
        return "none yet"
    when = run.at[:16].replace("T", " ")
    if run.problem:
        return f"{when}  [red]stopped at {run.stage}: {escape(run.problem)}[/red]"
    return f"{when}  {run.stage if run.stage == FINISHED else f'under way or killed: {run.stage}'}"


def _totals(release: Path) -> tuple[int, int]:
    """Filings and batches of a release, as its data package states them."""
    batches = descriptor(release).get("batches", [])
    return sum(batch["filings"] for batch in batches), len(batches)


def _shown(path: Path) -> str:
    """The path as one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _count(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else ""


def _value(value: object) -> str:
    if value is None:
        return "[dim]null[/dim]"
    if isinstance(value, list):
        return escape(", ".join(map(str, value)))
    return f"{value:.6g}" if isinstance(value, float) else escape(str(value))
