"""Sector and modalities of each registration, by `orchestration.classification`."""

import os
from pathlib import Path

from orchestration.classification.duckdb import classified
from orchestration.runtime.data_dir import DataDir


def model(dbt, session):
    """Return the classes as a DuckDB relation; called by dbt."""
    dbt.config(materialized="replaced_table")
    seeds = {
        "modality_terms": dbt.ref("modality_terms"),
        "sector_words": dbt.ref("sector_words"),
        "sector_companies": dbt.ref("sector_companies"),
        "sector_exceptions": dbt.ref("sector_exceptions"),
        "sector_fields": dbt.ref("sector_fields"),
        "sector_definitions": dbt.ref("sector_definitions"),
        "sector_calibration": dbt.ref("sector_calibration"),
        "filing_labels": dbt.ref("filing_labels"),
    }
    cache = DataDir(Path(os.environ["FILINGS_DATA_DIR"])).classes
    return classified(dbt.ref("int_current_rows"), seeds, session, cache)
