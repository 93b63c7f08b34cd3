"""Between the grader and a kernel: inputs as text, and answers as plain numbers, strictly read.

An answer is a claim by code that may be hostile. Nothing in it is run or unpacked: it is JSON of a
known form and size, with arrays as bytes of a known type; all else is refused as `Nonsense`.
"""

import ast
import base64
import json
from functools import partial
from pathlib import Path

import numpy as np

from .. import guard
from ..exercise import SIZES
from ..judge import NOT_ATTEMPTED, Feedback, called, predicted
from .guest import KINDS, MOST

GUEST = Path(__file__).with_name("guest.py").read_text("utf-8")
LONGEST = 6_000_000  # letters of an answer
WORDS = 400          # letters of a name or a message


class Nonsense(ValueError):
    """Not an answer in the form that was asked for."""


def question(exercise, expression, cases):
    """The Python expression that asks a kernel for an answer: a text in JSON."""
    request = json.dumps({
        "expression": expression, "outputs": exercise.outputs, "arguments": exercise.arguments,
        "cases": [[sent(value) for value in case] for case in cases] if exercise.arguments
        else None})
    return (f"(lambda scope: (exec({GUEST!r}, scope), scope['answer']({request!r}, globals()))[1])"
            "({'__name__': 'guest'})")


def tried_on(exercise, seed):
    """The cases of the lesson, whose verdict the student knows, then as many that nobody knows."""
    return [*exercise.cases(), *exercise.cases(seed)] if exercise.arguments else [()]


def sent(value):
    """An argument as JSON: numbers, arrays of them, and functions of the course by name."""
    if isinstance(value, partial):
        return {"module": value.func.__module__, "name": value.func.__name__,
                "given": [sent(one) for one in value.args]}
    if np.ndim(value) == 0:
        return {"number": np.asarray(value).item()}
    if value.dtype == object:
        return {"objects": [sent(one) for one in value]}
    return {"dtype": str(value.dtype), "shape": value.shape,
            "data": base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()}


def judged(exercise, cases, text):
    """The `Feedback` on what a kernel answered. Raises Nonsense.

    text: what the kernel shows for the string that the guest made.
    """
    found = read(text)
    if "error" in found:
        return stopped(outcome({"error": found["error"]}, exercise, ()))
    if "slow" in found:
        return Feedback(False, f"not yet: stopped after {guard.LIMIT:g} seconds")
    if "uncallable" in found:
        return uncallable(exercise, words(found["uncallable"]))
    if not exercise.arguments:
        return predicted(exercise, value(found.get("value"), exercise.outputs))
    if "value" in found:
        return Feedback(False, NOT_ATTEMPTED)
    calls = found.get("calls")
    if not isinstance(calls, list) or not 1 <= len(calls) <= len(cases):
        raise Nonsense("an answer without calls")
    outcomes = [outcome(call, exercise, case) for call, case in zip(calls, cases, strict=False)]
    if len(calls) < len(cases) and not outcomes[-1].slow:
        raise Nonsense("an answer to other calls")
    known = len(SIZES)
    first = called(exercise, cases[:known], outcomes[:known], found.get("bodiless") is True)
    return called(exercise, cases[known:], outcomes[known:]) if first.right else first


def read(text):
    """The table in the text that a kernel shows for a string: its repr."""
    if not isinstance(text, str) or len(text) > LONGEST:
        raise Nonsense("an answer that is too long")
    try:
        found = json.loads(ast.literal_eval(text))
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError) as error:
        raise Nonsense("an answer that is no JSON") from error
    if not isinstance(found, dict):
        raise Nonsense("an answer that is no table")
    return found


def stopped(found):
    """The `Feedback` where the answer itself, not a call of it, raised an error."""
    return Feedback(False, f"not yet: {found.trouble}")


def uncallable(exercise, signature):
    """The `Feedback` on what cannot be called as the exercise calls it."""
    if not signature:
        return Feedback(False, "not yet: give the function itself, without calling it: "
                        f"{exercise.usage}.")
    return Feedback(False, f"not yet: it is called as {exercise.name}"
                    f"({', '.join(exercise.arguments)}), but yours takes {signature}.")


def outcome(call, exercise, case):
    """The `Outcome` of one call."""
    if not isinstance(call, dict):
        raise Nonsense("a call that is no table")
    if "slow" in call:
        return guard.Outcome(slow=True, trouble=words(call["slow"]))
    if "error" in call:
        return trouble(call["error"])
    left = call.get("left")
    if not isinstance(left, list) or len(left) != len(case):
        raise Nonsense("inputs that were not given back")
    changed = tuple(
        name for name, before, after in zip(exercise.arguments, case, left, strict=True)
        if np.ndim(before) and before.dtype != object and not guard.same(before, array(after)))
    return guard.Outcome(value(call.get("value"), exercise.outputs), changed=changed)


def trouble(error):
    """The `Outcome` of a call that raised."""
    if not isinstance(error, dict):
        raise Nonsense("an error that is no table")
    kind, text, where = (words(error.get(key)) for key in ("type", "text", "where"))
    known = NotImplementedError() if kind == "NotImplementedError" else RuntimeError(kind)
    return guard.Outcome(error=known, trouble=f"your code stopped{where and ' '}{where}:\n"
                         f"{kind}{text and ': '}{text}")


def value(found, outputs):
    """What a function returned: an array, a tuple of such, or what stands for something else."""
    if isinstance(found, dict) and isinstance(found.get("parts"), list):
        if len(outputs) < 2 or len(found["parts"]) > 100:
            raise Nonsense("parts that nobody asked for")
        return tuple(one(part) for part in found["parts"])
    return one(found)


def one(part):
    """An array of numbers, None, `...`, or an object of a type with the name that was told."""
    if not isinstance(part, dict):
        raise Nonsense("a value that is no table")
    if "empty" in part:
        return None if part["empty"] == "None" else ...
    if "other" in part:
        return type(words(part["other"]) or "object", (), {"__slots__": ()})()
    found = array(part)
    if part.get("matrix") is True and found.ndim == 2:
        return found.view(np.matrix)
    return found


def array(part):
    """An array from its type, shape and bytes."""
    if not isinstance(part, dict) or part.get("dtype") not in KINDS:
        raise Nonsense("an array of no such type")
    shape, data = part.get("shape"), part.get("data")
    if not (isinstance(shape, list) and isinstance(data, str) and len(shape) <= 16
            and all(type(size) is int and 0 <= size <= MOST for size in shape)):
        raise Nonsense("an array of no such shape")
    try:
        raw = base64.b64decode(data, validate=True)
        return np.frombuffer(raw, part["dtype"]).reshape(shape).copy()
    except ValueError as error:
        raise Nonsense("an array of other size than it says") from error


def words(text):
    """A short text, or ""; no more is believed of it than that somebody said it."""
    text = text if isinstance(text, str) else ""
    return "".join(c if c.isprintable() else " " for c in text[:WORDS])
