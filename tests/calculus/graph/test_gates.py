"""Each gate alone: its value is NumPy's, its local gradient the slope and the formula beside it."""

import math
import re

import numpy as np
import pytest

from helpers.calculus.graph import Graph, gates
from helpers.calculus.graph.expression import names_in
from helpers.calculus.graph.gates import GATES
from helpers.calculus.graph.notations import rewritten


@pytest.mark.parametrize("name", sorted(GATES))
@pytest.mark.parametrize("point", [(0.7, 1.3), (2.5, -0.4), (1.2, 0.3)])
def test_local_gradients_of_every_gate(name, point):
    gate = GATES[name]
    inputs = [abs(v) if name in ("log", "sqrt", "pow") else v for v in point][:gate.arity]
    local = gate.local(*inputs, gate.value(*inputs))
    for place in range(gate.arity):
        up, down = list(inputs), list(inputs)
        up[place] += 1e-6
        down[place] -= 1e-6
        slope = (gate.value(*up) - gate.value(*down)) / 2e-6
        assert local[place] == pytest.approx(slope, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("name", sorted(GATES))
def test_the_formula_shown_for_a_local_gradient_says_its_number(name):
    gate = GATES[name]
    inputs = dict(zip("ab"[:gate.arity], (0.7, 1.3), strict=False))
    local = gate.local(*inputs.values(), gate.value(*inputs.values()))
    for formula, slope in zip(gate.rules, local, strict=True):
        text = rewritten({"σ·(1 − σ)": "σ(a)·(1 − σ(a))"}.get(formula, formula), "ab")
        asked = re.fullmatch(r"1\*\((.*)\)", text)
        shown = eval(asked[1], dict(inputs)) if asked else Graph(
            text, **{one: inputs[one] for one in names_in(text)}).value
        assert shown == pytest.approx(slope, rel=1e-12), formula


ODD = (0.0, -0.0, 1.0, -1.5, 2.0, -3.0, 401.0, 710.0, 1e308, -1e308, math.inf, -math.inf, math.nan)
NUMPY = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "pow": np.power,
         "neg": np.negative, "reciprocal": np.reciprocal, "exp": np.exp, "log": np.log,
         "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "max": np.maximum,
         "min": np.minimum, "abs": np.abs, "relu": lambda a: np.maximum(a, 0.0),
         "softplus": lambda a: np.logaddexp(0.0, a), "sigmoid": lambda a: 1 / (1 + np.exp(-a))}


@pytest.mark.parametrize("name", sorted(GATES))
def test_every_gate_is_numpy_s_at_odd_numbers(name):
    a = np.repeat(ODD, len(ODD)), np.tile(ODD, len(ODD))
    inputs = a[:GATES[name].arity]
    with np.errstate(all="ignore"):
        right = NUMPY[name](*inputs)
    found = [GATES[name].value(*map(float, one)) for one in zip(*inputs, strict=True)]
    np.testing.assert_allclose(found, right, rtol=1e-14, atol=1e-300)
    infinite = np.isinf(right)
    assert (np.signbit(found)[infinite] == np.signbit(right)[infinite]).all()


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 1e308, -0.0, 5e-324])
@pytest.mark.parametrize("name", sorted(GATES))
def test_no_gate_raises_at_odd_numbers(name, value):
    gate = GATES[name]
    for other in (value, 0.0, -1.5, math.inf, math.nan, 1e308):
        for inputs in ((value, other), (other, value)):
            inputs = inputs[:gate.arity]
            y = gate.value(*inputs)
            assert isinstance(y, float)
            assert all(isinstance(g, float) for g in gate.local(*inputs, y))


@pytest.mark.parametrize("name, inputs, slopes", [
    ("pow", (3, 0), (0, math.log(3))), ("pow", (0, 0), (0, math.nan)), ("pow", (0, 1), (1, 0)),
    ("pow", (0, 2), (0, 0)), ("pow", (0, -1), (-math.inf, math.nan)),
    ("pow", (-2, 3), (12, math.nan)),
    ("div", (1, 0), (math.inf, -math.inf)), ("reciprocal", (0,), (-math.inf,)),
    ("log", (0,), (math.inf,)), ("log", (-1,), (math.nan,)), ("sqrt", (0,), (math.inf,)),
    ("relu", (0,), (0,)), ("relu", (math.nan,), (math.nan,)), ("abs", (0,), (0,)),
    ("abs", (-3,), (-1,)), ("abs", (math.nan,), (math.nan,)), ("tanh", (-800,), (0,)),
    ("sigmoid", (800,), (0,)), ("max", (1, 1), (0.5, 0.5)), ("min", (2, 1, 1), (0, 0.5, 0.5)),
    ("max", (math.nan, 1), (math.nan, math.nan))])
