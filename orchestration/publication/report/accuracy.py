"""How often sectors are right, as measured in `docs/accuracy.md`."""

from typing import NamedTuple

from orchestration.publication.report.figures import Text
from orchestration.publication.report.wording import percent


class Measured(NamedTuple):
    """The share of correct sectors where both labels of unseen filings agree."""

    filings: int
    correct: float


# A test compares these figures with the guide.
NEW_FILINGS = Measured(300, 0.844)


def sectors_are_inferred(measured: Measured = NEW_FILINGS) -> Text:
    """The introduction to the sectors, with their accuracy."""
    share = percent(measured.correct, 0)
    return Text(
        "清单没有行业一栏。本项目根据名称、产品、用途和主体推断每项备案的行业。"
        f"用 {measured.filings} 项新备案核对，在两次人工标注一致的备案中，"
        f"行业判断正确的占 {share}。",
        "The lists have no sector column. The sector of each filing is inferred from its name, "
        f"products, purpose and entity. On {measured.filings} new filings, {share} of the sectors "
        "were right where two readers agreed.",
    )
