"""The pipeline: validation, stores, Dagster definitions, releases, and the command line."""
