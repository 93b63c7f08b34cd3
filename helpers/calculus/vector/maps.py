"""Small smooth (and one not so smooth) maps between the plane and space: rows of one table.

x ∈ ℝᵐ, y ∈ ℝⁿ; the Jacobian matrix is n×m, its rows the gradients of the outputs. Formulas are
those of any course in calculus; the units come from the table of operations.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ...words import brief, one_line
from ..errors import Named, NumberError, ShapeError, UnknownParameter
from ..jacobian import as_numbers, check_layout
from ..operations import OPERATIONS

SIDE = (-2.0, 2.0)
PLANE = (SIDE, SIDE)
START = (0.8, 0.5, 0.4)
SMALLER = ((-1.5, 1.5), (-1.5, 1.5))


@dataclass(frozen=True, eq=False, repr=False)
class Map:
    """y = f(x), `m` numbers to `n`: `f(x)`, `f.jacobian(x)`, `f.at(angle=30)`.

    domain: (low, high) of each input, where a picture draws it; start: a point worth a look.
    """

    name: str
    m: int
    n: int
    forward: Callable      # (x, **parameters) -> y; x may have more axes behind the first
    slopes: Callable       # (x, **parameters) -> the n×m Jacobian matrix
    latex: str
    slopes_latex: str
    domain: tuple = PLANE
    start: tuple = START[:2]
    parameters: Mapping = field(default_factory=dict)
    ranges: Mapping = field(default_factory=dict)  # (low, high) of a parameter's slider

    def __repr__(self):
        return f"<{self.name}: {self.m} numbers to {self.n}>"

    def __call__(self, x):
        """y, shape (n,) for x (m,), or (n, …) for many points (m, …). Raises ShapeError."""
        given = np.asarray(x)
        x = self._checked(given)
        y = np.asarray(self.forward(x, **self.parameters))
        return y.astype(np.float32) if given.dtype == np.float32 else y

    def jacobian(self, x, layout="numerator"):
        """The matrix of slopes at x (m,): J[k, i] = ∂y[k]/∂x[i], n×m, or its transpose, m×n."""
        check_layout(layout)
        given = np.asarray(x)
        x = self._checked(given)
        if x.ndim != 1:
            raise ShapeError(f"{self.name}: a Jacobian is taken at one point of {self.m} numbers, "
                             f"but x has shape {x.shape}.")
        J = np.array(self.slopes(x, **self.parameters), np.float64)
        J = J if layout == "numerator" else J.T.copy()
        return J.astype(np.float32) if given.dtype == np.float32 else J

    def at(self, **parameters):
        """The same map with other parameters. Raises UnknownParameter, NumberError, ShapeError."""
        values = dict(self.parameters)
        for name, value in parameters.items():
            if name not in values:
                raise UnknownParameter(f"{self.name} has no parameter {brief(name)}. It has: "
                                       f"{', '.join(values) or 'none'}.")
            values[name] = self._fitting(name, value)
        return replace(self, parameters=values)

    def _fitting(self, name, value):
        old, new = self.parameters[name], np.array(as_numbers(value, f"{self.name}: {name}"))
        if new.shape != np.shape(old):
            raise ShapeError(f"{self.name}: {name} has shape {new.shape}, but this map needs "
                             f"{np.shape(old)}.")
        if not np.isfinite(new).all():
            raise NumberError(f"{self.name}: {name} must be finite, not {one_line(value)}.")
        return new if new.ndim else float(new)

    def _checked(self, x):
        x = as_numbers(x, f"{self.name}: x")
        if x.ndim == 0 or len(x) != self.m:
            raise ShapeError(f"{self.name}: takes {self.m} numbers, but x has shape {x.shape}.")
        return x


def apply(W, x):
    """W x for x (m,) or (m, …)."""
    return np.tensordot(W, x, 1)


def along(b, x):
    """A vector b (n,) that can be added to (n, …)."""
    return np.reshape(b, np.shape(b) + (1,) * (np.ndim(x) - 1))


def turn(angle):
    """The matrix that turns the plane by an angle in degrees, counter-clockwise."""
    t = np.deg2rad(angle)
    return np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])


def relu_slopes(x, W, b):
    """1(Wx + b > 0) on the diagonal, times W."""
    return (W @ x + b > 0)[:, None] * W


def tanh_slopes(x, W, b):
    """1 − tanh² on the diagonal, times W."""
    return (1 - np.tanh(W @ x + b) ** 2)[:, None] * W


def matrix_row(name, W):
    """A row for y = Wx."""
    n, m = np.shape(W)
    return Map(name, m, n, domain=(SIDE,) * m, start=START[:m], forward=lambda x, W: apply(W, x),
               slopes=lambda x, W: W, latex="y = Wx", slopes_latex="J = W",
               parameters={"W": np.array(W)})


def layer_row(name, W, b, unit, slopes, latex, slopes_latex):
    """A row for y = unit(Wx + b)."""
    n, m = np.shape(W)
    return Map(name, m, n, domain=(SIDE,) * m, start=START[:m],
               forward=lambda x, W, b: unit(apply(W, x) + along(b, x)), slopes=slopes,
               latex=latex, slopes_latex=slopes_latex,
               parameters={"W": np.array(W), "b": np.array(b)})


def squash_row(unit, symbol, slope):
    """A row for an activation on each coordinate by itself."""
    op = OPERATIONS[unit]
    return Map(f"squash by {unit}", 2, 2, forward=op,
               slopes=lambda x: op.jacobian(np.asarray(x)), latex=rf"y_k = {symbol}(x_k)",
               slopes_latex=rf"J = \mathrm{{diag}}\left({slope}\right)")


TANH_LAYER = r"y = \tanh(Wx + b)"
TANH_SLOPES = r"J = \mathrm{diag}\left(1 - y_k^2\right)W"

ROWS = (
    matrix_row("linear", [[1.4, 0.5], [-0.3, 0.9]]),
    Map("rotation", 2, 2, parameters={"angle": 40.0}, ranges={"angle": (-180.0, 180.0)},
        forward=lambda x, angle: apply(turn(angle), x),
        slopes=lambda x, angle: turn(angle),
        latex=r"y = \begin{pmatrix}\cos t & -\sin t\\ \sin t & \cos t\end{pmatrix}x",
        slopes_latex=r"J = \begin{pmatrix}\cos t & -\sin t\\ \sin t & \cos t\end{pmatrix}"),
    Map("polar", 2, 2, domain=((0.2, 2.0), SIDE), start=(1.2, 0.7),
        forward=lambda x: np.stack([x[0] * np.cos(x[1]), x[0] * np.sin(x[1])]),
        slopes=lambda x: [[np.cos(x[1]), -x[0] * np.sin(x[1])],
                          [np.sin(x[1]), x[0] * np.cos(x[1])]],
        latex=r"y = (x_0 \cos x_1,\; x_0 \sin x_1)",
        slopes_latex=r"J = \begin{pmatrix}\cos x_1 & -x_0\sin x_1\\"
                     r"\sin x_1 & x_0\cos x_1\end{pmatrix}"),
    Map("sine warp", 2, 2, parameters={"amount": 0.6}, ranges={"amount": (0.0, 1.5)},
        forward=lambda x, amount: np.stack([x[0] + amount * np.sin(1.5 * x[1]),
                                            x[1] + amount * np.sin(1.5 * x[0])]),
        slopes=lambda x, amount: [[1.0, 1.5 * amount * np.cos(1.5 * x[1])],
                                  [1.5 * amount * np.cos(1.5 * x[0]), 1.0]],
        latex=r"y = (x_0 + a\sin\tfrac{3}{2}x_1,\; x_1 + a\sin\tfrac{3}{2}x_0)",
        slopes_latex=r"J = \begin{pmatrix}1 & \tfrac{3}{2}a\cos\tfrac{3}{2}x_1\\"
                     r"\tfrac{3}{2}a\cos\tfrac{3}{2}x_0 & 1\end{pmatrix}"),
    squash_row("tanh", r"\tanh", r"1 - y_k^2"),
    squash_row("sigmoid", r"\sigma", r"y_k(1-y_k)"),
    layer_row("relu layer", [[1.2, -0.6], [0.5, 1.1]], [0.3, 0.4],
              lambda a: np.maximum(a, 0), relu_slopes, r"y = \max(0, Wx + b)",
              r"J = \mathrm{diag}\left(\mathbb{1}(Wx + b > 0)\right)W"),
    matrix_row("matrix to space", [[1.0, 0.4], [-0.5, 0.8], [0.7, -0.6]]),
    Map("saddle in space", 2, 3, domain=SMALLER,
        forward=lambda x: np.stack([x[0], x[1], x[0] * x[1]]),
        slopes=lambda x: [[1, 0], [0, 1], [x[1], x[0]]],
        latex=r"y = (x_0,\; x_1,\; x_0 x_1)",
        slopes_latex=r"J = \begin{pmatrix}1 & 0\\ 0 & 1\\ x_1 & x_0\end{pmatrix}"),
    layer_row("tanh layer to space", [[0.9, -0.4], [0.3, 0.8], [-0.6, 0.7]], [0.1, -0.2, 0.3],
              np.tanh, tanh_slopes, TANH_LAYER, TANH_SLOPES),
    matrix_row("matrix to plane", [[0.9, -0.3, 0.5], [0.2, 0.8, -0.4]]),
    layer_row("tanh layer to plane", [[1.1, -0.5, 0.6], [0.4, 0.9, -0.7]], [-0.1, 0.2],
              np.tanh, tanh_slopes, TANH_LAYER, TANH_SLOPES),
    Map("mix to plane", 3, 2, domain=(SIDE,) * 3, start=START,
        forward=lambda x: np.stack([x[0] + 0.4 * x[2],
                                    x[1] + 0.25 * (x[0] ** 2 - x[1] * x[2])]),
        slopes=lambda x: [[1, 0, 0.4], [0.5 * x[0], 1 - 0.25 * x[2], -0.25 * x[1]]],
        latex=r"y = (x_0 + \tfrac{2}{5}x_2,\; x_1 + \tfrac{1}{4}(x_0^2 - x_1 x_2))",
        slopes_latex=r"J = \begin{pmatrix}1 & 0 & \tfrac{2}{5}\\"
                     r"\tfrac{1}{2}x_0 & 1 - \tfrac{1}{4}x_2 & -\tfrac{1}{4}x_1\end{pmatrix}"),
)

MAPS = Named("map", {row.name: row for row in ROWS})


def map_of(name):
    """A map by its name; a Map goes through. Raises UnknownOperation."""
    return name if isinstance(name, Map) else MAPS[name]
