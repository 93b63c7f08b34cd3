"""What is asked about where the tensor is too large: a function or a row of the table, its slopes
along directions at several points, and the same at smaller sizes.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .corner import looked
from .directions import Counted, Point, RowPoint, value

LARGE = 10**5  # entries of a tensor that is not built any more
# What fresh inputs are like, and how many times as large
FRESH = (("wide", 1), ("like", 1), ("near", 1), ("wide", 10), ("wide", 0.1))


@dataclass(frozen=True)
class Subject:
    """points: the given one first. looks(discover): ((structure, structure), (shapes, shapes)) at smaller
    sizes, as often as f takes some. calls(): how often f was called at full size."""

    source: str
    input_name: str
    output_name: str
    outer: tuple
    inner: tuple
    points: list
    looks: Callable
    calls: Callable
    warning: str = ""


def of_function(f, x, Y, known, what, names, letters, fresh):
    """The `Subject` of a function. names: of the input and of Y; fresh(x, kind): a new input."""
    name, output = names
    counted = Counted(f)

    def point(x, Y):
        return Point(counted, x, Y, {name: x, **({} if output in known else {output: Y}), **known})

    points = [point(x, Y)]
    for kind, times in FRESH:
        new = np.array(fresh(x, kind)) * times
        there = value(counted, new.copy(), Y.shape)
        points += [] if there is None else [point(new, there)]

    def alone(X):
        return f(X)

    alone.__name__, alone.__signature__ = what, signature(name)

    def looks(discover):
        return looked(lambda small: discover(alone, small, known=known), f, x, Y.ndim)

    return Subject(what, name, output, *letters, points, looks, lambda: counted.calls)


def signature(name):
    """The signature of a function of one array of that name."""
    return inspect.Signature([inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY)])
