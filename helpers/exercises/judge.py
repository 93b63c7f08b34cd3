"""From an answer to a `Feedback`: right, or the first wrong entry and the mistake behind it."""

import inspect
import math
import time
import warnings
from dataclasses import dataclass, replace

import numpy as np

from ..calculus.mistakes import Mistake, generic
from . import guard

NOT_ATTEMPTED = "not attempted yet"
SHOWN = 2000  # characters of the student's prints
OVERWRITTEN = Mistake("input overwritten", None)
EMPTY = len((lambda: None).__code__.co_code)


@dataclass(frozen=True, repr=False)
class Feedback:
    """What a check says. `right`; `mistake`: its name, "" when there is none that fits; `text`."""

    right: bool
    text: str
    mistake: str = ""

    def __repr__(self):
        return self.text

    def __bool__(self):
        return self.right


class Unfit(Exception):
    """The answer is not made of numbers in the form that was asked for."""


def judge(exercise, answer):
    """The `Feedback` for an answer: a value to a prediction, a function to any other exercise."""
    if empty(answer, exercise.level == "predict"):
        return Feedback(False, NOT_ATTEMPTED)
    if exercise.level == "predict":
        return verdict(exercise, [()], [guard.Outcome(answer)])
    complaint = uncallable(exercise, answer)
    if complaint:
        return Feedback(False, f"not yet: {complaint}")
    cases, outcomes = exercise.cases(), []
    deadline = time.monotonic() + guard.LIMIT
    for case in cases:
        outcomes.append(guard.call(answer, exercise.arguments, case, deadline))
        if outcomes[-1].slow:
            break
    first = outcomes[0]
    if isinstance(first.error, NotImplementedError) or (
            first.error is None and not first.slow and empty(first.value, False)
            and (first.value is not None or blank(answer))):
        return Feedback(False, NOT_ATTEMPTED)
    return verdict(exercise, cases, outcomes)


def empty(value, anywhere=True):
    """Whether this is a place to fill in: None, `...`, NotImplemented, or a tuple of them."""
    if isinstance(value, tuple | list) and value:
        return (any if anywhere else all)(empty(part, anywhere) for part in value)
    return value is None or value is ... or value is NotImplemented


def blank(function):
    """Whether a function has no body to speak of: `...`, `pass`, a docstring, `return None`."""
    code = getattr(function, "__code__", None)
    return code is not None and len(code.co_code) <= EMPTY


def uncallable(exercise, answer):
    """Why this cannot be called as the exercise will call it, or ""."""
    call = f"{exercise.name}({', '.join(exercise.arguments)})"
    if not callable(answer):
        return (f"give the function itself, without calling it: "
                f"exercises.{exercise.name}.check({exercise.name}).")
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):  # some functions written in C do not say
        return ""
    try:
        signature.bind(*exercise.arguments)
    except TypeError:
        return f"it is called as {call}, but yours takes {signature}."
    return ""


def verdict(exercise, cases, outcomes):
    """The `Feedback` for these outcomes of these cases."""
    answers = [read(exercise, outcome) for outcome in outcomes]
    wants = [exercise.truth(case) for case in cases[:len(outcomes)]]
    for case, outcome, answer, want in zip(cases, outcomes, answers, wants, strict=False):
        complaint = wrong(exercise, case, outcome, answer, want)
        if complaint:
            show(outcome.printed)
            mistake = None if outcomes[-1].slow else diagnose(exercise, cases, answers, wants)
            return refusal(complaint, mistake or (OVERWRITTEN if outcome.changed else None))
    show(outcomes[0].printed)
    changed = next((outcome.changed for outcome in outcomes if outcome.changed), ())
    if changed:
        return refusal(f"the numbers are right, but the call changed {' and '.join(changed)}.",
                       OVERWRITTEN)
    return Feedback(True, exercise.praise(len(cases)))


def refusal(complaint, mistake):
    """The `Feedback` for a wrong answer, with its mistake or None."""
    if mistake is None:
        return Feedback(False, f"not yet: {complaint}")
    return Feedback(False, f"not yet: {complaint}\n{mistake.sentence}", mistake.name)


def show(printed):
    """What the student's code printed in the case that the feedback is about."""
    if printed:
        print(printed[:SHOWN], end="" if len(printed) <= SHOWN else " …\n")


def read(exercise, outcome):
    """The outputs as arrays, an `Unfit` in the place of what is no array; None without a value."""
    if outcome.slow or outcome.error is not None:
        return None
    names, value = exercise.outputs, outcome.value
    if len(names) == 1:
        return [array(exercise, names[0], value)]
    listed = isinstance(value, tuple | list) or (isinstance(value, np.ndarray) and value.ndim)
    if not listed or len(value) != len(names):
        return [Unfit(f"{'give' if exercise.level == 'predict' else 'return'} {len(names)} values, "
                      f"{', '.join(names)}, but yours {number_of(value, listed)}.")] * len(names)
    return [array(exercise, name, part) for name, part in zip(names, value, strict=True)]


def number_of(value, listed):
    return f"has {len(value)}" if listed else f"is one {type(value).__name__}"


def array(exercise, name, value):
    """One output as an array of numbers, or an `Unfit` that says what it is instead."""
    if value is None:
        hint = "" if len(exercise.outputs) > 1 else ": does the function end with `return`?"
        return Unfit(f"{name} is None{hint or '.'}")
    try:
        found = np.asarray(value)
    except Exception:  # ragged lists, or an object of the student's own
        found = np.asarray(None)
    if found.dtype.kind not in "biuf" or (exercise.level == "predict" and found.dtype.kind == "b"):
        return Unfit(f"{name} must be made of numbers, but is of type {type(value).__name__}"
                     f"{f' ({found.dtype})' if isinstance(value, np.ndarray) else ''}.")
    return found


