"""The whole pipeline over the replica, as whole processes: first ten batches, then eleven."""

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT
from scrapers.replica.facts import load_register
from tests.end_to_end.commands import CommandResult, environment, run_command
from tests.end_to_end.releases import (
    PER_BATCH,
    PER_BATCH_11,
    changes_section,
    filing_numbers_in,
    filings_per_batch,
    latest,
    list_files,
    query,
)

PROVINCES = {
    "北京市": 887, "广东省": 677, "上海市": 471, "浙江省": 355,
    "江苏省": 150, "四川省": 121, "福建省": 95, "湖北省": 80,
}  # fmt: skip
GIGABYTE_IN_KILOBYTES = 1024 * 1024

# Opens a release, says so, and counts again whenever it is asked to, until its input ends.
READER = """
import sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    print("open", flush=True)
    for _ in sys.stdin:
        print(connection.execute("select count(*) from filings").fetchone()[0], flush=True)
"""


# Refreshes, and leaves the most memory it ever held, in kilobytes, in a file. Not by rusage, which
# counts what the process held that started it.
MEASURED = """
import atexit, re, sys
from pathlib import Path
from orchestration.cli.main import main

def tell():
    status = Path("/proc/self/status").read_text()
    Path(sys.argv[1]).write_text(re.search(r"VmHWM:\\s+([0-9]+)", status)[1])

atexit.register(tell)
main(["refresh"])
"""


@dataclass(frozen=True)
class Grown:
    """The run that found the eleventh batch, while somebody read the release of ten."""

    finished: CommandResult
    data_dir: Path
    read_before: str
    read_after: str
    peak_kilobytes: int


@pytest.fixture(scope="module")
def grown(ten_batches, tmp_path_factory) -> Grown:
    data_dir = ten_batches(tmp_path_factory.mktemp("eleven"))
    opened = data_dir / "published" / "latest" / "filings.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(opened)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdin and reader.stdout
        assert reader.stdout.readline() == "open\n"

        def count() -> str:
            reader.stdin.write("again\n")
            reader.stdin.flush()
            return reader.stdout.readline().strip()

        read_before = count()
        peak = tmp_path_factory.mktemp("peak") / "kilobytes"
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, str(peak)],
            cwd=PROJECT_ROOT, env=environment(data_dir), check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        finished = CommandResult(done.returncode, done.stdout, done.stderr)
        read_after = count()
        reader.stdin.close()
    return Grown(finished, data_dir, read_before, read_after, int(peak.read_text()))


def test_the_first_run_publishes_every_filing_of_ten_batches(first_run):
    finished, data_dir = first_run
    assert finished.status == 0, finished.err
    assert "3,234 filings in 10 batches" in finished.out
    assert filings_per_batch(data_dir) == PER_BATCH
    assert "First release" in (latest(data_dir) / "CHANGES.md").read_text()


def test_the_provinces_of_ten_batches_are_those_counted_by_hand(first_run):
    counted = dict(
        query(
            first_run[1],
            "select province_name, cumulative_filings from regions_by_batch "
            "where batch_no = 10 order by 2 desc limit 8",
        )
    )
    assert counted == PROVINCES


def test_the_eleventh_batch_makes_it_3444_filings(grown):
    assert grown.finished.status == 0, grown.finished.err
    assert "3,444 filings in 11 batches" in grown.finished.out
    assert filings_per_batch(grown.data_dir) == PER_BATCH_11
    assert query(
        grown.data_dir,
        "select count(*), count(distinct filing_number), (select sum(filings) from batches) "
        "from filings",
    ) == [(3444, 3444, 3444)]


def test_the_changes_are_exactly_the_210_filings_of_the_eleventh(grown):
    changes = (latest(grown.data_dir) / "CHANGES.md").read_text()
    of_eleven = query(grown.data_dir, "select filing_number from filings where batch_no = 11")
    assert filing_numbers_in(changes_section(changes, "New filings")) == {
        number for (number,) in of_eleven
    }
    assert filing_numbers_in(changes) == {number for (number,) in of_eleven}
    assert len(of_eleven) == 210


@pytest.mark.parametrize(("batches", "fixture"), [(10, "first_run"), (11, "grown")])
def test_cancellations_are_matched_exactly_where_their_batch_is_held(request, batches, fixture):
    run = request.getfixturevalue(fixture)
    data_dir = run.data_dir if fixture == "grown" else run[1]
    register = load_register().first(batches)
    held = {row.filing_number for rows in register.filings.values() for row in rows}
    matched = {
        record.filing_number
        for record in register.cancellations
        if record.filing_number in held and record.filing_number[13:15] == "01"
    }
    records = query(data_dir, "select filing_number, match_status from cancellations")
    assert {number for number, status in records if status == "matched"} == matched
    counts = {status: [s for _, s in records].count(status) for _, status in records}
    assert counts == {"matched": len(matched), "not_listed": 46 - len(matched), "other_kind": 11}
    cancelled = query(data_dir, "select filing_number from filings where is_cancelled")
    assert {number for (number,) in cancelled} == matched


def test_who_reads_the_release_meanwhile_goes_on_reading_it(grown):
    assert (grown.read_before, grown.read_after) == ("3234", "3234")


def test_a_refresh_needs_less_than_a_gigabyte(grown):
    assert 0 < grown.peak_kilobytes < GIGABYTE_IN_KILOBYTES


def test_a_release_is_complete_and_described(grown):
    release = latest(grown.data_dir)
    package = json.loads((release / "datapackage.json").read_text())
    described = {resource["path"]: resource for resource in package["resources"]}
    files = [path for path in release.rglob("*") if path.is_file()]
    present = {str(path.relative_to(release)) for path in files}
    assert set(described) == present - {"datapackage.json"}
    assert present >= {
        "panorama.html", "filings.xlsx", "filings.duckdb", "parquet/filings.parquet",
        "data_dictionary.md", "changes.atom", "CHANGES.md",
    }  # fmt: skip
    for path, resource_ in described.items():
        content = (release / path).read_bytes()
        assert resource_["bytes"] == len(content)
        assert resource_["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert described["parquet/filings.parquet"]["rows"] == 3444
    assert {item["batch_no"]: item["filings"] for item in package["batches"]} == PER_BATCH_11


def test_a_run_that_finds_nothing_new_writes_nothing(grown):
    stores = [grown.data_dir / name for name in ("raw", "validated", "published")]
    before, release = list_files(*stores), latest(grown.data_dir)
    finished = run_command(grown.data_dir, "refresh")
    assert finished.status == 0, finished.err
    assert "nothing changed" in finished.out
    assert list_files(*stores) == before
    assert latest(grown.data_dir) == release


def test_all_releases_stay_and_nothing_unfinished_lies_about(grown):
    names = sorted(path.name for path in (grown.data_dir / "published").iterdir())
    assert names[-1] == "latest"
    assert len(names) == 3
    assert not [name for name in names if name.startswith(".")]
