"""Batch, layer, group and RMS normalization: a diagonal plus rank 2 or 1, not a dense block.

With X̂ = (X − mean)/√(variance + ε) the Jacobian of one feature (batch) or one example (layer) is
(γ/s)(I − 11ᵀ/N − x̂x̂ᵀ/(N − ddof)). Group norm is layer norm on each group of channels: the groups
have an axis of their own, X.reshape(N, G, C/G, …). RMS norm takes no mean off, so 11ᵀ is gone.
Sources: lecture slides [K]; S. Ioffe, C. Szegedy, Batch Normalization; J. Ba and others, Layer
Normalization; Y. Wu, K. He, Group Normalization; B. Zhang, R. Sennrich, Root Mean Square Layer
Normalization.
"""

import numpy as np

from .. import stable
from ..operation import Constant, Derivative, Operation


def blocks(norm, axis):
    """(I − 11ᵀ/N − x̂x̂ᵀ/(N − ddof))/s for every line along `axis`; axes: the other one, i, j.

    As in `normalized_vjp`, two numbers are a case of their own.
    """
    hat, scale, left = (part if axis else part.T for part in (norm.hat, norm.scale, norm.left))
    centring = np.eye(hat.shape[1]) - 1 / norm.count
    if norm.count == 2:
        return (left * scale)[:, :, None] * centring
    return scale[:, :, None] * (centring - hat[:, :, None] * hat[:, None, :] / norm.degrees)


def over_degrees(text):
    """A LaTeX text whose @ is what the variance is divided by: N, or N − 1 after Bessel."""
    return lambda ddof: text.replace("@", f"N-{ddof}" if ddof else "N")


def gamma_and_beta():
    """The derivatives by scale and shift: an affine map of X̂, the same for every kind of norm."""
    return {
        "gamma": Derivative(
            vjp=lambda over_batch: over_batch[1],
            jvp=lambda dgamma, Xhat: dgamma * Xhat,
            full="n h -> n h h", core=lambda Xhat: Xhat,
            entry=r"\frac{\partial Y_{nh}}{\partial\gamma_{h'}} = \delta_{hh'}\,\hat{X}_{nh}",
            latex=r"\frac{dL}{d\gamma_h} = \sum_n G_{nh}\,\hat{X}_{nh}", numpy="(G * Xhat).sum(0)",
            jvp_latex=r"dY = d\gamma \odot \hat{X}", jvp_numpy="dgamma * Xhat",
            why="γ scales one feature: dγ weighs the gradients by X̂ and adds up the batch"),
        "beta": Derivative(
            vjp=lambda over_batch: over_batch[0],
            jvp=lambda dbeta: dbeta,
            full="-> n h h", core=lambda: 1.0,
            entry=r"\frac{\partial Y_{nh}}{\partial\beta_{h'}} = \delta_{hh'}",
            latex=r"\frac{dL}{d\beta_h} = \sum_n G_{nh}", numpy="G.sum(0)",
            jvp_latex=r"dY_{n,:} = d\beta", jvp_numpy="np.broadcast_to(dbeta, X.shape)",
            why="β is copied to every example: a stack of identities, and a sum replaces it",
            multiplications="", stored=""),
    }


def layernorm_vjp(G, norm, gamma):
    """The gradient comes through γ first: it differs along the axis that is normalized."""
    D = G * gamma
    return stable.normalized_vjp(D, norm, stable.sums_along(1, D, norm.hat))


OVER_BATCH = {"over_batch": lambda G, Xhat: (G.sum(0), (G * Xhat).sum(0))}
EPS = {"eps": (0.0, 1.0)}
POSITIVE_EPS = {"eps": lambda eps: eps < 0 and f"must be 0 or more, not {eps:g}."}

