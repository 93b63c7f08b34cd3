"""Right answers but for the formula of one output: (diagnosis, output, formula), by exercise.

They draw those rows of the tables that no whole answer in `wrong_answers_….py` draws.
"""

OWN_EPS = ("1e-5", "1e-8", "1e-6", "1e-7", "1e-4", "1e-3", "1e-10", "1e-9", "0.1", "0.01")
BACK = "dy * b / a**2"  # what comes to s, and from there to every wire before it
R = "(R := (X - X.mean(0)) / (s := np.sqrt(X.var(0) + eps)))"  # X̂ of batch norm
SLOPE = "(1 - np.tanh(X @ W)**2)"

ONE_FORMULA = {
    "neuron_pass": [
        ("value for derivative", "da", "1 / a"),
        ("lost square", "da", "-1 / a"),
        ("value for derivative", "db", "-dy * b / a**2"),
        ("value for derivative", "ds", f"-{BACK} * np.log(b)"),
        ("shared", "dw2", f"{BACK} / 2"),
        ("shared", "dq", f"{BACK} / 2"),
        *(("multiply gate", output, f"{BACK} * {made}") for output, made in (
            ("dp", "w0 * x0"), ("dq", "w0 * x0"), ("dq", "w1 * x1"))),
        *(("upstream forgotten", output, "1.0") for output in ("dt", "dw2", "dp", "dq")),
        *(("switch forgotten", f"d{own}", f"{BACK} * {own}") for own in ("x0", "w1", "x1")),
        *(("upstream forgotten", f"d{own}", other) for own, other in (
            ("w0", "x0"), ("x0", "w0"), ("w1", "x1"))),
        *(("local gradient forgotten", output, BACK) for output in ("dx0", "dw1", "dx1")),
        *(("value for derivative", output, f"{BACK} * {made}") for output, made in (
            ("dw0", "w0 * x0"), ("dx0", "w0 * x0"), ("dx1", "w1 * x1"))),
    ],
    "relu_at_zero": [
        ("choice too far", "", "at_zero * (X >= 0)"),
        ("choice too far", "", "np.where(X >= 0, 1, at_zero)"),
        ("value for derivative", "", "np.maximum(X, 0)"),
    ],
    "abs_gate": [
        ("subtract gate", "dy", "-G"),
        ("max gate", "dy", "G * (y > x)"),
        ("sign of the input", "dy", "G * np.sign(y)"),
        ("add gate", "dy", "G"),
    ],
    "sigmoid_backward": [
        ("slope at the wrong place", "", "G * np.exp(-Y) / (1 + np.exp(-Y))"),
        ("sign of one term", "", "G * Y * (1 + Y)"),
        ("square", "", "G * Y ** 2 * (1 - Y)"),
        ("local gradient twice", "", "G * (Y * (1 - Y)) ** 2"),
        ("inverse", "", "G / (Y * (1 - Y))"),
    ],
    "row_layer": [
        ("upstream forgotten", "dx", "W.sum(1)"),
        ("slice not contracted", "dW", 'np.einsum("jk,k,i->jik", np.eye(len(g)), g, x)'),
    ],
    "relu_backward": [
        ("order swapped", "", "X * (G > 0)"),
        ("mask from the wrong array", "", "G * (G > 0) * (X > 0)"),
        ("mask from the wrong array", "", "np.where(X > 0, G, X)"),
        ("slope of the leaky ReLU", "", "G * np.where(X > 0, 1, 0.01)"),
        ("slope of the leaky ReLU", "", "G * np.where(X > 0, 1, 0.1)"),
        ("subtracted", "", "G - (X > 0)"),
    ],
    "leaky_from_output": [
        ("slope of the ReLU", "", "np.where(Y > 0, G, 0)"),
        ("upstream forgotten", "", "np.where(Y > 0, 1, alpha)"),
        ("added", "", "G * (Y > 0) + alpha"),
    ],
    "tied_weights": [
        ("factor 2 in one path", "", "2 * np.outer(W @ g, x)"),
        ("mean for sum", "", "(np.outer(W @ x, g) + np.outer(W @ g, x)) / 2"),
        ("chain broken", "", "np.outer(W @ x, g + x)"),
    ],
    "scale_back": [
        ("quotient", "dXhat", "dZ / gamma"),
        ("upstream forgotten", "dXhat", "gamma + 0 * dZ"),
        ("wrong axis", "dgamma", "(dZ * Xhat).sum(1)"),
        ("switch forgotten", "dgamma", "(dZ * gamma).sum(0)"),
        ("upstream forgotten", "dgamma", "Xhat.sum(0)"),
    ],
    "variance_back": [
        ("1/N twice", "", "np.ones_like(Q) * dv / len(Q) ** 2"),
        ("wrong axis", "", "np.ones_like(Q) * dv / Q.shape[1]"),
    ],
    "square_back": [
        ("sign of one term", "", "dC - 2 * C * dQ"),
        ("upstream forgotten", "", "dC + 2 * C"),
        ("mean for sum", "", "(dC + 2 * C * dQ) / 2"),
    ],
    "centre_back": [
        ("upstream forgotten", "dX", "0 * dC + 1"),
        ("mean for sum, sign", "dmu", "dC.mean(0)"),
    ],
    "columns_backward": [
        ("lost transpose", "dW", "G @ X"),
        ("order swapped", "dX", "G.T @ W"),
        ("batch not summed", "dW", 'np.einsum("kn,mn->nkm", G, X)'),
        ("wrong axis", "db", "G.sum()"),
    ],
    "sequence_backward": [
        ("not summed", "dW", 'np.einsum("nlm,nlk->lmk", X, G)'),
        ("mean for sum", "dW", 'np.einsum("nlm,nlk->mk", X, G) / len(X)'),
        ("not summed", "db", "G"),
    ],
    "batchnorm_backward": [
        ("evaluation mode", "dX", "gamma * G"),
        ("Bessel", "dgamma", "(G * (X - X.mean(0)) / np.sqrt(X.var(0, ddof=1) + eps)).sum(0)"),
        ("γ in dβ", "dbeta", "(gamma * G).sum(0)"),
        ("wrong axis", "dbeta", "G.sum()"),
        ("upstream of X̂", "dgamma",
         f"({R} * (G - G.mean(0) - R * (G * R).mean(0)) * gamma / s).sum(0)"),
        ("dβ from dX", "dbeta", f"((G - G.mean(0) - {R} * (G * R).mean(0)) * gamma / s).sum(0)"),
    ],
    "layernorm_backward": [
        ("formula of RMS norm", "", "(G - X * (G * X).mean(1, keepdims=True) / (q := (X**2)"
         ".mean(1, keepdims=True) + eps)) / np.sqrt(q)"),
    ],
    "softmax_backward": [
        ("lost path", "", "G * (1 - P)"),
        ("lost path", "", "-P * (G * P).sum(1, keepdims=True)"),
        ("P forgotten", "", "G * P - (G * P).sum(1, keepdims=True)"),
        ("P forgotten", "", "G - G.sum(1, keepdims=True)"),
        ("mean for sum", "", "P * (G - G.mean(1, keepdims=True))"),
        ("P too many", "", "P * (G - P * (G * P).sum(1, keepdims=True))"),
        ("P too many", "", "P * (1 - P) * (G - (G * P).sum(1, keepdims=True))"),
        ("value for derivative", "", "P"),
        ("slope of the logarithm", "", "G / P"),
        ("slope of the exponential", "", "G * np.exp(P)"),
        ("wrong axis", "", "P * (G - (G * P).mean())"),
        ("softmax twice", "", "(S := np.exp(P) / np.exp(P).sum(1)[:, None]) * (1 - S)"),
    ],
    "logsumexp_backward": [
        ("formula of softmax", "",
         "G[:, None] * (S := np.exp(Z) / np.exp(Z).sum(1)[:, None]) * (1 - S)"),
        ("log of the slope", "", "G[:, None] * (Z - np.log(np.exp(Z).sum(1))[:, None])"),
    ],
    "residual_backward": [
        ("slope at the wrong place", "", f"G + (G @ W.T) * {SLOPE}"),
        ("product of paths", "", f"G * ((G * {SLOPE}) @ W.T)"),
        ("mean for sum", "", f"(G + (G * {SLOPE}) @ W.T) / 2"),
    ],
    "gather_backward": [
        ("= for +=", "", "np.array([G[list(rows).index(k)] if k in rows else 0 * G[0] "
         "for k in range(n)])"),
        ("order in a row", "", "np.pad(G, ((0, n), (0, 0)))[:n]"),
    ],
    "maxpool_backward": [
        ("wrong axis", "", "np.repeat(G, 2, 1) * (X == X.max(1, keepdims=True))"),
        ("wrong axis", "", "np.repeat(G, 2, 1) * (X == X.max())"),
        ("mask from the wrong array", "", "np.repeat(np.maximum(G, 0), 2, 1)"),
    ],
    "affine_backward": [
        ("(N,) against (N, 1)", "db", "G.sum(0)[None]"),
        ("= for +=", "db", "G[-1]"),
        ("wrong axis", "db", "G.sum()"),
        ("db from dW", "db", "(X.T @ G).mean(0)"),
        ("db from dX", "db", "(G @ W.T).sum(0)"),
        ("order swapped", "dW", "G @ X.T"),
        ("batch not summed", "dW", 'np.einsum("nk,nm->nmk", G, X)'),
        ("local gradient forgotten", "dW", "np.tile(G.sum(0), (len(W), 1))"),
        ("upstream forgotten", "dW", "X.T @ np.ones_like(G)"),
        ("value for derivative", "dW", "X.T @ (X @ W)"),
    ],
    "dropout_backward": [
        ("measured share", "", "G * kept / kept.mean()"),
        ("mask from the wrong array", "", "G * (G > 0) / share"),
        ("scale twice", "", "G * kept / share ** 2"),
    ],
    "walk_back": [
        ("order swapped", "own", "[(sent := back(G), G := sent[0])[0][1] for back in backs]"),
        ("list not turned", "own",
         "[(sent := back(G), G := sent[0])[0][1] for back in backs][::-1]"),
        ("G not handed on", "dX", "backs[-1](G)[0]"),
        ("G not handed on", "own", "[back(G)[1] for back in backs]"),
        ("G not handed on", "own", "[back(G)[1] for back in backs[::-1]]"),
        ("G handed through", "dX", "G"),
    ],
    "dense_backward": [
        ("mask forgotten", "dW", "X.T @ G"),
        ("mask from the wrong array", "dW", "X.T @ np.maximum(G, 0)"),
        ("mask from the wrong array", "db", "np.maximum(G, 0).sum(0)"),
        ("mask from the wrong array", "dW", "X.T @ (G * (X @ W < -b))"),
        ("mask from the wrong array", "db", "(G * (X @ W < -b)).sum(0)"),
        ("bias forgotten", "dW", "X.T @ (G * (X @ W > 0))"),
        ("bias forgotten", "db", "(G * (X @ W > 0)).sum(0)"),
        ("value for derivative", "dX", "(G * np.maximum(X @ W + b, 0)) @ W.T"),
        ("value for derivative", "dW", "X.T @ (G * np.maximum(X @ W + b, 0))"),
        ("value for derivative", "db", "(G * np.maximum(X @ W + b, 0)).sum(0)"),
        ("db from dW", "db", "(X.T @ (G * (X @ W > -b))).mean(0)"),
        ("wrong axis", "db", "(G * (X @ W > -b)).sum()"),
        ("value for derivative", "dX", "G @ W.T * X"),
        ("mask from the wrong array", "dX", "G * (X @ W + b > 0) @ (W * (W > 0)).T"),
        ("mask from the wrong array", "dW", "(X * (X > 0)).T @ (G * (X @ W + b > 0))"),
        ("mask from the wrong array", "dW", "(X * (X > 0)).T @ G"),
        ("= for +=", "db", "(G * (X @ W + b > 0))[-1]"),
        ("(N,) against (N, 1)", "db", "(G * (X @ W + b > 0)).sum(0, keepdims=True)"),
        ("lost transpose", "dW", "X @ (G * (X @ W + b > 0))"),
        ("wrong axis", "db", "(G * (X @ W + b > 0)).sum(1)"),
    ],
    "shared_input_backward": [
        ("upstream forgotten", "", "np.ones_like(G) @ W.T + np.ones_like(H) @ V.T"),
        ("lost transpose", "", "G @ W.T + H @ V"),
        ("lost transpose", "", "G @ W + H @ V.T"),
        ("paths added too early", "", "(G + H) @ (W + V).T"),
    ],
    "decayed_step": [
        ("W forgotten", "", "W - rate * dW - decay"),
        ("product for sum", "", "W - rate * dW * decay * W"),
        ("product for sum", "", "W - rate * decay * dW"),
        ("value for derivative", "", "W - rate * (dW + decay * np.sum(W ** 2) / 2)"),
        ("value for derivative", "", "W - rate * (dW + decay * np.sum(W ** 2))"),
        ("gradient alone", "", "dW + decay * W"),
        ("rate twice", "", "W - rate * (dW + rate * decay * W)"),
        ("value for derivative", "", "W - rate * (dW + decay / 2 * W ** 2)"),
    ],
    "elu_backward": [
        ("value for derivative", "", "G * np.where(X > 0, X, alpha * (np.exp(X) - 1))"),
        ("one case", "", "G"),
        ("sign", "", "G * np.where(X > 0, 1, -alpha * np.exp(X))"),
    ],
    "prelu_alpha": [
        ("sign", "", "-np.sum(G * np.minimum(0, X), 0)"),
    ],
    "softplus_stable": [
        ("overflow", "", "np.log(np.exp(-x) + 1) + x"),
        *(("overflow", "", f"np.log(1 + np.exp(np.minimum(np.maximum(x, -{most}), {most})))")
          for most in (100, 50, 30, 20, 88, 709)),
        ("overflow", "", "np.maximum(x, 0) + np.log1p(np.exp(np.abs(x)))"),
        ("overflow", "", "np.log(np.exp(x))"),
        ("base 2", "", "np.logaddexp2(0, x)"),
    ],
    "log_sigmoid": [
        ("overflow", "", "x - np.log(1 + np.exp(x))"),
        ("one side", "", "np.maximum(x, 0) - np.log1p(np.exp(-np.abs(x)))"),
    ],
    "quadratic_hessian": [
        ("product", "", "A.T @ A"),
        ("summed", "", "(A + A.T).sum(0)"),
        ("product", "", "A * A.T"),
        ("diagonal", "", "np.diag(2 * np.diag(A))"),
    ],
    "stored_variance": [
        ("root for one over the root", "", "gamma * s * (G - G.mean(0))"),
        ("wrong axis", "", "gamma / s * (G - G.mean())"),
    ],
    "eval_backward": [
        ("training mode", "dX", "gamma / np.sqrt(var + eps) * (G - G.mean(0))"),
        ("root for one over the root", "dX", "G * gamma * np.sqrt(var + eps)"),
        ("s forgotten", "dX", "G * gamma"),
        ("γ twice", "dX", "G * gamma ** 2 / np.sqrt(var + eps)"),
        ("wrong axis", "dbeta", "G.sum(1)"),
        ("γ in dβ", "dbeta", "(gamma * G).sum(0)"),
        ("statistics of the batch", "dX", "G * gamma / np.sqrt(X.var(0) + eps)"),
        ("batch not summed", "dbeta", "G"),
        ("training mode", "dgamma", f"(G * {R}).sum(0)"),
        *(("ε hard-coded", "dX", f"G * gamma / np.sqrt(var + {own})") for own in OWN_EPS
          if own != "1e-10"),  # which is next to none
    ],
    "beside_a_kink": [
        ("not divided", "", "x + t"),
    ],
    "measured_jacobian": [
        ("all at once", "", "(f(x + t) - f(x - t)) / (2 * t)"),
        ("distance multiplied", "",
         "np.stack([(f(x + e) - f(x - e)) * t for e in t * np.eye(len(x))], -1)"),
    ],
    "weightnorm_backward": [
        ("mean for sum", "dV",
         "g / (r := np.sqrt((V**2).sum(0))) * (G - V / r * (G * V / r).mean(0))"),
        ("not contracted", "dV", "g / (r := np.sqrt((V**2).sum(0))) * (G - V**2 / r**2 * G)"),
        ("root forgotten", "dV", "g / (q := (V**2).sum(0)) * (G - V / q * (G * V / q).sum(0))"),
        ("mean for sum", "dg", "(G * V).mean(0) / np.sqrt((V**2).sum(0))"),
        ("wrong axis", "dg", "(G * V / np.sqrt((V**2).sum(0))).sum()"),
        ("value for derivative", "dg", "g * (G * V).sum(0) / np.sqrt((V**2).sum(0))"),
    ],
    "rms_backward": [
        ("factor 2 in one term", "",
         "(G - 2 * X * (G * X).mean(0) / (q := (X**2).mean(0) + eps)) / np.sqrt(q)"),
        ("root forgotten", "", "(G - X * (G * X).mean(0) / (q := (X**2).mean(0) + eps)**2) / q"),
        ("root for one over the root", "", "G - X * (G * X).mean(0) / ((X**2).mean(0) + eps)"),
        ("X̂ forgotten", "", "(G - (G * X).mean(0) / (r := np.sqrt((X**2).mean(0) + eps))) / r"),
        ("not contracted", "", "(G - G * X**2 / (q := (X**2).mean(0) + eps)) / np.sqrt(q)"),
        ("sum for root", "", "(G - X * (G * X).mean(0) / (q := (X**2).sum(0) + eps)) / np.sqrt(q)"),
        ("power of the root", "",
         "(G - X * (G * X).mean(0) / (q := (X**2).mean(0) + eps)**2) / np.sqrt(q)"),
        ("power of the root", "",
         "(G - X * (G * X).mean(0) / (q := (X**2).mean(0) + eps)**2.5) / np.sqrt(q)"),
        ("wrong axis", "", "(G - X * (G * X).mean() / (q := (X**2).mean() + eps)) / np.sqrt(q)"),
        *(("ε hard-coded", "",
           f"(G - X * (G * X).mean(0) / (q := (X**2).mean(0) + {own})) / np.sqrt(q)")
          for own in OWN_EPS),
    ],
    "norm_from_output": [
        ("γ twice", "",
         "gamma**2 / s * (G - G.mean(0) - (R := (Y - beta) / gamma) * (G * R).mean(0))"),
        ("one over γ", "",
         "1 / gamma / s * (G - G.mean(0) - (R := (Y - beta) / gamma) * (G * R).mean(0))"),
        ("scale not undone", "",
         "gamma / s * (G - G.mean(0) - (R := (Y - beta) * gamma) * (G * R).mean(0))"),
        ("shift not undone", "",
         "gamma / s * (G - G.mean(0) - (R := (Y + beta) / gamma) * (G * R).mean(0))"),
        ("s too many", "",
         "gamma / s * (G - G.mean(0) - (R := (Y - beta) / gamma / s) * (G * R).mean(0))"),
        ("X for X̂", "",
         "gamma / s * (G - G.mean(0) - (R := (Y - beta) / gamma * s) * (G * R).mean(0))"),
        ("sign of one term", "",
         "gamma / s * (G - G.mean(0) + (R := (Y - beta) / gamma) * (G * R).mean(0))"),
        ("lost path", "", "gamma / s * (G - (R := (Y - beta) / gamma) * (G * R).mean(0))"),
        ("wrong axis", "",
         "gamma / s * (G - G.mean() - (R := (Y - beta) / gamma) * (G * R).mean())"),
    ],
}

SIZE = "8 * (32 * 512)**2"  # bytes
ONE_NUMBER = {  # the same for predictions
    "gate_gradients": [("value for derivative", "db", "42.25"),
                       ("value for derivative", "dw", "-42.25")],
    "reuse_gradient": [("= for +=", "", "5"), ("mean for sum", "", "13 / 3")],
    "jacobian_shapes": [("counting", "dz_dy", "(3, 3)")],
    "relu_cost": [("counting", "entries", "2 * 32 * 512"),
                  *(("larger unit", "bytes", f"round({SIZE} / {base}**{power}, {digits})")
                    for base in (1000, 1024) for power in (1, 2, 3) for digits in range(10))],
    "batch_of_one": [("mean not subtracted", "Y", "7")],
    "sum_tensor": [("counting", "nonzero", "3")],
    "passes": [("counting", "loss", "784"), ("counting", "backward", "794")],
    "name_the_mistake": [("one factor for all", "A", "6"), ("sign for places", "B", "1")],
}
