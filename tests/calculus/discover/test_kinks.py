"""Thresholds of functions that take no complex step: where they are, to the last digit told."""

import re

import numpy as np
import pytest

from helpers import discover
from helpers.calculus.discover import kinks
from helpers.calculus.discover.kinks import (
    Along,
    change,
    closed_in,
    joined,
    jumps,
    narrower,
    rounded_off,
    sudden,
)
from helpers.calculus.discover.regions import by_values, rounded
from helpers.calculus.discover.ties import Pattern
from helpers.calculus.errors import NumberError

X = np.random.default_rng(11).standard_normal(5)


def interp(k):
    far = 900 * max(1, abs(k))
    return (lambda x: np.interp(x, [k - far, k, k + far], [far, 0, 2 * far]),
            lambda x: np.where(x > k, 2.0, -1.0))


def piecewise(k):
    return (lambda x: np.piecewise(np.array(x, float), [x < k], [lambda t: t / 2, lambda t: t * t]),
            lambda x: np.where(x > k, 2 * x, 0.5))


def taken(k):
    def f(x):
        x = np.array(x, float)
        i = np.searchsorted([k], x)
        return np.take([3.0, -1.0], i) * x + np.take([0, 4 * k], i)

    return f, lambda x: np.where(x > k, -1.0, 3.0)


def looped(k):
    def f(x):
        out = np.empty(x.shape)
        for i, v in enumerate(map(float, x)):
            if v > k:
                out[i] = v - k
            else:
                out[i] = 3 * (v - k)
        return out

    return f, lambda x: np.where(x > k, 1.0, 3.0)


def vectorized(k):
    return (np.vectorize(lambda v: 1.5 * max(float(v) - k, 0.0), otypes=[float]),
            lambda x: np.where(x > k, 1.5, 0.0))


KINKS = [-1, -0.3, 0.6, 1.5, 2 / 3, np.pi, 1e-3, 1e3]


@pytest.mark.parametrize("k", KINKS)
@pytest.mark.parametrize("make", [interp, piecewise, taken, looped, vectorized])
@pytest.mark.parametrize("total", [False, True])
def test_the_threshold_is_where_the_kink_is(make, k, total):
    f, slope = make(k)
    x = k * X if k == 1e3 else X
    s = discover((lambda x: f(x).sum()) if total else f, x)
    random = np.random.default_rng(3)
    beside = [np.roll(k + 1e-4 * np.array([-1, 1, -2, 2, 3]), i) for i in range(5)]
    for new in (*beside, *(size * random.standard_normal(5) for size in (0.1, 1, 10, 30)
                           for _ in range(10))):
        G = random.standard_normal(() if total else 5)
        line = eval(s.numpy, {"np": np, "G": G, s.input_name: new, "Y": f(new)})
        np.testing.assert_allclose(line, G * slope(new), rtol=1e-8, err_msg=s.numpy)
    assert not s.caveat


@pytest.mark.parametrize("k, text", [
    (-1, "-1"), (-0.3, "-0.3"), (0.6, "0.6"), (1.5, "1.5"), (2 / 3, "2 / 3"), (1e-3, "0.001"),
    (0.123456789, "0.123456789"), (0.1234560001, "0.1234560001"), (0, "0")])
def test_a_threshold_has_the_digits_that_are_known(k, text):
    s = discover(taken(k)[0], X)
    assert s.numpy == f"G * np.where(x > {text}, -1, 3)"


def test_a_threshold_that_is_not_known_is_not_told():
    found = discover(lambda x: 1e6 + np.interp(x, [-1, 0, 1], [0, 2, 1]), X).numpy
    assert all(float(n) in (-1, 0, 1) for n in re.findall(r"x > (\S+),", found))


def test_several_thresholds_also_where_they_are_close():
    f = lambda x: np.interp(x, [-2, -0.3, -0.25, 0.6, 3], [1, 1, 0, -2, -1])  # noqa: E731
    assert discover(f, X).numpy == (
        "G * np.where(X > 3, 0, np.where(X > 0.6, 5 / 12, np.where(X > -0.25, -40 / 17, "
        "np.where(X > -0.3, -20, 0))))").replace("X", "x")


# -- one output by one number

def along(f, x=X, inner="k", outer="k", inputs=lambda values: values):
    return Along(f, np.array(x, float), Pattern(tuple(outer), tuple(inner)), inputs)


