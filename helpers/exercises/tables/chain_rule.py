"""Exercises of notebook 03: the vector chain rule."""

import numpy as np

from ...calculus.operations import OPERATIONS
from ..exercise import function, predict


def linear(W, layout="numerator", wrt="x"):
    """The full Jacobian of c = Wx."""
    k, m = W.shape
    affine = OPERATIONS["affine_vector"]
    return affine.jacobian(W, np.ones(m), np.zeros(k), wrt=wrt, layout=layout)


def composed():
    """The shapes of J_y, J_z and their product for x in ℝ⁴, y in ℝ³, z in ℝ²."""
    first, second = linear(np.ones((3, 4))), linear(np.ones((2, 3)))
    return first.shape, second.shape, (second @ first).shape


ROWS = (
    predict(
        "jacobian_shapes",
        "x ∈ ℝ⁴ goes to y ∈ ℝ³, and y to z ∈ ℝ². Give the shapes of the three Jacobian matrices "
        "∂y/∂x, ∂z/∂y and ∂z/∂x, each as a tuple (rows, columns), so that Δy ≈ J Δx.",
        truth={"dy_dx": lambda: composed()[0], "dz_dy": lambda: composed()[1],
               "dz_dx": lambda: composed()[2]},
        answer="(3, 4), (2, 3), (2, 4)",
        mistakes=(
            ("denominator layout", (4, 3), "Δy ≈ J Δx needs a row for each output.", "dy_dx"),
            ("denominator layout", (3, 2), "A row for each output z, a column for each y.",
             "dz_dy"),
            ("denominator layout", (4, 2), "A row for each output z, a column for each x.",
             "dz_dx"),
            ("counting", (4, 4), "Rows are outputs: y has 3.", "dy_dx"),
            ("counting", (3, 3), "Rows are outputs: z has 2.", "dz_dy"),
            ("not contracted", (2, 3, 4), "The axis of y is summed over: it is gone.", "dz_dx"),
            ("middle axis", (2, 3), "The columns belong to x, which has 4 numbers.", "dz_dx"),
            ("middle axis", (3, 4), "The rows belong to z, which has 2 numbers.", "dz_dx"),
        ),
        hints=("Rows are outputs, columns are inputs.", "∂y/∂x has 3 rows.",
               "∂z/∂x is the product (2, 3)(3, 4): the 3 disappears."),
        why="Δy ≈ J Δx with Δx in ℝ⁴ and Δy in ℝ³ needs (3, 4). Likewise (2, 3), and the product "
            "(2, 3)(3, 4) is (2, 4).",
    ),
    predict(
        "layout_shapes",
        "c = Wx with W of shape (3, 5). In the denominator layout (axes of the input first), what "
        "are the shapes of ∂c/∂x and of ∂c/∂W?",
        truth={"dc_dx": lambda: linear(np.ones((3, 5)), "denominator").shape,
               "dc_dW": lambda: linear(np.ones((3, 5)), "denominator", "W").shape},
        answer="(5, 3), (3, 5, 3)",
        mistakes=(
            ("numerator layout", (3, 5), "The axes of the input come first: x has 5 numbers.",
             "dc_dx"),
            ("counting", (5, 5), "The last axis belongs to c, which has 3 numbers.", "dc_dx"),
            ("not a gradient", (5,), "c is a vector: the axis of c stays.", "dc_dx"),
            ("numerator layout", (3, 3, 5), "The axes of the input come first: those of W.",
             "dc_dW"),
            ("not a gradient", (3, 5), "c is a vector: each of its 3 numbers has a slice (3, 5).",
             "dc_dW"),
            ("W transposed", (5, 3, 3), "W keeps its own order of axes, (3, 5).", "dc_dW"),
            ("wrong axis", (3, 5, 5), "The last axis belongs to c, which has 3 numbers.", "dc_dW"),
        ),
        hints=("The axes of the input come first, in their own order.",
               "Then come the axes of the output c: there is one, with 3 numbers.",
               "x has the axis (5,), W has (3, 5)."),
        why="Input first, output last: (5,) + (3,) and (3, 5) + (3,).",
    ),
    function(
        "distance_gradient", "derive", "x, h", "return 2 * (x - h)",
        "ε = ‖x − h‖² for two vectors. Write the gradient of ε by `x`.",
        axes="m, m", truth={"dx": lambda x, h: 2 * (x - h) @ np.eye(len(x))},
        mistakes=(
            ("value for derivative", lambda x, h: np.sum((x - h)**2)),
            ("value for derivative", lambda x, h: (x - h)**2, "The derivative of y² is 2y."),
            ("h forgotten", lambda x, h: 2 * x, "The slope is taken at the inside, x − h."),
            ("sign of one term", lambda x, h: 2 * (x + h), "Look at the sign of the inside."),
            ("identity kept", lambda x, h: 2 * np.diag(x - h),
             "A gradient has the shape of x: multiplying by I changes nothing."),
            ("norm for its square", lambda x, h: (x - h) / np.linalg.norm(x - h),
             "That is the gradient of ‖x − h‖, without the square."),
            ("mean for sum", lambda x, h: 2 * (x - h) / len(x)),
            ("mean for sum", lambda x, h: (x - h) / len(x), "‖x − h‖² is a sum, and its slope "
             "has a 2."),
            ("sign, factor ½", lambda x, h: h - x, "The inside is x − h, and the square leaves a "
             "factor."),
            ("gradient of the sizes", lambda x, h: np.sign(x - h),
             "That is the gradient of Σ|x − h|: here the differences are squared."),
            ("summed", lambda x, h: 2 * (x - h).sum(), "Every entry of x has a slope of its own."),
            ("lost square", lambda x, h: np.full(x.shape, 2.0), "The slope of a square depends on "
             "where it is taken."),
        ),
        hints=("Name the inside: y = x − h, ε = yᵀy.", "∇ᵧε = 2y, and ∇ₓy = I.",
               "Multiplying by I changes nothing."),
        why=r"$\nabla_x\varepsilon = \nabla_x y\,\nabla_y\varepsilon = I\cdot 2y = 2(x-h)$.",
    ),
    function(
        "both_layouts", "derive", "W", "return W, W.T",
        "c = Wx. Return ∂c/∂x in the numerator layout, then in the denominator layout.",
        axes="k m",
        truth={"numerator": lambda W: linear(W), "denominator": lambda W: linear(W, "denominator")},
        mistakes=(
            ("lost transpose", lambda W: W.T, "Numerator layout: the axis of c comes first.",
             "numerator"),
            ("lost transpose", lambda W: W, "Denominator layout: the axis of x comes first.",
             "denominator"),
            ("contracted", lambda W: W.sum(0), "No upstream gradient yet: the axis of c stays."),
            ("contracted", lambda W: W.sum(1), "∂c/∂x has an entry for each pair."),
            ("product", lambda W: W.T @ W, "W stands once in Wx: so it does in the slope."),
            ("product", lambda W: W @ W.T, "W stands once in Wx: so it does in the slope."),
            ("identity", lambda W: np.eye(*W.shape), "That would be c = x."),
            ("W forgotten", lambda W: np.ones_like(W),
             "How far c[k] moves with x[m] depends on the weight between them."),
        ),
        hints=("Write c[k] as a sum, and differentiate by x[m].", "∂c[k]/∂x[m] = W[k, m].",
               "The first layout has index [k, m], the second [m, k]."),
        why=r"$\dfrac{\partial c_k}{\partial x_m} = W_{km}$. With the output first that is $W$, "
            r"with the input first it is $W^\top$.",
    ),
    function(
        "quadratic_hessian", "derive", "A", "return A + A.T",
        "f(x) = xᵀAx with a square matrix `A` that is not symmetric. Return its Hessian.",
        axes="h h", truth={"H": lambda A: A + np.swapaxes(A, 0, 1)},
        mistakes=(
            ("A is not symmetric", lambda A: 2 * A, "x stands on both sides of A: the two "
             "terms are not the same."),
            ("A is not symmetric", lambda A: 2 * A.T,
             "x stands on both sides of A: the two terms are not the same."),
            ("lost path", lambda A: +A, "x stands on both sides: one of two terms is missing."),
            ("lost path", lambda A: A.T, "x stands on both sides: one of two terms is missing."),
            ("sign of one term", lambda A: A - A.T, "Both terms are added: H is symmetric."),
            ("product", lambda A: A @ A.T, "The two terms are added, not multiplied."),
            ("product", lambda A: A.T @ A, "The two terms are added, not multiplied."),
            ("summed", lambda A: (A + A.T).sum(0), "A Hessian has an entry for each pair."),
            ("product", lambda A: A * A.T, "The two terms are added, not multiplied."),
            ("diagonal", lambda A: np.diag(2 * np.diag(A)),
             "x[i]·x[j] mixes: there are entries beside the diagonal."),
        ),
        hints=("f = Σ A[i, j] x[i] x[j]. Differentiate by x[k] first.",
               "Two sums are left: over A[k, j] x[j] and over A[i, k] x[i].",
               "Differentiate by x[l]: A[k, l] + A[l, k]."),
        why=r"$\dfrac{\partial f}{\partial x_k} = \sum_j A_{kj}x_j + \sum_i A_{ik}x_i$, so "
            r"$H_{kl} = A_{kl} + A_{lk}$: symmetric, whatever $A$ is.",
    ),
    function(
        "chain", "code", "Jz, Jy, dx", "return Jz @ (Jy @ dx)",
        "y = f(x) and z = g(y) have the Jacobians `Jy` and `Jz` (rows are outputs). Return the "
        "change Δz that a small change `dx` makes.",
        axes="n h, h m, m", truth={"dz": lambda Jz, Jy, dx: np.einsum("ij,jk,k->i", Jz, Jy, dx)},
        mistakes=(
            ("order swapped", lambda Jz, Jy, dx: Jy @ Jz @ dx,
             "What works first stands next to dx."),
            ("lost transpose", lambda Jz, Jy, dx: dx @ Jz @ Jy,
             "dx stands on the right of both matrices: rows are outputs."),
            ("lost transpose", lambda Jz, Jy, dx: Jz.T @ (Jy.T @ dx),
             "Rows are outputs here: no transpose."),
            ("first map twice", lambda Jz, Jy, dx: Jy @ (Jy @ dx), "The second factor is Jz."),
            ("change forgotten", lambda Jz, Jy, dx: Jz @ Jy, "That is ∂z/∂x: multiply it by dx."),
            ("half the way", lambda Jz, Jy, dx: Jy @ dx, "That is Δy: one map is left."),
            ("lost transpose", lambda Jz, Jy, dx: Jz @ (Jy.T @ dx), "Rows are outputs here: no "
             "transpose."),
            ("lost transpose", lambda Jz, Jy, dx: Jz.T @ (Jy @ dx), "Rows are outputs here: no "
             "transpose."),
            ("half the way", lambda Jz, Jy, dx: Jz @ dx, "One map is missing."),
            ("second map twice", lambda Jz, Jy, dx: Jz @ (Jz @ dx), "The map that works first is "
             "Jy."),
            ("sum for product", lambda Jz, Jy, dx: (Jz + Jy) @ dx, "Along a path factors are "
             "multiplied."),
            ("not summed", lambda Jz, Jy, dx: (Jz @ Jy) * dx, "Each change of dx has a part in "
             "each Δz: add them."),
            ("product of entries", lambda Jz, Jy, dx: (Jz * Jy) @ dx, "A product of matrices: "
             "rows meet columns."),
            ("sum for product", lambda Jz, Jy, dx: Jz.sum(1) + Jz @ (Jy @ dx),
             "Along a path factors are multiplied."),
        ),
        hints=("First Δy from Δx.", "Δy ≈ Jy Δx, then Δz from Δy.",
               "Write the shapes: (n, h)(h, m)(m,)."),
        why=r"$\Delta z \approx J_z\,\Delta y \approx J_z J_y\,\Delta x$. From the right it takes "
            r"two products of a matrix and a vector; no product of matrices.",
    ),
)
