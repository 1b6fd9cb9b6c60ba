"""`filings review --list`: what should be read next, in which order."""

import csv
import io

import duckdb
import pytest
from rich.console import Console

from orchestration.cli.render.review import show_due
from orchestration.cli.review.candidates import Due
from orchestration.cli.review.seed import seed_bytes
from tests.orchestration.classification.labels import make_candidate
from tests.orchestration.cli.commands import assert_fails, assert_succeeds, run
from tests.orchestration.cli.reviews import LABELS, Review, label
from tests.orchestration.validation.list_factories import make_filing_number


def listed(review: Review, *options: str) -> list[tuple[str, str]]:
    """Number and reason of each listed filing."""
    text = assert_succeeds(review.data_dir, "review", "--list", "--plain", *options)
    return [(row["filing_number"], row["why"]) for row in csv.DictReader(io.StringIO(text))]


def test_filings_are_listed_in_the_order_in_which_they_should_be_read(review):
    assert listed(review) == [
        (make_filing_number(1), "amended since it was read"),
        (make_filing_number(3), "not reviewed"),
        (make_filing_number(2), "not reviewed"),
        (make_filing_number(4), "second reading: the reader was not sure"),
        (make_filing_number(5), "third reading: two readers differ"),
    ]


def test_table_shows_batch_names_reason_and_confidence(review):
    text = assert_succeeds(review.data_dir, "review", "--list", "--limit", "2")
    row = text.splitlines()[2].split()
    assert row == [make_filing_number(3), "19", "40", "%", "算法3", "公司3", "not", "reviewed"]
    assert "5 filings are due, showing the first 2; use --limit N" in text
    assert make_filing_number(2) not in text


@pytest.mark.parametrize("width", ["40", "72"])
def test_narrow_terminal_cuts_no_text(review, width):
    text = assert_succeeds(review.data_dir, "review", "--list", COLUMNS=width)
    assert all(f"算法{serial}" in text for serial in (1, 2, 3, 4, 5)) and "…" not in text


def test_csv_has_the_confidence_of_the_rules_where_no_label_holds(review):
    text = assert_succeeds(review.data_dir, "review", "--list", "--plain", "--limit", "2")
    heading, *rows = text.splitlines()
    assert heading == (
        "filing_number,batch_no,algorithm_name,entity_name,why,confidence,products,purpose,"
        "sector,other_sector,is_sure,inputs,outputs"
    )
    purpose = "应用于文本生成场景。"
    assert rows == [
        f"{make_filing_number(1)},18,算法1,公司1,amended since it was read,0.9,,{purpose},,,,,",
        f"{make_filing_number(3)},19,算法3,公司3,not reviewed,0.4,,{purpose},,,,,",
    ]


def test_rows_are_not_folded_where_no_terminal_limits_the_width(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    pipe = Console(file=io.StringIO(), width=80)
    why = "second reading: the reader was not sure"
    show_due(pipe, [Due(make_candidate(algorithm_name="很长的算法名称" * 6), why)], limit=None)
    heading, row, *_ = pipe.file.getvalue().splitlines()
    assert heading.split() == ["number", "batch", "confidence", "name", "entity", "why"]
    assert "很长的算法名称" * 6 in row and row.endswith(why)


def test_filing_read_since_the_release_is_not_listed_again(review):
    review.seed.write_bytes(
        seed_bytes([*LABELS, label(3, sector="general", first_sector="general")])
    )
    assert make_filing_number(3) not in dict(listed(review))


def test_list_can_be_limited_to_a_batch_and_to_what_a_reader_has_not_read(review):
    assert [number for number, _ in listed(review, "--batch", "19")] == [
        make_filing_number(3), make_filing_number(2)
    ]  # fmt: skip
    assert [number for number, _ in listed(review, "--batch", "18", "--reader", "mei")] == [
        make_filing_number(1)
    ]


def test_unknown_batch_is_an_error(review):
    error = assert_fails(run(review.data_dir, "review", "--list", "--batch", "20"))
    assert "the release has no batch 20. Its newest is 19" in error


def test_list_says_if_nothing_is_due(review):
    read = dict.fromkeys(("sector", "first_sector", "second_sector"), "general")
    done = [label(serial, readers="mei+lin", **read) for serial in range(1, 7)]
    review.seed.write_bytes(seed_bytes(done))
    text = assert_succeeds(review.data_dir, "review", "--list")
    assert text == "Nothing is due for a reading\n"


def test_review_without_a_release_says_what_to_run(review, tmp_path):
    error = assert_fails(run(tmp_path / "empty", "review", "--list"))
    assert "there is no release yet. Run `filings refresh` first" in error


def test_release_made_before_reviews_says_what_to_run(review):
    (release,) = (review.data_dir / "published").glob("2*")
    with duckdb.connect(str(release / "filings.duckdb")) as connection:
        connection.execute("alter table filings drop column sector_by_rules")
    error = assert_fails(run(review.data_dir, "review", "--list"))
    assert "lacks sector_by_rules, which reviews need. Run `filings refresh`" in error


@pytest.mark.parametrize(
    "arguments",
    [
        ["--list", "--from", "pyproject.toml"],
        ["--list", make_filing_number(1)],
        ["--from", "pyproject.toml", make_filing_number(1), "--sector", "finance"],
        ["--from", "missing.csv"],
        ["--sector", "finance"],
        ["--unsure"],
        [make_filing_number(1), "--unsure"],
        [make_filing_number(1), "--sector", "finance", "--batch", "18"],
        ["--plain"],
        ["--limit", "3"],
        ["--list", "--limit", "-1"],
        ["--batch", "0"],
    ],
)
def test_options_that_do_not_fit_together_are_wrong_usage(review, arguments):
    before = review.seed.read_bytes()
    assert run(review.data_dir, "review", *arguments).exit_code == 2
    assert review.seed.read_bytes() == before
