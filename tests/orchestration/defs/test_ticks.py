"""Ticks of the sensor and the schedule on an ephemeral instance, over the replica's notice list."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import dagster as dg
import pytest
import yaml
from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.definitions.assets.job.asset_job import IMPLICIT_ASSET_JOB_NAME
from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)

from orchestration.definitions import defs
from orchestration.defs.asset_keys import RELEASE, validated_key
from orchestration.defs.names import REFRESH
from orchestration.defs.partitions import known_partitions, settle_partitions, tags_for
from orchestration.defs.resources import Workspace
from orchestration.defs.run_history import (
    CODE_LOCATION,
    DEFINITIONS,
    close_dead_runs,
    failures_of,
    foreign_runs,
    unfinished_runs,
)
from orchestration.defs.sensors import build_sensor
from orchestration.runtime.run_lock import run_lock
from orchestration.settings import PROJECT_ROOT, Settings
from scrapers.errors import FetchError, NoticeListError, RefusedAddressError
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS, REGISTERS
from scrapers.registers.base import Register
from scrapers.registers.discovery.announcements import batch_key
from scrapers.replica.facts import load_register
from scrapers.replica.site import Answer
from tests.support.loopback import LoopbackSites, firewall_page, html_instead, with_new_batch

KEYS = [batch_key(number) for number in range(1, 19)]
NOTICES = sorted({fact.notice_id for fact in load_register().cancellations})
ALL = {name: value for register in REGISTERS for name, value in tags_for(register, None).items()}


def batches(*keys: str) -> dict[str, str]:
    """The tags of a run over these batches."""
    return tags_for(DEEP_SYNTHESIS, keys)


def notices() -> dict[str, str]:
    """The tags of a run over all notices."""
    return tags_for(CANCELLATION_NOTICES, NOTICES)


FIRST = batches(*KEYS) | notices()


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("FILINGS_DATA_DIR", str(tmp_path))
    for name in ("FILINGS_SOURCE", "FILINGS_REPLICA_BATCHES", "FILINGS_POLL_SECONDS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def instance(data_dir) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def sites(data_dir, monkeypatch) -> Iterator[LoopbackSites]:
    with LoopbackSites(load_register()) as sites:
        monkeypatch.setenv("FILINGS_SOURCE", "live")
        monkeypatch.setenv("FILINGS_CAC_URL", sites.cac_url)
        monkeypatch.setenv("FILINGS_BEIAN_URL", sites.beian_url)
        monkeypatch.setenv("FILINGS_REQUESTS_PER_SECOND", "0")
        yield sites


def tick(instance: dg.DagsterInstance) -> dg.SensorResult | dg.SkipReason:
    workspace = Workspace.from_settings(Settings.from_environment())
    with dg.build_sensor_context(instance=instance) as context:
        return build_sensor(REGISTERS, workspace)(context)


def requested(result: dg.SensorResult | dg.SkipReason) -> list[dict[str, str]]:
    """The tags of the runs that a tick requests."""
    assert isinstance(result, dg.SensorResult), result
    return [dict(request.tags) for request in result.run_requests]


def make_released(instance: dg.DagsterInstance, keys: Iterable[str]) -> None:
    """Record that these batches, and all notices, have come through."""
    make_validated(instance, CANCELLATION_NOTICES, NOTICES)
    make_validated(instance, DEEP_SYNTHESIS, keys)
    instance.report_runless_asset_event(dg.AssetMaterialization(RELEASE))


def make_validated(instance: dg.DagsterInstance, register: Register, keys: Iterable[str]) -> None:
    known = {*known_partitions(instance, register), *keys}
    settle_partitions(instance, register, sorted(known))
    for key in keys:
        partition = register.partition(key)
        event = dg.AssetMaterialization(validated_key(register), partition=partition)
        instance.report_runless_asset_event(event)


def make_run(
    instance: dg.DagsterInstance, status: dg.DagsterRunStatus, tags: dict[str, str]
) -> dg.DagsterRun:
    settle_partitions(instance, DEEP_SYNTHESIS, KEYS)
    return instance.create_run_for_job(defs.resolve_job_def(REFRESH), status=status, tags=tags)


def make_failed_run(instance: dg.DagsterInstance, tags: dict[str, str]) -> None:
    run = make_run(instance, dg.DagsterRunStatus.STARTED, tags)
    instance.report_run_failed(run, "made up")


def seconds_later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    then = datetime.now(UTC).timestamp() + seconds
    monkeypatch.setattr("orchestration.defs.sensors.time", SimpleNamespace(time=lambda: then))


def test_the_first_tick_asks_for_one_run_over_everything_announced(instance):
    assert requested(tick(instance)) == [FIRST]
    assert list(known_partitions(instance, DEEP_SYNTHESIS)) == KEYS


def test_nothing_is_asked_for_once_every_batch_has_come_through(instance):
    make_released(instance, KEYS)
    result = tick(instance)
    assert isinstance(result, dg.SkipReason)
    assert result.skip_message == f"18 lists, {len(NOTICES)} notices published, none new"


def test_only_what_is_missing_is_asked_for(instance):
    make_released(instance, [key for key in KEYS if key not in {"003", "004", "009"}])
    assert requested(tick(instance)) == [batches("003", "004", "009")]


def test_what_was_validated_but_never_published_is_asked_for_again(instance):
    make_released(instance, KEYS[:-1])
    make_validated(instance, DEEP_SYNTHESIS, ["018"])
    assert requested(tick(instance)) == [batches("018")]


def test_a_run_over_single_assets_counts_too(instance, data_dir):
    run = instance.create_run_for_job(
        defs.resolve_implicit_global_asset_job_def(), status=dg.DagsterRunStatus.STARTED
    )
    with run_lock(data_dir):
        assert tick(instance) == dg.SkipReason("a run is queued or under way")
    tick(instance)
    assert instance.get_run_by_id(run.run_id).status is dg.DagsterRunStatus.FAILURE


def test_a_notice_that_cannot_be_read_fails_the_tick_once_the_others_are_under_way(instance, sites):
    sites.break_with(sites.notice_list_path, _with_a_notice_that_links_elsewhere)
    assert requested(tick(instance)) == [FIRST]
    make_released(instance, KEYS)
    with pytest.raises(RefusedAddressError, match="elsewhere"):
        tick(instance)


def test_a_notice_that_was_not_taken_fails_the_tick_once_the_others_are_under_way(instance, sites):
    sites.break_with(sites.notice_list_path, _with_a_new_sort_of_notice)
    assert requested(tick(instance)) == [FIRST]
    make_released(instance, KEYS)
    with pytest.raises(NoticeListError, match="n-7 '深度合成服务名录'"):
        tick(instance)


def _with_a_new_sort_of_notice(answer: Answer) -> Answer:
    notices = json.loads(answer.body)
    notices["datas"].append({"noticeId": "n-7", "title": "深度合成服务名录", "content": "/x.pdf"})
    return replace(answer, body=json.dumps(notices).encode())


def _with_a_notice_that_links_elsewhere(answer: Answer) -> Answer:
    notices = json.loads(answer.body)
    notice = next(item for item in notices["datas"] if "第十一批" in item["title"])
    link = "https://elsewhere.example/2025-07/14/c_1.htm"
    notices["datas"].append(
        notice | {"title": notice["title"].replace("十一", "十二"), "content": link}
    )
    return replace(answer, body=json.dumps(notices).encode())


def test_a_gap_in_the_ordinals_is_told(instance, sites):
    sites.register = with_new_batch(sites.register, 20, rows=3)
    make_released(instance, [*KEYS, "020"])
    assert "no announcement found of batch 019" in tick(instance).skip_message


def test_a_batch_that_is_not_announced_after_all_loses_its_partition(instance, sites):
    right = sites.register
    sites.register = with_new_batch(right, 21, rows=1)
    tick(instance)
    assert "021" in known_partitions(instance, DEEP_SYNTHESIS)
    sites.register = with_new_batch(right, 19, rows=1)
    assert requested(tick(instance)) == [batches(*KEYS, "019") | notices()]
    assert list(known_partitions(instance, DEEP_SYNTHESIS)) == [*KEYS, "019"]


def test_gaps_are_told_as_ranges(instance, sites):
    sites.register = with_new_batch(sites.register, 23, rows=1)
    make_released(instance, [*KEYS, "023"])
    assert "no announcement found of batch 019 to 022" in tick(instance).skip_message


def test_a_batch_announced_later_is_asked_for_by_itself(instance, sites):
    make_released(instance, KEYS)
    sites.register = with_new_batch(sites.register, 19, rows=3)
    assert requested(tick(instance)) == [batches("019")]
    assert known_partitions(instance, DEEP_SYNTHESIS)[-1] == "019"


def test_a_batch_that_failed_waits_and_then_comes_back_by_itself(instance, monkeypatch):
    make_released(instance, KEYS[:-1])
    make_failed_run(instance, ALL)
    waiting = tick(instance)
    assert isinstance(waiting, dg.SkipReason)
    assert waiting.skip_message.endswith("waiting to try again: 018")
    seconds_later(monkeypatch, 901)
    assert requested(tick(instance)) == [batches("018")]


def test_each_further_failure_doubles_the_wait(instance, monkeypatch):
    make_released(instance, KEYS[:-1])
    for _ in range(3):
        make_failed_run(instance, ALL)
    seconds_later(monkeypatch, 2 * 900 + 1)
    assert isinstance(tick(instance), dg.SkipReason)
    seconds_later(monkeypatch, 4 * 900 + 1)
    assert requested(tick(instance)) == [batches("018")]


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (firewall_page(), FetchError, "challenge page"),
        (html_instead(), NoticeListError, "no JSON"),
        (html_instead('{"errno": 0, "datas": []}'), NoticeListError, "no batch announcement"),
        (html_instead('{"errno": 7, "errmsg": "busy"}'), NoticeListError, "errno 7"),
    ],
)
def test_a_list_that_cannot_be_read_fails_the_tick(instance, sites, fault, error, words):
    make_released(instance, KEYS)
    sites.break_with(sites.notice_list_path, fault)
    with pytest.raises(error, match=words) as raised:
        tick(instance)
    assert sites.beian_url in str(raised.value)


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING])
def test_a_run_that_is_waiting_is_not_asked_for_again(instance, status):
    make_run(instance, status, ALL)
    assert tick(instance) == dg.SkipReason("a run is queued or under way")


def test_a_run_that_holds_the_lock_is_left_alone(instance, data_dir):
    run = make_run(instance, dg.DagsterRunStatus.STARTED, ALL)
    with run_lock(data_dir):
        assert tick(instance) == dg.SkipReason("a run is queued or under way")
    assert instance.get_run_by_id(run.run_id).status is dg.DagsterRunStatus.STARTED


def test_a_run_whose_process_died_is_closed_as_failed_and_tried_again(instance, monkeypatch):
    run = make_run(instance, dg.DagsterRunStatus.STARTED, ALL)
    assert isinstance(tick(instance), dg.SkipReason)
    assert instance.get_run_by_id(run.run_id).status is dg.DagsterRunStatus.FAILURE
    seconds_later(monkeypatch, 901)
    assert requested(tick(instance)) == [FIRST]


def test_the_night_fetches_everything_known_again(data_dir):
    # A schedule's context opens its instance by reference, which an ephemeral one has not.
    nightly = defs.get_schedule_def("nightly")
    with (
        dg.DagsterInstance.local_temp(str(data_dir)) as instance,
        dg.build_schedule_context(instance=instance) as context,
    ):
        assert isinstance(nightly(context), dg.SkipReason)
        make_released(instance, KEYS)
        assert dict(nightly(context).tags) == ALL


@dg.job
def refresh_of_another_project():
    pass


def test_runs_of_other_projects_in_the_same_home_are_left_alone(instance, data_dir):
    theirs = instance.create_run_for_job(
        refresh_of_another_project, status=dg.DagsterRunStatus.STARTED
    )
    ours = make_run(instance, dg.DagsterRunStatus.STARTED, ALL)
    assert foreign_runs(instance) == ["refresh_of_another_project"]
    assert close_dead_runs(instance, data_dir) == [ours.run_id]
    assert instance.get_run_by_id(theirs.run_id).status is dg.DagsterRunStatus.STARTED
    assert unfinished_runs(instance) == 0


def test_a_run_of_the_same_name_in_another_code_location_is_not_ours(instance, data_dir):
    run = make_run(instance, dg.DagsterRunStatus.STARTED, ALL)
    for location, is_ours in (("filings", True), ("elsewhere", False)):
        instance.delete_run(run.run_id)
        run = run.with_status(dg.DagsterRunStatus.STARTED)._replace(
            remote_job_origin=remote_origin(location)
        )
        instance.add_run(run)
        assert unfinished_runs(instance) == int(is_ours)


@pytest.mark.parametrize(
    ("assets", "is_ours"),
    [
        ([RELEASE], True),
        ([dg.AssetKey("theirs")], False),
        ([RELEASE, dg.AssetKey("theirs")], False),
    ],
)
def test_a_run_of_single_assets_in_its_own_process_is_known_by_them(
    instance, data_dir, assets, is_ours
):
    run = make_run(instance, dg.DagsterRunStatus.STARTED, ALL)
    instance.delete_run(run.run_id)
    job = IMPLICIT_ASSET_JOB_NAME
    instance.add_run(run._replace(job_name=job, asset_selection=frozenset(assets)))
    assert close_dead_runs(instance, data_dir) == ([run.run_id] if is_ours else [])
    assert foreign_runs(instance) == ([] if is_ours else [job])


def test_the_code_location_is_known_by_its_module_as_well(instance):
    run = make_run(instance, dg.DagsterRunStatus.STARTED, ALL)
    for module, is_ours in ((DEFINITIONS, True), ("elsewhere.definitions", False)):
        instance.delete_run(run.run_id)
        pointer = ModuleCodePointer(module, "defs", None)
        code = RepositoryPythonOrigin("python", pointer)
        run = run._replace(
            remote_job_origin=remote_origin(module),
            job_code_origin=JobPythonOrigin(REFRESH, code),
        )
        instance.add_run(run)
        assert unfinished_runs(instance) == int(is_ours)


def test_the_workspace_names_this_code_location():
    (location,) = yaml.safe_load((PROJECT_ROOT / "workspace.yaml").read_text())["load_from"]
    assert location["python_module"] == {
        "module_name": DEFINITIONS,
        "location_name": CODE_LOCATION,
    }


def test_failures_of_others_do_not_hide_ours(instance, monkeypatch):
    monkeypatch.setattr("orchestration.defs.run_history.RUNS_LOOKED_AT", 2)
    make_run(instance, dg.DagsterRunStatus.FAILURE, {"dagster/partition": "001"})
    for _ in range(5):
        run = make_run(instance, dg.DagsterRunStatus.FAILURE, {"dagster/partition": "001"})
        instance.delete_run(run.run_id)
        instance.add_run(run._replace(remote_job_origin=remote_origin("elsewhere")))
    assert failures_of(instance, DEEP_SYNTHESIS, ["001"], KEYS)["001"].count == 1


def remote_origin(location: str) -> RemoteJobOrigin:
    code = RegisteredCodeLocationOrigin(location)
    return RemoteJobOrigin(RemoteRepositoryOrigin(code, "__repository__"), REFRESH)
