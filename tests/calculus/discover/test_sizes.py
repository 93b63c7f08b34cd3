"""Diagonals with outer products, bands, triangles and windows, at every small size: which line each
gets, from which size on, and what it stores.
"""

import numpy as np
import pytest

from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.patterns.bands import sliding
from helpers.calculus.discover.patterns.low_rank import (
    beside,
    cross,
    diagonal_plus_low_rank,
    even,
    left_by,
    symmetric,
)
from helpers.calculus.discover.terms import Core
from helpers.calculus.discover.ties import Pattern
from tests.calculus.discover.test_patterns import answer_of

random = np.random.default_rng(1)
I, e = np.eye, np.einsum
VIEW = "np.lib.stride_tricks.sliding_window_view"


def holds(J, ndim, answer):
    G = random.standard_normal(J.shape[:ndim])
    found = eval(answer.line, {"np": np, "G": G, **answer.names.all_at(0)})
    np.testing.assert_allclose(found, np.tensordot(G, J, ndim), atol=1e-9)


def outer(u, v):
    return np.outer(u, v)


# name: the matrix of n, u, w, d; what is known; line; numbers kept for each of n, and besides;
# rank; on which side the diagonal stands; the smallest n
DIAGONALS = {
    "centred": (lambda n, u, w, d: I(n) - 1 / n, "", "G - G.mean()", (0, 0), 1, "i", 2),
    "sum added": (lambda n, u, w, d: I(n) + 3, "", "G + 3 * G.sum()", (0, 0), 1, "i", 2),
    "reflected": (lambda n, u, w, d: I(n) - outer(u, u), "u", "G - u * (G * u).sum()", (1, 0), 1,
                  "i", 2),
    "reflected, no name": (lambda n, u, w, d: I(n) - 2 * outer(u, u), "", "G - U * (G * U).sum()",
                           (1, 0), 1, "i", 2),
    "softmax": (lambda n, u, w, d: np.diag(u) - outer(u, u), "u", "u * (G - (G * u).sum())",
                (1, 0), 1, "i", 2),
    "softmax, no name": (lambda n, u, w, d: np.diag(u) - outer(u, u), "",
                         "d * (G + (G * U).sum())", (2, 0), 1, "i", 4),
    "any": (lambda n, u, w, d: np.diag(d) + outer(u, w), "", "d * G + V * (G * U).sum()", (3, 0), 1,
            None, 4),
    "rows": (lambda n, u, w, d: I(n) + outer(np.ones(n), w), "", "G + U * G.sum()", (1, 0), 1, "i",
             2),
    "columns": (lambda n, u, w, d: I(n) + outer(u, np.ones(n)), "u", "G + (G * u).sum()", (1, 0), 1,
                "i", 2),
    "scaled": (lambda n, u, w, d: 1.7 * (I(n) - 1 / n), "s", "s * (G - G.mean())", (0, 1), 1, "i",
               2),
    "scaled, no name": (lambda n, u, w, d: 2.5 * (I(n) - outer(u, u)), "u",
                        "2.5 * (G - u * (G * u).sum())", (1, 1), 1, "i", 4),
    "norm": (lambda n, u, w, d: I(n) - 1 / n - outer(u - u.mean(), u - u.mean()) / n, "h",
             "G - G.mean() - h * (G * h).mean()", (1, 0), 2, "i", 3),
    "weighted before": (lambda n, u, w, d: d[:, None] * (I(n) - outer(u, u)), "du",
                        "(D := d * G) - u * (D * u).sum()", (2, 0), 1, "k", 3),
    "weighted after": (lambda n, u, w, d: (I(n) - outer(u, u)) * d, "du",
                       "d * (G - u * (G * u).sum())", (2, 0), 1, "i", 3),
}


@pytest.mark.parametrize("name", DIAGONALS)
def test_a_diagonal_and_outer_products_at_every_size(name):
    matrix, known, line, (each, more), rank, side, least = DIAGONALS[name]
    for n in range(2, 8):
        u, w, d = np.random.default_rng(n).uniform(1, 2, (3, n))
        names = {"u": u, "d": d, "h": u - u.mean(), "s": np.array(1.7)}
        J, answer = answer_of(diagonal_plus_low_rank, matrix(n, u, w, d), 1,
                              **{x: names[x] for x in known})
        assert (answer is not None) == (n >= least) or name == "norm", n
        if n >= least:
            low = answer.low_rank
            assert (answer.line, answer.stored) == (line, each * n + more), n
            assert (low["rank"], low["side"], low["axes"]) == (rank, side, ("k", "i"))
            assert answer.multiplications == (2 * rank + 1) * n
            assert answer.says == f"each {n}×{n} block is a diagonal plus rank {rank}"
            holds(J, 1, answer)


