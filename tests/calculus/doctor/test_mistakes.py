"""Every mistake that has a name is named, in no matter which layer; others get none."""

import numpy as np
import pytest

from helpers import check_gradients
from tests.calculus.doctor.told import told

random = np.random.default_rng(0)
X, B, A = (random.standard_normal(shape) for shape in ((3, 4), (5, 4), (3, 4)))
W, S, b = (random.standard_normal(shape) for shape in ((4, 2), (4, 4), 2))
Q = random.standard_normal((4, 4))
gamma, beta = np.ones(4), np.zeros(4)


def affine(X, W, b):
    return X @ W + b


def right(G, X, W, b):
    return G @ W.T, X.T @ G, G.sum(0)


def replaced(**changes):
    """The right gradients of `affine` with some of them replaced."""
    def backward(G, X, W, b):
        found = dict(zip("XWb", right(G, X, W, b), strict=True))
        return tuple(changes[n](G, X, W, b) if n in changes else found[n] for n in "XWb")
    return backward


def relu(X):
    return np.maximum(X, 0)


def dense(X, W, b):
    return relu(X @ W + b)


def sigmoid(X):
    return 1 / (1 + np.exp(-X))


def softmax(Z):
    E = np.exp(Z - Z.max(-1, keepdims=True))
    return E / E.sum(-1, keepdims=True)


def softmax_vjp(G, Z):
    P = softmax(Z)
    return P * (G - (G * P).sum(-1, keepdims=True))


def batchnorm(X, gamma, beta):
    return gamma * (X - X.mean(0)) / np.sqrt(X.var(0) + 1e-5) + beta


def norm_vjp(axis=0, mean=1.0, spread=1.0, gain=True, ddof=0, eps=1e-5, outside=False, dgamma=None):
    """The backward pass of a norm, with its usual mistakes."""
    def backward(G, X, gamma, beta):
        v = X.var(axis, ddof=ddof, keepdims=True)
        s = np.sqrt(v) + eps if outside else np.sqrt(v + eps)
        hat = (X - X.mean(axis, keepdims=True)) / s
        D = G * gamma if gain else G
        dX = (D - mean * D.mean(axis, keepdims=True)
              - spread * hat * (D * hat).mean(axis, keepdims=True)) / s
        return dX, (G * hat).sum(0) if dgamma is None else dgamma(G, hat, gamma), G.sum(0)
    return backward


def layernorm(X, gamma, beta):
    s = np.sqrt(X.var(1, keepdims=True) + 1e-5)
    return gamma * (X - X.mean(1, keepdims=True)) / s + beta


def rmsnorm(X, gamma):
    return gamma * X / np.sqrt((X**2).mean(1, keepdims=True) + 1e-6)


def rmsnorm_without_path(G, X, gamma):
    s = np.sqrt((X**2).mean(1, keepdims=True) + 1e-6)
    return G * gamma / s, (G * X / s).sum(0)


def in_place(G, X):
    G[X <= 0] = 0
    return G


def after_overwriting(X):
    return np.maximum(X, 0, out=X) * 2 + X**2


def product(A, B):
    return A * B


def both_in_one(G, A, B):
    dA = dB = G.copy()
    dA *= B
    dB *= A
    return dA, dB


buffer = np.zeros((3, 4))


def into_a_buffer(G, X):
    np.multiply(G, 2 * X, out=buffer)
    return buffer


def half(x):
    return np.float32(x).astype(np.float64)


