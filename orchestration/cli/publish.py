"""`filings publish`: publish a release to PostgreSQL, a folder or an object store."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.markup import escape

from orchestration.cli.console import console, error_console, reports_errors
from orchestration.publication.latest import LATEST, latest_release, releases
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.progress import WAITING, ProgressEvent, subscribed
from orchestration.runtime.texts import harmless
from orchestration.settings import Settings, TargetSettings
from scrapers.errors import MAX_LINES, FilingsError, few


@click.command(short_help="Publish a release to PostgreSQL, a folder or S3.")
@click.option(
    "--postgres",
    metavar="DSN",
    help="Connection string of PostgreSQL, such as postgresql://user@host/database. Other users of "
    "the machine can see it: give a password by FILINGS_POSTGRES or ~/.pgpass.",
)
@click.option("--schema", metavar="NAME", help="Schema of PostgreSQL.  [default: filings]")
@click.option("--to", "store", metavar="TARGET", help="A folder, or s3://bucket/prefix.")
@click.option("--release", "name", metavar="NAME", help="The release.  [default: the latest]")
@click.option(
    "--force",
    is_flag=True,
    help="Write everything again, and replace a newer release, or one from another source.",
)
@reports_errors
def publish(
    postgres: str | None, schema: str | None, store: str | None, name: str | None, force: bool
) -> None:
    """Publish a release to PostgreSQL, a folder or an object store.

    Without --postgres and --to, to the targets of FILINGS_POSTGRES and FILINGS_PUBLISH_TO, which
    each run also publishes to. A target that has the release already is left as it is.
    """
    configured = TargetSettings.from_environment()
    targets = _targets(configured, postgres, schema, store)
    data = Settings.from_environment().data
    _latest(data)
    from orchestration.runtime.run_lock import run_lock

    # A run removes old releases.
    with subscribed(_show_waiting), run_lock(data.root):
        release = _release(data, name)
        problems = _publish(release, targets, force)
        if targets == configured and release == _latest(data):
            _record(data, release, problems)
    for problem in problems:
        error_console.print(f"[red]error:[/red] {escape(harmless(problem))}", soft_wrap=True)
    sys.exit(1 if problems else 0)


def _targets(
    configured: TargetSettings, postgres: str | None, schema: str | None, store: str | None
) -> TargetSettings:
    """The targets that are asked for, else the configured ones.

    Raises FilingsError without any, and UsageError for a schema without PostgreSQL.
    """
    targets = configured
    if postgres or store:
        targets = replace(configured, postgres=postgres or "", store=store or "")
    if schema and not targets.postgres:
        raise click.UsageError("--schema needs --postgres, or FILINGS_POSTGRES without --to")
    if not targets.postgres and not targets.store:
        raise FilingsError(
            "there is no target to publish to",
            remedy="Give --postgres or --to, or set FILINGS_POSTGRES or FILINGS_PUBLISH_TO",
        )
    return replace(targets, postgres_schema=schema) if schema else targets


def _show_waiting(event: ProgressEvent) -> None:
    """Say that another run is under way: the wait may take ten minutes."""
    if event.stage == WAITING:
        error_console.print(escape(event.message), soft_wrap=True)


def _publish(release: Path, targets: TargetSettings, force: bool) -> list[str]:
    """Publish to the targets and print what they have; the problems."""
    from orchestration.publication.targets.delivery import attempts

    problems = []
    for outcome in attempts(release, targets, force=force):
        if isinstance(outcome, str):
            problems.append(outcome)
            continue
        console.print(escape(harmless(outcome.text)), soft_wrap=True)
        for warning in outcome.warnings:
            text = f"[yellow]warning:[/yellow] {escape(harmless(warning))}"
            error_console.print(text, soft_wrap=True)
    return problems


def _record(data: DataDir, release: Path, problems: Sequence[str]) -> None:
    """Record which configured targets lack the latest release, as a run does."""
    from orchestration.ingest.results import Deliveries, IngestResults

    at = datetime.now(UTC).isoformat(timespec="seconds")
    deliveries = Deliveries("", release.name, at, problems)
    IngestResults(data.ingest_results).record_deliveries(deliveries)


def _latest(data: DataDir) -> Path:
    """The folder of the latest release. Raises FilingsError if there is none."""
    latest = latest_release(data.published)
    if latest is None:
        raise FilingsError("there is no release yet", remedy="Run `filings refresh` first")
    return latest


def _release(data: DataDir, name: str | None) -> Path:
    """The folder of a release, by default of the latest. Raises FilingsError if there is none."""
    if name in (None, LATEST):
        return _latest(data)
    found = {path.name: path for path in releases(data.published)}
    if name not in found:
        raise FilingsError(
            f"there is no release {name}", remedy=f"Releases: {few(reversed(found), MAX_LINES)}"
        )
    return found[name]
