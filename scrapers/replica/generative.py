"""The lists of generative AI services, as typed facts (`facts/generative_*.tsv`)."""

from dataclasses import dataclass

from scrapers.replica.shipped import AttachedList, fact_rows, fact_rows_by_month

FILED, REGISTERED, EDGE = "filed", "registered", "edge"


@dataclass(frozen=True)
class ServiceFact:
    """One row of a list, as printed.

    `table` is filed, registered or edge. `passed_on` is the printed date (2026/7/8), which may end
    in （补登）. `devices` is empty except in the edge table.
    """

    table: str
    position: str
    region: str
    service_name: str
    entity_name: str
    service_number: str
    passed_on: str
    devices: str


@dataclass(frozen=True)
class ServiceList(AttachedList):
    """One list: the printed headings of its filed table, and the rows of all its tables."""

    headings: tuple[str, ...]
    services: tuple[ServiceFact, ...]

    def table(self, name: str) -> tuple[ServiceFact, ...]:
        """The rows of one table (filed, registered or edge), empty if the list has none."""
        return tuple(row for row in self.services if row.table == name)


def load_service_lists() -> tuple[ServiceList, ...]:
    """The shipped lists (13, with 1,842 services), oldest first."""
    services = fact_rows_by_month("generative_services.tsv")
    return tuple(
        ServiceList(
            month=(month := row["list_month"]),
            label=row["label"],
            headings=tuple(row["headings"].split("|")),
            services=tuple(ServiceFact(**service) for service in services[month]),
        )
        for row in fact_rows("generative_lists.tsv")
    )
