"""From an answer to a `Feedback`: right, or the first wrong entry and the mistake behind it.

All words of a verdict are here; what is right, an exercise says; which mistake it is, `diagnosis`.
"""

import inspect
import math
from dataclasses import dataclass, field, replace

import numpy as np

from ..calculus.errors import code_of
from ..calculus.mistakes import Mistake
from ..words import four, minus, one_line, rounded, short
from . import guard
from .diagnosis import ToDo, Unfit, diagnose, diagnose_output, first_wrong, is_right

NOT_ATTEMPTED = "not attempted yet"
SHOWN = 2000  # characters of the student's prints
MOST = 10**6  # entries of an answer
EMPTY = len((lambda: None).__code__.co_code)


@dataclass(frozen=True, repr=False)
class Feedback:
    """What a check says. `right`; `mistake`: its name, "" when there is none that fits; `text`.

    pair: of a wrong gradient, the array that was given and the right one, where shapes agree.
    """

    right: bool
    text: str
    mistake: str = ""
    pair: tuple = field(default=(), compare=False)

    def __repr__(self):
        return self.text

    def __bool__(self):
        return self.right


def judge(exercise, answer):
    """The `Feedback` for an answer: a value to a prediction, a function to any other exercise."""
    if exercise.level == "predict":
        return predicted(exercise, answer)
    if empty(answer, False):
        return Feedback(False, NOT_ATTEMPTED)
    complaint = uncallable(exercise, answer)
    if complaint:
        return Feedback(False, f"not yet: {complaint}")
    cases, outcomes = exercise.cases(), []
    deadline = guard.Deadline(guard.LIMIT)
    for case in cases:
        outcomes.append(guard.call(answer, exercise.arguments, case, deadline))
        if outcomes[-1].slow:
            break
    return called(exercise, cases, outcomes, blank(answer))


def predicted(exercise, value):
    """The `Feedback` for the value of a prediction."""
    if empty(value):
        return Feedback(False, NOT_ATTEMPTED)
    return verdict(exercise, [()], [guard.Outcome(value)])


def called(exercise, cases, outcomes, bodiless=False):
    """The `Feedback` for what the calls of a function came to; bodiless: it is a stub."""
    first = outcomes[0]
    if isinstance(first.error, NotImplementedError) or (
            first.error is None and not first.slow and empty(first.value, False)
            and (first.value is not None or bodiless)):
        return Feedback(False, NOT_ATTEMPTED)
    return verdict(exercise, cases, outcomes)


def empty(value, anywhere=True):
    """Whether this is a place to fill in: None, `...`, NotImplemented, or a tuple of them."""
    waiting, seen, found = [value], set(), []
    while waiting:  # a list may be deep, and may even hold itself
        one = waiting.pop()
        inside = parts(one)
        if not inside:
            found.append(one is None or one is ... or one is NotImplemented)
        elif id(one) not in seen:
            seen.add(id(one))
            waiting += inside
    return bool(found) and (any if anywhere else all)(found)


def parts(value):
    """What is in a tuple or list, whatever a class of the student's own makes of it; else None."""
    kind = type(value)
    if issubclass(kind, tuple | list):
        return list((tuple if issubclass(kind, tuple) else list).__iter__(value))
    return None


def blank(function):
    """Whether a function has no body to speak of: `...`, `pass`, a docstring, `return None`."""
    code = code_of(function)
    return code is not None and len(code.co_code) <= EMPTY


def uncallable(exercise, answer):
    """Why this cannot be called as the exercise will call it, or ""."""
    call = f"{exercise.name}({', '.join(exercise.arguments)})"
    if not callable(answer):
        return f"give the function itself, without calling it: {exercise.usage}."
    try:
        signature = inspect.signature(answer)
        written = one_line(str(signature))
    except Exception:  # some functions written in C do not say, and an object may do anything
        return ""
    try:
        signature.bind(*exercise.arguments)
    except TypeError:
        return f"it is called as {call}, but yours takes {written}."
    return ""


def verdict(exercise, cases, outcomes):
    """The `Feedback` for these outcomes of these cases."""
    answers = [read(exercise, outcome) for outcome in outcomes]
    wants = [exercise.truth(case) for case in cases]
    if exercise.lines and None not in answers:
        first = line_by_line(exercise, cases, outcomes, answers, wants)
    else:
        first = case_by_case(exercise, cases, outcomes, answers, wants)
    if first is not None:
        return first
    show(outcomes[0].printed)
    changed = next((outcome.changed for outcome in outcomes if outcome.changed), ())
    if changed:
        return refusal(f"the numbers are right, but the call changed {' and '.join(changed)}.",
                       overwritten(changed))
    return Feedback(True, "right" if exercise.level == "predict"
                    else f"right, in all {len(cases)} cases")


