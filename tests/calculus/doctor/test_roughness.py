"""Rounding that hides inside: what is told of it, and that nobody is accused for it."""

import itertools

import numpy as np
import pytest

from helpers import check_gradients
from helpers.calculus.doctor import roughness
from helpers.calculus.doctor.ladder import columns, stairs
from helpers.calculus.doctor.roughness import POINTS, confirmed, left, moved_far, rough
from helpers.calculus.errors import LessonError
from tests.amount import amount

SEEDS = amount(check=2, test=4, soak=100)
P, T = np.array([0.1, 0.2, 0.3, 0.4]), np.array([1.0, 0, 1, 0])
place = np.arange(POINTS) - POINTS // 2


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def divergence(z):
    return float(np.sum(softmax(z) * np.log(softmax(z) / P)))


# name: (forward, backward, the middle of x, how far from it). All of them are right, and all of
# them lose digits in a difference, forward, backward or both.
INNOCENT = {
    "cross-entropy of a sure answer": (
        lambda z: -np.log(softmax(z)[0]), lambda G, z: G * (softmax(z) - np.eye(3)[0]), 0, 10),
    "cross-entropy of a very sure answer": (
        lambda z: -np.log(softmax(z)[0]), lambda G, z: G * (softmax(z) - np.eye(3)[0]),
        [40, 0, 0], 1),
    "binary cross-entropy as printed": (
        lambda z: -(T[:3] * np.log(sigmoid(z)) + (1 - T[:3]) * np.log(1 - sigmoid(z))),
        lambda G, z: G * (sigmoid(z) - T[:3]), 0, 10),
    "log sigmoid": (lambda z: -np.log(sigmoid(z)), lambda G, z: -G * sigmoid(-z), 17, 2),
    "softplus as printed": (
        lambda x: np.log(1 + np.exp(x)), lambda G, x: G * sigmoid(x), -25, 3),
    "slope of tanh": (lambda x: 1 - np.tanh(x)**2,
                      lambda G, x: -2 * G * np.tanh(x) / np.cosh(x)**2, 17, 1),
    "log-sum-exp less its largest": (
        lambda z: np.log(np.exp(z).sum()) - z.max(),
        lambda G, z: G * (softmax(z) - (z == z.max())), 0, 10),
    "sine from cosine": (lambda x: np.sqrt(1 - np.cos(x)**2),
                         lambda G, x: G * np.cos(x) * np.sign(np.sin(x)), 0, 1e-2),
    "1 − cos": (lambda x: 1 - np.cos(x), lambda G, x: G * np.sin(x), 0, 1e-8),
    "√(1 + x²) − 1": (lambda x: np.sqrt(1 + x * x) - 1, lambda G, x: G * x / np.sqrt(1 + x * x),
                      0, 1e-4),
    "eˣ − 1 − x": (lambda x: np.exp(x) - 1 - x, lambda G, x: G * np.expm1(x), 0, 1e-4),
    "log cosh": (lambda x: np.logaddexp(x, -x) - np.log(2), lambda G, x: G * np.tanh(x), 0, 1e-3),
    "beside a million": (lambda x: (1e6 + x * x) - 1e6, lambda G, x: 2 * G * x, 0, 1),
    "variance in one pass": (lambda x: (x * x).mean() - x.mean()**2,
                             lambda G, x: 2 * G * (x - x.mean()) / x.size, 1e3, 1),
    "a root by its formula": (lambda b: (-b + np.sqrt(b * b - 4)) / 2,
                              lambda G, b: G * (-1 + b / np.sqrt(b * b - 4)) / 2, 2e4, 1e3),
    "divergence": (divergence, lambda G, z: G * softmax(z) * (
        np.log(softmax(z) / P) - divergence(z)), np.log(P), 1e-6),
}
each = pytest.mark.parametrize("name", INNOCENT)


def points(name):
    *_, middle, far = INNOCENT[name]
    for seed in range(SEEDS):
        random = np.random.default_rng(seed)
        yield middle + far * random.standard_normal(np.shape(middle) or 3)


@each
def test_who_loses_digits_in_a_difference_is_not_accused(name):
    forward, backward, *_ = INNOCENT[name]
    for x in points(name):
        (check,) = check_gradients(forward, backward, x)
        assert check.passed and not check.mistake, (str(check), x)


@each
def test_a_gradient_of_the_wrong_sign_is_refused_or_said_to_be_lost(name):
    forward, backward, *_ = INNOCENT[name]
    for x in points(name):
        (check,) = check_gradients(forward, lambda G, x: -backward(G, x), x)
        assert not check.passed or any(said in check.verdict for said in (
            "both are 0 beside", "as far as can be told")), (str(check), x)


def rows(f, step):
    return np.array([f(at * step) for at in place])


@pytest.mark.parametrize("size", [1e-15, 3e-13])
def test_what_is_left_is_the_size_of_the_rounding(size):
    random = np.random.default_rng(3)
    noisy = rows(lambda x: np.array([np.exp(x), 1 + x, 0 * x]), 2.0**-20)
    found = left(noisy + size * random.standard_normal(noisy.shape))
    assert found.shape == (3,) and (found > size / 3).all() and (found < 4 * size).all()


@pytest.mark.parametrize("f", [
    np.zeros_like, lambda x: x**2, lambda x: x**3, np.abs, lambda x: np.where(x > 0, 1.0, 0.0),
    lambda x: np.where(x > 1e-7, 3 * x, 1.0), lambda x: np.maximum(x, 1e-6)])
