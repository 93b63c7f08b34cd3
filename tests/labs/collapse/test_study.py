"""Stacks of affine layers: what they multiply out to, and where they bend."""

import numpy as np
import pytest

from helpers import numerical_jacobian, relative_error
from helpers.labs.collapse import study as collapse

SETTINGS = {"depth": 3, "f": "none", "alpha": 0.1, "width": 4, "seed": 4,
            "start": (-2.0, -1.0), "end": (2.0, 1.0)}


@pytest.mark.parametrize("depth", range(1, 9))
def test_affine_layers_are_one_affine_map(depth):
    layers = collapse.network(depth, 5, depth)
    W, b = collapse.collapse(layers)
    X = np.random.default_rng(0).normal(size=(7, 2))
    assert W.shape == (2, 2) and b.shape == (2,)
    assert relative_error(collapse.run(layers, X, 1), X @ W.T + b) < 1e-13
    measured = numerical_jacobian(lambda x: collapse.run(layers, x[None], 1)[0], X[0])
    assert relative_error(W, measured) < 1e-8


def test_the_bias_is_the_sum_of_the_syllabus():
    (W1, b1), (W2, b2), (W3, b3) = layers = collapse.network(3, 4, 0)
    W, b = collapse.collapse(layers)
    assert np.allclose(W, W3 @ W2 @ W1) and np.allclose(b, b3 + W3 @ b2 + W3 @ W2 @ b1)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("slope", [0.0, 0.3])
