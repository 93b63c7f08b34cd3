"""Convolutions by their input and by their kernel, and the largest of windows: lines and counts."""

import numpy as np
import pytest

from helpers.calculus.discover.patterns.windows import by_kernel, convolution, pooled
from tests.calculus.discover.test_patterns import answer_of

random = np.random.default_rng(5)
seen = np.lib.stride_tricks.sliding_window_view
VIEW = "np.lib.stride_tricks.sliding_window_view"
X, K, C = (random.standard_normal(shape) for shape in ((5, 4), (2, 3), (2, 4, 3)))
KC, S, KS = (random.standard_normal(shape) for shape in ((3, 2, 2, 2), (2, 6), (3, 2, 3)))
k, x, eight, square = (random.standard_normal(shape) for shape in (3, 7, 8, (4, 4)))


def correlated(X, K, pad=0):
    return np.einsum("klij,ij->kl", seen(np.pad(X, pad), K.shape), K)


def channels(C, K):
    return np.einsum("cklij,ocij->okl", seen(C, (2, 2), (1, 2)), K)


def channels_1d(S, K, pad=0):
    return np.einsum("ckj,ocj->ok", seen(np.pad(S, ((0, 0), (pad, pad))), 3, 1), K)


PLAIN = 'np.einsum("abcd,cd->ab", ' + VIEW + "({}, (2, 3)), K[::-1, ::-1])"
SLIDES = [  # function, input, kernel, line, multiplications: one for each entry that ties leave
    (lambda X: correlated(X, K), X, K, PLAIN.format("np.pad(G, ((1, 1), (2, 2)))"), 8 * 20),
    (lambda X: correlated(X, K, ((1, 0), (0, 2))), X, K,
     PLAIN.format("np.pad(G, ((0, 1), (2, 0)))"), 20 * 20),
    (lambda X: correlated(X, K, ((1, 1), (2, 2))), X, K, PLAIN.format("G"), 36 * 20),
    (lambda X: -0.5 * correlated(X, K), X, K,
     "-0.5 * " + PLAIN.format("np.pad(G, ((1, 1), (2, 2)))"), 8 * 20),
    (lambda X: correlated(X, K.T), X, K, f'np.einsum("abcd,dc->ab", {VIEW}(np.pad(G, ((2, 2), '
     "(1, 1))), (3, 2)), K[::-1, ::-1])", 9 * 20),
    (lambda C: channels(C, KC), C, KC, f'np.einsum("abcde,afde->fbc", {VIEW}(np.pad(G, ((0, 0), '
     "(1, 1), (1, 1))), (2, 2), (1, 2)), K[:, :, ::-1, ::-1])", 18 * 24),
    (lambda S: channels_1d(S, KS), S, KS, f'np.einsum("abc,adc->db", {VIEW}(np.pad(G, ((0, 0), '
     "(2, 2))), 3, 1), K[:, :, ::-1])", 12 * 12),
    (lambda S: channels_1d(S, KS, 1), S, KS, f'np.einsum("abc,adc->db", {VIEW}(np.pad(G, ((0, 0), '
     "(1, 1))), 3, 1), K[:, :, ::-1])", 18 * 12),
    (lambda X: np.stack([correlated(one, K) for one in X]), random.standard_normal((2, 3, 4)), K,
     f'np.einsum("abcde,de->abc", {VIEW}(np.pad(G, ((0, 0), (1, 1), (2, 2))), (2, 3), (1, 2)), '
     "K[::-1, ::-1])", 2 * 4 * 12),
]
NOT = [
    (lambda X: correlated(X, K[:, :2])[::2], X, K[:, :2]),   # it jumps
    (lambda X: correlated(X, K, ((3, 0), (0, 0))), X, K),    # beyond the first entry
    (lambda X: correlated(X, K[::-1]), X, K), (lambda X: correlated(X, K + 1), X, K),
    (lambda X: correlated(X, K) * np.arange(1, 3), X, K),    # another kernel in each column
    (lambda X: X[::-1, ::-1] * 2, X, np.full((1, 1), 2.0)), (np.tanh, X, K)]


def holds(J, ndim, answer):
    G = random.standard_normal(J.shape[:ndim])
    found = eval(answer.line, {"np": np, "G": G, **answer.names.all_at(0)})
    np.testing.assert_allclose(found, np.tensordot(G, J, ndim), atol=1e-6)


