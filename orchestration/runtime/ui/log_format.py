"""The format of the log of a server process."""

import logging
from typing import Any

import coloredlogs

from orchestration.runtime.ui.options import LogFormat


class _WithoutColors(logging.Formatter):
    """Dagster's format for readers, without the styles that it asks for."""

    def __init__(self, fmt: str, datefmt: str, **_styles: Any) -> None:
        super().__init__(fmt, datefmt)


def dagster_format(chosen: LogFormat) -> str:
    """The name of the format for Dagster, which has none without colors.

    For `plain`, its colored format writes no escape sequences in this process from now on.
    """
    if chosen != "plain":
        return chosen
    # Dagster looks this class up whenever it configures its loggers, and has no setting for it.
    coloredlogs.ColoredFormatter = _WithoutColors
    return "colored"
