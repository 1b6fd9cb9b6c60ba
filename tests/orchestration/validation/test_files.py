"""Torn, altered or missing files of the validated store are rebuilt from the archive."""

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from orchestration.validation.contracts.deep_synthesis import CONTRACT
from orchestration.validation.files import read_table, write_table
from tests.orchestration.validation.damage import add_row, empty_file, flip_bit, truncate
from tests.orchestration.validation.list_factories import (
    Stores,
    archive_and_validate,
    make_filing_rows,
)


def damaged_files(stores: Stores) -> list[str]:
    return sorted(path.name for path in stores.root.rglob("*.damaged"))


VERSIONS = CONTRACT.tables.versions
DAMAGES = [truncate, flip_bit, add_row, empty_file, Path.unlink]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize(
    "name", ["001/*2*.parquet", "001/quarantine/*.parquet", f"{VERSIONS}.parquet"]
)
def test_damaged_file_is_rebuilt_and_set_aside(history, caplog, damage, name):
    before = history.validated_files()
    path = min((history.root / "validated").glob(name))
    damage(path)
    was_there = path.exists()
    assert history.validate_archived() == {}
    history.write_tables()
    after = history.validated_files()
    assert {name: after[name] for name in before} == before
    if name.startswith("001") and was_there:
        assert damaged_files(history) == [f"{path.name}.damaged"]
        assert f"{path} is damaged. It will be rebuilt" in caplog.text
        assert len(after) == len(before) + 1


@pytest.mark.parametrize("folder", ["002", "quarantine"])
def test_result_is_written_after_its_rows(stores, monkeypatch, folder):
    def fail(path: Path, content: bytes) -> None:
        if path.parent.name == folder:
            raise OSError("killed")

    monkeypatch.setattr("orchestration.validation.files.write_bytes", fail)
    with pytest.raises(OSError, match="killed"):
        archive_and_validate(stores, make_filing_rows(3))
    assert list((stores.root / "validated").rglob("*.json")) == []


def test_rows_of_a_version_are_removed_if_it_is_held_back_later(stores):
    (result,) = archive_and_validate(stores, make_filing_rows(3))
    stores.contract = replace(
        CONTRACT, version="next", misplaced=lambda *_: "it is the list of another batch"
    )
    assert stores.validate("002").latest.status == "held_back"
    folder = stores.root / "validated" / "002"
    assert not (folder / f"{result.version}.parquet").exists()


def test_table_is_read_by_its_literal_path(tmp_path):
    path = tmp_path / "[1]" / "rows.parquet"
    write_table(path, pl.DataFrame({"a": [1]}))
    (tmp_path / "1").mkdir()
    pl.DataFrame({"a": [2]}).write_parquet(tmp_path / "1" / "rows.parquet")
    table = read_table(path)
    assert table is not None and table["a"].to_list() == [1]


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"status": "accepted", "unknown": 1}'])
def test_damaged_result_counts_as_missing(stores, content):
    (result,) = archive_and_validate(stores, make_filing_rows(3))
    before = stores.validated_files()
    (stores.root / "validated" / "002" / f"{result.version}.json").write_text(content)
    assert stores.validate("002").is_new
    assert stores.validated_files() == before


@pytest.mark.parametrize(
    ("text", "other"), [('"rows_accepted": 3', '"rows_accepted": 2'), ("accepted", "held_back")]
)
def test_altered_result_counts_as_missing_and_is_set_aside(stores, text, other):
    (before,) = archive_and_validate(stores, make_filing_rows(3))
    (path,) = (stores.root / "validated" / "002").glob("*.json")
    path.write_text(path.read_text().replace(text, other, 1))
    assert stores.validated().results("002") == []
    assert stores.validate_archived() == {}
    assert stores.validated().results("002") == [before]
    assert damaged_files(stores) == [f"{path.name}.damaged"]


def test_result_without_hashes_is_rebuilt_without_warning(history, caplog):
    before = history.validated_files()
    for path in (history.root / "validated").rglob("*.json"):
        fields = json.loads(path.read_bytes())
        new = ("sha256", "rows_sha256", "quarantine_sha256")
        path.write_text(json.dumps({k: v for k, v in fields.items() if k not in new}))
    assert history.validated().results("001") == []
    assert history.validate_archived() == {}
    assert history.validated_files() == before and not caplog.text
