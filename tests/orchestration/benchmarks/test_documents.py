"""The benchmark of document parsing, on one small list."""

from io import StringIO

import pytest
from rich.console import Console

from orchestration.benchmarks import documents
from scrapers.errors import FilingsError
from scrapers.replica.docx import list_docx
from scrapers.replica.facts import load_register


def test_benchmark_reads_every_list_and_row(tmp_path, monkeypatch):
    monkeypatch.setattr(documents, "ROUNDS", 1)
    # Without a process per parser, which would take seconds to start.
    monkeypatch.setattr(documents, "_in_own_process", documents._cpu_seconds)
    rows = load_register().filings[1][:2]
    (tmp_path / "list.docx").write_bytes(list_docx(1, "2023-06", rows))
    output = StringIO()
    documents.bench_lists(Console(file=output, width=120), tmp_path)
    assert "1 lists, 3 rows" in output.getvalue()
    assert "times as fast as python-docx" in output.getvalue()


def test_folder_without_lists_is_an_error(tmp_path):
    with pytest.raises(FilingsError, match=r"no \.docx file"):
        documents.bench_lists(Console(), tmp_path)
