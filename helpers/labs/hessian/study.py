"""All numbers of one moment of the Hessian lab."""

import numpy as np

from ...calculus.vector.derivatives import SCALES, log_slope, mixed_partials
from ...calculus.vector.surfaces import surface_of

ALONG = np.linspace(-0.5, 1.5, 61)  # a walk along d, from behind the point to beyond its tip


def study_surface(name, x, d):
    """f, gradient, Hessian and both predictions of f(x + d); their errors for each of `SCALES`.

    measured: the Hessian from differences of the gradient, each entry by itself.
    """
    surface = surface_of(name)
    x, d = np.array(x, float), np.array(d, float)
    f, g, H = float(surface(x)), surface.gradient(x), surface.hessian(x)
    slope, bend = g @ d, d @ H @ d
    walk = np.concatenate([SCALES, ALONG])
    true = surface(x[:, None] + d[:, None] * walk)
    first = f + walk * slope
    second = first + walk**2 * bend / 2
    k, sizes = len(SCALES), np.hypot(*d) * SCALES
    errors = [np.abs(true - guess)[:k] for guess in (first, second)]
    # At a point where H is not symmetric there is no second-order prediction to trust.
    eigenvalues, directions = np.linalg.eigh((H + H.T) / 2)
    return {"surface": surface, "x": x, "d": d, "f": f, "g": g, "H": H,
            "measured": mixed_partials(surface.gradient, x),
            "new": float(true[0]), "first": float(first[0]), "second": float(second[0]),
            "sizes": sizes, "errors": errors, "slopes": [log_slope(sizes, e) for e in errors],
            "true_along": true[k:], "first_along": first[k:], "second_along": second[k:],
            "eigenvalues": eigenvalues, "directions": directions.T}
