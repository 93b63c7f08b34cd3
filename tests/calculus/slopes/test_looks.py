"""How a complex step and differences are weighed against each other, piece by piece, by hand."""

import warnings
from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.complex_step import step
from helpers.calculus.looks import (
    across,
    better,
    contradictions,
    judged,
    last_digit,
    relative,
    steepness,
    test_direction,
    troubles,
    unlike,
    weighted,
    worst,
)
from helpers.calculus.slopes import look_at

test_direction.__test__ = False  # a name of the calculus, not a test
RANDOM = np.random.default_rng(4)


def line(**values):
    """A `Line` of as many outputs as there are slopes, smooth and without noise."""
    slope = np.asarray(values["slope"], float)
    plain = {name: np.zeros(slope.shape) for name in ("error", "left", "right", "jump", "noise")}
    return SimpleNamespace(**plain | {
        "kink": np.zeros(slope.shape, bool), "finest": np.zeros(slope.shape, int), "near": slope,
        "near_error": np.zeros(slope.shape), "top": np.ones(slope.shape)} | {
        name: np.asarray(value) for name, value in values.items()})


def test_sums_over_directions():
    w, D = RANDOM.standard_normal((2, 3)), RANDOM.standard_normal((2, 3, 4, 5))
    np.testing.assert_allclose(weighted(w, D), np.einsum("pc,pcij->pij", w, D))
    assert across(w[0], D[0, 0]).shape == (3, 1, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = relative(np.array([0.0, 1, 1, 0.5, np.inf, np.inf]),
                         np.array([0, 4.0, 0.5, 0, 0, 4]))
    assert found.tolist() == [0, 0.25, 2, np.inf, np.inf, np.inf]


def test_the_worst_of_some():
    by = np.array([[9.0, 2.0], [3.0, np.nan]])
    assert worst(np.array([[False, True], [True, False]]), by) == ("[1, 0]", 3.0)
    assert worst(np.array(True), np.array(0.5)) == ("", 0.5)
    assert worst(by < 0, np.zeros((2, 2)))[0] == "[0, 0]"
    assert worst(by != 9, by)[0] == "[1, 1]"  # what is no number is worst


def test_differences_are_taken_where_they_are_wanted_and_contradict():
    """Alike; another slope; not wanted; so vague that they confirm nothing."""
    D, error = np.ones(4), np.full(4, 0.1)
    C, c_error = np.array([1.001, 2.0, 2.0, 1.001]), np.array([2e-4, 2e-4, 2e-4, 2e-3])
    found, left = better(D, error, C, c_error, np.array([True, True, False, True]))
    np.testing.assert_array_equal(found, [1, 2, 1, 1.001])
    np.testing.assert_allclose(left, [1.2e-3, 2e-4, 0.1, 2e-3])
    assert better(D, 0 * error, C, c_error, np.full(4, True))[1][0] == 0


def test_a_kink_is_as_steep_as_its_steeper_side():
    one = line(slope=[1.5, -2, np.nan, 1, 1], kink=[False, False, True, True, True],
               left=[9, 9, -3, 4, 0.5], right=[9, 9, 1, -7, 0.5])
    assert steepness(one).tolist() == [1.5, 2, 3, 7, 1]


def test_columns_that_add_up_to_something_else():
    w, C = np.array([0.5, -1.0]), np.array([[2.0, 2.0], [1.0, 1.0]])  # they add up to 0
    found = unlike(C, np.full((2, 2), 0.01), w, line(slope=[0.25, 0.04]))
    assert found.tolist() == [0.25, 0]  # they are known to 3·0.015
    assert unlike(C, 0 * C, w, line(slope=[0.25, 0.04], error=[0.1, 0.01])).tolist() == [0, 0.04]


def test_where_a_line_stands_still_columns_may_see_one_unit_over_the_widest_step():
    w, seen = np.ones(1), 7 * 2.0**-52  # the widest step is 1/8
    C = np.array([[seen, 1 + seen]])
    assert unlike(C, 0 * C, w, line(slope=[0, 1])).tolist() == [0, seen]


@pytest.mark.parametrize("size", [1.0, 2.0**40])
def test_a_column_contradicts_where_a_small_part_of_it_was_lost_beside_large_ones(size):
    def lost(x):
        return size * np.array([1e6 * np.sin(3 * x[0]) + 1e-4 * np.array(x).real[1], x[0] * x[1]])

    def kept(x):
        return size * np.array([1e6 * np.sin(3 * x[0]) + 1e-4 * x[1], x[0] * x[1]])

    x = np.array([0.5, 2.0])
    with np.errstate(all="ignore"):
        assert contradictions(look_at(lost, x)).tolist() == [True, False]
        assert contradictions(look_at(kept, x)).tolist() == [False, False]


@pytest.mark.parametrize("count", range(1, 6))
def test_the_direction_of_the_test_has_few_binary_places_and_is_never_short(count):
    w, r = test_direction(count, lambda w: w.sum(keepdims=True), np.ones(1))
    assert (w * 2.0**9 % 1 == 0).all() and r < 1
    w, r = test_direction(count, lambda w: w, np.ones(count))
    assert 0.5 <= np.abs(r).max() < 1


@pytest.mark.parametrize("size", [1.0, 2.0**-30])
def test_the_direction_of_the_test_is_no_longer_than_x_and_leaves_out_nothing(size):
    V = RANDOM.choice([-1.0, 0.5], (6, 3, 2)) * size
    w, r = test_direction(6, lambda w: np.tensordot(w, V, 1), np.full((3, 2), size))
    np.testing.assert_array_equal(r, np.tensordot(w, V, 1))
    assert (np.abs(r) < size).all() and np.abs(r).max() >= size / 2
    assert np.abs(w).max() <= 8 / 5 * np.abs(w).min() and {*np.sign(w)} == {-1, 1}
    again = test_direction(6, lambda w: np.tensordot(w, V, 1), np.full((3, 2), size))
    np.testing.assert_array_equal(again[0], w)


def test_a_complex_step_is_bad_where_differences_are_sure_of_another_slope():
    """The same; another; another, but vague; f has no value; a slope too rough to confirm."""
    D = np.array([[[1.0, 1.0, 1.0, 1.0, 1.0]]])
    here = np.array([[1.0, 1.0, 1.0, np.nan, 1.0]])
    slope = np.array([[1.0, 1.1, 1.1, 1.0, 1.001]])
    error = np.array([[1e-9, 1e-9, 0.02, 1e-9, 0.0011]])
    one = judged(D, np.ones((1, 1)), line(slope=slope, error=error), here)
    assert one.bad.tolist() == [[False, True, False, True, False]]
    assert one.dim.tolist() == [[False, False, True, False, True]]
    np.testing.assert_allclose(one.apart, np.abs(slope - 1) + error)
    np.testing.assert_allclose(one.scale, np.maximum(1, np.abs(slope)))
    alone = judged(None, np.ones((1, 1)), line(slope=slope, error=error), here)
    assert alone.bad.all() and alone.dim.tolist() == [[False, False, True, False, True]]
    flat = judged(0 * D, np.ones((1, 1)), line(slope=0 * slope, error=0 * slope), 0 * here)
    np.testing.assert_allclose(flat.scale, 1e-9)  # of the size of f: less is as good as 0


def test_a_slope_that_no_step_can_see_is_no_contradiction():
    """Differences see 0 where the slope is 1: sure of it; too vague; right where steps are narrow.

    How vague they may be is a thousand roundings of f, over the narrowest step: here 0.015. Then a
    twentieth is seen; no wide step sees anything; and f jumps, so that all of it is in doubt.
    """
    one = judged(np.ones((1, 1, 7)), np.ones((1, 1)), line(
        slope=[[1e-9] * 4 + [0.05, np.nan, 1e-9]],
        error=[[1e-3, 1e-3, 1e-3, 0.08, 0.06, np.inf, 0.08]], top=[[1, 0.01, 1, 1, 1, 1, 1]],
        near=[[0, 0, 0.97, 0, 0, 1, 0]], near_error=[[0.3, 0, 0.02, 0, 0, 0.01, 0]],
        jump=[[0, 0, 0, 0, 0, 0, 0.1]], finest=np.full((1, 7), 11)), np.ones((1, 7)))
    assert one.bad.tolist() == [[True, False, False, False, True, False, True]]
    assert one.dim.tolist() == [[False, True, True, True, True, True, True]]


def test_a_few_roundings_of_what_adds_up_are_no_contradiction():
    size, off = 2.0**20, 2.0**-52 * np.array([[[0, 60, 70]]])
    one = judged(size * (1 + off), np.ones((1, 1)), line(slope=np.full((1, 3), size)),
                 np.ones((1, 3)))
    assert one.bad.tolist() == [[False, False, True]] and not one.dim.any()


def test_a_slope_is_known_as_well_as_it_stays_when_x_moves_in_its_last_digits():
    """sin kx has the slope k cos kx, which moves by k² sin kx · δ; 3y stays, and so does 0."""
    k, eps = 2.0**20, 2.0**-52

    def f(x):
        return np.array([np.sin(k * x[0]), 3 * x[1] + x[0] * x[2]])

    looks = [look_at(f, np.array([x, 2.0, 0.0])) for x in (1.1, 1.7)]
    D, w = np.array([look.D for look in looks]), np.array([look.w for look in looks])
    found = last_digit(looks, w, D)
    assert found.shape == (2, 3, 2)
    np.testing.assert_allclose(found[:, :, 1], 4 * eps * np.abs(D[:, :, 1]), rtol=1e-9)
    for p, x in enumerate((1.1, 1.7)):
        moved = found[p, :, 0] - 4 * eps * np.abs(D[p, :, 0])  # the same by all inputs, but for w
        np.testing.assert_allclose(moved * np.abs(w[p]), moved[0] * np.abs(w[p, 0]))
        least = 16 * eps * abs(k * np.cos(k * x))
        digits = (moved[0] / 2 + least) / abs(k**2 * np.sin(k * x) * eps)
        assert digits == pytest.approx(round(digits), rel=1e-3) and 1 <= round(digits) <= 2


def test_what_is_wrong_with_slopes_is_told_of_the_worst_output_of_each_kind():
    """Of each two: in steps inside, jumps, lost, rough; one without a slope, one not finite."""
    here = np.array([1, 1, 1, 1, 1, 1, 1, 1, np.nan, 1, 1, 1, 1.0])
    loss = np.array([0.05, 0.02, 1e-4, 1e-3, 1e-4, np.inf, 0.25, 0.5, np.inf, 0.9, 0.8, 0, 1e-3])
    jump = np.array([0.1, 0.2, 0.3, 0.04, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    noise = np.array([0.1, 0.3, 0.01, 0.01, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    dim = np.array([1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0], bool)
    one = line(slope=np.ones(13), error=np.arange(13.0), jump=jump, noise=noise)
    assert troubles(here, loss, one, dim) == (
        "f(x)[8] is not finite.",
        "f[1] goes in steps of about 2e-01: it rounds inside, or computes in fewer digits. The "
        "slopes are those of the smooth function through them, right to within 5e-02.",
        "f[2] jumps by about 0.3 beside x: the slopes are those between the jumps.",
        "No finite slope of f[5] was found at x.",
        "No step gives three digits of the slopes of f[7]: they may be off by 50%.",
        "The slopes of f[10] are by a complex step alone: f is so rough there that no difference "
        "has three digits to confirm them with.")
    sound = line(slope=np.ones(2), noise=np.ones(2))
    assert troubles(np.ones(2), np.array([0, 1e-3]), sound, np.zeros(2, bool)) == ()


def test_a_step_is_as_small_as_leaves_the_smallest_numbers_their_digits():
    """Numbers keep all digits down to 2⁻¹⁰²², and the square of 2⁻⁶⁶ is nothing beside 1."""
    assert step(np.array([0.0, 1.0])) == step(np.zeros(2)) == 2.0**-66
    assert step(np.array([1e-300, 0.0])) * 1e-300 == pytest.approx(2.0**-1020, rel=1e-12, abs=0)
