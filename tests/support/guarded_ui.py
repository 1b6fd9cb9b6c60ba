"""A guarded Dagster webserver over a small instance, with a record of the requests.

The instance has one asset and one job but no daemon, so a run that is started stays queued.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import dagster as dg
import requests
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from orchestration.runtime.home import DAGSTER_YAML
from orchestration.runtime.ui.server import guarded_server

DEFINITIONS = """
import dagster as dg

@dg.asset
def release() -> None:
    \"\"\"The one asset.\"\"\"

defs = dg.Definitions([release], jobs=[dg.define_asset_job("refresh")])
"""
STATE = """{
    runsOrError { ... on Runs { results { jobName status } } }
    instance { concurrencyLimits { concurrencyKey } }
    assetOrError(assetKey: {path: ["release"]}) {
        ... on Asset { assetMaterializations { timestamp } }
    }
}"""


@dataclass(frozen=True, order=True)
class Reached:
    """A request or handshake (method WEBSOCKET) with the status of its answer."""

    method: str
    path: str
    status: int


@dataclass
class GuardedUi:
    """A running webserver; each answer is appended to `reached`."""

    port: int
    context: WorkspaceProcessContext
    reached: list[Reached] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def make_asset(self) -> None:
        """Record a materialization of the asset."""
        made = dg.AssetMaterialization("release")
        self.context.instance.report_runless_asset_event(made)

    def ask(self, query: str) -> Any:
        """The data of a GraphQL query, sent as a program would send it."""
        answer = requests.post(f"{self.url}/graphql", json={"query": query}, timeout=30)
        answer.raise_for_status()
        return answer.json()["data"]

    def state(self) -> dict[str, list[Any]]:
        """Runs, concurrency limits and materializations of the asset."""
        data = self.ask(STATE)
        return {
            "runs": data["runsOrError"]["results"],
            "limits": data["instance"]["concurrencyLimits"],
            "made": data["assetOrError"]["assetMaterializations"],
        }


@contextmanager
def guarded_ui(folder: Path) -> Iterator[GuardedUi]:
    """Serve on a free port of 127.0.0.1, with instance and definitions in a folder."""
    (folder / "dagster.yaml").write_text(DAGSTER_YAML)
    (folder / "made_up.py").write_text(DEFINITIONS)
    target = LoadableTargetOrigin(python_file=str(folder / "made_up.py"))
    origin = InProcessCodeLocationOrigin(target, location_name="made_up")
    with (
        dg.DagsterInstance.from_config(str(folder)) as instance,
        WorkspaceProcessContext(instance, InProcessWorkspaceLoadTarget(origin)) as context,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        ui = GuardedUi(listener.getsockname()[1], context)
        server = guarded_server(context)
        server.config.app = _recorded(server.config.app, ui.reached)
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield ui
        finally:
            server.should_exit = True
            thread.join()


def _recorded(app: ASGIApp, reached: list[Reached]) -> ASGIApp:
    """The app, with each of its answers appended to a list."""
    statuses = {"websocket.accept": 101, "websocket.close": 403}

    async def recorded(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_recorded(message: Message) -> None:
            status = statuses.get(message["type"]) or message.get("status")
            if status:
                reached.append(Reached(scope.get("method", "WEBSOCKET"), scope["path"], status))
            await send(message)

        await app(scope, receive, send if scope["type"] == "lifespan" else send_recorded)

    return recorded
