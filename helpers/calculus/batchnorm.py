"""Batch normalization as a graph of small steps, forward and backward, and one feature's Jacobian.

A step is a row of the table below: its formula, and beside it what it sends back to each of its
inputs. `dC` is short for dL/dC. Source of the layer: S. Ioffe and C. Szegedy, Batch Normalization.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .errors import NumberError, ShapeError
from .jacobian import as_numbers, checked_number
from .run import apply, argument_names


class Rule(NamedTuple):
    """What a step sends back to one of its inputs."""

    to: str
    local: str  # LaTeX of the local derivative
    latex: str  # LaTeX of what is sent
    send: Callable


class Step(NamedTuple):
    """One small step: `forward` makes `result`, with axes `letters`, from arrays by name."""

    name: str
    result: str
    letters: str
    latex: str
    forward: Callable
    rules: tuple = ()


class Forward(NamedTuple):
    """A step that was taken, with its value."""

    name: str
    result: str
    letters: str
    latex: str
    needs: tuple
    value: np.ndarray


class Sent(NamedTuple):
    """A gradient on its way to `to`; `total` is all that has arrived there, this one included."""

    to: str
    local: str
    latex: str
    value: np.ndarray
    total: np.ndarray


class Backward(NamedTuple):
    """A step taken backward: the upstream gradient dL/d(result), and what goes to each input."""

    name: str
    result: str
    upstream: np.ndarray
    sent: tuple


class Parts(NamedTuple):
    """The three N×N matrices whose sum is the Jacobian of one feature."""

    identity: np.ndarray
    mean: np.ndarray
    xhat: np.ndarray


# `@` stands for what the sum of squares is divided by: N, or N − 1 after Bessel.
TRAINING = (
    Step("mean", "mu", "h", r"\mu_h = \frac{1}{N}\sum_n X_{nh}", lambda X: X.mean(0), (
        Rule("X", r"\frac{\partial \mu_h}{\partial X_{nh}} = \frac{1}{N}",
             r"dX_{nh} \leftarrow \frac{1}{N}\,d\mu_h", lambda dmu, X: spread(dmu / len(X), X)),)),
    Step("centre", "C", "n h", r"C_{nh} = X_{nh} - \mu_h", lambda X, mu: X - mu, (
        Rule("X", r"\frac{\partial C_{nh}}{\partial X_{nh}} = 1",
             r"dX_{nh} \leftarrow dC_{nh}", lambda dC: dC),
        Rule("mu", r"\frac{\partial C_{nh}}{\partial \mu_h} = -1",
             r"d\mu_h \leftarrow -\sum_n dC_{nh}", lambda dC: -dC.sum(0)))),
    Step("square", "Q", "n h", r"Q_{nh} = C_{nh}^2", lambda C: C**2, (
        Rule("C", r"\frac{\partial Q_{nh}}{\partial C_{nh}} = 2\,C_{nh}",
             r"dC_{nh} \leftarrow 2\,C_{nh}\,dQ_{nh}", lambda dQ, C: 2 * C * dQ),)),
    Step("variance", "v", "h", r"v_h = \frac{1}{@}\sum_n Q_{nh}",
         lambda Q, degrees: Q.sum(0) / degrees, (
             Rule("Q", r"\frac{\partial v_h}{\partial Q_{nh}} = \frac{1}{@}",
                  r"dQ_{nh} \leftarrow \frac{1}{@}\,dv_h",
                  lambda dv, Q, degrees: spread(dv / degrees, Q)),)),
    Step("root", "s", "h", r"s_h = \sqrt{v_h + \varepsilon}", lambda v, eps: np.sqrt(v + eps), (
        Rule("v", r"\frac{\partial s_h}{\partial v_h} = \frac{1}{2\,s_h}",
             r"dv_h \leftarrow \frac{ds_h}{2\,s_h}", lambda ds, s: ds / (2 * s)),)),
    Step("reciprocal", "r", "h", r"r_h = \frac{1}{s_h}", lambda s: 1 / s, (
        Rule("s", r"\frac{\partial r_h}{\partial s_h} = -r_h^2",
             r"ds_h \leftarrow -r_h^2\,dr_h", lambda dr, r: -(r**2) * dr),)),
    Step("product", "Xhat", "n h", r"\hat{X}_{nh} = C_{nh}\,r_h", lambda C, r: C * r, (
        Rule("C", r"\frac{\partial \hat{X}_{nh}}{\partial C_{nh}} = r_h",
             r"dC_{nh} \leftarrow d\hat{X}_{nh}\,r_h", lambda dXhat, r: dXhat * r),
        Rule("r", r"\frac{\partial \hat{X}_{nh}}{\partial r_h} = C_{nh}",
             r"dr_h \leftarrow \sum_n d\hat{X}_{nh}\,C_{nh}",
             lambda dXhat, C: (dXhat * C).sum(0)))),
    Step("scale", "Z", "n h", r"Z_{nh} = \gamma_h\,\hat{X}_{nh}",
         lambda Xhat, gamma: Xhat * gamma, (
             Rule("Xhat", r"\frac{\partial Z_{nh}}{\partial \hat{X}_{nh}} = \gamma_h",
                  r"d\hat{X}_{nh} \leftarrow \gamma_h\,dZ_{nh}", lambda dZ, gamma: dZ * gamma),
             Rule("gamma", r"\frac{\partial Z_{nh}}{\partial \gamma_h} = \hat{X}_{nh}",
                  r"d\gamma_h \leftarrow \sum_n dZ_{nh}\,\hat{X}_{nh}",
                  lambda dZ, Xhat: (dZ * Xhat).sum(0)))),
    Step("shift", "Y", "n h", r"Y_{nh} = Z_{nh} + \beta_h", lambda Z, beta: Z + beta, (
        Rule("Z", r"\frac{\partial Y_{nh}}{\partial Z_{nh}} = 1",
             r"dZ_{nh} \leftarrow dY_{nh}", lambda dY: dY),
        Rule("beta", r"\frac{\partial Y_{nh}}{\partial \beta_h} = 1",
             r"d\beta_h \leftarrow \sum_n dY_{nh}", lambda dY: dY.sum(0)))),
)
# What the centring sends to μ when the path from the variance is left out.
DROPPED = r"d\mu_h \leftarrow -\sum_n d\hat{X}_{nh}\,r_h"
LETTERS = {"X": "n h", "gamma": "h", "beta": "h"} | {step.result: step.letters for step in TRAINING}
OF_X = ("X", "C", "Q", "Xhat", "Z", "Y")  # what gradients reach when the statistics are fixed


def fixed(step):
    """A step when mean and variance come from elsewhere: nothing is sent to them."""
    aims = (*OF_X, "gamma", "beta") if step.result in OF_X else ()
    return step._replace(rules=tuple(rule for rule in step.rules if rule.to in aims))


EVALUATION = tuple(fixed(s) for s in TRAINING if s.name not in ("mean", "square", "variance"))


def spread(row, like):
    """One row (H,) repeated for every example: (N, H)."""
    return np.broadcast_to(row, like.shape)


def training(X, gamma, beta, eps=1e-5, ddof=0):
    """Every value of the graph by name, statistics from the batch itself: X (N, H), gamma (H,) ….

    The variance divides by N − ddof. Raises ShapeError, NumberError.
    """
    values = checked(X, {"gamma": gamma, "beta": beta}, eps)
    ddof = int(checked_number(ddof, "batch norm: ddof", "0 (divide by N) or 1 (by N − 1)",
                              lambda x: x in (0, 1)))
    if len(values["X"]) <= ddof:
        raise ShapeError("batch norm: Bessel's variance divides by N − 1, which is 0 for a batch "
                         "of one example. Take two examples or more, or the biased variance.")
    return filled(TRAINING, values | {"degrees": np.float64(len(values["X"]) - ddof)})


def evaluation(X, gamma, beta, mean, var, eps=1e-5):
    """Every value of the graph by name, for statistics mean (H,) and var (H,) that stay fixed.

    Raises ShapeError, NumberError.
    """
    values = checked(X, {"gamma": gamma, "beta": beta, "mean": mean, "var": var}, eps)
    if (values["var"] < 0).any():
        raise NumberError(f"batch norm: a variance is not negative, but var holds "
                          f"{values['var'].min():g}.")
    mu, v = values.pop("mean"), values.pop("var")
    return filled(EVALUATION, values | {"mu": mu, "v": v})


def checked(X, rows, eps):
    """The inputs by name in float64. Raises ShapeError, NumberError."""
    X = as_numbers(X, "batch norm: X")
    if X.ndim != 2 or not len(X):
        raise ShapeError(f"batch norm: X needs 2 axes (n, h) and at least one example, "
                         f"but has shape {X.shape}.")
    rows = {name: as_numbers(row, f"batch norm: {name}") for name, row in rows.items()}
    for name, row in rows.items():
        if row.shape != X.shape[1:]:
            raise ShapeError(f"batch norm: axis h is {X.shape[1]} in X, but {name} has shape "
                             f"{row.shape}. Give {name} one number for each feature.")
    eps = checked_number(eps, "batch norm: ε", "one finite number, 0 or more",
                         lambda x: 0 <= x < np.inf)
    return {"X": X, **rows, "eps": np.float64(eps)}


def filled(steps, values):
    """The values with the result of every step. Raises NumberError where it divides by 0."""
    for step in steps:
        if step.result == "r" and not values["s"].all():
            feature = int(np.flatnonzero(values["s"] == 0)[0])
            raise NumberError(f"batch norm: feature {feature} has variance 0 and ε is 0, so 1/s is "
                              "1/0. Take a larger ε, or examples that differ.")
        values[step.result] = apply(step.forward, values)
    return values


def steps_of(values):
    """The table that made these values."""
    return TRAINING if "Q" in values else EVALUATION


def over(latex, values):
    """LaTeX with the divisor of the variance written out."""
    bessel = "degrees" in values and values["degrees"] < len(values["X"])
    return latex.replace("@", "N-1" if bessel else "N")


def forward_steps(values):
    """The steps from X to Y as `Forward`s, in order."""
    return [Forward(step.name, step.result, step.letters, over(step.latex, values),
                    argument_names(step.forward), values[step.result]) for step in steps_of(values)]


def backward_steps(values, G, drop_path=False):
    """The steps from G = dL/dY (N, H) back to X as `Backward`s, in order.

    drop_path: leave out what reaches the mean by way of the variance. Raises ShapeError.
    """
    G = as_numbers(G, "batch norm: G")
    if G.shape != values["X"].shape:
        raise ShapeError(f"batch norm: G has shape {G.shape}, but Y has {values['X'].shape}. "
                         "Give G the shape of Y.")
    totals, by_product, taken = {"Y": G}, None, []
    for step in reversed(steps_of(values)):
        if not step.rules:
            continue
        upstream = totals[step.result]
        sent = []
        for rule in step.rules:
            dropped = drop_path and rule.to == "mu"
            given = values | {f"d{step.result}": by_product if dropped else upstream}
            value = apply(rule.send, given)
            if step.name == "product" and rule.to == "C":
                by_product = value
            totals[rule.to] = totals[rule.to] + value if rule.to in totals else value
            texts = over(rule.local, values), DROPPED if dropped else over(rule.latex, values)
            sent.append(Sent(rule.to, *texts, value, totals[rule.to]))
        taken.append(Backward(step.name, step.result, upstream, tuple(sent)))
    return taken


def gradients(backward):
    """The gradient of every array by name, after all backward steps."""
    last = {sent.to: sent.total for step in backward for sent in step.sent}
    return {"Y": backward[0].upstream, **last}


def path_through_variance(values, backward):
    """What reaches dμ (H,) by way of the variance: −Σ 2C⊙dQ. It is 0, because ΣC is."""
    return -(2 * values["C"] * gradients(backward)["Q"]).sum(0)


def collapsed(values, G):
    """All steps in one formula: the gradients of X (N, H), gamma (H,) and beta (H,) by name."""
    r, gamma, Xhat = values["r"], values["gamma"], values["Xhat"]
    dX = G
    if "Q" in values:
        dX = G - G.mean(0) - Xhat * (G * Xhat).sum(0) / values["degrees"]
    return {"X": gamma * r * dX, "gamma": (G * Xhat).sum(0), "beta": G.sum(0)}


def jacobian_parts(values, feature):
    """`Parts` of one feature: (γ/s)·I, −(γ/s)·11ᵀ/N and −(γ/s)·x̂x̂ᵀ/(N − ddof), each (N, N)."""
    N, x = len(values["X"]), values["Xhat"][:, feature]
    slope = values["gamma"][feature] * values["r"][feature]
    if "Q" not in values:
        return Parts(slope * np.eye(N), np.zeros((N, N)), np.zeros((N, N)))
    return Parts(slope * np.eye(N), -slope * np.ones((N, N)) / N,
                 -slope * np.outer(x, x) / values["degrees"])


def kept_share(values):
    """ε/(v + ε) (H,): how much of a gradient along x̂ gets through to X."""
    return values["eps"] / (values["v"] + values["eps"])