def test_one_output_is_followed_by_one_entry_of_its_input():
    calls = []

    def f(x):
        calls.append(x.copy())
        return (x**2).sum(1) + np.array([0, 10, 20])

    x = np.arange(6.0).reshape(3, 2)
    one = along(f, x, "kj", "k", lambda values: values + 100 * np.eye(3, 2))
    # entries (0, 0), (0, 1), (1, 0): the others stay 1, 0, 3
    assert one.values(np.array([1.0, 7, 8])).tolist() == [101**2 + 1, 49, 64 + 9 + 10]
    assert len(calls) == 3 and calls[1].tolist() == [[0, 7], [2, 3], [4, 5]]
    assert x.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert along(f, x, "kj", "k").values(np.arange(7.0))[6] == 36 + 1  # from the first again
    assert along(lambda x: x.sum(), X, "k", "").values(np.array([X[0]])) == pytest.approx(X.sum())


def test_entries_of_an_elementwise_function_are_followed_together():
    calls = []

    def f(x):
        calls.append(x.copy())
        if np.any(x > 6):
            raise NumberError("too large")
        return 3 * x.T

    x = np.zeros((2, 2))
    one = along(f, x, "kl", "lk")
    np.testing.assert_array_equal(one.values(np.arange(1.0, 8)), [3, 6, 9, 12, *[np.nan] * 3])
    assert [c.tolist() for c in calls] == [[[1, 2], [3, 4]], [[5, 6], [7, 0]]]


def test_differences_over_most_of_a_stretch_stay_in_it():
    seen = []

    def f(x):
        seen.extend(x.tolist())
        return x**2

    slope = along(f).between(2.0, 4.0)
    np.testing.assert_allclose(slope(np.array([2.1, 3, 3.5, 3.9, 2.5])), [4.2, 6, 7, 7.8, 5])
    assert min(seen) > 2 and max(seen) < 4 and 3.9 in seen and 2.1 in np.round(seen, 9)


GRID = np.concatenate([-np.geomspace(1e-3, 100, 60)[::-1], np.geomspace(1e-3, 100, 60)])


@pytest.mark.parametrize("f, places", [
    (lambda x: np.maximum(x - 3, 0), [3]), (lambda x: np.abs(x), [0]), (lambda x: x**2, []),
    (lambda x: np.clip(x, -1, 2) * 1e-9, [-1, 2]), (lambda x: np.where(x > 3, x**2, x), [3]),
    (lambda x: np.maximum(x - GRID[70], 0), [GRID[70]]), (lambda x: 5 + 0 * x, []),
    (lambda x: 1e4 + 0.3 * x + 1e-4 * np.maximum(x - 3, 0), [3]),  # wide steps
    (lambda x: np.maximum(x, 0) ** 2, []), (np.tanh, []), (lambda x: x + 1e-7 * np.abs(x - 1), [])])
def test_stretches_with_a_jump_of_the_slope(f, places):
    found = jumps(along(f), GRID)
    assert len(found) == len(places)
    for (low, high), place in zip(found, places, strict=True):
        assert low < place < high and high - low < 1e-3 * max(abs(place), 0.01)


def test_what_is_another_function_in_another_entry_has_no_jumps():
    assert jumps(along(lambda x: x * np.arange(1.0, 6)), GRID) is None
    assert jumps(along(lambda x: np.full(5, np.nan)), GRID) is None
    found = jumps(along(lambda x: np.where(x < -4, np.nan, np.abs(x - 2))), GRID)
    assert len(found) == 1  # numbers that f does not take are left out


def test_what_changes_as_much_beside_is_no_jump():
    low, high = np.array([1.0, 3.0]), np.array([1.1, 3.1])
    a, b = sudden(lambda x: x + (x > 3.05), low, high, 1e-6)
    np.testing.assert_allclose([a[0], b[0]], [2.9, 3.2])
    assert a.size == b.size == 1
    for jump, count in ((0.29, 0), (0.31, 1)):  # with it 0.3 + jump, and six times 0.1 beside it
        assert sudden(lambda x, jump=jump: x + jump * (x > 1.05), low[:1], high[:1], 0)[0].size \
            == count
    assert sudden(lambda x: 1 + 0.9e-6 * (x > 1.05), low, high, 1e-6)[0].size == 0
    assert sudden(lambda x: 1 + 1.1e-6 * (x > 1.05), low, high, 1e-6)[0].size == 1


def test_stretches_that_overlap_are_one():
    assert joined(np.array([0.0, 1, 5, 6]), np.array([1.0, 2, 5.5, 7])) == [
        (0, 2), (5, 5.5), (6, 7)]
    assert joined(np.array([0.0, 1]), np.array([3.0, 2])) == [(0, 3)]


