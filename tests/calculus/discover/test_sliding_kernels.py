"""A kernel that one input shows: how wide it is, where it is refused, how its line is written."""

import numpy as np
import pytest

from helpers.calculus.discover.large.diagonals import (
    MOST,
    called,
    kernel,
    line_of,
    moved,
    padded,
    slid,
)
from helpers.calculus.discover.naming.names import Names
from tests.calculus.discover.test_large_parts import Linear, subject

I = np.eye


def bands(count, values, shape=None):
    """The matrix whose row r has values[o] at column r + o."""
    n, m = shape or (count, count)
    return sum(value * I(n, m, o) for o, value in values.items())


@pytest.mark.parametrize("J, w, pads, count", [
    (bands(30, {0: 2.0, 1: 3.0}), [2, 3], [(1, 0)], 30 + 29),
    (bands(30, {-1: 2.0, 0: 3.0}), [2, 3], [(0, 1)], 29 + 30),
    (bands(30, {-2: 2.0, 1: 3.0}), [2, 0, 0, 3], [(1, 2)], 28 + 29),
    (bands(30, {2: 5.0, 3: 7.0}), [0, 0, 5, 7], [(3, 0)], 28 + 27),      # from distance 0 on
    (bands(30, {-3: 5.0, -2: 7.0}), [5, 7, 0, 0], [(0, 3)], 27 + 28),
    (bands(0, {0: 5.0, 2: 7.0}, (28, 30)), [5, 0, 7], [(2, 2)], 28 + 28),
    (bands(0, {0: 5.0, -2: 7.0}, (32, 30)), [7, 0, 5], [(0, 0)], 30 + 30)])
def test_the_kernel_of_a_few_diagonals(J, w, pads, count):
    found, where, nonzero = kernel(Linear(J, 1))
    np.testing.assert_array_equal(found, w)
    assert (where, nonzero) == (pads, count) and np.count_nonzero(J) == count
    answer, G = slid(subject(Linear(J, 1)), 1e-9), np.arange(1.0, len(J) + 1)
    made = eval(answer.line, {"np": np, "G": G, **answer.names.all_at(0)})
    np.testing.assert_allclose(made, G @ J, atol=1e-12)


def test_the_middle_and_a_third_have_to_show_the_same():
    J = bands(30, {0: 2.0, 1: 3.0})
    assert kernel(Linear(J, 1)) is not None
    for row, column, value, says in (
            (9, 10, 3 + 1e-6, False), (9, 10, 3 + 1e-11, True),  # the same number, to rounding
            (5, 10, 1.0, False), (20, 10, 1.0, False),           # nothing farther, on either side
            (20, 20, 0.0, True), (14, 15, 2.5, False)):          # elsewhere the proof looks
        other = J.copy()
        other[row, column] = value
        assert (kernel(Linear(other, 1)) is not None) is says, (row, column)
    far = bands(30, {-1: 1.0, 0: 2.0})
    far[12, 10] = 1.0
    assert kernel(Linear(far, 1)) is None


@pytest.mark.parametrize("shape, says", [
    ((8, 8), True), ((7, 7), False), ((8, 9), True), ((7, 8), False),
    ((12, 11), True), ((11, 10), False)])  # of three numbers, with one more output than inputs
def test_a_kernel_has_four_outputs_a_number(shape, says):
    J = bands(0, {0: 2.0, 1: 3.0}, shape)
    assert (kernel(Linear(J, 1)) is not None) is says
    assert MOST == 4096 and kernel(Linear(2 * I(20), 1)) is None  # one number slides nowhere


def test_other_numbers_of_axes_have_no_kernel():
    ones = np.ones
    for J, ndim in ((ones((5, 2, 2)), 1), (ones((5, 5, 5)), 2), (np.array(3.0), 0),
                    (np.zeros((9, 9)), 1)):
        assert kernel(Linear(J, ndim)) is None


def test_what_one_input_moves():
    J = bands(9, {-1: 2.0, 0: 5.0, 1: 1e-17})
    away, values = moved(Linear(J, 1), np.array([4]))
    assert away.tolist() == [[0], [-1]] and values.tolist() == [5, 2]  # rounding is none
    J = np.zeros((3, 4, 3, 4))
    J[0, 3, 1, 2], J[2, 2, 1, 2] = 6, 7
    away, values = moved(Linear(J, 2), np.array([1, 2]))
    assert away.tolist() == [[1, -1], [-1, 0]] and values.tolist() == [6, 7]
    rough = Linear(bands(9, {0: 5.0, 1: 1e-6}), 1)
    rough.exact, rough.tolerance = False, 1e-2
    assert moved(rough, np.array([4]))[0].tolist() == [[0]]


