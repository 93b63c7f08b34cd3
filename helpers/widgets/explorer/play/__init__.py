"""One entry of the gradient, played step by step."""

from .terms import played as played
from .terms import telling as telling
