"""A chain of maps with its chain of Jacobians, in both layouts.

z = g(y), y = f(x): in the numerator layout ∂z/∂x = J_z J_y, the last map first; in the denominator
layout of the lecture slides [K] ∇_x z = ∇_x y ∇_y z, the first map first. The numbers are the same.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..errors import ShapeError, UnknownInput, is_a
from ..jacobian import as_numbers, check_layout, to_denominator
from ..slopes import numerical_jacobian
from .maps import Map, map_of


@dataclass(frozen=True, repr=False)
class Chain:
    """Maps applied one after the other, the first one first; made by `compose`."""

    maps: tuple

    def __repr__(self):
        return f"<chain: {' then '.join(map(name_of, self.maps))}>"

    def __call__(self, x):
        """The last value."""
        return self.values(x)[-1]

    def values(self, x):
        """x and the value after each map: one array more than there are maps."""
        values = [np.array(as_numbers(x, "x"))]
        for f in self.maps:
            values.append(np.array(as_numbers(f(values[-1].copy()), name_of(f))))
        return values

    def jacobians(self, x, layout="numerator"):
        """The local Jacobians as they stand in the product, from left to right.

        Numerator: the last map first, each of shape output.shape + input.shape. Denominator: the
        first map first, each of shape input.shape + output.shape.
        """
        check_layout(layout)
        values = self.values(x)
        local = [local_jacobian(f, value) for f, value in zip(self.maps, values[:-1], strict=True)]
        if layout == "numerator":
            return local[::-1]
        return [to_denominator(J, after.ndim) for J, after in zip(local, values[1:], strict=True)]

    def products(self, x, layout="numerator"):
        """∂y/∂x after one map, after two, …: the running products, from the side of x.

        Numerator: J_y, J_z J_y, …; denominator: ∇_x y, ∇_x y ∇_y z, ….
        """
        factors, values = self.jacobians(x, layout), self.values(x)
        first = layout == "denominator"
        total, *rest = factors if first else factors[::-1]
        totals = [total]
        for factor, middle in zip(rest, values[1:], strict=False):
            left, right = (totals[-1], factor) if first else (factor, totals[-1])
            totals.append(np.tensordot(left, right, middle.ndim))
        return totals

    def jacobian(self, x, layout="numerator"):
        """The derivative of the whole chain: the last of the running products."""
        return self.products(x, layout)[-1]


def compose(*maps):
    """A `Chain`: `compose(f, g)(x)` is g(f(x)).

    A map is a `Map` or its name, an `Operation` of one input, or any function; a function without a
    `jacobian` is differentiated by central differences. Raises ShapeError when two Maps do not fit,
    UnknownInput without a map or for what is none, UnknownOperation for an unknown name.
    """
    if not maps:
        raise UnknownInput("compose needs at least one map: compose(f, g) is g after f.")
    maps = tuple(map_of(f) if is_a(f, str) else f for f in maps)
    for f in maps:
        if not callable(f):
            raise UnknownInput(f"compose takes functions, not {type(f).__name__}: compose(f, g), "
                               "not compose(f(x)).")
    for before, after in pairwise(maps):
        if isinstance(before, Map) and isinstance(after, Map) and before.n != after.m:
            raise ShapeError(f"compose: {before.name} gives {before.n} numbers, but {after.name} "
                             f"takes {after.m}. Choose maps that fit.")
    return Chain(maps)


def local_jacobian(f, x):
    """∂f/∂x in the numerator layout: by the map's own formula if it has one, else measured."""
    return f.jacobian(x) if hasattr(f, "jacobian") else numerical_jacobian(f, x)


def name_of(f):
    """What a map is called."""
    return getattr(f, "name", None) or getattr(f, "__name__", "a map")
