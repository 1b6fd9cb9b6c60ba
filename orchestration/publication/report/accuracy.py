"""How often sectors are right, as measured (seed `measured_accuracy`, `docs/accuracy.md`)."""

from orchestration.classification.measured import measured_accuracy
from orchestration.classification.measures import Accuracy
from orchestration.publication.report.figures import Text
from orchestration.publication.report.wording import percent


def sectors_are_read() -> Text:
    """The introduction to the sectors, with the accuracy of those read and of those derived."""
    figures = measured_accuracy()
    newer, early, derived = (
        _measured(figures[name])
        for name in ("reviewed_sector", "reviewed_sector_early", "rules_sector_held_out")
    )
    return Text(
        "清单没有行业一栏。已审读的备案采用审读结果，其余备案的行业根据名称、产品、用途和主体推断。"
        "另两名审读者独立审读随机抽取的备案，两者一致时，与审读结果相同的，"
        f"第 12 至 18 批占{newer.zh}，此前各批占{early.zh}；"
        f"在选定用语时未参考的清单中，推断正确的占{derived.zh}。",
        "The lists have no sector column. A filing that was read has the sector that its readers "
        "found. The sector of any other filing is derived from its name, products, purpose and "
        "entity. Two further readers labelled random filings; where they agree, the published "
        f"sector is the same in {newer.en} of batches 12 to 18 and in {early.en} of earlier ones. "
        f"In lists kept aside when terms were chosen, the derived sector is right in {derived.en}.",
    )


def _measured(found: Accuracy) -> Text:
    share, low, high = (percent(value, 0) for value in (found.share, found.low, found.high))
    return Text(
        f" {share}（{found.labels:,} 项，95% 置信区间为 {low} 至 {high}）",
        f"{share} ({found.labels:,} filings, 95% interval {low} to {high})",
    )
