"""Products of two arrays: the matrix product, and entry by entry."""

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

ROWS = (MATMUL, HADAMARD)
