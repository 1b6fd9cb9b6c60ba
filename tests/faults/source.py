"""A small source over real HTTP, and what it can be told to answer for a night.

    with LoopbackSites(REGISTER) as sites:
        tell(sites, serves_list(2, REGISTER.filings[3]))
        tell(sites, healthy)

An act is a function of the sites. Three batches and three cancellation notices are announced unless
an act says otherwise.
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

# Notices of 5, 3 and 5 records; the titles of the last two say so.
FIVE = "notice_230ec03a-bca6-41a1-be7f-ad84571ce128"
THREE = "notice_9bcf81b1-9306-414d-8a59-e9e3c4f1abf7"
TITLED_FIVE = "notice_5a210e0d-9585-456b-872f-d09b08c0cc0e"
NOTICES = (FIVE, THREE, TITLED_FIVE)
BATCHES = (1, 2, 3)


def _small_register() -> Register:
    register = load_register().first(len(BATCHES))
    kept = tuple(r for r in register.cancellations if r.notice_id in NOTICES)
    return replace(register, cancellations=kept)


REGISTER = _small_register()


def tell(sites: LoopbackSites, act: Act) -> None:
    """Have the source answer as it should, but for what the act changes."""
    sites.heal()
    # A site builds its documents once: it is kept while the register is the same.
    if sites.register is not REGISTER:
        sites.register = REGISTER
    act(sites)


def healthy(sites: LoopbackSites) -> None:
    """Answers as it should."""


def together(*acts: Act) -> Act:
    def act(sites: LoopbackSites) -> None:
        for each in acts:
            each(sites)

    return act


def announces(register: Register) -> Act:
    """Everything is that of another register."""

    def act(sites: LoopbackSites) -> None:
        sites.register = register

    return act


def serves_list(batch_no: int, rows: Sequence[FilingFact]) -> Act:
    """The list of a batch has these rows."""
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
    """The file of a notice has these records."""
    filings = {row.filing_number: row for rows in REGISTER.filings.values() for row in rows}
    return answers_notice(notice_id, document_instead(cancellation_pdf(records, filings)))


def records_of(notice_id: str) -> list[CancellationFact]:
    return [record for record in REGISTER.cancellations if record.notice_id == notice_id]


def lists_notices(change: Callable[[list[Entry]], Iterable[Entry]]) -> Act:
    """The notice list has other entries."""

    def changed(answer: Answer) -> Answer:
        content = json.loads(answer.body)
        content["datas"] = list(change(content["datas"]))
        return replace(answer, body=json.dumps(content).encode())

    return answers_notice_list(changed)


def lists_also(*titles: str) -> Act:
    """The notice list has one more entry per title, each with a page of its own that is missing."""

    def act(sites: LoopbackSites) -> None:
        more = [
            entry(title, f"{sites.cac_url}/2026-08/{number:02d}/c_17{number:014d}.htm", number)
            for number, title in enumerate(titles, 1)
        ]
        lists_notices(lambda entries: [*entries, *more])(sites)

    return act


def retitled(notice_id: str, title: str) -> Act:
    """A cancellation notice has another title on the list."""
    return lists_notices(
        lambda entries: [
            item | {"title": title} if item["noticeId"] == notice_id else item for item in entries
        ]
    )


def entry(title: str, address: str, number: int = 1) -> Entry:
    """An entry of the notice list, in the source's form."""
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
    """The register with one more cancellation notice of these records."""
    new = (replace(r, notice_id=notice_id, title=title, notice_date=on) for r in records)
    return replace(REGISTER, cancellations=(*REGISTER.cancellations, *new))


def with_batch_19(batch_no: int) -> Register:
    """The register with batch 19, of 12 rows, announced as another one on a page that stays.

    The 19th is the first that no one has reviewed, so that its list may be a short one.
    """
    register = with_new_batch(REGISTER, 19, rows=12)
    *others, new = register.announcements
    rows = tuple(replace(row, batch_no=batch_no) for row in register.filings[19])
    return replace(
        register,
        announcements=(*others, replace(new, batch_no=batch_no)),
        filings=MappingProxyType({**REGISTER.filings, batch_no: rows}),
    )
