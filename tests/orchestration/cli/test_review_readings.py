"""`filings review NUMBER --sector …` and `--from FILE.csv`: readings without questions."""

import csv
import errno
import io
import os
from pathlib import Path

import pytest

from orchestration.cli.review import reader as readers
from orchestration.cli.review.reader import reader_code
from orchestration.settings import SettingsError
from tests.orchestration.cli.commands import assert_fails, assert_succeeds, run
from tests.orchestration.cli.reviews import ELSEWHERE, LABELS, Review
from tests.orchestration.validation.list_factories import make_filing_number

ZHOU = ("--reader", "zhou")
RECOMMENDED, SERVICE = ELSEWHERE["recommendation"], ELSEWHERE["generative_services"]


def test_one_reading_is_taken_without_asking(review):
    options = ("--sector", "edu", "--unsure", "--other", "通用", "--inputs", "audio,text")
    text = assert_succeeds(review.data_dir, "review", make_filing_number(3), *options, *ZHOU)
    assert "1 reading was written to" in text
    found = review.label(3)
    assert (found.sector, found.other_sector, found.first_is_sure) == (
        "education",
        "general",
        False,
    )
    assert (found.inputs, found.outputs, found.readers) == ("text+audio", None, "zhou")


def test_printed_number_is_accepted(review):
    number = f"网信算备{make_filing_number(3)}号"
    assert_succeeds(review.data_dir, "review", number, "--sector", "finance", *ZHOU)
    assert review.label(3).sector == "finance"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([make_filing_number(3), "--sector", "xyz"], "there is no sector 'xyz'"),
        ([make_filing_number(3), "--sector", "fin", "--other", "1"], "finance is named twice"),
        ([make_filing_number(3), "--sector", "fin", "--outputs", "x"], "unknown outputs: x"),
        ([make_filing_number(9), "--sector", "fin"], "the release has no deep-synthesis filing"),
        (["算法3", "--sector", "fin"], "A filing number has 21 digits"),
        ([make_filing_number(5), "--sector", "fin", "--reader", "mei"], "mei has already read"),
        ([RECOMMENDED, "--sector", "fin"], f"{RECOMMENDED} is a recommendation filing; only deep-"),
        ([RECOMMENDED], "only deep-synthesis filings are reviewed"),
        ([SERVICE, "--sector", "fin"], f"{SERVICE} is a generative AI service; only deep-synth"),
        ([make_filing_number(5), "--reader", "lin"], "lin has already read"),
        ([make_filing_number(6)], "is decided by 2 readers"),
        ([make_filing_number(6), "--sector", "general"], "is decided by 2 readers"),
    ],
)
def test_reading_that_cannot_be_taken_is_an_error(review, arguments, message):
    before = review.seed.read_bytes()
    assert message in assert_fails(run(review.data_dir, "review", *ZHOU, *arguments))
    assert review.seed.read_bytes() == before


def test_number_of_no_register_with_21_digits_is_not_called_too_short(review):
    number = make_filing_number(9)
    error = assert_fails(run(review.data_dir, "review", number, "--sector", "fin", *ZHOU))
    assert error == f"error: the release has no deep-synthesis filing '{number}'\n"


def test_unknown_sector_is_one_short_line(review):
    arguments = ("review", make_filing_number(3), "--sector", "xyz", *ZHOU)
    error = assert_fails(run(review.data_dir, *arguments))
    assert error.count("\n") == 1 and len(error) < 100 and "education" not in error


def test_only_reader_replaces_the_reading(review):
    arguments = ("review", make_filing_number(4), "--sector", "general", "--reader", "mei")
    assert "1 reading was replaced in " in assert_succeeds(review.data_dir, *arguments)
    found = review.label(4)
    assert (found.sector, found.first_is_sure, found.readers) == ("general", True, "mei")
    assert (found.inputs, found.outputs) == (LABELS[1].inputs, LABELS[1].outputs)


def from_file(review: Review, text: str) -> tuple[Path, tuple[str, ...]]:
    path = review.data_dir / "readings.csv"
    path.write_text(text)
    return path, ("review", "--from", str(path), *ZHOU)


def test_readings_of_a_file_are_taken(review):
    _, arguments = from_file(
        review,
        "\ufefffiling_number,is_sure,sector,other_sector,inputs,outputs\n"
        f'"=""{make_filing_number(3)}""",False,金融,general,image+text,\n'
        f"{make_filing_number(4)},,finance,,,\n",
    )
    assert "2 readings were written" in assert_succeeds(review.data_dir, *arguments)
    found = review.label(3)
    assert (found.sector, found.first_is_sure, found.other_sector) == ("finance", False, "general")
    assert (found.inputs, found.outputs) == ("text+image", None)
    assert (review.label(4).second_sector, review.label(4).second_is_sure) == ("finance", True)


