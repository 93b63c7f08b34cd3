"""The ways in which the gradient of a normalization goes wrong, as formulas with their names."""

import numpy as np

OWN_EPS = (1e-5, 1e-8, 1e-6, 1e-7, 1e-4, 1e-3, 1e-10, 1e-12, 1e-9, 0.1, 0.01)  # of libraries


def normed(G, X, gamma, eps, axis=0, *, ddof=0, s=None, mean=-1.0, var=-1.0,
           reduce=np.mean, kept=None, scale=None):
    """dX of a normalization along an axis, in which each part may be wrong.

    s: from variance and ε to the root; mean, var: the factors of the terms through the mean and
    through the variance; reduce: their mean; kept: from centred X and s to what stands for X̂;
    scale: from γ and s to the factor in front.
    """
    centred = X - X.mean(axis, keepdims=True)
    spread = X.var(axis, keepdims=True, ddof=ddof)
    s = np.sqrt(spread + eps) if s is None else s(spread, eps)
    R = centred / s if kept is None else kept(centred, s)
    inside = (G + mean * reduce(G, axis, keepdims=True)
              + var * R * reduce(G * R, axis, keepdims=True))
    return (gamma / s if scale is None else scale(gamma, s)) * inside


def over(A, axis, **kept):
    """A sum along an axis divided by the size of the other one."""
    return A.sum(axis, **kept) / A.shape[1 - axis]


def overall(A, axis, **kept):
    """One mean for the whole array."""
    return A.mean()


def across(A, axis, **kept):
    """A mean along the other axis."""
    return A.mean(1 - axis, **kept)


def norm_mistakes(pick, axis=0):
    """Rows for dX of a normalization; pick: from arguments to (G, X, gamma, eps)."""
    def row(name, remedy, **changes):
        def formula(*arguments):
            G, X, gamma, eps = pick(*arguments)
            return normed(G, X, gamma, changes.get("eps", eps),
                          **{"axis": axis, **{k: v for k, v in changes.items() if k != "eps"}})

        return name, formula, remedy, "dX"

    return (*(row(*given, **changes) for *given, changes in slips(axis)), *half_normed(pick, axis))


def slips(axis):
    """(name, remedy, arguments of `normed`) of what can be wrong in a normalization."""
    N = "NH"[axis]
    yield "lost path", "X reaches Y through the mean and the variance as well.", {
        "mean": 0, "var": 0}
    yield "lost path", "The path through the mean is missing.", {"mean": 0}
    yield "lost path", "The path through the variance is missing.", {"var": 0}
    yield "sum for mean", ("Mean and variance are means in the forward pass: so are the terms that "
                           "come back through them."), {"reduce": np.sum}
    yield "Bessel", f"This variance divides by {N}, not by {N} − 1.", {"ddof": 1}
    yield "ε outside the root", "", {"s": lambda var, eps: np.sqrt(var) + eps}
    yield "ε forgotten", "", {"eps": 0.0}
    for eps in OWN_EPS:
        yield "ε hard-coded", "ε is an argument: take the one that was given.", {"eps": eps}
    yield "wrong axis", "", {"axis": 1 - axis}
    yield "wrong axis", "Mean and variance of the whole array: look which numbers share them.", {
        "axis": (0, 1)}
    yield "wrong axis", "The terms run along another axis than mean and variance.", {
        "reduce": across}
    yield "wrong axis", "One mean for the whole array: look which numbers share a mean.", {
        "reduce": overall}
    yield "wrong axis", f"The terms are means over {N} numbers.", {"reduce": over}
    for changes in ({"var": 1.0}, {"mean": 1.0}, {"mean": 1.0, "var": 1.0}):
        yield "sign of one term", "The ways through mean and variance are subtracted.", changes
    yield "factor ½ in one term", ("The path through the variance has lost the 2 of the "
                                   "square."), {"var": -0.5}
    yield "factor 2 in one term", "The 2 of the square and the ½ of the root cancel.", {"var": -2.0}
    yield from root_slips()


