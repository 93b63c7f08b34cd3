"""What is asked about where the tensor is too large: a function or a row of the table, its slopes
along directions at several points, and the same at smaller sizes.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...complex_step import slopes_along
from ...slopes import step_sizes
from ..points import fresh_input, jump, odd_inputs
from ..ties import letters_for
from .corner import looked, looked_at_sizes
from .directions import Counted, Point, RowPoint, same_shape
from .probes import rounding, tidy

LARGE = 10**5  # entries of a tensor that is not built any more
# What fresh inputs are like, and how many times as large
FRESH = (("wide", 1), ("like", 1), ("near", 1), ("wide", 10), ("wide", 0.1))


@dataclass(frozen=True)
class Subject:
    """points: the given one first. looks(search, tables): ((structure, structure), (shapes,
    shapes)) at smaller sizes, as often as f takes some; search gets `Samples`, or what
    `small_samples` needs. calls(): how often f was called at full size."""

    source: str
    input_name: str
    output_name: str
    outer: tuple
    inner: tuple
    points: list
    looks: Callable
    calls: Callable
    warning: str = ""
    odd: Callable = list   # (words, point) where lines are likely to break


def of_function(f, x, Y, known, what, names):
    """The `Subject` of a function. names: of the input and of Y."""
    (name, output), random = names, np.random.default_rng(5)
    counted = Counted(f)

    def at(x, Y, closely=True):
        names = {name: x, **({} if output in known else {output: Y}), **known}
        return Point(counted, x, Y, names, closely)

    points, warning = [at(x, Y)], ""
    if points[0].kinks:
        warning = kink_sentence(what, points[0].kinks[0], output)
        x = np.array(x + 1e-2 * step_sizes(x) * random.uniform(0.5, 1, x.shape))
        points = [at(x, np.array(f(x.copy()), float))]
    for kind, times in FRESH:
        new = np.array(fresh_input(x, kind, random)) * times
        there = same_shape(counted, new.copy(), Y.shape, what)
        one = None if there is None else at(new, there)
        points += [one] if one and not one.kinks else []

    def looks(search, tables):
        return looked(lambda small: search(f, small, known, what, names, tensor), f, x, Y.ndim,
                      tables)

    def tensor(x, Y):
        one = Point(f, x, Y, {})
        return tensor_of(one) if one.exact and not one.kinks else None

    def odd():  # one at a time: they need not be held together
        for words, (new, *_) in odd_inputs(x, np.random.default_rng(9)):
            there = same_shape(counted, new.copy(), Y.shape, what)
            one = None if there is None else at(new, there, closely=False)
            if one and one.exact:
                yield words, one

    return Subject(what, name, output, *letters_for(Y.ndim, x.ndim), points, looks,
                   lambda: counted.calls,
                   " ".join(filter(None, [warning, *points[0].troubles])), odd)


def kink_sentence(what, kink, output):
    """A warning about a kink at the given input."""
    place = f"{output}{list(map(int, kink.output)) if kink.output else ''}"
    return (f"{what} is not differentiable at x: along a random direction the slope of {place} "
            f"{jump(kink)}")


def of_operation(op, inputs, wrt, parameters, samples_at, names_at):
    """The `Subject` of a row of the table. samples_at(inputs, parameters): its `Samples` at a
    smaller size; names_at(op, inputs, parameters): what its lines may use."""
    numbers = {name: value for name, value in parameters.items() if name in op.parameters}
    sizes, ndim = op.sizes(*inputs, **parameters), inputs[0].ndim
    random = np.random.default_rng(7)
    places = [(inputs, parameters), *(op.example(random, sizes, ndim, **numbers)
                                      for _ in range(2))]
    points = [RowPoint(op, *place, wrt, names_at(op, *place)) for place in places]
    outer, inner = letters_of_row(op, wrt, ndim, numbers)

    def looks(search, tables):
        return looked_at_sizes(op, sizes, ndim, numbers, lambda one: search(samples_at(*one)),
                               wrt, tables)

    return Subject(op.name, wrt, op.output, outer, inner, points, looks,
                   lambda: sum(point.calls for point in points))


def letters_of_row(op, wrt, ndim, numbers):
    """(outer, inner): the letters of Y as the row has them, those of the input beside them."""
    _, outer, claimed = op.letters(wrt, ndim, **numbers)
    free = iter(x for x in "ijabcdefgstuvwxyz" if x not in (*outer, *claimed, wrt))
    return outer, tuple(next(free) if x in outer or x == wrt else x for x in claimed)


def tensor_of(point):
    """The full tensor at one point by complex steps; None where f takes none."""
    x, sizes = point.x, step_sizes(point.x).ravel()
    columns = (V.reshape(x.shape) for V in np.diag(sizes))
    D = slopes_along(point.f, x, columns, x.size, point.Y.shape)
    if D is None or not np.isfinite(D).all():
        return None
    J = np.moveaxis(D / sizes.reshape(-1, *[1] * point.Y.ndim), 0, -1)
    return tidy(J.reshape(*point.Y.shape, *x.shape), rounding(point))
