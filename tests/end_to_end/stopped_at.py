"""`filings refresh` in a process that gets a signal at a moment of its own progress.

    python -m tests.end_to_end.stopped_at SIGNAL STAGE ITEM

The signal goes to the whole process group, as Ctrl-C in a terminal does, when the stage reports an
item that begins with ITEM, or ends (`end`). With the stage `import`, it is sent when the module
ITEM is about to be imported.
"""

import os
import sys
from importlib.machinery import ModuleSpec

from orchestration.cli import entry


class _Moment:
    """Sends the signal once."""

    def __init__(self, signal: int, stage: str, item: str) -> None:
        self.signal, self.stage, self.item = signal, stage, item
        self.is_over = False

    def reached(self) -> None:
        if not self.is_over:
            self.is_over = True
            os.killpg(0, self.signal)

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """Look like an import finder that finds nothing."""
        if self.stage == "import" and name == self.item:
            self.reached()
        return None

    def note(self, event) -> None:
        """Follow the progress; not typed, since the module is imported later."""
        is_reached = event.ending if self.item == "end" else event.item.startswith(self.item)
        if event.stage == self.stage and is_reached and (event.item or event.ending):
            self.reached()


def main() -> None:
    number, stage, item = sys.argv[1:]
    sys.argv[1:] = ["refresh"]
    moment = _Moment(int(number), stage, item)
    if stage == "import":
        sys.meta_path.insert(0, moment)
    else:
        from orchestration.runtime import progress

        progress._listeners.append(moment.note)
    entry.main()


if __name__ == "__main__":
    main()
