"""One call of an operation: its values by name, each computed when it is first asked for."""

from functools import cache, cached_property, lru_cache
from inspect import unwrap

import numpy as np

from ..words import brief
from . import axes as ax
from .errors import NumberError, ShapeError, UnknownInput, UnknownParameter
from .jacobian import as_numbers, check_size
from .synonyms import by_name

SINGLE, DOUBLE = np.dtype(np.float32), np.dtype(np.float64)


class Run(dict):
    """The values of one call by name, in float64; one that is missing is computed and kept.

    Raises UnknownInput, UnknownParameter, NumberError, ShapeError.
    """

    def __init__(self, op, inputs, parameters):
        if len(inputs) != len(op.inputs):
            more = by_name(op, parameters) if len(inputs) > len(op.inputs) else ""
            raise UnknownInput(f"{op.name} takes {len(op.inputs)} "
                               f"input{'s'[:len(op.inputs) != 1]} ({', '.join(op.inputs)}), "
                               f"but got {len(inputs)}.{more}")
        self.op, self.dtypes, self.formulas = op, [], op.steps
        arrays = {name: self.admit(name, value)
                  for name, value in zip(op.inputs, inputs, strict=True)}
        ndim = arrays[op.inputs[0]].ndim
        super().__init__(settings(op, parameters, ndim), **arrays)
        for name in op.constants:
            if name not in self:
                raise UnknownParameter(f"{op.name} needs {name}: give it by name, {name}=….")
        shapes = tuple([self[name].shape for name in op.arrays])
        self.sizes, self.shape = bound(op, ndim, numbers(op, self), shapes)
        obey(op, self, of_parameters=False)

    def __missing__(self, name):
        value = self[name] = self.call(self.formulas[name])
        return value

    def again(self, first):
        """The same call with another first input, float64, which is not checked.

        Only before anything was computed from the old one.
        """
        run = Run.__new__(Run)
        run.update(self)
        run.op, run.formulas, run[self.op.inputs[0]] = self.op, self.formulas, first
        return run

    def call(self, formula):
        """The formula's value, its arguments looked up by name."""
        return formula(*[self[name] for name in argument_names(formula)])

    def admit(self, name, value):
        """An outside array in float64, its dtype remembered. Raises NumberError."""
        array = as_array(self.op, name, value)
        if array is value:
            self.dtypes.append(DOUBLE)
        elif not isinstance(value, int | float):  # as in NumPy a Python number follows the arrays
            self.dtypes.append(np.asarray(value).dtype)
        return array

    @cached_property
    def dtype(self):
        """float32 when every floating array that came in was float32, else float64."""
        if DOUBLE in self.dtypes:
            return DOUBLE
        floats = [dtype for dtype in self.dtypes if dtype.kind == "f"]
        return SINGLE if floats and all(dtype.itemsize <= 4 for dtype in floats) else DOUBLE

    def held(self):
        """Every array of this call, those inside of tuples too."""
        return list(arrays_in(self.values()))

    def out(self, value, shape, held):
        """A value as it goes out: right dtype and shape, in memory that no array in `held` uses.

        One of fewer entries is repeated. A view is copied, for it may be one of an input.
        """
        value = np.asarray(value)
        if value.shape != shape:
            check_size(shape, f"{self.op.name}: its output", instead="take smaller sizes")
            whole = np.empty(shape, self.dtype)
            whole[...] = value
            return whole
        if value.dtype != self.dtype:
            return value.astype(self.dtype)
        if value.base is not None or any([value is a or a.base is value for a in held]):
            return value.copy("K")
        return value


class Beside(Run):
    """A run with one array more, G or a tangent, on top of a forward pass that it does not change.

    It keeps what several gradients share, and finds everything else in the forward pass. Raises
    ShapeError unless the array has the shape, that of `like`.
    """

    def __init__(self, before, name, value, like, shape):
        super(Run, self).__init__(before)
        self.before, self.op, self.formulas = before, before.op, before.op.shared
        self.dtypes = before.dtypes.copy()
        self[name] = array = self.admit(name, value)
        if array.shape != shape:
            raise ShapeError(f"{self.op.name}: {name} has shape {array.shape}, but {like} has "
                             f"{shape}. Give {name} the shape of {like}.")

    def __missing__(self, name):
        if name in self.formulas:
            return super().__missing__(name)
        value = self[name] = self.before[name]
        return value


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


def settings(op, given, ndim):
    """Parameters, defaults and given, constants where given, and ndim.

    Raises UnknownParameter, NumberError.
    """
    values = {"ndim": ndim, **op.parameters}
    for name, value in given.items():
        if name not in op.parameters and name not in op.constants:
            has = ", ".join((*op.parameters, *op.constants)) or "none"
            raise UnknownParameter(f"{op.name} has no parameter {brief(name)}. It has: {has}.")
        take = one_number if name in op.parameters else as_array
        values[name] = take(op, name, value)
    obey(op, values, of_parameters=True)
    return values


def as_array(op, name, value):
    """An array from outside in float64. Raises NumberError."""
    if type(value) is np.ndarray and value.dtype is DOUBLE:  # what comes most often, quickly
        return value
    return as_numbers(value, f"{op.name}: {name}")


def one_number(op, name, value):
    """A parameter of the kind of its default. Raises NumberError."""
    if type(value) is type(op.parameters[name]):
        return value
    array = as_array(op, name, value)
    if array.ndim:
        raise NumberError(f"{op.name}: {name} must be one number, but has shape {array.shape}.")
    if isinstance(op.parameters[name], float):
        return float(array)
    if array != np.floor(array) or not np.isfinite(array):
        raise NumberError(f"{op.name}: {name} must be a whole number, not {array:g}.")
    return int(array)


def numbers(op, values):
    """The values of the parameters, in order."""
    return tuple([values[name] for name in op.parameters])


def obey(op, values, of_parameters):
    """Raise what a rule says: ShapeError of an input, NumberError of a parameter or constant."""
    for name, rule in op.rules.items():
        complaint = (name in op.parameters) is of_parameters and apply(rule, values)
        if complaint:
            error = ShapeError if name in op.inputs else NumberError
            raise error(f"{op.name}: {name} {complaint}")


def spelled_axes(op, values):
    """The axes of the operation without `...`, for these parameters and `ndim`."""
    return ax.spelled(apply(op.pattern or op.axes, values), values["ndim"])


def constant_axes(constant, values):
    """The axes that a `Constant` may have: one choice or two."""
    return ax.spelled(apply(constant.axes, values), values["ndim"]).split(" or ")


def derived_sizes(op, sizes, values):
    """The sizes that follow from others, by letter."""
    return {letter: apply(formula, {**values, **sizes}) for letter, formula in op.derived.items()}


@lru_cache(maxsize=1024)
def bound(op, ndim, numbers, shapes):
    """(sizes by letter, shape of Y) for parameters that are `numbers` and arrays of these shapes.

    Kept, for layers are called again and again with the same shapes. Raises ShapeError.
    """
    values = {"ndim": ndim, **dict(zip(op.parameters, numbers, strict=True))}
    named = dict(zip(op.arrays, shapes, strict=True))
    left, right = spelled_axes(op, values).split("->")
    for name, constant in op.constants.items():
        choices = constant_axes(constant, values)
        fitting = [axes for axes in choices if len(axes.split()) == len(named[name])]
        left += f", {(fitting or choices)[0]}"
    sizes = ax.bind(op.name, f"{left} -> {right}", named)
    sizes |= derived_sizes(op, sizes, values)
    return sizes, ax.shape_of(right.split(), sizes)