BATCHNORM = Operation(
    name="batchnorm", axes="n h, h, h -> n h", inputs=("X", "gamma", "beta"),
    parameters={"eps": 1e-5, "ddof": 0}, ranges={**EPS, "ddof": (0, 1)},
    rules={**POSITIVE_EPS, "ddof": lambda ddof: ddof < 0 and f"must be 0 or more, not {ddof}."},
    latex=r"Y = \gamma \odot \hat{X} + \beta, \quad "
          r"\hat{X} = \frac{X - \mu}{s}, \quad s = \sqrt{v + \varepsilon}, \quad "
          r"\mu\text{ and }v\text{ over the batch}",
    numpy="gamma * Xhat + beta",
    where={"Xc": "X - X.mean(0)", "s": "np.sqrt((Xc**2).sum(0) / (len(X) - ddof) + eps)",
           "Xhat": "Xc / s"},
    saved={"norm": lambda X, eps, ddof: stable.normalized(X, eps, 0, ddof),
           "Xhat": lambda norm: norm.hat},
    shared=OVER_BATCH,
    forward=lambda Xhat, gamma, beta: gamma * Xhat + beta,
    derivatives={
        "X": Derivative(
            vjp=lambda G, norm, over_batch, gamma:
                stable.normalized_vjp(G, norm, over_batch, gamma),
            jvp=lambda dX, norm, gamma:
                stable.normalized_vjp(dX, norm, stable.sums_along(0, dX, norm.hat), gamma),
            full="h n i -> n h i h",
            core=lambda norm, gamma: gamma[:, None, None] * blocks(norm, 0),
            entry=over_degrees(
                r"\frac{\partial Y_{nh}}{\partial X_{n'h'}} = "
                r"\delta_{hh'}\,\frac{\gamma_h}{s_h}\left("
                r"\delta_{nn'} - \frac{1}{N} - \frac{\hat{X}_{nh}\hat{X}_{n'h}}{@}\right)"),
            latex=over_degrees(
                r"\frac{dL}{dX} = \frac{\gamma}{s} \odot \left(G - "
                r"\frac{1}{N}\sum_n G_{n,:} - "
                r"\frac{\hat{X}}{@} \odot \sum_n (G \odot \hat{X})_{n,:}\right)"),
            numpy="gamma / s * (G - G.mean(0) - Xhat * (G * Xhat).sum(0) / (len(X) - ddof))",
            jvp_latex=over_degrees(
                r"dY = \frac{\gamma}{s} \odot \left(dX - \frac{1}{N}\sum_n dX_{n,:} - "
                r"\frac{\hat{X}}{@} \odot \sum_n (dX \odot \hat{X})_{n,:}\right)"),
            jvp_numpy="gamma / s * (dX - dX.mean(0) - Xhat * (dX * Xhat).sum(0) / (len(X) - ddof))",
            why="each feature's dense N×N block is the identity minus 11ᵀ and x̂x̂ᵀ: rank 2",
            multiplications="3 n h + 3 h", stored="n h + h"),
        **gamma_and_beta(),
    },
)

EVAL = Operation(
    name="batchnorm_eval", axes="n h, h, h -> n h", inputs=("X", "gamma", "beta"),
    parameters={"eps": 1e-5}, ranges=EPS,
    constants={
        "mean": Constant("h", lambda random, shape: random.standard_normal(shape)),
        "var": Constant("h", lambda random, shape: random.uniform(0.5, 2, shape)),
    },
    rules={**POSITIVE_EPS, "var": lambda var: bool((var < 0).any()) and "must not be negative."},
    latex=r"Y = \gamma \odot \hat{X} + \beta, \quad "
          r"\hat{X} = \frac{X - \mu}{s}, \quad s = \sqrt{v + \varepsilon}, \quad "
          r"\mu\text{ and }v\text{ fixed}",
    numpy="gamma * Xhat + beta",
    where={"s": "np.sqrt(var + eps)", "Xhat": "(X - mean) / s"},
    saved={"s": lambda var, eps: np.sqrt(var + eps), "Xhat": lambda X, mean, s: (X - mean) / s},
    shared=OVER_BATCH,
    forward=lambda Xhat, gamma, beta: gamma * Xhat + beta,
    derivatives={
        "X": Derivative(
            vjp=lambda G, s, gamma: gamma / s * G,
            jvp=lambda dX, s, gamma: gamma / s * dX,
            full="h -> n h n h", core=lambda s, gamma: gamma / s,
            entry=r"\frac{\partial Y_{nh}}{\partial X_{n'h'}} = "
                  r"\delta_{nn'}\,\delta_{hh'}\,\frac{\gamma_h}{s_h}",
            latex=r"\frac{dL}{dX} = \frac{\gamma}{s} \odot G", numpy="gamma / s * G",
            jvp_latex=r"dY = \frac{\gamma}{s} \odot dX", jvp_numpy="gamma / s * dX",
            why="with fixed statistics no example sees another: one slope for each feature is left",
            multiplications="n h + h"),
        **gamma_and_beta(),
    },
)

