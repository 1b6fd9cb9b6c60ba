"""The check of the classification, on a small warehouse."""

from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.defs.checks.models import classification_quality
from orchestration.defs.resources import Workspace
from orchestration.runtime.data_dir import DataDir
from orchestration.settings import Settings


def check(
    monkeypatch: pytest.MonkeyPatch, data: Path, rows: int, sector: str
) -> dg.AssetCheckResult:
    """The result if all `rows` labels are finance, and all filings are classified as `sector`."""
    monkeypatch.setenv("FILINGS_DATA_DIR", str(data))
    with duckdb.connect(str(DataDir(data).warehouse)) as warehouse:
        warehouse.execute(
            f"""
            create table filings as
            select i::varchar as filing_number, '{sector}' as sector_by_rules,
                'text' as inputs_by_rules, 'text' as outputs_by_rules,
                if(i = 0, 'amended', 'reviewed') as review_status
            from range({rows} + 5) as t (i);
            create table filing_labels as
            select i::varchar as filing_number, if(i = 3, '2026-01', '2026-03') as list_month,
                'finance' as sector, 'finance' as first_sector,
                case i when 1 then null when 2 then 'legal' else 'finance' end as second_sector,
                'mei+lin' as readers, 'text' as inputs, 'text' as outputs
            from range({rows}) as t (i);
            create table lists_in_sight as select '2026-01' as list_month
            """
        )
    return classification_quality(workspace=Workspace.from_settings(Settings.from_environment()))


def test_check_counts_filings_read_alike_in_lists_kept_aside_and_not_amended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    result = check(monkeypatch, tmp_path, 100, "finance")
    assert result.passed
    metadata = {name: value.value for name, value in result.metadata.items()}
    assert (metadata["labels"], metadata["sector_accuracy"]) == (96, 1.0)


def test_check_fails_and_names_measure_below_minimum(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    result = check(monkeypatch, tmp_path, 100, "general")
    assert not result.passed
    assert "sector is 0.0%, below its minimum" in result.description
    assert result.metadata["most_confused"].value == {"finance classified as general": 96}


def test_check_passes_without_labels(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    result = check(monkeypatch, tmp_path, 0, "general")
    assert result.passed
    assert "sector_accuracy" not in result.metadata
