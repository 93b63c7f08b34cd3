"""Wrong answers by chance: a right one with one piece of its code exchanged, or noise on top."""

import ast
import copy

import numpy as np

BINARY = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult)
COMPARE = (ast.Gt, ast.Lt, ast.GtE, ast.LtE, ast.Eq)
NUMBERS = (-1, 0, 0.5, 1, 2, 3, 1e-3)
CALLS = ("sum", "mean", "max", "min", "std", "var", "exp", "log", "sqrt", "maximum", "minimum",
         "abs", "where", "outer", "stack", "cumsum")


def sites(tree):
    """The pieces of a tree that can be exchanged."""
    return [node for node in ast.walk(tree)
            if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Name | ast.Attribute | ast.Subscript)
            or (isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARE)
            or (isinstance(node, ast.Constant) and isinstance(node.value, int | float))]


def mutant(source, random, count):
    """`source` with up to `count` pieces exchanged, as text."""
    tree = ast.parse(source)
    names = [argument.arg for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
             for argument in node.args.args]
    for _ in range(count):
        places = sites(tree)
        replace(places[random.integers(len(places))], names, random)
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(tree)))


def replace(node, names, random):
    """Exchange one piece in place."""
    def pick(options):
        return options[random.integers(len(options))]

    if isinstance(node, ast.BinOp):
        if random.random() < 0.5:
            node.op = pick(BINARY)()
        else:
            node.left, node.right = node.right, node.left
    elif isinstance(node, ast.UnaryOp):
        node.op = pick((ast.UAdd, ast.USub))()
    elif isinstance(node, ast.Compare):
        node.ops = [pick(COMPARE)()]
    elif isinstance(node, ast.Constant):
        node.value = pick(NUMBERS)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id != "np":
        node.id = pick(names)
    elif isinstance(node, ast.Attribute):
        node.attr = pick(CALLS) if node.attr != "T" else pick(("T", "real"))


def noisy(function, random):
    """The function with noise above 1e-6 on one entry or on all of one output, in every case."""
    size = 10 ** random.uniform(-5.9, 1) * random.choice([-1, 1])
    which, everywhere = random.random(), random.random() < 0.5

    def wrong(*arguments):
        value = function(*arguments)
        outputs = list(value) if isinstance(value, tuple) else [value]
        k = int(which * len(outputs))
        outputs[k] = np.array(outputs[k], float)
        if everywhere:
            outputs[k] += size
        else:
            outputs[k].flat[int(which * outputs[k].size)] += size
        return tuple(outputs) if isinstance(value, tuple) else outputs[0]

    return wrong
