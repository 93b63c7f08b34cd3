"""Maxout: the largest of p affine maps, entry by entry. Source: lecture slides [K].

Where two pieces are equally large the first one wins, and it alone gets the gradient.
"""

import numpy as np

from ..operation import Derivative, Operation

WINNER = r"\quad p^* = \text{the winner at } nk"

MAXOUT = Operation(
    name="maxout", axes="n m, p m k, p k -> n k", inputs=("X", "W", "b"),
    latex=r"Y_{nk} = \max_p\; (X W_p + b_p)_{nk}", numpy="Z.max(0)",
    where={"Z": "X @ W + b[:, None, :]",
           "won": "Z.argmax(0) == np.arange(len(Z))[:, None, None]"},
    rules={"W": lambda W: len(W) == 0 and "has 0 pieces along axis p: give it at least one."},
    saved={"Z": lambda X, W, b: X @ W + b[:, None, :],
           "won": lambda Z: Z.argmax(0) == np.arange(len(Z))[:, None, None]},
    shared={"routed": lambda G, won: G * won},
    forward=lambda Z: Z.max(0),
    derivatives={
        "X": Derivative(
            vjp=lambda routed, W: (routed @ W.transpose(0, 2, 1)).sum(0),
            jvp=lambda dX, W, won: ((dX @ W) * won).sum(0),
            full="n k m -> n k n m",
            core=lambda won, W: np.einsum("pnk,pmk->nkm", won, W),
            entry=r"\frac{\partial Y_{nk}}{\partial X_{n'm}} = \delta_{nn'}\,W_{p^*mk}, " + WINNER,
            latex=r"\frac{dL}{dX} = \sum_p (G \odot \mathbb{1}_p)\,W_p^\top",
            numpy="((G * won) @ W.transpose(0, 2, 1)).sum(0)",
            jvp_latex=r"dY = \sum_p \mathbb{1}_p \odot (dX\,W_p)",
            jvp_numpy="((dX @ W) * won).sum(0)",
            why="the winner passes the gradient on through its own weights, a loser passes nothing",
            multiplications="p n k m", stored="n k + p m k",
        ),
        "W": Derivative(
            vjp=lambda routed, X: X.T @ routed,
            jvp=lambda dW, X, won: ((X @ dW) * won).sum(0),
            full="n k p m -> n k p m k",
            core=lambda won, X: np.einsum("pnk,nm->nkpm", won, X),
            entry=r"\frac{\partial Y_{nk}}{\partial W_{pmk'}} = "
                  r"\delta_{kk'}\,\delta_{pp^*}\,X_{nm}, " + WINNER,
            latex=r"\frac{dL}{dW_p} = X^\top (G \odot \mathbb{1}_p)", numpy="X.T @ (G * won)",
            jvp_latex=r"dY = \sum_p \mathbb{1}_p \odot (X\,dW_p)",
            jvp_numpy="((X @ dW) * won).sum(0)",
            why="a piece learns only from the entries that it won, as an affine layer does",
            multiplications="p n k m", stored="n k + n m",
        ),
        "b": Derivative(
            vjp=lambda routed: routed.sum(1),
            jvp=lambda db, won: (db[:, None, :] * won).sum(0),
            full="n k p -> n k p k",
            core=lambda won: won.transpose(1, 2, 0),
            entry=r"\frac{\partial Y_{nk}}{\partial b_{pk'}} = "
                  r"\delta_{kk'}\,\delta_{pp^*}, " + WINNER,
            latex=r"\frac{dL}{db_p} = \sum_n (G \odot \mathbb{1}_p)_{n,:}",
            numpy="(G * won).sum(1)",
            jvp_latex=r"dY = \sum_p \mathbb{1}_p \odot db_p",
            jvp_numpy="(db[:, None, :] * won).sum(0)",
            why="each piece sums up the gradients of the entries that it won",
            multiplications="p n k", stored="n k",
        ),
    },
)

ROWS = (MAXOUT,)
