"""Exercises of notebook 05: affine layers and batch normalization."""

import numpy as np

from ...calculus.jacobian import contract
from ...calculus.operations import OPERATIONS
from ..exercise import full, function, predict
from ..norms import by_count, norm_mistakes, rms, without_keepdims
from . import steps


def norm_tensor(n, h):
    """A full Jacobian of batch norm on an (n, h) batch."""
    X = np.arange(1.0 * n * h).reshape(n, h)**2
    return OPERATIONS["batchnorm"].jacobian(X, np.ones(h), np.zeros(h), wrt="X")


def with_eps(random, *arguments):
    """The last argument is ε."""
    return (*arguments[:-1], random.uniform(0.1, 0.5))


ROWS_HERE = "Here an example is a column: write the shapes under the factors."
BOTH = "Every word of every sequence uses it: sum over both axes."


def by_columns(G, X, W, wrt):
    """A gradient of the same layer in rows, by its full Jacobian."""
    J = OPERATIONS["affine"].jacobian(X.T, W.T, W[:, 0], wrt=wrt)  # b moves no gradient
    return contract(G.T, J)


def by_words(G, X, W, wrt):
    """A gradient of the same layer with all words in one batch, by its full Jacobian."""
    flat = X.reshape(-1, X.shape[2])
    J = OPERATIONS["affine"].jacobian(flat, W, W[0], wrt=wrt[1:])  # b moves no gradient
    found = contract(G.reshape(-1, G.shape[2]), J)
    return found.reshape(X.shape) if wrt == "dX" else found


def size(V):
    """The length of each column."""
    return np.sqrt((V**2).sum(0))


def directions(V, g):
    """∂w/∂v of w = g·v/‖v‖, a matrix for each column, on the last axis."""
    U = V / size(V)
    return g * (np.eye(len(V))[:, :, None] - np.einsum("mk,pk->mpk", U, U)) / size(V)


def pulled(G, V, U):
    """G without its part along U, if U has length 1."""
    return G - U * (G * U).sum(0)


def norm_entries(n, h):
    """How many entries batch norm's Jacobian has, and how many are 0 for any batch."""
    size = n * h
    return predict(
        "norm_entries",
        f"Batch norm in training mode works on a ({n}, {h}) batch. How many entries has ∂Y/∂X, and "
        "how many of them are certainly 0?",
        truth={"entries": lambda: norm_tensor(n, h).size,
               "zeros": lambda: np.sum(norm_tensor(n, h) == 0)},
        answer=f"{size**2}, {size**2 - h * n**2}",
        mistakes=(
            ("counting", size**2 / 2, f"{size} outputs times {size} inputs.", "entries"),
            ("counting", 2 * size, "Outputs times inputs, not outputs plus inputs.", "entries"),
            ("counting", size, f"Each of the {size} outputs pairs with each of the {size} "
             "inputs.", "entries"),
            ("not a diagonal", size**2 - size, "Within a feature every example moves every other: "
             "mean and variance mix the batch.", "zeros"),
            ("counting", 0, "Features do not mix.", "zeros"),
            ("wrong axis", size**2 - n * h**2, f"Batch norm mixes the batch, {n} × {n} for each "
             "feature, not the features.", "zeros"),
            ("counting", n**2, f"There are {h} features: {h} blocks of {n} × {n} are left.",
             "zeros"),
        ),
        hints=("Count pairs of an output and an input.",
               "Nudge one X[n, h]: which numbers of Y move?",
               f"All {n} of feature h, none of the others."),
        why=f"{size} × {size} = {size**2}. The features do not mix: {h} blocks of {n} × {n} are "
            f"left, {h * n**2} entries, and the other {size**2 - h * n**2} are certainly 0.",
    )


