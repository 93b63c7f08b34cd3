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


@pytest.mark.parametrize("line", [(1, 0, 0.5), (0, 1, -1.0), (1, 1, 0), (1, -1, 0.25), (2, 1, 1.3),
                                  (1, 0, 0.51)])
def test_a_level_line_is_drawn_once_and_whole(line):
    """Also where it goes through corners of the triangles, along their sides or across them."""
    (a, b, level), points = line, collapse.square()
    pieces, found = collapse.level_lines(points @ (a, b), [level])
    ends = [(level - b * y) / a for y in (-2, 2)] if a else None
    if a and b:  # where it enters and leaves the square
        at = [(x, y) for x, y in [*zip(ends, (-2, 2), strict=True), *(
            (x, (level - a * x) / b) for x in (-2, 2))] if abs(x) <= 2 and abs(y) <= 2]
        length = max(np.linalg.norm(np.subtract(p, q)) for p in at for q in at)
    else:
        length = 4
    assert np.allclose(pieces @ (a, b), level) and (found == level).all()
    assert np.linalg.norm(pieces[:, 1] - pieces[:, 0], axis=1).sum() == pytest.approx(length)


def test_knots_are_kinks_where_every_side_has_a_slope_and_there_are_none_without_a_bend():
    layers = collapse.network(3, 4, 4)
    start, end = np.array([-2.0, -1.0]), np.array([2.0, 1.0])
    t, Y = collapse.along(layers, start, end, 0.3)
    assert len(t) == len(collapse.kinks(t, Y)) + 2 > 5
    assert collapse.along(layers, start, end, 1.0)[0].tolist() == [0, 1]


def test_a_unit_that_is_0_all_the_way_sets_no_knot():
    twice = ((np.eye(2), np.zeros(2)), (np.eye(2), np.array([0.0, 1.0])))
    t, Y = collapse.along(twice, np.array([-1.0, 0.0]), np.array([3.0, 0.0]), 0.0)
    assert t.tolist() == [0, 0.25, 1] and Y.tolist() == [[0, 1], [0, 1], [3, 1]]
    assert collapse.kinks(t, Y).tolist() == [1]


@pytest.mark.parametrize("size", [1e-9, 1, 1e9])
def test_a_kink_is_one_whatever_the_size_of_the_scores(size):
    t = np.array([0, 0.2, 0.5, 0.5 + 1e-12, 0.8, 1])
    Y = size * np.array([0, 0.2, 0.5, 0.5, 0.2, 0.4])[:, None]
    assert t[collapse.kinks(t, Y)] == pytest.approx([0.5, 0.8])
    assert len(collapse.kinks(t, 0 * Y)) == 0
    rounding = 1e-9 * size * np.array([0, 0, 1, 1, 0, 0])[:, None]
    assert len(collapse.kinks(t, size * t[:, None] + rounding)) == 0


def test_small_scores_have_a_small_axis_but_not_a_smaller_one():
    view = collapse.study(SETTINGS)
    place = tuple(np.linalg.solve(view["W"], -view["b"]))  # where both scores are 0
    view = collapse.study(SETTINGS | {"start": place, "end": place})
    assert np.abs(view["Y"]).max() < 0.1 and view["limit"] == 0.125