def test_a_plain_diagonal_and_higher_ranks_are_no_such_structure():
    for n in range(2, 8):
        u, w, d = np.random.default_rng(n).uniform(1, 2, (3, n))
        for J in (np.diag(d), I(n), np.diag(d) + outer(u, w) + outer(w, u**2) + outer(d, w**3)):
            assert n == 2 or answer_of(diagonal_plus_low_rank, J, 1)[1] is None, n


D, U = random.uniform(1, 2, (2, 3, 4))
x = random.uniform(1, 2, 3)


def rows(blocks):
    """The tensor of a function that treats every row by itself."""
    return e("nkj,ni->nkij", blocks, I(3))


@pytest.mark.parametrize("J, known, line, stored", [
    (rows(U[:, :, None] * I(4) - U[:, :, None] * U[:, None]), {"U": U},
     "U * (G - (G * U).sum(-1, keepdims=True))", 12),
    (rows(x[:, None, None] * (I(4) - U[:, :, None] * U[:, None])), {"x": x, "U": U},
     "x[:, None] * (G - U * (G * U).sum(-1, keepdims=True))", 15),
    (rows(U[:, :, None] * U[:, None] + D[:, :, None] * I(4)), {},
     "d * G + U * (G * U).sum(-1, keepdims=True)", 24),
    (e("nm,ki->nkmi", I(3) - 1 / 3, I(4)), {}, "G - G.mean(0)", 0),
    (e("nm,ki->nkmi", I(3) - outer(x, x), I(4)), {"x": x},
     "G - x[:, None] * (G * x[:, None]).sum(0)", 3)])
def test_blocks_of_rows_and_of_columns(J, known, line, stored):
    J, answer = answer_of(diagonal_plus_low_rank, J, 2, **known)
    holds(J, 2, answer)
    assert (answer.line, answer.stored) == (line, stored)
    assert answer.multiplications == (2 * answer.low_rank["rank"] + 1) * 12


Y3 = random.uniform(1, 2, (2, 3, 4))
x3 = Y3[..., 0]


def cells(blocks):
    """The tensor of a function that treats every line along the last of three axes by itself."""
    return e("bnkj,bc,ni->bnkcij", blocks, I(2), I(3))


@pytest.mark.parametrize("J, known, line, stored", [
    (cells(Y3[..., None] * I(4) - Y3[..., None] * Y3[..., None, :]), {"Y": Y3},
     "Y * (G - (G * Y).sum(-1, keepdims=True))", 24),
    (cells(x3[..., None, None] * (I(4) - Y3[..., None] * Y3[..., None, :])), {"x": x3, "Y": Y3},
     "x[:, :, None] * (G - Y * (G * Y).sum(-1, keepdims=True))", 30),
    (cells(Y3[..., None] * Y3[..., None, :] + (Y3**2)[..., None] * I(4)), {},
     "d * G + U * (G * U).sum(-1, keepdims=True)", 48),
    (cells(np.broadcast_to(I(4) - 1 / 4, (2, 3, 4, 4))), {}, "G - G.mean(-1, keepdims=True)", 0),
    (e("nm,ki,bc->bnkcmi", I(3) - 1 / 3, I(4), I(2)), {}, "G - G.mean(-2, keepdims=True)", 0),
    (cells((I(4) - Y3[..., None] * Y3[..., None, :]) * (Y3 + 1)[..., None, :]),
     {"Y": Y3, "D": Y3 + 1}, "D * (G - Y * (G * Y).sum(-1, keepdims=True))", 48)])
def test_blocks_of_three_axes(J, known, line, stored):
    J, answer = answer_of(diagonal_plus_low_rank, J, 3, **known)
    holds(J, 3, answer)
    assert (answer.line, answer.stored) == (line, stored)
    assert answer.multiplications == (2 * answer.low_rank["rank"] + 1) * 24


