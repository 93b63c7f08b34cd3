"""Which output goes with which loss."""

from .lab import OutputLossLab as OutputLossLab
