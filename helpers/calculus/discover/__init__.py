"""The search: from a full tensor to the line of NumPy that replaces it."""

from .search import discover as discover
from .structure import Structure as Structure
