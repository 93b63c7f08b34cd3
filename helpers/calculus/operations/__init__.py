"""The table of operations: one module a family, each a table of rows. To add one, add a row."""

from ..operation import OPERATIONS, register
from . import (
    activations,
    affine,
    attention,
    gates,
    images,
    lengths,
    losses,
    matrices,
    maxout,
    normalization,
    products,
    recurrent,
    shaping,
    softmax,
    windows,
)

FAMILIES = (activations, gates, affine, maxout, products, matrices, shaping, normalization,
            lengths, softmax, losses, windows, images, recurrent, attention)
for family in FAMILIES:
    register(*family.ROWS)

__all__ = ["FAMILIES", "OPERATIONS"]