LAYERNORM = Operation(
    name="layernorm", axes="n h, h, h -> n h", inputs=("X", "gamma", "beta"),
    parameters={"eps": 1e-5}, ranges=EPS, rules=POSITIVE_EPS,
    latex=r"Y = \gamma \odot \hat{X} + \beta, \quad "
          r"\hat{X} = \frac{X - \mu}{s}, \quad s = \sqrt{v + \varepsilon}, \quad "
          r"\mu\text{ and }v\text{ of each example}",
    numpy="gamma * Xhat + beta",
    where={"Xc": "X - X.mean(1, keepdims=True)",
           "s": "np.sqrt((Xc**2).mean(1, keepdims=True) + eps)", "Xhat": "Xc / s"},
    saved={"norm": lambda X, eps: stable.normalized(X, eps, 1), "Xhat": lambda norm: norm.hat},
    shared=OVER_BATCH,
    forward=lambda Xhat, gamma, beta: gamma * Xhat + beta,
    derivatives={
        "X": Derivative(
            vjp=layernorm_vjp,
            jvp=lambda dX, norm, gamma:
                stable.normalized_vjp(dX, norm, stable.sums_along(1, dX, norm.hat), gamma),
            full="n h j -> n h n j",
            core=lambda norm, gamma: gamma[:, None] * blocks(norm, 1),
            entry=r"\frac{\partial Y_{nh}}{\partial X_{n'h'}} = "
                  r"\delta_{nn'}\,\frac{\gamma_h}{s_n}\left("
                  r"\delta_{hh'} - \frac{1}{H} - \frac{\hat{X}_{nh}\hat{X}_{nh'}}{H}\right)",
            latex=r"\frac{dL}{dX} = \frac{1}{s} \odot \left(D - \overline{D} - "
                  r"\hat{X} \odot \overline{D \odot \hat{X}}\right), \quad D = G \odot \gamma",
            numpy="((D := gamma * G) - D.mean(1, keepdims=True)"
                  " - Xhat * (D * Xhat).mean(1, keepdims=True)) / s",
            jvp_latex=r"dY = \frac{\gamma}{s} \odot \left(dX - \overline{dX} - "
                      r"\hat{X} \odot \overline{dX \odot \hat{X}}\right)",
            jvp_numpy="gamma / s * (dX - dX.mean(1, keepdims=True)"
                      " - Xhat * (dX * Xhat).mean(1, keepdims=True))",
            why="each example's dense H×H block is the identity minus 11ᵀ and x̂x̂ᵀ: rank 2",
            multiplications="4 n h + 2 n", stored="n h + n + h"),
        **gamma_and_beta(),
    },
)


def by_group(A):
    """A matrix with a row for each example and group."""
    n, g, c, h = A.shape
    return A.reshape(n * g, c * h)


def group_vjp(D, norm):
    """The gradient, or tangent, through each group's normalization; symmetric."""
    rows = by_group(D)
    back = stable.normalized_vjp(rows, norm, stable.sums_along(1, rows, norm.hat))
    return back.reshape(D.shape)


