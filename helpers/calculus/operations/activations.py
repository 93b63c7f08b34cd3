"""Element-wise activations on arrays of any shape: Y[i…] = f(X[i…]).

Each entry of Y sees one entry of X, so the full Jacobian is a delta on every axis, and an array of
slopes f′(X) with the shape of X does all of its work. Formulas: lecture slides [K], notes [R]. The
stable forms use exp(−|x|), which cannot overflow.
"""

import numpy as np

from ..operation import Derivative, Operation


def elementwise(name, forward, slope, latex, numpy, slope_latex, slope_numpy, saved=(), **more):
    """A row for Y = f(X): `slope` is f′, written in LaTeX (with @ for the argument) and in NumPy.

    Either text may be a function of the parameters.
    """
    def around(text, before, argument="X"):
        if callable(text):
            return lambda **values: before + text(**values).replace("@", argument)
        return before + text.replace("@", argument)

    return Operation(
        name=name, axes="... -> ...", inputs=("X",), forward=forward, latex=latex, numpy=numpy,
        saved={**dict(saved), "slope": slope}, **more,
        derivatives={"X": Derivative(
            vjp=lambda G, slope: G * slope,
            jvp=lambda dX, slope: dX * slope,
            full="... -> ... ...", core=lambda slope: slope,
            entry=around(slope_latex, r"\frac{\partial Y_{kl}}{\partial X_{ij}} = "
                         r"\delta_{ki}\,\delta_{lj}\;", "X_{ij}"),
            latex=around(slope_latex, r"\frac{dL}{dX} = G \odot "),
            numpy=around(slope_numpy, "G * "),
            jvp_latex=around(slope_latex, r"dY = dX \odot "),
            jvp_numpy=around(slope_numpy, "dX * "),
            why="each entry of Y depends on its own entry of X alone, so only the diagonal is left",
        )},
    )


def relu_mask(at_zero):
    """The slope of the ReLU as a student would write it: 0 at the kink, 1, or something between."""
    return {0: "(X > 0)", 1: "(X >= 0)"}.get(at_zero, f"np.heaviside(X, {at_zero:g})")


def relu_indicator(at_zero):
    """The same in LaTeX."""
    fallback = rf"\left(\mathbb{{1}}(@>0) + {at_zero:g}\cdot\mathbb{{1}}(@=0)\right)"
    return {0: r"\mathbb{1}(@>0)", 1: r"\mathbb{1}(@\ge 0)"}.get(at_zero, fallback)


ROWS = (
    elementwise(
        "relu", parameters={"at_zero": 0.0}, ranges={"at_zero": (0.0, 1.0)},
        latex=r"Y = \max(0, X)", numpy="np.maximum(X, 0)",
        forward=lambda X: np.maximum(X, 0),
        slope=lambda X, at_zero: np.heaviside(X, at_zero),
        slope_latex=relu_indicator, slope_numpy=relu_mask,
    ),
    elementwise(
        "sigmoid", saved={"e": lambda X: np.exp(-np.abs(X))},
        latex=r"Y = \sigma(X) = \frac{1}{1+e^{-X}}", numpy="1 / (1 + np.exp(-X))",
        forward=lambda X, e: np.where(X >= 0, 1, e) / (1 + e),
        slope=lambda e: e / (1 + e) ** 2,
        slope_latex=r"\sigma(@)\,(1-\sigma(@))", slope_numpy="Y * (1 - Y)",
    ),
    elementwise(
        "tanh", saved={"e": lambda X: np.exp(-2 * np.abs(X))},
        latex=r"Y = \tanh(X)", numpy="np.tanh(X)",
        forward=lambda X: np.tanh(X),
        slope=lambda e: 4 * e / (1 + e) ** 2,
        slope_latex=r"(1-\tanh^2(@))", slope_numpy="(1 - Y**2)",
    ),
)
