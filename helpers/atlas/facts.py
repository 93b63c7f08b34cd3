"""What there is to say about one row in numbers: axes, sizes, costs, and what a check measures."""

from functools import lru_cache

import numpy as np

from ..calculus import axes as ax
from ..calculus.cost import LARGE, cost
from ..calculus.discover import discover
from ..calculus.gradcheck import relative_error
from ..calculus.jacobian import contract
from ..calculus.latex import symbol
from ..calculus.slopes import numerical_jacobian

LADDER = (1e-12, 1e-9, 1e-6, 1e-3)  # a measured difference is said to be below one of these
SEEDS = 3


def letters(op, wrt):
    """(letters of Y, letters of the input): one that both have is primed in the input, n′."""
    inputs, output = ax.parse(op.axes_at())
    inner = inputs[op.inputs.index(wrt)]
    return output, tuple(f"{x}′" if x in output else x for x in inner)


def arrays(op):
    """{name: its axes} of the inputs, then of Y."""
    inputs, output = ax.parse(op.axes_at())
    return {**dict(zip(op.inputs, inputs, strict=True)), op.output: output}


def large(op, wrt):
    """The `Cost` at the sizes that are imagined everywhere: N = 64, H = 1024, …."""
    letters = [x for x in op.sizes_at() if x not in op.derived or x in op.parameters]
    large = {**LARGE, **op.large}
    return cost(op, wrt, **{x: large[x] for x in letters if x in large})


def derivation(op, wrt):
    """The steps on paper as (title, LaTeX): the row's own, else those of `discover`.

    Where those name an array that stands in no formula, C⁽¹⁾, or go from the first to the last at
    once, the row's formulas take their place.
    """
    words = op.formulas[wrt]
    if "derivation" in words:
        return words["derivation"]
    inputs, given = op.example(np.random.default_rng(0))
    first, *steps = discover(op, *inputs, wrt=wrt, **given).derivation
    if len(steps) < 2 or any("C^{(" in latex for _, latex in steps):
        first = first[0], chain(op, wrt)
        steps = [("One entry of the full tensor", words["entry"]),
                 ("Put in, and the sums carried out", words["latex"]), ("NumPy", "")]
    return [first, *steps]


def chain(op, wrt):
    """LaTeX of the chain rule, in the letters of the row's own formulas."""
    outer, inner = ("".join(part).replace("′", "'") for part in letters(op, wrt))
    Y, X = f"{op.output}_{{{outer}}}", f"{symbol(wrt)}_{{{inner}}}"
    return (rf"\frac{{dL}}{{d{X}}} = \sum_{{{outer}}} G_{{{outer}}}\,"
            rf"\frac{{\partial {Y}}}{{\partial {X}}}")


@lru_cache(maxsize=256)
def checked(name, op, wrt):
    """{what was compared: the bound below which all differences stayed}, over random examples.

    Differences are relative to the largest entry. Raises ValueError where the row is wrong.
    """
    worst = {}
    for seed in range(SEEDS):
        random = np.random.default_rng(seed)
        sizes = {x: size + seed for x, size in op.sizes_at().items() if x not in op.derived}
        inputs, given = op.example(random, sizes)
        place = op.inputs.index(wrt)
        J = op.jacobian(*inputs, wrt=wrt, **given)
        G = random.standard_normal(J.shape[:J.ndim - inputs[place].ndim])
        change = random.standard_normal(inputs[place].shape)

        def moved(x, inputs=inputs, given=given, place=place):
            return op(*inputs[:place], x, *inputs[place + 1:], **given)

        for what, one, other in (
                ("the vjp against the full tensor, contracted with G",
                 op.vjp(G, *inputs, wrt=wrt, **given), contract(G, J)),
                ("the jvp against the full tensor, contracted with a change of the input",
                 op.jvp(change, *inputs, wrt=wrt, **given), np.tensordot(J, change, change.ndim)),
                ("the full tensor against slopes measured by nudging every entry",
                 J, numerical_jacobian(moved, inputs[place]))):
            worst[what] = max(worst.get(what, 0.0), relative_error(one, other))
    return {what: bound(name, error) for what, error in worst.items()}


def bound(name, error):
    """`1e-12`: the rung of the ladder above an error. Raises ValueError above all."""
    for rung in LADDER:
        if error < rung:
            return f"{rung:.0e}"
    raise ValueError(f"{name}: two ways to one derivative differ by {error:.1e}, more than "
                     f"{LADDER[-1]:.0e}: the row is wrong.")