MISTAKES = {  # what is called, and the names by input
    "sign": ((affine, replaced(W=lambda G, X, W, b: -X.T @ G), X, W, b), ["", "sign", ""]),
    "factor 2": ((affine, replaced(X=lambda G, X, W, b: 2 * G @ W.T), X, W, b),
                 ["factor 2", "", ""]),
    "factor ½": ((lambda w: np.sum(w**2), lambda w: w, W), ["factor ½"]),
    "N": ((lambda X, W: np.mean((X @ W)**2, 0).sum(), lambda X, W: (
        2 * X @ W @ W.T, 2 * X.T @ (X @ W)), X, W), ["factor N", "factor N"]),
    "1/N": ((affine, replaced(W=lambda G, X, W, b: X.T @ G / len(X)), X, W, b),
            ["", "mean for sum", ""]),
    "K": ((lambda X: X.mean(1), lambda G, X: np.tile(G[:, None], 4), A), ["factor H"]),
    "batch averaged": ((affine, replaced(b=lambda G, X, W, b: G.mean(0)), X, W, b),
                       ["", "", "mean for sum"]),
    "transpose": ((affine, replaced(X=lambda G, X, W, b: W @ G.T), X, W, b),
                  ["lost transpose", "", ""]),
    "transpose of a square": ((affine, replaced(X=lambda G, X, W, b: G @ W), X, S, np.ones(4)),
                              ["lost transpose", "", ""]),
    "transpose of a square X": ((affine, replaced(W=lambda G, X, W, b: X @ G), Q, S, np.ones(4)),
                                ["", "lost transpose", ""]),
    "two in another order": ((affine, lambda *a: (right(*a)[1], right(*a)[0], right(*a)[2]),
                              X, W, b), ["another order", "another order", ""]),
    "all reversed": ((affine, lambda *a: right(*a)[::-1], X, W, b),
                     ["another order", "", "another order"]),
    "dX, dbeta, dgamma": ((batchnorm, lambda *a: tuple(norm_vjp()(*a)[i] for i in (0, 2, 1)),
                           B, gamma, beta), ["", "another order", "another order"]),
    "batch not summed": ((affine, replaced(b=lambda G, X, W, b: G), X, W, b),
                         ["", "", "batch not summed"]),
    "one example": ((affine, replaced(b=lambda G, X, W, b: G[0]), X, W, b),
                    ["", "", "batch not summed"]),
    "wrong axis": ((affine, replaced(b=lambda G, X, W, b: G.sum(1)), X, W, b),
                   ["", "", "wrong axis"]),
    "along the other axis": ((softmax, lambda G, Z: softmax_vjp(G.T, Z.T).T, X), ["wrong axis"]),
    "keepdims": ((affine, replaced(b=lambda G, X, W, b: G.sum(0, keepdims=True)), X, W, b),
                 ["", "", "(N,) against (N, 1)"]),
    "upstream forgotten": ((sigmoid, lambda G, X: sigmoid(X) * (1 - sigmoid(X)), X),
                           ["upstream forgotten"]),
    "G of ones": ((affine, replaced(W=lambda G, X, W, b: X.T @ np.ones_like(G)), X, W, b),
                  ["", "upstream forgotten", ""]),
    "local alone": ((affine, replaced(X=lambda G, X, W, b: W.T), X, W, b),
                    ["upstream forgotten", "", ""]),
    "upstream alone": ((sigmoid, lambda G, X: G, X), ["local gradient forgotten"]),
    "mask forgotten": ((relu, lambda G, X: G, X), ["mask forgotten"]),
    "mask forgotten in a layer": ((dense, right, X, W, b), ["mask forgotten"] * 3),
    "mask from G": ((relu, lambda G, X: G * (G > 0), X), ["mask from the wrong array"]),
    "mask from another array": ((lambda X, A: relu(X) + A, lambda G, X, A: (G * (A > 0), G), X, A),
                                ["mask from the wrong array", ""]),
    "mask from the input of the layer": ((dense, lambda G, X, W, b: (
        (G @ W.T) * (X > 0), X.T @ (G * (X @ W + b > 0)), (G * (X @ W + b > 0)).sum(0)), X, W, b),
        ["mask from the wrong array", "", ""]),
    "γ forgotten": ((batchnorm, norm_vjp(gain=False), B, gamma, beta), ["γ forgotten", "", ""]),
    "γ twice": ((batchnorm, lambda G, *a: norm_vjp()(G * a[1], *a)[:1] + norm_vjp()(G, *a)[1:],
                 B, gamma, beta), ["γ twice", "", ""]),
    "γ twice in dγ": ((batchnorm, norm_vjp(dgamma=lambda G, hat, gamma: (G * hat * gamma).sum(0)),
                       B, gamma, beta), ["", "γ twice", ""]),
    "X for X̂": ((batchnorm, lambda G, X, gamma, beta: (
        norm_vjp()(G, X, gamma, beta)[0], (G * X).sum(0), G.sum(0)), B, gamma, beta),
        ["", "X for X̂", ""]),
    "ε forgotten": ((batchnorm, norm_vjp(eps=0), B, gamma, beta),
                    ["ε forgotten", "ε forgotten", ""]),
    "another ε": ((batchnorm, norm_vjp(eps=1e-3), B, gamma, beta), ["another ε", "another ε", ""]),
    "ε outside": ((batchnorm, norm_vjp(outside=True), B, gamma, beta),
                  ["ε outside the root"] * 2 + [""]),
    "Bessel": ((batchnorm, norm_vjp(ddof=1), B, gamma, beta), ["Bessel", "Bessel", ""]),
    "variance path": ((batchnorm, norm_vjp(spread=0), B, gamma, beta), ["lost path", "", ""]),
    "mean path": ((batchnorm, norm_vjp(mean=0), B, gamma, beta), ["lost path", "", ""]),
    "both paths": ((batchnorm, norm_vjp(mean=0, spread=0), B, gamma, beta), ["lost path", "", ""]),
    "a sign in the variance": ((batchnorm, norm_vjp(spread=-1), B, gamma, beta),
                               ["sign of a path", "", ""]),
    "variance path of a layer norm": ((layernorm, norm_vjp(1, spread=0), B, gamma, beta),
                                      ["lost path", "", ""]),
    "γ of a layer norm": ((layernorm, norm_vjp(1, gain=False), B, gamma, beta),
                          ["γ forgotten", "", ""]),
    "path of an RMS norm": ((rmsnorm, rmsnorm_without_path, B, gamma), ["lost path", ""]),
    "skip connection": ((lambda X: X + np.tanh(X), lambda G, X: G * (1 - np.tanh(X)**2), X),
                        ["lost path"]),
    "one term of the product rule": ((lambda X: X * sigmoid(X), lambda G, X: G * sigmoid(X), X),
                                     ["lost path"]),
    "one use of two": ((lambda X: X @ X.T, lambda G, X: G @ X, X), ["lost path"]),
    "one use in a quadratic form": ((lambda x, A: x @ A @ x, lambda x, A: A @ x, gamma * 2 + b[0],
                                     S), ["lost path"]),
    "second use": ((lambda x: x * x, lambda G, x: G * x, X), ["factor ½"]),
    "only the diagonal": ((softmax, lambda G, Z: G * softmax(Z) * (1 - softmax(Z)), X),
                          ["lost path"]),
    "softmax along the wrong axis": ((softmax, lambda G, Z: (P := softmax(Z)) * (
        G - (G * P).sum(0)), X), ["wrong axis"]),
    "softmax without P": ((softmax, lambda G, Z: softmax(Z) * (G - G.sum(-1, keepdims=True)), X),
                          ["P forgotten"]),
    "/K for /N": ((lambda Z: np.log(np.exp(Z).sum(1)).mean(), lambda Z: softmax(Z) / 4, X),
                  ["K for N"]),
    "another α": ((lambda X: np.where(X > 0, X, 0.1 * X), lambda G, X: G * np.where(X > 0, 1, 0.01),
                   X), ["another slope"]),
    "α forgotten": ((lambda X: np.where(X > 0, X, 0.1 * X), lambda G, X: G * (X > 0), X),
                    ["another slope"]),
    "weight decay on one side": ((affine, replaced(W=lambda G, X, W, b: X.T @ G + W / 10),
                                  X, W, b), ["", "weight decay", ""]),
    "a difference": ((lambda A, B: A - B, lambda G, A, B: (G, G), X, A), ["", "sign"]),
    "nan": ((affine, replaced(W=lambda G, X, W, b: X.T @ G * np.nan), X, W, b),
            ["", "nan or ∞", ""]),
    "a batch size written out": ((lambda X: X.sum(), lambda X: np.ones(X.shape) / 3, X),
                                 ["factor 0.3333"]),
    "G overwritten": ((relu, in_place, X), ["input overwritten"]),
    "X overwritten": ((after_overwriting, lambda G, X: G * (2 * (X > 0) + 2 * X * (X > 0)), X),
                      ["input overwritten"]),
    "X overwritten, and it matters": ((lambda X: np.exp(X, out=X), lambda G, X: G * np.exp(X), X),
                                      ["input overwritten"]),
    "one array for two": ((product, both_in_one, X, A), ["aliasing", "aliasing"]),
    "a buffer": ((lambda X: X**2, into_a_buffer, X), ["aliasing"]),
    "float32 noise": ((sigmoid, lambda G, X: half(G * sigmoid(X) * (1 - sigmoid(X))), X),
                      ["float32 noise"]),
    "rounded": ((np.tanh, lambda G, X: np.round(G * (1 - np.tanh(X)**2), 3), X), ["rounding"]),
    "value": ((sigmoid, lambda G, X: sigmoid(X), X), ["value for derivative"]),
    "G times value": ((np.exp, lambda G, X: X * G, X), ["slope at the wrong place"]),
    "G times f": ((sigmoid, lambda G, X: G * sigmoid(X), X), ["value for derivative"]),
    "slope at Y": ((sigmoid, lambda G, X: G * sigmoid(sigmoid(X)) * (1 - sigmoid(sigmoid(X))), X),
                   ["slope at the wrong place"]),
    "formula of Y with X": ((sigmoid, lambda G, X: G * X * (1 - X), X),
                            ["slope at the wrong place"]),
    "local twice": ((np.tanh, lambda G, X: G * (1 - np.tanh(X)**2)**2, X),
                    ["local gradient twice"]),
    "divided": ((np.exp, lambda G, X: G / np.exp(X), X), ["divided for multiplied"]),
    "nothing explains it": ((np.tanh, lambda G, X: G * (1 - np.tanh(X)**3), X), [""]),
    "two mistakes": ((dense, lambda G, X, W, b: (G @ W.T + 0.1, X.T @ G + X.T @ G**2, G.sum(0) * b),
                      X, W, b), ["", "", ""]),
}


