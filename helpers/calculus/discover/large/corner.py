"""The same function at smaller sizes: its line there, and the numbers of it at the full size.

Two sizes are looked at. A number of the line that is not the same at both (1 / 7 and 1 / 9) must
follow from a size; so it has a value at the full size too. Nothing of this is taken for granted:
the line is a proposal, to be proved at full size.
"""

import ast
import math
import re
from dataclasses import replace
from itertools import chain, combinations, combinations_with_replacement, islice, product

import numpy as np

from ...errors import LessonError
from ..naming.names import names_in

MOST, FEW = 20_000, 2_000  # entries of a tensor that is searched whole; where that takes long
SEVERAL = 3    # pairs of sizes that are looked at
# Two small sizes for each axis that can be smaller: different ones, equal ones, even ones
SIZES = ({1: ((7,), (9,)), 2: ((5, 6), (6, 7)), 3: ((3, 4, 6), (4, 6, 7)),
          4: ((2, 3, 4, 6), (3, 4, 6, 7))},
         {1: ((12,), (16,)), 2: ((5, 5), (6, 6)), 3: ((4, 4, 4), (6, 6, 6)),
          4: ((2, 4, 4, 4), (4, 6, 6, 6))},
         {1: ((8,), (12,)), 2: ((6, 8), (8, 12)), 3: ((2, 6, 8), (4, 8, 6)),
          4: ((2, 4, 6, 8), (4, 2, 8, 6))})
# The same for a search that takes long
FEWER = ({1: ((4,), (5,)), 2: ((3, 4), (4, 5)), 3: ((2, 3, 4), (3, 4, 5)),
          4: ((2, 2, 3, 4), (2, 3, 4, 5))},
         {1: ((6,), (8,)), 2: ((3, 3), (4, 4)), 3: ((3, 3, 3), (4, 4, 4)),
          4: ((2, 3, 3, 3), (3, 4, 4, 4))},
         {1: ((8,), (10,)), 2: ((6, 8), (8, 6)), 3: ((2, 4, 6), (2, 6, 4)),
          4: ((2, 2, 4, 6), (2, 4, 6, 4))})
POWERS = (1, -1, 0.5, -0.5)


def settings(f, x, ndim, tables):
    """Pairs of smaller shapes that f works at, the more axes smaller the better: it is tried."""
    large = [axis for axis, size in enumerate(x.shape) if size > 8]
    for count in range(min(len(large), 4), 0, -1):
        for axes in combinations(large, count):
            different, equal, even = tables
            alike = len({x.shape[axis] for axis in axes}) < count
            if alike:
                order = (even, equal, different) if tables is FEWER else (equal, different, even)
            else:
                order = different, even, equal
            for table in order:
                shapes = [shrunk(x.shape, axes, sizes) for sizes in table[count]]
                most = FEW if tables is FEWER else MOST
                outputs = [works(f, x, shape, ndim, most) for shape in shapes]
                if all(outputs):
                    yield tuple(zip(shapes, outputs, strict=True))


def shrunk(shape, axes, sizes):
    """The shape with some axes smaller."""
    new = dict(zip(axes, sizes, strict=True))
    return tuple(new.get(axis, size) for axis, size in enumerate(shape))


def works(f, x, shape, ndim, most):
    """The shape of Y for a corner of x, or None where f does not take it, or x has none so large.
    """
    if math.prod(shape) > most or any(n > m for n, m in zip(shape, x.shape, strict=True)):
        return None
    try:
        with np.errstate(all="ignore"):
            Y = np.asarray(f(corner(x, shape)))
    except Exception:  # whatever a function says to a shape that it does not take
        return None
    fine = Y.ndim == ndim and Y.dtype.kind == "f" and np.isfinite(Y).all()
    small = math.prod((*shape, *Y.shape)) <= most
    return (Y.shape,) if fine and small and Y.size else None


def corner(x, shape):
    """The first entries along every axis, on their own."""
    return x[tuple(slice(size) for size in shape)].copy()


def at_full_size(looks, shapes, full, core):
    """The answers that two small structures may come to at full size, likely ones first.

    looks: the `Structure`s at the two sizes; shapes, full: their (shape of x, shape of Y).
    """
    one, two = (s.answer for s in looks)
    fit = Fit(*(quantities(sizes, core.pattern) for sizes in (*shapes, full)))
    line = fit.text(one.line, two.line)
    if line is None:
        return
    yield replace(
        one, line=line, names=core.names, stored=fit.count(one.stored, two.stored),
        multiplications=fit.count(one.multiplications, two.multiplications),
        says=fit.words(one.says, two.says), low_rank=fit.low_rank(one.low_rank, two.low_rank),
        terms=tuple(fit.term(a, b) for a, b in zip(one.terms, two.terms, strict=False)))


def quantities(shapes, pattern):
    """Numbers that follow from sizes: of some axes of x and Y together, tied ones counted once."""
    letters = dict(zip((*pattern.inner, *pattern.outer), (*shapes[0], *shapes[1]), strict=True))
    return [math.prod(some) for count in range(1, min(len(letters), 4) + 1)
            for some in combinations(letters.values(), count)]


