"""The format of the log of `filings daemon` and `filings webserver`."""

import subprocess
import sys

import pytest

from orchestration.cli.main import command_of
from orchestration.settings import PROJECT_ROOT

pytestmark = pytest.mark.programs

PROGRAM = """
import logging, sys
from dagster._utils.log import configure_loggers
from orchestration.runtime.ui.log_format import dagster_format
configure_loggers(formatter=dagster_format(sys.argv[1]), log_level="INFO")
logging.getLogger("dagster.daemon").error("careful")
"""


def logged(log_format: str) -> str:
    """What Dagster's daemon would log in a format, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, log_format],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_plain_log_has_the_words_of_the_colored_one_without_escape_sequences():
    assert "\x1b[" in logged("colored")
    plain = logged("plain")
    assert plain.endswith(" - dagster.daemon - ERROR - careful\n")
    assert "\x1b" not in plain


@pytest.mark.parametrize(("is_terminal", "expected"), [(True, "colored"), (False, "plain")])
@pytest.mark.parametrize("command", ["daemon", "webserver"])
def test_log_is_colored_by_default_only_on_a_terminal(command, is_terminal, expected, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    with command_of(command).make_context(command, []) as context:
        assert context.params["log_format"] == expected
