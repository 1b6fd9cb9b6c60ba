"""What a build of the warehouse reads: the program, and the rows and facts of each document."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.classification.code import code_files
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.file_hashes import FileHashes
from orchestration.validation.contracts.lookup import contract_of
from orchestration.validation.files import read_table
from orchestration.warehouse import project
from orchestration.warehouse.affected import Documents
from scrapers.registers import REGISTERS
from scrapers.registers.base import Register


@dataclass(frozen=True)
class Inputs:
    """Hashes of the inputs of a build.

    `program` is that of the models, the seeds and the code that models call. `documents` has one
    hash per document, by its folder, of its validated files and of the facts about its versions.
    `tables` has one per register, by its name, of the tables that combine its documents.
    """

    program: str
    documents: Mapping[str, str]
    tables: Mapping[str, str]

    def changed_since(self, before: "Inputs") -> Documents | None:
        """The documents that differ from an earlier build.

        None if the program differs, or the tables of a register of which no document does: those of
        a run that was killed are older than its documents.
        """
        if self.program != before.program:
            return None
        differing = dict(self.documents.items() ^ before.documents.items())
        changed = {
            register.name: {
                folder: contract_of(register.name).place.value(register.key_of(folder))
                for folder in sorted(filter(register.owns, differing))
            }
            for register in REGISTERS
        }
        is_explained = all(changed[name] for name, _ in self.tables.items() ^ before.tables.items())
        return changed if is_explained else None


def read_inputs(data: DataDir) -> Inputs:
    """The inputs of a build now. The caller must hold the run lock."""
    hashes = FileHashes(data.validated)
    contents: dict[str, list[str]] = {}
    for register in REGISTERS:
        contents |= _facts(data, register)
    for parent, below, names in os.walk(data.validated):
        below.sort()
        folder = Path(parent).relative_to(data.validated).as_posix()
        for name in sorted(names):
            if name.endswith(".parquet"):
                line = f"{name} {hashes.of(Path(parent, name))}"
                contents.setdefault(folder.removesuffix("/quarantine"), []).append(line)
    contents.pop(".", None)
    tables = {register.name: _tables_sha256(data, register, hashes) for register in REGISTERS}
    hashes.save()
    documents = {
        folder: hashlib.sha256("\n".join(lines).encode()).hexdigest()
        for folder, lines in contents.items()
    }
    return Inputs(_program_sha256(), documents, tables)


def _facts(data: DataDir, register: Register) -> dict[str, list[str]]:
    """The rows of the table of versions of a register, as texts by folder."""
    contract = contract_of(register.name)
    table = read_table(data.validated / f"{contract.tables.versions}.parquet")
    found: dict[str, list[str]] = {}
    for row in [] if table is None else table.to_dicts():
        folder = register.folder(register.key_of_value(row[contract.place.document]))
        found.setdefault(folder, []).append(repr(row))
    return found


def _tables_sha256(data: DataDir, register: Register, hashes: FileHashes) -> str:
    paths = [data.validated / f"{name}.parquet" for name in contract_of(register.name).tables.names]
    return hashlib.sha256(repr(list(map(hashes.of, paths))).encode()).hexdigest()


def _program_sha256() -> str:
    digest = hashlib.sha256(project.project_sha256().encode())
    # A Python model calls the classification.
    for path in (*sorted(project.SEEDS_DIR.glob("*.csv")), *code_files()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
