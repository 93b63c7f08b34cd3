"""Exercises of notebook 06: find the replacement."""

import numpy as np

from ...calculus.jacobian import contract
from ...calculus.operations import OPERATIONS
from ..exercise import Truth, full, function, predict


def summed(n, h):
    """The full Jacobian of X.sum(1) for X of shape (n, h)."""
    return OPERATIONS["sum"].jacobian(np.ones((n, h)), axis=1)


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


def drawn(random, G, X):
    """G, the rows that were picked (some of them more than once), and how many X has."""
    return G, random.integers(len(X), size=len(G)), len(X)


def picking(G, rows, n):
    """The full Jacobian of X[rows]: 1 where a row of Y came from this row of X."""
    return np.einsum("kn,md->kmnd", rows[:, None] == np.arange(n), np.eye(G.shape[1]))


def placed(G, rows, n):
    """G at its rows: of several the last."""
    dX = np.zeros((n, G.shape[1]))
    dX[rows] = G
    return dX


def counted(G, rows, n):
    """The right gradient, divided by how often a row was picked."""
    often = np.bincount(rows, minlength=n)
    return contract(G, picking(G, rows, n)) / np.maximum(often, 1)[:, None]


def block(G, X, W):
    """dX of Y = X + tanh(XW), through full Jacobians."""
    A = OPERATIONS["matmul"](X, W)
    up = contract(G, OPERATIONS["tanh"].jacobian(A))
    return G + contract(up, OPERATIONS["matmul"].jacobian(X, W, wrt="A"))


def slope(X, W):
    """The slope of tanh at XW."""
    return 1 - np.tanh(X @ W)**2


def sum_tensor(n, h):
    """The tensor of a sum along rows: its shape, and how much of it is not 0."""
    return predict(
        "sum_tensor",
        f"Y = X.sum(1) for X of shape ({n}, {h}). What is the shape of ∂Y/∂X (axes of Y first), "
        "and how many of its entries are not 0?",
        truth={"shape": lambda: summed(n, h).shape,
               "nonzero": lambda: np.count_nonzero(summed(n, h))},
        answer=f"({n}, {n}, {h}), {n * h}",
        mistakes=(
            ("denominator layout", (n, h, n), "The axes of Y come first.", "shape"),
            ("wrong axis", (h, n, h), f"sum(1) sums along rows: Y has {n} numbers.", "shape"),
            ("axis kept", (n, h, n, h), "The axis that was summed is gone from Y.", "shape"),
            ("not a Jacobian", (n, h), "That is a gradient: the axis of Y comes first.",
             "shape"),
            ("counting", n * n * h, "A sum does not depend on the other rows.", "nonzero"),
            ("counting", n, f"Each of the {n} sums has {h} terms.", "nonzero"),
            ("counting", h, f"That is one row: there are {n}.", "nonzero"),
            ("counting", n * n * h - n * h, "That is how many are 0.", "nonzero"),
        ),
        hints=(f"Y has one axis, with {n} numbers.", "Axes of Y, then axes of X.",
               f"Each Y[n] depends on the {h} numbers of row n, each with slope 1."),
        why=f"({n},) + ({n}, {h}). ∂Y[n]/∂X[n′, h] is 1 where n = n′: {n} rows of {h}.",
    )


