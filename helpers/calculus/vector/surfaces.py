"""Functions of two variables with their gradients and Hessians: rows of one table.

The last one is Peano's example of 1884, smooth but for one point, where the order of two
derivatives matters; the valley is a tame relative of H. Rosenbrock's.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import Named
from .derivatives import quadratic_hessian

SQUARE = (-2.0, 2.0)


@dataclass(frozen=True, eq=False)
class Surface:
    """f(x) of x (2,), or (2, …) for many points; `gradient` (2,) and `hessian` (2, 2) at one x."""

    name: str
    f: Callable
    gradient: Callable
    hessian: Callable
    latex: str
    start: tuple
    says: str          # what to look for
    box: tuple = SQUARE  # both variables run from here to there

    def __call__(self, x):
        return self.f(np.asarray(x, float))


def quadratic_row(name, A, latex, start, says):
    """A row for ½ xᵀA x: its Hessian is the same everywhere."""
    H = quadratic_hessian(A)
    return Surface(name, lambda x: 0.5 * np.einsum("i...,ij,j...->...", x, H, x),
                   lambda x: H @ np.asarray(x, float), lambda x: H, latex, start, says)


def peano(x):
    """xy(x² − y²)/(x² + y²), and 0 at 0."""
    u, v = x
    r = u * u + v * v
    return np.divide(u * v * (u * u - v * v), r, out=np.zeros_like(r), where=r > 0)


def peano_gradient(x):
    """Both slopes; both are 0 at 0."""
    u, v = map(float, x)
    r = u * u + v * v
    if r == 0:
        return np.zeros(2)
    return np.array([v * (u**4 + 4 * u**2 * v**2 - v**4),
                     u * (u**4 - 4 * u**2 * v**2 - v**4)]) / r**2


def peano_hessian(x):
    """Away from 0 symmetric; at 0 the slope of ∂f/∂x₀ along x₁ is −1, of ∂f/∂x₁ along x₀ +1."""
    u, v = map(float, x)
    r = u * u + v * v
    if r == 0:
        return np.array([[0.0, -1.0], [1.0, 0.0]])
    mixed = (u**6 + 9 * u**4 * v**2 - 9 * u**2 * v**4 - v**6) / r**3
    return np.array([[4 * u * v**3 * (3 * v**2 - u**2) / r**3, mixed],
                     [mixed, -4 * u**3 * v * (3 * u**2 - v**2) / r**3]])


ROWS = (
    quadratic_row("bowl", [[1.6, 0.6], [0.6, 1.0]],
                  r"f = 0.8\,x_0^2 + 0.6\,x_0x_1 + 0.5\,x_1^2", (1.0, -0.5),
                  "curves up in every direction: both eigenvalues are positive"),
    quadratic_row("saddle", [[1.2, 0.4], [0.4, -1.0]],
                  r"f = 0.6\,x_0^2 + 0.4\,x_0x_1 - 0.5\,x_1^2", (0.6, 0.8),
                  "up one way and down the other: one eigenvalue of each sign"),
    Surface("valley", lambda x: (1 - x[0]) ** 2 / 2 + 2 * (x[1] - x[0] ** 2 / 2) ** 2,
            lambda x: np.array([x[0] - 1 - 4 * x[0] * (x[1] - x[0] ** 2 / 2),
                                4 * (x[1] - x[0] ** 2 / 2)]),
            lambda x: np.array([[1 - 4 * x[1] + 6 * x[0] ** 2, -4 * x[0]], [-4 * x[0], 4.0]]),
            r"f = \tfrac{1}{2}(1-x_0)^2 + 2\,(x_1 - \tfrac{1}{2}x_0^2)^2", (-0.9, 1.0),
            "flat along the floor, steep across it: one eigenvalue is much larger"),
    Surface("waves", lambda x: np.sin(1.5 * x[0]) * np.cos(x[1]),
            lambda x: np.array([1.5 * np.cos(1.5 * x[0]) * np.cos(x[1]),
                                -np.sin(1.5 * x[0]) * np.sin(x[1])]),
            lambda x: np.array([
                [-2.25 * np.sin(1.5 * x[0]) * np.cos(x[1]),
                 -1.5 * np.cos(1.5 * x[0]) * np.sin(x[1])],
                [-1.5 * np.cos(1.5 * x[0]) * np.sin(x[1]),
                 -np.sin(1.5 * x[0]) * np.cos(x[1])]]),
            r"f = \sin\tfrac{3}{2}x_0\,\cos x_1", (1.1, -0.4),
            "hills, hollows and saddles: the eigenvalues change their signs on the way"),
    Surface("Peano's twist", peano, peano_gradient, peano_hessian,
            r"f = \frac{x_0x_1(x_0^2-x_1^2)}{x_0^2+x_1^2},\quad f(0,0)=0", (0.0, 0.0),
            "at the origin the order of the two derivatives matters, everywhere else it does not"),
)

SURFACES = Named("surface", {row.name: row for row in ROWS})


def surface_of(name):
    """A surface by its name. Raises UnknownOperation."""
    return SURFACES[name]
