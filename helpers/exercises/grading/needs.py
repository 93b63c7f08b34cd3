"""What of a notebook has to run for its exercises: the cells that bind what an answer reads.

Found by reading, not by running: a cell is needed when it binds, or changes, a name that a needed
cell after it reads. The checks themselves are not run: the verdict is made elsewhere.
"""

import ast
import copy
import symtable
from dataclasses import dataclass, replace

from .. import EXERCISES, cells

MAGIC = ("%", "!", "?")
EVERYTHING = "*"  # what `from x import *` binds


@dataclass(frozen=True)
class Cell:
    """A code cell without its checks, and what it does with names.

    asks: pairs (exercise, the text of what its check is given).
    """

    number: int
    source: str
    asks: tuple = ()
    reads: frozenset = frozenset()
    binds: frozenset = frozenset()
    changes: frozenset = frozenset()
    imports: frozenset = frozenset()


def plan(notebook, whole):
    """The `Cell`s to run, in order, for the exercises of a notebook that are not stubs any more."""
    found = [understood(number, cells.code(cell))
             for number, cell in enumerate(notebook["cells"]) if cells.code(cell) is not None]
    if not any(cell.asks for cell in found):
        return []
    if whole:
        return found
    kept, needed = [], set()
    modules = {name for cell in found for name in cell.imports}
    for cell in reversed(found):
        touched = cell.binds | (cell.changes - modules)
        if cell.asks or EVERYTHING in cell.imports or touched & needed:
            kept.append((cell, needed | {name for name in cell.reads if cell.asks}))
            needed = (needed - cell.binds) | cell.reads
    return [lighter(cell, wanted) for cell, wanted in reversed(kept)]


def understood(number, source):
    """The `Cell` of a source; what is no Python is kept as it is, for the kernel to say so."""
    source = source.encode("utf-8", "replace").decode()
    lines = ["" if line.lstrip().startswith(MAGIC) else line for line in source.split("\n")]
    try:
        tree = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        name = cells.CHECK.search(source)
        asks = ((name[1], name[1]),) if name and name[1] in EXERCISES else ()
        return Cell(number, source, asks)
    asks, kept = [], source.split("\n")
    for statement in tree.body:
        for name, given in filter(None, map(check, ast.walk(statement))):
            if not untouched(tree, name, given):
                asks.append((name, ast.unparse(given)))
        if isinstance(statement, ast.Expr) and check(statement.value):
            kept[statement.lineno - 1:statement.end_lineno] = [""] * (
                statement.end_lineno - statement.lineno + 1)
    reads, binds, changes, imports = set(), set(), set(), set()
    for statement in tree.body:
        found = uses(without_check(statement))
        reads |= found[0] - binds
        binds |= found[1]
        changes |= found[2]
        if isinstance(statement, ast.Import | ast.ImportFrom):
            imports |= found[1]
    return Cell(number, "\n".join(kept), tuple(asks),
                *map(frozenset, (reads, binds, changes, imports)))


def uses(statement):
    """Names that a statement reads, binds, and changes: x[0] = 1, x.append(1), x += 1."""
    top = symtable.symtable(ast.unparse(scoped().visit(copy.deepcopy(statement))), "cell", "exec")
    tables, reads, binds = [top], set(), set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for name in table.get_symbols():
            if table is top or name.is_global():
                if name.is_referenced():
                    reads.add(name.get_name())
                if name.is_assigned() or name.is_imported():
                    binds.add(name.get_name())
    if isinstance(statement, ast.Import | ast.ImportFrom):
        binds = {bound(alias) for alias in statement.names}
    changes = {name for node in ast.walk(statement) for name in changed(node)}
    return reads | changes, binds, changes


class scoped(ast.NodeTransformer):
    """Every comprehension as a generator: since Python 3.12 the others have no table of names."""

    def visit_ListComp(self, node):
        return ast.GeneratorExp(self.visit(node.elt), [*map(self.visit, node.generators)])

    visit_SetComp = visit_ListComp

    def visit_DictComp(self, node):
        pair = ast.Tuple([self.visit(node.key), self.visit(node.value)], ast.Load())
        return ast.GeneratorExp(pair, [*map(self.visit, node.generators)])


def changed(node):
    """The names whose contents a node changes."""
    match node:
        case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store()):
            return root(node)
        case ast.AugAssign(target):
            return root(target)
        case ast.Expr(ast.Call(ast.Attribute(inside))):
            return root(inside)
    return set()


def check(node):
    """(The name of an exercise, what is checked) where a node is a check, else None."""
    match node:
        case ast.Call(ast.Attribute(
                ast.Attribute(ast.Name("exercises"), name), "check"), [given], []):
            return (name, given) if name in EXERCISES else None
    return None


def without_check(statement):
    """A statement, or where it is a check, what is checked."""
    asked = check(statement.value) if isinstance(statement, ast.Expr) else None
    return ast.Expr(asked[1]) if asked else statement


def untouched(tree, name, given):
    """Whether all that a cell has for an exercise is still the stub that was handed out."""
    if not (isinstance(given, ast.Name) and given.id == name):
        return False
    stub = ast.parse(EXERCISES[name].stub)
    mine = [one for one in tree.body if without_check(one) is one]
    return ast.dump(ast.Module(mine, [])) == ast.dump(stub)


def root(node):
    """{the name that x[0].y is part of}, or nothing."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def bound(alias):
    """The name that an import gives to something, or EVERYTHING."""
    return alias.asname or alias.name.partition(".")[0]


def lighter(cell, needed):
    """The cell without the imports of what nothing needs; every line stays in its place."""
    try:
        tree = ast.parse(cell.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return cell
    lines = cell.source.split("\n")
    needed = needed | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in tree.body:
        if not isinstance(node, ast.Import | ast.ImportFrom) or node.col_offset:
            continue
        names = [one for one in node.names if one.name == "*" or bound(one) in needed]
        alone = node.end_lineno == node.lineno or lines[node.end_lineno - 1].strip().endswith(")")
        if len(names) < len(node.names) and alone and ";" not in lines[node.lineno - 1]:
            node.names = names
            text = ast.unparse(node) if names else ""
            lines[node.lineno - 1:node.end_lineno] = [text] + [""] * (
                node.end_lineno - node.lineno)
    return replace(cell, source="\n".join(lines))
