"""Functions that people differentiate by hand, as plain NumPy of one array: what `named` runs.

A case: title, function, input, the known arrays by name. They are grouped by kind; a group is a
function of the random numbers, so that every case has arrays of its own.
"""

import math
from collections import namedtuple

import numpy as np

Case = namedtuple("Case", "group title f x known")


def sigma(Z):
    return 1 / (1 + np.exp(-Z))


def softmax(Z, axis=-1):
    E = np.exp(Z)
    return E / E.sum(axis, keepdims=True)


def Phi(Z):
    return (1 + np.vectorize(math.erf)(Z / np.sqrt(2))) / 2


def standard(X, axis, eps, ddof=0):
    return (X - X.mean(axis, keepdims=True)) / np.sqrt(
        X.var(axis, keepdims=True, ddof=ddof) + eps)


def slid(X, K, step=1, pad=0):
    """A valid correlation by loops."""
    X = np.pad(X, pad)
    rows, columns = K.shape
    return np.array([[(X[i:i + rows, j:j + columns] * K).sum()
                      for j in range(0, X.shape[1] - columns + 1, step)]
                     for i in range(0, X.shape[0] - rows + 1, step)])


def slid_channels(X, K):
    """Channels of X, axes c i j, through kernels, axes o c i j."""
    h, w = K.shape[2:]
    return np.array([[[(X[:, i:i + h, j:j + w] * k).sum() for j in range(X.shape[2] - w + 1)]
                      for i in range(X.shape[1] - h + 1)] for k in K])


def spd(r, n):
    A = r.standard_normal((n, n))
    return A @ A.T + n * np.eye(n)


def forms(r):
    A, B, S = r.standard_normal((4, 4)), r.standard_normal((3, 3)), spd(r, 4)
    X, x, y = r.standard_normal((3, 4)), r.standard_normal(4), r.standard_normal(4)
    yield "xᵀAx", lambda x: x @ A @ x, x, {"A": A}
    yield "xᵀAx, row by row", lambda X: np.einsum("ni,ij,nj->n", X, A, X), X, {"A": A}
    yield "xᵀAy by y", lambda y: x @ A @ y, y, {"A": A, "x": x}
    yield "(x − m)ᵀA(x − m)", lambda x: (x - y) @ A @ (x - y), x, {"A": A, "m": y}
    yield "√((x − m)ᵀS(x − m))", lambda x: np.sqrt((x - y) @ S @ (x - y)), x, {"S": S, "m": y}
    yield "tr(AX)", lambda X: np.trace(A @ X), A.T + 1, {"A": A}
    yield "tr(XᵀAX)", lambda X: np.trace(X.T @ A @ X), r.standard_normal((4, 3)), {"A": A}
    yield "tr(XAXᵀB)", lambda X: np.trace(X @ A @ X.T @ B), X, {"A": A, "B": B}
    yield "BXA", lambda X: B @ X @ A, X, {"A": A, "B": B}
    yield "XAXᵀ", lambda X: X @ A @ X.T, X, {"A": A}
    yield "XᵀX", lambda X: X.T @ X, X, {}
    yield "XXᵀ", lambda X: X @ X.T, X, {}
    yield "XX", lambda X: X @ X, A, {}
    yield "XXX", lambda X: X @ X @ X, A / 2, {}
    yield "‖X‖²", lambda X: np.sum(X**2), X, {}
    yield "‖X‖", lambda X: np.sqrt(np.sum(X**2)), X, {}
    yield "kron(X, B)", lambda X: np.kron(X, B[:2, :2]), X[:2, :3], {"B": B[:2, :2]}
    yield "kron(B, X)", lambda X: np.kron(B[:2, :2], X), X[:2, :3], {"B": B[:2, :2]}


def inverses(r):
    S, B, a, b = spd(r, 4), *(r.standard_normal(s) for s in ((4, 3), 4, 4))
    yield "log det X", lambda X: np.linalg.slogdet(X)[1], S, {}
    yield "log det XᵀX", lambda X: np.linalg.slogdet(X.T @ X)[1], r.standard_normal((5, 3)), {}
    yield "det X", lambda X: np.linalg.det(X), S, {}
    yield "inverse", np.linalg.inv, S, {}
    yield "tr inverse", lambda X: np.trace(np.linalg.inv(X)), S, {}
    yield "aᵀX⁻¹b", lambda X: a @ np.linalg.inv(X) @ b, S, {"a": a, "b": b}
    yield "solve by X", lambda X: np.linalg.solve(X, b), S, {"b": b}
    yield "solve by X, several", lambda X: np.linalg.solve(X, B), S, {"B": B}
    yield "solve by b", lambda b: np.linalg.solve(S, b), b, {"A": S}
    yield "Cholesky", lambda X: np.linalg.cholesky((X + X.T) / 2), S, {}
    yield "eigenvalues", lambda X: np.linalg.eigvalsh((X + X.T) / 2), S, {}
    yield "singular values", lambda X: np.linalg.svd(X, compute_uv=False), B, {}


