"""Formulas that stay right where the textbook's overflow, cancel or lose a tail.

All work on float64 arrays and never write to what they are given.
"""

import math
from typing import NamedTuple

import numpy as np


def decay(X):
    """e^(−|X|): between 0 and 1, so it cannot overflow."""
    return np.exp(-np.abs(X))


def one_sided(X, low):
    """f(X) for a function with f(−x) = 1 − f(x), from `low` = f(−|X|): tails keep their digits."""
    return np.abs((X > 0) - low)


def sigmoid(X, e=None):
    """σ(X), from e = `decay(X)` where it is at hand."""
    e = decay(X) if e is None else e
    return one_sided(X, e / (1 + e))


def times(X, S):
    """X ⊙ S for an S that falls faster than X can grow: ∞ · 0 is 0."""
    return np.where(S == 0, 0, X) * S


# Mills' ratio Φ(−x)/φ(x) on 0 ≤ x ≤ 40 as P(x)/Q(x), fitted for this course by weighted least
# squares in 60 digits: relative error below 1e-16. All coefficients are positive: nothing cancels.
MILLS_P = (3.503271494593619e-06, 9.405164006451114e-05, 0.0012366573903444791,
           0.010301267611986296, 0.059452006713227264, 0.2456788705577605, 0.7269924156133643,
           1.4914916554057107, 1.9440024880719677, 1.2533141373155001)
MILLS_Q = (3.5032714946029732e-06, 9.405164006254733e-05, 0.0012401606620247062,
           0.010395319241514114, 0.06068165796517924, 0.25579202365244136, 0.7840063760474615,
           1.7175046534916578, 2.5642483582208238, 2.348974132197834, 1.0)
FAR = 40.0  # φ(40) is 0 in float64


def horner(coefficients, x):
    """The polynomial at x, highest power first."""
    value = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        value *= x
        value += coefficient
    return value


def distance(X):
    """|X|, at most `FAR`: the normal density and both tails follow from it."""
    return np.minimum(np.abs(X), FAR)


def normal_density(x):
    """φ(x) = e^(−x²/2)/√(2π), accurate in the tails.

    x² is rounded, and e^ would magnify that: so x is cut to 20 binary places, whose square is
    exact, and the rest, (x² − cut²)/2, has a factor of its own.
    """
    cut = np.rint(x * 2.0**20) / 2.0**20
    return np.exp(-0.5 * cut**2) * np.exp(0.5 * (cut - x) * (cut + x)) / math.sqrt(2 * math.pi)


def normal_distribution(X, x, density):
    """Φ(X), from the distance x = |X| and the density φ(x)."""
    return one_sided(X, density * horner(MILLS_P, x) / horner(MILLS_Q, x))


def mean(X, axis=None):
    """The mean along an axis (of all entries without one), also where the sum is beyond 1e308.

    The mean of nothing is nan.
    """
    count = np.float64(X.size if axis is None else X.shape[axis])
    average = X.sum(axis) / count
    if np.isfinite(average).all() or not count:
        return average
    return (X / count).sum(axis)


def length(X):
    """√ΣX² along the last axis, kept with size 1, also where a square is beyond 1e308 or lost."""
    largest = np.max(np.abs(X), -1, keepdims=True, initial=0)
    shift = np.where(np.isfinite(largest), np.frexp(largest)[1], 0)  # a power of 2 is exact
    return np.ldexp(np.sqrt((np.ldexp(X, -shift)**2).sum(-1, keepdims=True)), shift)


def inverse(A):
    """A⁻¹; nan everywhere where there is none."""
    try:
        return np.linalg.inv(A)
    except np.linalg.LinAlgError:
        return np.full(A.shape, np.nan)


class Softmax(NamedTuple):
    """Softmax along the last axis, in parts: exact where one score towers above the others."""

    probabilities: np.ndarray
    top: tuple            # where the largest score of each row is, as an index of `rows(Z)`
    highest: np.ndarray   # the largest score; its last axis has size 1
    log_sum: np.ndarray   # log Σ exp(score − highest)


