"""The pipeline of cancellation notices: failed notices have a result, the others are in tables."""

import shutil
from dataclasses import replace

import pytest

from orchestration.ingest.results import IngestResult
from scrapers.registers import CANCELLATION_NOTICES
from scrapers.replica.facts import Register, load_register
from tests.support.loopback import corrupt, status
from tests.support.pipelines import Pipeline

REGISTER = load_register().first(3)
FIRST = REGISTER.cancellations[0].notice_id
SECOND = "notice_230ec03a-bca6-41a1-be7f-ad84571ce128"
FILES = "/api/file/fileDownLoad"


def run(pipeline: Pipeline, *keys: str, done: tuple[str, ...] = ()) -> dict[str, IngestResult]:
    return pipeline.run(CANCELLATION_NOTICES, *keys, done=done)


def with_records(register: Register, notice_id: str, kept: int, **changes: str) -> Register:
    """The register with the first `kept` records of a notice, changed, instead of all of them."""
    records = [r for r in register.cancellations if r.notice_id == notice_id][:kept]
    others = [r for r in register.cancellations if r.notice_id != notice_id]
    return replace(
        register, cancellations=(*others, *(replace(record, **changes) for record in records))
    )


def test_all_notices_are_ingested(pipeline):
    results = run(pipeline)
    assert [r.problem for r in results.values()] == [None] * 7
    assert sum(r.rows for r in results.values()) == sum(r.added for r in results.values()) == 57
    records = pipeline.table("cancellations")
    assert records.height == records["filing_number"].n_unique() == 57
    assert dict(records["kind_code"].value_counts().rows()) == {"01": 46, "02": 6, "04": 3, "05": 2}
    assert pipeline.table("cancellation_quarantine").is_empty()
    notices = pipeline.table("cancellation_notices").sort("published_on")
    titled = notices.select("records_accepted", "titled_count")
    assert titled.rows() == [(28, 28), (5, None), (3, 3), (5, 5), (1, None), (5, 5), (10, 10)]


def test_second_run_parses_and_writes_nothing(ingested, monkeypatch):
    before = ingested.validated_files()

    def read_document(*_: object, **__: object) -> None:
        raise AssertionError("a document is parsed")

    monkeypatch.setattr("orchestration.validation.validator.read_document", read_document)
    monkeypatch.setattr("scrapers.registers.fetching.read_document", read_document)
    results = run(ingested).values()
    assert not any(result.problem or result.is_new or result.added for result in results)
    assert ingested.validated_files() == before


def test_source_without_cancellations_gives_empty_tables(sites, pipeline):
    sites.register = replace(REGISTER, cancellations=())
    assert run(pipeline) == {}
    for name in ("cancellations", "cancellation_notices", "cancellation_quarantine"):
        assert pipeline.table(name).is_empty()


@pytest.mark.parametrize(
    ("fault", "is_transient"), [(corrupt, False), (status(404), False), (status(503), True)]
)
def test_result_of_failed_notice_has_its_url(sites, pipeline, fault, is_transient):
    sites.break_with(f"{FILES}?noticeId={FIRST}", fault)
    failed = run(pipeline, FIRST)[FIRST]
    assert failed.problem and f"noticeId={FIRST}" in failed.problem
    assert failed.is_transient == is_transient
    assert pipeline.table("cancellations").is_empty()


def test_notice_missing_at_source_stays_in_use(sites, ingested):
    sites.break_with(f"{FILES}?noticeId={SECOND}", status(404))
    result = run(ingested)[SECOND]
    assert result.problem is None and "gone since" in result.remarks[0]
    others = tuple(r for r in REGISTER.cancellations if r.notice_id != SECOND)
    sites.register = replace(REGISTER, cancellations=others)
    forgotten = run(ingested)[SECOND]
    assert (forgotten.problem, forgotten.remarks) == (None, [])
    assert ingested.table("cancellations").height == 57


def test_fault_keeps_last_accepted_version_in_use(sites, ingested):
    sites.break_with(FILES, corrupt)
    assert all(result.problem for result in run(ingested).values())
    assert ingested.table("cancellations").height == 57


def test_notice_that_shrank_is_held_back(sites, ingested):
    sites.register = with_records(REGISTER, SECOND, kept=4)
    problem = run(ingested)[SECOND].problem
    assert problem and "shrank from 5 to 4 rows" in problem and "reviewed_documents.csv" in problem
    assert ingested.table("cancellations").height == 57


def test_notice_with_unknown_roles_is_held_back_with_quarantine(sites, pipeline):
    sites.register = with_records(REGISTER, SECOND, kept=5, role="提供方")
    problem = run(pipeline, SECOND)[SECOND].problem
    assert problem and "5 of 5 rows break the contract" in problem
    assert "contracts/cancellation_notices.py" in problem
    store = pipeline.store(CANCELLATION_NOTICES)
    result = store.results(CANCELLATION_NOTICES.folder(SECOND))[-1]
    assert set(store.quarantine(result)["failure_value"]) == {"提供方"}


