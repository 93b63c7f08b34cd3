"""Some rows and columns: arrays seen through a window for each size, so that sizes that are equal
or different stay so.
"""

import ast

import numpy as np

from ..naming.names import Names, evaluate

WHOLE, FIRST = 12, 5  # sizes that are not cut; the smallest window
SIMPLE = (ast.Expression, ast.Name, ast.Constant, ast.expr_context, ast.BinOp, ast.UnaryOp,
          ast.Compare, ast.operator, ast.unaryop, ast.cmpop)


def windows_for(sizes, points):
    """{size: the indices to look at}, windows of different sizes for different sizes.

    Where slopes are large at a point is in them: of a saturated layer the rest says nothing.
    """
    names, lively = [point.names for point in points], {}
    for seed, point in enumerate(points):
        seen = np.abs(point.along(np.random.default_rng(seed).standard_normal(point.x.shape)))
        for size, place in zip(seen.shape, np.unravel_index(np.argmax(seen), seen.shape),
                               strict=True):
            lively.setdefault(size, []).append(int(place))
    every = {*sizes.values()} | {n for known in names for array in known.values()
                                 for n in np.shape(array)}
    random, taken, chosen = np.random.default_rng(23), {n for n in every if n <= WHOLE}, {}
    for size in sorted(every):
        width = size
        if size > WHOLE:
            width = next(w for w in range(FIRST, size + 1) if w not in taken)
            taken.add(width)
        order = [*lively.get(size, ()), *random.permutation(size).tolist()]
        chosen[size] = np.sort(list(dict.fromkeys(order))[:width])
    return chosen


class Windowed(Names):
    """Known arrays seen through windows. What is made of them is made of the whole arrays, unless
    it is made entry by entry."""

    def __init__(self, samples, chosen, values=None, added=None, **kept):
        super().__init__(samples, values, added, **kept)
        self.chosen = chosen
        self._small = [{name: self.cut(array) for name, array in known.items()}
                       for known in samples]

    def fork(self):
        """The same known arrays; what is added to it stays in it."""
        return Windowed(self.samples, self.chosen, self._values, self.added,
                        input_name=self.input_name, output_name=self.output_name)

    def cut(self, array):
        """An array through the windows of its sizes."""
        array = np.asarray(array)
        return array[np.ix_(*[self.chosen.get(n, np.arange(n)) for n in array.shape])]

    def shape(self, name):
        """The shape of a known array through the windows."""
        return self._small[0][name].shape

    def value(self, text):
        """The text's arrays at all points, through the windows."""
        if text not in self._values:
            self._values[text] = self._cut(text)
        return self._values[text]

    def _cut(self, text):
        try:
            with np.errstate(all="ignore"):
                if entrywise(text):
                    found = [np.asarray(evaluate(text, small), float) for small in self._small]
                else:
                    found = [self.cut(np.asarray(evaluate(text, whole), float))
                             for whole in self.samples]
        except (ArithmeticError, AttributeError, NameError, TypeError, ValueError):
            return None
        fine = all(np.isfinite(array).all() for array in found)
        return found if fine else None


def entrywise(text):
    """Whether every entry of the text's array is made of entries of the same place."""
    return all(ufunc(node) or (isinstance(node, SIMPLE) and not isinstance(node, ast.MatMult))
               for node in ast.walk(ast.parse(text, mode="eval")))


def ufunc(node):
    """Whether a node calls one of NumPy's ufuncs (or is one), which work entry by entry."""
    if isinstance(node, ast.Call):
        return ufunc(node.func)
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) \
        and node.value.id == "np" and isinstance(getattr(np, node.attr, None), np.ufunc) \
        and node.attr != "matmul"

