"""Products of two arrays: matrices, entry by entry, outer, and Kronecker's."""

import numpy as np

from ..latex import typewriter
from ..operation import Derivative, Operation

MATMUL = Operation(
    name="matmul", axes="n m, m k -> n k", inputs=("A", "B"),
    latex=r"Y = AB", numpy="A @ B",
    forward=lambda A, B: A @ B,
    derivatives={
        "A": Derivative(
            vjp=lambda G, B: G @ B.T,
            jvp=lambda dA, B: dA @ B,
            full="m k -> n k n m", core=lambda B: B,
            entry=r"\frac{\partial Y_{nk}}{\partial A_{n'm}} = \delta_{nn'}\,B_{mk}",
            latex=r"\frac{dL}{dA} = G\,B^\top", numpy="G @ B.T",
            jvp_latex=r"dY = dA\,B", jvp_numpy="dA @ B",
            why="row n of A reaches row n of Y alone, each time through the same B",
        ),
        "B": Derivative(
            vjp=lambda G, A: A.T @ G,
            jvp=lambda A, dB: A @ dB,
            full="n m -> n k m k", core=lambda A: A,
            entry=r"\frac{\partial Y_{nk}}{\partial B_{mk'}} = \delta_{kk'}\,A_{nm}",
            latex=r"\frac{dL}{dB} = A^\top G", numpy="A.T @ G",
            jvp_latex=r"dY = A\,dB", jvp_numpy="A @ dB",
            why="column k of B reaches column k of Y alone, each time through the same A",
        ),
    },
)


def hadamard_by(wrt, other, vjp, jvp, core):
    """The derivative of A ⊙ B by one of the two: the other one is the slope."""
    return Derivative(
        vjp=vjp, jvp=jvp, full="... -> ... ...", core=core,
        entry=rf"\frac{{\partial Y_{{nh}}}}{{\partial {wrt}_{{n'h'}}}} = "
              rf"\delta_{{nn'}}\,\delta_{{hh'}}\;{other}_{{nh}}",
        latex=rf"\frac{{dL}}{{d{wrt}}} = G \odot {other}", numpy=f"G * {other}",
        jvp_latex=rf"dY = d{wrt} \odot {other}", jvp_numpy=f"d{wrt} * {other}",
        why=f"an entry of Y sees one entry of {wrt}, multiplied by its partner in {other}",
    )


HADAMARD = Operation(
    name="hadamard", axes="..., ... -> ...", inputs=("A", "B"),
    latex=r"Y = A \odot B", numpy="A * B",
    forward=lambda A, B: A * B,
    derivatives={
        "A": hadamard_by("A", "B", lambda G, B: G * B, lambda dA, B: dA * B, lambda B: B),
        "B": hadamard_by("B", "A", lambda G, A: G * A, lambda dB, A: dB * A, lambda A: A),
    },
)

OUTER = Operation(
    name="outer", axes="n, m -> n m", inputs=("a", "b"),
    latex=r"Y = a\,b^\top", numpy="np.outer(a, b)",
    forward=lambda a, b: a[:, None] * b,
    derivatives={
        "a": Derivative(
            vjp=lambda G, b: G @ b,
            jvp=lambda da, b: da[:, None] * b,
            full="m -> n m n", core=lambda b: b,
            entry=r"\frac{\partial Y_{nm}}{\partial a_{n'}} = \delta_{nn'}\,b_m",
            latex=r"\frac{dL}{da} = G\,b", numpy="G @ b",
            jvp_latex=r"dY = da\,b^\top", jvp_numpy="np.outer(da, b)",
            why="entry n of a makes row n of Y alone, each time through the same b",
        ),
        "b": Derivative(
            vjp=lambda G, a: a @ G,
            jvp=lambda a, db: a[:, None] * db,
            full="n -> n m m", core=lambda a: a,
            entry=r"\frac{\partial Y_{nm}}{\partial b_{m'}} = \delta_{mm'}\,a_n",
            latex=r"\frac{dL}{db} = G^\top a", numpy="G.T @ a",
            jvp_latex=r"dY = a\,db^\top", jvp_numpy="np.outer(a, db)",
            why="entry m of b makes column m of Y alone, each time through the same a",
        ),
    },
)


def blocks_of(G, A, B):
    """G with the axes n p k h: block (n, k) of Y is A[n, k] B."""
    return G.reshape(A.shape[0], B.shape[0], A.shape[1], B.shape[1])


