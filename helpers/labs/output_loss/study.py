"""An output unit and its loss: which gradient reaches the score z, and how fast descent gets home.

For one example with label y: cross-entropy on a sigmoid, dL/dz = σ(z) − y; squared error on a
sigmoid, dL/dz = c(σ(z) − y)σ(z)(1−σ(z)); squared error on a clipped line, c(p − y) for 0 < z < 1
and 0 elsewhere. c = 2 for (p − y)², 1 for ½(p − y)². Formulas: lecture slides [K].
"""

from functools import cache

import numpy as np

from ...calculus.stable import sigmoid

UNITS = ("sigmoid, cross-entropy", "sigmoid, squared error", "clipped line, squared error")
SOFT = ("softmax, cross-entropy", "softmax, squared error")
FACTORS = {"(p − y)²": 1.0, "½(p − y)²": 0.5}
MOST = 100                       # steps of a race
FAR = 8.0                        # scores go from −FAR to FAR
SCORES = np.linspace(-FAR, FAR, 641)


def probabilities(z):
    """What each unit of `UNITS` says: z (3, …) -> p (3, …)."""
    return np.concatenate([sigmoid(z[:2]), np.clip(z[2:], 0, 1)])


def losses(z, y, factor):
    """The loss of each unit: z (3, …) -> (3, …)."""
    squares = factor * (probabilities(z)[1:] - y) ** 2
    entropy = np.logaddexp(0, (1 - 2 * y) * z[:1])
    return np.concatenate([entropy, squares])


def gradients(z, y, factor):
    """dL/dz of each unit: z (3, …) -> (3, …)."""
    p = probabilities(z)
    slopes = np.stack([np.ones_like(z[0]), 2 * factor * p[1] * (1 - p[1]),
                       2 * factor * ((z[2] > 0) & (z[2] < 1))])
    return (p - y) * slopes


def soft_gradients(Z, label, factor):
    """dL/dz of cross-entropy and of squared error on softmax scores: Z (2, k) -> (2, k)."""
    P = softmax(Z)
    missing = np.array(P)
    missing[:, label] -= 1
    squared = 2 * factor * (missing[1] - missing[1] @ P[1]) * P[1]
    return np.stack([missing[0], squared])


def soft_losses(Z, label, factor):
    """Cross-entropy and squared error of softmax scores: Z (2, k) -> (2,)."""
    P = softmax(Z)
    entropy = np.logaddexp.reduce(Z[0]) - Z[0, label]
    return np.array([entropy, factor * ((P[1] - np.eye(len(P[1]))[label]) ** 2).sum()])


def softmax(Z):
    """Softmax along the last axis."""
    E = np.exp(Z - Z.max(-1, keepdims=True))
    return E / E.sum(-1, keepdims=True)


def race(gradient, z, eta, steps):
    """Scores after 0 … steps steps z − η·gradient(z): (steps + 1, *z.shape)."""
    track = [np.array(z, dtype=np.float64)]
    for _ in range(steps):
        track.append(track[-1] - eta * gradient(track[-1]))
    return np.array(track)


@cache
def curves(y, factor):
    """Losses and gradients (3, 641) of the three units over `SCORES`; nan where a slope jumps."""
    Z = np.tile(SCORES, (3, 1))
    slopes = gradients(Z, y, factor)
    slopes[2, np.isin(SCORES, (0, 1))] = np.nan
    return losses(Z, y, factor), slopes


def study(present):
    """All numbers of the lab, for two classes or for k."""
    factor = FACTORS[present["squared"]]
    view = {**present, "factor": factor}
    if present["classes"] != "two":
        return {**view, **_many(present, factor)}
    y, z = float(present["y"]), np.full(3, present["z"])
    track = race(lambda z: gradients(z, y, factor), z, present["eta"], present["steps"])
    p = probabilities(track.T)
    return {**view, "p": p[:, 0], "loss": losses(z, y, factor), "gradient": gradients(z, y, factor),
            "track": p if y else 1 - p}


def _many(present, factor):
    k = present["k"]
    label = min(present["label"], k) - 1
    z = np.array([present[f"z{i + 1}"] for i in range(k)])
    Z = np.stack([z, z])
    track = race(lambda Z: soft_gradients(Z, label, factor), Z, present["eta"], present["steps"])
    return {"scores": z, "target": label, "p": softmax(z), "loss": soft_losses(Z, label, factor),
            "gradient": soft_gradients(Z, label, factor), "track": softmax(track)[..., label].T}
