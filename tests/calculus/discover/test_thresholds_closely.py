"""How a threshold is closed in on: every number that is asked for, and every number that is told.

The functions are straight lines and cubes, whose differences are known to the last digit.
"""

import warnings

import numpy as np
import pytest

from helpers.calculus.discover.kinks import (
    STEP,
    Along,
    change,
    closed_in,
    jumps,
    narrower,
    rounded_off,
    sudden,
)
from helpers.calculus.discover.regions import (
    Variable,
    by_regions,
    by_slopes,
    ends,
    fit_text,
    fitted,
    number_text,
    piece,
    rounded,
    slope_of,
    thresholds,
    together,
    with_mask,
)
from helpers.calculus.discover.samples import samples_of
from helpers.calculus.discover.search import reduced, whole_core
from helpers.calculus.discover.structure import Structure
from helpers.calculus.discover.terms import Answer
from helpers.calculus.discover.ties import Pattern

GRID = np.concatenate([-np.geomspace(1e-3, 100, 60)[::-1], np.geomspace(1e-3, 100, 60)])
up, flat = (lambda x: 1.0 + 0 * x), (lambda x: 0.0 * x)


def along(f, x=(0.0, 0, 0, 0)):
    return Along(f, np.array(x), Pattern(("k",), ("k",)), lambda values: values)


# -- differences

def test_a_difference_reaches_one_step_to_both_sides():
    """((x + h)³ − (x − h)³) / 2h = 3x² + h²."""
    cube = along(lambda x: x**3)
    np.testing.assert_allclose(cube.slopes(np.array([2.0, -1, 0]), np.array([0.5, 1, 2])),
                               [12.25, 4, 4])
    at = np.array([1.0, 3, 4, 1.5])  # the nearer end of 1 to 5 is 0, 2, 1, 0.5 away
    np.testing.assert_allclose(cube.between(0.0, 5.0)(at), 3 * at**2 + [
        0.81, 0.81 * 4, 0.81, 0.81 * 2.25])


def test_numbers_are_asked_for_in_steps_as_small_as_they_are():
    """And beside 0 in steps of the smallest of them."""
    seen = []

    def f(x):
        seen.append(x.copy())
        return np.zeros(x.shape)

    at = np.array([-8.0, -2, 0.25, 0.5])
    steps = np.array([8.0, 2, 0.25, 0.5]) / 131072
    with np.errstate(all="ignore"):
        assert jumps(along(f), at) == []
    asked = [at + steps, at - steps, (at + steps)[::-1], (at - steps)[::-1],
             at + 1.4 * steps, at - 1.4 * steps]
    np.testing.assert_allclose(seen, asked, rtol=1e-15)
    seen.clear()
    jumps(along(f), np.array([-8.0, -2, 1e-9, 0.5]))
    assert seen[0][2] - 1e-9 == pytest.approx(1e-9 / 131072)


@pytest.mark.parametrize("place", [3.0, -0.02, 77.0, 1e-4])
def test_a_stretch_is_three_parts_of_two_thousand_of_a_gap(place):
    """Eleven halvings of the gap, and as much more to each side."""
    (low, high), = jumps(along(lambda x: np.abs(x - place)), GRID)
    at = np.searchsorted(GRID, place)
    gap = GRID[at] - GRID[at - 1]
    assert high - low == pytest.approx(3 * gap / 2**11)
    step = 2 * STEP * max(abs(place), 1e-3)
    assert low + gap / 2**11 - step <= place <= high - gap / 2**11 + step


@pytest.mark.parametrize("before, after, jump, kept", [
    (0.1, 0, 0.59, False), (0.1, 0, 0.61, True), (0, 0.1, 0.59, False), (0, 0.1, 0.61, True),
    (-0.1, 0, 0.59, False), (0, -0.1, -0.59, False), (0.05, 0.1, -0.61, True),
    (0.1, 0.05, 0.59, False)])
def test_a_jump_is_six_times_what_changes_on_the_side_where_more_changes(before, after, jump, kept):
    """The stretch is 4 to 5: slopes at 2, 3, 6 and 7 are looked at."""
    slope = {2: 1 - before, 3: 1.0, 6: 1 + jump, 7: 1 + jump + after}
    low, high = sudden(lambda x: np.array([slope[v] for v in x]), np.array([4.0]), np.array([5.0]),
                       0.0)
    assert (low.tolist(), high.tolist()) == (([3], [6]) if kept else ([], []))


