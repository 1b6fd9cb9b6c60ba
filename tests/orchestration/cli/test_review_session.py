"""The interactive `filings review`: filings are shown without judgement, and readings written."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from click.testing import Result

from tests.orchestration.cli.commands import assert_fails, run
from tests.orchestration.cli.reviews import LABELS, Review, label
from tests.orchestration.validation.list_factories import make_filing_number

TODAY = f"{datetime.now(UTC):%Y-%m-%d}"


def answer(review: Review, *answers: str, options: tuple[str, ...] = ("--batch", "19")) -> Result:
    """The result of a session with these lines as input; `zhou` reads batch 19 by default."""
    lines = "".join(f"{line}\n" for line in answers)
    return run(review.data_dir, "review", "--reader", "zhou", *options, stdin=lines)


def test_filing_is_shown_without_the_sectors_of_rules_and_readers(review):
    text = answer(review, "q", options=("--batch", "18")).stdout
    shown = text.partition("算法1  (1 of 3)")[2]
    for words in (
        make_filing_number(1), "18", "公司1 (provider)", "none", "应用于文本生成场景。",
        "as published", "text > text, by rules",
    ):  # fmt: skip
        assert words in shown
    assert not any(name in shown for name in ("finance", "general", "mei", "confidence"))


def test_reading_is_written_at_once_and_only_its_row_is_new(review):
    before = review.seed.read_text().splitlines()
    result = answer(review, "finance? general", "q")
    assert result.exit_code == 0
    assert "taken: finance, not sure. By rules: general (40 %)" in result.stdout
    assert "1 reading was written to" in result.stdout
    assert "`filings refresh` publishes it" in result.stdout
    after = review.seed.read_text().splitlines()
    (new,) = [line for line in after if line not in before]
    assert new == (
        f"{make_filing_number(3)},2025-05,算法3,公司3,finance,finance,,general,false,,image,text,"
        f"zhou,{TODAY},{label(3).names_key},{label(3).purpose_key},,false,false"
    )
    assert [line for line in after if line in before] == before


@pytest.mark.parametrize("typed", ["finance", "FIN", "f", "金融", "金", "1", "１", " finance "])
def test_sector_is_taken_by_code_beginning_name_or_number(review, typed):
    answer(review, typed, "q")
    found = review.label(3)
    assert (found.sector, found.first_is_sure, found.other_sector) == ("finance", True, None)


@pytest.mark.parametrize("typed", ["fin? gen", "fin ?  gen", "1？ 4", "金融? 通用", "金融 通用 ?"])
def test_doubt_and_another_sector_are_taken(review, typed):
    answer(review, typed, "q")
    found = review.label(3)
    assert (found.sector, found.first_is_sure, found.other_sector) == ("finance", False, "general")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("xyz", "there is no sector 'xyz'. Sectors: finance, education, energy, general"),
        ("e", "e may be education, energy. Type more of it"),
        ("0", "there is no sector '0'"),
        ("5", "there is no sector '5'"),
        ("fin gen edu", "'fin gen edu' is not a sector, or a sector and another possible one"),
        ("? fin", "'? fin' is not a sector"),
        ("fin fin", "finance is named twice"),
        ("i text+smell", "unknown inputs: smell. Kinds: text, image, audio, video, other"),
        ("o", "no outputs are named. Kinds: text, code, image"),
    ],
)
def test_wrong_answer_is_explained_and_asked_again(review, typed, message):
    result = answer(review, typed, "general", "q")
    assert message in " ".join(result.stdout.split())
    assert review.label(3).sector == "general"


def test_corrections_of_inputs_and_outputs_are_given_before_the_sector(review):
    result = answer(review, "i image+text", "o 3d，video", "general", "general", "q")
    assert "inputs: text+image" in result.stdout
    assert (review.label(3).inputs, review.label(3).outputs) == ("text+image", "video+3d")
    # They do not carry over to the next filing.
    assert (review.label(2).inputs, review.label(2).outputs) == ("text", "text")


def test_enter_skips_a_filing(review):
    result = answer(review, "", "education")
    assert make_filing_number(3) not in review.labels
    assert review.label(2).sector == "education"
    assert "1 reading was written" in result.stdout


def test_question_mark_lists_the_sectors_again(review):
    assert answer(review, "?", "q").stdout.count("covers education") == 2


def test_end_of_input_ends_the_session(review):
    before = review.seed.read_bytes()
    result = answer(review)
    assert result.exit_code == 0
    assert "No reading was written" in result.stdout
    assert review.seed.read_bytes() == before


def test_ctrl_c_ends_the_session_and_keeps_what_was_read(review, monkeypatch):
    answers = iter(["finance"])

    def typed(_: str) -> str:
        for line in answers:
            return line
        raise KeyboardInterrupt

    monkeypatch.setattr("orchestration.cli.review.actions.console.input", typed)
    result = answer(review)
    assert (result.exit_code, result.stderr) == (130, "Stopped.\n")
    assert "1 reading was written" in result.stdout
    assert review.label(3).sector == "finance"


def test_second_and_third_readings_follow_the_first_ones(review):
    answer(review, "", "general", "general", options=("--batch", "18"))
    assert review.label(4) == replace(
        LABELS[1], readers="mei+zhou", second_sector="general", second_is_sure=True,
        other_sector="general", read_on=TODAY,
    )  # fmt: skip
    assert (review.label(5).sector, review.label(5).readers) == ("general", "mei+lin+zhou")


def test_reader_is_not_offered_what_the_same_reader_has_read(review):
    result = run(review.data_dir, "review", "--reader", "mei", "--batch", "18", stdin="q\n")
    assert "Reader: mei. 1 to read" in result.stdout


def test_seed_that_cannot_be_written_is_reported_before_anything_is_asked(review, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)
    result = answer(review, "finance")
    error = assert_fails(result)
    assert f"cannot write {review.seed}" in error and "work in a checkout" in error
    assert "sector: " not in result.stdout


def test_seed_changed_by_another_program_is_not_overwritten(review, monkeypatch):
    def typed(_: str) -> str:
        review.seed.write_bytes(review.seed.read_bytes() + b"\n")
        return "finance"

    monkeypatch.setattr("orchestration.cli.review.actions.console.input", typed)
    error = assert_fails(answer(review))
    assert "was changed by another program" in error and "Run `filings review` again" in error
    assert make_filing_number(3) not in review.labels
