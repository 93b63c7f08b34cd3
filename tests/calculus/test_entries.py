"""What a formula in LaTeX says of one entry of a Jacobian is what stands in the Jacobian."""

import re

import numpy as np
import pytest

from helpers import OPERATIONS
from tests.calculus.cases import evaluate, example, names, needed
from tests.calculus.read_latex import open_indices, value

# Their formulas say in words which entries are not 0, or with signs that the reader does not know.
IN_WORDS = {"maxout", "kron", "embedding", "maxpool1d", "maxpool2d",
            "avgpool2d", "l2_normalize", "cosine_similarity", "softmax_cross_entropy",
            "quadratic_form"}
LEFT = re.compile(r"\\frac{\\partial (\w)(?:_(?:{([^}]*)}|(\w)))?}"
                  r"{\\partial ?\\?(\w+?)(?:_(?:{([^}]*)}|(\w)))?} = (.*)")
NAMED = {"target": "T", "labels": "T", "mask": "M", "stride": "t", "padding": "z"}
PAIRS = [(op, wrt) for op in OPERATIONS.values() if op.name not in IN_WORDS
         for wrt in op.derivatives]


def letters(*texts):
    return re.findall(r"[a-z]'*", "".join(filter(None, texts)))


def of_a_pass(name, where):
    """Whether a line uses what only a pass has: G, or a tangent such as dX."""
    lines = [where[name], *needed(where[name], where).values()]
    return any(re.search(r"\bG\b|\bd[A-Zb]\b", line) for line in lines)


def known(call):
    """The names in a formula: inputs, output, parameters, what `where` says, sizes in capitals."""
    values = names(call) | {call.op.output: call.Y}
    found = {name: evaluate(name, call.op.where, values) for name in call.op.where
             if not of_a_pass(name, call.op.where)}
    values = {k: v for k, v in values.items() if isinstance(v, np.ndarray | float | int)}
    found = values | found
    found = {name: np.squeeze(v) if name in ("s", "r") else v for name, v in found.items()}
    return {symbol: found[own] for own, symbol in NAMED.items() if own in found} | found


def calls(op):
    """The operation as it is, and with its parameters at the ends of their sliders.

    Where a unit has a kink, an entry stands at it.
    """
    ends = [{name: value} for name, ends in op.ranges.items() for value in ends]
    for parameters in [{}, *ends]:
        call = example(op, 3, **parameters)
        if op.name.endswith("elu"):
            call.inputs[0][0, 0] = 0
            call.Y = op(*call.inputs, **call.parameters)
        yield call


@pytest.mark.parametrize("op, wrt", PAIRS, ids=[f"{op.name}-{wrt}" for op, wrt in PAIRS])
def test_an_entry_is_what_its_formula_says(op, wrt):
    for call in calls(op):
        J = op.jacobian(*call.inputs, wrt=wrt, **call.parameters)
        said = entries(op.formulas_at(call.ndim, **call.parameters)[wrt]["entry"], wrt, J,
                       known(call))
        np.testing.assert_allclose(said, J, rtol=1e-10, atol=1e-12)


def entries(formula, wrt, J, values):
    """All entries that the formula of one gives, in the shape of J."""
    found = LEFT.fullmatch(formula)
    assert found and found[4] == wrt
    outer, inner = letters(found[2], found[3]), letters(found[5], found[6])
    right = re.sub(r"(\\frac\{1\}|\\sqrt){([nhd])}", lambda size: f"{size[1]}{{{size[2].upper()}}}",
                   found[7].split(r", \quad")[0])  # there a letter is the size of its axis
    sizes = dict(zip([*outer, *inner], J.shape, strict=True))
    summed = re.findall(r"\\sum_{?(\w+)", right)  # over the last axes
    for letter in "".join(summed):
        sizes[letter] = next(np.shape(values[name])[own.index(letter)] for name, own in re.findall(
            r"(\w)_{?(\w+)", right) if letter in own and name in values)
    capitals = {letter.strip("'").upper(): size for letter, size in sizes.items()}
    said = value(right, **capitals | values | open_indices(sizes))
    return np.broadcast_to(said, [*J.shape, *np.shape(said)[J.ndim:]]).reshape(J.shape)
