"""What industries the algorithms serve: over all, over time and by province."""

from orchestration.publication.report.figures import Section, Text
from orchestration.publication.report.sections.sectors.by_region import BY_REGION
from orchestration.publication.report.sections.sectors.by_year import BY_YEAR
from orchestration.publication.report.sections.sectors.over_time import OVER_TIME
from orchestration.publication.report.sections.sectors.overall import OVERALL

SECTORS = Section(
    "sectors",
    Text("行业", "Sectors"),
    Text(
        "清单没有行业一栏。每项备案由名称、产品、用途和主体读出一个行业，约十分之九读得准。",
        "The lists have no column for it. Each filing's sector is read from its name, products, "
        "purpose and entity; some nine in ten are read rightly.",
    ),
    (OVERALL, BY_YEAR, OVER_TIME, BY_REGION),
)
