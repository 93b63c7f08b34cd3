"""A line of NumPy read at one entry: each part with its own indices, brackets where they matter."""

import ast
from dataclasses import replace

import numpy as np
import pytest

from helpers.widgets.explorer import state as states
from helpers.widgets.explorer.entrywise import (
    Reading,
    counted,
    hatted,
    named,
    namespace,
    read_line,
    subscript,
    value_of,
)

X, b = np.array([[1.0, 2, 4], [-0.5, 8, 3]]), np.array([0.25, -1, 5])
NAMES = {"np": np, "X": X, "b": b, "s": 2.0, "c": np.array([[10.0], [20.0]])}

LINES = [  # at [1,2]: X is 3, b is 5, c is 20
    ("X + b", "X[1,2] + b[2]", "3 + 5"), ("X - b", "X[1,2] − b[2]", "3 − 5"),
    ("X * b", "X[1,2] · b[2]", "3 · 5"), ("X / b", "X[1,2] / b[2]", "3 / 5"),
    ("-X", "−X[1,2]", "−3"), ("s * X", "s · X[1,2]", "2 · 3"), ("2 * X", "2 · X[1,2]", "2 · 3"),
    ("c * X", "c[1] · X[1,2]", "20 · 3"),
    ("X + b + c", "X[1,2] + b[2] + c[1]", "3 + 5 + 20"),
    ("X + (b + c)", "X[1,2] + b[2] + c[1]", "3 + 5 + 20"),
    ("X - b - c", "X[1,2] − b[2] − c[1]", "3 − 5 − 20"),
    ("X - (b - c)", "X[1,2] − (b[2] − c[1])", "3 − (5 − 20)"),
    ("X - (b + c)", "X[1,2] − (b[2] + c[1])", "3 − (5 + 20)"),
    ("X * b / c", "X[1,2] · b[2] / c[1]", "3 · 5 / 20"),
    ("X / (b * c)", "X[1,2] / (b[2] · c[1])", "3 / (5 · 20)"),
    ("X / (b / c)", "X[1,2] / (b[2] / c[1])", "3 / (5 / 20)"),
    ("X * (b * c)", "X[1,2] · b[2] · c[1]", "3 · 5 · 20"),
    ("(X + b) * c", "(X[1,2] + b[2]) · c[1]", "(3 + 5) · 20"),
    ("X + b * c", "X[1,2] + b[2] · c[1]", "3 + 5 · 20"),
    ("X - b / c", "X[1,2] − b[2] / c[1]", "3 − 5 / 20"),
    ("-(X + b)", "−(X[1,2] + b[2])", "−(3 + 5)"), ("-(X * b)", "−X[1,2] · b[2]", "−3 · 5"),
    ("-X * b", "(−X[1,2]) · b[2]", "(−3) · 5"), ("X + -b", "X[1,2] + −b[2]", "3 + −5"),
    ("(t := X + b) * s", "(X[1,2] + b[2]) · s", "(3 + 5) · 2"),
    ("X**2 * b", "(X ** 2)[1,2] · b[2]", "9 · 5"), ("(X > 0) * b", "(X > 0)[1,2] · b[2]", "1 · 5"),
    ("X.sum(-1, keepdims=True) - b", "X.sum(-1)[1] − b[2]", "10.5000 − 5"),
    ("X.sum(keepdims=True) * b", "X.sum() · b[2]", "17.5000 · 5"),
    ("np.abs(X) - X.sum(0)", "np.abs(X)[1,2] − X.sum(0)[2]", "3 − 7")]


@pytest.mark.parametrize(("line", "names", "numbers"), LINES)
def test_a_line_at_an_entry(line, names, numbers):
    tree, read = ast.parse(line, mode="eval").body, Reading(NAMES, X.shape, (1, 2))
    assert read.text(tree, named)[0] == names and read.text(tree, counted)[0] == numbers
    worked = numbers.replace("−", "-").replace("·", "*")
    assert eval(worked) == pytest.approx(
        np.broadcast_to(value_of(tree, dict(NAMES)), X.shape)[1, 2])


def test_negative_numbers_stand_in_brackets_and_single_numbers_have_no_index():
    read = Reading(NAMES, X.shape, (1, 0))
    tree = ast.parse("X * s", mode="eval").body
    assert read.text(tree, counted)[0] == "(−0.5000) · 2"
    alone = Reading({"a": 3.0}, (), ())
    assert alone.text(ast.parse("a * a", mode="eval").body, named)[0] == "a · a"
    assert (subscript(()), subscript((1,)), subscript((0, 12))) == ("", "[1]", "[0,12]")
    assert (hatted("Xhat"), hatted("W"), hatted("hat")) == ("X̂", "W", "\u0302")


def test_the_line_of_a_row_is_read_only_where_it_gives_the_entry():
    computed = states.compute(states.start("softmax", ([[0.0, np.log(3)]],)))
    computed = replace(computed, present=replace(computed.present, G=np.array([[1.0, -1.0]])))
    Y = computed.Y
    right = Y * (computed.present.G - (computed.present.G * Y).sum())
    for off, names in ((0, "Y[0,1] · (G[0,1] − (G * Y).sum(-1)[0])"), (1e-5, None)):
        read = read_line(replace(computed, compact=right * (1 + off)), 1)
        if names:
            assert read == {"names": names, "numbers": "0.7500 · ((−1) − (−0.5000))"}
        else:
            assert read["numbers"] == "" and read["names"].endswith(")[0,1]")
            assert read["names"].startswith("(Y * (G - ")


@pytest.mark.parametrize("line", ["placed(G, 1)", "G[9]", "G @ G", "G + 'a'"])
def test_a_line_of_other_names_or_sizes_stands_as_it_is(line):
    computed = replace(states.compute(states.start("softmax", ([[0.0, 1.0]],))))
    computed.__dict__["texts"] = {"Z": {"numpy": line}}
    assert read_line(computed, 1) == {"names": f"({line})[0,1]", "numbers": ""}


def test_one_call_is_read_by_its_name_alone():
    computed = replace(states.compute(states.start("softmax", ([[0.0, 1.0]],))))
    computed.__dict__["texts"] = {"Z": {"numpy": "np.asarray(dZ)", "where": {
        "dZ": "Y * (G - (G * Y).sum())"}}}
    assert read_line(computed, 1) == {"names": "np.asarray(dZ)[0,1]", "numbers": ""}


def test_a_line_knows_the_arrays_their_sizes_and_what_stands_before_it():
    computed = states.compute(states.start("batchnorm"))
    names = namespace(computed, computed.texts["X"])
    present = computed.present
    assert names["X"] is present.inputs["X"] and names["G"] is present.G and names["n"] == 3
    assert names["Y"] is computed.Y and names["eps"] == 1e-5 and names["ddof"] == 0
    assert names["Xhat"] == pytest.approx(names["Xc"] / names["s"])
