"""Ticks of the sensor and the schedule on an ephemeral instance, with the replica as source."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import dagster as dg
import pytest

from orchestration.definitions import defs
from orchestration.defs.partitions import LABELS_TAG, known_partitions, tags_for
from orchestration.defs.resources import Workspace
from orchestration.defs.schedules import build_schedules
from orchestration.defs.sensors import build_sensor
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.recorded_sources import (
    MixedSourcesError,
    record_source,
    recorded_sources,
)
from orchestration.runtime.run_lock import run_lock
from orchestration.settings import Settings
from scrapers.errors import FetchError, NoticeListError, RefusedAddressError
from scrapers.registers import (
    DEEP_SYNTHESIS,
    GENERATIVE_SERVICES,
    RECOMMENDATION,
    REGISTERS,
)
from scrapers.registers.generative_services import PAGE as SERVICES_PAGE
from scrapers.replica.facts import load_register
from scrapers.replica.site import Answer
from tests.orchestration.defs.run_factories import (
    ALL,
    FIRST,
    KEYS,
    batches,
    make_failed_run,
    make_released,
    make_run,
    make_validated,
    others,
)
from tests.support.loopback import (
    LoopbackSites,
    drip_header,
    firewall_page,
    html_instead,
    status,
    with_new_batch,
)
from tests.support.registers import with_new_lists


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
    """The tags of the runs that a tick requests, without the names of their documents."""
    assert isinstance(result, dg.SensorResult), result
    requests = [dict(request.tags) for request in result.run_requests]
    assert all(tags.pop(LABELS_TAG) for tags in requests)
    return requests


def seconds_later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    then = datetime.now(UTC).timestamp() + seconds
    monkeypatch.setattr("orchestration.defs.sensors.time", SimpleNamespace(time=lambda: then))


def test_first_tick_requests_one_run_for_all_documents(instance):
    assert requested(tick(instance)) == [FIRST]
    assert list(known_partitions(instance, DEEP_SYNTHESIS)) == KEYS


def test_tick_skips_if_all_documents_are_released(instance):
    make_released(instance, KEYS)
    result = tick(instance)
    assert isinstance(result, dg.SkipReason)
    assert result.skip_message == (
        "18 batches, 7 notices, 19 lists of recommendation algorithms, "
        "13 lists of generative services published, none new"
    )


def test_tick_requests_missing_documents_only(instance):
    make_released(instance, [key for key in KEYS if key not in {"003", "004", "009"}])
    assert requested(tick(instance)) == [batches("003", "004", "009")]


def test_validated_but_unpublished_document_is_requested_again(instance):
    make_released(instance, KEYS[:-1])
    make_validated(instance, DEEP_SYNTHESIS, ["018"])
    assert requested(tick(instance)) == [batches("018")]


def test_released_documents_are_not_requested_after_the_records_were_deleted(instance):
    make_released(instance, KEYS)
    with dg.DagsterInstance.ephemeral() as new:
        assert isinstance(tick(new), dg.SkipReason)
        assert list(known_partitions(new, DEEP_SYNTHESIS)) == KEYS


def test_all_documents_are_requested_if_the_release_does_not_state_them(instance, data_dir):
    make_released(instance, KEYS)
    (data_dir / "published/latest/datapackage.json").write_text("{}")
    assert requested(tick(instance)) == [FIRST]


def test_run_of_single_assets_counts_as_unfinished(instance, data_dir):
    run = instance.create_run_for_job(
        defs.resolve_implicit_global_asset_job_def(), status=dg.DagsterRunStatus.STARTED
    )
    with run_lock(data_dir):
        assert tick(instance) == dg.SkipReason("a run is queued or under way")
    tick(instance)
    assert instance.get_run_by_id(run.run_id).status is dg.DagsterRunStatus.FAILURE


def test_notice_with_foreign_link_fails_tick_after_others_are_requested(instance, sites):
    sites.break_with(sites.notice_list_path, _with_a_notice_that_links_elsewhere)
    assert requested(tick(instance)) == [FIRST]
    make_released(instance, KEYS)
    with pytest.raises(RefusedAddressError, match="elsewhere"):
        tick(instance)


def test_unknown_notice_fails_tick_after_others_are_requested(instance, sites):
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


def test_skip_message_names_missing_batch(instance, sites):
    sites.register = with_new_batch(sites.register, 20, rows=3)
    make_released(instance, [*KEYS, "020"])
    assert "no announcement found for batch 019" in tick(instance).skip_message


def test_batch_no_longer_announced_loses_its_partition(instance, sites):
    right = sites.register
    sites.register = with_new_batch(right, 21, rows=1)
    tick(instance)
    assert "021" in known_partitions(instance, DEEP_SYNTHESIS)
    sites.register = with_new_batch(right, 19, rows=1)
    assert requested(tick(instance)) == [batches(*KEYS, "019") | others()]
    assert list(known_partitions(instance, DEEP_SYNTHESIS)) == [*KEYS, "019"]


def test_skip_message_names_missing_batches_as_range(instance, sites):
    sites.register = with_new_batch(sites.register, 23, rows=1)
    make_released(instance, [*KEYS, "023"])
    assert "no announcement found for batch 019 to 022" in tick(instance).skip_message


def test_newly_announced_batch_is_requested(instance, sites):
    make_released(instance, KEYS)
    sites.register = with_new_batch(sites.register, 19, rows=3)
    assert requested(tick(instance)) == [batches("019")]
    assert known_partitions(instance, DEEP_SYNTHESIS)[-1] == "019"


def test_new_documents_of_several_registers_are_requested_in_one_run(instance, sites):
    make_released(instance, KEYS)
    sites.register = with_new_lists(with_new_batch(sites.register, 19, rows=3), "2026-10", rows=3)
    lists = [tags_for(register, ["2026-10"]) for register in (RECOMMENDATION, GENERATIVE_SERVICES)]
    assert requested(tick(instance)) == [batches("019") | lists[0] | lists[1]]
    new = {register: ["2026-10"] for register in (RECOMMENDATION, GENERATIVE_SERVICES)}
    make_released(instance, [*KEYS, "019"], new)
    assert isinstance(tick(instance), dg.SkipReason)


def test_failed_list_waits_under_its_own_name(instance, sites, monkeypatch):
    make_released(instance, KEYS)
    sites.register = with_new_lists(sites.register, "2026-10", rows=3)
    tick(instance)
    make_failed_run(instance, ALL)
    names = "recommendation list 2026-10; waiting to retry: services list 2026-10"
    assert tick(instance).skip_message.endswith(f"waiting to retry: {names}")
    seconds_later(monkeypatch, 901)
    (tags,) = requested(tick(instance))
    assert tags == tags_for(RECOMMENDATION, ["2026-10"]) | tags_for(
        GENERATIVE_SERVICES, ["2026-10"]
    )


def test_page_that_fails_is_an_alarm_after_other_registers_are_requested(instance, sites):
    make_released(instance, KEYS)
    sites.register = with_new_lists(sites.register, "2026-10", rows=3)
    sites.break_with(SERVICES_PAGE, status(503))
    assert requested(tick(instance)) == [tags_for(RECOMMENDATION, ["2026-10"])]
    make_released(instance, KEYS, {RECOMMENDATION: ["2026-10"]})
    with pytest.raises(
        FetchError, match=r"status 503 \[Generative AI services, .*c_1713729983803145"
    ):
        tick(instance)


def test_failed_batch_is_requested_again_after_wait(instance, monkeypatch):
    make_released(instance, KEYS[:-1])
    make_failed_run(instance, ALL)
    waiting = tick(instance)
    assert isinstance(waiting, dg.SkipReason)
    assert waiting.skip_message.endswith("waiting to retry: batch 018")
    seconds_later(monkeypatch, 901)
    assert requested(tick(instance)) == [batches("018")]


def test_cancelled_run_is_requested_again_after_wait(instance, monkeypatch):
    make_released(instance, KEYS[:-1])
    run = make_run(instance, dg.DagsterRunStatus.STARTED, batches("018"))
    instance.report_run_canceled(run)
    waiting = tick(instance)
    assert isinstance(waiting, dg.SkipReason)
    assert waiting.skip_message.endswith("waiting to retry: batch 018")
    seconds_later(monkeypatch, 901)
    assert requested(tick(instance)) == [batches("018")]


def test_requested_run_names_its_documents(instance):
    make_released(instance, KEYS[:-2])
    result = tick(instance)
    assert isinstance(result, dg.SensorResult)
    assert result.run_requests[0].tags[LABELS_TAG] == "batch 017, batch 018"


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (firewall_page(), FetchError, "challenge page"),
        (html_instead(), NoticeListError, "is not JSON"),
        (html_instead('{"errno": 0, "datas": []}'), NoticeListError, "no batch is announced"),
        (html_instead('{"errno": 7, "errmsg": "busy"}'), NoticeListError, "errno 7"),
    ],
)
def test_unreadable_notice_list_fails_tick(instance, sites, fault, error, words):
    make_released(instance, KEYS)
    sites.break_with(sites.notice_list_path, fault)
    with pytest.raises(error, match=words) as raised:
        tick(instance)
    assert sites.beian_url in str(raised.value)


def test_waiting_run_is_not_requested_again(instance):
    make_run(instance, dg.DagsterRunStatus.NOT_STARTED, ALL)
    assert tick(instance) == dg.SkipReason("a run is queued or under way")


def test_tick_asks_a_failing_source_only_once(instance, sites):
    make_released(instance, KEYS)
    sites.break_with(lambda path: True, status(503))
    with pytest.raises(FetchError, match="status 503"):
        tick(instance)
    assert len(sites.log) == len(REGISTERS)


def test_unreadable_notice_list_fails_tick_also_during_a_run(instance, sites):
    make_run(instance, dg.DagsterRunStatus.NOT_STARTED, ALL)
    sites.break_with(sites.notice_list_path, firewall_page())
    with pytest.raises(FetchError, match="challenge page"):
        tick(instance)


def test_tick_has_a_deadline(instance, sites, monkeypatch):
    monkeypatch.setattr("orchestration.defs.sensors.DEADLINE_SECONDS", 1e-6)
    with pytest.raises(FetchError):
        tick(instance)


def test_tick_with_a_source_that_hangs_ends_in_time_despite_waits(instance, sites, monkeypatch):
    monkeypatch.setattr("orchestration.defs.sensors.DEADLINE_SECONDS", 2.0)
    monkeypatch.setenv("FILINGS_REQUESTS_PER_SECOND", "1")
    sites.break_with(lambda path: True, drip_header)
    started = time.monotonic()
    with pytest.raises(FetchError, match=r"within 0\.5 seconds"):
        tick(instance)
    # Four requests of half a second, one second apart, would take three and a half.
    assert time.monotonic() - started < 3


def test_run_that_holds_the_lock_is_not_closed(instance, data_dir):
    run = make_run(instance, dg.DagsterRunStatus.STARTED, ALL)
    with run_lock(data_dir):
        assert tick(instance) == dg.SkipReason("a run is queued or under way")
    assert instance.get_run_by_id(run.run_id).status is dg.DagsterRunStatus.STARTED


def test_dead_run_is_closed_and_retried(instance, monkeypatch):
    run = make_run(instance, dg.DagsterRunStatus.STARTED, ALL)
    assert isinstance(tick(instance), dg.SkipReason)
    assert instance.get_run_by_id(run.run_id).status is dg.DagsterRunStatus.FAILURE
    seconds_later(monkeypatch, 901)
    assert requested(tick(instance)) == [FIRST]


def test_nightly_requests_all_documents(data_dir):
    # A schedule's context opens its instance by reference, which an ephemeral one has not.
    nightly = defs.get_schedule_def("nightly")
    with (
        dg.DagsterInstance.local_temp(str(data_dir)) as instance,
        dg.build_schedule_context(instance=instance) as context,
    ):
        assert isinstance(nightly(context), dg.SkipReason)
        make_released(instance, KEYS)
        assert dict(nightly(context).tags) == {
            f"filings/{register}": "all"
            for register in (
                "deep_synthesis", "cancellation_notices", "recommendation", "generative_services"
            )
        } | {LABELS_TAG: "all documents"}  # fmt: skip


def test_tick_from_another_source_fails_before_anything_is_asked_or_written(
    data_dir, instance, sites
):
    record_source(DataDir(data_dir), "replica")
    before = sorted(data_dir.rglob("*"))
    with pytest.raises(MixedSourcesError):
        tick(instance)
    assert sites.log == [] and known_partitions(instance, DEEP_SYNTHESIS) == []
    assert sorted(data_dir.rglob("*")) == before


def test_tick_records_the_source(data_dir, instance):
    tick(instance)
    assert recorded_sources(DataDir(data_dir)) == ("replica",)


def test_nightly_from_another_source_requests_nothing(data_dir):
    record_source(DataDir(data_dir), "live")
    workspace = Workspace.from_settings(Settings.from_environment())
    nightly, _ = build_schedules(REGISTERS, workspace)
    with (
        dg.DagsterInstance.local_temp(str(data_dir)) as instance,
        dg.build_schedule_context(instance=instance) as context,
        pytest.raises(MixedSourcesError),
    ):
        nightly(context)
