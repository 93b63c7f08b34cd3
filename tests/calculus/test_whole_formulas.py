"""What the formulas of forward, vjp and jvp say in LaTeX is what the operation computes."""

import re

import numpy as np
import pytest

from helpers import OPERATIONS
from tests.calculus.cases import evaluate, example, names
from tests.calculus.read_latex import matrix, open_indices, value

# They speak of winners in words, or with signs that the reader does not know.
IN_WORDS = {"maxout", "kron", "embedding", "maxpool1d", "maxpool2d", "avgpool2d"}
UNREAD = re.compile(r"\\det\b|\w_q|Z_\d|G'|f\(X\)")
ROWS = [op for op in OPERATIONS.values() if op.name not in IN_WORDS]
MATRICES = {"affine", "affine_vector", "matmul", "outer", "quadratic_form", "log_det", "inverse",
            "transpose", "rnn_step", "attention"}
COLUMNS = {"affine_vector", "outer", "quadratic_form"}  # there a vector is a column
NAMED = {"target": "T", "labels": "T", "mask": "M", "stride": "t", "padding": "z",
         "eps": "varepsilon"}
SPELLED = [(r"\delta_{k t_n}", "T_{nk}"), (r"P_{n,t_n}", "p"), ("r_n", "r"),
           (r"\mathrm{tr}(B\,Δ) = ", ""),
           (r"\frac{1}{n}", r"\frac{1}{N}"), (r"\frac{1}{h}", r"\frac{1}{H}"),
           (r"\sqrt{d}", r"\sqrt{D}"), (r"\frac{G}{NK}", r"\frac{G}{NH}")]


def letters(text):
    return re.findall(r"[a-z]'*", text)


@pytest.mark.parametrize("op", ROWS, ids=lambda op: op.name)
def test_a_whole_formula_says_the_numbers(op):
    ends = [{name: value} for name, ends in op.ranges.items() for value in ends]
    for parameters in [{}, *ends]:
        many = {"n": 6, "h": 7} if op.name in ("hinge", "huber") else {}  # at both sides of a kink
        call = example(op, 3, sizes=many, **parameters)
        if 1 in call.Y.shape:
            continue  # an axis of size 1 and one that was summed look alike
        texts = op.formulas_at(call.ndim, **call.parameters)
        G = np.asarray(call.like(call.Y))
        tangents = {f"d{wrt}": np.asarray(call.like(x))
                    for wrt, x in zip(op.inputs, call.inputs, strict=True)}
        values = known(call, G, tangents)
        compare(texts[op.output]["latex"], call, op.output, call.Y, values)
        for wrt in op.derivatives:
            ways = dict(wrt=wrt, **call.parameters)
            compare(texts[wrt]["latex"], call, wrt, op.vjp(G, *call.inputs, **ways), values)
            tangent = f"d{wrt}" if len(wrt) == 1 else rf"d\{wrt}"
            dY = op.jvp(tangents[f"d{wrt}"], *call.inputs, **ways)
            compare(texts[wrt]["jvp_latex"].replace(tangent, "Δ"), call, op.output, dY,
                    values | {"Δ": values[f"d{wrt}"]})


def test_maxout_is_the_largest_of_what_its_formula_says_of_each_piece():
    call = example(OPERATIONS["maxout"], 3)
    X, W, b = call.inputs
    left, side = OPERATIONS["maxout"].formulas["Y"]["latex"].split(r" = \max_p\; ")
    assert left == "Y_{nk}"
    n, k = np.ogrid[:len(X), :W.shape[-1]]
    pieces = [[[value(side.replace("_p", ""), X=matrix(X), W=matrix(W_p), n=i, k=j,
                      b=matrix([b_p] * len(X))) for j in k[0]] for i in n[:, 0]]
              for W_p, b_p in zip(W, b, strict=True)]
    np.testing.assert_allclose(np.max(pieces, 0), call.Y, rtol=1e-12)


