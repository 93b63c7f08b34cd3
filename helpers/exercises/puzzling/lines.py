"""Lines of NumPy as text: put together from steps, turned into functions, measured.

Only lines that this package wrote itself are run here; a student hands in a function.
"""

import ast

import numpy as np

TIMES = ast.Mult | ast.Div | ast.MatMult
BRACKETS = "_brackets"


class Filled(ast.NodeTransformer):
    """A template with an expression in the place of each name that stands for one."""

    def __init__(self, values):
        self.values = values

    def visit_Name(self, node):
        return self.values.get(node.id, node)


class Grouped(ast.NodeTransformer):
    """Brackets between `@` and `*`, which Python can do without and a reader cannot."""

    def visit_BinOp(self, node):
        self.generic_visit(node)
        node.left, node.right = self.told(node, node.left), self.told(node, node.right)
        return node

    def told(self, node, part):
        mixed = isinstance(part, ast.BinOp) and isinstance(part.op, TIMES) and isinstance(
            node.op, TIMES) and is_product(node) != is_product(part)
        return ast.Call(ast.Name(BRACKETS), [part], []) if mixed else part


def is_product(node):
    """Whether this is a matrix product."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)


def parsed(text):
    """The expression in a text."""
    return ast.parse(text, mode="eval").body


def fill(template, values):
    """`(G * A) @ V.T` from `_ @ W.T` and {"_": "G * A", "W": "V"}: brackets where needed."""
    filled = Filled({name: parsed(text) for name, text in values.items()})
    return written(filled.visit(parsed(template)))


def written(tree):
    """An expression as text."""
    return ast.unparse(Grouped().visit(tree)).replace(f"{BRACKETS}(", "(")


def function(text, names):
    """The function of these arguments that a line is."""
    return eval(f"lambda {', '.join(names)}: {text}", {"np": np})


def names_in(text):
    """The names that a line reads, NumPy's aside."""
    nodes = list(ast.walk(parsed(text)))
    made = {node.id for node in nodes if isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Store)}
    return {node.id for node in nodes if isinstance(node, ast.Name)} - made - {"np"}


def parts(text):
    """How many operators, calls, attributes and indices a line has: how much there is to see."""
    kinds = ast.BinOp | ast.UnaryOp | ast.Compare | ast.Call | ast.Subscript | ast.Attribute
    return sum(isinstance(node, kinds) and not is_np(node) for node in ast.walk(parsed(text)))


def is_np(node):
    """Whether this is `np.something`, a part of a call."""
    return (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
            and node.value.id == "np")
