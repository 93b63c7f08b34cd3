"""What depth does to the size of a gradient."""

from .lab import DepthLab as DepthLab
