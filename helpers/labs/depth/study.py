"""What is left of a gradient on its way back through up to 50 random layers.

Each layer is H = f(H W + b): going back, the gradient meets f′ and Wᵀ. Every entry of W is normal
with a spread of scale/√width, b is the same number everywhere. All in one width, on a small batch.
"""

from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import numpy as np

from ...calculus.units import Shape, formula, values

MOST, WIDTH, EXAMPLES, NETWORKS = 50, 24, 4, 5
SMALL, LARGE = 0.01, 100.0  # less is vanishing, more is exploding
NO_MORE = -400.0            # log10 of a gradient that is 0
GROWS = Lock()              # what is kept of one network may be asked for by two labs at once


@dataclass(frozen=True)
class Passage:
    """One unit in every network: what is left after 0, 1, … layers back, as log10.

    left: (networks, depth + 1), `NO_MORE` where all is 0; middle: its median by layer.
    local: the mean of |f′| in each layer, by layers back, over networks.
    died: how many networks have no gradient left at all. factor: by what a layer multiplies the
    gradient, as a geometric mean; 0 when most have died.
    """

    name: str
    left: np.ndarray
    middle: np.ndarray
    local: np.ndarray
    died: int
    verdict: str    # "died", "vanished", "exploded" or "kept its size"
    factor: float


def study(present):
    """All numbers of the depth lab at its settings."""
    shape = Shape(alpha=present["alpha"])
    return present | {"passages": passages(
        present["units"], shape, *(present[name] for name in ("depth", "scale", "bias", "seed")))}


@lru_cache(maxsize=2)
def weights(seed):
    """((MOST, NETWORKS, WIDTH, WIDTH) of random weights, a first batch, a last gradient)."""
    random = np.random.default_rng(seed)
    W = random.standard_normal((MOST, NETWORKS, WIDTH, WIDTH)) / np.sqrt(WIDTH)
    X, G = random.standard_normal((2, NETWORKS, EXAMPLES, WIDTH))
    return W, X, G / np.linalg.norm(G, axis=(1, 2), keepdims=True)


def passages(names, shape, depth, scale, bias, seed):
    """The `Passage` of each unit through `depth` layers, at least one; all go back together."""
    W, _, G = weights(seed)
    W = scale * W[:depth].swapaxes(2, 3)
    slopes = local_gradients(tuple(names), shape, depth, scale, bias, seed)
    sizes = np.ones((depth + 1, len(names), NETWORKS))
    for back in range(1, depth + 1):
        G = (G * slopes[:, -back]) @ W[-back]
        sizes[back] = size = np.sqrt(np.einsum("uknh,uknh->uk", G, G))
        G /= np.where(size > 0, size, 1)[..., None, None]  # its size is kept apart: no underflow
    with np.errstate(divide="ignore"):
        left = np.maximum(np.log10(sizes), NO_MORE).cumsum(axis=0).clip(NO_MORE)
    local = np.abs(slopes[:, ::-1]).mean(axis=(2, 3, 4))
    return [passage(*each) for each in zip(names, left.transpose(1, 2, 0), local, strict=True)]


def passage(name, left, local):
    """The `Passage` of one unit from what is left in each network, and its local gradients."""
    died, middle = int((left[:, -1] == NO_MORE).sum()), np.median(left, axis=0)
    verdict = ("died" if middle[-1] == NO_MORE else
               "vanished" if middle[-1] < np.log10(SMALL) else
               "exploded" if middle[-1] > np.log10(LARGE) else "kept its size")
    factor = 0.0 if verdict == "died" else float(10 ** (middle[-1] / len(local)))
    return Passage(name, left, middle, local, died, verdict, factor)


def local_gradients(names, shape, layers, scale, bias, seed):
    """f′ of each unit in each layer: (units, layers, NETWORKS, EXAMPLES, WIDTH)."""
    W, X, _ = weights(seed)
    done = forward(names, shape, scale, bias, seed)
    functions = [formula(name, shape) for name in names]
    with GROWS, np.errstate(all="ignore"):
        for layer in range(len(done), layers):
            H = np.array([f(Z) for f, Z in zip(functions, done[-1], strict=True)]
                         if done else [X] * len(names))
            done.append(H @ (scale * W[layer]) + bias)
    return np.array([values(name, Z, shape)[1]
                     for name, Z in zip(names, np.swapaxes(done[:layers], 0, 1), strict=True)])


@lru_cache(maxsize=3)
def forward(names, shape, scale, bias, seed):
    """What enters the units of the layers that were needed so far, for a slider that goes on.

    A layer's is (units, NETWORKS, EXAMPLES, WIDTH): all units go forward together.
    """
    return []
