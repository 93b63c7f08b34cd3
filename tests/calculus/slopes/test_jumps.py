"""Slopes along a line beside jumps and where numbers round: against what is worked out by hand."""

import numpy as np
import pytest

from helpers.calculus.differences import (
    CHUNK,
    CLOSE,
    EPS,
    FEW,
    NARROW,
    STEPS,
    Line,
    by_differences,
    cornered,
    finely,
    jumps_of,
    read,
    read_all,
    sides,
    unless_nearer,
    wider,
)
from helpers.calculus.slopes import slopes

AT = np.array(0.0)


def lines_of(f):
    """(values at both sides, f(0), `Line`) of f along t, from all steps."""
    values, here = sides(f, AT, np.array(1.0), STEPS), f(AT)
    return values, here, read(values, here, STEPS)


def test_the_steps_are_those_that_the_text_says():
    """Each an eighth of the one before, from 1/8 to 3e-14; the narrow ones are below 1e-10."""
    line = lines_of(lambda t: np.array([t]))[2]
    np.testing.assert_array_equal(STEPS, 8.0 ** -np.arange(1, 16))
    assert EPS == np.finfo(float).eps and CLOSE == 1e-3 and line.slope == 1
    assert STEPS[-NARROW] < 1e-10 < STEPS[-NARROW - 1]


def test_what_a_line_says_of_each_output():
    """Of |x|, √|x|, 7, a cubic, and of a cubic that is nan on the left."""
    def f(t):
        return np.array([[3 * abs(t) + t, np.sqrt(abs(t)), 7 + 0 * t],
                         [t**3 - 2 * t, t**2 + 5, t if t >= 0 else np.nan]])

    with np.errstate(all="ignore"):
        values, here, line = lines_of(f)
        one = line.one()
        both = read_all([values, values], here, STEPS)
    assert line.kink.tolist() == [[True, False, False], [False, False, False]]
    np.testing.assert_allclose([line.left[0, 0], line.right[0, 0]], [-2, 4])
    np.testing.assert_allclose(line.slope, [[1, np.nan, 0], [-2, 0, np.nan]], atol=1e-9)
    assert np.isinf(line.error[[0, 1], [1, 2]]).all() and line.error[1, 0] < 1e-9
    np.testing.assert_allclose(line.top, [[0.5, 8**-0.5, 7], [0.25 - 8**-3, 5 + 8**-2, 0.125]])
    assert line.noise[0, 2] == 7 * EPS and not line.jump.any() and not line.doubt.any()
    assert line.finest.min() >= 1 and line.finest.max() < len(STEPS)
    for name, value in vars(line).items():
        np.testing.assert_array_equal(getattr(one, name), value[None])
        np.testing.assert_array_equal(getattr(both, name), [value, value])
        np.testing.assert_array_equal(getattr(both.at(1), name), value)


def test_the_slope_of_narrow_steps_is_the_surest_of_the_last_four():
    """Central differences at the last steps; the error is how far two neighbours lie apart."""
    d = np.full((len(STEPS), 4), 3.0)
    d[-4:] = np.transpose([[2, 2, 2.5, 3], [5, 6, 7, 7], [4.5, 5, 6, 7], [1, 2.5, 3, 4]])
    move = d * STEPS[:, None]
    line = read((9 + move, 9 - move), np.full(4, 9.0), STEPS, np.zeros(4))
    assert line.near.tolist() == pytest.approx([2, 7, 5, 3], rel=1e-3)
    assert line.near_error.tolist() == pytest.approx([0, 0, 0.5, 0.5], abs=1e-2)
    noise = np.full(4, 1e-16)
    more = read((9 + move, 9 - move), np.full(4, 9.0), STEPS, noise).near_error - line.near_error
    np.testing.assert_allclose(more, noise / STEPS[[-3, -1, -3, -2]], rtol=1e-6)


COUNT = 20


def stairs(t, size):
    """Steps of this size under 3t, none of them at 0."""
    return size * np.floor(3 * t / size + 0.4)


def jumping(t):
    """Stairs of a thousandth of each output's size, half as high at 3; a steep place at 6; 2t at 1.

    The steep place is a slope of 1001 that wide steps do not see.
    """
    y = (np.arange(COUNT) + 1) * stairs(t, 0.001)
    y[3], y[6], y[1] = 4 * stairs(t, 0.0005), t + 0.01 * np.tanh(1e5 * t), 2 * t
    return y


def test_jumps_are_found_in_some_outputs_and_the_others_are_as_most_of_those():
    values, here, line = lines_of(jumping)
    calls = []

    def counted(t):
        calls.append(t)
        return jumping(t)

    found = jumps_of(counted, AT, np.array(1.0), values, here, line)
    assert line.doubt.tolist() == [k != 1 for k in range(COUNT)]
    jump, slope = 0.001 * (np.arange(COUNT) + 1), 3.0 * (np.arange(COUNT) + 1)
    jump[[1, 3, 6]], slope[[1, 3, 6]] = (0, 0.002, 0), (2, 12, 1001)
    np.testing.assert_allclose(found.jump, jump, rtol=0.01)
    assert (np.abs(found.slope - slope) <= found.error).all()
    assert (found.error <= np.where(jump > 0, 0.3 * slope, 1e-3)).all()
    assert len(calls) < 9 * 50  # eight outputs are searched, each by halving
    np.testing.assert_array_equal(found.error[1], line.error[1])