def case_by_case(exercise, cases, outcomes, answers, wants):
    """The `Feedback` on the first case in which something is wrong, or None."""
    for case, outcome, answer, want in zip(cases, outcomes, answers, wants, strict=False):
        complaint = wrong(exercise, case, outcome, answer, want)
        if complaint:
            show(outcome.printed)
            known = not (outcomes[-1].slow or exercise.lines)
            mistake = diagnose(exercise, cases, answers, wants) if known else None
            said = refusal(complaint, mistake or overwritten(outcome.changed))
            return replace(said, pair=pair(answer, want))
    return None


def pair(answer, want):
    """(yours, right) of the first output that is wrong, or () where shapes do not agree."""
    for got, right in zip(answer or (), want, strict=False):
        if isinstance(got, Unfit) or got.shape != right.shape:
            return ()
        if not is_right(got, right):
            return got, right
    return ()


def line_by_line(exercise, cases, outcomes, answers, wants):
    """The `Feedback` on the first line that is wrong or still to do, or None; the rest waits."""
    for number, names in enumerate(exercise.lines, 1):
        for name in names:
            k = exercise.outputs.index(name)
            if isinstance(answers[0][k], ToDo):
                return Feedback(False, to_do(exercise, number, name))
            bad = [i for i, (answer, want) in enumerate(zip(answers, wants, strict=True))
                   if isinstance(answer[k], Unfit) or not is_right(answer[k], want[k])]
            if bad:
                case, answer, want = cases[bad[0]], [answers[bad[0]][k]], [wants[bad[0]][k]]
                complaint = wrong(exercise, case, outcomes[bad[0]], answer, want, (name,))
                show(outcomes[bad[0]].printed)
                return refusal(f"{line(exercise, number)}, {complaint}",
                               diagnose_output(exercise, cases, answers, wants, k))
    return None


def to_do(exercise, number, name):
    """What to say when all lines before this one are right."""
    done = {1: "", 2: "line 1 is right; ", 3: "lines 1 and 2 are right; "}.get(
        number, f"lines 1 to {number - 1} are right; ")
    return f"{done}next is {line(exercise, number)}, with {name}"


def line(exercise, number):
    """Which line, and the name of its step."""
    return f"line {number} of {len(exercise.lines)} ({exercise.steps[number - 1]})"


def overwritten(changed):
    """The mistake of a function that writes to these inputs, or None."""
    if not changed:
        return None
    copies = " and ".join(f"`{name} = {name}.copy()`" for name in changed)
    return Mistake("input overwritten", None, f"Others still need {' and '.join(changed)}: work "
                   f"on a copy, as in {copies}.")


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
    if issubclass(type(value), dict):
        known = {key: part for key, part in dict.items(value) if type(key) is str}
        value = tuple(known[name] for name in names) if set(known) == set(names) else value
    if len(names) == 1:
        return [array(exercise, names[0], value)]
    listed = parts(value)
    if issubclass(type(value), np.ndarray) and np.asarray(value).ndim:
        listed = np.asarray(value)
    if listed is None or len(listed) != len(names):
        return [Unfit(f"{'give' if exercise.level == 'predict' else 'return'} {len(names)} values, "
                      f"{', '.join(names)}, but yours {number_of(value, listed)}.")] * len(names)
    return [array(exercise, name, part) for name, part in zip(names, listed, strict=True)]


def number_of(value, listed):
    if value is None:
        return "gives none (does the function end with `return`?)"
    return f"is one {type(value).__name__}" if listed is None else f"has {len(listed)}"


