"""Slopes along directions: what confirms a complex step, in how many calls, and how rough is rough.

The functions here turn steeper at a known distance from their input, so that it is known which
steps see it.
"""

import numpy as np
import pytest

from helpers import OPERATIONS
from helpers.calculus.discover.large.directions import (
    NUMERICAL,
    Counted,
    Point,
    RowPoint,
    same_shape,
    value,
)
from helpers.calculus.discover.large.small import small_samples
from helpers.calculus.errors import LessonError, ShapeError
from helpers.calculus.slopes import derivative_along, slopes

ONES = np.ones(200)


def beyond(far, more, near=0.0):
    """x, and `more` times its change too, once an input is so far from 1 (but not so near)."""
    def f(x):
        away = np.abs(np.real(x) - 1).max()
        return x + (far < away) * more * (x - 1) + (away < near) * (x - 1)[::-1]
    return Counted(f)


def first(count, size=1.0):
    return size * (np.arange(200) < count)


@pytest.mark.parametrize("far, more, confirmed", [
    (2.0**-24, first(2), True),        # one output in a hundred may turn at the wide step of 2⁻²³
    (2.0**-24, first(3), False),
    (2.0**-28, first(1), False),       # none at the narrow one of 2⁻²⁷
    (2.0**-22, first(200), True),      # and what is farther nobody sees
    (2.0**-28, first(200, 0.9e-4), True), (2.0**-28, first(200, 1.2e-4), False)])
def test_differences_confirm_a_complex_step(far, more, confirmed):
    f = beyond(far, more)
    Point(f, ONES, ONES, {})
    assert (f.calls == 5) is confirmed  # one complex, two at each step


@pytest.mark.parametrize("far, calls, exact", [
    (2.0**-24, 3, True), (2.0**-26, 5, True), (2.0**-32, 7, True), (2.0**-38, 9, True),
    (2.0**-44, 9, False)])
def test_at_odd_inputs_the_steps_grow_narrower_until_one_agrees(far, calls, exact):
    f = beyond(far, first(200, 100.0))
    assert Point(f, ONES, ONES, {}, closely=False).exact is exact and f.calls == calls


def test_at_odd_inputs_each_output_may_agree_at_a_step_of_its_own():
    def f(x):
        away = np.abs(np.real(x) - 1).max()
        wide, narrow = away > 2.0**-26, 0 < away < 2.0**-26
        return x + 100 * (first(100) * wide + (1 - first(100)) * narrow) * (x - 1)

    f = Counted(f)
    assert Point(f, ONES, ONES, {}, closely=False).exact and f.calls == 5


@pytest.mark.parametrize("side", [1, -1])
def test_what_has_no_value_on_one_side_is_not_confirmed(side):
    def f(x):
        return np.where(side * (np.real(x) - 1)[0] > 0, np.nan, x)

    f = Counted(f)
    assert not Point(f, ONES, ONES, {}, closely=False).exact and f.calls <= 3
    f = Counted(f)
    Point(f, ONES, ONES, {})
    assert f.calls > 5


@pytest.mark.parametrize("lift, turn, confirmed", [
    (1e6, 0.0, True),  # at a step of 2⁻²³ the slope of 10⁶ + x is right to 10⁻³
    (-1e6, 0.0, True), (1e6, 0.02, True), (1e6, 0.1, False), (0.0, 0.02, False),
    (1e3, 0.02, False)])
def test_rounding_of_a_large_value_contradicts_nothing(lift, turn, confirmed):
    f = beyond(2.0**-30, first(200, turn))
    lifted = Counted(lambda x: lift + f(x))
    Point(lifted, ONES, lift + ONES, {})
    assert (lifted.calls == 5) is confirmed