def root_slips():
    """The same for the root and for X̂."""
    root = "The forward pass divides by the root: the factor in front is one over it."
    yield "root forgotten", "Divide by the root of the variance, not by the variance.", {
        "s": lambda var, eps: var + eps}
    yield "root forgotten", "The factor in front has a root, as the forward pass has.", {
        "scale": lambda gamma, s: gamma / s**2}
    yield "root for one over the root", root, {"scale": lambda gamma, s: gamma * s}
    yield "root for one over the root", root, {
        "kept": lambda centred, s: centred * s, "scale": lambda gamma, s: gamma * s}
    yield "s forgotten", root, {"scale": lambda gamma, s: gamma}
    yield "X for X̂", "The term through the variance is made of X̂, which is divided by s.", {
        "kept": lambda centred, s: centred}
    yield "power of the root", ("In the term through the variance one division by the root is "
                                "missing: X − μ where X̂ belongs, or a power that is too small."), {
        "kept": lambda centred, s: centred / s**0.5}
    for power in (1.5, 2):
        yield "power of the root", ("Go back through the square, the sum and the root one by one, "
                                    "and count the factors."), {
            "kept": lambda centred, s, power=power: centred / s**power}


def half_normed(pick, axis):
    """Rows for slips in one of the two factors, or one of the two means, of the last terms."""
    def row(name, remedy, inside):
        def formula(*arguments):
            G, X, gamma, eps = pick(*arguments)
            centred = X - X.mean(axis, keepdims=True)
            s = np.sqrt(X.var(axis, keepdims=True) + eps)

            def mean(A):
                return A.mean(axis, keepdims=True)

            return inside(G, X, centred, s, mean, X.shape[axis]) * gamma / s

        return name, formula, remedy, "dX"

    one = "Only one of the two means has become a sum."
    raw = "What is multiplied is the normalized X̂, in both places."
    return (
        row("sum for mean", one, lambda G, X, c, s, mean, N:
            G - N * mean(G) - c / s * mean(G * c / s)),
        row("sum for mean", one, lambda G, X, c, s, mean, N:
            G - mean(G) - N * c / s * mean(G * c / s)),
        row("sum for mean", "In the form with 1/N in front G itself has the factor N.",
            lambda G, X, c, s, mean, N: G / N - mean(G) - c / s * mean(G * c / s)),
        row("1/N twice", "The means divide once; nothing else does.", lambda G, X, c, s, mean, N:
            (G - mean(G) - c / s * mean(G * c / s)) / N),
        row("X for X̂", raw, lambda G, X, c, s, mean, N: G - mean(G) - X * mean(G * c / s)),
        row("X for X̂", raw, lambda G, X, c, s, mean, N: G - mean(G) - c / s * mean(G * X)),
        row("X for X̂", raw, lambda G, X, c, s, mean, N: G - mean(G) - X * mean(G * X)),
        row("X for X̂", raw, lambda G, X, c, s, mean, N: G - mean(G) - X / s * mean(G * X / s)),
        row("X̂ forgotten", "The term through the variance has X̂ in two places.",
            lambda G, X, c, s, mean, N: G - mean(G) - mean(G * c / s)),
        row("X̂ forgotten", "The term through the variance has X̂ in two places.",
            lambda G, X, c, s, mean, N: G - mean(G) - c / s * mean(G)),
        row("not contracted", "G ⊙ X̂ is averaged before it meets X̂ again.",
            lambda G, X, c, s, mean, N: G - mean(G) - c / s * G * c / s),
    )


def gamma_mistakes(pick):
    """Rows for γ in the wrong place; pick: from arguments to (G, X, gamma, eps)."""
    def row(name, remedy, formula):
        return name, lambda *a: formula(*pick(*a)), remedy, "dX"

    return (
        row("γ forgotten", "γ scales Y, so it scales the gradient.",
            lambda G, X, gamma, eps: normed(G, X, 1, eps)),
        row("γ twice", "γ is passed once on the way back.",
            lambda G, X, gamma, eps: normed(G, X, gamma**2, eps)),
        row("γ left out of the means", "What comes back to X̂ is γ ⊙ G: in each of the three "
            "terms.", lambda G, X, gamma, eps: normed(G, X, 1, eps)
            + (gamma - 1) * G / np.sqrt(X.var(0) + eps)),
        row("γ left out of the means", "What comes back to X̂ is γ ⊙ G: in each of the three "
            "terms.", lambda G, X, gamma, eps: normed(gamma * G, X, 1, eps, var=0)
            - hat(X, eps) * (G * hat(X, eps)).mean(0) / np.sqrt(X.var(0) + eps)),
        row("γ left out of the means", "What comes back to X̂ is γ ⊙ G: in each of the three "
            "terms.", lambda G, X, gamma, eps: normed(gamma * G, X, 1, eps, mean=0)
            - G.mean(0) / np.sqrt(X.var(0) + eps)),
        row("one over γ", "γ multiplies in the forward pass: it multiplies on the way back.",
            lambda G, X, gamma, eps: normed(G, X, 1 / gamma, eps)),
    )