def test_a_jump_that_rounding_makes_is_none():
    slope = {2: 1.0, 3: 1.0, 6: 1.5, 7: 1.5}
    for least, kept in ((0.5, 0), (0.499, 1)):
        assert sudden(lambda x: np.array([slope[v] for v in x]), np.array([4.0]), np.array([5.0]),
                      least)[0].size == kept
    nothing = sudden(lambda x: np.full(x.size, np.nan), np.array([4.0]), np.array([5.0]), 0.5)
    assert nothing[0].size == 1  # what is not known may be a jump


# -- a stretch

def test_a_stretch_is_halved_on_the_side_that_the_middle_is_of():
    """1 to the left of the threshold; to the right 9 and a slope of 1."""
    def value(k):
        return lambda x: 1.0 if x < k else 8 + x

    left = narrower(value(0.75), (0, 1), (1, 9), flat, up, 1e-6)
    right = narrower(value(0.25), (0, 1), (1, 9), flat, up, 1e-6)
    assert left == ((0.5, 1), (1, 9)) and right == ((0, 1), (0.5, 8.5))
    assert narrower(lambda x: 5.0, (0, 1), (1, 9), flat, up, 1e-6) is None
    slack = narrower(lambda x: 1.25, (0, 1), (1, 9), flat, up, 0.25)
    assert slack == ((0.5, 1.25), (1, 9))
    assert narrower(lambda x: 1.25, (0, 1), (1, 9), flat, up, 0.2499) is None


def test_where_both_sides_meet_an_eighth_to_each_side_is_looked_at():
    """The sides are apart by ½ in the middle, and that is four times 0.125."""
    def value(x):
        return 1.0 if x < 4 else x - 1.5

    assert narrower(value, (0, 1), (8, 6.5), flat, up, 0.375) == ((3, 1), (5, 3.5))
    assert narrower(lambda x: 1.0 if x < 4.5 else x - 2, (0, 1), (8, 6), flat, up, 0.25) == (
        (3, 1), (5, 3))
    half = narrower(lambda x: 1.0 if x < 4.5 else x - 2, (0, 1), (8, 6), flat, up, 0.2)
    assert half == ((4, 1), (8, 6))  # they are apart: the middle alone
    assert narrower(lambda x: 9.0 if 2 < x < 4 else value(x), (0, 1), (8, 6.5), flat, up,
                    0.375) is None


def test_what_is_off_by_less_than_a_slope_that_is_continued_is_of_that_side():
    """Inside of the stretch the slopes are 1 + off times those outside, whatever their size."""
    for size in (1e-3, 1.0, 1e4):
        def f(x, off, size=size):
            inside = np.clip(x, 0.1, 0.9)
            left = x - 0.1 + off * (inside - 0.1)
            right = 2 * (x - 0.9) + off * 2 * (inside - 0.9) + 0.5 + 0.6
            return size * np.where(x > 0.6, right, left)

        slopes = (lambda x, size=size: size + 0 * x), (lambda x, size=size: 2 * size + 0 * x)
        near = along(lambda x: f(x, 0.5e-8))
        place, error = closed_in(near, 0.1, 0.9, *slopes)
        assert abs(place - 0.6) <= error < 1e-9
        assert closed_in(along(lambda x: f(x, 1e-7)), 0.1, 0.9, *slopes) is None


def test_a_threshold_is_known_as_well_as_values_are():
    """Within 64 times 16 roundings by the jump of the slope, and not in many more steps."""
    clear = along(lambda x: np.maximum(x - 0.3, 0))
    for high in (1.0, 4.0):
        place, error = closed_in(clear, 0.0, high, flat, up)
        rounding = 16 * 2.0**-52 * ((high - 0.3) + high * 1)
        assert 0.2 * 64 * rounding < error <= 64 * rounding and abs(place - 0.3) <= error
    rough = along(lambda x: np.maximum(x - 0.3, 0) + 1e-7 * (x < 0) - 1e-7 * (x > 1))
    noisy, error = closed_in(rough, 0.0, 1.0, flat, up)
    assert 0.2 * 64 * 16e-7 < error <= 64 * 16e-7 and abs(noisy - 0.3) <= error
    wide = closed_in(rough, 0.25, 0.3001, flat, up)
    assert wide[1] < 1e-9  # nothing of it is seen beside a stretch so narrow


