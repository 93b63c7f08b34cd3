"""A remedy is said only where its words are true of the function at hand."""

import numpy as np
import pytest

from helpers import check_gradients

random = np.random.default_rng(3)
X, A = random.standard_normal((2, 4, 3))
P, w, x = np.abs(X) + 0.3, random.standard_normal(3), random.standard_normal(4)
column, number = random.standard_normal((4, 1)), np.array(0.7)
EPS = 1e-3


def row(A):
    return A.sum(1, keepdims=True)


def length(X):
    return np.sqrt(row(X**2))


def by_length(X):
    return X / (length(X) + EPS)


def by_length_back(eps):
    def backward(G, X):
        n = length(X)
        return G / (n + eps) - X * row(G * X) / (n * (n + eps)**2)
    return backward


def square(X):
    return np.sqrt((X**2).mean(1, keepdims=True) + 0.01)


def root_mean(X):
    return X / square(X)


def rms_back(formula):
    return lambda G, X: formula(G, X, square(X))


def mean(A):
    return A.mean(1, keepdims=True)


def by_deviation(X):
    return (X - X.mean(0)) / (X.std(0) + 0.1)


def as_if_under_the_root(G, X):
    s = X.std(0) + 0.1
    hat = (X - X.mean(0)) / s
    return (G - G.mean(0) - hat * (G * hat).mean(0)) / s


def outside_back(G, X):
    s = np.sqrt((X**2).mean(1, keepdims=True)) + 0.01
    return (G - X / s * mean(G * X / s)) / s


def slope(X):
    return 1 - np.tanh(X)**2


NO_EPS = ("This would be right without the small ε that the forward pass adds to what it divides "
          "by: the backward pass needs it too.")
MEAN_SQUARE = "mean square"
CASES = {  # forward, backward, inputs, place of the wrong one, its name, what is said
    "ε beside a length": (by_length, by_length_back(0), [X], 0, "ε forgotten", NO_EPS),
    "ε beside the length of a vector": (
        lambda x: x / (np.linalg.norm(x) + EPS), lambda G, x: G / np.linalg.norm(x) - x * (
            G @ x) / np.linalg.norm(x)**3, [x], 0, "ε forgotten", NO_EPS),
    "a tenth of ε beside a length": (
        by_length, by_length_back(EPS / 10), [X], 0, "another ε", "The ε of the backward pass is "
        "1e-01 times that of the forward pass: take the same."),
    "a slope that is 0 far out": (lambda X: np.tanh(20 * X), lambda G, X: 0 * G, [P], 0, "", ""),
    "no γ to leave out": (by_deviation, as_if_under_the_root, [X], 0, "", ""),
    "no mean in an RMS": (root_mean, rms_back(lambda G, X, s: G / s), [X], 0, "lost path",
                          "The mean square depends on X too: its path is missing."),
    "no X − μ in an RMS": (root_mean, rms_back(lambda G, X, s: (G - X * mean(G * X / s)) / s), [X],
                           0, "X for X̂", "X stands where X̂ should."),
    "no variance in an RMS": (
        root_mean, rms_back(lambda G, X, s: (G + X / s * mean(G * X / s)) / s), [X], 0,
        "sign of a path", f"The path through the {MEAN_SQUARE} has the wrong sign: a larger "
        f"{MEAN_SQUARE} makes X̂ smaller."),
    "no variance under its root": (root_mean, outside_back, [X], 0, "ε outside the root",
                                   "ε stands under the root, √(mean square + ε), not behind it."),
    "no X̂ in a tanh": (lambda X, w: np.tanh(X) * w, lambda G, X, w: (
        G * slope(X) * w, (G * X).sum(0)), [X, w], 1, "wrong factor", "G is multiplied by X, but w "
        "by what the forward pass makes of it: multiply by that."),
    "no factor at all": (lambda X, w: np.tanh(X * w), lambda G, X, w: (
        G * slope(X * w) * w, (G * X).sum(0)), [X, w], 1, "", ""),
    "a normalized X": (lambda X, w: by_length(X) * w, lambda G, X, w: (
        by_length_back(EPS)(G * w, X), (G * X).sum(0)), [X, w], 1, "X for X̂",
        "What is multiplied is the normalized X̂, not X."),
    "the third of a cube": (lambda X: X**3, lambda G, X: G * X**2, [X], 0,
                            "factor 1/K or factor 1/H", "Every number is 1/K of what it should be, "
                            "K = 3, the size of the last axis: is it divided by that, or is a "
                            "factor 3 lost?"),
    "no unit is off in |x|": (lambda x: np.abs(x), lambda G, x: G, [X], 0, "mask forgotten",
                              "Where x < 0 the slope of the unit is -1: multiply G by that there."),
    "no mask in an ELU": (lambda X: np.where(X > 0, X, np.exp(X) - 1), lambda G, X: G * (X > 0),
                          [X], 0, "", ""),
    "a column": (lambda X, c: X + c, lambda G, X, c: (G, G), [X, column], 1, "batch not summed",
                 "It is used all along axis 1 of Y, and every entry there sends a gradient back: "
                 "sum over axis 1."),
    "one number": (lambda X, c: X * c, lambda G, X, c: (G * c, G * X), [X, number], 1,
                   "batch not summed", "It is used all along axes 0 and 1 of Y, and every entry "
                   "there sends a gradient back: sum over axes 0 and 1."),
    "no second way in a tanh": (lambda x: np.tanh(x), lambda G, x: -G * np.tanh(x)**2, [X], 0,
                                "lost path", "G itself is missing: add it, as where the input also "
                                "reaches the output directly."),
    "a sum, not a mean": (lambda X: (X**2).sum(), lambda X: 2 * X * X.size, [X], 0,
                          "sum over everything", "Every number is 12 times what it should be, the "
                          "number of all entries: does the forward pass take the mean of them?"),
    "W is not the slope of tanh(XW)": (lambda X, W: np.tanh(X @ W), lambda G, X, W: (
        W.T, X.T @ (G * slope(X @ W))), [A[:, :2], X[:2]], 0, "", ""),
    "its length forgotten": (lambda X: X / length(X), lambda G, X: G - X * row(G * X) / row(X**2),
                             [X], 0, "", ""),
}


@pytest.mark.parametrize("forward, backward, inputs, place, name, remedy", CASES.values(),
                         ids=CASES)
def test_what_is_said_is_true_of_this_function(forward, backward, inputs, place, name, remedy):
    check = check_gradients(forward, backward, *inputs)[place]
    assert not check.passed and (check.mistake, check.remedy) == (name, remedy), check


def test_a_variance_is_named_where_one_is_divided_by():
    def forward(X):
        return (X - X.mean(0)) / np.sqrt(X.var(0) + 1e-5)

    def without(G, X):
        hat = (X - X.mean(0)) / X.std(0)
        return (G - G.mean(0) - hat * (G * hat).mean(0)) / X.std(0)

    check, = check_gradients(forward, without, X)
    assert check.remedy == ("The forward pass divides by √(variance + ε), so the backward pass "
                            "does too.")


def test_an_input_called_eps_is_asked_for_itself():
    """Gradient of log(P + ε) with ε = 0 instead, and ε is an input."""
    check = check_gradients(lambda P, eps: np.log(P + eps), lambda G, P, eps: (
        G / P, (G / (P + eps)).sum()), P, np.array(0.1))[0]
    assert check.mistake == "ε forgotten"
    assert check.remedy == "This would be right if eps were 0: eps stands in the way back too."
