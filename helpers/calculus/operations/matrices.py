"""Functions of a square matrix: xᵀAx, log |det A|, the inverse.

Their inverse B = A⁻¹ is what the backward pass keeps; log |det A| comes from the LU factors, for a
determinant leaves the range of float64 early. A matrix without an inverse has nan for its inverse.
Source: K. B. Petersen, M. S. Pedersen, The Matrix Cookbook.
"""

import numpy as np

from .. import stable
from ..operation import Derivative, Operation


def square(A):
    """What is wrong with a matrix that is not square."""
    n, m = A.shape
    return n != m and f"must be square, but has shape {A.shape}."


SQUARE = {"derived": {"m": lambda n: n}, "rules": {"A": square}, "large": {"n": 1024}}

QUADRATIC = Operation(
    name="quadratic_form", axes="n, n m ->", inputs=("x", "A"), **SQUARE,
    latex=r"Y = x^\top A\,x", numpy="x @ A @ x",
    forward=lambda x, A: x @ A @ x,
    derivatives={
        "x": Derivative(
            vjp=lambda G, x, A: G * (A @ x + x @ A),
            jvp=lambda x, A, dx: dx @ (A @ x + x @ A),
            full="n -> n", core=lambda x, A: A @ x + x @ A,
            entry=r"\frac{\partial Y}{\partial x_n} = \sum_m (A_{nm} + A_{mn})\,x_m",
            latex=r"\frac{dL}{dx} = G\,(A + A^\top)\,x", numpy="G * (A + A.T) @ x",
            jvp_latex=r"dY = dx^\top (A + A^\top)\,x", jvp_numpy="dx @ (A + A.T) @ x",
            why="x comes in twice, and paths that meet add up: 2Ax only where A is symmetric",
        ),
        "A": Derivative(
            vjp=lambda G, x: (G * x)[:, None] * x,
            jvp=lambda x, dA: x @ dA @ x,
            full="n m -> n m", core=lambda x: x[:, None] * x,
            entry=r"\frac{\partial Y}{\partial A_{nm}} = x_n\,x_m",
            latex=r"\frac{dL}{dA} = G\,x\,x^\top", numpy="G * np.outer(x, x)",
            jvp_latex=r"dY = x^\top dA\,x", jvp_numpy="x @ dA @ x",
            why="each entry of A is weighed by two entries of x: x alone rebuilds the table",
            stored="n",
        ),
    },
)

LOG_DET = Operation(
    name="log_det", axes="n m ->", inputs=("A",), **SQUARE,
    latex=r"Y = \log\,\left|\det A\right|", numpy="np.linalg.slogdet(A)[1]",
    where={"B": "np.linalg.inv(A)"},
    saved={"B": stable.inverse},
    forward=lambda A: np.linalg.slogdet(A)[1],
    derivatives={"A": Derivative(
        vjp=lambda G, B: G * B.T,
        jvp=lambda dA, B: (B.T * dA).sum(),
        full="n m -> n m", core=lambda B: B.T,
        entry=r"\frac{\partial Y}{\partial A_{nm}} = B_{mn}, \quad B = A^{-1}",
        latex=r"\frac{dL}{dA} = G\,B^\top, \quad B = A^{-1}", numpy="G * B.T",
        jvp_latex=r"dY = \mathrm{tr}(B\,dA) = \sum_{nm} B_{mn}\,dA_{nm}",
        jvp_numpy="(B.T * dA).sum()",
        why="the slope by an entry is its cofactor over the determinant: the inverse, transposed",
    )},
)

INVERSE = Operation(
    name="inverse", axes="n m -> m n", inputs=("A",), **SQUARE,
    latex=r"Y = A^{-1}", numpy="np.linalg.inv(A)",
    forward=stable.inverse,
    derivatives={"A": Derivative(
        vjp=lambda G, Y: -(Y.T @ G @ Y.T),
        jvp=lambda dA, Y: -(Y @ dA @ Y),
        full="m n i j -> m n i j", core=lambda Y: -np.einsum("mi,jn->mnij", Y, Y),
        entry=r"\frac{\partial Y_{mn}}{\partial A_{n'm'}} = -Y_{mn'}\,Y_{m'n}",
        latex=r"\frac{dL}{dA} = -Y^\top G\,Y^\top", numpy="-(Y.T @ G @ Y.T)",
        jvp_latex=r"dY = -Y\,dA\,Y", jvp_numpy="-(Y @ dA @ Y)",
        why="AY = I stays I: dA Y + A dY = 0; every entry of A moves every entry of Y, by Y alone",
        multiplications="2 n m n", stored="n m",
    )},
)

ROWS = (QUADRATIC, LOG_DET, INVERSE)
