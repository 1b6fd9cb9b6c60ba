"""Creates records of runs and of documents in a Dagster instance, and releases of documents."""

import json
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

import dagster as dg

from orchestration.definitions import defs
from orchestration.defs.asset_keys import validated_key
from orchestration.defs.names import DOMAIN, REFRESH
from orchestration.defs.partitions import known_partitions, settle_partitions, tags_for
from orchestration.publication.latest import DESCRIPTOR, LATEST, switch_latest
from orchestration.settings import Settings
from scrapers.registers import (
    CANCELLATION_NOTICES,
    DEEP_SYNTHESIS,
    GENERATIVE_SERVICES,
    RECOMMENDATION,
    REGISTERS,
)
from scrapers.registers.base import Register
from scrapers.registers.discovery.announcements import batch_key
from scrapers.replica.facts import load_register

KEYS = [batch_key(number) for number in range(1, 19)]
NOTICES = sorted({fact.notice_id for fact in load_register().cancellations})
LISTS = {
    RECOMMENDATION: [item.month for item in load_register().recommendation_lists],
    GENERATIVE_SERVICES: [item.month for item in load_register().service_lists],
}
ALL = {name: value for register in REGISTERS for name, value in tags_for(register, None).items()}


def batches(*keys: str) -> dict[str, str]:
    """The tags of a run over these batches."""
    return tags_for(DEEP_SYNTHESIS, keys)


def notices() -> dict[str, str]:
    """The tags of a run over all notices."""
    return tags_for(CANCELLATION_NOTICES, NOTICES)


def others() -> dict[str, str]:
    """The tags of a run over all documents except the batches."""
    recommendation, services = (tags_for(register, LISTS[register]) for register in LISTS)
    return notices() | recommendation | services


FIRST = batches(*KEYS) | others()


def make_released(
    instance: dg.DagsterInstance,
    batches: Collection[str],
    more: Mapping[Register, Collection[str]] = MappingProxyType({}),
) -> None:
    """Make a release of these batches and all other documents, and `more`. Add their partitions."""
    released = {DEEP_SYNTHESIS: batches, CANCELLATION_NOTICES: NOTICES, **LISTS}
    documents = {}
    for register, known in released.items():
        keys = [*known, *more.get(register, ())]
        add_partitions(instance, register, keys)
        documents |= {register.folder(key): 1 for key in keys}
    published = Settings.from_environment().data.published
    published.mkdir(exist_ok=True)
    number = len([path for path in published.iterdir() if path.name != LATEST])
    release = published / f"2026{number:04}T000000Z"
    release.mkdir()
    (release / DESCRIPTOR).write_text(json.dumps({"documents": documents}))
    switch_latest(published, release.name)


def add_partitions(instance: dg.DagsterInstance, register: Register, keys: Iterable[str]) -> None:
    settle_partitions(instance, register, sorted({*known_partitions(instance, register), *keys}))


def make_validated(instance: dg.DagsterInstance, register: Register, keys: Collection[str]) -> None:
    """Record that these documents were validated, but not released."""
    add_partitions(instance, register, keys)
    for key in keys:
        partition = register.partition(key)
        event = dg.AssetMaterialization(validated_key(register), partition=partition)
        instance.report_runless_asset_event(event)


def make_run(
    instance: dg.DagsterInstance, status: dg.DagsterRunStatus, tags: dict[str, str]
) -> dg.DagsterRun:
    settle_partitions(instance, DEEP_SYNTHESIS, KEYS)
    job = defs.resolve_job_def(REFRESH)
    return instance.create_run_for_job(job, status=status, tags=DOMAIN | tags)


def make_failed_run(instance: dg.DagsterInstance, tags: dict[str, str]) -> None:
    run = make_run(instance, dg.DagsterRunStatus.STARTED, tags)
    instance.report_run_failed(run, "made up")
