"""Where there is one of something, its noun is in the singular, whatever speaks of it."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

import helpers
from helpers.calculus.errors import LessonError
from helpers.labs.dead_relu.lab import spoken

# "1 entries" after nothing that makes it another number, as in "0.1 numbers" or "2 of 1 numbers".
MANY = re.compile(r"(?<![\d.,−-])(?<!of )\b1 (?:entries|numbers|gates|units|steps|digits|zeros|"
                  r"values|rows|columns|slices|products|places|inputs|outputs|layers|images)\b")
SIZES = (1.5, [1.5], [[1.5]], [[[1.5]]], [[1.0, 2.0]], [[1.0], [2.0]])
FUNCTIONS = {"square": np.square, "sum": np.sum, "round": np.round, "transpose": np.transpose,
             "running sum": lambda X: np.cumsum(X, -1), "hinge": lambda X: np.maximum(1 - X, 0),
             "rows": lambda X: X / np.sqrt((X**2).sum(-1, keepdims=True)),
             "constant": lambda X: 0 * X + 1, "pad": lambda X: np.pad(X, 1)}


def texts(value):
    """Every text in it, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from texts(one)


def wrong(*said):
    return [text for text in texts(said) if MANY.search(text)]


def said_by(make):
    try:
        widget = make()
    except LessonError as error:
        return [str(error)]
    return [repr(widget), getattr(widget, "state", ""), getattr(widget, "look", "")]


def test_the_pattern_finds_what_it_is_for():
    assert wrong({"a": ["keeps 1 numbers"]}, "1 gates") == ["keeps 1 numbers", "1 gates"]
    assert wrong("1 of 1 numbers", "1 entry", "11 gates", "0.1 steps", "−1 units") == []


@pytest.mark.parametrize("name", helpers.OPERATIONS)
def test_an_operation(name):
    assert wrong(said_by(lambda: helpers.JacobianExplorer(name))) == []
    for x in SIZES:
        assert wrong(said_by(lambda x=x: helpers.JacobianExplorer(name, x))) == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_own_function(name):
    for x in map(np.array, SIZES):
        found = helpers.discover(FUNCTIONS[name], x)
        finder = said_by(lambda x=x: helpers.ReplacementFinder(FUNCTIONS[name], x))
        assert wrong(str(found), repr(found), finder) == []


def test_what_else_counts():
    one = np.ones((1, 1))
    assert wrong(repr(helpers.Graph("x + 1", x=2.0)), helpers.stages(one).says,
                 helpers.normalization_blocks(one, [1.0]).says) == []
    assert "1 gate:" in repr(helpers.Graph("x + 1", x=2.0))
    widgets = [lambda: helpers.EditableArray(one), lambda: helpers.TensorView(one),
               lambda: helpers.BatchNormLab(one), lambda: helpers.DepthLab(layers=1)]
    path = SimpleNamespace(silent=np.eye(2, 6, dtype=bool)[[0, 0]], dead=np.zeros((2, 6), bool))
    assert spoken({"unit": "leaky_relu", "steps": 2, "path": path})[0].startswith(
        "leaky_relu: 1 unit is silent, but none is dead")
    for make in widgets:
        assert wrong(said_by(make)) == []
