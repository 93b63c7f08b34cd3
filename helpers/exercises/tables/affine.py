"""Exercises of notebook 05: affine layers and batch normalization."""

import numpy as np

from ...calculus.jacobian import contract
from ...calculus.operations import OPERATIONS
from ..exercise import Truth, full, function, predict
from ..norms import (
    OWN_EPS,
    by_count,
    gamma_mistakes,
    hat,
    norm_mistakes,
    normed,
    overall,
    rms,
    rooted,
    scale_mistakes,
    without_keepdims,
)

EPS = 0.1  # large enough for a lost ε to show


def norm_tensor():
    """A full Jacobian of batch norm on a (6, 2) batch."""
    X = np.arange(12.0).reshape(6, 2)**2
    return OPERATIONS["batchnorm"].jacobian(X, np.ones(2), np.zeros(2), wrt="X")


def rms_jacobian(G, X, eps):
    """∂Y/∂X for Y = X/r with r = √(mean(X²) + ε): δ/r along the batch, minus X Xᵀ/(N r³)."""
    N, H = X.shape
    r = np.sqrt((X**2).mean(0) + eps)
    J = np.zeros((N, H, N, H))
    for h in range(H):
        J[:, h, :, h] = np.eye(N) / r[h] - np.outer(X[:, h], X[:, h]) / (N * r[h]**3)
    return J


def with_eps(random, *arguments):
    """The last argument is ε."""
    return (*arguments[:-1], random.uniform(0.1, 0.5))


def kept(random, G, X, gamma, beta):
    """(G, Y, γ, β, s) of a batch norm with ε = EPS, γ away from 0."""
    gamma = np.sign(gamma) * (0.5 + np.abs(gamma))
    s = np.sqrt(X.var(0) + EPS)
    return G, (X - X.mean(0)) / s * gamma + beta, gamma, beta, s


def from_kept(G, R, gamma, s, reduce=np.mean):
    """dX of batch norm from what should be X̂."""
    return gamma / s * (G - reduce(G, 0) - R * reduce(G * R, 0))


