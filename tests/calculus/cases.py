"""Random calls of any operation, drawn from its row alone: a new row needs nothing here."""

import math

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from helpers import OPERATIONS
from helpers.calculus.errors import LessonError
from helpers.calculus.operation import needed
from tests.amount import SOAK, amount

TABLE = list(OPERATIONS.values())
COURSE = """sigmoid tanh relu leaky_relu prelu elu softplus gelu silu maxout affine affine_vector
matmul hadamard transpose sum mean broadcast batchnorm batchnorm_eval layernorm softmax log_softmax
squared_error sigmoid_cross_entropy softmax_cross_entropy conv1d maxpool1d attention""".split()
# What stands for all other rows where a test searches or draws, but in a soak.
EXAMPLES = "glu kron inverse embedding rmsnorm rnn_step".split()
every_operation = pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
SPECIAL = (0.0, -0.0, np.nan, np.inf, -np.inf, 1e300, -1e300, 1e-300, 5e-324, 1.7e308, -1.7e308)


def in_course(op):
    """Whether lessons use the row: then all is tried by `make test`, else by `make soak` alone."""
    return op.name in COURSE


def looked_at():
    """The rows for tests that search or draw: those of the course, and some of the others."""
    return [op for op in TABLE if in_course(op) or SOAK or op.name in EXAMPLES]


def on_random_calls(*more):
    """A test of `op`, hypothesis's `data`, and a value of each strategy, at every row.

    A row of the course is tried as often as the profile says; of the others a few times.
    """
    def decorate(test):
        def run(op):
            usual = settings.default.max_examples

            @settings(max_examples=usual if in_course(op) else amount(4, 6, usual))
            @given(st.data(), st.tuples(*more))
            def case(data, values):
                test(op, data, *values)

            case()

        run.__name__, run.__doc__ = test.__name__, test.__doc__
        return every_operation(run)

    return decorate


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
        most = most if in_course(op) else min(most, amount(3, 3, most))
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
