"""From which end a chain of Jacobians is multiplied out, and what it costs."""

from .lab import ChainCountLab as ChainCountLab
