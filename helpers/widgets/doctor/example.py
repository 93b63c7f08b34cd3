"""Code to try the doctor on: a dense layer whose gradient by W has a mistake that many make."""

import numpy as np


def dense(X, W, b):
    """Y (n, k) = ReLU(X (n, m) W (m, k) + b (k,))."""
    return np.maximum(X @ W + b, 0)


def dense_backward(G, X, W, b):
    """dX (n, m), dW (m, k), db (k,) of G (n, k); dW is a mean over the batch, not a sum."""
    D = G * (X @ W + b > 0)
    return D @ W.T, X.T @ D / len(X), D.sum(axis=0)


X = np.array([[0.5, -1.2, 0.8, 0.3], [1.1, 0.4, -0.6, 0.9], [-0.7, 1.5, 0.2, -0.4]])
W = np.array([[0.6, -0.3], [-0.8, 1.1], [0.4, 0.9], [1.2, -0.5]])
b = np.array([0.1, -0.2])
EXAMPLE = dense, dense_backward, X, W, b
