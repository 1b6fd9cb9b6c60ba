"""Running the pipeline: the contract, the stores, Dagster's definitions, the release, the CLI."""
