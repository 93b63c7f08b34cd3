"""Cores made by hand, for what looks at them directly: no search stands between."""

import numpy as np

from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.terms import Core
from helpers.calculus.discover.ties import Pattern


def core_of(outer, inner, letters, *arrays, known=({},), backward=(), sizes=(), tolerance=1e-9,
            **roles):
    """A core whose letters are one word; `known` is what is known at each point."""
    arrays = [np.asarray(array, float) for array in arrays]
    known = [*known] * (len(arrays) if len(known) == 1 else 1)
    pattern = Pattern(tuple(outer), tuple(inner), backward)
    found = dict(zip(letters, arrays[0].shape, strict=True)) | dict(sizes)
    return Core(pattern, tuple(letters), arrays, found, Names(known, **roles), tolerance)
