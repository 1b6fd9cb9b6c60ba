"""The compose files: valid, with commands that exist, and closed to other machines."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml
from dagster._cli.api import grpc_command, grpc_health_check_command
from dagster._daemon.cli import liveness_check_command

from orchestration.cli.main import command_of
from orchestration.defs.run_history import CODE_LOCATION, DEFINITIONS
from orchestration.settings import PROJECT_ROOT
from tests.support.compose import DOCKER, GRPC_PORT, WORKSPACE, services

PARSER = shutil.which("docker-compose")
BASE, POSTGRES = "compose.yaml", "compose.postgres.yaml"
OURS = ("init", "code", "daemon", "webserver", "readers", "watch")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder with the compose files, as an operator has prepared it."""
    if not PARSER:
        pytest.skip("docker-compose is not on this machine: install the package docker-compose")
    copied = Path(shutil.copytree(DOCKER, tmp_path / "deploy" / "docker"))
    (copied / "filings.env").write_text("FILINGS_SOURCE=replica\n")
    return copied


def parse(
    folder: Path, *files: str, env: Mapping[str, str] = MappingProxyType({})
) -> subprocess.CompletedProcess:
    """What `docker-compose config` makes of these files."""
    given = [argument for file in files for argument in ("-f", file)]
    return subprocess.run(
        [PARSER, *given, "--profile", "readers", "config"],
        cwd=folder,
        env={"PATH": os.defpath, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_parser_of_compose_accepts_the_file(folder):
    done = parse(folder, BASE)
    assert (done.returncode, done.stderr) == (0, "")
    found = yaml.safe_load(done.stdout)["services"]
    assert set(found) == set(OURS)
    assert all(found[name]["environment"] == {"FILINGS_SOURCE": "replica"} for name in OURS)


def test_image_gets_the_commit_as_a_build_argument(folder):
    done = parse(folder, BASE, env={"COMMIT": "0123abc"})
    assert (done.returncode, done.stderr) == (0, "")
    build = yaml.safe_load(done.stdout)["services"]["init"]["build"]
    assert build["args"] == {"COMMIT": "0123abc"}
    assert "ARG COMMIT=\nENV FILINGS_COMMIT=$COMMIT" in (DOCKER / "Dockerfile").read_text("utf-8")


def test_parser_of_compose_accepts_both_files_together(folder):
    done = parse(folder, BASE, POSTGRES, env={"DAGSTER_PASSWORD": "made-up"})
    assert (done.returncode, done.stderr) == (0, "")
    found = yaml.safe_load(done.stdout)["services"]
    assert set(found) == {*OURS, "postgres"}
    address = "postgresql+psycopg2://dagster:made-up@postgres:5432/dagster"
    assert {found[name]["environment"]["FILINGS_DAGSTER_POSTGRES"] for name in OURS} == {address}
    assert found["init"]["command"] == ["filings", "init", "--postgres"]
    assert set(found["init"]["depends_on"]) == {"postgres"}


def test_password_of_postgres_must_be_set(folder):
    done = parse(folder, BASE, POSTGRES)
    assert done.returncode != 0 and "set it in .env" in done.stderr


def arguments_of(command: list[str]) -> list[list[str]]:
    """The `filings` commands in the command of a service, which can be a line for the shell."""
    if command[0] == "sh":
        parts = [part.split() for part in command[-1].split(";")]
        return [part[1:] for part in parts if part and part[0] == "filings"]
    return [command[1:]] if command[0] == "filings" else []


@pytest.mark.parametrize(
    "arguments",
    [
        arguments
        for file in (BASE, POSTGRES)
        for service in services(file).values()
        for arguments in arguments_of(service.get("command") or ["image"])
    ],
    ids=" ".join,
)
def test_commands_exist_with_their_options(arguments, monkeypatch):
    monkeypatch.chdir(PROJECT_ROOT)
    name, *options = arguments
    command_of(name).make_context(name, options).close()


def test_commands_of_dagster_exist_with_their_options():
    program, *command = services()["code"]["command"]
    assert (program, command[:2]) == ("dagster", ["api", "grpc"])
    grpc_command.make_context("grpc", command[2:]).close()
    checks = {name: service.get("healthcheck") for name, service in services().items()}
    assert checks["code"]["test"][:4] == ["CMD", "dagster", "api", "grpc-health-check"]
    grpc_health_check_command.make_context("check", checks["code"]["test"][4:]).close()
    assert checks["daemon"]["test"] == ["CMD", "dagster-daemon", "liveness-check"]
    assert liveness_check_command.name == "liveness-check"


def test_workspace_names_the_code_server_of_the_compose_file():
    document = yaml.safe_load((PROJECT_ROOT / WORKSPACE).read_text("utf-8"))
    (location,) = document["load_from"]
    assert location["grpc_server"] == {
        "host": "code",
        "port": GRPC_PORT,
        "location_name": CODE_LOCATION,
    }
    command = services()["code"]["command"]
    assert option(command, "--port") == str(GRPC_PORT)
    assert option(command, "--module-name") == DEFINITIONS


@pytest.mark.parametrize("name", OURS)
def test_services_share_data_and_settings_and_have_no_privileges(name):
    service = services()[name]
    expected: dict[str, Any] = {
        "image": "filings-register:local",
        "env_file": "filings.env",
        "volumes": ["data:/data"],
        "read_only": True,
        "init": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
    }
    assert {key: service[key] for key in expected} == expected


def test_only_webservers_are_published_and_only_on_this_machine():
    published = {name: item["ports"] for name, item in services().items() if "ports" in item}
    assert set(published) == {"webserver", "readers"}
    assert all(
        re.fullmatch(r"127\.0\.0\.1:300\d:3000", port)
        for ports in published.values()
        for port in ports
    )
    assert all("ports" not in service for service in services(POSTGRES).values())


def test_files_hold_no_password():
    texts = [path.read_text("utf-8") for path in DOCKER.iterdir() if path.suffix == ".yaml"]
    secrets = re.findall(r"PASSWORD: *(.*)|dagster:(.*)@", "\n".join(texts))
    assert {value for pair in secrets for value in pair if value} == {
        "${DAGSTER_PASSWORD:?set it in .env}"
    }


def option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]
