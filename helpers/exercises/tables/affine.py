"""Exercises of notebook 05: affine layers and batch normalization."""

import numpy as np

from ...calculus.operations import OPERATIONS
from ..exercise import full, function, predict
from ..norms import (
    by_count,
    gamma_mistakes,
    hat,
    norm_mistakes,
    normed,
    rms,
    scale_mistakes,
    without_keepdims,
)


def norm_tensor():
    """A full Jacobian of batch norm on a (6, 2) batch."""
    X = np.arange(12.0).reshape(6, 2)**2
    return OPERATIONS["batchnorm"].jacobian(X, np.ones(2), np.zeros(2), wrt="X")


def with_eps(random, *arguments):
    """The last argument is ε."""
    return (*arguments[:-1], random.uniform(0.1, 0.5))


BIAS = (
    ("batch not summed", lambda G, *_: G, "", "db"),
    ("wrong axis", lambda G, *_: G.sum(1), "b has one entry for each column.", "db"),
    ("(N,) against (N, 1)", lambda G, *_: G.sum(0, keepdims=True), "", "db"),
    ("= for +=", lambda G, *_: G[-1], "", "db"),
    ("wrong axis", lambda G, *_: G.sum(), "b has one entry for each column.", "db"),
    ("db from dW", lambda G, X, *_: (X.T @ G).sum(0), "b does not meet X: its factor in the "
     "forward pass is 1.", "db"),
    ("db from dW", lambda G, X, *_: (X.T @ G).mean(0), "b does not meet X: its factor in the "
     "forward pass is 1.", "db"),
    ("db from dX", lambda G, X, W, *_: (G @ W.T).sum(0), "b is added behind W: it does not pass "
     "through it.", "db"),
)

