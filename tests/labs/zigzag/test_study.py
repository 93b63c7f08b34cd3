"""Descent on two weights of a sigmoid neuron: gradients, signs, paths."""

import numpy as np
import pytest

from helpers import numerical_jacobian, relative_error
from helpers.labs.zigzag import study as zigzag
from helpers.labs.zigzag.study import BATCH, GOAL, ONE, WAYS

SETTINGS = {"start": (-1.5, 1.0), "eta": 3.0, "steps": 40, "by": ONE}
POINTS = np.random.default_rng(1).normal(0, 2, (5, 2))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("w", POINTS)
def test_the_gradient_is_that_of_the_loss(way, w):
    X, t = zigzag.examples(way)
    measured = numerical_jacobian(lambda w: zigzag.loss(w, X, t), w)
    assert relative_error(zigzag.gradient(w, X, t), measured) < 1e-7
    for n in range(len(t)):
        one = zigzag.gradient(w, X[[n]], t[[n]])
        assert np.isclose(one[0] * X[n, 1], one[1] * X[n, 0]), "a multiple of x"


def test_the_inputs_are_what_they_are_called():
    (X, t), (C, u) = map(zigzag.examples, WAYS)
    assert (X > 0).all() and np.allclose(C.mean(0), 0) and np.allclose(X - X.mean(0), C)
    for inputs, labels in ((X, t), (C, u)):
        assert zigzag.loss(GOAL, inputs, labels) == 0
        assert np.allclose(zigzag.gradient(GOAL, inputs, labels), 0)


@pytest.mark.parametrize("start", POINTS)
@pytest.mark.parametrize("eta", [0.5, 3, 20])
def test_one_positive_example_never_moves_the_weights_two_ways(start, eta):
    path = zigzag.study(SETTINGS | {"start": start, "eta": eta})["paths"][WAYS[0]]
    assert path.same_sign.all() and len(path.same_sign) == 40
    assert ((np.diff(path.weights, axis=0) > 0).sum(1) != 1).all()


def test_a_batch_may_mix_the_signs():
    paths = zigzag.study(SETTINGS | {"by": BATCH})["paths"]
    assert not paths[WAYS[0]].same_sign.any()


def test_positive_inputs_zig_zag_and_centred_ones_do_not():
    positive, centred = zigzag.study(SETTINGS)["paths"].values()
    assert positive.detour > 2.5 > 1.3 > centred.detour
    assert positive.turns == 39 and centred.turns < 10
    assert positive.losses[-1] < 1e-3 > centred.losses[-1] - 1e-3
    positive, centred = zigzag.study(SETTINGS | {"by": BATCH, "eta": 12.0})["paths"].values()
    assert positive.turns == 7 and centred.turns == 0


def test_the_valley_of_positive_inputs_is_ten_times_as_narrow():
    def stretch(way):
        X, t = zigzag.examples(way)
        H = numerical_jacobian(lambda w: zigzag.gradient(w, X, t), GOAL)
        return np.linalg.cond(H)

    assert stretch(WAYS[0]) > 13 and stretch(WAYS[1]) < 1.4


def test_a_step_is_the_learning_rate_times_the_gradient_of_the_example_whose_turn_it_is():
    X, t = zigzag.examples(WAYS[1])
    path = zigzag.descend(X, t, (0.3, -0.2), 2.0, 8)
    for step in range(8):
        n = step % 6
        g = zigzag.gradient(path.weights[step], X[[n]], t[[n]])
        assert np.allclose(path.weights[step + 1], path.weights[step] - 2 * g)
        assert path.losses[step] == pytest.approx(zigzag.loss(path.weights[step], X, t))


def test_the_three_factors_of_the_last_step():
    view = zigzag.study(SETTINGS | {"steps": 9})
    for way, last in view["last"].items():
        assert last["n"] == 2
        product = last["upstream"] * last["slope"] * last["x"]
        assert np.allclose(product, view["paths"][way].gradients[-1])
    assert zigzag.study(SETTINGS | {"steps": 0})["last"] == {way: {} for way in WAYS}


def test_an_entry_of_0_has_no_sign_and_a_right_angle_is_no_turn():
    corners = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1], [0, 1]])
    path = zigzag.Path(corners, np.array([[1.0, 0], [2, 3], [-1, -2], [1, -1]]), np.zeros(5))
    assert path.same_sign.tolist() == [False, True, True, False]
    assert (path.turns, path.detour) == (0, 3)
    back = zigzag.Path(corners[[0, 1, 0, 2, 1]] * [2, 1], path.gradients, np.zeros(5))
    assert back.turns == 3 and back.detour == pytest.approx((2 + 2 + 5**0.5 + 1) / 2)


def test_no_step_is_no_path():
    path = zigzag.study(SETTINGS | {"steps": 0})["paths"][WAYS[0]]
    assert path.weights.tolist() == [[-1.5, 1.0]] and path.detour == 1 and path.turns == 0
