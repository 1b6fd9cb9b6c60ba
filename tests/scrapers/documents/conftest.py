"""Readers whose child processes evaluate an expression."""

from collections.abc import Iterator

import pytest

from scrapers.documents import process
from scrapers.documents.reading import DocumentReader, Limits
from tests.scrapers.documents.children import ECHO, LONGEST_WAIT, MakeReader, start_code


@pytest.fixture
def make_reader(monkeypatch) -> Iterator[MakeReader]:
    """Makes a reader whose children evaluate an expression instead of parsing."""
    readers = []

    def make(
        expression: str = ECHO, *, code: str = "pass", seconds: float = LONGEST_WAIT
    ) -> DocumentReader:
        monkeypatch.setattr(process, "_START", start_code(expression, code))
        readers.append(DocumentReader(Limits(seconds=seconds)))
        return readers[-1]

    yield make
    for reader in readers:
        reader.close()
