"""Where filings come from: provinces, cities and tiers, by the division in the filing number."""

from orchestration.publication.report.figures import Section, Text
from orchestration.publication.report.sections.regions.cities import CITIES
from orchestration.publication.report.sections.regions.map import MAP
from orchestration.publication.report.sections.regions.ranked import RANKED
from orchestration.publication.report.sections.regions.tiers import BY_TIER

REGIONS = Section(
    "regions",
    Text("地区", "Regions"),
    Text(
        "地区取自备案编号前六位，即主体登记地的行政区划代码；这不一定是模型研发之处。",
        "A filing's place is the division in the first six digits of its number: where the entity "
        "is registered, which need not be where a model was made.",
    ),
    (MAP, RANKED, CITIES, BY_TIER),
)
