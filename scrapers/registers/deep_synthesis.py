"""The register of deep-synthesis algorithms (深度合成服务算法备案): numbered batches since 2023-06.

The notice list announces each batch. The page of a batch links to one list, a .docx or .pdf file.
Lists may be amended in place months later.
"""

from collections.abc import Mapping

from scrapers.archive.sidecar import Version
from scrapers.fields.filing_number import FILING_NUMBER_GRAMMAR
from scrapers.http.session import PoliteSession
from scrapers.registers.base import (
    Column,
    Discovery,
    Register,
    Snapshot,
    TableLayout,
    Terms,
    Text,
)
from scrapers.registers.columns import FILING_COLUMNS
from scrapers.registers.discovery.announcements import (
    archived_batches,
    batch_key,
    gaps_in,
    known_batches,
    plausible_batches,
    superseded_batches,
)
from scrapers.registers.discovery.notice_list import NoticeList, fetch_notices
from scrapers.registers.discovery.numbered_batches import fetch_announced_list

NOTICE_LIST_FOLDER = "notices"

LIST_TABLE = TableLayout(
    columns={**FILING_COLUMNS, "note": Column("备注", optional=True)},
    key="filing_number",
    grammar=FILING_NUMBER_GRAMMAR,
)


def discover_batches(session: PoliteSession, archived: Mapping[str, Version]) -> Discovery:
    """Every announced batch. Raises FetchError or NoticeListError."""
    notices = fetch_notices(session)
    remembered = archived_batches(archived, session.source)
    listed, refused = plausible_batches(notices.batches, [int(item.key) for item in remembered])
    batches = known_batches(listed, remembered, session.source)
    return Discovery(
        {batch_key(number): batch for number, batch in batches.items()},
        (*notices.batch_problems, *refused),
        notices.unrecognised,
        tuple(f"batch {gap}" for gap in gaps_in(batches)),
        _snapshot(notices),
    )


def _snapshot(notices: NoticeList) -> Snapshot | None:
    """The notice list, archived when its announcements or its problems have changed."""
    if notices.fetched is None:
        return None
    content = repr((sorted(notices.batches.items()), notices.cancellations))
    content += "".join(map(str, (*notices.problems, *notices.unrecognised)))
    return Snapshot(
        NOTICE_LIST_FOLDER, "notices", notices.fetched, content, "json", "application/json"
    )


DEEP_SYNTHESIS = Register(
    name="deep_synthesis",
    title=Text("深度合成服务算法备案", "Deep-synthesis algorithms"),
    tables=(LIST_TABLE,),
    key="filing_number",
    discover=discover_batches,
    fetch=fetch_announced_list,
    terms=Terms(document="list", label="batch", rows="filings"),
    versioned_facts=("month",),
    superseded=superseded_batches,
    # The folders of batches are at the root of the archive, such as 011/.
    archive_folder="",
    key_pattern="[0-9]+",
    key_of_number=batch_key,
)
