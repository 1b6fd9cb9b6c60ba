"""Registers: the folders of their documents, and their documents in an archive."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest

from scrapers.archive.facts import Facts
from scrapers.archive.sidecar import COPY, SIDECAR
from scrapers.archive.store import Archive
from scrapers.http.responses import Fetched
from scrapers.registers import REGISTERS
from scrapers.registers.base import Discovery, Document, Register, Terms, Text, facts_of
from scrapers.registers.cancellation_notices import CANCELLATION_NOTICES
from scrapers.registers.deep_synthesis import DEEP_SYNTHESIS, LIST_TABLE

PLAIN = Register(
    name="plain",
    title=Text("登记", "Register"),
    tables=(LIST_TABLE,),
    key="filing_number",
    discover=lambda session, archived: Discovery({}),
)
ODD_KEYS = [
    "..", ".", "../..", "../../etc", "a/b", "/etc", "n\\m", "~", "a b", "a%2Fb", "%2E%2E", "%",
    "a\x00b", "a\nb", "公告", "2024-06", "n_1.pdf",
]  # fmt: skip


def store(archive: Archive, folder: str, role: str = "list", content: bytes = b"A") -> None:
    url = "https://cac.test/list"
    at = datetime(2025, 5, 19, 2, tzinfo=UTC)
    archive.store(
        folder, role, Fetched(url, url, content, {}, at), suffix="docx", media_type="x/y"
    )  # fmt: skip


@pytest.mark.parametrize("register", [PLAIN, CANCELLATION_NOTICES], ids=lambda item: item.name)
@pytest.mark.parametrize("key", ODD_KEYS)
def test_folder_of_any_key_is_inside_register_folder(register, key, tmp_path):
    parent = (tmp_path / register.folder("x")).parent
    path = (tmp_path / register.folder(key)).resolve()
    assert path.parent == parent and path != parent
    assert len(PurePosixPath(register.folder(key)).parts) == 2


@pytest.mark.parametrize("register", [PLAIN, CANCELLATION_NOTICES], ids=lambda item: item.name)
@pytest.mark.parametrize("key", ODD_KEYS)
def test_key_of_folder_and_partition_is_the_key(register, key):
    assert register.key_of(register.folder(key)) == key
    assert register.key_of(register.partition(key)) == key


def test_different_keys_have_different_folders():
    assert len({PLAIN.folder(key) for key in ODD_KEYS}) == len(ODD_KEYS)


def test_archive_folder_defaults_to_register_name():
    assert PLAIN.folder("1") == "plain/1"
    assert replace(PLAIN, archive_folder="other").folder("1") == "other/1"
    assert CANCELLATION_NOTICES.folder("n1") == "cancellations/n1"
    assert DEEP_SYNTHESIS.folder("011") == "011"


@pytest.mark.parametrize(
    ("folder", "is_owned"),
    [
        ("011", True), ("11", True), ("1000", True),
        ("011.bak", False), ("notices", False), ("0x1", False), ("", False), ("٣", False),
        ("011/1", False), ("cancellations/011", False), ("plain/011", False),
    ],
)  # fmt: skip
def test_deep_synthesis_owns_only_numeric_root_folders(folder, is_owned):
    assert DEEP_SYNTHESIS.owns(folder) is is_owned


@pytest.mark.parametrize(
    ("folder", "is_owned"),
    [
        ("plain/1", True), ("plain/a%2Fb", True),
        ("plain", False), ("plain/", False), ("plain/1/2", False), ("1", False),
        ("other/1", False), ("x/plain/1", False), ("plainer/1", False),
    ],
)  # fmt: skip
def test_register_owns_only_direct_subfolders(folder, is_owned):
    assert PLAIN.owns(folder) is is_owned


def test_register_owns_only_folders_that_match_key_pattern():
    by_month = replace(PLAIN, key_pattern="[0-9]{4}-[0-9]{2}")
    assert by_month.owns("plain/2024-06")
    assert not by_month.owns("plain/2024-06-old") and not by_month.owns("plain/page")


def test_folder_has_at_most_one_owner():
    for folder in ("011", "cancellations/011", "cancellations/n1", "plain/1"):
        assert len([item for item in REGISTERS if item.owns(folder)]) <= 1


def test_archived_documents_are_ordered_by_key(tmp_path):
    archive = Archive(tmp_path)
    # In the order of folders, b%2F2 comes before b-2.
    for key in ("b/2", "b-2", "a", "c"):
        store(archive, PLAIN.folder(key))
    store(archive, PLAIN.folder("page only"), role="page")
    store(archive, "other/d")
    held = PLAIN.archived(archive)
    assert list(held) == ["a", "b-2", "b/2", "c"]
    assert held["b/2"] == archive.latest("plain/b%2F2", "list")


def test_archived_ignores_foreign_folders(tmp_path):
    archive = Archive(tmp_path)
    store(archive, "011")
    shutil.copytree(archive.root / "011", archive.root / "011.bak")
    assert list(DEEP_SYNTHESIS.archived(archive)) == ["011"]


def test_unreadable_lists_only_own_keys(tmp_path):
    archive = Archive(tmp_path)
    for folder in ("011", "012", "cancellations/a%2Fb"):
        store(archive, folder)
    for folder in ("011", "cancellations/a%2Fb"):
        for name in (SIDECAR, COPY):
            (archive.root / folder / name).write_text("{")
    assert DEEP_SYNTHESIS.unreadable(archive) == {"011"}
    assert CANCELLATION_NOTICES.unreadable(archive) == {"a/b"}
    assert list(DEEP_SYNTHESIS.archived(archive)) == ["012"]


def test_label_uses_terms_of_register():
    assert DEEP_SYNTHESIS.label("011") == "batch 011"
    assert CANCELLATION_NOTICES.label("n1") == "notice n1"
    assert PLAIN.label("2024-06") == "list 2024-06"


def test_address_prefers_page_to_file():
    assert Document("1", url="file").address == "file"
    assert Document("1", url="file", page_urls=("page", "other")).address == "page"
    assert Document("1").address is None


def test_facts_of_document_include_first_page():
    at = datetime(2025, 5, 19).date()
    document = Document("1", at, "title", "file", ("page", "other"), "label", "2025-05")
    assert facts_of(document) == Facts(
        key="1", title="title", label="label", month="2025-05", published_on=at, page_url="page"
    )


@pytest.mark.parametrize(
    ("register", "value", "key"),
    [
        (DEEP_SYNTHESIS, 11, "011"), (DEEP_SYNTHESIS, "11", "011"), (DEEP_SYNTHESIS, "011", "011"),
        (DEEP_SYNTHESIS, "xi", "xi"), (PLAIN, "11", "11"), (PLAIN, 11, "11"),
        (PLAIN, "2026-07", "2026-07"),
    ],
)  # fmt: skip
def test_number_is_a_key_only_where_documents_are_numbered(register, value, key):
    assert register.key_of_value(value) == key


@pytest.mark.parametrize(
    ("terms", "one", "two"),
    [
        (DEEP_SYNTHESIS.terms, ("1 filing", "1 batch"), ("2 filings", "2 batches")),
        (CANCELLATION_NOTICES.terms, ("1 record", "1 notice"), ("2 records", "2 notices")),
        (Terms(label="services list", rows="services"), ("1 service", "1 services list"),
         ("2 services", "2 services lists")),
        (Terms(label="services list", rows="services", topic="generative services"),
         ("1 service", "1 list of generative services"),
         ("2 services", "2 lists of generative services")),
    ],
)  # fmt: skip
def test_counts_use_singular_and_plural_of_the_terms(terms, one, two):
    assert (terms.count_rows(1), terms.count_labels(1)) == one
    assert (terms.count_rows(2), terms.count_labels(2)) == two
    assert terms.count_rows(7764) == f"7,764 {terms.rows}"