def batch_of_one(x, gamma, beta, g):
    """Batch norm of a single number, ε = 0.1."""
    norm = OPERATIONS["batchnorm"]
    one = ([[float(x)]], [float(gamma)], [beta])
    return predict(
        "batch_of_one",
        f"Batch norm in training mode gets a batch of one example, X = {x} in its one feature, "
        f"with γ = {gamma}, β = {beta}, ε = 0.1 and the upstream gradient G = {g}. What are Y, "
        "dL/dX and dL/dβ?",
        truth={"Y": lambda: norm(*one, eps=0.1)[0, 0],
               "dX": lambda: norm.vjp([[float(g)]], *one, wrt="X", eps=0.1)[0, 0],
               "dbeta": lambda: float(g)},
        answer=f"{beta}, 0, {g}",
        mistakes=(
            ("mean not subtracted", gamma * x + beta, "The mean of one number is that number.",
             "Y"),
            ("mean not subtracted", x, "The mean of one number is that number.", "Y"),
            ("shift forgotten", 0, "X̂ is 0, and then comes γ X̂ + β.", "Y"),
            ("lost path", gamma * g, "Y does not move when X does.", "dX"),
            ("lost path", gamma * g / 0.1**0.5, "That is γ/s·G. X moves its own mean, too.", "dX"),
            ("lost path", g, "Y does not move when X does.", "dX"),
            ("γ in dβ", gamma * g, "β is added behind γ.", "dbeta"),
            ("path too many", 0, "β does not pass the normalization.", "dbeta"),
        ),
        hints=("What is the mean of this batch?", "So X̂ is 0, whatever X is.",
               "What does not move the output has gradient 0; β is added at the end."),
        why="The mean is X itself: X̂ = 0 and Y = β, whatever X is. So dL/dX = 0, and nothing "
            f"before this layer learns. dL/dβ = G = {g}.",
    )


