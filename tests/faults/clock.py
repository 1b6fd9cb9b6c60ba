"""A clock for tests: the program takes the time from it, and no test waits."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo

import pytest

PACKAGES = ("scrapers.", "orchestration.")


@contextmanager
def clock_set(forward: timedelta) -> Iterator[None]:
    """Within it the program's clock is ahead by so much, or behind."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + forward

    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith(PACKAGES) and vars(module).get("datetime") is datetime:
                patch.setattr(module, "datetime", Clock)
        yield
