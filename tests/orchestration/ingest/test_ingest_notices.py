"""Ingesting cancellation notices: what fails is an outcome, and the rest is in the tables."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import orchestration.validation.notices as notices_module
from orchestration.ingest.pipeline import ingest_notices
from orchestration.ingest.results import Outcome, Outcomes
from orchestration.validation.gates import Reviews
from orchestration.validation.notices import ValidatedNotices
from scrapers.archive.store import Archive
from scrapers.http.addresses import Source
from scrapers.http.session import PoliteSession
from scrapers.registers.cancellations import notice_folder
from scrapers.replica.facts import Register, load_register
from tests.support.loopback import LoopbackSites, corrupt, status

REGISTER = load_register().first(2)
FIRST = REGISTER.cancellations[0].notice_id
SECOND = "notice_230ec03a-bca6-41a1-be7f-ad84571ce128"
FILES = "/api/file/fileDownLoad"


class Pipeline:
    """The stores of one data directory, and runs over them."""

    def __init__(self, root: Path, session: PoliteSession) -> None:
        self.root, self.session = root, session
        self.archive, self.outcomes = Archive(root / "raw"), Outcomes(root / "outcomes")

    @property
    def validated(self) -> ValidatedNotices:
        return ValidatedNotices(self.root / "validated", self.archive, Reviews())

    def run(self, done: tuple[str, ...] = ()) -> dict[str, Outcome]:
        """Outcomes by folder, with the tables written as a run writes them."""
        attempts = list(
            ingest_notices(self.session, self.archive, self.validated, self.outcomes, done, "run")
        )
        self.validated.write_tables()
        return {attempt.outcome.folder: attempt.outcome for attempt in attempts}

    def table(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.root / "validated" / f"{name}.parquet")

    def files(self) -> dict[str, bytes]:
        root = self.root / "validated"
        return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def with_records(register: Register, notice_id: str, kept: int, **changes: str) -> Register:
    """The register where a notice has only its first records, changed."""
    records = [r for r in register.cancellations if r.notice_id == notice_id][:kept]
    others = [r for r in register.cancellations if r.notice_id != notice_id]
    return replace(
        register, cancellations=(*others, *(replace(record, **changes) for record in records))
    )


@pytest.fixture(scope="module")
def running() -> Iterator[LoopbackSites]:
    with LoopbackSites(REGISTER) as sites:
        yield sites


@pytest.fixture
def sites(running: LoopbackSites) -> LoopbackSites:
    running.register = REGISTER
    running.heal()
    return running


@pytest.fixture
def pipeline(sites: LoopbackSites, tmp_path: Path) -> Iterator[Pipeline]:
    source = Source(sites.cac_url, sites.beian_url)
    session = PoliteSession(source, requests_per_second=0, sleep=lambda seconds: None)
    yield Pipeline(tmp_path, session)
    session.close()


def test_57_records_of_7_notices_come_through(pipeline):
    outcomes = pipeline.run()
    assert [o.problem for o in outcomes.values()] == [None] * 7
    assert sum(o.rows for o in outcomes.values()) == sum(o.added for o in outcomes.values()) == 57
    records = pipeline.table("cancellations")
    assert records.height == records["filing_number"].n_unique() == 57
    assert dict(records["kind_code"].value_counts().rows()) == {"01": 46, "02": 6, "04": 3, "05": 2}
    assert pipeline.table("cancellation_quarantine").is_empty()
    notices = pipeline.table("cancellation_notices").sort("published_on")
    titled = notices.select("records_accepted", "titled_count")
    assert titled.rows() == [(28, 28), (5, None), (3, 3), (5, 5), (1, None), (5, 5), (10, 10)]


def test_a_second_run_parses_nothing_and_writes_nothing(pipeline, monkeypatch):
    pipeline.run()
    before = pipeline.files()
    monkeypatch.setattr(notices_module, "read_cancellations", None)
    monkeypatch.setattr("scrapers.registers.cancellations.read_cancellations", None)
    outcomes = pipeline.run()
    assert not any(o.problem or o.is_new or o.added for o in outcomes.values())
    assert pipeline.files() == before


def test_a_source_without_cancellations_gives_empty_tables(sites, pipeline):
    sites.register = replace(REGISTER, cancellations=())
    assert pipeline.run() == {}
    for name in ("cancellations", "cancellation_notices", "cancellation_quarantine"):
        assert pipeline.table(name).is_empty()


@pytest.mark.parametrize(
    ("fault", "is_transient"), [(corrupt, False), (status(404), False), (status(503), True)]
)
def test_a_notice_that_fails_is_an_outcome_with_its_address(sites, pipeline, fault, is_transient):
    sites.break_with(f"{FILES}?noticeId={FIRST}", fault)
    failed = pipeline.run().pop(notice_folder(FIRST))
    assert failed.problem and f"noticeId={FIRST}" in failed.problem
    assert failed.is_transient == is_transient
    assert pipeline.table("cancellations").height == 57 - 28


def test_a_notice_that_the_source_has_put_away_stands_as_archived(sites, pipeline):
    pipeline.run()
    sites.break_with(f"{FILES}?noticeId={SECOND}", status(404))
    outcome = pipeline.run()[notice_folder(SECOND)]
    assert outcome.problem is None and "gone since" in outcome.remarks[0]
    others = tuple(r for r in REGISTER.cancellations if r.notice_id != SECOND)
    sites.register = replace(REGISTER, cancellations=others)
    forgotten = pipeline.run()[notice_folder(SECOND)]
    assert (forgotten.problem, forgotten.remarks) == (None, [])
    assert pipeline.table("cancellations").height == 57


def test_a_fault_leaves_the_last_good_version_in_use(sites, pipeline):
    pipeline.run()
    sites.break_with(FILES, corrupt)
    assert all(outcome.problem for outcome in pipeline.run().values())
    assert pipeline.table("cancellations").height == 57


def test_a_notice_that_shrank_is_held_back(sites, pipeline):
    pipeline.run()
    sites.register = with_records(REGISTER, SECOND, kept=4)
    problem = pipeline.run()[notice_folder(SECOND)].problem
    assert problem and "shrank from 5 to 4 rows" in problem and "reviewed_documents.csv" in problem
    assert pipeline.table("cancellations").height == 57


def test_a_notice_of_other_words_is_held_back_with_its_reasons_kept(sites, pipeline):
    sites.register = with_records(REGISTER, SECOND, kept=5, role="提供方")
    problem = pipeline.run()[notice_folder(SECOND)].problem
    assert problem and "5 of 5 rows break the contract" in problem
    assert "contracts/cancellations.py" in problem
    verdict = pipeline.validated.verdicts(notice_folder(SECOND))[-1]
    assert set(pipeline.validated.quarantine(verdict)["failure_value"]) == {"提供方"}


def test_one_record_that_breaks_the_contract_does_not_hold_up_the_others(sites, pipeline):
    records = [r for r in REGISTER.cancellations if r.notice_id == SECOND]
    others = [r for r in REGISTER.cancellations if r.notice_id != SECOND]
    broken = (replace(records[0], role="提供方"), *records[1:])
    sites.register = replace(REGISTER, cancellations=(*others, *broken))
    outcome = pipeline.run()[notice_folder(SECOND)]
    assert (outcome.problem, outcome.rows, outcome.quarantined) == (None, 4, 1)


def test_a_notice_published_again_under_another_id_comes_through_too(sites, pipeline):
    again = [replace(r, notice_id="again") for r in REGISTER.cancellations if r.notice_id == SECOND]
    sites.register = replace(REGISTER, cancellations=(*REGISTER.cancellations, *again))
    assert not any(outcome.problem for outcome in pipeline.run().values())
    records = pipeline.table("cancellations")
    assert (records.height, records["filing_number"].n_unique()) == (62, 57)


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
def test_a_notice_that_does_not_fit_its_title_is_held_back(sites, pipeline, title, reason):
    sites.register = titled(REGISTER, SECOND, title)
    outcomes = pipeline.run()
    assert reason in outcomes[notice_folder(SECOND)].problem
    assert {folder for folder, item in outcomes.items() if item.problem} == {notice_folder(SECOND)}
    assert pipeline.table("cancellations").height == 52
    sites.register = REGISTER
    assert pipeline.run()[notice_folder(SECOND)].problem is None
    assert pipeline.table("cancellations").height == 57


@pytest.mark.parametrize(
    "title",
    [
        "关于注销部分算法备案编号的公告",
        "关于注销“乐图 生成算法”、“天朝人脸融合算法”等5个算法备案编号的公告",
    ],
)
def test_a_notice_that_fits_its_title_is_accepted(sites, pipeline, title):
    sites.register = titled(REGISTER, SECOND, title)
    assert pipeline.run()[notice_folder(SECOND)].problem is None


def test_the_file_of_another_notice_is_held_back(sites, pipeline):
    pipeline.run()
    again = [replace(r, notice_id="next") for r in REGISTER.cancellations if r.notice_id == SECOND]
    register = replace(REGISTER, cancellations=(*REGISTER.cancellations, *again))
    sites.register = titled(register, "next", "关于注销部分算法备案编号的公告")
    problem = pipeline.run()[notice_folder("next")].problem
    assert "its records are those of notice_230ec03a" in problem
    assert pipeline.table("cancellations").height == 57


def test_an_amended_notice_is_a_new_version(sites, pipeline):
    pipeline.run()
    first, *rest = (r for r in REGISTER.cancellations if r.notice_id == SECOND)
    others = (r for r in REGISTER.cancellations if r.notice_id != SECOND)
    amended = replace(first, cancelled_month="2025年8月")
    sites.register = replace(REGISTER, cancellations=(*others, amended, *rest))
    outcome = pipeline.run()[notice_folder(SECOND)]
    assert (outcome.is_new, outcome.added, outcome.amended, outcome.gone) == (True, 0, 1, 0)
    versions = pipeline.table("cancellation_notices").filter(notice_id=SECOND)
    assert versions["is_current"].to_list() == [False, True]
    records = pipeline.table("cancellations").filter(notice_id=SECOND)
    months = ["2025-09"] * 5 + ["2025-08"] + ["2025-09"] * 4
    assert records["cancelled_month"].to_list() == months


def test_a_deleted_store_comes_out_the_same(pipeline):
    pipeline.run()
    before = pipeline.files()
    shutil.rmtree(pipeline.root / "validated")
    pipeline.run()
    assert pipeline.files() == before


def test_what_an_earlier_attempt_of_a_run_brought_through_is_not_asked_again(sites, pipeline):
    done = set(pipeline.run()) - {notice_folder(SECOND)}
    sites.log.clear()
    assert set(pipeline.run(tuple(done))) == {notice_folder(SECOND)}
    assert sites.paths("beian").count(FILES) == 1