@pytest.mark.parametrize("pads, text", [
    ([(0, 0)], "G"), ([(0, 0), (0, 0)], "G"), ([(2, 2)], "np.pad(G, 2)"),
    ([(1, 2)], "np.pad(G, (1, 2))"), ([(0, 2)], "np.pad(G, (0, 2))"),
    ([(1, 1), (1, 1)], "np.pad(G, 1)"), ([(1, 2), (1, 2)], "np.pad(G, ((1, 2), (1, 2)))"),
    ([(1, 1), (0, 0)], "np.pad(G, ((1, 1), (0, 0)))"),
    ([(0, 0), (0, 1)], "np.pad(G, ((0, 0), (0, 1)))")])
def test_zeros_around_the_upstream_gradient(pads, text):
    assert padded(pads) == text


VIEW = "np.lib.stride_tricks.sliding_window_view"


@pytest.mark.parametrize("shape, axes, pads, line", [
    ((3,), (0,), [(2, 2)], "np.convolve(G, w)"),
    ((3,), (0,), [(2, 1)], 'np.convolve(np.pad(G, (2, 1)), w, "valid")'),
    ((3,), (0,), [(3, 3)], 'np.convolve(np.pad(G, 3), w, "valid")'),
    ((3,), (1,), [(0, 0), (2, 2)], "np.array([np.convolve(g, w) for g in G])"),
    ((3,), (1,), [(0, 0), (1, 1)], f'np.einsum("abc,c->ab", {VIEW}(np.pad(G, ((0, 0), (1, 1))), '
                                   "3, 1), w[::-1])"),
    ((3,), (0,), [(0, 0), (2, 2)], f'np.einsum("abc,c->ab", {VIEW}(np.pad(G, ((0, 0), (2, 2))), '
                                   "3, 0), w[::-1])"),
    ((3, 2), (0, 1), [(2, 2), (1, 1)], f'np.einsum("abcd,cd->ab", {VIEW}(np.pad(G, ((2, 2), '
                                       "(1, 1))), (3, 2)), w[::-1, ::-1])"),
    ((3, 2), (0, 2), [(0, 0)] * 3, f'np.einsum("abcde,de->abc", {VIEW}(G, (3, 2), (0, 2)), '
                                   "w[::-1, ::-1])")])
def test_a_line_of_a_kernel(shape, axes, pads, line):
    assert line_of(np.ones(shape), axes, pads, "w") == line


def test_a_kernel_that_is_turned_is_turned_back():
    pads = [(0, 0), (1, 1)]
    assert line_of(np.ones(3), (1,), pads, "K[::-1]").endswith("3, 1), K)")
    assert line_of(np.ones(3), (0,), pads[1:], "K[::-1]") == (
        'np.convolve(np.pad(G, 1), K[::-1], "valid")')


def test_what_a_kernel_is_called():
    w = np.array([1.0, 2.5, -7.0])
    names = Names([{"K": w, "a": np.ones(3)}])
    assert called(w, names, 1e-9) == ("K", "1") and called(w[::-1], names, 1e-9) == (
        "K[::-1]", "1")
    assert called(2 * w, names, 1e-9) == ("K", "2") and not names.added[0]
    none = Names([{}])
    assert called(w, none, 1e-9)[0].startswith("np.array(") and not none.added[0]
    nine, ten = np.cos(np.arange(9.0)), np.cos(np.arange(10.0))
    assert called(ten, none, 1e-9) == ("w", "1")
    np.testing.assert_array_equal(none.added[0]["w"], ten)
    assert called(nine, Names([{"V": nine.reshape(3, 3)}]), 1e-9)[0] != "V"
    odd = np.cos(np.arange(16.0)).reshape(2, 2, 2, 2)
    assert called(odd, Names([{"V": odd}]), 1e-9) == ("V", "1")
    assert called(np.flip(odd), Names([{"V": odd}]), 1e-9) == ("V[::-1, ::-1, ::-1, ::-1]", "1")
    five = odd.reshape(1, 2, 2, 2, 2)
    assert called(five, Names([{"V": five}]), 1e-9) == ("w", "1")  # more axes than letters
