"""Right answers by chance in unusual style: other words for the same, other arrays in and out."""

import ast
from collections import namedtuple

import numpy as np


def looped_product(A, B):
    """A @ B in loops."""
    if A.ndim == B.ndim == 1:
        return sum(a * b for a, b in zip(A, B, strict=True))
    if B.ndim == 1:
        return np.array([sum(a * b for a, b in zip(row, B, strict=True)) for row in A])
    if A.ndim == 1:
        return looped_product(B.T, A)
    return np.array([[sum(a * b for a, b in zip(row, column, strict=True)) for column in B.T]
                     for row in A])


def looped_sum(A, axis=None, keepdims=False):
    """A.sum(axis, keepdims=…) in loops."""
    if axis is None:
        return sum(looped_sum(row) for row in A) if np.ndim(A) else A
    rows = np.moveaxis(A, axis, 0)
    total = 0
    for row in rows:
        total = total + row
    return np.expand_dims(total, axis) if keepdims else total


def looped_mean(A, axis=None, keepdims=False):
    return looped_sum(A, axis, keepdims) / (A.size if axis is None else A.shape[axis])


WORDS = {"np": np, "looped_product": looped_product, "looped_sum": looped_sum,
         "looped_mean": looped_mean}
PRODUCTS = ("np.matmul(A, B)", "np.dot(A, B)", "(B.T @ A.T).T", "np.tensordot(A, B, 1)",
            "looped_product(A, B)", "np.einsum('...j,j...->...', A, B) if B.ndim == 1 else A @ B")
OTHER = {
    ast.MatMult: PRODUCTS,
    ast.Mult: ("np.multiply(A, B)", "B * A", "-(-A * B)", "A * 1 * B"),
    ast.Add: ("np.add(A, B)", "B + A", "A - -B", "-(-A - B)"),
    ast.Sub: ("np.subtract(A, B)", "A + -B", "-(B - A)"),
    ast.Div: ("np.divide(A, B)", "A * (1 / B)", "1 / B * A"),
    ast.Pow: ("np.power(A, B)", "A * A if B == 2 else A ** B", "A ** (B / 2) * A ** (B / 2)"
              " if B == 2 else A ** B"),
    ast.Gt: ("B < A", "np.greater(A, B)", "~(A <= B)", "A - B > 0"),
    "sum": ("np.sum(A, *B)", "np.add.reduce(A, *B)", "looped_sum(A, *B)"),
    "mean": ("np.mean(A, *B)", "np.sum(A, *B) / (A.size // np.sum(A, *B).size)",
             "looped_mean(A, *B)", "np.average(A, *B)"),
    "exp": ("np.e**A", "1 / np.exp(-A)", "np.exp(A / 2)**2"),
    "sqrt": ("A**0.5", "np.power(A, 1 / 2)"),
    "maximum": ("np.where(A > B, A, B)", "np.fmax(A, B)", "-np.minimum(-A, -B)"),
}


class Styled(ast.NodeTransformer):
    """Exchanges pieces for others that give the same, each by chance."""

    def __init__(self, random, chance):
        self.random, self.chance = random, chance

    def other(self, key, node, A, B=None):
        if key not in OTHER or self.random.random() > self.chance:
            return node
        text = OTHER[key][self.random.integers(len(OTHER[key]))]
        return Put({"A": A, "B": B}).visit(ast.parse(text, mode="eval").body)

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.MatMult) and not self.flat:
            return node
        return self.other(type(node.op), node, node.left, node.right)

    def visit_Compare(self, node):
        self.generic_visit(node)
        return self.other(type(node.ops[0]), node, node.left, node.comparators[0])

    def visit_Call(self, node):
        self.generic_visit(node)
        if not isinstance(node.func, ast.Attribute):
            return node
        numpy = isinstance(node.func.value, ast.Name) and node.func.value.id == "np"
        name = node.func.attr
        if name in ("sum", "mean") and not numpy and not node.keywords:
            return self.other(name, node, node.func.value, ast.Tuple(node.args, ast.Load()))
        if name in ("exp", "sqrt") and numpy and not (name == "exp" and self.large):
            return self.other(name, node, node.args[0])
        if name == "maximum" and numpy:
            return self.other(name, node, *node.args)
        return node

    large = False  # whether exp gets numbers at which its other words overflow
    flat = True  # whether all products are of vectors and matrices: the other words take no more


class Put(ast.NodeTransformer):
    """Puts trees in the places of names."""

    def __init__(self, trees):
        self.trees = trees

    def visit_Name(self, node):
        return self.trees.get(node.id) or node


def styled(exercise, source, random):
    """(a right function, what was done to it) from the text of another one."""
    tree = ast.parse(source)
    transform = Styled(random, random.choice([0.0, 0.3, 0.9]))
    transform.large = exercise.name in ("softplus_stable", "log_sigmoid")
    transform.flat = max(map(len, exercise.axes), default=0) < 3
    text = ast.unparse(ast.fix_missing_locations(transform.visit(tree)))
    space = dict(WORDS)
    exec(compile(text, "<styled>", "exec"), space)
    inner = space[exercise.name]
    into = INPUTS[random.integers(len(INPUTS))]
    out = OUTPUTS[random.integers(len(OUTPUTS))]
    pack = PACKS[random.integers(len(PACKS))]
    single = into is as_single

    def function(*arguments):
        value = inner(*[into(a) if np.ndim(a) and a.dtype.kind == "f" else a for a in arguments])
        several = isinstance(value, tuple | list) and len(exercise.outputs) > 1
        parts = [np.asarray(part) for part in (value if several else [value])]
        parts = [out(part.astype(np.float32) if single else part) for part in parts]
        return pack(exercise, parts) if several else parts[0]

    return function, f"{text}\n# {into.__name__}, {out.__name__}, {pack.__name__}"


def as_it_is(A):
    return A


def in_fortran_order(A):
    return np.asfortranarray(A) if A.ndim else A


def turned_view(A):
    return A[::-1].copy()[::-1] if A.ndim else A


def every_second(A):
    return np.repeat(A, 2, axis=-1)[..., ::2] if A.ndim else A


def read_only(A):
    A = A.copy()
    A.flags.writeable = False
    return A


def as_single(A):
    return A.astype(np.float32)


def as_long(A):
    return A.astype(np.longdouble)


def swapped_bytes(A):
    return A.astype(A.dtype.newbyteorder())


def as_list(A):
    return A.tolist()


def as_matrix(A):
    return np.matrix(A) if 0 < A.ndim < 3 else A


def as_masked(A):
    return np.ma.array(A)


def in_boxes(A):
    return A.astype(object)


def as_tuples(A):
    return tuple(map(as_tuples, A)) if A.ndim else A[()]


def list_of_rows(A):
    return list(A) if A.ndim else A


def spread(A):
    return np.broadcast_to(A, (2, *A.shape))[1]


def as_tuple(exercise, parts):
    return tuple(parts)


def as_dict(exercise, parts):
    return dict(zip(exercise.outputs, parts, strict=True))


def as_named(exercise, parts):
    return namedtuple("Gradients", exercise.outputs)(*parts)


def as_a_list(exercise, parts):
    return parts


INPUTS = (as_it_is, in_fortran_order, turned_view, every_second, read_only, as_single, as_long)
OUTPUTS = (as_it_is, in_fortran_order, turned_view, every_second, read_only, as_single, as_long,
           swapped_bytes, as_list, as_matrix, as_masked, in_boxes, as_tuples, list_of_rows, spread)
PACKS = (as_tuple, as_a_list, as_dict, as_named)