def test_how_rough_a_point_is_differences_say():
    V = np.random.default_rng(3).uniform(-1, 1, 200)
    for digits, rough in ((5, True), (15, False)):
        def f(x, digits=digits):
            return np.round(np.sin(3 * np.array(x, float)), digits)

        point = Point(f, ONES, f(ONES), {})
        seen = derivative_along(f, ONES, V[None])
        assert not point.exact and point.tolerance == (10 * seen.accuracy if rough else NUMERICAL)
        assert (10 * seen.accuracy > NUMERICAL) is rough
    assert Point(np.sin, ONES, np.sin(ONES), {}).tolerance == 1e-10


def test_a_kink_that_a_point_meets_is_kept():
    X = np.array([1.0, 0.0, -2.0])
    at, beside = (Point(np.abs, x, np.abs(x), {"X": x}) for x in (X, X + 0.5))
    assert [kink.output for kink in at.kinks] == [(1,)] and beside.kinks == ()
    assert beside.exact and beside.troubles == () and at.names["X"] is X


@pytest.mark.parametrize("size", [1e-295, 1e-250, 1e-9, 0.3, 1.0, 4.0, 5.0, 1e9, 1e200])
def test_a_direction_of_any_size_has_its_slope_to_the_last_digits(size):
    x = np.array([0.5, -3.0, 1e-3])
    V = size * np.array([1.0, -2.0, 0.25])
    point = Point(np.tanh, x, np.tanh(x), {})
    np.testing.assert_allclose(point.along(V), V / np.cosh(x) ** 2, rtol=1e-14)
    low = np.array([-14.0, 1.0])  # beside a step of 10⁻³⁰⁷ a slope of 10⁻⁶ loses digits
    low_slope = Point(np.exp, low, np.exp(low), {}).along(np.full(2, size))
    np.testing.assert_allclose(low_slope, size * np.exp(low), rtol=1e-14)
    rough = Point(lambda x: np.tanh(np.array(x, float)), x, np.tanh(x), {})
    np.testing.assert_allclose(rough.along(V), V / np.cosh(x) ** 2, rtol=1e-6)


def test_an_input_without_numbers_has_a_slope_without_numbers():
    none = np.zeros((0, 2))
    point = Point(lambda x: 3 * x, none, none, {})
    assert point.along(none).shape == (0, 2)


def test_a_function_that_leaves_its_complex_step_is_measured():
    calls = []

    def f(x):  # from the second complex call on it takes none
        calls.append(np.iscomplexobj(x))
        return np.array(x, float) ** 2 if sum(calls) > 1 else x**2

    x = np.array([1.0, 2.0])
    with np.errstate(all="ignore"):
        point = Point(f, x, x**2, {})
        np.testing.assert_allclose(point.along(np.ones(2)), [2, 4], rtol=1e-7)


def test_a_row_of_the_table_counts_its_calls():
    op = OPERATIONS["affine"]
    X, W, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4), np.ones(4)
    row = RowPoint(op, (X, W, b), {}, "W", {"Y": X @ W + b, "X": X})
    assert (row.place, row.calls, row.exact, row.tolerance) == (1, 1, True, 1e-10)
    assert row.x is W and row.kinks == row.troubles == ()
    np.testing.assert_array_equal(row.value(2 * W), X @ (2 * W) + b)
    assert row.calls == 2
    np.testing.assert_array_equal(row.along(W + 1), X @ (W + 1))
    assert row.calls == 3


def test_a_value_is_finite_and_of_one_shape():
    x = np.array([1.0, 4.0])
    np.testing.assert_array_equal(value(np.sqrt, x, (2,)), [1, 2])
    assert value(np.sqrt, -x, (2,)) is None and value(np.sqrt, x, (1,)) is None
    assert value(lambda x: ["no", "number"], x, (2,)) is None
    assert same_shape(lambda x: ["no", "number"], x, (2,), "f") is None
    assert same_shape(lambda x: x * np.nan, x, (2,), "f") is None

    def refuses(x):
        raise LessonError("no")

    assert same_shape(refuses, x, (2,), "f") is None
    given = np.sqrt(x)
    assert value(lambda x: given, x, (2,)) is not given  # f may write there again
    with pytest.raises(ShapeError, match=r"^discover: f changes its shape with the values of x: "
                                         r"\(3,\), and \(2,\) for other values\. Its derivative"):
        same_shape(np.sqrt, x, (3,), "f")


