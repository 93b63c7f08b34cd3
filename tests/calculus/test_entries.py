"""What a formula in LaTeX says of one entry of a Jacobian is what stands in the Jacobian."""

import re

import numpy as np
import pytest

from helpers import OPERATIONS
from tests.calculus.cases import evaluate, example, names
from tests.calculus.read_latex import open_indices, value

# Their formulas say in words, or by a fall outside of an array, which entries are not 0.
IN_WORDS = {"maxout", "kron", "embedding", "conv1d", "maxpool1d", "conv2d", "maxpool2d",
            "avgpool2d", "l2_normalize", "cosine_similarity", "softmax_cross_entropy",
            "quadratic_form"}
LEFT = re.compile(r"\\frac{\\partial (\w)(?:_(?:{([^}]*)}|(\w)))?}"
                  r"{\\partial ?\\?(\w+?)(?:_(?:{([^}]*)}|(\w)))?} = (.*)")
NAMED = {"s": "sigma", "target": "T", "labels": "T", "mask": "M"}
PAIRS = [(op, wrt) for op in OPERATIONS.values() if op.name not in IN_WORDS
         for wrt in op.derivatives]


def letters(*texts):
    return re.findall(r"[a-z]'*", "".join(filter(None, texts)))


def known(call):
    """The names in a formula: inputs, output, parameters, what `where` says, sizes in capitals."""
    values = names(call) | {call.op.output: call.Y}
    found = {name: evaluate(name, call.op.where, values) for name in call.op.where
             if "G" not in call.op.where[name]}
    found = {**{k: v for k, v in values.items() if isinstance(v, np.ndarray | float)}, **found}
    found = {name: np.squeeze(v) if name in ("s", "r") else v for name, v in found.items()}
    return {symbol: found[own] for own, symbol in NAMED.items() if own in found} | found


@pytest.mark.parametrize("op, wrt", PAIRS, ids=[f"{op.name}-{wrt}" for op, wrt in PAIRS])
def test_an_entry_is_what_its_formula_says(op, wrt):
    call = example(op, 3)
    J = op.jacobian(*call.inputs, wrt=wrt, **call.parameters)
    found = LEFT.fullmatch(op.formulas_at(call.ndim, **call.parameters)[wrt]["entry"])
    assert found and found[4] == wrt
    outer, inner = letters(found[2], found[3]), letters(found[5], found[6])
    right = re.sub(r"(\\frac\{1\}|\\sqrt){([nd])}", lambda size: f"{size[1]}{{{size[2].upper()}}}",
                   found[7].split(r", \quad")[0])  # there a letter is the size of its axis
    sizes = dict(zip([*outer, *inner], J.shape, strict=True))
    values = known(call)
    for letter in re.findall(r"\\sum_(\w)", right):  # summed over: the last axes
        sizes[letter] = next(np.shape(values[name])[own.index(letter)] for name, own in re.findall(
            r"(\w)_{?(\w+)", right) if letter in own and name in values)
    capitals = {letter.strip("'").upper(): size for letter, size in sizes.items()}
    said = value(right, **capitals | values | open_indices(sizes))
    said = np.broadcast_to(said, [*J.shape, *np.shape(said)[J.ndim:]]).reshape(J.shape)
    np.testing.assert_allclose(said, J, rtol=1e-10, atol=1e-12)
