"""The mistakes of norms, found by what forward does: X̂ is a straight line in X along one axis.

Y = γ X̂ + β with X̂ = (X − μ)/s. The gradient has three paths: straight through X, through μ, and
through s. Each is known when s is, and that is read off the line.
"""

from dataclasses import dataclass

import numpy as np

from .formulas import fits


@dataclass(frozen=True)
class Norm:
    """A norm as it was recognized in one trial, and the three paths of its gradient by X."""

    axis: int
    X: np.ndarray
    hat: np.ndarray
    scale: np.ndarray     # 1/s, size 1 along the axis
    D: np.ndarray         # the gradient that reaches X̂
    G: np.ndarray
    direct: np.ndarray
    mean: np.ndarray
    spread: np.ndarray    # through s
    centred: bool
    gained: bool          # whether there is a γ

    @property
    def under(self):
        """What stands under the root beside ε."""
        return "variance" if self.centred else "mean square"

    def over(self, A):
        """The mean along the axis."""
        return A.mean(self.axis, keepdims=True)


def recognized(t, name):
    """The `Norm` that forward is in X, or None."""
    X, Y = t.values[name], t.Y
    if X.ndim != 2 or X.shape != Y.shape:
        return None
    hats = [(Y, np.ones_like(Y), False)]
    for other, value in t.values.items():
        if other != name and value.size in X.shape:
            J = t.jacobian(other).reshape(*Y.shape, -1)
            gain = np.broadcast_to(value, Y.shape) if fits(value, Y) else None
            hats.insert(0, (J.sum(-1), gain, True))
    for hat, gain, gained in hats:
        for axis in (0, 1):
            if gain is not None and X.shape[axis] > 2:
                found = as_norm(t, name, hat, gain, axis, gained)
                if found is not None:
                    return found
    return None


def as_norm(t, name, hat, gain, axis, gained):
    """The `Norm` where X̂ is a line in X along this axis, and not a fixed one."""
    X = t.values[name]
    Xc, hc = (A - A.mean(axis, keepdims=True) for A in (X, hat))
    scale = (Xc * hc).sum(axis, keepdims=True) / (Xc**2).sum(axis, keepdims=True)
    if not np.allclose(hc, scale * Xc, 1e-7, 1e-9) or np.abs(hat).max() < 1e-6:
        return None
    centred = np.allclose(hat.mean(axis), 0, atol=1e-7)
    if not centred and not np.allclose(hat, scale * X, 1e-7, 1e-9):
        return None
    D = t.G * gain
    direct = scale * D
    mean = -direct.mean(axis, keepdims=True) * np.ones_like(X) if centred else np.zeros_like(X)
    spread = t.right(name) - direct - mean
    expected = -scale * hat * (D * hat).mean(axis, keepdims=True)
    if np.abs(spread).max() < 1e-6 * np.abs(direct).max() or not np.allclose(
            spread, expected, 0.2, 1e-2 * np.abs(direct).max()):
        return None
    return Norm(axis, X, hat, scale, D, t.G, direct, mean, spread, centred, gained)


def variance(n):
    """The variance, or the mean square of a norm without a mean."""
    return n.over((n.X - n.over(n.X) * n.centred) ** 2)


def bessel(n):
    """1/s with the variance over N − 1."""
    N, v = n.X.shape[n.axis], variance(n)
    return 1 / np.sqrt(v * N / (N - 1) + 1 / n.scale**2 - v)


def outside(n):
    """1/s with ε added to the root instead of under it."""
    v = variance(n)
    return 1 / (np.sqrt(v) + 1 / n.scale**2 - v)


def by_scale(n, scale, less=0):
    """The gradient by X with another 1/s; `less`: the path through s over N − less."""
    hat, N = (n.X - n.over(n.X) * n.centred) * scale, n.X.shape[n.axis]
    return scale * (n.D - n.over(n.D) * n.centred - hat * n.over(n.D * hat) * N / (N - less))


def by_gain(n, scale):
    """The gradient by γ with another 1/s, before it is summed."""
    return n.G * (n.X - n.over(n.X) * n.centred) * scale


