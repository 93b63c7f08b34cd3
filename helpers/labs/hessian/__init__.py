"""Second derivatives of a surface: curvature, layout, symmetry."""

from .lab import HessianLab as HessianLab