def test_in_large_arrays_a_mistake_is_named_on_a_corner_of_them():
    X, W, b = np.ones((9, 40)), random.standard_normal((40, 30)), np.zeros(30)
    wrong = replaced(W=lambda G, X, W, b: X.T @ G / len(X), b=lambda G, X, W, b: G.sum(1))
    checks = check_gradients(affine, wrong, X, W, b)
    assert [check.mistake for check in checks] == ["", "mean for sum", "wrong axis"]
    assert "N = 9" in checks[1].remedy and "256 of" in str(checks[0])


@pytest.mark.parametrize("call, names", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_has_its_name(call, names):
    checks = check_gradients(*call)
    assert not checks.passed
    assert [check.mistake for check in checks] == names, checks
    for place, check in enumerate(checks):
        verdict, facts = told(call, place, check.wrt)
        if check.mistake and verdict == "right.":  # a γ of 1 forgotten is wrong elsewhere alone
            assert check.verdict == "the numbers are right, but:" or check.facts[0].startswith(
                "At your own numbers it is right;")
        else:
            assert (check.verdict, check.facts) == (verdict, facts)


@pytest.mark.parametrize("more, said", [
    (1e-3, "factor 1.001: Every number is 1.001 times"),
    (1e-5, "factor nearly 1: Every number is 1 + 1e-05 times"),
    (-1e-6, "factor nearly 1: Every number is 1 − 1e-06 times"),
    (1e-9, "factor nearly 1: Every number is 1 + 1e-09 times")])
def test_a_factor_of_nearly_1_is_no_sign(more, said):
    x = np.random.default_rng(1).standard_normal((3, 4))
    (check,) = check_gradients(
        lambda x: np.tanh(x), lambda G, x: (1 + more) * G / np.cosh(x)**2, x)
    assert not check.passed and said in str(check)
    (check,) = check_gradients(lambda x: np.tanh(x), lambda G, x: -G / np.cosh(x)**2, x)
    assert check.mistake == "sign"
