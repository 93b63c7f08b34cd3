"""All files of the atlas, by their place in the repository."""

from ..calculus.operations import OPERATIONS
from . import picture, sheet
from .index import index
from .page import page

ATLAS = "docs/atlas"


def texts():
    """{path: text} of every page."""
    pages = {f"{ATLAS}/{name}.md": page(op, OPERATIONS) for name, op in OPERATIONS.items()}
    return {f"{ATLAS}/index.md": index(), "docs/cheatsheet.md": sheet.text(), **pages}


def pictures():
    """{path: (operation, input)} of every picture."""
    return {f"{ATLAS}/pictures/{op.name}_{wrt}.png": (op, wrt)
            for op in OPERATIONS.values() for wrt in op.inputs if picture.small(op, wrt)}
