"""Files of the validated store that are torn, altered or gone are made again from the archive."""

import json
from pathlib import Path

import pytest

from orchestration.validation.contracts.deep_synthesis import CONTRACT
from tests.orchestration.validation.damage import bit_flipped, cut_short, emptied, other_rows
from tests.orchestration.validation.list_factories import (
    Stores,
    archive_and_validate,
    make_filing_rows,
    make_history,
)


def damaged_files(stores: Stores) -> list[str]:
    return sorted(path.name for path in stores.root.rglob("*.damaged"))


VERSIONS = CONTRACT.tables.versions
DAMAGES = [cut_short, bit_flipped, other_rows, emptied, Path.unlink]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize(
    "name", ["001/*2*.parquet", "001/quarantine/*.parquet", f"{VERSIONS}.parquet"]
)
def test_what_is_damaged_is_made_again_and_kept_aside(stores, caplog, damage, name):
    make_history(stores)
    before = stores.validated_files()
    path = sorted((stores.root / "validated").glob(name))[0]
    damage(path)
    was_there = path.exists()
    assert stores.validate_archived() == {}
    stores.write_tables()
    after = stores.validated_files()
    assert {name: after[name] for name in before} == before
    if name.startswith("001") and was_there:
        assert damaged_files(stores) == [f"{path.name}.damaged"]
        assert f"{path} is damaged: it is made again" in caplog.text
        assert len(after) == len(before) + 1


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"status": "accepted", "unknown": 1}'])
def test_a_damaged_result_is_as_if_there_were_none(stores, content):
    (result,) = archive_and_validate(stores, make_filing_rows(3))
    before = stores.validated_files()
    (stores.root / "validated" / "002" / f"{result.version}.json").write_text(content)
    assert stores.validate("002").is_new
    assert stores.validated_files() == before


@pytest.mark.parametrize(
    ("text", "other"), [('"rows_accepted": 3', '"rows_accepted": 2'), ("accepted", "held_back")]
)
def test_an_altered_result_counts_as_none(stores, text, other):
    (before,) = archive_and_validate(stores, make_filing_rows(3))
    (path,) = (stores.root / "validated" / "002").glob("*.json")
    path.write_text(path.read_text().replace(text, other, 1))
    assert stores.validated().results("002") == []
    assert stores.validate_archived() == {}
    assert stores.validated().results("002") == [before]
    assert damaged_files(stores) == [f"{path.name}.damaged"]


def test_a_result_without_hashes_is_an_earlier_programs_and_is_made_again_without_a_warning(
    stores, caplog
):
    make_history(stores)
    before = stores.validated_files()
    for path in (stores.root / "validated").rglob("*.json"):
        fields = json.loads(path.read_bytes())
        new = ("sha256", "rows_sha256", "quarantine_sha256")
        path.write_text(json.dumps({k: v for k, v in fields.items() if k not in new}))
    assert stores.validated().results("001") == []
    assert stores.validate_archived() == {}
    assert stores.validated_files() == before and not caplog.text
