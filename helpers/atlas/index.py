"""The index of the atlas: every operation, its replacement, and the names that people search by."""

from ..calculus.operations import FAMILIES
from ..calculus.synonyms import names_of
from .page import title
from .text import table, tick

HEAD = """# The atlas of compact Jacobians

The derivative of a layer is a full tensor; a small array or a line does all of its work. A page for
each operation: what the tensor is, what replaces it and why, what that costs, and what a check
measured. G = dL/dY is the upstream gradient.
[All on one sheet](../cheatsheet.md), [symbols](../notation.md),
[formulas that were printed wrongly](../corrections.md).

Written by `python -m helpers.atlas` from the table of operations, and rebuilt by a test."""


def index():
    """The text of the index."""
    parts = [HEAD]
    for family in FAMILIES:
        parts += [f"## {family.__name__.rpartition('.')[2].capitalize()}",
                  table(["operation", "instead of the tensor", "elsewhere"],
                        [row(op) for op in family.ROWS])]
    return "\n\n".join(parts) + "\n"


def row(op):
    """One line of the index."""
    ways = [tick(f"d{wrt} = {op.formulas[wrt]['numpy']}") for wrt in op.inputs]
    return [f"[{title(op)}]({op.name}.md) `{op.name}`", "<br>".join(ways),
            ", ".join(names_of(op.name))]
