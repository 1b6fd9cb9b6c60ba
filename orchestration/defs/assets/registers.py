"""The assets of a register, built from its declaration: `raw`, `validated` and `versions`.

One op materializes all three for all documents of a run. A document that fails is not materialized,
and the run continues with the others. Therefore the op logs the events of each document itself. If
the register's documents cannot be found, the archived ones stay in use, and the check
`everything_came_through` fails after publication.

`versions` is the state after validation and has no partitions. It is the only one of the three that
the job selects, since a job can have one partitions definition at most.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from orchestration.defs.asset_keys import raw_key, validated_key, versions_key
from orchestration.defs.assets.materializations import (
    DATA_VERSION_TAG,
    RecordedVersions,
    data_versions,
    document_label,
    document_materializations,
    is_of_register,
    is_unchanged,
    result_line,
    results_line,
    unchanged_materialization,
    versions_metadata,
)
from orchestration.defs.assets.step_retries import done_before, may_retry, retry, stopped
from orchestration.defs.checks.contracts import check_results, check_specs
from orchestration.defs.names import REFRESH
from orchestration.defs.partitions import documents_of, wanted_partitions
from orchestration.defs.resources import Workspace
from orchestration.ingest.pipeline import ingest
from orchestration.ingest.results import IngestResult, problem_texts
from orchestration.runtime.progress import ProgressEvent, emit
from orchestration.validation.contracts.base import Contract
from orchestration.validation.store import ValidatedStore
from orchestration.validation.tables import write_tables
from scrapers.errors import first_lines
from scrapers.registers.base import Register


def register_specs(register: Register, contract: Contract) -> list[dg.AssetSpec]:
    """The specs of the three assets of a register."""
    documents = register.terms.documents
    folder = register.folder("KEY").replace("KEY", "<key>")
    return [
        dg.AssetSpec(
            raw_key(register),
            description=f"{register.title.en} ({register.title.zh}): every distinct version of "
            f"each {register.terms.document}, as fetched. Stored in `data/raw/{folder}/`.",
            partitions_def=documents_of(register),
            kinds={"docx", "pdf"},
            group_name=register.name,
            skippable=True,
        ),
        dg.AssetSpec(
            validated_key(register),
            deps=[raw_key(register)],
            description=f"The {register.terms.rows} that met the contract. Stored in "
            f"`data/validated/{folder}/`; other rows are in `quarantine/` with reasons.",
            partitions_def=documents_of(register),
            kinds={"pandera", "parquet"},
            group_name=register.name,
            skippable=True,
        ),
        dg.AssetSpec(
            versions_key(register),
            deps=[validated_key(register)],
            description=f"Every version of all {documents} with its validation result. Stored in "
            f"`data/validated/{contract.tables.versions}.parquet`, which the models read.",
            kinds={"parquet"},
            group_name=register.name,
            skippable=True,
        ),
    ]


def build_register_assets(register: Register, contract: Contract) -> dg.AssetsDefinition:
    """Build the assets and checks of a register."""

    @dg.multi_asset(
        name=register.name,
        specs=register_specs(register, contract),
        check_specs=check_specs(register, contract),
        can_subset=True,
        backfill_policy=dg.BackfillPolicy.single_run(),
        description=f"Fetch and validate the {register.terms.documents} of the register "
        f"{register.title.en}.",
    )
    def assets(
        context: dg.AssetExecutionContext, workspace: Workspace
    ) -> Iterator[dg.AssetMaterialization | dg.AssetCheckResult | dg.MaterializeResult[Any]]:
        emit(ProgressEvent(register.name))
        with workspace.stage(context.run.run_id, register.name):
            yield from _ingest(context, workspace, workspace.store(register, contract))

    return assets


def _ingest(
    context: dg.AssetExecutionContext, workspace: Workspace, store: ValidatedStore
) -> Iterator[dg.AssetMaterialization | dg.AssetCheckResult | dg.MaterializeResult[Any]]:
    """Fetch and validate the documents of this run, then report the state of the store."""
    run_id, register, results = context.run.run_id, store.register, workspace.results
    wanted = wanted_documents(context, register)
    failed: list[IngestResult] = []
    recorded, unchanged = RecordedVersions(context.instance, register), 0
    # What an operator selected by name is recorded in any case.
    is_selected = bool({raw_key(register), validated_key(register)} & context.selected_asset_keys)
    with workspace.session() as session:
        done = done_before(context, results)
        ingested = ingest(session, store, results, wanted, run_id, done)
        for number, item in enumerate(ingested, 1):
            line = result_line(register, item.result)
            label = document_label(register, item.result)
            news = "" if is_unchanged(item.result) else line
            emit(ProgressEvent(register.name, news, number, item.total, label))
            for remark in item.result.remarks:
                context.log.warning(remark)
            if item.result.problem or item.state is None:
                context.log.error(item.result.problem)
                failed.append(item.result)
            elif not is_selected and recorded.include(
                item.result.folder, data_versions(store, item.state)
            ):
                unchanged += 1
            else:
                context.log.info(line)
                yield from document_materializations(store, item.result, item.state)
    if unchanged:
        yield unchanged_materialization(register, unchanged)
    if any(result.is_transient for result in failed) and may_retry(context):
        emit(ProgressEvent(register.name, "some documents could not be fetched: trying again"))
        raise retry()
    yield from _report(context, workspace, store, failed)
    # Those of the earlier attempts of this step, too.
    own = [item for item in results.of_run(run_id) if is_of_register(register, item)]
    message, ending = results_line(register, own)
    context.log.info(message)
    emit(ProgressEvent(register.name, message, ending=ending))


def wanted_documents(context: dg.AssetExecutionContext, register: Register) -> list[str] | None:
    """The keys of the documents that the run fetches, or None for all."""
    own = {raw_key(register), validated_key(register)} & context.selected_asset_keys
    has_partitions = context.has_partition_key or context.has_partition_key_range
    if own and has_partitions:
        partitions: Sequence[str] | None = context.partition_keys
    else:
        partitions = wanted_partitions(register, context.run.tags, context.run.job_name == REFRESH)
    return None if partitions is None else [register.key_of(item) for item in partitions]


def _report(
    context: dg.AssetExecutionContext,
    workspace: Workspace,
    store: ValidatedStore,
    failed: Sequence[IngestResult],
) -> Iterator[dg.AssetMaterialization | dg.AssetCheckResult | dg.MaterializeResult[Any]]:
    """Write the tables that dbt reads, and report the state after validation."""
    key = versions_key(store.register)
    table = write_tables(store)
    if not store.contract.tables.rows and not table["is_current"].any():
        # dbt reads the files of the single versions and fails if there is none.
        problems = "\n".join(first_lines(problem_texts(failed)))
        problem = f"no {store.register.terms.document} was accepted:\n{problems}"
        raise stopped(workspace, context.run.run_id, store.register.name, problem)
    data_version = str(table.hash_rows(seed=1).sum())
    metadata = versions_metadata(store, table, failed)
    if key not in context.selected_asset_keys:
        tags = {DATA_VERSION_TAG: data_version}
        yield dg.AssetMaterialization(key, tags=tags, metadata=metadata)
        return
    yield from check_results(store, workspace.results)
    yield dg.MaterializeResult(
        asset_key=key, data_version=dg.DataVersion(data_version), metadata=metadata
    )
