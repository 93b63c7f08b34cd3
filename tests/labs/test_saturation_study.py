"""The numbers of the labs about saturation, worked out again by plain loops and plain formulas."""

from itertools import pairwise

import numpy as np
import pytest

from helpers.calculus.units import Shape
from helpers.labs.activation import ActivationLab
from helpers.labs.activation import lab as activation_lab
from helpers.labs.activation import picture as activation_picture
from helpers.labs.activation import study as activation
from helpers.labs.dead_relu import DeadReluLab
from helpers.labs.dead_relu import study as dead_relu
from helpers.labs.depth import DepthLab
from helpers.labs.depth import lab as depth_lab
from helpers.labs.depth import study as depth

pytestmark = pytest.mark.usefixtures("undrawn")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


UNITS = {  # f and f′ as the lesson writes them
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0)),
    "leaky ReLU": (lambda z: np.where(z > 0, z, 0.3 * z), lambda z: np.where(z > 0, 1, 0.3)),
    "ELU": (lambda z: np.where(z > 0, z, 0.7 * (np.exp(np.minimum(z, 0)) - 1)),
            lambda z: np.where(z > 0, 1, 0.7 * np.exp(np.minimum(z, 0)))),
    "softplus": (lambda z: np.log(1 + np.exp(z)), sigmoid),
}


def sizes_on_the_way_back(unit, layers, scale, bias, seed):
    """(log10 of the size of the gradient in each of the five networks, mean |f′|), by layer."""
    f, slope = UNITS[unit]
    random = np.random.default_rng(seed)
    W = scale * random.standard_normal((50, 5, 24, 24)) / 24**0.5
    X, G = random.standard_normal((2, 5, 4, 24))
    sizes, local = np.zeros((5, layers + 1)), np.zeros((5, layers))
    for k in range(5):
        H, slopes, g = X[k], [], G[k] / np.sqrt((G[k] ** 2).sum())
        for layer in range(layers):
            Z = H @ W[layer, k] + bias
            slopes.append(slope(Z))
            H = f(Z)
        for back in range(layers):
            g = (g * slopes[-1 - back]) @ W[layers - 1 - back, k].T
            sizes[k, back + 1] = np.log10(np.sqrt((g**2).sum())) if g.any() else -400
            local[k, back] = np.abs(slopes[-1 - back]).mean()
    return sizes, local.mean(0)


@pytest.mark.parametrize(("unit", "scale", "bias"), [
    ("tanh", 1.4, 0.3), ("leaky ReLU", 0.8, -0.2), ("sigmoid", 2.5, 1.0)])
def test_a_gradient_goes_back_through_the_layers(unit, scale, bias):
    shape = Shape(alpha=0.3)
    for layers in (2, 5, 3):  # what was worked out before must not show
        found, other = depth.passages((unit, "ReLU"), shape, layers, scale, bias, 6)
        left, local = sizes_on_the_way_back(unit, layers, scale, bias, 6)
        np.testing.assert_allclose(found.left, left, atol=1e-9)
        np.testing.assert_allclose(found.middle, np.median(left, axis=0), atol=1e-9)
        np.testing.assert_allclose(found.local, local)
        np.testing.assert_allclose(
            other.left, sizes_on_the_way_back("ReLU", layers, scale, bias, 6)[0], atol=1e-9)
        assert (found.name, other.name, found.died) == (unit, "ReLU", 0)
        assert found.factor == pytest.approx(10 ** (found.middle[-1] / layers))
    assert depth.NETWORKS == 5 and depth.MOST == 50


@pytest.mark.parametrize(("ends", "verdict", "died"), [
    ([-2.001] * 5, "vanished", 0), ([-2.0] * 5, "kept its size", 0), ([2.0] * 5, "kept its size",
     0), ([2.001] * 5, "exploded", 0), ([-400] * 3 + [0, 0], "died", 3),
    ([-400] * 2 + [0, 0.5, 1], "kept its size", 2), ([-3, -3, -3, 5, 5], "vanished", 0)])
