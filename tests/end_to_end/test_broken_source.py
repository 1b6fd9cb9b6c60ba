"""A source that answers as it should not, over real HTTP: what still works, and what is said.

One register's life, told in three runs: some lists broken at first sight; those healed, others
broken of which good versions are held; all healed. The tests look at what each run left behind.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote
from zipfile import ZipFile

import pytest

from orchestration.defs.asset_keys import validated_key
from scrapers.registers import DEEP_SYNTHESIS
from scrapers.replica.facts import Register
from scrapers.replica.site import Answer
from tests.end_to_end.commands import CommandResult, live, run_command
from tests.end_to_end.releases import (
    PER_BATCH_11,
    REGISTER,
    dagster_instance,
    filings_per_batch,
    latest,
    query,
)
from tests.support.loopback import (
    LoopbackSites,
    corrupt,
    empty_body,
    firewall_page,
    html_instead,
    status,
    with_rows,
)

LATER, SHRUNK, MISPRINTED = 1, 10, 11
NOT_LISTED = "select batch_no, list_status from filings where list_status != 'listed'"
NOTICE = REGISTER.cancellations[0].notice_id
NOTICE_FILE = f"/api/file/fileDownLoad?noticeId={NOTICE}"


def without_link(answer: Answer) -> Answer:
    """The announcement page without its attachment."""
    page = re.sub(r"<a href=\"/cms/.*?</a>", "", answer.body.decode())
    return replace(answer, body=page.encode())


def with_unknown_heading(answer: Answer) -> Answer:
    """The true list, but one column is headed 算法代号."""
    rewritten = BytesIO()
    with ZipFile(BytesIO(answer.body)) as old, ZipFile(rewritten, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace("算法名称".encode(), "算法代号".encode()))
    return replace(answer, body=rewritten.getvalue())


# batch: (what is broken, how, what the message says)
FAULTS = {
    2: ("attachment", firewall_page(), "challenge page"),
    3: ("attachment", html_instead(), "HTML"),
    4: ("attachment", empty_body(), "empty response"),
    5: ("attachment", corrupt, "damaged"),
    6: ("attachment", status(503, retry_after=0), "status 503"),
    7: ("page", without_link, "links to 0 lists"),
    8: ("attachment", with_unknown_heading, "算法代号"),
    9: ("page", status(404), "status 404"),
}
GOOD_AT_FIRST = {key: count for key, count in PER_BATCH_11.items() if key not in FAULTS}


def path(sites: LoopbackSites, batch_no: int) -> str:
    is_page = FAULTS[batch_no][0] == "page"
    return sites.page_path(batch_no) if is_page else sites.attachment_path(batch_no)


def shrunk_and_misprinted(register: Register) -> Register:
    """One list without its last 21 rows, another with a wrong check digit in its first."""
    first, *others = register.filings[MISPRINTED]
    wrong = first.filing_number[:-1] + str((int(first.filing_number[-1]) + 2) % 10)
    misprinted = (replace(first, filing_number=wrong), *others)
    register = with_rows(register, MISPRINTED, misprinted)
    return with_rows(register, SHRUNK, register.filings[SHRUNK][:-21])


@dataclass(frozen=True)
class Seen:
    """A run and what stood there after it."""

    finished: CommandResult
    filings_per_batch: dict[int, int]
    cancellations: int
    not_listed: list[tuple]
    release: Path
    materialized: set[str]
    status_shown: str


@dataclass(frozen=True)
class Life:
    """The runs in their order, over sites whose addresses stay."""

    sites: LoopbackSites
    data_dir: Path
    broken_at_first: Seen
    broken_later: Seen
    healed: Seen


@pytest.fixture(scope="module")
def life(tmp_path_factory) -> Iterator[Life]:
    data_dir = tmp_path_factory.mktemp("broken") / "data"
    with LoopbackSites(REGISTER) as sites, pytest.MonkeyPatch.context() as patch:
        # The waits before a busy server or a firewall is asked again: nothing here gets better.
        patch.setattr("orchestration.defs.assets.step_retries.HTTP_RETRY_SECONDS", 0)
        patch.setattr("scrapers.http.retries.REFUSAL_WAIT_SECONDS", 0)

        def run() -> Seen:
            finished = run_command(data_dir, "refresh", **live(sites))
            shown = run_command(data_dir, "status").out
            with dagster_instance(data_dir) as instance:
                return Seen(
                    finished,
                    filings_per_batch(data_dir),
                    query(data_dir, "select count(*) from cancellations")[0][0],
                    query(data_dir, NOT_LISTED),
                    latest(data_dir),
                    instance.get_materialized_partitions(validated_key(DEEP_SYNTHESIS)),
                    shown,
                )

        for batch_no, (_, fault, _) in FAULTS.items():
            sites.break_with(path(sites, batch_no), fault)
        sites.break_with(NOTICE_FILE, corrupt)
        broken_at_first = run()
        sites.heal()
        sites.break_with(sites.page_path(LATER), firewall_page())
        sites.register = shrunk_and_misprinted(REGISTER)
        broken_later = run()
        sites.heal()
        sites.register = REGISTER
        yield Life(sites, data_dir, broken_at_first, broken_later, run())


def messages(seen: Seen) -> dict[int, str]:
    """{batch_no: its line on standard error}"""
    lines = [line for line in seen.finished.err.splitlines() if line.startswith("error:")]
    found = [(re.search(r"\[batch (\d{3})", line), line) for line in lines]
    return {int(match.group(1)): unquote(line) for match, line in found if match}


def quarantined(status_shown: str, batch_no: int) -> str:
    """What `filings status` shows in the column after a batch's filings."""
    (line,) = re.findall(rf"^{batch_no:03d} .*$", status_shown, re.MULTILINE)
    return line.split()[3]


