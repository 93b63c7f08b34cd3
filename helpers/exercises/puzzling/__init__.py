"""Puzzles: a full tensor is shown, and a student writes the line of NumPy that does its work."""

from .fair import puzzle
from .ten import PUZZLES as puzzles

__all__ = ["puzzle", "puzzles"]
