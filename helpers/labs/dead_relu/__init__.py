"""ReLUs that never fire again."""

from .lab import DeadReluLab as DeadReluLab
