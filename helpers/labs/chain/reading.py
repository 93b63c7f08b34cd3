"""What the chain rule lab says in figures: matrices in both layouts, the error, one sentence."""

import re
from functools import lru_cache
from itertools import pairwise

import numpy as np

from ...calculus.vector.maps import MAPS
from ..kit.lab import EXACT, math, matrices, note, rows_of, said, table, value, vector

LETTERS = "xyz"
LETTER = re.compile(r"(?<![a-z\\])[xy](?![a-z])")  # not one of a word such as \max
MATRIX = re.compile(r"\\begin{pmatrix}(.*)\\end{pmatrix}$")


def turned(J, layout):
    """A Jacobian matrix in a layout (a copy)."""
    return np.array(J if layout == "numerator" else J.T)


def ordered(factors, layout):
    """The factors of the numerator layout as they stand in the product of a layout."""
    if layout == "numerator":
        return [J.copy() for J in factors]
    return [J.T.copy() for J in factors[::-1]]


def factor_names(count, layout):
    """Names of the factors from left to right: J_z J_y, or ∇_x y ∇_y z."""
    pairs = list(pairwise(LETTERS[:count + 1]))
    if layout == "numerator":
        return [f"J_{after}" for _, after in reversed(pairs)]
    return [f"∇_{before} {after}" for before, after in pairs]


def readouts(view):
    """Every read-out of the present mode."""
    return entry_readouts(view) if view["mode"] == "entries" else map_readouts(view)


@lru_cache(maxsize=64)
def formula(name, place, layout):
    """A map and its Jacobian in LaTeX; the second map makes z from y."""
    row, (before, after) = MAPS[name], LETTERS[place:place + 2]
    slopes = row.slopes_latex.removeprefix("J = ")
    if layout == "denominator":
        slopes = turned_formula(slopes)
    y, slopes = (LETTER.sub(lambda found: "yz"["xy".index(found[0])], latex) if place else latex
                 for latex in (row.latex, slopes))
    J = f"J_{after}" if layout == "numerator" else rf"\nabla_{before} {after}"
    return rf"{y}, \quad {J} = {slopes}"


def turned_formula(latex):
    """The transpose of a Jacobian of the table: a matrix, W, a diagonal, or diagonal times W."""
    found = MATRIX.match(latex)
    if found:
        rows = [row.split("&") for row in found[1].split(r"\\")]
        turned_rows = r"\\".join("&".join(column) for column in zip(*rows, strict=True))
        return rf"\begin{{pmatrix}}{turned_rows}\end{{pmatrix}}"
    return rf"W^\top{latex[:-1]}" if latex.endswith("W") else latex


def map_readouts(view):
    """The product, the prediction beside the true change, and the error."""
    layout, count = view["layout"], len(view["names"])
    factors = ordered(view["factors"], layout)
    names = factor_names(count, layout)
    whole = turned(view["products"][-1], layout)
    total = f"∂{LETTERS[count]}/∂x" if layout == "numerator" else f"∇_x {LETTERS[count]}"
    reads = [math("", formula(name, place, layout)) for place, name in enumerate(view["names"])]
    if count == 2:
        parts = [(name, rows_of(J)) for name, J in zip(names, factors, strict=True)]
        reads.append(matrices("chain rule", [parts[0], "·", parts[1], "=",
                                             (total, rows_of(whole))]))
    reads.append(prediction(view, total if count == 2 else names[0], whole))
    error = view["errors"][view["shrink"]]
    reads += [value("‖Δx‖", said(view["sizes"][view["shrink"]])),
              value("error ‖true − by the Jacobian‖", said(error), "" if error > EXACT else "good"),
              slope_read(view)]
    return [*reads, note(layout_note(view))]


def prediction(view, name, whole):
    """The Jacobian times Δx, beside the true change: columns, or rows in the denominator layout."""
    last = LETTERS[len(view["names"])]
    step, guess, true = view["step"], view["predicted"][-1], view["true"][-1]
    if view["layout"] == "numerator":
        across = [(name, rows_of(whole)), "·", ("Δx", rows_of(step[:, None])), "=",
                  (f"by the Jacobian: Δ{last}", rows_of(guess[:, None])), "beside",
                  (f"true Δ{last}", rows_of(true[:, None]))]
    else:
        across = [("Δxᵀ", rows_of(step)), "·", (name, rows_of(whole)), "=",
                  (f"by the Jacobian: Δ{last}ᵀ", rows_of(guess)), "beside",
                  (f"true Δ{last}ᵀ", rows_of(true))]
    return matrices("change", across)


