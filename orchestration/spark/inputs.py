"""What a result was computed from, so that an outdated one is not taken for the current one."""

import hashlib

from orchestration.classification.code import code_files
from orchestration.spark.files import Files
from orchestration.spark.shares import to_bytes
from orchestration.spark.steps import is_divided, paths_of
from orchestration.warehouse.compiled import CompiledProject


def inputs_sha256(project: CompiledProject, files: Files) -> str:
    """The hash of the models, the seeds, the classification and the validated files.

    Of the files with rows it has the names and sizes. Their contents follow from the tables of
    versions, which name each document with its hash and are included in full.
    """
    digest = hashlib.sha256()
    for name, model in sorted(project.models.items()):
        digest.update(f"{name}\n{model.code}\n".encode())
    for name, seed in sorted(project.seeds.items()):
        digest.update(name.encode() + to_bytes(seed))
    for module in code_files():
        digest.update(module.name.encode() + module.read_bytes())
    for name, source in sorted(project.sources.items()):
        for path in paths_of(files, source):
            digest.update(f"{name}\n{path}\n".encode())
            digest.update(
                str(files.size(path)).encode() if is_divided(source) else files.read_bytes(path)
            )
    return digest.hexdigest()
