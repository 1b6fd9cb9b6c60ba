"""The notices that cancel deep-synthesis filing numbers, published about every two months.

They are on the same notice list as the batches. The file of a notice remains available at a fixed
URL after the notice is removed from the list.
"""

from collections.abc import Mapping
from dataclasses import replace

from scrapers.archive.sidecar import Version
from scrapers.fields.filing_number import FILING_NUMBER_GRAMMAR
from scrapers.http.session import PoliteSession
from scrapers.registers.base import Column, Discovery, Register, TableLayout, Terms, Text
from scrapers.registers.columns import FILING_COLUMNS
from scrapers.registers.discovery.cancellations import archived_cancellations
from scrapers.registers.discovery.notice_list import fetch_notices

NOTICE_TABLE = TableLayout(
    columns={**FILING_COLUMNS, "cancelled_month": Column("注销时间")},
    key="filing_number",
    noun="cancellation notice",
    grammar=FILING_NUMBER_GRAMMAR,
)


def discover_notices(session: PoliteSession, archived: Mapping[str, Version]) -> Discovery:
    """Every notice on the list or in the archive, oldest first.

    The list is newer, so it takes precedence. Raises FetchError or NoticeListError.
    """
    notices = fetch_notices(session)
    known = {
        document.key: replace(document, is_listed=False)
        for document in archived_cancellations(archived, session.source)
    }
    known.update({document.key: document for document in notices.cancellations})
    in_order = sorted(known.values(), key=lambda item: (str(item.published_on), item.key))
    documents = {document.key: document for document in in_order}
    return Discovery(documents, notices.cancellation_problems)


CANCELLATION_NOTICES = Register(
    name="cancellation_notices",
    title=Text("算法备案编号注销公告", "Cancellation notices"),
    tables=(NOTICE_TABLE,),
    key="filing_number",
    discover=discover_notices,
    terms=Terms(document="notice", label="notice", rows="records"),
    versioned_facts=("title", "published_on"),
    archive_folder="cancellations",
    role="cancellation",
    is_supplement=True,
)
