"""A layer of 12 units on 16 examples whose bias was pushed down: who is silent, who comes back?

H = f(XW + b), Y = HV, L = the mean of ‖Y − T‖²/2 over the examples. T is what the layer would have
said with its bias in place, so descent on W and b has every reason to bring its units back.
"""

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from ...calculus.operations import OPERATIONS
from ...calculus.units import Shape, formulas

EXAMPLES, INPUTS, WIDTH, OUTPUTS = 16, 6, 12, 3
MOST = 40  # steps of descent
KINDS = ("ReLU", "leaky ReLU", "ELU", "softplus", "maxout")


@dataclass(frozen=True)
class Path:
    """A layer at the start and after each step of descent; the first axis is the step.

    loss: (steps + 1,). on: where z > 0 (of maxout: where its first line is the larger one), and
    local: the local gradient ∂H/∂Z: (steps + 1, examples, units).
    silent: off for every example, and dead: no example lets a gradient through, so nothing will
    ever change: (steps + 1, units).
    """

    loss: np.ndarray
    on: np.ndarray
    local: np.ndarray
    silent: np.ndarray
    dead: np.ndarray

    def until(self, step):
        """The path from the start to one step."""
        return Path(*(part[:step + 1] for part in (self.loss, self.on, self.local, self.silent,
                                                   self.dead)))


def study(present):
    """All numbers of the dead-ReLU lab at its settings; `paths` has every kind of unit."""
    shape = Shape(present["alpha"], present["elu_alpha"])
    steps = present["steps"]
    far = -(-steps // 5) * 5  # so that a slider of steps seldom starts anew
    paths = descents(shape, present["push"], present["eta"], far, present["seed"])
    paths = {kind: path.until(steps) for kind, path in paths.items()}
    return present | {"paths": paths, "path": paths[present["unit"]]}


@lru_cache(maxsize=8)
def problem(seed):
    """(X, W, V, T): a batch, two lines for each unit, fixed weights of the outputs, targets."""
    random = np.random.default_rng(seed)
    X = random.standard_normal((EXAMPLES, INPUTS))
    W = random.standard_normal((2, INPUTS, WIDTH)) / np.sqrt(INPUTS)
    V = random.uniform(0.2, 1.0, (WIDTH, OUTPUTS)) / np.sqrt(WIDTH)
    goal = W[0] + 0.2 * random.standard_normal((INPUTS, WIDTH))
    return X, W, V, np.maximum(X @ goal, 0) @ V


@lru_cache(maxsize=4)
def descents(shape, push, eta, steps, seed):
    """A `Path` of gradient descent on W and b for every kind of unit, from a bias of `push`."""
    X, W, V, T = problem(seed)
    several = [formulas(kind, shape) for kind in KINDS[:-1]]
    layers = (partial(elementwise, several), maxout)
    starts = (np.tile(W[0], (len(several), 1, 1)), np.full((len(several), 1, WIDTH), push)), (
        W, np.array([[push] * WIDTH, [0.0] * WIDTH]))  # of maxout the first line is pushed
    paths = []
    for layer, (W, b) in zip(layers, starts, strict=True):
        rows = []
        for _ in range(steps + 1):
            H, on, local, pull = layer(X, W, b)
            error = H @ V - T
            rows.append(((error**2).sum(axis=(1, 2)) / (2 * EXAMPLES), on, local))
            dW, db = pull(error @ V.T / EXAMPLES)
            W, b = W - eta * dW, b - eta * db
        loss, on, local = map(np.array, zip(*rows, strict=True))
        silent, dead = ~on.any(axis=2), ~(local != 0).any(axis=2)
        paths += [Path(*(part[:, i] for part in (loss, on, local, silent, dead)))
                  for i in range(loss.shape[1])]
    return dict(zip(KINDS, paths, strict=True))


def elementwise(functions, X, W, b):
    """(H, on, local gradient, pull) of f(XW + b) for several f; pull(dL/dH) is (dL/dW, dL/db).

    functions: z -> (f(z), f′(z)) each; the first axis of all is theirs.
    """
    Z = X @ W + b
    H, slopes = map(np.array, zip(*(f(z) for f, z in zip(functions, Z, strict=True)),
                                  strict=True))

    def pull(G):
        dZ = G * slopes
        return X.T @ dZ, dZ.sum(axis=1, keepdims=True)
    return H, Z > 0, slopes, pull


def maxout(X, W, b):
    """The same for maxout alone: the larger of two lines lets the whole gradient through."""
    H, gradients = OPERATIONS["maxout"].pullback(X, W, b)
    first, second = X @ W + b[:, None]

    def pull(G):
        found = gradients(G[0])
        return found["W"], found["b"]
    return H[None], (first > second)[None], np.ones((1, *H.shape)), pull
