"""Exercises of notebook 06: find the replacement."""

import numpy as np

from ...calculus.jacobian import contract
from ...calculus.operations import OPERATIONS
from ..exercise import Truth, full, function, predict


def summed():
    """The full Jacobian of X.sum(1) for X of shape (5, 3)."""
    return OPERATIONS["sum"].jacobian(np.ones((5, 3)), axis=1)


def cumulative(G):
    """The full Jacobian of np.cumsum(X, 1), for X of the shape of G: 1 where n = n′ and h ≥ h′."""
    N, H = G.shape
    return np.einsum("ni,hj->nhij", np.eye(N), np.tri(H))


def softmax(random, G, Z):
    """G and the probabilities of Z."""
    return G, OPERATIONS["softmax"](Z)


def again(P):
    """softmax of what is a softmax already."""
    return OPERATIONS["softmax"](P)


def first_wins(X):
    """Whether the first number of each window of two is the larger."""
    windows = X.reshape(len(X), -1, 2)
    return windows[..., 0] >= windows[..., 1]


def pooled(first, second, X):
    """Two arrays, for the two places of each window, in the shape of X."""
    return np.stack([first, second], -1).reshape(X.shape)


ROWS = (
    predict(
        "sum_tensor",
        "Y = X.sum(1) for X of shape (5, 3). What is the shape of ∂Y/∂X (axes of Y first), and how "
        "many of its entries are not 0?",
        truth={"shape": lambda: summed().shape, "nonzero": lambda: np.count_nonzero(summed())},
        answer="(5, 5, 3), 15",
        mistakes=(
            ("denominator layout", (5, 3, 5), "The axes of Y come first.", "shape"),
            ("wrong axis", (3, 5, 3), "sum(1) sums along rows: Y has 5 numbers.", "shape"),
            ("axis kept", (5, 3, 5, 3), "The axis that was summed is gone from Y.", "shape"),
            ("not a Jacobian", (5, 3), "That is a gradient: the axis of Y comes first.",
             "shape"),
            ("counting", 75, "A sum does not depend on the other rows.", "nonzero"),
            ("counting", 5, "Each of the 5 sums has 3 terms.", "nonzero"),
            ("counting", 3, "That is one row: there are 5.", "nonzero"),
            ("counting", 60, "That is how many are 0.", "nonzero"),
        ),
        hints=("Y has one axis, with 5 numbers.", "Axes of Y, then axes of X.",
               "Each Y[n] depends on the three numbers of row n, each with slope 1."),
        why="(5,) + (5, 3). ∂Y[n]/∂X[n′, h] is 1 where n = n′: 5 rows of 3.",
    ),
    function(
        "transpose_backward", "derive", "G", "return G.T",
        "Y = Xᵀ. `G` has the shape of Y. Write dL/dX.",
        axes="m n", truth={"dX": full("transpose", "X", lambda G: (G, 0 * G.T))},
        mistakes=(
            ("lost transpose", lambda G: G, "dX has the shape of X: each entry goes back to the "
             "place it came from."),
            ("upstream forgotten", lambda G: np.ones_like(G.T)),
            ("reshaped", lambda G: G.reshape(G.shape[::-1]),
             "reshape keeps the order in memory, not the places."),
            ("flipped", lambda G: G.T[::-1], "Transposing reverses no axis."),
            ("flipped", lambda G: G[::-1], "Exchange the axes, do not reverse them."),
            ("product", lambda G: G.T @ G, "Nothing is summed: each entry has one path."),
            ("inverse", lambda G: np.linalg.pinv(G), "Going back is no inverse of G."),
        ),
        hints=("Y[m, n] = X[n, m]. Where does X[n, m] go?", "To Y[m, n] alone, with slope 1.",
               "So dX[n, m] = G[m, n]."),
        why=r"$\dfrac{\partial Y_{mn}}{\partial X_{n'm'}} = \delta_{nn'}\delta_{mm'}$: each entry "
            r"goes back to its place.",
    ),
    function(
        "mean_backward", "derive", "G, X", "return np.ones_like(X) * G / len(X)",
        "Y = X.mean(0). `G` has the shape of Y, (H,). Write dL/dX.",
        axes="h, n h", truth={"dX": full("mean", "X", lambda G, X: (G, X, {"axis": 0}))},
        mistakes=(
            ("sum for mean", lambda G, X: np.ones_like(X) * G),
            ("1/N twice", lambda G, X: np.ones_like(X) * G / len(X)**2,
             "The mean divides by N once."),
            ("upstream not spread", lambda G, X: np.ones_like(X) * G.sum() / len(X),
             "Each column has an upstream gradient of its own."),
            ("upstream not spread", lambda G, X: np.ones_like(X) * G.mean() / len(X),
             "Each column has an upstream gradient of its own."),
            ("upstream not spread", lambda G, X: np.ones_like(X) * G.mean(),
             "Each column has an upstream gradient of its own."),
            ("not spread", lambda G, X: G / len(X), "Every row of X gets its share: dX has the "
             "shape of X."),
            ("wrong axis", lambda G, X: np.ones_like(X) * G / X.shape[1],
             "The mean divides by the number of rows."),
            ("wrong axis", lambda G, X: np.ones_like(X) * G / X.size,
             "Each column has a mean of its own: divide by the number of rows."),
            ("upstream forgotten", lambda G, X: np.ones_like(X) / len(X)),
            ("value for derivative", lambda G, X: G * X / len(X),
             "A mean is linear: its slope does not depend on X."),
            ("= for +=", lambda G, X: np.vstack([0 * X[:-1], G / len(X)]),
             "Every row has a part in the mean, not the last one only."),
            ("Bessel", lambda G, X: np.ones_like(X) * G / max(len(X) - 1, 1),
             "A mean divides by N, not by N − 1."),
        ),
        hints=("How much does Y[h] move when one X[n, h] moves by 1?", "1/N, for every n.",
               "Spread G/N over the rows: broadcasting does it."),
        why=r"$\dfrac{\partial Y_{h}}{\partial X_{nh'}} = \dfrac{\delta_{hh'}}{N}$, so "
            r"$\dfrac{dL}{dX_{nh}} = \dfrac{G_h}{N}$ for every $n$.",
    ),
    function(
        "softmax_backward", "code", "G, P",
        "return P * (G - (G * P).sum(1, keepdims=True))",
        "P = softmax(Z), row by row. Write dL/dZ from `G` = dL/dP and `P`.",
        axes="n k, n k", prepare=softmax,
        truth={"dZ": full("softmax", "Z", lambda G, P: (G, np.log(P)))},
        mistakes=(
            ("lost path", lambda G, P: G * P * (1 - P),
             "That is the diagonal: a score moves the other probabilities, too."),
            ("lost path", lambda G, P: P * (1 - P),
             "That is the diagonal of the Jacobian alone: G is missing, and a score moves the "
             "other probabilities, too."),
            ("lost path", lambda G, P: G * (1 - P),
             "A score moves all probabilities of its row, not its own alone."),
            ("lost path", lambda G, P: G * P, "All scores of a row share one sum in the forward "
             "pass: the way through it is missing."),
            ("lost path", lambda G, P: -P * (G * P).sum(1, keepdims=True),
             "That is the way through the shared sum; the way through its own exp is missing."),
            ("P forgotten", lambda G, P: G - (G * P).sum(1, keepdims=True),
             "How far a probability moves depends on how large it is: in every term."),
            ("P forgotten", lambda G, P: G - P * (G * P).sum(1, keepdims=True),
             "The diagonal has a P as well."),
            ("P forgotten", lambda G, P: G * P - (G * P).sum(1, keepdims=True),
             "The outer product has a P for the row and one for the column."),
            ("P forgotten", lambda G, P: P * (G - G.sum(1, keepdims=True)),
             "In the shared sum each G counts with its own probability."),
            ("P forgotten", lambda G, P: G - P * G.sum(1, keepdims=True),
             "That is log softmax. Here each term has one P more."),
            ("P forgotten", lambda G, P: G - G.sum(1, keepdims=True),
             "The Jacobian is made of the probabilities: contract it with G."),
            ("mean for sum", lambda G, P: P * (G - G.mean(1, keepdims=True)),
             "In the shared sum each G counts with its own probability, not with 1/K."),
            ("P too many", lambda G, P: P * (G - P * (G * P).sum(1, keepdims=True)),
             "The outer product has a P for the row and one for the column, no third."),
            ("P too many", lambda G, P: P * (1 - P) * (G - (G * P).sum(1, keepdims=True)),
             "(1 − P) would count the way through the shared sum once more."),
            *(("softmax twice", lambda G, P, f=f: f(G, again(P)),
               "P is softmax(Z) already: do not apply softmax again.") for f in (
                lambda G, S: S * (G - (G * S).sum(1, keepdims=True)),
                lambda G, S: G * S * (1 - S), lambda G, S: S * (1 - S))),
            ("value for derivative", lambda G, P: P),
            ("slope of the logarithm", lambda G, P: G / P,
             "That is the way back through log P: here G is dL/dP."),
            ("slope of the exponential", lambda G, P: G * np.exp(P),
             "P is the output of the softmax, its exp is taken already."),
            ("wrong axis", lambda G, P: P * (G - (G * P).sum(0))),
            ("wrong axis", lambda G, P: P * (G - (G * P).sum()),
             "One sum for all rows: but rows do not mix."),
            ("wrong axis", lambda G, P: P * (G - (G * P).mean()),
             "One mean for all rows: but rows do not mix."),
            ("(N,) against (N, 1)", lambda G, P: P * (G - (G * P).sum(1)),
             "Without keepdims the sums lie along the wrong axis."),
            ("mean for sum", lambda G, P: P * (G - (G * P).mean(1, keepdims=True))),
            ("sign of one term", lambda G, P: P * (G + (G * P).sum(1, keepdims=True)),
             "The shared sum stands below the line: that turns a sign."),
            ("softmax with cross-entropy", lambda G, P: P - G,
             "P − T is the two layers in one: here G is dL/dP."),
        ),
        hints=("∂P[k]/∂Z[j] = P[k](δ − P[j]): a diagonal and an outer product.",
               "Contract each with G: G ⊙ P, and P times a sum.",
               "The sum is Σ(G ⊙ P) along the row, with keepdims=True."),
        why=r"$\dfrac{\partial P_k}{\partial Z_j} = P_k\delta_{kj} - P_kP_j$, so "
            r"$\dfrac{dL}{dZ_j} = P_j\Big(G_j - \sum_k G_kP_k\Big)$: diagonal plus rank 1.",
    ),
    function(
        "cumsum_backward", "code", "G", "return G[:, ::-1].cumsum(1)[:, ::-1]",
        "Y = np.cumsum(X, 1): Y[n, h] is the sum of X[n, 0] to X[n, h]. Write dL/dX.",
        axes="n h",
        truth={"dX": Truth(lambda G: contract(G, cumulative(G)), cumulative, ("Y", "X"))},
        mistakes=(
            ("lost transpose", lambda G: G.cumsum(1), "X[n, h] is in the sums from h on, not in "
             "those up to h: the triangle is transposed."),
            ("lost flip", lambda G: G[:, ::-1].cumsum(1), "Turn the result round again."),
            ("lost flip", lambda G: G.cumsum(1)[:, ::-1], "Turn G round first, too."),
            ("wrong axis", lambda G: G[::-1].cumsum(0)[::-1]),
            ("wrong axis", lambda G: G.cumsum(0), "Y sums along a row."),
            ("off by one", lambda G: G[:, ::-1].cumsum(1)[:, ::-1] - G,
             "X[n, h] is in Y[n, h] itself."),
            ("the whole row", lambda G: G + G.sum(1, keepdims=True) - G,
             "X[n, h] is in the sums from h on only."),
            ("differences", lambda G: np.diff(G, axis=1, prepend=0),
             "Differences undo the sum: the gradient needs the transpose."),
            ("differences", lambda G: G - np.pad(G, ((0, 0), (0, 1)))[:, 1:],
             "Differences undo the sum: the gradient is another sum."),
            ("off by one", lambda G: G.cumsum(1) - G, "X[n, h] is in Y[n, h] itself, and in the "
             "sums from h on."),
        ),
        hints=("In which sums does X[n, h] occur?", "In Y[n, h], Y[n, h+1], …, to the end.",
               "A cumulative sum from the right: turn round, cumsum, turn round."),
        why=r"$\dfrac{\partial Y_{nh}}{\partial X_{nj}} = \mathbb{1}(h \ge j)$, so "
            r"$\dfrac{dL}{dX_{nj}} = \sum_{h\ge j} G_{nh}$.",
    ),
    function(
        "maxpool_backward", "code", "G, X",
        "windows = X.reshape(len(X), -1, 2)\n"
        "first = windows[..., 0] > windows[..., 1]\n"
        "return np.stack([G * first, G * ~first], -1).reshape(X.shape)",
        "Max pooling: Y[n, o] is the larger of X[n, 2o] and X[n, 2o+1]. Write dL/dX from `G` "
        "(N, O) and `X` (N, 2O). No two neighbours are equal.",
        axes="n o, n l", truth={"dX": full("maxpool1d", "X", lambda G, X: (G, X, {"size": 2}))},
        mistakes=(
            ("mask forgotten", lambda G, X: np.repeat(G, 2, 1), "Only the larger of the two moved "
             "the maximum."),
            ("shared", lambda G, X: np.repeat(G, 2, 1) / 2, "max does not share: the winner gets "
             "all."),
            ("branches swapped", lambda G, X: pooled(G * ~first_wins(X), G * first_wins(X), X),
             "The larger gets G, not the smaller."),
            ("mask from the wrong array", lambda G, X: np.repeat(G, 2, 1) * (X > 0),
             "Compare the two neighbours, not each with 0."),
            ("wrong axis", lambda G, X: np.repeat(G, 2, 1) * (X == X.max(1, keepdims=True)),
             "Every window has a winner, not every row."),
            ("wrong axis", lambda G, X: np.repeat(G, 2, 1) * (X == X.max()),
             "Every window has a winner, not the whole array."),
            ("mask from the wrong array", lambda G, X: np.repeat(np.maximum(G, 0), 2, 1),
             "Compare the two neighbours in X, not G with 0."),
            ("fixed place", lambda G, X: pooled(G, 0 * G, X), "The winner may be the second."),
            ("fixed place", lambda G, X: pooled(0 * G, G, X), "The winner may be the first."),
            ("value for derivative", lambda G, X: X * pooled(first_wins(X), ~first_wins(X), X)
             * np.repeat(G, 2, 1), "The slope of the winner is 1."),
        ),
        hints=("Which of the two inputs of a window moves its output?", "The larger, with slope 1.",
               "X.reshape(N, -1, 2) has a window in its last axis; reshape back at the end."),
        why=r"$\dfrac{\partial Y_{no}}{\partial X_{nl}}$ is $1$ for the winner of window $o$ and "
            r"$0$ elsewhere: $G$ goes back to the winners.",
    ),
)
