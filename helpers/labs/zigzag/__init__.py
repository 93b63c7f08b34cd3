"""Why inputs that are all positive make a descent zigzag."""

from .lab import ZigZagLab as ZigZagLab
