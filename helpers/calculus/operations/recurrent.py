"""One step of a recurrent network: the plain one with tanh, and the LSTM cell.

Rows are examples. The four gates of the cell have an axis of their own, q, in the order input,
forget, candidate, output: Z_q = XW_q + HU_q + b_q. Its new cell state and its new output are two
rows of the table, for each has its own Jacobian. Sources: S. Hochreiter, J. Schmidhuber, Long
Short-Term Memory; F. Gers and others, Learning to Forget.
"""

import numpy as np

from .. import stable
from ..operation import Derivative, Operation


def state_rule(U):
    """What is wrong with the weights of the state: it must keep its size."""
    before, after = U.shape[-2:]
    return before != after and f"must take a state of {after} to one of {after}, not of {before}."


def bell(Z):
    """1 − tanh² Z, without the cancellation."""
    return (1 / np.cosh(Z))**2


RNN = Operation(
    name="rnn_step", axes="n m, n p, m h, p h, h -> n h", inputs=("X", "H", "W", "U", "b"),
    derived={"p": lambda h: h}, rules={"U": state_rule}, usual={"h": 2},
    latex=r"Y = \tanh(XW + HU + b)", numpy="np.tanh(X @ W + H @ U + b)",
    where={"D": "G * (1 - Y**2)"},
    saved={"Z": lambda X, H, W, U, b: X @ W + H @ U + b, "slope": lambda Z: bell(Z)},
    shared={"D": lambda G, slope: G * slope},
    forward=lambda Z: np.tanh(Z),
    derivatives={
        "X": Derivative(
            vjp=lambda D, W: D @ W.T,
            jvp=lambda dX, W, slope: slope * (dX @ W),
            full="n h m -> n h n m", core=lambda slope, W: slope[:, :, None] * W.T,
            entry=r"\frac{\partial Y_{nh}}{\partial X_{n'm}} = "
                  r"\delta_{nn'}\,(1 - Y_{nh}^2)\,W_{mh}",
            latex=r"\frac{dL}{dX} = D\,W^\top, \quad D = G \odot (1 - Y^2)", numpy="D @ W.T",
            jvp_latex=r"dY = (1 - Y^2) \odot (dX\,W)", jvp_numpy="(1 - Y**2) * (dX @ W)",
            why="through tanh entry by entry, then as in an affine layer: no example sees another",
            multiplications="n h + n h m", stored="n h + m h",
        ),
        "H": Derivative(
            vjp=lambda D, U: D @ U.T,
            jvp=lambda dH, U, slope: slope * (dH @ U),
            full="n h p -> n h n p", core=lambda slope, U: slope[:, :, None] * U.T,
            entry=r"\frac{\partial Y_{nh}}{\partial H_{n'p}} = "
                  r"\delta_{nn'}\,(1 - Y_{nh}^2)\,U_{ph}",
            latex=r"\frac{dL}{dH} = D\,U^\top, \quad D = G \odot (1 - Y^2)", numpy="D @ U.T",
            jvp_latex=r"dY = (1 - Y^2) \odot (dH\,U)", jvp_numpy="(1 - Y**2) * (dH @ U)",
            why="the way back in time: once a step through tanh and through the same Uᵀ",
            multiplications="n h + n h p", stored="n h + p h",
        ),
        "W": Derivative(
            vjp=lambda D, X: X.T @ D,
            jvp=lambda X, dW, slope: slope * (X @ dW),
            full="n h m -> n h m h", core=lambda slope, X: slope[:, :, None] * X[:, None, :],
            entry=r"\frac{\partial Y_{nh}}{\partial W_{mh'}} = "
                  r"\delta_{hh'}\,(1 - Y_{nh}^2)\,X_{nm}",
            latex=r"\frac{dL}{dW} = X^\top D, \quad D = G \odot (1 - Y^2)", numpy="X.T @ D",
            jvp_latex=r"dY = (1 - Y^2) \odot (X\,dW)", jvp_numpy="(1 - Y**2) * (X @ dW)",
            why="column h of W reaches unit h alone; over many steps these gradients add up",
            multiplications="n h + n h m", stored="n h + n m",
        ),
        "U": Derivative(
            vjp=lambda D, H: H.T @ D,
            jvp=lambda H, dU, slope: slope * (H @ dU),
            full="n h p -> n h p h", core=lambda slope, H: slope[:, :, None] * H[:, None, :],
            entry=r"\frac{\partial Y_{nh}}{\partial U_{ph'}} = "
                  r"\delta_{hh'}\,(1 - Y_{nh}^2)\,H_{np}",
            latex=r"\frac{dL}{dU} = H^\top D, \quad D = G \odot (1 - Y^2)", numpy="H.T @ D",
            jvp_latex=r"dY = (1 - Y^2) \odot (H\,dU)", jvp_numpy="(1 - Y**2) * (H @ dU)",
            why="column h of U reaches unit h alone; over many steps these gradients add up",
            multiplications="n h + n h p", stored="n h + n p",
        ),
        "b": Derivative(
            vjp=lambda D: D.sum(0),
            jvp=lambda db, slope: slope * db,
            full="n h -> n h h", core=lambda slope: slope,
            entry=r"\frac{\partial Y_{nh}}{\partial b_{h'}} = \delta_{hh'}\,(1 - Y_{nh}^2)",
            latex=r"\frac{dL}{db} = \sum_n D_{n,:}, \quad D = G \odot (1 - Y^2)",
            numpy="D.sum(0)",
            jvp_latex=r"dY = (1 - Y^2) \odot db", jvp_numpy="(1 - Y**2) * db",
            why="b is copied to every example: what comes back through tanh is summed up",
        ),
    },
)


