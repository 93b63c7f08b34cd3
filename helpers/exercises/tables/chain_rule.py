"""Exercises of notebook 03: the vector chain rule."""

import numpy as np

from ...calculus.jacobian import contract
from ...calculus.operations import OPERATIONS
from ...words import listed, rounded, short
from ..exercise import function, predict


def linear(W, layout="numerator", wrt="x", x=None):
    """The full Jacobian of c = Wx, at a column of ones where no x is given."""
    k, m = W.shape
    x = np.ones(m) if x is None else x
    return OPERATIONS["affine_vector"].jacobian(W, x, np.zeros(k), wrt=wrt, layout=layout)


def composed(x, y, z):
    """The shapes of J_y, J_z and their product for so many numbers in x, y and z."""
    first, second = linear(np.ones((y, x))), linear(np.ones((z, y)))
    return first.shape, second.shape, (second @ first).shape


def box(a, b, c):
    """The Jacobian of a box's volume and surface by its three sides."""
    sides = np.array([a, b, c])
    return np.stack([sides.prod() / sides, 2 * (sides.sum() - sides)])


def two_layers(g, V, W, x):
    """∇ₓL for z = V tanh(Wx) by the product of three full Jacobians."""
    tanh = OPERATIONS["tanh"].jacobian(W @ x)
    return contract(g, linear(V) @ tanh @ linear(W))


def jacobian_shapes(x, y, z):
    """Shapes along a chain of three vectors of these lengths."""
    return predict(
        "jacobian_shapes",
        f"x has {x} numbers, y has {y} and z has {z}; y is computed from x, and z from y. Give the "
        "shapes of the Jacobian matrices ∂y/∂x, ∂z/∂y and ∂z/∂x, each as a tuple (rows, columns), "
        "so that Δy ≈ J Δx.",
        truth={"dy_dx": lambda: composed(x, y, z)[0], "dz_dy": lambda: composed(x, y, z)[1],
               "dz_dx": lambda: composed(x, y, z)[2]},
        answer=f"({y}, {x}), ({z}, {y}), ({z}, {x})",
        mistakes=(
            ("denominator layout", (x, y), "Δy ≈ J Δx needs a row for each output.", "dy_dx"),
            ("denominator layout", (y, z), "A row for each output z, a column for each y.",
             "dz_dy"),
            ("denominator layout", (x, z), "A row for each output z, a column for each x.",
             "dz_dx"),
            ("counting", (x, x), f"Rows are outputs: y has {y}.", "dy_dx"),
            ("counting", (y, y), f"Rows are outputs: z has {z}.", "dz_dy"),
            ("not contracted", (z, y, x), "The axis of y is summed over: it is gone.", "dz_dx"),
            ("middle axis", (z, y), f"The columns belong to x, which has {x} numbers.", "dz_dx"),
            ("middle axis", (y, x), f"The rows belong to z, which has {z} numbers.", "dz_dx"),
        ),
        hints=("Rows are outputs, columns are inputs.", f"∂y/∂x has {y} rows.",
               f"∂z/∂x is the product ({z}, {y})({y}, {x}): the {y} disappears."),
        why=f"Δy ≈ J Δx with {x} numbers in Δx and {y} in Δy needs ({y}, {x}). Likewise "
            f"({z}, {y}), and the product ({z}, {y})({y}, {x}) is ({z}, {x}).",
    )


def predicted_change(rows, step):
    """Δy = J Δx for a J of three rows, where the second input goes down; J[0, 1] < 0, J[1, 0] = 0.
    """
    J, dx = np.array(rows), np.array(step)
    (_, b), (_, d), (e, f) = rows
    p, q = map(short, step)
    terms = (J * dx).T
    right = [rounded(y, 1) for y in J @ dx]
    return predict(
        "predicted_change",
        "A function of 2 numbers that gives 3 has, at some point, the Jacobian with the rows "
        f"{listed([f'({short(left)}, {short(right)})' for left, right in rows])}. Both inputs "
        f"move: Δx = ({p}, {q}). Which Δy does it predict?",
        truth={"dy": lambda: J @ dx}, answer=f"[{', '.join(f'{y:.1f}' for y in J @ dx)}]",
        mistakes=(
            ("sign of one term", J @ dx - [2 * terms[1, 0], 0, 0],
             f"{short(b)} times {q} is {rounded(terms[1, 0], 1)}: add it."),
            ("sign of one term", J @ np.abs(dx), f"The second input goes down: Δx₁ is {q}."),
            ("one input", terms[0], "The second input moves as well."),
            ("one input", terms[1], "The first input moves as well."),
            ("not summed", J.sum(1) * dx[0], "Each row is multiplied by Δx, number by number."),
            ("columns for rows", J.ravel("F").reshape(3, 2) @ dx,
             "A row belongs to one output: go along it."),
        ),
        hints=("Each output has its row.",
               f"Output 0: {short(rows[0][0])}·{p} + ({short(b)})·({q}).",
               f"Output 1: {short(d)}·({q}). Output 2: {short(e)}·{p} + {short(f)}·({q})."),
        why="Row by row: " + ", ".join(
            f"{rounded(one, 1)} {'−' if two < 0 else '+'} {rounded(abs(two), 1)} = {y}"
            for one, two, y in zip(*terms, right, strict=True)) + ".",
    )


