"""The cache of classes: what is classified again, damage, and pruning."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration.classification import class_cache
from orchestration.classification import duckdb as classification
from orchestration.classification.rules import SEED_NAMES, classify
from orchestration.classification.shipped import read_seed, shipped_filings
from orchestration.runtime.progress import ProgressEvent, subscribed

SEEDS = {
    name: seed.gather_every(20) if seed.height > 100 else seed
    for name in (*SEED_NAMES, "filing_labels")
    for seed in [read_seed(name)]
}
FILINGS = (
    shipped_filings()
    .head(20)
    .rename({"algorithm_name": "name"})
    .with_columns(register=pl.lit("deep_synthesis"), amended_at=pl.lit(None, dtype=pl.Datetime))
)
LABELLED = FILINGS.join(SEEDS["filing_labels"], on="filing_number", how="semi")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "classes"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of texts in each slice that is classified."""
    slices: list[int] = []

    def counting(filings: pl.DataFrame, *rules: object) -> pl.DataFrame:
        slices.append(filings.height)
        return classify(filings, *rules)

    monkeypatch.setattr(classification, "classify", counting)
    return slices


def classes(cache: Path, filings: pl.DataFrame = FILINGS, **seeds: pl.DataFrame) -> pl.DataFrame:
    with duckdb.connect() as connection:
        relations = {
            name: connection.from_arrow(seed.to_arrow()) for name, seed in (SEEDS | seeds).items()
        }
        table = connection.from_arrow(filings.to_arrow())
        found = classification.classified(table, relations, connection, cache).pl()
    return found.sort("register", "filing_number")


def test_known_texts_are_not_classified_again(cache: Path, counted: list[int]):
    cold = classes(cache)
    assert sum(counted) == FILINGS.height
    assert classes(cache).equals(cold)
    assert sum(counted) == FILINGS.height


def test_only_new_texts_are_classified(cache: Path, counted: list[int], tmp_path: Path):
    classes(cache, FILINGS.head(15))
    counted.clear()
    assert classes(cache).equals(classes(tmp_path / "other"))
    assert counted == [5, 20]


def test_equal_texts_are_classified_once(cache: Path, counted: list[int]):
    other = FILINGS.with_columns(pl.lit("recommendation").alias("register"))
    unlabelled = FILINGS.join(LABELLED, on="filing_number", how="anti")
    found = classes(cache, pl.concat([unlabelled, other.select(FILINGS.columns)]))
    assert found.height == unlabelled.height + FILINGS.height
    assert sum(counted) == FILINGS.height


def test_amended_filing_with_a_label_is_classified_again(cache: Path, counted: list[int]):
    classes(cache)
    counted.clear()
    amended = FILINGS.with_columns(amended_at=pl.lit("2026-01-01").str.to_datetime())
    classes(cache, amended)
    assert sum(counted) == LABELLED.height > 0


def test_changed_label_concerns_its_filing_only(cache: Path, counted: list[int]):
    classes(cache)
    counted.clear()
    number = LABELLED["filing_number"][0]
    is_changed = pl.col("filing_number") == number
    labels = SEEDS["filing_labels"].with_columns(
        sector=pl.when(is_changed).then(pl.lit("finance")).otherwise("sector")
    )
    found = classes(cache, filing_labels=labels)
    assert counted == [1]
    assert found.filter(is_changed)["sector"].to_list() == ["finance"]


def test_changed_rule_invalidates_the_cache(cache: Path, counted: list[int]):
    classes(cache)
    classes(cache, sector_words=SEEDS["sector_words"].head(1))
    assert sum(counted) == 2 * FILINGS.height
    assert len(list(cache.iterdir())) == 1


def test_damaged_file_is_classified_again_with_a_warning(cache: Path, counted: list[int]):
    cold = classes(cache)
    (file,) = cache.iterdir()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    events: list[ProgressEvent] = []
    with subscribed(events.append):
        assert classes(cache).equals(cold)
    assert [event.message for event in events] == [
        f"{file} is damaged and is removed; its texts are classified again"
    ]
    assert sum(counted) == 2 * FILINGS.height


def test_texts_of_no_filing_are_removed_once_they_are_most(cache: Path, counted: list[int]):
    classes(cache)
    kept = classes(cache, FILINGS.head(10))
    assert pl.read_parquet(cache / "*.parquet").height == FILINGS.height
    few = FILINGS.head(9)
    assert classes(cache, few).height == 9
    assert pl.read_parquet(cache / "*.parquet").height == 9
    assert classes(cache, few).equals(kept.join(few, on="filing_number", how="semi"))
    assert sum(counted) == FILINGS.height


def test_many_files_become_one(cache: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(class_cache, "MOST_FILES", 2)
    for rows in (5, 10):
        classes(cache, FILINGS.head(rows))
    assert len(list(cache.iterdir())) == 2
    cold = classes(cache, FILINGS.head(15))
    assert len(list(cache.iterdir())) == 1
    assert classes(cache, FILINGS.head(15)).equals(cold)


def test_file_that_a_killed_build_left_is_removed(cache: Path):
    cold = classes(cache)
    (cache / ".new-1a2b3c4d.part").write_bytes(b"half a file")
    assert classes(cache).equals(cold)
    assert [path.suffix for path in cache.iterdir()] == [".parquet"]
