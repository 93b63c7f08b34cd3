"""Losses: from an array to one number L. Their Jacobian has the shape of the input alone.

Both cross-entropies start from scores, so that no probability is rounded to 0 or 1 before its
logarithm is taken. Softmax's is a mean over the N examples; the sigmoid's, Huber's (P. Huber,
Robust Estimation of a Location Parameter) and the hinge, whose slope at the margin is taken to be
0, are means over all entries. Other formulas: lecture slides [K].
"""

import numpy as np

from .. import stable
from ..operation import Constant, Derivative, Operation
from ..stable import times
from .softmax import by_rows, lead

SQUARED = Operation(
    name="squared_error", axes="... ->", inputs=("Y",), output="L",
    constants={"target": Constant("...", lambda random, shape: random.standard_normal(shape))},
    latex=r"L = \sum_{nh} (Y_{nh} - T_{nh})^2", numpy="((Y - target)**2).sum()",
    saved={"difference": lambda Y, target: Y - target},
    forward=lambda difference: (difference**2).sum(),
    derivatives={"Y": Derivative(
        vjp=lambda G, difference: 2 * G * difference,
        jvp=lambda dY, difference: 2 * (difference * dY).sum(),
        full="... -> ...", core=lambda difference: 2 * difference,
        entry=r"\frac{\partial L}{\partial Y_{nh}} = 2\,(Y_{nh} - T_{nh})",
        latex=r"\frac{dL}{dY} = 2\,G\,(Y - T)", numpy="2 * G * (Y - target)",
        jvp_latex=r"dL = 2\sum_{nh} (Y_{nh} - T_{nh})\,dY_{nh}",
        jvp_numpy="2 * ((Y - target) * dY).sum()",
        why="one number has one slope for each entry: the Jacobian is no bigger than Y",
        multiplications="...",
    )},
)

HUBER = Operation(
    name="huber", axes="... ->", inputs=("Y",), output="L",
    parameters={"delta": 1.0}, ranges={"delta": (0.1, 2.0)},
    constants={"target": Constant("...", lambda random, shape: random.standard_normal(shape))},
    rules={"delta": lambda delta: not delta > 0 and f"must be more than 0, not {delta:g}."},
    latex=r"L = \frac{1}{NH}\sum_{nh} C_{nh}\left(R_{nh} - \frac{C_{nh}}{2}\right), \quad "
          r"R = Y - T, \quad C = \mathrm{clip}(R, -\delta, \delta)",
    numpy="(C * (R - C / 2)).mean()",
    where={"R": "Y - target", "C": "np.where(abs(R) > delta, delta * np.sign(R), R)"},
    saved={"R": lambda Y, target: Y - target, "C": lambda R, delta: np.clip(R, -delta, delta)},
    forward=lambda R, C: stable.mean(C * (R - C / 2)),
    derivatives={"Y": Derivative(
        vjp=lambda G, C: G / C.size * C,
        jvp=lambda dY, C: (C / C.size * dY).sum(),
        full="... -> ...", core=lambda C: C / C.size,
        entry=r"\frac{\partial L}{\partial Y_{nh}} = \frac{1}{NH}\,"
              r"\mathrm{clip}(Y_{nh} - T_{nh},\,-\delta,\,\delta)",
        latex=r"\frac{dL}{dY} = \frac{G}{NH}\,\mathrm{clip}(Y - T,\,-\delta,\,\delta)",
        numpy="G * np.clip(Y - target, -delta, delta) / Y.size",
        jvp_latex=r"dL = \frac{1}{NH}\sum_{nh} C_{nh}\,dY_{nh}", jvp_numpy="(C * dY).mean()",
        why="a square near the target, a line further off: the error, clipped, so no outlier rules",
        multiplications="...",
    )},
)

HINGE = Operation(
    name="hinge", axes="... ->", inputs=("Z",), output="L",
    constants={"labels": Constant(
        "...", lambda random, shape: 2.0 * random.integers(2, size=shape) - 1)},
    rules={"labels": lambda labels: bool((np.abs(labels) != 1).any())
           and "must be 1 (yes) and -1 (no) alone."},
    latex=r"L = \frac{1}{NH}\sum_{nh} \max(0,\,1 - T_{nh}\,Z_{nh})",
    numpy="np.maximum(0, 1 - labels * Z).mean()",
    saved={"slope": lambda Z, labels: -labels * (labels * Z < 1)},
    forward=lambda Z, labels: stable.mean(np.maximum(0, 1 - labels * Z)),
    derivatives={"Z": Derivative(
        vjp=lambda G, slope: G / slope.size * slope,
        jvp=lambda dZ, slope: (slope / slope.size * dZ).sum(),
        full="... -> ...", core=lambda slope: slope / slope.size,
        entry=r"\frac{\partial L}{\partial Z_{nh}} = "
              r"-\frac{1}{NH}\,T_{nh}\,\mathbb{1}(T_{nh}\,Z_{nh} < 1)",
        latex=r"\frac{dL}{dZ} = -\frac{G}{NH}\,T \odot \mathbb{1}(T \odot Z < 1)",
        numpy="-G * labels * (labels * Z < 1) / Z.size",
        jvp_latex=r"dL = -\frac{1}{NH}\sum_{nh} T_{nh}\,\mathbb{1}(T_{nh}\,Z_{nh} < 1)\,dZ_{nh}",
        jvp_numpy="-(labels * (labels * Z < 1) * dZ).mean()",
        why="what is right by the margin pushes no more; all else pushes with the same force",
        multiplications="...",
    )},
)

