"""How quality is measured, and that what is shipped reaches its floors."""

import polars as pl
import pytest

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
    not REAL.exists(), reason="no real purposes beside the checkout"
)


def labelled(*rows: tuple[str, str, str | None, str]) -> pl.DataFrame:
    """Rows of (label, reading, label of the outputs, outputs)."""
    schema = ["label_sector", "sector", "label_outputs", "outputs"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String), orient="row")
    return frame.with_columns(label_inputs=pl.lit(None, dtype=pl.String), inputs=pl.lit("text"))


def test_accuracy_macro_f1_and_confusion():
    found = measure(
        labelled(
            ("law", "law", "text", "text"),
            ("law", "general", "image", "text"),
            ("law", "general", None, "text"),
            ("general", "general", None, "text"),
        )
    )
    assert (found.labels, found.sector, found.general) == (4, 0.5, 0.75)
    # law: all found are right, one of three is found, 2/4; general: 2/4
    assert found.macro_f1 == pytest.approx(0.5)
    assert (found.inputs, found.outputs) == (None, 0.5)
    assert found.confused == (("law", "general", 2),)


def test_below_the_floor_is_what_chance_does_not_explain():
    right, wrong = ("law", "law", "text", "text"), ("law", "general", "text", "text")

    def below(rights: int, wrongs: int) -> dict[str, float]:
        return measure(labelled(*[right] * rights, *[wrong] * wrongs)).below({"sector": 0.9})

    assert below(90, 10) == {}
    # 0.82 of 50 labels is within two standard errors (0.085) of 0.9, of 500 (0.027) it is not.
    assert below(41, 9) == {}
    assert below(410, 90) == {"sector": 0.82}
    assert below(0, 0) == {}


def test_what_is_shipped_reaches_the_floors_and_says_so(capsys: pytest.CaptureFixture[str]):
    main([])
    printed = capsys.readouterr().out
    assert "labelled twice, agreed, held out" in printed
    assert "of 7,764 filings" in printed
    assert "below the floor" not in printed


def readme_row(name: str) -> list[str]:
    """The cells of a row of the README's table behind its name."""
    lines = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    (row,) = [line for line in lines if line.startswith(f"| {name} |")]
    return [cell.strip() for cell in row.strip("|").split("|")[1:]]


def cells(rows: pl.DataFrame) -> list[str]:
    found = measure(rows)
    shares = (found.sector, found.inputs, found.outputs)
    return [str(found.labels), *(f"{100 * share:.1f} %" for share in shares)]


def read_and_agreed(filings: pl.DataFrame) -> pl.DataFrame:
    labels = label_columns(read_seed("filing_labels")).filter("is_agreed", readings=2)
    read = filings.hstack(classify(filings, load_rules(read_seed)))
    return read.join(labels, on="filing_number")


def test_the_readme_says_what_is_measured():
    agreed = read_and_agreed(shipped_filings())
    assert readme_row("all, as the replica words purposes") == cells(agreed)


@needs_real_purposes
def test_the_readme_says_what_is_measured_on_real_purposes():
    agreed = read_and_agreed(with_purposes(shipped_filings(), REAL))
    assert readme_row("all, real purposes") == cells(agreed)
    assert readme_row("kept aside, real purposes") == cells(agreed.filter("is_held_out"))
    labels = label_columns(read_seed("filing_labels"))
    new = of_new_entities(agreed, labels)
    assert readme_row("… of entities not seen elsewhere") == cells(new)


def test_a_floor_not_reached_ends_with_status_1(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(FLOORS, "sector", 1.0)
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == 1


def test_labels_are_of_shipped_filings():
    labels = read_seed("filing_labels")
    assert labels.height == 3444
    first_eleven = [row for n in range(1, 12) for row in load_register().filings[n]]
    assert set(labels["filing_number"]) == {row.filing_number for row in first_eleven}
    twice = labels.filter(pl.col("readings") == 2)
    assert (twice.height, twice["is_agreed"].sum()) == (400, 374)
    assert twice["is_held_out"].sum() == 208


@needs_real_purposes
def test_real_purposes_reach_the_floors():
    found = measure(read_and_agreed(with_purposes(shipped_filings(), REAL)))
    assert found.below() == {}
    assert found.sector >= 0.88


@needs_real_purposes
def test_shipped_sentences_are_classified_as_the_real_purposes_are():
    shipped = shipped_filings()
    labelled = pl.read_csv(REAL, separator="\t", infer_schema=False, quote_char=None)
    shipped = shipped.filter(pl.col("filing_number").is_in(labelled["filing_number"].implode()))
    rules = load_rules(read_seed)
    ours, theirs = (classify(filings, rules) for filings in (shipped, with_purposes(shipped, REAL)))
    assert ours.height == 400
    for column in ("inputs", "outputs", "sector"):
        assert (ours[column] == theirs[column]).mean() >= 0.99, column
