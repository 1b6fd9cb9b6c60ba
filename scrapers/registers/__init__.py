"""The public registers, each declared in one module.

base       the types of a declaration
discovery  finds the documents of a register
fetching   fetches discovered documents into the archive
"""

from scrapers.registers.base import Register
from scrapers.registers.cancellation_notices import CANCELLATION_NOTICES
from scrapers.registers.deep_synthesis import DEEP_SYNTHESIS
from scrapers.registers.generative_services import GENERATIVE_SERVICES
from scrapers.registers.recommendation import RECOMMENDATION

__all__ = [
    "CANCELLATION_NOTICES",
    "DEEP_SYNTHESIS",
    "GENERATIVE_SERVICES",
    "RECOMMENDATION",
    "REGISTERS",
    "Register",
]

REGISTERS: tuple[Register, ...] = (
    DEEP_SYNTHESIS,
    CANCELLATION_NOTICES,
    RECOMMENDATION,
    GENERATIVE_SERVICES,
)
