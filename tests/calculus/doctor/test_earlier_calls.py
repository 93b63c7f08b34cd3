"""Functions that keep something from one call to the next, in a global dict or an attribute."""

import numpy as np
import pytest

from helpers import check_gradients

random = np.random.default_rng(3)
X, W = random.standard_normal((4, 3)), random.standard_normal((3, 5))
KEPT = "forward gives the same output at all inputs that were tried: does it answer with what an " \
       "earlier call has kept?"
STALE = "At other inputs it still gives the gradient at the first ones: backward reads an array " \
        "that is not of the forward pass before it."


def last():
    """The cache of the last call, in one dict for all."""
    cache = {}

    def forward(X, W):
        cache["inputs"] = X, W
        return X @ W

    def backward(G):
        X, W = cache["inputs"]
        return G @ W.T, X.T @ G

    return forward, backward, X, W


def answered(copied=False, by_shape=False):
    """The first answer, kept for good, or for each shape."""
    memo = {}

    def forward(X):
        found = memo.setdefault(X.shape if by_shape else "Y", np.tanh(X))
        return found.copy() if copied else found

    return forward, lambda G, X: G * (1 - np.tanh(X)**2), X


def first_input():
    """The input of the first call, kept for good."""
    cache = {}

    def forward(X):
        cache.setdefault("X", X)
        return X**2

    return forward, lambda G: 2 * cache["X"] * G, X


def first_of_all():
    calls = []

    def forward(X):
        calls.append(X)
        return X**2

    return forward, lambda G: 2 * calls[0] * G, X


def of_a_loss():
    """The same without an upstream gradient: there every trial has inputs of its own."""
    calls = []

    def loss(X):
        calls.append(X)
        return (X**2).sum()

    return loss, lambda: 2 * calls[0], X


def of_the_class():
    shared = {}

    class Layer:
        cache = shared

        def forward(self, X):
            self.cache.setdefault("X", X)
            return np.exp(X)

        def backward(self, G):
            return G * np.exp(self.cache["X"])

    return Layer(), X


def test_the_cache_of_the_last_call_is_that_of_this_forward_pass():
    assert check_gradients(*last()).passed


@pytest.mark.parametrize("made, name, remedy", [
    (answered, "kept answer", KEPT), (lambda: answered(copied=True), "kept answer", KEPT),
    (lambda: answered(by_shape=True), "kept answer", KEPT), (first_input, "stale input", STALE),
    (first_of_all, "stale input", STALE), (of_a_loss, "stale input", STALE),
    (of_the_class, "stale input", STALE)])
def test_what_an_earlier_call_has_left_is_told(made, name, remedy):
    check, = check_gradients(*made())
    assert not check.passed and (check.mistake, check.remedy) == (name, remedy), check


def test_a_unit_that_is_off_everywhere_has_kept_nothing():
    check, = check_gradients(lambda X: np.maximum(X, 0), lambda G, X: G, -np.abs(X))
    assert check.mistake == "mask forgotten"
    assert check_gradients(lambda X: np.ones(3), lambda G, X: 0 * X, X).passed