def by_plain_G(n):
    """γ left out of the two means, where there is one."""
    if not n.gained:
        return None
    mean = -n.scale * n.over(n.G) * n.centred
    return n.direct + mean - n.scale * n.hat * n.over(n.G * n.hat)


def miscounted(n):
    """The two means divided by the other axis."""
    by = n.X.shape[n.axis] / n.X.shape[1 - n.axis]
    return n.direct + by * n.mean + by * n.spread


BESSEL = "The {v} divides by N here, not by N − 1."
UNDER = "ε stands under the root, √({v} + ε), not behind it."
PATHS = (
    ("lost path", lambda n: n.direct, "{lost}"),
    ("lost path", lambda n: n.direct + n.spread, "The mean depends on X too: its path is missing."),
    ("lost path", lambda n: n.direct + n.mean, "The spread (the variance, or the root of the mean "
     "square) depends on X too: its path is missing."),
    ("lost path", lambda n: n.mean + n.spread, "The direct path through {x} is missing."),
    ("sign of a path", lambda n: n.direct + n.mean - n.spread, "The path through the {v} has "
     "the wrong sign: a larger {v} makes X̂ smaller."),
    ("sign of a path", lambda n: n.direct - n.mean + n.spread, "The path through the mean has the "
     "wrong sign: a larger mean makes X − μ smaller."),
    ("factor ½ in a path", lambda n: n.direct + n.mean + n.spread / 2, "The path through the "
     "{v} is half of what it should be: the square has a 2 in its derivative."),
    ("factor 2 in a path", lambda n: n.direct + n.mean + 2 * n.spread, "The path through the "
     "{v} is twice what it should be: the root has a ½ in its derivative."),
    ("Bessel", lambda n: n.direct + n.mean + n.spread * n.X.shape[n.axis] / (
        n.X.shape[n.axis] - 1), BESSEL),
    ("Bessel", lambda n: by_scale(n, bessel(n)), BESSEL),
    ("Bessel", lambda n: by_scale(n, bessel(n), 1), BESSEL),
    ("Bessel", lambda n: by_scale(n, n.scale * np.ones_like(n.scale)) * bessel(n) / n.scale,
     BESSEL),
    ("ε outside the root", lambda n: by_scale(n, outside(n)), UNDER),
    ("X for X̂", lambda n: n.direct + n.mean + n.spread / n.scale, "{x} stands where X̂ should."),
    ("X for X̂", lambda n: n.direct + n.mean + n.spread / n.scale**2, "{x} stands where X̂ should, "
     "twice."),
    ("γ in the wrong place", by_plain_G, "γ is left out of the means: multiply G by γ first."),
    ("wrong axis", miscounted, "The means are divided by the size of the other axis."),
    ("scale forgotten", lambda n: (n.direct + n.mean + n.spread) / n.scale, "The last factor is "
     "missing, 1 over what {x} is divided by."),
)


GAINS = (
    ("Bessel", lambda n: by_gain(n, bessel(n)), BESSEL),
    ("ε outside the root", lambda n: by_gain(n, outside(n)), UNDER),
    ("X for X̂", lambda n: n.G * (n.X - n.over(n.X) * n.centred), "{x} stands where X̂ should."),
)


def norm_rows(row, name, others):
    """A row for each mistake of a norm in the gradient by X, and by its gain γ."""
    for title, wrong, remedy in PATHS:
        def gives(t, n, wrong=wrong):
            norm = recognized(t, n)
            return None if norm is None else wrong(norm)

        yield row(title, gives, lambda t, n, words=remedy: spoken(words, recognized(t, n)))
    for title, wrong, remedy in GAINS:
        for other in others:
            def gives(t, n, wrong=wrong, other=other):
                norm, gain = recognized(t, other), t.values[n]
                if norm is None or gain.ndim != 1 or gain.shape != norm.X.shape[1:]:
                    return None
                return wrong(norm).sum(0)

            yield row(title, gives, lambda t, n, words=remedy, other=other: spoken(
                words, recognized(t, other)))


def spoken(words, norm):
    """A remedy in the words of this norm."""
    x, lost = ("X − μ", "mean and the variance depend on X too: their two paths are") \
        if norm.centred else ("X", "mean square depends on X too: its path is")
    return words.format(v=norm.under, x=x, lost=f"The {lost} missing.")
