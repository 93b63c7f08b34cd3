"""What the grader has the student's kernel do: call an answer, and write what comes back as text.

The text of this file is sent to the kernel and runs there, beside code that may be hostile; what it
writes is no more than a claim, which `reply` reads as plain numbers and the judge judges. It knows
neither what is right nor what is wrong.
"""

import base64
import contextlib
import inspect
import io
import json
import linecache
import traceback
import warnings

import numpy as np

from helpers.words import one_line, said  # by its whole name: nothing is beside this text

MOST = 20_000  # numbers of one array
KINDS = ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
         "float16", "float32", "float64")


class Nowhere(io.TextIOBase):
    """Where prints go."""

    def write(self, text):
        return len(text)


def answer(request, space):
    """The answer, as text, to a request: to call what an expression is in `space`, or its value."""
    asked = json.loads(request)
    try:
        value = eval(asked["expression"], space)
    except KeyboardInterrupt:
        return json.dumps({"slow": ""})
    except BaseException as error:
        return json.dumps({"error": told(error, None)})
    if asked["cases"] is None:
        return json.dumps({"value": split(value, asked["outputs"])})
    if value is None or value is ... or value is NotImplemented:
        return json.dumps({"value": part(value)})
    complaint = uncallable(value, asked["arguments"])
    if complaint is not None:
        return json.dumps({"uncallable": complaint})
    calls = []
    for case in asked["cases"]:
        calls.append(call(value, [given(text) for text in case], asked["outputs"]))
        if "slow" in calls[-1]:
            break
    return json.dumps({"calls": calls, "bodiless": bodiless(value)})


def uncallable(value, arguments):
    """The signature of what takes other arguments, "" for what is no function, else None."""
    if not callable(value):
        return ""
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return None
    try:
        signature.bind(*arguments)
    except TypeError:
        return one_line(signature, 200)
    return None


def bodiless(function):
    """Whether a function has no body to speak of."""
    code = getattr(function, "__code__", None)
    return code is not None and len(code.co_code) <= len((lambda: None).__code__.co_code)


def call(function, arguments, outputs):
    """What one call came to, and what it left in its arguments."""
    try:
        with contextlib.redirect_stdout(Nowhere()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = {"value": split(function(*arguments), outputs)}
    except KeyboardInterrupt as stop:
        return {"slow": told(stop, function)["where"]}
    except BaseException as error:
        return {"error": told(error, function)}
    return {**found, "left": [part(a) if np.ndim(a) and a.dtype.kind in "biuf" else None
                              for a in arguments]}


def split(value, outputs):
    """The parts of a value, for several outputs, or the one."""
    if isinstance(value, dict) and set(value) == set(outputs):
        value = tuple(value[name] for name in outputs)
        return part(value[0]) if len(outputs) == 1 else {"parts": [part(one) for one in value]}
    listed = isinstance(value, (tuple, list)) or (isinstance(value, np.ndarray) and value.ndim)
    if len(outputs) > 1 and listed and len(value) <= 100:
        return {"parts": [part(one) for one in value]}
    return part(value)


def part(value):
    """One value as numbers, with shape and type, or the name of what it is instead."""
    if value is ... or value is NotImplemented:
        return {"empty": "..."}
    if value is None:
        return {"empty": "None"}
    name = one_line(type(value).__name__, 80)
    try:
        array = np.asarray(value)
        if array.dtype == object and array.size:
            array = array.astype(np.float64)
        if array.dtype.kind == "f" and array.dtype.itemsize > 8:
            array = array.astype(np.float64)
        if array.size > MOST:
            return {"other": f"{name} with {array.size} numbers"}
        if str(array.dtype) not in KINDS:
            return {"other": name}
    except Exception:
        return {"other": name}
    return {"dtype": str(array.dtype), "shape": list(array.shape),
            "data": base64.b64encode(np.ascontiguousarray(array).tobytes()).decode(),
            "matrix": isinstance(value, np.matrix)}


def given(text):
    """An argument from what the grader sent: a number, an array, or a function of the course."""
    if "number" in text:
        return text["number"]
    if "module" in text:
        from functools import partial
        from importlib import import_module

        function = getattr(import_module(text["module"]), text["name"])
        return partial(function, *[given(one) for one in text["given"]])
    if "objects" in text:
        found = np.empty(len(text["objects"]), object)
        found[:] = [given(one) for one in text["objects"]]
        return found
    raw = base64.b64decode(text["data"])
    return np.frombuffer(raw, text["dtype"]).reshape(text["shape"]).copy()


def told(error, function):
    """An exception as its type, its text, and the line of the function that it came from."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__)
             if frame.f_code.co_filename == file]
    source = linecache.getline(file, lines[-1]).strip() if lines else ""
    where = f"in line {lines[-1]}{source and f', `{one_line(source)}`'}" if lines else ""
    return {"type": one_line(type(error).__name__, 80), "text": said(error), "where": where}
