"""Element-wise activations on arrays of any shape: Y[i…] = f(X[i…]).

Each entry of Y sees one entry of X, so the full Jacobian is a delta on every axis, and an array of
slopes f′(X) with the shape of X does all of its work. Formulas: lecture slides [K], notes [R]; GELU
and SiLU are the two that the sources lack. Where the textbook's formula overflows or loses a tail,
an equal one stands here: σ(1 − σ) = e/(1 + e)² with e = e^(−|X|), or 1 − tanh² = 1/cosh².
"""

from functools import wraps

import numpy as np

from .. import stable
from ..operation import Derivative, Operation
from ..stable import times


def around(text, before, argument="X"):
    """`before` and a text whose `@` is the argument; either may be a function of the parameters."""
    if isinstance(text, str):
        return before + text.replace("@", argument)
    return wraps(text)(lambda *values: before + text(*values).replace("@", argument))


def elementwise(name, forward, slope, latex, numpy, slope_latex, slope_numpy, saved=(), **more):
    """A row for Y = f(X): `slope` is f′, written in LaTeX (with @ for the argument) and in NumPy.

    Either text may be a function of the parameters.
    """
    return Operation(
        name=name, axes="... -> ...", inputs=("X",), forward=forward, latex=latex, numpy=numpy,
        saved={**dict(saved), "slope": slope}, **more,
        derivatives={"X": by_own_entry(slope_latex, slope_numpy)},
    )


def by_own_entry(slope_latex, slope_numpy):
    """The derivative by X where each entry of Y sees its own entry of X alone: a saved `slope`."""
    return Derivative(
        vjp=lambda G, slope: G * slope,
        jvp=lambda dX, slope: dX * slope,
        full="... -> ... ...", core=lambda slope: slope,
        entry=around(slope_latex, r"\frac{\partial Y_{nh}}{\partial X_{n'h'}} = "
                     r"\delta_{nn'}\,\delta_{hh'}\;", "X_{nh}"),
        latex=around(slope_latex, r"\frac{dL}{dX} = G \odot "),
        numpy=around(slope_numpy, "G * "),
        jvp_latex=around(slope_latex, r"dY = dX \odot "),
        jvp_numpy=around(slope_numpy, "dX * "),
        why="each entry of Y depends on its own entry of X alone, so only the diagonal is left",
    )


def relu_slope(X, at_zero):
    """1 where X > 0, `at_zero` where X = 0, else 0."""
    return np.where(X == 0, at_zero, X > 0) if at_zero else X > 0


def relu_mask(at_zero):
    """The slope of the ReLU as a student would write it: 0 at the kink, 1, or something between."""
    return {0: "(X > 0)", 1: "(X >= 0)"}.get(at_zero, f"np.heaviside(X, {at_zero:g})")


def relu_indicator(at_zero):
    """The same in LaTeX."""
    fallback = rf"\left(\mathbb{{1}}(@>0) + {at_zero:g}\cdot\mathbb{{1}}(@=0)\right)"
    return {0: r"\mathbb{1}(@>0)", 1: r"\mathbb{1}(@\ge 0)"}.get(at_zero, fallback)


RELU_LIKE = r"\left(\mathbb{1}(@>0) + \alpha\,\mathbb{1}(@\le 0)\right)"

