"""What is a norm and what is none, at limits set by hand: X = ±2 along an axis, so X̂ = ±1."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers import check_gradients
from helpers.calculus.doctor.code import OwnCode
from helpers.calculus.doctor.diagnosis import Row
from helpers.calculus.doctor.norms import GAINS, as_norm, by_plain_G, norm_rows, recognized
from helpers.calculus.doctor.trials import Trial

X = np.array([2.0, -2, 2, -2])[:, None]
SIDE = np.array([1.0, 1, -1, -1])[:, None]  # what moves no line in X
FIRST = np.array([4.0, 0, 0, 0])[:, None]   # an upstream gradient


def told(hat=X / 2, G=FIRST, spread=1.0, more=0.0, x=X, centred=True, axis=0):
    """The norm with 1/s = ½ where the path through s is so many times what it is, and `more`."""
    direct = G / 2
    mean = -direct.mean(axis, keepdims=True) * centred
    through = -0.5 * hat * (G * hat).mean(axis, keepdims=True)
    right = direct + mean + spread * through + more
    t = SimpleNamespace(values={"x": x}, G=G, right=lambda name: right)
    return as_norm(t, "x", hat, np.ones(x.shape), axis, True)


@pytest.mark.parametrize("axis", [0, 1])
def test_a_norm_and_its_three_paths(axis):
    x, hat, G = (A if axis == 0 else A.T for A in (X, X / 2, FIRST))
    n = told(hat, G, x=x, axis=axis)
    assert (n.axis, n.centred, n.gained, n.under) == (axis, True, True, "variance")
    assert n.scale.tolist() == [[0.5]] and n.hat is hat and n.X is x and n.G is G
    for path, numbers in ((n.D, [4, 0, 0, 0]), (n.direct, [2, 0, 0, 0]), (n.mean, [-0.5] * 4),
                          (n.spread, [-0.5, 0.5, -0.5, 0.5])):
        assert path.shape == x.shape and path.ravel().tolist() == numbers


@pytest.mark.parametrize("hat, there", [
    (X / 2 + 0.9e-7 * SIDE, True), (X / 2 + 1.2e-7 * SIDE, False),   # a ten-millionth off a line
    (X / 2 + 0.9e-7, True), (X / 2 + 1.2e-7, False)])                # and off a mean of 0
def test_a_hat_is_a_line_in_x(hat, there):
    assert (told(hat) is not None) is there


def test_a_hat_with_a_mean_is_a_multiple_of_x():
    x = X + 1.0  # the smallest size of X̂ is a half
    for off, there in ((0, True), (0.5e-7, True), (0.52e-7, False)):
        found = told(x / 2 + off, x=x, centred=False)
        assert (found is not None) is there
        if there:
            assert (found.centred, found.under) == (False, "mean square") and not found.mean.any()


@pytest.mark.parametrize("size, there", [(1.1e-6, True), (1e-6, True), (0.9e-6, False)])
def test_a_hat_is_more_than_rounding(size, there):
    hat, scale = size * X / 2, size / 2
    right = scale * (FIRST - 1 - hat * (FIRST * hat).mean(0))
    t = SimpleNamespace(values={"x": X}, G=FIRST, right=lambda name: right + 1e-3 * scale)
    assert (as_norm(t, "x", hat, np.ones(X.shape), 0, True) is not None) is there


@pytest.mark.parametrize("times, there", [
    (1.23, True), (0.77, True), (1.25, False), (0.75, False), (-1, False)])
def test_the_path_through_the_spread_is_known_to_a_fifth_and_a_hundredth_of_the_direct_one(
        times, there):
    assert (told(spread=times) is not None) is there


@pytest.mark.parametrize("more, there", [
    (1.9e-6, False), (2.1e-6, True), (np.array([2.1e-6, 0, 0, 0])[:, None], True),
    (-2.1e-6, True), (0.0199, True), (0.0201, False), (0, False)])
def test_without_a_path_through_the_spread_there_is_no_norm(more, there):
    """Of an upstream gradient that the path leaves out: a millionth of the direct one, of 2."""
    assert (told(G=2 * (1 + SIDE), more=more) is not None) is there


def trial(forward, **values):
    zeros = {name: 0 * value for name, value in values.items()}  # backward is not asked for here
    code = OwnCode(forward, lambda G: zeros, list(values.values()), {})
    return Trial(code, code.values, np.random.default_rng(3).standard_normal(code.Y.shape))


A = np.random.default_rng(2).standard_normal((5, 4))
hat, gain = (A - A.mean(0)) / A.std(0), np.array([1.0, -2, 3, 0.5])


def normed(x):
    return (x - x.mean(0)) / x.std(0)


def test_where_there_is_a_gain_the_hat_is_what_it_multiplies():
    n = recognized(trial(lambda x, y: normed(x) * y, x=A, y=gain), "x")
    assert n.gained
    np.testing.assert_allclose(n.hat, hat, atol=1e-9)
    np.testing.assert_allclose(n.D, n.G * gain)
    np.testing.assert_allclose(n.scale, 1 / A.std(0)[None], rtol=1e-6)
    alone = recognized(trial(lambda x: normed(x), x=A), "x")
    assert not alone.gained and alone.D is not None and by_plain_G(alone) is None
    assert by_plain_G(n) is not None
    np.testing.assert_array_equal(alone.hat, normed(A))
    both = trial(lambda x, y, b: normed(x) * y + b, x=A, y=gain, b=np.arange(4.0))
    np.testing.assert_allclose(recognized(both, "x").hat, hat, atol=1e-9)


def test_a_gain_has_one_number_for_each_column():
    rows = list(norm_rows(Row, "y", ["x"]))[-len(GAINS):]
    square = np.random.default_rng(5).standard_normal((4, 4))

    def across(x):
        return (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True)

    for t, there in (
            (trial(lambda x, y: normed(x) * y, x=A, y=gain), True),
            (trial(lambda x, y: np.tanh(x) * y, x=A, y=gain), False),
            (trial(lambda x, y: np.tanh(x) * y, x=A, y=gain[None]), False),
            (trial(lambda x, y: across(x) * y, x=square, y=gain[:, None]), False),
            (trial(lambda x, y: across(x) + 0 * y.sum(), x=A, y=np.ones(5)), False)):
        assert [row.gives(t, "y") is not None for row in rows] == [there] * 3


def test_a_gain_of_the_rows_stops_nobody():
    """It has the axes of a batch: with `y[:, None]` alone it fits."""
    x, y = A[:3], np.array([1.0, 2, 3])

    def root(x, eps):
        return np.sqrt((x**2).mean(1, keepdims=True) + eps)

    def backward(G, x, y):
        hat, D = x / root(x, 0), G * y[:, None]
        return (D - hat * (D * hat).mean(1, keepdims=True)) / root(x, 0), (
            G * x / root(x, 1e-6)).sum(1)

    first, second = check_gradients(lambda x, y: y[:, None] * x / root(x, 1e-6), backward, x, y)
    assert first.mistake == "ε forgotten" and second.passed
    assert first.remedy.startswith("This would be right without the small ε")