def running(random, G, X, gamma, mean, var, eps):
    """A positive variance, and ε."""
    return G, X, gamma, mean, var**2 + 0.2, random.uniform(0.1, 0.5)


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
        "rms_backward", "derive", "G, X, eps",
        "root = np.sqrt((X**2).mean(0) + eps)\nR = X / root\n"
        "return (G - R * (G * R).mean(0)) / root",
        "RMS norm down the batch: Y = X/√(mean(X²) + ε) for each column, without centring. Write "
        "dL/dX.",
        axes="n h, n h,", prepare=with_eps,
        truth={"dX": Truth(lambda G, X, eps: contract(G, rms_jacobian(G, X, eps)), rms_jacobian,
                           ("Y", "X"))},
        mistakes=(
            ("lost path", lambda G, X, eps: G / rooted(X, eps), "X goes into the root as well."),
            ("path too many", lambda G, X, eps: from_kept(
                G, X / rooted(X, eps), 1, rooted(X, eps)), "Nothing is centred here: one term of "
             "batch norm has no path to come from."),
            ("formula of batch norm", lambda G, X, eps: normed(G, X, 1, eps),
             "Nothing is centred here: neither X nor G."),
            ("sum for mean", lambda G, X, eps: rms(G, X, rooted(X, eps), np.sum),
             "The root holds a mean: so does the term that comes back through it."),
            ("ε outside the root", lambda G, X, eps: rms(G, X, np.sqrt((X**2).mean(0)) + eps),
             "ε stands under the root, beside mean(X²)."),
            ("ε forgotten", lambda G, X, eps: rms(G, X, np.sqrt((X**2).mean(0))),
             "The root of the forward pass holds mean(X²) and ε."),
            *(("ε hard-coded", lambda G, X, eps, own=own: rms(G, X, rooted(X, own)),
               "ε is an argument: take the one that was given.") for own in OWN_EPS),
            ("X for X̂", lambda G, X, eps: (G - X * (G * X).mean(0)) / rooted(X, eps),
             "The term through the root is made of Y = X/root, in both places."),
            ("X for X̂", lambda G, X, eps: (G - X * (G * X).mean(0) / rooted(X, eps))
             / rooted(X, eps), "The term through the root is made of Y = X/root, in both places."),
            *(("power of the root", lambda G, X, eps, power=power: G / rooted(X, eps)
               - X * (G * X).mean(0) / rooted(X, eps)**power,
               "The derivative of 1/r is −1/r², and r is a root itself: count the powers.")
              for power in (4, 5, 6)),
            ("factor ½ in one term", lambda G, X, eps: (G / rooted(X, eps)
             + rms(G, X, rooted(X, eps))) / 2, "The path through the root has lost the 2 of the "
             "square."),
            ("factor 2 in one term", lambda G, X, eps: 2 * rms(G, X, rooted(X, eps))
             - G / rooted(X, eps), "The 2 of the square and the ½ of the root cancel."),
            ("sign of one term", lambda G, X, eps: 2 * G / rooted(X, eps)
             - rms(G, X, rooted(X, eps)), "The way through the root is subtracted."),
            ("root forgotten", lambda G, X, eps: rms(G, X, rooted(X, eps)**2),
             "Divide by the root, not by what stands under it."),
            ("root for one over the root", lambda G, X, eps: rms(G, X, rooted(X, eps))
             * rooted(X, eps)**2, "The forward pass divides by the root."),
            ("root for one over the root", lambda G, X, eps: rms(G, X, rooted(X, eps))
             * rooted(X, eps), "The forward pass divides by the root."),
            ("wrong axis", lambda G, X, eps: rms(G.T, X.T, rooted(X.T, eps)).T,
             "The mean of the squares runs down each column."),
            ("wrong axis", lambda G, X, eps: rms(G, X, np.sqrt((X**2).mean() + eps), overall),
             "One mean for the whole array: each column has its own."),
            ("X̂ forgotten", lambda G, X, eps: (G - (G * X / rooted(X, eps)).mean(0))
             / rooted(X, eps), "The term through the root has Y = X/root in two places."),
            ("not contracted", lambda G, X, eps: (G - G * (X / rooted(X, eps))**2)
             / rooted(X, eps), "G ⊙ Y is averaged before it meets Y again."),
            ("sum for root", lambda G, X, eps: rms(G, X, np.sqrt((X**2).sum(0) + eps)),
             "The root holds a mean, not a sum."),
        ),
        hints=("X goes two ways: into the quotient and into the root.",
               "Which of the steps of batch norm are gone, and which term with them?",
               "R = X/root. What stays is G − R·mean(G ⊙ R), over root."),
        why=r"$\dfrac{\partial Y_n}{\partial X_i} = \dfrac{\delta_{ni}}{r} - "
            r"\dfrac{X_nX_i}{N r^3}$ in each column, so "
            r"$\dfrac{dL}{dX} = \dfrac1r\big(G - R\cdot\mathrm{mean}(G\odot R)\big)$, $R = X/r$.",
    ),
    function(
        "norm_from_output", "derive", "G, Y, gamma, beta, s",
        "R = (Y - beta) / gamma\nreturn gamma / s * (G - G.mean(0) - R * (G * R).mean(0))",
        "Batch norm, but to save memory you kept Y, not X̂. Write dL/dX from `G`, `Y`, `gamma`, "
        "`beta` and s = √(var + ε). No γ is 0.",
        axes="n h, n h, h, h", prepare=kept,
        truth={"dX": full("batchnorm", "X", lambda G, Y, gamma, beta, s: (
            G, (Y - beta) / gamma * s, gamma, beta, {"eps": EPS}))},
        mistakes=(
            ("Y for X̂", lambda G, Y, gamma, beta, s: from_kept(G, Y, gamma, s),
             "Undo the shift and the scale first."),
            ("brackets", lambda G, Y, gamma, beta, s: from_kept(G, Y - beta / gamma, gamma, s),
             "The quotient binds tighter than the difference: put brackets."),
            ("root for one over the root", lambda G, Y, gamma, beta, s: from_kept(
                G, (Y - beta) / gamma, gamma, s) * s**2,
             "The forward pass divides by s, so the gradient does too."),
            ("γ twice", lambda G, Y, gamma, beta, s: from_kept(G, (Y - beta) / gamma, gamma**2, s),
             "γ is passed once on the way back."),
            ("one over γ", lambda G, Y, gamma, beta, s: from_kept(
                G, (Y - beta) / gamma, 1 / gamma, s), "γ multiplies on the way back as well."),
            ("scale not undone", lambda G, Y, gamma, beta, s: from_kept(
                G, (Y - beta) * gamma, gamma, s), "γ multiplied: to undo it, divide."),
            ("shift not undone", lambda G, Y, gamma, beta, s: from_kept(
                G, (Y + beta) / gamma, gamma, s), "β was added: to undo it, subtract."),
            ("s too many", lambda G, Y, gamma, beta, s: from_kept(
                G, (Y - beta) / gamma / s, gamma, s), "X̂ is divided by s already."),
            ("X for X̂", lambda G, Y, gamma, beta, s: from_kept(
                G, (Y - beta) / gamma * s, gamma, s), "That is X − μ: X̂ is wanted."),
            ("sign of one term", lambda G, Y, gamma, beta, s: 2 * gamma / s * (G - G.mean(0))
             - from_kept(G, (Y - beta) / gamma, gamma, s), "The way through the variance is "
             "subtracted."),
            ("lost path", lambda G, Y, gamma, beta, s: from_kept(G, (Y - beta) / gamma, gamma, s)
             + gamma / s * G.mean(0), "The path through the mean is missing."),
            ("wrong axis", lambda G, Y, gamma, beta, s: gamma / s * (
                G - overall(G, 0) - (Y - beta) / gamma * overall(G * (Y - beta) / gamma, 0)),
             "One mean for the whole array: each column has its own."),
            ("shift not undone", lambda G, Y, gamma, beta, s: from_kept(G, Y / gamma, gamma, s),
             "β was added last: undo it first."),
            ("scale not undone", lambda G, Y, gamma, beta, s: from_kept(G, Y - beta, gamma, s),
             "γ multiplied X̂: undo it as well."),
            ("shift not undone",
             lambda G, Y, gamma, beta, s: from_kept(G, Y / gamma - beta, gamma, s),
             "The shift came last: undo it first."),
            ("γ forgotten",
             lambda G, Y, gamma, beta, s: from_kept(G, (Y - beta) / gamma, 1, s),
             "γ scales Y, so it scales the gradient."),
            ("s forgotten",
             lambda G, Y, gamma, beta, s: from_kept(G, (Y - beta) / gamma, gamma, 1),
             "The forward pass divides by s, so the gradient does too."),
            ("lost path", lambda G, Y, gamma, beta, s: gamma / s * G,
             "X reaches Y through the mean and the variance as well."),
            ("lost path", lambda G, Y, gamma, beta, s: gamma / s * (G - G.mean(0)),
             "The path through the variance is missing."),
            ("sum for mean", lambda G, Y, gamma, beta, s: from_kept(
                G, (Y - beta) / gamma, gamma, s, np.sum), "Both terms are means."),
        ),
        hints=("The last two steps of the forward pass can be undone.", "X̂ = (Y − β)/γ.",
               "Then the formula of the notebook, with γ/s before the bracket."),
        why=r"$\hat X = (Y-\beta)/\gamma$, then as before: $\dfrac{dL}{dX} = \dfrac{\gamma}{s}"
            r"\big(G - \mathrm{mean}(G) - \hat X\,\mathrm{mean}(G\odot\hat X)\big)$.",
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
        "eval_backward", "code", "G, X, gamma, mean, var, eps",
        "s = np.sqrt(var + eps)\nreturn G * gamma / s, (G * (X - mean) / s).sum(0), G.sum(0)",
        "Batch norm in evaluation mode: mean and variance are fixed numbers from training. Return "
        "dL/dX, dL/dγ and dL/dβ.",
        axes="n h, n h, h, h, h,", prepare=running,
        truth={output: full("batchnorm_eval", wrt, lambda G, X, gamma, mean, var, eps: (
            G, X, gamma, 0 * gamma, {"mean": mean, "var": var, "eps": eps}))
            for output, wrt in (("dX", "X"), ("dgamma", "gamma"), ("dbeta", "beta"))},
        mistakes=(
            ("training mode", lambda G, X, gamma, mean, var, eps: normed(G, X, gamma, eps),
             "Mean and variance do not depend on X here.", "dX"),
            ("training mode", lambda G, X, gamma, mean, var, eps: gamma / np.sqrt(var + eps)
             * (G - G.mean(0)), "The mean does not depend on X here.", "dX"),
            ("γ forgotten", lambda G, X, gamma, mean, var, eps: G / np.sqrt(var + eps),
             "γ scales Y, so it scales the gradient.", "dX"),
            ("root forgotten", lambda G, X, gamma, mean, var, eps: G * gamma / (var + eps),
             "Divide by √(var + ε).", "dX"),
            ("ε outside the root",
             lambda G, X, gamma, mean, var, eps: G * gamma / (np.sqrt(var) + eps), "", "dX"),
            ("ε forgotten", lambda G, X, gamma, mean, var, eps: G * gamma / np.sqrt(var), "", "dX"),
            *(("ε hard-coded", lambda G, X, gamma, mean, var, eps, own=own:
               G * gamma / np.sqrt(var + own), "ε is an argument: take the one that was given.",
               "dX") for own in OWN_EPS),
            ("root for one over the root", lambda G, X, gamma, mean, var, eps:
             G * gamma * np.sqrt(var + eps), "The forward pass divides by the root.", "dX"),
            ("s forgotten", lambda G, X, gamma, mean, var, eps: G * gamma,
             "The forward pass divides by the root.", "dX"),
            ("γ twice", lambda G, X, gamma, mean, var, eps: G * gamma**2 / np.sqrt(var + eps),
             "γ is passed once on the way back.", "dX"),
            *scale_mistakes(lambda *given: given),
            ("wrong axis", lambda G, X, gamma, mean, var, eps: G.sum(1), "", "dbeta"),
            ("γ in dβ", lambda G, X, gamma, mean, var, eps: (gamma * G).sum(0),
             "β is added behind γ.", "dbeta"),
            ("statistics of the batch", lambda G, X, gamma, mean, var, eps:
             G * gamma / np.sqrt(X.var(0) + eps), "Use the variance that was given.", "dX"),
            ("training mode", lambda G, X, gamma, mean, var, eps: (G * hat(X, eps)).sum(0),
             "Use the mean and the variance that were given.", "dgamma"),
            ("batch not summed", lambda G, X, gamma, mean, var, eps: G, "", "dbeta"),
        ),
        hints=("What of Y depends on X when mean and variance stand still?",
               "Y = X·γ/s + a constant: an affine map.", "dX = G·γ/s; dγ and dβ as before."),
        why=r"$Y = \gamma\,(X-\mu)/s + \beta$ with fixed $\mu$ and $s$: "
            r"$\dfrac{\partial Y_{nh}}{\partial X_{nh}} = \gamma_h/s_h$, all else is 0.",
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
