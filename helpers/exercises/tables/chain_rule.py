"""Exercises of notebook 03: the vector chain rule."""

import numpy as np

from ...calculus.operations import OPERATIONS
from ..exercise import function, predict


def linear(W, layout="numerator", wrt="x", x=None):
    """The full Jacobian of c = Wx, at a column of ones where no x is given."""
    k, m = W.shape
    x = np.ones(m) if x is None else x
    return OPERATIONS["affine_vector"].jacobian(W, x, np.zeros(k), wrt=wrt, layout=layout)


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
