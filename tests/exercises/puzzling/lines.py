"""Lines for a puzzle, wrong and right, made from its text alone: not by the rules that made it."""

import ast
import copy
import warnings

import numpy as np

SWAPPED = {"sum": "mean", "mean": "sum"}


def wrong_lines(puzzle):
    """What a student may write instead of the line, the likeliest first; some of it is right."""
    tree = ast.parse(puzzle.line, mode="eval").body
    made = [*(edited(tree, edit) for edit in (no_transposes, operands_swapped, other_mean)),
            "G", puzzle.forward.replace("dX", "G"),
            *pieces_changed(tree), f"-({puzzle.line})",
            ast.unparse(Renamed({"G": "np.ones(G.shape)"}).visit(copy.deepcopy(tree)))]
    return [line for line in dict.fromkeys(made) if line != puzzle.line and compiles(line)]


def compiles(line):
    """Whether Python takes a line without a word (an index behind a number makes it warn)."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return bool(compile(line, "<line>", "eval"))
        except SyntaxError:
            return False


def edited(tree, edit):
    """The line with an edit at every place where it fits."""
    class Editor(ast.NodeTransformer):
        def generic_visit(self, node):
            return edit(super().generic_visit(node))

    return ast.unparse(Editor().visit(copy.deepcopy(tree)))


def no_transposes(node):
    return node.value if isinstance(node, ast.Attribute) and node.attr == "T" else node


def operands_swapped(node):
    """A @ B as B @ A, np.outer(a, b) as np.outer(b, a)."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        node.left, node.right = node.right, node.left
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "np.outer":
        node.args.reverse()
    return node


def other_mean(node):
    """A sum as a mean, a mean as a sum."""
    if isinstance(node, ast.Attribute) and node.attr in SWAPPED:
        node.attr = SWAPPED[node.attr]
    return node


def pieces_changed(tree):
    """One piece changed each: a factor or a mask left out, another axis, a transpose lost."""
    count = sum(1 for _ in ast.walk(tree))
    for place in range(count):
        for change in (lost_left, lost_right, lost_mask, other_axis, no_transposes):
            whole = ast.Expression(copy.deepcopy(tree))
            node = list(ast.walk(whole.body))[place]
            new = change(node)
            if new is not node:
                yield ast.unparse(Exchanged(node, new).visit(whole).body)


def lost_left(node):
    return node.right if isinstance(node, ast.BinOp) else node


def lost_right(node):
    return node.left if isinstance(node, ast.BinOp) else node


def lost_mask(node):
    return node.left if isinstance(node, ast.Compare) else node


def other_axis(node):
    """sum(0) as sum(1), and so on."""
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant) \
            and node.args[0].value in (0, 1):
        rest = [ast.Constant(1 - node.args[0].value), *node.args[1:]]
        return ast.Call(node.func, rest, node.keywords)
    return node


class Exchanged(ast.NodeTransformer):
    """One node for another."""

    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        return self.new if node is self.old else self.generic_visit(node)


class Renamed(ast.NodeTransformer):
    """Expressions for names."""

    def __init__(self, texts):
        self.texts = texts

    def visit_Name(self, node):
        text = self.texts.get(node.id)
        return ast.parse(text, mode="eval").body if text else node


def looped(puzzle):
    """dX in loops: each entry is the sum of G times what a unit step in X does."""
    forward = eval(f"lambda {', '.join(('dX', *puzzle.arguments[1:]))}: {puzzle.forward}",
                   {"np": np})

    def function(G, *arrays):
        dX = np.zeros(puzzle.shape(puzzle.inner))
        for place in np.ndindex(dX.shape):
            step = np.zeros(dX.shape)
            step[place] = 1
            for g, y in zip(G.ravel(), forward(step, *arrays).ravel(), strict=True):
                dX[place] += g * y
        return dX

    return function


def one_einsum(puzzle):
    """One einsum of G and every array of the line, or None where the line is more than products."""
    tree = ast.parse(puzzle.line, mode="eval").body
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    plain = (ast.Name, ast.Load, ast.BinOp, ast.Mult, ast.MatMult, ast.Attribute)
    if not all(isinstance(node, plain) for node in ast.walk(tree)) or len(set(names)) < len(names):
        return None
    axes = {"G": "".join(puzzle.outer), **{k.name: k.axes.replace(" ", "") for k in puzzle.known}}
    spec = f"{','.join(axes[name] for name in names)}->{''.join(puzzle.inner)}"
    return f"np.einsum({spec!r}, {', '.join(names)})"
