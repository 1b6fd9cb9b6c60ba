"""The data directories that tests of the command line read."""

from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from orchestration.cli import refresh_run
from orchestration.cli.refresh_run import Refreshed
from orchestration.runtime.home import prepare_home
from orchestration.settings import Settings
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS
from tests.orchestration.cli.refreshes import OneStepJob, Step, succeed
from tests.orchestration.cli.register_factories import (
    make_cancellation,
    make_entity,
    make_entity_name,
    make_event,
    make_filing,
    make_issued_number,
    make_move,
    make_product,
    make_register,
    make_version,
)
from tests.orchestration.cli.reviews import Review
from tests.orchestration.publication.release_factories import make_filing as make_released_filing
from tests.orchestration.publication.release_factories import make_release
from tests.support.postgres import postgres, shared_postgres

__all__ = ["postgres", "shared_postgres"]

HOSTILE = "<script>alert(1)</script>[red]\x1b[31m:smile:"


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four filings of four entities; tests only read them."""
    renamed = {
        "column_name": "algorithm_name",
        "old_value": "云雀大模型",
        "new_value": "豆包大模型",
    }
    return make_register(
        tmp_path_factory.mktemp("register"),
        filings=[
            make_filing(1, "豆包大模型", entity_name="北京新名公司", sector_runner_up="education"),
            make_filing(2, "豆包", is_cancelled=True, cancelled_month="2025-07",
                   cancellation_source="both"),
            make_filing(3, "语音合成", list_status="withdrawn_from_list", note="信息变更"),
            make_filing(4, HOSTILE, list_status="quarantined", is_generative=False,
                        is_multimodal=True),
        ],
        entities=[
            make_entity(1, "北京新名公司", is_for_review=True),
            make_entity(2, "公司2", filings=2, cancelled=1, last_batch_no=4),
            *(make_entity(serial, f"公司{serial}") for serial in (3, 4)),
        ],
        entity_names=[
            make_entity_name(1, "北京新名公司"),
            make_entity_name(1, "北京旧名公司", 2, renamed_in_month="2024-08", is_for_review=True,
                        other_entity_ids=["0000009"]),
            *(make_entity_name(serial, f"公司{serial}") for serial in (2, 3, 4)),
        ],
        products=[make_product(1, "番茄小说"), make_product(3, "番茄小说", "mini_program")],
        filing_events=[
            make_event(1, "products_added", None, 3),
            make_event(1, "algorithm_renamed", "2024-08", 2, **renamed),
            make_event(1, "listed", "2023-08", 1, source="list"),
            make_event(2, "cancelled", "2025-07", 2, source="notice"),
            make_event(3, "amended", "2025-06", 2, source="list", column_name="note",
                  new_value="信息变更"),
            make_event(3, "withdrawn_from_list", None, 3, source="list"),
        ],
        filing_versions=[
            make_version(1, 1),
            make_version(3, 1, ended_as="amended"),
            make_version(3, 2, started_as="amended", changed_columns=["note"],
                         ended_as="withdrawn_from_list"),
        ],
        entity_moves=[make_move(1)],
        issued_numbers=[
            make_issued_number(1, 7, is_cancelled_by_notice=True),
            make_issued_number(1, 8, is_listed=True),
        ],
        cancellations=[
            make_cancellation(8, algorithm_name="新算法", published_on=date(2025, 8, 1)),
            make_cancellation(8, algorithm_name="旧算法"),
        ],
    )  # fmt: skip


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a release; tests only read it."""
    data_dir = tmp_path_factory.mktemp("released")
    make_release(
        data_dir,
        make_released_filing(1, name="=1+1"),
        make_released_filing(2, name="<script>alert(1)</script>"),
    )
    return data_dir


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Review:
    """A release with filings to read, and the seed that `filings review` writes."""
    made = Review(tmp_path)
    monkeypatch.setattr("orchestration.cli.review.seed.SEED", made.seed)
    return made


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The Dagster home of an empty data directory; the replica announces three batches."""
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv("FILINGS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FILINGS_REPLICA_BATCHES", "3")
    monkeypatch.delenv("FILINGS_SOURCE", raising=False)
    return prepare_home(Settings.from_environment())


@pytest.fixture
def refresh(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Refreshed, Any]]:
    """Runs a refresh of batches and notices with a step.

    Returns its result, and the job with the tags of the run.
    """
    monkeypatch.setattr(refresh_run, "REGISTERS", (DEEP_SYNTHESIS, CANCELLATION_NOTICES))

    def run(
        *batch_nos: int,
        documents: Collection[str] = (),
        step: Step = succeed,
        adds_source: bool = False,
    ) -> tuple[Refreshed, Any]:
        job = OneStepJob(step)
        monkeypatch.setattr(refresh_run, "defs", job)
        return refresh_run.refresh(home, batch_nos, documents, adds_source=adds_source), job

    return run
