"""Wrong answers from real confusions, exercise by exercise: the diagnosis and the student's code.

The code is the body of the function, or the value of a prediction; None stands for no diagnosis.
Notebooks 05 to 07.
"""

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
    "rms_backward": [
        ("lost path", "return G / np.sqrt((X**2).mean(0) + eps)"),
        ("path too many", "r = np.sqrt((X**2).mean(0) + eps)\nR = X / r\n"
         "return (G - G.mean(0) - R * (G * R).mean(0)) / r"),
        ("sum for mean", "r = np.sqrt((X**2).mean(0) + eps)\nR = X / r\n"
         "return (G - R * (G * R).sum(0)) / r"),
        ("ε outside the root", "r = np.sqrt((X**2).mean(0)) + eps\nR = X / r\n"
         "return (G - R * (G * R).mean(0)) / r"),
        ("ε forgotten", "r = np.sqrt((X**2).mean(0))\nR = X / r\n"
         "return (G - R * (G * R).mean(0)) / r"),
        ("X for X̂", "r = np.sqrt((X**2).mean(0) + eps)\nreturn (G - X * (G * X).mean(0)) / r"),
        ("sign of one term", "r = np.sqrt((X**2).mean(0) + eps)\nR = X / r\n"
         "return (G + R * (G * R).mean(0)) / r"),
        ("wrong axis", "r = np.sqrt((X**2).mean(1, keepdims=True) + eps)\nR = X / r\n"
         "return (G - R * (G * R).mean(1, keepdims=True)) / r"),
    ],
    "norm_from_output": [
        ("Y for X̂", "return gamma / s * (G - G.mean(0) - Y * (G * Y).mean(0))"),
        ("shift not undone", "R = Y / gamma\n"
         "return gamma / s * (G - G.mean(0) - R * (G * R).mean(0))"),
        ("scale not undone", "R = Y - beta\n"
         "return gamma / s * (G - G.mean(0) - R * (G * R).mean(0))"),
        ("shift not undone", "R = Y / gamma - beta\n"
         "return gamma / s * (G - G.mean(0) - R * (G * R).mean(0))"),
        ("γ forgotten", "R = (Y - beta) / gamma\nreturn (G - G.mean(0) - R * (G * R).mean(0)) / s"),
        ("s forgotten", "R = (Y - beta) / gamma\n"
         "return gamma * (G - G.mean(0) - R * (G * R).mean(0))"),
        ("lost path", "return G * gamma / s"), ("lost path", "return gamma * (G - G.mean(0)) / s"),
        ("sum for mean", "R = (Y - beta) / gamma\n"
         "return gamma / s * (G - G.sum(0) - R * (G * R).sum(0))"),
    ],
    "batchnorm_backward": [
        (name, f"s = {s}\nR = (X - X.mean(0)) / s\nreturn {dX}, {dgamma}, {dbeta}")
        for name, s, dX, dgamma, dbeta in (
            ("Bessel", "np.sqrt(X.var(0, ddof=1) + eps)", "{}", "{}", "{}"),
            ("ε outside the root", "X.std(0) + eps", "{}", "{}", "{}"),
            ("ε forgotten", "X.std(0)", "{}", "{}", "{}"),
            ("root forgotten", "X.var(0) + eps", "{}", "{}", "{}"),
            ("lost path", "{}", "gamma / s * G", "{}", "{}"),
            ("lost path", "{}", "gamma / s * (G - R * (G * R).mean(0))", "{}", "{}"),
            ("lost path", "{}", "gamma / s * (G - G.mean(0))", "{}", "{}"),
            ("sum for mean", "{}", "gamma / s * (G - G.sum(0) - R * (G * R).sum(0))", "{}", "{}"),
            ("γ forgotten", "{}", "(G - G.mean(0) - R * (G * R).mean(0)) / s", "{}", "{}"),
            ("batch not summed", "{}", "{}", "G * R", "{}"),
            ("X for X̂", "{}", "{}", "(G * X).sum(0)", "{}"),
            ("mean for sum", "{}", "{}", "(G * R).mean(0)", "{}"),
            ("batch not summed", "{}", "{}", "{}", "G"),
            ("wrong axis", "{}", "{}", "{}", "G.sum(1)"),
        )
        for s, dX, dgamma, dbeta in [(
            s.format("np.sqrt(X.var(0) + eps)"),
            dX.format("gamma / s * (G - G.mean(0) - R * (G * R).mean(0))"),
            dgamma.format("(G * R).sum(0)"), dbeta.format("G.sum(0)"))]
    ],
    "eval_backward": [
        ("training mode", "s = np.sqrt(X.var(0) + eps)\nR = (X - X.mean(0)) / s\n"
         "return gamma / s * (G - G.mean(0) - R * (G * R).mean(0)), (G * R).sum(0), G.sum(0)"),
        ("γ forgotten", "s = np.sqrt(var + eps)\n"
         "return G / s, (G * (X - mean) / s).sum(0), G.sum(0)"),
        ("root forgotten", "s = var + eps\n"
         "return gamma * G / s, (G * (X - mean) / s).sum(0), G.sum(0)"),
        ("ε outside the root", "s = np.sqrt(var) + eps\n"
         "return gamma * G / s, (G * (X - mean) / s).sum(0), G.sum(0)"),
        ("ε forgotten", "s = np.sqrt(var)\n"
         "return gamma * G / s, (G * (X - mean) / s).sum(0), G.sum(0)"),
        ("X for X̂", "s = np.sqrt(var + eps)\nreturn gamma * G / s, (G * X).sum(0), G.sum(0)"),
        ("batch not summed", "s = np.sqrt(var + eps)\n"
         "return gamma * G / s, G * (X - mean) / s, G.sum(0)"),
        ("mean for sum", "s = np.sqrt(var + eps)\n"
         "return gamma * G / s, (G * (X - mean) / s).sum(0), G.mean(0)"),
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
    "transpose_backward": [
        ("lost transpose", "return G"), ("upstream forgotten", "return np.ones(G.T.shape)"),
        ("reshaped", "return G.reshape(G.shape[1], G.shape[0])"),
        ("flipped", "return np.rot90(G)"), ("flipped", "return np.flipud(G)"),
        ("sign", "return -G.T"), ("product", "return G.T.dot(G)"), ("factor 2", "return G.T + G.T"),
        ("inverse", "return np.linalg.pinv(G)"),
    ],
    "mean_backward": [
        ("sum for mean", "return np.tile(G, (len(X), 1))"), ("not spread", "return G / len(X)"),
        ("wrong axis", "return np.tile(G, (len(X), 1)) / X.shape[1]"),
        ("wrong axis", "return np.tile(G, (len(X), 1)) / X.size"),
        ("upstream forgotten", "return np.full(X.shape, 1 / len(X))"),
        ("value for derivative", "return G * X / len(X)"),
        ("= for +=", "dX = np.zeros(X.shape)\ndX[-1] = G / len(X)\nreturn dX"),
        ("Bessel", "return np.tile(G, (len(X), 1)) / max(1, len(X) - 1)"),
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
    "cumsum_backward": [
        ("lost transpose", "return np.cumsum(G, 1)"),
        ("lost flip", "return np.cumsum(G[:, ::-1], 1)"),
        ("lost flip", "return np.cumsum(G, 1)[:, ::-1]"),
        ("wrong axis", "return np.cumsum(G[::-1], 0)[::-1]"),
        ("off by one", "return G.sum(1, keepdims=True) - np.cumsum(G, 1)"),
        ("the whole row", "return np.zeros_like(G) + G.sum(1, keepdims=True)"),
        ("local gradient forgotten", "return G"),
        ("upstream forgotten", "N, H = G.shape\nreturn np.tile(np.arange(H, 0, -1), (N, 1))"),
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
    "decayed_step": [
        ("sign", "return W + rate * (dW + decay * W)"),
        ("penalty forgotten", "return W - rate * dW"),
        ("factor 2", "return W - rate * dW - 2 * rate * decay * W"),
        ("factor ½", "return W - rate * (dW + 0.5 * decay * W)"),
        ("sign of one term", "return (1 + rate * decay) * W - rate * dW"),
        ("rate forgotten", "return (1 - decay) * W - rate * dW"),
        ("rate forgotten", "return W - dW - decay * W"),
        ("step for weight", "return rate * (dW + decay * W)"),
        ("input overwritten", "W -= rate * (dW + decay * W)\nreturn W"),
    ],
}
