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
    "attention": lambda Q, K, V: F.scaled_dot_product_attention(Q[None], K[None], V[None])[0],
}


def torch_batchnorm(X, gamma, beta, eps, ddof):
    """The library's layer; with Bessel's correction, which it lacks, the formula."""
    if not ddof:
        return F.batch_norm(X, None, None, gamma, beta, training=True, eps=eps)
    return gamma * (X - X.mean(0)) / torch.sqrt(X.var(0, correction=ddof) + eps) + beta


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
    "attention": lambda Q, K, V: jax.nn.softmax(Q @ K.T / jnp.sqrt(Q.shape[1])) @ V,
}
