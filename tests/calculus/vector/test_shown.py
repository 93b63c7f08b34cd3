"""Formulas that labs show beside numbers say these numbers."""

import numpy as np
import pytest

from helpers.calculus.units import UNITS, Shape, values
from helpers.calculus.vector.maps import MAPS, map_of
from helpers.calculus.vector.surfaces import SURFACES, surface_of
from tests.calculus.read_latex import matrix, value


def right_side(latex):
    return latex.partition("=")[2].split(r",\quad")[0]


def names(row, x):
    """What stands in the formulas of a map: x, its numbers, y, and the row's own letters."""
    angle = np.deg2rad(row.parameters.get("angle", 0.0))
    more = {name: matrix(row.parameters[name]) for name in ("W", "b") if name in row.parameters}
    return {"x": matrix(x), "y": row(x), "k": slice(None), "t": angle,
            "a": row.parameters.get("amount"), **more}


@pytest.mark.parametrize("name", MAPS)
def test_a_map_and_its_jacobian_are_what_their_formulas_say(name):
    row = MAPS[name]
    low, high = np.transpose(row.domain)
    for x in np.random.default_rng(1).uniform(low, high, (5, row.m)):
        y, J = (right_side(latex).strip() for latex in (row.latex, row.slopes_latex))
        y = value(rf"\tuple{y}" if y[0] == "(" else y, **names(row, x))
        np.testing.assert_allclose(np.ravel(y), row(x), rtol=1e-12)
        np.testing.assert_allclose(value(J, **names(row, x)), row.jacobian(x), rtol=1e-12)


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_is_what_its_formula_says(name):
    surface = SURFACES[name]
    for x in np.random.default_rng(2).uniform(*surface.box, (5, 2)):
        assert value(right_side(surface.latex), x=x) == pytest.approx(surface(x), rel=1e-12)
    _, also, at_origin = surface.latex.partition(r",\quad ")
    if also:  # where the formula is 0/0
        left, right = at_origin.split("=")
        place = [float(number) for number in left.removeprefix("f(").removesuffix(")").split(",")]
        assert place == [0, 0] and surface(np.array(place)) == float(right)


SIDES = {r"1 \text{ for } x > 0, \text{ else } 0": r"\mathbb{1}(x > 0)",
         r"1 \text{ for } x > 0, \text{ else } \alpha":
             r"\mathbb{1}(x > 0) + \alpha \mathbb{1}(x \le 0)",
         r"1 \text{ for } x > 0, \text{ else } \alpha e^x":
             r"\mathbb{1}(x > 0) + \alpha e^x \mathbb{1}(x \le 0)",
         r"w_1 \text{ where the first line is not below the second, else } w_2":
             r"w_1 \mathbb{1}(w_1 x + b_1 \ge w_2 x + b_2)"
             r" + w_2 \mathbb{1}(w_1 x + b_1 < w_2 x + b_2)"}


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_and_its_slope_are_what_their_formulas_say(name):
    unit, x = UNITS[name], np.linspace(-3, 3, 14)
    shape = Shape(alpha=0.3, elu_alpha=1.7, w1=-0.6, b1=0.2, w2=1.3, b2=-0.4)
    f, slope = values(name, x, shape)
    known = {"x": x, "f(x)": f, "alpha": shape.elu_alpha if name == "ELU" else shape.alpha,
             "w": np.array([0, shape.w1, shape.w2]), "b": np.array([0, shape.b1, shape.b2])}
    np.testing.assert_allclose(value(unit.latex, **known), f, rtol=1e-12)
    said = SIDES.get(unit.slope_latex, unit.slope_latex)
    np.testing.assert_allclose(value(said, **known), slope, rtol=1e-12)


PLANE = ((-2, 2), (-2, 2))
SHOWN_FIRST = {  # the domain, and the point where a lab begins: lessons print numbers of there
    "polar": (((0.2, 2), (-2, 2)), (1.2, 0.7)),
    "saddle in space": (((-1.5, 1.5), (-1.5, 1.5)), (0.8, 0.5)),
    **dict.fromkeys(("matrix to plane", "tanh layer to plane", "mix to plane"),
                    ((*PLANE, (-2, 2)), (0.8, 0.5, 0.4)))}
SURFACES_FIRST = {"bowl": (1.0, -0.5), "saddle": (0.6, 0.8), "valley": (-0.9, 1.0),
                  "waves": (1.1, -0.4), "Peano's twist": (0.0, 0.0)}


def test_where_a_lab_begins():
    assert {name: (map_of(name).domain, map_of(name).start) for name in MAPS} == {
        name: SHOWN_FIRST.get(name, (PLANE, (0.8, 0.5))) for name in MAPS}
    assert {name: surface_of(name).start for name in SURFACES} == SURFACES_FIRST
    assert {row.box for row in SURFACES.values()} == {(-2, 2)}
    assert MAPS["rotation"].parameters == {"angle": 40}
    assert MAPS["rotation"].ranges == {"angle": (-180, 180)}
    assert MAPS["sine warp"].parameters == {"amount": 0.6}
    assert MAPS["sine warp"].ranges == {"amount": (0, 1.5)}
