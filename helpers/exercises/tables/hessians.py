"""Exercises of notebook 13: Hessians and vec."""

import numpy as np

from ...calculus.operations import OPERATIONS
from ..exercise import function, predict
from .chain_rule import linear


def soft(x):
    """The softmax of a vector."""
    return np.exp(x) / np.exp(x).sum()


def unit_vector(x):
    """The Jacobian of x/‖x‖, as the difference of two full ones."""
    size = np.sqrt(np.sum(x * x))
    return np.eye(len(x)) / size - np.einsum("i,j->ij", x, x) / size**3


def layout_shapes(k, m):
    """Shapes in the denominator layout for c = Wx with W of shape (k, m)."""
    W = np.ones((k, m))
    return predict(
        "layout_shapes",
        f"c = Wx with W of shape ({k}, {m}). In the denominator layout (axes of the input first), "
        "what are the shapes of ∂c/∂x and of ∂c/∂W?",
        truth={"dc_dx": lambda: linear(W, "denominator").shape,
               "dc_dW": lambda: linear(W, "denominator", "W").shape},
        answer=f"({m}, {k}), ({k}, {m}, {k})",
        mistakes=(
            ("numerator layout", (k, m), f"The axes of the input come first: x has {m} numbers.",
             "dc_dx"),
            ("counting", (m, m), f"The last axis belongs to c, which has {k} numbers.", "dc_dx"),
            ("not a gradient", (m,), "c is a vector: the axis of c stays.", "dc_dx"),
            ("numerator layout", (k, k, m), "The axes of the input come first: those of W.",
             "dc_dW"),
            ("not a gradient", (k, m), f"c is a vector: each of its {k} numbers has a slice "
             f"({k}, {m}).", "dc_dW"),
            ("W transposed", (m, k, k), f"W keeps its own order of axes, ({k}, {m}).", "dc_dW"),
            ("wrong axis", (k, m, m), f"The last axis belongs to c, which has {k} numbers.",
             "dc_dW"),
        ),
        hints=("The axes of the input come first, in their own order.",
               f"Then come the axes of the output c: there is one, with {k} numbers.",
               f"x has the axis ({m},), W has ({k}, {m})."),
        why=f"Input first, output last: ({m},) + ({k},) and ({k}, {m}) + ({k},).",
    )


