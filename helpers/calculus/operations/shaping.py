"""Operations that only move, add up or copy numbers: their Jacobians hold 0 and one constant.

`sum` and `mean` take any number of axes and remove one of them. `embedding` copies rows of a table;
a row that is taken twice adds up two gradients, which `dE[index] += G` would lose.
"""

import numpy as np

from .. import axes as ax
from .. import stable
from ..operation import Constant, Derivative, Operation

TRANSPOSE = Operation(
    name="transpose", axes="n m -> m n", inputs=("X",),
    latex=r"Y = X^\top", numpy="X.T",
    forward=lambda X: X.T,
    derivatives={"X": Derivative(
        vjp=lambda G: G.T,
        jvp=lambda dX: dX.T,
        full="-> m n n m", core=lambda: 1.0,
        entry=r"\frac{\partial Y_{mn}}{\partial X_{n'm'}} = \delta_{nn'}\,\delta_{mm'}",
        latex=r"\frac{dL}{dX} = G^\top", numpy="G.T",
        jvp_latex=r"dY = dX^\top", jvp_numpy="dX.T",
        why="every number moves to another place: moving the gradient back is all there is to do",
        multiplications="", stored="",
    )},
)


def before_and_after(ndim, axis):
    """(letters of X, the letter that goes, letters of Y) when `axis` of `ndim` is summed over."""
    letters = ax.ellipsis_letters(max(ndim, 1))
    axis %= len(letters)
    return " ".join(letters), letters[axis], " ".join(letters[:axis] + letters[axis + 1:])


def reduction_axes(ndim, axis):
    """`"n h -> h"` for axis 0 of 2."""
    before, _, after = before_and_after(ndim, axis)
    return f"{before} -> {after}"


def reduction_full(ndim, axis):
    """A delta on every axis that stays, constant along the one that goes."""
    before, _, after = before_and_after(ndim, axis)
    return f"-> {after} {before}"


def axis_rule(ndim, axis):
    """What is wrong with an axis of an input of `ndim` axes."""
    most = max(ndim, 1)
    return None if -most <= axis < most else f"must be from {-most} to {most - 1}, not {axis}."


def indexed(text):
    """A LaTeX text with @X, @Y and @g for the letters of X, of Y and the one that goes."""
    def words(ndim, axis):
        before, gone, after = before_and_after(ndim, axis)
        return (text.replace("@X", before.replace(" ", "")).replace("@Y", after.replace(" ", ""))
                .replace("@g", gone).replace("@D", deltas(after)))
    return words


def deltas(letters):
    """A product of Kronecker deltas; 1 without letters."""
    return r"\,".join(rf"\delta_{{{letter}{letter}'}}" for letter in letters.split()) or "1"


def primed(text):
    """The same with a prime on every letter of X."""
    def words(ndim, axis):
        before, _, _ = before_and_after(ndim, axis)
        return indexed(text)(ndim, axis).replace("@P", "".join(f"{l}'" for l in before.split()))
    return words


def reduction(name, latex, numpy, forward, scale_latex, over, why, **derivative):
    """A row that removes one axis; `over` divides in NumPy, `scale_latex` in LaTeX."""
    return Operation(
        name=name, axes="n h -> h", pattern=reduction_axes, inputs=("X",),
        parameters={"axis": 0}, ranges={"axis": (0, 1)}, rules={"axis": axis_rule},
        latex=indexed(latex), numpy=numpy, forward=forward,
        derivatives={"X": Derivative(
            full=reduction_full,
            entry=primed(rf"\frac{{\partial Y_{{@Y}}}}{{\partial X_{{@P}}}} = {scale_latex}@D"),
            latex=indexed(rf"\frac{{dL}}{{dX_{{@X}}}} = {scale_latex}G_{{@Y}}"),
            numpy=f"np.broadcast_to(np.expand_dims(G, axis), X.shape){over}",
            jvp_latex=indexed(rf"dY_{{@Y}} = {scale_latex}\sum_{{@g}} dX_{{@X}}"),
            jvp_numpy=numpy.replace("X", "dX"), why=why, **derivative,
        )},
    )


