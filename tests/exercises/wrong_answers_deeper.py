"""Wrong answers as in `wrong_answers_1_to_4`, for the deeper notebooks 11, 12, 13, 15 and 17."""

SOFT = "p = np.exp(x) / np.exp(x).sum()\n"
UNIT = "n = np.sqrt(x @ x)\nu = x / n\n"
BATCH = "m0, v0, mu, v = mean, var, X.mean(0), X.var(0)"
MOVED = ("\n    mean = momentum * mean + (1 - momentum) * mu"
         "\n    var = momentum * var + (1 - momentum) * v")
KEPT, ROOT = "mu, v = mean, var", "np.sqrt(v + eps)"
P = "P = np.exp(Z) / np.exp(Z).sum(1, keepdims=True)\nT = np.eye(Z.shape[1])[labels]\n"
SMOOTH = P + "S = (1 - share) * T + share / Z.shape[1]\n"
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
    # 15
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
    "stored_variance": [
        ("evaluation mode", "return gamma / s * G"),
        ("sum for mean", "return gamma / s * (G - G.sum(0))"),
        ("sign of one term", "return gamma / s * (G + G.mean(0))"),
        ("γ forgotten", "return (G - G.mean(0)) / s"),
        ("s forgotten", "return gamma * (G - G.mean(0))"),
        ("factor left out of the mean", "return gamma / s * G - G.mean(0)"),
        ("wrong axis", "return gamma / s * (G - G.mean(1, keepdims=True))"),
        ("only one path", "return np.tile(gamma / s * G.mean(0), (len(G), 1))"),
    ],
    "batchnorm_forward": [
        (name, f"if training:\n    {train}\nelse:\n    {test}\n"
         f"return (X - mu) / {root}, mean, var")
        for name, train, test, root in (
            ("modes exchanged", "mu, v = mean, var", BATCH + MOVED, ROOT),
            ("always the batch", BATCH + MOVED, BATCH, ROOT),
            ("always the running averages", f"{BATCH}{MOVED}\n    mu, v = m0, v0", KEPT, ROOT),
            ("moved too early", f"{BATCH}{MOVED}\n    mu, v = mean, var", KEPT, ROOT),
            ("ε forgotten", BATCH + MOVED, KEPT, "np.sqrt(v)"),
            ("root forgotten", BATCH + MOVED, KEPT, "(v + eps)"),
            ("never moved", BATCH, KEPT, ROOT),
            ("moved in evaluation", BATCH + MOVED, f"{BATCH}{MOVED}\n    mu, v = m0, v0", ROOT),
            ("weights exchanged", BATCH + MOVED.replace("momentum", "(1 - momentum)"), KEPT, ROOT),
            ("replaced", f"{BATCH}\n    mean, var = mu, v", KEPT, ROOT),
            ("share forgotten", BATCH + MOVED.replace("(1 - momentum) * ", ""), KEPT, ROOT),
            ("Bessel", BATCH + MOVED.replace(") * v", ") * v * len(X) / max(len(X) - 1, 1)"),
             KEPT, ROOT),
            ("root for variance", BATCH + MOVED.replace(") * v", ") * X.std(0)"), KEPT, ROOT),
        )
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
    # 17
    "chosen_rate": [
        ("chosen by the test", "(0.03, 93)"), ("chosen by the training set", "(5, 93)"),
        ("best of the tests", "(0.3, 94)"), ("validation for test", "(0.3, 96)"),
        ("training for test", "(0.3, 98)"), ("mean of the tests", "(0.3, 278 / 3)"),
        (None, "(0.3, 91)"), (None, "(1, 93)"),
    ],
    "smoothed_backward": [
        ("label not smoothed", P + "return (P - T) / len(Z)"),
        ("lost path", P + "return (1 - share) * (P - T) / len(Z)"),
        ("lost path", P + "P[np.arange(len(Z)), labels] -= 1 - share\nreturn P / len(Z)"),
        ("share for share/K", P + "return (P - share - (1 - share) * T) / len(Z)"),
        ("parts swapped", P + "S = share * T + (1 - share) / Z.shape[1]\nreturn (P - S) / len(Z)"),
        ("probabilities smoothed", P + "P = (1 - share) * P + share / P.shape[1]\n"
         "return (P - T) / len(Z)"),
        ("sum for mean", SMOOTH + "return P - S"),
        ("wrong axis", SMOOTH + "return (P - S) / P.size"),
        ("sign", SMOOTH + "return (S - P) / len(Z)"),
        ("gradient by P", SMOOTH + "return -S / P / len(Z)"),
        ("value for derivative", SMOOTH + "return -S * np.log(P) / len(Z)"),
    ],
    "momentum_step": [
        ("old velocity", "return W + V, mu * V - rate * dW"),
        ("momentum forgotten", "return W - rate * dW, mu * V - rate * dW"),
        ("friction forgotten", "V = V - rate * dW\nreturn W + V, V"),
        ("rate forgotten", "V = mu * V - dW\nreturn W + V, V"),
        ("rate for all", "V = mu * V - dW\nreturn W + rate * V, V"),
        ("sign of one term", "V = mu * V + rate * dW\nreturn W + V, V"),
        ("another velocity", "D = mu * V + dW\nreturn W + mu * V - rate * dW, D"),
        ("a mean for a sum", "V = mu * V - (1 - mu) * rate * dW\nreturn W + V, V"),
        ("step for weight", "V = mu * V - rate * dW\nreturn V, V"),
        ("another order", "V = mu * V - rate * dW\nreturn V, W + V"),
    ],
    "paired_gain": [
        ("sign", "d = b - a\nreturn d.mean(), d.std(ddof=1) / len(d)**0.5"),
        ("sizes of the gains", "return abs(a - b).mean(), (a - b).std(ddof=1) / len(a)**0.5"),
        ("not in pairs", "return (a - b).mean(), "
         "np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a))"),
        ("not in pairs", "return (a - b).mean(), (a.std(ddof=1) - b.std(ddof=1)) / len(a)**0.5"),
        ("spread of one seed", "return (a - b).mean(), (a - b).std(ddof=1)"),
        ("root forgotten", "return (a - b).mean(), (a - b).std(ddof=1) / len(a)"),
        ("ddof forgotten", "return (a - b).mean(), (a - b).std() / len(a)**0.5"),
        ("variance for spread", "return (a - b).mean(), (a - b).var(ddof=1) / len(a)"),
        ("sum for mean", "return (a - b).sum(), (a - b).std(ddof=1) / len(a)**0.5"),
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
