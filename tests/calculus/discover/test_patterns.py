"""Each detector alone: the line it writes for its own kind of tensor, and that it leaves others be.

No search stands between: these are the tensors of which each detector says yes or no in a moment.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers import numerical_jacobian
from helpers.calculus.discover.cores import along, gather, moves, named, raw, scalar
from helpers.calculus.discover.deeper import with_words
from helpers.calculus.discover.patterns import products
from helpers.calculus.discover.patterns.bands import sliding
from helpers.calculus.discover.patterns.gates import gated
from helpers.calculus.discover.patterns.low_rank import (
    diagonal_plus_low_rank,
    laid_out,
    with_diagonal,
)
from helpers.calculus.discover.patterns.mixed import terms
from helpers.calculus.discover.patterns.norms import norms, steadied, three
from helpers.calculus.discover.patterns.products import choice, product, softened
from helpers.calculus.discover.patterns.two_ties import two_ties
from helpers.calculus.discover.patterns.windows import by_kernel, convolution, pooled
from helpers.calculus.discover.samples import samples_of
from helpers.calculus.discover.search import proposed, reduced, whole_core
from helpers.calculus.discover.ties import Pattern

random = np.random.default_rng(0)
I, tri = np.eye, np.tri
A, C, X = (random.standard_normal(shape) for shape in ((3, 4), (3, 5), (3, 4)))
S, W, K, K3 = (random.standard_normal(shape) for shape in ((4, 4), (4, 3), (2, 3), (3, 3)))
B, u, v, w = random.standard_normal((4, 5))
h, s, zero = u - u.mean(), np.array(1.7), u * [1, 0, 1, 1, 1]
P = np.exp(C) / np.exp(C).sum(1, keepdims=True)
band = I(4, 5) + 2 * I(4, 5, 1)
squares = np.arange(1.0, 8) ** 2
places, ten = np.array([2, 0, 3, 1, 4]), [0, 2, 2, 1, 3, 0, 2, 1, 1, 0]
VIEW = "np.lib.stride_tricks.sliding_window_view"


def windows(x, shape, axis=None):
    return np.lib.stride_tricks.sliding_window_view(x, shape, axis)


def slid(X, K):
    return np.einsum("klij,ij->kl", windows(X, K.shape), K)


def answer_of(detector, what, ndim=None, **known):
    """(the tensor, what one detector says of it)."""
    if ndim is None:
        at = known.pop("at")
        samples, J = samples_of(what, (at,), None, known, None, None, {}), \
            numerical_jacobian(what, at)
    else:
        samples, J = samples_of(what, (), ndim, known, None, None, {}), what
    core, constants = reduced(samples, whole_core(samples))
    return J, proposed(with_words(core, constants, samples) if ndim is None else core, detector)


TENSORS = [  # detector, tensor, axes of Y, what is known: the line, kind and stored numbers
    (sliding, I(5) + 2 * I(5, k=1), 1, {},
     "G @ sum(c * np.eye(5, 5, k) for k, c in zip(range(2), w))", "Toeplitz", 2),
    (sliding, I(5) + 3 * I(5, k=-1) + 4 * I(5, k=1), 1, {},
     "G @ sum(c * np.eye(5, 5, k) for k, c in zip(range(-1, 2), w))", "Toeplitz", 3),
    (sliding, band, 1, {}, "np.convolve(G, w)", "Toeplitz", 2),
    (sliding, band, 1, {"q": np.array([1, 2.0])}, "np.convolve(G, q)", "Toeplitz", 2),
    (sliding, I(4, 6) + 3 * I(4, 6, 1) + 7 * I(4, 6, 2), 1, {"q": np.array([7.0, 3, 1])},
     "np.convolve(G, q[::-1])", "Toeplitz", 3),
    (sliding, np.einsum("ni,kj->nkij", I(3), band), 2, {},
     "np.array([np.convolve(g, w) for g in G])", "Toeplitz", 2),
    (sliding, tri(5), 1, {}, "np.cumsum(G[::-1])[::-1]", "triangle", 0),
    (sliding, tri(3), 1, {}, "np.cumsum(G[::-1])[::-1]", "triangle", 0),
    (sliding, tri(5).T, 1, {}, "np.cumsum(G)", "triangle", 0),
    (sliding, 3 * tri(5), 1, {}, "3 * np.cumsum(G[::-1])[::-1]", "triangle", 1),
    (sliding, tri(5, k=-1), 1, {}, "G @ np.tri(5, 5, -1)", "triangle", 0),
    (sliding, tri(4, 5), 1, {}, "G @ np.tri(4, 5, 0)", "triangle", 0),
    (sliding, tri(5, 4, 1).T, 1, {}, "G @ np.tri(5, 4, 1).T", "triangle", 0),
    (sliding, np.einsum("ni,kj->nkij", I(3), tri(4)), 2, {},
     "np.cumsum(G[:, ::-1], 1)[:, ::-1]", "triangle", 0),
    (sliding, np.einsum("ni,kj->knji", I(3), tri(4)), 2, {},
     "np.cumsum(G[::-1], 0)[::-1]", "triangle", 0),
    (sliding, windows(squares, 3), 1, {}, f"G @ {VIEW}(S, 3, -1)", "window", 7),
    (sliding, 2 * windows(squares, 3), 1, {"x": squares}, f"2 * (G @ {VIEW}(x, 3, -1))", "window",
     7),
    (diagonal_plus_low_rank, I(5) - 1 / 5, 1, {}, "G - G.mean()", "", 0),
    (diagonal_plus_low_rank, I(5) - np.outer(u, v), 1, {}, "G + V * (G * U).sum()", "", 10),
    (diagonal_plus_low_rank, np.diag(w) - np.outer(u, u), 1, {"w": w, "u": u},
     "w * G - u * (G * u).sum()", "", 10),
    (diagonal_plus_low_rank, 3 * I(5) + np.outer(u, v), 1, {}, "3 * G + V * (G * U).sum()", "", 11),
    (diagonal_plus_low_rank, np.diag(w) - np.outer(w, w), 1, {"w": w}, "w * (G - (G * w).sum())",
     "", 5),
    (diagonal_plus_low_rank, I(5) - 1 / 5 - np.outer(h, h) / 5, 1, {"h": h},
     "G - G.mean() - h * (G * h).mean()", "", 5),
    (diagonal_plus_low_rank, (I(5) - 1 / 5 - np.outer(h, h) / 5) / 1.7, 1, {"h": h, "s": s},
     "(G - G.mean() - h * (G * h).mean()) / s", "", 6),
    (diagonal_plus_low_rank, I(5) + 2 * np.outer(u, u), 1, {"u": u}, "G + 2 * u * (G * u).sum()",
     "", 5),
    (diagonal_plus_low_rank, I(5) + 2 * np.outer(zero, zero), 1, {"z": zero},
     "G + 2 * z * (G * z).sum()", "", 5),
    (diagonal_plus_low_rank, I(5) + 2 * np.outer(u, u), 1, {}, "G + U * (G * U).sum()", "", 5),
    (diagonal_plus_low_rank, I(5) - 2 * np.outer(u, u), 1, {}, "G - U * (G * U).sum()", "", 5),
    (diagonal_plus_low_rank, I(5) - np.outer(np.ones(5), u), 1, {"u": u}, "G - u * G.sum()", "", 5),
    (diagonal_plus_low_rank, I(5) - np.outer(u, np.ones(5)) / 3, 1, {"u": u},
     "G - (G * u).sum() / 3", "", 5),
    (diagonal_plus_low_rank, w[:, None] * (I(5) - 1 / 5), 1, {"w": w}, "w * G - (G * w).mean()",
     "", 5),
    (diagonal_plus_low_rank, w * (I(5) - 1 / 5), 1, {"w": w}, "w * (G - G.mean())", "", 5),
    (diagonal_plus_low_rank, np.einsum("ni,kj->nkij", I(3), I(5) - 1 / 5), 2, {},
     "G - G.mean(-1, keepdims=True)", "", 0),
    (diagonal_plus_low_rank, np.einsum("nk,kj,ni->nkij", P, I(5), I(3)) - np.einsum(
        "nk,nj,ni->nkij", P, P, I(3)), 2, {"P": P}, "P * (G - (G * P).sum(-1, keepdims=True))",
        "", 15),
    (norms, numerical_jacobian(lambda X: B[:4] * (X - X.mean(0)) / X.std(0), X), 2,
     {"X": X, "g": B[:4]}, "g * (G - G.mean(0) - (Xhat := (X - X.mean(0)) / (s := np.sqrt("
     "X.var(0)))) * (G * Xhat).mean(0)) / s", "", 16),
    (product, np.einsum("ki,l->kli", A, B), 2, {"A": A, "B": B},
     'np.einsum("kl,ki->i", (G * B), A)', "product", 17),
    (product, np.einsum("ki,l->kli", A, B), 2, {}, 'np.einsum("kl,ki->i", (G * C1), C)', "product",
     17),
    (product, -3 * np.einsum("ik,l->kli", W, B), 2, {"W": W, "B": B},
     '-3 * np.einsum("kl,ik->i", (G * B), W)', "product", 17),
    (product, 3 * np.einsum("ki,l->kli", A, B), 2, {"A": A}, 'np.einsum("kl,ki->i", (G * C), A)',
     "product", 17),
    (product, 3 * np.einsum("ki,l->kli", A, B), 2, {"B": B}, 'np.einsum("kl,ki->i", (G * B), C)',
     "product", 17),
    (product, np.einsum("ki,kl->kli", A, C), 2, {"A": A, "C": C},
     'np.einsum("kl,ki->i", (G * C), A)', "product", 27),
    (product, np.einsum("ki,kl->kli", A * [[0], [1], [1]], C), 2, {"A": A * [[0], [1], [1]]},
     'np.einsum("kl,ki->i", (G * C), A)', "product", 27),
    (product, np.outer(B, w), 1, {"w": w}, 'np.einsum("k,i->i", (G * C), w)', "product", 10),
    (softened, np.einsum("nm,mv,ni->nvim", P, S[[0, 1, 2, 3, 0]], I(3)) - np.einsum(
        "nm,nv,ni->nvim", P, P @ S[[0, 1, 2, 3, 0]], I(3)), 2,
     {"A": P, "V": S[[0, 1, 2, 3, 0]], "Y": P @ S[[0, 1, 2, 3, 0]]},
     'np.einsum("kl,kj,kjl->kj", (G * 1.0), A, V[None] - Y[:, None])', "product", 35),
    (choice, W[ten], 1, {"W": W}, "G @ (index[:, None] == np.arange(4)) @ W", "choice", 22),
    (choice, W.T[:, ten], 1, {"W": W}, "(index[:, None] == np.arange(4)) @ W @ G", "choice", 22),
    (choice, W[ten], 1, {"W": W, "i": np.array(ten)}, "G @ (i[:, None] == np.arange(4)) @ W",
     "choice", 22),
    (two_ties, np.einsum("ki,l->kli", I(5), v) + np.einsum("li,k->kli", I(5), v), 2, {"v": v},
     "G @ v + v @ G", "sum of two", 5),
    (two_ties, np.einsum("ki,l->kli", I(5), v) - np.einsum("li,k->kli", I(5), u), 2,
     {"v": v, "u": u}, "G @ v - (u @ G)", "sum of two", 10),
    (two_ties, np.einsum("ki,l->kli", I(5), v) + np.einsum("li,k->kli", I(5), u), 2, {},
     "G @ C + C1 @ G", "sum of two", 10),
    (gather, I(5)[places], 1, {}, "G[index]", "permutation", 5),
    (gather, I(5)[places], 1, {"to": places}, "G[np.argsort(to, -1)]", "permutation", 5),
    (gather, I(5)[places].T, 1, {"to": places}, "G[to.astype(int)]",
     "permutation", 5),
    (gather, I(5)[np.argsort(u)], 1, {"u": u}, "G[np.argsort(np.argsort(u, -1), -1)]",
     "permutation", 5),
    (gather, np.einsum("ni,kj->nkij", I(3), I(5)[places]), 2, {}, "G[:, index]", "permutation", 5),
    (gather, np.einsum("ni,kj->nkij", I(5)[places], I(3)), 2, {}, "G[index]", "permutation", 5),
    (gather, np.einsum("ni,nkj->nkij", I(3), [I(5)[np.argsort(z)] for z in C]), 2, {},
     "np.take_along_axis(G, index, -1)", "permutation", 15),
    (gather, I(5)[[0, 2, 2]], 1, {}, "G @ (index[:, None] == np.arange(5))", "gather", 3),
    (gather, np.einsum("ni,kj->nkij", I(5)[[0, 2, 2]], I(4)), 2, {},
     "(index[:, None] == np.arange(5)).T @ G", "gather", 3),
    (gather, np.einsum("nj,ni->nij", I(5)[C.argmin(1)], I(3)), 1, {"Z": C},
     "G[:, None] * (Z.argmin(-1)[:, None] == np.arange(5))", "gather", 3),
    (moves, I(12).reshape(3, 4, 2, 6), 2, {}, "G.reshape(2, 6)", "reshape", 0),
    (moves, I(12)[::-1].reshape(3, 4, 2, 6), 2, {},
     "np.bincount(index, G.ravel(), 12).reshape(2, 6)", "gather", 12),
    (moves, I(12)[[3, 3, 4, 5, 6, 7]].reshape(6, 2, 6), 1, {},
     "np.bincount(index, G, 12).reshape(2, 6)", "gather", 6),
    (scalar, np.full((3, 4), 2.5), 1, {}, "np.broadcast_to(2.5 * G.sum(), (4,))", "constant", 1),
    (scalar, np.full((3, 4), -1.0), 1, {}, "np.broadcast_to(-G.sum(), (4,))", "constant", 0),
    (scalar, np.full((3, 4), 0.3), 1, {"alpha": np.array(0.3)},
     "np.broadcast_to(alpha * G.sum(), (4,))", "constant", 1),
    (named, X.T, 1, {"X": X}, "X @ G", "core", 12),
    (named, 2 * X**2, 1, {"X": X}, "2 * (G @ (X**2))", "core", 12),
    (named, X > 0, 1, {"X": X}, "G @ (X > 0)", "core", 12),
    (raw, X, 1, {}, "G @ C", "dense", 12),
]
FUNCTIONS = [
    (two_ties, lambda X: X @ X.T, {"at": X}, "G @ X + G.T @ X", 12),
    (two_ties, lambda X: X.T @ X, {"at": X}, "X @ G.T + X @ G", 12),
    (two_ties, lambda X: X @ X, {"at": S}, "G @ X.T + X.T @ G", 16),
    (product, np.linalg.inv, {"at": S}, "-(Y.T @ G @ Y.T)", 16),
    (convolution, lambda X: 2 * slid(X, K), {"at": S, "K": K}, '2 * np.einsum("abcd,cd'
     f'->ab", {VIEW}(np.pad(G, ((1, 1), (2, 2))), (2, 3)), K[::-1, ::-1])', 6),
    (convolution, lambda X: slid(np.pad(X, 1), K3), {"at": X, "K": K3},
     f'np.einsum("abcd,cd->ab", {VIEW}(np.pad(G, 1), (3, 3)), K[::-1, ::-1])', 9),
    (convolution, lambda X: slid(np.pad(X, 1), K), {"at": X, "K": K},
     f'np.einsum("abcd,cd->ab", {VIEW}(np.pad(G, ((0, 0), (1, 1))), (2, 3)), K[::-1, ::-1])', 6),
    (by_kernel, lambda K: slid(S, K), {"at": K, "X": S},
     f'np.einsum("ab,abcd->cd", G, {VIEW}(X, (2, 3)))', 16),
    (by_kernel, lambda K: np.einsum("oiw,inw->on", K, windows(C, 3, 1)),
     {"at": random.standard_normal((2, 3, 3)), "X": C},
     f'np.einsum("ab,cbd->acd", G, {VIEW}(X, (3,), (1,)))', 15),
    (pooled, lambda X: X.reshape(3, 2, 2).max(2), {"at": X},
     'np.einsum("ab,abc->ac", G, (X[:, None, :] == Y[:, :, None]) * (np.abs(np.arange(4) - '
     '2 * np.arange(2)[:, None] - 0.5) <= 0.5)[None, :, :])', 24),
    (pooled, lambda X: windows(X, 3, 1).min(2), {"at": C},
     'np.einsum("ab,abc->ac", G, (X[:, None, :] == Y[:, :, None]) * (np.abs(np.arange(5) - '
     'np.arange(3)[:, None] - 1) <= 1)[None, :, :])', 45),
    (gated, lambda X: X / (1 + np.exp(-2 * X)), {"at": X},
     "G * (t := 1 / (1 + np.exp(-(2 * X)))) * (1 + X * 2 * (1 - t))", 12),
    (gated, lambda X: X / (1 + np.exp(-1.3 * X)), {"at": X, "beta": np.array(1.3)},
     "G * (t := 1 / (1 + np.exp(-(beta * X)))) * (1 + X * beta * (1 - t))", 12),
    (gated, lambda X: X * np.tanh(np.logaddexp(0, X)), {"at": X}, "G * ((t := np.tanh("
     "np.logaddexp(0, X))) + X * (1 / (1 + np.exp(-X))) * (1 - t**2))", 12),
    (gated, lambda X: X / (1 + np.exp(-X)), {"at": 30 * X},
     "G * (t := 1 / (1 + np.exp(-X))) * (1 + X * (1 - t))", 12),
    (gated, lambda X: X / (1 + np.exp(-X)), {"at": np.where(np.abs(X) < 0.5, 1e-9 * X, X)},
     "G * (t := 1 / (1 + np.exp(-X))) * (1 + X * (1 - t))", 12),
    (gated, lambda X: X * np.tanh(X), {"at": X},
     "G * ((t := np.tanh(X)) + X * (1 - t**2))", 12),
    (norms, lambda X: (X - X.mean(0)) / np.sqrt(X.var(0)), {"at": X}, "(G - G.mean(0) - (Xhat := "
     "(X - X.mean(0)) / (s := np.sqrt(X.var(0)))) * (G * Xhat).mean(0)) / s", 16),
    (norms, lambda X: (X - X.mean(0)) / X.std(0, ddof=1), {"at": X}, "(G - G.mean(0) - 0.5 * (Xhat "
     ":= (X - X.mean(0)) / (s := np.sqrt(X.var(0, ddof=1)))) * (G * Xhat).sum(0)) / s", 16),
    (norms, lambda X: X / np.sqrt((X**2).sum(1, keepdims=True)), {"at": X}, "(G - (Xhat := X / (s "
     ":= np.sqrt((X**2).sum(-1, keepdims=True)))) * (G * Xhat).sum(-1, keepdims=True)) / s", 15),
    (steadied, lambda X: X / np.sqrt((X**2).mean(1, keepdims=True) + 1e-3), {"at": X},
     "(G - (Xhat := X / (s := np.sqrt((X**2).mean(-1, keepdims=True) + 0.001))) * (G * Xhat)"
     ".mean(-1, keepdims=True)) / s", 15),
    (steadied, lambda X: B[:4] * (X - X.mean(0)) / np.sqrt(X.var(0) + 1e-5), {"at": X, "g": B[:4]},
     "g * (G - G.mean(0) - (Xhat := (X - X.mean(0)) / (s := np.sqrt(X.var(0) + 1e-05))) * "
     "(G * Xhat).mean(0)) / s", 16),
    (gated, lambda X: X * (1 + np.tanh(X / 2)) / 2, {"at": X},
     "G * (t := 1 / (1 + np.exp(-X))) * (1 + X * (1 - t))", 12),
    (terms, lambda X: ((X[:, None] - W.T) ** 2).sum(2), {"at": X, "C": W.T},
     '2 * np.einsum("kl,kj->kj", G, X) - 2 * (G @ C)', 24),
]


def holds(J, answer, close):
    """Whether the line is the contraction of the tensor, at its input."""
    outer = J.ndim - len(answer.terms[0].pattern.inner) if answer.terms else 2
    G = np.random.default_rng(7).standard_normal(J.shape[:outer])
    found = eval(answer.line, {"np": np, "G": G, **answer.names.all_at(0)})
    np.testing.assert_allclose(found, np.tensordot(G, J, outer), rtol=close, atol=close)


@pytest.mark.parametrize(("detector", "J", "ndim", "known", "line", "kind", "stored"), TENSORS,
                         ids=[f"{case[0].__name__}-{case[4][:40]}" for case in TENSORS])
def test_a_tensor_of_its_kind_gets_its_line(detector, J, ndim, known, line, kind, stored):
    J, answer = answer_of(detector, np.asarray(J, float), ndim, **known)
    assert (answer.line, answer.kind, answer.stored) == (
        line, kind or "diagonal plus low rank", stored)
    holds(J, answer, 1e-10)
    if answer.low_rank and J.ndim == 2:
        assert answer.multiplications == (2 * answer.low_rank["rank"] + 1) * len(J)
        np.testing.assert_allclose(block(answer), J, atol=1e-10)


def block(answer):
    """The matrix that the diagonal and the outer products of an answer say."""
    low, names = answer.low_rank, {"np": np, **answer.names.all_at(0)}
    n, side = 5, low["side"]
    d = np.ones(n) * eval(low["diagonal"], dict(names))
    rest = sum(np.outer(*[np.ones(n) * eval(text, dict(names)) for text in (a, b)]) * eval(c, names)
               for c, a, b in low["factors"])
    if side is None:
        return np.diag(d) + rest
    return (np.eye(n) + rest) * (d if side == low["axes"][1] else d[:, None])


@pytest.mark.parametrize(("detector", "f", "known", "line", "stored"), FUNCTIONS,
                         ids=[f"{case[0].__name__}-{case[3][:40]}" for case in FUNCTIONS])
def test_a_function_of_its_kind_gets_its_line(detector, f, known, line, stored):
    J, answer = answer_of(detector, f, **known)
    assert (answer.line, answer.stored) == (line, stored)
    holds(J, answer, 1e-6)


dense = random.standard_normal((5, 5))
ODD = [
    (sliding, I(5) + 2 * I(5, k=2), 1, {}), (sliding, dense, 1, {}), (sliding, dense[:1], 1, {}),
    (sliding, np.where(I(5) == 1, B, tri(5)), 1, {}),
    (diagonal_plus_low_rank, dense, 1, {}), (diagonal_plus_low_rank, dense[:4], 1, {}),
    (diagonal_plus_low_rank, np.diag(B), 1, {}),
    (diagonal_plus_low_rank, I(7) - random.standard_normal((7, 3)) @ random.standard_normal((3, 7)),
     1, {}),
    (product, random.standard_normal((3, 5, 4)), 2, {"A": A}), (product, dense, 1, {}),
    (product, np.outer([1.0, 2], [3, 5]), 1, {}),  # 2 + 2 numbers in place of four
    (softened, np.einsum("nm,mv,ni->nvim", P, S[[0, 1, 2, 3, 0]], I(3)), 2,
     {"A": P, "V": S[[0, 1, 2, 3, 0]], "Y": P @ S[[0, 1, 2, 3, 0]] + 0.1}),
    (choice, W[ten] + 0.1, 1, {"W": W}), (choice, W[ten[:3]], 1, {"W": W}),
    (choice, np.where(np.arange(30).reshape(10, 3) == 17, 9, W[ten]), 1, {"W": W}),
    (two_ties, np.einsum("ki,l->kli", I(5), v) + np.eye(125)[7].reshape(5, 5, 5), 2, {"v": v}),
    (gather, 2 * I(5)[places], 1, {}), (gather, I(5)[places] + I(5)[[1]], 1, {}),
    (moves, 2 * I(12).reshape(3, 4, 2, 6), 2, {}), (moves, np.ones((3, 4, 2, 6)), 2, {}),
    (scalar, np.full((3, 4), 2.0) + I(3, 4) * 1e-3, 1, {}), (terms, X, 1, {"X": X}),
    (named, X + 1e-3 * I(3, 4), 1, {"X": X}),
]
ODDER = [(convolution, lambda X: slid(X, K), {"at": S}),
         (gated, lambda X: np.maximum(X, 0), {"at": X}),
         (gated, lambda X: X**3, {"at": X}),
         (pooled, lambda X: X.reshape(3, 2, 2).sum(2), {"at": X}),
         (norms, lambda X: X - X.mean(0), {"at": X}), (norms, np.tanh, {"at": X}),
         (terms, np.tanh, {"at": X}), (two_ties, np.tanh, {"at": X}),
         (norms, lambda X: X / np.abs(X).sum(1, keepdims=True), {"at": X}),
         (steadied, lambda X: (X - X.mean(0)) / X.std(0), {"at": X})]


@pytest.mark.parametrize("count", [7, 8])
def test_eight_numbers_tell_of_a_gate(count, monkeypatch):
    """So many that the gate lets by: near 0 and far from it its argument is lost."""
    samples = samples_of(lambda X: X / (1 + np.exp(-X)), (X,), None, {}, None, None, {})
    core = with_words(*reduced(samples, whole_core(samples)), samples)
    x = np.concatenate([np.linspace(0.5, 2, count), [1e-4, 500]])
    values = {"X": x, "Y": x / (1 + np.exp(-x))}
    monkeypatch.setattr(core.names, "value", lambda name: [values[name]])
    answer = gated(core)
    assert (answer and answer.kind) == (None if count < 8 else "core")


@pytest.mark.parametrize("detector, J, ndim, known", ODD,
                         ids=[f"{case[0].__name__}-{i}" for i, case in enumerate(ODD)])
def test_a_tensor_of_no_such_kind_gets_none(detector, J, ndim, known):
    J, answer = answer_of(detector, J, ndim, **known)
    if answer:  # a detector may say yes to more than its kind, but never a wrong line
        assert detector is two_ties
        holds(J, answer, 1e-10)


@pytest.mark.parametrize("detector, f, known", ODDER,
                         ids=[f"{case[0].__name__}-{i}" for i, case in enumerate(ODDER)])
def test_a_function_of_no_such_kind_gets_none(detector, f, known):
    assert answer_of(detector, f, **known)[1] is None


def test_a_core_too_large_to_look_at_is_no_product(monkeypatch):
    J = np.einsum("ki,l->kli", A, B)
    assert answer_of(product, J, 2)[1].kind == "product"
    monkeypatch.setattr(products, "LARGEST", J.size - 1)
    assert answer_of(product, J, 2)[1] is None


def test_a_zero_at_one_of_two_points_is_no_factor():
    blocks, diagonals = [np.ones((2, 2))] * 2, [np.ones(2), np.array([1.0, 0])]
    assert with_diagonal(None, blocks, (), "k", "j", "j", "d", ("k",), diagonals) is None
    assert with_diagonal(None, blocks, (), "k", "j", "j", "d", ("k",), diagonals[::-1]) is None


def test_cores_of_so_many_numbers_are_still_looked_at_for_attention():
    asked = []
    for size in (2**16, 2**16 + 1):
        names = SimpleNamespace(known=lambda size=size: asked.append(size) or [])
        assert softened(SimpleNamespace(letters="kij", size=size, names=names)) is None
    assert asked == [2**16]


def test_the_rank_of_a_norm_is_the_one_of_its_blocks():
    for f in (lambda x: (x - x.mean()) / x.std(), lambda x: x / np.sqrt((x**2).mean())):
        J, answer = answer_of(norms, f, at=v)
        ranks = [np.linalg.matrix_rank(I(5) / spread - J, 1e-6) for spread in (
            v.std(), np.sqrt((v**2).mean()))]
        assert f"a diagonal plus rank {min(ranks)}: a norm along axis 0" in answer.says


def test_three_numbers_of_a_block_are_found_or_it_is_none():
    gain, x = random.uniform(1, 2, (2, 5)), random.standard_normal((2, 5))
    for b in (0.0, -0.5):
        M = gain[:, :, None] * (3 * I(5) + b - 2 * x[:, :, None] * x[:, None])
        np.testing.assert_allclose(three(M, gain, x, True, 1e-9), [[3] * 2, [b] * 2, [-2] * 2],
                                   atol=1e-12)
        found = three(M, gain, x, False, 1e-9)
        assert found is None if b else np.allclose(found[[0, 2]], [[3] * 2, [-2] * 2])
        assert three(M + 1e-3 * random.standard_normal(M.shape), gain, x, True, 1e-9) is None
    half = three(M * [[[0]], [[1]]], gain, x, True, 1e-9)
    assert np.isnan(half[:, 0]).all() and np.allclose(half[:, 1], [3, -0.5, -2])
    assert three(0 * M, gain, x, True, 1e-9) is None


@pytest.mark.parametrize("shape, letters", [
    ((3, 4), "bk"), ((4, 3), "kb"), ((3, 1), "bk"), ((3,), "b"), ((4,), "k"), ((2, 4), None),
    ((1,), None), ((3, 3), None), ((4, 1), None), ((), None), ((1, 3), None)])
def test_a_known_array_is_laid_along_a_diagonal(shape, letters):
    value = random.standard_normal(shape)
    found = list(laid_out([value, 2 * value], ("b", "k"), (3, 4)))
    assert [one for one, _ in found] == ([tuple(letters)] if letters else [])
    turn = {"kb": value.T, "b": value[..., None]}.get(letters, value)
    for _, arrays in found:
        assert len(arrays) == 2
        np.testing.assert_array_equal(arrays[0], np.broadcast_to(turn, (3, 4)))
        np.testing.assert_array_equal(arrays[1], np.broadcast_to(2 * turn, (3, 4)))


@pytest.mark.parametrize("outer, inner, backward, found", [
    ("kl", "jl", (), ("k", "j", 0)), ("lk", "lj", (), ("k", "j", 1)),
    ("kl", "lj", (), None),      # the other axis is elsewhere
    ("kl", "jl", (1,), None),    # or runs the other way
    ("kl", "j", (), None), ("kl", "kj", (), None)])
def test_one_axis_in_place_of_another(outer, inner, backward, found):
    pattern = Pattern(tuple(outer), tuple(inner), backward)
    core = SimpleNamespace(letters=("k", "j"), pattern=pattern)
    assert along(core, 0, 1) == along(core, 1, 0) == found
