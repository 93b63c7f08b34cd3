"""How far a slope is known: ladders of steps, the rounding of both passes, and what is made of it.

What is expected follows from the formulas: an extrapolated slope has no error of the lowest order,
and the rounding that two differences, each over its own step, can bring into it.
"""

from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest

from helpers import check_gradients
from helpers.calculus.doctor import ladder as ladder_of
from helpers.calculus.doctor import measure
from helpers.calculus.doctor.examine import stream
from helpers.calculus.doctor.judge import judged
from helpers.calculus.doctor.ladder import believed, columns, extrapolated, kinked, ladder
from helpers.calculus.doctor.measure import (
    contracted,
    index_of,
    moved_by,
    noise_of,
    nudged,
    of_full,
    place_of,
    rounding,
)
from helpers.calculus.looks import Kink

EPS = 2.0**-52
STEPS = 8.0 ** -np.arange(10)


# -- the ladder

@pytest.mark.parametrize("x, at, top, bottom", [
    ([4.0, 0.001], 4.0, 4, 1e-6), ([4.0, 0.001], 0.001, 4, 1e-9), ([4.0, 0.001], 0.0, 4, 1e-9),
    ([0.25], 0.25, 1, 0.25e-6), ([0.0, 0.0], 0.0, 1, 1e-6), ([8.0, np.nan, np.inf], 8.0, 8, 1e-6),
    ([2.0**60], 2.0**60, 2**60, 64 * 2.0**8), ([-(2.0**20), 1.0], 1.0, 2**20, 1e-6),
    ([8.0, 16.0], 0.0, 16, 1e-6)])
def test_steps_go_by_eighths_from_all_of_the_input_to_a_millionth_of_a_number(x, at, top, bottom):
    steps = ladder(np.array(x), at)
    assert steps[0] == top and (steps[:-1] == 8 * steps[1:]).all()
    assert bottom / 8 < steps[-1] <= bottom
    assert ladder(np.array([3.0]), 3.0)[0] == 4  # powers of 2, which change no other digit


def test_two_steps_take_out_the_first_term_of_the_error():
    for power, factor in ((1, 8), (2, 64)):
        np.testing.assert_allclose(extrapolated(3 + 5 * STEPS**power, factor), 3, rtol=1e-13)


@pytest.mark.parametrize("factor", [8.0, 64.0])
def test_of_a_straight_line_only_rounding_is_left(factor):
    """Of two differences with errors r/h and 8r/h the extrapolated one has (8·factor + 1)/8 r/h
    over factor − 1; the estimate is no less, and at most a third more."""
    blur = 1e-9 / STEPS
    slope, error = believed(np.full(10, 3.0)[:, None], factor, blur[:, None])
    assert slope == 3
    least = (8 * factor + 1) / (factor - 1) * blur[0]
    assert least <= error[0] <= 4 / 3 * least


def test_an_estimate_is_believed_as_far_as_all_finer_ones_tell_the_same():
    def told(plain, blur=0.0):
        slope, error = believed(np.array(plain)[:, None], 8.0, np.full((len(plain), 1), blur))
        return slope[0], error[0]

    slope, error = told([5, 5, 5, 1, 1, 1])          # a kink between the steps
    assert (slope, error) == (1, 0)
    slope, error = told([5, 5, 5, 1])                # the last pair has no finer one to agree with
    assert error >= 4
    slope, error = told([np.nan, 2, 2, 2])
    assert (slope, error) == (2, 0)
    assert told([np.nan] * 4)[1] == np.inf
    assert told([3, 3, np.nan, 3, 3, 3]) == (3, 0)   # a step that left the domain says nothing
    slope, error = told([2, 2 + 1e-6, 2, 2 - 1e-6, 2, 2 + 1e-6], 1e-6)
    assert abs(slope - 2) < error < 1e-5
    assert told([4, 3 + 1 / 8, 3 + 1 / 64]) == (3, 0)    # two pairs that agree to the last digit
    assert told([2, 2, 2.7], 1.0)[1] > 2                 # they differ, and rounding adds to it


