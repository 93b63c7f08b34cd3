"""Random calls of any operation, drawn from its row alone: a new row needs nothing here."""

import math

import numpy as np
from hypothesis import reject
from hypothesis import strategies as st

from helpers import OPERATIONS
from helpers.calculus.errors import LessonError
from helpers.calculus.operation import needed

TABLE = list(OPERATIONS.values())
SPECIAL = (0.0, -0.0, np.nan, np.inf, -np.inf, 1e300, -1e300, 1e-300, 5e-324, 1.7e308, -1.7e308)


class Call:
    """An operation with all that it needs, and a source of more numbers."""

    def __init__(self, op, inputs, parameters, ndim, random):
        self.op, self.inputs, self.parameters = op, inputs, parameters
        self.ndim, self.random = ndim, random
        self.Y = op(*inputs, **parameters)

    def __repr__(self):
        given = ", ".join(f"{k}={np.asarray(v).tolist()}" for k, v in self.parameters.items())
        return f"{self.op.name}(*{[x.tolist() for x in self.inputs]}, {given})"

    def input(self, wrt):
        return self.inputs[self.op.inputs.index(wrt)]

    def by_one_input(self, wrt):
        """The operation as a function of one input."""
        place = self.op.inputs.index(wrt)
        return lambda value: self.op(*self.inputs[:place], value, *self.inputs[place + 1:],
                                     **self.parameters)

    def like(self, array):
        return self.random.standard_normal(np.shape(array))


@st.composite
def calls(draw, op, least=0, most=5, scale=1.0, special=False):
    """A `Call` with axes of `least` to `most` entries; with `special`, nan, ∞ and huge numbers.

    All numbers are at least 0.05 apart and away from 0, so that no kink is near.
    """
    ndim = draw(st.integers(0 if least == 0 else 1, 3)) if open_ended(op) else 2
    parameters = {name: draw(number(op, name)) for name in op.ranges}
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    try:
        letters = op.sizes_at(ndim=ndim, **parameters)
        sizes = {letter: draw(st.integers(least, most)) for letter in letters}
        inputs, parameters = op.example(random, sizes, ndim, **parameters)
        inputs = tuple(np.asarray(scale * spread(random, value.shape)) for value in inputs)
        if special:
            for value in inputs:
                mask = random.random(value.shape) < 0.3
                value[mask] = random.choice(SPECIAL, mask.sum())
        return Call(op, inputs, parameters, ndim, random)
    except LessonError:  # a filter longer than the signal, no class for a label, …
        reject()


def open_ended(op):
    return "..." in op.axes or op.pattern is not None


def number(op, name):
    """A value of a parameter: its default, or one on its slider."""
    low, high = op.ranges[name]
    kind = st.floats if isinstance(op.parameters[name], float) else st.integers
    return st.just(op.parameters[name]) | kind(low, high)


def spread(random, shape):
    """Numbers with both signs, at least 0.05 from 0 and from each other."""
    count = math.prod(shape)
    steps = random.permutation(np.arange(count) - count // 2 + 0.5)
    values = 0.1 * steps + random.uniform(-0.025, 0.025, count)
    return np.asarray(values * max(1, 10 / max(count, 1))).reshape(shape)


def example(op, seed=0, ndim=2, sizes=(), **parameters):
    """A `Call` at small unequal sizes."""
    random = np.random.default_rng(seed)
    return Call(op, *op.example(random, sizes, ndim, **parameters), ndim, random)


def names(call, library=np, **more):
    """What the NumPy lines of an operation may use, for `evaluate`."""
    return {**dict(zip(call.op.inputs, call.inputs, strict=True)), **call.parameters,
            "np": library, "math": math, **more}


def evaluate(line, where, values):
    """A line of NumPy, after the lines of what it uses."""
    for name, first in needed(line, where).items():
        values = {**values, name: eval(first, values)}
    return eval(line, values)
