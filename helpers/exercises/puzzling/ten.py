"""Ten puzzles by hand, in rising difficulty."""

import numpy as np

from .. import record
from ..exercise import ExerciseError
from .puzzle import Known, make


def shown(name, axes, values, kind="numbers"):
    """A known array."""
    return Known(name, axes, np.array(values, float), kind)


A = shown("A", "n m", [[2, -3, 5], [7, 4, -6]])
W = shown("W", "m k", [[3, -2, 7, 5], [-4, 6, 2, -5], [8, -7, 4, -3]])
V = shown("V", "k n", [[5, -2], [3, 7], [-6, 4], [2, -8]])
ROWS = (
    dict(
        forward="dX * A", line="G * A", outer="n m", inner="n m", known=[A],
        wrong=[("local gradient forgotten", "G"), ("inverse", "G / A", "Going back is no division: "
                "A itself stands in the tensor."),
               ("mask from the wrong array", "G * (A > 0)", "The tiles hold the numbers of A, not "
                "0 and 1."), ("wrong axis", "(G * A).sum(0) + 0 * A")],
        hints=("Each tile has one entry that is not 0: in the place of its own Y[n, m].",
               "So dX[n, m] is G[n, m] times one number. Where are these numbers?",
               "They are those of A."),
        why="Y[n, m] sees X[n, m] alone, with slope A[n, m]: two ties, and the core A."),
    dict(
        forward="-dX.T", line="-G.T", outer="m n", inner="n m", sizes={"n": 2, "m": 3}, known=[],
        wrong=[("sign", "G.T"), ("reshaped", "-G.reshape(2, 3)", "reshape keeps the order in "
                "memory, not the places."), ("lost transpose", "-G"),
               ("flipped", "-G[::-1].T", "Exchange the axes, do not reverse them.")],
        hints=("What stands in the tiles is −1, once in each: nothing is summed.",
               "The tile of Y[m, n] has it at X[n, m].", "So dX[n, m] = −G[m, n]."),
        why="Y[m, n] = −X[n, m]: each entry goes back to its place, with its sign."),
    dict(
        forward="np.broadcast_to(dX[:, None], (3, 4))", line="G.sum(1)", outer="n k", inner="n",
        sizes={"n": 3, "k": 4}, known=[],
        wrong=[("mean for sum", "G.mean(1)"), ("wrong axis", "G.sum(0)"),
               ("batch not summed", "G", "Every X[n] is used in each column: add their gradients."),
               ("(N,) against (N, 1)", "G.sum(1, keepdims=True)")],
        hints=("dX has the axis n alone: k must go.", "All four tiles of a row are alike: X[n] is "
               "used for every k.", "Where a number is used four times, four gradients are added."),
        why="Y[n, k] = X[n] for every k, a copy: the derivative of a copy is a sum."),
    dict(
        forward="dX * np.where(A > 0, 1, 0.1)", line="G * np.where(A > 0, 1, 0.1)", outer="n m",
        inner="n m", known=[shown("A", "n m", [[1, -4, 3], [-1, -6, 2]])],
        wrong=[("lost path", "G * (A > 0)", "The other entries pass too, a tenth of them."),
               ("mask forgotten", "G"), ("value for derivative", "G * A"),
               ("mask from the wrong array", "G * np.where(G > 0, 1, 0.1)"),
               ("branches swapped", "G * np.where(A > 0, 0.1, 1)", "Where A > 0 the slope is 1.")],
        hints=("Two different numbers stand in the tiles: 1 and 0.1. What decides?",
               "Compare with A: not its size, its sign.", "np.where(A > 0, …, …)."),
        why="The leaky ReLU of A: slope 1 where A > 0, and 0.1 elsewhere."),
    dict(
        forward="dX @ W", line="G @ W.T", outer="n k", inner="n m", sizes={"n": 2}, known=[W],
        wrong=[("lost transpose", "G @ W"), ("order swapped", "W @ G"),
               ("order swapped", "W.T @ G"), ("local gradient forgotten", "G"),
               ("wrong axis", "np.einsum('nk,mk->mn', G, W)")],
        hints=("Only the row n of X itself moves Y[n, k]: n is tied, and k must become m.",
               "The tile of Y[n, k] holds a column of W.",
               "dX[n, m] = Σ G[n, k]·W[m, k], a sum over k: a matrix product."),
        why="Y = XW: entry [n, k, n, m] is W[m, k]. The axes that are summed must meet: G Wᵀ."),
    dict(
        forward="(dX * A) @ W", line="(G @ W.T) * A", outer="n k", inner="n m", known=[A, W],
        wrong=[("steps in the wrong order", "(G * A) @ W.T", "Back through the last step first."),
               ("forward for backward", "(G * A) @ W", "That is how a change of X moves Y."),
               ("lost step", "G @ W.T", "Compare a tile with W: each number has a factor more."),
               ("lost step", "G * A", "k must become m: a matrix is missing."),
               ("lost transpose", "(G @ W) * A")],
        hints=("n is tied. Divide a number in a tile by its number in W: what is left?",
               "Entry [n, k, n, m] is A[n, m]·W[m, k]: two steps, one after the other.",
               "First back through W, then times A."),
        why="Y = (X ⊙ A) W: back through the last step first, G Wᵀ, then ⊙ A."),
    dict(
        forward="V @ dX @ W", line="V.T @ G @ W.T", outer="p k", inner="n m",
        known=[shown("V", "p n", [[5, -2], [3, 7], [-6, 4], [2, -8]]),
               shown("W", "m k", [[3, -2, 7, 5, 9], [-4, 6, 2, -5, 8], [10, -7, 4, -3, -9]])],
        wrong=[("lost transpose", "V @ G @ W"), ("order swapped", "W @ G.T @ V"),
               ("lost step", "G @ W.T", "p must become n: a matrix is missing."),
               ("lost step", "V.T @ G", "k must become m: a matrix is missing."),
               ("order swapped", "W.T @ G @ V.T")],
        hints=("No axis is tied: p must become n, and k must become m.",
               "Entry [p, k, n, m] is V[p, n]·W[m, k]: a product of two matrices that share no "
               "axis.", "One matrix on each side of G; the axes that meet are summed."),
        why="Y = V X W: each side of X has its matrix, and back through each it is transposed."),
    dict(
        forward="dX - dX.mean(1, keepdims=True)", line="G - G.mean(1, keepdims=True)", outer="n m",
        inner="n m", sizes={"n": 2, "m": 4}, known=[],
        wrong=[("lost path", "G", "There are two kinds of entries: 0.75 is 1 − 0.25."),
               ("sum for mean", "G - G.sum(1, keepdims=True)"), ("wrong axis", "G - G.mean(0)"),
               ("lost path", "0.75 * G", "That is the diagonal; the other entries send gradients, "
                "too."),
               ("sign of one term", "G + G.mean(1, keepdims=True)", "Off the diagonal stands "
                "−0.25.")],
        hints=("n is tied. Along m every entry is there: 0.75 on the diagonal, −0.25 elsewhere.",
               "0.75 is 1 − 0.25: a diagonal of ones less 0.25 everywhere.",
               "The ones give G; 0.25 everywhere, with four entries a row, gives a mean."),
        why="Y = X − X.mean(1, keepdims=True): the identity less 1/M everywhere, in each row. It "
            "is its own transpose."),
    dict(
        forward="dX @ X.T + X @ dX.T", line="(G + G.T) @ X", outer="n k", inner="m h",
        sizes={"n": 3, "k": 3}, known=[shown("X", "m h", [[2, -7], [3, 5], [-4, 11]])],
        wrong=[("lost path", "G @ X"), ("lost path", "G.T @ X"), ("factor 2", "2 * G @ X", "The "
                "two paths are not the same: one sees G, the other its transpose."),
               ("sign of one term", "(G - G.T) @ X", "Two paths meet: their gradients are added.")],
        hints=("The tile of Y[n, k] has the row k of X in its row n, and the row n of X in its "
               "row k.", "Two paths: G[m, k]·X[k, h] and G[n, m]·X[n, h], each summed.",
               "The first is G @ X."),
        why="Y = X Xᵀ: X stands there twice, so there are two paths, and their gradients add."),
    dict(
        forward="dX - (P * dX).sum(1, keepdims=True)", line="G - P * G.sum(1, keepdims=True)",
        outer="n m", inner="n m",
        known=[shown("P", "n m", [[0.2, 0.7, 0.1], [0.5, 0.1, 0.4]], "probabilities")],
        wrong=[("forward for backward", "G - (G * P).sum(1, keepdims=True)",
                "P goes with the place in X: it stands outside of the sum."),
               ("lost path", "G"), ("lost path", "G * (1 - P)", "That is the diagonal alone."),
               ("P too many", "P * (G - (G * P).sum(1, keepdims=True))",
                "That is the softmax itself: here 1 − p and −p stand in the tiles, no products."),
               ("P forgotten", "G - G.sum(1, keepdims=True)", "What is subtracted holds P."),
               ("mean for sum", "G - P * G.mean(1, keepdims=True)")],
        hints=("n is tied. In a tile stand the numbers of a row of P with a minus, and 1 more in "
               "one place.", "A diagonal of ones less an outer product: ones along Y, P along X.",
               "Contract with G: the ones along Y sum G over its row."),
        why="Y = log softmax: ∂Y[n, k]/∂X[n, m] = δ − P[n, m], a diagonal less rank 1."),
)


class Ten(dict):
    """The puzzles by their numbers from 1 on; shown as a bar of those that are solved."""

    def __missing__(self, number):
        raise ExerciseError(f"There is no puzzle {number!r}: there are 1 to {len(self)}, and "
                            "exercises.puzzle(seed, level) makes others.")

    def done(self, solved):
        """Of these names: which of the ten are among them, and how many puzzles besides."""
        own = [puzzle.name in solved for puzzle in self.values()]
        return own, sum(name.startswith("puzzle_") for name in solved) - sum(own)

    def __repr__(self):
        own, more = self.done(record.solved())
        return (f"puzzles  {record.bar(own)}  {sum(own)} of {len(own)}\n"
                f"exercises.puzzle: {more} solved")


def numbered(number, row):
    """The puzzle of a row of the table."""
    sizes = {letter: size for one in row["known"]
             for letter, size in zip(one.axes.split(), one.values.shape, strict=True)}
    parts = row | {"outer": tuple(row["outer"].split()), "inner": tuple(row["inner"].split()),
                   "sizes": sizes | row.get("sizes", {})}
    return make(f"puzzles[{number}]", f"puzzle_{number}", **parts)


PUZZLES = Ten({number: numbered(number, row) for number, row in enumerate(ROWS, 1)})