def measured(f, x, places=(0,), noise=0.0):
    return columns(f, np.array(x, float), list(places), noise)


SLOPES = {  # a function of the first number, where, its slope
    "x³": (lambda x: x[0]**3, 2.0, 12.0), "sin": (lambda x: np.sin(x[0]), 1.0, np.cos(1.0)),
    "exp": (lambda x: np.exp(x[0]), -3.0, np.exp(-3.0)), "1/x": (lambda x: 1 / x[0], 0.01, -1e4),
    "log": (lambda x: np.log(x[0]), 1e-4, 1e4), "√": (lambda x: np.sqrt(x[0]), 4.0, 0.25),
    "x²": (lambda x: x[0]**2, 1e8, 2e8), "3x": (lambda x: 3 * x[0], 0.0, 3.0)}


@pytest.mark.parametrize("f, x, slope", SLOPES.values(), ids=SLOPES)
def test_a_slope_is_as_near_as_its_error_says_and_the_error_is_small(f, x, slope):
    noise = noise_of(f, [np.array([x])], np.random.default_rng(1))
    found = measured(f, [x], noise=noise)
    assert abs(found.J[0] - slope) <= found.error[0] <= 2e-8 * abs(slope)
    assert found.kinks == () and found.Y == f([x])


@pytest.mark.parametrize("held", [2, 7, 2**17])
def test_many_columns_are_those_of_each(held, monkeypatch):
    monkeypatch.setattr(ladder_of, "HELD", held)  # entries at one time
    A = np.random.default_rng(0).standard_normal((3, 5))
    x = np.arange(1.0, 6)
    found = measured(lambda x: A @ np.sin(x), x, [0, 2, 4])
    np.testing.assert_allclose(found.J, (A * np.cos(x))[:, [0, 2, 4]], rtol=1e-8)
    assert found.error.shape == (3, 3) and (found.error < 1e-8).all()


KINKS = {  # of x at 0: the function, its slopes to the left and to the right
    "abs": (np.abs, -1, 1), "relu": (lambda x: np.maximum(x, 0), 0, 1),
    "steep": (lambda x: np.where(x > 0, 1e5 * x, np.sin(x)), 1, 1e5),
    "bent": (lambda x: np.abs(x) + np.exp(3 * x), 2, 4),
    "small": (lambda x: np.maximum(x, 0.99 * x), 0.99, 1)}


@pytest.mark.parametrize("f, left, right", KINKS.values(), ids=KINKS)
def test_a_kink_has_a_slope_to_each_side(f, left, right):
    found = measured(f, [[0.5, 0.0]], [0, 1], np.full((1, 2), EPS))
    (kink,) = found.kinks
    assert kink.output == kink.input == (0, 1)
    assert abs(kink.left - left) < 1e-6 * max(1, right)
    assert abs(kink.right - right) < 1e-6 * right
    assert abs(found.J[0, 1, 1] - (left + right) / 2) <= found.error[0, 1, 1] < 1e-5 * right


@pytest.mark.parametrize("f", [np.sin, np.cbrt, lambda x: x * np.abs(x), lambda x: np.sin(1e3 * x),
                               lambda x: np.maximum(x, (1 - 1e-5) * x), lambda x: x**2,
                               lambda x: np.abs(x - 0.3), lambda x: np.where(x > 0, 1.0, 0.0)])
def test_what_is_no_kink_is_not_called_one(f):
    assert measured(f, [0.0], noise=np.full(1, EPS)).kinks == ()


