"""What is said of a gradient beside slopes that are known so far and no further."""

import numpy as np
import pytest

from helpers.calculus.doctor.judge import Judgement, apart, finite, judged, told_apart
from helpers.calculus.doctor.measure import Wanted
from helpers.calculus.looks import Kink


def about(value, error=0.0, low=None, high=None, kinks=(), along=None, places=None, shape=None):
    value = np.array(value, float)
    places = np.arange(value.size) if places is None else np.array(places)
    low, high = (value if end is None else np.array(end, float) for end in (low, high))
    shape = value.shape if shape is None else shape
    return Wanted(shape, places, value, np.full(value.shape, error), low, high, value[None],
                  np.ones(1), kinks, along)


def test_a_difference_within_the_tolerance_is_none():
    """Five times the error of the slope, and the slack."""
    for off, right in ((0.59, True), (0.61, False), (-0.59, True), (-0.61, False)):
        found = judged("dX", [1.0, 2 + off], about([1, 2], 0.1), 0.1)
        assert found.right is right and found.wrong == (None if right else (1,))
        np.testing.assert_allclose(found.difference, [0, 0 if right else off])
        assert found.error == pytest.approx(abs(off) / (2 + max(off, 0)))


def test_what_is_not_known_is_not_judged():
    found = judged("dX", [1.0, 7.0], about([1, np.nan]), 0.0)
    assert found.right and found.known and found.digits == 16 and found.size == 1
    assert found.tolerance.tolist() == [0, np.inf]
    assert not judged("dX", [1.0, 7.0], about([np.nan, np.inf]), 0.0).known
    assert judged("dX", [], about([]), 0.0).known


def test_a_line_that_is_off_tells_of_entries_that_were_not_drawn():
    direction = np.array([1.0, -2.0, 4.0])

    def told(slope, error=0.0, slack=0.0):
        return judged("dX", [1.0, 1, 1], about([1.0], along=(direction, slope, error), places=[0],
                                               shape=(3,)), slack)

    assert told(3.0).right and told(3.0).verdict == "right in 1 of 3 entries, drawn at random."
    off = told(5.0)
    assert not off.right and off.line == (3, 5) and off.wrong is None
    assert off.verdict == ("wrong: along a random direction of all entries the slope is 3.0000, "
                           "but should be 5.0000: an entry that was not drawn is wrong.")
    assert told(5.0, error=0.4).right and not told(5.0, error=0.39).right   # five times the error
    assert told(5.0, slack=2 / 7).right and not told(5.0, slack=0.28).right  # of each entry
    assert told(np.nan).right


@pytest.mark.parametrize("reach, size, digits", [
    (0.0, 1.0, 16), (1e-9, 1.0, 9), (2e-9, 1.0, 8), (1e-9, 100.0, 11), (0.5, 1.0, 0),
    (1.0, 1.0, 0), (2.0, 1.0, 0), (0.05, 1.0, 1)])
def test_the_digits_of_the_largest_entry_that_are_known(reach, size, digits):
    found = judged("dX", [size, 0], about([size, 0]), reach)
    assert found.digits == digits


def test_who_loses_the_digits():
    by_rounding = judged("dX", [1.0], about([1.0], 1e-6), 5e-6)
    by_differences = judged("dX", [1.0], about([1.0], 1e-6), 3e-6)
    assert by_rounding.verdict == "right to 5 digits: rounding loses the rest."
    assert by_differences.verdict == "right to 5 digits: the differences lose the rest."
    assert judged("dX", [1.0], about([1.0], 2e-2), 0).verdict == (
        "no mistake as far as can be told: only 1 digit is sure here, the differences lose the "
        "rest.")
    assert judged("dX", [1.0], about([1.0]), 0.9e-7).verdict == "right."
    assert judged("dX", [1.0], about([1.0]), 1.1e-7).verdict.startswith("right to 6 digits")
    zero = judged("dX", [0.0], about([0.0]), 1e-9)
    assert zero.verdict == "right: both are 0 beside their rounding, 1.0e-09."
    assert judged("dX", [0.0], about([0.0]), 0).verdict == "right."


def test_the_values_that_are_told_at_a_kink_are_the_nearest():
    wanted = about([0.5, 2], low=[0, 2], high=[1, 2], kinks=(Kink((0,), (0,), 0.0, 1.0),))
    high, low, inside = (judged("dX", [mine, 2.0], wanted, 0.0) for mine in (1.5, -1, 0.25))
    assert high.values((0,)) == (1.5, 1) and low.values((0,)) == (-1, 0)
    assert high.wrong == low.wrong == (0,) and inside.right
    np.testing.assert_array_equal(high.difference, [0.5, 0])
    np.testing.assert_array_equal(low.difference, [-1, 0])
    assert judged("dX", [np.nan, 2], wanted, 0.0).values((0,))[1] == 0.5
    assert inside.verdict == ("right. A kink: Y[0] has the slope 0.0000 to the left of X[0] and "
                              "1.0000 to its right.")


