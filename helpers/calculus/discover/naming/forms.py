"""The forms of words: functions of a value (@), along an axis (&), and a word with its arrays."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .placing import unspread

SIGMA = "(1 / (1 + np.exp(-@)))"
PHI = "((1 + np.vectorize(math.erf)(@ / np.sqrt(2))) / 2)"
DENSITY = "(np.exp(-@**2 / 2) / np.sqrt(2 * np.pi))"
SOFTMAX = "np.exp(@ - np.logaddexp.reduce(@, &, keepdims=True))"
LOGARITHM = "(@ - np.logaddexp.reduce(@, &, keepdims=True))"
FUNCTIONS = (SIGMA, "(1 / (1 + np.exp(@)))", "np.tanh(@)", "(1 / np.cosh(@)**2)", "(@ > 0)",
             "np.exp(@)", "@**2", "(@ < 1)", "np.sign(@)", "np.abs(@)", "np.maximum(@, 0)", "@**3",
             PHI, DENSITY, "np.clip(@, -1, 1)", "(np.abs(@) < 1)", "np.sin(@)", "np.cos(@)",
             "np.exp(-@)", "(@ > -1)", "np.exp(-@**2)", "(1 / (1 + @**2))", "np.logaddexp(0, @)",
             "(1 / np.sqrt(1 + @**2))", "np.arctan(@)",
             "(1 / (1 + np.abs(@)))", "(1 / (1 + np.abs(@))**2)")
DIVISIONS = ("(1 / @)", "(1 / @**2)", "np.log(@)", "np.sqrt(@)", "(1 / np.sqrt(@))",
             "(1 / (1 + @))", "(1 / (1 - @))", "(1 / np.sqrt(1 - @**2))")
ALONG = ("@.sum(&)", "(@**2).sum(&)", "(@**2).mean(&)", "np.sqrt((@**2).sum(&))", "@.mean(&)",
         "@.var(&)", "@.std(&)", "@.max(&)", "@.min(&)", "np.exp(@).sum(&)", "@.prod(&)")
WHOLE = ("@.sum()", "(@**2).sum()", "(@**2).mean()", "np.linalg.norm(@)", "@.mean()",
         "@.var()", "@.std()", "@.max()", "@.min()", "np.exp(@).sum()")
SCALES = ("", " / 2", " * 2", " / root")


@dataclass(frozen=True)
class Word:
    """A text, its arrays at all points, and the letters of the axes that they are laid along."""

    text: str
    letters: tuple
    columns: tuple = ()   # the arrays, spread over the shape asked for

    @cached_property
    def one_sign(self):
        """Whether its numbers all have one sign: they may be divided by."""
        parts = [unspread(c) for c in self.columns]
        low, high = min(map(np.min, parts)), max(map(np.max, parts))
        return bool(low > 0 or high < 0 or low == high == 0)

    @cached_property
    def never_zero(self):
        """Whether none of its numbers is 0."""
        return all(np.all(unspread(c)) for c in self.columns)
