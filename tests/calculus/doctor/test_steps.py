"""Steps of a ladder by hand: where they go on, what is read off them, and what is said of it."""

import numpy as np
import pytest

from helpers.calculus.doctor import ladder as ladder_of
from helpers.calculus.doctor.ladder import (
    believed,
    columns,
    deeper,
    kinked,
    ladder,
    read,
    steeper,
    tried,
    walk,
)

EPS, UNIT = 2.0**-52, 2.0**-20
EIGHTHS = 8.0 ** -np.arange(17)


# -- steps and their ends

def test_beside_what_is_no_number_all_steps_are_alike():
    for at in (np.nan, np.inf, -np.inf):
        assert ladder(np.array([3.0, at]), at).tolist() == [1, 1]


def test_the_first_step_is_a_number():
    assert ladder(np.array([1.7e308]), 1.7e308)[0] == 2.0**1023  # 2¹⁰²⁴ would be none


def test_what_a_function_refuses_is_nan():
    def refuses(x):
        if x[0] > 1:
            raise ValueError("too far")
        return np.array([np.inf, -np.inf, 3, np.nan])

    np.testing.assert_array_equal(tried(refuses, np.zeros(1), (4,)), [np.nan, np.nan, 3, np.nan])
    np.testing.assert_array_equal(tried(refuses, np.full(1, 2.0), (4,)), [np.nan] * 4)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_walk_goes_to_one_side_one_number_at_a_time(sign):
    x, ladders = np.array([[1.0, 2], [0, -4]]), [np.array([2.0, 0.25]), np.array([8.0, 1, 0.125])]
    widths, values = walk(lambda x: 10 * x[1], x, [2, 3], ladders, (2,), sign)
    assert widths.shape == (3, 2, 1) and values.shape == (3, 2, 2)
    np.testing.assert_array_equal(widths[..., 0], [[2, 8], [0.25, 1], [np.nan, 0.125]])
    np.testing.assert_array_equal(values[:, 0] / 10, [
        [2 * sign, -4], [0.25 * sign, -4], [np.nan, np.nan]])
    np.testing.assert_array_equal(values[:, 1] / 10, [
        [0, -4 + 8 * sign], [0, -4 + sign], [0, -4 + 0.125 * sign]])
    assert x.tolist() == [[1, 2], [0, -4]]
    rounded, _ = walk(lambda x: x, np.array([2.0**53]), [0], [np.array([3.0, 0.5])], (1,), 1)
    assert rounded.ravel().tolist() == [4, 0]  # so far it really goes


# -- further on, at 0

def steep(rise, before=1.0, noise=0.0, here=0.0):
    """Over the last of three steps it rises by so much, over the one before by `before`."""
    widths = np.array([8.0, 1, 0.125, np.nan])[:, None]
    rises = np.array([800.0, before, rise, np.nan])[:, None]
    return bool(steeper(widths, rises, 3, noise, np.atleast_1d(here))[0])


def test_a_slope_that_doubles_at_the_last_step_is_seen_above_the_rounding():
    for sign in (1, -1):
        assert steep(0.26 * sign) and steep(0.26, -1) and not steep(0.24 * sign)
        assert steep(0.26 * sign, noise=0.00259) and not steep(0.26 * sign, noise=0.00261)
    assert not steep(0.25) and not steep(np.nan) and not steep(0.26, np.nan)
    assert not steep(0.5, noise=0.005)                      # no more than a hundred times
    assert steep(0.26, here=2.0**43) and not steep(0.26, here=[1, -(2.0**44)])  # a unit of Y
    assert steep(0.26, here=[np.inf, np.nan, 1]) and steep(1e-14, 0)


def test_where_it_is_steep_the_steps_go_on_and_others_are_not_asked_there():
    x, ladders = np.array([0.0, 5]), [EIGHTHS[:3], EIGHTHS[:4]]

    def f(x):
        return np.array([3 * x[0], 4 * x[0] + x[1]])

    up, high, low, down = deeper(f, x, [0, 1], ladders, {0: np.array([True, False])}, (2,))
    assert np.array_equal(ladders[0], EIGHTHS) and np.array_equal(ladders[1], EIGHTHS[:4])
    for widths, values, sign in ((up, high, 1), (down, low, -1)):
        assert np.array_equal(widths[:, 0, 0], EIGHTHS)
        assert np.array_equal(widths[:4, 1, 0], EIGHTHS[:4]) and np.isnan(widths[4:, 1]).all()
        assert np.array_equal(values[:, 0, 0], 3 * sign * EIGHTHS)
        assert np.array_equal(values[:3, 0, 1], 5 + 4 * sign * EIGHTHS[:3])
        assert np.isnan(values[3:, 0, 1]).all() and np.isnan(values[4:, 1]).all()
        np.testing.assert_array_equal(values[:4, 1], [[0, 5 + sign * h] for h in EIGHTHS[:4]])