def test_what_rounds_on_one_side_is_the_rounding():
    """The slope changes by 4 along each step: the integral of a straight line is exact."""
    line = lambda x: 4 * x  # noqa: E731  of 2x²
    assert change(line, 1.0, 3.0) == 16 and change(line, 3.0, 1.0) == -16
    off = {0: 0.0, 1: 3e-3, -1: -2e-3}
    for a, b in ((1, 0), (0, 1), (-1, 0), (0, -1), (-1, 1), (1, -1)):
        def value(x, a=a, b=b):
            return 2 * x * x + off[a] * (x < 1) + off[b] * (x > 2)

        assert rounded_off(value, (1, 2), (2, 8), line, line) == pytest.approx(
            max(abs(off[a]), abs(off[b])))


# -- regions

@pytest.mark.parametrize("value, scale, text", [
    (1e-9, 1.0, "0"), (1.0001e-9, 1.0, "1.0001e-09"), (0.0, 0.0, "0"), (2e-9, 2.0, "0"),
    (-1e-9, 1.0, "0"), (1000 / 999, 1.0, "1000 / 999"), (0.5 * (1 + 9e-10), 1.0, "0.5"),
    (1 / 3 * (1 - 9e-10), 1.0, "1 / 3"), (-1 / 7, 1.0, "-1 / 7"),
    (1234.5678 * (1 + 1e-9), 1.0, repr(1234.5678 * (1 + 1e-9))), (-12.3457, 1.0, "-12.3457"),
    (-12.3457 * (1 + 9e-9), 1.0, "-12.3457"),
    (-12.3457 * (1 + 2e-8), 1.0, repr(-12.3457 * (1 + 2e-8))), (1e7, 1.0, "1e+07")])
def test_a_number_is_written_as_short_as_nine_digits_allow(value, scale, text):
    assert number_text(value, scale) == text


def test_a_number_may_be_asked_for_in_more_digits():
    assert number_text(0.5 * (1 + 1e-11), 1.0, 1e-12) == repr(0.5 * (1 + 1e-11))
    assert number_text(1e-11, 1.0, 1e-12) == "1e-11" and number_text(1e-12, 1.0, 1e-12) == "0"


@pytest.mark.parametrize("a, b, found", [
    (1, 2, (1, 2)), (-np.inf, 5, (-200, 5)), (-np.inf, -900, (-1100, -900)),
    (-3, np.inf, (-3, 200)), (700, np.inf, (700, 900)), (-np.inf, np.inf, (-200, 200))])
def test_a_region_that_goes_on_for_ever_is_looked_at_so_far(a, b, found):
    assert ends(a, b, 2.0) == found


def test_a_straight_line_is_fitted_to_numbers_inside():
    asked = []

    def slope(x):
        asked.append(x)
        return 2 * x - 1

    fit, top, reach = fitted(slope, 10.0, 20.0)
    at, = asked
    assert at.size == 7 and 10 < at[0] < 10.2 and 19.8 < at[-1] < 20 and np.all(np.diff(at) > 0.4)
    np.testing.assert_allclose(fit, [-1, 2], rtol=1e-9)
    assert (top, reach) == (2 * at[-1] - 1, at[-1])
    fit, top, reach = fitted(lambda x: 0 * x - 3, -20.0, -10.0)
    assert fit.tolist() == pytest.approx([-3]) and top == 3 and 19.8 < reach < 20
    for off, good in ((0.85e-9, True), (1.2e-9, False)):
        bent = fitted(lambda x, off=off: 5 + 5 * off * (-1) ** np.arange(7), 0.0, 1.0)
        assert (bent is not None) is good
    assert fit_text(np.array([-1e-9, 2.0]), 40.0, 20.0, "X") == "2 * X"  # beside slopes of 40
    assert fit_text(np.array([-1e-7, 2.0]), 40.0, 20.0, "X") == "2 * X - 1e-07"
    assert fit_text(np.array([3.0, 1e-9]), 40.0, 20.0, "X") == "3"
    assert piece(lambda x: x**2, 0, 1, 1.0, "X") is None


