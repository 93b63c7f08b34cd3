"""Every layer of the course as a good student writes it in plain NumPy: the baseline of `oracles`.

Each function gives Y and `back`, which takes G = dL/dY to the gradients in the order of the inputs.
All are the stable forms, with what both passes need computed once; nothing is checked or converted.
"""

import math

import numpy as np


def relu(X, at_zero):
    return np.maximum(X, 0), lambda G: [G * (X > 0)]


def sigma(X):
    e = np.exp(-np.abs(X))
    return np.where(X >= 0, 1, e) / (1 + e)


def sigmoid(X):
    Y = sigma(X)
    return Y, lambda G: [G * Y * (1 - Y)]


def tanh(X):
    return np.tanh(X), lambda G: [G / np.cosh(X)**2]  # 1 - Y**2 is 0 from X = 19 on


def leaky_relu(X, alpha):
    return np.where(X > 0, X, alpha * X), lambda G: [G * np.where(X > 0, 1, alpha)]


def prelu(X, alpha):
    return (np.where(X > 0, X, alpha * X),
            lambda G: [G * np.where(X > 0, 1, alpha), (G * np.minimum(X, 0)).sum()])


def elu(X, alpha):
    below = np.minimum(X, 0)
    return (np.where(X > 0, X, alpha * np.expm1(below)),
            lambda G: [G * np.where(X > 0, 1, alpha * np.exp(below))])


def softplus(X):
    return np.logaddexp(0, X), lambda G: [G * sigma(X)]


def gelu(X):
    Phi = (1 + np.vectorize(math.erf)(X / np.sqrt(2))) / 2
    return X * Phi, lambda G: [G * (Phi + X * np.exp(-X**2 / 2) / np.sqrt(2 * np.pi))]


def silu(X):
    s = sigma(X)
    return X * s, lambda G: [G * (s + X * s * (1 - s))]


def affine(X, W, b):
    return X @ W + b, lambda G: [G @ W.T, X.T @ G, G.sum(0)]


def affine_vector(W, x, b):
    return W @ x + b, lambda G: [np.outer(G, x), W.T @ G, G.copy()]


def maxout(X, W, b):
    Z = X @ W + b[:, None, :]
    won = Z.argmax(0) == np.arange(len(Z))[:, None, None]

    def back(G):
        D = G * won
        return [(D @ W.transpose(0, 2, 1)).sum(0), X.T @ D, D.sum(1)]

    return Z.max(0), back


def matmul(A, B):
    return A @ B, lambda G: [G @ B.T, A.T @ G]


def hadamard(A, B):
    return A * B, lambda G: [G * B, G * A]


def transpose(X):
    return X.T.copy(), lambda G: [G.T.copy()]  # copies, as ours are


def total(X, axis):
    return X.sum(axis), lambda G: [np.repeat(np.expand_dims(G, axis), X.shape[axis], axis)]


def mean(X, axis):
    count = X.shape[axis]
    return X.mean(axis), lambda G: [np.repeat(np.expand_dims(G / count, axis), count, axis)]


def broadcast(b, n):
    return np.tile(b, (n, 1)), lambda G: [G.sum(0)]


def batchnorm(X, gamma, beta, eps, ddof):
    Xc = X - X.mean(0)
    s = np.sqrt((Xc**2).sum(0) / (len(X) - ddof) + eps)
    Xhat = Xc / s

    def back(G):
        dgamma, dbeta = (G * Xhat).sum(0), G.sum(0)
        dX = gamma / s * (G - dbeta / len(X) - Xhat * dgamma / (len(X) - ddof))
        return [dX, dgamma, dbeta]

    return gamma * Xhat + beta, back


def batchnorm_eval(X, gamma, beta, eps, mean, var):
    s = np.sqrt(var + eps)
    Xhat = (X - mean) / s
    return gamma * Xhat + beta, lambda G: [gamma / s * G, (G * Xhat).sum(0), G.sum(0)]


def layernorm(X, gamma, beta, eps):
    Xc = X - X.mean(1, keepdims=True)
    s = np.sqrt((Xc**2).mean(1, keepdims=True) + eps)
    Xhat = Xc / s

    def back(G):
        D = gamma * G
        dX = (D - D.mean(1, keepdims=True) - Xhat * (D * Xhat).mean(1, keepdims=True)) / s
        return [dX, (G * Xhat).sum(0), G.sum(0)]

    return gamma * Xhat + beta, back


def probabilities(Z):
    E = np.exp(Z - Z.max(-1, keepdims=True))
    return E / E.sum(-1, keepdims=True)


def softmax(Z):
    Y = probabilities(Z)
    return Y, lambda G: [Y * (G - (G * Y).sum(-1, keepdims=True))]


def log_softmax(Z):
    S = Z - Z.max(-1, keepdims=True)
    E = np.exp(S)
    T = E.sum(-1, keepdims=True)
    return S - np.log(T), lambda G: [G - E / T * G.sum(-1, keepdims=True)]


def squared_error(Y, target):
    D = Y - target
    return (D**2).sum(), lambda G: [2 * G * D]


def sigmoid_cross_entropy(Z, labels):
    return ((np.logaddexp(0, Z) - labels * Z).mean(),
            lambda G: [G * (sigma(Z) - labels) / Z.size])


def softmax_cross_entropy(Z, labels):
    S = Z - Z.max(-1, keepdims=True)
    E = np.exp(S)
    T = E.sum(-1, keepdims=True)
    place = np.arange(len(Z)), labels

    def back(G):
        D = E / T
        D[place] -= 1
        return [G * D / len(Z)]

    return (np.log(T[:, 0]) - S[place]).mean(), back


def conv1d(X, w):
    o = X.shape[1] - len(w) + 1

    def back(G):
        dX = np.zeros_like(X)
        for i in range(len(w)):
            dX[:, i:i + o] += w[i] * G
        return [dX, np.array([(G * X[:, i:i + o]).sum() for i in range(len(w))])]

    return sum(w[i] * X[:, i:i + o] for i in range(len(w))), back


def maxpool1d(X, size):
    o = X.shape[1] // size
    windows = X[:, :o * size].reshape(len(X), o, size)

    def back(G):
        dX = np.zeros_like(X)
        np.put_along_axis(dX, windows.argmax(-1) + size * np.arange(o), G, 1)
        return [dX]

    return windows.max(-1), back


def attention(Q, K, V):
    root = np.sqrt(Q.shape[1])
    A = probabilities(Q @ K.T / root)

    def back(G):
        D = G @ V.T
        S = A * (D - (A * D).sum(1, keepdims=True)) / root
        return [S @ K, S.T @ Q, A.T @ G]

    return A @ V, back


STUDENTS = {"sum": total, **{f.__name__: f for f in (
    relu, sigmoid, tanh, leaky_relu, prelu, elu, softplus, gelu, silu, affine, affine_vector,
    maxout, matmul, hadamard, transpose, mean, broadcast, batchnorm, batchnorm_eval, layernorm,
    softmax, log_softmax, squared_error, sigmoid_cross_entropy, softmax_cross_entropy, conv1d,
    maxpool1d, attention)}}