def rows(A):
    """A as a matrix whose rows are its lines along the last axis; a view where that is possible."""
    return A if A.ndim == 2 else A.reshape(math.prod(A.shape[:-1]), A.shape[-1])


def at(A, place):
    """The entries of A at one place in each row; the last axis has size 1 (0 in empty rows)."""
    return rows(A)[place].reshape(*A.shape[:-1], min(1, A.shape[-1]))


def softmax(Z):
    """The `Softmax` of scores. The largest score is taken off first, so nothing overflows."""
    columns = rows(Z).argmax(1) if Z.shape[-1] else np.empty(0, np.intp)
    top = (np.arange(len(columns)), columns)
    highest = at(Z, top)
    E = np.subtract(Z, highest, order="C")
    np.exp(E, out=E)
    first = rows(E)[top]
    rows(E)[top] = 0
    rest = E.sum(-1, keepdims=True)
    rows(E)[top] = first
    E /= 1 + rest
    return Softmax(E, top, highest, np.log1p(rest))


def softmax_vjp(G, soft):
    """p ⊙ (G − Σ G⊙p), row by row; also the jvp, for each row's Jacobian is symmetric.

    Adding a number to a row of G changes nothing: with G at the top score taken off, the difference
    of two nearly equal numbers is left out where p is nearly 1.
    """
    p, D = soft.probabilities, G - at(G, soft.top)
    D -= np.vecdot(D, p)[..., None]
    D *= p
    return D


def balanced(D, place):
    """D with one entry of each row set so that the row sums to 0, as it must; may change D."""
    D = np.ascontiguousarray(D)  # only then are its rows a view
    rows(D)[place] = 0
    rows(D)[place] = -rows(D).sum(1)[place[0]]
    return D


class Normalized(NamedTuple):
    """X̂ = (X − mean)/√(variance + ε) along one axis, and what its derivative needs."""

    hat: np.ndarray
    scale: np.ndarray    # 1/√(variance + ε)
    left: np.ndarray     # ε/(variance + ε): what ε leaves of the direction X̂
    count: np.float64    # N, how many numbers are normalized together
    degrees: np.float64  # N − ddof


def normalized(X, eps, axis, ddof=0):
    """The `Normalized` of X. Where squares go beyond 1e308, a power of 2 is taken out first."""
    norm = plainly_normalized(X, eps, axis, ddof)
    if np.all(norm.scale > 0):
        return norm
    largest = np.max(np.abs(X), axis, keepdims=True, initial=0)
    shrink = np.where(largest > 1e100, np.exp2(-np.floor(np.log2(largest))), 1)
    shrink = np.where(np.isfinite(largest), shrink, 1)
    norm = plainly_normalized(X * shrink, eps * shrink**2, axis, ddof)
    return norm._replace(scale=norm.scale * shrink)


def plainly_normalized(X, eps, axis, ddof):
    """The `Normalized` of X by its formula."""
    count = np.float64(X.shape[axis])
    C = X - X.sum(axis, keepdims=True) / count
    variance = (C * C).sum(axis, keepdims=True) / (count - ddof)
    scale = 1 / np.sqrt(variance + eps)
    return Normalized(C * scale, scale, eps / (variance + eps), count, count - ddof)


def normalized_vjp(D, norm, sums, gain=1.0):
    """gain · (D − ΣD/N − X̂ · ΣD⊙X̂/(N − ddof))/√(variance + ε); symmetric, so also the jvp.

    sums: those of `sums_along`. Of two numbers 1 and X̂ take everything but the part that ε leaves:
    that part is computed alone, for the difference would be rounding.
    """
    plain, tilted = sums
    if norm.count == 2:
        return (D - plain / 2) * (norm.left * norm.scale * gain)
    return (D - plain / norm.count - norm.hat * (tilted / norm.degrees)) * (norm.scale * gain)


def sums_along(axis, D, hat):
    """ΣD and ΣD⊙X̂ along one axis, kept with size 1: the derivatives of a norm are made of them."""
    return D.sum(axis, keepdims=True), (D * hat).sum(axis, keepdims=True)
