"""Publication of a release to all configured targets, each on its own.

The packages that the targets need are imported here only, because they are optional.
"""

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import duckdb

from orchestration.publication.targets.delivered import Delivered, TargetError
from orchestration.runtime.progress import RELEASE, ProgressEvent, emit
from orchestration.settings import SettingsError, TargetSettings
from scrapers.errors import FilingsError

_log = logging.getLogger(__name__)


def deliver_as_configured(folder: Path, log: logging.Logger) -> list[str]:
    """Publish a release folder to the targets of the environment; the problems.

    A setting that cannot be used is a problem as well, because the release is already in place.
    """
    try:
        targets = TargetSettings.from_environment()
    except SettingsError as error:
        return [f"release {folder.name} was not published to a target: {error}"]
    return deliver(folder, targets, log)


def deliver(folder: Path, targets: TargetSettings, log: logging.Logger) -> list[str]:
    """Publish a release folder to the targets; the problem of each that failed.

    A target that has the release costs one query.
    """
    problems = []
    for outcome in attempts(folder, targets, log=log):
        if isinstance(outcome, str):
            problems.append(outcome)
            continue
        log.info(outcome.text)
        for warning in outcome.warnings:
            log.warning("%s: %s", outcome.target, warning)
    return problems


def attempts(
    folder: Path, targets: TargetSettings, *, force: bool = False, log: logging.Logger = _log
) -> Iterator[Delivered | str]:
    """The outcome at each configured target: what it has now, or the problem as a message.

    The traceback of an unexpected error is logged.
    """
    failed = f"release {folder.name} was not published to a target"
    for publish, value in ((_to_postgres, targets.postgres), (_to_store, targets.store)):
        if not value:
            continue
        try:
            outcome: Delivered | str = publish(folder, targets, force)
        except (FilingsError, OSError, duckdb.Error) as error:
            outcome = f"{failed}: {error}"
        except Exception as error:  # noqa: BLE001  the release is in place, and must stay published
            # Without the text of the error, which may quote a password.
            kind = type(error).__name__
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error("%s: %s\n%s", failed, kind, frames)  # noqa: TRY400
            outcome = (
                f"{failed}: the program failed ({kind}). Please report it, with the traceback in "
                "the log"
            )
        yield outcome


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