def placed(one, two, line):
    """∂Y/∂one, axes r s and those of `one`: the other factor, where the deltas of `line` are 1."""
    J = np.einsum(line, np.eye(one.shape[0]), np.eye(one.shape[1]), two)
    return J.reshape(one.shape[0] * two.shape[0], one.shape[1] * two.shape[1], *one.shape)


def kron_steps(wrt, entry, total):
    """The derivation by one factor on paper: Y's rows are pairs np, its columns pairs kh."""
    slope = rf"\frac{{\partial Y_{{np,kh}}}}{{\partial {wrt}}}"
    return (
        ("The chain rule: every entry of Y counts",
         rf"\frac{{dL}}{{d{wrt}}} = \sum_{{npkh}} G_{{np,kh}}\,{slope}"),
        ("One entry of the full tensor", rf"{slope} = {entry}"),
        ("The deltas leave one block, or one place in every block",
         rf"\frac{{dL}}{{d{wrt.replace(chr(39), '')}}} = {total}"),
    )


KRON = Operation(
    name="kron", axes="n k, p h -> r s", inputs=("A", "B"),
    derived={"r": lambda n, p: n * p, "s": lambda k, h: k * h},
    large={"n": 64, "k": 32, "p": 32, "h": 64},
    latex=r"Y = A \otimes B, \quad Y_{np,kh} = A_{nk}\,B_{ph}", numpy="np.kron(A, B)",
    where={"blocks": "G.reshape(A.shape[0], B.shape[0], A.shape[1], B.shape[1])"},
    shared={"blocks": blocks_of},
    forward=lambda A, B: np.kron(A, B),
    derivatives={
        "A": Derivative(
            vjp=lambda blocks, B: np.einsum("npkh,ph->nk", blocks, B),
            jvp=lambda dA, B: np.kron(dA, B),
            full="r s n k -> r s n k", core=lambda A, B: placed(A, B, "ni,kj,ph->npkhij"),
            entry=r"\frac{\partial Y_{np,kh}}{\partial A_{n'k'}} = "
                  r"\delta_{nn'}\,\delta_{kk'}\,B_{ph}",
            latex=r"\frac{dL}{dA_{nk}} = \sum_{ph} G_{np,kh}\,B_{ph}",
            numpy="(blocks * B[:, None, :]).sum((1, 3))",
            jvp_latex=r"dY = dA \otimes B", jvp_numpy="np.kron(dA, B)",
            why="an entry of A makes one block of Y, a copy of B: the other blocks do not see it",
            multiplications="n k p h", stored="p h",
            derivation=(*kron_steps("A_{n'k'}", r"\delta_{nn'}\,\delta_{kk'}\,B_{ph}",
                                    r"\sum_{ph} G_{np,kh}\,B_{ph}"),
                        ("NumPy", typewriter("dA = (blocks * B[:, None, :]).sum((1, 3))"))),
        ),
        "B": Derivative(
            vjp=lambda blocks, A: np.einsum("npkh,nk->ph", blocks, A),
            jvp=lambda A, dB: np.kron(A, dB),
            full="r s p h -> r s p h", core=lambda A, B: placed(B, A, "pi,hj,nk->npkhij"),
            entry=r"\frac{\partial Y_{np,kh}}{\partial B_{p'h'}} = "
                  r"\delta_{pp'}\,\delta_{hh'}\,A_{nk}",
            latex=r"\frac{dL}{dB_{ph}} = \sum_{nk} G_{np,kh}\,A_{nk}",
            numpy="(blocks * A[:, None, :, None]).sum((0, 2))",
            jvp_latex=r"dY = A \otimes dB", jvp_numpy="np.kron(A, dB)",
            why="B is copied to every block, weighed by A: so dB is the weighted sum of blocks",
            multiplications="n k p h", stored="n k",
            derivation=(*kron_steps("B_{p'h'}", r"\delta_{pp'}\,\delta_{hh'}\,A_{nk}",
                                    r"\sum_{nk} G_{np,kh}\,A_{nk}"),
                        ("NumPy", typewriter("dB = (blocks * A[:, None, :, None]).sum((0, 2))"))),
        ),
    },
)

ROWS = (MATMUL, HADAMARD, OUTER, KRON)
