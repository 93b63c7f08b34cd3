"""Gestures for every widget: such as a student makes, and such as no page of ours sends."""

import gc
import random
import time

import numpy as np

import helpers
from tests.labs.test_labs import LABS, event

HOSTILE = (None, True, -1, 0, 3, 10**400, 1e308, -0.0, float("nan"), float("inf"), "", "x", "nan",
           "9" * 5000, "__class__", "relu", [], [[]], [1, 2], {}, {"kind": "edit"}, "\ud800", "\0")
OPERATIONS = ("relu", "tanh", "softmax", "affine", "transpose", "cumsum")
EXPRESSIONS = ("x*y + z", "(x + y) * max(y, z)", "exp(-x) / (1 + y*y)", "x +", "1/0*x", "sin(x)**2")


def number(chance):
    return chance.choice((0.0, 1.0, -2.5, 1e-9, chance.uniform(-9, 9), 1e12))


def explorer(chance, widget):
    name = chance.choice([*widget._present.inputs, "G"])
    array = widget._present.inputs.get(name, widget._present.G)
    return chance.choice((
        {"kind": "edit", "name": name, "index": chance.randrange(array.size or 1),
         "value": number(chance)},
        {"kind": "choose", "what": "operation", "value": chance.choice(OPERATIONS)},
        {"kind": "choose", "what": "mode", "value": chance.choice(("tiles", "blocks"))},
        {"kind": "size", "letter": chance.choice("nhk"), "value": chance.randint(1, 5)},
        {"kind": "imagine", "letter": chance.choice("nhk"), "value": chance.randint(1, 2000)},
        {"kind": "play", "on": chance.random() < 0.5}, {"kind": "derive", "on": False},
        {"kind": "random"}, {"kind": "undo"}, {"kind": "redo"}))


def stepper(chance, widget):
    names = [*widget._present.values] or ["x"]
    return chance.choice((
        {"kind": "value", "name": chance.choice(names), "value": number(chance)},
        {"kind": "text", "text": chance.choice(EXPRESSIONS)},
        {"kind": "go", "how": chance.choice(("start", "back", "step", "forward", "backward"))},
        {"kind": "fuse", "name": chance.choice(("", "sigmoid"))},
        {"kind": "quiz", "on": chance.random() < 0.3}, {"kind": "hint"}, {"kind": "reset"},
        {"kind": "answer", "text": str(number(chance))}, {"kind": "undo"}))


def batchnorm(chance, widget):
    name = chance.choice(("X", "G", "gamma", "beta"))
    return chance.choice((
        {"kind": "edit", "name": name, "index": chance.randrange(widget.arrays[name].size),
         "value": number(chance)},
        {"kind": "go", "how": chance.choice(("start", "back", "step", "forward", "backward"))},
        {"kind": "slide", "what": chance.choice(("n", "eps", "gamma", "outlier")),
         "value": chance.randint(1, 6)},
        {"kind": "random"}, {"kind": "reset"}, {"kind": "undo"}))


def array(chance, widget):
    return chance.choice(({"kind": "edit", "place": chance.randrange(6), "value": number(chance)},
                          {"kind": "undo"}, {"kind": "redo"}))


def order(chance, widget):
    return chance.choice((
        {"kind": "move", "card": chance.randrange(4), "to": chance.randrange(4)},
        {"kind": "turn", "card": chance.randrange(4)}, {"kind": "check"}, {"kind": "next"},
        {"kind": "layout", "value": chance.choice(("numerator", "denominator"))}))


def doctor(chance, widget):
    return chance.choice(({"kind": "mode", "value": chance.choice(("tiles", "blocks"))},
                          {"kind": "input", "value": "X"}, {"kind": "again"}, {"kind": "undo"}))


def tensor(chance, widget):
    return {"kind": "mode", "value": chance.choice(("tiles", "blocks"))}


def some(chance, widget):
    return {"kind": chance.choice(("press", "hello", "undo"))}


def lab(chance, widget):
    return event(chance, widget.state)


WIDGETS = {
    "JacobianExplorer": (lambda: helpers.JacobianExplorer("relu", n=2, h=3), explorer),
    "GraphStepper": (helpers.GraphStepper, stepper),
    "BatchNormLab": (helpers.BatchNormLab, batchnorm),
    "EditableArray": (lambda: helpers.EditableArray(np.arange(6.0).reshape(2, 3)), array),
    "OrderPuzzle": (helpers.OrderPuzzle, order),
    "GradientDoctor": (lambda: helpers.GradientDoctor(
        lambda X: np.tanh(X), lambda G, X: G, np.ones((2, 3))), doctor),
    "TensorView": (lambda: helpers.TensorView(np.eye(6).reshape(2, 3, 2, 3)), tensor),
    "SelfTest": (helpers.SelfTest, some),
    "TrainingCurve": (helpers.TrainingCurve, some),
    **{Lab.__name__: (Lab, lab) for Lab in LABS},
}


def spoiled(chance, gesture):
    """A gesture with one thing wrong: a part gone, or one that is something else."""
    part = chance.choice([*gesture, "serial", "kind"])
    if chance.random() < 0.3:
        return {key: value for key, value in gesture.items() if key != part}
    return {**gesture, part: chance.choice(HOSTILE)}


def message(chance, gesture, client, serial):
    """What a page sends: mostly one gesture, in a tenth of all cases something that is none."""
    gesture = {**gesture, "serial": serial}
    dice = chance.random()
    if dice < 0.1:
        return chance.choice((
            {"gestures": chance.choice(HOSTILE)}, {"pointer": chance.choice(HOSTILE)},
            {"gestures": {"client": chance.choice(HOSTILE), "queue": [gesture]}},
            {"gestures": {"client": client, "queue": chance.choice(HOSTILE)}},
            {"pointer": {"place": chance.choice(HOSTILE), "part": chance.choice(HOSTILE),
                         "index": chance.choice(HOSTILE), "asks": chance.choice(HOSTILE)}}))
    if dice < 0.4:
        gesture = spoiled(chance, gesture)
    return {"gestures": {"client": client, "queue": [gesture]}}


def background(widget):
    """What stands still in a lab's picture; None of other widgets.

    Another width, theme or choice lays it out anew, which takes Matplotlib longer than a gesture.
    """
    return getattr(getattr(widget, "_picture", None), "_figure", None)


def storm(widget, gesture, count, client, seed):
    """Hand a widget so many messages, as a page's thread would.

    Returns how long the longest worked, of those that laid out no picture anew. Python's search for
    garbage, 0.1 s for some hundred figures, is held back until no gesture is timed.
    """
    chance, longest = random.Random(seed), 0.0
    for serial in range(1, count + 1):
        sent = message(chance, gesture(chance, widget), client, serial)
        before, began = background(widget), time.thread_time()
        widget.set_state(sent)
        worked = time.thread_time() - began
        if background(widget) is before:
            longest = max(longest, worked)
        if serial % 100 == 0:
            gc.collect()
    return longest