GROUPNORM = Operation(
    name="groupnorm", axes="n g c h, g c, g c -> n g c h", inputs=("X", "gamma", "beta"),
    parameters={"eps": 1e-5}, ranges=EPS, rules=POSITIVE_EPS, usual={"n": 2, "c": 2, "g": 3},
    large={"g": 32, "c": 2, "h": 3136},
    latex=r"Y_{ngch} = \gamma_{gc}\,\hat{X}_{ngch} + \beta_{gc}, \quad "
          r"\hat{X} = \frac{X - \mu}{s}, \quad s = \sqrt{v + \varepsilon}, \quad "
          r"\mu\text{ and }v\text{ of each example and group}",
    numpy="gamma[:, :, None] * Xhat + beta[:, :, None]",
    where={"Xc": "X - X.mean((2, 3), keepdims=True)",
           "s": "np.sqrt((Xc**2).mean((2, 3), keepdims=True) + eps)", "Xhat": "Xc / s",
           "D": "gamma[:, :, None] * G"},
    saved={"norm": lambda X, eps: stable.normalized(by_group(X), eps, 1),
           "Xhat": lambda norm, X: norm.hat.reshape(X.shape)},
    forward=lambda Xhat, gamma, beta: gamma[:, :, None] * Xhat + beta[:, :, None],
    derivatives={
        "X": Derivative(
            vjp=lambda G, norm, gamma: group_vjp(G * gamma[:, :, None], norm),
            jvp=lambda dX, norm, gamma: gamma[:, :, None] * group_vjp(dX, norm),
            full="n g c h d i -> n g c h n g d i",
            core=lambda X, norm, gamma: gamma[:, :, None, None, None] * blocks(norm, 1).reshape(
                *X.shape, *X.shape[2:]),
            entry=r"\frac{\partial Y_{ngch}}{\partial X_{n'g'c'h'}} = "
                  r"\delta_{nn'}\,\delta_{gg'}\,\frac{\gamma_{gc}}{s_{ng}}\left("
                  r"\delta_{cc'}\delta_{hh'} - \frac{1}{CH} - "
                  r"\frac{\hat{X}_{ngch}\hat{X}_{ngc'h'}}{CH}\right)",
            latex=r"\frac{dL}{dX} = \frac{1}{s} \odot \left(D - \overline{D} - "
                  r"\hat{X} \odot \overline{D \odot \hat{X}}\right), \quad D = G \odot \gamma",
            numpy="(D - D.mean((2, 3), keepdims=True)"
                  " - Xhat * (D * Xhat).mean((2, 3), keepdims=True)) / s",
            jvp_latex=r"dY = \frac{\gamma}{s} \odot \left(dX - \overline{dX} - "
                      r"\hat{X} \odot \overline{dX \odot \hat{X}}\right)",
            jvp_numpy="gamma[:, :, None] / s * (dX - dX.mean((2, 3), keepdims=True)"
                      " - Xhat * (dX * Xhat).mean((2, 3), keepdims=True))",
            why="each group's dense block is the identity minus 11ᵀ and x̂x̂ᵀ: rank 2",
            multiplications="4 n g c h + 2 n g", stored="n g c h + n g + g c"),
        "gamma": Derivative(
            vjp=lambda G, Xhat: (G * Xhat).sum((0, 3)),
            jvp=lambda dgamma, Xhat: dgamma[:, :, None] * Xhat,
            full="n g c h -> n g c h g c", core=lambda Xhat: Xhat,
            entry=r"\frac{\partial Y_{ngch}}{\partial\gamma_{g'c'}} = "
                  r"\delta_{gg'}\,\delta_{cc'}\,\hat{X}_{ngch}",
            latex=r"\frac{dL}{d\gamma_{gc}} = \sum_{nh} G_{ngch}\,\hat{X}_{ngch}",
            numpy="(G * Xhat).sum((0, 3))",
            jvp_latex=r"dY_{ngch} = d\gamma_{gc}\,\hat{X}_{ngch}",
            jvp_numpy="dgamma[:, :, None] * Xhat",
            why="γ scales one channel: dγ weighs the gradients by X̂ and adds up batch and places"),
        "beta": Derivative(
            vjp=lambda G: G.sum((0, 3)),
            jvp=lambda dbeta: dbeta[:, :, None],
            full="-> n g c h g c", core=lambda: 1.0,
            entry=r"\frac{\partial Y_{ngch}}{\partial\beta_{g'c'}} = "
                  r"\delta_{gg'}\,\delta_{cc'}",
            latex=r"\frac{dL}{d\beta_{gc}} = \sum_{nh} G_{ngch}", numpy="G.sum((0, 3))",
            jvp_latex=r"dY_{ngch} = d\beta_{gc}",
            jvp_numpy="np.broadcast_to(dbeta[:, :, None], X.shape)",
            why="β is copied to every example and place of its channel: a sum replaces it",
            multiplications="", stored=""),
    },
)


