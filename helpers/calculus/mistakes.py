"""The mistakes that have a name, what to do about each, and those that any gradient can suffer."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

REMEDY = {
    "lost transpose": "Two axes are exchanged: write the shape under each factor and under what "
                      "is wanted; the axes that are summed must meet.",
    "order swapped": "The factors stand in the wrong order: write the shapes under the product.",
    "batch not summed": "Every example uses it, so every example sends a gradient back: sum over "
                        "the batch axis.",
    "mean for sum": "Where paths meet, gradients are added, not averaged: do not divide.",
    "sum for mean": "The forward pass divides by the number of terms, so the gradient does too.",
    "sign": "Every number has the opposite sign: count the minus signs along the way back.",
    "factor 2": "Every number is twice too large: look for a 2 too many, or a ½ that is missing.",
    "factor ½": "Every number is half of what it should be: look for a lost 2, as in the "
                "derivative of a square.",
    "mask from the wrong array": "The mask asks what went into the unit in the forward pass.",
    "mask forgotten": "Where the unit was off in the forward pass, nothing goes back through it.",
    "= for +=": "Paths meet here: their gradients add, one must not replace the other.",
    "lost path": "The input reaches the output on another way as well: add the gradient of each.",
    "Bessel": "This batch variance divides by N, not by N − 1.",
    "ε outside the root": "ε stands under the root, √(var + ε), not behind it.",
    "ε forgotten": "The forward pass divides by √(var + ε), so the backward pass does too.",
    "(N,) against (N, 1)": "The numbers are right, the axes are not: look at .shape, and mind "
                           "keepdims, [:, None] and reshape.",
    "wrong axis": "Say which axis the forward pass works along, and work along the same.",
    "upstream forgotten": "This is the local gradient alone: multiply by the upstream gradient.",
    "local gradient forgotten": "This is the upstream gradient: multiply by the local gradient.",
    "slope at the wrong place": "Ask what the formula wants: what went in, or what came out.",
    "value for derivative": "This is what the forward pass computes, not its derivative.",
    "input overwritten": "Others still need it: work on a copy, as in `dX = G.copy()`.",
    "rounding": "Nearly right is not right: keep all digits (no round, no float16, no difference "
                "quotient).",
    "overflow": "Some number left the range of float64: rewrite the formula so that exp never "
                "gets a large positive number.",
    "X for X̂": "What is multiplied is the normalized X̂, not X.",
    "factor N": "Every number is N times too large, N the length of the upstream gradient: look "
                "for a mean in the forward pass, or for a sum along an axis that is not there.",
    "counting": "Count again: how many numbers come out, how many go in, and which pairs meet?",
}


@dataclass(frozen=True)
class Mistake:
    """A plausible wrong formula, with the arguments of the exercise, for one of its outputs."""

    name: str
    formula: Callable
    remedy: str = ""
    output: str = ""

    @property
    def sentence(self):
        """The mistake and its remedy in one line."""
        where = f" in {self.output}" if self.output else ""
        return f"{self.name}{where}: {self.remedy or REMEDY[self.name]}"


def generic(right, names, upstream=("G", "g"), shape_asked=False):
    """The mistakes that any gradient may suffer, the likely ones first.

    right: the right answer as a function of the arguments; names: those of the arguments, of which
    `upstream` are gradients that come from above. shape_asked: the answer is a shape, not numbers.
    """
    given = [name in upstream for name in names]

    def with_ones(*arguments):
        return right(*[np.ones(np.shape(value)) if above else value
                       for above, value in zip(given, arguments, strict=True)])

    rows = [("sign", lambda *a: -right(*a)),
            ("factor 2", lambda *a: 2 * right(*a)),
            ("factor ½", lambda *a: right(*a) / 2),
            ("lost transpose", lambda *a: transposed(right(*a), shape_asked))]
    if any(given):
        first = given.index(True)
        rows += [("upstream forgotten", with_ones),
                 ("local gradient forgotten", lambda *a: np.asarray(a[first])),
                 ("mean for sum", lambda *a: right(*a) / len(np.atleast_1d(a[first]))),
                 ("factor N", lambda *a: right(*a) * len(np.atleast_1d(a[first])))]
    rows += [("rounding", rounded(right, digits)) for digits in range(9)]
    return [Mistake(name, formula) for name, formula in rows]


def rounded(right, digits):
    """`right` to so many decimals; 0 is no rounding of other numbers."""
    def formula(*arguments):
        found = np.round(right(*arguments), digits)
        if not np.any(found):
            raise ValueError("nothing left")
        return found

    return formula


def transposed(T, is_shape):
    """A matrix with its axes exchanged; a predicted shape read backwards."""
    if is_shape and T.ndim == 1:
        return T[::-1]
    if T.ndim < 2:
        raise ValueError("nothing to transpose")
    return T.T
