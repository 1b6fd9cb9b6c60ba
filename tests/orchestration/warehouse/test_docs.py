"""The documentation is made from a copy of the warehouse, taken under the run lock."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from orchestration.runtime.data_dir import DataDir
from orchestration.warehouse import docs


def test_warehouse_is_copied_under_the_run_lock_and_released_before_dbt_runs(tmp_path, monkeypatch):
    steps: list[str] = []

    @contextmanager
    def run_lock(folder: Path) -> Iterator[None]:
        assert folder == tmp_path
        steps.append("locked")
        yield
        steps.append("released")

    def copy(source: Path, _: str) -> None:
        assert source == tmp_path / "warehouse.duckdb"
        steps.append("copied")

    def write_page(data: DataDir, page: Path) -> Path:
        assert data.root != tmp_path
        steps.append("documented")
        return page

    runner = SimpleNamespace(docs=write_page)
    monkeypatch.setitem(sys.modules, "orchestration.warehouse.runner", runner)
    monkeypatch.setattr(docs, "run_lock", run_lock)
    monkeypatch.setattr(docs.shutil, "copy", copy)
    (tmp_path / "warehouse.duckdb").touch()
    assert docs.write_docs(DataDir(tmp_path), tmp_path / "index.html").name == "index.html"
    assert steps == ["locked", "copied", "released", "documented"]
