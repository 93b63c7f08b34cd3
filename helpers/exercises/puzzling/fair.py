"""Puzzles without end: of the layers that are drawn, those that make a fair puzzle.

Fair is a puzzle when `discover` finds a right line in nothing but what is shown; when three lines
that a student may well write are wrong; and when every wrong one is seen to be wrong in what is
shown. (Were a matrix that is shown symmetric, a lost transpose would look right.)
"""

from functools import lru_cache
from itertools import count

import numpy as np

from ...calculus.discover import discover
from ...words import brief, listed
from ..diagnosis import attempt, is_right
from ..exercise import ExerciseError
from .counting import multiplications
from .grammar import drawn
from .lines import fill, function, names_in
from .orders import cheapest
from .puzzle import make
from .steps import REMEDIES
from .ways import cheapest_line

LEVELS = range(1, 6)
WRONG = 3  # so many wrong lines at least


def puzzle(seed, level=1):
    """A puzzle of level 1 to 5; the same seed and level always give the same one.

    Raises ExerciseError for another level, or a seed that is no whole number from 0 up.
    """
    if not is_whole(level) or level not in LEVELS:
        raise ExerciseError(f"Puzzles have levels 1 to 5, not {brief(level)}: "
                            "exercises.puzzle(7, level=2).")
    if not is_whole(seed) or seed < 0:
        raise ExerciseError(f"The seed of a puzzle is a whole number from 0 up, not {brief(seed)}: "
                            "exercises.puzzle(7, level=2).")
    return first_fair(int(seed), int(level))


def is_whole(value):
    """Whether this is a whole number."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


@lru_cache(maxsize=64)
def first_fair(seed, level):
    """The first fair puzzle that is drawn."""
    random = np.random.default_rng((seed, level))
    layers = (drawn(random, level) for _ in count())
    puzzles = (fair(cheapest(layer), f"puzzle({seed}, level={level})", f"puzzle_{level}_{seed}")
               for layer in layers if layer)
    return next(filter(None, puzzles))


def fair(layer, call, name):
    """The puzzle of a layer, or None when it is not fair."""
    wrong = [(mistake, line, REMEDIES.get(mistake, "")) for line, mistake in
             wrong_lines(layer).items()]

    def made(line):
        return make(call, name, layer.forward(), line, outer=layer.outer, inner=layer.inner,
                    sizes=layer.sizes, known=layer.known, wrong=wrong, hints=hints(layer),
                    why=why(layer, line))

    puzzle = made(layer.back())
    found = discover(puzzle.tensor, output_ndim=len(layer.outer), known=puzzle.arrays).numpy
    if not solves(puzzle, found) or not clear(puzzle, [line for _, line, _ in wrong]):
        return None
    return made(min({layer.back(), cheapest_line(layer), found},
                    key=lambda line: ("einsum" in line, work(puzzle, line), len(line), line)))


def solves(puzzle, line):
    """Whether a line needs nothing but what is shown, and is right in every case."""
    return names_in(line) <= {*puzzle.arguments} and all(
        fits(puzzle, line, case) for case in puzzle.cases())


def clear(puzzle, lines):
    """Whether enough lines are wrong, and those that are wrong are seen to be in what is shown."""
    _, *others = puzzle.cases()
    shown = (others[0][0], *puzzle.arrays.values())
    seen = [not fits(puzzle, line, shown) for line in lines]
    truly = [not all(fits(puzzle, line, case) for case in others) for line in lines]
    return seen == truly and sum(truly) >= WRONG


def fits(puzzle, line, case):
    """Whether a line gives the right gradient in one case."""
    got = attempt(function(line, puzzle.arguments), case)
    return got is not None and is_right(got, puzzle.truth(case)[0])


def work(puzzle, line):
    """The multiplications of a line; without end where nobody can count them."""
    count = multiplications(function(line, puzzle.arguments), puzzle.cases()[0])
    return float("inf") if count is None else count


def wrong_lines(layer):
    """{line: mistake} of what a student may well write, the likeliest first.

    Some of it may be right: forward is backward where every step only scales.
    """
    backs = [one.step.back for one in layer.placed]
    lines = [(layer.forward("G"), "forward for backward"),
             (layer.back(order=1), "steps in the wrong order")]
    for i, one in enumerate(layer.placed):
        lines += [(layer.back([*backs[:i], wrong, *backs[i + 1:]]), mistake)
                  for mistake, wrong in one.step.wrong]
    if len(backs) > 1:
        lines += [(layer.back([*backs[:i], "_", *backs[i + 1:]]), "lost step")
                  for i in range(len(backs))]
    lines += [(fill(layer.back(), {used.name: other.name}), "another array")
              for used in layer.known for other in layer.known
              if used.axes == other.axes and used is not other]
    lines += [("G", "local gradient forgotten"),
              (fill(layer.back(), {"G": "np.ones(G.shape)"}), "upstream forgotten")]
    found = {}
    for line, mistake in lines:
        found.setdefault(line, mistake)
    return found


def hints(layer):
    """Three hints: the axes, the steps going back, and what the line ends with."""
    gone = [x for x in layer.outer if x not in layer.inner]
    come = [x for x in layer.inner if x not in layer.outer]
    turns = [f"{listed(axes)} must {verb}" for axes, verb in ((gone, "go"), (come, "come")) if axes]
    said = dict.fromkeys(one.step.hint for one in layer.placed[::-1])
    last = layer.placed[0]
    ends = last.put(last.step.back, "...", layer.sizes).replace("...", "…")
    return (f"G has the axes {listed(layer.outer)}, dX has {listed(layer.inner)}"
            f"{': ' if turns else ''}{', '.join(turns)}.", " Then: ".join(said),
            f"The last step back is `{ends}`.")


def why(layer, line):
    """Why the solution is right."""
    back = layer.back()
    less = "" if line == back else f" The same in another order: `{line}`."
    return (f"A step dX moves Y by dY = `{layer.forward()}`. The way back takes the same steps in "
            f"reverse order, each transposed: `{back}`.{less}")
