"""Units of the kind Y = X · gate(p(X)): SiLU, swish with any factor, GELU by tanh or σ, Mish.

What is inside the gate is found from Y / X: the gate is inverted there, and p is a short polynomial
or a softplus. The slope is then gate + X · p′ · gate′.
"""

import numpy as np

from ..line import scaled
from ..naming.fitting import spelled, sums
from ..naming.names import atom
from ..terms import Answer, Operand, Term

INSIDE = 6.0  # of a gate: further out its inverse has lost its digits
# gate: its inverse, and the slope of X·gate(p) by the texts of p, p′ and a free name
GATES = (
    ("sigma", lambda q: np.log(q / (1 - q)),
     "(@ := 1 / (1 + np.exp(-{p}))) * (1 + X * {d} * (1 - @))"),
    ("tanh", np.arctanh, "(@ := np.tanh({p})) + X * {d} * (1 - @**2)"),
)
INNER = (("X", lambda x: x, "1"), ("X**3", lambda x: x**3, "3 * X**2"),
         ("X**2", lambda x: x**2, "2 * X"), ("1", lambda x: x**0, "0"),
         ("np.logaddexp(0, X)", lambda x: np.logaddexp(0, x), "1 / (1 + np.exp(-X))"),
         ("np.tanh(X)", np.tanh, "1 - np.tanh(X)**2"))


def gated(core):
    """The answer for X times a gate, or None."""
    X, Y = core.names.input_name, core.names.output_name
    pattern = core.pattern
    if X is None or Y not in core.names or not {*pattern.outer} == {*pattern.inner} == {
            *core.letters} or core.names.shape(X) != core.names.shape(Y):
        return None
    values = [core.names.value(name) for name in (X, Y)]
    if None in values:  # an input that holds a nan, which f does not look at
        return None
    x, y = (np.concatenate([np.ravel(v) for v in value]) for value in values)
    with np.errstate(all="ignore"):
        quotient = y / x
        for _, inverse, form in GATES:
            p = inverse(quotient)
            seen = np.isfinite(p) & (np.abs(p) < INSIDE) & (np.abs(x) > 1e-3)
            if seen.sum() >= 8:
                answer = opened(core, x[seen], p[seen], form)
                if answer:
                    return answer
    return None


def opened(core, x, p, form):
    """The answer with p as a sum of a few functions of x, or None."""
    columns = np.array([f(x) for _, f, _ in INNER])
    found = next(sums(columns, p, 3, 1e3 * core.tolerance), None)
    if found is None:
        return None
    inner, slope = inside(*found, core)
    name = next(n for n in ("t", "S", "t_") if n not in core.names)
    slope = "X" if slope == "1" else f"X * {atom(slope)}"
    text = form.replace("{p}", atom(inner)).replace("X * {d}", slope).replace("@", name)
    text = text.replace("X", core.names.input_name) if core.names.input_name != "X" else text
    letters = tuple(x for x in core.pattern.inner)
    return Answer("core", (Term(core.pattern, (Operand(text, letters, core.size),)),),
                  core.size, names=core.names,
                  says=f"the slope of the input times a gate of {inner}")


def inside(places, numbers, core):
    """(text of p, text of p′) of a sum, its first number taken out."""
    first = spelled(numbers[0], core.names, 1e-9)
    texts, slopes = [], []
    for place, number in zip(places, numbers, strict=True):
        ratio = spelled(number / numbers[0], core.names, 1e-9)
        text, _, slope = INNER[place]
        texts.append(text if ratio == "1" else ratio if text == "1" else f"{ratio} * {text}")
        if slope != "0":
            slopes.append(slope if ratio == "1" else f"{ratio} * {atom(slope)}")
    both = [" + ".join(part or ["0"]).replace("+ -", "- ") for part in (texts, slopes)]
    return tuple(part if first == "1" else first if part == "1" else scaled(part, first)
                 for part in both)
