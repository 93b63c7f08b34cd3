"""The gates of a scalar graph: for each its value and, in the same row, its local gradients.

A gate takes one or two floats a, b (max and min: two or more) and gives y; `local(a, b, y)` is
(∂y/∂a, ∂y/∂b). Nothing raises: division by zero, overflow and the like give inf or nan as IEEE 754
says.

At a kink there is no derivative, only slopes that are possible: between 0 and 1 for a relu at 0,
between −1 and 1 for abs at 0, a part to each of the inputs of max or min that tie. The course takes
the smallest of them, as PyTorch's rule for such functions does: 0 for relu and abs, equal parts for
inputs that tie, and 0 when one that ties is a constant, which could take all of it.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

INF, NAN = math.inf, math.nan


class Gate(NamedTuple):
    """One row of `GATES`. rules: each local gradient as a formula; behaviour: what it does to G."""

    name: str
    sign: str        # what a drawing shows
    text: str        # the value as a formula of {a} and {b}
    value: Callable
    local: Callable
    rules: tuple
    behaviour: str   # "distributes", "switches", "routes" or "scales"
    at_kink: str = ""  # where the gate has a kink, and what the course takes there
    several: bool = False  # two inputs or more

    @property
    def arity(self):
        return len(self.rules)

    def written(self, *parts):
        """The value as a formula of these texts."""
        if self.several:
            return f"{self.name}({', '.join(parts)})"
        return self.text.format(**dict(zip("ab", parts, strict=False)))

    def tied(self, values, y):
        """The places of the inputs that meet where this gate has kinks; none elsewhere."""
        if not self.several:
            return (0,) if values[0] == 0 else ()
        places = tuple(place for place, value in enumerate(values) if value == y)
        return places if len(places) > 1 else ()


def divide(a, b):
    if b != 0:
        return a / b
    return NAN if a == 0 or a != a else math.copysign(INF, a) * math.copysign(1.0, b)


def exp(a):
    try:
        return math.exp(a)
    except OverflowError:
        return INF


def log(a):
    return math.log(a) if a > 0 else -INF if a == 0 else NAN


def sqrt(a):
    return math.sqrt(a) if a >= 0 else NAN


def power(a, b):
    try:
        return math.pow(a, b)
    except OverflowError:
        return -INF if a < 0 and b % 2 == 1 else INF
    except ValueError:  # 0 to a negative power, or a negative number to a broken one
        if a != 0:
            return NAN
        return math.copysign(INF, a) if b % 2 == 1 else INF


def power_local(a, b, y):
    by_a = 0.0 if b == 0 else 1.0 if b == 1 else b * power(a, b - 1)
    by_b = (0.0 if b > 0 else NAN) if a == 0 else y * log(a)
    return by_a, by_b


def circular(f):
    """sin or cos, also at ±inf."""
    return lambda a: NAN if math.isinf(a) else f(a)


sin, cos = circular(math.sin), circular(math.cos)


def sigmoid(a):
    e = math.exp(-abs(a))
    return 1 / (1 + e) if a >= 0 else e / (1 + e)


def softplus(a):
    return max(a, 0.0) + math.log1p(math.exp(-abs(a))) if a == a else NAN


def tanh_slope(a):
    """1 − tanh², in a form that does not cancel."""
    e = math.exp(-2 * abs(a))
    return 4 * e / (1 + e) ** 2


def largest(*values):
    return NAN if any(value != value for value in values) else max(values)


def smallest(*values):
    return NAN if any(value != value for value in values) else min(values)


def shares(*values):
    """All to the input that is the output, the last of `values`; equal parts where several are."""
    *inputs, y = values
    if y != y:
        return (NAN,) * len(inputs)
    chosen = [float(value == y) for value in inputs]
    return tuple(one / sum(chosen) for one in chosen)


def step(a):
    return NAN if a != a else 1.0 if a > 0 else 0.0


def sign(a):
    return NAN if a != a else (a > 0) - (a < 0) + 0.0


TIE = "where inputs tie the course takes equal parts, and 0 if one of them is a constant"
_ROWS = (
    Gate("add", "+", "{a} + {b}", lambda a, b: a + b,
         lambda a, b, y: (1.0, 1.0), ("1", "1"), "distributes"),
    Gate("sub", "−", "{a} − {b}", lambda a, b: a - b,
         lambda a, b, y: (1.0, -1.0), ("1", "−1"), "distributes"),
    Gate("mul", "×", "{a} × {b}", lambda a, b: a * b,
         lambda a, b, y: (b, a), ("b", "a"), "switches"),
    Gate("div", "÷", "{a} / {b}", divide,
         lambda a, b, y: (divide(1.0, b), -divide(y, b)), ("1/b", "−a/b²"), "scales"),
    Gate("pow", "a**b", "{a} ** {b}", power,
         power_local, ("b·a^(b−1)", "aᵇ·log a"), "scales"),
    Gate("neg", "×−1", "−1 × {a}", lambda a: -a,
         lambda a, y: (-1.0,), ("−1",), "scales"),
    Gate("reciprocal", "1/a", "1 / {a}", lambda a: divide(1.0, a),
         lambda a, y: (-divide(y, a),), ("−1/a²",), "scales"),
    Gate("exp", "exp", "exp({a})", exp,
         lambda a, y: (y,), ("exp(a)",), "scales"),
    Gate("log", "log", "log({a})", log,
         lambda a, y: (divide(1.0, a) if a >= 0 else NAN,), ("1/a",), "scales"),
    Gate("sqrt", "√", "√({a})", sqrt,
         lambda a, y: (divide(0.5, y),), ("1/(2√a)",), "scales"),
    Gate("sin", "sin", "sin({a})", sin,
         lambda a, y: (cos(a),), ("cos(a)",), "scales"),
    Gate("cos", "cos", "cos({a})", cos,
         lambda a, y: (-sin(a),), ("−sin(a)",), "scales"),
    Gate("tanh", "tanh", "tanh({a})", math.tanh,
         lambda a, y: (tanh_slope(a),), ("1 − tanh²(a)",), "scales"),
    Gate("sigmoid", "σ", "σ({a})", sigmoid,
         lambda a, y: (sigmoid(a) * sigmoid(-a),), ("σ·(1 − σ)",), "scales"),
    Gate("softplus", "softplus", "softplus({a})", softplus,
         lambda a, y: (sigmoid(a),), ("σ(a)",), "scales"),
    Gate("relu", "relu", "relu({a})", lambda a: largest(a, 0.0),
         lambda a, y: (step(a),), ("1(a > 0)",), "routes", "at a = 0 the course takes 0"),
    Gate("abs", "|a|", "|{a}|", abs,
         lambda a, y: (sign(a),), ("sign(a)",), "scales", "at a = 0 the course takes 0"),
    Gate("max", "max", "max({a}, {b})", largest,
         shares, ("1(a > b)", "1(b > a)"), "routes", TIE, several=True),
    Gate("min", "min", "min({a}, {b})", smallest,
         shares, ("1(a < b)", "1(b < a)"), "routes", TIE, several=True),
)
GATES = {gate.name: gate for gate in _ROWS}

# What a student may call by name in an expression or on a node.
FUNCTIONS = ("exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu", "softplus",
             "max", "min", "abs")
