"""Right answers in other styles than the solution: loops, einsum, in place on a copy, lists."""

RIGHT = {
    "saturated_share": ["0.375", "np.float32(0.375)", "np.array(0.375)"],
    "sigmoid_entries": ["[324, 306]", "np.array([324, 306])", "(324.0, np.int64(306))"],
    "jacobian_shapes": ["[[3, 4], [2, 3], [2, 4]]", "np.array([(3, 4), (2, 3), (2, 4)])"],
    "sgd_by_hand": ["0.8", "1 - 0.3 + 0.1"],
    "batch_loss": ["0.7, 1 / 4", "(0.2 + 1.4 + 0.5 + 0.7) / 4, 0.25"],
    "elu_backward": ["D = np.ones_like(X)\nD[X <= 0] = alpha * np.exp(X[X <= 0])\nreturn G * D"],
    "stack_numbers": ["[218058, 7850]", "(200960 + 16448 + 650, np.int64(7850))"],
    "what_survives": ["-0.3", "-3 / 10"],
    "softsign_slope": ["d = 1 + abs(x)\nreturn (d - abs(x)) / (d * d)",
                       "return np.where(x > 0, (1 + x)**-2, (1 - x)**-2)"],
    "signed_loss_slope": ["e = np.exp(-y * z)\nreturn -y * e / (1 + e)",
                          "return 1 / (1 + np.exp(-z)) - (y + 1) / 2"],
    "relu6_backward": ["return np.where((X <= 0) | (X >= 6), 0, G)",
                       "dX = G.copy()\ndX[X < 0] = 0\ndX[X > 6] = 0\nreturn dX"],
    "silent_units": ["return Z.max(0) <= 0", "return np.where(np.any(Z > 0, axis=0), 0, 1)",
                     "return [all(z <= 0 for z in column) for column in Z.T]"],
    "pass_counts": ["[3, 500]"],
    "divide_gate": ["q = x / y\nreturn G / y, -G * q / y"],
    "neuron_loss": ["e = np.exp(-np.sum(w * x))\ny = 1 / (1 + e)\n"
                    "return (y - t) * 2 * e / (1 + e)**2 * x"],
    "abs_gate": ["d = np.where(x > y, G, -G)\nreturn d, -d"],
    "two_paths": ["e = np.exp(x)\ndx = G * e\nreturn dx + G * x * e"],
    "neuron_pass": ["y = 1 / a\nda, ds = -dy * y * y, dy * y * (1 - y)\n"
                    "return (da, da, -ds, ds, ds, ds, ds, ds, ds * x0, ds * w0, ds * x1, ds * w1)"],
    "walk_calls": ["[2**11 - 1, 10 + 1]"],
    "steps_unzeroed": ["(5 * 0.8**2, 4 - 0.1 * (10 + 8))"],
    "unrolled_weight": ["h = np.tanh(w * x)\nd = G / np.cosh(w * h)**2\n"
                        "return d * h + d * w / np.cosh(w * x)**2 * x"],
    "mul_back": ["return b * G, a * G", "return np.array([b, a]) * G"],
    "tape_back": ["n = len(inputs)\nA = np.zeros((n, n))\nfor k in range(n):\n"
                  "    for j in (0, 1):\n        A[inputs[k, j], k] += local[k, j]\n"
                  "return np.linalg.inv(np.eye(n) - A)[:, -1]"],
    "predicted_change": ["(0.4, -0.6, -0.1)", "np.array([[2, -1], [0, 3], [1, 1]]) @ [0.1, -0.2]"],
    "box_jacobian": ["v = np.array([a, b, c])\nreturn [a * b * c / v, 2 * (v.sum() - v)]"],
    "quadratic_gradient": ["return A @ x + x @ A",
                           "return np.einsum('ij,j->i', A, x) + np.einsum('ij,i->j', A, x)"],
    "fit_gradient": ["return 2 * (W @ x - t) @ W", "return [2 * c @ (W @ x - t) for c in W.T]"],
    "two_layers_back": ["return g @ V @ np.diag(1 - np.tanh(W @ x)**2) @ W"],
    "unit_vector_jacobian": ["n = np.sqrt(x @ x)\n"
                             "return np.eye(len(x)) / n - np.outer(x, x) / n**3"],
    "elu_from_output": ["D = np.ones_like(Y)\nD[Y <= 0] = Y[Y <= 0] + alpha\nreturn G * D"],
    "softplus_stable": ["return np.logaddexp(0, x)", "return np.logaddexp(x, np.zeros_like(x))",
                        "return np.where(x > 30, x, np.log1p(np.exp(np.minimum(x, 30))))"],
    "log_sigmoid": ["return -np.logaddexp(0, -x)",
                    "return np.minimum(x, 0) - np.logaddexp(0, -abs(x))"],
    "logsumexp_hessian": ["e = np.exp(x - x.max())\np = e / e.sum()\n"
                          "return (np.eye(len(x)) - p) * p[:, None]"],
    "relu_at_zero": ["S = (X > 0).astype(float)\nS[X == 0] = at_zero\nreturn S",
                     "return np.heaviside(X, at_zero)"],
    "prelu_alpha": ["return np.where(X < 0, G * X, 0).sum(axis=0)",
                    "return np.einsum('nh,nh->h', G, np.minimum(X, 0))"],
    "vec_table": ["K, M = W.shape\nJ = np.zeros((K, K, M))\nfor k in range(K):\n    J[k, k] = x\n"
                  "return J.reshape(K, K * M)"],
    "relu_backward": [
        "dX = G.copy()\ndX[X <= 0] = 0\nreturn dX", "return np.where(X > 0, G, 0)",
        "return np.where(X >= 0, G, 0)", "return np.einsum('nh,nh->nh', G, X > 0)",
        "dX = np.zeros(X.shape)\nfor n in range(len(X)):\n    for h in range(X.shape[1]):\n"
        "        if X[n, h] > 0:\n            dX[n, h] = G[n, h]\nreturn dX",
        "return [[g if x > 0 else 0 for g, x in zip(*rows)] for rows in zip(G, X)]",
        "return (G * (X > 0)).astype(np.longdouble)", "return np.asfortranarray(G * (X > 0))",
        "return np.heaviside(X, 0) * G", "G = G * (X > 0)\nreturn G",
    ],
    "bias_backward": ["db = 0\nfor row in G:\n    db = db + row\nreturn db",
                      "return np.ones(len(G)) @ G", "return np.einsum('nk->k', G)",
                      "db = np.zeros(G.shape[1])\nfor row in G:\n    db += row\nreturn db"],
    "affine_backward": [
        "return np.einsum('nk,mk->nm', G, W), np.einsum('nm,nk->mk', X, G), sum(G)",
        "dW = np.zeros(W.shape)\nfor x, g in zip(X, G):\n    dW += np.outer(x, g)\n"
        "return (W @ G.T).T, dW, G.sum(axis=0)"],
    "batchnorm_backward": [
        "N = len(X)\nc = X - X.mean(0)\nv = (c**2).mean(0) + eps\nR = c / np.sqrt(v)\n"
        "dR = G * gamma\n"
        "dv = (dR * c).sum(0) * -0.5 * v**-1.5\ndc = dR / np.sqrt(v) + 2 * c * dv / N\n"
        "return dc - dc.mean(0), (G * R).sum(0), G.sum(0)"],
    "layernorm_backward": [
        "N = X.shape[1]\nc = (X.T - X.T.mean(0))\ns = np.sqrt((c**2).mean(0) + eps)\nR = c / s\n"
        "g = G.T\nreturn ((g - g.mean(0) - R * (g * R).mean(0)) / s).T"],
    "softmax_backward": [
        "J = np.einsum('ni,ij->nij', P, np.eye(P.shape[1])) - P[:, :, None] * P[:, None]\n"
        "return np.einsum('nk,nkj->nj', G, J)"],
    "maxpool_backward": [
        "dX = np.zeros_like(X)\nw = X.reshape(len(X), -1, 2).argmax(2)\n"
        "w = w + 2 * np.arange(G.shape[1])\nnp.put_along_axis(dX, w, G, 1)\nreturn dX"],
    "cross_entropy_backward": [
        "P = np.exp(Z) / np.exp(Z).sum(1, keepdims=True)\n"
        "return (P - np.eye(Z.shape[1])[labels]) / len(labels)"],
    "shared_input_backward": ["dX = G @ W.T\ndX += H @ V.T\nreturn dX"],
    "decayed_step": ["return (1 - rate * decay) * W - rate * dW",
                     "W = W.copy()\nW -= rate * (dW + decay * W)\nreturn W"],
    "shift_scale_product": [
        "dX = dY * gamma\nreturn (dY, dY.sum(axis=0), dX, np.einsum('nh,nh->h', dY, Xhat), "
        "dX * r, np.sum(dX * Xhat / r, axis=0))"],
    "reciprocal_root_variance": [
        "ds = -dr / s**2\nreturn ds, ds * r / 2, np.broadcast_to(ds * r / 2 / len(Q), Q.shape)",
        "ds = -dr * r / s\nreturn ds, 0.5 / s * ds, np.tile(ds / (2 * s * len(Q)), (len(Q), 1))"],
    "square_centre_mean": [
        "dC = dC1.copy()\ndC += 2 * C * dQ\nreturn dC, dC, -np.sum(dC, axis=0), dC - dC.mean(0)"],
    "batchnorm_forward": [
        "m, s = (X.mean(0), X.var(0)) if training else (mean, var)\nw = (1 - momentum) * training\n"
        "return (X - m) / np.sqrt(s + eps), mean + w * (m - mean), var + w * (s - var)"],
    "momentum_step": ["V = mu * V\nV -= rate * dW\nreturn W + V, V",
                      "return W + (mu * V - rate * dW), mu * V - rate * dW"],
    "paired_gain": ["d = [x - y for x, y in zip(a, b)]\nm = sum(d) / len(d)\n"
                    "return m, (sum((x - m)**2 for x in d) / (len(d) - 1) / len(d))**0.5"],
    "smoothed_backward": ["P = np.exp(Z) / np.exp(Z).sum(1, keepdims=True) - share / Z.shape[1]\n"
                          "P[np.arange(len(Z)), labels] -= 1 - share\nreturn P / len(Z)"],
    "sequence_backward": [
        "X2, G2 = X.reshape(-1, X.shape[2]), G.reshape(-1, G.shape[2])\n"
        "return (G2 @ W.T).reshape(X.shape), X2.T @ G2, G2.sum(0)",
        "return G @ W.T, sum(x.T @ g for x, g in zip(X, G)), G.sum(0).sum(0)"],
    "tied_weights": ["return (W @ x)[:, None] * g + (W @ g)[:, None] * x"],
    "gather_backward": ["dX = np.zeros((n, G.shape[1]))\nfor k, row in enumerate(rows):\n"
                        "    dX[row] += G[k]\nreturn dX",
                        "return (rows == np.arange(n)[:, None]) @ G"],
    "walk_back": ["own = []\nfor i in range(len(backs) - 1, -1, -1):\n    G, mine = backs[i](G)\n"
                  "    own.insert(0, mine)\nreturn G, own"],
    "measured_jacobian": ["J = []\nfor i in range(len(x)):\n    e = np.zeros(len(x))\n"
                          "    e[i] = t\n    J.append((f(x + e) - f(x - e)) / (2 * t))\n"
                          "return np.array(J).T"],
    "beside_a_kink": ["return np.clip((x + t) / (2 * t), 0, 1)", "return 0.5 + x / t / 2"],
}
