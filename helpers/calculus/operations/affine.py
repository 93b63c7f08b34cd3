"""Affine layers: on a batch, one example a row (Y = XW + b), and on one column vector (c = Wx + b).

Batch formulas: blog post [H]; column vector: lecture slides [K].
"""

import numpy as np

from ..operation import Derivative, Operation

BATCH = Operation(
    name="affine", axes="n m, m k, k -> n k", inputs=("X", "W", "b"),
    latex=r"Y = XW + b", numpy="X @ W + b",
    forward=lambda X, W, b: X @ W + b,
    derivatives={
        "X": Derivative(
            vjp=lambda G, W: G @ W.T,
            jvp=lambda dX, W: dX @ W,
            full="m k -> n k n m", core=lambda W: W,
            entry=r"\frac{\partial Y_{nk}}{\partial X_{n'm}} = \delta_{nn'}\,W_{mk}",
            latex=r"\frac{dL}{dX} = G\,W^\top", numpy="G @ W.T",
            jvp_latex=r"dY = dX\,W", jvp_numpy="dX @ W",
            why="every example meets the same W and sees no other example: one W replaces N blocks",
        ),
        "W": Derivative(
            vjp=lambda G, X: X.T @ G,
            jvp=lambda X, dW: X @ dW,
            full="n m -> n k m k", core=lambda X: X,
            entry=r"\frac{\partial Y_{nk}}{\partial W_{mk'}} = \delta_{kk'}\,X_{nm}",
            latex=r"\frac{dL}{dW} = X^\top G", numpy="X.T @ G",
            jvp_latex=r"dY = X\,dW", jvp_numpy="X @ dW",
            why="column k of W reaches column k of Y alone, each time through the same X",
        ),
        "b": Derivative(
            vjp=lambda G: G.sum(0),
            jvp=lambda db: db,
            full="-> n k k", core=lambda: 1.0,
            entry=r"\frac{\partial Y_{nk}}{\partial b_{k'}} = \delta_{kk'}",
            latex=r"\frac{dL}{db} = \sum_n G_{n,:}", numpy="G.sum(0)",
            jvp_latex=r"dY_{n,:} = db", jvp_numpy="np.broadcast_to(db, Y.shape)",
            why="b is copied to every example: a stack of identities, and a sum replaces it",
            multiplications="", stored="",
        ),
    },
)

COLUMN = Operation(
    name="affine_vector", axes="k m, m, k -> k", inputs=("W", "x", "b"), output="c",
    latex=r"c = Wx + b", numpy="W @ x + b",
    forward=lambda W, x, b: W @ x + b,
    derivatives={
        "W": Derivative(
            vjp=lambda G, x: np.einsum("k,m->km", G, x),
            jvp=lambda dW, x: dW @ x,
            full="m -> k k m", core=lambda x: x,
            entry=r"\frac{\partial c_k}{\partial W_{k'm}} = \delta_{kk'}\,x_m",
            latex=r"\frac{dL}{dW} = G\,x^\top", numpy="np.outer(G, x)",
            jvp_latex=r"dc = dW\,x", jvp_numpy="dW @ x",
            why="row k of W reaches entry k of c alone, each time through the same x",
        ),
        "x": Derivative(
            vjp=lambda G, W: G @ W,
            jvp=lambda W, dx: W @ dx,
            full="k m -> k m", core=lambda W: W,
            entry=r"\frac{\partial c_k}{\partial x_m} = W_{km}",
            latex=r"\frac{dL}{dx} = W^\top G", numpy="W.T @ G",
            jvp_latex=r"dc = W\,dx", jvp_numpy="W @ dx",
            why="nothing is repeated and nothing is zero: the Jacobian is W itself",
        ),
        "b": Derivative(
            vjp=lambda G: G,
            jvp=lambda db: db,
            full="-> k k", core=lambda: 1.0,
            entry=r"\frac{\partial c_k}{\partial b_{k'}} = \delta_{kk'}",
            latex=r"\frac{dL}{db} = G", numpy="G",
            jvp_latex=r"dc = db", jvp_numpy="db",
            why="b is added entry by entry: the identity matrix need not be stored",
            multiplications="", stored="",
        ),
    },
)

ROWS = (BATCH, COLUMN)
