"""Documents that are not lists, or are made to exhaust the reader: each is refused in its place."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from scrapers.registers import CANCELLATION_NOTICES
from tests.faults import hostile
from tests.faults.memory import measured
from tests.faults.other_files import (
    ODT,
    OFD,
    PPTX,
    SCRIPT,
    XLSX,
    ZIPPED_LIST,
    compound_file,
)
from tests.faults.source import FIVE, Act, answers_list, answers_notice, answers_page, healthy
from tests.faults.table import Case, assert_heals, by_name
from tests.support.loopback import (
    corrupt,
    document_instead,
    empty_body,
    fail_times,
    firewall_page,
    html_instead,
    status,
)

BATCH, FOLDER = 2, "002"
# What is promised is a minute and 1.5 GB, on a machine that does something else as well.
SECONDS, MEGABYTES = 60, 1_500

WHAT_IT_IS = {
    "an Excel workbook": (XLSX, "xlsx|Excel"),
    "a presentation": (PPTX, "pptx|PowerPoint|presentation"),
    "an OFD file": (OFD, "(?i)ofd"),
    "an OpenDocument text": (ODT, "(?i)odt|opendocument"),
    "a list inside a zip": (ZIPPED_LIST, r"附件\.docx|a zip (that|with)"),
    "a .docx with a password": (
        compound_file("EncryptionInfo", "EncryptedPackage"),
        "(?i)password|encrypted",
    ),
    "an old .doc": (compound_file("WordDocument", "1Table"), r"\.doc"),
    "an old .xls": (compound_file("Workbook"), r"(?i)xls|excel"),
    "a page of scripts only": (SCRIPT.encode(), "challenge"),
    "a page of another kind": (html_instead().body, "HTML page"),
    "a rich text": (b"{\\rtf1 }", r"(?i)rtf|unknown kind"),
    "nothing": (b"", "empty"),
}


def instead(name: str, content: bytes, *told: str) -> Case:
    """The list of a batch is another document."""
    act = answers_list(BATCH, document_instead(content))
    return Case(name, act, ["batch 002", *told], {FOLDER})


@by_name([instead(name, *what) for name, what in WHAT_IT_IS.items()])
def test_what_is_not_a_list_is_called_what_it_is(case, nights, undisturbed):
    assert_heals(case, nights, undisturbed(healthy))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "rows of 20,000 merged cells": lambda: hostile.merged_cells(20_000),
    "a heading row of 100,000 cells": lambda: hostile.headings(100_000),
    "10,000 cells over 1,000 columns": lambda: hostile.spans(10_000, 1_000),
    "tables 200 deep": lambda: hostile.nested_tables(200),
    "a note of 300,000 blanks": lambda: hostile.list_with(备注=f"甲{' ' * 300_000}乙"),
    "a note of 300,000 open quotes": lambda: hostile.list_with(备注="“" * 300_000),
    "a company's name of 1,000,000 characters": lambda: hostile.list_with(主体名称="甲" * 10**6),
    "headings of 160,000 characters": lambda: hostile.list_with_heading("名" * 160_000),
    "300 unknown headings": lambda: hostile.headings(300),
    "entities that unpack to 10^9 characters": lambda: hostile.with_document_type(
        hostile.laughs(9)
    ),
    "a zip directory of 200,000 members": lambda: hostile.zip_directory(200_000),
    "a zip that unpacks to 100 MB": lambda: hostile.zip_bomb(100),
    "a PDF that unpacks to 1 GB": lambda: hostile.pdf_bomb(1024),
    "a PDF of 300,000 rectangles": lambda: hostile.pdf_rectangles(300_000),
    "a PDF of 200,000 characters": lambda: hostile.pdf_characters(200_000),
    "a PDF of 20,000 pages": lambda: hostile.pdf_pages(20_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_list_is_refused_within_bounds(name, nights, undisturbed):
    case = instead(name, HOSTILE[name]())
    with measured() as used:
        seen = nights.pass_over(case.source)
    assert set(seen.failed) == {FOLDER}
    assert used.seconds < SECONDS and used.megabytes < MEGABYTES
    assert len(seen.failed[FOLDER]) < 2_000
    assert seen.accepted == undisturbed(healthy)
    assert nights.pass_over(healthy).failed == {}


def test_a_hostile_notice_is_refused_within_bounds(nights, undisturbed):
    act = answers_notice(FIVE, document_instead(hostile.pdf_bomb(1024)))
    with measured() as used:
        seen = nights.pass_over(act)
    assert set(seen.failed) == {CANCELLATION_NOTICES.folder(FIVE)}
    assert seen.accepted == undisturbed(healthy)
    assert used.seconds < SECONDS and used.megabytes < MEGABYTES


def test_a_document_opens_no_file_of_the_machine(tmp_path, nights, undisturbed):
    outer = tmp_path / "outer.dtd"
    outer.write_text('<!ENTITY told "a file was read">')
    opened = outer.stat().st_atime_ns
    content = hostile.with_document_type(hostile.external_entity(outer.as_uri()))
    assert_heals(
        instead("an external entity", content, "(?i)doctype|document type"),
        nights,
        undisturbed(healthy),
    )
    assert outer.stat().st_atime_ns == opened


def once(name: str, place: Callable[..., Act], fault) -> Case:
    """The first answer is not the document; the one after it is."""
    return Case(name, place(BATCH, fail_times(1, fault)))


PASSING = [
    once("an empty answer for a list", answers_list, empty_body()),
    once("a challenge page for a list", answers_list, firewall_page()),
    once("a page of scripts for a list", answers_list, html_instead(SCRIPT)),
    once("403 for a list", answers_list, status(403)),
    once("412 for a list", answers_list, status(412)),
    once("503 for a list", answers_list, status(503)),
    once("an empty answer for a page", answers_page, empty_body()),
    once("a challenge page for a page", answers_page, firewall_page()),
    once("a page of scripts for a page", answers_page, html_instead(SCRIPT)),
    once("403 for a page", answers_page, status(403)),
]


@by_name(PASSING)
def test_what_passes_is_asked_for_once_more_within_the_night(case, nights, undisturbed):
    assert_heals(case, nights, undisturbed(healthy))


LASTING = [
    Case("half a list", answers_list(BATCH, corrupt), ["damaged"]),
    Case("403 all night", answers_list(BATCH, status(403)), ["403"]),
    Case("an empty answer all night", answers_list(BATCH, empty_body()), ["empty response"]),
    Case("a challenge all night", answers_page(BATCH, firewall_page()), ["challenge"]),
]


@by_name([replace(case, failed={FOLDER}) for case in LASTING])
def test_what_lasts_fails_one_batch(case, nights, undisturbed):
    assert_heals(case, nights, undisturbed(healthy))
