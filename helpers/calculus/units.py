"""Units of a network in one variable as students know them: f, f′, where their values lie.

Units and their words: lecture slides [K], section on activation functions. At a kink there is no
derivative; the slope that the course takes there is part of each formula: the one of the left side,
0 for the ReLU unless `at_zero` says otherwise, and for maxout the slope of its first line.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .errors import Named
from .jacobian import as_numbers
from .operations import OPERATIONS
from .run import Run


@dataclass(frozen=True)
class Shape:
    """How a unit bends: the slopes of maxout's two lines are (w1, w2), their heights (b1, b2)."""

    alpha: float = 0.1       # the slope of leaky ReLU and PReLU on the left
    elu_alpha: float = 1.0
    at_zero: float = 0.0     # what is taken for the derivative of the ReLU at 0
    w1: float = -0.5
    b1: float = -0.5
    w2: float = 1.0
    b2: float = 0.0


@dataclass(frozen=True)
class Unit:
    """A unit that students know by `name`: the operation it is, and the parameters it takes.

    bounded: its values stay between two numbers.
    """

    operation: str
    latex: str
    slope_latex: str
    parameters: tuple = ()   # pairs: name in the operation, name in `Shape`
    bounded: bool = False


LEAKY = (r"\max(0, x) + \alpha\min(0, x)", r"1 \text{ for } x > 0, \text{ else } \alpha")
UNITS = Named("unit", {
    "sigmoid": Unit("sigmoid", r"\frac{1}{1+e^{-x}}", r"f(x)\,(1-f(x))", bounded=True),
    "tanh": Unit("tanh", r"\tanh x", r"1 - f(x)^2", bounded=True),
    "ReLU": Unit("relu", r"\max(0, x)", r"1 \text{ for } x > 0, \text{ else } 0",
                 (("at_zero", "at_zero"),)),
    "leaky ReLU": Unit("leaky_relu", *LEAKY, (("alpha", "alpha"),)),
    "PReLU": Unit("prelu", *LEAKY),
    "ELU": Unit("elu", r"\max(0, x) + \alpha(e^{\min(0, x)} - 1)",
                r"1 \text{ for } x > 0, \text{ else } \alpha e^x", (("alpha", "elu_alpha"),)),
    "softplus": Unit("softplus", r"\log(1 + e^x)", r"\sigma(x)"),
    "maxout": Unit("maxout", r"\max(w_1 x + b_1, w_2 x + b_2)",
                   r"w_1 \text{ where the first line is not below the second, else } w_2"),
    "GELU": Unit("gelu", r"x\,\Phi(x)", r"\Phi(x) + x\,\varphi(x)"),
    "SiLU": Unit("silu", r"x\,\sigma(x)", r"\sigma(x) + x\,\sigma(x)\,(1-\sigma(x))"),
})


def values(name, x, shape=Shape()):
    """(f(x), f′(x)) of the unit `name` for x of any shape, both of that shape.

    The local gradient f′ is what the operation's vjp makes of an upstream gradient of ones.
    """
    x = as_numbers(x, "values: x")
    op, inputs, parameters = call(name, x, shape)
    Y, pull = op.pullback(*inputs, **parameters)
    return Y.reshape(x.shape), pull(np.ones_like(Y))["X"].reshape(x.shape)


def value(name, x, shape=Shape()):
    """f(x) alone."""
    op, inputs, parameters = call(name, np.asarray(x, dtype=float), shape)
    return op(*inputs, **parameters).reshape(np.shape(x))


def formula(name, shape):
    """x -> f(x) for a loop of many calls: x is float64 with two axes or more, and is not checked.

    What it gives may be a view.
    """
    op, again = unchecked(name, shape)
    if name == "maxout":
        return lambda x: again(x.reshape(-1, 1)).call(op.forward).reshape(x.shape)
    return lambda x: again(x).call(op.forward)


def formulas(name, shape):
    """x -> (f(x), f′(x)), as in `formula`; not for maxout."""
    op, again = unchecked(name, shape)

    def both(x):
        run = again(x)
        run["G"] = 1.0  # so that the gradient is the slope
        return run.call(op.forward), run.call(op.derivatives["X"].vjp)
    return both


def unchecked(name, shape):
    """(operation, x -> `Run` of the unit at x)."""
    op, inputs, parameters = call(name, np.zeros((1, 1)), shape)
    return op, Run(op, inputs, parameters).again


def call(name, x, shape):
    """(operation, inputs, parameters by name) for the unit `name` at x."""
    unit = UNITS[name]
    op = OPERATIONS[unit.operation]
    if name == "maxout":
        lines = np.array([[[shape.w1]], [[shape.w2]]]), np.array([[shape.b1], [shape.b2]])
        return op, (x.reshape(-1, 1), *lines), {}
    if name == "PReLU":
        return op, (x, shape.alpha), {}
    return op, (x,), {own: getattr(shape, field) for own, field in unit.parameters}


def value_range(name, shape):
    """(low, high) between which the values of a unit lie; −∞ and ∞ where there is no limit."""
    inf = np.inf
    if name == "maxout":
        return _maxout_range(shape)
    if name in ("leaky ReLU", "PReLU"):
        return (-inf if shape.alpha > 0 else 0.0), inf
    fixed = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "ELU": (-shape.elu_alpha or 0.0, inf)}
    if name in ("GELU", "SiLU"):
        return lowest(name), inf
    return fixed.get(name, (0.0, inf))


def _maxout_range(shape):
    """Two lines: the larger one has a lowest value only where they fall and rise."""
    low, high = sorted(((shape.w1, shape.b1), (shape.w2, shape.b2)))
    top = np.inf if high[0] > 0 or low[0] < 0 else max(low[1], high[1])
    if low[0] > 0 or high[0] < 0:
        return -np.inf, np.inf
    if low[0] == high[0]:  # both are level
        return top, top
    crossing = (low[1] - high[1]) / (high[0] - low[0])
    if low[0] == 0 or high[0] == 0:
        return (low[1] if low[0] == 0 else high[1]), top
    return high[0] * crossing + high[1], top


@lru_cache(maxsize=8)
def lowest(name):
    """The smallest value of GELU or SiLU: where the slope passes 0, by halving."""
    left, right = -2.0, 0.0
    for _ in range(60):
        middle = (left + right) / 2
        left, right = (left, middle) if values(name, middle)[1] > 0 else (middle, right)
    return float(values(name, right)[0])


def centred(name, shape):
    """Whether values are zero-centred: "yes" (f(−x) = −f(x)), "both signs" or "never negative"."""
    x = np.linspace(0.25, 8, 32)
    if np.allclose(values(name, -x, shape)[0], -values(name, x, shape)[0]):
        return "yes"
    low, high = value_range(name, shape)
    return "both signs" if low < 0 < high else "never negative" if low >= 0 else "never positive"
