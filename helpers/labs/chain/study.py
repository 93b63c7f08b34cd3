"""All numbers of one moment of the chain rule lab."""

from functools import lru_cache
from itertools import product

import numpy as np

from ...calculus.jacobian import check_layout
from ...calculus.vector.chain import compose
from ...calculus.vector.derivatives import SCALES, log_slope
from ...calculus.vector.maps import MAPS

NEAR_LINES, NEAR_POINTS, NEAR_REACH = 7, 13, 1.5
ROOM = 0.25        # how far beyond its domain a picture shows a map

@lru_cache(maxsize=64)
def chain_of(names, parameters=()):
    """The `Chain` of maps by name; parameters: ((name, value), …), each for the maps that have it.

    Raises ShapeError when two maps do not fit.
    """
    rows = [MAPS[name] for name in names]
    return compose(*(row.at(**{key: value for key, value in parameters if key in row.parameters})
                     for row in rows))


def grid_of(domain, lines=9, points=33):
    """The lines of a grid over ((low, high), (low, high)): (2, 2·lines, points)."""
    across, along = (np.linspace(*side, lines) for side in domain)
    fine_across, fine_along = (np.linspace(*side, points) for side in domain)
    upright = np.stack(np.broadcast_arrays(across[:, None], fine_along))
    level = np.stack(np.broadcast_arrays(fine_across, along[:, None]))
    return np.concatenate([upright, level], axis=1)


def grown(domain, room):
    """A domain with this much room around it."""
    return tuple((low - room, high + room) for low, high in domain)


def through(chain, points):
    """Many points (m, …) after each map."""
    images = []
    for f in chain.maps:
        points = f(points)
        images.append(points)
    return images


@lru_cache(maxsize=16)
def grid_images(chain):
    """The grid over the domain of the first map, after each map."""
    return through(chain, grid_of(chain.maps[0].domain))


@lru_cache(maxsize=16)
def reach(names):
    """Points that the images fill over all parameters, one array for each map: for axes limits."""
    rows = [MAPS[name] for name in names]
    ranges = {key: ends for row in rows for key, ends in row.ranges.items()}
    choices = [[(key, value) for value in np.linspace(*ends, 9)] for key, ends in ranges.items()]
    grid = grid_of(grown(rows[0].domain, ROOM))
    found = [through(chain_of(names, chosen), grid) for chosen in product(*choices)]
    return [np.concatenate([images[k] for images in found], axis=1) for k in range(len(rows))]


def study_chain(chain, x, dx, shrink=0):
    """Values, Jacobians, true and predicted changes of a chain of 2 → … → 2 at x, for Δx·2^−shrink.

    images: the grid over the domain after each map; errors: ‖true − predicted‖ of the last value
    for each of `SCALES`; scale: the length of the longer change; near, near_linear: what the map
    and its Jacobian make of a small grid around x.
    """
    x, dx = np.array(x, float), np.array(dx, float)
    step = SCALES[shrink] * dx
    values, moved = chain.values(x), chain.values(x + step)
    factors, products = chain.jacobians(x), chain.products(x)
    true = [after - before for before, after in zip(values[1:], moved[1:], strict=True)]
    predicted = [J @ step for J in products]
    steps = dx[:, None] * SCALES
    errors = np.linalg.norm(through(chain, x[:, None] + steps)[-1] - values[-1][:, None]
                            - products[-1] @ steps, axis=0)
    sizes = np.hypot(*dx) * SCALES
    length = sizes[shrink] or 1e-3
    side = (-NEAR_REACH * length, NEAR_REACH * length)
    small = grid_of((side, side), NEAR_LINES, NEAR_POINTS)
    near = through(chain, x[:, None, None] + small)[-1] - values[-1][:, None, None]
    linear = np.tensordot(products[-1], small[..., [0, -1]], 1)
    scale = max(np.hypot(*true[-1]), np.hypot(*predicted[-1])) or length
    return {"values": values, "dx": dx, "step": step, "shrink": shrink, "factors": factors,
            "products": products, "true": true, "predicted": predicted, "sizes": sizes,
            "errors": errors, "slope": log_slope(sizes, errors), "scale": scale, "near": near,
            "images": grid_images(chain),
            "near_linear": linear}


def study_entries(W, x, filled, layout="numerator"):
    """∂(Wx)/∂x entry by entry: y = Wx, and which entry (k, i) was filled in last, or None.

    W (h, n), x (n,). The numerator layout has ∂y[k]/∂x[i] in row k and column i: W; the
    denominator layout in row i and column k: Wᵀ. It is filled row by row.
    """
    check_layout(layout)
    h, n = W.shape
    J = W if layout == "numerator" else W.T
    places = list(np.ndindex(J.shape))[:filled]
    last = places[-1] if places else None
    entry = last if last is None or layout == "numerator" else last[::-1]
    return {"W": W, "x": x, "y": W @ x, "J": J, "filled": len(places), "count": h * n,
            "place": last, "entry": entry, "layout": layout}
