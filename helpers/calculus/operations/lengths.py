"""Vectors by their length, along the last axis: L2 normalization and cosine similarity.

Of the Jacobian of x/‖x‖ the direction of x is taken out: (I − yyᵀ)/‖x‖. As in the libraries a
length below ε counts as ε, and there the map is linear: x/ε. At ‖x‖ = ε the slope is that of the
linear side. The length is computed so that no square leaves the range of float64.
"""

import numpy as np

from .. import stable
from ..operation import Derivative, Operation
from .normalization import EPS, POSITIVE_EPS
from .softmax import by_rows


def unit_vjp(D, Y, r, on):
    """(D − Y ΣD⊙Y)/s, where the length counts; else D/ε. Symmetric, so also the jvp."""
    return (D - on * Y * (D * Y).sum(-1, keepdims=True)) / r


def unit_blocks(Y, r, on):
    """(δ_kj − y_k y_j)/s for every row."""
    shadow = on[..., None] * Y[..., :, None] * Y[..., None, :]
    return (np.eye(Y.shape[-1]) - shadow) / r[..., None]


L2_NORMALIZE = Operation(
    name="l2_normalize", axes="n k -> n k", pattern=by_rows("... k -> ... k"), inputs=("X",),
    large={"k": 1024},
    parameters={"eps": 1e-12}, ranges=EPS, rules=POSITIVE_EPS,
    latex=r"Y_{nk} = \frac{X_{nk}}{r_n}, \quad r_n = \max(\|x_n\|,\,\varepsilon)", numpy="X / r",
    where={"length": "np.sqrt((X**2).sum(-1, keepdims=True))", "r": "np.maximum(length, eps)",
           "on": "length > eps"},
    saved={"length": lambda X: stable.length(X), "r": lambda length, eps: np.maximum(length, eps),
           "on": lambda length, eps: length > eps},
    forward=lambda X, r: X / r,
    derivatives={"X": Derivative(
        vjp=lambda G, Y, r, on: unit_vjp(G, Y, r, on),
        jvp=lambda dX, Y, r, on: unit_vjp(dX, Y, r, on),
        full=by_rows("... k j -> ... k ... j"), core=unit_blocks,
        entry=r"\frac{\partial Y_{nk}}{\partial X_{n'k'}} = \frac{\delta_{nn'}}{r_n}\left("
              r"\delta_{kk'} - \mathbb{1}(\|x_n\| > \varepsilon)\,Y_{nk}\,Y_{nk'}\right)",
        latex=r"\frac{dL}{dX} = \frac{1}{r} \odot \left(G - \mathbb{1}(\|x\| > \varepsilon)\,"
              r"Y \odot \sum_k G_{nk} Y_{nk}\right)",
        numpy="(G - on * Y * (G * Y).sum(-1, keepdims=True)) / r",
        jvp_latex=r"dY = \frac{1}{r} \odot \left(dX - \mathbb{1}(\|x\| > \varepsilon)\,"
                  r"Y \odot \sum_k Y_{nk}\,dX_{nk}\right)",
        jvp_numpy="(dX - on * Y * (dX * Y).sum(-1, keepdims=True)) / r",
        why="along x the length takes all change back: each block is the identity minus yyᵀ",
        multiplications=by_rows("3 ... k"), stored=by_rows("... k + ..."),
    )},
)


def slope_by(wrt, other):
    """The derivative of the cosine by one of its two vectors, `hat` and `r` those of `wrt`."""
    a, b = wrt.lower(), other.lower()
    core = f"({other}hat - on{wrt} * Y[..., None] * {wrt}hat) / r{wrt}"
    slope = (rf"\left(\hat{{{other}}}_{{nk}} - \mathbb{{1}}(\|{a}_n\| > \varepsilon)\,"
             rf"Y_n\,\hat{{{wrt}}}_{{nk}}\right)")
    return {
        "full": by_rows("... k -> ... ... k"),
        "entry": rf"\frac{{\partial Y_n}}{{\partial {wrt}_{{n'k}}}} = "
                 rf"\frac{{\delta_{{nn'}}}}{{r_n}}{slope}, \quad "
                 rf"r_n = \max(\|{a}_n\|,\,\varepsilon)",
        "latex": rf"\frac{{dL}}{{d{wrt}_{{nk}}}} = \frac{{G_n}}{{r_n}}{slope}, \quad "
                 rf"r_n = \max(\|{a}_n\|,\,\varepsilon)",
        "numpy": f"G[..., None] * {core}",
        "jvp_latex": rf"dY_n = \sum_k \frac{{1}}{{r_n}}{slope}\,d{wrt}_{{nk}}",
        "jvp_numpy": f"(d{wrt} * {core}).sum(-1)",
        "why": f"a turn of {a} towards {b} raises the cosine; what lies along {a} is taken out",
    }


def part(Y, hat, other_hat, r, on):
    """(b̂ − cos â)/‖a‖: what the cosine gains by a step of a."""
    return (other_hat - on * Y[..., None] * hat) / r


COSINE = Operation(
    name="cosine_similarity", axes="n k, n k -> n", pattern=by_rows("... k, ... k -> ..."),
    large={"k": 1024},
    inputs=("A", "B"), parameters={"eps": 1e-8}, ranges=EPS, rules=POSITIVE_EPS,
    latex=r"Y_n = \sum_k \hat{A}_{nk}\,\hat{B}_{nk}, \quad "
          r"\hat{A}_{nk} = \frac{A_{nk}}{\max(\|a_n\|,\,\varepsilon)}",
    numpy="(Ahat * Bhat).sum(-1)",
    where={"lengthA": "np.sqrt((A**2).sum(-1, keepdims=True))",
           "lengthB": "np.sqrt((B**2).sum(-1, keepdims=True))",
           "rA": "np.maximum(lengthA, eps)", "rB": "np.maximum(lengthB, eps)",
           "onA": "lengthA > eps", "onB": "lengthB > eps", "Ahat": "A / rA", "Bhat": "B / rB"},
    saved={"lengthA": lambda A: stable.length(A), "lengthB": lambda B: stable.length(B),
           "rA": lambda lengthA, eps: np.maximum(lengthA, eps),
           "rB": lambda lengthB, eps: np.maximum(lengthB, eps),
           "Ahat": lambda A, rA: A / rA, "Bhat": lambda B, rB: B / rB,
           "byA": lambda Y, Ahat, Bhat, rA, lengthA, eps:
               part(Y, Ahat, Bhat, rA, lengthA > eps),
           "byB": lambda Y, Ahat, Bhat, rB, lengthB, eps:
               part(Y, Bhat, Ahat, rB, lengthB > eps)},
    forward=lambda Ahat, Bhat: np.vecdot(Ahat, Bhat),
    derivatives={
        "A": Derivative(vjp=lambda G, byA: G[..., None] * byA,
                        jvp=lambda dA, byA: np.vecdot(dA, byA),
                        core=lambda byA: byA, **slope_by("A", "B")),
        "B": Derivative(vjp=lambda G, byB: G[..., None] * byB,
                        jvp=lambda dB, byB: np.vecdot(dB, byB),
                        core=lambda byB: byB, **slope_by("B", "A")),
    },
)

ROWS = (L2_NORMALIZE, COSINE)
