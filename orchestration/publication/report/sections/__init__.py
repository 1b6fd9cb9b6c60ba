"""The sections of the report, in the order of the page."""

from orchestration.publication.report.figures import Section
from orchestration.publication.report.sections.batches import BATCHES
from orchestration.publication.report.sections.changes import CHANGES
from orchestration.publication.report.sections.claims import CLAIMS
from orchestration.publication.report.sections.filers import FILERS
from orchestration.publication.report.sections.last_batch import LAST_BATCH
from orchestration.publication.report.sections.pass_rates import PASS_RATES
from orchestration.publication.report.sections.regions import REGIONS
from orchestration.publication.report.sections.registers import THREE_REGISTERS
from orchestration.publication.report.sections.sectors import SECTORS
from orchestration.publication.report.sections.techniques import TECHNIQUES

SECTIONS: tuple[Section, ...] = (
    THREE_REGISTERS, BATCHES, REGIONS, SECTORS, TECHNIQUES, FILERS, LAST_BATCH, CHANGES,
    PASS_RATES, CLAIMS,
)  # fmt: skip
