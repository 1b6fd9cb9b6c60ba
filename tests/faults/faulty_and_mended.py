"""The sources of `test_refreshes`: one with many faults, and the same one mended and amended."""

import re
from dataclasses import replace
from types import MappingProxyType

from scrapers.replica.facts import Register, load_register
from scrapers.replica.site import Answer
from tests.faults.source import (
    FIVE,
    NOTICES,
    REGISTER,
    Act,
    announces,
    answers_list,
    answers_notice,
    answers_page,
    lists_notices,
    records_of,
    serves_list,
    together,
    with_batch_19,
    with_notice,
)
from tests.support.loopback import amend, corrupt, firewall_page, status, with_rows

SWAPPED, MISPRINTED, FIREWALLED = 2, 3, 1
ROWS = REGISTER.filings[SWAPPED]
AMENDED, CANCELLED, RENAMED, REPEATED = (ROWS[n].filing_number for n in (0, 5, 7, 9))
NAME = "算法http://evil.example/ www.evil.example \u202egnp.\u2066exe <img src=x> **粗** [a](b)"
NOTED, NOTE = REGISTER.filings[FIREWALLED][0].filing_number, "星象有异待观后效"
MISPRINT = replace(records_of(NOTICES[0])[0], filing_number=CANCELLED)
CANCELLATIONS = with_notice(
    "notice_new", f"关于注销“{MISPRINT.algorithm_name}”的公告", [MISPRINT]
).cancellations
FOUR = load_register().first(4)
NOTICE_FILE = f"/api/file/fileDownLoad?noticeId={FIVE}"


def announcing_19_as(batch_no: int) -> Register:
    """The register with batch 4, batch 19 under this number, and a misprinted cancellation."""
    register = with_batch_19(batch_no)
    announcements = [*FOUR.announcements, register.announcements[-1]]
    return replace(
        register,
        announcements=tuple(announcements),
        filings=MappingProxyType({**register.filings, 4: FOUR.filings[4]}),
        cancellations=CANCELLATIONS,
    )


def without_link(answer: Answer) -> Answer:
    """The announcement page without its attachment."""
    page = re.sub(r"<a href=\"/cms/.*?</a>", "", answer.body.decode())
    return replace(answer, body=page.encode())


def amended(products: str) -> Act:
    """Serves healthy documents, with other products in the first row of batch 2."""
    return announces(amend(announcing_19_as(21), SWAPPED, AMENDED, products=products))


def misprinted() -> Act:
    """Serves batch 3 with a wrong check digit in its first row."""
    first, *others = REGISTER.filings[MISPRINTED]
    wrong = first.filing_number[:-1] + str((int(first.filing_number[-1]) + 2) % 10)
    return serves_list(MISPRINTED, [replace(first, filing_number=wrong), *others])


UNKNOWN = {"noticeId": "n-7", "title": "深度合成服务名录", "content": "/x.pdf"}
FAULTY = together(
    announces(announcing_19_as(21)),
    answers_list(FIREWALLED, firewall_page()),
    serves_list(SWAPPED, REGISTER.filings[3]),
    misprinted(),
    answers_page(4, without_link),
    answers_notice(FIVE, corrupt),
    lists_notices(lambda entries: [*entries, UNKNOWN]),
)


def mended_register() -> Register:
    """A register with amendments of three filings, and one that batch 19 repeats."""
    register = amend(announcing_19_as(19), SWAPPED, AMENDED, products="丙（APP）")
    register = amend(register, SWAPPED, RENAMED, algorithm_name=NAME)
    register = amend(register, FIREWALLED, NOTED, note=NOTE)
    rows = register.filings[19]
    (repeated,) = [row for row in ROWS if row.filing_number == REPEATED]
    again = replace(repeated, batch_no=19, position=str(len(rows) + 1))
    return with_rows(register, 19, (*rows, again))


MENDED = together(announces(mended_register()), answers_page(MISPRINTED, status(404)))