def test_the_error_is_that_of_the_numbers_that_came_out_and_at_a_kink_of_one_side():
    """Two numbers, each with a rounding of two units, over two steps; over one at a kink."""
    least = 2 * EPS * 1e6 / (1 / 8) * 64.125 / 63 / 1
    assert least <= measured(lambda x: 1e6 + x[0], [0.5]).error[0] <= 4 / 3 * least
    (error,) = measured(np.abs, [0.0], noise=np.full(1, 1e-9)).error[0]
    least = 2 * 1e-9 / (1 / 8) * 8.125 / 7
    assert least <= error <= 4 / 3 * least


@pytest.mark.parametrize("f", KINKS.values(), ids=KINKS)
def test_a_kink_in_a_mirror_is_known_as_well(f):
    """The side that is known worse decides, be it the left or the right."""
    f = f[0]
    noise = np.full(1, 1e-9)
    seen, mirrored = (measured(g, [0.0], noise=noise) for g in (f, lambda x: f(-x)))
    assert seen.error[0] == pytest.approx(mirrored.error[0], rel=1e-9)
    assert seen.kinks[0].left == pytest.approx(-mirrored.kinks[0].right, rel=1e-9)


def test_a_kink_that_rounding_could_make_is_none():
    for noise, seen in ((1e-12, 1), (1e-3, 0)):
        assert len(measured(np.abs, [0.0], noise=np.full(1, noise)).kinks) == seen


def test_a_gap_of_both_sides_stays_open_in_the_finest_steps():
    def told(*gaps, blur=0.0, sizes=1.0, last=None):
        blurs = np.full((6, 1), blur)
        blurs[-1] = blur if last is None else last
        return kinked(np.array(gaps, float)[:, None], blurs, sizes)[0]

    assert told(2, 2, 2, 2, 2, 2) and told(5, 4, 3, 2, 2, 2) and told(2, 2, 2, 2, np.nan, np.nan)
    assert told(-2, -2, -2, -2, -2, -2)
    assert told(0, 0, 0, 2, 2, 2)                          # three are enough
    assert told(*[20] * 5, 20.9) and not told(*[20] * 5, 22)   # within a twentieth
    assert told(*[20] * 6, blur=0.19) and not told(*[20] * 6, blur=0.21)   # a hundredth of the gap
    assert told(*[1] * 6, sizes=999) and not told(*[1] * 6, sizes=1001)   # a thousandth of slopes
    assert told(*[2] * 5, 1.5, last=1) and told(*[2] * 5, 0.95, last=1)   # too blurred to tell
    assert not told(*[2] * 5, 0.85, last=1)
    for gaps in ([2, 1, 0.5, 0.25, 0.125, 0.06], [2, 2, 2, 2, 2, 0], [0, 0, 0, 0, 2, 2],
                 [2, 2, 2, 2, 2, 3], [0] * 6, [np.nan] * 6, [2, 2, 2, 2, -2, 2]):
        assert not told(*gaps)


# -- what rounding does

def test_the_rounding_of_forward_shows_when_its_inputs_move_in_their_last_places():
    def told(f, *inputs):
        return noise_of(f, [np.array(x, float) for x in inputs], np.random.default_rng(0))

    many = told(lambda x: 1e9 * (x - 3), [3.0] * 50)
    assert (many >= 2e9 * EPS).all() and (many <= 1e10 * EPS).all()  # the largest of a few
    assert told(lambda x: x + 5.0, [0.0]) == 10 * EPS         # 2 units of what comes out
    ties = told(lambda x: x[:1] - x[1:], [1e3, 1e3])
    assert 100 * EPS < ties[0] < 6e3 * EPS                    # though the difference is 0
    assert (told(lambda x, y: x * y, [1.0, 0.0], [2.0, 3.0]) >= [4 * EPS, 0]).all()
    assert told(lambda x, y: x * y, [1.0], [2.0])[0] <= 12 * EPS
    assert told(lambda x: 1e9 * (x - 3.0), [3.0])[0] > 1e9 * EPS