def test_where_no_jump_is_found_what_is_next_to_x_counts():
    """Of x + sin(10⁶x)/10⁶ wide steps are sure of the slope 1; it is 2. A kink beside it stays."""
    def f(t):
        wave = 1e-6 * np.sin(1e6 * t)
        return np.array([t + wave, t + wave + 4 * abs(t)])

    values, here, line = lines_of(f)
    found = jumps_of(f, AT, np.array(1.0), values, here, line)
    assert line.doubt.all() and not found.jump.any()
    assert found.slope[0] == pytest.approx(2, rel=1e-6) and found.error[0] < 1e-3
    assert line.kink.tolist() == found.kink.tolist() == [False, True]
    np.testing.assert_allclose([found.left[1], found.right[1]], [-2, 6], rtol=1e-6)


def test_where_there_is_no_doubt_nothing_is_looked_for():
    values, here, line = lines_of(lambda t: np.array([t, np.sin(t)]))
    assert jumps_of(None, AT, np.array(1.0), values, here, line) is line


def test_stairs_too_high_for_a_slope_leave_what_is_next_to_x():
    """Of 0.02 the step that x stands on counts, of 0.01 the slope; a bend beside jumps is none."""
    def f(t):
        return np.array([stairs(t, 0.02), stairs(t, 0.01), abs(t) + stairs(t, 0.001)])

    values, here, line = lines_of(f)
    found = jumps_of(f, AT, np.array(1.0), values, here, line)
    np.testing.assert_allclose(found.jump, [0.02, 0.01, 0.001], rtol=1e-3)
    assert found.slope[0] == 0 and (np.abs(found.slope[1:] - 3) <= found.error[1:]).all()
    assert found.error[0] < 1e-9 and (found.error[1:] < [0.9, 0.1]).all()
    np.testing.assert_array_equal(found.noise[1:], found.jump[1:])
    assert found.noise[0] == line.noise[0]
    assert line.kink.tolist() == [False, False, True] and not found.kink.any()


def test_the_narrowest_sure_steps_count_where_wide_ones_tell_another_slope():
    """Slopes and errors of wide and of narrow steps, and which of them is taken."""
    rows = [(1.0, 0.1, 2.0, 0.3), (1.0, 0.1, 2.0, 0.2), (1.0, 0.1, 2.0, 0.5),
            (1.0, 0.3, 2.0, 0.1), (0.0, 1e-9, -5.0, 1.0), (0.0, 1e-9, -5.0, 1.01)]
    wide, e, near, d = np.array(rows).T
    wide, near = (Line(slope, error, *np.full((10, 6), place))
                  for slope, error, place in ((wide, e, 0), (near, d, 7)))
    found = unless_nearer(wide, near)
    assert found.slope.tolist() == [1, 2, 1, 1, -5, 0]
    assert found.error.tolist() == [0.1, 0.2, 0.1, 0.3, 1.0, 1e-9]
    assert found.finest.tolist() == [0, 7, 0, 0, 7, 0] and not found.noise.any()


@pytest.mark.parametrize("size", [2.0**-67, 2.0**-20])
def test_where_a_step_is_lost_beside_one_a_step_of_size_1_is_taken(size):
    """1 + 2x moves by less than it rounds; x moves; 4 stays."""
    def f(x):
        return np.array([1 + 2 * x, x, 4 + 0 * x])

    x, v = np.array(0.0), np.array(size)
    here = f(x)
    line = read(sides(f, x, v, STEPS), here, STEPS)
    found = wider(f, x, v, here, line)
    np.testing.assert_allclose(found.slope, [2 * size, size, 0], rtol=1e-6, atol=1e-12 * size)
    assert (found.error <= [1e-6 * size, line.error[1], 1e-6 * size]).all()
    wide = np.array(2.0**-13)  # not so small that more is tried
    line = read(sides(f, x, wide, STEPS), here, STEPS)
    assert wider(f, x, wide, here, line) is line


def test_what_is_seen_far_off_counts_only_where_it_may_be_so_at_x():
    """The slope of 1 + x is 2⁻³⁰ along v, more than three errors off what the line holds."""
    def f(x):
        return np.array([1 + x])

    x, v = np.array(0.0), np.array(2.0**-30)
    line = read(sides(f, x, v, STEPS), f(x), STEPS)
    for slope, error in ((0, 2.0**-33), (-(2.0**-30) / 3, 2.0**-30 / 3)):
        sure = type(line)(**vars(line) | {"slope": np.full(1, slope), "error": np.full(1, error)})
        assert wider(f, x, v, f(x), sure).slope == slope
    sure = type(line)(**vars(line) | {"slope": np.zeros(1), "error": np.full(1, 2.0**-31)})
    assert wider(f, x, v, f(x), sure).slope == pytest.approx(2.0**-30, rel=1e-6)


