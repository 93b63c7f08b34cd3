"""Exercises that name the mistake: `exercises.relu_backward.check(f)`, `.hint()`, `.solution()`.

`exercises.use(f)` is f where it is right, else the solution: a lesson goes on with either.
`exercises.puzzles[1]` to `[10]`, and `exercises.puzzle(seed, level)` without end, show a tensor and
ask for the line of NumPy that replaces it.
`exercises.progress()` shows what is solved; `exercises.keep_progress(False)` keeps no record of it.
For teachers: `python -m helpers.exercises --help`.

The cell of an exercise in a notebook is its stub, a blank line and its check:

    def relu_backward(G, X):
        ...

    exercises.relu_backward.check(relu_backward)
"""

from difflib import get_close_matches

from ..words import brief, count
from . import record
from .exercise import ExerciseError
from .judge import Feedback, judge
from .own_numbers import own
from .puzzling import puzzle, puzzles
from .record import keep_progress
from .tables import (
    activations,
    affine,
    autograd,
    chain_rule,
    checking,
    choosing,
    formulas,
    hessians,
    normalization,
    replacement,
    scalar,
    tensors,
    training,
)

NOTEBOOKS = {
    "01_activations": activations.ROWS,
    "02_scalar_backprop": scalar.ROWS,
    "03_vector_chain_rule": chain_rule.ROWS,
    "04_tensor_derivatives": tensors.ROWS,
    "05_affine_and_batchnorm": affine.ROWS,
    "06_find_the_replacement": replacement.ROWS,
    "07_train_with_your_gradients": training.ROWS,
    "11_formulas_under_test": formulas.ROWS,
    "12_backprop_in_code": autograd.ROWS,
    "13_hessians_and_vec": hessians.ROWS,
    "15_inside_batchnorm": normalization.ROWS,
    "16_checking_gradients": checking.ROWS,
    "17_training_in_depth": choosing.ROWS,
}
EXERCISES = {row.name: row for rows in NOTEBOOKS.values() for row in rows}
STUDENT = [None]  # whose numbers the predictions of this notebook have

__all__ = ["EXERCISES", "NOTEBOOKS", "Feedback", "Progress", "keep_progress", "numbers_of",
           "progress", "puzzle", "puzzles", "use", *EXERCISES]


class UnknownExercise(ExerciseError, AttributeError):
    """There is no exercise of that name."""


def __getattr__(name):
    if name.startswith("_") or name not in EXERCISES:
        near = [known for known in EXERCISES if name in known]
        near = near or get_close_matches(name[:60], EXERCISES, n=3, cutoff=0)
        raise UnknownExercise(f"There is no exercise {brief(name)}. Near it are "
                              f"{', '.join(near[:5])}; exercises.EXERCISES has all "
                              f"{len(EXERCISES)}.")
    return own(EXERCISES[name], STUDENT[0])


def numbers_of(student):
    """From now on predictions ask with this student's numbers, where they have such."""
    STUDENT[0] = student


def __dir__():
    return __all__


class Progress:
    """A table of the notebooks with a square for each exercise, full when it is solved.

    The ten puzzles are a row like a notebook. Those without end count where they are solved.
    """

    def __init__(self, solved):
        self.rows = {title: [row.name in solved for row in rows]
                     for title, rows in NOTEBOOKS.items()}
        self.rows["puzzles of 06"], self.more = puzzles.done(solved)

    def __repr__(self):
        width, longest = max(map(len, self.rows)), max(map(len, self.rows.values()))
        lines = [f"{title:{width}}  {record.bar(done):{longest}}  {sum(done)} of {len(done)}"
                 for title, done in self.rows.items()]
        every = [one for done in self.rows.values() for one in done]
        more = f", and {count(self.more, 'more puzzle')}" if self.more else ""
        return "\n".join(
            [*lines, f"{'all':{width}}  {'':{longest}}  {sum(every)} of {len(every)}{more}"])


def progress():
    """What is solved so far, in all notebooks and of the puzzles: a table with a bar for each."""
    return Progress(record.solved())


def use(*functions):
    """Each function if it is right, else its solution's; one says which. Raises UnknownExercise.

    The exercise is the one of the function's name.
    """
    strange = [brief(one) for one in functions if not callable(one)]
    if strange or not functions:
        raise ExerciseError("exercises.use takes functions themselves, not called, as in "
                            f"exercises.use(relu_backward), not {(strange or ['nothing'])[0]}.")
    rows = [__getattr__(getattr(function, "__name__", str(function))) for function in functions]
    mine = [judge(row, function).right for row, function in zip(rows, functions, strict=True)]
    others = [row.name for row, right in zip(rows, mine, strict=True) if not right]
    print(f"{sum(mine)} of {len(rows)} yours"
          + (f"; the solution stands in for {', '.join(others)}" if others else ""))
    used = [function if right else row.solved()
            for row, function, right in zip(rows, functions, mine, strict=True)]
    return used if len(used) > 1 else used[0]
