"""Right gradients as people write them, at numbers of every size: never accused."""


import numpy as np
import pytest

from helpers import check_gradients
from tests.amount import amount

SCALES = 10.0 ** np.arange(-6, 7)


def softmax(Z):
    E = np.exp(Z - Z.max(-1, keepdims=True))
    return E / E.sum(-1, keepdims=True)


def softmax_back(G, Z):
    P = softmax(Z)
    return P * (G - (G * P).sum(-1, keepdims=True))


def sigmoid(X):
    e = np.exp(-np.abs(X))
    return np.where(X >= 0, 1, e) / (1 + e)


def norm(X, g, b):
    return g * (X - X.mean(0)) / np.sqrt(X.var(0) + 1e-5) + b


def norm_back(G, X, g, b):
    N, s = len(X), np.sqrt(X.var(0) + 1e-5)
    hat = (X - X.mean(0)) / s
    dX = g / (N * s) * (N * G - G.sum(0) - hat * (G * hat).sum(0))
    return dX, (G * hat).sum(0), G.sum(0)


def norm_in_steps(G, X, g, b):
    """As of the well-known lecture: every node of the graph on its own."""
    N, mu = len(X), X.mean(0)
    centred = X - mu
    var = (centred**2).sum(0) / N
    inverse = 1 / np.sqrt(var + 1e-5)
    dhat = G * g
    dcentred = dhat * inverse
    dvar = (dhat * centred).sum(0) * -0.5 * inverse**3
    dcentred = dcentred + 2 * centred * dvar / N
    return dcentred - dcentred.sum(0) / N, (G * centred * inverse).sum(0), G.sum(0)


def loops(G, X, W):
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    for n in range(len(X)):
        for m in range(X.shape[1]):
            for k in range(W.shape[1]):
                dX[n, m] += G[n, k] * W[m, k]
                dW[m, k] += X[n, m] * G[n, k]
    return dX, dW


def two_layers(X, V, W):
    return np.maximum(X @ V, 0) @ W


def two_layers_back(G, X, V, W):
    H = np.maximum(X @ V, 0)
    D = (G @ W.T) * (H > 0)
    return D @ V.T, X.T @ D, H.T @ G


def loss(Z, t):
    return -np.log(softmax(Z)[np.arange(len(t)), t] + 0.0).mean()


def loss_back(Z, t):
    P = softmax(Z)
    P[np.arange(len(t)), t] -= 1
    return P / len(t)


def matrix_product(X, W):
    return X @ W


INNOCENT = {  # forward, backward, shapes
    "affine": (lambda X, W, b: X @ W + b, lambda G, X, W, b: (G @ W.T, X.T @ G, G.sum(0)),
               [(3, 4), (4, 2), (2,)]),
    "einsum": (matrix_product, lambda G, X, W: (
        np.einsum("nk,mk->nm", G, W), np.einsum("nm,nk->mk", X, G)), [(3, 4), (4, 2)]),
    "loops": (matrix_product, loops, [(3, 4), (4, 2)]),
    "views": (matrix_product, lambda G, X, W: ((W @ G.T).T, np.asfortranarray(X.T @ G)),
              [(3, 4), (4, 2)]),
    "matrices": (matrix_product, lambda G, X, W: (np.matrix(G) * np.matrix(W).T, X.T @ G),
                 [(3, 4), (4, 2)]),
    "lists": (matrix_product, lambda G, X, W: ((G @ W.T).tolist(), (X.T @ G).tolist()),
              [(3, 4), (4, 2)]),
    "relu": (lambda X: np.maximum(X, 0), lambda G, X: np.where(X > 0, G, 0), [(3, 4)]),
    "relu, 1 at 0": (lambda X: np.maximum(X, 0), lambda G, X: G * (X >= 0), [(3, 4)]),
    "abs": (np.abs, lambda G, x: G * np.sign(x), [(3, 4)]),
    "max of a row": (lambda X: X.max(1), lambda G, X: G[:, None] * (
        np.arange(4) == X.argmax(1)[:, None]), [(3, 4)]),
    "tanh": (np.tanh, lambda G, x: G * (1 - np.tanh(x)**2), [(3, 4)]),
    "sigmoid": (sigmoid, lambda G, X: G * sigmoid(X) * (1 - sigmoid(X)), [(3, 4)]),
    "softmax": (softmax, softmax_back, [(3, 4)]),
    "norm": (norm, norm_back, [(5, 4), (4,), (4,)]),
    "norm in steps": (norm, norm_in_steps, [(5, 4), (4,), (4,)]),
    "two layers": (two_layers, two_layers_back, [(3, 4), (4, 5), (5, 2)]),
    "a loss": (lambda w: np.sum(w**2) / 2, lambda w: w, [(3, 4)]),
    "float32": (np.tanh, lambda G, x: (G * (1 - np.tanh(x)**2)).astype(np.float32), [(3, 4)]),
    "all in float32": (lambda X, W: (X.astype(np.float32) @ W.astype(np.float32)),
                       lambda G, X, W: (G @ W.T, X.T @ G), [(3, 4), (4, 2)]),
    "divided": (lambda X, a: X / a, lambda G, X, a: (G / a, -(G * X).sum() / a**2), [(3, 4), ()]),
}


@pytest.mark.parametrize("kind", ["plain", "offset", "ties"])
@pytest.mark.parametrize("forward, backward, shapes", INNOCENT.values(), ids=INNOCENT)
def test_right_code_is_never_accused(forward, backward, shapes, kind):
    for seed in range(amount(check=1, test=1, soak=13)):
        random = np.random.default_rng(seed)
        scale = SCALES[(seed + number_of(forward, kind)) % 13]
        arrays = [random.standard_normal(shape) for shape in shapes]
        if kind == "ties":
            arrays = [np.round(X) if X.ndim == 2 else X for X in arrays]
        arrays = [X + scale if kind == "offset" else X * scale for X in arrays]
        checks = check_gradients(forward, backward, *arrays)
        assert checks.passed and not checks.mistake, (checks, arrays)


def number_of(forward, kind):
    """A number from 0 to 12, another for each case."""
    names = [row[0] for row in INNOCENT.values()]
    return (5 * names.index(forward) + len(kind)) % 13


def test_kinks_inside_that_cancel_are_no_mistake():
    """|x| = relu(x) + relu(−x) has a kink, x = relu(x) − relu(−x) has none: both masks give 0."""
    def identity(x):
        return np.maximum(x, 0) - np.maximum(-x, 0)

    def backward(G, x):
        return G * (x > 0) + G * (x < 0)

    (check,) = check_gradients(identity, backward, np.array([1.0, 0.0, -2.0]))
    assert check.passed and check.verdict.startswith("right beside these numbers. Exactly at them")
    (check,) = check_gradients(identity, lambda G, x: G * (x > 0), np.array([1.0, 0.0, -2.0]))
    assert not check.passed


@pytest.mark.parametrize("seed", range(amount(check=1, test=5, soak=100)))
def test_labels_and_seeds_as_users_take_them(seed):
    random = np.random.default_rng(seed)
    Z, t = random.standard_normal((5, 3)), random.integers(3, size=5)
    assert check_gradients(loss, loss_back, Z, t).passed
    assert check_gradients(softmax, softmax_back, 30 * Z).passed
    assert check_gradients(norm, norm_back, Z, np.ones(3), np.zeros(3)).passed