def test_a_nudge_is_one_unit_of_the_last_place():
    x = np.random.default_rng(0).uniform(1, 2, (30, 2))
    moved = (nudged(x, np.random.default_rng(1)) - x) / EPS
    assert (np.abs(moved) >= 1).all() and (np.abs(moved) <= 2).all() and abs(moved.mean()) < 1
    wide = nudged(x, np.random.default_rng(1), 2.0**-23) / x - 1
    np.testing.assert_allclose(np.abs(wide), 2.0**-23, rtol=1e-6)
    assert nudged(np.array(2.0), np.random.default_rng(0)).shape == ()


def test_how_far_answers_are_apart():
    first = np.array([1.0, 2.0, np.nan])
    assert moved_by([first]) == 0
    others = np.array([[1.0, 1.5, np.nan], [1.25, np.inf, np.nan]])
    assert moved_by([first, *others]) == 0.5


def slopes_of(J, error=0.0, kinks=(), Y=None):
    J = np.array(J, float)
    return SimpleNamespace(J=J, error=np.full(J.shape, error), kinks=kinks,
                           Y=np.ones(J.shape[:1]) if Y is None else np.array(Y, float))


def wanted_of(J, G, **more):
    J, G = np.array(J, float), np.array(G, float)
    return contracted(G, slopes_of(J, **more), J.shape[1:], np.arange(J[0].size), None)


def test_the_slack_of_a_gradient_grows_with_what_moves_and_with_what_cancels():
    """Sixteen times: what moved, and a unit of Σ|G||J| and of Σ|G||Y|."""
    G, J, Y = np.array([1.0, -2]), [[3.0, 0], [4.0, 1]], [5.0, 6.0]
    wanted = wanted_of(J, G, Y=Y)
    first = np.array([1.0, 1.0])
    units = EPS * (11 + 17)
    assert rounding([first], wanted, G) == pytest.approx(16 * units, rel=1e-9)
    assert rounding([first, first + 1e-9], wanted, G) == pytest.approx(
        16 * (1e-9 + units), rel=1e-6)
    assert rounding([first], wanted, G, 1e-7) == pytest.approx(16 * 28e-7, rel=1e-9)
    kink = wanted_of(J, G, Y=Y, kinks=(Kink((0,), (0,), 1.0, 2.0),))
    assert rounding([first, first + 1], kink, G) == pytest.approx(16 * units, rel=1e-9)
    zero = wanted_of([[0.0]], [3.0], Y=[0.0])
    tiny = np.finfo(float).tiny  # a step multiplies what is left by as little as EPS
    assert tiny <= EPS * rounding([np.zeros(1)], zero, np.array([3.0])) <= 4 * tiny


def clock(monkeypatch, seconds):
    ticks = count()
    monkeypatch.setattr(measure.time, "perf_counter", lambda: seconds * next(ticks))


@pytest.mark.parametrize("seconds, entries, places", [
    (0.0, 4, 256), (0.0, 0, 256), (0.0, 2**16, 64), (0.0, 2**17, 32), (0.0, 2**20, 8),
    (0.01, 4, 40), (0.001, 4, 256), (0.1, 4, 8), (1e3, 4, 8)])
def test_a_large_output_and_a_slow_function_are_measured_at_fewer_places(
        monkeypatch, seconds, entries, places):
    """At most 4 million slopes are held; 25 calls a place may take ten seconds in all."""
    clock(monkeypatch, seconds)
    calls = []
    found = measure.most_places(calls.append, np.zeros(3), np.zeros(entries))
    assert found == places if seconds != 0.01 else abs(found - places) <= 1
    assert len(calls) == 3


def test_the_shortest_of_three_calls_is_its_time(monkeypatch):
    times = iter([0.0, 1.0, 1.01, 3.0])
    monkeypatch.setattr(measure.time, "perf_counter", lambda: next(times))
    assert abs(measure.most_places(abs, 1, np.zeros(1)) - 40) <= 1


