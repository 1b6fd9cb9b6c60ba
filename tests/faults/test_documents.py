"""Documents that are not lists, or are made to exhaust the reader, fail one batch only."""

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
# The limits promised in docs/faults.md.
SECONDS, MEGABYTES = 60, 1_500

OTHER_FILES = {
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
    """Another document is served as the list of a batch."""
    act = answers_list(BATCH, document_instead(content))
    return Case(name, act, ["batch 002", *told], {FOLDER})


@by_name([instead(name, *what) for name, what in OTHER_FILES.items()])
def test_file_of_another_kind_is_named_in_the_message(case, nights, undisturbed):
    assert_heals(case, nights, undisturbed(healthy))


# `make faults` tries more of them, and larger ones; tests/scrapers/documents has every limit.
HOSTILE: dict[str, Callable[[], bytes]] = {
    "a heading row of 100,000 cells": lambda: hostile.headings(100_000),
    "10,000 cells over 1,000 columns": lambda: hostile.spans(10_000, 1_000),
    "a note of 300,000 open quotes": lambda: hostile.list_with(备注="“" * 300_000),
    "a company's name of 1,000,000 characters": lambda: hostile.list_with(主体名称="甲" * 10**6),
    "entities that unpack to 10^9 characters": lambda: hostile.with_document_type(
        hostile.laughs(9)
    ),
    "a zip that unpacks to 100 MB": lambda: hostile.zip_bomb(100),
    "a PDF that unpacks to 1 GB": lambda: hostile.pdf_bomb(1024),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_list_is_refused_within_time_and_memory_limits(name, nights, undisturbed):
    case = instead(name, HOSTILE[name]())
    with measured() as used:
        seen = nights.pass_over(case.source)
    assert set(seen.failed) == {FOLDER}
    assert used.seconds < SECONDS and used.megabytes < MEGABYTES
    assert len(seen.failed[FOLDER]) < 2_000
    assert seen.accepted == undisturbed(healthy)
    assert nights.pass_over(healthy).failed == {}


def test_hostile_notice_is_refused_within_time_and_memory_limits(nights, undisturbed):
    act = answers_notice(FIVE, document_instead(hostile.pdf_pages(20_000)))
    with measured() as used:
        seen = nights.pass_over(act)
    assert set(seen.failed) == {CANCELLATION_NOTICES.folder(FIVE)}
    assert seen.accepted == undisturbed(healthy)
    assert used.seconds < SECONDS and used.megabytes < MEGABYTES


def test_document_cannot_read_files_of_the_machine(tmp_path, nights, undisturbed):
    outer = tmp_path / "outer.dtd"
    outer.write_text('<!ENTITY content "a file was read">')
    opened = outer.stat().st_atime_ns
    content = hostile.with_document_type(hostile.external_entity(outer.as_uri()))
    assert_heals(
        instead("an external entity", content, "(?i)doctype|document type"),
        nights,
        undisturbed(healthy),
    )
    assert outer.stat().st_atime_ns == opened


def once(name: str, place: Callable[..., Act], fault) -> Case:
    """The first answer is a fault, the second one is right."""
    return Case(name, place(BATCH, fail_times(1, fault)))


TEMPORARY = [
    once("an empty answer for a list", answers_list, empty_body()),
    once("a page of scripts for a list", answers_list, html_instead(SCRIPT)),
    once("412 for a list", answers_list, status(412)),
    once("503 for a list", answers_list, status(503)),
    once("a challenge page for a page", answers_page, firewall_page()),
    once("403 for a page", answers_page, status(403)),
]


@by_name(TEMPORARY)
def test_temporary_fault_is_retried_in_the_same_night(case, nights, undisturbed):
    assert_heals(case, nights, undisturbed(healthy))


LASTING = [
    Case("half a list", answers_list(BATCH, corrupt), ["damaged"]),
    Case("403 all night", answers_list(BATCH, status(403)), ["403"]),
    Case("an empty answer all night", answers_list(BATCH, empty_body()), ["empty response"]),
    Case("a challenge all night", answers_page(BATCH, firewall_page()), ["challenge"]),
]


@by_name([replace(case, failed={FOLDER}) for case in LASTING])
def test_lasting_fault_fails_one_batch(case, nights, undisturbed):
    assert_heals(case, nights, undisturbed(healthy))
