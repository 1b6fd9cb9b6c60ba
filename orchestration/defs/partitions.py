"""Partitions: one per document of a register, added when the document is published.

This module has the partitions definitions, and determines from the tags of a run which documents it
covers. A run of the job `refresh` lists its documents in one tag per register. A run of single
assets has Dagster's own partition tags.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import dagster as dg
from sqlalchemy.exc import IntegrityError

from scrapers.errors import few
from scrapers.registers.base import Register

PARTITION_TAG = "dagster/partition"
RANGE_START_TAG = "dagster/asset_partition_range_start"
RANGE_END_TAG = "dagster/asset_partition_range_end"
TAG_PREFIX = "filings/"
ALL = "all"
# For people only: a run takes its documents from the tags of the registers.
LABELS_TAG = f"{TAG_PREFIX}documents"
ALL_DOCUMENTS = "all documents"
# As many as fit on a line of the list of runs.
MAX_LABELS = 3


def documents_of(register: Register) -> dg.DynamicPartitionsDefinition:
    """The partitions definition of a register, `<register>_documents`."""
    return dg.DynamicPartitionsDefinition(name=_name_of(register))


def settle_partitions(
    instance: dg.DagsterInstance, register: Register, keys: Iterable[str]
) -> None:
    """Add missing partitions in the order of `keys`, and delete all that are not in `keys`.

    `keys` are all documents that are published or archived. Other partitions belong to documents
    that were announced by mistake.
    """
    partitions = [register.partition(key) for key in keys]
    name = _name_of(register)
    for partition in set(known_partitions(instance, register)) - set(partitions):
        instance.delete_dynamic_partition(name, partition)
    try:
        _add_missing(instance, register, partitions)
    except IntegrityError:
        # Another process, such as a tick of the sensor, added some of them at the same time.
        _add_missing(instance, register, partitions)


def known_partitions(instance: dg.DagsterInstance, register: Register) -> Sequence[str]:
    """All partitions in the order in which they were added, which Dagster uses for ranges."""
    return instance.get_dynamic_partitions(_name_of(register))


def documents_tag(register: Register) -> str:
    """The name of the tag that lists the documents of a register for a run of the job."""
    return f"{TAG_PREFIX}{register.name}"


def tags_for(register: Register, keys: Collection[str] | None) -> dict[str, str]:
    """The tag for a run over these documents, or over all documents for None."""
    partitions = ALL if keys is None else ",".join(map(register.partition, keys))
    return {documents_tag(register): partitions}


def run_tags(wanted: Mapping[Register, Collection[str] | None]) -> dict[str, str]:
    """The tags for a run over these documents of each register, or over all for None.

    The tag `filings/documents` names them for people, as far as they fit.
    """
    tags = [tags_for(register, keys) for register, keys in wanted.items()]
    return {name: value for tag in tags for name, value in tag.items()} | {
        LABELS_TAG: _labels(wanted)
    }


def wanted_partitions(
    register: Register, tags: Mapping[str, str], is_refresh: bool
) -> list[str] | None:
    """The partitions of a register that a run fetches.

    None means all, including documents that have no partition yet. That is also the case for a run
    of the job that was started by hand, without tags for documents.
    """
    if wanted := tags.get(documents_tag(register)):
        return None if wanted == ALL else wanted.split(",")
    return None if is_refresh and not names_documents(tags) else []


def names_documents(tags: Mapping[str, str]) -> bool:
    """Whether a run has tags that list its documents."""
    return any(name.startswith(TAG_PREFIX) for name in tags)


def partitions_of_run(
    register: Register, tags: Mapping[str, str], known: Sequence[str]
) -> list[str]:
    """The partitions of a register, out of all `known`, that a run with these tags covers."""
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
        instance.add_dynamic_partitions(_name_of(register), new)


def _labels(wanted: Mapping[Register, Collection[str] | None]) -> str:
    """The documents of a run as text, such as `batch 011, recommendation list 2026-07`."""
    labels: list[str] = []
    for register, keys in wanted.items():
        if keys is None:
            labels.append(f"{register.title.en} (all)")
        else:
            labels += map(register.label, keys)
    if all(keys is None for keys in wanted.values()):
        return ALL_DOCUMENTS
    # The list of runs cuts long tags at the end.
    is_cut = len(labels) > MAX_LABELS and None not in wanted.values()
    count = f"{len(labels)} documents: " if is_cut else ""
    return count + few(labels, MAX_LABELS)


def _name_of(register: Register) -> str:
    """The name of the partitions definition of a register."""
    return f"{register.name}_documents"
