"""Every layer of the course as PyTorch and JAX write it: the oracles of `oracles.py`."""

import jax
import jax.numpy as jnp
import torch
import torch.nn.functional as F

TORCH = {
    "relu": lambda X, at_zero: torch.relu(X),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "leaky_relu": lambda X, alpha: F.leaky_relu(X, alpha),
    "prelu": F.prelu,
    "elu": lambda X, alpha: F.elu(X, alpha),
    "softplus": F.softplus,
    "gelu": F.gelu,
    "silu": F.silu,
    "affine": lambda X, W, b: torch.addmm(b, X, W),
    "affine_vector": lambda W, x, b: torch.addmv(b, W, x),
    "maxout": lambda X, W, b: (X @ W + b[:, None, :]).max(0).values,
    "matmul": torch.matmul,
    "hadamard": torch.mul,
    "transpose": lambda X: X.T.clone(),  # a copy, as ours is
    "sum": lambda X, axis: X.sum(axis),
    "mean": lambda X, axis: X.mean(axis),
    "broadcast": lambda b, n: b.expand(n, -1).clone(),
    "batchnorm": lambda X, gamma, beta, eps, ddof: torch_batchnorm(X, gamma, beta, eps, ddof),
    "batchnorm_eval": lambda X, gamma, beta, eps, mean, var:
        F.batch_norm(X, mean, var, gamma, beta, eps=eps),
    "layernorm": lambda X, gamma, beta, eps: F.layer_norm(X, X.shape[1:], gamma, beta, eps),
    "softmax": lambda Z: torch.softmax(Z, -1),
    "log_softmax": lambda Z: torch.log_softmax(Z, -1),
    "squared_error": lambda Y, target: F.mse_loss(Y, target, reduction="sum"),
    "sigmoid_cross_entropy": lambda Z, labels: F.binary_cross_entropy_with_logits(Z, labels),
    "softmax_cross_entropy": lambda Z, labels: F.cross_entropy(Z, labels),
    "conv1d": lambda X, w: F.conv1d(X[:, None], w[None, None])[:, 0],
    "maxpool1d": lambda X, size: F.max_pool1d(X[:, None], size)[:, 0],
    "residual_add": torch.add,
    "dropout": lambda X, p, mask: mask * X / (1 - p),
    "glu": lambda A, B: F.glu(torch.cat([A, B], -1)),
    "swiglu": lambda A, B: A * F.silu(B),
    "outer": torch.outer,
    "kron": torch.kron,
    "quadratic_form": lambda x, A: F.bilinear(x[None], x[None], A[None])[0, 0],
    "log_det": lambda A: torch.linalg.slogdet(A).logabsdet,
    "inverse": torch.linalg.inv,
    "embedding": lambda E, index: F.embedding(index.long(), E),
    "groupnorm": lambda X, gamma, beta, eps: F.group_norm(
        X.flatten(1, 2), X.shape[1], gamma.flatten(), beta.flatten(), eps).reshape(X.shape),
    "rmsnorm": lambda X, gamma, eps: F.rms_norm(X, X.shape[1:], gamma, eps),
    "l2_normalize": lambda X, eps: F.normalize(X, dim=-1, eps=eps),
    # Not F.cosine_similarity: below eps its gradient is not that of its value.
    "cosine_similarity": lambda A, B, eps:
        (F.normalize(A, dim=-1, eps=eps) * F.normalize(B, dim=-1, eps=eps)).sum(-1),
    "log_sum_exp": lambda Z: torch.logsumexp(Z, -1),
    "huber": lambda Y, target, delta: F.huber_loss(Y, target, delta=delta),
    "hinge": lambda Z, labels: F.relu(1 - labels * Z).mean(),
    "conv2d": lambda X, W, b, stride, padding: F.conv2d(X, W, b, stride, padding),
    "maxpool2d": lambda X, size: F.max_pool2d(X[:, None], size)[:, 0],
    "avgpool2d": lambda X, size: F.avg_pool2d(X[:, None], size)[:, 0],
    "rnn_step": lambda X, H, W, U, b: torch.rnn_tanh_cell(X, H, W.T, U.T, b, 0 * b),
    "lstm_c": lambda X, H, C, W, U, b: torch_cell(X, H, C, W, U, b)[1],
    "lstm_h": lambda X, H, C, W, U, b: torch_cell(X, H, C, W, U, b)[0],
    "attention": lambda Q, K, V: F.scaled_dot_product_attention(Q[None], K[None], V[None])[0],
}


def torch_batchnorm(X, gamma, beta, eps, ddof):
    """The library's layer; with Bessel's correction, which it lacks, the formula."""
    if not ddof:
        return F.batch_norm(X, None, None, gamma, beta, training=True, eps=eps)
    return gamma * (X - X.mean(0)) / torch.sqrt(X.var(0, correction=ddof) + eps) + beta


def torch_cell(X, H, C, W, U, b):
    """(H′, C′) of the library's cell, whose weights have all gates in their rows."""
    rows = (weights.transpose(1, 2).flatten(0, 1) for weights in (W, U))
    return torch.lstm_cell(X, (H, C), *rows, b.flatten(), 0 * b.flatten())


def jax_cell(X, H, C, W, U, b):
    i, f, g, o = X @ W + H @ U + b[:, None, :]
    cell = jax.nn.sigmoid(f) * C + jax.nn.sigmoid(i) * jnp.tanh(g)
    return jax.nn.sigmoid(o) * jnp.tanh(cell), cell


