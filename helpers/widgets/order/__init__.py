"""Putting the factors of a chain in order."""

from .order import OrderPuzzle as OrderPuzzle