ROWS = (
    predict(
        "norm_entries",
        "Batch norm in training mode works on a (6, 2) batch. How many entries has ∂Y/∂X, and how "
        "many of them are certainly 0?",
        truth={"entries": lambda: norm_tensor().size, "zeros": lambda: np.sum(norm_tensor() == 0)},
        answer="144, 72",
        mistakes=(
            ("counting", 72, "12 outputs times 12 inputs.", "entries"),
            ("counting", 24, "Outputs times inputs, not outputs plus inputs.", "entries"),
            ("counting", 12, "Each of the 12 outputs pairs with each of the 12 inputs.", "entries"),
            ("not a diagonal", 132, "Within a feature every example moves every other: mean and "
             "variance mix the batch.", "zeros"),
            ("counting", 0, "The two features do not mix.", "zeros"),
            ("wrong axis", 120, "Batch norm mixes the batch, 6 × 6 for each feature, not the "
             "features.", "zeros"),
            ("counting", 36, "There are two features: two blocks of 6 × 6 are left.", "zeros"),
        ),
        hints=("Count pairs of an output and an input.",
               "Nudge one X[n, h]: which numbers of Y move?",
               "All 6 of feature h, none of the other."),
        why="12 × 12 = 144. The features do not mix: 2 blocks of 6 × 6 are left, 72 entries, and "
            "the other 72 are certainly 0.",
    ),
    function(
        "affine_backward", "derive", "G, X, W", "return G @ W.T, X.T @ G, G.sum(0)",
        "Y = XW + b on a batch. Return dL/dX, dL/dW and dL/db.",
        axes="n k, n m, m k",
        truth={f"d{wrt}": full("affine", wrt, lambda G, X, W: (G, X, W, 0 * W[0]))
               for wrt in ("X", "W", "b")},
        mistakes=(
            ("lost transpose", lambda G, X, W: G @ W, "", "dX"),
            ("order swapped", lambda G, X, W: W @ G, "", "dX"),
            ("order swapped", lambda G, X, W: W.T @ G, "", "dX"),
            ("lost transpose", lambda G, X, W: X @ G, "", "dW"),
            ("order swapped", lambda G, X, W: G @ X.T, "", "dW"),
            ("batch not summed", lambda G, X, W: np.einsum("nk,nm->nmk", G, X), "", "dW"),
            ("= for +=", lambda G, X, W: np.outer(X[-1], G[-1]),
             "Every example has a part in dW: add them.", "dW"),
            ("local gradient forgotten", lambda G, X, W: np.tile(G.sum(0), (len(W), 1)),
             "Each weight meets a number of X in the forward pass.", "dW"),
            ("upstream forgotten", lambda G, X, W: X.T @ np.ones_like(G), "", "dW"),
            ("value for derivative", lambda G, X, W: X.T @ (X @ W),
             "What comes back is G, not Y.", "dW"),
            *BIAS,
        ),
        hints=("Each gradient has the shape of its input.",
               "dX (n, m) from G (n, k) and W (m, k): sum over k. dW (m, k) from X and G: over n.",
               "dX = G Wᵀ, dW = Xᵀ G, db = the sum over the batch."),
        why=r"$\dfrac{dL}{dX_{nm}} = \sum_k G_{nk}W_{mk}$, "
            r"$\dfrac{dL}{dW_{mk}} = \sum_n X_{nm}G_{nk}$, "
            r"$\dfrac{dL}{db_k} = \sum_n G_{nk}$.",
    ),
    function(
        "batchnorm_backward", "code", "G, X, gamma, eps",
        "s = np.sqrt(X.var(0) + eps)\nR = (X - X.mean(0)) / s\n"
        "dX = gamma / s * (G - G.mean(0) - R * (G * R).mean(0))\n"
        "return dX, (G * R).sum(0), G.sum(0)",
        "Batch norm in training mode, Y = γX̂ + β. Return dL/dX, dL/dγ and dL/dβ.",
        axes="n h, n h, h,", prepare=with_eps,
        truth={output: full("batchnorm", wrt, lambda G, X, gamma, eps: (
            G, X, gamma, 0 * gamma, {"eps": eps}))
            for output, wrt in (("dX", "X"), ("dgamma", "gamma"), ("dbeta", "beta"))},
        mistakes=(
            *norm_mistakes(lambda G, X, gamma, eps: (G, X, gamma, eps)),
            *gamma_mistakes(lambda G, X, gamma, eps: (G, X, gamma, eps)),
            ("formula of RMS norm", lambda G, X, gamma, eps: gamma * rms(
                G, X, np.sqrt((X**2).mean(0) + eps)),
             "Batch norm subtracts the mean first: there is one path more.", "dX"),
            ("evaluation mode", lambda G, X, gamma, eps: gamma * G, "In training mode mean and "
             "variance come from X.", "dX"),
            *scale_mistakes(lambda G, X, gamma, eps: (G, X, gamma, X.mean(0), X.var(0), eps)),
            ("upstream of X̂", lambda G, X, gamma, eps: (normed(G, X, gamma, eps)
             * hat(X, eps)).sum(0), "dγ is made of G, not of dX.", "dgamma"),
            ("Bessel", lambda G, X, gamma, eps: (G * (X - X.mean(0))
             / np.sqrt(X.var(0, ddof=1) + eps)).sum(0), "", "dgamma"),
            ("γ in dβ", lambda G, X, gamma, eps: (gamma * G).sum(0), "β is added behind γ.",
             "dbeta"),
            ("dβ from dX", lambda G, X, gamma, eps: normed(G, X, gamma, eps).sum(0),
             "β does not pass the normalization.", "dbeta"),
            ("wrong axis", lambda G, X, gamma, eps: G.sum(), "β has one entry for each column.",
             "dbeta"),
            ("batch not summed", lambda G, X, gamma, eps: G, "", "dbeta"),
            ("wrong axis", lambda G, X, gamma, eps: G.sum(1), "", "dbeta"),
        ),
        hints=("Compute s and X̂ again, as in the forward pass.",
               "dβ is the sum of G over the batch, dγ that of G ⊙ X̂.",
               "dX = γ/s · (G − mean(G) − X̂·mean(G ⊙ X̂))."),
        why=r"The block of each feature is $\dfrac{\gamma}{s}\Big(I - \dfrac{11^\top}{N} - "
            r"\dfrac{\hat x\hat x^\top}{N}\Big)$; multiplied by $G$ the two outer products become "
            r"two means.",
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
