"""Regions: provinces, cities and tiers, by the division code in the filing number."""

from orchestration.publication.report.figures import Section, Text
from orchestration.publication.report.sections.regions.cities import CITIES
from orchestration.publication.report.sections.regions.map import MAP
from orchestration.publication.report.sections.regions.ranked import RANKED
from orchestration.publication.report.sections.regions.tiers import BY_TIER

REGIONS = Section(
    "regions",
    Text("地区", "Regions"),
    Text(
        "地区取自备案编号的前六位，即主体注册地的行政区划代码，不一定是模型的研发地。",
        "The region of a filing is the division code in the first six digits of its number: where "
        "the entity is registered, which is not necessarily where the model was developed.",
    ),
    (MAP, RANKED, CITIES, BY_TIER),
)
