"""What a function of one's own would keep at sizes of which nothing is built.

Its line is looked at where it is cheap: how many numbers it keeps must follow from two small sizes
and be right at a third. The function itself is run once at the imagined sizes: it alone knows
whether it takes them, and how large Y is.
"""

import ast
import math
from itertools import combinations

import numpy as np

from ...words import said
from .. import axes as ax
from ..cost import Cost
from ..errors import LessonError, ShapeError, TooBig
from .large.corner import Fit, folded, unfolded
from .naming.names import parsed

MOST = 2**22  # entries of an array that the function is run with, or gives
SMALL = (3, 4, 5, 2, 6), (4, 6, 3, 5, 7), (5, 3, 7, 6, 4)


def imagined_cost(op, wrt, now, sizes):
    """The `Cost` of an own operation at imagined sizes by letter; now: those that it stands at.

    Sizes that are as now are so at the small ones too. Raises ShapeError, TooBig: why it cannot
    be told.
    """
    changed = [x for x, size in sizes.items() if size != now[x]]
    looks = [look(op, wrt, sizes | dict(zip(changed, small, strict=False))) for small in SMALL]
    if any(strangers(op, line) for line, *_ in looks):
        raise ShapeError("Other sizes cannot be imagined: the line holds numbers that are known "
                         "at this size alone.")
    shapes = [every for _, _, every in looks]
    told = Fit(*map(products, shapes))
    first, second, third = looks
    if told.text(first[0], second[0]) not in (third[0], spelt(third[0])) or any(
            told.count(*pair) != value for *pair, value in zip(*(one[1] for one in looks),
                                                               strict=True)):
        raise ShapeError("Other sizes cannot be imagined: the line is another one at another "
                         "size.")
    whole = {x: told_size(shapes, x, sizes) for x in shapes[0]}
    outer, inner = shape_at(op, wrt, whole)
    full = Fit(*map(products, (*shapes[:2], whole)))
    stored, multiplications = (full.count(*pair) for pair in zip(first[1], second[1], strict=True))
    entries = math.prod((*outer, *inner))
    return Cost(op.name, wrt, whole, (*outer, *inner), entries, stored, entries, multiplications)


def sizes_taken(op, now, wanted):
    """The wanted sizes by letter; where the function takes no other, the size that is now."""
    def takes(letter):
        try:
            with np.errstate(all="ignore"):
                op.forward(*drawn(op, now | {letter: now[letter] + 1}))
        except Exception:  # whatever a function says to a shape that it does not take
            return False
        return True

    return {letter: size if takes(letter) else now[letter] for letter, size in wanted.items()}


def look(op, wrt, sizes):
    """(line, (numbers kept, multiplications), sizes by every letter) where the inputs are small."""
    inputs = drawn(op, sizes)
    try:
        line = op.formulas_of(*inputs)[wrt]["numpy"]
        return line, tuple(map(int, op.counts_of(*inputs, wrt=wrt))), op.sizes(*inputs)
    except LessonError as error:
        raise ShapeError(f"Other sizes cannot be imagined: {error}") from error


def drawn(op, sizes):
    """Inputs of these sizes."""
    random, (wanted, _) = np.random.default_rng(6), ax.parse(op.axes)
    return [random.standard_normal(ax.shape_of(letters, sizes)) for letters in wanted]


def strangers(op, line):
    """The names in a line that are neither the function's arrays nor its own."""
    names = [node for node in ast.walk(parsed(line)) if isinstance(node, ast.Name)]
    own = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return {node.id for node in names} - own - {
        *op.inputs, op.output, "G", "np", "math", "sum", "zip", "range"}


def products(sizes):
    """What may follow from sizes: products of up to four of them."""
    return [math.prod(some) for count in range(1, min(len(sizes), 4) + 1)
            for some in combinations(sizes.values(), count)]


def spelt(line):
    """A line as `Fit` writes it."""
    return ast.unparse(unfolded(folded(ast.parse(line, mode="eval"))))


def told_size(shapes, letter, sizes):
    """The imagined size of an axis: as it is chosen, or, of Y's own, as it follows."""
    if letter in sizes:
        return sizes[letter]
    chosen = [{x: shape[x] for x in sizes} for shape in shapes]
    one, two, three = (shape[letter] for shape in shapes)
    size = Fit(*map(products, (*chosen[:2], sizes))).number(one, two)
    if size is None or Fit(*map(products, chosen)).number(one, two) != three:
        raise ShapeError("Other sizes cannot be imagined: the size of Y does not follow from "
                         "those of the inputs.")
    return size


def shape_at(op, wrt, sizes):
    """(shape of Y, shape of the input) at the imagined sizes: the function is run there."""
    wanted, output = ax.parse(op.axes)
    shapes = [ax.shape_of(letters, sizes) for letters in (*wanted, output)]
    most = max(map(math.prod, shapes))
    if most > MOST:
        raise TooBig(f"{op.name} is not run with arrays of more than {MOST:,} numbers to see "
                     f"whether it takes them, and one would have {most:,}. Imagine less.")
    try:
        with np.errstate(all="ignore"):
            Y = np.shape(op.forward(*drawn(op, sizes)))
    except Exception as error:  # whatever a function says to a shape that it does not take
        raise ShapeError(f"{op.name} does not take {' and '.join(map(str, shapes[:-1]))}: "
                         f"{said(error)}. Imagine other sizes.") from error
    if Y != shapes[-1]:
        raise ShapeError(f"{op.name} gives another shape there than at small sizes: {Y}, not "
                         f"{shapes[-1]}.")
    return Y, shapes[op.inputs.index(wrt)]
