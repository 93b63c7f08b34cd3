"""Where a signal is let through: the residual sum, dropout with its mask, gated linear units.

All are entry by entry. Sources: K. He and others, Deep Residual Learning; N. Srivastava and
others, Dropout, with what is kept scaled up while training, as libraries do; Y. Dauphin and others,
Language Modeling with Gated Convolutional Networks; N. Shazeer, GLU Variants Improve Transformer.
"""

import numpy as np

from .. import stable
from ..operation import Constant, Derivative, Operation
from ..stable import times


def entry_of(wrt, slope):
    """The LaTeX of one entry of the full Jacobian: deltas on both axes, times the slope."""
    ties = r"\delta_{nn'}\,\delta_{hh'}"
    return rf"\frac{{\partial Y_{{nh}}}}{{\partial {wrt}_{{n'h'}}}} = {ties}{slope}"


def passed_on(wrt):
    """The derivative of a sum by one of its terms: the identity, of which nothing is kept."""
    tangent = f"d{wrt}"
    jvp = {"X": lambda dX: dX, "F": lambda dF: dF}[wrt]
    return Derivative(
        vjp=lambda G: G, jvp=jvp, full="-> ... ...", core=lambda: 1.0, entry=entry_of(wrt, ""),
        latex=rf"\frac{{dL}}{{d{wrt}}} = G", numpy="G",
        jvp_latex=rf"dY = {tangent}", jvp_numpy=tangent,
        why="a sum hands its gradient to both terms unchanged: the way past the layer stays open",
        multiplications="", stored="",
    )


RESIDUAL = Operation(
    name="residual_add", axes="..., ... -> ...", inputs=("X", "F"),
    latex=r"Y = X + F, \quad F = f(X)", numpy="X + F",
    forward=lambda X, F: X + F,
    derivatives={"X": passed_on("X"), "F": passed_on("F")},
)

DROPOUT = Operation(
    name="dropout", axes="... -> ...", inputs=("X",),
    parameters={"p": 0.5}, ranges={"p": (0.0, 0.9)},
    constants={"mask": Constant(
        "...", lambda random, shape: random.integers(2, size=shape).astype(np.float64))},
    rules={"p": lambda p: not 0 <= p < 1 and f"must be from 0 to below 1, not {p:g}.",
           "mask": lambda mask: bool(((mask != 0) & (mask != 1)).any())
           and "must hold 0 (dropped) and 1 (kept) alone."},
    latex=r"Y = \frac{M \odot X}{1 - p}", numpy="mask * X / (1 - p)",
    saved={"slope": lambda mask, p: mask / (1 - p)},
    forward=lambda X, slope: X * slope,
    derivatives={"X": Derivative(
        vjp=lambda G, slope: G * slope,
        jvp=lambda dX, slope: dX * slope,
        full="... -> ... ...", core=lambda slope: slope,
        entry=entry_of("X", r"\;\frac{M_{nh}}{1 - p}"),
        latex=r"\frac{dL}{dX} = \frac{G \odot M}{1 - p}", numpy="G * mask / (1 - p)",
        jvp_latex=r"dY = \frac{dX \odot M}{1 - p}", jvp_numpy="dX * mask / (1 - p)",
        why="the mask of the forward pass is kept: what was dropped hears nothing on the way back",
    )},
)


def gated(wrt, vjp, jvp, core, slope, line, why):
    """The derivative of a gated unit by one input: `slope` in LaTeX, `line` in NumPy."""
    return Derivative(
        vjp=vjp, jvp=jvp, full="... -> ... ...", core=core,
        entry=entry_of(wrt, rf"\;\left({slope}\right)_{{nh}}"),
        latex=rf"\frac{{dL}}{{d{wrt}}} = G \odot {slope}", numpy=f"G * {line}",
        jvp_latex=rf"dY = d{wrt} \odot {slope}", jvp_numpy=f"d{wrt} * {line}", why=why)


SIGMA = {"sigma": "1 / (1 + np.exp(-B))"}
GATE = {"e": lambda B: stable.decay(B), "sigma": lambda B, e: stable.sigmoid(B, e),
        "bend": lambda e: e / (1 + e)**2}

GLU = Operation(
    name="glu", axes="..., ... -> ...", inputs=("A", "B"), where=SIGMA,
    latex=r"Y = A \odot \sigma(B)", numpy="A * sigma",
    saved={**GATE, "slope": lambda A, bend: times(A, bend)},
    forward=lambda A, sigma: times(A, sigma),
    derivatives={
        "A": gated("A", lambda G, sigma: G * sigma, lambda dA, sigma: dA * sigma,
                   lambda sigma: sigma, r"\sigma(B)", "sigma",
                   "the gate σ(B) lets the gradient through as far as it let the signal through"),
        "B": gated("B", lambda G, slope: G * slope, lambda dB, slope: dB * slope,
                   lambda slope: slope, r"A \odot \sigma(B) \odot (1-\sigma(B))",
                   "A * sigma * (1 - sigma)",
                   "the gate learns as a sigmoid does, weighed by the signal that it gates"),
    },
)

SWIGLU = Operation(
    name="swiglu", axes="..., ... -> ...", inputs=("A", "B"), where=SIGMA,
    latex=r"Y = A \odot B \odot \sigma(B)", numpy="A * B * sigma",
    saved={**GATE, "gate": lambda B, sigma: times(B, sigma),
           "slope": lambda A, B, sigma, bend: times(A, sigma + times(B, bend))},
    forward=lambda A, gate: times(A, gate),
    derivatives={
        "A": gated("A", lambda G, gate: G * gate, lambda dA, gate: dA * gate,
                   lambda gate: gate, r"B \odot \sigma(B)", "B * sigma",
                   "the gate is the SiLU of B: the gradient goes through it as the signal did"),
        "B": gated("B", lambda G, slope: G * slope, lambda dB, slope: dB * slope,
                   lambda slope: slope,
                   r"A \odot \left(\sigma(B) + B \odot \sigma(B) \odot (1-\sigma(B))\right)",
                   "A * sigma * (1 + B * (1 - sigma))",
                   "the gate learns with the slope of SiLU, weighed by the signal that it gates"),
    },
)

ROWS = (RESIDUAL, DROPOUT, GLU, SWIGLU)
