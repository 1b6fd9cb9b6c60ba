"""The names of the stages of a run on the screen."""

from orchestration.runtime.progress import DISCOVERY, WAITING
from scrapers.registers import REGISTERS

# That of a register is its title.
NAMES = {DISCOVERY: "announcements", WAITING: "waiting"}


def stage_name(stage: str) -> str:
    """The name of a stage on the screen."""
    titles = {register.name: register.title.en for register in REGISTERS}
    return (NAMES | titles).get(stage, stage)


def when(stage: str) -> str:
    """When a run was stopped, such as `during models`. It has no stage while it starts."""
    if not stage:
        return "at the start"
    if stage == WAITING:
        return "while waiting for another run"
    return f"during {stage_name(stage)}"