def test_a_verdict_is_that_of_the_middle_network(ends, verdict, died):
    left = np.stack([np.zeros(5), np.array(ends) / 2, ends], axis=1).astype(float)
    left[:, 1] = np.where(left[:, 2] == -400, -400, left[:, 1])
    found = depth.passage("tanh", left, np.ones(2))
    assert (found.verdict, found.died) == (verdict, died)
    assert found.factor == (0 if verdict == "died" else
                            pytest.approx(10 ** (np.median(ends) / 2)))
    assert depth_lab.left(found) == ("0" if verdict == "died" else depth_lab.short(
        10.0 ** np.median(ends)))


def test_the_depth_lab_says_what_became_of_each_unit():
    lab = DepthLab(units=("sigmoid", "tanh", "ReLU"), depth=40, scale=1.4, bias=-0.1)
    found = lab.study(lab.settings)["passages"]
    notes = [one["text"] for one in lab.state["readouts"] if one["kind"] == "note"]
    table = lab.state["readouts"][-1]
    for place, one in enumerate(found):
        assert table["rows"][place][0] == one.name and table["rows"][place][5] == one.verdict
        assert float(table["rows"][place][2]) == pytest.approx(one.factor, abs=6e-5)
        assert ([place, 5] in table["marked"]) == (one.verdict != "kept its size")
        assert sum(text.startswith(one.name) or f", {one.name}" in text for text in notes) == 1
    for text in notes:
        says = {one.verdict for one in found if one.name in text.split(":")[0].split(", ")}
        assert len(says) == 1 and depth_lab.WORDS[says.pop()][0] in text


def descent(unit, push, eta, steps, seed):
    """Losses, which units are on, and local gradients of plain gradient descent on one layer."""
    X, (W, line), V, T = dead_relu.problem(seed)
    b, c = np.full(12, float(push)), np.zeros(12)
    losses, on, slopes = [], [], []
    for _ in range(steps + 1):
        Z = X @ W + b
        if unit == "maxout":
            other = X @ line + c
            H, slope = np.maximum(Z, other), 1.0 * (other < Z)
            on.append(other < Z)
            slopes.append(np.ones_like(Z))
        else:
            H, slope = UNITS[unit][0](Z), UNITS[unit][1](Z)
            on.append(Z > 0)
            slopes.append(slope)
        error = H @ V - T
        losses.append((error**2).sum() / 2 / len(X))
        G = error @ V.T / len(X)
        if unit == "maxout":
            line, c = line - eta * X.T @ (G * (1 - slope)), c - eta * (G * (1 - slope)).sum(0)
        W, b = W - eta * X.T @ (G * slope), b - eta * (G * slope).sum(0)
    return np.array(losses), np.array(on), np.array(slopes)


@pytest.mark.parametrize("unit", dead_relu.KINDS)
def test_descent_on_a_layer_whose_bias_was_pushed(unit):
    lab = DeadReluLab(unit=unit, push=-1.3, steps=7, eta=0.3, alpha=0.3, elu_alpha=0.7, seed=4)
    view = lab.study(lab.settings)
    loss, on, slopes = descent(unit, -1.3, 0.3, 7, 4)
    path = view["path"]
    np.testing.assert_allclose(path.loss, loss, rtol=1e-9)
    np.testing.assert_array_equal(path.on, on)
    np.testing.assert_allclose(path.local, slopes, atol=1e-12)
    np.testing.assert_array_equal(path.silent, [[not unit.any() for unit in step.T] for step in on])
    np.testing.assert_array_equal(path.dead, [[not unit.any() for unit in step.T]
                                              for step in slopes])
    assert set(view["paths"]) == set(dead_relu.KINDS) and view["paths"][unit] is path
    now = (path.silent[0].sum(), path.silent[7].sum(), path.dead[7].sum())
    row = next(one for one in lab.state["readouts"][1]["rows"] if one[0] == unit)
    assert row[1:4] == [str(n) for n in now]
    assert [float(x) for x in row[4:]] == pytest.approx([loss[0], loss[7]], abs=6e-5)
    assert f"{now[0]} of 12 units are silent at the start, {now[1]} after 7 steps" in repr(lab)