def test_slopes_where_there_is_none_or_no_number(name, inputs, slopes):
    inputs = tuple(map(float, inputs))
    found = GATES[name].local(*inputs, GATES[name].value(*inputs))
    np.testing.assert_allclose(found, slopes, rtol=1e-15)


INF, NAN = math.inf, math.nan


@pytest.mark.parametrize("a, b, value", [
    (0.5, -5001, INF), (0.5, -5000, INF), (-0.5, -5001, -INF), (-0.5, -5000, INF), (-10, 401, -INF),
    (-10, 400, INF), (10, 401, INF), (-10, 400.5, NAN), (-2, 0.5, NAN), (0, -1, INF), (0, -2, INF),
    (-0.0, -1, -INF), (-0.0, -2, INF), (-0.0, -3, -INF), (0, -0.5, INF), (-0.0, -0.5, INF),
    (0, 0, 1), (2, 3, 8), (-2, 3, -8)])
def test_powers_beyond_all_numbers_have_their_sign(a, b, value):
    np.testing.assert_equal(gates.power(float(a), float(b)), float(value))


@pytest.mark.parametrize("a, b, by_a, by_b", [
    (3, 2, 6, 9 * math.log(3)), (3, 1, 1, 3 * math.log(3)), (-3, 1, 1, NAN), (3, 0, 0, math.log(3)),
    (0, 0, 0, NAN), (0, 1, 1, 0), (0, 2, 0, 0), (0, 0.5, INF, 0), (0, -1, -INF, NAN),
    (1, 5, 5, 0), (-1, 2, -2, NAN)])
def test_slopes_of_a_power(a, b, by_a, by_b):
    y = gates.power(float(a), float(b))
    np.testing.assert_allclose(gates.power_local(float(a), float(b), y), (by_a, by_b), rtol=1e-15)


def test_the_inputs_that_meet_at_a_kink():
    for name in ("relu", "abs"):
        assert GATES[name].tied([0.0], 0.0) == (0,) and GATES[name].tied([1.0], 1.0) == ()
    assert GATES["max"].tied([1.0, 2.0], 2.0) == () and GATES["max"].tied([2.0, 2.0], 2.0) == (0, 1)
    assert GATES["min"].tied([3.0, 1.0, 2.0, 1.0], 1.0) == (1, 3)
    assert GATES["max"].tied([NAN, NAN], NAN) == ()


def test_a_gate_is_written_as_it_is_typed():
    assert GATES["max"].written("x", "y", "z") == "max(x, y, z)"
    assert GATES["pow"].written("x", "2") == "x ** 2" and GATES["abs"].written("x") == "|x|"
    assert GATES["reciprocal"].written("x") == "1 / x" and GATES["neg"].written("x") == "−1 × x"


def test_all_goes_to_the_input_that_is_the_output_in_equal_parts():
    assert gates.shares(1.0, 3.0, 3.0) == (0, 1) and gates.shares(2.0, 1.0, 1.0, 1.0) == (0, .5, .5)
    np.testing.assert_equal(gates.shares(1.0, NAN, NAN), (NAN, NAN))


def test_slopes_of_sigmoid_and_tanh_do_not_cancel():
    """Far out they are exp(−|a|) and 4·exp(−2|a|), where 1 − tanh² is 0 in floats."""
    for a in (-40.0, 40.0):
        assert GATES["sigmoid"].local(a, gates.sigmoid(a)) == (pytest.approx(math.exp(-40)),)
        assert GATES["tanh"].local(a, math.tanh(a)) == (pytest.approx(4 * math.exp(-80)),)
        assert gates.softplus(a) == pytest.approx(max(a, 0) + math.exp(-40), rel=1e-15)
    assert gates.sigmoid(-800.0) == 0 and gates.sigmoid(-40.0) == pytest.approx(math.exp(-40))
    assert gates.sigmoid(0.0) == 0.5 and gates.tanh_slope(0.0) == 1
    assert gates.step(0.0) == 0 and gates.step(1e-300) == 1 and gates.step(-1.0) == 0
    assert [gates.sign(a) for a in (-2.0, 0.0, 3.0)] == [-1, 0, 1]


def test_the_table_of_gates():
    """What each does to the gradient, and which have kinks or several inputs."""
    assert {name: gate.behaviour for name, gate in GATES.items() if gate.behaviour != "scales"} == {
        "add": "distributes", "sub": "distributes", "mul": "switches", "relu": "routes",
        "max": "routes", "min": "routes"}
    assert [name for name, gate in GATES.items() if gate.at_kink] == ["relu", "abs", "max", "min"]
    assert [name for name, gate in GATES.items() if gate.several] == ["max", "min"]
    assert [name for name, gate in GATES.items() if gate.arity == 2] == [
        "add", "sub", "mul", "div", "pow", "max", "min"]
