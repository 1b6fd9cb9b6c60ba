"""What each task reads."""

from pathlib import Path

import pytest

from orchestration.spark.files import Files
from orchestration.spark.models import ModelInputError, Models
from orchestration.spark.steps import ENTITIES, QUARANTINES, ROWS, SERVICES, TARGETS, units
from orchestration.warehouse.compiled import CompiledProject, compile_project
from scrapers.registers import REGISTERS
from tests.dbt_project.builds import BuildResult


@pytest.fixture(scope="module")
def project() -> CompiledProject:
    return compile_project(TARGETS)


def test_every_register_is_read_in_a_step():
    """A new register needs a decision by which key its rows are divided."""
    in_steps = sorted((*ENTITIES.registers, *SERVICES.registers))
    assert in_steps == sorted(register.name for register in REGISTERS)


def test_every_source_of_rows_is_divided(project: CompiledProject):
    divided = {*ROWS, *QUARANTINES}
    assert divided <= project.sources.keys()
    assert {
        name for name in project.sources if name.endswith(("lists", "versions", "notices"))
    } == (project.sources.keys() - divided)


def test_a_task_reads_all_versions_of_a_document_with_its_quarantine(
    project: CompiledProject, made_up: BuildResult
):
    validated = made_up.warehouse.parent / "validated"
    found = units(Files(str(validated)), project, ["deep_synthesis"])
    by_document = {unit.document: unit.paths for unit in found}
    amended = by_document["101"]
    assert len(amended["filings"]) == len(list((validated / "101").glob("*.parquet"))) > 1
    assert all(Path(path).parts[:2] == ("101", "quarantine") for path in amended["quarantine"])
    assert len(by_document) == len([unit for unit in found if unit.register == "deep_synthesis"])


def test_small_documents_of_a_register_are_one_task(project: CompiledProject, made_up: BuildResult):
    files = Files(str(made_up.warehouse.parent / "validated"))
    (unit,) = units(files, project, ["generative_services"])
    assert set(unit.paths) == {"generative_services", "generative_quarantine"}


def test_model_that_reads_a_source_without_rows_here_is_an_error(project: CompiledProject):
    with (
        Models(project) as models,
        pytest.raises(ModelInputError, match="which this part of the Spark job does not have"),
    ):
        models.table("registrations")