ROWS = (
    layout_shapes(3, 5),
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
            ("summed", lambda A: (A + A.T).sum(1), "A Hessian has an entry for each pair."),
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
        "vec_table", "code", "W, x", "return np.kron(np.eye(len(W)), x)",
        "c = Wx with W of shape (K, M), laid out row after row. Return the K × KM table "
        "∂c/∂vec(W).",
        axes="k m, m", truth={"table": lambda W, x: linear(W, wrt="W", x=x).reshape(
            len(W), W.size)},
        mistakes=(
            ("column order", lambda W, x: np.kron(x, np.eye(len(W))),
             "Row after row: the weights of output 0 stand side by side."),
            ("W for x", lambda W, x: np.kron(np.eye(len(W)), np.ones_like(x)) * W.ravel(),
             "The slope of W[k, m]·x[m] by W[k, m] is x[m]."),
            ("not a table", lambda W, x: np.tile(x, (len(W), 1)),
             "A column for each of the K·M weights, most of them 0."),
            ("zeros forgotten", lambda W, x: np.tile(x, (len(W), len(W))),
             "Output k sees row k of W only: the other weights have slope 0."),
            ("denominator layout", lambda W, x: np.kron(np.eye(len(W)), x).T,
             "A row for each output, a column for each weight."),
        ),
        hints=("c[k] = Σ W[k, m] x[m]: which weights does it see?",
               "Row k has x at the places of row k of W, and 0 elsewhere.",
               "np.kron(A, B) puts A[i, j]·B at each place of A: take the identity for A."),
        why=r"$\dfrac{\partial c_k}{\partial W_{k'm}} = \delta_{kk'}\,x_m$: the table is "
            r"$I_K \otimes x^\top$.",
    ),
    function(
        "unit_vector_jacobian", "code", "x",
        "size = np.linalg.norm(x)\nu = x / size\nreturn (np.eye(len(x)) - np.outer(u, u)) / size",
        "y = x/‖x‖ gives any vector the length 1. Return its Jacobian (it is the same in both "
        "layouts).",
        axes="m", truth={"J": unit_vector},
        mistakes=(
            ("lost path", lambda x: np.eye(len(x)) / np.linalg.norm(x), "‖x‖ depends on x, too: "
             "the path through it is missing."),
            ("lost path", lambda x: -np.outer(x, x) / np.linalg.norm(x)**3, "That is the path "
             "through ‖x‖: x stands above the line, too."),
            ("sign of one term", lambda x: np.eye(len(x)) / np.linalg.norm(x)
             + np.outer(x, x) / np.linalg.norm(x)**3, "‖x‖ stands below the line: that turns a "
             "sign."),
            ("power of the norm", lambda x: np.eye(len(x)) - np.outer(x, x)
             / np.linalg.norm(x)**2, "Divide all of it by ‖x‖."),
            ("power of the norm", lambda x: (np.eye(len(x)) - np.outer(x, x))
             / np.linalg.norm(x), "The outer product is that of y, not of x."),
            ("diagonal", lambda x: np.diag((1 - (x / np.linalg.norm(x))**2) / np.linalg.norm(x)),
             "Each input moves the length, and so every output."),
            ("value for derivative", lambda x: x / np.linalg.norm(x)),
            ("squared norm", lambda x: np.eye(len(x)) / np.linalg.norm(x)
             - 2 * np.outer(x, x) / np.linalg.norm(x)**3, "The slope of ‖x‖ by xᵢ is xᵢ/‖x‖; "
             "2xᵢ belongs to its square."),
        ),
        hints=("yₖ = xₖ·(1/‖x‖): two paths from xᵢ to yₖ.", "∂‖x‖/∂xᵢ = xᵢ/‖x‖ = yᵢ.",
               "δ/‖x‖ − xₖ xᵢ/‖x‖³, as matrices: (I − yyᵀ)/‖x‖."),
        why=r"$\dfrac{\partial y_k}{\partial x_i} = \dfrac{\delta_{ki} - y_k y_i}"
            r"{\lVert x\rVert}$: a diagonal minus an outer product. Along x nothing moves.",
    ),
    function(
        "logsumexp_hessian", "code", "x",
        "p = np.exp(x) / np.exp(x).sum()\nreturn np.diag(p) - np.outer(p, p)",
        "f(x) = log Σ eˣⁱ has the gradient p = softmax(x). Return its Hessian.",
        axes="h", truth={"H": lambda x: OPERATIONS["softmax"].jacobian(x[None])[0, :, 0]},
        mistakes=(
            ("lost path", lambda x: np.diag(soft(x)), "All entries of p share one sum: the "
             "outer product is missing."),
            ("lost path", lambda x: np.diag(soft(x) * (1 - soft(x))), "Each x moves the other "
             "entries of p as well: there are numbers beside the diagonal."),
            ("lost path", lambda x: -np.outer(soft(x), soft(x)), "Each x moves its own entry of "
             "p by way of its own exp as well: the diagonal is missing."),
            ("sign of one term", lambda x: np.diag(soft(x)) + np.outer(soft(x), soft(x)),
             "The sum stands below the line: that turns a sign."),
            ("gradient for Hessian", lambda x: soft(x), "That is the gradient: differentiate it "
             "once more."),
            ("identity for diagonal", lambda x: np.eye(len(x)) - np.outer(soft(x), soft(x)),
             "The slope of eˣ is eˣ: p stands on the diagonal."),
            ("square", lambda x: np.diag(soft(x)) - np.diag(soft(x)**2)
             - np.outer(soft(x), soft(x)), "p² stands on the diagonal once, in the outer "
             "product."),
        ),
        hints=("H[i,j] = ∂pᵢ/∂xⱼ, and pᵢ is a quotient.",
               "pᵢ(δᵢⱼ − pⱼ): a diagonal and an outer product.",
               "np.diag(p) minus np.outer(p, p)."),
        why=r"$H_{ij} = \dfrac{\partial p_i}{\partial x_j} = p_i(\delta_{ij} - p_j)$: symmetric, "
            r"and each row adds up to 0, since adding a number to all x changes no p.",
    ),
)
