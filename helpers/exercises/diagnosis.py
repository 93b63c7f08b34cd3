"""Which mistake an answer is: the one whose formula gives the same numbers in every case."""

import warnings
from dataclasses import replace
from itertools import permutations

import numpy as np

from ..calculus.mistakes import Mistake, generic


class Unfit(Exception):
    """The answer is not made of numbers in the form that was asked for."""


class ToDo(Unfit):
    """There is no answer yet, only `...`."""


def tolerance(got, want):
    """The difference that rounding explains, entry by entry, by the precision of the answer."""
    if single(got):
        return 1e-5 * np.maximum(1.0, np.abs(want))
    return np.clip(1e-9 * np.abs(want), 1e-9, 1e-6)


def single(got):
    """Whether the answer has the precision of float32, or less; in a list it does not show."""
    if got.dtype.kind != "f" or got.dtype.itemsize <= 4:
        return got.dtype.kind == "f"
    with np.errstate(over="ignore"):
        short = got.astype(np.float32) == got
    return bool(short.all() and (got != np.round(got)).any())


def wrong_entries(got, want):
    """Where an array of the right shape differs, as an array of truths."""
    got64 = got.astype(np.float64)
    with np.errstate(invalid="ignore"):
        return ~(np.abs(got64 - want) <= tolerance(got, want))


def first_wrong(got, want):
    """The index of the first entry that differs, or None."""
    off = wrong_entries(got, want)
    return tuple(map(int, np.argwhere(off)[0])) if off.any() else None


def is_right(got, want):
    return got.shape == want.shape and first_wrong(got, want) is None


def alike(got, want):
    """Whether an answer is this array: same shape, same numbers, nan and ∞ included."""
    close = 1e-5 if single(got) else 1e-9
    got, want = got.astype(np.float64), np.asarray(want, float)
    return got.shape == want.shape and np.allclose(got, want, close, close, equal_nan=True)


def diagnose(exercise, cases, answers, wants):
    """The mistake whose formula gives these answers in every case, or None."""
    columns = [[answer and answer[k] for answer in answers] for k in range(len(exercise.outputs))]
    if any(isinstance(got, Unfit) for column in columns for got in column):
        return None
    wrong = [k for k, column in enumerate(columns) if not settled(column, wants, k)]
    order = reordered(exercise, cases, columns, wants, wrong)
    if order:
        return order
    if None not in answers:
        return named(exercise, cases, columns[wrong[0]], wants, wrong[0]) or (
            Mistake("rounding", None) if near(exercise, answers, wants) else None)
    return next(filter(None, (named(exercise, cases, columns[k], wants, k) for k in wrong)), None)


def diagnose_output(exercise, cases, answers, wants, k):
    """The mistake behind output k alone, or None: the outputs before it are right."""
    column = [answer[k] for answer in answers]
    if any(isinstance(got, Unfit) for got in column):
        return None
    same = all(alike(got, column[0]) for got in column)
    return named(exercise, cases, column, wants, k) or (
        Mistake("a number for a formula", None, "Write what it is made of: other inputs are "
                "tried, too.", exercise.outputs[k]) if same else None)


def candidates(exercise, k):
    """The mistakes that output k may hold: those of the exercise, then those of any gradient."""
    own = [m for m in exercise.mistakes if m.output in ("", exercise.outputs[k])]
    right = exercise.truths[k].value
    return [*own, *generic(lambda *a: np.asarray(right(*a), float), exercise.arguments,
                           shape_asked=exercise.level == "predict")]


def named(exercise, cases, column, wants, k):
    """The first mistake that gives these answers, and fails where they fail."""
    for mistake in candidates(exercise, k):
        if all(same_fate(mistake, case, got) for case, got in zip(cases, column, strict=False)):
            return located(mistake, exercise, k)
    if reshaped(column, wants, k):
        return located(Mistake("(N,) against (N, 1)", None), exercise, k)
    return None


def same_fate(mistake, case, got):
    """Whether the formula gives this answer, or fails where there is none."""
    mistaken = attempt(mistake.formula, case)
    if got is None or mistaken is None:
        return got is None and mistaken is None
    return alike(got, mistaken)


def located(mistake, exercise, k):
    """The mistake with the name of the output it is in, where there are several."""
    return replace(mistake, output=exercise.outputs[k] if len(exercise.outputs) > 1 else "")


def settled(column, wants, k):
    """Whether every answer to output k is right, or missing."""
    return all(got is None or is_right(got, want[k])
               for got, want in zip(column, wants, strict=True))


def reordered(exercise, cases, columns, wants, wrong):
    """Right values in another order, unless the exercise knows each of them as a mistake."""
    outputs = exercise.outputs
    if len(outputs) < 2 or any(got is None for got in columns[0]):
        return None
    for order in permutations(range(len(outputs))):
        if all(is_right(got, want[k]) for column, k in zip(columns, order, strict=True)
               for got, want in zip(column, wants, strict=True)):
            break
    else:
        return None
    if all(own_name(exercise, cases, columns[k], k) for k in wrong):
        return None
    found = ", ".join(outputs[k] for k in order)
    return Mistake("another order", None, f"These are {found}, all of them right: wanted are "
                   f"{', '.join(outputs)}.")


def own_name(exercise, cases, column, k):
    """Whether the exercise itself has a mistake that gives these answers."""
    own = (m for m in exercise.mistakes if m.output in ("", exercise.outputs[k]))
    return any(all(same_fate(m, case, got) for case, got in zip(cases, column, strict=False))
               for m in own)


def attempt(formula, case):
    """What a mistaken formula gives, or None where it fails, as on axes that do not meet."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asarray(formula(*[np.array(a) if np.ndim(a) else a for a in case]))
    except Exception:
        return None


def reshaped(column, wants, k):
    """Whether all numbers are right and only the axes are not."""
    pairs = [(got, want[k]) for got, want in zip(column, wants, strict=True)]
    return all(got is not None and got.size == want.size and alike(got.ravel(), want.ravel())
               for got, want in pairs)


def near(exercise, answers, wants):
    """Whether all numbers are right to three digits, and most of them not to all digits.

    So rounding and differences look; a small mistake in one entry does not.
    """
    if exercise.level == "predict":
        return False
    pairs = [pair for answer, want in zip(answers, wants, strict=True)
             for pair in zip(answer, want, strict=True)]
    if not all(got.shape == want.shape and np.allclose(got.astype(float), want, 1e-3, 1e-3)
               for got, want in pairs):
        return False
    wrong = [pair for pair in pairs if not is_right(*pair)]
    off = np.concatenate([(np.abs(got - want) > tolerance(got, want)).ravel()[want.ravel() != 0]
                          for got, want in wrong])
    return bool(off.size and off.mean() > 0.5)