def norms(r):
    X, g, b = r.standard_normal((3, 4)), r.standard_normal(4), r.standard_normal(4)
    I, c = r.standard_normal((2, 3, 2, 2)), r.standard_normal(3)
    x, y, H = r.standard_normal(4), r.standard_normal(4), r.standard_normal((3, 4))
    known = {"gamma": g, "beta": b}
    yield "layer norm", lambda X: standard(X, 1, 1e-5), X, {}
    yield "layer norm of 3", lambda X: standard(X, 1, 1e-5), X[:, :3], {}
    yield "layer norm with gain", lambda X: g * standard(X, 1, 1e-5) + b, X, known
    yield "layer norm, ε known", lambda X: standard(X, 1, 1e-3), X, {"eps": 1e-3}
    yield "layer norm by its gain", lambda g: g * standard(X, 1, 1e-5), g, {"X": X}
    yield "layer norm, ReLU", lambda X: np.maximum(g * standard(X, 1, 1e-5), 0), X, {"gamma": g}
    yield "batch norm with gain", lambda X: g * standard(X, 0, 1e-5) + b, X, known
    yield "batch norm, ddof 1", lambda X: standard(X, 0, 1e-5, 1), r.standard_normal((5, 2)), {}
    yield "batch norm of images", lambda X: standard(X, (0, 2, 3), 1e-5) * c[:, None, None], I, {
        "gamma": c}
    yield "instance norm", lambda X: standard(X, (2, 3), 1e-5), I, {}
    yield "group norm", lambda X: standard(X.reshape(2, 2, 3), -1, 1e-5).reshape(
        2, 6), r.standard_normal((2, 6)), {}
    yield "(X − μ) / (σ + ε)", lambda X: (X - X.mean(1, keepdims=True)) / (
        X.std(1, keepdims=True) + 1e-3), X, {}
    yield "RMS norm with gain", lambda X: g * X / np.sqrt(
        (X**2).mean(1, keepdims=True) + 1e-6), X, {"g": g}
    yield "L2 rows", lambda X: X / np.linalg.norm(X, axis=1, keepdims=True), X, {}
    yield "L2 rows, ε inside", lambda X: X / np.sqrt((X**2).sum(1, keepdims=True) + 1e-6), X, {}
    yield "x / ‖x‖", lambda x: x / np.linalg.norm(x), x, {}
    yield "share of the row", lambda X: X / X.sum(1, keepdims=True), np.abs(X) + 1, {}
    yield "cosine", lambda x: x @ y / np.linalg.norm(x) / np.linalg.norm(y), x, {"y": y}
    yield "cosine loss", lambda x: 1 - x @ y / np.linalg.norm(x) / np.linalg.norm(y), x, {"y": y}
    yield "cosine, row by row", lambda X: X @ y / np.linalg.norm(X, axis=1), X, {"y": y}
    yield "cosine of two rows", lambda X: (X * H).sum(1) / np.linalg.norm(
        X, axis=1) / np.linalg.norm(H, axis=1), X, {"H": H}
    yield "layer norm, then W", lambda X: standard(X, 1, 1e-5) @ g, X, {"w": g}


