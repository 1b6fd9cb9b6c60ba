"""The notebook, run on real releases by a Jupyter kernel, as its readers run it."""

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from orchestration.settings import PROJECT_ROOT
from tests.end_to_end.commands import PATIENCE_SECONDS
from tests.end_to_end.conftest import FirstRun
from tests.end_to_end.releases import latest, query

NOTEBOOK = PROJECT_ROOT / "notebooks" / "release.ipynb"
CHART = "image/svg+xml"

Outputs = list[dict[str, Any]]


def run(data_dir: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Outputs:
    """The result of each cell with code, by type. A cell that fails raises CellExecutionError."""
    monkeypatch.setenv("FILINGS_DATA_DIR", str(data_dir))
    for variable in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(variable, str(folder / variable))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    resources = {"metadata": {"path": str(NOTEBOOK.parent)}}
    NotebookClient(notebook, timeout=PATIENCE_SECONDS, resources=resources).execute()
    outputs = [cell["outputs"] for cell in notebook.cells if cell["cell_type"] == "code"]
    assert [len(found) for found in outputs] == [1] * len(outputs)
    return [found[0]["data"] for found in outputs]


def chart_of(outputs: Outputs) -> str:
    """The only chart, as SVG."""
    (chart,) = [output[CHART] for output in outputs if CHART in output]
    return str(chart)


def test_notebook_is_valid_and_stored_without_results():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
        assert set(cell["metadata"]) == set()


def test_notebook_runs_on_all_registers(
    whole_register: FirstRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    outputs = run(whole_register.data_dir, tmp_path, monkeypatch)
    assert "lists to August 2026, notices to July 2026" in outputs[0]["text/plain"]
    release = latest(whole_register.data_dir)
    package = json.loads((release / "datapackage.json").read_bytes())
    assert package["content_sha256"] in outputs[-1]["text/plain"]
    registers = dict(
        query(
            whole_register.data_dir,
            "select register, count(*) from registrations "
            "where status in ('listed', 'cancelled') group by all",
        )
    )
    assert len(registers) == 3
    for name, count in registers.items():
        assert re.search(rf"{name} *┆ {count} ", outputs[2]["text/plain"])
        assert name in chart_of(outputs)


def test_notebook_runs_on_a_release_with_one_batch(
    one_batch: FirstRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    outputs = run(one_batch.data_dir, tmp_path, monkeypatch)
    assert re.search(r"deep_synthesis *┆ 41 ", outputs[2]["text/plain"])
    assert "deep_synthesis" in chart_of(outputs)
