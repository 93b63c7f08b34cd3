"""Wrong answers as in `wrong_answers_1_to_4`, for the deeper notebooks 11, 12 and 13."""

SOFT = "p = np.exp(x) / np.exp(x).sum()\n"
UNIT = "n = np.sqrt(x @ x)\nu = x / n\n"
UNROLL = "h = np.tanh(w * x)\ny = np.tanh(w * h)\n"
TAPE = ("grad = np.{}(len(inputs))\n{}\nfor k in {}:\n"
        "    for i, slope in zip(inputs[k], local[k]):\n        {}\nreturn grad")
LAST, BACK, ADD = "grad[-1] = 1", "reversed(range(len(inputs)))", "grad[i] += slope * grad[k]"
DEEPER = {
    # 11
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
    "softsign_slope": [
        ("value for derivative", "return x / (1 + abs(x))"),
        ("lost square", "return 1 / (1 + abs(x))"),
        ("lost path", "return -abs(x) / (1 + abs(x))**2"), ("|x| for x", "return (1 + x)**-2"),
        ("sign of one term", "d = 1 + abs(x)\nreturn 1 / d + abs(x) / d**2"),
        ("sign too many", "return np.sign(x) / (1 + abs(x))**2"),
        ("square", "return 1 / (1 + x * x)"), ("sign", "return -1 / (1 + abs(x))**2"),
    ],
    "elu_from_output": [
        ("output for input", "return G * np.where(Y > 0, 1, alpha * np.exp(Y))"),
        ("α = 1", "return G * np.where(Y > 0, 1, Y + 1)"),
        ("value for derivative", "return np.where(Y > 0, G, G * Y)"),
        ("slope of the leaky ReLU", "return np.where(Y > 0, G, G * alpha)"),
        ("slope of the ReLU", "return (Y > 0) * G"),
        ("sign of one term", "return G * np.where(Y > 0, 1, alpha - Y)"),
        ("one case", "return G * (Y + alpha)"),
        ("upstream forgotten", "return np.where(Y > 0, 1, Y + alpha)"),
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
    "log_sigmoid": [
        ("overflow", "return np.log(1 / (1 + np.exp(-x)))"),
        ("overflow", "return -np.log(1 + np.exp(-x))"),
        ("overflow", "return -np.log1p(np.exp(-x))"),
        ("overflow", "return x - np.log1p(np.exp(x))"),
        ("cut off", "return np.log(np.maximum(1 / (1 + np.exp(-x)), 1e-12))"),
        ("cut off", "return np.log(1 / (1 + np.exp(-x)) + 1e-12)"),
        ("softplus", "return np.logaddexp(0, x)"), ("softplus", "return np.logaddexp(0, -x)"),
        ("softplus", "return -np.logaddexp(0, x)"),
        ("one side", "return -np.log1p(np.exp(-abs(x)))"),
        ("one side", "return x - np.log1p(np.exp(-abs(x)))"),
        ("sigmoid for its log", "return 1 / (1 + np.exp(-x))"),
    ],
    # 12
    "walk_calls": [
        ("counting", "(1024, 11)"), ("counting", "(2048, 11)"), ("each value once", "(11, 11)"),
        ("each wire once", "(20, 11)"), ("first value forgotten", "(2047, 10)"),
        ("every path", "(2047, 2047)"), ("each wire once", "(2047, 20)"), (None, "(100, 11)"),
    ],
    "steps_unzeroed": [
        ("one step", "(4, 2.2)"), ("sign", "(7.2, 2.2)"), ("old gradient forgotten", "(3.2, 3.2)"),
        ("slope at the wrong place", "(3, 2.2)"), ("local gradient forgotten", "(4.05, 2.2)"),
        ("old gradient alone", "(3.2, 3)"), ("one step", "(3.2, 4)"), (None, "(3.2, 0.5)"),
    ],
    "unrolled_weight": [
        ("lost path", UNROLL + "return G * (1 - y**2) * h"),
        ("lost path", UNROLL + "return G * (1 - y**2) * w * (1 - h**2) * x"),
        ("product of paths", UNROLL + "return G * (1 - y**2) * h * w * (1 - h**2) * x"),
        ("chain broken", UNROLL + "return G * (1 - y**2) * (h + (1 - h**2) * x)"),
        ("chain broken", UNROLL + "return G * ((1 - y**2) * h + w * (1 - h**2) * x)"),
        ("local gradient forgotten", UNROLL + "return G * (1 - y**2) * (h + w * x)"),
        ("local gradient forgotten", UNROLL + "return G * (h + w * (1 - h**2) * x)"),
        ("upstream in one term", UNROLL + "return (1 - y**2) * (G * h + w * (1 - h**2) * x)"),
        ("gradient by x", UNROLL + "return G * (1 - y**2) * w * (1 - h**2) * w"),
        ("sign of one term", UNROLL + "return G * (1 - y**2) * (h - w * (1 - h**2) * x)"),
        ("slope of the sigmoid", UNROLL + "return G * y * (1 - y) * (h + w * h * (1 - h) * x)"),
        ("switch forgotten", UNROLL + "return G * (1 - y**2) * (w + h * (1 - h**2) * x)"),
        ("upstream forgotten", UNROLL + "return (1 - y**2) * (h + w * (1 - h**2) * x)"),
    ],
    "mul_back": [
        ("switch forgotten", "return G * a, G * b"), ("add gate", "return G, G"),
        ("upstream forgotten", "return b, a"), ("value for derivative", "return G * a * b, G * a"),
        ("value for derivative", "return G * b, a * b"), ("sign", "return -G * b, -G * a"),
        ("shared", "return G * b / 2, G * a / 2"), ("added", "return G + b, G + a"),
        ("switch forgotten", "return G * b, G * b"), (None, "return G * b**2, G * a"),
    ],
    "tape_back": [
        ("= for +=", TAPE.format("zeros", LAST, BACK, "grad[i] = slope * grad[k]")),
        ("forward for backward", TAPE.format("zeros", LAST, "range(len(inputs))", ADD)),
        ("upstream forgotten", TAPE.format("zeros", LAST, BACK, "grad[i] += slope")),
        ("local gradient forgotten", TAPE.format("zeros", LAST, BACK, "grad[i] += grad[k]")),
        ("no beginning", TAPE.format("zeros", "", BACK, ADD)),
        ("all begin with 1", TAPE.format("ones", "", BACK, ADD)),
        ("one input", TAPE.format("zeros", LAST, BACK, "grad[inputs[k, 0]] += slope * grad[k]; "
                                  "break")),
        ("gathered", TAPE.format("zeros", LAST, BACK, "grad[k] += slope * grad[i]")),
        ("sign", TAPE.format("zeros", LAST, BACK, ADD).replace("return ", "return -")),
    ],
    # 13
    "layout_shapes": [
        ("numerator layout", "(3, 5), (3, 5, 3)"), ("counting", "(5, 5), (3, 5, 3)"),
        ("not a gradient", "(5,), (3, 5, 3)"), ("numerator layout", "(5, 3), (3, 3, 5)"),
        ("not a gradient", "(5, 3), (3, 5)"), ("W transposed", "(5, 3), (5, 3, 3)"),
        ("wrong axis", "(5, 3), (3, 5, 5)"),
    ],
    "quadratic_hessian": [
        ("A is not symmetric", "return 2 * A"), ("A is not symmetric", "return 2 * A.T"),
        ("lost path", "return A"), ("lost path", "return A.T"),
        ("factor ½", "return (A + A.T) / 2"), ("factor 2", "return 2 * (A + A.T)"),
        ("sign of one term", "return A - A.T"), ("product", "return A @ A.T"),
    ],
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
    "unit_vector_jacobian": [
        ("lost path", UNIT + "return np.eye(len(x)) / n"),
        ("lost path", UNIT + "return -np.outer(u, u) / n"),
        ("sign of one term", UNIT + "return (np.eye(len(x)) + np.outer(u, u)) / n"),
        ("power of the norm", UNIT + "return np.eye(len(x)) - np.outer(u, u)"),
        ("power of the norm", UNIT + "return (np.eye(len(x)) - np.outer(x, x)) / n"),
        ("diagonal", UNIT + "return np.diag(1 - u * u) / n"),
        ("value for derivative", "return x / np.sqrt(x @ x)"),
        ("squared norm", UNIT + "return (np.eye(len(x)) - 2 * np.outer(u, u)) / n"),
    ],
    "logsumexp_hessian": [
        ("lost path", SOFT + "return np.diag(p)"),
        ("lost path", SOFT + "return np.diag(p * (1 - p))"),
        ("lost path", SOFT + "return -np.outer(p, p)"),
        ("sign of one term", SOFT + "return np.diag(p) + np.outer(p, p)"),
        ("gradient for Hessian", SOFT + "return p"),
        ("identity for diagonal", SOFT + "return np.eye(len(x)) - np.outer(p, p)"),
        ("square", SOFT + "return np.diag(p - p * p) - np.outer(p, p)"),
        ("sign", SOFT + "return np.outer(p, p) - np.diag(p)"),
    ],
}