def losses(r):
    Z, T, H = r.standard_normal((3, 4)), np.eye(4)[[2, 0, 3]], r.standard_normal((3, 4))
    D, d, w = r.standard_normal((5, 3)), r.standard_normal(5), r.standard_normal(3)
    t, labels, P = np.array([0.0, 1, 1]), np.array([2, 0, 3]), softmax(H)
    T3 = np.eye(3)[[2, 0, 1]]
    X, W, signs = r.standard_normal((3, 4)), r.standard_normal((4, 3)), np.array([1.0, -1, 1])
    yield "‖Xw − b‖²", lambda w: ((D @ w - d)**2).sum(), w, {"X": D, "b": d}
    yield "ridge", lambda w: ((D @ w - d)**2).sum() + 0.1 * w @ w, w, {"X": D, "b": d}
    yield "mean ‖XW − T‖²", lambda X: ((X @ W - H[:, :3])**2).mean(), X, {"W": W, "T": H[:, :3]}
    yield "Σ|X − T|", lambda X: np.abs(X - H).sum(), X, {"T": H}
    yield "mean |Xw − b|", lambda w: np.abs(D @ w - d).mean(), w, {"X": D, "b": d}
    yield "logistic regression", lambda w: np.logaddexp(0, D @ w).sum() - d @ (D @ w), w, {
        "X": D, "y": d}
    yield "binary cross-entropy", lambda z: np.mean(np.logaddexp(0, z) - t * z), w, {"t": t}
    yield "cross-entropy, one-hot", lambda Z: -(T * np.log(softmax(Z))).sum() / 3, Z, {"T": T}
    yield "cross-entropy, labels", lambda Z: -np.log(softmax(Z))[
        np.arange(3), labels].mean(), Z, {"labels": labels}
    yield "cross-entropy, warm", lambda Z: -(T * np.log(softmax(Z / 2))).sum(), Z, {"T": T}
    yield "cross-entropy by W", lambda W: -(T3 * np.log(softmax(X @ W))).sum(), W, {
        "X": X, "T": T3}
    yield "KL(P ‖ softmax)", lambda Z: (P * (np.log(P) - np.log(softmax(Z)))).sum(), Z, {"P": P}
    yield "entropy", lambda Z: -(softmax(Z) * np.log(softmax(Z))).sum(-1), Z, {}
    yield "hinge", lambda s: np.maximum(0, 1 - signs * s).mean(), w, {"y": signs}
    yield "Huber", lambda X: np.where(np.abs(X - H) < 1, (X - H)**2 / 2,
                                      np.abs(X - H) - 0.5).sum(), X, {"T": H}
    yield "log cosh", lambda X: np.log(np.cosh(X)).sum(), X, {}
    yield "Gaussian by its mean", lambda m: (((H - m) / np.exp(Z))**2 / 2 + Z).sum(), X, {
        "y": H, "s": Z}
    yield "focal", lambda p: -(1 - p)**2 * np.log(p), np.array([0.2, 0.5, 0.7]), {}


def units(r):
    X, W, V = r.standard_normal((3, 4)), r.standard_normal((4, 3)), r.standard_normal((4, 3))
    yield "SiLU", lambda X: X * sigma(X), X, {}
    yield "swish, β known", lambda X: X * sigma(0.7 * X), X, {"beta": 0.7}
    yield "GELU by tanh", lambda X: X / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (
        X + 0.044715 * X**3))), X, {}
    yield "GELU by σ", lambda X: X * sigma(1.702 * X), X, {}
    yield "GELU by Φ", lambda X: X * Phi(X), X, {}
    yield "Mish", lambda X: X * np.tanh(np.log1p(np.exp(X))), X, {}
    yield "softplus", lambda X: np.log1p(np.exp(X)), X, {}
    yield "softplus, β 3", lambda X: np.log1p(np.exp(3 * X)) / 3, X, {}
    yield "ELU", lambda X: np.where(X > 0, X, np.exp(X) - 1), X, {}
    yield "softsign", lambda X: X / (1 + np.abs(X)), X, {}
    yield "tanh by exp", lambda X: (np.exp(X) - np.exp(-X)) / (np.exp(X) + np.exp(-X)), X, {}
    yield "3x³ − 2x² + x − 5", lambda X: 3 * X**3 - 2 * X**2 + X - 5, X, {}
    yield "x⁵ − x⁴", lambda X: X**5 - X**4, X, {}
    yield "GLU", lambda X: X[:, :2] * sigma(X[:, 2:]), X, {}
    yield "tanh GLU", lambda X: np.tanh(X[:, :2]) * sigma(X[:, 2:]), X, {}
    yield "GLU of two layers", lambda X: (X @ W) * sigma(X @ V), X, {"W": W, "V": V}
    yield "SwiGLU", lambda X: (X @ W) * sigma(X @ W) * (X @ V), X, {"W": W, "V": V}
    yield "GEGLU", lambda X: (X @ W) * Phi(X @ W) * (X @ V), X, {"W": W, "V": V}
    yield "sin(XW)", lambda X: np.sin(X @ W), X, {"W": W}


def products(r):
    X, x, C = r.standard_normal((3, 4)), r.standard_normal(4), r.standard_normal((5, 4))
    yield "product of rows", lambda X: X.prod(1), X, {}
    yield "product of columns", lambda X: X.prod(0), X, {}
    yield "product of all", np.prod, x, {}
    yield "running product", lambda X: np.cumprod(X, 1), X, {}
    yield "running sum", lambda X: np.cumsum(X, 1), X, {}
    yield "distances² to C", lambda X: ((X[:, None] - C)**2).sum(-1), X, {"C": C}
    yield "distances to C", lambda X: np.sqrt(((X[:, None] - C)**2).sum(-1)), X, {"C": C}
    yield "distances² of rows", lambda X: ((X[:, None] - X)**2).sum(-1), X, {}
    yield "Gaussian kernel", lambda X: np.exp(-((X[:, None] - C)**2).sum(-1) / 2), X, {"C": C}
    yield "cosines with C", lambda X: X @ C.T / np.linalg.norm(X, axis=1)[:, None] / (
        np.linalg.norm(C, axis=1)), X, {"C": C}


