"""Builds the course's pages: one widget a page (`try/`), all notebooks (`lab/`), all offline."""

from .offline import serve as serve
from .offline import zipped as zipped
from .site import build as build