SUM = reduction(
    "sum", r"Y_{@Y} = \sum_{@g} X_{@X}", "X.sum(axis)", scale_latex="", over="",
    forward=lambda X, axis: X.sum(axis),
    vjp=lambda G, axis: np.expand_dims(G, axis),
    jvp=lambda dX, axis: dX.sum(axis),
    core=lambda: 1.0,
    why="every number is added with weight 1: the gradient is copied to all of them",
    multiplications="", stored="",
)

MEAN = reduction(
    "mean", r"Y_{@Y} = \frac{1}{@g}\sum_{@g} X_{@X}", "X.mean(axis)",
    scale_latex=r"\frac{1}{@g}\,", over=" / X.shape[axis]",
    forward=lambda X, axis: stable.mean(X, axis),
    vjp=lambda G, X, axis: np.expand_dims(G / np.float64(X.shape[axis]), axis),
    jvp=lambda dX, axis: stable.mean(dX, axis),
    core=lambda X, axis: 1 / np.float64(X.shape[axis]),
    why="every number has the same weight, 1 over their count: the gradient is shared out equally",
    multiplications=lambda ndim, axis: before_and_after(ndim, axis)[2] or "1", stored="1",
)

BROADCAST = Operation(
    name="broadcast", axes="k -> n k", inputs=("b",), derived={"n": lambda n: n},
    large={"k": 1024},
    parameters={"n": 3}, ranges={"n": (1, 8)},
    rules={"n": lambda n: n < 0 and f"must be 0 or more, not {n}."},
    latex=r"Y_{nk} = b_k", numpy="np.tile(b, (n, 1))",
    forward=lambda b: b,
    derivatives={"b": Derivative(
        vjp=lambda G: G.sum(0),
        jvp=lambda db: db,
        full="-> n k k", core=lambda: 1.0,
        entry=r"\frac{\partial Y_{nk}}{\partial b_{k'}} = \delta_{kk'}",
        latex=r"\frac{dL}{db_k} = \sum_n G_{nk}", numpy="G.sum(0)",
        jvp_latex=r"dY_{nk} = db_k", jvp_numpy="np.tile(db, (n, 1))",
        why="copies on the way forward are a sum on the way back: no stack of identities is stored",
        multiplications="", stored="",
    )},
)


def index_rule(E, index):
    """What is wrong with the rows that are asked for."""
    wrong = index[index != index.clip(0, len(E) - 1).round()]
    return wrong.size and f"has {wrong[0]:g}, but the {len(E)} rows of E are 0 to {len(E) - 1}."


def row_sums(G, E, rows):
    """The rows of G added up by the row of E that they came from."""
    dE = np.zeros(E.shape)
    np.add.at(dE, rows, G)
    return dE


EMBEDDING = Operation(
    name="embedding", axes="v d -> t d", inputs=("E",), usual={"t": 5},
    large={"v": 32768, "d": 1024, "t": 512},
    constants={"index": Constant("t", lambda random, shape, v:
                                 random.integers(max(v, 1), size=shape).astype(np.float64))},
    rules={"index": index_rule},
    latex=r"Y_{td} = E_{i_t d}", numpy="E[index.astype(int)]",
    saved={"rows": lambda index: index.astype(np.intp)},
    forward=lambda E, rows: E[rows],
    derivatives={"E": Derivative(
        vjp=row_sums,
        jvp=lambda dE, rows: dE[rows],
        full="t v -> t d v d", core=lambda E, rows: rows[:, None] == np.arange(len(E)),
        entry=r"\frac{\partial Y_{td}}{\partial E_{vd'}} = \delta_{dd'}\,\delta_{v\,i_t}",
        latex=r"\frac{dL}{dE_{vd}} = \sum_{t:\;i_t = v} G_{td}",
        numpy="(index[:, None] == np.arange(len(E))).T @ G",
        jvp_latex=r"dY_{td} = dE_{i_t d}", jvp_numpy="dE[index.astype(int)]",
        why="a row of the table gets the sum of the gradients of all places where it was used",
        multiplications="", stored="t",
    )},
)

ROWS = (TRANSPOSE, SUM, MEAN, BROADCAST, EMBEDDING)
