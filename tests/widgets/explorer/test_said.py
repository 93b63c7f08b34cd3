"""What the explorer says and lights for a small affine layer, word by word, worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from helpers.calculus.errors import LessonError
from helpers.widgets.explorer import state as states
from helpers.widgets.explorer.acts import act
from helpers.widgets.explorer.factors import factor_reading, many
from helpers.widgets.explorer.reading import reading

X, W = np.array([[1.0, -2, 3], [0.5, 4, -1]]), np.array([[1.0, 2], [3, 4], [5, 6]])
G = np.array([[1.0, -1], [2, 0.25]])
AFFINE = replace(states.start("affine", (X, W, [0.5, -0.5])), G=G)


def looked_at(**how):
    return replace(AFFINE, **how)


FACTORS = [
    ("X", "J", "∂Y/∂X: the big tensor, 24 entries", ["J"]),
    ("X", "gradient", "dL/dX, how the loss changes with X: 6 numbers (2 × 3)", ["gradient"]),
    ("W", "gradient", "dL/dW, how the loss changes with W: 6 numbers (3 × 2)", ["gradient"]),
    ("X", "G", "G = dL/dY, the upstream gradient: 4 numbers (2 × 2)", ["G"]),
    ("X", "Y", "Y, the output: 4 numbers (2 × 2)", ["Y"]),
    ("X", "X", "X, an input: 6 numbers (2 × 3)", ["X"]),
    ("W", "X", "X, an input: 6 numbers (2 × 3)", ["X", "core"]),
    ("X", "b", "b, an input: 2 numbers (2)", ["b"]),
    ("X", "core", "W: 6 numbers (3 × 2), all that the compact way keeps", ["core"]),
    ("W", "core", "X: 6 numbers (2 × 3), all that the compact way keeps", ["core"]),
]


@pytest.mark.parametrize(("wrt", "part", "text", "whole"), FACTORS)
def test_a_factor_says_what_it_is_and_how_large(wrt, part, text, whole):
    assert reading(looked_at(wrt=wrt), {"place": "factor", "part": part}) == {
        "text": text, "whole": whole, "parts": [part], "equal": None, "marks": {}, "outer": None,
        "inner": None}


@pytest.mark.parametrize(("wrt", "part", "left", "equal"), [
    ("X", "δ n n", "n = n′ and 0 elsewhere: 12 of 24 entries are left", [0, 0]),
    ("W", "δ k k", "k = k′ and 0 elsewhere: 12 of 24 entries are left", [1, 1]),
    ("b", "δ k k", "k = k′ and 0 elsewhere: 4 of 8 entries are left", [1, 0])])
def test_a_delta_says_what_it_leaves(wrt, part, left, equal):
    for layout in ("numerator", "denominator"):
        told = factor_reading(states.compute(looked_at(wrt=wrt, layout=layout)), part)
        assert told["text"] == f"δ is 1 where {left}" and told["whole"] == []
        assert told["equal"] == (equal if layout == "numerator" else equal[::-1])
    empty = states.start("affine", (np.zeros((0, 3)), W, [0, 0]))
    told = factor_reading(states.compute(empty), "δ n n")["text"]
    assert told.endswith("0 of 0 entries are left")


def test_what_is_given_and_what_is_one_number_are_called_so():
    loss = states.start("squared_error", sizes={"n": 1, "h": 1})
    for part, text in (("target", "target, given: 1 number (1 × 1)"),
                       ("L", "L, the output: 1 number"), ("J", "∂L/∂Y: the big tensor, 1 entry")):
        assert reading(loss, {"place": "factor", "part": part})["text"] == text
    assert [many(np.ones(shape)) for shape in ((), (1,), (3, 1, 2))] == [
        "1 number", "1 number (1)", "6 numbers (3 × 1 × 2)"]


@pytest.mark.parametrize(("rows", "text"), [
    (1, "P = np.exp(Z) / np.exp(Z).sum(-1, keepdims=True): 0.2500, 0.7500"),
    (2, "P = np.exp(Z) / np.exp(Z).sum(-1, keepdims=True): 0.2500, 0.7500; 0.2500, 0.7500"),
    (6, "P = np.exp(Z) / np.exp(Z).sum(-1, keepdims=True): " + "; ".join(["0.2500, 0.7500"] * 6)),
    (7, "P = np.exp(Z) / np.exp(Z).sum(-1, keepdims=True): 14 numbers (7 × 2)")])
def test_up_to_twelve_numbers_are_read_row_by_row(rows, text):
    present = states.start("log_softmax", ([[0.0, np.log(3)]] * rows,))
    assert reading(present, {"place": "factor", "part": "P"})["text"] == text
    flat = states.start("log_softmax", (np.zeros((1, 13)),))
    assert reading(flat, {"place": "factor", "part": "P"})["text"].endswith(": 13 numbers (1 × 13)")


# (what is pointed at, the sentence, marks: in Y and G, in the gradient and X or W, in the core)
POINTED = [
    ("X", {"place": "gradient", "index": 4}, "dX[1,1] = G[1,0]·3 + G[1,1]·4 + two zeros = "
     "2·3 + 0.2500·4 = 7", [2, 3], [4], [2, 3]),
    ("X", {"place": "X", "index": 0}, "dX[0,0] = G[0,0]·1 + G[0,1]·2 + two zeros = "
     "1·1 + (−1)·2 = −1", [0, 1], [0], [0, 1]),
    ("W", {"place": "gradient", "index": 5}, "dW[2,1] = G[0,1]·3 + G[1,1]·(−1) + two zeros = "
     "(−1)·3 + 0.2500·(−1) = −3.2500", [1, 3], [5], [2, 5]),
    ("X", {"place": "G", "index": 1}, "G[0,1] = −1 multiplies the whole tile ∂Y[0,1]/∂X: six "
     "entries, three are not 0", [1], [0, 1, 2], [1, 3, 5]),
    ("X", {"place": "Y", "index": 3}, "G[1,1] = 0.2500 multiplies the whole tile ∂Y[1,1]/∂X: six "
     "entries, three are not 0", [3], [3, 4, 5], [1, 3, 5]),
    ("b", {"place": "G", "index": 3}, "G[1,1] = 0.2500 multiplies the whole tile ∂Y[1,1]/∂b: two "
     "entries, one is not 0", [3], [1], [0]),
    ("X", {"place": "J", "outer": 2, "inner": 4}, "∂Y[1,0]/∂X[1,1] = W[1,0] = 3", [2], [4], [2]),
    ("X", {"place": "J", "outer": 0, "inner": 0}, "∂Y[0,0]/∂X[0,0] = W[0,0] = 1", [0], [0], [0]),
    ("W", {"place": "J", "outer": 3, "inner": 3}, "∂Y[1,1]/∂W[1,1] = X[1,1] = 4", [3], [3], [4]),
    ("X", {"place": "J", "outer": 1, "inner": 3}, "∂Y[0,1]/∂X[1,0] = 0, because n ≠ n′ (0 ≠ 1): "
     "the two never meet", [1], [3], []),
    ("b", {"place": "J", "outer": 2, "inner": 1}, "∂Y[1,0]/∂b[1] = 0, because k ≠ k′ (0 ≠ 1): "
     "the two never meet", [2], [1], []),
    ("b", {"place": "J", "outer": 2, "inner": 0}, "∂Y[1,0]/∂b[0] = 1", [2], [0], [0]),
]


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize(("wrt", "point", "text", "above", "below", "core"), POINTED)
def test_what_is_pointed_at_is_read_and_lit(wrt, point, text, above, below, core, layout):
    if point["place"] == "J" and layout == "denominator":
        point = {**point, "outer": point["inner"], "inner": point["outer"]}
    told = reading(looked_at(wrt=wrt, layout=layout), point)
    assert told["text"] == text
    assert told["marks"] == {"Y": above, "G": above, "gradient": below, wrt: below, "core": core}
    y = above[0] if point["place"] in ("J", "Y", "G") else None
    x = below[0] if point["place"] in ("J", "X", "gradient") else None
    assert (told["outer"], told["inner"]) == ((y, x) if layout == "numerator" else (x, y))


@pytest.mark.parametrize("point", [
    {}, None, {"place": "J"}, {"place": "J", "outer": 4, "inner": 0},
    {"place": "J", "outer": 0, "inner": 6}, {"place": "J", "outer": -1, "inner": 0},
    {"place": "J", "outer": 0, "inner": -1}, {"place": "G", "index": 4}, {"place": "b", "index": 0},
    {"place": "G", "index": -1}, {"place": "X", "index": 6}, {"place": "gradient", "index": -1}])
def test_beside_every_entry_nothing_is_said(point):
    assert reading(AFFINE, point) == {"text": "", "marks": {}, "outer": None, "inner": None}


def test_what_is_played_is_said_while_nothing_else_is_pointed_at():
    for at, x, text in ((4, 4, "dX[1,1] = G[1,0]·3 + G[1,1]·4 + two zeros"),
                        (99, 5, "dX[1,2] = G[1,0]·5 + G[1,1]·6 + two zeros")):
        told = reading(looked_at(played=at), {})
        assert told["text"] == f"{text}, step by step below"
        assert told["marks"]["gradient"] == [x] and told["parts"] == ["gradient"]
        pointed = reading(looked_at(played=at), {"place": "gradient", "index": 0})
        assert pointed["text"].endswith("1·1 + (−1)·2 = −1")
        again = reading(looked_at(played=at), {"place": "gradient", "index": x})
        assert again["text"] == f"{text}, step by step below"
        other = reading(looked_at(played=at), {"place": "G", "index": 1})
        assert other["text"].startswith("G[0,1] = −1 multiplies")
    nothing = states.start("affine", (np.zeros((0, 3)), W, [0, 0]), played=0)
    assert reading(nothing, {})["text"] == ""


def test_four_terms_are_written_and_the_others_counted():
    def said(rows):
        present = states.start("affine", (np.ones((rows, 1)), [[2.0]], [0.0]), wrt="b")
        return reading(replace(present, G=np.arange(1.0, rows + 1)[:, None]),
                       {"place": "gradient", "index": 0})["text"]

    assert said(1) == "db[0] = G[0,0]·1 = 1·1 = 1"
    assert said(4) == ("db[0] = G[0,0]·1 + G[1,0]·1 + G[2,0]·1 + G[3,0]·1 = 1·1 + 2·1 + 3·1 + 4·1"
                       " = 10")
    assert said(5) == ("db[0] = G[0,0]·1 + G[1,0]·1 + G[2,0]·1 + G[3,0]·1 + … one more term = "
                       "1·1 + 2·1 + 3·1 + 4·1 + … = 15")


def test_at_most_four_hundred_places_are_lit():
    for rows in (400, 401):
        present = states.start("affine", (np.ones((rows, 1)), [[2.0]], [0.0]), wrt="b")
        marks = reading(present, {"place": "gradient", "index": 0})["marks"]
        assert marks["G"] == marks["Y"] == list(range(400)) and marks["b"] == [0]


# --- what a student may set ---


@pytest.mark.parametrize("value", [[1, 2], [], np.inf, -np.inf, np.nan])
def test_a_parameter_is_one_finite_number(value):
    with pytest.raises(LessonError, match="relu: at_zero must be one finite number, not"):
        act(states.start("relu"), {"kind": "parameter", "name": "at_zero", "value": value})
