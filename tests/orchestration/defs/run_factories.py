"""Creates records of runs and of documents in a Dagster instance."""

from collections.abc import Iterable

import dagster as dg

from orchestration.definitions import defs
from orchestration.defs.asset_keys import RELEASE, validated_key
from orchestration.defs.names import REFRESH
from orchestration.defs.partitions import known_partitions, settle_partitions, tags_for
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


def make_released(instance: dg.DagsterInstance, keys: Iterable[str]) -> None:
    """Record that these batches and all other documents were validated and released."""
    make_validated(instance, CANCELLATION_NOTICES, NOTICES)
    for register, months in LISTS.items():
        make_validated(instance, register, months)
    make_validated(instance, DEEP_SYNTHESIS, keys)
    instance.report_runless_asset_event(dg.AssetMaterialization(RELEASE))


def make_validated(instance: dg.DagsterInstance, register: Register, keys: Iterable[str]) -> None:
    known = {*known_partitions(instance, register), *keys}
    settle_partitions(instance, register, sorted(known))
    for key in keys:
        partition = register.partition(key)
        event = dg.AssetMaterialization(validated_key(register), partition=partition)
        instance.report_runless_asset_event(event)


def make_run(
    instance: dg.DagsterInstance, status: dg.DagsterRunStatus, tags: dict[str, str]
) -> dg.DagsterRun:
    settle_partitions(instance, DEEP_SYNTHESIS, KEYS)
    return instance.create_run_for_job(defs.resolve_job_def(REFRESH), status=status, tags=tags)


def make_failed_run(instance: dg.DagsterInstance, tags: dict[str, str]) -> None:
    run = make_run(instance, dg.DagsterRunStatus.STARTED, tags)
    instance.report_run_failed(run, "made up")
