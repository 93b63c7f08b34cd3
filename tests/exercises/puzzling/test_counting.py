"""Multiplications are counted, in whatever words; where they cannot be, nothing is said."""

import numpy as np
import pytest

from helpers.exercises.puzzling.counting import FREE, ONCE, PRICES, SUMMED, multiplications

G, W, a = np.arange(8.0).reshape(2, 4), np.arange(12.0).reshape(3, 4), np.arange(4.0)


def filled(G, W, a):
    made = np.zeros_like(G)
    for place in np.ndindex(*G.shape):
        made[place] += G[place] * a[place[1]]
    return made


def in_place(G, W, a):
    made = G.copy()
    made *= a
    made[made > 3] /= 2
    return made


@pytest.mark.parametrize(("count", "function"), [
    (0, lambda G, W, a: G.T), (0, lambda G, W, a: -G + G - 1), (0, lambda G, W, a: G.sum(1)),
    (0, lambda G, W, a: np.where(a > 0, G, 0)), (0, lambda G, W, a: np.broadcast_to(a, (5, 4))),
    (0, lambda G, W, a: G.cumsum(1)[:, ::-1]), (0, lambda G, W, a: np.exp(G)),
    (8, lambda G, W, a: G * a), (8, lambda G, W, a: 2 * G), (8, lambda G, W, a: G / 3),
    (8, lambda G, W, a: G * (a > 0)), (8, lambda G, W, a: G**2), (8, lambda G, W, a: np.square(G)),
    (8, lambda G, W, a: np.multiply(G, a)), (16, lambda G, W, a: G * a * a),
    (12, lambda G, W, a: G * (a * a)), (8, filled), (8, lambda G, W, a: np.array([1, 2]) @ G),
    (24, lambda G, W, a: G @ W.T), (24, lambda G, W, a: np.dot(G, W.T)),
    (24, lambda G, W, a: G.dot(W.T)), (24, lambda G, W, a: np.matmul(G, W.T)),
    (24, lambda G, W, a: np.inner(G, W)), (24, lambda G, W, a: np.tensordot(G, W, (1, 1))),
    (24, lambda G, W, a: np.tensordot(G, W, axes=(1, 1))), (4, lambda G, W, a: np.prod(a, axis=0)),
    (24, lambda G, W, a: np.tensordot(G, W.T, 1)), (8, lambda G, W, a: G @ a),
    (4, lambda G, W, a: a @ a), (4, lambda G, W, a: np.vdot(a, a)),
    (16, lambda G, W, a: np.outer(a, a)), (16, lambda G, W, a: np.multiply.outer(a, a)),
    (24, lambda G, W, a: np.einsum("nk,mk->nm", G, W)),
    (48, lambda G, W, a: np.einsum("nk,mk,k->nm", G, W, a)),
    (24, lambda G, W, a: np.einsum("...k,mk->...m", G, W)),
    (0, lambda G, W, a: np.einsum("nk->kn", G)),
    (1, lambda G, W, a: a.mean()), (4, lambda G, W, a: np.mean(G, axis=0)),
    (4, lambda G, W, a: np.prod(a)), (4, lambda G, W, a: np.multiply.reduce(a)),
    (16, lambda G, W, a: np.kron(a, a)), (16, lambda G, W, a: np.convolve(a, a)),
    (16, lambda G, W, a: np.correlate(a, a)), (4, lambda G, W, a: np.cumprod(a)),
    (8, lambda G, W, a: np.dot(G, 3)), (8, lambda G, W, a: np.dot(3, G)),
    (8, lambda G, W, a: np.inner(2, G)), (12, lambda G, W, a: np.dot(W, a)),
    (8, lambda G, W, a: np.tensordot(G, G)), (16, lambda G, W, a: np.tensordot(a, a, 0)),
    (24, lambda G, W, a: np.tensordot(G, W.T, ((1,), (0,)))), (8, lambda G, W, a: 2**G),
    (8, lambda G, W, a: np.reciprocal(G + 1)), (8, lambda G, W, a: G // 3),
    (8, lambda G, W, a: np.float_power(G, 2)), (4, lambda G, W, a: np.multiply.accumulate(a)),
    (16, lambda G, W, a: np.divide.outer(a, a + 1)), (0, lambda G, W, a: np.add.outer(a, a)),
    (24, lambda G, W, a: np.einsum("n k, m k -> n m", G, W)),
    (8, lambda G, W, a: np.einsum("nk,nk", G, G)),
    (8, lambda G, W, a: np.einsum("n...,n...", G, G)),
    (32, lambda G, W, a: np.einsum("n...,m...,...->nm...", G, G, a)),
    (24, lambda G, W, a: np.einsum("a...,b...->ab...", G, np.stack([W, W], 1)[:, :1])),
    (4, lambda G, W, a: 2 * np.split(G, 2)[0]), (1, lambda G, W, a: G[1, 2] * 3),
    (4, lambda G, W, a: np.broadcast_arrays(a, G)[0][0] * a),
    (8, lambda G, W, a: 3 * np.stack([a, a])),
    (8, lambda G, W, a: np.multiply(G, a, out=G.copy())), (8, lambda G, W, a: a * np.add(G, 1)),
    (5, lambda G, W, a: np.average(a, weights=[1, 2, 3, 4])),  # four products and a quotient
    (10, lambda G, W, a: a.var() * a),  # a mean, four squares, a mean, and a product
])
def test_a_function_is_counted(count, function):
    assert multiplications(function, (G, W, a)) == count
    np.testing.assert_allclose(np.asarray(function(G, W, a)),
                               np.asarray(multiplied(function)), equal_nan=True)


def multiplied(function):
    """What a function makes of arrays that count."""
    made = []
    multiplications(lambda *case: made.append(function(*case)) or case[0], (G, W, a))
    return made[0]


def test_writing_into_an_array_is_counted():
    assert multiplications(in_place, (G, W, a)) == 8 + np.count_nonzero(G * a > 3)


@pytest.mark.parametrize("function", [
    lambda G, W, a: np.linalg.multi_dot([G, W.T]), lambda G, W, a: np.asarray(G) * np.asarray(a),
    lambda G, W, a: (G * a).tolist(), lambda G, W, a: np.array([1.0]),
    lambda G, W, a: np.apply_along_axis(lambda row: row * 2, 0, G) + G,
    lambda G, W, a: np.einsum(G, [0, 1], a, [1], [0, 1]), lambda G, W, a: 3,
    lambda G, W, a: np.interp(G, a, a) + G, lambda G, W, a: np.multiply.reduceat(a, [0, 2]),
    lambda G, W, a: np.linalg.norm(a) + a])
def test_what_is_out_of_sight_is_not_counted(function):
    assert multiplications(function, (G, W, a)) is None


def test_every_name_is_one_of_numpy():
    assert not [name for name in FREE | ONCE | {*PRICES} if not hasattr(np, name)
                and name not in ("concat", "permute_dims", "matrix_transpose")]
    assert "matmul" in SUMMED and not FREE & {*PRICES}