def test_one_number_is_judged_without_an_index():
    found = judged("dx", 3.0, about([2.0], shape=()), 0.0)
    assert found.wrong == () and found.values(()) == (3, 2) and not found.right
    assert found.verdict == "wrong: dx is 3.0000, but should be 2.0000."


def test_the_largest_finite_size():
    assert finite(np.array([1.0, np.inf, np.nan, 3])) == 3 and finite(np.array([])) == 0
    assert apart(np.array([]), np.array([])) == 0
    assert apart(np.array([-2.0, 1]), np.array([1.0, 1])) == 1.5
    assert apart(np.array([np.inf, 1]), np.array([1.0, 1])) == np.inf
    assert told_apart(1e-3, 1e-3 + 2e-17) == ["0.0010000000000000"] * 2  # no more than 16 decimals
    assert not Judgement("dX", None, None, 0, np.zeros(1), None, False, 0).right


def test_what_is_0_beside_its_rounding_is_right_where_that_is_a_millionth_of_the_input_at_most():
    def told(slack, *inputs, size=0.0):
        return judged("dX", [size], about([size]), slack, inputs).verdict

    small, four = (np.array([0.1, -0.5]),), (np.array([1.0, -4]), np.array([0.5]))
    for inputs, most in (((), 1e-6), (small, 1e-6), (four, 0.25e-6)):  # the largest of all counts
        assert told(most, *inputs).startswith("right: both")
        assert told(1.01 * most, *inputs).startswith("no mistake as far as can be told: both")
    assert told(2.0**-20, size=2.0**-20).startswith("right: both")  # as large as all that is known


def test_what_loses_as_many_digits_as_the_differences_is_not_blamed():
    found = judged("dX", [1.0], about([1.0], 2.0**-20), 5 * 2.0**-20)
    assert found.verdict == "right to 5 digits: the differences lose the rest."
    for slack, words in ((0.9e-3, "right to 3 digits: rounding loses"), (2e-3, "no mistake as far "
                         "as can be told: only 2 digits are sure here, rounding loses the rest.")):
        assert judged("dX", [1.0], about([1.0]), slack).verdict.startswith(words)


def test_an_index_of_any_entry_has_its_two_numbers():
    wanted = about(np.arange(6.0), shape=(2, 3))
    found = judged("dX", np.array([[0.0, 1, 2], [3, 9, 5]]), wanted, 0.5)
    assert found.wrong == (1, 1)
    assert found.values((1, 1)) == (9, 4) and found.values((0, 2)) == (2, 2)
    some = judged("dX", np.array([7.0, 1, 9]), about([1, 2], places=[1, 2], shape=(3,)), 0.0)
    assert some.wrong == (2,) and some.values((2,)) == (9, 2)
    np.testing.assert_array_equal(some.difference, [np.nan, 0, 7])


def test_an_entry_that_is_nan_where_an_input_is_cannot_be_judged():
    """Nor can a line along all of them; where all inputs are finite it is wrong."""
    wanted = about([1, 2, 3], along=(np.ones(3), 7.0, 0.0))
    for given, blank in (([1.0, np.inf], 1), ([np.nan, np.nan], 1), ([1.0, 2], 0)):
        found = judged("dX", [1.0, np.nan, 3], wanted, 0.0, (np.ones(2), np.array(given)))
        assert found.blank == blank and found.right is (blank == 1)
        if blank:
            assert found.wrong is found.line is None and found.tolerance.tolist() == [0, np.inf, 0]
            assert found.error == 0
            assert found.verdict == ("right where it is finite. 1 entry, not finite as an input "
                                     "is not, cannot be judged.")
        else:
            assert found.wrong == (1,) and found.verdict == (
                "wrong: dX[1] is nan, but should be 2.0000.")
    off = judged("dX", [1.0, np.inf, 4], wanted, 0.0, (np.full(1, np.inf),))
    assert off.wrong == (2,) and off.blank == 1 and off.error == 0.25
    two = judged("dX", [np.nan, -np.inf, 3], wanted, 0.0, (np.full(1, np.inf),))
    assert two.verdict.startswith("right where it is finite. 2 entries, not finite")
    none = judged("dX", [np.nan] * 3, wanted, 0.0, (np.full(1, np.inf),))
    assert none.verdict == "not judged: an input is not finite, and neither is the gradient."
    assert not none.right and not none.known
    for inputs, largest in (((np.array([0.5, -7, np.nan]), np.ones(1)), 7), ((np.zeros(2),), 1),
                            ((), 1)):
        assert judged("dX", [1.0, 2, 3], wanted, 0.0, inputs).largest == largest


def test_a_reach_beyond_all_numbers_tells_nothing():
    along = np.ones(1), 1.2e308, 2e307
    assert judged("dX", [3.0], about([3.0], along=along, places=[0], shape=(1,)), 0.0).line is None
