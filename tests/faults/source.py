"""A small source over real HTTP, and faults that it can have for a night.

    with LoopbackSites(REGISTER) as sites:
        tell(sites, serves_list(2, REGISTER.filings[3]))
        tell(sites, healthy)

An act is a function that changes the sites. By default three batches and three cancellation notices
are announced.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from scrapers.replica.docx import list_docx
from scrapers.replica.facts import CancellationFact, FilingFact, Register, load_register
from scrapers.replica.pdf import cancellation_pdf
from scrapers.replica.site import Answer
from tests.support.loopback import Fault, LoopbackSites, document_instead, with_new_batch

Act = Callable[[LoopbackSites], None]
Entry = dict[str, Any]

# Notices with 5, 3 and 5 records; the titles of the last two state the number.
FIVE = "notice_230ec03a-bca6-41a1-be7f-ad84571ce128"
THREE = "notice_9bcf81b1-9306-414d-8a59-e9e3c4f1abf7"
TITLED_FIVE = "notice_5a210e0d-9585-456b-872f-d09b08c0cc0e"
NOTICES = (FIVE, THREE, TITLED_FIVE)
BATCHES = (1, 2, 3)


def _small_register() -> Register:
    register = load_register().first(len(BATCHES))
    kept = tuple(r for r in register.cancellations if r.notice_id in NOTICES)
    return replace(
        register,
        cancellations=kept,
        recommendation_lists=register.recommendation_lists[:2],
        service_lists=register.service_lists[:2],
    )


REGISTER = _small_register()


def tell(sites: LoopbackSites, act: Act) -> None:
    """Reset the source to healthy answers, then apply the act."""
    sites.heal()
    # A site caches its documents, so it is kept as long as the register is the same.
    if sites.register is not REGISTER:
        sites.register = REGISTER
    act(sites)


def healthy(sites: LoopbackSites) -> None:
    """Changes nothing: every answer is right."""


def together(*acts: Act) -> Act:
    """Applies several acts in order."""

    def act(sites: LoopbackSites) -> None:
        for each in acts:
            each(sites)

    return act


def announces(register: Register) -> Act:
    """Serves another register."""

    def act(sites: LoopbackSites) -> None:
        sites.register = register

    return act


def serves_list(batch_no: int, rows: Sequence[FilingFact]) -> Act:
    """Serves a list with these rows for a batch."""
    announcement = REGISTER.announcement(batch_no)
    return answers_list(
        batch_no, document_instead(list_docx(batch_no, announcement.list_month, rows))
    )


def answers_list(batch_no: int, fault: Fault) -> Act:
    return lambda sites: sites.break_with(sites.attachment_path(batch_no), fault)


def answers_page(batch_no: int, fault: Fault) -> Act:
    return lambda sites: sites.break_with(sites.page_path(batch_no), fault)


def answers_notice(notice_id: str, fault: Fault) -> Act:
    return lambda sites: sites.break_with(f"/api/file/fileDownLoad?noticeId={notice_id}", fault)


def answers_notice_list(fault: Fault) -> Act:
    return lambda sites: sites.break_with(sites.notice_list_path, fault)


def serves_notice(notice_id: str, records: Sequence[CancellationFact]) -> Act:
    """Serves a file with these records for a notice."""
    filings = {row.filing_number: row for rows in REGISTER.filings.values() for row in rows}
    return answers_notice(notice_id, document_instead(cancellation_pdf(records, filings)))


def records_of(notice_id: str) -> list[CancellationFact]:
    return [record for record in REGISTER.cancellations if record.notice_id == notice_id]


def lists_notices(change: Callable[[list[Entry]], Iterable[Entry]]) -> Act:
    """Changes the entries of the notice list."""

    def changed(answer: Answer) -> Answer:
        content = json.loads(answer.body)
        content["datas"] = list(change(content["datas"]))
        return replace(answer, body=json.dumps(content).encode())

    return answers_notice_list(changed)


def lists_also(*titles: str) -> Act:
    """Adds an entry per title to the notice list, each with a page that does not exist."""

    def act(sites: LoopbackSites) -> None:
        more = [
            entry(title, f"{sites.cac_url}/2026-08/{number:02d}/c_17{number:014d}.htm", number)
            for number, title in enumerate(titles, 1)
        ]
        lists_notices(lambda entries: [*entries, *more])(sites)

    return act


def retitled(notice_id: str, title: str) -> Act:
    """Changes the title of a cancellation notice on the notice list."""
    return lists_notices(
        lambda entries: [
            item | {"title": title} if item["noticeId"] == notice_id else item for item in entries
        ]
    )


def entry(title: str, address: str, number: int = 1) -> Entry:
    """An entry of the notice list, in the format of the source."""
    return {
        "noticeId": f"notice_made_up_{number}",
        "type": "3",
        "title": title,
        "content": address,
        "createTime": "2026-08-01 10:00:00",
    }


def with_notice(
    notice_id: str, title: str, records: Sequence[CancellationFact], on: date = date(2026, 8, 3)
) -> Register:
    """The register with one more cancellation notice."""
    new = (replace(r, notice_id=notice_id, title=title, notice_date=on) for r in records)
    return replace(REGISTER, cancellations=(*REGISTER.cancellations, *new))


def with_batch_19(batch_no: int) -> Register:
    """The register with batch 19, of 12 rows, announced under a number; its page stays the same.

    Batch 19 is the first without a reviewed count, so a short list passes.
    """
    register = with_new_batch(REGISTER, 19, rows=12)
    *others, new = register.announcements
    rows = tuple(replace(row, batch_no=batch_no) for row in register.filings[19])
    return replace(
        register,
        announcements=(*others, replace(new, batch_no=batch_no)),
        filings=MappingProxyType({**REGISTER.filings, batch_no: rows}),
    )
