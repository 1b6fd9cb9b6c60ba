"""An incident: one thing that went wrong and needs an operator, until it is well again."""

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "run", "document", "announcement", "register", "target", "sensor", "service", "overdue"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
_SERVICE = "service/"


@dataclass(frozen=True)
class Incident:
    """An incident. Its `key` stays the same for as long as it lasts.

    `kind` is what is affected:

        run           a run failed, or its process died
        document      a document is held back, unreadable, or cannot be fetched
        announcement  an announcement was not understood
        register      the announcements of a register cannot be read
        target        a release could not be published to a configured target
        sensor        the sensor fails
        service       a service of the system has failed
        overdue       no run has finished for too long

    `title` is a line, `text` the whole message. `since` is in ISO 8601.
    """

    key: str
    kind: Kind
    title: str
    text: str
    since: str

    @property
    def job(self) -> str | None:
        """The job or service whose next good run ends this incident.

        None if the status of the data directory shows its end.
        """
        if self.kind == "service":
            return self.key
        return self.key.removeprefix("run/") if self.kind == "run" else None


def run_incident(job: str, text: str, since: str) -> Incident:
    """The incident of a failed run of a job."""
    return Incident(f"run/{job}", "run", f"The run of {job} failed", text, since)


def service_job(unit: str) -> str:
    """The name under which a service of the system is reported."""
    return f"{_SERVICE}{unit}"


def is_service(job: str) -> bool:
    """Whether a job is a service of the system."""
    return job.startswith(_SERVICE)


def service_incident(job: str, text: str, since: str) -> Incident:
    """The incident of a service that has failed."""
    unit = job.removeprefix(_SERVICE)
    return Incident(job, "service", f"The service {unit} has failed", text, since)
