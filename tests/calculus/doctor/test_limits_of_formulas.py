"""How far numbers may go before a wrong formula is meant, or is none: at limits set by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.doctor import formulas as f
from helpers.calculus.doctor.diagnosis import Row
from helpers.calculus.doctor.softmaxes import softmax_rows


def alone(forward, x, slope=None, G=None, **others):
    """A trial of x, one slope for each number, as if it had been measured."""
    x, seen = np.array(x, float), []

    def at(values):
        seen.append(values["x"])
        return np.asarray(forward(**values))

    values = {"x": x, **others}
    Y = at(values)

    def jacobian(name, given=None):
        there = (given or values)[name].reshape(-1)
        return np.diag(slope(there)).reshape(Y.shape + x.shape)

    def right(name, G=None, values=None):
        return np.tensordot(t.G if G is None else G, jacobian(name, values), Y.ndim)

    t = SimpleNamespace(values=values, Y=Y, G=np.ones(Y.shape) if G is None else G, seen=seen,
                        code=SimpleNamespace(value=at, takes_G=True), jacobian=jacobian,
                        right=right)
    return t


def stair(Y, far, by=0.0):
    """Y at the numbers themselves, more by their slope beside them, and another number far out."""
    return lambda x: np.where(np.abs(x) > 1e5, far, Y + by * (np.abs(x) - 2))


@pytest.mark.parametrize("Y, far, by, says", [
    (1, 1, 0.0051, True), (1, 1, 0.0049, False),     # a hundredth of Y, by a 2 of the input
    (10, 10, 0.051, True), (10, 10, 0.049, False), (-10, -10, -0.051, True), (1, 1, -0.0051, True),
    (1, 1.019, 1, True), (1, 1.021, 1, False),       # a hundredth of Y, and a hundredth
    (1, 0.981, 1, True), (1, 0.979, 1, False), (0, 0.0099, 1, True), (0, 0.0101, 1, False),
    (-3, -3.039, 1, True), (-3, -3.041, 1, False), (0, 0, 0, False)])
def test_free_of_scale_is_what_moves_and_nearly_stays_far_out(Y, far, by, says):
    t = alone(stair(Y, far, by), [2.0, -2], lambda x: np.full(2, by * 1.0))
    assert bool(f.is_scale_free(t, "x")) is says
    assert t.seen[-1].tolist() == [2 * 2.0**20, -2 * 2.0**20]


def test_the_largest_slope_and_the_largest_number_decide_what_moves():
    for x, slopes, says in (([1, -4], [0.003, 0], True), ([1, -4], [0, -0.003], True),
                            ([1, -4], [0.002, 0.002], False), ([1, 3], [0.002, 0.001], False)):
        t = alone(lambda x: np.ones(2), x, lambda x, slopes=slopes: np.array(slopes))
        assert bool(f.is_scale_free(t, "x")) is says
    t = alone(lambda x: np.array([1.0, 100]), [1.0, 1], lambda x: np.full(2, 0.9))
    assert not f.is_scale_free(t, "x")  # of the largest Y


@pytest.mark.parametrize("slope, says", [
    (lambda x: np.full(2, 3.0), True), (lambda x: 2 * x, False),
    (lambda x: 1 + 0.9e-6 * (x > 0), True), (lambda x: 1 + 1.1e-6 * (x > 0), False),
    (lambda x: 0.9e-9 * (x > 0), True), (lambda x: 1.1e-9 * (x > 0), False)])
def test_linear_is_what_has_the_same_slopes_in_another_place(slope, says):
    """To a millionth of them, or a billionth."""
    assert bool(f.is_linear(alone(lambda x: x, [0.5, 2.0], slope), "x")) is says


@pytest.mark.parametrize("x", [[0.5], [10.0], [-0.5], [-10.0]])
def test_the_other_place_lies_beyond_0(x):
    assert not f.is_linear(alone(lambda x: x, x, lambda x: np.where(x > 0, 1.0, 0)), "x")


@pytest.mark.parametrize("scale", [10.0, 0.5])
@pytest.mark.parametrize("Y, other, says", [
    (1, 1.019, True), (1, 1.021, False), (0, 0.0099, True), (0, -0.0101, False),
    (-3, -3.039, True), (-3, -3.041, False)])
def test_another_scale_of_the_first_input_is_tried_where_nearly_the_same_comes_out(
        scale, Y, other, says):
    t = alone(lambda x: np.where(np.abs(x) == 2, Y, other), [2.0, -2], lambda x: x**2,
              np.array([1.0, 10]))
    found = f.with_scaled(t, "x", scale)
    if says:  # the slope by the larger number, times how much larger it is
        np.testing.assert_allclose(found, scale * 4 * scale**2 * np.array([1, 10]))
    else:
        assert found is None
    assert t.seen[-1].tolist() == [2 * scale, -2 * scale]


def test_of_another_input_the_slope_is_told_as_it_is_and_none_where_it_stands_still():
    t = alone(lambda x, y: 1 + 0 * x, [2.0, -2], lambda x: x, y=np.array([3.0, 5]))
    t.right = lambda name, values: values["x"] + values[name]
    assert f.with_scaled(t, "y", 10.0).tolist() == [23, -15]
    t.right = lambda name, values: np.zeros(2)
    assert f.with_scaled(t, "y", 10.0) is None
    t.right = lambda name, values: np.array([0, 1.0])
    assert f.with_scaled(t, "y", 10.0).tolist() == [0, 1]


@pytest.mark.parametrize("power, told", [
    (1.0, 1), (2.0, 2), (0.91, 1), (0.89, None), (1.09, 1), (1.11, None), (1.91, 2), (1.89, None),
    (2.09, 2), (2.11, None), (3.0, None), (1.5, None)])
def test_how_the_share_of_an_epsilon_falls(power, told):
    """Sixteen and thirty-two times as large an input leaves so much of it, and the most counts."""
    def forward(x, y):
        return y - np.array([0.1, 1, 0]) * np.abs(x) ** -power

    t = alone(forward, [1.0, -1, 1], y=np.full(3, 4.0))
    assert f.power_of_epsilon(t) == told
    x = np.array([1.0, 0, 2])
    assert f.power_of_epsilon(alone(lambda x: x / np.sqrt((x**2).mean() + 1e-3), x)) == 2
    still = alone(lambda x: 0 * x, [1.0, 2])
    assert f.power_of_epsilon(still) is None


@pytest.mark.parametrize("x, Y, axes", [
    ((4,), (3, 4), (0,)), ((1, 4), (3, 4), (0,)), ((3, 1), (3, 4), (1,)), ((3, 4), (3, 4), ()),
    ((2,), (3, 4), None), ((), (3, 4), (0, 1)), ((1, 1), (3, 4), (0, 1)), ((1, 4), (1, 4), ()),
    ((2, 3, 4), (3, 4), None), ((4,), (2, 3, 4), (0, 1)), ((3, 1), (2, 3, 4), (0, 2)),
    ((), (), ()), ((1,), (), None)])
def test_the_axes_along_which_an_input_is_used(x, Y, axes):
    t = SimpleNamespace(values={"x": np.ones(x)}, Y=np.ones(Y))
    assert f.repeated_along(t, "x") == axes


@pytest.mark.parametrize("others, name, found", [
    ({"A": (3, 4)}, "A", True), ({"A": (4,)}, "A", False), ({"A": (4, 3)}, "A", False),
    ({"A": (3, 1), "B": (3, 4), "C": (3, 4)}, "B", True)])
def test_what_stands_beside_a_scale(others, name, found):
    values = {"s": np.ones(4), **{key: np.ones(shape) for key, shape in others.items()}}
    t = SimpleNamespace(values=values, G=np.ones((3, 4)))
    assert f.beside(t, "s") == (name if found else None)
    t.values["s"] = np.ones((3, 4))
    assert f.beside(t, "s") is None


@pytest.mark.parametrize("on, off, told", [
    ([3, 3 + 0.9e-9], [0.5, 0.5], True), ([3, 3 + 1.1e-9], [0.5, 0.5], False),
    ([3, 3], [0.5, 0.5 + 0.9e-9], True), ([3, 3], [0.5, 0.5 + 1.1e-9], False),
    ([1e-9, 1e-9], [-0.1e-9, -0.1e-9], True), ([0.8e-9, 0.8e-9], [0, 0], False),
    ([0.5, 0.5], [3, 3], True), ([0, 0], [0.8e-9, 0.8e-9], False)])
def test_two_slopes_are_as_steep_all_along_and_apart(on, off, told):
    slopes = np.array([*on, *off], float)
    t = alone(lambda x: x, [1.0, 2, -1, -2], lambda x: slopes)
    assert (f.two_slopes(t, "x") is not None) is told
    if told:
        assert f.two_slopes(t, "x") == (slopes[0], slopes[2])
        assert np.array_equal(f.mask_forgotten(t, "x"), t.G * max(slopes[0], slopes[2], key=abs))


@pytest.mark.parametrize("off, told", [(0, False), (0.9e-5, False), (1.1e-5, True)])
def test_of_what_leaves_its_own_output_alone_the_slope_there_says_nothing(off, told):
    """X/‖X‖ is such: each number leans on the others."""
    t = alone(lambda x: np.where(x == 5, 1, [1, 1 + off]), [5.0, 5])
    t.jacobian = lambda name: np.ones((2, 2))
    t.right = lambda name, values: 7 * values["x"]
    found = f.at_the_output(t, "x")
    assert found.tolist() == [7, 7] if told else found is None


@pytest.mark.parametrize("off, says", [
    (0, True), (0.9e-6, True), (1.1e-6, False), (-1.1e-6, False)])
def test_a_softmax_is_known_by_its_slopes_to_a_millionth(off, says):
    P = np.array([[0.25, 0.75], [0.5, 0.5]])
    G = np.array([[1.0, 0], [1.0, -1]])
    right = np.array([[0.1875, -0.1875], [0.5, -0.5]])
    t = SimpleNamespace(G=G, Y=P, right=lambda name: right * (1 + off))
    assert (next(softmax_rows(Row)).gives(t, "x") is not None) is says
    for more, there in ((0.9e-9, True), (1.1e-9, False)):  # beside 0
        t = SimpleNamespace(G=np.ones((2, 2)), Y=P, right=lambda name, more=more: 0 * P + more)
        assert (next(softmax_rows(Row)).gives(t, "x") is not None) is there
    t.Y = P * 1.001
    assert next(softmax_rows(Row)).gives(t, "x") is None


def test_a_batch_of_one_example_has_its_share_and_one_of_none_has_nothing():
    t = SimpleNamespace(Y=np.ones((1, 2)), G=np.array([[1.0, 2]]),
                        jacobian=lambda name: np.arange(6.0).reshape(1, 2, 3))
    assert f.per_example(t, "x").tolist() == [[6, 9, 12]]
    t.Y = np.ones((0, 2))
    assert f.per_example(t, "x") is None


def test_half_of_a_form_is_one_number():
    """xᵀ A x is; A x is not."""
    A, x = np.array([[1.0, 2], [3, 4]]), np.array([1.0, -1])
    for Y, G, there in ((x @ A @ x, 2.0, True), (A @ x, np.ones(2), False)):
        t = SimpleNamespace(values={"A": A, "x": x}, Y=np.asarray(Y), G=G)
        for turned, half in ((False, [-2, -2]), (True, [-4, -4])):
            found = f.half_of_a_form(t, "x", "A", turned)
            assert found.tolist() == half if there else found is None
