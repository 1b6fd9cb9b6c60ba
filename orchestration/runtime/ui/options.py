"""What a server process is told when it is started, as one argument of its command line."""

import json
import sys
from dataclasses import asdict, dataclass, field
from typing import Literal

from orchestration.settings import PROJECT_ROOT

LOG_FORMATS = ("colored", "plain", "json", "rich")
LogFormat = Literal["colored", "plain", "json", "rich"]
WORKSPACE = PROJECT_ROOT / "workspace.yaml"


@dataclass(frozen=True)
class Options:
    """The options of a server process.

    `listener`, `locks` and `ready` are descriptors that it inherits: the listening socket, the
    serving locks to hold, and a pipe that the daemon closes when it runs.
    """

    workspace: str = str(WORKSPACE)
    read_only: bool = False
    log_format: LogFormat = "colored"
    listener: int | None = None
    locks: list[int] = field(default_factory=list)
    ready: int | None = None

    def command(self, module: str) -> list[str]:
        """The command line that starts a module with these options."""
        return [sys.executable, "-m", module, json.dumps(asdict(self))]

    @property
    def descriptors(self) -> list[int]:
        """The descriptors that the process must inherit."""
        single = [each for each in (self.listener, self.ready) if each is not None]
        return [*single, *self.locks]

    @classmethod
    def from_command_line(cls) -> "Options":
        """The options of this process."""
        return cls(**json.loads(sys.argv[1]))
