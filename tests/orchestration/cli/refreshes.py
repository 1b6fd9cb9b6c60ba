"""Refreshes with a job of one step instead of the pipeline's job."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.definitions import defs as definitions
from orchestration.defs.names import REFRESH
from orchestration.defs.partitions import known_partitions
from scrapers.registers.base import Register

LISTS = [f"deep_synthesis/00{number}" for number in (1, 2, 3)]

Step = Callable[[dg.OpExecutionContext], None]


def succeed(_: dg.OpExecutionContext) -> None:
    """A step that does nothing."""


@dataclass
class OneStepJob:
    """A job with one step; `tags` and `config` are those of its last run."""

    step: Step
    tags: dict[str, str] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)

    def resolve_job_def(self, name: str) -> "OneStepJob":
        assert name == REFRESH
        return self

    def resolve_asset_graph(self) -> Any:
        return definitions.resolve_asset_graph()

    def execute_in_process(
        self, *, run_config: dict[str, Any], tags: dict[str, str], **others: Any
    ) -> Any:
        self.tags, self.config = tags, run_config

        @dg.op
        def step(context: dg.OpExecutionContext) -> None:
            self.step(context)

        @dg.job(name=REFRESH)
        def job() -> None:
            step()

        return job.execute_in_process(
            tags=tags, run_config={"loggers": run_config["loggers"]}, **others
        )


def partitions(home: Path, register: Register) -> set[str]:
    with dg.DagsterInstance.from_config(str(home)) as instance:
        return set(known_partitions(instance, register))