def scale_mistakes(pick):
    """Rows for dγ; pick: from arguments to (G, X, gamma, mean, variance, eps)."""
    def row(name, remedy, formula):
        def wrong(*arguments):
            G, X, gamma, mean, var, eps = pick(*arguments)
            return formula(G, X, gamma, X - mean, var, eps)

        return name, wrong, remedy, "dgamma"

    ask = "Ask what γ multiplies in the forward pass: "
    given = "ε is an argument: take the one that was given."
    return (
        row("batch not summed", "", lambda G, X, g, c, var, eps: G * c / np.sqrt(var + eps)),
        row("X for X̂", f"{ask}it is normalized.", lambda G, X, g, c, var, eps: (G * X).sum(0)),
        row("X for X̂", f"{ask}it is divided by s, too.",
            lambda G, X, g, c, var, eps: (G * c).sum(0)),
        row("X for X̂", f"{ask}it is centred, too.",
            lambda G, X, g, c, var, eps: (G * X / np.sqrt(var + eps)).sum(0)),
        row("Y for X̂", "γ twice: γ multiplies X̂, not Y.",
            lambda G, X, g, c, var, eps: (G * g * c / np.sqrt(var + eps)).sum(0)),
        row("root for one over the root", "X̂ is divided by the root.",
            lambda G, X, g, c, var, eps: (G * c * np.sqrt(var + eps)).sum(0)),
        row("root forgotten", "Divide by the root of the variance.",
            lambda G, X, g, c, var, eps: (G * c / (var + eps)).sum(0)),
        row("ε forgotten", "", lambda G, X, g, c, var, eps: (G * c / np.sqrt(var)).sum(0)),
        row("ε outside the root", "",
            lambda G, X, g, c, var, eps: (G * c / (np.sqrt(var) + eps)).sum(0)),
        *(row("ε hard-coded", given, lambda G, X, g, c, var, eps, own=own: (
            G * c / np.sqrt(var + own)).sum(0)) for own in OWN_EPS),
        row("wrong axis", "γ has one entry for each column.",
            lambda G, X, g, c, var, eps: (G * c / np.sqrt(var + eps)).sum(1)),
        row("wrong axis", "γ has one entry for each column.",
            lambda G, X, g, c, var, eps: (G * c / np.sqrt(var + eps)).sum()),
        row("local gradient forgotten", f"{ask}it is not 1.",
            lambda G, X, g, c, var, eps: G.sum(0)),
    )


def without_keepdims():
    """Rows for layer norm with means that have lost their axis: some of them, or all."""
    kept = {"keepdims": True}
    ways = (lambda X, c, how: (c**2).mean(1, **how),
            lambda X, c, how: X.var(1, **how))  # another number where c is wrong

    def row(first, spread, terms, var):
        def formula(G, X, eps):
            c = X - X.mean(1, **first)
            s = np.sqrt(var(X, c, spread) + eps)
            R = c / s
            return (G - G.mean(1, **terms) - R * (G * R).mean(1, **terms)) / s

        return ("keepdims forgotten", formula, "A mean along a row is one number for each row: "
                "keep its axis, or it is spread along the rows.", "dX")

    return [row(first, spread, terms, var) for first in ({}, kept) for spread in ({}, kept)
            for terms in ({}, kept) if {} in (first, spread, terms)
            for var in (ways[:1] if first else ways)]


def by_count(G, X, eps, count):
    """dX of layer norm with sums along a row that are divided by `count`."""
    def mean(A):
        return A.sum(1, keepdims=True) / count

    c = X - mean(X)
    s = np.sqrt(mean(c**2) + eps)
    return (G - mean(G) - c / s * mean(G * c / s)) / s


def rms(G, X, root, reduce=np.mean):
    """dX of RMS norm, from a root and a mean that may be wrong."""
    R = X / root
    return (G - R * reduce(G * R, 0)) / root


def rooted(X, eps):
    """√(mean(X²) + ε) of each column."""
    return np.sqrt((X**2).mean(0) + eps)


def hat(X, eps):
    """X̂ along the batch."""
    return (X - X.mean(0)) / np.sqrt(X.var(0) + eps)