@pytest.mark.parametrize("f, at, kernel, line, products", SLIDES)
def test_a_kernel_slides_over_its_input(f, at, kernel, line, products):
    J, answer = answer_of(convolution, f, at=at, K=kernel)
    assert (answer.line, answer.kind) == (line, "convolution")
    assert (answer.stored, answer.multiplications) == (kernel.size, products)
    assert answer.says == "K slides over the input: G, padded, correlated with K flipped"
    holds(J, J.ndim - at.ndim, answer)


@pytest.mark.parametrize("f, at, kernel", NOT)
def test_what_no_kernel_slides_over(f, at, kernel):
    assert answer_of(convolution, f, at=at, K=kernel)[1] is None


@pytest.mark.parametrize("f, at, known, line, products", [
    (lambda K: correlated(X, K), K, X, f'np.einsum("ab,abcd->cd", G, {VIEW}(X, (2, 3)))', 8 * 6),
    (lambda k: np.correlate(x, k, "valid"), k, x, f'np.einsum("a,ab->b", G, {VIEW}(X, (3,)))',
     5 * 3),
    (lambda K: channels(C, K), KC, C,
     f'np.einsum("abc,dbcef->adef", G, {VIEW}(X, (2, 2), (1, 2)))', 18 * 8),
    (lambda K: channels_1d(S, K), KS, S, f'np.einsum("ab,cbd->acd", G, {VIEW}(X, (3,), (1,)))',
     12 * 6)])
def test_a_kernel_sees_the_input_through_windows(f, at, known, line, products):
    J, answer = answer_of(by_kernel, f, at=at, X=known)
    assert (answer.line, answer.kind) == (line, "window")
    assert (answer.multiplications, answer.stored) == (products, min(known.size, products))
    assert answer.says == "X through a window that slides along it"
    holds(J, J.ndim - at.ndim, answer)
    assert answer_of(by_kernel, f, at=at, X=known + 0.1)[1] is None
    assert answer_of(by_kernel, f, at=at, X=known[..., :-1])[1] is None


def window(size, step, first, last):
    """The mask of a window: `first` and `last` of its distances to the output."""
    away = f"{step} * np.arange" if step > 1 else "np.arange"
    size, outputs = size
    return (f"(np.abs(np.arange({size}) - {away}({outputs})[:, None] - {(first + last) / 2:g}) <= "
            f"{(last - first) / 2:g})")


ONE = 'np.einsum("a,ab->b", G, (x[None, :] == Y[:, None]) * {})'
TWO = ('np.einsum("ab,abcd->cd", G, (X[None, None, :, :] == Y[:, :, None, None]) * {0}[:, None, :, '
       "None] * {0}[None, :, None, :])")
LARGEST = [
    (lambda x: x.reshape(-1, 2).max(1), eight, ONE.format(window((8, 4), 2, 0, 1)), 1),
    (lambda x: seen(x, 3).max(1), x, ONE.format(window((7, 5), 1, 0, 2)), 1),
    (lambda x: seen(x, 3)[::2].min(1), x, ONE.format(window((7, 3), 2, 0, 2)), 1),
    (lambda x: seen(np.pad(x, 1, constant_values=-99), 3).max(1), x,
     ONE.format(window((7, 7), 1, -1, 1)), 1),
    (lambda X: X.reshape(2, 2, 2, 2).min((1, 3)), square, TWO.format(window((4, 2), 2, 0, 1)), 1),
    (lambda X: seen(X, (2, 2)).max((2, 3)), square, TWO.format(window((4, 3), 1, 0, 1)), 1),
    (lambda X: seen(X, 2, 1).max(2), X, 'np.einsum("ab,abc->ac", G, (X[:, None, :] == Y[:, :, None]'
     f") * {window((4, 3), 1, 0, 1)}[None, :, :])", 5),
    (lambda X: seen(X, 2, 0).max(2), X, 'np.einsum("ab,abc->cb", G, (X.transpose(1, 0)[None, :, :] '
     f"== Y[:, :, None]) * {window((5, 4), 1, 0, 1)}[:, None, :])", 4),
]


@pytest.mark.parametrize("f, at, line, tied", LARGEST)
def test_the_largest_of_a_window_takes_all(f, at, line, tied):
    J, answer = answer_of(pooled, f, at=at)
    assert (answer.line, answer.kind) == (line, "core")
    assert answer.stored == answer.multiplications == J.size // tied
    holds(J, J.ndim - at.ndim, answer)


@pytest.mark.parametrize("f, at", [
    (lambda x: 2 * seen(x, 3).max(1), x),
    (lambda X: X.max(1), X), (lambda x: x[::-1], x), (np.tanh, x)])
def test_what_is_not_the_largest_of_a_window(f, at):
    assert answer_of(pooled, f, at=at)[1] is None