def test_elimination_finds_the_rank():
    P, Q = random.standard_normal((2, 5, 2)), random.standard_normal((2, 2, 4))
    P[0, :, 1], P[1] = 0, 0                 # of rank 1, and zero
    whole = P @ Q
    for rank, left in ((1, [0, 0]), (2, [0, 0])):
        rest, _, _ = left_by(whole, rank)
        np.testing.assert_allclose(np.abs(rest).max((1, 2)), left, atol=1e-14)
        first, second = cross(whole, rank, 1e-12)
        assert first.shape == (2, 5, rank) and second.shape == (2, rank, 4)
        np.testing.assert_allclose(first @ second, whole, atol=1e-14)
    full = random.standard_normal((3, 5, 4))
    for rank in (1, 2, 3):
        rest = left_by(full, rank)[0]
        assert [np.linalg.matrix_rank(one, 1e-10) for one in rest] == [4 - rank] * 3
        assert cross(full, rank, 1e-9) is None and cross(full, rank, 1e3) is not None
    np.testing.assert_allclose(left_by(full, 4)[0], 0, atol=1e-13)
    tiny = 1e-9 * full
    assert cross(tiny, 1, 1e-7) and cross(tiny, 1, 1e-12) is None


@pytest.mark.parametrize("rank", [1, 2])
def test_a_diagonal_is_told_from_the_entries_beside_it(rank):
    for n in range(2, 8):
        d = random.uniform(1, 2, (3, n))
        P, Q = random.standard_normal((2, 3, n, rank))
        block = d[..., None] * I(n) + P @ Q.swapaxes(-1, -2)
        found = beside(block, rank, 1e-9)
        if n < 2 * rank + 2:
            assert found is None
            continue
        np.testing.assert_allclose(found, d, atol=1e-8)
        assert beside(block + 1e-4 * random.standard_normal(block.shape), rank, 1e-9) is None
        one = block.copy()
        one[0, 1, 0] += 1e-3  # one entry that is not of that rank
        assert beside(one, rank, 1e-9) is None
        assert beside(d[..., None] * I(n), rank, 1e-9) is None  # nothing stands beside it


def test_an_even_array_is_the_same_along_its_last_axis():
    v = np.array([[2.0, 2, 2], [5, 5, 5]])
    assert even(v, 1e-12) and even(0 * v, 0) and even(v[:, :1], 0)
    assert not even(v.T, 1e-12)
    off = v + np.array([0, 0, 4e-9])
    assert even(off, 1e-10) and not even(off, 1e-11)  # ten times what is allowed, of the largest


# -- bands: rows, columns, first and last diagonal, known, line, kind, stored

SUM = "sum(c * np.eye({0}, {1}, k) for k, c in zip(range({2}), w))"
BANDS = [
    (4, 4, 0, 1, "2"), (4, 4, -1, 0, "-1, 1"), (4, 4, -1, 1, "-1, 2"), (6, 4, -2, 0, "-2, 1"),
    (5, 5, -2, 2, "-2, 3"), (3, 3, -2, 0, "-2, 1"), (3, 4, 0, 3, "4"), (4, 3, -3, 0, "-3, 1"),
    (5, 2, -3, 0, "-3, 1"), (4, 5, 1, 2, "1, 3"), (5, 4, -2, -1, "-2, 0"), (4, 4, 0, 3, "4"),
    (4, 5, 0, 4, "5"), (3, 5, 0, 4, "5"), (4, 6, 0, 2, ""), (2, 5, 0, 3, ""), (3, 4, 0, 1, ""),
    (2, 3, 0, 1, "")]
TRIANGLES = {(3, 3, -2, 0): "np.cumsum(G[::-1])[::-1]", (3, 4, 0, 3): "G @ np.tri(4, 3, 0).T",
             (4, 3, -3, 0): "G @ np.tri(4, 3, 0)", (4, 4, 0, 3): "np.cumsum(G)",
             (4, 4, -3, 0): "np.cumsum(G[::-1])[::-1]", (4, 5, 0, 4): "G @ np.tri(5, 4, 0).T",
             (4, 4, 1, 3): "G @ np.tri(4, 4, -1).T", (4, 5, -3, 1): "G @ np.tri(4, 5, 1)",
             (5, 5, -4, -2): "G @ np.tri(5, 5, -2)", (3, 5, 0, 4): "G @ np.tri(5, 3, 0).T"}


def band(rows, columns, low, high, numbers):
    return sum(c * I(rows, columns, k) for k, c in zip(range(low, high + 1), numbers, strict=True))


