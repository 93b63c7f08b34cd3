"""Numbers of the activation, depth and dead-ReLU labs, against limits and brute force."""

import math

import numpy as np
import pytest

from helpers import OPERATIONS
from helpers.calculus.errors import UnknownOperation
from helpers.calculus.gradcheck import relative_error
from helpers.calculus.slopes import numerical_jacobian
from helpers.calculus.units import (
    UNITS,
    Shape,
    centred,
    formula,
    formulas,
    lowest,
    value,
    value_range,
    values,
)
from helpers.labs.activation import ActivationLab
from helpers.labs.activation.study import COUNT, MIDDLE, XS, shares, stretches, study
from helpers.labs.dead_relu import study as dead_relu
from helpers.labs.depth import study as depth
from helpers.labs.kit.controls import start

SHAPES = (Shape(), Shape(alpha=0.3, elu_alpha=1.7, at_zero=0.5, w1=0.4, b1=1, w2=-1.2, b2=0.3))
START = start(ActivationLab.controls)
HUGE = np.array([-1e308, -710.0, -37.5, -1e-308, 0.0, 1e-308, 37.5, 710.0, 1e308])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", UNITS)
def test_the_slope_is_the_derivative(name, shape):
    x = np.linspace(-5, 5, 22).reshape(2, 11)  # no kink among them
    f, slope = values(name, x, shape)
    numeric = numerical_jacobian(lambda x: value(name, x, shape), x)
    assert f.shape == slope.shape == x.shape
    assert np.allclose(f, value(name, x, shape))
    np.testing.assert_array_equal(formula(name, shape)(x), f)
    if name != "maxout":
        np.testing.assert_array_equal(formulas(name, shape)(x), (f, slope))
    assert relative_error(slope.ravel(), np.diag(numeric.reshape(22, 22))) < 1e-7


def test_a_unit_that_is_not_shaped_is_the_operation_of_its_name():
    x = np.linspace(-3, 3, 13)  # 0 among them
    for name, unit in UNITS.items():
        if unit.operation not in ("maxout", "prelu"):
            op = OPERATIONS[unit.operation]
            np.testing.assert_array_equal(values(name, x), (op(x), op.vjp(np.ones(13), x)))
    np.testing.assert_array_equal(values("PReLU", x), values("leaky ReLU", x))


def test_a_unit_that_is_none_is_refused_and_those_that_are_there_are_named():
    for name in ("softsine", None):
        with pytest.raises(UnknownOperation) as caught:
            value(name, 0.0, Shape())
        assert str(caught.value) == f"There is no unit {name!r}. There are: {', '.join(UNITS)}."


def test_a_unit_that_is_not_shaped_is_that_of_the_lab_at_its_start():
    assert vars(Shape()) == {name: START[name] for name in vars(Shape())}
    assert value("maxout", [-3.0, 3.0], Shape()).tolist() == [1, 3]


def test_the_lowest_values_are_where_the_slope_is_0():
    assert lowest("SiLU") == pytest.approx(-0.278464542761074, abs=1e-14)  # −W(1/e)
    x = np.linspace(-0.76, -0.74, 200_001)
    assert lowest("GELU") == pytest.approx(value("GELU", x).min(), abs=1e-10)
    assert value_range("GELU", Shape()) == (lowest("GELU"), math.inf)
    assert value_range("SiLU", Shape()) == (lowest("SiLU"), math.inf)


@pytest.mark.parametrize("name", UNITS)
def test_every_unit_is_finite_and_silent_far_out(name):
    with np.errstate(all="raise", under="ignore"):
        f, slope = values(name, HUGE)
    assert np.isfinite(f).all() and np.isfinite(slope).all()
    low, high = value_range(name, Shape())
    assert (f >= low - 1e-12).all() and (f <= high).all()


@pytest.mark.parametrize("shape", [
    *SHAPES, Shape(alpha=0, elu_alpha=0, w1=0, b1=0), Shape(w1=-1, w2=0, b2=-2),
    Shape(w1=0, w2=0, b1=1, b2=-1), Shape(w1=1, w2=1), Shape(w1=2, w2=0.5), Shape(w1=-2, w2=-1),
    Shape(w1=0, b1=-1, w2=2, b2=0.3), Shape(w1=-1, b1=0, w2=0, b2=-2)])
@pytest.mark.parametrize("name", UNITS)
def test_the_range_is_what_values_fill(name, shape):
    f = value(name, np.linspace(-60, 60, 120_001), shape)
    low, high = value_range(name, shape)
    assert f.min() >= low - 1e-12 and f.max() <= high + 1e-12
    assert f.min() < -5 if low == -math.inf else abs(f.min() - low) < 1e-3
    assert f.max() > 5 if high == math.inf else abs(f.max() - high) < 1e-3


def test_zero_centred_or_not():
    answers = {name: centred(name, Shape()) for name in UNITS}
    assert answers["tanh"] == "yes"
    assert [name for name, answer in answers.items() if answer == "never negative"] == [
        "sigmoid", "ReLU", "softplus"]
    assert centred("leaky ReLU", Shape(alpha=1.0)) == "yes"
    assert centred("leaky ReLU", Shape(alpha=0.0)) == "never negative"
    assert centred("maxout", Shape(w1=0, b1=-1, w2=0, b2=-2)) == "never positive"
    assert {name for name, unit in UNITS.items() if unit.bounded} == {"sigmoid", "tanh"}


def test_maxout_with_a_level_line_is_the_relu():
    x = np.linspace(-3, 3, 50)
    assert np.array_equal(value("maxout", x, Shape(w1=0, b1=0)), value("ReLU", x))