def passes(inputs, outputs):
    """Passes of both kinds for the full Jacobian of a network, and for the gradient of a loss."""
    return predict(
        "passes",
        f"A network takes {inputs} numbers to {outputs}. You want its full Jacobian, and each pass "
        "gives the product with one vector. How many backward passes (vjp) does it take, and how "
        "many forward ones (jvp)? And how many backward ones for the gradient of the loss, one "
        "number?",
        truth={"backward": lambda: outputs, "forward": lambda: inputs, "loss": lambda: 1},
        answer=f"{outputs}, {inputs}, 1",
        mistakes=(
            ("directions swapped", inputs, "A backward pass starts at one output and reaches all "
             "inputs.", "backward"),
            ("directions swapped", outputs, "A forward pass starts at one input and reaches all "
             "outputs.", "forward"),
            ("counting", inputs * outputs, "One pass gives a whole row or column, not one entry.",
             "backward"),
            ("counting", inputs * outputs, "One pass gives a whole row or column, not one entry.",
             "forward"),
            ("counting", 1, "One backward pass gives the row of one output: there are "
             f"{outputs}.", "backward"),
            ("counting", outputs, "The loss is one number: one row.", "loss"),
            ("counting", inputs, "One backward pass reaches all inputs at once.", "loss"),
            ("counting", inputs + outputs, "Not both: each direction does it alone.", "backward"),
        ),
        hints=("vjp: a vector of the size of the outputs goes in.",
               "With a one at a single output it gives one row of the Jacobian.",
               "Rows: as many as outputs. Columns: as many as inputs."),
        why=f"A vjp gives a row: {outputs} of them. A jvp gives a column: {inputs}. For a loss, "
            "one output, a single backward pass gives all slopes: that is why one goes backward.",
    )


