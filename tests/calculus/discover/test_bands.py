"""Bands, triangles and windows: which lines they have, and how much these store and multiply."""

import numpy as np
import pytest

from helpers.calculus.discover.patterns.bands import (
    along_diagonals,
    entries_of,
    running_sum,
    sliding,
    toeplitz,
    window,
)
from tests.calculus.discover.cores import core_of

random = np.random.default_rng(31)
I, tri = np.eye, np.tri
VIEW = "np.lib.stride_tricks.sliding_window_view"
# entries by j − i, and by i + j
BAND = np.array([[4, 5, 6, 7], [3, 4, 5, 6], [2, 3, 4, 5]])
TURNED = np.array([[1, 2, 3, 4], [2, 3, 4, 5], [3, 4, 5, 6]])


@pytest.mark.parametrize("array, sign", [(BAND, -1), (TURNED, 1)])
def test_every_entry_of_a_diagonal_is_compared(array, sign):
    assert along_diagonals(array, 0, 1, sign, 1e-9)
    assert not along_diagonals(array, 0, 1, -sign, 1e-9)
    alone = [(2, 0), (0, 3)] if sign < 0 else [(0, 0), (2, 3)]
    for place in np.ndindex(3, 4):
        for factor in (1, -1):
            other = factor * array.astype(float)
            other[place] += 0.5
            assert along_diagonals(other, 0, 1, sign, 1e-9) == (place in alone)


def test_diagonals_of_any_two_axes_in_any_order():
    x = np.multiply.outer(BAND, [1.0, 2, -9]).transpose(0, 2, 1)  # along axes 0 and 2
    found = {(a, b) for a in range(3) for b in range(3) if a != b
             and along_diagonals(x, a, b, -1, 1e-9)}
    assert found == {(0, 2), (2, 0)}


def test_diagonals_may_differ_by_the_tolerance_of_the_largest():
    x = 1.0 * BAND
    x[1, 1] += 6e-6
    assert along_diagonals(x, 0, 1, -1, 1e-6)      # 7e-6 is allowed
    assert not along_diagonals(x, 0, 1, -1, 0.8e-6)
    x = 1.0 * BAND
    x[2, 3] += 6e-6                                # behind the first two of each axis
    assert along_diagonals(x, 0, 1, -1, 1e-6) and not along_diagonals(x, 0, 1, -1, 0.8e-6)


def matrix(answer):
    """The array of the only operand, times the scale."""
    (term,), names = answer.terms, {"np": np, **answer.names.all_at(0)}
    return eval(term.scale, dict(names)) * eval(term.operands[0].text, names)


@pytest.mark.parametrize("array, text, stored", [
    (I(4, 5) + 2 * I(4, 5, 1), "sum(c * np.eye(4, 5, k) for k, c in zip(range(2), w))", 2),
    (I(2, 3) + 2 * I(2, 3, 1), "sum(c * np.eye(2, 3, k) for k, c in zip(range(2), w))", 2),
    (I(5, 4) + 2 * I(5, 4, -1), "sum(c * np.eye(5, 4, k) for k, c in zip(range(-1, 1), w))", 2),
    (I(4, 4, 1) - 3 * I(4, 4, 2), "sum(c * np.eye(4, 4, k) for k, c in zip(range(1, 3), w))", 2),
    (7.5 * I(4, 4, -2), "sum(c * np.eye(4, 4, k) for k, c in zip(range(-2, -1), w))", 1),
    (tri(2), "sum(c * np.eye(2, 2, k) for k, c in zip(range(-1, 1), w))", 2),
    (np.ones((3, 3)), "sum(c * np.eye(3, 3, k) for k, c in zip(range(-2, 3), w))", 5),
    (BAND, "sum(c * np.eye(3, 4, k) for k, c in zip(range(-2, 4), w))", 6),
    (I(3) + 1e-6 * I(3, 3, -1) + I(3, 3, -2),  # a triangle of almost equal numbers is none
     "sum(c * np.eye(3, 3, k) for k, c in zip(range(-2, 1), w))", 3)])
def test_the_numbers_of_a_band_are_kept_once(array, text, stored):
    core = core_of("k", "i", "ki", array)
    answer = toeplitz(core, 0, 1)
    assert (answer.kind, answer.stored, answer.terms[0].operands[0].stored) == (
        "Toeplitz", stored, stored)
    assert answer.terms[0].operands[0].text == text
    assert answer.terms[0].operands[0].letters == ("k", "i")
    np.testing.assert_allclose(matrix(answer), array, atol=1e-15)
    numbers = "1 number" if stored == 1 else f"{stored} numbers"
    assert answer.says == f"the same {numbers}, w, on every row of a band: a convolution"
    assert sliding(core).stored <= stored


def test_what_is_no_band():
    assert toeplitz(core_of("k", "i", "ki", I(5) + I(5, 5, 2)), 0, 1) is None  # a gap
    assert toeplitz(core_of("kl", "i", "kli", np.ones((2, 3, 4))), 0, 1) is None
    for array in (np.ones((1, 4)), np.ones((4, 1)), random.standard_normal((3, 3))):
        assert sliding(core_of("k", "i", "ki", array)) is None