def test_the_batch_of_the_dead_relu_lab_is_as_it_is_told():
    X, W, V, T = dead_relu.problem(3)
    assert (X.shape, W.shape, V.shape, T.shape) == ((16, 6), (2, 6, 12), (12, 3), (16, 3))
    assert 0.2 / 12**0.5 <= V.min() < 0.25 < V.max() <= 1 / 12**0.5 and (T >= 0).all()
    many = np.array([dead_relu.problem(seed)[1] for seed in range(40)])
    assert many.std() == pytest.approx(1 / 6**0.5, rel=0.03)
    full = np.array([descent("ReLU", 0, 0, 0, seed)[0][0] for seed in range(10)])
    assert full.max() < 0.2  # with its bias in place a layer says nearly what it should


@pytest.mark.parametrize(("settings", "text", "tone"), [
    ({"push": -6.0}, "ReLU: 100.0 % of the units (12 of 12) are dead.", "bad"),
    ({"unit": "softplus", "push": -2.0, "steps": 40}, "silent units came back in 40 steps", "good"),
    ({"unit": "ELU", "push": -2.0}, "ELU: 11 units are silent, but none is dead", ""),
    ({"unit": "ELU", "push": 2.0}, "ELU: every unit is on for some example.", "good")])
def test_what_becomes_of_the_chosen_unit_is_said(settings, text, tone):
    said = DeadReluLab(**settings).state["readouts"][0]
    assert text in said["text"] and said["tone"] == tone


def test_zones_and_shares_are_counted_again():
    lab = ActivationLab(units=("tanh", "ReLU"), mean=1.0, spread=2.0, threshold=0.25, seed=3)
    view = lab.study(lab.settings)
    batch = 1 + 2 * np.random.default_rng(3).standard_normal(1000)
    tanh, relu = view["curves"]
    (left, low), (high, right) = tanh.zones
    edge = np.arccosh(2.0)  # where 1 − tanh² is a quarter
    assert (left, right) == (-8, 8) and (-low, high) == pytest.approx((edge, edge), abs=0.03)
    assert relu.zones == [(-8, pytest.approx(0, abs=0.03))]
    for one, (f, slope) in zip(view["curves"], (UNITS["tanh"], UNITS["ReLU"]), strict=True):
        assert one.saturated == np.mean(slope(batch) < 0.25)
        assert (one.f, one.slope) == pytest.approx((f(2.0), slope(2.0)))
        assert (one.mean, one.mean_slope) == pytest.approx((f(batch).mean(), slope(batch).mean()))
        inside = [np.mean((low <= f(batch)) & (f(batch) < high)) for low, high in
                  zip(view["edges"], view["edges"][1:], strict=False)]
        assert one.after[1:-1] == pytest.approx(inside[1:-1])
        assert one.after.sum() == pytest.approx(1) and len(one.after) == 48
    assert view["before"][-1] == np.mean(batch >= activation.BEFORE[-2])
    assert view["limits"] == (-2.0, 8.5) and view["edges"][[0, -1]].tolist() == [-2, 8.5]
    bounded = ActivationLab(units=("tanh", "sigmoid"))
    assert bounded.study(bounded.settings)["limits"] == (-1.25, 1.25)
    on_f, on_slope, level = lab.state["handles"]
    assert (on_f["x"], on_f["y"], on_f["axes"]) == (2, pytest.approx(np.tanh(2)), 0)
    assert (on_slope["x"], on_slope["y"], on_slope["axes"]) == (2, tanh.slope, 1)
    assert (level["y"], level["axes"]) == (0.25, 1)
    for x, w2, height in ((8, 2, 8.5), (-8, -2, 8.5), (3, 1, 3)):  # as high as the picture
        steep = ActivationLab(units="maxout", x=x, w1=-2, w2=w2, b1=-2, b2=0)
        assert steep.state["handles"][0]["y"] == height
    assert np.isnan(relu.slopes[activation.XS == 0]) and not np.isnan(tanh.slopes).any()