ROWS = (
    sum_tensor(5, 3),
    passes(784, 10),
    function(
        "softmax_backward", "derive", "G, P",
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
        "gather_backward", "derive", "G, rows, n",
        "dX = np.zeros((n, G.shape[1]))\nnp.add.at(dX, rows, G)\nreturn dX",
        "Y = X[rows] picks rows of X, some of them more than once, as an embedding does with "
        "words. X has `n` rows. Write dL/dX from `G`, which has the shape of Y.",
        axes="l m, n m", prepare=drawn,
        truth={"dX": Truth(lambda G, rows, n: contract(G, picking(G, rows, n)), picking,
                           ("Y", "X"))},
        mistakes=(
            ("= for +=", placed, "A row that was picked twice gets two gradients. (`dX[rows] += G` "
             "adds only one of them, too: np.add.at adds all.)"),
            ("= for +=", lambda G, rows, n: placed(G[::-1], rows[::-1], n),
             "A row that was picked twice gets two gradients: add them."),
            ("mean for sum", counted),
            ("not put back", lambda G, rows, n: G, "dX has the shape of X: each row of G goes "
             "back to the row that it came from."),
            ("forward again", lambda G, rows, n: G[rows % len(G)], "That picks from G; going back "
             "puts into dX."),
            ("rows mixed", lambda G, rows, n: np.tile(G.sum(0), (n, 1)),
             "A row of Y goes back to one row of X, not to all."),
            ("order in a row", lambda G, rows, n: np.pad(G, ((0, n), (0, 0)))[:n],
             "`rows` says where each row of G belongs."),
        ),
        hints=("To which row of X does row k of G go back?", "To rows[k]; and a row may be met "
               "again.", "Start from zeros, and for each k: dX[rows[k]] += G[k]."),
        why=r"$\dfrac{\partial Y_{km}}{\partial X_{nm'}} = \mathbb{1}(n = \text{rows}_k)\,"
            r"\delta_{mm'}$, so each row of X adds up the rows of G that came from it.",
    ),
    function(
        "logsumexp_backward", "derive", "G, Z",
        "E = np.exp(Z - Z.max(1, keepdims=True))\n"
        "return G[:, None] * E / E.sum(1, keepdims=True)",
        "Y[n] = log Σₖ exp(Z[n, k]), one number a row: a smooth maximum. Write dL/dZ.",
        axes="n, n k", truth={"dZ": lambda G, Z: G[:, None] * OPERATIONS["softmax"](Z)},
        mistakes=(
            ("inner derivative", lambda G, Z: np.tile(
                (G / np.exp(Z).sum(1))[:, None], Z.shape[1]),
             "The exp inside the sum has a derivative, too."),
            ("sum forgotten", lambda G, Z: G[:, None] * np.exp(Z),
             "The logarithm has a derivative, too: one over the sum."),
            ("wrong axis", lambda G, Z: G[:, None] * np.exp(Z) / np.exp(Z).sum(0),
             "The sum runs along a row."),
            ("wrong axis", lambda G, Z: G[:, None] * np.exp(Z) / np.exp(Z).sum(),
             "Each row has a sum of its own."),
            ("maximum for its smooth kin", lambda G, Z: G[:, None]
             * (Z == Z.max(1, keepdims=True)), "That is the way back through max."),
            ("formula of softmax", lambda G, Z: G[:, None] * OPERATIONS["softmax"](Z)
             * (1 - OPERATIONS["softmax"](Z)), "Softmax is the slope here, not the operation."),
            ("sum for exp", lambda G, Z: np.tile(G[:, None], Z.shape[1]),
             "The shares of the terms differ."),
            ("log of the slope", lambda G, Z: G[:, None] * OPERATIONS["log_softmax"](Z),
             "That is log softmax: no logarithm is left in the slope."),
        ),
        hints=("log, sum, exp: three steps, from the outside.",
               "1/(the sum), then 1, then exp(Z).", "exp(Z) over its sum has a name."),
        why=r"$\dfrac{\partial Y_n}{\partial Z_{nk}} = \dfrac{e^{Z_{nk}}}{\sum_j e^{Z_{nj}}}$: the "
            r"softmax. So $\dfrac{dL}{dZ} = G_n\,\mathrm{softmax}(Z)_{nk}$.",
    ),
    function(
        "residual_backward", "code", "G, X, W",
        "return G + (G * (1 - np.tanh(X @ W)**2)) @ W.T",
        "A residual block: Y = X + tanh(XW), with a square W. Write dL/dX.",
        axes="n m, n m, m m", truth={"dX": block},
        mistakes=(
            ("lost path", lambda G, X, W: (G * slope(X, W)) @ W.T,
             "X goes to Y past the layer, too."),
            ("lost path", lambda G, X, W: G, "X goes to Y through the layer, too."),
            ("local gradient forgotten", lambda G, X, W: G + G @ W.T,
             "Through the layer the slope of tanh comes first."),
            ("lost transpose", lambda G, X, W: G + (G * slope(X, W)) @ W),
            ("slope at the wrong place", lambda G, X, W: G + (G * (1 - np.tanh(X)**2)) @ W.T,
             "The slope is taken where tanh was: at XW."),
            ("slope at the wrong place", lambda G, X, W: G + (G @ W.T) * slope(X, W),
             "tanh stands behind W: on the way back it comes first."),
            ("product of paths", lambda G, X, W: G * ((G * slope(X, W)) @ W.T),
             "Along a path gradients are multiplied, paths are added."),
            ("added 1", lambda G, X, W: 1 + (G * slope(X, W)) @ W.T,
             "The path past the layer has slope 1, and carries G."),
            ("mean for sum", lambda G, X, W: (G + (G * slope(X, W)) @ W.T) / 2),
            ("sign of one term", lambda G, X, W: G - (G * slope(X, W)) @ W.T,
             "Gradients of paths add."),
        ),
        hints=("Two paths lead from X to Y.", "Past the layer: G. Through it: the slope of tanh, "
               "then Wᵀ.", "Add them."),
        why=r"$\dfrac{dL}{dX} = G + \big(G\odot(1-\tanh^2(XW))\big)W^\top$. Even where the "
            r"layer lets nothing through, $G$ arrives: that is why deep networks are built so.",
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
            ("fixed place", lambda G, X: pooled(G, np.zeros_like(G), X),
             "The winner may be the second."),
            ("fixed place", lambda G, X: pooled(np.zeros_like(G), G, X),
             "The winner may be the first."),
            ("value for derivative", lambda G, X: X * pooled(first_wins(X), ~first_wins(X), X)
             * np.repeat(G, 2, 1), "The slope of the winner is 1."),
        ),
        hints=("Which of the two inputs of a window moves its output?", "The larger, with slope 1.",
               "X.reshape(N, -1, 2) has a window in its last axis; reshape back at the end."),
        why=r"$\dfrac{\partial Y_{no}}{\partial X_{nl}}$ is $1$ for the winner of window $o$ and "
            r"$0$ elsewhere: $G$ goes back to the winners.",
    ),
)
