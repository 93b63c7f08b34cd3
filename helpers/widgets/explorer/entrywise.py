"""A line of NumPy read at one entry of what it gives, with names and with numbers.

`Y * (G - (G * Y).sum(-1, keepdims=True))` at [0,1] is `Y[0,1] · (G[0,1] − (G * Y).sum(-1)[0])`.
"""

import ast
import math
import re

import numpy as np

from ...words import factor

SIGNS = {ast.Add: ("+", 1), ast.Sub: ("−", 1), ast.Mult: ("·", 2), ast.Div: ("/", 2)}
TIGHT = 3  # binds closer than every sign above
CLOSE = {"rtol": 1e-6, "atol": 1e-12}


def read_line(computed, x):
    """`{names, numbers}`: the line of the compact way at entry x of the gradient.

    numbers is "" where the line is one call, cannot be read, or does not give this entry.
    """
    chosen = computed.texts[computed.present.wrt]
    shape = computed.full.shape
    at = tuple(int(i) for i in np.unravel_index(x, shape)) if shape else ()
    whole = {"names": f"({chosen['numpy']}){subscript(at)}", "numbers": ""}
    with np.errstate(all="ignore"):
        try:
            names = namespace(computed, chosen)
            tree = ast.parse(chosen["numpy"], mode="eval").body
            gives = np.broadcast_to(value_of(tree, names), shape)[at]
            read = Reading(names, shape, at)
            texts = {"names": read.text(tree, named)[0], "numbers": read.text(tree, counted)[0]}
        except (NameError, TypeError, ValueError, IndexError):  # names that only `discover` knows
            return whole
    if type(getattr(tree, "op", None)) not in {*SIGNS, ast.USub}:
        texts["numbers"] = ""
    true = computed.compact.reshape(-1)[x]
    return texts if np.isclose(gives, true, **CLOSE, equal_nan=True) else whole


def namespace(computed, chosen):
    """Every name that a line of the compact way may use."""
    present = computed.present
    names = {"np": np, "math": math, **present.sizes, **present.keywords, **present.inputs,
             "G": present.G, present.op.output: computed.Y}
    for name, line in chosen.get("where", {}).items():
        names[name] = eval(line, names)
    return names


def hatted(name):
    """A name as a formula writes it: X̂ where NumPy has to spell Xhat."""
    return name.removesuffix("hat") + "\u0302" if name.endswith("hat") else name


def value_of(node, names):
    """The value of a part of a line."""
    return eval(compile(ast.Expression(node), "line", "eval"), names)


class Reading:
    """The parts of a line at one place of an array of this shape."""

    def __init__(self, names, shape, at):
        self.names, self.shape, self.at = names, shape, at

    def text(self, node, said):
        """(text of a part, how tight it holds together); `said` writes what is not taken apart."""
        if isinstance(node, ast.NamedExpr):
            return self.text(node.value, said)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"−{self.within(node.operand, said, 2)}", 1
        if not isinstance(node, ast.BinOp) or type(node.op) not in SIGNS:
            return said(node, *self.entry(node)), TIGHT
        sign, tight = SIGNS[type(node.op)]
        right = tight + 1 if isinstance(node.op, ast.Sub | ast.Div) else tight
        parts = self.within(node.left, said, tight), self.within(node.right, said, right)
        return f"{parts[0]} {sign} {parts[1]}", tight

    def within(self, node, said, least):
        """A part as an operand: in brackets where it would fall apart."""
        text, tight = self.text(node, said)
        return text if tight >= least else f"({text})"

    def entry(self, node):
        """(the indices that a part has at this place, its value there)."""
        value = np.asarray(value_of(node, self.names))
        here = self.at[len(self.at) - value.ndim:] if value.ndim else ()
        number = np.broadcast_to(value, self.shape)[self.at]
        own = [i for i, size, whole in zip(here, value.shape, self.shape[len(self.shape)
               - value.ndim:], strict=True) if size == whole]
        return own, number


def named(node, own, _):
    """`Y[0,1]`, `(G * Y).sum(-1)[0]`, `2`."""
    text = re.sub(r", keepdims=True|\bkeepdims=True", "", ast.unparse(node))
    loose = isinstance(node, ast.BinOp | ast.Compare | ast.UnaryOp)
    return (f"({text})" if loose else text) + subscript(own)


def counted(_, own, number):
    """`0.2119`; a negative number in brackets."""
    return factor(number)


def subscript(own):
    """`[0,1]`, or nothing for a single number."""
    return f"[{','.join(map(str, own))}]" if len(own) else ""