def test_a_threshold_is_closed_in_on_from_both_sides():
    up, flat = (lambda x: 2 * x), (lambda x: 1.0 + 0 * x)
    for k in (0.7, 0.6, 1 / 3, 0.123456789):
        bent = along(lambda x, k=k: np.where(x > k, x**2, x + k * k - k))  # joined at k
        place, error = closed_in(bent, 0.1, 0.9, flat, up)
        assert abs(place - k) <= error < 1e-11
        torn = along(lambda x, k=k: np.where(x > k, x**2, x + 5))
        place, error = closed_in(torn, 0.1, 0.9, flat, up)
        assert abs(place - k) <= error < 1e-11


def test_where_both_sides_meet_numbers_to_both_sides_are_looked_at():
    """5 to the left of ½, where the slope 1 begins: in the middle the values are of either side."""
    up, flat = (lambda x: 1.0 + 0 * x), (lambda x: 0.0 * x)
    assert narrower(lambda x: 5 + max(x - 0.5, 0), (0, 5), (1, 5.5), flat, up, 1e-6) == (
        (0.375, 5), (0.625, 5.125))


def test_the_rounding_of_a_function_is_seen_next_to_a_stretch():
    """A tenth of it to either side: what is further off may be another piece."""
    up, flat = (lambda x: 1.0 + 0 * x), (lambda x: 0.0 * x)

    def value(x, left, right):
        other = 7 * (abs(x - 1) > 1.25) + left * (-0.09 < x < -0.07) + right * (2.07 < x < 2.09)
        return max(x - 1, 0) + other

    for left, right in ((1e-3, 0), (0, 1e-3), (1e-3, 2e-3), (0, 0)):
        found = rounded_off(lambda x, a=left, b=right: value(x, a, b), (0, 0), (2, 1), flat, up)
        assert found == pytest.approx(max(left, right), abs=1e-12)


def test_values_of_neither_side_have_no_threshold():
    up, flat = (lambda x: 1.0 + 0 * x), (lambda x: 0.0 * x)
    third = along(lambda x: np.where(x > 0.5, x, np.where(x > 0.4, 7.0, 0)))
    assert closed_in(third, 0.0, 1.0, flat, up) is None
    two = along(lambda x: np.where((x > 0.3) & (x < 0.7), 0.35, np.maximum(x - 0.5, 0)))
    assert closed_in(two, 0.0, 1.0, flat, up) is None  # where both sides meet
    refused = along(lambda x: np.where(np.abs(x - 0.6) < 0.2, np.nan, np.maximum(x - 0.55, 0)))
    assert closed_in(refused, 0.0, 1.0, flat, up) is None
    assert change(lambda x: 2 * x, 1.0, 3.0) == 8


def test_an_error_of_more_than_nine_digits_is_too_much():
    clear = along(lambda x: np.maximum(x - 0.3, 0))
    assert by_values(clear, GRID, 1.0, "X") == ([0.3], ["0", "1"])
    far = along(lambda x: 1e6 + np.maximum(x - 0.3, 0))  # its last digit: 1e-10
    assert by_values(far, GRID, 1.0, "X") is None
    assert by_values(along(lambda x: 3 * x), GRID, 1.0, "X") is None
    assert by_values(along(lambda x: np.where(x > 1, x**3, x)), GRID, 1.0, "X") is None
    many = along(lambda x: sum(np.maximum(x - k, 0) for k in range(7)))
    assert by_values(many, GRID, 1.0, "X") is None


@pytest.mark.parametrize("place, error, short", [
    (2.9999999, 1e-6, 3), (2.9999999, 1e-8, 2.9999999), (1e-9, 1e-8, 0), (0.25, 0, 0.25),
    (1 / 3, 1e-4, 0.3333), (-1234.4999999, 1e-5, -1234.5), (np.pi, 0, np.pi), (0.1, 0, 0.1)])
def test_the_shortest_number_within_the_error(place, error, short):
    assert rounded(place, error) == short


def test_only_as_many_steps_as_the_gap_needs():
    assert 2.0 ** -kinks.HALVINGS * 0.22 > 4 * kinks.STEP


def test_what_rounding_usually_does_is_not_what_it_does_once():
    rounding = np.array([1.0, 1, 1, 1, 9, 2, 2, 2, 2, 2])
    assert kinks.usual(rounding).tolist() == [1, 1, 1, 1, 2, 2, 2, 2, 2, 2]
    assert kinks.usual(np.array([3.0])).tolist() == [3]
