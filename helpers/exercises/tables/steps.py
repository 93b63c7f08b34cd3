"""The nine backward steps of batch norm that notebook 05 leaves to the student, last step first.

Three at a time, a line for each; the arrays agree with each other as those of a forward pass do.
"""

from types import SimpleNamespace

import numpy as np

from ..exercise import staged

ADD = "One number went to all examples: their gradients for it add up over the batch."
COPY = "Every example had a share in it: copy it back to all, in the shape of Q."
AXIS = "There is one for each feature: work along the batch, axis 0."
OTHER = "A × gate multiplies by the other input."
ROOM = 0.1  # what stands for ε


def part(name, arguments, lines, task, right, mistakes, **rest):
    """Three steps. right: from the arguments by name to the outputs by name, in another way than
    `lines`; mistakes: rows (name, output, formula of both by name[, remedy]).
    """
    names = [name.strip() for name in arguments.split(",")]

    def truth(*given):
        return right(SimpleNamespace(**dict(zip(names, given, strict=True))))

    def named(formula):
        return lambda *given: formula(SimpleNamespace(
            **dict(zip(names, given, strict=True)), **truth(*given)))

    rows = tuple((name, named(formula), *(remedy or ("",)), output)
                 for name, output, formula, *remedy in mistakes)
    return staged(name, arguments, lines, task, truth=truth, mistakes=rows, **rest)


def switched(output, upstream, other, same):
    """Slips at what a × gate sends to a whole array; other: the factor that belongs there."""
    return (
        ("switch forgotten", output, lambda v: upstream(v) * same(v), OTHER),
        ("local gradient forgotten", output, upstream, OTHER),
        ("quotient", output, lambda v: upstream(v) / other(v), "Multiply, do not divide."),
        ("upstream forgotten", output, lambda v: other(v) * np.ones_like(same(v))),
    )


def summed(output, terms):
    """Slips at a sum over the batch."""
    return (
        ("batch not summed", output, terms, ADD),
        ("mean for sum", output, lambda v: terms(v).mean(0)),
        ("wrong axis", output, lambda v: terms(v).sum(1), AXIS),
        ("wrong axis", output, lambda v: terms(v).sum(), AXIS),
    )


def normal(random, dY, gamma, X, C, r):
    """C centred, r one over its root, X̂ = C r."""
    C = C - C.mean(0)
    r = 1 / np.sqrt((C**2).mean(0) + ROOM)
    return dY, gamma, C * r, C, r


def rooted(random, dr, r, s, Q):
    """Q squares, s the root of their mean, r one over it."""
    s = np.sqrt((Q**2).mean(0) + ROOM)
    return dr, 1 / s, s, Q**2


def centred(random, dQ, dC1, C):
    """C as it comes from the centring: its columns add up to 0."""
    return dQ, dC1, C - C.mean(0)


def first(v):
    dXhat = np.einsum("h,nh->nh", v.gamma, v.dY)
    return {"dZ": v.dY, "dbeta": np.einsum("nh->h", v.dY), "dXhat": dXhat,
            "dgamma": np.einsum("nh,nh->h", v.dY, v.Xhat), "dC1": np.einsum("nh,h->nh", dXhat, v.r),
            "dr": np.einsum("nh,nh->h", dXhat, v.C)}


def second(v):
    ds = -v.dr / v.s**2
    return {"ds": ds, "dv": ds * v.r / 2, "dQ": np.tile(ds * v.r / 2, (len(v.Q), 1)) / len(v.Q)}


def third(v):
    dC = v.dC1 + 2 * np.multiply(v.C, v.dQ)
    return {"dC": dC, "dX1": dC, "dmu": -np.einsum("nh->h", dC), "dX": dC - dC.mean(0)}


