"""Sectors of the algorithms: overall, over time and by province."""

from orchestration.publication.report.accuracy import sectors_are_read
from orchestration.publication.report.figures import Section, Text
from orchestration.publication.report.sections.sectors.by_region import BY_REGION
from orchestration.publication.report.sections.sectors.by_year import BY_YEAR
from orchestration.publication.report.sections.sectors.over_time import OVER_TIME
from orchestration.publication.report.sections.sectors.overall import OVERALL

SECTORS = Section(
    "sectors",
    Text("行业", "Sectors"),
    sectors_are_read(),
    (OVERALL, BY_YEAR, OVER_TIME, BY_REGION),
)
