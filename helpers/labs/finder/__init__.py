"""From the full tensor to the line of NumPy, stage by stage."""

from .lab import ReplacementFinder as ReplacementFinder
