"""The mutants of a source file: small wrong edits, one at a time, as mutmut generates them."""

import re
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import get_ignored_lines

_PROSE = re.compile(r"[A-Za-z]+,? [a-z]+,? [a-z]+")


@dataclass(frozen=True)
class Mutant:
    """One edit: the file, its number among the edits of the file, the line of its statement."""

    path: str
    number: int
    line: int


def mutants_of(path: str, code: str) -> list[Mutant]:
    """Every mutant of a file, in the order of its lines."""
    _, visitor = _visit(path, code)
    return [Mutant(path, number, line) for number, line in enumerate(visitor.lines)]


def mutated(mutant: Mutant, code: str) -> str:
    """The source with the edit made."""
    module, visitor = _visit(mutant.path, code)
    edit = visitor.mutations[mutant.number]
    changed = module.deep_replace(edit.original_node, edit.mutated_node)
    return cst.ensure_type(changed, cst.Module).code


class _Visitor(MutationVisitor):
    def __init__(self, path: str, code: str, wrapper: MetadataWrapper) -> None:
        super().__init__(mutation_operators, get_ignored_lines(path, code, wrapper))
        self.lines: list[int] = []
        self._statement_line = 1

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            self._statement_line = self._line_of(node)
        return super().on_visit(node)

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef):
            # mutmut skips functions that it cannot replace while a program runs, decorated ones.
            return self._line_of(node) in self._ignored_node_lines
        return is_prose(node) or super()._skip_node_and_children(node)

    def _create_mutations(self, node: cst.CSTNode) -> None:
        before = len(self.mutations)
        super()._create_mutations(node)
        self.mutations[before:] = [m for m in self.mutations[before:] if not _drops_prose(m)]
        self.lines += [self._statement_line] * (len(self.mutations) - before)

    def _line_of(self, node: cst.CSTNode) -> int:
        return self.get_metadata(PositionProvider, node).start.line


def _visit(path: str, code: str) -> tuple[cst.Module, _Visitor]:
    wrapper = MetadataWrapper(cst.parse_module(code))
    visitor = _Visitor(path, code, wrapper)
    return wrapper.visit(visitor), visitor


def is_prose(node: cst.CSTNode) -> bool:
    """Whether a node is a string with three or more English words in a row."""
    return bool(_PROSE.search(_text_of(node)))


def _text_of(node: cst.CSTNode) -> str:
    if isinstance(node, cst.ConcatenatedString):
        return _text_of(node.left) + _text_of(node.right)
    if isinstance(node, cst.FormattedString):
        return "".join(getattr(part, "value", "x") for part in node.parts)
    return node.value if isinstance(node, cst.SimpleString) else ""


def _drops_prose(mutation: Mutation) -> bool:
    before, after = mutation.original_node, mutation.mutated_node
    if not (isinstance(before, cst.Call) and isinstance(after, cst.Call)):
        return False
    return any(is_prose(arg.value) for arg in before.args if arg not in after.args)
