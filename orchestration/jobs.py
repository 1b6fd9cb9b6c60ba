"""Jobs: `refresh` is the only one; it does everything, for the batches its run covers."""

import dagster as dg

REFRESH = "refresh"

refresh = dg.define_asset_job(
    REFRESH,
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Fetch and validate the batches of the run, build the marts, publish a release.",
)

JOBS = [refresh]