ROWS = (
    norm_entries(6, 2),
    batch_of_one(7, 2, 0.5, 3),
    function(
        "bias_backward", "derive", "G", "return G.sum(0)",
        "A batch goes through Y = XW + b: the same `b` is added to every row. Write dL/db from "
        "`G`, which has the shape of Y.",
        axes="n k",
        truth={"db": full("affine", "b", lambda G: (G, np.ones((len(G), 1)),
                                                    np.ones((1, G.shape[1])), G[0]))},
        mistakes=(
            ("batch not summed", lambda G: G),
            ("batch not summed", lambda G: G[0], "That is the gradient of one example."),
            ("wrong axis", lambda G: G.sum(1), "b has one entry for each column."),
            ("wrong axis", lambda G: G.sum(), "b has one entry for each column."),
            ("= for +=", lambda G: G[-1]),
        ),
        hints=("Which entries of Y does b[k] reach?", "One in each row: all of column k.",
               "Paths that meet add: a sum over axis 0."),
        why=r"$\partial Y_{nk}/\partial b_{k'} = \delta_{kk'}$, so "
            r"$\dfrac{dL}{db_{k'}} = \sum_{n} G_{nk'}$: `b` reaches every row.",
    ),
    function(
        "columns_backward", "derive", "G, X, W", "return W.T @ G, G @ X.T, G.sum(1)",
        "A batch in columns: Y = WX + b, with X of shape (M, N), an example a column, and b "
        "added to every column. Return dL/dX, dL/dW and dL/db.",
        axes="k n, m n, k m",
        truth={"dX": lambda G, X, W: by_columns(G, X, W, "X").T,
               "dW": lambda G, X, W: by_columns(G, X, W, "W").T,
               "db": lambda G, X, W: by_columns(G, X, W, "b")},
        mistakes=(
            ("rows for columns", lambda G, X, W: G @ W.T, ROWS_HERE, "dX"),
            ("rows for columns", lambda G, X, W: X.T @ G, ROWS_HERE, "dW"),
            ("rows for columns", lambda G, X, W: G.sum(0), ROWS_HERE, "db"),
            ("lost transpose", lambda G, X, W: W @ G, "", "dX"),
            ("lost transpose", lambda G, X, W: G @ X, "", "dW"),
            ("order swapped", lambda G, X, W: G.T @ W, "", "dX"),
            ("batch not summed", lambda G, X, W: np.einsum("kn,mn->nkm", G, X), "", "dW"),
            ("batch not summed", lambda G, X, W: G, "", "db"),
            ("mean for sum", lambda G, X, W: G.mean(1), "", "db"),
            ("wrong axis", lambda G, X, W: G.sum(), "b has one entry for each row of Y.", "db"),
        ),
        hints=("Write the shape under each factor: which axis must be summed?",
               "dX (m, n) from W (k, m) and G (k, n): over k. dW (k, m): over n.",
               "dX = Wᵀ G, dW = G Xᵀ, db = the sum over the columns."),
        why=r"$\dfrac{dL}{dX_{mn}} = \sum_k W_{km}G_{kn}$, "
            r"$\dfrac{dL}{dW_{km}} = \sum_n G_{kn}X_{mn}$, "
            r"$\dfrac{dL}{db_k} = \sum_n G_{kn}$: the batch is the second axis now.",
    ),
    function(
        "sequence_backward", "derive", "G, X, W",
        "return G @ W.T, np.einsum('nlm,nlk->mk', X, G), G.sum(0).sum(0)",
        "N sequences of T words, M numbers each: X is (N, T, M), and Y = XW + b works on every "
        "word. Return dL/dX, dL/dW and dL/db.",
        axes="n l k, n l m, m k",
        truth={wrt: lambda G, X, W, wrt=wrt: by_words(G, X, W, wrt) for wrt in ("dX", "dW", "db")},
        mistakes=(
            ("not summed", lambda G, X, W: np.einsum("nlm,nlk->nmk", X, G), BOTH, "dW"),
            ("not summed", lambda G, X, W: np.einsum("nlm,nlk->lmk", X, G), BOTH, "dW"),
            ("words mixed", lambda G, X, W: np.einsum("nlm,npk->mk", X, G),
             "A word of X meets the gradient of its own output only.", "dW"),
            ("not summed", lambda G, X, W: G.sum(0), BOTH, "db"),
            ("not summed", lambda G, X, W: G.sum(1), BOTH, "db"),
            ("not summed", lambda G, X, W: G, BOTH, "db"),
            ("mean for sum", lambda G, X, W: G.mean((0, 1)), "", "db"),
            ("wrong axis", lambda G, X, W: G.sum(), "b has one entry for each output.", "db"),
            ("lost transpose", lambda G, X, W: G @ W, "", "dX"),
        ),
        hints=("Who shares W and b now? Every word of every sequence.",
               "So both are summed over two axes. dX is as before, word by word.",
               "np.einsum('nlm,nlk->mk', X, G) sums over both; G.sum(0).sum(0) too."),
        why=r"$\dfrac{dL}{dW_{mk}} = \sum_{n,l} X_{nlm}G_{nlk}$ and "
            r"$\dfrac{dL}{db_k} = \sum_{n,l} G_{nlk}$: sum over all axes that share.",
    ),
    *steps.ROWS,
    function(
        "weightnorm_backward", "code", "G, V, g",
        "size = np.sqrt((V**2).sum(0))\nU = V / size\n"
        "return g / size * (G - U * (G * U).sum(0)), (G * U).sum(0)",
        "Weight normalization: each column of W has a length and a direction of its own, "
        "W = g·V/size, where size holds the lengths of V's columns, the roots of (V²).sum(0). "
        "Return dL/dV and dL/dg from `G` = dL/dW.",
        axes="m k, m k, k",
        truth={"dV": lambda G, V, g: np.einsum("mk,mpk->pk", G, directions(V, g)),
               "dg": lambda G, V, g: np.einsum("mk,mk->k", G, V / size(V))},
        mistakes=(
            ("lost path", lambda G, V, g: g / size(V) * G, "V is in its own length, too.", "dV"),
            ("g forgotten", lambda G, V, g: pulled(G, V, V / size(V)) / size(V),
             "g scales W, so it scales the gradient.", "dV"),
            ("sign of one term", lambda G, V, g: g / size(V) * (2 * G - pulled(G, V, V / size(V))),
             "V grows, 1/size falls.", "dV"),
            ("length forgotten", lambda G, V, g: g * pulled(G, V, V / size(V)),
             "The forward pass divides by the length.", "dV"),
            ("V for its direction", lambda G, V, g: g / size(V) * pulled(G, V, V),
             "What is taken away is the part of G along V/size.", "dV"),
            ("mean for sum", lambda G, V, g: g / size(V) * (
                G - (G - pulled(G, V, V / size(V))) / len(V)), "A length holds a sum, no mean.",
             "dV"),
            ("formula of batch norm", lambda G, V, g: g / size(V) * (
                pulled(G, V, V / size(V)) - G.mean(0)), "Nothing is centred here.", "dV"),
            ("not contracted", lambda G, V, g: g / size(V) * (G - (V / size(V))**2 * G),
             "G ⊙ U is added up before it meets U again.", "dV"),
            ("root forgotten", lambda G, V, g: g / size(V)**2 * pulled(G, V, V / size(V)**2),
             "The length is a root.", "dV"),
            ("not summed", lambda G, V, g: G * V / size(V), "g has one number a column: all "
             "entries of the column send a gradient back to it.", "dg"),
            ("wrong axis", lambda G, V, g: (G * V / size(V)).sum(), "g has one number a column.",
             "dg"),
            ("length forgotten", lambda G, V, g: (G * V).sum(0), "What g multiplies is V/size.",
             "dg"),
            ("value for derivative", lambda G, V, g: g * (G * V / size(V)).sum(0),
             "What g multiplies is V/size, without g.", "dg"),
        ),
        hints=("W = g U with U = V/size. For g that is a × gate.",
               "Two paths lead from V: as the numerator, and through the length. Compare batch "
               "norm without the mean, and with a sum.",
               "dV = g/size · (G − U·Σ(G ⊙ U)), dg = Σ(G ⊙ U), both sums down the column."),
        why=r"For one column $\dfrac{\partial u}{\partial v} = \dfrac{1}{\lVert v\rVert}"
            r"(I - uu^\top)$: a diagonal minus one outer product, so $dv = "
            r"\dfrac{g}{\lVert v\rVert}(G - u\,(u\cdot G))$ and $dg = u\cdot G$.",
    ),
    function(
        "layernorm_backward", "code", "G, X, eps",
        "centred = X - X.mean(1, keepdims=True)\n"
        "s = np.sqrt((centred**2).mean(1, keepdims=True) + eps)\nR = centred / s\n"
        "return (G - G.mean(1, keepdims=True) - R * (G * R).mean(1, keepdims=True)) / s",
        "Layer norm does the same along each row: every example is normalized by the mean and the "
        "variance of its own numbers. With γ = 1 and β = 0, write dL/dX.",
        axes="n h, n h,", prepare=with_eps,
        truth={"dX": full("layernorm", "X", lambda G, X, eps: (
            G, X, np.ones(X.shape[1]), np.zeros(X.shape[1]), {"eps": eps}))},
        mistakes=(
            *norm_mistakes(lambda G, X, eps: (G, X, 1.0, eps), axis=1),
            *without_keepdims(),
            ("N for H", lambda G, X, eps: by_count(G, X, eps, len(X)),
             "The means run along a row: they divide by the length of a row.", "dX"),
            ("formula of RMS norm", lambda G, X, eps: rms(
                G.T, X.T, np.sqrt((X.T**2).mean(0) + eps)).T,
             "Layer norm subtracts the mean first: there is one path more.", "dX"),
        ),
        hints=("Nothing in the derivation asked which axis was summed over.",
               "Put axis 1 for axis 0, and keep the axis, so that the shapes fit.",
               "mean(1, keepdims=True) in all four places."),
        why=r"The same formula along the other axis: $\dfrac{dL}{dX} = \dfrac1s\big(G - "
            r"\mathrm{mean}_h(G) - \hat X\,\mathrm{mean}_h(G\odot\hat X)\big)$, all means kept as "
            r"columns.",
    ),
)
