"""One call of an operation: its values by name, each computed when it is first asked for."""

from functools import cache
from inspect import unwrap

import numpy as np

from .errors import ShapeError
from .jacobian import as_numbers

SINGLE, DOUBLE = np.dtype(np.float32), np.dtype(np.float64)


class Run:
    """The values of one call by name, in float64, and the dtype that goes out.

    A backward pass is a run of its own on top of the forward pass `before`: it holds G and what
    several gradients share, and finds everything else there.
    """

    def __init__(self, operation, before=None):
        self.operation, self.before = operation, before
        self.values, self.dtypes = {}, list(before.dtypes) if before else []

    def __getitem__(self, name):
        """A value by name; one that is missing is computed from its formula, and kept."""
        if name in self.values:
            return self.values[name]
        op = self.operation
        if self.before is not None and name not in op.shared:
            return self.before[name]
        formulas = op.shared if self.before else {**op.saved, op.output: op.forward}
        value = self.call(formulas[name])
        self.values[name] = np.asarray(value) if isinstance(value, np.generic) else value
        return self.values[name]

    @property
    def dtype(self):
        """float32 when every floating array that came in was float32, else float64."""
        if DOUBLE in self.dtypes:
            return DOUBLE
        floats = [dtype for dtype in self.dtypes if dtype.kind == "f"]
        single = floats and all(dtype.itemsize <= 4 for dtype in floats)
        return SINGLE if single else DOUBLE

    def admit(self, name, value):
        """An outside array in float64, its dtype remembered. Raises NumberError."""
        array = as_numbers(value, f"{self.operation.name}: {name}")
        if not isinstance(value, int | float):  # like NumPy: a Python number follows the arrays
            self.dtypes.append(np.asarray(value).dtype)
        return array

    def admit_like(self, name, value, like, shape):
        """An outside array that must have the shape of `like`. Raises ShapeError."""
        array = self.admit(name, value)
        if array.shape != shape:
            raise ShapeError(f"{self.operation.name}: {name} has shape {array.shape}, but {like} "
                             f"has {shape}. Give {name} the shape of {like}.")
        return array

    def call(self, formula, **more):
        """The formula's value, its arguments looked up by name.

        Silent: a formula may use ∞ on its way; what it returns is tested.
        """
        with np.errstate(all="ignore"):
            return formula(*[more[name] if name in more else self[name]
                             for name in argument_names(formula)])

    def out(self, value, shape, held):
        """A value as it goes out: right dtype and shape, in memory that no array in `held` uses."""
        value = np.asarray(value)
        if value.shape != shape:
            value = np.broadcast_to(value, shape)
        shared = not value.flags.writeable or any(overlaps(value, other) for other in held)
        dtype = self.dtype
        if value.dtype == dtype:
            return value.copy("K") if shared else value
        with np.errstate(over="ignore"):
            return value.astype(dtype)

    def held(self):
        """Every array of this call, of its forward pass too."""
        before = self.before.held() if self.before else ()
        return [*arrays_in(self.values.values()), *before]


def overlaps(value, other):
    """Whether two arrays may share memory; quick to tell when the first owns its own."""
    if value.base is None:
        return other is value or other.base is value
    return np.may_share_memory(value, other)


def arrays_in(values):
    """The arrays among these values and inside their tuples."""
    for value in values:
        if isinstance(value, np.ndarray):
            yield value
        elif isinstance(value, tuple):
            yield from arrays_in(value)


@cache
def argument_names(formula):
    """The names that a formula `needs`, else those of its positional arguments.

    A formula that wraps another has the arguments of that one.
    """
    if hasattr(formula, "needs"):
        return formula.needs
    code = unwrap(formula).__code__
    return code.co_varnames[:code.co_argcount]


def apply(formula, values):
    """A formula's value from a mapping; a text, or None, stands for itself."""
    if not callable(formula):
        return formula
    return formula(*[values[name] for name in argument_names(formula)])