def test_list_comes_back_with_the_sectors_that_a_reader_filled_in(review):
    text = assert_succeeds(review.data_dir, "review", "--list", "--plain")
    rows = list(csv.DictReader(io.StringIO(text)))
    rows[1] |= {"sector": "金融", "is_sure": "NO", "outputs": "image"}
    filled = io.StringIO()
    writer = csv.DictWriter(filled, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    _, arguments = from_file(review, filled.getvalue())
    shown = assert_succeeds(review.data_dir, *arguments)
    assert "1 reading was written" in shown and "4 rows without a sector skipped\n" in shown
    found = review.label(3)
    assert (found.sector, found.first_is_sure) == ("finance", False)
    assert (found.inputs, found.outputs) == (None, "image")


def test_file_without_any_sector_writes_nothing(review):
    before = review.seed.read_bytes()
    _, arguments = from_file(review, f"filing_number,sector\n{make_filing_number(3)}, \n")
    shown = assert_succeeds(review.data_dir, *arguments)
    assert shown == "No reading was written\n1 row without a sector skipped\n"
    assert review.seed.read_bytes() == before


@pytest.mark.parametrize(
    ("typed", "is_sure"),
    [("TRUE", True), ("Yes", True), ("1", True), ("false", False), ("NO", False), ("0", False)],
)
def test_doubt_is_taken_in_the_words_of_spreadsheets(review, typed, is_sure):
    _, arguments = from_file(
        review, f"filing_number,sector,is_sure\n{make_filing_number(3)},finance,{typed}\n"
    )
    assert_succeeds(review.data_dir, *arguments)
    assert review.label(3).first_is_sure is is_sure


@pytest.mark.parametrize("number", ["1.10108E+20", "110108000000301000000"])
def test_number_rounded_by_a_spreadsheet_is_explained(review, number):
    _, arguments = from_file(review, f"filing_number,sector\n{number},finance\n")
    result = run(review.data_dir, *arguments)
    assert result.exit_code == 1
    assert f"line 2: the filing number {number} was rounded by a spreadsheet" in result.stderr


def test_every_bad_row_of_a_file_is_named_and_nothing_is_written(review):
    before = review.seed.read_bytes()
    _, arguments = from_file(
        review,
        "filing_number,sector,is_sure,inputs\n"
        f"{make_filing_number(3)},finance\n"
        f"{make_filing_number(2)},xyz,,\n"
        f"{make_filing_number(2)},finance,maybe,\n"
        f"{make_filing_number(2)},finance,,smell\n"
        f"{make_filing_number(6)},finance,,\n"
        "12,finance,,\n"
        f"{make_filing_number(3)},general,,\n"
        f"{make_filing_number(2)},finance,,text,image\n",
    )
    result = run(review.data_dir, *arguments)
    assert result.exit_code == 1
    *rows, last = result.stderr.splitlines()
    for line, (row, words) in enumerate(
        zip(
            rows,
            (
                "there is no sector 'xyz'", "is_sure is 'maybe'", "unknown inputs: smell",
                "is decided by 2 readers", "no deep-synthesis filing '12'",
                "is in the file twice", "more values than the file has columns",
            ),
            strict=True,
        ),
        3,
    ):  # fmt: skip
        assert row.startswith(f"line {line}: ") and words in row
    assert "error: 7 rows of" in last and "Nothing was written" in last
    assert review.seed.read_bytes() == before


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        ("filing_number,other_sector", "lacks sector"),
        ("filing_number,sector,notes", "has unknown columns: notes"),
        ("", "lacks filing_number, sector"),
    ],
)
def test_file_with_other_columns_is_refused(review, heading, message):
    _, arguments = from_file(review, f"{heading}\n")
    assert message in assert_fails(run(review.data_dir, *arguments))


def test_file_in_another_encoding_is_refused(review):
    path, arguments = from_file(review, "")
    path.write_bytes("filing_number,sector\n1,金融\n".encode("gb18030"))
    assert "is not UTF-8 text. Save it as CSV UTF-8" in assert_fails(
        run(review.data_dir, *arguments)
    )


def test_seed_on_a_full_or_read_only_disk_is_reported(review, monkeypatch):
    def fail(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("orchestration.cli.review.seed.write_bytes", fail)
    arguments = ("review", make_filing_number(3), "--sector", "finance", *ZHOU)
    error = assert_fails(run(review.data_dir, *arguments))
    assert f"cannot write {review.seed}: Read-only file system" in error
    assert "work in a checkout that you may write to" in error


@pytest.mark.parametrize(
    ("given", "variable", "git", "login", "code"),
    [
        ("mei-2", "lin", "Zhou", "root", "mei-2"),
        (None, "lin", "Zhou", "root", "lin"),
        (None, "", "Zhou Li (2)\n", "root", "zhou-li-2"),
        (None, "", "周莉\n", "root", "root"),
    ],
)
def test_reader_is_the_one_given_or_named_in_git_or_logged_in(
    monkeypatch, given, variable, git, login, code
):
    monkeypatch.setattr(readers, "_git_name", lambda: git)
    monkeypatch.setattr(readers, "_login_name", lambda: login)
    assert reader_code(given, {"FILINGS_READER": variable}) == code


@pytest.mark.parametrize("code", ["a+b", "Mei", "梅", "", "-a", "a b"])
def test_code_of_a_reader_with_other_characters_is_refused(code):
    with pytest.raises(SettingsError, match=r"--reader is .* Use small letters, digits"):
        reader_code(code, {})


def test_variable_with_several_readers_is_refused(review):
    arguments = ("review", make_filing_number(3), "--sector", "finance")
    error = assert_fails(run(review.data_dir, *arguments, FILINGS_READER="mei+lin"))
    assert "FILINGS_READER is 'mei+lin', not the code of a reader" in error


def test_reader_without_a_usable_name_is_asked_for_one(monkeypatch):
    monkeypatch.setattr(readers, "_git_name", lambda: "")
    monkeypatch.setattr(readers, "_login_name", lambda: "周莉")
    with pytest.raises(SettingsError, match="Pass --reader NAME or set FILINGS_READER"):
        reader_code(None, {})
