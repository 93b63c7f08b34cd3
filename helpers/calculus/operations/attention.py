"""Scaled dot-product attention, one head: Y = softmax(QKᵀ/√d) V.

Source: A. Vaswani and others, Attention Is All You Need. Axes: n queries, m keys with their values.
"""

import numpy as np

from .. import stable
from ..operation import Derivative, Operation


def root(d):
    """√d, and 1 for keys of no axes at all."""
    return np.sqrt(max(d, 1))


def attend(Q, K):
    """The `Softmax` of the scaled scores: who looks at whom, axes n m."""
    return stable.softmax((Q / root(Q.shape[1])) @ K.T)


def scores_jvp(Q, K, soft):
    """The change of the probabilities when the scores change by QKᵀ/√d."""
    return stable.softmax_vjp((Q / root(Q.shape[1])) @ K.T, soft)


def scores_vjp(G, V, soft):
    """dL/d(scores)."""
    return stable.softmax_vjp(G @ V.T, soft)


def pulls(Y, V, soft):
    """∂Y[n,v]/∂scores[n,m] = A[n,m] (V[m,v] − Y[n,v]), axes v n m; its rows sum to 0."""
    T = soft.probabilities * (V.T[:, None, :] - Y.T[:, :, None])
    columns = np.tile(soft.top[1], len(T))
    return stable.balanced(T, (np.arange(len(columns)), columns))


ATTENTION = Operation(
    name="attention", axes="n d, m d, m v -> n v", inputs=("Q", "K", "V"),
    latex=r"Y = AV, \quad A = \mathrm{softmax}\left(\frac{QK^\top}{\sqrt{d}}\right)",
    numpy="A @ V",
    where={"E": "np.exp(Q @ K.T / np.sqrt(Q.shape[1]))", "A": "E / E.sum(1, keepdims=True)"},
    saved={"soft": attend},
    shared={"dS": scores_vjp},
    forward=lambda soft, V: soft.probabilities @ V,
    derivatives={
        "Q": Derivative(
            vjp=lambda dS, K: (dS @ K) / root(K.shape[1]),
            jvp=lambda dQ, K, V, soft: scores_jvp(dQ, K, soft) @ V,
            full="n v d -> n v n d",
            core=lambda Y, V, K, soft:
                (pulls(Y, V, soft) @ (K / root(K.shape[1]))).transpose(1, 0, 2),
            entry=r"\frac{\partial Y_{nv}}{\partial Q_{n'd}} = \frac{\delta_{nn'}}{\sqrt{d}}"
                  r"\sum_m A_{nm}\,(V_{mv} - Y_{nv})\,K_{md}",
            latex=r"\frac{dL}{dQ} = \frac{1}{\sqrt{d}}\,S\,K, \quad "
                  r"S = A \odot \left(G V^\top - \sum_v (G \odot Y)_{:,v}\right)",
            numpy="(A * (G @ V.T - (G * Y).sum(1, keepdims=True))) @ K / np.sqrt(Q.shape[1])",
            jvp_latex=r"dY = A \odot S\,V - \sum_m (A \odot S)_{:,m} \odot Y, \quad "
                      r"S = \frac{dQ\,K^\top}{\sqrt{d}}",
            jvp_numpy="(S := A * (dQ @ K.T / np.sqrt(Q.shape[1]))) @ V"
                      " - S.sum(1, keepdims=True) * Y",
            why="no query sees another; the gradient goes back through V, one softmax row, and K",
            multiplications="n m v + 2 n m + n m d + n d", stored="n m + m v + m d",
        ),
        "K": Derivative(
            vjp=lambda dS, Q: dS.T @ (Q / root(Q.shape[1])),
            jvp=lambda Q, dK, V, soft: scores_jvp(Q, dK, soft) @ V,
            full="n v m d -> n v m d",
            core=lambda Y, V, Q, soft: np.einsum("vnm,nd->nvmd", pulls(Y, V, soft),
                                                 Q / root(Q.shape[1])),
            entry=r"\frac{\partial Y_{nv}}{\partial K_{md}} = \frac{1}{\sqrt{d}}\,"
                  r"A_{nm}\,(V_{mv} - Y_{nv})\,Q_{nd}",
            latex=r"\frac{dL}{dK} = \frac{1}{\sqrt{d}}\,S^\top Q, \quad "
                  r"S = A \odot \left(G V^\top - \sum_v (G \odot Y)_{:,v}\right)",
            numpy="(A * (G @ V.T - (G * Y).sum(1, keepdims=True))).T @ Q / np.sqrt(Q.shape[1])",
            jvp_latex=r"dY = A \odot S\,V - \sum_m (A \odot S)_{:,m} \odot Y, \quad "
                      r"S = \frac{Q\,dK^\top}{\sqrt{d}}",
            jvp_numpy="(S := A * (Q @ dK.T / np.sqrt(Q.shape[1]))) @ V"
                      " - S.sum(1, keepdims=True) * Y",
            why="every key meets every query: nothing is 0, but three small matrices do the work",
            multiplications="n m v + 2 n m + n m d + n d", stored="n m + m v + n d",
        ),
        "V": Derivative(
            vjp=lambda G, soft: soft.probabilities.T @ G,
            jvp=lambda dV, soft: soft.probabilities @ dV,
            full="n m -> n v m v", core=lambda soft: soft.probabilities,
            entry=r"\frac{\partial Y_{nv}}{\partial V_{mv'}} = \delta_{vv'}\,A_{nm}",
            latex=r"\frac{dL}{dV} = A^\top G", numpy="A.T @ G",
            jvp_latex=r"dY = A\,dV", jvp_numpy="A @ dV",
            why="given who looks at whom, Y is a matrix product: the same A for every column of V",
        ),
    },
)

ROWS = (ATTENTION,)