def test_single_bad_record_does_not_hold_back_its_notice(sites, pipeline):
    records = [r for r in REGISTER.cancellations if r.notice_id == SECOND]
    others = [r for r in REGISTER.cancellations if r.notice_id != SECOND]
    broken = (replace(records[0], role="提供方"), *records[1:])
    sites.register = replace(REGISTER, cancellations=(*others, *broken))
    result = run(pipeline, SECOND)[SECOND]
    assert (result.problem, result.rows, result.quarantined) == (None, 4, 1)
    quarantine = pipeline.table("cancellation_quarantine")
    assert quarantine.select("notice_id", "check_name", "failure_value").rows() == [
        (SECOND, "known_role", "提供方")
    ]


def test_notice_published_twice_is_accepted_twice(sites, pipeline):
    again = [
        replace(record, notice_id="again", title=record.title.replace("公告", " 公告"))
        for record in REGISTER.cancellations
        if record.notice_id == SECOND
    ]
    sites.register = replace(REGISTER, cancellations=(*REGISTER.cancellations, *again))
    results = run(pipeline, SECOND, "again")
    assert [result.problem for result in results.values()] == [None, None]
    records = pipeline.table("cancellations")
    assert (records.height, records["filing_number"].n_unique()) == (10, 5)


def titled(register: Register, notice_id: str, title: str) -> Register:
    return replace(
        register,
        cancellations=tuple(
            replace(record, title=title) if record.notice_id == notice_id else record
            for record in register.cancellations
        ),
    )


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("关于注销“天朝人脸融合算法”等6个算法备案编号的公告", "says 6 but it has 5 rows"),
        ("关于注销“天朝人脸融合算法”等四个算法备案编号的公告", "says 4 but it has 5 rows"),
        ("关于注销“别的算法”等5个算法备案编号的公告", "the title names '别的算法'"),
        ("关于注销“乐图生成算法”“别的算法”等算法备案编号的公告", "the title names '别的算法'"),
    ],
)
def test_notice_that_contradicts_its_title_is_held_back(sites, pipeline, title, reason):
    sites.register = titled(REGISTER, SECOND, title)
    assert reason in run(pipeline, SECOND)[SECOND].problem
    assert pipeline.table("cancellations").is_empty()
    sites.register = REGISTER
    assert run(pipeline, SECOND)[SECOND].problem is None
    assert pipeline.table("cancellations").height == 5


@pytest.mark.parametrize(
    "title",
    [
        "关于注销部分算法备案编号的公告",
        "关于注销“乐图 生成算法”、“天朝人脸融合算法”等5个算法备案编号的公告",
    ],
)
def test_notice_that_matches_its_title_is_accepted(sites, pipeline, title):
    sites.register = titled(REGISTER, SECOND, title)
    assert run(pipeline, SECOND)[SECOND].problem is None


def test_file_of_another_notice_is_held_back(sites, ingested):
    again = [replace(r, notice_id="next") for r in REGISTER.cancellations if r.notice_id == SECOND]
    register = replace(REGISTER, cancellations=(*REGISTER.cancellations, *again))
    sites.register = titled(register, "next", "关于注销部分算法备案编号的公告")
    problem = run(ingested)["next"].problem
    assert "its records are those of another notice, notice_230ec03a" in problem
    assert ingested.table("cancellations").height == 57


def test_amended_notice_is_new_version(sites, ingested):
    first, *rest = (r for r in REGISTER.cancellations if r.notice_id == SECOND)
    others = (r for r in REGISTER.cancellations if r.notice_id != SECOND)
    amended = replace(first, cancelled_month="2025年8月")
    sites.register = replace(REGISTER, cancellations=(*others, amended, *rest))
    result = run(ingested)[SECOND]
    assert (result.is_new, result.added, result.amended, result.gone) == (True, 0, 1, 0)
    versions = ingested.table("cancellation_notices").filter(notice_id=SECOND)
    assert versions["is_current"].to_list() == [False, True]
    records = ingested.table("cancellations").filter(notice_id=SECOND)
    months = ["2025-09"] * 5 + ["2025-08"] + ["2025-09"] * 4
    assert records["cancelled_month"].to_list() == months


def test_deleted_store_is_rebuilt_with_identical_files(ingested):
    before = ingested.validated_files()
    shutil.rmtree(ingested.data.validated)
    assert ingested.problems() == {}
    assert ingested.validated_files() == before


def test_documents_done_by_earlier_attempt_are_not_fetched(sites, ingested):
    results = ingested.results.of_register(CANCELLATION_NOTICES)
    done = {result.folder for result in results} - {CANCELLATION_NOTICES.folder(SECOND)}
    sites.log.clear()
    assert set(run(ingested, done=tuple(done))) == {SECOND}
    assert sites.paths("beian").count(FILES) == 1