# -- samples at a smaller size

def sampled(f, x, step_in=lambda x, Y: None, known=None):
    return small_samples(f, x, known or {}, "f", ("X", "Y"), step_in)


def test_the_tolerance_is_three_times_the_roughest_slope():
    x = np.linspace(0.5, 2, 6)
    for f in (lambda x: np.round(np.sin(np.array(x, float)), 8),
              lambda x: 100 * np.round(np.array(x, float) ** 3, 7)):
        made = sampled(f, x)
        each = [slopes(f, names["X"]) for names in made.names]
        worst = max(s.error.max() / np.abs(s.J).max() for s in each)
        assert made.tolerance == pytest.approx(3 * worst, rel=1e-4) and 1e-11 < 3 * worst < 1e-3
    assert sampled(lambda x: np.round(np.sin(np.array(x, float)), 6), x).tolerance == 1e-3
    assert sampled(lambda x: x, x, lambda x, Y: np.eye(6)).tolerance == 1e-11
    assert sampled(lambda x: 0 * x, x, lambda x, Y: np.zeros((6, 6))).tolerance == 1e-11


def test_a_complex_step_is_right_to_four_roundings():
    x = np.array([0.3, 0.7])

    def step_in(x, Y):
        return np.diag(np.cos(x)) + 1e-17

    made = sampled(np.sin, x, step_in)
    for point in (*made.extra(), *made.more()):
        J = np.diag(np.cos(point.names["X"]))
        np.testing.assert_allclose(point.error, 4 * 2.0**-52 * np.abs(J), rtol=1e-9, atol=1e-30)
        np.testing.assert_array_equal(point.J, J)  # what is as small as rounding is 0
        assert point.clear.all() and point.clear.shape == (2,)
    assert [p.like for p in made.extra()] == [""] * 9  # of two inputs as many as there may be
    assert len(sampled(np.sin, np.ones(40), lambda x, Y: np.eye(40)).extra()) == 3


def test_what_is_known_is_known_at_every_point_of_a_small_size():
    Y = np.array([5.0, 6.0])
    made = sampled(lambda x: 2 * x, np.ones(2), lambda x, Y: 2 * np.eye(2), {"Y": Y, "a": 3.0})
    assert all(names["Y"] is Y and names["a"] == 3.0 for names in made.names)
    assert (made.input_name, made.output_name, made.source, made.warning) == ("X", "Y", "f", "")
    assert made.at.f(np.ones(2)).tolist() == [2, 2]
    one, two = made.at([np.ones(2), np.zeros(2)])
    assert (one.like, two.like) == ("", "") and not two.names["X"].any()
    assert [p.like for p in made.at([np.ones(2)] * 2, ["first", "second"])] == ["first", "second"]


def test_a_point_without_a_value_is_left_out_at_a_small_size():
    x = np.array([0.5, 0.25])
    made = sampled(lambda x: np.sqrt(x) + 0, x)
    assert len(made.tensors) == 3 and all((names["X"] > 0).all() for names in made.names)
    near = [np.array([0.5, -1.0]), x]
    assert [p is None for p in made.at(near)] == [True, False]


def test_four_inputs_of_each_kind_are_tried_for_two_more_points():
    x, tried = np.array([0.5, 0.25]), []

    def f(new):
        tried.append(tuple(new))
        return new if np.array_equal(new, x) else new * np.nan

    made = sampled(f, x, lambda x, Y: np.eye(2))
    assert len(made.tensors) == 1 and len({*tried}) == 1 + 3 * 4
