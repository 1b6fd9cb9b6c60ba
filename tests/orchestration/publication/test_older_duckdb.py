"""A release opens in DuckDB versions of some years: R, DBeaver and others link them."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT
from tests.orchestration.publication.release_factories import make_filing, make_release

OLDER_VERSIONS = ("1.1.3", "1.3.2")
PROGRAM = """
import json, sys
import duckdb
release = duckdb.connect(sys.argv[1], read_only=True)
(version,), = release.execute("select library_version from pragma_version()").fetchall()
rows = release.execute("select filing_number, algorithm_name from filings order by 1").fetchall()
comments, = release.execute(
    "select (select count(comment) from duckdb_tables()) + "
    "(select count(comment) from duckdb_columns())"
).fetchall()
print(json.dumps([version, rows, comments[0]]))
"""


def installed(version: str) -> Path:
    """A folder with that DuckDB alone; skips the test where it cannot be installed."""
    folder = PROJECT_ROOT / "build" / f"duckdb-{version}"
    folder.parent.mkdir(exist_ok=True)
    if not folder.exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        # Under its name only once it is whole.
        with tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
            target = Path(unfinished) / "duckdb"
            done = subprocess.run(
                [*pip, "--target", str(target), f"duckdb=={version}"],
                capture_output=True,
                text=True,
            )
            if done.returncode:
                pytest.skip(f"DuckDB {version} cannot be installed here: {done.stderr[-200:]}")
            target.rename(folder)
    return folder


@pytest.mark.parametrize("version", OLDER_VERSIONS)
def test_an_older_duckdb_opens_the_release_with_all_rows_and_comments(version, tmp_path):
    release = make_release(tmp_path, make_filing(1), make_filing(2))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(release.path / "filings.duckdb")],
        env={**os.environ, "PYTHONPATH": str(installed(version))},
        capture_output=True,
        text=True,
        check=True,
    )
    found, rows, comments = json.loads(done.stdout)
    assert found == f"v{version}"
    assert [row[0] for row in rows] == sorted(make_filing(n)["filing_number"] for n in (1, 2))
    assert comments > 10