def slope_read(view):
    """The slope on log axes, and what it means."""
    slope, exact = view["slope"], view["errors"] <= EXACT
    label = "slope of the error"
    if exact.all():
        return value(label, "none: only rounding, the Jacobian is exact", "good")
    if exact.any():
        return value(label, "none: long steps cross a kink, short ones are exact")
    good = abs(slope - 2) < 0.1
    return value(label, f"{said(slope)}{': it falls with ‖Δx‖²' if good else ''}",
                 "good" if good else "")


def layout_note(view):
    """Which shapes meet, and in which order."""
    layout, count = view["layout"], len(view["names"])
    shapes = " ".join(f"({a}×{b})" for a, b in (
        J.shape for J in ordered(view["factors"], layout)))
    if count == 1:
        return (f"Numerator layout: row k is the gradient of y[k], shape {shapes}." if
                layout == "numerator" else
                f"Denominator layout: column k is the gradient of y[k], shape {shapes}: the same "
                "numbers, transposed.")
    if layout == "numerator":
        return f"Numerator layout: the last map stands on the left, {shapes}."
    return (f"Denominator layout: every matrix is transposed, so the first map stands on the left, "
            f"{shapes}.")


def entry_readouts(view):
    """The sum that one entry comes from, and the matrix so far."""
    W, x, entry, layout = view["W"], view["x"], view["entry"], view["layout"]
    h, n = W.shape
    name, goal = ("J", "W") if layout == "numerator" else ("∇ₓ(Wx)", "Wᵀ")
    if entry is None:
        return [note(f"y = Wx has {h} entries and x has {n}, so there are {view['count']} "
                     "derivatives. Fill them in one by one: move “entries filled in”, or press ▶.")]
    k, i = entry
    terms = [f"W[{k},{j}]·x[{j}]" for j in range(n)]
    factors = [f"{said(W[k, j])} · {said(x[j])}" for j in range(n)]
    row, column = view["place"]
    reads = [table(f"y[{k}] = {said(view['y'][k])} is the sum of", terms, [factors], [(0, i)]),
             note(f"Only the term W[{k},{i}]·x[{i}] has x[{i}] in it, so ∂y[{k}]/∂x[{i}] = "
                  f"W[{k},{i}] = {said(W[k, i])}."),
             value(f"measured: x[{i}] moved by ±0.001", said(measured(W, x, k, i)), "good"),
             note(f"{layout.capitalize()} layout: row {row}, column {column}, because "
                  + ("y’s index k is the row." if layout == "numerator"
                     else "x’s index i is the row."))]
    if view["filled"] == view["count"]:
        shape = "×".join(map(str, view["J"].shape))
        reads.append(note(f"All {view['count']} are filled in: {name} = {goal}, {shape}.", "good"))
    return reads


def measured(W, x, k, i):
    """∂y[k]/∂x[i] as a difference quotient."""
    move = np.zeros(len(x))
    move[i] = 1e-3
    return (W[k] @ (x + move) - W[k] @ (x - move)) / 2e-3


def says(view):
    """One true sentence."""
    if view["mode"] == "entries":
        h, n = view["W"].shape
        goal = "W" if view["layout"] == "numerator" else "Wᵀ"
        done = (f"all {view['count']} derivatives of y = Wx are filled in and make {goal}"
                if view["filled"] == view["count"] else
                f"{view['filled']} of {view['count']} derivatives of y = Wx are filled in")
        return f"W is {h}×{n}, {view['layout']} layout: {done}"
    last = LETTERS[len(view["names"])]
    exact = view["errors"] <= EXACT
    falls = ("which is only rounding" if exact.all() else
             "and none for short steps" if exact.any() else
             f"which falls with slope {view['slope']:.2f} on log axes")
    return (f"{' then '.join(view['names'])} at x = {vector(view['values'][0])} with Δx = "
            f"{vector(view['step'])}: true Δ{last} = {vector(view['true'][-1])}, by the Jacobian "
            f"{vector(view['predicted'][-1])}, error {said(view['errors'][view['shrink']])}, "
            f"{falls}; {view['layout']} layout")
