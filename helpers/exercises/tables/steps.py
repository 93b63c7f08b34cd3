"""The backward steps of batch norm that notebook 05 leaves to the student, last step first."""

import numpy as np

from ..exercise import function

ADD = "The copies of one number send their gradients back together: add them over the batch."
COPY = "One number went to all examples, or came from all: look which way it was."
AXIS = "There is one for each feature: work along the batch, axis 0."


def step(name, arguments, body, task, **rest):
    """A step: one line, asked for before the lesson shows it."""
    return function(f"{name}_back", "derive", arguments, f"return {body}", task, **rest)


def centred(random, dQ, C, dC):
    """C as it comes from the centring: its columns add up to 0."""
    return dQ, C - C.mean(0), dC


ROWS = (
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
)
