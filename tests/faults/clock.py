"""A clock that tests can set for the whole program."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo

import pytest

PACKAGES = ("scrapers.", "orchestration.")


@contextmanager
def clock_set(forward: timedelta) -> Iterator[None]:
    """Shift the program's clock by a duration, which may be negative."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + forward

    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith(PACKAGES) and vars(module).get("datetime") is datetime:
                patch.setattr(module, "datetime", Clock)
        yield