def test_a_slope_within_a_billionth_of_0_is_found_beside_one_that_is_not_steep():
    found = columns(lambda x: np.array([np.clip(1e9 * x[0], -1, 1), 2 * x[0]]),
                    np.array([0.0, 3]), [0, 1], np.zeros(2))
    np.testing.assert_allclose(found.J, [[1e9, 0], [2, 0]], rtol=1e-9)
    assert (found.error <= 1e-6 * np.array([[1e9, 1], [1, 1]])).all() and found.kinks == ()


@pytest.mark.parametrize("x", [0.0, 1.0])
def test_where_nothing_is_steep_each_step_is_made_once(x):
    calls = []
    columns(lambda x: calls.append(1) or 3 * x, np.array([x]), [0], np.zeros(1))
    assert len(calls) == 1 + 2 * len(ladder(np.array([x]), x))


@pytest.mark.parametrize("x, largest", [([0.5, -3, np.nan], 3), ([0.5, 0.25], 1), ([np.inf], 1)])
def test_the_largest_number_that_goes_in_is_handed_on(x, largest, monkeypatch):
    told = []
    monkeypatch.setattr(ladder_of, "read", lambda *given: told.append(given[-1]) or read(*given))
    columns(lambda x: x, np.array(x), [0], np.zeros(len(x)))
    assert told == [largest]


# -- what is read off

def test_what_stands_still_is_known_to_the_rounding_of_what_it_stood_on():
    """Y = 5 but at the widest step: a hundred units, over a step of 1/64, and a tenth more."""
    widths = EIGHTHS[:5, None]
    move = np.array([1.0, 0, 0, 0, 0])[:, None]
    slope, error, kink, left, right = read(np.array(5.0), 5 + move, widths, 5 - move, widths, 0.0,
                                           UNIT, 100.0)
    assert slope == left == right == 0 and not kink
    assert error[0] == pytest.approx(1.1 * 100 * UNIT * 64, rel=1e-12)


def test_a_kink_is_as_sure_as_the_worse_of_its_sides():
    """Right of it 3h and h² more, left of it h: of the right side alone a part is not known."""
    widths = EIGHTHS[:6, None]
    slope, error, kink, left, right = read(np.array(0.0), 3 * widths + widths**2, widths, -widths,
                                           widths, 1e-6, EPS, 1.0)
    assert kink and left == 1 and right == pytest.approx(3, abs=1e-3)
    assert abs(slope - 2) < error and abs(right - 3) < error
    mirrored = read(np.array(0.0), widths, widths, -3 * widths - widths**2, widths, 1e-6, EPS, 1.0)
    assert mirrored[1] == error and mirrored[3] == right and mirrored[4] == 1


def test_one_pair_of_steps_is_believed_as_far_as_its_steps_are_apart():
    def told(*plain):
        slope, error = believed(np.array(plain, float)[:, None], 8.0, np.zeros((len(plain), 1)))
        return slope[0], error[0]

    assert told(5, 1) == ((8 - 5) / 7, 4) and told(-1, 2) == ((16 + 1) / 7, 3)
    assert told(1, 3, np.nan) == ((24 - 1) / 7, 2)  # the finer pair tells nothing


@pytest.mark.parametrize("last, open_", [(21.03, True), (21.06, False), (19.06, True), (19, False)])
def test_the_last_gap_is_the_one_that_others_are_held_against(last, open_):
    """A twentieth of it."""
    gaps = np.array([20.0] * 5 + [last])[:, None]
    assert kinked(gaps, np.zeros((6, 1)), 1.0)[0] == open_
    assert kinked(np.concatenate([gaps, [[np.nan]]]), np.zeros((7, 1)), 1.0)[0] == open_