def jax_group_norm(X, gamma, beta, eps):
    mean, var = (f((2, 3), keepdims=True) for f in (X.mean, X.var))
    return jax_norm(X, mean, var, gamma[:, :, None], beta[:, :, None], eps)


def jax_length(X):
    return jnp.linalg.norm(X, axis=-1, keepdims=True)


def jax_cosine(A, B, eps):
    unit = (X / jnp.maximum(jax_length(X), eps) for X in (A, B))
    return jnp.multiply(*unit).sum(-1)


def jax_huber(Y, target, delta):
    R = jnp.abs(Y - target)
    return jnp.where(R <= delta, R**2 / 2, delta * (R - delta / 2)).mean()


def jax_windows(X, size, start, reduce):
    steps = (1, size, size)
    return jax.lax.reduce_window(X, start, reduce, steps, steps, "VALID")


def jax_norm(X, mean, var, gamma, beta, eps):
    return gamma * (X - mean) / jnp.sqrt(var + eps) + beta


def jax_cross_entropy(Z, labels):
    return -jnp.take_along_axis(jax.nn.log_softmax(Z), labels[:, None], 1).mean()


def jax_sigmoid_cross_entropy(Z, labels):
    return -(labels * jax.nn.log_sigmoid(Z) + (1 - labels) * jax.nn.log_sigmoid(-Z)).mean()


def jax_pool(X, size):
    o = X.shape[1] // size
    return X[:, :o * size].reshape(X.shape[0], o, size).max(-1)


JAX = {
    "relu": lambda X, at_zero: jax.nn.relu(X),
    "sigmoid": jax.nn.sigmoid,
    "tanh": jnp.tanh,
    "leaky_relu": lambda X, alpha: jax.nn.leaky_relu(X, alpha),
    "prelu": lambda X, alpha: jnp.where(X > 0, X, alpha * X),
    "elu": lambda X, alpha: jax.nn.elu(X, alpha),
    "softplus": jax.nn.softplus,
    "gelu": lambda X: jax.nn.gelu(X, approximate=False),
    "silu": jax.nn.silu,
    "affine": lambda X, W, b: X @ W + b,
    "affine_vector": lambda W, x, b: W @ x + b,
    "maxout": lambda X, W, b: (X @ W + b[:, None, :]).max(0),
    "matmul": jnp.matmul,
    "hadamard": jnp.multiply,
    "transpose": lambda X: X.T,
    "sum": lambda X, axis: X.sum(axis),
    "mean": lambda X, axis: X.mean(axis),
    "broadcast": lambda b, n: jnp.broadcast_to(b, (n, b.shape[0])),
    "batchnorm": lambda X, gamma, beta, eps, ddof:
        jax_norm(X, X.mean(0), X.var(0, ddof=ddof), gamma, beta, eps),
    "batchnorm_eval": lambda X, gamma, beta, eps, mean, var:
        jax_norm(X, mean, var, gamma, beta, eps),
    "layernorm": lambda X, gamma, beta, eps:
        jax_norm(X, X.mean(1, keepdims=True), X.var(1, keepdims=True), gamma, beta, eps),
    "softmax": jax.nn.softmax,
    "log_softmax": jax.nn.log_softmax,
    "squared_error": lambda Y, target: ((Y - target) ** 2).sum(),
    "sigmoid_cross_entropy": jax_sigmoid_cross_entropy,
    "softmax_cross_entropy": jax_cross_entropy,
    "conv1d": lambda X, w: jax.vmap(lambda x: jnp.correlate(x, w, "valid"))(X),
    "maxpool1d": jax_pool,
    "residual_add": jnp.add,
    "dropout": lambda X, p, mask: jnp.where(mask > 0, X / (1 - p), 0),
    "glu": lambda A, B: jax.nn.glu(jnp.concatenate([A, B], -1)),
    "swiglu": lambda A, B: A * jax.nn.silu(B),
    "outer": jnp.outer,
    "kron": jnp.kron,
    "quadratic_form": lambda x, A: x @ A @ x,
    "log_det": lambda A: jnp.linalg.slogdet(A)[1],
    "inverse": jnp.linalg.inv,
    "embedding": lambda E, index: E[index.astype(int)],
    "groupnorm": jax_group_norm,
    "rmsnorm": lambda X, gamma, eps:
        gamma * X / jnp.sqrt((X**2).mean(1, keepdims=True) + eps),
    "l2_normalize": lambda X, eps: X / jnp.maximum(jax_length(X), eps),
    "cosine_similarity": jax_cosine,
    "log_sum_exp": lambda Z: jax.nn.logsumexp(Z, -1),
    "huber": jax_huber,
    "hinge": lambda Z, labels: jax.nn.relu(1 - labels * Z).mean(),
    "conv2d": lambda X, W, b, stride, padding:
        jax.lax.conv(X, W, (stride,) * 2, [(padding,) * 2] * 2) + b[:, None, None],
    "maxpool2d": lambda X, size: jax_windows(X, size, -jnp.inf, jax.lax.max),
    "avgpool2d": lambda X, size: jax_windows(X, size, 0.0, jax.lax.add) / size**2,
    "rnn_step": lambda X, H, W, U, b: jnp.tanh(X @ W + H @ U + b),
    "lstm_c": lambda X, H, C, W, U, b: jax_cell(X, H, C, W, U, b)[1],
    "lstm_h": lambda X, H, C, W, U, b: jax_cell(X, H, C, W, U, b)[0],
    "attention": lambda Q, K, V: jax.nn.softmax(Q @ K.T / jnp.sqrt(Q.shape[1])) @ V,
}
