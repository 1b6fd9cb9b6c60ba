"""Discovery from one page that the source keeps updating: its attachments, by label and month.

Each period adds a document, whose label names its month. Summaries of a year repeat rows of other
documents and are left out. A label that says neither is a problem. Any other file on the page is
named, because it may be a document with a label in new words.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from bs4 import BeautifulSoup

from scrapers.archive.sidecar import Version
from scrapers.errors import AnnouncementError, FilingsError, located, shortened
from scrapers.http.addresses import Source
from scrapers.http.html_text import decoded_html
from scrapers.http.responses import Fetched
from scrapers.http.session import PoliteSession
from scrapers.registers.base import Discovery, Document, Snapshot
from scrapers.registers.discovery.attachments import Attachment, Link, links_in
from scrapers.registers.discovery.numbered_batches import MAX_PAGE_BYTES
from scrapers.registers.discovery.wording import is_summary, names_month, names_year, title_key

PAGE_ROLE = "page"
# Files of other kinds that such pages link to.
_OTHER_KINDS = re.compile(
    "手册|指南|指引|须知|教程|常见问题|说明|流程|模板|样表|样例|公告|通告|通知|规定|办法|解读|解答"
    "|问答|答记者问|征求意见|承诺书|申请表"
)


@dataclass(frozen=True)
class _Found:
    """The documents that a page links to, and what an operator must review."""

    attachments: list[Attachment] = field(default_factory=list)
    problems: list[FilingsError] = field(default_factory=list)
    unrecognised: list[FilingsError] = field(default_factory=list)


def page_attachments(path: str, label: str, snapshot: str = "") -> Callable[..., Discovery]:
    """A discovery function for the documents that a page links to with a label and a month.

    `path` is the path of the page on www.cac.gov.cn. `label` is a regular expression that must
    match a part of the normalised label. The key of a document is its month (YYYY-MM). Documents in
    the archive are included even if the page no longer links to them; each of these is a gap.
    `snapshot` is the archive folder for the page, which must not match the keys of documents. The
    page is archived there whenever its links to documents change.
    """
    return partial(_discover, path=path, label=re.compile(label), snapshot=snapshot)


def _discover(
    session: PoliteSession,
    archived: Mapping[str, Version],
    *,
    path: str,
    label: re.Pattern[str],
    snapshot: str,
) -> Discovery:
    """Raises FetchError, and AnnouncementError if the page links to no such document."""
    url = session.source.cac_url + path
    answer = session.get(url, max_bytes=MAX_PAGE_BYTES)
    with located(url=url):
        on_page = _found_on(answer, session.source, label)
    by_month, duplicates = _by_month(on_page.attachments)
    known = {
        key: _archived_document(key, version, session.source) for key, version in archived.items()
    }
    listed = {
        month: Document(
            month, url=item.url, page_urls=(answer.final_url,), label=item.label, month=month
        )
        for month, item in by_month.items()
    }
    return Discovery(
        dict(sorted({**known, **listed}.items())),
        (*on_page.problems, *duplicates),
        tuple(on_page.unrecognised),
        tuple(f"{key}, to which {url} linked before" for key in sorted(known.keys() - listed)),
        _snapshot(snapshot, answer, on_page) if snapshot else None,
    )


def _found_on(answer: Fetched, source: Source, label: re.Pattern[str]) -> _Found:
    """What the page links to. Raises AnnouncementError, or its first problem, if to nothing."""

    def is_wanted(text: str) -> bool:
        return label.search(title_key(text)) is not None

    soup = BeautifulSoup(decoded_html(answer.content, answer.content_type), "lxml")
    found = _Found()
    taken = set()
    for link in links_in(soup, is_wanted):
        taken.add(link.href)
        if _is_other_page(link) or _is_summary(link.labels):
            continue
        try:
            with located(url=answer.final_url):
                found.attachments.append(link.attachment(answer.final_url, source))
        except FilingsError as error:
            found.problems.append(error)
    others = (link for link in links_in(soup, lambda _: True) if link.href not in taken)
    found.unrecognised.extend(_unrecognised(others, answer.final_url))
    if not found.attachments:
        raise next(iter(found.problems), _nothing_found(label, found.unrecognised))
    return found


def _is_summary(labels: Sequence[str]) -> bool:
    """Whether all labels of a link that name a year are those of a summary."""
    dated = list(filter(names_year, labels))
    return bool(dated) and all(map(is_summary, dated))


def _is_of_other_kind(labels: Sequence[str]) -> bool:
    return any(_OTHER_KINDS.search(title_key(label)) for label in labels)


def _is_other_page(link: Link) -> bool:
    """Whether a link leads to a page that is not a list: lists are named after their month."""
    if not link.is_page or any(map(names_month, link.labels)):
        return False
    return _is_of_other_kind(link.labels) or not any(map(names_year, link.labels))


def _unrecognised(links: Iterable[Link], page_url: str) -> Iterable[AnnouncementError]:
    """A problem for each file that is not of a known kind."""
    labels: dict[str, list[str]] = {}
    for link in (link for link in links if link.is_file):
        labels.setdefault(link.href, []).extend(filter(None, link.labels))
    for href, texts in labels.items():
        if _is_summary(texts) or _is_of_other_kind(texts):
            continue
        shown = texts[0] if texts else href
        yield AnnouncementError(
            f"the page links to a file of an unknown kind: {shortened(shown)!r}",
            url=page_url,
            remedy="Open it. If it is a list, add the wording of its label to scrapers/registers",
        )


def _nothing_found(
    label: re.Pattern[str], unrecognised: Sequence[FilingsError]
) -> AnnouncementError:
    others = "".join(f"; {error.found}" for error in unrecognised[:1])
    return AnnouncementError(
        f"the page links to no document with the label {label.pattern}{others}",
        remedy="Open the page: its layout or its labels may have changed",
    )


def _by_month(
    attachments: Iterable[Attachment],
) -> tuple[dict[str, Attachment], list[FilingsError]]:
    """The first attachment of each month, and a problem for each further document of a month."""
    found: dict[str, Attachment] = {}
    problems: list[FilingsError] = []
    for item in attachments:
        known = found.setdefault(item.month, item)
        if known.document != item.document:
            problems.append(
                AnnouncementError(
                    f"the page links to two documents of {item.month}: {known.label!r} and "
                    f"{item.label!r}",
                    url=item.url,
                    remedy="The first is used. Review the second",
                )
            )
    return found, problems


def _archived_document(key: str, version: Version, source: Source) -> Document:
    """A document in the archive, with its URLs on the base URLs configured now.

    It counts as listed: its file should remain, so it is reported if it disappears.
    """
    facts = version.facts
    return Document(
        key,
        url=source.page_address(version.url),
        page_urls=(source.page_address(facts.page_url),) if facts.page_url else (),
        label=facts.label,
        month=facts.month,
    )


def _snapshot(folder: str, answer: Fetched, found: _Found) -> Snapshot:
    links = sorted((item.month, item.label, item.document) for item in found.attachments)
    content = repr(links) + "".join(map(str, (*found.problems, *found.unrecognised)))
    return Snapshot(folder, PAGE_ROLE, answer, content, "html", "text/html")