def windows(r):
    X, K, K4 = r.standard_normal((4, 5)), r.standard_normal((2, 3)), r.standard_normal((3, 2, 2, 2))
    images, w = r.standard_normal((2, 3, 4)), r.standard_normal(3)
    yield "conv2d, valid", lambda X: slid(X, K), X, {"K": K}
    yield "conv2d, padded", lambda X: slid(X, K, pad=1), X, {"K": K}
    yield "conv2d by its kernel", lambda K: slid(X, K), K, {"X": X}
    yield "conv2d of channels", lambda X: slid_channels(X, K4), images, {"K": K4}
    yield "conv2d of channels by K", lambda K: slid_channels(images, K), K4, {"X": images}
    yield "conv2d, stride 2", lambda X: slid(X, K[:, :2], 2), X[:, :4], {"K": K[:, :2]}
    yield "conv1d", lambda x: np.correlate(x, w, "valid"), r.standard_normal(6), {"w": w}
    yield "average pooling", lambda X: X.reshape(2, 2, 3, 2).mean((1, 3)), r.standard_normal(
        (4, 6)), {}
    yield "max pooling", lambda X: X.reshape(2, 2, 3, 2).max((1, 3)), r.standard_normal((4, 6)), {}
    yield "max pooling, stride 1", lambda X: np.maximum(X[:, 1:], X[:, :-1]), X, {}
    yield "upsampling", lambda X: X.repeat(2, 0).repeat(2, 1), X[:2, :3], {}
    yield "differences", lambda X: np.diff(X, axis=1), X, {}


def places(r):
    E, X, labels = r.standard_normal((5, 3)), r.standard_normal((3, 4)), np.array([2, 0, 3])
    yield "embedding, known places", lambda E: E[[4, 1, 1, 0]], E, {"places": [4, 1, 1, 0]}
    yield "embedding", lambda E: E[[4, 1, 1, 0]], E, {}
    yield "bag of embeddings", lambda E: E[[0, 2, 2]].sum(0), E, {}
    yield "one of each row", lambda X: X[np.arange(3), labels], X, {"labels": labels}
    yield "columns taken", lambda X: X[:, [2, 0, 3]], X, {}
    yield "roll", lambda X: np.roll(X, 1, 1), X, {}
    yield "pad", lambda X: np.pad(X, 1), X, {}
    yield "tile", lambda X: np.tile(X, (2, 1)), X, {}
    yield "[X, 2X]", lambda X: np.concatenate([X, 2 * X], 1), X, {}


def recurrent(r):
    h, c, x = (r.standard_normal((3, 4)) for _ in range(3))
    U, W, V = (r.standard_normal((4, 4)) for _ in range(3))
    yield "RNN by h", lambda h: np.tanh(h @ U + x), h, {"U": U}
    yield "RNN by W", lambda W: np.tanh(x @ W + c), W, {"x": x}
    yield "RNN, two steps", lambda h: np.tanh(np.tanh(h @ U) @ U), h, {"U": U}
    yield "LSTM: h by c", lambda c: sigma(x) * np.tanh(c), c, {"o": x}
    yield "LSTM: c by f", lambda f: sigma(f) * c + sigma(x) * np.tanh(h), x + 1, {"c": c}
    yield "LSTM by its gates", lambda z: sigma(z[:, 12:]) * np.tanh(
        sigma(z[:, 4:8]) * c + sigma(z[:, :4]) * np.tanh(z[:, 8:12])), r.standard_normal(
        (3, 16)), {"c": c}
    yield "LSTM: i g by x", lambda x: sigma(x @ W) * np.tanh(x @ U), x, {"Wi": W, "Wg": U}
    yield "GRU by z", lambda z: sigma(z) * h + (1 - sigma(z)) * np.tanh(c), x, {"h": h, "n": c}
    yield "GRU by h", lambda h: sigma(x) * h + (1 - sigma(x)) * np.tanh(c + (x * h) @ U), h, {
        "z": x, "xw": c, "U": U}
    yield "residual layer", lambda X: X + np.maximum(X @ W, 0), x, {"W": W}
    yield "two layers", lambda X: np.maximum(X @ W, 0) @ V, x, {"W": W, "V": V}
    yield "attention by Q", lambda Q: softmax(Q @ U.T / 2) @ V, x, {"K": U, "V": V}
    yield "attention by V", lambda V: softmax(x @ U.T / 2) @ V, V, {"Q": x, "K": U}
    yield "expm, 24 terms", lambda X: sum(np.linalg.matrix_power(X, k) / math.factorial(k)
                                          for k in range(25)), U / 4, {}


GROUPS = (forms, inverses, norms, losses, units, products, windows, places, recurrent)
CASES = [Case(group.__name__, *row) for seed, group in enumerate(GROUPS)
         for row in group(np.random.default_rng(seed))]
