"""Sectors of the algorithms: overall, over time and by province."""

from orchestration.publication.report.figures import Section, Text
from orchestration.publication.report.sections.sectors.by_region import BY_REGION
from orchestration.publication.report.sections.sectors.by_year import BY_YEAR
from orchestration.publication.report.sections.sectors.over_time import OVER_TIME
from orchestration.publication.report.sections.sectors.overall import OVERALL

SECTORS = Section(
    "sectors",
    Text("行业", "Sectors"),
    Text(
        "清单没有行业一栏。本项目根据名称、产品、用途和主体推断每项备案的行业，准确率约为九成。",
        "The lists have no sector column. The sector of each filing is inferred from its name, "
        "products, purpose and entity; about nine in ten are correct.",
    ),
    (OVERALL, BY_YEAR, OVER_TIME, BY_REGION),
)
