"""The steps that a puzzle's layer is made of: each forward, back, and as it goes wrong.

In a template `_` is what comes in; a capital letter is an array with axes, a small one a vector;
`shape` is that of what came in on the way forward, `size0` and `size1` are its sizes, and `wide` is
the shape of what went out there. Axes: r and c are those of what comes in, x is a new one.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One linear step. before, after: axes of what comes in and goes out; forward, back: templates.

    arrays: {name in the templates: its axes}; hint: what it does going back; wrong: rows (mistake,
    what a student may write for `back`).
    """

    before: str
    after: str
    forward: str
    back: str
    hint: str
    arrays: dict
    wrong: tuple


def step(before, after, forward, back, hint, *wrong, **arrays):
    """A row of the table."""
    return Step(before, after, forward, back, hint, arrays, wrong)


DIAGONAL = "Entry by entry: a factor of its own for each."
MATRIX = "A product with a matrix: write the shapes under it, the summed axes must meet."
COPIED = "Forward, an axis was summed: on the way back every entry gets a copy."
SUMMED = "Forward, an entry was used several times: on the way back its gradients are added."
MOVED = "Nothing is multiplied: every entry goes back to the place that it came from."

ENTRYWISE = (
    step("r c", "r c", "_ * A", "_ * A", DIAGONAL, ("local gradient forgotten", "_"),
         ("mask for numbers", "_ * (A > 0)"), ("inverse", "_ / A"), A="r c"),
    step("r c", "r c", "_ * a[:, None]", "_ * a[:, None]", DIAGONAL,
         ("(N,) against (N, 1)", "_ * a"), ("inverse", "_ / a[:, None]"),
         ("local gradient forgotten", "_"), a="r"),
    step("r c", "r c", "_ * a", "_ * a", DIAGONAL, ("wrong axis", "_ * a[:, None]"),
         ("inverse", "_ / a"), ("local gradient forgotten", "_"), a="c"),
    step("r c", "r c", "_ * (A > 0)", "_ * (A > 0)", "A mask lets some entries pass.",
         ("mask forgotten", "_"), ("numbers for mask", "_ * A"),
         ("mask from the wrong array", "_ * (_ > 0)"), A="r c"),
)
LEAKY = (
    step("r c", "r c", "_ * np.where(A > 0, 1, 0.1)", "_ * np.where(A > 0, 1, 0.1)",
         "A mask lets some entries pass, and a tenth of the others.",
         ("tenth forgotten", "_ * (A > 0)"), ("mask forgotten", "_"),
         ("numbers for mask", "_ * A"), A="r c"),
)
MOVES = (
    step("r c", "c r", "_.T", "_.T", MOVED, ("lost transpose", "_"), ("flipped", "_[::-1].T"),
         ("reshaped", "_.reshape(shape)")),
    step("r c", "r c", "_[::-1]", "_[::-1]", MOVED, ("wrong axis", "_[:, ::-1]"), ("moved", "_"),
         ("flipped", "_[::-1, ::-1]")),
    step("r c", "r c", "_[:, ::-1]", "_[:, ::-1]", MOVED, ("wrong axis", "_[::-1]"),
         ("moved", "_"), ("flipped", "_[::-1, ::-1]")),
)
SUMS = (
    step("r c", "c", "_.sum(0)", "np.broadcast_to(_, shape)", COPIED, ("not spread", "_"),
         ("mean for sum", "np.broadcast_to(_ / size0, shape)"),
         ("upstream not spread", "np.broadcast_to(_.sum(), shape)")),
    step("r c", "r", "_.sum(1)", "np.broadcast_to(_[:, None], shape)", COPIED, ("not spread", "_"),
         ("mean for sum", "np.broadcast_to(_[:, None] / size1, shape)"),
         ("(N,) against (N, 1)", "np.broadcast_to(_, shape)")),
)
MEANS = (
    step("r c", "c", "_.mean(0)", "np.broadcast_to(_ / size0, shape)", COPIED,
         ("sum for mean", "np.broadcast_to(_, shape)"), ("not spread", "_"),
         ("wrong axis", "np.broadcast_to(_ / size1, shape)")),
    step("r c", "r", "_.mean(1)", "np.broadcast_to(_[:, None] / size1, shape)", COPIED,
         ("sum for mean", "np.broadcast_to(_[:, None], shape)"), ("not spread", "_"),
         ("wrong axis", "np.broadcast_to(_[:, None] / size0, shape)")),
)
PRODUCTS = (
    step("r c", "r x", "_ @ W", "_ @ W.T", MATRIX, ("lost transpose", "_ @ W"),
         ("order swapped", "W.T @ _"), ("order swapped", "W @ _"), W="c x"),
    step("r c", "x c", "W @ _", "W.T @ _", MATRIX, ("lost transpose", "W @ _"),
         ("order swapped", "_ @ W.T"), ("order swapped", "_ @ W"), W="x r"),
)
VECTORS = (
    step("r c", "r", "_ @ a", "np.outer(_, a)", "An outer product: every entry with every other.",
         ("order swapped", "np.outer(a, _)"), ("product", "_ @ a"),
         ("not spread", "np.broadcast_to(_[:, None], shape)"), a="c"),
    step("r c", "c", "a @ _", "np.outer(a, _)", "An outer product: every entry with every other.",
         ("order swapped", "np.outer(_, a)"), ("product", "a @ _"),
         ("not spread", "np.broadcast_to(_, shape)"), a="r"),
    step("c", "x", "_ @ W", "_ @ W.T", MATRIX, ("lost transpose", "_ @ W"),
         ("order swapped", "W.T @ _"), ("product", "np.outer(_, _) @ W.T"), W="c x"),
)
COPIES = (
    step("c", "x c", "np.broadcast_to(_, wide)", "_.sum(0)", SUMMED, ("mean for sum", "_.mean(0)"),
         ("wrong axis", "_.sum(1)"), ("batch not summed", "_")),
    step("r", "r x", "np.broadcast_to(_[:, None], wide)", "_.sum(1)", SUMMED,
         ("mean for sum", "_.mean(1)"), ("wrong axis", "_.sum(0)"), ("batch not summed", "_")),
)
SPREADS = (
    step("c", "x c", "_ * A", "(_ * A).sum(0)", SUMMED, ("batch not summed", "_ * A"),
         ("mean for sum", "(_ * A).mean(0)"), ("local gradient forgotten", "_.sum(0)"), A="x c"),
    step("r", "r x", "_[:, None] * A", "(_ * A).sum(1)", SUMMED, ("batch not summed", "_ * A"),
         ("mean for sum", "(_ * A).mean(1)"), ("local gradient forgotten", "_.sum(1)"), A="r x"),
    step("c", "x c", "np.outer(a, _)", "a @ _", SUMMED, ("batch not summed", "_ * a[:, None]"),
         ("order swapped", "_ @ a"), ("local gradient forgotten", "_.sum(0)"), a="x"),
    step("r", "r x", "np.outer(_, a)", "_ @ a", SUMMED, ("batch not summed", "_ * a"),
         ("order swapped", "a @ _"), ("local gradient forgotten", "_.sum(1)"), a="x"),
)
# What comes in stands twice in these: they are the last step forward, so that it is G going back.
TWICE = (
    step("r c", "r c", "_ - _.mean(0)", "_ - _.mean(0)",
         "A diagonal and one number more everywhere: two paths, a term for each.",
         ("lost path", "_"), ("sum for mean", "_ - _.sum(0)"),
         ("wrong axis", "_ - _.mean(1, keepdims=True)")),
    step("r c", "r c", "_ - _.mean(1, keepdims=True)", "_ - _.mean(1, keepdims=True)",
         "A diagonal and one number more everywhere: two paths, a term for each.",
         ("lost path", "_"), ("sum for mean", "_ - _.sum(1, keepdims=True)"),
         ("wrong axis", "_ - _.mean(0)")),
    step("r c", "r c", "_ + _ * A", "_ + _ * A", "Two paths: their gradients are added.",
         ("= for +=", "_ * A"), ("= for +=", "_"), ("sign of one term", "_ - _ * A"), A="r c"),
    step("r c", "r c", "_ - (_ * P).sum(1, keepdims=True)", "_ - P * _.sum(1, keepdims=True)",
         "A diagonal of ones less an outer product for each row: which factor is which?",
         ("P in the wrong place", "_ - (_ * P).sum(1, keepdims=True)"), ("lost path", "_"),
         ("P forgotten", "_ - _.sum(1, keepdims=True)"), P="r c"),
    step("r c", "r c", "P * (_ - (_ * P).sum(1, keepdims=True))",
         "P * (_ - (_ * P).sum(1, keepdims=True))",
         "A diagonal less an outer product for each row.",
         ("lost path", "_ * P * (1 - P)"), ("P forgotten", "_ - (_ * P).sum(1, keepdims=True)"),
         ("lost path", "_ * P"), P="r c"),
    step("r c", "r c", "_.cumsum(1)", "_[:, ::-1].cumsum(1)[:, ::-1]",
         "A triangle of ones: a cumulative sum, but from which end?",
         ("lost transpose", "_.cumsum(1)"), ("lost flip", "_[:, ::-1].cumsum(1)"),
         ("wrong axis", "_[::-1].cumsum(0)[::-1]")),
)