class Fit:
    """Numbers at full size, from those at two smaller sizes."""

    def __init__(self, one, two, full):
        self.three = list(dict.fromkeys(zip(one, two, full, strict=True)))

    def number(self, a, b):
        """The number that is `a` at one size and `b` at the other; None where nothing fits."""
        if a == b:
            return a
        for power, (p, q, full) in product(POWERS, self.three):
            if math.isclose(a / p**power, b / q**power, rel_tol=1e-9):
                value = a / p**power * full**power
                return round(value) if isinstance(a, int) else value
        return next((full + a - p for p, q, full in self.three
                     if isinstance(a, int) and a - p == b - q), None)

    def count(self, a, b):
        """The same for how many numbers something is: as many as some axes have together, a sum
        of up to three such products, five times one (at rank 2), or the same at any size."""
        if a is None or b is None or a == b:
            return a
        sums = (some for many in (1, 2, 3)
                for some in combinations_with_replacement(self.three, many))
        return next((sum(x[2] for x in some)
                     for some in chain(sums, ((x,) * 5 for x in self.three))
                     if sum(x[0] for x in some) == a and sum(x[1] for x in some) == b), None)

    def text(self, a, b):
        """The same for a text of NumPy, number by number; None where the texts differ else."""
        if a == b:
            return a
        trees = [folded(ast.parse(text, mode="eval")) for text in (a, b)]
        nodes = [[node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
                 for tree in trees]
        if len(nodes[0]) != len(nodes[1]):
            return None
        for first, second in zip(*nodes, strict=True):
            if isinstance(first.value, int | float) and isinstance(second.value, int | float):
                value = self.number(first.value, second.value)
                if value is None:
                    return None
                first.value = second.value = value
        if ast.dump(trees[0]) != ast.dump(trees[1]):
            return None
        return ast.unparse(unfolded(trees[0]))

    def words(self, a, b):
        """The same for a sentence."""
        first, second = (re.findall(r"\d+", text) for text in (a, b))
        if len(first) != len(second) or a == b:
            return a
        new = iter([p if p == q else self.number(int(p), int(q))
                    for p, q in zip(first, second, strict=True)])
        return re.sub(r"\d+", lambda found: str(next(new) or found[0]), a)

    def low_rank(self, a, b):
        """The same for the texts of a diagonal plus low rank."""
        if not a or not b or len(a["factors"]) != len(b["factors"]):
            return a
        factors = tuple(tuple(self.text(p, q) or p for p, q in zip(*pair, strict=True))
                        for pair in zip(a["factors"], b["factors"], strict=True))
        return a | {"diagonal": self.text(a["diagonal"], b["diagonal"]) or a["diagonal"],
                    "factors": factors}

    def term(self, a, b):
        """The same for the texts of a term."""
        operands = tuple(
            replace(p, text=self.text(p.text, q.text) or p.text,
                    stored=self.count(p.stored, q.stored) or p.stored)
            for p, q in zip(a.operands, b.operands, strict=False))
        return replace(a, operands=operands, scale=self.text(a.scale, b.scale) or a.scale)


class folded_numbers(ast.NodeTransformer):
    """`-1 / 7` as one number, so that it can be compared with `-0.125`."""

    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            return ast.Constant(-node.operand.value)
        return node

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.Div) and all(
                isinstance(side, ast.Constant) for side in (node.left, node.right)):
            return ast.Constant(float(node.left.value / node.right.value))
        return node


def folded(tree):
    """The tree with every quotient of numbers as one number."""
    return folded_numbers().visit(tree)


class reciprocals(ast.NodeTransformer):
    """`1 / 65536` in place of 1.52587890625e-05."""

    def visit_Constant(self, node):
        value = node.value
        if isinstance(value, float) and 0 < abs(value) < 1 and math.isclose(
                1 / value, round(1 / value), rel_tol=1e-12) and len(repr(value)) > 6:
            return ast.BinOp(ast.Constant(1 if value > 0 else -1), ast.Div(),
                             ast.Constant(round(1 / abs(value))))
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e9:
            return ast.Constant(int(value))
        return node


def unfolded(tree):
    """The tree with reciprocals written as a person writes them."""
    return ast.fix_missing_locations(reciprocals().visit(tree))


def looked(search, f, x, ndim, tables):
    """((structure, structure), (shapes, shapes)) for each pair of smaller sizes that f takes."""
    for pair in islice(settings(f, x, ndim, tables), 2 if tables is FEWER else SEVERAL):
        looks = both(search, [corner(x, shape) for shape, _ in pair], tables is not FEWER)
        if looks:
            yield looks, [(shape, output[0]) for shape, output in pair]


def both(search, inputs, firm):
    """The structures at two sizes; None where one has no line of known arrays, or, when it must be
    firm, one that holds for some inputs only."""
    looks = []
    for small in inputs:
        try:
            looks.append(search(small))
        except LessonError:
            return None
        own = names_in(looks[-1].numpy) & {*looks[-1].answer.names.added[0]}
        if own or (firm and looks[-1].caveat):
            return None
    return looks


def looked_at_sizes(op, sizes, ndim, numbers, search, wrt, tables):
    """The same for a row of the table: sizes by letter, all inputs smaller together."""
    large = [x for x, size in sizes.items() if size > 8 and x not in op.derived]
    for table in tables if large else ():
        try:
            inputs = []
            for small in table[min(len(large), 4)]:
                new = {x: n for x, n in sizes.items() if x not in op.derived} | dict(
                    zip(large, small, strict=False))
                inputs.append(op.example(np.random.default_rng(1), new, ndim, **numbers))
            shapes = [(one[0][op.inputs.index(wrt)].shape, np.shape(op(*one[0], **one[1])))
                      for one in inputs]
        except LessonError:
            continue
        looks = both(search, inputs, tables is not FEWER)
        if looks:
            yield looks, shapes
