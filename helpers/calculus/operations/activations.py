"""Element-wise activations on arrays of any shape: Y[i…] = f(X[i…]).

Each entry of Y sees one entry of X, so the full Jacobian is a delta on every axis, and an array of
slopes f′(X) with the shape of X does all of its work. Formulas: lecture slides [K], notes [R]; GELU
and SiLU are the two that the sources lack. Helpers of `stable` keep the tails.
"""

from functools import wraps

import numpy as np

from .. import stable
from ..operation import Derivative, Operation


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
        derivatives={"X": by_own_entry(
            slope_latex, slope_numpy,
            vjp=lambda G, slope: G * slope,
            jvp=lambda dX, slope: dX * slope,
            core=lambda slope: slope,
        )},
    )


def by_own_entry(slope_latex, slope_numpy, **formulas):
    """The derivative by X where each entry of Y sees its own entry of X alone."""
    return Derivative(
        **formulas, full="... -> ... ...",
        entry=around(slope_latex, r"\frac{\partial Y_{nh}}{\partial X_{n'h'}} = "
                     r"\delta_{nn'}\,\delta_{hh'}\;", "X_{nh}"),
        latex=around(slope_latex, r"\frac{dL}{dX} = G \odot "),
        numpy=around(slope_numpy, "G * "),
        jvp_latex=around(slope_latex, r"dY = dX \odot "),
        jvp_numpy=around(slope_numpy, "dX * "),
        why="each entry of Y depends on its own entry of X alone, so only the diagonal is left",
    )


def step(X, below):
    """1 where X > 0, else `below`."""
    if not np.isfinite(below):
        return np.where(X > 0, 1.0, below)
    slope = np.greater(X, 0, out=np.empty_like(X))
    if 0 <= below <= 1:
        return np.maximum(slope, below, out=slope) if below else slope
    return slope + below * (1 - slope)


def relu_slope(X, at_zero):
    """1 where X > 0, `at_zero` where X = 0, else 0."""
    slope = step(X, 0)
    if at_zero:
        slope[X == 0] = at_zero
    return slope


def relu_mask(at_zero):
    """The slope of the ReLU as a student would write it: 0 at the kink, 1, or something between."""
    return {0: "(X > 0)", 1: "(X >= 0)"}.get(at_zero, f"np.heaviside(X, {at_zero:g})")


def relu_indicator(at_zero):
    """The same in LaTeX."""
    fallback = rf"\left(\mathbb{{1}}(@>0) + {at_zero:g}\cdot\mathbb{{1}}(@=0)\right)"
    return {0: r"\mathbb{1}(@>0)", 1: r"\mathbb{1}(@\ge 0)"}.get(at_zero, fallback)


def sigmoid_slope(low):
    """σ(1−σ), from the smaller of the two."""
    slope = 1 - low
    slope *= low
    return slope


def tanh_tail(x):
    """1 − tanh² from e^(−2|x|)."""
    e = stable.decay(2 * x)
    return 4 * e / (1 + e) ** 2


def tanh_slope(X, Y):
    """1 − tanh²; further out, where 1 − Y² would cancel, from e^(−2|X|)."""
    slope = np.square(Y, out=np.empty_like(Y))
    np.subtract(1, slope, out=slope)
    return stable.repaired(slope, np.abs(X) > 2, tanh_tail, X)


def falling_exp(X):
    """e^min(0, X). A mixture of many zeros slows exp down, so the 1 is put in afterwards."""
    e = stable.decay(X)
    return np.maximum(e, step(X, 0), out=e)


def elu(X, e, alpha):
    """max(0, X) + α(e − 1), where e = e^min(0, X); near 0, where that cancels, the slow expm1."""
    Y = np.subtract(e, 1, out=np.empty_like(e))
    stable.repaired(Y, (X < 0) & (X > -0.1), np.expm1, X)
    Y *= alpha
    Y += np.maximum(X, 0)
    return Y


def elu_slope(X, e, alpha):
    """1 where X > 0 (and e = 1), else αe."""
    if alpha == 1:
        return e
    rising = step(X, 0)
    slope = 1 - rising
    slope *= e
    slope *= alpha
    slope += rising
    return slope


def softplus(X, e):
    """max(0, X) + log(1 + e^(−|X|))."""
    Y = stable.log1p_of(e)
    Y += np.maximum(X, 0)
    return Y


def gelu(X, Phi):
    """X Φ; far to the left Φ is 0, and X may be −∞."""
    Y = np.maximum(X, -stable.FAR)
    Y *= Phi
    return Y


def gelu_slope(X, Phi, density):
    """Φ + Xφ."""
    slope = np.clip(X, -stable.FAR, stable.FAR)
    slope *= density
    slope += Phi
    return slope


def silu(X, sigma):
    """X σ; from −800 on σ is 0, and X may be −∞."""
    Y = np.maximum(X, -800)
    Y *= sigma
    return Y


