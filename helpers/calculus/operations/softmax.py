"""Softmax, its logarithm, and log-sum-exp, whose slope it is; all along the last axis.

The largest score is taken off first. Where it towers above the others its probability is nearly 1,
and 1 − p would lose all digits: the helpers of `stable` sum up the small ones instead.
"""

import numpy as np

from .. import axes as ax
from .. import stable
from ..operation import Derivative, Operation


def lead(ndim):
    """The letters of all axes but the last."""
    return " ".join(ax.ellipsis_letters(max(ndim, 1))[:-1])


def by_rows(text):
    """A pattern whose `...` is all axes but the last."""
    return lambda ndim: text.replace("...", lead(ndim))


def softmax_core(soft):
    """p_k (δ_kj − p_j)."""
    p = soft.probabilities
    return balanced_blocks(p[..., :, None] * -p[..., None, :])


def log_softmax_core(soft):
    """δ_kj − p_j."""
    p = soft.probabilities
    return balanced_blocks(np.repeat(-p[..., None, :], p.shape[-1], -2))


def balanced_blocks(core):
    """K×K blocks with the diagonal that makes every row sum to 0, as it must: 1 − p cancels."""
    diagonal = np.einsum("...kk->...k", core)
    diagonal *= 0  # a nan stays
    diagonal[...] = -core.sum(-1)
    return core


def log_softmax(Z, soft):
    """Z − highest − log Σ exp(Z − highest)."""
    return Z - soft.highest - soft.log_sum


def log_softmax_vjp(G, soft):
    """G − p ΣG; its rows sum to 0."""
    return stable.balanced(G - soft.probabilities * G.sum(-1, keepdims=True), soft.top)


def log_softmax_jvp(dZ, soft):
    """dZ − Σ p⊙dZ; adding a number to a row of dZ changes nothing."""
    D = dZ - stable.at(dZ, soft.top)
    return D - np.vecdot(D, soft.probabilities)[..., None]


SOFT = {"soft": stable.softmax}

SOFTMAX = Operation(
    name="softmax", axes="n k -> n k", pattern=by_rows("... k -> ... k"), inputs=("Z",), saved=SOFT,
    large={"k": 1024},
    latex=r"Y_{nk} = \frac{e^{Z_{nk}}}{\sum_{k'} e^{Z_{nk'}}}",
    numpy="E / E.sum(-1, keepdims=True)",
    where={"E": "np.exp(Z - Z.max(-1, keepdims=True))"},
    forward=lambda soft: soft.probabilities,
    derivatives={"Z": Derivative(
        vjp=stable.softmax_vjp,
        jvp=lambda dZ, soft: stable.softmax_vjp(dZ, soft),
        full=by_rows("... k j -> ... k ... j"), core=softmax_core,
        entry=r"\frac{\partial Y_{nk}}{\partial Z_{n'k'}} = "
              r"\delta_{nn'}\,Y_{nk}\,(\delta_{kk'} - Y_{nk'})",
        latex=r"\frac{dL}{dZ} = Y \odot \left(G - \sum_k G_{nk} Y_{nk}\right)",
        numpy="Y * (G - (G * Y).sum(-1, keepdims=True))",
        jvp_latex=r"dY = Y \odot \left(dZ - \sum_k Y_{nk}\,dZ_{nk}\right)",
        jvp_numpy="Y * (dZ - (Y * dZ).sum(-1, keepdims=True))",
        why="each row's K×K block is diag(y) − yyᵀ: the row y alone rebuilds it",
        multiplications=by_rows("2 ... k"), stored=by_rows("... k"),
    )},
)

LOG_SOFTMAX = Operation(
    name="log_softmax", axes="n k -> n k", pattern=by_rows("... k -> ... k"), inputs=("Z",),
    large={"k": 1024},
    saved=SOFT,
    latex=r"Y_{nk} = Z_{nk} - \log \sum_{k'} e^{Z_{nk'}}",
    numpy="Z - np.log(np.exp(Z).sum(-1, keepdims=True))",
    where={"P": "np.exp(Z) / np.exp(Z).sum(-1, keepdims=True)"},
    forward=log_softmax,
    derivatives={"Z": Derivative(
        vjp=log_softmax_vjp,
        jvp=log_softmax_jvp,
        full=by_rows("... k j -> ... k ... j"), core=log_softmax_core,
        entry=r"\frac{\partial Y_{nk}}{\partial Z_{n'k'}} = \delta_{nn'}\,(\delta_{kk'} - P_{nk'})",
        latex=r"\frac{dL}{dZ} = G - P \odot \sum_k G_{nk}, \quad P = \mathrm{softmax}(Z)",
        numpy="G - P * G.sum(-1, keepdims=True)",
        jvp_latex=r"dY = dZ - \sum_k P_{nk}\,dZ_{nk}",
        jvp_numpy="dZ - (P * dZ).sum(-1, keepdims=True)",
        why="each row's K×K block is the identity minus K copies of p: the row p alone rebuilds it",
        multiplications=by_rows("... k"), stored=by_rows("... k"),
    )},
)

LOG_SUM_EXP = Operation(
    name="log_sum_exp", axes="n k -> n", pattern=by_rows("... k -> ..."), inputs=("Z",), saved=SOFT,
    large={"k": 1024},
    rules={"Z": lambda Z: Z.shape[-1] == 0 and "has no scores along axis k: give it at least one."},
    latex=r"Y_n = \log \sum_k e^{Z_{nk}}",
    numpy="np.log(np.exp(Z - highest).sum(-1)) + highest[..., 0]",
    where={"highest": "Z.max(-1, keepdims=True)", "E": "np.exp(Z - highest)",
           "P": "E / E.sum(-1, keepdims=True)"},
    forward=lambda soft: (soft.highest + soft.log_sum)[..., 0],
    derivatives={"Z": Derivative(
        vjp=lambda G, soft: G[..., None] * soft.probabilities,
        jvp=lambda dZ, soft: np.vecdot(dZ, soft.probabilities),
        full=by_rows("... k -> ... ... k"), core=lambda soft: soft.probabilities,
        entry=r"\frac{\partial Y_n}{\partial Z_{n'k}} = \delta_{nn'}\,P_{nk}, "
              r"\quad P = \mathrm{softmax}(Z)",
        latex=r"\frac{dL}{dZ_{nk}} = G_n\,P_{nk}, \quad P = \mathrm{softmax}(Z)",
        numpy="G[..., None] * P",
        jvp_latex=r"dY_n = \sum_k P_{nk}\,dZ_{nk}", jvp_numpy="(P * dZ).sum(-1)",
        why="the smooth maximum of a row: its slope is softmax, which shares one gradient out",
    )},
)

ROWS = (SOFTMAX, LOG_SOFTMAX, LOG_SUM_EXP)
