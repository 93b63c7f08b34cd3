"""What is wrong with a gradient of your own, on one page."""

from .doctor import GradientDoctor as GradientDoctor