ROWS = (
    elementwise(
        "relu", parameters={"at_zero": 0.0}, ranges={"at_zero": (0.0, 1.0)},
        latex=r"Y = \max(0, X)", numpy="np.maximum(X, 0)",
        forward=lambda X: np.maximum(X, 0),
        slope=relu_slope,
        slope_latex=relu_indicator, slope_numpy=relu_mask,
    ),
    elementwise(
        "sigmoid", saved={"e": stable.decay},
        latex=r"Y = \sigma(X) = \frac{1}{1+e^{-X}}", numpy="1 / (1 + np.exp(-X))",
        forward=lambda X, e: stable.sigmoid(X, e),
        slope=lambda e: e / (1 + e)**2,
        slope_latex=r"\sigma(@)\,(1-\sigma(@))", slope_numpy="Y * (1 - Y)",
    ),
    elementwise(
        "tanh",
        latex=r"Y = \tanh(X)", numpy="np.tanh(X)",
        forward=lambda X: np.tanh(X),
        slope=lambda X: (1 / np.cosh(X))**2,
        slope_latex=r"(1-\tanh^2(@))", slope_numpy="(1 - Y**2)",
    ),
    elementwise(
        "leaky_relu", parameters={"alpha": 0.1}, ranges={"alpha": (0.0, 1.0)},
        latex=r"Y = \max(0, X) + \alpha\,\min(0, X)", numpy="np.where(X > 0, X, alpha * X)",
        forward=lambda X, alpha: np.maximum(0, X) + alpha * np.minimum(0, X),
        slope=lambda X, alpha: np.where(X > 0, 1, alpha),
        slope_latex=RELU_LIKE, slope_numpy="np.where(X > 0, 1, alpha)",
    ),
    Operation(
        name="prelu", axes="..., -> ...", inputs=("X", "alpha"),
        latex=r"Y = \max(0, X) + \alpha\,\min(0, X)", numpy="np.where(X > 0, X, alpha * X)",
        forward=lambda X, alpha: np.maximum(0, X) + alpha * np.minimum(0, X),
        saved={"slope": lambda X, alpha: np.where(X > 0, 1, alpha)},
        derivatives={
            "X": by_own_entry(RELU_LIKE, "np.where(X > 0, 1, alpha)"),
            "alpha": Derivative(
                vjp=lambda G, X: (G * np.minimum(X, 0)).sum(),
                jvp=lambda X, dalpha: dalpha * np.minimum(X, 0),
                full="... -> ...", core=lambda X: np.minimum(X, 0),
                entry=r"\frac{\partial Y_{nh}}{\partial\alpha} = \min(0, X_{nh})",
                latex=r"\frac{dL}{d\alpha} = \sum_{nh} G_{nh}\,\min(0, X_{nh})",
                numpy="(G * np.minimum(X, 0)).sum()",
                jvp_latex=r"dY = d\alpha\,\min(0, X)", jvp_numpy="dalpha * np.minimum(X, 0)",
                why="one learned number meets every entry: its Jacobian has the shape of Y alone"),
        },
    ),
    elementwise(
        "elu", parameters={"alpha": 1.0}, ranges={"alpha": (0.0, 2.0)},
        latex=r"Y = \max(0, X) + \alpha\,(e^{\min(0, X)} - 1)",
        numpy="np.where(X > 0, X, alpha * np.expm1(np.minimum(X, 0)))",
        forward=lambda X, alpha: np.maximum(0, X) + alpha * np.expm1(np.minimum(0, X)),
        slope=lambda X, alpha: np.where(X > 0, 1, alpha * np.exp(np.minimum(0, X))),
        slope_latex=r"\left(\mathbb{1}(@>0) + \alpha\,e^{@}\,\mathbb{1}(@\le 0)\right)",
        slope_numpy="np.where(X > 0, 1, alpha * np.exp(np.minimum(X, 0)))",
    ),
    elementwise(
        "softplus", saved={"e": stable.decay},
        latex=r"Y = \log(1 + e^{X})", numpy="np.log(1 + np.exp(X))",
        forward=lambda X, e: np.maximum(0, X) + np.log1p(e),
        slope=lambda X, e: stable.sigmoid(X, e),
        slope_latex=r"\sigma(@)", slope_numpy="(1 / (1 + np.exp(-X)))",
    ),
    elementwise(
        "gelu", saved={"x": stable.distance, "density": stable.normal_density,
                       "Phi": stable.normal_distribution},
        latex=r"Y = X \odot \Phi(X), \quad \Phi(x) = \frac{1}{2}\left(1 + \mathrm{erf}"
              r"\frac{x}{\sqrt{2}}\right)",
        numpy="X * Phi", where={"Phi": "(1 + np.vectorize(math.erf)(X / np.sqrt(2))) / 2"},
        forward=lambda X, Phi: times(X, Phi),
        slope=lambda X, Phi, density: Phi + times(X, density),
        slope_latex=r"\left(\Phi(@) + @\,\frac{e^{-@^2/2}}{\sqrt{2\pi}}\right)",
        slope_numpy="(Phi + X * np.exp(-X**2 / 2) / np.sqrt(2 * np.pi))",
    ),
    elementwise(
        "silu", saved={"sigma": lambda X: stable.sigmoid(X, stable.decay(X))},
        latex=r"Y = X \odot \sigma(X) = \frac{X}{1+e^{-X}}", numpy="X / (1 + np.exp(-X))",
        forward=lambda X, sigma: times(X, sigma),
        slope=lambda X, sigma: sigma + times(X, sigma * (1 - sigma)),
        slope_latex=r"\left(\sigma(@) + @\,\sigma(@)\,(1-\sigma(@))\right)",
        slope_numpy="(1 + X - Y) / (1 + np.exp(-X))",
    ),
)
