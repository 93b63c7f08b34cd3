"""Static Matplotlib pictures. Bare figures only: no pyplot, never shown by themselves."""

from .curves import cost_curves
from .slices import weighted_slices
from .stages import stages

__all__ = ["cost_curves", "stages", "weighted_slices"]
