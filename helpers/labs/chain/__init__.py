"""The chain rule of vectors, seen on a map of the plane."""

from .lab import ChainRuleLab as ChainRuleLab
