"""A puzzle: a full tensor and some arrays are shown; one line of NumPy does the tensor's work."""

import math
import time
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from ...calculus.jacobian import contract
from ...calculus.mistakes import Mistake
from ...words import plural
from .. import guard
from ..diagnosis import attempt
from ..exercise import Exercise, Truth
from .counting import multiplications
from .lines import function

FRESH = 5  # draws of the known arrays that an answer must be right at, besides those shown


@dataclass(frozen=True)
class Known:
    """An array that a line may use. axes: its letters; values: as shown.

    kind: what it holds in other draws: "numbers", or "probabilities" that add up to 1 in each row.
    """

    name: str
    axes: str
    values: np.ndarray
    kind: str = "numbers"

    def fresh(self, random):
        """Other numbers of this kind and shape."""
        drawn = random.standard_normal(self.values.shape)
        if self.kind == "probabilities":
            drawn = np.exp(drawn)
            drawn /= drawn.sum(-1, keepdims=True)
        return drawn


@dataclass(frozen=True, eq=False, repr=False)
class Puzzle(Exercise):
    """One puzzle. In a notebook it shows itself; `.check(function)`, `.hint()`, `.solution()`.

    call: how a notebook gets it; forward: dY as a line of dX and the known arrays, linear in dX;
    line: the solution; outer, inner: the letters of Y and of X.
    """

    call: str = ""
    forward: str = ""
    line: str = ""
    outer: tuple = ()
    inner: tuple = ()
    sizes: dict = field(default_factory=dict)
    known: tuple = ()

    def __repr__(self):
        return f"exercises.{self.call}: {self.task}"

    def _repr_markdown_(self):
        return None  # the picture says it all

    def _repr_mimebundle_(self, **_):
        return self.figure()._repr_mimebundle_()

    def figure(self):
        """The tensor in tiles, and the known arrays, as a `Picture`."""
        from .picture import drawn  # Matplotlib, only when a puzzle is shown
        return drawn(self)

    @property
    def example(self):
        return f"exercises.{self.call}.check({self.stub})"

    @property
    def arrays(self):
        """The known arrays as shown, by name."""
        return {known.name: known.values.copy() for known in self.known}

    @cached_property
    def tensor(self):
        """The full Jacobian that is shown: the axes of Y, then those of X."""
        return self.truths[0].jacobian(None, *self.arrays.values())

    def shape(self, letters):
        """The sizes of these axes."""
        return tuple(self.sizes[letter] for letter in letters)

    def cases(self):
        """G and the known arrays: as shown with G = 1, 2, 3, …, then others."""
        shown = (counting(self.shape(self.outer)), *self.arrays.values())
        return [shown, *(self.draw(self.sizes, seed) for seed in range(FRESH))]

    def draw(self, sizes, seed):
        """G and the known arrays with other numbers."""
        random = np.random.default_rng(seed)
        return (random.standard_normal(self.shape(self.outer)),
                *(known.fresh(random) for known in self.known))

    def remark(self, case):
        """What a complaint says of the arrays of a case."""
        shown = np.array_equal(case[0], counting(self.shape(self.outer)))
        return ": the arrays shown, and G = 1, 2, 3, …" if shown else ": other numbers than shown"

    @cached_property
    def par(self):
        """How many multiplications the solution takes."""
        return multiplications(function(self.line, self.arguments), self.cases()[0])

    def check(self, answer):
        """`Feedback` on a function; a right one hears its multiplications and the par."""
        feedback = super().check(answer)
        if not feedback.right:
            return feedback
        return replace(feedback, text=feedback.text + against_par(self.count(answer), self.par))

    def count(self, answer):
        """The multiplications of a function at the sizes shown; None when it hides them."""
        return guard.call(lambda *case: multiplications(answer, case), self.arguments,
                          self.cases()[0], time.monotonic() + guard.LIMIT).value


def counting(shape):
    """1, 2, 3, … in this shape."""
    return np.arange(1.0, math.prod(shape) + 1).reshape(shape)


def against_par(count, par):
    """A sentence on so many multiplications where the par is known."""
    if count is None:
        return ""
    said = f", with {plural(count, 'multiplication')}"
    if count > par:
        return f"{said}. Par is {par:,}: there is a way with less work."
    return f"{said}: par." if count == par else f"{said}: {par - count:,} under par!"


def make(call, name, forward, line, *, outer, inner, sizes, known, wrong, hints, why):
    """A `Puzzle`. outer, inner: letters; wrong: rows (name, line[, remedy]), the likeliest first.

    forward: dY in terms of dX and the known arrays; line: dX in terms of G and the known arrays.
    """
    names = ("G", *(one.name for one in known))
    head = f"lambda {', '.join(names)}: "
    jacobian = jacobian_of(function(forward, ("dX", *names[1:])), [sizes[x] for x in inner])
    truth = Truth(lambda G, *arrays: contract(G, jacobian(G, *arrays)), jacobian, ("Y", "X"))
    puzzle = Puzzle(
        name, "puzzle", task(outer, inner, sizes, known), head + "...", head + line, hints, why,
        ("dX",), (truth,), names, call=call, forward=forward, line=line, outer=outer, inner=inner,
        sizes=sizes, known=tuple(known))
    rows = (Mistake(name, function(text, names), *rest) for name, text, *rest in wrong)
    shown = puzzle.cases()[0]
    return replace(puzzle, mistakes=tuple(
        row for row in rows if attempt(row.formula, shown) is not None))


def jacobian_of(forward, shape):
    """The full Jacobian as a function of (G, *known arrays): a column for each unit step in X."""
    steps = np.eye(math.prod(shape)).reshape(-1, *shape)

    def jacobian(G, *arrays):
        columns = np.stack([forward(step, *arrays) for step in steps], -1)
        return columns.reshape(*columns.shape[:-1], *shape)

    return jacobian


def task(outer, inner, sizes, known):
    """What is asked, in words and shapes."""
    def sized(name, letters):
        return f"{name} {tuple(sizes[letter] for letter in letters)}"

    given = [sized("G", outer), *(sized(one.name, one.axes.split()) for one in known)]
    return (f"∂Y/∂X has shape {tuple(sizes[x] for x in (*outer, *inner))}, the axes of Y first. "
            f"Write dL/dX, shape {tuple(sizes[x] for x in inner)}, as one line of NumPy in "
            f"{' and '.join([', '.join(given[:-1]), given[-1]] if given[1:] else given)}.")