def test_good_batches_are_published_though_others_are_broken(life):
    assert life.broken_at_first.finished.status == 1
    assert life.broken_at_first.filings_per_batch == GOOD_AT_FIRST


@pytest.mark.parametrize("batch_no", FAULTS)
def test_the_message_says_what_is_wrong_with_which_batch_at_which_address(life, batch_no):
    message = messages(life.broken_at_first)[batch_no]
    assert FAULTS[batch_no][2] in message
    assert unquote(life.sites.cac_url + path(life.sites, batch_no)) in message


@pytest.mark.parametrize("run", ["broken_at_first", "broken_later", "healed"])
def test_nobody_is_shown_a_traceback(life, run):
    finished = getattr(life, run).finished
    assert "Traceback" not in finished.out + finished.err


def test_broken_batches_are_not_materialized(life):
    assert life.broken_at_first.materialized == {f"{number:03d}" for number in GOOD_AT_FIRST}


def test_batches_that_have_been_mended_come_in_beside_those_that_broke_since(life):
    assert life.broken_later.finished.status == 1
    assert set(messages(life.broken_later)) == {LATER, SHRUNK}
    assert life.broken_later.materialized == {f"{number:03d}" for number in PER_BATCH_11}


def test_the_last_good_list_stays_when_its_source_breaks(life):
    assert "challenge page" in messages(life.broken_later)[LATER]
    assert life.broken_later.filings_per_batch == {**PER_BATCH_11, MISPRINTED: 209}


def test_a_shrunken_list_is_held_back(life):
    message = messages(life.broken_later)[SHRUNK]
    assert "held back: the list shrank from 395 to 374 rows" in message
    assert unquote(life.sites.cac_url + life.sites.attachment_path(SHRUNK)) in message


def test_a_row_with_a_wrong_check_digit_is_kept_in_quarantine_and_shown(life):
    assert quarantined(life.broken_later.status_shown, MISPRINTED) == "1"
    assert life.broken_later.not_listed == [(MISPRINTED, "quarantined")]
    assert life.healed.not_listed == []
    assert quarantined(life.healed.status_shown, MISPRINTED) == "0"


def test_a_broken_cancellation_notice_is_named_and_the_others_count(life):
    assert life.broken_at_first.cancellations == 57 - 28
    for shown in (life.broken_at_first.finished.err, life.broken_at_first.status_shown):
        assert life.sites.beian_url + NOTICE_FILE in shown
    assert list((life.data_dir / "raw" / "cancellations" / NOTICE).glob("*.bin"))
    assert life.broken_later.cancellations == life.healed.cancellations == 57
    assert "7 with 57 records" in life.healed.status_shown


def test_status_shows_what_went_wrong_until_it_is_mended(life):
    assert "status 503" in life.broken_at_first.status_shown
    assert "held back" in life.broken_later.status_shown
    assert "status 503" not in life.broken_later.status_shown
    assert "held back" not in life.healed.status_shown


def test_a_run_over_a_healed_source_is_complete(life):
    assert (life.healed.finished.status, life.healed.finished.err) == (0, "")
    assert life.healed.filings_per_batch == PER_BATCH_11


def test_what_was_rejected_is_archived_for_whoever_looks_into_it(life):
    for batch_no in (3, 5, 8):
        assert list((life.data_dir / "raw" / f"{batch_no:03d}").glob("*.bin"))


def with_a_new_sort_of_notice(answer: Answer) -> Answer:
    """The true notice list, and a notice that speaks of the register in words never seen."""
    listed = json.loads(answer.body)
    listed["datas"].append({"noticeId": "n-7", "title": "深度合成服务名录", "content": "/x.pdf"})
    return replace(answer, body=json.dumps(listed).encode())


def test_a_notice_that_was_not_taken_is_named_and_fails_the_run(life):
    life.sites.break_with(life.sites.notice_list_path, with_a_new_sort_of_notice)
    try:
        finished = run_command(life.data_dir, "refresh", "--batch", "2", **live(life.sites))
        status_shown = run_command(life.data_dir, "status", **live(life.sites)).out
    finally:
        life.sites.heal()
    assert finished.status == 1
    assert "error: a notice was not taken: notice n-7 '深度合成服务名录'" in finished.err
    assert "notice n-7 '深度合成服务名录'" in status_shown
    assert query(life.data_dir, "select count(*) from filings") == [(3444,)]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (firewall_page(), "challenge page"),
        (status(500, retry_after=0), "status 500"),
        (html_instead(), "is not JSON"),
        (html_instead('{"errno": 0, "datas": []}'), "no batch is announced"),
    ],
)
def test_without_a_notice_list_nothing_is_touched(life, fault, words):
    life.sites.break_with(life.sites.notice_list_path, fault)
    try:
        finished = run_command(life.data_dir, "refresh", **live(life.sites))
    finally:
        life.sites.heal()
    assert finished.status == 1
    assert words in finished.err
    assert life.sites.beian_url + life.sites.notice_list_path in finished.err
    assert "Traceback" not in finished.out + finished.err
    assert latest(life.data_dir) == life.healed.release
    assert query(life.data_dir, "select count(*) from filings") == [(3444,)]
