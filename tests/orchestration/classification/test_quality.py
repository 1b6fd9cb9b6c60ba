"""Measurement of the classification's quality, and its floors on the shipped filings."""

import polars as pl
import pytest

from orchestration.classification import quality
from orchestration.classification.quality import (
    FLOORS,
    label_columns,
    main,
    measure,
    of_new_entities,
    read_seed,
    shipped_filings,
    with_purposes,
)
from orchestration.classification.rules import classify, load_rules
from orchestration.settings import PROJECT_ROOT
from scrapers.replica.facts import load_register

REAL = PROJECT_ROOT.parent / "shared" / "data" / "labels.tsv"
needs_real_purposes = pytest.mark.skipif(
    not REAL.exists(), reason="no real purposes next to the checkout"
)


def labelled(*rows: tuple[str, str, str | None, str]) -> pl.DataFrame:
    """Rows of (label, sector, label of the outputs, outputs)."""
    schema = ["label_sector", "sector", "label_outputs", "outputs"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String), orient="row")
    return frame.with_columns(label_inputs=pl.lit(None, dtype=pl.String), inputs=pl.lit("text"))


def test_measure_has_accuracy_macro_f1_and_confusion():
    found = measure(
        labelled(
            ("law", "law", "text", "text"),
            ("law", "general", "image", "text"),
            ("law", "general", None, "text"),
            ("general", "general", None, "text"),
        )
    )
    assert (found.labels, found.sector, found.general) == (4, 0.5, 0.75)
    # law: precision 1, recall 1/3, so F1 2/4; general: precision 1/3, recall 1, so F1 2/4.
    assert found.macro_f1 == pytest.approx(0.5)
    assert (found.inputs, found.outputs) == (None, 0.5)
    assert found.confused == (("law", "general", 2),)


def test_result_is_below_its_floor_only_by_more_than_chance():
    right, wrong = ("law", "law", "text", "text"), ("law", "general", "text", "text")

    def below(rights: int, wrongs: int) -> dict[str, float]:
        return measure(labelled(*[right] * rights, *[wrong] * wrongs)).below({"sector": 0.9})

    assert below(90, 10) == {}
    # 0.82 of 50 labels is within two standard errors (0.085) of 0.9; 0.86 of 500 (0.027) is not.
    assert below(41, 9) == {}
    assert below(430, 70) == {"sector": 0.86}
    assert below(0, 0) == {}


def test_new_entities_are_held_out_and_have_no_other_label():
    def rows(*numbers: str, is_held_out: bool) -> pl.DataFrame:
        return pl.DataFrame({"filing_number": numbers}).with_columns(
            is_held_out=pl.lit(is_held_out)
        )

    # Digits 7 to 13 are the entity.
    known, same = "110000" + "0000001" + "23000001", "320000" + "0000001" + "24000002"
    new = "110000" + "0000002" + "23000001"
    labels = pl.concat([rows(known, is_held_out=False), rows(same, new, is_held_out=True)])
    assert of_new_entities(labels, labels)["filing_number"].to_list() == [new]


def test_shipped_filings_reach_the_floors(capsys: pytest.CaptureFixture[str]):
    main([])
    printed = capsys.readouterr().out
    assert "two labels, agreed, held out" in printed
    assert "of 7,764 filings" in printed
    assert "below the floor" not in printed


def documented_row(name: str) -> list[str]:
    """The cells after the name in a row of the table in docs/accuracy.md."""
    lines = (PROJECT_ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8").splitlines()
    (row,) = [line for line in lines if line.startswith(f"| {name} |")]
    return [cell.strip() for cell in row.strip("|").split("|")[1:]]


def cells(rows: pl.DataFrame) -> list[str]:
    found = measure(rows)
    shares = (found.sector, found.inputs, found.outputs)
    return [str(found.labels), *(f"{100 * share:.1f} %" for share in shares)]


def agreed_labels(filings: pl.DataFrame) -> pl.DataFrame:
    """The filings whose two labels agree, with their classes."""
    labels = label_columns(read_seed("filing_labels")).filter("is_agreed", readings=2)
    labelled = filings.join(labels, on="filing_number", maintain_order="left")
    return labelled.hstack(classify(labelled, load_rules(read_seed)))


def test_readme_has_the_measured_quality():
    agreed = agreed_labels(shipped_filings())
    assert documented_row("all, as the replica words purposes") == cells(agreed)


@needs_real_purposes
def test_readme_has_the_quality_on_real_purposes():
    agreed = agreed_labels(with_purposes(shipped_filings(), REAL))
    assert documented_row("all, real purposes") == cells(agreed)
    assert documented_row("kept aside, real purposes") == cells(agreed.filter("is_held_out"))
    labels = label_columns(read_seed("filing_labels"))
    new = of_new_entities(agreed, labels)
    assert documented_row("… of entities not seen elsewhere") == cells(new)


def test_missed_floor_exits_with_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    labelled_twice = read_seed("filing_labels").filter(readings=2)
    few = shipped_filings().join(labelled_twice, on="filing_number", how="semi")
    monkeypatch.setattr(quality, "shipped_filings", lambda: few)
    monkeypatch.setitem(FLOORS, "sector", 1.0)
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == 1
    assert "below the floor of 100.0 %: sector" in capsys.readouterr().out


def test_labels_belong_to_shipped_filings():
    labels = read_seed("filing_labels")
    assert labels.height == 3444
    first_eleven = [row for n in range(1, 12) for row in load_register().filings[n]]
    assert set(labels["filing_number"]) == {row.filing_number for row in first_eleven}
    twice = labels.filter(pl.col("readings") == 2)
    assert (twice.height, twice["is_agreed"].sum()) == (400, 374)
    assert twice["is_held_out"].sum() == 208


@needs_real_purposes
def test_real_purposes_reach_the_floors():
    found = measure(agreed_labels(with_purposes(shipped_filings(), REAL)))
    assert found.below() == {}
    assert found.sector >= 0.88


@needs_real_purposes
def test_reworded_purposes_have_the_same_classes_as_real_ones():
    shipped = shipped_filings()
    labelled = pl.read_csv(REAL, separator="\t", infer_schema=False, quote_char=None)
    shipped = shipped.filter(pl.col("filing_number").is_in(labelled["filing_number"].implode()))
    rules = load_rules(read_seed)
    ours, theirs = (classify(filings, rules) for filings in (shipped, with_purposes(shipped, REAL)))
    assert ours.height == 400
    for column in ("inputs", "outputs", "sector"):
        assert (ours[column] == theirs[column]).mean() >= 0.99, column