def test_along_a_line_all_is_straight_between_the_knots(seed, slope):
    random = np.random.default_rng(seed)
    layers = collapse.network(1 + seed % 8, 1 + seed % 7, seed)
    start, end = random.uniform(-2, 2, (2, 2))
    t, Y = collapse.along(layers, start, end, slope)
    assert t[0] == 0 and t[-1] == 1 and (np.diff(t) > 0).all()
    every = np.linspace(0, 1, 1001)
    true = collapse.run(layers, start + every[:, None] * (end - start), slope)
    for k in range(2):
        assert np.allclose(np.interp(every, t, Y[:, k]), true[:, k], atol=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_kinks_are_where_the_slope_changes(seed):
    """Counted again from far more points than there are kinks."""
    layers = collapse.network(3, 4, seed)
    start, end = np.array([-2.0, -1.0]), np.array([2.0, 1.0])
    t, Y = collapse.along(layers, start, end, 0.0)
    found = t[collapse.kinks(t, Y)]
    every = np.linspace(0, 1, 40001)
    scores = collapse.run(layers, start + every[:, None] * (end - start), 0.0)
    bends = np.abs(np.diff(scores, 2, axis=0)).max(1) > 1e-9
    places = every[1:-1][bends]
    runs = places[np.append(True, np.diff(places) > 1e-4)]
    assert len(found) == len(runs) and np.allclose(found, runs, atol=1e-4)


@pytest.mark.parametrize("f, kinks", [("none", 0), ("ReLU", 6), ("leaky ReLU", 6)])
def test_only_what_bends_has_kinks(f, kinks):
    view = collapse.study(SETTINGS | {"f": f})
    assert len(view["kinks"]) == kinks and view["collapses"] is (kinks == 0)
    assert (view["difference"] < 1e-13) is (kinks == 0)


def test_a_leaky_relu_of_slope_1_is_nothing_and_one_layer_never_bends():
    assert collapse.study(SETTINGS | {"f": "leaky ReLU", "alpha": 1.0})["collapses"]
    alone = collapse.study(SETTINGS | {"f": "ReLU", "depth": 1})
    assert alone["collapses"] and alone["t"].tolist() == [0, 1]


def test_a_line_of_one_point():
    view = collapse.study(SETTINGS | {"f": "ReLU", "end": SETTINGS["start"]})
    assert len(view["kinks"]) == 0 and np.allclose(view["Y"][0], view["Y"][-1])


def test_level_lines_lie_on_their_level():
    layers = collapse.network(1, 4, 0)
    scores = collapse.run(layers, collapse.square(), 1)[:, 0]
    pieces, level = collapse.level_lines(scores, [-0.5, 0.25])
    heights = collapse.run(layers, pieces.reshape(-1, 2), 1)[:, 0].reshape(-1, 2)
    assert len(pieces) > 40 and np.allclose(heights[:, 0], heights[:, 1])
    assert np.allclose(heights[:, 0], level) and set(level) == {-0.5, 0.25}
    ends, times = np.unique(pieces.reshape(-1, 2).round(9), axis=0, return_counts=True)
    border = np.abs(ends).max(1) > 2 - 1e-9
    assert (times == np.where(border, 1, 2)).all()  # from side to side without a gap
    assert len(collapse.level_lines(scores, [scores.max() + 1])[0]) == 0


@pytest.mark.parametrize("depth, width", [(1, 3), (4, 5), (8, 2)])
def test_numbers_keep_a_spread_of_1_from_layer_to_layer(depth, width):
    """With a slope halfway between the ReLU's and none, at every thirteenth point of the square."""
    X = collapse.square()[::13]
    layers = collapse.network(depth, width, 7)
    assert [W.shape for W, _ in layers] == [
        (h, m) for m, h in zip([2, *[width] * (depth - 1)], [*[width] * (depth - 1), 2],
                               strict=True)]
    for W, b in layers:
        assert np.std(X @ W.T) == pytest.approx(1)
        X = X @ W.T + b
        X = np.maximum(X, 0) + np.minimum(X, 0) / 2


def test_the_square_is_cut_into_triangles_of_one_size():
    points = collapse.square()
    assert points[0].tolist() == [-2, -2] and points[1, 1] == -2 and points[-1].tolist() == [2, 2]
    a, b, c = np.moveaxis(points[collapse.triangles()], 1, 0)
    areas = np.abs(np.linalg.det(np.stack([b - a, c - a], 1))) / 2
    assert np.allclose(areas, areas[0]) and areas.sum() == pytest.approx(16)
    middles = (a + b + c) / 3
    assert len(np.unique(middles.round(9), axis=0)) == len(middles)


@pytest.mark.parametrize("f", collapse.SLOPES)
def test_levels_stand_at_equal_steps_between_the_lowest_and_the_highest_score(f):
    layers = collapse.network(3, 4, 4)
    scores = collapse.run(layers, collapse.square(), collapse.SLOPES[f])[:, 0]
    pieces, zero, difference = collapse.surface(3, 4, 4, collapse.SLOPES[f])
    at = np.concatenate([pieces, zero]).reshape(-1, 2)
    if f == "none":  # elsewhere a score bends inside of a triangle
        steps = collapse.run(layers, at, 1)[:, 0] / (np.ptp(scores) / 14)
        assert np.allclose(steps, steps.round(), atol=1e-9)
        assert set(steps.round()) == set(range(int(np.ceil(scores.min() / np.ptp(scores) * 14)),
                                               int(scores.max() / np.ptp(scores) * 14) + 1))
        assert np.allclose(collapse.run(layers, zero.reshape(-1, 2), 1)[:, 0], 0)
    W, b = collapse.collapse(layers)
    every = collapse.run(layers, collapse.square(), collapse.SLOPES[f])
    assert difference == np.abs(every - (collapse.square() @ W.T + b)).max()


@pytest.mark.parametrize("seed", range(6))
def test_the_limit_is_the_power_of_two_above_all_scores_with_room(seed):
    view = collapse.study(SETTINGS | {"f": "ReLU", "seed": seed})
    highest = 1.15 * np.abs(view["Y"]).max()
    assert view["limit"] / 2 < highest <= view["limit"] and np.log2(view["limit"]) % 1 == 0
    ends = np.array([SETTINGS["start"], SETTINGS["end"]])
    assert np.allclose(view["ends"], ends @ view["W"].T + view["b"])
