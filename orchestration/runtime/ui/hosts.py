"""Further host names of the UI, for a proxy in front of it (FILINGS_UI_HOSTS)."""

import os
import re
from collections.abc import Mapping

from orchestration.settings import SettingsError

VARIABLE = "FILINGS_UI_HOSTS"
MAX_NAME = 253
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


def further_hosts(environment: Mapping[str, str] = os.environ) -> frozenset[str]:
    """The host names in FILINGS_UI_HOSTS, separated by commas, in small letters.

    Raises SettingsError for anything but a host name or an IPv4 address: `*`, a scheme or a port.
    """
    text = environment.get(VARIABLE) or ""
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    for name in names:
        if len(name) > MAX_NAME or not _NAME.fullmatch(name):
            raise SettingsError(
                f"{VARIABLE} contains {name[:60]!r}, which is not a host name such as "
                "filings.example.org. Write it without https:// and without a port"
            )
    return frozenset(names)