@pytest.mark.parametrize("vague", [0, 1])
def test_what_wide_steps_do_not_tell_is_not_taken_from_them(vague):
    """Nothing is seen beside 0; further off the slope is 1, or 1 and 2 by turns."""
    def f(x):
        turn = vague * (round(np.log2(abs(x) or 1) / 3) % 2)
        return np.array([x * (1 + turn) if abs(x) > 2.0**-50 else 0.0])

    v = np.array(2.0**-60)
    line = read(sides(f, AT, v, STEPS), f(AT), STEPS)
    found = wider(f, AT, v, f(AT), line)
    assert line.slope == 0 and found.slope * 2.0**60 == pytest.approx(0 if vague else 1)


def test_a_corner_is_told_from_a_bend_by_the_two_widest_steps():
    """Of a·x² + max(x, 0) the second differences are (64a + 256) / (a + 32) apart; 23 decide."""
    def f(x):
        return np.array([9 + x**2, max(x, 0), 7 + 3 * x, 10 * x**2 + max(x, 0),
                         13 * x**2 + max(x, 0), max(x, 0), np.nan if x > 0.1 else abs(x)])

    high, low = (np.array([f(side * h) for h in STEPS[:3]]) for side in (1, -1))
    noise = np.array([0, 1.5e-4, 0, 0, 0, 1.6e-4, 0])  # of 1/64 a hundredth is 1.56e-4
    assert cornered(high, low, f(0), noise).tolist() == [
        False, True, False, True, False, False, True]


def test_columns_are_measured_with_their_errors_and_kinks():
    """Of 3|x₀| + x₁², x₀·x₁, 5|x₀| at (0, 1): the kinks are those of outputs that are wanted."""
    def f(x):
        return np.array([3 * abs(x[0]) + x[1] ** 2, x[0] * x[1], 5 * abs(x[0])])

    x, V = np.array([0.0, 1.0]), np.eye(2)
    here = f(x)
    line = read(sides(f, x, V.sum(0), STEPS), here, STEPS)
    wanted = np.array([True, True, False])
    slope, error, kinks = by_differences(f, x, lambda c: V[c], 2, here, line, wanted)
    np.testing.assert_allclose(slope, [[0, 1, 0], [2, 0, 0]], atol=1e-9)
    assert error[:, 1].max() < 1e-9
    assert [(k[0], k[1]) for k in kinks] == [((0,), (0,))]
    assert kinks[0][2:] == pytest.approx((-3, 3))


@pytest.mark.parametrize(("M", "size", "offset"), [
    (np.eye(2), 1.0, 0.0), (np.array([[1, 1], [1, -1]]), 2**-20, 0.0), (np.eye(2), 1.0, 1e9)])
def test_where_the_first_steps_serve_no_others_are_taken(M, size, offset):
    """By an input that does not move an output, for small numbers, and with few digits left."""
    calls, x = [], np.array([0.5, 0.7]) * size

    def f(x):
        calls.append(1)
        return offset + np.sin(M @ x / size)

    here, V = f(x), size / 2 * np.eye(2)
    line = read(sides(f, x, V[0] + V[1] / 2, STEPS), here, STEPS)
    calls.clear()
    slope, _, kinks = by_differences(f, x, lambda c: V[c], 2, here, line, np.full(2, True))
    np.testing.assert_allclose(slope, (M.T * np.cos(M @ [0.5, 0.7])) / 2,
                               rtol=1e-8, atol=1e-12 + 1e-13 * offset)
    assert len(calls) == 2 * 2 * FEW and not kinks


def test_each_place_has_its_own_line_however_many_are_read_together():
    def f(x):
        return x**2 * np.arange(1.0, 201)[:, None]

    x = np.array([1.0, 2.0, -1.0])
    some = list(finely(f, x, list(np.eye(3)), np.array([0, 2, 1]), f(x)))
    found = {c: line for c, _, line in some}
    assert [c for c, *_ in some] == [0, 2, 1]
    for c, line in found.items():
        right = np.zeros((200, 3))
        right[:, c] = 2 * x[c] * np.arange(1.0, 201)
        np.testing.assert_allclose(line.slope, right, rtol=1e-9, atol=1e-9)


def test_of_more_outputs_than_are_measured_together_one_input_is_taken_at_a_time():
    many = np.linspace(-1, 1, CHUNK + 100)
    found = slopes(lambda x: many * np.float64(np.sin(float(x[0]))) + float(x[1]),
                   np.array([0.4, 2.0]))
    assert found.method == "central differences"
    np.testing.assert_allclose(found.J[:, 0], many * np.cos(0.4), rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.J[:, 1], 1, rtol=0, atol=1e-9)