BY_GATES = {
    "X": Derivative(
        vjp=lambda D, W: (D @ W.transpose(0, 2, 1)).sum(0),
        jvp=lambda dX, W, S: (S * (dX @ W)).sum(0),
        full="n h m -> n h n m", core=lambda S, W: np.einsum("qnh,qmh->nhm", S, W),
        entry=r"\frac{\partial Y_{nh}}{\partial X_{n'm}} = \delta_{nn'} \sum_q S_{qnh}\,W_{qmh}",
        latex=r"\frac{dL}{dX} = \sum_q D_q\,W_q^\top, \quad D_q = G \odot S_q",
        numpy="(D @ W.transpose(0, 2, 1)).sum(0)",
        jvp_latex=r"dY = \sum_q S_q \odot (dX\,W_q)", jvp_numpy="(S * (dX @ W)).sum(0)",
        why="every gate reads the same X: what comes back by S_q = ∂Y/∂Z_q adds up",
        multiplications="q n h + q n h m", stored="q n h + q m h",
    ),
    "H": Derivative(
        vjp=lambda D, U: (D @ U.transpose(0, 2, 1)).sum(0),
        jvp=lambda dH, U, S: (S * (dH @ U)).sum(0),
        full="n h p -> n h n p", core=lambda S, U: np.einsum("qnh,qph->nhp", S, U),
        entry=r"\frac{\partial Y_{nh}}{\partial H_{n'p}} = \delta_{nn'} \sum_q S_{qnh}\,U_{qph}",
        latex=r"\frac{dL}{dH} = \sum_q D_q\,U_q^\top, \quad D_q = G \odot S_q",
        numpy="(D @ U.transpose(0, 2, 1)).sum(0)",
        jvp_latex=r"dY = \sum_q S_q \odot (dH\,U_q)", jvp_numpy="(S * (dH @ U)).sum(0)",
        why="every gate reads the same H: what comes back by S_q = ∂Y/∂Z_q adds up",
        multiplications="q n h + q n h p", stored="q n h + q p h",
    ),
    "W": Derivative(
        vjp=lambda D, X: X.T @ D,
        jvp=lambda X, dW, S: (S * (X @ dW)).sum(0),
        full="n h q m -> n h q m h", core=lambda S, X: np.einsum("qnh,nm->nhqm", S, X),
        entry=r"\frac{\partial Y_{nh}}{\partial W_{qmh'}} = \delta_{hh'}\,S_{qnh}\,X_{nm}",
        latex=r"\frac{dL}{dW_q} = X^\top D_q, \quad D_q = G \odot S_q",
        numpy="X.T @ D",
        jvp_latex=r"dY = \sum_q S_q \odot (X\,dW_q)", jvp_numpy="(S * (X @ dW)).sum(0)",
        why="each gate learns as an affine layer does, through its own slope S_q = ∂Y/∂Z_q",
        multiplications="q n h + q n h m", stored="q n h + n m",
    ),
    "U": Derivative(
        vjp=lambda D, H: H.T @ D,
        jvp=lambda H, dU, S: (S * (H @ dU)).sum(0),
        full="n h q p -> n h q p h", core=lambda S, H: np.einsum("qnh,np->nhqp", S, H),
        entry=r"\frac{\partial Y_{nh}}{\partial U_{qph'}} = \delta_{hh'}\,S_{qnh}\,H_{np}",
        latex=r"\frac{dL}{dU_q} = H^\top D_q, \quad D_q = G \odot S_q",
        numpy="H.T @ D",
        jvp_latex=r"dY = \sum_q S_q \odot (H\,dU_q)", jvp_numpy="(S * (H @ dU)).sum(0)",
        why="each gate learns as an affine layer does, from the state, by S_q = ∂Y/∂Z_q",
        multiplications="q n h + q n h p", stored="q n h + n p",
    ),
    "b": Derivative(
        vjp=lambda D: D.sum(1),
        jvp=lambda db, S: (S * db[:, None, :]).sum(0),
        full="n h q -> n h q h", core=lambda S: S.transpose(1, 2, 0),
        entry=r"\frac{\partial Y_{nh}}{\partial b_{qh'}} = \delta_{hh'}\,S_{qnh}",
        latex=r"\frac{dL}{db_q} = \sum_n (D_q)_{n,:}, \quad D_q = G \odot S_q",
        numpy="D.sum(1)",
        jvp_latex=r"dY = \sum_q S_q \odot db_q", jvp_numpy="(S * db[:, None, :]).sum(0)",
        why="b is copied to every example: what comes back through each gate is summed up",
    ),
}


