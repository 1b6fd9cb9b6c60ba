"""The units for systemd: valid, with commands and settings that exist."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from orchestration.cli.main import main
from orchestration.defs.schedules import TIMEZONE
from orchestration.settings import PROJECT_ROOT

UNITS = sorted((PROJECT_ROOT / "deploy" / "systemd").glob("filings-*"))
PROGRAM = "/opt/filings/.venv/bin/filings"


def values(unit: Path, key: str) -> list[str]:
    """The values of a key in a unit, in order."""
    return re.findall(rf"^{key}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)


def commands() -> list[list[str]]:
    """The arguments of each `filings` command in the units."""
    lines = [line for unit in UNITS for line in values(unit, "ExecStart(?:Pre)?")]
    split = [shlex.split(line.lstrip("-")) for line in lines]
    return [arguments for program, *arguments in split if program == PROGRAM]


def require_existing(arguments: list[str]) -> None:
    """Parse the arguments of `filings` as the command line does. Raises UsageError."""
    name, *options = arguments
    main.commands[name].make_context(name, options, resilient_parsing=False).close()


def test_systemd_accepts_the_units(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not on this machine")
    for unit in UNITS:
        # systemd-analyze also looks for the program.
        text = unit.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true")
        (tmp_path / unit.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, tmp_path.iterdir())],
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("arguments", commands(), ids=" ".join)
def test_commands_of_units_exist_with_their_options(arguments):
    require_existing(arguments)


def test_option_that_does_not_exist_is_noticed():
    with pytest.raises(click.UsageError):
        require_existing(["refresh", "--no-such-option"])


def test_units_that_units_name_are_there():
    names = {unit.name for unit in UNITS}
    keys = ("OnFailure", "JoinsNamespaceOf", "Unit")
    named = {name for unit in UNITS for key in keys for name in values(unit, key)}
    timed = {unit.with_suffix(".service").name for unit in UNITS if unit.suffix == ".timer"}
    assert named | timed <= names
    assert "filings-alert.service" in named


def test_timer_refreshes_when_the_schedule_of_the_daemon_does():
    (timer,) = (unit for unit in UNITS if unit.name == "filings-refresh.timer")
    assert values(timer, "OnCalendar") == [f"*-*-* 02:30:00 {TIMEZONE}"]
    assert values(timer, "Persistent") == ["true"]


@pytest.mark.parametrize(
    "unit",
    [unit for unit in UNITS if any(PROGRAM in line for line in values(unit, "ExecStart"))],
    ids=lambda unit: unit.name,
)
def test_services_are_confined_and_end_at_a_signal(unit):
    expected = {
        "User": "filings",
        "EnvironmentFile": "/etc/filings/filings.env",
        "ProtectSystem": "strict",
        "NoNewPrivileges": "true",
        "KillSignal": "SIGTERM",
        "KillMode": "mixed",
    }
    assert {key: values(unit, key) for key in expected} == {
        key: [value] for key, value in expected.items()
    }
    assert values(unit, "MemoryMax")


def test_both_services_of_the_ui_share_their_temporary_folder():
    """A run is terminated through a socket there, which the other service has made."""
    (webserver,) = (unit for unit in UNITS if unit.name == "filings-webserver.service")
    assert values(webserver, "JoinsNamespaceOf") == ["filings-daemon.service"]
    assert values(webserver, "PrivateTmp") == ["true"]
