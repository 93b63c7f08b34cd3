"""Right answers but for the formula of one output: (diagnosis, output, formula), by exercise.

They draw those rows of the tables that no whole answer in `wrong_answers_….py` draws.
"""

ONE_FORMULA = {
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
    ],
    "gather_backward": [
        ("order in a row", "", "np.pad(G, ((0, n), (0, 0)))[:n]"),
    ],
    "maxpool_backward": [
        ("wrong axis", "", "np.repeat(G, 2, 1) * (X == X.max(1, keepdims=True))"),
        ("wrong axis", "", "np.repeat(G, 2, 1) * (X == X.max())"),
        ("mask from the wrong array", "", "np.repeat(np.maximum(G, 0), 2, 1)"),
    ],
    "affine_backward": [
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
        ("G not handed on", "dX", "backs[-1](G)[0]"),
        ("G not handed on", "own", "[back(G)[1] for back in backs]"),
        ("G not handed on", "own", "[back(G)[1] for back in backs[::-1]]"),
        ("G handed through", "dX", "G"),
    ],
    "dense_backward": [
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
    ],
    "beside_a_kink": [
        ("not divided", "", "x + t"),
    ],
    "measured_jacobian": [
        ("all at once", "", "(f(x + t) - f(x - t)) / (2 * t)"),
    ],
}
