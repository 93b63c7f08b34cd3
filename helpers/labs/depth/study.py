"""What is left of a gradient on its way back through up to 50 random layers.

Each layer is H = f(H W + b): going back, the gradient meets f′ and Wᵀ. Every entry of W is normal
with a spread of scale/√width, b is the same number everywhere. All in one width, on a small batch.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...calculus.units import Shape, value, values

MOST, WIDTH, EXAMPLES, NETWORKS = 50, 24, 4, 5
SMALL, LARGE = 0.01, 100.0  # less is vanishing, more is exploding
NO_MORE = -400.0            # log10 of a gradient that is 0


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
    passages = [passage(name, shape, present["depth"], present["scale"], present["bias"],
                        present["seed"]) for name in present["units"]]
    return present | {"passages": passages}


@lru_cache(maxsize=2)
def weights(seed):
    """((MOST, NETWORKS, WIDTH, WIDTH) of random weights, a first batch, a last gradient)."""
    random = np.random.default_rng(seed)
    W = random.standard_normal((MOST, NETWORKS, WIDTH, WIDTH)) / np.sqrt(WIDTH)
    X, G = random.standard_normal((2, NETWORKS, EXAMPLES, WIDTH))
    return W, X, G / np.linalg.norm(G, axis=(1, 2), keepdims=True)


@lru_cache(maxsize=32)
def passage(name, shape, depth, scale, bias, seed):
    """The `Passage` of one unit through `depth` layers, at least one."""
    W, _, G = weights(seed)
    W = scale * W[:depth].swapaxes(2, 3)
    slopes = local_gradients(name, shape, -(-depth // 10) * 10, scale, bias, seed)[:depth]
    sizes = np.ones((depth + 1, NETWORKS))
    for back in range(1, depth + 1):
        G = (G * slopes[-back]) @ W[-back]
        sizes[back] = size = np.sqrt(np.einsum("knh,knh->k", G, G))
        G /= np.where(size > 0, size, 1)[:, None, None]  # its size is kept apart: no underflow
    with np.errstate(divide="ignore"):
        left = np.maximum(np.log10(sizes), NO_MORE).cumsum(axis=0).clip(NO_MORE).T
    died, middle = int((left[:, -1] == NO_MORE).sum()), np.median(left, axis=0)
    verdict = ("died" if 2 * died > NETWORKS else
               "vanished" if middle[-1] < np.log10(SMALL) else
               "exploded" if middle[-1] > np.log10(LARGE) else "kept its size")
    factor = 0.0 if verdict == "died" else float(10 ** (middle[-1] / depth))
    local = np.abs(slopes[::-1]).mean(axis=(1, 2, 3))
    return Passage(name, left, middle, local, died, verdict, factor)


@lru_cache(maxsize=6)
def local_gradients(name, shape, layers, scale, bias, seed):
    """f′ in each layer: (layers, NETWORKS, EXAMPLES, WIDTH)."""
    W, H, _ = weights(seed)
    W, Z = scale * W[:layers], np.empty((layers, *H.shape))
    for layer in range(layers):
        Z[layer] = H @ W[layer] + bias
        H = value(name, Z[layer], shape)
    return values(name, Z, shape)[1]