ROWS = (
    jacobian_shapes(4, 3, 2),
    predicted_change(((2, -1), (0, 3), (1, 1)), (0.1, -0.2)),
    function(
        "box_jacobian", "derive", "a, b, c",
        "return np.array([[b * c, a * c, a * b], [2 * (b + c), 2 * (a + c), 2 * (a + b)]])",
        "A box with sides a, b, c has the volume abc and the surface 2(ab + bc + ca). Return the "
        "2×3 Jacobian of (volume, surface), numerator layout.",
        axes=",,", truth={"J": box},
        prepare=lambda random, *sides: tuple(1 + float(side) ** 2 for side in sides),
        mistakes=(
            ("denominator layout", lambda a, b, c: box(a, b, c).T, "Numerator layout: a row for "
             "each output."),
            ("lost factor", lambda a, b, c: box(a, b, c) / [[1], [2]], "The 2 before the bracket "
             "stays when you differentiate."),
            ("lost path", lambda a, b, c: np.array([[b * c, a * c, a * b], [2 * b, 2 * c, 2 * a]]),
             "Each side is in two of the three products of the surface: their slopes add."),
            ("value for derivative", lambda a, b, c: np.array(
                [[a * b * c] * 3, [2 * (a * b + b * c + c * a)] * 3]),
             "Differentiate each output by each input."),
            ("own side kept", lambda a, b, c: box(a, b, c) * [a, b, c],
             "By a the slope of abc is bc, without the a."),
            ("rows swapped", lambda a, b, c: box(a, b, c)[::-1], "The first row belongs to the "
             "first output, the volume."),
            ("columns swapped", lambda a, b, c: box(a, b, c)[:, ::-1], "The first column belongs "
             "to the first input, a."),
        ),
        hints=("Rows are the volume and the surface; columns belong to a, b and c.",
               "By a the volume has the slope bc, and so on.",
               "By a the surface has the slope 2(b + c): the product bc does not move."),
        why=r"$J = \begin{pmatrix} bc & ac & ab\\ 2(b+c) & 2(a+c) & 2(a+b)\end{pmatrix}$: one "
            r"side moves, the other two stand still.",
    ),
    function(
        "quadratic_gradient", "derive", "A, x", "return (A + A.T) @ x",
        "f(x) = xᵀAx = Σᵢⱼ A[i,j]·x[i]·x[j], with a square matrix `A` that is not symmetric. "
        "Return ∇ₓf.",
        axes="h h, h", truth={"dx": lambda A, x: np.einsum("ij,j->i", A, x)
                              + np.einsum("ij,i->j", A, x)},
        mistakes=(
            ("A is not symmetric", lambda A, x: 2 * A @ x, "x stands on both sides of A: the two "
             "sums are not the same."),
            ("A is not symmetric", lambda A, x: 2 * A.T @ x,
             "x stands on both sides of A: the two sums are not the same."),
            ("lost path", lambda A, x: A @ x, "x stands on both sides of A: the other sum is "
             "missing."),
            ("lost path", lambda A, x: A.T @ x, "x stands on both sides of A: the other sum is "
             "missing."),
            ("value for derivative", lambda A, x: x @ A @ x),
            ("sign of one term", lambda A, x: (A - A.T) @ x, "Both paths are added."),
            ("product", lambda A, x: A.T @ A @ x, "That belongs to ‖Ax‖²."),
            ("diagonal", lambda A, x: 2 * np.diag(A) * x, "x[i]·x[j] with i ≠ j moves f, too."),
        ),
        hints=("For two numbers: A[0,0]x[0]² + (A[0,1] + A[1,0])x[0]x[1] + A[1,1]x[1]². By x[0]?",
               "x[k] is x[i] in some terms and x[j] in others: Σⱼ A[k,j] x[j] and Σᵢ "
               "A[i,k] x[i].", "The first is Ax, the second is Aᵀx."),
        why=r"$\dfrac{\partial f}{\partial x_k} = \sum_j A_{kj}x_j + \sum_i A_{ik}x_i$: "
            r"$\nabla_x f = (A + A^\top)x$.",
    ),
    function(
        "fit_gradient", "derive", "W, x, t", "return 2 * W.T @ (W @ x - t)",
        "ε = ‖Wx − t‖², the squared distance of a layer's output from a target `t`. Return ∇ₓε.",
        axes="k m, m, k",
        truth={"dx": lambda W, x, t: linear(W, "denominator") @ (2 * (W @ x - t))},
        mistakes=(
            ("lost transpose", lambda W, x, t: 2 * W @ (W @ x - t), "∇ₓ(Wx) is Wᵀ."),
            ("half the way", lambda W, x, t: 2 * (W @ x - t), "That is ∇_y ε with y = Wx: one "
             "factor is missing."),
            ("value for derivative", lambda W, x, t: W.T @ (W @ x - t)**2, "The slope of y² is "
             "2y."),
            ("t forgotten", lambda W, x, t: 2 * W.T @ (W @ x), "The slope is taken at the inside, "
             "Wx − t."),
            ("sign of one term", lambda W, x, t: 2 * W.T @ (W @ x + t), "Look at the sign of the "
             "inside."),
            ("mean for sum", lambda W, x, t: 2 * W.T @ (W @ x - t) / len(t), "‖ ‖² is a sum: do "
             "not divide."),
            ("norm for its square", lambda W, x, t: W.T @ (W @ x - t) / np.linalg.norm(W @ x - t),
             "That is the gradient of ‖Wx − t‖, without the square."),
            ("gradient by W", lambda W, x, t: 2 * np.outer(W @ x - t, x), "That is the gradient "
             "by W: it has the shape of W."),
        ),
        hints=("Two steps: y = Wx − t, ε = ‖y‖².", "∇_y ε = 2y, and ∇ₓy = Wᵀ.",
               "Denominator layout: ∇_x y ∇_y ε."),
        why=r"$\nabla_x\varepsilon = \nabla_x y\,\nabla_y\varepsilon = W^\top\cdot 2(Wx-t)$.",
    ),
    function(
        "two_layers_back", "code", "g, V, W, x",
        "h = np.tanh(W @ x)\nreturn W.T @ ((1 - h**2) * (V.T @ g))",
        "z = V tanh(Wx), and `g` = ∇_z L comes from above. Return ∇ₓL with Vᵀ, ⊙ and Wᵀ, and "
        "no diagonal matrix.",
        axes="k, k h, h m, m", truth={"dx": two_layers},
        mistakes=(
            ("unit forgotten", lambda g, V, W, x: W.T @ (V.T @ g), "Between the two matrices "
             "stands tanh: multiply by its slopes."),
            ("value for derivative", lambda g, V, W, x: W.T @ (np.tanh(W @ x) * (V.T @ g)),
             "The slope of tanh is 1 − tanh²."),
            ("lost transpose", lambda g, V, W, x: W @ ((1 - np.tanh(W @ x)**2) * (V.T @ g)),
             "Backward each matrix is turned over."),
            ("half the way", lambda g, V, W, x: (1 - np.tanh(W @ x)**2) * (V.T @ g),
             "That is the gradient by Wx: W is left."),
            ("slope at the wrong place", lambda g, V, W, x: W.T @ (
                (1 - np.tanh(np.tanh(W @ x))**2) * (V.T @ g)), "tanh is applied twice."),
            ("slope of σ", lambda g, V, W, x: W.T @ (
                np.tanh(W @ x) * (1 - np.tanh(W @ x)) * (V.T @ g)),
             "y(1 − y) belongs to the sigmoid."),
            ("lost square", lambda g, V, W, x: W.T @ ((1 - np.tanh(W @ x)) * (V.T @ g)),
             "The slope of tanh is 1 − tanh²."),
            ("local gradient forgotten", lambda g, V, W, x: V.T @ g, "That is the gradient by "
             "tanh(Wx): two steps are left."),
        ),
        hints=("From right to left through the formula: first through V, then tanh, then W.",
               "V.T @ g. Then * the slopes of tanh at Wx.", "Then W.T @ what you have."),
        why=r"$\nabla_x L = W^\top\big((1-\tanh^2(Wx)) \odot (V^\top g)\big)$: a vector at every "
            r"step, and no product of matrices.",
    ),
)
