"""The seed `filing_labels` as a file: what is not read again stays as it is, byte for byte."""

from threading import Thread

import polars as pl
import pytest

from orchestration.classification.confidence import NO_TERM
from orchestration.classification.labels import LABEL_COLUMNS
from orchestration.classification.labels import with_labels as with_labels_in_release
from orchestration.classification.rules import CLASS_COLUMNS
from orchestration.classification.shipped import read_seed, shipped_filings
from orchestration.cli.review.candidates import SCHEMA, with_labels
from orchestration.cli.review.seed import (
    SEED,
    read_seed_file,
    seed_bytes,
    seed_locked,
    with_labels_written,
)
from scrapers.errors import FilingsError
from tests.orchestration.classification.labels import make_label

NUMBERS = ("110108000000201250018", "110108000000301250019")


def test_shipped_seed_is_written_as_it_was_read():
    seed = read_seed_file(SEED)
    assert len(seed.labels) > 7_000
    assert seed_bytes(seed.labels.values()) == seed.content


def test_changed_label_changes_only_its_line(tmp_path):
    path = tmp_path / "filing_labels.csv"
    path.write_bytes(SEED.read_bytes())
    seed = read_seed_file(path)
    place = 4_000
    label = list(seed.labels.values())[place]
    changed = make_label(
        **vars(label) | {"other_sector": None, "readers": "mei", "sector": "legal"}
    )
    with_labels_written(seed, {changed.filing_number: changed})
    lines = zip(seed.content.splitlines(), path.read_bytes().splitlines(), strict=True)
    assert [number for number, (old, new) in enumerate(lines) if old != new] == [place + 1]
    assert [item.name for item in tmp_path.iterdir()] == ["filing_labels.csv"]


def test_second_review_waits_until_the_first_has_written(tmp_path):
    path = tmp_path / "filing_labels.csv"
    path.write_bytes(seed_bytes([make_label()]))
    seed = read_seed_file(path)
    steps: list[str] = []

    def wait() -> None:
        with seed_locked(seed):
            steps.append("second")

    second = Thread(target=wait)
    with seed_locked(seed):
        second.start()
        second.join(0.2)
        steps.append("first")
    second.join()
    assert steps == ["first", "second"]
    assert [item.name for item in tmp_path.iterdir()] == ["filing_labels.csv"]


def test_labels_are_sorted_by_month_and_number_and_values_survive(tmp_path):
    labels = [
        make_label(filing_number=NUMBERS[1], list_month="2026-01", algorithm_name='"甲",\n乙'),
        make_label(filing_number=NUMBERS[0], list_month="2026-02", first_is_sure=None),
        make_label(filing_number=NUMBERS[0][:-1] + "9", list_month="2026-01"),
    ]
    path = tmp_path / "filing_labels.csv"
    path.write_bytes(seed_bytes(labels))
    assert list(read_seed_file(path).labels.values()) == [labels[2], labels[0], labels[1]]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("filing_number,", "number,", "does not have the columns of labels"),
        (",true,", ",yes,", "line 2 of .* is not a label"),
        ("finance,finance", "finance,", "line 2 of .* is not a label"),
        (",\n", ",,more\n", "line 2 of .* is not a label"),
        (",\n", "\n", "line 2 of .* is not a label"),
    ],
)
def test_damaged_seed_is_refused(tmp_path, old, new, message):
    path = tmp_path / "filing_labels.csv"
    path.write_text(seed_bytes([make_label()]).decode().replace(old, new, 1))
    with pytest.raises(FilingsError, match=message):
        read_seed_file(path)


def test_repeated_filing_is_refused(tmp_path):
    path = tmp_path / "filing_labels.csv"
    path.write_bytes(seed_bytes([make_label(), make_label(sector="media")]))
    with pytest.raises(FilingsError, match=r"line 3 of .* repeats filing"):
        read_seed_file(path)


def test_seed_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "filing_labels.csv"
    path.write_bytes(seed_bytes([make_label()]).decode().encode("gb18030"))
    with pytest.raises(FilingsError, match=r"is not in UTF-8"):
        read_seed_file(path)


def test_missing_seed_is_reported(tmp_path):
    with pytest.raises(FilingsError, match=r"cannot read .*No such file"):
        read_seed_file(tmp_path / "filing_labels.csv")


def amended_filings() -> pl.DataFrame:
    """Shipped filings, some with another name or purpose, some marked as amended."""
    filings = shipped_filings().tail(300).with_row_index("row")
    every = {name: pl.col("row") % 5 == place for place, name in enumerate(("name", "use", "mark"))}
    name, purpose = pl.col("algorithm_name"), pl.col("purpose")
    return filings.with_columns(
        pl.when(every["name"]).then(name + "新").otherwise(name).alias("algorithm_name"),
        pl.when(every["use"]).then(purpose + "新").otherwise(purpose).alias("purpose"),
        is_amended=every["mark"],
        register=pl.lit("deep_synthesis"),
        list_month=pl.lit("2026-07"), role=pl.lit("provider"), purpose_origin=pl.lit("shipped"),
    ).drop("row")  # fmt: skip


def test_amended_filings_are_the_same_as_in_a_release():
    filings = amended_filings()
    labels = read_seed("filing_labels").select(pl.col(n).cast(k) for n, k in LABEL_COLUMNS.items())
    one = {"sector_evidence": NO_TERM, "sector": "general", "inputs": "text", "outputs": "text"}
    classes = pl.DataFrame([one] * filings.height).with_columns(
        pl.lit(None).cast(kind).alias(name)
        for name, kind in CLASS_COLUMNS.items()
        if name not in one
    )
    released = with_labels_in_release(filings, classes, labels, read_seed("sector_calibration"))
    texts = filings.with_columns(
        pl.lit(0.5).cast(kind).alias(name) if kind == pl.Float64 else pl.lit("x").alias(name)
        for name, kind in SCHEMA.items()
        if name not in filings.columns
    ).select(*SCHEMA, "is_amended")
    found = with_labels(texts, read_seed_file(SEED).labels)
    statuses = ["amended" if item.is_amended else "reviewed" for item in found.values()]
    assert statuses == released["review_status"].to_list()
    reviewed, amended = (released.filter(review_status=name) for name in ("reviewed", "amended"))
    assert reviewed["reader_count"].min() >= 1 and reviewed["read_on"].null_count() == 0
    assert amended["reader_count"].null_count() == amended["read_on"].null_count() == amended.height
    assert 60 <= statuses.count("amended") < 300
