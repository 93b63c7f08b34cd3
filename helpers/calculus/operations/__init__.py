"""The table of operations: one module a family, each a table of rows. To add one, add a row."""

from ..operation import OPERATIONS, register
from . import (
    activations,
    affine,
    attention,
    losses,
    maxout,
    normalization,
    products,
    shaping,
    softmax,
    windows,
)

FAMILIES = (activations, affine, maxout, products, shaping, normalization, softmax, losses,
            windows, attention)
for family in FAMILIES:
    register(*family.ROWS)

__all__ = ["FAMILIES", "OPERATIONS"]