def test_numbers_without_a_slope_in_either_order_are_left_out():
    """A function that never tells the last of so many numbers: in the other order it is the first.
    """
    def slope(x):
        found = np.where(x > 3, 2.0, 1.0)
        found[-1:] = np.nan if x.size == GRID.size else found[-1:]
        return found

    assert thresholds(slope, GRID) == [3]


def test_up_to_six_thresholds_are_told():
    def stairs(count):
        return lambda x: sum(((x > k) * 1.0 for k in range(1, count + 1)), 0 * x)

    for count in (1, 6):
        places, texts = by_slopes(stairs(count), GRID, 1.0, "X")
        assert places == [*range(1, count + 1)] and texts == [str(k) for k in range(count + 1)]
    for count in (0, 7):
        assert by_slopes(stairs(count), GRID, 1.0, "X") is None


@pytest.mark.parametrize("place, error, short", [
    (1e-6, 1e-6, 0.0), (-1e-6, 1e-6, 0.0), (-2e-6, 1e-6, -1e-6), (0.25, 0.05, 0.2),
    (123.456, 0.06, 123.5), (1 / 3, 1e-17, 1 / 3)])
def test_the_shortest_number_is_within_the_error(place, error, short):
    assert rounded(place, error) == pytest.approx(short, rel=1e-15) or short == -1e-6
    assert abs(rounded(place, error) - place) <= max(error, 1e-17)


# -- of samples

def looked_at(f, x, known=None):
    samples = samples_of(f, (x,), None, known or {}, None, None, {})
    return samples, reduced(samples, whole_core(samples))[0]


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
def test_an_empty_input_has_no_regions_and_no_warning(shape):
    samples, core = looked_at(lambda X: np.maximum(X, 0), np.zeros(shape))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert by_regions(samples, core) is None


def test_all_entries_are_asked_together_each_by_a_step_of_its_size():
    x = np.array([[3.0, -2.0, 1e-9], [-1e-4, 1e-3, 5.0]])
    samples, core = looked_at(lambda X: np.maximum(X, 0).T, x + 0.5)
    D, sizes = together(samples, core, x)
    np.testing.assert_array_equal(sizes, [[3, 2, 1e-3], [1e-3, 1e-3, 5]])
    assert D.shape == (1, 3, 2)
    np.testing.assert_allclose(D[0].T / sizes, x > 0)


def test_slopes_at_more_numbers_than_entries_come_in_several_calls():
    samples, core = looked_at(lambda X: np.where(X > 1, X**2, 3 * X), np.array([[0.5, 2.0]]))
    slope = slope_of(samples, core, Variable("X"))
    np.testing.assert_allclose(slope(np.array([5.0, -1, 2, 0.5, 3])), [10, 3, 4, 3, 6])
    assert slope(np.array([])).shape == (0,)


@pytest.mark.parametrize("f, kind, line", [
    (lambda X: np.clip(X, -1, 3), "elementwise", "G * ((X > -1) & (X < 3))"),
    (lambda X: np.clip(X, -1, 3).sum(), "core", "G * ((X > -1) & (X < 3))"),
    (lambda X: np.clip(X, -1, 3).mean(0), "elementwise", "0.5 * G * ((X > -1) & (X < 3))")])
def test_a_mask_takes_the_place_of_an_answer(f, kind, line):
    samples, core = looked_at(f, np.array([[0.5, -2.0, 4], [1, 2, -0.5]]))
    found = Structure(samples, core, ("i",), Answer("dense", (), 7, "G", names=core.names), 0.5)
    made = with_mask(samples, core, found)
    assert (made.answer.kind, made.answer.line) == (kind, line)
    assert made.constants == () and made.reduced.letters == core.pattern.letters
    assert made.answer.stored == 6 and made.error == 0.5
    for J, array in zip(samples.tensors, made.reduced.arrays, strict=True):
        np.testing.assert_array_equal(array, core.pattern.view(J))
    smooth, core = looked_at(np.tanh, np.array([[0.5, -2.0, 4]]))
    same = Structure(smooth, core, (), Answer("dense", (), 7, "G", names=core.names), 0.5)
    assert with_mask(smooth, core, same) is same