def wrong(exercise, case, outcome, answer, want):
    """What is wrong in this case, in one line or two, or ""."""
    if outcome.slow:
        return (f"stopped after {guard.LIMIT:g} seconds {outcome.trouble}: does this loop ever end?"
                " The arrays are small, a right answer takes no time.")
    if outcome.error is not None:
        return f"{outcome.trouble}\ncalled{shapes(exercise, case)}"
    for k, (name, got, right) in enumerate(zip(exercise.outputs, answer, want, strict=True)):
        if isinstance(got, Unfit):
            return str(got)
        if got.shape != right.shape:
            return exercise.shape_complaint(name, got.shape, right.shape) + shapes(exercise, case)
        index = first_wrong(got, right)
        if index is not None:
            if exercise.level == "predict":
                return f"{name} is not {plain(got)}."
            mine, theirs = told_apart(got[index], right[index])
            entry = f"{name}{list(index)}" if index else name
            return (f"{entry} is {mine}, but should be {theirs}{shapes(exercise, case)}"
                    f"{exercise.row(case, k, index)}")
    return ""


def shapes(exercise, case):
    """` with G (3, 4), X (3, 4)`: the shapes of the arrays of this case."""
    pairs = zip(exercise.arguments, case, strict=True)
    told = [f"{name} {np.shape(value)}" for name, value in pairs if np.ndim(value)]
    return f" with {', '.join(told)}" if told else ""


def tolerance(got, want):
    """The difference that rounding explains, entry by entry, by the precision of the answer."""
    if single(got):
        return 1e-5 * np.maximum(1.0, np.abs(want))
    return np.clip(1e-9 * np.abs(want), 1e-9, 1e-6)


def single(got):
    """Whether the answer has the precision of float32, or less."""
    return got.dtype.kind == "f" and got.dtype.itemsize <= 4


def first_wrong(got, want):
    """The index of the first entry that differs, or None."""
    got64 = got.astype(np.float64)
    with np.errstate(invalid="ignore"):
        off = ~(np.abs(got64 - want) <= tolerance(got, want))
    return tuple(map(int, np.argwhere(off)[0])) if off.any() else None


def alike(got, want):
    """Whether an answer is this array: same shape, same numbers, nan and ∞ included."""
    close = 1e-5 if single(got) else 1e-9
    got, want = got.astype(np.float64), np.asarray(want, float)
    return got.shape == want.shape and np.allclose(got, want, close, close, equal_nan=True)


def diagnose(exercise, cases, answers, wants):
    """The mistake whose formula gives these answers in every case, or None.

    First one that also fails where the answer failed; then, for a function that has two mistakes,
    one that fits where there is an answer.
    """
    columns = [(k, [answer and answer[k] for answer in answers])
               for k in range(len(exercise.outputs))]
    if any(isinstance(got, Unfit) for _, column in columns for got in column):
        return None
    columns = [(k, column) for k, column in columns if not all(settled(column, wants, k))]
    if None not in answers:
        columns = columns[:1]  # the output that the complaint is about
    for strict in (True, False):
        for k, column in columns:
            own = [m for m in exercise.mistakes if m.output in ("", exercise.outputs[k])]
            any_gradient = generic(lambda *a, k=k: exercise.truth(a)[k], exercise.arguments,
                                   shape_asked=exercise.level == "predict")
            for mistake in [*own, *any_gradient]:
                if fits(mistake, cases, column, strict):
                    return located(mistake, exercise, k)
    for k, column in columns:
        if reshaped(column, wants, k):
            return located(Mistake("(N,) against (N, 1)", None), exercise, k)
    return Mistake("rounding", None) if near(exercise, answers, wants) else None


def located(mistake, exercise, k):
    """The mistake with the name of the output it is in, where there are several."""
    return replace(mistake, output=exercise.outputs[k] if len(exercise.outputs) > 1 else "")


def settled(column, wants, k):
    """For each answer to output k: whether it is right, or missing."""
    pairs = [(got, want[k]) for got, want in zip(column, wants, strict=True) if got is not None]
    return [got.shape == want.shape and first_wrong(got, want) is None for got, want in pairs]


def fits(mistake, cases, column, strict):
    """Whether the formula gives each answer; `strict`: and fails where there is none."""
    for case, got in zip(cases, column, strict=False):
        if got is None and not strict:
            continue
        mistaken = attempt(mistake.formula, case)
        if (got is None) != (mistaken is None) or (got is not None and not alike(got, mistaken)):
            return False
    return any(got is not None for got in column)


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
    """Whether all numbers are right to three digits."""
    if exercise.level == "predict" or any(answer is None for answer in answers):
        return False
    pairs = [pair for answer, want in zip(answers, wants, strict=True)
             for pair in zip(answer, want, strict=True)]
    return all(got.shape == want.shape and np.allclose(got.astype(float), want, 1e-3, 1e-3)
               for got, want in pairs)


def told_apart(mine, theirs):
    """Two numbers with at least four decimals, and as many as it takes to see the difference."""
    mine, theirs = float(mine), float(theirs)
    if abs(mine) >= 1e12:
        return f"{mine:.4g}", f"{theirs:.4f}"
    for digits in range(4, 17):
        texts = f"{mine:.{digits}f}", f"{theirs:.{digits}f}"
        if texts[0] != texts[1] or not math.isfinite(mine):
            break
    return texts


def plain(value):
    """An answer as the student typed it: a number, or a tuple of them."""
    return str(tuple(value.tolist()) if value.ndim == 1 else value.tolist())
