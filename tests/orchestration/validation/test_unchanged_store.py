"""An unchanged store is not read again, and an altered file is noticed nevertheless."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.inspection.verification import verify
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.file_hashes import RECORD
from orchestration.validation.contracts.base import Tables
from orchestration.validation.contracts.deep_synthesis import CONTRACT
from orchestration.validation.other_documents import Others
from orchestration.validation.store import ValidatedStore
from orchestration.warehouse.inputs import Inputs, read_inputs
from tests.orchestration.validation.damage import flip_bit
from tests.orchestration.validation.list_factories import (
    Stores,
    archive_and_validate,
    make_filing_rows,
)
from tests.support.stamps import count_hashed, let_files_rest

COMBINED = replace(CONTRACT, tables=Tables(CONTRACT.tables.versions, "rows", "quarantined"))


@pytest.fixture
def settled(history: Stores, monkeypatch: pytest.MonkeyPatch) -> Stores:
    """Stores with two batches, after a run over files at rest."""
    let_files_rest(monkeypatch)
    history.contract = COMBINED
    run_over(history)
    return history


def run_over(stores: Stores) -> Inputs:
    """Validate, write the tables, and return the hashes of what the models read."""
    assert stores.validate_archived() == {}
    stores.write_tables()
    return read_inputs(DataDir(stores.root))


def count_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders whose rows or quarantine are read from now on."""
    read: list[str] = []
    for name in ("rows", "quarantine"):
        method = getattr(ValidatedStore, name)

        def counted(store, result, method=method):
            read.append(result.folder)
            return method(store, result)

        monkeypatch.setattr(ValidatedStore, name, counted)
    keys = Others.keys

    def counted_keys(self, result):
        read.append(result.folder)
        return keys(self, result)

    monkeypatch.setattr(Others, "keys", counted_keys)
    return read


def test_unchanged_run_hashes_and_reads_no_file(settled, monkeypatch):
    before = run_over(settled)
    hashed, read = count_hashed(monkeypatch), count_read(monkeypatch)
    assert run_over(settled) == before
    # The table of versions is small, and is compared with the one that is written.
    assert (hashed, read) == ([], [])


def test_new_list_reads_no_rows_of_the_others(settled, monkeypatch):
    settled.contract = CONTRACT
    archive_and_validate(settled, make_filing_rows(5, first=900), batch_no=3)
    run_over(settled)
    hashed, read = count_hashed(monkeypatch), count_read(monkeypatch)
    (result,) = archive_and_validate(settled, make_filing_rows(5, first=950), batch_no=4)
    before = run_over(settled)
    assert result.status == "accepted" and set(read) <= {result.folder}
    assert set(hashed) <= {f"{result.version}.parquet", f"{CONTRACT.tables.versions}.parquet"}
    assert run_over(settled) == before


@pytest.mark.parametrize("name", ["001/*2*.parquet", "001/quarantine/*.parquet", "rows.parquet"])
def test_altered_file_is_rebuilt_even_if_its_size_and_time_are_as_before(settled, name):
    before, inputs = settled.validated_files(), run_over(settled)
    path = min((settled.root / "validated").glob(name))
    stat = path.stat()
    while path.stat().st_ctime_ns == stat.st_ctime_ns:
        flip_bit(path)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert path.read_bytes() != before[str(path.relative_to(settled.root / "validated"))]
    assert run_over(settled) == inputs
    after = settled.validated_files()
    assert {name: after[name] for name in before} == before


def test_combined_tables_follow_the_versions_in_use(settled):
    archive_and_validate(settled, make_filing_rows(5, first=900), batch_no=3)
    run_over(settled)
    rows, versions = (
        settled.validated().files.root / f"{name}.parquet" for name in ("rows", "list_versions")
    )
    incremental = rows.read_bytes()
    for path in (rows, versions, rows.with_name("rows.made_from.json")):
        path.unlink()
    run_over(settled)
    assert rows.read_bytes() == incremental


def test_check_that_finds_a_damaged_table_makes_the_next_run_write_it_again(settled, monkeypatch):
    path = settled.root / "validated" / "rows.parquet"
    before = path.read_bytes()
    change_unnoticed(path, monkeypatch)
    run_over(settled)
    assert path.read_bytes() != before
    findings = [item.path for store in verify(DataDir(settled.root)) for item in store.findings]
    assert findings == [path]
    run_over(settled)
    assert path.read_bytes() == before


def test_check_that_finds_a_damaged_file_makes_the_next_run_read_all(settled, monkeypatch):
    record = settled.root / "validated" / RECORD
    assert not [item for store in verify(DataDir(settled.root)) for item in store.findings]
    assert record.exists()
    path = min((settled.root / "validated").glob("001/*2*.parquet"))
    change_unnoticed(path, monkeypatch)
    assert settled.validate_archived() == {} and not list(path.parent.glob("*.damaged"))
    findings = [item.path for store in verify(DataDir(settled.root)) for item in store.findings]
    assert findings == [path] and not record.exists()
    assert settled.validate_archived() == {} and list(path.parent.glob("*.damaged"))


def change_unnoticed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Change a file as a failing disk does: its stamp stays."""
    from orchestration.runtime import file_hashes

    stamp, stamp_of = file_hashes.stamp_of(path), file_hashes.stamp_of
    flip_bit(path)
    monkeypatch.setattr(
        file_hashes, "stamp_of", lambda other: stamp if other == path else stamp_of(other)
    )
