"""The cache of classes: what was derived for a text before. Only new texts are classified.

It consists of Parquet files with the key and the classes of one text per row. The name of a file
has the hash of the rules and the hash of its content. Files of other rules are removed, and so are
damaged ones: their texts are classified again. The folder can be deleted between builds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import duckdb
import polars as pl

from orchestration.classification.code import code_files
from orchestration.runtime.progress import MODELS, ProgressEvent, emit
from orchestration.runtime.sql import text
from scrapers.files import file_sha256, make_folder, sync, temporary_name

# The cache is rewritten without the texts that no filing has any more when it has more than so many
# times as many rows as there are filings, or more files than this.
GROWTH, MOST_FILES = 2, 200
_DIGITS = 16  # Of each hash in the name of a file.


@dataclass(frozen=True)
class ClassCache:
    """The cache in `folder` for the rules with the hash `rules`."""

    folder: Path
    rules: str

    def files(self) -> list[Path]:
        """The usable files, sorted by name. Removes all others, damaged ones with a warning."""
        for part in self.folder.glob(".*.part"):  # left by a build that was killed
            part.unlink()
        usable = []
        for path in sorted(self.folder.glob("*.parquet")):
            rules, _, content = path.stem.partition("-")
            if content != _content_hash(path):
                message = f"{path} is damaged and is removed; its texts are classified again"
                emit(ProgressEvent(MODELS, message))
                path.unlink()
            elif rules != self.rules[:_DIGITS]:
                path.unlink()
            else:
                usable.append(path)
        return usable

    def add(self, classes: pl.DataFrame) -> Path:
        """Add a file with these rows, which have a `key`, and return its path."""
        return self._write(
            lambda path: classes.write_parquet(path, compression="zstd", compression_level=1)
        )

    def prune(
        self, connection: duckdb.DuckDBPyConnection, files: Sequence[Path], keys: str
    ) -> list[Path]:
        """Remove texts whose key is not in the table `keys`, if there are many. Returns the files.

        `files` are the files before.
        """
        if not files:
            return []
        cached = read_parquet(files)
        ((rows, filings),) = connection.execute(
            f"select (select count(*) from {cached}), (select count(*) from {keys})"
        ).fetchall()
        if rows <= GROWTH * filings and len(files) <= MOST_FILES:
            return list(files)
        kept = f"from {cached} semi join {keys} using (key)"
        return [
            self._write(
                lambda path: connection.execute(f"copy ({kept}) to {text(path)} (format parquet)"),
                replaced=files,
            )
        ]

    def _write(self, write: Callable[[Path], object], replaced: Sequence[Path] = ()) -> Path:
        """Write a file under a temporary name, then name it by its content.

        `replaced` are removed before it gets its name: a text in two files would have two rows. A
        build that is killed in between has an empty cache.
        """
        make_folder(self.folder)
        part = temporary_name(self.folder / "new")
        try:
            write(part)
            sync(part)
            file = self.folder / f"{self.rules[:_DIGITS]}-{_content_hash(part)}.parquet"
            for path in replaced:
                path.unlink()
            part.rename(file)
        finally:
            part.unlink(missing_ok=True)
        return file


def rules_sha256(seeds: Mapping[str, pl.DataFrame]) -> str:
    """The hash of the rules: these seeds, the code of this package, and the version of Polars."""
    digest = sha256(version("polars").encode())
    for name, seed in sorted(seeds.items()):
        digest.update(name.encode() + seed.write_csv().encode())
    for path in code_files():
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def read_parquet(files: Sequence[Path]) -> str:
    """The call that reads these files in SQL."""
    return f"read_parquet([{', '.join(map(text, files))}])"


def _content_hash(path: Path) -> str:
    return file_sha256(path)[:_DIGITS]
