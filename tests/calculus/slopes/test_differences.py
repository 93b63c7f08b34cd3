"""The pieces of slopes by differences, each by itself, against what can be worked out by hand."""

import numpy as np
import pytest

from helpers.calculus.differences import (
    EPS,
    STEPS,
    bends,
    choice,
    doubtful,
    estimates,
    jump_within,
    largest,
    narrowest,
    noise_of,
    sides,
)
from helpers.calculus.slopes import numerical_jacobian, slopes
from tests.calculus.slopes.test_slopes import without_complex


def test_extrapolation_takes_off_the_second_and_the_fourth_power_of_the_step():
    """Of s·h + a·h³ + b·h⁵ a central difference is s + a·h² + b·h⁴."""
    h, s, a, b = STEPS[:6, None], np.array([1.5, -2.0]), np.array([3.0, 0.5]), np.array([0.7, 4.0])
    odd, even = s * h + a * h**3 + b * h**5, 7 - h**2
    found, errors, finest = estimates(even + odd, even - odd, STEPS[:6], 0.0)
    plain, wide, narrow = s + a * h**2 + b * h**4, h[:-1], h[1:]
    np.testing.assert_allclose(found[:5], plain[1:], rtol=1e-9)
    np.testing.assert_allclose(found[5:9], (s - b * (wide * narrow)**2)[1:], rtol=1e-9)
    np.testing.assert_allclose(found[9:], np.broadcast_to(s, (3, 2)), rtol=1e-9)
    assert finest.tolist() == [1, 2, 3, 4, 5, 2, 3, 4, 5, 3, 4, 5]
    np.testing.assert_allclose(errors[:5], np.abs(np.diff(plain, axis=0)), rtol=1e-4, atol=1e-9)
    few = estimates((even + odd)[:4], (even - odd)[:4], STEPS[:4], 0.0)
    np.testing.assert_array_equal(few[0], found[[0, 1, 2, 5, 6, 9]])
    assert few[2].tolist() == [1, 2, 3, 2, 3, 3]
    assert (errors[:9] + 1e-9 >= np.abs(found[:9] - s)).all()
    more = estimates(even + odd, even - odd, STEPS[:6], 1e-3)[1]
    np.testing.assert_allclose(more - errors, np.broadcast_to(
        1e-3 / STEPS[finest][:, None], errors.shape), rtol=1e-9)
    odd[2, 0] = np.nan
    found, errors, _ = estimates(even + odd, even - odd, STEPS[:6], 0.0)
    assert np.isinf(errors[~np.isfinite(found)]).all() and np.isfinite(errors[:, 1]).all()


def test_the_best_estimate_has_three_digits_if_any_has():
    found = np.array([[1e-6, 1e-6], [1.0, 1.0], [1.1, 1.1]])
    errors = np.array([[1e-8, 1e-8], [9e-4, 2e-3], [1e-3, 1e-2]])
    assert choice(found, errors).tolist() == [[1, 0]]


def test_the_narrowest_sure_slope_is_what_others_are_measured_by():
    """Wide steps say 1, narrow ones 2, the narrowest nothing."""
    first = len(STEPS) - 1
    found, errors = np.ones((3 * first - 3, 1)), np.full((3 * first - 3, 1), 1e-9)
    found[6:first - 3], errors[6:first - 2] = 2.03, 0.01
    found[first - 3] = 2.0
    errors[first - 2:first] = 1.5
    found[first + 6], errors[first + 6] = 2.02, 1e-3
    found[first + 7], errors[first + 7] = 2.035, 1e-4  # too far off
    assert narrowest(found, errors).tolist() == [[first + 6]]
    assert narrowest(found / 2**20, errors / 2**20).tolist() == [[first + 6]]
    assert narrowest(found, np.full_like(errors, 9) - (np.arange(len(found)) == 4)[:, None]) == 4


def test_a_slope_is_in_doubt_where_other_steps_are_sure_of_another():
    slope = np.ones(4)
    found = np.array([[1.5, 1.5, 1.0515, 1.0], [1.0, 1.0, 1.0, 1.0]])
    errors = np.array([[0.09, 0.11, 1e-9, 0.0], [0.0, 0.0, 0.0, 0.0]])
    assert doubtful(found, errors, slope).tolist() == [True, False, False, False]


def test_a_kink_has_two_slopes_and_a_root_none():
    def f(x):
        return np.array([abs(x), x * abs(x), np.sqrt(abs(x)), 3 * x, x + 2 * abs(x), x**2,
                         np.cbrt(x**2), 2000 * x + abs(x) / 2, abs(x)])

    high, low = sides(f, np.array(0.0), 1.0, STEPS)
    slope = np.array([0.0] * 8 + [4000])
    kink, endless, left, right = bends(high, low, f(0.0), STEPS, 1e-20, slope)
    assert kink.tolist() == [k in (0, 4) for k in range(9)]  # the last two: a thousandth and less
    assert endless.tolist() == [k in (2, 6) for k in range(9)]
    np.testing.assert_allclose(left[kink], [-1, -1])
    np.testing.assert_allclose(right[kink], [1, 3])


