"""A puzzle: a full tensor and some arrays are shown; one line of NumPy does the tensor's work."""

import math
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from ...calculus.jacobian import contract
from ...calculus.mistakes import Mistake
from ...words import count, listed
from .. import guard
from ..diagnosis import alike, attempt
from ..exercise import Exercise, Truth
from .compared import compared
from .counting import multiplications
from .lines import function

FRESH = 5  # draws of the known arrays that an answer must be right at, besides those shown
SQUARE = 3  # the size of every axis where any two axes are to meet


@dataclass(frozen=True)
class Known:
    """An array that a line may use. axes: its letters; values: as shown.

    kind: what it holds in other draws: "numbers", or "probabilities" that add up to 1 in each row.
    """

    name: str
    axes: str
    values: np.ndarray
    kind: str = "numbers"

    def fresh(self, random, sizes):
        """Other numbers of this kind, with axes of these sizes."""
        drawn = random.standard_normal([sizes[letter] for letter in self.axes.split()])
        if self.kind == "probabilities":
            drawn = np.exp(drawn)
            drawn /= drawn.sum(1, keepdims=True)
        return drawn


@dataclass(frozen=True, eq=False, repr=False)
class Puzzle(Exercise):
    """One puzzle. In a notebook it shows itself; `.check(function)`, `.hint()`, `.solution()`.

    call: how a notebook gets it; forward: dY as a line of dX and the known arrays, linear in dX;
    line: the solution; outer, inner: the letters of Y and of X; crashes: the mistakes that stop
    with an error, because axes do not meet.
    """

    call: str = ""
    forward: str = ""
    line: str = ""
    outer: tuple = ()
    inner: tuple = ()
    sizes: dict = field(default_factory=dict)
    known: tuple = ()
    crashes: tuple = ()

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
    def title(self):
        """`Puzzle 3`, or `Puzzle 7 of level 2`."""
        _, *numbers = self.name.split("_")
        return f"Puzzle {numbers[-1]}" + (f" of level {numbers[0]}" if numbers[1:] else "")

    @property
    def usage(self):
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
        return (random.standard_normal([sizes[letter] for letter in self.outer]),
                *(known.fresh(random, sizes) for known in self.known))

    def remark(self, case):
        """What a complaint says of the arrays of a case."""
        shown = np.array_equal(case[0], counting(self.shape(self.outer)))
        return ": the arrays shown, and G = 1, 2, 3, …" if shown else ": other numbers than shown"

    @cached_property
    def par(self):
        """How many multiplications the solution takes."""
        return multiplications(function(self.line, self.arguments), self.cases()[0])

    def check(self, answer):
        """`Feedback` on a function; a right one hears its multiplications and the par.

        A wrong one sees every entry that differs, marked in its own array and in the right one.
        """
        feedback = super().check(answer)
        if feedback.right:
            return replace(feedback, text=feedback.text + against_par(self.work(answer), self.par))
        if feedback.pair:
            return compared(feedback)
        stopped = not feedback.mistake and "your code stopped" in feedback.text
        mistake = self.crash(answer) if stopped else None
        if mistake is None:
            return feedback
        return replace(feedback, mistake=mistake.name,
                       text=f"{feedback.text}\n{mistake.sentence}")

    def call_with(self, function, case):
        """The `Outcome` of a function at one case."""
        return guard.call(function, self.arguments, case, guard.Deadline(guard.LIMIT))

    def work(self, answer):
        """The multiplications of a function at the sizes shown; None when it hides them."""
        return self.call_with(lambda *case: multiplications(answer, case), self.cases()[0]).value

    def crash(self, answer):
        """The mistake of a function whose axes do not meet, or None.

        Were all sizes equal they would meet: there it gives what the mistake gives.
        """
        if not isinstance(self.call_with(answer, self.cases()[0]).error, ValueError):
            return None
        square = self.draw(dict.fromkeys(self.sizes, SQUARE), FRESH)
        found = self.call_with(answer, square).value
        if not isinstance(found, np.ndarray) or found.dtype.kind not in "biuf":
            return None
        return next((mistake for mistake in self.crashes
                     if alike(found, attempt(mistake.formula, square))), None)


def counting(shape):
    """1, 2, 3, … in this shape."""
    return np.arange(1.0, math.prod(shape) + 1).reshape(shape)


def against_par(found, par):
    """A sentence on so many multiplications where the par is known."""
    if found is None:
        return ""
    said = f", with {count(found, 'multiplication')}"
    if found > par:
        return f"{said}. Par is {par:,}: there is a way with less work."
    return f"{said}: par." if found == par else f"{said}: {par - found:,} under par!"


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
    rows = [Mistake(name, function(text, names), *rest) for name, text, *rest in wrong]
    runs = [attempt(row.formula, puzzle.cases()[0]) is not None for row in rows]
    return replace(puzzle, mistakes=tuple(row for row, run in zip(rows, runs, strict=True) if run),
                   crashes=tuple(row for row, run in zip(rows, runs, strict=True) if not run))


def jacobian_of(forward, shape):
    """The full Jacobian as a function of (G, *known arrays): a column for each unit step in X."""
    steps = np.eye(math.prod(shape)).reshape(-1, *shape)

    def jacobian(G, *arrays):
        columns = np.stack([forward(step, *arrays) for step in steps], -1)
        return columns.reshape(*columns.shape[:-1], *shape)

    return jacobian


def task(outer, inner, sizes, known):
    """What is asked, in words and shapes."""
    def shape(letters):
        return tuple(sizes[letter] for letter in letters)

    given = listed([f"G {shape(outer)}", *(f"{one.name} {one.values.shape}" for one in known)])
    return (f"∂Y/∂X has shape {shape((*outer, *inner))}, the axes of Y first. Write dL/dX, shape "
            f"{shape(inner)}, as one line of NumPy in {given}.")