def test_of_many_entries_some_are_drawn_and_all_lie_on_a_line(monkeypatch):
    monkeypatch.setattr(measure, "most_places", lambda f, x, G: 5)
    x, A = np.arange(6.0).reshape(2, 3), np.random.default_rng(0).standard_normal((4, 2))
    G = np.random.default_rng(1).standard_normal((4, 3))

    def known(x):
        noise, random = np.zeros((4, x.shape[1])), np.random.default_rng(2)
        return measure.measure(lambda x: A @ x**2, x, G[:, :x.shape[1]], noise, random)

    some = known(x)
    assert known(x[:, :2]).whole and known(x[:, :2]).along is None
    assert len(some.places) == 5 and (np.diff(some.places) > 0).all() and not some.whole
    right = A.T @ G * 2 * x
    np.testing.assert_allclose(some.array.flat[some.places], right.flat[some.places], rtol=1e-8)
    assert np.isnan(some.array).sum() == 1
    direction, slope, error = some.along
    assert abs(slope - np.sum(right * direction)) <= error + 1e-12 < 1e-6


def test_an_index_and_its_place():
    for index, shape, place in (((1, 2), (2, 3), 5), ((0,), (4,), 0), ((), (), 0)):
        assert index_of(place, shape) == index and place_of(index, shape) == place


# -- kinks in a gradient

def test_a_kink_of_one_number():
    def told(at_zero):
        return check_gradients(lambda x: np.abs(x), lambda G, x: G * (np.sign(x) or at_zero), 0.0)

    (check,) = told(0.3)
    assert check.passed and check.verdict == (
        "right. A kink: Y has the slope −1.0000 to the left of x and 1.0000 to its right.")
    (check,) = told(1.3)
    G = float(stream(0).standard_normal())
    first, second = (f"{x:.4f}".replace("-", "−") for x in (1.3 * G, G))
    assert check.verdict.startswith(f"wrong: dx is {first}, but should be {second}. A kink: Y has")


def test_at_a_kink_any_slope_of_both_sides_is_right():
    kinks = (Kink((1,), (0,), 5.0, 1.0), Kink((0,), (1,), -1.0, 2.0))
    wanted = wanted_of([[1.0, 0.5], [3.0, 0]], [2.0, -1], kinks=kinks, error=0.25)
    np.testing.assert_allclose(wanted.value, [-1, 1])
    np.testing.assert_allclose(wanted.low, [-3, -2])     # 2·1 − 5, 2·(−1)
    np.testing.assert_allclose(wanted.high, [1, 4])      # 2·1 − 1, 2·2
    np.testing.assert_allclose(wanted.error, 0.75)
    full = of_full(wanted)
    np.testing.assert_allclose(full.low, [1, -1, 1, 0])
    np.testing.assert_allclose(full.high, [1, 2, 5, 0])
    np.testing.assert_allclose(full.value, [1, 0.5, 3, 0])
    assert full.places.tolist() == [0, 1, 2, 3] and full.kinks == () and full.along is None
    sure = wanted_of([[1.0, 0.5], [3.0, 0]], [2.0, -1], kinks=kinks)
    for got, wrong in (([-3, -2], None), ([1, 4], None), ([1.5, 4], (0,)), ([0, -2.5], (1,))):
        assert judged("dX", got, sure, 1e-9).wrong == wrong


def test_an_array_of_places_in_the_middle():
    found = contracted(np.array([2.0]), slopes_of([[3.0, 2.0]], kinks=(
        Kink((0,), (1, 2), 1.0, 3.0),)), (2, 3), np.array([1, 5]), None)
    np.testing.assert_array_equal(found.array, [[np.nan, 6, np.nan], [np.nan, np.nan, 4]])
    assert found.low.tolist() == [6, 2] and found.high.tolist() == [6, 6]
    np.testing.assert_array_equal(found.column(5, (1,)), [2])
    np.testing.assert_array_equal(found.column(1, (1,)), [3])