ROWS = (
    part(
        "shift_scale_product", "dY, gamma, Xhat, C, r",
        (("dZ, dbeta", "dY, dY.sum(0)", "shift: Y = Z + beta"),
         ("dXhat, dgamma", "dZ * gamma, (dZ * Xhat).sum(0)", "scale: Z = gamma * Xhat"),
         ("dC1, dr", "dXhat * r, (dXhat * C).sum(0)", "product: Xhat = C * r")),
        "The last three steps of batch norm, backward: + β, × γ, × r. dC1 is what the product "
        "sends to C.",
        first, (
            *summed("dbeta", lambda v: v.dY),
            ("step too far", "dZ", lambda v: v.dY * v.gamma, "+ hands on what comes; γ has its "
             "turn in the next line."),
            ("upstream forgotten", "dZ", lambda v: np.ones_like(v.dY)),
            *switched("dXhat", lambda v: v.dY, lambda v: v.gamma, lambda v: v.Xhat),
            *summed("dgamma", lambda v: v.dY * v.Xhat),
            ("local gradient forgotten", "dgamma", lambda v: v.dY.sum(0), f"{OTHER} Here: X̂."),
            ("switch forgotten", "dgamma", lambda v: (v.dY * v.gamma).sum(0), OTHER),
            ("upstream forgotten", "dgamma", lambda v: v.Xhat.sum(0)),
            *switched("dC1", lambda v: v.dXhat, lambda v: v.r, lambda v: v.C),
            ("upstream of another step", "dC1", lambda v: v.dY * v.r, "What this step made is X̂: "
             "dX̂ comes back to it."),
            *summed("dr", lambda v: v.dXhat * v.C),
            ("local gradient forgotten", "dr", lambda v: v.dXhat.sum(0), f"{OTHER} Here: C."),
            ("switch forgotten", "dr", lambda v: (v.dXhat * v.r).sum(0), OTHER),
            ("upstream of another step", "dr", lambda v: (v.dY * v.C).sum(0), "What this step "
             "made is X̂: dX̂ comes back to it."),
        ),
        axes="n h, h, n h, n h, h", prepare=normal,
        hints=("Shift: + hands dY on; β went to all examples: add up over the batch.",
               "Scale: each factor gets dZ times the other one; γ went to all examples.",
               "Product: as scale, with dX̂ for dZ, and r for γ."),
        why=r"$dZ = dY$, $d\beta_h = \sum_n dY_{nh}$; $d\hat X_{nh} = \gamma_h\,dZ_{nh}$, "
            r"$d\gamma_h = \sum_n dZ_{nh}\hat X_{nh}$; $dC_{nh} = d\hat X_{nh}\,r_h$, "
            r"$dr_h = \sum_n d\hat X_{nh}\,C_{nh}$: what was copied is summed.",
    ),
    part(
        "reciprocal_root_variance", "dr, r, s, Q",
        (("ds", "-dr * r**2", "reciprocal: r = 1 / s"),
         ("dv", "ds / (2 * s)", "root: s = sqrt(v + eps)"),
         ("dQ", "np.ones_like(Q) * dv / len(Q)", "variance: v = Q.mean(0)")),
        "The three steps before: 1/s, the root, and the mean of Q, backward. dQ has the shape of "
        "Q.",
        second, (
            ("lost square", "ds", lambda v: -v.dr * v.r, "The slope of 1/s is −1/s²."),
            ("slope at the wrong place", "ds", lambda v: -v.dr / v.r**2, "The slope is −1/s², and "
             "that is −r²: s went in, r came out."),
            ("value for derivative", "ds", lambda v: v.dr * v.r, "1/s is r itself: its slope is "
             "−1/s²."),
            ("local gradient forgotten", "ds", lambda v: v.dr),
            ("upstream forgotten", "ds", lambda v: -v.r**2),
            ("upstream forgotten", "dv", lambda v: 1 / (2 * v.s)),
            ("local gradient forgotten", "dv", lambda v: v.ds),
            ("value for derivative", "dv", lambda v: v.ds * v.s, "The slope of a root is "
             "1/(2 · root)."),
            ("slope of the square", "dv", lambda v: 2 * v.ds * v.s, "The slope of a root is "
             "1/(2 · root)."),
            ("root forgotten", "dv", lambda v: v.ds / 2, "The slope of a root is 1/(2 · root)."),
            ("root forgotten", "dv", lambda v: v.ds / (2 * v.s**2), "The slope of a root is "
             "1/(2 · root): s is the root already."),
            ("brackets", "dv", lambda v: v.ds / 2 * v.s, "Divide by 2s: put brackets around it."),
            ("sum for mean", "dQ", lambda v: np.ones_like(v.Q) * v.dv),
            ("not spread", "dQ", lambda v: v.dv / len(v.Q), COPY),
            ("not spread", "dQ", lambda v: v.dv, COPY),
            ("value for derivative", "dQ", lambda v: v.Q * v.dv / len(v.Q),
             "A mean is linear: its slope does not depend on Q."),
            ("1/N twice", "dQ", lambda v: np.ones_like(v.Q) * v.dv / len(v.Q)**2,
             "The mean divides by N once."),
            ("wrong axis", "dQ", lambda v: np.ones_like(v.Q) * v.dv / v.Q.shape[1],
             "The mean divides by the number of examples."),
            ("wrong axis", "dQ", lambda v: np.ones_like(v.Q) * v.dv / v.Q.size,
             "The mean divides by the number of examples."),
            ("Bessel", "dQ", lambda v: np.ones_like(v.Q) * v.dv / max(len(v.Q) - 1, 1)),
            ("upstream forgotten", "dQ", lambda v: np.ones_like(v.Q) / len(v.Q)),
        ),
        axes="h, h, h, n h", prepare=rooted,
        hints=("Reciprocal: the slope of 1/s is −1/s², that is −r².",
               "Root: the slope of √ is 1/(2 · root), and the root is s.",
               "Variance: each Q[n, h] moves v[h] by 1/N of its own move, so "
               "np.ones_like(Q) * dv / N copies dv to all examples."),
        why=r"$ds = -r^2\,dr$ and $dv = ds/(2s)$, feature by feature; "
            r"$\partial v_h/\partial Q_{nh} = 1/N$ for every $n$: adding up forward is copying "
            r"back.",
    ),
    part(
        "square_centre_mean", "dQ, dC1, C",
        (("dC", "dC1 + 2 * C * dQ", "square: Q = C**2, and dC1 from product"),
         ("dX1, dmu", "dC, -dC.sum(0)", "centre: C = X - mu"),
         ("dX", "dX1 + dmu / len(C)", "mean: mu = X.mean(0), and dX1 from centre")),
        "The first three steps of batch norm, backward: to C and to X lead two ways each.",
        third, (
            ("= for +=", "dC", lambda v: 2 * v.C * v.dQ, "C went into the product, too, which "
             "has sent dC1: add it."),
            ("lost path", "dC", lambda v: v.dC1, "C went into the square as well."),
            ("factor ½ in one term", "dC", lambda v: v.dC1 + v.C * v.dQ, "The square has lost its "
             "2."),
            ("C forgotten", "dC", lambda v: v.dC1 + 2 * v.dQ, "The slope of C² is 2C."),
            ("value for derivative", "dC", lambda v: v.dC1 + v.C**2 * v.dQ, "The slope of C² is "
             "2C."),
            ("product of paths", "dC", lambda v: v.dC1 * 2 * v.C * v.dQ, "Along a path gradients "
             "are multiplied, paths are added."),
            ("sign of one term", "dC", lambda v: v.dC1 - 2 * v.C * v.dQ, "Gradients of paths "
             "add."),
            ("upstream forgotten", "dC", lambda v: v.dC1 + 2 * v.C, "dQ is the upstream gradient "
             "of the square."),
            ("mean for sum", "dC", lambda v: v.dC / 2),
            ("sign", "dmu", lambda v: -v.dmu, "μ is subtracted."),
            *summed("dmu", lambda v: -v.dC),
            ("batch not summed, sign", "dmu", lambda v: v.dC, f"μ is subtracted. And: {ADD}"),
            ("mean for sum, sign", "dmu", lambda v: v.dC.mean(0), "μ is subtracted, and gradients "
             "that meet add."),
            ("step too far", "dX1", lambda v: v.dX, "What comes by way of μ joins in the next "
             "line."),
            ("upstream forgotten", "dX1", lambda v: np.ones_like(v.C)),
            ("sum for mean", "dX", lambda v: v.dX1 + v.dmu),
            ("lost path", "dX", lambda v: v.dX1, "X went into the mean as well."),
            ("= for +=", "dX", lambda v: v.dmu / len(v.C), "X went into the centring, too, which "
             "has sent dX1: add it."),
            ("= for +=", "dX", lambda v: v.dmu / len(v.C) + 0 * v.C, "X went into the centring, "
             "too, which has sent dX1: add it."),
            ("sign of one term", "dX", lambda v: v.dX1 - v.dmu / len(v.C), "dμ has its minus "
             "sign already: gradients of paths add."),
            ("wrong axis", "dX", lambda v: v.dX1 + v.dmu.mean(), "The mean over the batch divides "
             "by N, feature by feature."),
            ("wrong axis", "dX", lambda v: v.dX1 + v.dmu / v.C.shape[1], "The mean divides by the "
             "number of examples."),
        ),
        axes="n h, n h, n h", prepare=centred,
        hints=("Square: it sends 2C ⊙ dQ, and C has another way out: add dC1.",
               "Centre: the slopes of X − μ are 1 and −1, and μ went to all examples.",
               "Mean: as variance, dμ/N for every example; and X has another way out: add dX1."),
        why=r"$dC = dC_1 + 2\,C\odot dQ$; $dX_1 = dC$ and $d\mu_h = -\sum_n dC_{nh}$; "
            r"$dX_{nh} = dX_{1,nh} + d\mu_h/N$: where two ways meet, gradients add.",
    ),
)
