"""What of the explorer is a trait: choices, sizes, parameters, inputs and G, each by its name."""

from functools import lru_cache

from ...calculus.operation import OPERATIONS
from ..kit.live import OTHERWISE
from .acts import with_arrays, with_changes

TAKEN = {"Y"}  # the output of every operation, so never the name of an input here


@lru_cache(maxsize=1)
def names_of_table():
    """Every axis letter, parameter, input and constant of the table of operations."""
    found = (names_of(op, op.sizes_at()) for op in OPERATIONS.values())
    return tuple(sorted({name for names in found for name in names}))


def arrays_of_table():
    """The names of all arrays of the table, and G."""
    return {"G", *(name for op in OPERATIONS.values() for name in (*op.inputs, *op.constants))}


def names_of(op, letters):
    """The axis letters, parameters, inputs and constants of one operation."""
    return [name for name in (*letters, *op.parameters, *op.inputs, *op.constants)
            if name not in TAKEN]


def linked(present):
    """{trait: value}; None for what only other operations have."""
    own = present.own or present
    values = dict.fromkeys((*names_of_table(), *names_of(own.op, own.sizes)))
    values |= {"operation": present.operation, "wrt": present.wrt, "mode": present.mode,
               OTHERWISE["layout"]: present.layout, "G": seen(present.G)}
    values |= present.sizes | dict(present.parameters)
    values |= {name: seen(array) for name, array in (present.inputs | present.constants).items()
               if name not in TAKEN}
    return values


def seen(array):
    """The same array, to be read alone."""
    view = array.view()
    view.flags.writeable = False
    return view


def with_linked(present, name, value):
    """The present after another value of one trait. Raises what `with_changes` raises."""
    if name == "G" or name in present.inputs or name in present.constants:
        return with_arrays(present, {name: value})  # conv1d has an axis w as well as an input w
    name = "layout" if name == OTHERWISE["layout"] else name
    return with_changes(present, {name: value})
