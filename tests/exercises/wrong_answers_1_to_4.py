"""Wrong answers from real confusions, exercise by exercise: the diagnosis and the student's code.

The code is the body of the function, or the value of a prediction; None stands for no diagnosis.
Notebooks 01 to 04.
"""

FIRST = {
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
    # 11
    "prelu_alpha": [
        ("batch not summed", "return np.where(X > 0, 0, X) * G"),
        ("wrong axis", "return (G * np.minimum(X, 0)).sum(axis=1)"),
        ("wrong axis", "return (G * np.minimum(X, 0)).sum()"),
        ("mean for sum", "return np.mean(G * np.minimum(X, 0), axis=0)"),
        ("mean for sum", "return (G * np.where(X < 0, X, 0)).sum(0) / X.shape[0]"),
        ("slope by X", "return np.where(X < 0, G, 0).sum(0)"),
        ("mask forgotten", "return (G * X).sum(0)"),
        ("wrong side", "return np.where(X > 0, G * X, 0).sum(0)"),
        ("upstream forgotten", "return np.where(X < 0, X, 0).sum(0)"),
        ("mask from the wrong array", "return np.where(G < 0, G * X, 0).sum(0)"),
        (None, "return (G * np.minimum(X, 0)**2).sum(0)"),
    ],
    # 13
    "vec_table": [
        ("column order", "K, M = W.shape\nJ = np.zeros((K, K * M))\nfor k in range(K):\n"
         "    J[k, k::K] = x\nreturn J"),
        ("W for x", "K, M = W.shape\nJ = np.zeros((K, K * M))\nfor k in range(K):\n"
         "    J[k, k * M:(k + 1) * M] = W[k]\nreturn J"),
        ("not a table", "return np.outer(np.ones(len(W)), x)"),
        ("zeros forgotten", "return np.outer(np.ones(len(W)), np.tile(x, len(W)))"),
        ("denominator layout", "K, M = W.shape\nJ = np.zeros((K * M, K))\nfor k in range(K):\n"
         "    J[k * M:(k + 1) * M, k] = x\nreturn J"),
        ("sign", "return -np.kron(np.eye(len(W)), x)"),
        (None, "return np.kron(np.eye(len(W)), x**2)"),
    ],
}