def test_a_gap_of_which_rounding_leaves_two_steps_must_stay_to_be_a_kink():
    """It falls to half or an eighth; stays; grows a little, twice; is seen once; ends in full."""
    gap = np.array([[2, 1, 1, 10, 8, 1, 1], [1, 1 / 8, 1, 12, 10, 0, 1],
                    [0.1, 0, 0.1, 0.5, 12, 0, 1], [0] * 7])
    share = 1 / np.array([500, 500, 500, 500, 1600, 800, 1e9])

    def looked(steps):
        high, low = steps[:, None] * (gap + 2) / 2, -steps[:, None] * (2 - gap) / 2
        noise = np.where(gap[1] > 0, gap[1], 8) * steps[1] * share
        return bends(high, low, np.zeros(7), steps, noise, np.ones(7))

    kink, endless, left, right = looked(STEPS[7:11])
    assert kink.tolist() == [k in (2, 3, 4) for k in range(7)] and not endless.any()
    np.testing.assert_allclose([left[2:4], right[2:4]], [[0.5, -5], [1.5, 7]])
    assert not np.any(looked(STEPS[:4])[:2])  # nothing so far off is at x


@pytest.mark.parametrize("size", [0.3, 1e-3, -2e-3])
def test_a_jump_is_found_with_its_size(size):
    def f(t):
        return np.array([0.0, np.sin(t) + size * (t > 0.0317)])

    found = jump_within(f, 0.0, 1.0, (1,), 1.0, (STEPS[-4], STEPS[0]))
    assert found == pytest.approx(abs(size), rel=1e-4)


def test_a_jump_is_found_where_f_stops_behind_it():
    def f(t):
        if t > 0.13:
            raise ValueError("too far")
        return np.array([3 * t + 0.01 * (t > 0.0317)])

    found = jump_within(f, 0.0, 1.0, (0,), 3.0, (STEPS[-4], STEPS[0]))
    assert found == pytest.approx(0.01, rel=1e-4)
    assert jump_within(f, 0.0, 1.0, (0,), 3.0, (STEPS[-4], 0.5)) == 0


@pytest.mark.parametrize("f", [np.sin, lambda t: np.sin(1000 * t), lambda t: 1 / (t - 0.0317),
                               lambda t: abs(t - 0.0317), lambda t: np.array([])[0]])
def test_what_is_steep_or_bends_or_has_a_pole_or_no_value_has_no_jump(f):
    assert jump_within(lambda t: np.array([f(t)]), 0.0, 1.0, (0,), 1.0, (STEPS[-4], STEPS[0])) == 0


def test_the_noise_is_what_is_left_of_a_second_difference_at_the_narrowest_steps():
    here = np.array([1.0, 1.0, -4.0])
    high = np.array([[9.0, 2.0, -4.0], [1.0, 1.0, -4.0], [1.0, 1.0002, np.nan]])
    low = np.array([[8.0, -2.5, -4.0], [1.0, 1.0, -4.0], [1.0, 0.9999, -4.0]])
    assert largest(high, low, here).tolist() == [9, 2.5, 4]
    lost = np.array([np.nan, np.inf, -np.inf])
    assert largest(high[:, [0, 0, 0]] / 99, low / 99, lost).tolist() == [1 / 11] * 3
    np.testing.assert_allclose(noise_of(high, low, here), [9 * EPS, 1e-4, 4 * EPS], rtol=1e-9)


def test_where_f_stops_or_is_not_finite_a_side_is_nan():
    def f(x):
        if x > 1.2:
            raise ValueError("too far")
        return np.array([x, 1 / (x - 1.1)])

    with np.errstate(all="ignore"):
        high, low = sides(f, np.array(1.0), 1.0, np.array([0.5, 0.125, 0.1]))
    np.testing.assert_allclose(high[:, 0], [np.nan, 1.125, 1.1])
    np.testing.assert_allclose(low[:, 0], [0.5, 0.875, 0.9])
    with pytest.raises(ValueError, match="too far"):
        sides(f, np.array(3.0), 1.0, np.array([0.5, 0.25]))


def test_many_outputs_are_measured_in_parts_and_each_has_its_own_slope():
    c = np.linspace(-2, 3, 1100)
    x = np.array([0.3, -0.7])
    J = numerical_jacobian(without_complex(lambda x: c * np.sin(x[0]) + c**2 * x[1] ** 2), x)
    right = np.stack([c * np.cos(0.3), -1.4 * c**2], 1)
    np.testing.assert_allclose(J, right, rtol=1e-8, atol=1e-9)


def test_many_inputs_are_measured_in_parts_and_their_kinks_keep_their_places():
    x, steep = np.linspace(1, 2, 92), np.arange(1.0, 93)
    x[[3, 91]] = 0
    s = slopes(without_complex(lambda x: np.maximum(x, 0) * steep), x)
    assert [(k.output, k.input) for k in s.kinks] == [((3,), (3,)), ((91,), (91,))]
    assert [(k.left, k.right) for k in s.kinks] == [(0, pytest.approx(4)), (0, pytest.approx(92))]
    np.testing.assert_allclose(s.J, np.diag(np.where(x > 0, 1, 0.5) * steep), rtol=1e-8, atol=1e-9)
