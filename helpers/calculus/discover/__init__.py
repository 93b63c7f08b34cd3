"""The search: from a full tensor to the line of NumPy that replaces it."""

from .structure import Structure as Structure
from .structure import discover as discover