def array(exercise, name, value):
    """One output as an array of numbers, or an `Unfit` that says what it is instead."""
    if value is ... or value is NotImplemented:
        return ToDo(f"{name} is still to do.")
    if value is None:
        hint = "" if len(exercise.outputs) > 1 else ": does the function end with `return`?"
        return Unfit(f"{name} is None{hint or '.'}")
    try:
        found = np.asarray(value)
        if found.size > MOST:
            return Unfit(f"{name} has {found.size:,} entries, of shape {found.shape}: "
                         "the right one is small.")
        if found.dtype == object and found.size:  # numbers in boxes: fractions, or arrays of one
            found = found.astype(np.float64)
    except Exception:  # ragged lists, or an object of the student's own
        found = np.asarray(None)
    if found.dtype.kind not in "biuf" or (exercise.level == "predict" and found.dtype.kind == "b"):
        return Unfit(f"{name} must be made of numbers, but is of type {type(value).__name__}"
                     f"{f' ({found.dtype})' if issubclass(type(value), np.ndarray) else ''}.")
    if issubclass(type(value), np.matrix) and not exercise.is_matrix(name):
        return found.ravel()  # a matrix has always two axes
    return found


def wrong(exercise, case, outcome, answer, want, outputs=None):
    """What is wrong in this case with these outputs (all), in one line or two, or ""."""
    if outcome.slow:
        return (f"stopped after {guard.LIMIT:g} seconds {outcome.trouble}: does this loop ever end?"
                " The arrays are small, a right answer takes no time.")
    if outcome.error is not None:
        again = "ellipsis" in outcome.trouble.lower() and (
            "\nA line that is still `...` is needed there: fill in the lines from the top.")
        return f"{outcome.trouble}\ncalled{shapes(exercise, case)}{again or ''}"
    for name, got, right in zip(outputs or exercise.outputs, answer, want, strict=True):
        if isinstance(got, Unfit):
            return str(got)
        if got.shape != right.shape:
            return shape_complaint(exercise, name, got.shape, right.shape) + shapes(exercise, case)
        index = first_wrong(got, right)
        if index is not None:
            if exercise.level == "predict":
                return f"{name} is not {plain(got)}."
            mine, theirs = told_apart(got[index], right[index])
            entry = f"{name}{list(index)}" if index else name
            truth = exercise.truths[exercise.outputs.index(name)]
            return (f"{entry} is {mine}, but should be {theirs}{shapes(exercise, case)}"
                    f"{column(truth, case, index)}")
    return ""


def shape_complaint(exercise, name, got, want):
    """What to say about a wrong shape; the answer of a prediction stays untold."""
    if exercise.level == "predict":
        return f"{name} must be {kind(want)}, but yours is {kind(got)}."
    return f"{name} has shape {got}, but should have {want}"


def kind(shape):
    """A number, or a tuple of how many, in words."""
    if not shape:
        return "one number"
    return f"a tuple of {shape[0]}" if len(shape) == 1 else f"an array of shape {shape}"


def column(truth, case, index):
    """The column of the Jacobian that an entry of a gradient is made of, on a line of its own.

    One input against all outputs: what this input moves.
    """
    if truth.jacobian is None:
        return ""
    J = truth.jacobian(*case)[(..., *index)]
    Y, X = truth.names
    X = f"{X}{list(index)}" if index else X
    places = [tuple(map(int, place)) for place in np.argwhere(J)]
    listed = [f"∂{Y}{list(place) or ''}/∂{X} = {four(J[place])}" for place in places[:4]]
    rest, zeros = len(places) - len(listed), J.size - len(places)
    listed += [f"{rest} more"] if rest else []
    if zeros:
        listed.append(f"the other {zeros} are 0" if places else f"all {zeros} are 0")
    return f"\nJacobian column: {', '.join(listed)}"


def shapes(exercise, case):
    """` with G (3, 4), X (3, 4)`: shapes and switches of this case, or else its numbers."""
    pairs = list(zip(exercise.arguments, case, strict=True))
    told = [f"{name} = {value}" if isinstance(value, bool) else f"{name} {np.shape(value)}"
            for name, value in pairs if np.ndim(value) or isinstance(value, bool)]
    told = told or [f"{name} = {short(value)}" for name, value in pairs]
    return f" with {', '.join(told)}{exercise.remark(case)}" if told else ""


def told_apart(mine, theirs, most=16):
    """Two numbers with at least four decimals, and as many as it takes to see the difference."""
    mine, theirs = float(mine), float(theirs)
    if 1e12 <= abs(mine) < math.inf:
        return minus(f"{mine:.4g}"), rounded(theirs, 4)
    for digits in range(4, most + 1):
        texts = rounded(mine, digits), rounded(theirs, digits)
        if texts[0] != texts[1] or not math.isfinite(mine):
            break
    return texts


def plain(value):
    """An answer as the student typed it: a number, or a tuple of them."""
    return str(tuple(value.tolist()) if value.ndim == 1 else value.tolist())
