"""A layer's full Jacobian and its compact replacement side by side, live."""

from .explorer import JacobianExplorer as JacobianExplorer