@pytest.mark.parametrize("size", [2, 3])
def test_a_mean_over_windows_is_what_its_formulas_say(size):
    """Their bounds and floors stand here as indices: i and j below s, u = ⌊h/s⌋, v = ⌊w/s⌋."""
    op = OPERATIONS["avgpool2d"]
    call = example(op, 3, sizes={"n": 2, "h": 3 * size, "w": 2 * size}, size=size)
    G, dX = call.like(call.Y), call.like(call.inputs[0])
    right = {"latex": op.vjp(G, *call.inputs, size=size), "jvp_latex": op.jvp(
        dX, *call.inputs, size=size), "entry": op.jacobian(*call.inputs, size=size)}
    texts = op.formulas["X"] | {"Y": op.formulas["Y"]["latex"]}
    n, h, w = np.shape(dX)
    for name, array in (right | {"Y": call.Y}).items():
        sizes = {"n": n, "p": 3, "q": 2, "n'": n, "h": h, "w": w, "i": size, "j": size}
        used = {"latex": "nhw", "entry": "npq#hw"}.get(name, "npqij").replace("#", "\0")
        letters = [letter.replace("\0", "n'") for letter in used]
        at = open_indices({letter: sizes[letter] for letter in letters})
        side = texts[name].split(" = ", 1)[1].replace("i,j<s", "ij").replace(
            r"= p,\; ", r"= p) \mathbb{1}(").replace("dX", "Δ")
        for letter, floor in zip("hw", "uv", strict=True):
            side = side.replace(rf"\lfloor {letter}/s \rfloor", floor)
            at |= {floor: at[letter] // size} if letter in at else {}
        found = value(side, s=size, X=call.inputs[0], G=G, Δ=dX, **at)
        np.testing.assert_allclose(np.reshape(found, array.shape), array, rtol=1e-12)


def known(call, G, tangents):
    """What stands in the formulas, by name."""
    op, values = call.op, names(call, G=G) | {call.op.output: call.Y} | tangents
    values |= {name: evaluate(name, op.where, values) for name in op.where}
    values |= {symbol: values[own] for own, symbol in NAMED.items()
               if own in values and symbol not in values}
    if "s" in values:
        values["mu"] = values["X"] - values["Xc"] if "Xc" in values else values["mean"]
        values["v"] = values["s"]**2 - values["eps"]
    if op.name == "softmax_cross_entropy":
        values["p"] = np.sum(values["P"] * values["T"], 1, keepdims=True)
    return {name: shaped(op, array) for name, array in values.items()} | {":": slice(None)}


def shaped(op, array):
    """An array as it stands in a formula: a matrix, a column, or all its entries."""
    if op.name in COLUMNS and np.ndim(array) == 1:
        array = array[:, None]
    return matrix(array) if op.name in MATRICES and np.ndim(array) == 2 else array


def compare(latex, call, name, right, values):
    """Each side of a formula with the numbers; `name` is what has the axes on its left."""
    if UNREAD.search(latex):
        return
    op, (latex, more) = call.op, spelled(latex, call)
    first, *defined = [part.split(r" \quad")[0] for part in latex.split(r", \quad ")]
    left, *sides = first.split(" = ")
    patterns = re.split(",|->", op.axes_at(call.ndim))
    own = on_the_left(left) or letters(dict(zip((*op.inputs, op.output), patterns,
                                                strict=True))[name])
    sizes = op.sizes(*call.inputs, **call.parameters) | dict(zip(own, right.shape, strict=False))
    values = values | more
    for line in reversed([line for line in defined if " = " in line]):  # others are words
        symbol, line = line.split(" = ")
        if "(" in symbol:  # a function of X
            symbol, line = symbol.replace("x", "X"), line.replace("x", "X")
            sides.append(sides[0].replace(symbol, f"({line})"))
            continue
        found = read(line, on_the_left(symbol) or own, sizes, values)
        values |= {re.sub(r"(\\hat{(\w)}|(\w)).*", r"\2\3", symbol) + "hat" * (
            "hat" in symbol): found}
    for side in sides:
        found = np.asarray(read(side, own, sizes, values))
        found = np.squeeze(found) if ":" in side else found
        found = np.broadcast_to(found, [*right.shape, *found.shape[right.ndim:]])
        np.testing.assert_allclose(found.reshape(right.shape), right, rtol=1e-9, atol=1e-11)


def on_the_left(text):
    """The letters of the indices on the left of a formula, where it has some."""
    return letters(re.sub(r".*_", "", text)) if "_" in text and ":" not in text else []


def spelled(latex, call):
    """The formula as the reader knows its signs, and the values of those that it has alone."""
    op, more = call.op, {}
    for old, new in SPELLED:
        latex = latex.replace(old, new)
    norm = re.search(r"\\\|(\w)(_n)?\\\|", latex)
    if norm:
        more["ℓ"] = np.linalg.norm(call.input(norm[1].upper()), axis=-1, keepdims=True)
        more["r"] = np.maximum(more["ℓ"], call.parameters["eps"])
        latex = latex.replace(norm[0], "ℓ")
    if op.name == "groupnorm" and "overline" in latex:
        more |= {"overline": (2, 3), "gamma": call.input("gamma")[:, :, None]}
    return latex, more


def read(text, own, sizes, values):
    """What a side says, along axes for its `own` letters and for those that are summed."""
    used = list(dict.fromkeys([*own, *letters("".join(re.findall(r"\\sum_{?([\w']+)", text)))]))
    for name, at in re.findall(r"(\w)_{?([\w']+)", text):
        if name in values and len(letters(at)) == np.ndim(values[name]):
            sizes = dict(zip(letters(at), np.shape(values[name]), strict=True)) | sizes
    capitals = {letter.upper(): size for letter, size in sizes.items()}
    return value(text, **capitals | values | open_indices({x: sizes[x] for x in used}))
