"""Gradient descent on the two weights of one sigmoid neuron, f = σ(w₁x₁ + w₂x₂).

For one example ∂ℓ/∂w = ∂ℓ/∂f · σ(z)(1−σ(z)) · x: a number times x. Where x ≥ 0 both entries have
one sign (lecture slides [K]), and descent must zig-zag to a goal that lies down and to the right.
A sum over a batch may mix the signs; what positive inputs then leave is a long, narrow valley.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from ...calculus.stable import sigmoid

# Six examples, all positive. The labels are the answers of the neuron at GOAL, so the loss is 0
# there, for these inputs and for the same inputs with their mean taken off.
POSITIVE = np.array([[1.9, 0.5], [0.6, 1.8], [1.6, 1.2], [0.4, 0.9], [1.1, 0.3], [1.0, 1.9]])
GOAL = np.array([2.0, -1.5])
WAYS = ("all positive", "centred")
ONE, BATCH = "one example", "whole batch"


class Path(NamedTuple):
    """Weights (steps + 1, 2), the gradients that moved them (steps, 2), and their loss."""

    weights: np.ndarray
    gradients: np.ndarray
    losses: np.ndarray

    @property
    def same_sign(self):
        """Whether both entries of a gradient have one sign, by step."""
        return self.gradients.prod(1) > 0

    @property
    def detour(self):
        """How long the path is, over the straight way between its ends."""
        moves = np.diff(self.weights, axis=0)
        straight = np.hypot(*(self.weights[-1] - self.weights[0]))
        return float(np.hypot(*moves.T).sum() / straight) if straight else 1.0

    @property
    def turns(self):
        """How many steps go more backwards than forwards, compared with the step before."""
        moves = np.diff(self.weights, axis=0)
        return int(np.count_nonzero((moves[1:] * moves[:-1]).sum(1) < 0))


@cache
def examples(way):
    """Inputs (6, 2) and labels (6,): "all positive", or "centred", their mean taken off."""
    X = POSITIVE - (POSITIVE.mean(0) if way == "centred" else 0)
    return X, sigmoid(X @ GOAL)


def loss(w, X, t):
    """Mean of (σ(Xw) − t)²: for w (2,) a number, for w (2, …) an array (…)."""
    return ((sigmoid(np.tensordot(X, w, 1)) - t.reshape(-1, *[1] * (w.ndim - 1))) ** 2).mean(0)


def gradient(w, X, t):
    """∂/∂w of the mean of (σ(Xw) − t)²: (2,). One row of X gives a multiple of that row."""
    f = sigmoid(X @ w)
    upstream = 2 * (f - t) / len(t)
    return (upstream * f * (1 - f)) @ X


def descend(X, t, start, eta, steps, by=ONE):
    """The `Path` of `steps` steps w − η·gradient, taking the examples in turn, or all at once."""
    weights, gradients = [np.array(start, dtype=np.float64)], []
    for step in range(steps):
        chosen = slice(None) if by == BATCH else [step % len(t)]
        gradients.append(gradient(weights[-1], X[chosen], t[chosen]))
        weights.append(weights[-1] - eta * gradients[-1])
    weights = np.array(weights)
    return Path(weights, np.reshape(gradients, (steps, 2)), loss(weights.T, X, t))


def study(present):
    """The paths for both kinds of inputs, and the numbers of the last step of each."""
    paths = {way: descend(*examples(way), present["start"], present["eta"], present["steps"],
                          present["by"]) for way in WAYS}
    return {**present, "paths": paths, "last": {way: last_step(way, paths[way], present["by"])
                                                for way in WAYS}}


def last_step(way, path, by):
    """The three factors of the last gradient by name, or nothing before the first step."""
    steps = len(path.gradients)
    if not steps or by == BATCH:
        return {}
    X, t = examples(way)
    n = (steps - 1) % len(t)
    f = float(sigmoid(X[n] @ path.weights[-2]))
    return {"n": n, "x": X[n], "upstream": 2 * (f - t[n]), "slope": f * (1 - f),
            "gradient": path.gradients[-1]}
