"""What the descriptors of a release say about the data: its source, its terms, its keywords."""

from orchestration.publication.purposes import purpose_remark
from scrapers.registers.base import Text

_DESCRIPTION = (
    "A copy of the public registers of algorithms and AI services in China, as published by the "
    "Cyberspace Administration of China, with their history, and tables derived from them by "
    "region, sector and technique. Sector and technique are not official: readers or rules assign "
    "them, as the column sector_source says."
)
PUBLISHER = "The filings register"
SOURCE = Text("国家互联网信息办公室", "Cyberspace Administration of China")
SOURCE_URL = "https://www.cac.gov.cn"
TERMS_OF_USE = (
    (
        "Lists and notices: published by the Cyberspace Administration of China as public "
        "information (政务信息公开). The source states no licence."
    ),
    "Derived tables, report and descriptions: no licence has been chosen.",
)
KEYWORDS = (
    "China",
    "algorithm registry",
    "deep synthesis",
    "recommendation algorithms",
    "generative AI",
    "Cyberspace Administration of China",
    "算法备案",
    "深度合成",
    "生成式人工智能",
)


def description(source: str) -> str:
    """What a release from these sources is, such as `replica, live`."""
    return f"{_DESCRIPTION} {purpose_remark(source).en}"