def cell_slopes(Z, C, i, f, g):
    """∂C′/∂Z_q, axes q n h: the output gate has no part in the cell state."""
    steep = stable.decay(Z) / (1 + stable.decay(Z))**2  # σ′ = σ(1 − σ)
    return np.stack([steep[0] * g, steep[1] * C, i * bell(Z[2]), 0 * g])


def output_slopes(Z, C, i, f, g, o, cell):
    """∂H′/∂Z_q: through tanh of the cell state, and through the output gate itself."""
    S = cell_slopes(Z, C, i, f, g) * (o * bell(cell))
    S[3] = stable.sigmoid(Z[3]) * stable.sigmoid(-Z[3]) * np.tanh(cell)
    return S


GATES = {
    "Z": lambda X, H, W, U, b: X @ W + H @ U + b[:, None, :],
    "i": lambda Z: stable.sigmoid(Z[0]), "f": lambda Z: stable.sigmoid(Z[1]),
    "g": lambda Z: np.tanh(Z[2]), "o": lambda Z: stable.sigmoid(Z[3]),
    "cell": lambda f, C, i, g: f * C + i * g,
}
LINES = {
    "Z": "X @ W + H @ U + b[:, None, :]", "sigma": "1 / (1 + np.exp(-Z))", "i": "sigma[0]",
    "f": "sigma[1]", "g": "np.tanh(Z[2])", "o": "sigma[3]", "cell": "f * C + i * g",
}
CELL = {
    "axes": "n m, n p, n h, q m h, q p h, q h -> n h", "inputs": ("X", "H", "C", "W", "U", "b"),
    "derived": {"p": lambda h: h, "q": lambda: 4}, "usual": {"m": 5, "h": 2},
    "rules": {"W": lambda W: len(W) != 4 and f"has {len(W)} gates along axis q, but a cell has 4.",
              "U": state_rule},
    "shared": {"D": lambda G, S: G * S},
}

LSTM_C = Operation(
    name="lstm_c", **CELL,
    latex=r"Y = f \odot C + i \odot g, \quad i = \sigma(Z_0),\; f = \sigma(Z_1),\; "
          r"g = \tanh(Z_2), \quad Z_q = XW_q + HU_q + b_q",
    numpy="f * C + i * g",
    where={**LINES, "S": "np.stack([i * (1 - i) * g, f * (1 - f) * C, i * (1 - g**2), 0 * o])",
           "D": "G * S"},
    saved={**GATES, "S": cell_slopes},
    forward=lambda cell: cell,
    derivatives={
        "X": BY_GATES["X"], "H": BY_GATES["H"],
        "C": Derivative(
            vjp=lambda G, f: G * f, jvp=lambda dC, f: dC * f,
            full="n h -> n h n h", core=lambda f: f,
            entry=r"\frac{\partial Y_{nh}}{\partial C_{n'h'}} = "
                  r"\delta_{nn'}\,\delta_{hh'}\,f_{nh}",
            latex=r"\frac{dL}{dC} = G \odot f", numpy="G * f",
            jvp_latex=r"dY = dC \odot f", jvp_numpy="dC * f",
            why="the old state goes on, times the forget gate: no matrix and no tanh in the way"),
        "W": BY_GATES["W"], "U": BY_GATES["U"], "b": BY_GATES["b"],
    },
)

LSTM_H = Operation(
    name="lstm_h", **CELL,
    latex=r"Y = o \odot \tanh(f \odot C + i \odot g), \quad i = \sigma(Z_0),\; f = \sigma(Z_1),\; "
          r"g = \tanh(Z_2),\; o = \sigma(Z_3)",
    numpy="o * np.tanh(cell)",
    where={**LINES, "T": "np.tanh(cell)", "back": "o * (1 - T**2)",
           "S": "np.stack([back * i * (1 - i) * g, back * f * (1 - f) * C, back * i * (1 - g**2),"
                " o * (1 - o) * T])", "D": "G * S"},
    saved={**GATES, "S": output_slopes, "through": lambda o, f, cell: o * bell(cell) * f},
    forward=lambda o, cell: o * np.tanh(cell),
    derivatives={
        "X": BY_GATES["X"], "H": BY_GATES["H"],
        "C": Derivative(
            vjp=lambda G, through: G * through, jvp=lambda dC, through: dC * through,
            full="n h -> n h n h", core=lambda through: through,
            entry=r"\frac{\partial Y_{nh}}{\partial C_{n'h'}} = "
                  r"\delta_{nn'}\,\delta_{hh'}\,\left(o \odot (1 - T^2) \odot f\right)_{nh}",
            latex=r"\frac{dL}{dC} = G \odot o \odot (1 - T^2) \odot f, \quad "
                  r"T = \tanh(f \odot C + i \odot g)",
            numpy="G * back * f",
            jvp_latex=r"dY = dC \odot o \odot (1 - T^2) \odot f", jvp_numpy="dC * back * f",
            why="through the output gate and the slope of tanh to the cell, then the forget gate"),
        "W": BY_GATES["W"], "U": BY_GATES["U"], "b": BY_GATES["b"],
    },
)

ROWS = (RNN, LSTM_C, LSTM_H)
