"""The mathematics of the course. Needs NumPy alone."""

# Whoever imports any part of the calculus finds the table filled.
from . import operations as operations
