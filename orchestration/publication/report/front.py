"""The front of the report: its title, its introduction, its figures and its sources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration.publication.report.figures import LANGS, Row, Text
from orchestration.publication.report.registers import in_sentence, joined, present
from orchestration.publication.report.wording import chinese_numeral, noun
from orchestration.publication.state import Reached, State, month_text

DEEP_SYNTHESIS = "deep_synthesis"
SERVICES = "generative_services"


@dataclass(frozen=True)
class Tile:
    """A number at the top of the page, with the words below it."""

    number: int
    label: Text


@dataclass(frozen=True)
class Front:
    """What the report is about: the registers of its release, in their order."""

    registers: Sequence[str]
    headline: Row
    totals: Mapping[str, int]
    shared: int
    state: State

    @property
    def title(self) -> Text:
        """The title of the page. It names no register that the release does not have."""
        if SERVICES in self.registers:
            return Text(
                "算法与生成式人工智能备案全景", "China’s registers of algorithms and AI services"
            )
        if len(self.registers) > 1:
            return Text("算法备案全景", "China’s registers of algorithms")
        return Text("深度合成算法备案全景", "China’s register of deep-synthesis algorithms")

    @property
    def lede(self) -> Text:
        """What the page shows, and where it is from."""
        titles = [in_sentence(name) for name in self.registers]
        zh, en = (joined([text.of(lang) for text in titles], lang) for lang in LANGS)
        return Text(
            f"{zh}：逐行提取网信办公布的清单和注销公告，逐项校验。每张图下方都附有数据和查询语句。",
            f"{en[:1].upper()}{en[1:]}, extracted row by row from the lists and notices of the "
            "Cyberspace Administration (CAC) and validated. Below each chart are its data and its "
            "query.",
        )

    @property
    def tiles(self) -> list[Tile]:
        """Registrations in all and by register, companies, places and cancellations."""
        row = self.headline
        tiles = [Tile(self.totals[name], self._register(name)) for name in self.registers]
        if len(tiles) > 1:
            tiles.insert(0, Tile(row["registrations"], self._all()))
        places = Text("个省级行政区", noun(row["provinces"], "province", "provinces"))
        if cities := row["cities"]:
            places = Text(
                f"{places.zh}；深度合成备案涉及 {cities} 个城市",
                f"{places.en}; {cities} {noun(cities, 'city', 'cities')} in deep synthesis",
            )
        return [
            *tiles,
            Tile(row["companies"], Text("家主体", noun(row["companies"], "company", "companies"))),
            Tile(row["provinces"], places),
            Tile(row["cancelled"], self._cancelled()),
        ]

    @property
    def batches(self) -> Text:
        """The batches of deep synthesis: `batches 1–18`, or the only one."""
        first, last = self.headline["first_batch_no"], self.headline["last_batch_no"]
        if first == last:
            return Text(f"第 {last} 批", f"batch {last}")
        return Text(f"第 {first}–{last} 批", f"batches {first}–{last}")

    def source(self, is_about_all: bool, is_assigned: bool) -> Text:
        """The line below a figure: the lists and notices that it is made from."""
        own = next((r for r in self.state.registers if r.register == DEEP_SYNTHESIS), None)
        if is_about_all or own is None:
            lists = Text("网信办各类清单", "CAC lists of all registers")
            reached = self.state.lists, self.state.notices
        else:
            lists = Text(
                f"网信办深度合成备案清单（{self.batches.zh}）",
                f"CAC deep-synthesis lists ({self.batches.en})",
            )
            reached = own.lists, own.notices
        zh, en = sources_text(lists, *reached)
        if is_assigned:
            zh, en = (
                f"{zh}；行业与技术由本项目判定",
                f"{en}. Sector and technique are not official",
            )
        return Text(f"来源：{zh}", f"Source: {en}")

    def _all(self) -> Text:
        number = len(self.registers)
        label = Text(f"项登记，来自{chinese_numeral(number)}类清单", "registrations in all")
        if self.shared:
            are = "is" if self.shared == 1 else "are"
            return Text(
                f"{label.zh}；其中 {self.shared} 项同时列入两类",
                f"{label.en}; {self.shared} {are} in two registers",
            )
        return label

    def _cancelled(self) -> Text:
        """The words for the cancellations, with the month up to which they are known."""
        last = self.state.notices.last or self.state.lists.last
        if last is None:
            return Text("项已注销", "cancelled")
        month = month_text(last)
        return Text(f"项已注销（截至 {month.zh}）", f"cancelled by {month.en}")

    def _register(self, name: str) -> Text:
        title = in_sentence(name)
        if name != DEEP_SYNTHESIS:
            return Text(f"项{title.zh}", title.en)
        batches = self.headline["batches"]
        return Text(
            f"项{title.zh}，{batches} 批",
            f"{title.en}, {batches} {noun(batches, 'batch', 'batches')}",
        )


def make_front(rows: Mapping[str, Sequence[Row]], state: State) -> Front:
    """The front of a release, from the rows of the page's queries and its state."""
    months = rows["registers_by_month"]
    totals: dict[str, Any] = {row["register"]: row["cumulative_registrations"] for row in months}
    shared = dict.fromkeys(totals, 0)
    for row in months:
        shared[row["register"]] += row["shared_registrations"]
    headline = rows["headline"][0]
    registers = present(months) or [DEEP_SYNTHESIS]
    return Front(
        registers,
        headline,
        totals or {DEEP_SYNTHESIS: headline["filings"]},
        max(shared.values(), default=0),
        state,
    )


def sources_text(title: Text, lists: Reached, notices: Reached) -> Text:
    """The lists of this title and the notices, each with its last month; one month if it is one."""
    end, noticed = (month_text(item.last) if item.last else None for item in (lists, notices))
    if end is None:
        return title
    if noticed is None:
        return Text(f"{title.zh}，截至 {end.zh}", f"{title.en}, to {end.en}")
    if end == noticed:
        return Text(f"{title.zh}和公告，截至 {end.zh}", f"{title.en} and notices, to {end.en}")
    return Text(
        f"{title.zh}截至 {end.zh}，公告截至 {noticed.zh}",
        f"{title.en} to {end.en}, notices to {noticed.en}",
    )
