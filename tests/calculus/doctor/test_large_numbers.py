"""Where rounding hides a hundredth of a gradient it is not called right; a right one is not wrong.
"""

import numpy as np
import pytest

from helpers import check_gradients

random = np.random.default_rng(3)
X, W = random.standard_normal((4, 3)), random.standard_normal((3, 5))


def rows(size):
    """(forward, gradients, inputs): the largest number is about `size`."""
    def softmax(Z):
        E = np.exp(Z - Z.max(1, keepdims=True))
        return E / E.sum(1, keepdims=True)

    def back(G, Z):
        P = softmax(Z)
        return P * (G - (G * P).sum(1, keepdims=True))

    return [
        (lambda X, W: X @ W, lambda G, X, W: (G @ W.T, X.T @ G), [size * X, W]),
        (lambda X: np.sin(X / size), lambda G, X: (G * np.cos(X / size) / size,), [size * X]),
        (lambda X: X + np.sin(X), lambda G, X: (G * (1 + np.cos(X)),), [size * X]),
        (lambda X: np.maximum(X, 0), lambda G, X: (G * (X > 0),), [size * X]),
        (softmax, lambda G, Z: (back(G, Z),), [size + X]),
        (lambda X: (X**2).mean(), lambda X: (X / 6,), [size * X]),
        (lambda X: sum(float(v)**2 for v in X.ravel()), lambda X: (2 * X,), [size * X]),
    ]


@pytest.mark.parametrize("size", [1.0, 1e6, 1e9, 1e12, 1e15])
@pytest.mark.parametrize("place", range(len(rows(1.0))))
def test_a_hundredth_is_seen_or_said_to_be_hidden(size, place):
    forward, backward, inputs = rows(size)[place]
    assert check_gradients(forward, backward, *inputs).passed
    for i in range(len(inputs)):
        def planted(*given, i=i):
            return tuple(g * (1.01 if j == i else 1) for j, g in enumerate(backward(*given)))

        found = check_gradients(forward, planted, *inputs)[i].verdict
        assert found.startswith(("wrong", "no mistake as far as can be told: ")), found


def test_what_is_said_of_one_digit():
    check, = check_gradients(lambda X: (X**2).mean(), lambda X: X / 6, 1e12 * X)
    assert check.verdict == ("no mistake as far as can be told: only 1 digit is sure here, "
                             "rounding loses the rest.")
    check, = check_gradients(lambda X: (X**2).mean(), lambda X: X / 6, 1e15 * X)
    assert check.verdict.startswith(
        "no mistake as far as can be told: both are 0 beside their rounding, ")
