"""Wrong answers from real confusions, exercise by exercise: the diagnosis and the student's code.

The code is the body of the function, or the value of a prediction; None stands for no diagnosis.
"""

WRONG = {
    # 01
    "saturated_share": [
        ("counting", "3"), ("percent", "37.5"), ("counting", "0.625"), ("one tail", "0.25"),
        ("one tail", "0.125"), ("counting", "0.5"), ("rounding", "0.38"), (None, "0.9"),
    ],
    "sigmoid_slope": [
        ("value for derivative", "return 1 / (1 + np.exp(-x))"),
        ("slope at the wrong place", "return x * (1 - x)"),
        ("slope of tanh", "y = 1 / (1 + np.exp(-x))\nreturn 1 - y * y"),
        ("sign", "e = np.exp(-x)\nreturn -e / (1 + e)**2"),
        ("lost square", "return np.exp(-x) / (1 + np.exp(-x))"),
        ("inner derivative", "return -(1 + np.exp(-x))**-2"),
        ("rounding", "y = 1 / (1 + np.exp(-x))\nreturn (y * (1 - y)).round(4)"),
        ("rounding", "f = lambda t: 1 / (1 + np.exp(-t))\nreturn (f(x + 1e-4) - f(x)) / 1e-4"),
        ("lost transpose", "y = 1 / (1 + np.exp(-x))\nreturn (y * (1 - y)).T"),
    ],
    "elu_backward": [
        ("the formula with max", "Y = np.maximum(alpha * (np.exp(X) - 1), X)\n"
         "return G * np.where(Y == X, 1, alpha * np.exp(X))"),
        ("lost α", "return G * np.where(X > 0, 1, np.exp(X))"),
        ("slope of the ReLU", "return np.where(X > 0, G, 0)"),
        ("slope of the leaky ReLU", "D = np.ones(X.shape)\nD[X < 0] = alpha\nreturn D * G"),
        ("value for derivative", "return G * np.where(X > 0, 1, alpha * np.expm1(X))"),
        ("cases swapped", "return G * np.where(X < 0, 1, alpha * np.exp(X))"),
        ("mask from the wrong array", "return np.where(G > 0, G, G * alpha * np.exp(X))"),
        ("upstream forgotten", "return np.where(X > 0, 1, alpha * np.exp(X))"),
        ("factor 2", "return 2 * G * np.where(X > 0, 1, alpha * np.exp(X))"),
    ],
    "softplus_stable": [
        ("overflow", "return np.log(1 + np.exp(x))"),
        ("overflow", "return np.log1p(np.exp(x))"),
        ("overflow", "return np.logaddexp(0, np.clip(x, -700, 700))"),
        ("ReLU for softplus", "return x * (x > 0)"),
        ("one side", "return np.log(1 + np.exp(-abs(x)))"),
        ("one side", "return x + np.log1p(np.exp(-abs(x)))"),
        ("one side", "return np.logaddexp(0, -x)"),
        ("derivative for value", "return 1 / (1 + np.exp(-x))"),
    ],
    "relu_at_zero": [
        ("choice ignored", "return np.where(X > 0, 1, 0)"),
        ("choice ignored", "return np.where(X >= 0, 1, 0)"),
        ("choice ignored", "return (np.sign(X) + 1) / 2"),
        ("negative side", "return np.where(X > 0, 1, at_zero)"),
        ("negative side", "S = np.sign(X)\nS[X == 0] = at_zero\nreturn S"),
        ("value for derivative", "return np.where(X == 0, at_zero, X * (X > 0))"),
        ("negative side", "return (X > 0) * 1.0 + at_zero"),
    ],
    "collapse": [
        ("order swapped", "return W1 @ W2 @ W3, W3 @ W2 @ b1 + W3 @ b2 + b3"),
        ("layer forgotten", "return W3 @ W2, W3 @ W2 @ b1 + W3 @ b2 + b3"),
        ("lost path", "return W3 @ W2 @ W1, W3 @ b2 + b3"),
        ("lost path", "return W3 @ W2 @ W1, b3"),
        ("weights forgotten", "return W3 @ W2 @ W1, b1 + b2 + b3"),
        ("weights forgotten", "return W3 @ W2 @ W1, W3 @ W2 @ b1 + b2 + b3"),
        ("weights forgotten", "return W3 @ W2 @ W1, W3 @ (b1 + b2) + b3"),
        ("lost transpose", "return W1.T @ W2.T @ W3.T, W3 @ W2 @ b1 + W3 @ b2 + b3"),
        ("one layer too many", "W = W3 @ W2 @ W1\nreturn W, W @ b1 + W3 @ W2 @ b2 + W3 @ b3"),
    ],
    # 02
    "gate_gradients": [
        ("sign", "(-13, 13)"), ("switch forgotten", "(-26, -13)"), ("lost factor", "(-6.5, -13)"),
        ("value for derivative", "(42.25, -13)"), ("switch forgotten", "(13, 13)"),
        ("factor ½", "(13, -6.5)"), ("local gradient forgotten", "(13, 1)"),
        ("factor ½", "(6.5, -13)"), (None, "(14, -13)"),
    ],
    "reuse_gradient": [
        ("lost path", "12"), ("= for +=", "7"), ("= for +=", "1"), ("product of paths", "35"),
        ("value for derivative", "39"), ("factor 2", "26"), ("sign", "-13"), (None, "11"),
    ],
    "tanh_slope": [
        ("slope of σ", "return y * (1 - y)"),
        ("slope at the wrong place", "return 1 - np.tanh(y)**2"),
        ("slope at the wrong place", "return 1 / np.cosh(y)**2"),
        ("lost square", "return 1 - y"), ("sign of one term", "return 1 + y * y"),
        ("sign", "return y**2 - 1"), ("inverse slope", "return 1 / (1 - y**2)"),
        ("value for derivative", "return y"), ("half done", "return (1 - y**2)**0.5"),
    ],
    "neuron_backward": [
        ("sign", "e = np.exp(-w @ x)\nreturn -e / (1 + e)**2 * x"),
        ("gradient by x", "y = 1 / (1 + np.exp(-w @ x))\nreturn y * (1 - y) * w"),
        ("inner derivative", "y = 1 / (1 + np.exp(-w @ x))\nreturn y * (1 - y)"),
        ("value for derivative", "return x / (1 + np.exp(-w @ x))"),
        ("lost square", "e = np.exp(-w @ x)\nreturn e / (1 + e) * x"),
        ("local gradient forgotten", "return x"),
        ("sum forgotten", "y = 1 / (1 + np.exp(-w * x))\nreturn y * (1 - y) * x"),
        ("(N,) against (N, 1)", "y = 1 / (1 + np.exp(-w @ x))\nreturn (y * (1 - y) * x)[:, None]"),
    ],
    "multiply_gate": [
        ("switch forgotten", "return G * x, G * y"),
        ("switch forgotten", "return G * y, G * y"),
        ("upstream forgotten", "return y, x"), ("add gate", "return G, G"),
        ("value for derivative", "return G * x * y, G * x * y"),
        ("both inputs at once", "return G * (x + y), G * (x + y)"),
        ("sign", "return -G * y, G * x"), ("lost transpose", "return (G * y).T, (G * x).T"),
    ],
    "max_gate": [
        ("branches swapped", "return G * (x < y), G * (x > y)"),
        ("mask from the wrong array", "return G * (x > 0), G * (y > 0)"),
        ("mask from the wrong array", "return G * (G > 0), G * (G > 0)"),
        ("add gate", "return G, G"), ("upstream forgotten", "return x > y, y > x"),
        ("value for derivative", "m = np.maximum(x, y)\nreturn G * m, G * m"),
        ("shared", "return G / 2, G / 2"),
    ],
    # 03
    "jacobian_shapes": [
        ("denominator layout", "(4, 3), (2, 3), (2, 4)"),
        ("denominator layout", "(3, 4), (3, 2), (2, 4)"),
        ("denominator layout", "(3, 4), (2, 3), (4, 2)"),
        ("counting", "(4, 4), (2, 3), (2, 4)"), ("not contracted", "(3, 4), (2, 3), (2, 3, 4)"),
        ("middle axis", "(3, 4), (2, 3), (2, 3)"), ("middle axis", "(3, 4), (2, 3), (3, 4)"),
        (None, "12, 6, 8"),
    ],
    "layout_shapes": [
        ("numerator layout", "(3, 5), (3, 5, 3)"), ("counting", "(5, 5), (3, 5, 3)"),
        ("not a gradient", "(5,), (3, 5, 3)"), ("numerator layout", "(5, 3), (3, 3, 5)"),
        ("not a gradient", "(5, 3), (3, 5)"), ("W transposed", "(5, 3), (5, 3, 3)"),
        ("wrong axis", "(5, 3), (3, 5, 5)"),
    ],
    "distance_gradient": [
        ("sign", "return 2 * (h - x)"), ("factor ½", "return x - h"),
        ("value for derivative", "return (x - h)**2"),
        ("value for derivative", "return (x - h) @ (x - h)"), ("h forgotten", "return 2 * x"),
        ("sign of one term", "return 2 * (x + h)"),
        ("identity kept", "return 2 * (x - h) * np.eye(len(x))"),
        ("norm for its square", "return (x - h) / np.sqrt(np.sum((x - h)**2))"),
        ("mean for sum", "return np.mean(2 * (x - h)) if len(x) == 1 else 2 * (x - h) / x.size"),
        ("(N,) against (N, 1)", "return 2 * (x - h).reshape(-1, 1)"),
    ],
    "both_layouts": [
        ("lost transpose", "return W.T, W"), ("lost transpose", "return W, W"),
        ("lost transpose", "return W.T, W.T"), ("contracted", "return W.sum(0), W.T.sum(1)"),
        ("product", "return W.T @ W, W.T"), ("W forgotten", "return np.ones(W.shape), W.T"),
        ("identity", "return np.eye(*W.shape), W.T"), ("sign", "return -W, -W.T"),
    ],
    "chain": [
        ("order swapped", "return Jy @ (Jz @ dx)"), ("lost transpose", "return dx @ Jz @ Jy"),
        ("lost transpose", "return Jz.T @ Jy.T @ dx"), ("change forgotten", "return Jz @ Jy"),
        ("half the way", "return Jy @ dx"), ("sign", "return -(Jz @ Jy) @ dx"),
        ("(N,) against (N, 1)", "return Jz @ (Jy @ dx[:, None])"),
        ("first map twice", "return Jy @ Jy @ dx"),
    ],
    "quadratic_hessian": [
        ("A is not symmetric", "return 2 * A"), ("A is not symmetric", "return 2 * A.T"),
        ("lost path", "return A"), ("lost path", "return A.T"),
        ("factor ½", "return (A + A.T) / 2"), ("factor 2", "return 2 * (A + A.T)"),
        ("sign of one term", "return A - A.T"), ("product", "return A @ A.T"),
    ],
    # 04
    "sigmoid_entries": [
        ("counting", "(18, 306)"), ("counting", "(36, 18)"), ("batch forgotten", "(54, 306)"),
        ("counting", "(324, 18)"), ("counting", "(324, 90)"), ("counting", "(324, 324)"),
        ("counting", "(324, 162)"), (None, "(324, 305)"),
    ],
    "relu_cost": [
        ("counting", "(16384, 8 * 16384**2, 16384)"),
        ("counting", "(32 * 512**2, 8 * 16384**2, 16384)"),
        ("entries for bytes", "(16384**2, 16384**2, 16384)"),
        ("float32", "(16384**2, 4 * 16384**2, 16384)"),
        ("bits for bytes", "(16384**2, 64 * 16384**2, 16384)"),
        ("batch forgotten", "(16384**2, 8 * 16384**2, 512)"),
        ("bytes for entries", "(16384**2, 8 * 16384**2, 8 * 16384)"),
        (None, "(16384**2 + 1, 8 * 16384**2, 16384)"),
    ],
    "relu_backward": [
        ("mask from the wrong array", "return G * (G > 0)"),
        ("mask from the wrong array", "return np.where(X > 0, 0, G)"),
        ("mask from the wrong array", "return np.maximum(0, G)"),
        ("value for derivative", "return G * np.maximum(0, X)"),
        ("value for derivative", "return np.maximum(X, 0)"), ("mask forgotten", "return G"),
        ("upstream forgotten", "return np.where(X > 0, 1.0, 0.0)"),
        ("mask of signs", "return G * np.sign(X)"), ("sign", "return -G * (X > 0)"),
        ("lost transpose", "return (G * (X > 0)).T"),
        ("input overwritten", "G[X <= 0] = 0\nreturn G"),
        ("input overwritten", "X[:] = X > 0\nreturn G * X"),
        ("rounding", "return np.round(G * (X > 0), 2)"),
        ("mean for sum", "return G * (X > 0) / len(X)"),
    ],
    "sigmoid_backward": [
        ("upstream forgotten", "return Y - Y**2"), ("local gradient forgotten", "return G"),
        ("slope at the wrong place", "S = 1 / (1 + np.exp(-Y))\nreturn G * S * (1 - S)"),
        ("value for derivative", "return G * Y"), ("value for derivative", "return G * (1 - Y)"),
        ("slope of tanh", "return G * (1 - Y * Y)"), ("sign", "return G * Y * (Y - 1)"),
        ("mask for a slope", "return G * (Y > 0.5)"),
        ("rounding", "return (G * Y * (1 - Y)).astype(np.float16)"),
    ],
    "bias_backward": [
        ("batch not summed", "return G"), ("mean for sum", "return G.mean(axis=0)"),
        ("wrong axis", "return G.sum(axis=1)"), ("wrong axis", "return np.sum(G)"),
        ("(N,) against (N, 1)", "return np.sum(G, 0, keepdims=True)"),
        ("= for +=", "db = np.zeros(G.shape[1])\nfor row in G:\n    db = row\nreturn db"),
        ("batch not summed", "return G[0]"), ("sign", "return -G.sum(0)"),
        ("upstream forgotten", "return np.full(G.shape[1], len(G))"),
    ],
    "weight_outer": [
        ("order swapped", "return np.outer(x, g)"), ("inner product", "return np.dot(g, x)"),
        ("Hadamard product", "return g * x"),
        ("upstream forgotten", "return np.ones((len(g), 1)) * x"),
        ("(N,) against (N, 1)", "return np.kron(g, x)"), ("factor 2", "return 2 * np.outer(g, x)"),
        ("slice not contracted", "T = np.zeros((len(g), len(g), len(x)))\n"
         "for i in range(len(g)):\n    T[i, i] = g[i] * x\nreturn T"),
        ("filled with x", "return np.outer(np.full(len(g), g.sum()), x)"),
    ],
    "relu_layer": [
        ("factor ½", "c = W @ x + b\ng = (np.maximum(c, 0) - z) * (c > 0)\n"
         "return np.outer(g, x), W.T @ g, g"),
        ("mask forgotten", "c = W @ x + b\ng = 2 * (np.maximum(c, 0) - z)\n"
         "return np.outer(g, x), W.T @ g, g"),
        ("mask from the wrong array", "h = np.maximum(W @ x + b, 0)\ng = 2 * (h - z)\n"
         "g = g * (g > 0)\nreturn np.outer(g, x), W.T @ g, g"),
        ("lost transpose", "c = W @ x + b\ng = 2 * (np.maximum(c, 0) - z) * (c > 0)\n"
         "return np.outer(g, x), W @ g, g"),
        ("order swapped", "c = W @ x + b\ng = 2 * (np.maximum(c, 0) - z) * (c > 0)\n"
         "return np.outer(x, g), W.T @ g, g"),
        ("sign", "c = W @ x + b\ng = 2 * (z - np.maximum(c, 0)) * (c > 0)\n"
         "return np.outer(g, x), W.T @ g, g"),
        ("mask forgotten", "c = W @ x + b\nu = 2 * (np.maximum(c, 0) - z)\ng = u * (c > 0)\n"
         "return np.outer(g, x), W.T @ g, u"),
        ("lost transpose", "c = W @ x + b\ng = 2 * (np.maximum(c, 0) - z) * (c > 0)\n"
         "return np.outer(x, g), W @ g, g"),
    ],
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
