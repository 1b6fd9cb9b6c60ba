"""The registers, one module each: what is particular to a register is declared there.

base       what a declaration says
discovery  how the documents of a register are found
fetching   from a discovered document to the archive
"""

from scrapers.registers.base import Register
from scrapers.registers.cancellation_notices import CANCELLATION_NOTICES
from scrapers.registers.deep_synthesis import DEEP_SYNTHESIS

REGISTERS: tuple[Register, ...] = (DEEP_SYNTHESIS, CANCELLATION_NOTICES)
