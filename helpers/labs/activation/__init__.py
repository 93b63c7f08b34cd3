"""Any unit: its curve, its local gradient, and a batch before and after it."""

from .lab import ActivationLab as ActivationLab
