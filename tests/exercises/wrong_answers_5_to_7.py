"""Wrong answers from real confusions, exercise by exercise: the diagnosis and the student's code.

The code is the body of the function, or the value of a prediction; None stands for no diagnosis.
Notebooks 05 to 07, and 16.
"""

FIRST = {"dZ": "dY", "dbeta": "dY.sum(0)", "dXhat": "gamma * dZ", "dgamma": "(dZ * Xhat).sum(0)",
         "dC1": "dXhat * r", "dr": "(dXhat * C).sum(0)"}
SECOND = {"ds": "-dr / s**2", "dv": "ds / (2 * s)", "dQ": "np.ones_like(Q) * dv / len(Q)"}
THIRD = {"dC": "dC1 + 2 * C * dQ", "dX1": "dC", "dmu": "-dC.sum(0)", "dX": "dX1 + dmu / len(C)"}


def lines(right, **wrong):
    """Three backward steps with these lines in the place of the right ones."""
    back = [f"{name} = {text}" for name, text in {**right, **wrong}.items()]
    return "\n".join([*back, f"return {', '.join(right)}"])


LATER = {
    # 05
    "norm_entries": [
        ("counting", "(72, 72)"), ("counting", "(24, 72)"), ("counting", "(12, 72)"),
        ("not a diagonal", "(144, 132)"), ("counting", "(144, 0)"), ("wrong axis", "(144, 120)"),
        ("counting", "(144, 36)"), (None, "(143, 72)"),
    ],
    "affine_backward": [
        ("lost transpose", "return G @ W, X.T @ G, G.sum(0)"),
        ("order swapped", "return W @ G, X.T @ G, G.sum(0)"),
        ("order swapped", "return W.T @ G, X.T @ G, G.sum(0)"),
        ("lost transpose", "return G @ W.T, X @ G, G.sum(0)"),
        ("lost transpose", "return G @ W.T, G.T @ X, G.sum(0)"),
        ("mean for sum", "return G @ W.T, X.T @ G / len(X), G.sum(0)"),
        ("batch not summed", "return G @ W.T, X.T @ G, G"),
        ("mean for sum", "return G @ W.T, X.T @ G, G.mean(0)"),
        ("wrong axis", "return G @ W.T, X.T @ G, G.sum(1)"),
        ("(N,) against (N, 1)", "return G @ W.T, X.T @ G, G.sum(0, keepdims=True)"),
        ("= for +=", "dW = np.zeros_like(W)\nfor x, g in zip(X, G):\n    dW = np.outer(x, g)\n"
         "return G @ W.T, dW, G.sum(0)"),
        ("lost transpose", "return G @ W, X @ G, G.sum(0)"),
    ],
    "layernorm_backward": [
        (name, f"s = {s}\nR = (X - X.mean({axis}, keepdims=True)) / s\n"
         f"return ({inside.replace('A', str(axis) + ', keepdims=True')}) / s")
        for name, s, axis, inside in (
            ("wrong axis", "np.sqrt(X.var(0) + eps)", 0, "G - G.mean(A) - R * (G * R).mean(A)"),
            ("Bessel", "np.sqrt(X.var(1, ddof=1, keepdims=True) + eps)", 1,
             "G - G.mean(A) - R * (G * R).mean(A)"),
            ("ε outside the root", "X.std(1, keepdims=True) + eps", 1,
             "G - G.mean(A) - R * (G * R).mean(A)"),
            ("ε forgotten", "X.std(1, keepdims=True)", 1, "G - G.mean(A) - R * (G * R).mean(A)"),
            ("lost path", "np.sqrt(X.var(1, keepdims=True) + eps)", 1, "G"),
            ("lost path", "np.sqrt(X.var(1, keepdims=True) + eps)", 1, "G - G.mean(A)"),
            ("lost path", "np.sqrt(X.var(1, keepdims=True) + eps)", 1, "G - R * (G * R).mean(A)"),
            ("sum for mean", "np.sqrt(X.var(1, keepdims=True) + eps)", 1,
             "G - G.sum(A) - R * (G * R).sum(A)"),
        )
    ],
    # 06
    "sum_tensor": [
        ("denominator layout", "(5, 3, 5), 15"), ("wrong axis", "(3, 5, 3), 15"),
        ("axis kept", "(5, 3, 5, 3), 15"), ("not a Jacobian", "(5, 3), 15"),
        ("counting", "(5, 5, 3), 75"), ("counting", "(5, 5, 3), 5"), ("counting", "(5, 5, 3), 60"),
        ("lost transpose", "(3, 5, 5), 15"),
    ],
    "softmax_backward": [
        ("lost path", "return G * P * (1 - P)"), ("lost path", "return P * G"),
        ("P forgotten", "return G - np.sum(G * P, 1, keepdims=True)"),
        ("wrong axis", "return P * (G - np.sum(G * P, 0))"),
        ("wrong axis", "return P * (G - np.sum(G * P))"),
        ("(N,) against (N, 1)", "return P * (G - np.sum(G * P, 1))"),
        ("mean for sum", "return P * (G - np.mean(G * P, 1, keepdims=True))"),
        ("sign of one term", "return P * (G + np.sum(G * P, 1, keepdims=True))"),
        ("softmax with cross-entropy", "return P - G"),
    ],
    "maxpool_backward": [
        ("mask forgotten", "return G.repeat(2, axis=1)"), ("shared", "return G.repeat(2, 1) * 0.5"),
        ("mask from the wrong array", "return G.repeat(2, 1) * (X > 0)"),
        ("fixed place", "dX = np.zeros_like(X)\ndX[:, ::2] = G\nreturn dX"),
        ("fixed place", "dX = np.zeros_like(X)\ndX[:, 1::2] = G\nreturn dX"),
        ("branches swapped", "small = np.minimum(X[:, ::2], X[:, 1::2]).repeat(2, 1)\n"
         "return (X == small) * G.repeat(2, 1)"),
        ("value for derivative", "big = np.maximum(X[:, ::2], X[:, 1::2]).repeat(2, 1)\n"
         "return (X == big) * X * G.repeat(2, 1)"),
        ("upstream forgotten", "return X == np.maximum(X[:, ::2], X[:, 1::2]).repeat(2, 1)"),
    ],
    # 07
    "sgd_by_hand": [
        ("sign", "1.2"), ("= for +=", "0.7"), ("= for +=", "1.1"), ("mean for sum", "0.9"),
        ("rate forgotten", "-1"), ("step for weight", "0.2"), ("sum of sizes", "0.6"), (None, "5"),
    ],
    "batch_loss": [
        ("sum for mean", "(2.8, 0.25)"), ("counting", "(2.8 / 3, 0.25)"),
        ("one example", "(1.4, 0.25)"), ("median for mean", "(0.6, 0.25)"),
        ("sum for mean", "(0.7, 1)"), ("value for derivative", "(0.7, 0.35)"),
        ("value for derivative", "(0.7, 0.5)"), (None, "(0.7, 0.3)"),
    ],
    "cross_entropy_backward": [
        (name, "T = np.zeros(Z.shape)\nT[np.arange(len(Z)), labels] = 1\n"
         f"P = np.exp(Z) / np.exp(Z).sum({axis}, keepdims=True)\nreturn {result}")
        for name, axis, result in (
            ("sum for mean", 1, "P - T"), ("sign", 1, "(T - P) / len(Z)"),
            ("label forgotten", 1, "P / len(Z)"), ("wrong axis", 0, "(P - T) / len(Z)"),
            ("wrong axis", 1, "(P - T) / P.size"), ("softmax forgotten", 1, "(Z - T) / len(Z)"),
            ("sigmoid for softmax", 1, "(1 / (1 + np.exp(-Z)) - T) / len(Z)"),
            ("value for derivative", 1, "-T * np.log(P) / len(Z)"),
        )
    ],
    "dense_backward": [
        ("mask forgotten", "return G @ W.T, X.T @ G, G.sum(0)"),
        ("mask from the wrong array", "g = G * (G > 0)\nreturn g @ W.T, X.T @ g, g.sum(0)"),
        ("mask from the wrong array", "g = np.where(X @ W + b > 0, 0, G)\n"
         "return g @ W.T, X.T @ g, g.sum(0)"),
        ("lost transpose", "g = G * (X @ W + b > 0)\nreturn g @ W, X.T @ g, g.sum(0)"),
        ("lost transpose", "g = G * (X @ W + b > 0)\nreturn g @ W.T, g.T @ X, g.sum(0)"),
        ("batch not summed", "g = G * (X @ W + b > 0)\nreturn g @ W.T, X.T @ g, g"),
        ("mean for sum", "g = G * (X @ W + b > 0)\nreturn g @ W.T, X.T @ g, g.mean(0)"),
        ("bias forgotten", "g = G * (X @ W > 0)\nreturn g @ W.T, X.T @ g, g.sum(0)"),
        ("mask forgotten", "g = G * (X @ W + b > 0)\nreturn g @ W.T, X.T @ g, G.sum(0)"),
    ],
    "shared_input_backward": [
        ("= for +=", "dX = G @ W.T\ndX = H @ V.T\nreturn dX"), ("= for +=", "return G @ W.T"),
        ("mean for sum", "return 0.5 * (G @ W.T + H @ V.T)"),
        ("sign of one term", "return G @ W.T - H @ V.T"),
        ("lost transpose", "return G @ W + H @ V"),
        ("product of paths", "return G @ W.T * (H @ V.T)"),
        ("branches swapped", "return H @ W.T + G @ V.T"),
        ("lost transpose", "return (G @ W.T + H @ V.T).T"),
    ],
    "batch_of_one": [
        ("mean not subtracted", "14.5, 0, 3"), ("shift forgotten", "0, 0, 3"),
        ("lost path", "0.5, 6, 3"), ("lost path", "0.5, 6 / np.sqrt(0.1), 3"),
        ("lost path", "0.5, 3, 3"), ("γ in dβ", "0.5, 0, 6"), ("path too many", "0.5, 0, 0"),
        (None, "0.5, 0, 4"),
    ],
    "shift_scale_product": [
        ("batch not summed", lines(FIRST, dbeta="dY")),
        ("mean for sum", lines(FIRST, dbeta="dY.mean(axis=0)")),
        ("wrong axis", lines(FIRST, dbeta="np.sum(dY)")),
        ("(N,) against (N, 1)", lines(FIRST, dbeta="dY.sum(0, keepdims=True)")),
        ("step too far", lines(FIRST, dZ="dY * gamma")),
        ("switch forgotten", lines(FIRST, dXhat="dZ * Xhat")),
        ("local gradient forgotten", lines(FIRST, dXhat="dZ")),
        ("batch not summed", lines(FIRST, dgamma="dZ * Xhat")),
        ("mean for sum", lines(FIRST, dgamma="(dZ * Xhat).mean(0)")),
        ("local gradient forgotten", lines(FIRST, dgamma="dZ.sum(0)")),
        ("switch forgotten", lines(FIRST, dC1="dXhat * C")),
        ("upstream of another step", lines(FIRST, dC1="dY * r")),
        ("batch not summed", lines(FIRST, dr="dXhat * C")),
        ("upstream of another step", lines(FIRST, dr="(dY * C).sum(0)")),
        ("switch forgotten", lines(FIRST, dr="(dXhat * r).sum(0)")),
        (None, lines(FIRST, dr="(dXhat * C * 3).sum(0)")),
    ],
    "reciprocal_root_variance": [
        ("sign", lines(SECOND, ds="dr * r**2")), ("lost square", lines(SECOND, ds="-dr / s")),
        ("slope at the wrong place", lines(SECOND, ds="-dr * s**2")),
        ("value for derivative", lines(SECOND, ds="dr / s")),
        ("upstream forgotten", lines(SECOND, ds="-1 / s**2")),
        ("factor 2", lines(SECOND, dv="ds / s")), ("brackets", lines(SECOND, dv="ds / 2 * s")),
        ("slope of the square", lines(SECOND, dv="2 * s * ds")),
        ("root forgotten", lines(SECOND, dv="0.5 * ds / s**2")),
        ("not spread", lines(SECOND, dQ="dv / len(Q)")), ("not spread", lines(SECOND, dQ="dv")),
        ("sum for mean", lines(SECOND, dQ="np.tile(dv, (len(Q), 1))")),
        ("value for derivative", lines(SECOND, dQ="Q * dv / len(Q)")),
        ("wrong axis", lines(SECOND, dQ="np.tile(dv, (len(Q), 1)) / Q.size")),
        ("Bessel", lines(SECOND, dQ="np.tile(dv, (len(Q), 1)) / max(1, len(Q) - 1)")),
        ("upstream forgotten", lines(SECOND, dQ="np.full(Q.shape, 1 / len(Q))")),
    ],
    "square_centre_mean": [
        ("= for +=", lines(THIRD, dC="2 * C * dQ")), ("lost path", lines(THIRD, dC="dC1")),
        ("factor ½ in one term", lines(THIRD, dC="dC1 + C * dQ")),
        ("C forgotten", lines(THIRD, dC="dC1 + 2 * dQ")),
        ("value for derivative", lines(THIRD, dC="dC1 + C**2 * dQ")),
        ("product of paths", lines(THIRD, dC="dC1 * 2 * C * dQ")),
        ("sign", lines(THIRD, dmu="dC.sum(0)")), ("batch not summed", lines(THIRD, dmu="-dC")),
        ("batch not summed, sign", lines(THIRD, dmu="dC")),
        ("mean for sum", lines(THIRD, dmu="-dC.mean(0)")),
        (None, lines(THIRD, dmu="-dC.sum(1)")),  # stops at the next line
        ("step too far", lines(THIRD, dX1="dC - dC.mean(0)")),
        ("sum for mean", lines(THIRD, dX="dX1 + dmu")), ("lost path", lines(THIRD, dX="dX1")),
        ("= for +=", lines(THIRD, dX="dmu / len(C)")),
        ("= for +=", lines(THIRD, dX="np.ones_like(C) * dmu / len(C)")),
        ("sign of one term", lines(THIRD, dX="dX1 - dmu / len(C)")),
        ("input overwritten", "dC1 += 2 * C * dQ\ndX = dC1 - dC1.mean(0)\n"
         "return dC1, dC1, -dC1.sum(0), dX"),
    ],
    "columns_backward": [
        ("rows for columns", "return G @ W.T, G @ X.T, G.sum(1)"),
        ("rows for columns", "return W.T @ G, X.T @ G, G.sum(1)"),
        ("rows for columns", "return W.T @ G, G @ X.T, G.sum(0)"),
        ("lost transpose", "return W @ G, G @ X.T, G.sum(1)"),
        ("batch not summed", "return W.T @ G, G @ X.T, G"),
        ("mean for sum", "return W.T @ G, G @ X.T, G.mean(1)"),
        ("(N,) against (N, 1)", "return W.T @ G, G @ X.T, G.sum(1, keepdims=True)"),
        ("another order", "return G @ X.T, W.T @ G, G.sum(1)"),
    ],
    "sequence_backward": [
        (name, f"return {dX}, {dW}, {db}") for name, dX, dW, db in (
            ("not summed", "G @ W.T", "np.einsum('nlm,nlk->nmk', X, G)", "G.sum((0, 1))"),
            ("not summed", "G @ W.T", "X.transpose(0, 2, 1) @ G", "G.sum((0, 1))"),
            ("not summed", "G @ W.T", "np.einsum('nlm,nlk->mk', X, G)", "G.sum(0)"),
            ("not summed", "G @ W.T", "np.einsum('nlm,nlk->mk', X, G)", "G.sum(axis=1)"),
            ("mean for sum", "G @ W.T", "np.einsum('nlm,nlk->mk', X, G)", "G.mean((0, 1))"),
            ("wrong axis", "G @ W.T", "np.einsum('nlm,nlk->mk', X, G)", "G.sum()"),
            ("words mixed", "G @ W.T", "X.sum((0, 1))[:, None] * 0 + "
             "np.einsum('nm,nk->mk', X.sum(1), G.sum(1))", "G.sum((0, 1))"),
            ("lost transpose", "G @ W", "np.einsum('nlm,nlk->mk', X, G)", "G.sum((0, 1))"),
        )
    ],
    "weightnorm_backward": [
        (name, f"size = np.sqrt((V**2).sum(0))\nU = V / size\nreturn {dV}, {dg}")
        for name, dV, dg in (
            ("lost path", "g / size * G", "(G * U).sum(0)"),
            ("g forgotten", "(G - U * (G * U).sum(0)) / size", "(G * U).sum(0)"),
            ("sign of one term", "g / size * (G + U * (G * U).sum(0))", "(G * U).sum(0)"),
            ("length forgotten", "g * (G - U * (G * U).sum(0))", "(G * U).sum(0)"),
            ("V for its direction", "g / size * (G - V * (G * V).sum(0))", "(G * U).sum(0)"),
            ("formula of batch norm", "g / size * (G - G.mean(0) - U * (G * U).sum(0))",
             "(G * U).sum(0)"),
            ("length forgotten", "g / size * (G - U * (G * U).sum(0))", "(G * V).sum(0)"),
            ("not summed", "g / size * (G - U * (G * U).sum(0))", "G * U"),
        )
    ],
    # 06
    "passes": [
        ("directions swapped", "784, 784, 1"), ("directions swapped", "10, 10, 1"),
        ("counting", "7840, 784, 1"), ("counting", "10, 7840, 1"), ("counting", "10, 784, 10"),
        ("counting", "1, 784, 1"), ("directions swapped", "784, 10, 1"), (None, "10, 785, 1"),
    ],
    "gather_backward": [
        ("= for +=", "dX = np.zeros((n, G.shape[1]))\ndX[rows] = G\nreturn dX"),
        ("= for +=", "dX = np.zeros((n, G.shape[1]))\ndX[rows] += G\nreturn dX"),
        ("not put back", "return G"), ("forward again", "return G[rows % len(G)]"),
        ("mean for sum", "dX = np.zeros((n, G.shape[1]))\nnp.add.at(dX, rows, G)\n"
         "return dX / np.maximum(np.bincount(rows, minlength=n), 1)[:, None]"),
        ("rows mixed", "return np.zeros((n, 1)) + G.sum(0)"),
        ("upstream forgotten", "dX = np.zeros((n, G.shape[1]))\n"
         "np.add.at(dX, rows, np.ones(G.shape))\nreturn dX"),
    ],
    "logsumexp_backward": [
        ("inner derivative", "return np.ones(Z.shape) * (G / np.exp(Z).sum(1))[:, None]"),
        ("sum forgotten", "return G[:, None] * np.exp(Z)"),
        ("wrong axis", "return G[:, None] * np.exp(Z) / np.exp(Z).sum(0)"),
        ("wrong axis", "return G[:, None] * np.exp(Z) / np.exp(Z).sum()"),
        ("upstream forgotten", "return np.exp(Z) / np.exp(Z).sum(1, keepdims=True)"),
        ("maximum for its smooth kin", "return G[:, None] * (Z == Z.max(1, keepdims=True))"),
        ("sum for exp", "return np.repeat(G[:, None], Z.shape[1], 1)"),
    ],
    "residual_backward": [
        ("lost path", "return (G * (1 - np.tanh(X @ W)**2)) @ W.T"), ("lost path", "return G"),
        ("lost transpose", "return G + (G * (1 - np.tanh(X @ W)**2)) @ W"),
        ("local gradient forgotten", "return G + G @ W.T"),
        ("slope at the wrong place", "return G + (G * (1 - np.tanh(X)**2)) @ W.T"),
        ("added 1", "return 1 + (G * (1 - np.tanh(X @ W)**2)) @ W.T"),
        ("sign of one term", "return G - (G * (1 - np.tanh(X @ W)**2)) @ W.T"),
    ],
    # 07
    "walk_back": [
        (name, f"own = []\nfor back in {order}:\n    {G}, mine = back(G)\n    own.append(mine)\n"
         f"return {dX}, {own}") for name, order, G, dX, own in (
            ("order swapped", "backs", "G", "G", "own"),
            ("list not turned", "backs[::-1]", "G", "G", "own"),
            ("G not handed on", "backs[::-1]", "dX", "dX", "own[::-1]"),
        )
    ] + [
        ("order swapped", "own = []\nfor back in backs:\n    G, mine = back(G)\n"
         "    own.insert(0, mine)\nreturn G, own[::-1]"),
        ("G not handed on", "return backs[0](G)[0], [back(G)[1] for back in backs]"),
        ("another order", "own = []\nfor back in backs[::-1]:\n    G, mine = back(G)\n"
         "    own.append(mine)\nreturn own[::-1], G"),
        ("one layer too few", "own = []\nfor back in backs[::-1]:\n    dX = G\n"
         "    G, mine = back(G)\n    own.append(mine)\nreturn dX, own[::-1]"),
    ],
    "dropout_backward": [
        ("mask forgotten", "return G / share"), ("scale forgotten", "return G * kept"),
        ("inverse", "return G * kept * share"), ("cases swapped", "return G * (kept == 0) / share"),
        ("scale of the dropped", "return G * kept / (1 - share)"),
        ("upstream forgotten", "return kept / share"), ("evaluation mode", "return G"),
    ],
    # 16
    "name_the_mistake": [
        ("sign for size", "1, 4, 5"), ("half for three", "2, 4, 5"), ("places for size", "4, 4, 5"),
        ("size for places", "3, 3, 5"), ("places for a mask", "3, 4, 4"),
        ("path for a mask", "3, 4, 6"), ("size for a mask", "3, 4, 3"), (None, "3, 6, 5"),
    ],
    "beside_a_kink": [
        ("slope of the unit", "return (x > 0) * 1.0"),
        ("always a half", "return np.full(x.shape, 0.5)"),
        ("factor 2", "return (x + t) / t"), ("side swapped", "return (t - x) / (2 * t)"),
        ("one end lost", "return x / (2 * t)"), ("both ends kept", "return np.ones(x.shape)"),
        ("forward difference", "return (np.maximum(x + t, 0) - np.maximum(x, 0)) / t"),
    ],
    "abs_gate": [
        ("subtract gate", "return G, -G"), ("max gate", "return G * (x > y), G * (y > x)"),
        ("second sign forgotten", "s = np.sign(x - y)\nreturn G * s, G * s"),
        ("sign of the input", "return G * np.sign(x), G * np.sign(y)"),
        ("value for derivative", "m = abs(x - y)\nreturn G * m, G * m"),
        ("value for derivative", "return G * (x - y), G * (y - x)"),
        ("sign", "return G * np.sign(y - x), G * np.sign(y - x)"),
        ("another order", "return G * np.sign(y - x), G * np.sign(x - y)"),
        ("upstream forgotten", "return np.sign(x - y), np.sign(y - x)"),
    ],
    "measured_jacobian": [
        (name, f"J = []\nfor e in t * np.eye(len(x)):\n    J.append({entry})\nreturn {result}")
        for name, entry, result in (
            ("lost transpose", "(f(x + e) - f(x - e)) / (2 * t)", "np.array(J)"),
            ("one side", "(f(x + e) - f(x)) / t", "np.stack(J, -1)"),
            ("one side", "(f(x) - f(x - e)) / t", "np.stack(J, -1)"),
            ("factor 2", "(f(x + e) - f(x - e)) / t", "np.stack(J, -1)"),
            ("distance multiplied", "(f(x + e) - f(x - e)) / 2 * t", "np.stack(J, -1)"),
            ("not divided", "f(x + e) - f(x - e)", "np.stack(J, -1)"),
            ("gradient of the sum", "((f(x + e) - f(x - e)) / (2 * t)).sum()", "np.array(J)"),
        )
    ],
}
