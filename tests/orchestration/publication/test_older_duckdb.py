"""Releases open in older DuckDB versions, which R, DBeaver and others link."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT
from tests.orchestration.publication.release_factories import make_filing

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
    """A folder with only that DuckDB version; skips the test if it cannot be installed."""
    folder = PROJECT_ROOT / "build" / f"duckdb-{version}"
    folder.parent.mkdir(exist_ok=True)
    if not folder.exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        # Renamed only when complete.
        with tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
            target = Path(unfinished) / "duckdb"
            done = subprocess.run(
                [*pip, "--target", str(target), f"duckdb=={version}"],
                check=False,
                capture_output=True,
                text=True,
            )
            if done.returncode:
                pytest.skip(f"DuckDB {version} cannot be installed: {done.stderr[-200:]}")
            target.rename(folder)
    return folder


# Slow: starts another Python, and installs DuckDB the first time.
@pytest.mark.many_builds
@pytest.mark.parametrize("version", OLDER_VERSIONS)
def test_older_duckdb_reads_all_rows_and_comments(version, first_release):
    release = first_release(2)
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