def silu_slope(X, low, sigma):
    """σ + X·σ(1−σ); from |X| = 800 on the last term is 0."""
    slope = np.clip(X, -800, 800)
    slope *= low
    slope *= 1 - low
    slope += sigma
    return slope


RELU_LIKE = r"\left(\mathbb{1}(@>0) + \alpha\,\mathbb{1}(@\le 0)\right)"

ROWS = (
    elementwise(
        "relu", parameters={"at_zero": 0.0}, ranges={"at_zero": (0.0, 1.0)},
        latex=r"Y = \max(0, X)", numpy="np.maximum(X, 0)",
        forward=lambda X: np.maximum(X, 0),
        slope=relu_slope, slope_latex=relu_indicator, slope_numpy=relu_mask,
    ),
    elementwise(
        "sigmoid", saved={"low": lambda X: stable.sigmoid_low(stable.decay(X))},
        latex=r"Y = \sigma(X) = \frac{1}{1+e^{-X}}", numpy="1 / (1 + np.exp(-X))",
        forward=lambda X, low: stable.one_sided(X, low),
        slope=sigmoid_slope,
        slope_latex=r"\sigma(@)\,(1-\sigma(@))", slope_numpy="Y * (1 - Y)",
    ),
    elementwise(
        "tanh",
        latex=r"Y = \tanh(X)", numpy="np.tanh(X)",
        forward=lambda X: np.tanh(X),
        slope=tanh_slope,
        slope_latex=r"(1-\tanh^2(@))", slope_numpy="(1 - Y**2)",
    ),
    elementwise(
        "leaky_relu", parameters={"alpha": 0.1}, ranges={"alpha": (0.0, 1.0)},
        latex=r"Y = \max(0, X) + \alpha\,\min(0, X)", numpy="np.where(X > 0, X, alpha * X)",
        forward=lambda X, slope: X * slope,
        slope=lambda X, alpha: step(X, alpha),
        slope_latex=RELU_LIKE, slope_numpy="np.where(X > 0, 1, alpha)",
    ),
    Operation(
        name="prelu", axes="..., -> ...", inputs=("X", "alpha"),
        latex=r"Y = \max(0, X) + \alpha\,\min(0, X)", numpy="np.where(X > 0, X, alpha * X)",
        forward=lambda X, slope: X * slope,
        saved={"slope": lambda X, alpha: step(X, float(alpha))},
        derivatives={
            "X": by_own_entry(
                RELU_LIKE, "np.where(X > 0, 1, alpha)",
                vjp=lambda G, slope: G * slope,
                jvp=lambda dX, slope: dX * slope,
                core=lambda slope: slope),
            "alpha": Derivative(
                vjp=lambda G, X: stable.dot(G, np.minimum(X, 0)),
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
        saved={"e": falling_exp},
        latex=r"Y = \max(0, X) + \alpha\,(e^{\min(0, X)} - 1)",
        numpy="np.where(X > 0, X, alpha * np.expm1(np.minimum(X, 0)))",
        forward=elu,
        slope=elu_slope,
        slope_latex=r"\left(\mathbb{1}(@>0) + \alpha\,e^{@}\,\mathbb{1}(@\le 0)\right)",
        slope_numpy="np.where(X > 0, 1, alpha * np.exp(np.minimum(X, 0)))",
    ),
    elementwise(
        "softplus", saved={"e": stable.decay},
        latex=r"Y = \log(1 + e^{X})", numpy="np.log(1 + np.exp(X))",
        forward=softplus,
        slope=lambda X, e: stable.one_sided(X, stable.sigmoid_low(e)),
        slope_latex=r"\sigma(@)", slope_numpy="(1 / (1 + np.exp(-X)))",
    ),
    elementwise(
        "gelu", saved={
            "density": stable.normal_density,
            "Phi": lambda X, density: stable.one_sided(X, stable.normal_low(X, density))},
        latex=r"Y = X \odot \Phi(X), \quad \Phi(x) = \frac{1}{2}\left(1 + \mathrm{erf}"
              r"\frac{x}{\sqrt{2}}\right)",
        numpy="X * Phi", where={"Phi": "(1 + np.vectorize(math.erf)(X / np.sqrt(2))) / 2"},
        forward=gelu,
        slope=gelu_slope,
        slope_latex=r"\left(\Phi(@) + @\,\frac{e^{-@^2/2}}{\sqrt{2\pi}}\right)",
        slope_numpy="(Phi + X * np.exp(-X**2 / 2) / np.sqrt(2 * np.pi))",
    ),
    elementwise(
        "silu", saved={
            "low": lambda X: stable.sigmoid_low(stable.decay(X)),
            "sigma": lambda X, low: stable.one_sided(X, low)},
        latex=r"Y = X \odot \sigma(X) = \frac{X}{1+e^{-X}}", numpy="X / (1 + np.exp(-X))",
        forward=silu,
        slope=silu_slope,
        slope_latex=r"\left(\sigma(@) + @\,\sigma(@)\,(1-\sigma(@))\right)",
        slope_numpy="(1 + X - Y) / (1 + np.exp(-X))",
    ),
)
