"""Who reads: the code of the reader in the seed `filing_labels`."""

import getpass
import os
import re
import subprocess
from collections.abc import Mapping

from orchestration.settings import PROJECT_ROOT, SettingsError

VARIABLE = "FILINGS_READER"
_CODE = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
_REMEDY = "Use small letters, digits and hyphens, such as mei-2"


def reader_code(given: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """The reader given, else FILINGS_READER, else the user's name in Git or at login.

    Names of users are reduced to small letters, digits and hyphens. Raises SettingsError if a code
    that was given has other characters, or if there is none.
    """
    named = given if given is not None else environment.get(VARIABLE) or None
    if named is not None:
        if not _CODE.fullmatch(named):
            name = "--reader" if given is not None else VARIABLE
            raise SettingsError(f"{name} is {named!r}, not the code of a reader", remedy=_REMEDY)
        return named
    for name in (_git_name(), _login_name()):
        if code := re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"):
            return code
    raise SettingsError(
        "the name of the reader is not known", remedy=f"Pass --reader NAME or set {VARIABLE}"
    )


def _git_name() -> str:
    try:
        found = subprocess.run(
            ["git", "-C", str(PROJECT_ROOT), "config", "user.name"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:  # a machine without git
        return ""
    return found.stdout if found.returncode == 0 else ""


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in some containers
        return ""