def test_a_band_is_as_wide_as_it_is_at_any_point():
    one, two = I(4, 5) + 2 * I(4, 5, 1), I(4, 5) + 3 * I(4, 5, 1) + I(4, 5, 0)
    answer = toeplitz(core_of("k", "i", "ki", I(4, 5), one), 0, 1)
    assert answer.stored == 2 and answer.line == "np.convolve(G, w)"
    np.testing.assert_array_equal(answer.names.added[0]["w"], [1, 0])
    np.testing.assert_array_equal(answer.names.added[1]["w"], [1, 2])
    known = [{"q": np.array([2, 1.0])}, {"q": np.array([3, 2.0])}]
    answer = toeplitz(core_of("k", "i", "ki", one, two, known=known), 0, 1)
    assert answer.line == "np.convolve(G, q[::-1])"  # at both points turned round
    other = I(4, 5) + I(4, 5, 2)
    assert toeplitz(core_of("k", "i", "ki", other, other), 0, 1) is None
    assert toeplitz(core_of("k", "i", "ki", other, one), 0, 1).stored == 3


@pytest.mark.parametrize("pattern, array, known, line, products", [
    (("k", "i", "ki"), I(4, 5) + 2 * I(4, 5, 1), {}, "np.convolve(G, w)", 2 * 4),
    (("k", "i", "ki"), 3 * I(4, 6) + 6 * I(4, 6, 1) + 3 * I(4, 6, 2),
     {"q": np.array([1.0, 2, 1])}, "3 * np.convolve(G, q)", 3 * 4),
    (("nk", "ni", "ki"), I(4, 5) + 2 * I(4, 5, 1), {},
     "np.array([np.convolve(g, w) for g in G])", 2 * 4 * 7),
    (("kn", "in", "ki"), I(4, 5) + 2 * I(4, 5, 1), {}, None, None),    # not the last axis
    (("nmk", "nmi", "ki"), I(4, 5) + 2 * I(4, 5, 1), {}, None, None),  # nor the second
    (("k", "i", "ik"), I(4, 5) + 2 * I(4, 5, 1), {}, None, None),      # the other way round
    (("k", "i", "ki"), I(4, 6) + 2 * I(4, 6, 1), {}, None, None),      # cut off
    (("k", "i", "ki"), I(4, 5, 1) + 2 * I(4, 5, 2), {}, None, None),
    (("k", "i", "ki"), I(4, 5, -1) + 2 * I(4, 5), {}, None, None),
    (("kl", "il", "ki"), I(4) + 2 * I(4, k=1), {}, None, None)])
def test_a_whole_band_is_a_convolution(pattern, array, known, line, products):
    core = core_of(*pattern, array, known=[known], sizes={"n": 7, "m": 2, "l": 2})
    answer = toeplitz(core, 0, 1)
    assert (answer.kind, answer.line, answer.multiplications) == ("Toeplitz", line, products)
    np.testing.assert_allclose(matrix(answer), array)
    if line and len(pattern[0]) == 1:
        G = random.standard_normal(len(array))
        found = eval(line, {"np": np, "G": G, **answer.names.all_at(0)})
        np.testing.assert_allclose(found, G @ array)


@pytest.mark.parametrize("pattern, array, text, line, stored, products", [
    (("k", "i", "ki"), tri(4), "np.tri(4)", "np.cumsum(G[::-1])[::-1]", 0, 0),
    (("k", "i", "ki"), tri(4).T, "np.tri(4).T", "np.cumsum(G)", 0, 0),
    (("k", "i", "ik"), tri(4), "np.tri(4)", "np.cumsum(G)", 0, 0),
    (("k", "i", "ik"), tri(4).T, "np.tri(4).T", "np.cumsum(G[::-1])[::-1]", 0, 0),
    (("k", "i", "ki"), 2.5 * tri(3), "np.tri(3)", "2.5 * np.cumsum(G[::-1])[::-1]", 1, 3),
    (("kl", "il", "ki"), -tri(3), "np.tri(3)", "-np.cumsum(G[::-1], 0)[::-1]", 1, 6),
    (("lk", "li", "ki"), tri(3).T, "np.tri(3).T", "np.cumsum(G, 1)", 0, 0),
    (("k", "i", "ki"), tri(4, 6, 1), "np.tri(4, 6, 1)", None, 0, None),
    (("k", "i", "ki"), tri(4, 6, 0), "np.tri(4, 6, 0)", None, 0, None),
    (("k", "i", "ki"), tri(4, 4, 1), "np.tri(4, 4, 1)", None, 0, None),
    (("k", "i", "ki"), 2 * tri(6, 4, 1).T, "np.tri(6, 4, 1).T", None, 1, None),
    (("k", "i", "ki"), tri(5, 5, -2).T, "np.tri(5, 5, -2).T", None, 0, None)])
