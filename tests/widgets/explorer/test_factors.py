"""Formulas and pictures are linked: each factor says what it is, and what lights up with it."""

import re

import numpy as np
import pytest

from helpers import OPERATIONS, JacobianExplorer
from helpers.calculus.errors import LessonError
from helpers.widgets.explorer import factors
from helpers.widgets.explorer import state as states
from helpers.widgets.explorer.reading import reading
from helpers.widgets.explorer.view import show

CASES = [(name, wrt) for name, op in OPERATIONS.items() for wrt in op.derivatives]
PART = re.compile(r'data-part="([^"]*)"')


def parts(present):
    return {name: PART.findall(math) for name, math in show(present)["math"].items()}


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize("name, wrt", CASES)
def test_every_factor_of_every_formula_is_read_and_lights_something_or_has_its_numbers_said(
        name, wrt, layout):
    present = states.start(name, wrt=wrt, layout=layout)
    shelves = show(present)["arrays"].values()
    boxes = {"J", *(key for shelf in shelves for key in shelf)}
    for found in parts(present).values():
        for part in found:
            said = reading(present, {"place": "factor", "part": part})
            assert said["text"] and said["parts"] == [part]
            assert said["equal"] or set(said["whole"]) <= boxes or " = " in said["text"]


@pytest.mark.parametrize("name, wrt", CASES)
def test_each_way_names_the_gradient_and_the_sum_names_both_factors(name, wrt):
    found = parts(states.start(name, wrt=wrt))
    assert found["full"] == ["gradient", "G", "J"]
    assert found["compact"][0] == "gradient" and "G" in found["compact"]
    assert found["forward"] and found["entry"][0] == "J"


def test_keys_reach_the_factors_of_a_formula_by_one_stop():
    for math in show(states.start("batchnorm"))["math"].values():
        stops = re.findall(r'tabindex="(-?\d)"', math)
        assert stops[0] == "0" and set(stops[1:]) <= {"-1"}


def test_the_mask_is_one_factor_and_lights_what_the_compact_way_keeps():
    present = states.start("relu")
    assert parts(present)["compact"] == ["gradient", "G", "core"]
    said = reading(present, {"place": "factor", "part": "core"})
    assert said["whole"] == ["core"]
    assert said["text"] == "(X > 0): 12 numbers (3 × 4), all that the compact way keeps"


@pytest.mark.parametrize("layout, equal", [("numerator", [1, 0]), ("denominator", [0, 1])])
def test_a_delta_lights_the_entries_where_its_axes_agree(layout, equal):
    present = states.start("transpose", layout=layout)
    letters = present.letters
    assert (letters["Y"].index("n"), letters["X"].index("n")) == (1, 0)
    said = reading(present, {"place": "factor", "part": "δ n n"})
    assert said["equal"] == equal
    size = states.compute(present).J.size
    assert f"{size // 3} of {size} entries" in said["text"]


def test_an_entry_that_a_delta_makes_0_lights_that_delta_and_any_other_its_core():
    present = states.start("affine", sizes={"n": 3, "m": 4, "k": 2})
    at = {"place": "J", "outer": 0}
    assert reading(present, {**at, "inner": 4})["parts"] == ["J", "δ n n"]
    assert reading(present, {**at, "inner": 1})["parts"] == ["J", "core", "W"]


@pytest.mark.parametrize("place", ["X", "Y", "G", "gradient"])
def test_cells_light_their_factors(place):
    assert reading(states.start("relu"), {"place": place, "index": 3})["parts"] == [place]


def test_what_stands_on_no_panel_is_said_in_numbers():
    present = states.start("batchnorm")
    said = reading(present, {"place": "factor", "part": "Xhat"})["text"]
    X = present.inputs["X"]
    Xhat = (X - X.mean(0)) / np.sqrt(X.var(0) + 1e-5)
    numbers = [float(x) for x in re.findall(r"-?\d+\.\d{4}", said.replace("−", "-"))]
    assert said.startswith("Xhat = Xc / s: ") and np.allclose(numbers, Xhat.reshape(-1), atol=6e-5)


def test_own_functions_have_linked_formulas():
    explorer = JacobianExplorer(lambda X, W: X @ W, np.ones((2, 3)),
                                [[0.5, -1], [2, 0.1], [-3, 1.5]])
    found = parts(explorer._present)
    assert found["full"] == ["gradient", "G", "J"] and {"G", "W"} <= set(found["compact"])


def test_the_deltas_that_an_own_function_shows_are_linked_to_the_tensor():
    explorer = JacobianExplorer(lambda X, W: X @ W, np.ones((2, 3)),
                                [[0.5, -1], [2, 0.1], [-3, 1.5]])
    present = explorer._present
    assert parts(present)["entry"] == ["J", "δ n n"]
    assert "12 of 24 entries are left" in reading(present, {"place": "factor",
                                                            "part": "δ n n"})["text"]
    assert reading(present, {"place": "J", "outer": 0, "inner": 3})["parts"] == ["J", "δ n n"]


@pytest.mark.parametrize("name, wrt, called, shown", [
    ("batchnorm", "gamma", "Xhat", "X̂"), ("layernorm", "gamma", "Xhat", "X̂"),
    ("attention", "V", "A", "A"), ("affine", "X", "W", "W")])
def test_what_the_compact_way_keeps_is_called_as_in_the_formula(name, wrt, called, shown):
    present = states.start(name, wrt=wrt)
    assert show(present)["arrays"]["kept"]["core"]["name"] == shown
    said = reading(present, {"place": "factor", "part": called})
    assert said["whole"] == [called, "core"]


def test_a_factor_that_is_not_there_is_refused_in_one_line():
    with pytest.raises(LessonError, match="no factor 'Q'"):
        reading(states.start("relu"), {"place": "factor", "part": "Q"})


def test_letters_with_a_prime_are_the_axes_that_they_name():
    for letter in "abcdefghijklmnopqrstuvwxyz":
        legend = factors.Legend((), False, ("y",), (letter,))
        math = factors.linked_math(rf"\delta_{{y{letter}'}}", ("y", letter), legend)
        assert f'data-part="δ y {letter}"' in math
