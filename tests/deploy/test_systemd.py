"""The units for systemd: valid, with commands and settings that exist."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from orchestration.cli.main import command_of
from orchestration.defs.schedules import TIMEZONE
from orchestration.settings import PROJECT_ROOT

UNITS = sorted((PROJECT_ROOT / "deploy" / "systemd").glob("filings-*"))
PROGRAM = "/opt/filings/.venv/bin/filings"
# Services that systemd starts again after a failure.
SERVERS = ("filings-daemon", "filings-webserver")


def values(unit: Path, key: str) -> list[str]:
    """The values of a key in a unit, in order."""
    return re.findall(rf"^{key}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)


def commands() -> list[list[str]]:
    """The arguments of each `filings` command in the units."""
    lines = [line for unit in UNITS for line in values(unit, "Exec(?:Start|Stop)(?:Pre|Post)?")]
    split = [shlex.split(line.lstrip("-+")) for line in lines]
    return [arguments for program, *arguments in split if program == PROGRAM]


def unit_named(name: str) -> Path:
    (unit,) = (unit for unit in UNITS if unit.name == name)
    return unit


def template_of(name: str) -> str:
    """The name of the file of an instance, such as `filings-alert@filings-daemon.service`."""
    return re.sub(r"@[^.]*", "@", name)


def require_existing(arguments: list[str]) -> None:
    """Parse the arguments of `filings` as the command line does. Raises UsageError."""
    name, *options = arguments
    command_of(name).make_context(name, options, resilient_parsing=False).close()


def test_systemd_accepts_the_units(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not on this machine")
    for unit in UNITS:
        # systemd-analyze also looks for the program.
        text = unit.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true")
        # A template as it is for the daemon.
        (tmp_path / unit.name.replace("@", "@filings-daemon")).write_text(text)
        (tmp_path / unit.name).write_text(text)
    units = [path for path in tmp_path.iterdir() if "@." not in path.name]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, units)],
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
    texts = [
        value
        for unit in UNITS
        for key in ("OnFailure", "JoinsNamespaceOf", "Unit", "Wants", "BindsTo", "ExecStopPost")
        for value in values(unit, key)
    ]
    named = {template_of(name) for name in re.findall(r"filings-[\w%@-]+\.\w+", "\n".join(texts))}
    timed = {unit.with_suffix(".service").name for unit in UNITS if unit.suffix == ".timer"}
    assert named | timed <= names
    assert {"filings-alert@.service", "filings-well@.timer"} <= named


@pytest.mark.parametrize("name", SERVERS)
def test_server_is_started_again_for_as_long_as_it_takes(name):
    """While PostgreSQL is down, for example. A limit would leave the service ended."""
    unit = unit_named(f"{name}.service")
    found = {key: values(unit, key) for key in ("Restart", "RestartSec", "StartLimitIntervalSec")}
    assert found == {
        "Restart": ["on-failure"],
        "RestartSec": ["60"],
        "StartLimitIntervalSec": ["0"],
    }
    # Not OnFailure=: some versions of systemd ignore it as long as the service is started again.
    assert values(unit, "OnFailure") == []


@pytest.mark.parametrize(
    ("result", "started"),
    [
        ("success", ""),
        ("exit-code", "start --no-block filings-alert@filings-daemon.service\n"),
        ("oom-kill", "start --no-block filings-alert@filings-daemon.service\n"),
    ],
)
@pytest.mark.parametrize("name", SERVERS)
def test_server_that_ends_by_a_failure_starts_the_alert(name, result, started, tmp_path):
    fake = tmp_path / "systemctl"
    fake.write_text('#!/bin/sh\necho "$@"\n')
    fake.chmod(0o755)
    (line,) = values(unit_named(f"{name}.service"), "ExecStopPost")
    # What systemd makes of the line.
    command = line.removeprefix("-+").replace("$$", "$").replace("%N", name)
    done = subprocess.run(
        shlex.split(command),
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "SERVICE_RESULT": result},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == started.replace("filings-daemon", name)


@pytest.mark.parametrize("name", SERVERS)
def test_alert_of_a_server_ends_only_when_it_has_run_for_minutes(name):
    """Otherwise, each start of one that fails again and again would end the alert."""
    assert "filings-well@%N.timer" in " ".join(values(unit_named(f"{name}.service"), "Wants"))
    timer = unit_named("filings-well@.timer")
    found = {key: values(timer, key) for key in ("BindsTo", "After", "OnActiveSec")}
    assert found == {"BindsTo": ["%i.service"], "After": ["%i.service"], "OnActiveSec": ["5min"]}
    assert all("--well" not in line for line in values(unit_named(f"{name}.service"), "Exec.*"))


@pytest.mark.parametrize("name", ["filings-refresh", "filings-check"])
def test_single_command_alerts_after_a_failure_and_is_well_after_success(name):
    unit = unit_named(f"{name}.service")
    assert values(unit, "OnFailure") == ["filings-alert@%N.service"]
    assert values(unit, "ExecStartPost") == [f"-{PROGRAM} alert --unit %N --well"]


def test_timer_refreshes_when_the_schedule_of_the_daemon_does():
    timer = unit_named("filings-refresh.timer")
    assert values(timer, "OnCalendar") == [f"*-*-* 02:30:00 {TIMEZONE}"]
    assert values(timer, "Persistent") == ["true"]


def test_timer_checks_the_stores_when_the_schedule_of_the_daemon_does():
    timer = unit_named("filings-check.timer")
    assert values(timer, "OnCalendar") == [f"Sun *-*-* 04:30:00 {TIMEZONE}"]
    assert values(unit_named("filings-check.service"), "ExecStart") == [f"{PROGRAM} check"]


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
        "RuntimeDirectory": "filings",
        "RuntimeDirectoryPreserve": "yes",
    }
    assert {key: values(unit, key) for key in expected} == {
        key: [value] for key, value in expected.items()
    }
    assert values(unit, "MemoryMax")


def test_both_services_of_the_ui_share_their_temporary_folder():
    """A run is terminated through a socket there, which the other service has made."""
    webserver = unit_named("filings-webserver.service")
    assert values(webserver, "JoinsNamespaceOf") == ["filings-daemon.service"]
    assert values(webserver, "PrivateTmp") == ["true"]


def test_documents_name_units_that_exist_and_enable_each_that_can_be_enabled():
    guide = (PROJECT_ROOT / "deploy" / "README.md").read_text("utf-8")
    operations = (PROJECT_ROOT / "docs" / "operations.md").read_text("utf-8")
    named = re.findall(r"filings-[\w-]+@?\.(?:service|timer)", guide + operations)
    assert set(named) <= {unit.name for unit in UNITS}
    enabled = " ".join(re.findall(r"^systemctl enable --now (.*)$", guide, re.MULTILINE)).split()
    assert set(enabled) == {unit.name for unit in UNITS if values(unit, "WantedBy")}


def test_upgrade_stops_every_unit_that_uses_the_data():
    operations = (PROJECT_ROOT / "docs" / "operations.md").read_text("utf-8")
    stopped = " ".join(re.findall(r"^systemctl stop (.*)$", operations, re.MULTILINE)).split()
    full = {name if "." in name else f"{name}.service" for name in stopped}
    started = {unit.name for unit in UNITS if "@" not in unit.name and "restart.s" not in unit.name}
    assert full == started
