"""Exercises of notebook 15: inside batch norm."""

import numpy as np

from ...calculus.jacobian import contract
from ..exercise import Truth, full, function
from ..norms import (
    OWN_EPS,
    gamma_mistakes,
    hat,
    norm_mistakes,
    normed,
    overall,
    rms,
    rooted,
    scale_mistakes,
)
from . import running
from .affine import with_eps

EPS = 0.1  # large enough for a lost ε to show


def rms_jacobian(G, X, eps):
    """∂Y/∂X for Y = X/r with r = √(mean(X²) + ε): δ/r along the batch, minus X Xᵀ/(N r³)."""
    N, H = X.shape
    r = np.sqrt((X**2).mean(0) + eps)
    J = np.zeros((N, H, N, H))
    for h in range(H):
        J[:, h, :, h] = np.eye(N) / r[h] - np.outer(X[:, h], X[:, h]) / (N * r[h]**3)
    return J


def kept(random, G, X, gamma, beta):
    """(G, Y, γ, β, s) of a batch norm with ε = EPS, γ away from 0."""
    gamma = np.sign(gamma) * (0.5 + np.abs(gamma))
    s = np.sqrt(X.var(0) + EPS)
    return G, (X - X.mean(0)) / s * gamma + beta, gamma, beta, s


def from_kept(G, R, gamma, s, reduce=np.mean):
    """dX of batch norm from what should be X̂."""
    return gamma / s * (G - reduce(G, 0) - R * reduce(G * R, 0))


def stored(random, G, X, gamma, mean, var, eps):
    """A positive variance, and ε."""
    return G, X, gamma, mean, var**2 + 0.2, random.uniform(0.1, 0.5)


def centring(G, gamma, s):
    """The full Jacobian of γ (X − mean(X))/s with a stored s, for X of the shape of G."""
    N, H = G.shape
    return np.einsum("h,ni,hk->nhik", gamma / s, np.eye(N) - 1 / N, np.eye(H))


ROWS = (
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
                G - G.mean() - (Y - beta) / gamma * (G * (Y - beta) / gamma).mean()),
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
        "stored_variance", "derive", "G, gamma, s", "return gamma / s * (G - G.mean(0))",
        "Half of each mode: a layer takes the mean from the batch, but s = √(var + ε) is stored. "
        "Y = γ (X − mean(X))/s + β. Write dL/dX.",
        axes="n h, h, h", prepare=lambda random, G, gamma, s: (G, gamma, 0.5 + np.abs(s)),
        truth={"dX": Truth(lambda G, gamma, s: contract(G, centring(G, gamma, s)), centring,
                           ("Y", "X"))},
        mistakes=(
            ("evaluation mode", lambda G, gamma, s: gamma / s * G,
             "The mean comes from the batch: every example moves it."),
            ("sum for mean", lambda G, gamma, s: gamma / s * (G - G.sum(0))),
            ("sign of one term", lambda G, gamma, s: gamma / s * (G + G.mean(0)),
             "The mean is subtracted."),
            ("γ forgotten", lambda G, gamma, s: (G - G.mean(0)) / s,
             "γ scales Y, so it scales the gradient."),
            ("s forgotten", lambda G, gamma, s: gamma * (G - G.mean(0)),
             "The forward pass divides by s, so the gradient does too."),
            ("root for one over the root", lambda G, gamma, s: gamma * s * (G - G.mean(0)),
             "The forward pass divides by s."),
            ("only one path", lambda G, gamma, s: np.tile(gamma / s * G.mean(0), (len(G), 1)),
             "X reaches Y past the mean as well."),
            ("wrong axis", lambda G, gamma, s: gamma / s * (G - G.mean(1, keepdims=True)),
             "The mean runs down each column."),
            ("wrong axis", lambda G, gamma, s: gamma / s * (G - G.mean()),
             "Each column has a mean of its own."),
            ("factor left out of the mean", lambda G, gamma, s: gamma / s * G - G.mean(0),
             "What comes back to the difference is γ/s ⊙ G: in both terms."),
        ),
        hints=("Which paths of batch norm are left?", "The straight one and the one through the "
               "mean; nothing goes through the variance.",
               "The formula of training without its last term."),
        why=r"$\dfrac{\partial Y_{:,h}}{\partial X_{:,h}} = \dfrac{\gamma_h}{s_h}\Big(I - "
            r"\dfrac{\mathbf 1\mathbf 1^\top}{N}\Big)$: a diagonal plus rank 1, the x̂ part is "
            r"gone.",
    ),
    function(
        "batchnorm_backward", "code", "G, X, gamma, eps",
        "s = np.sqrt(X.var(0) + eps)\nR = (X - X.mean(0)) / s\n"
        "dX = gamma / s * (G - G.mean(0) - R * (G * R).mean(0))\n"
        "return dX, (G * R).sum(0), G.sum(0)",
        "Batch norm in training mode, Y = γX̂ + β. Return dL/dX, dL/dγ and dL/dβ.",
        axes="n h, n h, h,", prepare=with_eps,
        truth={output: full("batchnorm", wrt, lambda G, X, gamma, eps: (
            G, X, gamma, gamma, {"eps": eps}))  # β moves no gradient
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
    running.FORWARD,
    function(
        "eval_backward", "code", "G, X, gamma, mean, var, eps",
        "s = np.sqrt(var + eps)\nreturn G * gamma / s, (G * (X - mean) / s).sum(0), G.sum(0)",
        "Batch norm in evaluation mode: mean and variance are fixed numbers from training. Return "
        "dL/dX, dL/dγ and dL/dβ.",
        axes="n h, n h, h, h, h,", prepare=stored,
        truth={output: full("batchnorm_eval", wrt, lambda G, X, gamma, mean, var, eps: (
            G, X, gamma, gamma, {"mean": mean, "var": var, "eps": eps}))
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
)
