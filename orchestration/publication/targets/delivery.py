"""Publication of a release to all configured targets, each on its own.

The packages that the targets need are imported here only, because they are optional.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

import duckdb

from orchestration.publication.targets.delivered import Delivered, TargetError
from orchestration.runtime.progress import RELEASE, ProgressEvent, emit
from orchestration.settings import TargetSettings
from scrapers.errors import FilingsError


def deliver(folder: Path, targets: TargetSettings, log: logging.Logger) -> list[str]:
    """Publish a release folder to the targets; the problem of each that failed.

    A target that has the release costs one query.
    """
    problems = []
    for outcome in attempts(folder, targets):
        if isinstance(outcome, str):
            problems.append(outcome)
            continue
        log.info(outcome.text)
        for warning in outcome.warnings:
            log.warning("%s: %s", outcome.target, warning)
    return problems


def attempts(
    folder: Path, targets: TargetSettings, *, force: bool = False
) -> Iterator[Delivered | str]:
    """The outcome at each configured target: what it has now, or the problem as a message."""
    for publish, value in ((_to_postgres, targets.postgres), (_to_store, targets.store)):
        if not value:
            continue
        try:
            yield publish(folder, targets, force)
        except (FilingsError, OSError, duckdb.Error) as error:
            yield f"release {folder.name} was not published to a target: {error}"


def _to_postgres(folder: Path, targets: TargetSettings, force: bool) -> Delivered:
    try:
        from orchestration.publication.targets.postgres import publish_to_postgres
    except ImportError as error:
        raise _missing("PostgreSQL as a target", "psycopg", error) from error
    emit(ProgressEvent(RELEASE, item="PostgreSQL"))
    return publish_to_postgres(folder, targets.postgres, targets.postgres_schema, force=force)


def _to_store(folder: Path, targets: TargetSettings, force: bool) -> Delivered:
    try:
        from orchestration.publication.targets.stores import publish_to_store
    except ImportError as error:
        raise _missing("A folder or an object store as a target", "obstore", error) from error
    emit(ProgressEvent(RELEASE, item="store"))
    return publish_to_store(folder, targets.store, force=force)


def _missing(what: str, package: str, error: ImportError) -> TargetError:
    return TargetError(
        f"{what} needs the package {package}, which cannot be imported ({error})",
        remedy="Run `make extras`",
    )
