"""The services of deploy/docker/compose.yaml, to be started as processes of this machine."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.settings import PROJECT_ROOT

DOCKER = PROJECT_ROOT / "deploy" / "docker"
WORKSPACE = "deploy/docker/workspace.yaml"
GRPC_PORT, HTTP_PORT = 4000, 3000


def services(file: str = "compose.yaml") -> dict[str, dict[str, Any]]:
    """The services by name, with all anchors and merges resolved."""
    return yaml.safe_load((DOCKER / file).read_text(encoding="utf-8"))["services"]


@dataclass(frozen=True)
class OnThisMachine:
    """Translates commands of containers: one address and free ports instead of service names."""

    folder: Path
    grpc_port: int
    http_port: int

    def command(self, service: str) -> list[str]:
        """The command of a service."""
        return self._translated(services()[service]["command"])

    def health_check(self, service: str) -> list[str]:
        """The command of a service's health check."""
        kind, *command = services()[service]["healthcheck"]["test"]
        assert kind == "CMD"
        return self._translated(command)

    def _translated(self, command: list[str]) -> list[str]:
        program, *arguments = command
        found = [sys.executable]
        if program == "filings":
            found += ["-m", "orchestration.cli"]
        elif program != "python":
            found = [str(Path(sys.executable).with_name(program))]
        return [*found, *(self._argument(text) for text in arguments)]

    def _argument(self, text: str) -> str:
        if text == WORKSPACE:
            return str(self._workspace())
        ports = {str(GRPC_PORT): self.grpc_port, str(HTTP_PORT): self.http_port}
        for port, ours in ports.items():
            text = text.replace(port, str(ours))
        return text.replace("0.0.0.0", "127.0.0.1")  # noqa: S104  in a container

    def _workspace(self) -> Path:
        document = yaml.safe_load((PROJECT_ROOT / WORKSPACE).read_text(encoding="utf-8"))
        (server,) = (each["grpc_server"] for each in document["load_from"])
        assert (server["host"], server["port"]) == ("code", GRPC_PORT)
        server |= {"host": "127.0.0.1", "port": self.grpc_port}
        path = self.folder / "workspace.yaml"
        path.write_text(yaml.safe_dump(document))
        return path