@pytest.mark.parametrize("rows, columns, low, high, span", BANDS)
def test_a_band_keeps_its_numbers_once(rows, columns, low, high, span):
    count = high - low + 1
    numbers = np.arange(2.0, 2 + count) ** 1.5
    for known, text in (({}, "w"), ({"q": numbers}, "q"), ({"q": numbers[::-1]}, "q[::-1]")):
        J, answer = answer_of(sliding, band(rows, columns, low, high, numbers), 1, **known)
        line = f"G @ {SUM.format(rows, columns, span)}" if span else "np.convolve(G, w)"
        assert (answer.line, answer.kind, answer.stored) == (
            line.replace("w)", f"{text})"), "Toeplitz", count)
        assert answer.says == (f"the same {count} numbers, {text}, on every row of a band: a "
                               "convolution")
        holds(J, 1, answer)
    half = answer_of(sliding, band(rows, columns, low, high, numbers / 2), 1, q=numbers)[1]
    assert half.line.startswith("0.5 * ") and "q)" in half.line


@pytest.mark.parametrize("shape", TRIANGLES)
def test_a_triangle_stores_nothing_but_its_number(shape):
    ones = np.ones(shape[3] - shape[2] + 1)
    for number, stored in ((1, 0), (3, 1), (-1, 1)):
        J, answer = answer_of(sliding, band(*shape, number * ones), 1)
        line = TRIANGLES[shape]
        if number != 1:
            inside = f"({line})" if "@" in line else line
            line = f"3 * {inside}" if number == 3 else f"-{inside}"
        assert (answer.line, answer.kind, answer.stored) == (line, "triangle", stored)
        holds(J, 1, answer)


@pytest.mark.parametrize("axis, up, line", [
    (0, False, "np.cumsum(G[::-1], 0)[::-1]"), (0, True, "np.cumsum(G, 0)"),
    (1, False, "np.cumsum(G[:, ::-1], 1)[:, ::-1]"), (1, True, "np.cumsum(G, 1)")])
def test_a_running_sum_along_an_axis(axis, up, line):
    T = np.tri(4).T if up else np.tri(4)
    J, answer = answer_of(sliding, e("ni,kj->nkij", T, I(3)) if axis == 0 else
                          e("ni,kj->nkij", I(3), T), 2)
    assert answer.line == line and answer.stored == 0
    holds(J, 2, answer)


@pytest.mark.parametrize("J", [
    band(1, 4, 0, 3, [2, 3, 4, 5]), I(3), I(2), np.tri(2), np.ones((4, 4)),
    band(4, 4, -1, 1, [1, 0, 1]), np.tri(4) * np.arange(1, 5), np.tri(4)[::-1] * [1, 2, 3, 4]])
def test_what_is_no_band(J):
    answer = answer_of(sliding, np.asarray(J, float), 1)[1]
    assert answer is None or (answer.kind != "triangle" and len(J) == 2)


@pytest.mark.parametrize("rows, columns", [(3, 4), (2, 2), (5, 3), (2, 6), (6, 2)])
def test_a_window_that_slides_keeps_each_number_once(rows, columns):
    z = random.uniform(1, 2, rows + columns - 1)
    for times, known, line in ((1, {}, f"G @ {VIEW}(S, {columns}, -1)"),
                               (1, {"z": z}, f"G @ {VIEW}(z, {columns}, -1)"),
                               (2, {"z": z}, f"2 * (G @ {VIEW}(z, {columns}, -1))")):
        hankel = times * np.lib.stride_tricks.sliding_window_view(z, columns)
        J, answer = answer_of(sliding, hankel, 1, **known)
        assert (answer.line, answer.kind, answer.stored) == (line, "window", len(z))
        holds(J, 1, answer)
        other = J.copy()
        other[1, 0] += 1e-3
        assert answer_of(sliding, other, 1)[1] is None


def test_an_outer_product_with_itself_is_one_at_every_point():
    u, w = random.uniform(1, 2, (2, 4))
    start = Pattern(("k",), ("i",))
    for known in ({}, {"u": u}):
        core = Core(start, ("k", "i"), [], {"k": 4, "i": 4}, Names([dict(known)] * 2), 1e-9)
        c, text, letters = symmetric(core, [-2 * outer(u, u)] * 2, ("k",), 1e-9)
        assert (c, text, letters) == (("-2", "u", ("k",)) if known else ("-1", "U", ("k",)))
        root = core.names.all_at(1)[text]
        np.testing.assert_allclose(float(c) * outer(root, root), -2 * outer(u, u))
        for other in (outer(u, w), 2 * outer(u, u)):  # not symmetric; of another sign
            assert symmetric(core, [-2 * outer(u, u), other], ("k",), 1e-9) is None
    moving = Core(start, ("k", "i"), [], {"k": 4, "i": 4}, Names([{"u": u}] * 2), 1e-9)
    assert symmetric(moving, [outer(u, u), outer(w, w)], ("k",), 1e-9)[1] == "U"