@pytest.mark.parametrize(("settings", "text", "tone"), [
    ({"x": 2.0}, "of an upstream gradient 1, sigmoid passes on 0.1050.", ""),
    ({"x": -6.0}, "sigmoid is saturated: a weight below hardly learns, whatever", "bad"),
    ({"x": -6.0, "units": ("sigmoid", "tanh")}, "sigmoid and tanh are saturated: a weight below "
     "hardly learns", "bad"),
    ({"x": -6.0, "units": ("sigmoid", "tanh", "ReLU")}, "sigmoid, tanh and ReLU are saturated",
     "bad"),
    ({"x": -1.0, "units": ("ReLU", "SiLU")}, "ReLU is saturated: a weight below does not learn",
     "bad")])
def test_what_a_unit_does_to_a_gradient_is_said(settings, text, tone):
    state = ActivationLab(**settings).state["readouts"]
    assert text in state[0]["text"] and state[0]["tone"] == tone
    saturated = [[k, 2] for k, row in enumerate(state[1]["rows"])
                 if abs(float(row[2].replace("−", "-"))) < 0.05]
    assert state[1]["marked"] == saturated


def test_a_range_is_written_as_an_interval():
    text = activation_lab.range_text
    assert [text(-np.inf, np.inf), text(0, np.inf), text(-1, 1), text(2, 2)] == [
        "−∞\xa0…\xa0∞", "0\xa0…\xa0∞", "−1\xa0…\xa01", "{2}"]
    assert activation.stretches(np.arange(5.0), np.array([1, 0, 0, 1, 1], bool)) == [
        (0, 0.5), (2.5, 4)]


def test_curves_are_fine_and_only_a_jump_leaves_a_gap():
    x = activation.XS
    assert (np.diff(x) > 0).all() and np.diff(x).max() < 0.03 and np.allclose(x, -x[::-1])
    assert x[-1] == 8 and 0 < x[x > 0][0] < 1e-6 and 0 in x  # both sides of 0, and 0 itself
    assert np.allclose(activation.BEFORE, np.arange(-24, 25) / 3)
    for settings, gap in (({"units": "ELU"}, 0), ({"units": "ELU", "elu_alpha": 0.5}, 1),
                          ({"units": "leaky ReLU"}, 1), ({"units": "leaky ReLU", "alpha": 1}, 0),
                          ({"units": "softplus"}, 0), ({"units": "maxout", "b1": 0}, 1),
                          ({"units": "maxout"}, 0), ({"units": "GELU"}, 0)):
        lab = ActivationLab(**settings)
        curve, = lab.study(lab.settings)["curves"]
        assert x[np.isnan(curve.slopes)].tolist() == [0] * gap
        whole = lab.study(lab.settings | {"threshold": 1e9})["curves"][0].zones
        assert len(whole) == 1 + gap


def test_zones_of_several_units_are_strips_above_each_other():
    strips = [activation_picture.lane(i, 3) for i in range(3)]
    assert activation_picture.lane(0, 1) == (0, 1) and strips[0][0] == 0 < strips[2][1] < 0.2
    assert all(low[1] == high[0] for low, high in pairwise(strips))
    assert np.allclose(np.diff(strips), strips[0][1])
    assert 0 < activation_picture.tint(1) < activation_picture.tint(2) < 1
    corners = activation_picture._box(-1, 2, 0.25, 0.5)
    assert sorted(corners) == [(-1, 0.25), (-1, 0.5), (2, 0.25), (2, 0.5)]
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(corners))
    outline = activation_picture._steps(np.array([0, 1, 3]), np.array([0.5, 0.25]))
    assert outline.tolist() == [[0, 0], [0, 0.5], [1, 0.5], [1, 0.25], [3, 0.25], [3, 0]]
