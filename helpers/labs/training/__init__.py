"""The loss of a network while it learns."""

from .lab import TrainingCurve as TrainingCurve