def test_a_triangle_is_a_running_sum(pattern, array, text, line, stored, products):
    answer = toeplitz(core_of(*pattern, array, sizes={"l": 2}), 0, 1)
    assert (answer.kind, answer.terms[0].operands[0].text, answer.line) == ("triangle", text, line)
    assert (answer.stored, answer.multiplications) == (stored, products)
    assert answer.terms[0].operands[0].stored == 0
    assert answer.terms[0].operands[0].letters == tuple(pattern[2])
    np.testing.assert_allclose(matrix(answer), array)
    assert answer.says == "a triangle of equal numbers: a running sum, which stores nothing"


def test_a_triangle_of_another_number_at_every_point_is_a_band():
    core = core_of("k", "i", "ki", tri(3), 2.7 * tri(3))
    assert (toeplitz(core, 0, 1).kind, toeplitz(core, 0, 1).stored) == ("Toeplitz", 3)
    known = [{"t": np.array(1.0)}, {"t": np.array(2.7)}]
    core = core_of("k", "i", "ki", tri(3), 2.7 * tri(3), known=known)
    assert toeplitz(core, 0, 1).line == "t * np.cumsum(G[::-1])[::-1]"
    steps = tri(3) + I(3)  # equal numbers at the other point alone
    assert toeplitz(core_of("k", "i", "ki", tri(3), steps), 0, 1).kind == "Toeplitz"


def test_running_sums_along_any_axis():
    G = random.standard_normal((2, 3, 4))
    for axis, backwards, line in (
            (0, False, "np.cumsum(G, 0)"), (1, False, "np.cumsum(G, 1)"),
            (0, True, "np.cumsum(G[::-1], 0)[::-1]"),
            (1, True, "np.cumsum(G[:, ::-1], 1)[:, ::-1]"),
            (2, True, "np.cumsum(G[:, :, ::-1], 2)[:, :, ::-1]")):
        assert running_sum(axis, 3, backwards) == line
        mask = tri(G.shape[axis]) if backwards else tri(G.shape[axis]).T
        right = np.moveaxis(np.tensordot(G, mask, (axis, 0)), -1, axis)
        np.testing.assert_allclose(eval(line), right)
    assert running_sum(0, 1, False) == "np.cumsum(G)"
    assert running_sum(0, 1, True) == "np.cumsum(G[::-1])[::-1]"


def test_entries_are_counted_by_letters():
    core = core_of("nk", "ni", "ki", np.ones((4, 5)), sizes={"n": 7})
    assert [entries_of(core, x) for x in ("nk", "i", "kin", "")] == [28, 5, 140, 1]


@pytest.mark.parametrize("known, text, scale", [
    ({}, "S", "1"), ({"x": np.arange(1.0, 7) ** 2}, "x", "2"),
    ({"x": np.arange(1.0, 6) ** 2}, "S", "1")])
def test_a_window_of_a_line(known, text, scale):
    x = np.arange(1.0, 7) ** 2
    seen = 2 * np.lib.stride_tricks.sliding_window_view(x, 3)  # 4 rows
    answer = window(core_of("k", "i", "ki", seen, known=[known]), 0, 1)
    (term,), (operand,) = answer.terms, answer.terms[0].operands
    assert (operand.text, operand.letters, term.scale) == (
        f"{VIEW}({text}, 3, -1)", ("k", "i"), scale)
    assert (answer.kind, answer.stored, operand.stored) == ("window", 6, 6)
    assert answer.says == f"{text} through a window of 3 that slides along it"
    np.testing.assert_allclose(matrix(answer), seen)


@pytest.mark.parametrize("turned, text", [(False, "x"), (True, "S")])
def test_a_window_of_the_lines_of_a_matrix(turned, text):
    x = random.standard_normal((2, 6))
    seen = np.lib.stride_tricks.sliding_window_view(x, 3, 1)  # 2, 4, 3
    core = core_of("nk", "ni", "kni", seen.transpose(1, 0, 2), known=[{"x": x.T if turned else x}])
    answer = window(core, 0, 2)
    operand, = answer.terms[0].operands
    assert (operand.text, operand.letters) == (f"{VIEW}({text}, 3, -1)", ("n", "k", "i"))
    assert (operand.stored, answer.stored) == (12, 12)
    np.testing.assert_allclose(matrix(answer), seen)
    assert sliding(core).stored == 12


def test_a_window_that_keeps_no_less_is_none():
    assert window(core_of("k", "i", "ki", [[1, 2, 4]]), 0, 1) is None
    answer = window(core_of("k", "i", "ki", [[1, 2], [2, 5]]), 0, 1)
    assert answer.stored == 3


def test_the_cheapest_of_what_slides_is_taken():
    both = np.array([[1.0, 2, 1], [2, 1, 2], [1, 2, 1]])  # five numbers either way
    core = core_of("k", "i", "ki", both)
    assert toeplitz(core, 0, 1).stored == window(core, 0, 1).stored == 5
    assert sliding(core).kind == "window"  # its text is shorter


def test_what_slides_at_every_point_and_at_any_size():
    large = I(8, 9) + 2 * I(8, 9, 1)
    for second, found in ((3 * large, True), (random.standard_normal((8, 9)), False)):
        for arrays in ((large, second), (second, large)):
            assert bool(sliding(core_of("k", "i", "ki", *arrays))) is found
    assert sliding(core_of("k", "i", "ki", [[2.0]])) is None
