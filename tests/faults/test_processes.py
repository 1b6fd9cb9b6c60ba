"""What a machine does to a run: no room, no rights, and company."""

import re

import pytest

from tests.end_to_end.releases import filings_per_batch
from tests.faults.limits import largest_file, obeys_permissions
from tests.faults.refreshes import Done, Refreshes, ended
from tests.faults.source import announces, tell, with_batch_19

pytestmark = pytest.mark.many_builds

GROWN = announces(with_batch_19(19))
LINES = 40


@pytest.fixture(scope="module")
def worn(first_refresh: Refreshes, tmp_path_factory: pytest.TempPathFactory) -> Refreshes:
    """One data directory that meets all of these faults; the last test heals it."""
    return first_refresh.copied_to(tmp_path_factory.mktemp("worn"))


def is_message(done: Done) -> bool:
    """Whether a refresh failed with a message that fits a screen, and without a traceback."""
    return (
        done.status == 1
        and "error:" in done.said
        and "Traceback" not in done.said
        and (len(done.lines) < LINES)
    )


@pytest.mark.parametrize("size", [64 * 1024, 1024 * 1024], ids=["64 kB", "1 MB"])
def test_a_limit_on_the_size_of_files_is_a_message(size, worn, first_refresh):
    done = worn.run_apart(GROWN, before=largest_file(size))
    assert is_message(done), done.said
    assert worn.content == first_refresh.content and worn.is_whole()


def test_a_folder_that_cannot_be_written_is_a_message(worn, first_refresh):
    folders = [worn.data_dir, *worn.data_dir.rglob("*")]
    modes = {path: path.stat().st_mode for path in folders if not path.is_symlink()}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    done = worn.run_apart(GROWN, before=obeys_permissions)
    for path, mode in modes.items():
        path.chmod(mode)
    assert is_message(done), done.said
    assert str(worn.data_dir) in done.said
    assert re.search("(?i)writ|permission denied|read-only", done.said)
    assert worn.content == first_refresh.content


def test_two_refreshes_at_once_both_succeed_and_heal(worn):
    tell(worn.sites, GROWN)
    with worn.start() as first, worn.start() as second:
        done = [ended(first), ended(second)]
    assert [each.status for each in done] == [0, 0], done
    assert filings_per_batch(worn.data_dir)[19] == 12 and worn.is_whole()
