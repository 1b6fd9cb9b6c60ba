"""The interactive `filings review`: filings are shown without judgement, and readings written."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from click.testing import Result
from rich.console import Console

from orchestration.classification.reviews import Label
from orchestration.classification.shipped import read_seed
from orchestration.cli.render.prompt import show_help, show_legend
from orchestration.cli.review.answers import Sector
from orchestration.cli.review.seed import seed_bytes
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
        "as published", "text → text, by rules",
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
        f"zhou,{TODAY},{label(3).names_key},{label(3).purpose_key},"
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
        ("xyz", "there is no sector 'xyz'. `?` in `filings review` lists them"),
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


def test_sectors_are_listed_compactly_and_a_question_mark_says_what_each_covers(review):
    text = answer(review, "?", "q").stdout
    before, _, after = text.partition("算法3  (1 of 2)")
    assert " 2 education 教育" in before and "covers" not in before
    assert after.count("covers education") == 1


def test_start_of_a_session_fits_a_screen_of_80_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    screen = Console(file=io.StringIO(), width=80)
    seeds = read_seed("sector_definitions")
    columns = seeds["code"], seeds["name_zh"], seeds["covers"]
    show_legend(screen, [Sector(*row) for row in zip(*columns, strict=True)])
    show_help(screen)
    lines = screen.file.getvalue().splitlines()
    assert len(lines) < 20
    # Each answer has one line with its meaning.
    assert [line.split()[0] for line in lines[-7:]] == [
        "finance", "finance?", "i", "Enter", "u", "?", "q"
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["q", "Q", "quit", "exit", "EXIT"])
def test_session_ends_at_the_usual_words(review, typed):
    result = answer(review, typed, "finance")
    assert "No reading was written" in result.stdout and "there is no sector" not in result.stdout


def test_last_reading_is_taken_back_and_its_filing_offered_again(review):
    before = review.seed.read_bytes()
    result = answer(review, "finance", "u", "q")
    assert "taken back: the reading of 算法3" in result.stdout
    assert result.stdout.count("算法3  (1 of 2)") == 2
    assert "No reading was written" in result.stdout
    assert review.seed.read_bytes() == before


def test_several_readings_are_taken_back_one_by_one(review):
    answers = "general", "general", "u", "u", "education", "q"
    result = answer(review, *answers, options=("--batch", "18"))
    assert "1 reading was written" in result.stdout
    assert (review.label(1).sector, review.label(4)) == ("education", LABELS[1])


def test_reading_of_the_last_filing_can_be_taken_back(review):
    result = answer(review, "", "finance", "u", "education", "")
    assert "Enter ends, u takes back the last reading" in result.stdout
    assert (review.label(2).sector, len(review.labels)) == ("education", len(LABELS) + 1)


def test_taking_back_a_reading_of_amended_texts_restores_the_former_label(review):
    answer(review, "general", "u", "q", options=("--batch", "18"))
    assert review.label(1) == LABELS[0]


def test_nothing_is_taken_back_before_the_first_reading(review):
    result = answer(review, "u", "q")
    assert "no reading of this session is left to take back" in result.stdout


def test_one_filing_is_asked_for_by_its_number(review):
    result = answer(review, "general", options=(make_filing_number(2),))
    assert "算法2  (1 of 1)" in result.stdout and "taken: general" in result.stdout
    assert review.label(2).sector == "general"


def test_reader_is_asked_again_for_a_filing_that_no_other_has_read(review):
    result = run(
        review.data_dir, "review", make_filing_number(4), "--reader", "mei", stdin="general\n"
    )
    assert "replaced: general. By rules: finance" in result.stdout
    assert "1 reading was replaced in " in result.stdout
    assert (review.label(4).sector, review.label(4).readers) == ("general", "mei")


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


def typed_while(review: Review, *changes: list[Label]) -> Callable[[str], str]:
    """Answers `general`, each time after another program has written these labels; then ends."""
    steps = iter(changes)

    def typed(_: str) -> str:
        for labels in steps:
            merged = {**review.labels, **{item.filing_number: item for item in labels}}
            review.seed.write_bytes(seed_bytes(merged.values()))
            return "general"
        return "q"

    return typed


def test_reading_is_merged_into_a_seed_that_another_program_changed(review, monkeypatch):
    other = label(2, readers="mei", read_on="2026-01-02")
    monkeypatch.setattr(
        "orchestration.cli.review.actions.console.input", typed_while(review, [other])
    )
    result = answer(review)
    assert result.exit_code == 0 and "1 reading was written" in result.stdout
    assert (review.label(3).readers, review.label(2)) == ("zhou", other)


def test_filing_that_another_program_decided_is_not_offered_any_more(review, monkeypatch):
    other = label(2, readers="mei+lin", second_sector="finance")
    monkeypatch.setattr(
        "orchestration.cli.review.actions.console.input", typed_while(review, [other])
    )
    assert "算法2" not in answer(review).stdout


def test_label_that_another_program_changed_is_kept_and_the_answer_asked_again(review, monkeypatch):
    other = label(3, readers="mei")
    monkeypatch.setattr(
        "orchestration.cli.review.actions.console.input", typed_while(review, [other], [])
    )
    result = answer(review)
    assert result.exit_code == 0
    assert f"another program has changed the label of {make_filing_number(3)}" in result.stdout
    # The repeated answer is the second reading.
    found = review.label(3)
    assert (found.readers, found.first_sector, found.second_sector) == (
        "mei+zhou", "finance", "general"
    )  # fmt: skip


def test_reading_that_another_program_has_added_to_is_not_taken_back(review, monkeypatch):
    answers = iter(["general", "u", "q"])

    def typed(_: str) -> str:
        step = next(answers)
        if step == "u":
            added = replace(review.label(3), readers="zhou+mei", second_sector="finance")
            merged = {**review.labels, added.filing_number: added}
            review.seed.write_bytes(seed_bytes(merged.values()))
        return step

    monkeypatch.setattr("orchestration.cli.review.actions.console.input", typed)
    assert "another program has changed the label" in answer(review).stdout
    assert review.label(3).readers == "zhou+mei"
