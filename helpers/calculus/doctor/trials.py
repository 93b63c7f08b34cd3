"""Trials of somebody's backward pass at several inputs and upstream gradients."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import LessonError, is_a
from ..jacobian import contract
from ..slopes import slopes
from .code import OwnCode, is_whole
from .measure import MOST
from .roughness import rough

LARGEST = 2**20  # entries of the Jacobians that a trial may hold
TINY = 3         # sizes up to this are kept when a problem is made smaller
WIDE = 0.25      # how much fresh numbers differ from somebody's own


@dataclass(eq=False)
class Trial:
    """One call: values and G, and the gradients `got`; Jacobians and what is right when asked."""

    code: OwnCode
    values: dict
    G: np.ndarray

    def __post_init__(self):
        self.passed = self.code.run(self.values, self.G)
        self.Y, self.got = self.passed.Y, self.passed.gradients
        self.known, self.looks = {}, []

    def function(self, name, values=None):
        """forward as a function of one input."""
        values = self.values if values is None else values
        return lambda value: self.code.value({**values, name: value})

    def jacobian(self, name, values=None):
        """∂Y/∂input, Y.shape + input.shape; at other values where given. Raises LessonError."""
        if values is not None:
            return slopes(self.function(name, values), values[name]).J
        if name not in self.known:
            self.known[name] = slopes(self.function(name), self.values[name]).J
        return self.known[name]

    def right(self, name, G=None, values=None):
        """The right gradient, also for another G or at other values."""
        return contract(self.G if G is None else G, self.jacobian(name, values))

    def with_G(self, G):
        """The gradients that backward gives for another G."""
        return self.code.run(self.values, G).gradients

    def roughness(self, count, random):
        """How rough each gradient is, by its input, and Y, by None: the most that looks tell."""
        while len(self.looks) < count:
            self.looks.append(rough(self.arrays, self.values, self.code.names, random))
        told = self.looks[:count]
        return {key: np.max([look[key] for look in told if key in look], 0)
                for key in set().union(*told)}

    def arrays(self, values):
        """Y, by None, and the gradients by their inputs, of one pass at other values."""
        passed = self.code.run(values, self.G)
        return {**passed.gradients, None: passed.Y}

    @cached_property
    def sizes(self):
        """(N, K, all): sizes of the first and last axis of Y, and of Y; 1 without axes.

        A scalar loss has the batch of its first input instead.
        """
        shape = self.Y.shape or next((v.shape for v in self.values.values() if v.ndim), ())
        return (shape[0], shape[-1], int(np.prod(shape))) if shape else (1, 1, 1)

    @cached_property
    def alive(self):
        """Where an output is moved by any input, shape of Y."""
        found = np.zeros(self.Y.shape, bool)
        for name in self.code.names:
            J = self.jacobian(name)
            found |= (J != 0).any(tuple(range(self.Y.ndim, J.ndim)))
        return found


def trials(code, random, G):
    """The first trial, at somebody's own numbers, and a few with others, a larger batch too."""
    found = [Trial(code, code.values, G)]
    if code.takes_G:
        found.append(Trial(code, code.values, random.standard_normal(code.Y.shape)))
    for _ in range(2):
        found += tried(code, fresh(code, random), random)
    bigger = grown(code, random)
    if bigger is not None:
        found += tried(bigger, bigger.values, random)
    return found


def small(code):
    """Whether the Jacobians by all inputs are small enough for trials."""
    return all(code.values[name].size <= MOST and code.values[name].size * code.Y.size <= LARGEST
               for name in code.names)


def tried(code, values, random):
    """A list of one `Trial`, empty where the functions refuse these numbers."""
    try:
        Y = code.value(values)
        G = random.standard_normal(Y.shape) if code.takes_G else np.ones(Y.shape)
        trial = Trial(code, values, G)
    except LessonError:
        return []
    fine = np.isfinite(trial.Y).all() and trial.Y.shape == Y.shape
    return [trial] if fine else []


def fresh(code, random):
    """Other numbers of the same kind: zeros alone become small numbers, symmetric stays so."""
    return {name: other(value, random) if name in code.names else value
            for name, value in code.values.items()}


def other(value, random):
    """An array like this one, each number by up to a quarter larger or smaller."""
    if not value.any():
        return 0.5 * random.standard_normal(value.shape)
    found = value * random.uniform(1 - WIDE, 1 + WIDE, value.shape)
    if value.ndim == 2 and np.array_equal(value, value.T):
        return (found + found.T) / 2
    if value.ndim and (value >= 0).all() and np.allclose(value.sum(-1), 1):
        return found / found.sum(-1, keepdims=True)
    return found


def grown(code, random):
    """The same code with one more example in the batch, or None where that cannot be made."""
    arrays = {i: v for i, v in enumerate(code.arguments) if is_a(v, np.ndarray) and v.ndim}
    if not arrays:
        return None
    first = next(iter(arrays.values()))
    N = len(first)
    every = [i for i, v in arrays.items() if len(v) == N]
    alone = [i for i in every if arrays[i] is first or is_whole(arrays[i])]
    for chosen in (every, alone):
        try:
            arguments = [longer(v, random) if i in chosen else v
                         for i, v in enumerate(code.arguments)]
            bigger = OwnCode(code.given[0], code.given[1], arguments, code.keywords)
        except (LessonError, TypeError, ValueError):
            continue
        same = bigger.names == code.names and bigger.Y.ndim == code.Y.ndim
        if same and (not code.Y.ndim or bigger.Y.shape == (N + 1, *code.Y.shape[1:])):
            return bigger
    return None


def shrunk(code):
    """The same code on a corner of every array, each size as small as it can be told from others.

    None where that does not run.
    """
    arrays = [value for value in (*code.arguments, *code.keywords.values())
              if is_a(value, np.ndarray)]
    shapes = [v.shape for v in (*arrays, *code.values.values())]
    sizes = sorted({size for shape in shapes for size in shape if size > TINY})
    to = {size: TINY + 1 + i for i, size in enumerate(sizes)}

    def cut(value):
        return value[tuple(slice(to.get(size, size)) for size in value.shape)]

    def rest(value, given):  # what is prepared is cut, all but labels and other constants
        return cut(value) if is_a(given, np.ndarray) and value.shape == given.shape else value

    try:
        values = {name: cut(value) for name, value in code.values.items()}
        layer, arguments, keywords = code.prepared(values)
        forward, backward = code.given if layer is None else (layer, None)
        smaller = OwnCode(forward, backward, list(map(rest, arguments, code.arguments)),
                          {name: rest(v, code.keywords[name]) for name, v in keywords.items()})
    except (LessonError, TypeError, ValueError, IndexError):
        return None
    return smaller if smaller.names == code.names and small(smaller) else None


def longer(value, random):
    """An array with one more row, like the first."""
    value = np.asarray(value)
    row = other(value[:1].astype(float), random) if value.dtype.kind == "f" else value[:1]
    return np.concatenate([value, row])
