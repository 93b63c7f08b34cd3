"""Blocks of a diagonal plus outer products, wherever their axes are: the line, and what it keeps.

The diagonal may be a factor of all of the block, from either side. Every block is compared with
what its texts say, and every count with one by hand.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.discover.naming.names import names_in
from helpers.calculus.discover.patterns.low_rank import (
    Piece,
    addend,
    beside,
    cross,
    diagonal_plus_low_rank,
    diagonals_of,
    even,
    left_by,
)
from tests.calculus.discover.test_patterns import answer_of

random = np.random.default_rng(12)
N, K = 3, 5


def signed(*shape):
    return random.uniform(0.5, 2, shape) * np.where(np.arange(np.prod(shape)).reshape(shape) % 3,
                                                    1, -1)


P, Q, d, r, R, s = signed(N, K), signed(K, N), signed(K), signed(N), signed(N, 1), np.array(1.7)
h = P - P.mean(1, keepdims=True)
ARRAYS = {"P": P, "Q": Q, "d": d, "r": r, "R": R, "s": s, "h": h}
FACTORS = {"": np.ones((N, K)), "P": P, "Q.T": Q.T, "d": np.tile(d, (N, 1)), "r[:, None]":
           np.tile(r[:, None], K), "R": np.tile(R, K), "s": np.full((N, K), s)}


def outer(u, v):
    return u[:, :, None] * v[:, None, :]


ONES = np.ones((N, K))
PIECES = {  # what is added to the identity
    "mean": -outer(ONES, ONES) / K, "P P": -outer(P, P), "3 Q Q": 3 * outer(Q.T, Q.T),
    "d 1": -outer(FACTORS["d"], ONES), "1 d": -2 * outer(ONES, FACTORS["d"]),
    "little": -1e-3 * outer(P, P), "mean h h": -(outer(ONES, ONES) + outer(h, h)) / K,
    "own": outer(signed(N, K), signed(N, K)),
}
# the factor, "/" for one that is divided by, side, piece: line
LINES = [
    ("", "", "mean", "G - G.mean(@)"), ("", "", "P P", "G - P * (G * P).sum(@)"),
    ("", "", "3 Q Q", "G + 3 * Q.T * (G * Q.T).sum(@)"), ("", "", "d 1", "G - (G * d).sum(@)"),
    ("", "", "1 d", "G - 2 * d * G.sum(@)"),
    ("", "", "mean h h", "G - G.mean(@) - h * (G * h).mean(@)"),
    ("", "", "own", "G + V * (G * U).sum(@)"),
    ("", "", "little", "G - 0.001 * P * (G * P).sum(@)"),
    ("P", "columns", "mean", "P * (G - G.mean(@))"),
    ("P", "rows", "mean", "P * G - (G * P).mean(@)"),
    ("P", "columns", "P P", "P * (G - P * (G * P).sum(@))"),
    ("P", "rows", "P P", "(D := P * G) - P * (D * P).sum(@)"),
    ("Q.T", "columns", "P P", "Q.T * (G - P * (G * P).sum(@))"),
    ("Q.T", "rows", "mean h h", "(D := Q.T * G) - D.mean(@) - h * (D * h).mean(@)"),
    ("R", "columns", "mean h h", "R * (G - G.mean(@) - h * (G * h).mean(@))"),
    ("d", "columns", "d 1", "d * (G - (G * d).sum(@))"),
    ("r[:, None]", "columns", "P P", "r[:, None] * (G - P * (G * P).sum(@))"),
    ("r[:, None]", "rows", "3 Q Q", "r[:, None] * (G + 3 * Q.T * (G * Q.T).sum(@))"),
    ("R", "columns", "3 Q Q", "R * (G + 3 * Q.T * (G * Q.T).sum(@))"),
    ("s", "columns", "mean", "s * (G - G.mean(@))"),
    ("s", "rows", "1 d", "s * (G - 2 * d * G.sum(@))"),
    ("/ s", "columns", "P P", "(G - P * (G * P).sum(@)) / s"),
    ("/ s", "rows", "mean h h", "(G - G.mean(@) - h * (G * h).mean(@)) / s"),
    ("/ d", "columns", "1 d", "1 / d * G - 2 * G.sum(@)"),
    ("/ d", "rows", "1 d", "(D := 1 / d * G) - 2 * d * D.sum(@)"),
    ("/ P", "columns", "3 Q Q", "(G + 3 * Q.T * (G * Q.T).sum(@)) / P"),
    ("/ P", "rows", "mean h h", "(D := 1 / P * G) - D.mean(@) - h * (D * h).mean(@)"),
]


@pytest.mark.parametrize("factor, side, piece, line", LINES, ids=[case[3] for case in LINES])
def test_a_block_gets_its_line_and_its_counts(factor, side, piece, line):
    f = 1 / FACTORS[factor[2:]] if factor[:1] == "/" else FACTORS[factor]
    blocks = (np.eye(K) + PIECES[piece]) * (f[:, :, None] if side == "rows" else f[:, None, :])
    said = line.replace("@", "-1, keepdims=True")
    known = {name: ARRAYS[name] for name in names_in(said) & {*ARRAYS}}
    answer = found(np.einsum("nkj,ni->nkij", blocks, np.eye(N)), said, known)
    low = answer.low_rank
    assert np.allclose(told(answer, low), blocks, atol=1e-10) and low["rank"] == 1 + (
        piece == "mean h h")
    # the same with the summed axis first, and between two others
    turned = {name: value.T if value.ndim == 2 else value for name, value in known.items()}
    found(np.einsum("nkj,ni->knji", blocks, np.eye(N)), None, turned)
    deep = {name: value for name, value in known.items() if value.ndim < 2}
    if {*deep} == {*known} and piece != "own" and "r" not in known:
        found(np.einsum("nkj,ni,ml->nkmijl", blocks, np.eye(N), np.eye(2)), None,
              {name: value[:, None] if value.ndim else value for name, value in deep.items()})


def found(J, line, known):
    """The answer, its line and its counts compared."""
    _, answer = answer_of(diagonal_plus_low_rank, J, J.ndim // 2, **known)
    G = random.standard_normal(J.shape[:J.ndim // 2])
    names = answer.names.all_at(0)
    np.testing.assert_allclose(eval(answer.line, {"np": np, "G": G, **names}),
                               np.tensordot(G, J, G.ndim), atol=1e-9)
    assert line is None or answer.line == line
    rank = answer.low_rank["rank"]
    used = names_in(answer.line) & {*names}
    assert answer.stored == sum(np.size(names[name]) for name in used) and used >= {*known}
    assert answer.multiplications == (2 * rank + 1) * G.size
    assert answer.says == f"each {K}×{K} block is a diagonal plus rank {rank}"
    return answer


def told(answer, low):
    """The blocks [n, k, j] that the diagonal and the outer products say."""
    names = {"np": np, **answer.names.all_at(0)}

    def laid(text, letters):
        value = np.asarray(eval(text, dict(names)), float)
        value = value.T if letters == (*low["axes"][:1], "k") else value
        return np.broadcast_to(value[:, None] if value.shape == (N,) else value, (N, K))

    eye = np.eye(K) + np.zeros((N, 1, 1))
    rest = sum(eval(c, dict(names)) * outer(laid(u, x), laid(v, x)) for (c, u, v), x in zip(
        low["factors"], low["factor_letters"], strict=True))
    f = laid(low["diagonal"], tuple("l" if x == low["side"] else x for x in low["letters"]))
    if low["side"] is None:
        return eye * f[:, :, None] + rest
    return (eye + rest) * (f[:, None, :] if low["side"] == low["axes"][1] else f[:, :, None])


# -- a matrix beside its diagonal

def low(rank, *shape):
    return signed(*shape, rank) @ signed(*shape[:-1], rank, shape[-1])


@pytest.mark.parametrize("rank", [1, 2])
@pytest.mark.parametrize("batch", [(), (3,), (2, 3)])
def test_the_diagonal_is_what_the_entries_beside_it_leave(rank, batch):
    right, n = signed(*batch, 7), 7
    x = low(rank, *batch, n) + right[..., None] * np.eye(n)
    np.testing.assert_allclose(beside(x, rank, 1e-9), right, atol=1e-9)
    assert beside(x + 1e-3 * random.standard_normal(x.shape), rank, 1e-9) is None
    assert beside(x[..., :2 * rank + 1, :2 * rank + 1], rank, 1e-9) is None  # too few beside it
    small = x[..., :2 * rank + 2, :2 * rank + 2]
    np.testing.assert_allclose(beside(small, rank, 1e-9), right[..., :2 * rank + 2], atol=1e-8)
    assert beside(x * (1 - np.eye(n)[0]), rank, 1e-9) is None  # a column of zeros has no pivot
    if rank == 1:
        assert beside(low(2, *batch, n), 1, 1e-9) is None


@pytest.mark.parametrize("batch", [(), (3,)])
def test_a_product_of_few_columns_and_rows_is_found(batch):
    x = low(2, *batch, 6)[..., :4, :]  # four rows, six columns
    U, V = cross(x, 2, 1e-9)
    assert U.shape == (*batch, 4, 2) and V.shape == (*batch, 2, 6)
    np.testing.assert_allclose(U @ V, x, atol=1e-12)
    assert cross(x, 1, 1e-9) is None and cross(x, 1, 1e3) is not None
    rest, U, V = left_by(x, 1)
    np.testing.assert_allclose(rest + U[0] * V[0], x, atol=1e-12)
    assert all(np.linalg.matrix_rank(one, 1e-9) == 1 for one in rest.reshape(-1, 4, 6))
    nothing = left_by(0 * x, 2)
    assert not nothing[0].any() and np.isfinite(nothing[1][1]).all()


@pytest.mark.parametrize("x, allowed, says", [
    ([[2, 2, 2], [5, 5, 5]], 0, True), ([[2, 2, 2.1], [5, 5, 5]], 0, False),
    ([[2, 2, 2.1]], 1e-3, False), ([[2, 2, 2.1]], 1e-2, True), ([[0, 0]], 0, True),
    ([[1e-3, 2e-3]], 0.04, False)])
def test_what_changes_along_its_last_axis(x, allowed, says):
    assert even(np.array(x, float), allowed) is says


@pytest.mark.parametrize("c, u, v, frame, axis, line", [
    ("-1", "", "", "k", 0, " - G.sum()"), ("2", "", "", "k", 0, " + 2 * G.sum()"),
    ("-1 / 5", "", "", "k", 0, " - G.mean()"), ("-0.2", "", "", "nk", 1,
                                                " - G.mean(-1, keepdims=True)"),
    ("-0.2", "", "", "kn", 0, " - G.mean(0)"), ("0.2", "", "", "kn", 0, " + 0.2 * G.sum(0)"),
    ("-1 / 4", "u", "", "nk", 1, " - (G * u).sum(-1, keepdims=True) / 4"),
    ("-1", "", "v", "nkm", 1, " - v[None, :, None] * G.sum(-2, keepdims=True)"),
    ("1", "u", "v", "k", 0, " + v * (G * u).sum()"),
    ("-1", "a + b", "a + b", "k", 0, " - (a + b) * (G * (a + b)).sum()")])
def test_how_an_outer_product_is_taken_off_or_added(c, u, v, frame, axis, line):
    assert addend(Piece(c, u, v, ("k",)), "G", tuple(frame), axis, 5) == line


def test_what_may_stand_on_a_diagonal_is_tried_in_this_order():
    """Of a number its inverse, of an array that of its norm."""
    known = {"s": np.array(-2.0), "A": np.array([3.0, 4.0])}
    names = SimpleNamespace(
        texts=lambda shape: (), known=lambda: list(known), samples=[known],
        value=lambda text: [np.asarray(eval(text, {"np": np, **known}))])
    dense = random.standard_normal((6, 6))
    core = SimpleNamespace(names=names, tolerance=1e-9)
    found = [(text, diagonals[0][0]) for text, _, diagonals in
             diagonals_of(core, [dense], (), "k", "j")]
    assert found == [("1", 1), ("s", -2), ("1 / s", -0.5), ("1 / np.linalg.norm(A)", 0.2)]