@pytest.mark.parametrize("step", [2.0**-14, 2.0**-26])
def test_nothing_is_left_of_a_power_of_a_kink_and_of_a_jump(f, step):
    assert left(rows(f, step)) < 1e-20


def test_three_orders_that_tell_the_same_are_enough():
    """Of a rounding to and fro, k·(−1)ⁱ, order p leaves 2ᵖ·k / √(2p over p). One jump besides is in
    half of the differences of order 5: in too many of those alone."""
    one = 1e-3 * (-1.0) ** np.arange(POINTS)
    jump = one + (place == 0)
    known = 1e-3 * 2.0 ** np.array([4, 5]) / np.sqrt([70, 252]) / 0.6745
    assert left(np.array([one, jump]).T) == pytest.approx(known[::-1], rel=1e-9)


def test_two_grids_far_apart_must_tell_the_same():
    told = [np.array([1.0, 1, 1, 0]), np.array([1.0, 8, 64, 5]), np.array([9.0, 2, 9, 4])]
    assert confirmed(told).tolist() == [0, 2, 0, 0]  # neighbours alone say nothing
    assert confirmed(told[:2]).tolist() == confirmed(told[:1]).tolist() == [0] * 4
    assert confirmed([]) == 0
    assert confirmed([*told, np.array([0.0, 7, 65, 30])]).tolist() == [0, 8, 65, 30]


def test_each_array_has_its_own_roughness():
    random, x = np.random.default_rng(0), np.array([1e-8, 0.3])
    found = rough(lambda at: {None: 1 - np.cos(at["x"]), "x": np.sin(at["x"]), "k": at["k"]},
                  {"x": x, "k": np.ones(2)}, ["x"], random)
    assert found.keys() == {None, "x", "k"}
    assert 1e-17 < found[None][0] < 4e-16 and found["x"][0] < 1e-20 and not found["k"].any()


def test_what_stands_still_and_moves_further_off_is_rough_by_the_rounding_of_that():
    """softmax − 1 of a sure answer is 0, there and all around; what is always 0 is 0."""
    def run(at):
        if at["z"][0] > 4000:
            raise LessonError("too far")
        return {None: softmax(at["z"]) - np.eye(3)[0], "z": np.zeros(3), "y": at["z"] * 0 + 2}

    z, random = np.array([45.0, 0.5, -0.2]), np.random.default_rng(2)
    found = rough(run, {"z": z}, ["z"], random)
    assert found[None][0] == pytest.approx(2.0**-52) and found[None].shape == (3,)
    assert not found["z"].any() and not found["y"].any()
    assert moved_far(run, {"z": z}, {"z": np.ones(3)})[None] == pytest.approx(0, abs=1e-15)
    refusing = moved_far(run, {"z": z}, {"z": np.array([2.0, -1, 0])})  # 45 · 64 · 2 is too far
    assert refusing[None] == pytest.approx([1, 1, 0], abs=1e-3)


def test_where_points_are_refused_the_others_tell():
    def run(at):
        if np.abs(at["x"] - 0.5) > 1e-3:
            raise LessonError("too far")
        return {None: 1e3 + at["x"], **({"x": at["x"]} if at["x"] > 0.5 else {})}

    found = rough(run, {"x": np.array(0.5)}, ["x"], np.random.default_rng(1))
    assert set(found) == {None} and 1e-14 < found[None] < 1e-12
    assert rough(lambda at: run({"x": np.array(9.0)}), {"x": np.array(0.5)}, ["x"],
                 np.random.default_rng(1)) == {}


def test_who_is_slow_is_asked_on_fewer_grids(monkeypatch):
    clock, calls = itertools.count(), []
    monkeypatch.setattr(roughness.time, "perf_counter", lambda: next(clock))

    def run(at):
        calls.append(at["x"])
        return {None: at["x"]}

    rough(run, {"x": np.ones(2)}, ["x"], np.random.default_rng(0))
    assert len(calls) == 2 * POINTS  # begun after 1 and 2 seconds, not after 3


def test_what_stands_still_beside_x_and_moves_further_off_may_stand_on_a_stair():
    above = np.array([[0.5, 8.0, 0.5, 0.0, 2.0], [0.1, 1.0, 0.1, 0, 1], [0, 0.1, 0.01, 0, 1],
                      [0, 0.0, 0.001, 0, 1], [0, 0.01, np.nan, 0, 1]])
    told = stairs(above, -above, 1e-3)
    assert told.tolist() == [1e-3, 8e-3, 0, 0, 0]  # moved by half, by 8; moves; never; moves
    assert stairs(above, -above, 1e-3, 4.0).tolist() == [4e-3, 8e-3, 0, 0, 0]  # beside a 4 of x
    here = columns(lambda x: 1 - np.cos(x), np.array([1e-8, 2.0]), [0, 1], np.zeros(2))
    off = np.abs(np.diag(here.J) - np.sin([1e-8, 2.0]))
    assert (off <= 5 * np.diag(here.error)).all() and (np.diag(here.error) < 1e-11).all()


@pytest.mark.parametrize("x", [
    [[1.0, np.nan], [2, 3]], [np.inf, -1.0], [1e-300, 1e10], [5e-324, 1e308]])
def test_numbers_that_are_none_and_numbers_of_all_sizes_stop_nothing(x):
    x = np.array(x)
    for given in ((np.tanh, lambda G, x: G * (1 - np.tanh(x)**2), x), ("relu", np.atleast_2d(x))):
        (check,) = check_gradients(*given)
        assert check.verdict.startswith(("right", "not judged: ")) and not check.mistake