def test_stretches_are_cut_halfway():
    xs = np.array([0.0, 1, 2, 3, 4])
    assert stretches(xs, np.array([True, False, True, True, False])) == [(0.0, 0.5), (1.5, 3.5)]
    assert stretches(xs, np.zeros(5, bool)) == [] and stretches(xs, np.ones(5, bool)) == [(0, 4)]


def test_shares_count_what_lies_beyond():
    found = shares(np.array([-99, -1, 0.5, 0.6, 99]), np.array([-2.0, 0, 1, 2]))
    assert found.tolist() == [0.4, 0.4, 0.2]


def test_the_sigmoid_saturates_where_its_slope_says():
    view = study(START | {"units": ("sigmoid", "ReLU"), "threshold": 0.1, "x": 0.0})
    sigmoid, relu = view["curves"]
    edge = math.log((1 + math.sqrt(0.6)) / (1 - math.sqrt(0.6)))  # σ(1−σ) = 0.1
    (left, a), (b, right) = sigmoid.zones
    assert (left, right) == (-8, 8) and abs(a + edge) < 0.03 and abs(b - edge) < 0.03
    assert abs(sigmoid.saturated - 2 * (0.5 - 0.5 * math.erf(edge / math.sqrt(2)))) < 0.02
    assert relu.slope == 0
    assert np.isnan(relu.slopes[MIDDLE]) and XS[MIDDLE] == 0 and 450 < relu.saturated * COUNT < 550


@pytest.mark.parametrize("at_zero", [0.0, 0.5, 1.0])
def test_the_slope_of_the_relu_at_0_is_chosen(at_zero):
    view = study(START | {"units": ("ReLU",), "x": 0.0, "at_zero": at_zero})
    assert view["curves"][0].slope == at_zero


@pytest.mark.parametrize("name", ["tanh", "ReLU", "PReLU"])
def test_the_gradient_of_a_passage_is_that_of_the_network(name):
    W, X, G = depth.weights(4)
    layers, scale, bias = 3, 1.3, 0.2

    def network(H):
        for layer in range(layers):
            H = value(name, H @ (scale * W[layer, 1]) + bias, Shape())
        return H

    J = numerical_jacobian(network, X[1])
    expected = np.linalg.norm(np.einsum("nk,nkij->ij", G[1], J))
    found = depth.passages([name], Shape(), layers, scale, bias, 4)[0].left[1, -1]
    assert abs(10**found / expected - 1) < 1e-6


@pytest.mark.parametrize("units, scale, bias, verdict", [
    ("sigmoid", 1.0, 0.0, "vanished"), ("ReLU", 1.4, 0.0, "kept its size"),
    ("ReLU", 2.5, 0.0, "exploded"), ("ReLU", 1.0, -1.0, "died"),
    ("leaky ReLU", 1.0, -1.0, "vanished"),
])
def test_gradients_vanish_explode_die_or_stay(units, scale, bias, verdict):
    (one,) = depth.passages([units], Shape(), 50, scale, bias, 0)
    assert one.verdict == verdict and one.left.shape == (depth.NETWORKS, 51)
    assert one.left[:, 0].tolist() == [0.0] * depth.NETWORKS
    assert (one.died > 2) == (verdict == "died") == (one.factor == 0)


def test_50_sigmoids_leave_at_most_what_a_quarter_each_and_the_weights_allow():
    W, _, _ = depth.weights(0)
    norms = np.linalg.norm(W, 2, axis=(2, 3))  # (layers, networks)
    (one,) = depth.passages(["sigmoid"], Shape(), 50, 1.0, 0.0, 0)
    assert (one.left[:, -1] <= np.log10(norms / 4).sum(axis=0)).all() and one.local.max() <= 0.25


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_dead_units_stay_dead_and_their_answers_come_back(seed):
    paths = dead_relu.descents(Shape(), -2.0, 0.5, 40, seed)
    relu = paths["ReLU"]
    assert relu.dead[0].sum() >= 6 and np.array_equal(relu.dead[0], relu.dead[-1])
    for kind in ("leaky ReLU", "ELU", "softplus", "maxout"):
        assert not paths[kind].dead.any()
        assert paths[kind].loss[-1] < 0.3 * paths[kind].loss[0]
    assert paths["ELU"].silent[-1].sum() < paths["ELU"].silent[0].sum() / 2


@pytest.mark.parametrize("kind", dead_relu.KINDS)
def test_the_first_step_goes_down_the_gradient(kind):
    X, W, V, T = dead_relu.problem(0)
    b = np.array([[-1.0] * dead_relu.WIDTH, [0.0] * dead_relu.WIDTH])
    Ws, bs = (W, b) if kind == "maxout" else (W[0], b[0])

    def loss(W, b):
        Z = X @ W + b[..., None, :]
        H = Z.max(axis=0) if kind == "maxout" else value(kind, Z, Shape())
        return np.array(((H @ V - T)**2).sum() / (2 * dead_relu.EXAMPLES))

    dW = numerical_jacobian(lambda W: loss(W, bs), Ws)
    db = numerical_jacobian(lambda b: loss(Ws, b), bs)
    path = dead_relu.descents(Shape(), -1.0, 0.05, 1, 0)[kind]
    assert abs(path.loss[0] - loss(Ws, bs)) < 1e-12
    assert abs(path.loss[1] - loss(Ws - 0.05 * dW, bs - 0.05 * db)) < 1e-6 * path.loss[0]


def test_a_path_until_a_step_is_its_beginning():
    path = dead_relu.descents(Shape(), -2.0, 0.5, 20, 0)["ELU"]
    assert np.array_equal(path.until(7).loss, path.loss[:8])
    assert path.until(0).on.shape == (1, dead_relu.EXAMPLES, dead_relu.WIDTH)
