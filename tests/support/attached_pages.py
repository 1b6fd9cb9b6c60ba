"""Pages with attached lists, served by `LoopbackSites` in place of the replica's.

page = AttachedPage(PAGE, {"境内互联网信息服务算法备案清单（2024年4月）": content})
page.serve(sites)
page.with_list(label, content).without("2024年4月").serve(sites)

The HTML is unlike that of the replica. A file keeps its address when its content changes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from urllib.parse import quote, unquote

from scrapers.replica.site import Answer
from tests.support.loopback import LoopbackSites

_DOWNLOAD = "/cms/pub/interact/downloadfile.jsp"


@dataclass(frozen=True)
class AttachedPage:
    """A page of the source: its path, and the content of each list by label, in page order.

    `unlinked` are the labels of lists that the page no longer links to, but whose files exist.
    `charset` is the encoding of the page and of its links. `more` is HTML after the links.
    """

    path: str
    lists: Mapping[str, bytes]
    unlinked: frozenset[str] = frozenset()
    charset: str = "utf-8"
    more: str = ""

    def label(self, part: str) -> str:
        """The only label that contains this text, such as 2024年4月."""
        (label,) = (label for label in self.lists if part in label)
        return label

    def content(self, part: str) -> bytes:
        return self.lists[self.label(part)]

    def with_list(self, label: str, content: bytes) -> "AttachedPage":
        """With one more list, or another content of a list that has this label."""
        return replace(self, lists={**self.lists, label: content})

    def changed(self, part: str, content: bytes) -> "AttachedPage":
        """With another content of the list whose label contains this text."""
        return self.with_list(self.label(part), content)

    def without(self, part: str) -> "AttachedPage":
        """Without the list whose label contains this text: no link, and no file."""
        label = self.label(part)
        lists = {name: content for name, content in self.lists.items() if name != label}
        return replace(self, lists=lists)

    def unlinking(self, part: str) -> "AttachedPage":
        """Without a link to the list whose label contains this text; its file remains."""
        return replace(self, unlinked=self.unlinked | {self.label(part)})

    def serve(self, sites: LoopbackSites) -> None:
        """Answer for the page and its files from now on."""
        page = self.html().encode(self.charset)
        sites.break_with(self.path, _answer_with(page, f"text/html; charset={self.charset}"))
        for label, content in self.lists.items():
            sites.break_with(self._is_file(label), _answer_with(content))

    def html(self) -> str:
        items = "".join(
            f'<li><a href="{self._link(label)}"><span>{label}</span></a></li>\r\n'
            for label in self.lists
            if label not in self.unlinked
        )
        return (
            f'<html><head><meta http-equiv="Content-Type" content="text/html; '
            f'charset={self.charset}"><title>公告</title></head><body><table><tr><td>'
            f"<p>附件</p><ul>{items}</ul>{self.more}</td></tr></table></body></html>"
        )

    def token(self, label: str) -> str:
        """The opaque name of a list's file."""
        digest = sha256(f"{self.path} {label}".encode()).hexdigest()
        return f"/{digest[:20]}~/{digest[20:40]}="

    def _link(self, label: str) -> str:
        name = quote(label, encoding=self.charset)
        return f"../..{_DOWNLOAD}?filepath={self.token(label)}&fText={name}"

    def _is_file(self, label: str) -> Callable[[str], bool]:
        return lambda path: self.token(label) in unquote(path)


def _answer_with(body: bytes, kind: str = "application/octet-stream") -> Callable[[Answer], Answer]:
    """Answer with this body, unless the replica withholds its own from a request."""
    return lambda answer: Answer(200, {"Content-Type": kind}, body) if answer.body else answer
