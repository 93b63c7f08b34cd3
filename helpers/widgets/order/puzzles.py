"""The puzzles of the order of factors: what is to be built, from which arrays, in which order.

An answer is a sequence of factors, each as it is or transposed. Sizes are drawn unequal, so that
shapes alone decide; in the one puzzle with equal sizes they do not. Pure.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...calculus.errors import UnknownInput, is_a
from ...calculus.jacobian import check_layout
from ...words import brief

SIZES = (2, 3, 4, 5, 6)


@dataclass(frozen=True)
class Factor:
    """One array: its name, its name when transposed, its shape; can it be turned?"""

    name: str
    shape: tuple
    turned: str = ""

    def as_placed(self, turn):
        """(name, shape) as it stands in a product."""
        return (self.turned, self.shape[::-1]) if turn else (self.name, self.shape)


@dataclass(frozen=True)
class Puzzle:
    """goal: what the product is; factors: in the right order, with `turns`; why: the reason."""

    title: str
    asks: str
    goal: str
    goal_shape: tuple
    factors: tuple
    turns: tuple
    why: str


def jacobian(after, before, n, m, layout):
    """The local Jacobian ∂after/∂before as a factor that cannot be turned."""
    if layout == "numerator":
        return Factor(f"J_{after}", (n, m))
    return Factor(f"∇_{before} {after}", (m, n))


def chain(letters, layout, size):
    """The Jacobians of a chain of maps, as they stand from left to right."""
    pairs = list(pairwise(letters))
    factors = [jacobian(after, before, size[after], size[before], layout)
               for before, after in pairs]
    return tuple(factors if layout == "denominator" else factors[::-1])


def chain_puzzle(letters, layout, size):
    """Several maps in a row."""
    first, last = letters[0], letters[-1]
    maps = ", ".join(f"{after} = {name}({before})" for before, after, name in
                     zip(letters, letters[1:], "fgh", strict=False))
    goal = jacobian(last, first, size[last], size[first], layout)
    factors = chain(letters, layout, size)
    side = ("numerator layout: the last map on the left" if layout == "numerator" else
            "denominator layout: the first map on the left")
    return Puzzle(f"{len(letters) - 1} maps in a row", f"{maps}: the derivative of {last} by "
                  f"{first}", f"∂{last}/∂{first}" if layout == "numerator" else goal.name,
                  goal.shape, factors, (False,) * len(factors), side)


def batch_puzzle(by):
    """Y = XW on a batch, X (N, M), W (M, K): its gradients are G Wᵀ and XᵀG in both layouts."""
    def made(layout, size):
        N, M, K = (size[letter] for letter in "abc")
        G, X, W = Factor("G", (N, K), "Gᵀ"), Factor("X", (N, M), "Xᵀ"), Factor("W", (M, K), "Wᵀ")
        factors, turns = ((G, W), (False, True)) if by == "X" else ((X, G), (True, False))
        shape = (N, M) if by == "X" else (M, K)
        return Puzzle(f"dL/d{by} of a batch", f"Y = XW with X {N}×{M}, W {M}×{K}, G = dL/dY: the "
                      f"gradient by {by}, which has the shape of {by}", f"dL/d{by}", shape,
                      factors, turns, "a gradient has the shape of its variable in both layouts; "
                      "the transpose is what makes the inner sizes meet")
    return made


def column_puzzle(layout, size):
    """c = Wx, W (h, n): ∇_x ℓ = Wᵀ∇_c ℓ, or as a row (∂ℓ/∂c) W."""
    h, n = size["a"], size["b"]
    W = Factor("W", (h, n), "Wᵀ")
    asks = f"c = Wx with W {h}×{n} and a loss ℓ: the derivative of ℓ by x"
    if layout == "numerator":
        return Puzzle("one layer, one loss", asks, "∂ℓ/∂x", (1, n),
                      (Factor("∂ℓ/∂c", (1, h), "(∂ℓ/∂c)ᵀ"), W), (False, False),
                      "numerator layout: derivatives of one number are rows, and J = W")
    return Puzzle("one layer, one loss", asks, "∇_x ℓ", (n, 1),
                  (W, Factor("∇_c ℓ", (h, 1), "(∇_c ℓ)ᵀ")), (True, False),
                  "denominator layout: derivatives of one number are columns, and ∇ₓ(Wx) = Wᵀ")


def outer_puzzle(layout, size):
    """c = Wx: the gradient by W is an outer product, in both layouts."""
    h, n = size["a"], size["b"]
    return Puzzle("dℓ/dW of one example", f"c = Wx with W {h}×{n}, x a column of {n} and g = dℓ/dc "
                  f"a column of {h}: the gradient by W", "dℓ/dW", (h, n),
                  (Factor("g", (h, 1), "gᵀ"), Factor("x", (n, 1), "xᵀ")), (False, True),
                  "entry (i, j) is g[i]·x[j]: an outer product, as large as W")


def deep_puzzle(layout, size):
    """z = W₂ ReLU(W₁x): D is the diagonal of slopes."""
    h, n, k = (size[letter] for letter in "abc")
    W1, W2 = Factor("W₁", (h, n), "W₁ᵀ"), Factor("W₂", (k, h), "W₂ᵀ")
    D = Factor("D", (h, h))
    asks = "a = W₁x, z = W₂·ReLU(a), D = diag(1(a > 0)): the derivative of z by x"
    if layout == "numerator":
        return Puzzle("two layers and a ReLU", asks, "∂z/∂x", (k, n), (W2, D, W1), (False,) * 3,
                      "from the output back to the input, left to right")
    return Puzzle("two layers and a ReLU", asks, "∇_x z", (n, k), (W1, D, W2),
                  (True, False, True), "every factor transposed, and their order reversed")


def square_puzzle(layout, size):
    """Equal sizes: the shapes fit in any order, and only the chain rule knows."""
    same = {letter: 3 for letter in "xyz"}
    made = chain_puzzle("xyz", layout, same)
    return Puzzle("shapes that do not help", f"{made.asks} (all of size 3)", made.goal,
                  made.goal_shape, made.factors, made.turns,
                  f"{made.why}; with equal sizes the shapes fit in every order, so a wrong order "
                  "gives wrong numbers without an error")


ROWS = (
    lambda layout, size: chain_puzzle("xyz", layout, size),
    column_puzzle,
    lambda layout, size: chain_puzzle("xyzu", layout, size),
    batch_puzzle("X"),
    batch_puzzle("W"),
    outer_puzzle,
    deep_puzzle,
    square_puzzle,
)
COUNT = len(ROWS)


def puzzle(number, layout="numerator", seed=0):
    """The puzzle 1 … COUNT in a layout, with sizes drawn from the seed. Raises UnknownInput."""
    check_layout(layout)
    if not is_a(number, int) or not 1 <= number <= COUNT:
        raise UnknownInput(f"OrderPuzzle: there is no puzzle {brief(number)}. Choose 1 to {COUNT}.")
    sizes = np.random.default_rng((seed, number)).permutation(SIZES).tolist()
    return ROWS[number - 1](layout, dict(zip("xyzu", sizes, strict=False))
                            | dict(zip("abc", sizes, strict=False)))


def shuffled(factors, number, seed):
    """The places of the factors as they are dealt: never in the right order."""
    random, right = np.random.default_rng((seed, number, 1)), list(range(len(factors)))
    while True:
        order = random.permutation(len(factors)).tolist()
        if order != right:
            return tuple(order)


def placed(puzzle, order, turns):
    """(name, shape) of each factor in this order."""
    return [puzzle.factors[i].as_placed(turns[i]) for i in order]


def arithmetic(cards):
    """Each joint of a product: (text, does it fit?), and the shape of the product or None."""
    joints = [(f"{a[1]} = {b[0]}" if a[1] == b[0] else f"{a[1]} ≠ {b[0]}", a[1] == b[0])
              for (_, a), (_, b) in pairwise(cards)]
    fits = all(good for _, good in joints)
    return joints, (cards[0][1][0], cards[-1][1][1]) if fits else None


def shape_text(shape):
    """`2×3`."""
    return "×".join(map(str, shape))


def is_right(puzzle, order, turns):
    """Is this the order, with these transposes?"""
    return list(order) == list(range(len(puzzle.factors))) and tuple(turns) == puzzle.turns


def verdict(puzzle, order, turns):
    """(right?, one line with the shape arithmetic)."""
    cards = placed(puzzle, order, turns)
    joints, shape = arithmetic(cards)
    line = "".join(f"({shape_text(one)})" for _, one in cards)
    wrong = next((place for place, (_, good) in enumerate(joints) if not good), None)
    if wrong is not None:
        (a, left), (b, right) = cards[wrong], cards[wrong + 1]
        return False, (f"{line}: inner {left[1]} ≠ {right[0]}, so {a} · {b} cannot be multiplied.")
    goal = shape_text(puzzle.goal_shape)
    if is_right(puzzle, order, turns):
        return True, f"{line} ok: {goal}, the shape of {puzzle.goal}. Right: {puzzle.why}."
    if shape != puzzle.goal_shape:
        return False, (f"{line} can be multiplied, but gives {shape_text(shape)}; {puzzle.goal} is "
                       f"{goal}.")
    return False, (f"{line} ok: {goal}, but not the chain rule: the shapes fit here in every "
                   "order. Ask which map comes first.")
