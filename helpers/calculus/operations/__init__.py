"""The table of operations: one module a family, each a table of rows. To add one, add a row."""

from ..operation import OPERATIONS, register
from . import activations, affine

register(*activations.ROWS, *affine.ROWS)

__all__ = ["OPERATIONS"]
