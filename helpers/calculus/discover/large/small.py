"""Samples of a function at a smaller size, for a proposal that is proved at full size."""

from functools import cache
from itertools import islice

import numpy as np

from ..points import Point, fresh_input, points_at, trial_points
from ..samples import EXACT, FRESH, ROUGH, SEED, Samples, snapped, wanted
from ..ties import letters_for
from .directions import value

EPS = 2.0 ** -52


def small_samples(f, x, known, what, names, step_in):
    """Samples of a function at a smaller size: what is found there is no more than a proposal.

    step_in(x, Y): (J, error) where a complex step is confirmed along one direction, or None.
    """
    (name, output), random = names, np.random.default_rng(SEED)
    shape = np.shape(f(x.copy()))

    def point(new, like=""):
        Y = value(f, new.copy(), shape)
        if Y is None:
            return None
        made = {name: new, **({} if output in known else {output: Y}), **known}
        J = step_in(new, Y)
        if J is not None:
            error = 4 * EPS * np.abs(J)
            return Point(snapped(J, error), made, error, np.ones(shape, bool), like)
        found, = points_at(f, [new], shape, what)
        return found and Point(snapped(found[1].J, found[1].error), made, found[1].error,
                               found[2], like)

    def points(inputs, likes=()):
        return [point(new, *like) for new, *like in zip(inputs, *[likes] * bool(likes),
                                                        strict=True)]

    points.f = f
    tries = (point(fresh_input(x, kind, random)) for kind in ("wide", "like", "near")
             for _ in range(2 * FRESH))
    clear = (p for p in tries if p is not None and p.clear.all())
    those = [p for p in (point(x, "the input"), *islice(clear, FRESH)) if p is not None]
    other = np.random.default_rng(SEED + 1)
    worst = max(float(p.error.max(initial=0)) / (float(np.abs(p.J).max(initial=0)) or 1)
                for p in those)
    return Samples([p.J for p in those], [p.names for p in those],
                   *letters_for(len(shape), x.ndim), name, min(max(EXACT, 3 * worst), ROUGH),
                   what, "", output, cache(lambda: trial_points(x, points, random)),
                   cache(lambda: [p for p in (point(fresh_input(x, "wide", other)) for _ in range(
                       wanted(x.size))) if p and p.clear.all()]), at=points)