SIGMOID = Operation(
    name="sigmoid_cross_entropy", axes="... ->", inputs=("Z",), output="L",
    constants={"labels": Constant(
        "...", lambda random, shape: random.integers(2, size=shape).astype(np.float64))},
    rules={"labels": lambda labels: bool(((labels < 0) | (labels > 1)).any())
           and "must be from 0 to 1: the probability of a yes."},
    latex=r"L = -\frac{1}{NK}\sum_{nk} \left(T_{nk} \log\sigma(Z_{nk}) + "
          r"(1-T_{nk}) \log(1-\sigma(Z_{nk}))\right)",
    numpy="-(labels * np.log(P) + (1 - labels) * np.log(1 - P)).mean()",
    where={"P": "1 / (1 + np.exp(-Z))"},
    saved={"e": lambda Z: stable.decay(Z),
           "error": lambda Z, e, labels:
               (1 - labels) * stable.sigmoid(Z, e) - labels * stable.sigmoid(-Z, e)},
    forward=lambda Z, e, labels: stable.mean(times(Z, (Z > 0) - labels) + np.log1p(e)),
    derivatives={"Z": Derivative(
        vjp=lambda G, error: G / error.size * error,
        jvp=lambda dZ, error: (error / error.size * dZ).sum(),
        full="... -> ...", core=lambda error: error / error.size,
        entry=r"\frac{\partial L}{\partial Z_{nk}} = \frac{1}{NK}\,(\sigma(Z_{nk}) - T_{nk})",
        latex=r"\frac{dL}{dZ} = \frac{G}{NK}\,(\sigma(Z) - T)", numpy="G * (P - labels) / Z.size",
        jvp_latex=r"dL = \frac{1}{NK}\sum_{nk} (\sigma(Z_{nk}) - T_{nk})\,dZ_{nk}",
        jvp_numpy="((P - labels) * dZ).mean()",
        why="the logarithm undoes the sigmoid: what is left is prediction minus label",
        multiplications="...",
    )},
)


def is_index(Z, labels):
    """Whether the labels are class numbers: one axis less than Z."""
    return labels.ndim < Z.ndim


def place_of(labels):
    """Class numbers as an index of rows."""
    return np.arange(labels.size), labels.reshape(-1).astype(np.intp)


def label_rule(Z, labels):
    """What is wrong with the labels of a softmax cross-entropy."""
    classes = Z.shape[-1]
    if is_index(Z, labels):
        wrong = labels[labels != labels.clip(0, classes - 1).round()]
        return wrong.size and f"has {wrong[0]:g}, but the {classes} classes are 0 to {classes - 1}."
    if ((labels < 0) | (labels > 1)).any():
        return "must be probabilities from 0 to 1, or class numbers of one axis less than Z."
    off = np.abs(labels.sum(-1) - 1) > 1e-5
    return off.any() and f"must sum to 1 in each row, but one sums to {labels.sum(-1)[off][0]:g}."


def softmax_losses(Z, labels, soft):
    """−Σ labels ⊙ log softmax(Z), row by row."""
    if is_index(Z, labels):
        chosen = stable.at(Z, place_of(labels))
        return (soft.log_sum + (soft.highest - chosen))[..., 0]
    below = times(soft.highest - Z, labels)
    return below.sum(-1) + (soft.log_sum * labels.sum(-1, keepdims=True))[..., 0]


def softmax_error(Z, labels, soft):
    """softmax(Z) − labels, whose rows sum to 0."""
    if is_index(Z, labels):
        error = soft.probabilities.copy()
        stable.rows(error)[place_of(labels)] -= 1
    else:
        error = soft.probabilities * labels.sum(-1, keepdims=True) - labels
    return stable.balanced(error, soft.top)


SOFTMAX = Operation(
    name="softmax_cross_entropy", axes="n k ->", pattern=by_rows("... k ->"),
    large={"k": 1024},
    inputs=("Z",), output="L",
    constants={"labels": Constant(lambda ndim: f"{lead(ndim)} or {lead(ndim)} k",
                                  lambda random, shape, k: random.integers(max(k, 1), size=shape))},
    rules={"Z": lambda Z: Z.shape[-1] == 0 and "has no classes along axis k: give it at least one.",
           "labels": label_rule},
    latex=r"L = -\frac{1}{N}\sum_n \log P_{n,t_n}, \quad P = \mathrm{softmax}(Z)",
    numpy="-(T * np.log(P)).sum() / T.sum()",
    where={"P": "np.exp(Z) / np.exp(Z).sum(-1, keepdims=True)",
           "T": "labels if labels.ndim == Z.ndim else np.eye(Z.shape[-1])[labels.astype(int)]"},
    saved={"soft": stable.softmax, "error": softmax_error},
    forward=lambda Z, labels, soft: stable.mean(softmax_losses(Z, labels, soft)),
    derivatives={"Z": Derivative(
        vjp=lambda G, error, soft: G / soft.log_sum.size * error,
        jvp=lambda dZ, error, soft: (error / soft.log_sum.size * dZ).sum(),
        full=by_rows("... k -> ... k"), core=lambda error, soft: error / soft.log_sum.size,
        entry=r"\frac{\partial L}{\partial Z_{nk}} = \frac{1}{N}\,(P_{nk} - \delta_{k t_n})",
        latex=r"\frac{dL}{dZ} = \frac{G}{N}\,(P - T), \quad T_{nk} = \delta_{k t_n}",
        numpy="G * (P - T) / T.sum()",
        jvp_latex=r"dL = \frac{1}{N}\sum_{nk} (P_{nk} - \delta_{k t_n})\,dZ_{nk}",
        jvp_numpy="((P - T) * dZ).sum() / T.sum()",
        why="the logarithm undoes the exponential: what is left is probability minus label",
        multiplications=by_rows("... k"),
    )},
)

ROWS = (SQUARED, HUBER, HINGE, SIGMOID, SOFTMAX)
