"""Why layers without a bend collapse to one."""

from .lab import CollapseLab as CollapseLab
