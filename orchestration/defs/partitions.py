"""Partitions: one per document of a register, added as documents are published.

Belongs here: the definitions, which documents a run is about, and the arithmetic of key ranges. A
run of the job says in a tag per register which documents it wants; a run that is started on the
assets themselves says so by Dagster's own partition tags.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import dagster as dg
from sqlalchemy.exc import IntegrityError

from scrapers.registers.base import Register

PARTITION_TAG = "dagster/partition"
RANGE_START_TAG = "dagster/asset_partition_range_start"
RANGE_END_TAG = "dagster/asset_partition_range_end"
TAG_PREFIX = "filings/"
ALL = "all"


def documents_of(register: Register) -> dg.DynamicPartitionsDefinition:
    """The partitions of a register: `<register>_documents`."""
    return dg.DynamicPartitionsDefinition(name=f"{register.name}_documents")


def settle_partitions(
    instance: dg.DagsterInstance, register: Register, keys: Iterable[str]
) -> None:
    """Give every document its partition, in the order given, and take away all others.

    `keys` are all documents that are published or archived: what is not among them was announced
    by mistake.
    """
    partitions = [register.partition(key) for key in keys]
    name = documents_of(register).name
    for partition in set(known_partitions(instance, register)) - set(partitions):
        instance.delete_dynamic_partition(name, partition)
    try:
        _add_missing(instance, register, partitions)
    except IntegrityError:
        # Another process, the sensor's say, has added some of them at the same moment.
        _add_missing(instance, register, partitions)


def known_partitions(instance: dg.DagsterInstance, register: Register) -> Sequence[str]:
    """All partitions in the order in which Dagster counts ranges: that of their adding."""
    return instance.get_dynamic_partitions(documents_of(register).name)


def documents_tag(register: Register) -> str:
    """The tag that says which documents of a register a run of the job is about."""
    return f"{TAG_PREFIX}{register.name}"


def tags_for(register: Register, keys: Collection[str] | None) -> dict[str, str]:
    """The tag of a run that wants these documents, or all of them for None."""
    partitions = ALL if keys is None else ",".join(map(register.partition, keys))
    return {documents_tag(register): partitions}


def wanted_partitions(
    register: Register, tags: Mapping[str, str], is_refresh: bool
) -> list[str] | None:
    """The partitions that a run fetches of a register; None for all, also of those yet unknown.

    A run of the job without any such tag, started by hand, fetches everything.
    """
    if wanted := tags.get(documents_tag(register)):
        return None if wanted == ALL else wanted.split(",")
    is_untagged = not any(name.startswith(TAG_PREFIX) for name in tags)
    return None if is_refresh and is_untagged else []


def partitions_of_run(
    register: Register, tags: Mapping[str, str], known: Sequence[str]
) -> list[str]:
    """The partitions of a register that a run with these tags covers."""
    if wanted := tags.get(documents_tag(register)):
        return list(known) if wanted == ALL else wanted.split(",")
    start = tags.get(RANGE_START_TAG) or tags.get(PARTITION_TAG)
    end = tags.get(RANGE_END_TAG) or tags.get(PARTITION_TAG)
    if start not in known or end not in known:
        return []
    return list(known[known.index(start) : known.index(end) + 1])


def _add_missing(
    instance: dg.DagsterInstance, register: Register, partitions: Sequence[str]
) -> None:
    known = set(known_partitions(instance, register))
    new = [partition for partition in partitions if partition not in known]
    if new:
        instance.add_dynamic_partitions(documents_of(register).name, new)