def rms_vjp(D, Xhat, r, eps):
    """(D − X̂ · mean(D⊙X̂))/r; of a single number ε alone leaves a slope. Symmetric in the row."""
    if D.shape[1] == 1:
        return D * (eps / r**2) / r
    return (D - Xhat * ((D * Xhat).sum(1, keepdims=True) / D.shape[1])) / r


def rms_blocks(Xhat, r, eps):
    """(I − x̂x̂ᵀ/H)/r for every example."""
    H = Xhat.shape[1]
    if H == 1:
        return (eps / r**3)[:, :, None]
    return (np.eye(H) - Xhat[:, :, None] * Xhat[:, None, :] / H) / r[:, :, None]


RMSNORM = Operation(
    name="rmsnorm", axes="n h, h -> n h", inputs=("X", "gamma"),
    parameters={"eps": 1e-5}, ranges=EPS, rules=POSITIVE_EPS,
    latex=r"Y = \gamma \odot \hat{X}, \quad \hat{X} = \frac{X}{r}, \quad "
          r"r_n = \sqrt{\frac{1}{H}\sum_h X_{nh}^2 + \varepsilon}",
    numpy="gamma * Xhat",
    where={"r": "np.sqrt((X**2).mean(1, keepdims=True) + eps)", "Xhat": "X / r"},
    saved={"r": lambda X, eps: np.hypot(stable.length(X) / np.sqrt(X.shape[1]), np.sqrt(eps)),
           "Xhat": lambda X, r: X / r},
    forward=lambda Xhat, gamma: gamma * Xhat,
    derivatives={
        "X": Derivative(
            vjp=lambda G, gamma, Xhat, r, eps: rms_vjp(G * gamma, Xhat, r, eps),
            jvp=lambda dX, gamma, Xhat, r, eps: gamma * rms_vjp(dX, Xhat, r, eps),
            full="n h j -> n h n j",
            core=lambda gamma, Xhat, r, eps: gamma[:, None] * rms_blocks(Xhat, r, eps),
            entry=r"\frac{\partial Y_{nh}}{\partial X_{n'h'}} = \delta_{nn'}\,\frac{\gamma_h}{r_n}"
                  r"\left(\delta_{hh'} - \frac{\hat{X}_{nh}\hat{X}_{nh'}}{H}\right)",
            latex=r"\frac{dL}{dX} = \frac{1}{r} \odot \left(D - "
                  r"\hat{X} \odot \overline{D \odot \hat{X}}\right), \quad D = G \odot \gamma",
            numpy="((D := gamma * G) - Xhat * (D * Xhat).mean(1, keepdims=True)) / r",
            jvp_latex=r"dY = \frac{\gamma}{r} \odot \left(dX - "
                      r"\hat{X} \odot \overline{dX \odot \hat{X}}\right)",
            jvp_numpy="gamma / r * (dX - Xhat * (dX * Xhat).mean(1, keepdims=True))",
            why="each example's dense H×H block is the identity minus x̂x̂ᵀ: rank 1, no mean in it",
            multiplications="4 n h + n", stored="n h + n + h"),
        "gamma": gamma_and_beta()["gamma"],
    },
    shared=OVER_BATCH,
)

ROWS = (BATCHNORM, EVAL, LAYERNORM, GROUPNORM, RMSNORM)