REMEDIES = {
    "forward for backward": "That is how a change of X moves Y. On the way back every step is "
                            "transposed, and the last one comes first.",
    "steps in the wrong order": "Back through the last step first.",
    "lost step": "A factor of the tensor is missing: compare one tile with the arrays.",
    "local gradient forgotten": "A factor of the tensor is missing: compare one tile with the "
                                "arrays.",
    "another array": "Compare the numbers in the tiles with those of the arrays.",
    "numbers for mask": "Only the sign of the array counts, its size does not.",
    "tenth forgotten": "The other entries pass too, a tenth of them.",
    "mask for numbers": "The tiles hold the numbers themselves, not 0 and 1.",
    "inverse": "Going back is no division: the same factor stands in the tensor.",
    "flipped": "The places are turned round: follow one entry from Y to X.",
    "moved": "The entries that are not 0 do not stand on the diagonal.",
    "reshaped": "reshape keeps the order in memory, not the places.",
    "not spread": "Every entry that was summed gets its gradient: dX has the shape of X.",
    "upstream not spread": "Each entry of Y has an upstream gradient of its own.",
    "product": "Nothing is summed here: each entry of dX has one path.",
    "P in the wrong place": "In a tile, what goes with the row of Y and what with that of X?",
    "P forgotten": "The outer products in the tiles hold P.",
    "lost flip": "A cumulative sum from the other end: turn round before and after.",
    "sign of one term": "Two paths meet: their gradients are added.",
    "lost path": "The tiles hold more than one term: add what goes back through each.",
}
