"""The nine backward steps of batch norm in notebook 05, one exercise each, last step first."""

import numpy as np

from ..exercise import function

ADD = "The copies of one number send their gradients back together: add them over the batch."
COPY = "One number went to all examples, or came from all: look which way it was."
AXIS = "There is one for each feature: work along the batch, axis 0."


def step(name, arguments, body, task, **rest):
    """A step: one line, asked for before the lesson shows it."""
    return function(f"{name}_back", "derive", arguments, f"return {body}", task, **rest)


def keep_away(random, *arguments):
    """The last argument positive and not small, as a root or its reciprocal is."""
    *others, last = arguments
    return (*others, 0.5 + np.abs(last))


def centred(random, dQ, C, dC):
    """C as it comes from the centring: its columns add up to 0."""
    return dQ, C - C.mean(0), dC


ROWS = (
    step(
        "shift", "dY", "dY, dY.sum(0)",
        "Y = Z + β: the same β is added to every example. Return dZ and dβ.",
        axes="n h", truth={"dZ": lambda dY: dY, "dbeta": lambda dY: dY.sum(0)},
        mistakes=(
            ("batch not summed", lambda dY: dY, ADD, "dbeta"),
            ("mean for sum", lambda dY: dY.mean(0), "", "dbeta"),
            ("wrong axis", lambda dY: dY.sum(1), AXIS, "dbeta"),
            ("wrong axis", lambda dY: dY.sum(), AXIS, "dbeta"),
            ("(N,) against (N, 1)", lambda dY: dY.sum(0, keepdims=True), "", "dbeta"),
            ("one example", lambda dY: dY[0], ADD, "dbeta"),
            ("upstream forgotten", np.ones_like, "", "dZ"),
            ("copied instead of kept", lambda dY: dY.sum(0), "Z has a number for each example: "
             "nothing is added up for it.", "dZ"),
        ),
        hints=("A + gate hands its upstream gradient on, to both.",
               "But β has one number for each feature, and G has one for each example.",
               "dZ = dY, dβ = the sum of dY over the batch."),
        why=r"$\partial Y_{nh}/\partial Z_{nh} = 1$, and $\beta_h$ reaches all $Y_{nh}$ with "
            r"slope 1: $d\beta_h = \sum_n dY_{nh}$.",
    ),
    step(
        "scale", "dZ, Xhat, gamma", "gamma * dZ, (dZ * Xhat).sum(0)",
        "Z = γ X̂: one γ for each feature. Return dX̂ and dγ.",
        axes="n h, n h, h",
        truth={"dXhat": lambda dZ, Xhat, gamma: gamma * dZ,
               "dgamma": lambda dZ, Xhat, gamma: np.einsum("nh,nh->h", dZ, Xhat)},
        mistakes=(
            ("switch forgotten", lambda dZ, Xhat, gamma: Xhat * dZ,
             "A × gate multiplies by the other input.", "dXhat"),
            ("local gradient forgotten", lambda dZ, Xhat, gamma: dZ,
             "A × gate multiplies by the other input.", "dXhat"),
            ("quotient", lambda dZ, Xhat, gamma: dZ / gamma, "Multiply by γ, do not divide.",
             "dXhat"),
            ("upstream forgotten", lambda dZ, Xhat, gamma: gamma + 0 * dZ, "", "dXhat"),
            ("batch not summed", lambda dZ, Xhat, gamma: dZ * Xhat, ADD, "dgamma"),
            ("mean for sum", lambda dZ, Xhat, gamma: (dZ * Xhat).mean(0), "", "dgamma"),
            ("wrong axis", lambda dZ, Xhat, gamma: (dZ * Xhat).sum(1), AXIS, "dgamma"),
            ("wrong axis", lambda dZ, Xhat, gamma: (dZ * Xhat).sum(), AXIS, "dgamma"),
            ("local gradient forgotten", lambda dZ, Xhat, gamma: dZ.sum(0),
             "A × gate multiplies by the other input: here X̂.", "dgamma"),
            ("switch forgotten", lambda dZ, Xhat, gamma: (dZ * gamma).sum(0),
             "A × gate multiplies by the other input.", "dgamma"),
            ("upstream forgotten", lambda dZ, Xhat, gamma: Xhat.sum(0), "", "dgamma"),
        ),
        hints=("A × gate sends to each input the upstream gradient times the other input.",
               "γ went to all examples: its gradients add up.",
               "dX̂ = γ dZ, dγ = the sum of dZ ⊙ X̂ over the batch."),
        why=r"$d\hat X_{nh} = \gamma_h\,dZ_{nh}$; $\gamma_h$ is used by every example: "
            r"$d\gamma_h = \sum_n dZ_{nh}\hat X_{nh}$.",
    ),
    step(
        "product", "dXhat, C, r", "dXhat * r, (dXhat * C).sum(0)",
        "X̂ = C r: one r for each feature. Return dC and dr.",
        axes="n h, n h, h", prepare=keep_away,
        truth={"dC": lambda dXhat, C, r: dXhat * r,
               "dr": lambda dXhat, C, r: np.einsum("nh,nh->h", dXhat, C)},
        mistakes=(
            ("switch forgotten", lambda dXhat, C, r: dXhat * C,
             "A × gate multiplies by the other input.", "dC"),
            ("local gradient forgotten", lambda dXhat, C, r: dXhat,
             "A × gate multiplies by the other input.", "dC"),
            ("quotient", lambda dXhat, C, r: dXhat / r, "r is one over the root already: "
             "multiply.", "dC"),
            ("batch not summed", lambda dXhat, C, r: dXhat * C, ADD, "dr"),
            ("mean for sum", lambda dXhat, C, r: (dXhat * C).mean(0), "", "dr"),
            ("wrong axis", lambda dXhat, C, r: (dXhat * C).sum(1), AXIS, "dr"),
            ("local gradient forgotten", lambda dXhat, C, r: dXhat.sum(0),
             "A × gate multiplies by the other input: here C.", "dr"),
            ("X̂ for C", lambda dXhat, C, r: (dXhat * C * r).sum(0),
             "The other input of this gate is C, without the r.", "dr"),
            ("upstream forgotten", lambda dXhat, C, r: C.sum(0), "", "dr"),
        ),
        hints=("The same gate as in the step before.", "r went to all examples, as γ did.",
               "dC = r dX̂, dr = the sum of dX̂ ⊙ C over the batch."),
        why=r"$dC_{nh} = r_h\,d\hat X_{nh}$ and $dr_h = \sum_n d\hat X_{nh}C_{nh}$. (Of C this is "
            r"the first of two parts.)",
    ),
    step(
        "reciprocal", "dr, r", "-(r**2) * dr",
        "r = 1/s. Return ds, from dr and r.",
        axes="h, h", prepare=keep_away, truth={"ds": lambda dr, r: -dr * np.square(r)},
        mistakes=(
            ("sign", lambda dr, r: r**2 * dr, "When s grows 1/s falls."),
            ("square", lambda dr, r: -r * dr, "The derivative of 1/s is −1/s²."),
            ("square", lambda dr, r: -(r**3) * dr, "The derivative of 1/s is −1/s²."),
            ("r for s", lambda dr, r: -dr / r**2, "−1/s² is −r²: r is one over s already."),
            ("value for derivative", lambda dr, r: r * dr, "The derivative of 1/s is −1/s²."),
            ("quotient", lambda dr, r: dr / r, "Going back is no inverse: multiply by the "
             "local gradient."),
            ("upstream forgotten", lambda dr, r: -(r**2)),
            ("logarithm", lambda dr, r: dr * np.log(r), "That is an integral; a derivative is "
             "asked for."),
        ),
        hints=("What is the derivative of 1/s?", "−1/s². Say it with r.", "ds = −r² dr."),
        why=r"$\dfrac{d}{ds}\dfrac1s = -\dfrac1{s^2} = -r^2$.",
    ),
    step(
        "root", "ds, s", "ds / (2 * s)",
        "s = √(v + ε). Return dv, from ds and s.",
        axes="h, h", prepare=keep_away, truth={"dv": lambda ds, s: 0.5 * ds / s},
        mistakes=(
            ("factor 2", lambda ds, s: ds / s, "The root has a ½ in its derivative."),
            ("factor 2", lambda ds, s: 2 * ds / s, "The root has a ½ in its derivative, no 2."),
            ("quotient", lambda ds, s: ds * s / 2, "The steeper, the smaller s is: s stands "
             "below the line."),
            ("slope of the square", lambda ds, s: 2 * s * ds, "That is the way back through a "
             "square; a root has one over it."),
            ("root twice", lambda ds, s: ds / (2 * np.sqrt(s)), "s is the root already."),
            ("square", lambda ds, s: ds / (2 * s**2), "1/(2√(v + ε)), and the root is s."),
            ("sign", lambda ds, s: -ds / (2 * s), "When v grows its root grows."),
            ("upstream forgotten", lambda ds, s: 1 / (2 * s)),
            ("local gradient forgotten", lambda ds, s: ds),
        ),
        hints=("What is the derivative of √u?", "1/(2√u). And √(v + ε) has a name.",
               "dv = ds/(2s)."),
        why=r"$\dfrac{ds}{dv} = \dfrac1{2\sqrt{v+\varepsilon}} = \dfrac1{2s}$.",
    ),
    step(
        "variance", "dv, Q", "np.ones_like(Q) * dv / len(Q)",
        "v = Q.mean(0). Return dQ, from dv and Q: it has the shape of Q.",
        axes="h, n h", truth={"dQ": lambda dv, Q: np.tile(dv, (len(Q), 1)) / len(Q)},
        mistakes=(
            ("sum for mean", lambda dv, Q: np.ones_like(Q) * dv),
            ("not spread", lambda dv, Q: dv / len(Q), "Every example gets its share: dQ has the "
             "shape of Q."),
            ("not spread", lambda dv, Q: dv, COPY),
            ("value for derivative", lambda dv, Q: Q * dv / len(Q),
             "A mean is linear: its slope does not depend on Q."),
            ("1/N twice", lambda dv, Q: np.ones_like(Q) * dv / len(Q)**2,
             "The mean divides by N once."),
            ("wrong axis", lambda dv, Q: np.ones_like(Q) * dv / Q.shape[1],
             "The mean divides by the number of examples."),
            ("wrong axis", lambda dv, Q: np.ones_like(Q) * dv / Q.size,
             "The mean divides by the number of examples."),
            ("Bessel", lambda dv, Q: np.ones_like(Q) * dv / max(len(Q) - 1, 1)),
            ("upstream forgotten", lambda dv, Q: np.ones_like(Q) / len(Q)),
        ),
        hints=("How far does v[h] move when one Q[n, h] moves by 1?", "1/N, for every n.",
               "np.ones_like(Q) * dv / N copies it to all examples."),
        why=r"$\partial v_h/\partial Q_{nh} = 1/N$ for every $n$: adding up forward is copying "
            r"back.",
    ),
    step(
        "square", "dQ, C, dC", "dC + 2 * C * dQ",
        "Q = C². C went into the product, too, which has sent dC back. Return the whole dC.",
        axes="n h, n h, n h", prepare=centred,
        truth={"dC": lambda dQ, C, dC: dC + 2 * np.multiply(C, dQ)},
        mistakes=(
            ("= for +=", lambda dQ, C, dC: 2 * C * dQ),
            ("lost path", lambda dQ, C, dC: dC, "C went into the square as well."),
            ("factor ½ in one term", lambda dQ, C, dC: dC + C * dQ, "The square has lost its 2."),
            ("C forgotten", lambda dQ, C, dC: dC + 2 * dQ, "The slope of C² is 2C."),
            ("value for derivative", lambda dQ, C, dC: dC + C**2 * dQ, "The slope of C² is 2C."),
            ("product of paths", lambda dQ, C, dC: dC * 2 * C * dQ,
             "Along a path gradients are multiplied, paths are added."),
            ("sign of one term", lambda dQ, C, dC: dC - 2 * C * dQ, "Gradients of paths add."),
            ("upstream forgotten", lambda dQ, C, dC: dC + 2 * C, "dQ is the upstream gradient of "
             "this step."),
            ("mean for sum", lambda dQ, C, dC: (dC + 2 * C * dQ) / 2),
        ),
        hints=("The square alone sends 2C ⊙ dQ.", "Two paths meet in C.",
               "dC + 2 C ⊙ dQ, as a new array."),
        why=r"$\partial Q/\partial C = 2C$, entry by entry, and where two paths meet gradients "
            r"add.",
    ),
    step(
        "centre", "dC", "dC, -dC.sum(0)",
        "C = X − μ: the same μ is subtracted from every example. Return dX (its first part) "
        "and dμ.",
        axes="n h", truth={"dX": lambda dC: dC, "dmu": lambda dC: -np.einsum("nh->h", dC)},
        mistakes=(
            ("sign", lambda dC: dC.sum(0), "μ is subtracted.", "dmu"),
            ("batch not summed", lambda dC: -dC, ADD, "dmu"),
            ("batch not summed, sign", lambda dC: dC, f"μ is subtracted. And: {ADD}", "dmu"),
            ("mean for sum", lambda dC: -dC.mean(0), "", "dmu"),
            ("wrong axis", lambda dC: -dC.sum(1), AXIS, "dmu"),
            ("already centred", lambda dC: dC - dC.mean(0), "That is both steps at once: what "
             "comes by way of μ joins in the next.", "dX"),
            ("upstream forgotten", np.ones_like, "", "dX"),
            ("mean for sum, sign", lambda dC: dC.mean(0), "μ is subtracted, and gradients that "
             "meet add.", "dmu"),
        ),
        hints=("The slopes of X − μ are 1 and −1.", "μ went to all examples.",
               "dX = dC, dμ = minus the sum of dC over the batch."),
        why=r"$\partial C_{nh}/\partial\mu_h = -1$ for every $n$: $d\mu_h = -\sum_n dC_{nh}$.",
    ),
    step(
        "mean", "dmu, dX", "dX + dmu / len(dX)",
        "μ = X.mean(0). X went into the centring, too, which has sent dX back. Return the whole "
        "dX.",
        axes="h, n h", truth={"dX": lambda dmu, dX: dX + np.tile(dmu, (len(dX), 1)) / len(dX)},
        mistakes=(
            ("= for +=", lambda dmu, dX: np.ones_like(dX) * dmu / len(dX)),
            ("sum for mean", lambda dmu, dX: dX + dmu),
            ("lost path", lambda dmu, dX: dX, "X went into the mean as well."),
            ("sign of one term", lambda dmu, dX: dX - dmu / len(dX), "The minus sign is in dμ "
             "already: gradients of paths add."),
            ("wrong axis", lambda dmu, dX: dX + dmu / dX.shape[1],
             "The mean divides by the number of examples."),
            ("wrong axis", lambda dmu, dX: dX + dmu / dX.size,
             "The mean divides by the number of examples."),
            ("product of paths", lambda dmu, dX: dX * dmu / len(dX), "Along a path gradients are "
             "multiplied, paths are added."),
            ("divided too much", lambda dmu, dX: (dX + dmu) / len(dX),
             "Only what comes through the mean is divided by N."),
            ("not spread", lambda dmu, dX: dmu / len(dX), COPY),
        ),
        hints=("What does one example get from a mean?", "dμ/N, and two paths meet in X.",
               "dX + dμ/N; broadcasting copies it to all rows."),
        why=r"$\partial\mu_h/\partial X_{nh} = 1/N$ for every $n$, and where two paths meet "
            r"gradients add.",
    ),
)
