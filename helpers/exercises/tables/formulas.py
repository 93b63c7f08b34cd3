"""Exercises of notebook 11: formulas under test."""

import numpy as np

from ...calculus.jacobian import contract
from ...calculus.operations import OPERATIONS
from ..exercise import full, function
from .activations import near_zero, sigma


def far(random, x):
    """The same numbers, ten times as large, some of them where exp overflows."""
    x = 10 * x
    x.flat[0], x.flat[-1] = -800.0, 800.0
    return (x,)


def near_zero_elu(random, G, X, alpha):
    """Some inputs beside 0, and α away from 1, where the slope jumps there."""
    return G, near_zero(random, X), random.choice([0.5, 1.5]) + random.uniform(-0.2, 0.2)


def elu_output(random, G, X, alpha):
    """The outputs of an ELU with α away from 1, and what comes back to them."""
    alpha = random.uniform(0.3, 0.8) + random.choice([0.0, 1.0])
    return G, OPERATIONS["elu"](X, alpha=alpha), alpha


def softsign(x):
    """The slope of x/(1 + |x|) by the quotient rule."""
    return (1 + np.abs(x) - np.sign(x) * x) / (1 + np.abs(x))**2


def prelu_by_alpha(G, X):
    """G contracted with ∂Y/∂α, (n, h, k): min(0, X) where the two columns are the same."""
    J = np.minimum(0, X)[:, :, None] * np.eye(X.shape[1])
    return contract(G, J)


ROWS = (
    function(
        "elu_backward", "derive", "G, X, alpha",
        "return G * np.where(X > 0, 1, alpha * np.exp(X))",
        "The ELU is x for x > 0 and α(eˣ − 1) for x ≤ 0. Write dL/dX from the upstream gradient "
        "`G` = dL/dY, `X` and `alpha`.",
        axes="n h, n h,", prepare=near_zero_elu,
        truth={"dX": full("elu", "X", lambda G, X, alpha: (G, X, {"alpha": alpha}))},
        mistakes=(
            ("the formula with max",
             lambda G, X, alpha: G * np.where(alpha * (np.exp(X) - 1) > X, alpha * np.exp(X), 1),
             "max(α(eˣ − 1), x) is another function: the case is decided by x > 0."),
            ("lost α", lambda G, X, alpha: G * np.where(X > 0, 1, np.exp(X)),
             "α is a factor of the slope."),
            ("slope of the ReLU", lambda G, X, alpha: G * (X > 0),
             "Below 0 the curve is not flat."),
            ("slope of the leaky ReLU", lambda G, X, alpha: G * np.where(X > 0, 1, alpha),
             "Below 0 the curve is no line: differentiate α(eˣ − 1)."),
            ("value for derivative",
             lambda G, X, alpha: G * np.where(X > 0, 1, alpha * (np.exp(X) - 1)),
             "The −1 is a constant: its derivative is 0."),
            ("value for derivative",
             lambda G, X, alpha: G * np.where(X > 0, X, alpha * (np.exp(X) - 1))),
            ("one case", lambda G, X, alpha: G * alpha * np.exp(X), "Above 0 the curve is a line."),
            ("one case", lambda G, X, alpha: G, "Below 0 the curve is no line."),
            ("sign in the exponent", lambda G, X, alpha: G * np.where(X > 0, 1, alpha * np.exp(-X)),
             "Below 0 the curve flattens out: the slope goes to 0."),
            ("sign", lambda G, X, alpha: G * np.where(X > 0, 1, -alpha * np.exp(X)),
             "The curve rises everywhere."),
            ("cases swapped", lambda G, X, alpha: G * np.where(X > 0, alpha * np.exp(X), 1),
             "Ask which case is which: above 0 the curve is a line."),
            ("mask from the wrong array",
             lambda G, X, alpha: G * np.where(G > 0, 1, alpha * np.exp(X)),
             "X decides the case, not G."),
        ),
        hints=("Differentiate the two cases one by one.", "x gives 1, α(eˣ − 1) gives αeˣ.",
               "np.where(condition, slope above, slope below), times G."),
        why=r"Only the diagonal is left. The slope is $1$ for $x>0$ and $\alpha e^x$ for $x\le 0$; "
            r"$\dfrac{dL}{dX} = G \odot f'(X)$.",
    ),
    function(
        "prelu_alpha", "derive", "G, X", "return np.sum(G * np.minimum(0, X), 0)",
        "A PReLU is x for x > 0 and αx for x ≤ 0. Here each column h of the batch has an α[h] of "
        "its own. Write dL/dα from `G` = dL/dY and `X`.",
        axes="n h, n h", truth={"dalpha": prelu_by_alpha},
        mistakes=(
            ("batch not summed", lambda G, X: G * np.minimum(0, X),
             "One α serves a whole column: its parts add up."),
            ("wrong axis", lambda G, X: np.sum(G * np.minimum(0, X), 1),
             "α has an entry for each column: add up the examples."),
            ("wrong axis", lambda G, X: np.sum(G * np.minimum(0, X)),
             "α has an entry for each column: they do not mix."),
            ("slope by X", lambda G, X: np.sum(G * (X <= 0), 0),
             "By α the slope of αx is x, not 1."),
            ("mask forgotten", lambda G, X: np.sum(G * X, 0),
             "Where x > 0 the output has no α in it."),
            ("wrong side", lambda G, X: np.sum(G * np.maximum(0, X), 0),
             "α stands on the side of x ≤ 0."),
            ("mask from the wrong array", lambda G, X: np.sum(np.minimum(0, G) * X, 0),
             "X decides the case, not G."),
        ),
        hints=("Where does α[h] stand in the output, and what is its factor there?",
               "∂Y[n, h]/∂α[h] = X[n, h] where it is ≤ 0, and 0 elsewhere: min(0, X[n, h]).",
               "All examples share α[h]: multiply by G, and add up over n."),
        why=r"$\dfrac{dL}{d\alpha_h} = \sum_n G_{nh}\,\min(0, X_{nh})$: a sum for what a column "
            r"shares.",
    ),
    function(
        "softsign_slope", "derive", "x", "return 1 / (1 + np.abs(x))**2",
        "A unit that no table here has, *softsign*: f(x) = x/(1 + |x|). Write its slope for "
        "an array `x`.",
        axes="n h", truth={"slope": softsign},
        mistakes=(
            ("value for derivative", lambda x: x / (1 + np.abs(x))),
            ("lost square", lambda x: 1 / (1 + np.abs(x)), "The quotient rule divides by the "
             "square."),
            ("lost path", lambda x: -np.sign(x) * x / (1 + np.abs(x))**2,
             "That is the path through the denominator: x stands above the line, too."),
            ("|x| for x", lambda x: 1 / (1 + x)**2, "|x| stands below the line: f is as steep at "
             "−1 as at 1."),
            ("sign of one term", lambda x: (1 + 2 * np.abs(x)) / (1 + np.abs(x))**2,
             "The quotient rule subtracts."),
            ("sign too many", lambda x: np.sign(x) / (1 + np.abs(x))**2, "f rises everywhere."),
            ("square", lambda x: 1 / (1 + x**2), "That is the slope of arctan."),
        ),
        hints=("For x > 0 it is x/(1 + x): use the quotient rule.",
               "1/(1 + x)². And for x < 0 it is x/(1 − x).", "1/(1 − x)²: in both cases 1 + |x|."),
        why=r"For $x>0$: $\dfrac{(1+x) - x}{(1+x)^2}$; for $x<0$: "
            r"$\dfrac{(1-x)+x}{(1-x)^2}$. It saturates, slower than tanh.",
    ),
    function(
        "elu_from_output", "code", "G, Y, alpha", "return G * np.where(Y > 0, 1, Y + alpha)",
        "To save memory a program keeps the output `Y` of an ELU, and not X. Write dL/dX from "
        "`G` = dL/dY, `Y` and `alpha`; no exp is needed.",
        axes="n h, n h,", prepare=elu_output,
        truth={"dX": full("elu", "X", lambda G, Y, alpha: (  # above 0 each X has the same slope
            G, np.log1p(Y / alpha), {"alpha": alpha}))},
        mistakes=(
            ("output for input", lambda G, Y, alpha: G * np.where(Y > 0, 1, alpha * np.exp(Y)),
             "αe^x takes X, which is gone: say it by Y = α(eˣ − 1)."),
            ("α = 1", lambda G, Y, alpha: G * np.where(Y > 0, 1, Y + 1), "αeˣ is Y + α."),
            ("value for derivative", lambda G, Y, alpha: G * np.where(Y > 0, 1, Y),
             "αeˣ is not Y: the −α is still in it."),
            ("slope of the leaky ReLU", lambda G, Y, alpha: G * np.where(Y > 0, 1, alpha),
             "Below 0 the curve is no line."),
            ("slope of the ReLU", lambda G, Y, alpha: G * (Y > 0), "Below 0 the curve is not "
             "flat."),
            ("sign of one term", lambda G, Y, alpha: G * np.where(Y > 0, 1, alpha - Y),
             "Far out on the left Y is −α, and the slope is 0."),
            ("one case", lambda G, Y, alpha: G * (Y + alpha), "Above 0 the curve is a line."),
        ),
        hints=("The sign of Y is the sign of X: the case can be told.",
               "Below 0 the slope is αeˣ, and Y = αeˣ − α.", "So it is Y + α."),
        why=r"For $x\le 0$: $Y = \alpha(e^x-1)$, so $\alpha e^x = Y + \alpha$. As with σ and tanh, "
            r"the output is all that the way back needs.",
    ),
    function(
        "softplus_stable", "code", "x",
        "return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))",
        "Write softplus log(1 + eˣ) so that it is right at 800 and at −800, too.",
        axes="n h", prepare=far, truth={"y": lambda x: OPERATIONS["softplus"](x)},
        mistakes=(
            ("overflow", lambda x: np.log(1 + np.exp(x))),
            ("overflow", lambda x: x + np.log1p(np.exp(-x)),
             "Right at 800: now look at −800, where −x is large."),
            ("overflow", lambda x: np.maximum(x, 0) + np.log1p(np.exp(np.abs(x))), "The number "
             "in exp must never be large and positive."),
            ("overflow", lambda x: np.log(np.exp(x)), "Some number left the range of float64, and "
             "the 1 is missing."),
            *(("overflow", lambda x, most=most: np.log1p(np.exp(np.clip(x, -most, most))),
               f"Cutting x at {most} keeps it finite, but softplus(800) is about 800.")
              for most in (500, 100, 50, 30, 20, 88, 709)),
            ("base 2", lambda x: np.logaddexp2(0, x), "log is the natural logarithm."),
            ("overflow", lambda x: np.log1p(np.exp(np.minimum(x, 700))),
             "Cutting x at 700 keeps it finite, but softplus(800) is 800."),
            ("ReLU for softplus", lambda x: np.maximum(x, 0), "Softplus is above the ReLU: at 0 "
             "it is log 2."),
            ("one side", lambda x: np.log1p(np.exp(-np.abs(x))),
             "For large x softplus grows like x: look at 800."),
            ("one side", lambda x: np.maximum(-x, 0) + np.log1p(np.exp(-np.abs(x))),
             "That is softplus(−x)."),
            ("one side", lambda x: x + np.log1p(np.exp(-np.abs(x))),
             "For x < 0 softplus goes to 0: look at −800."),
            ("derivative for value", lambda x: sigma(x), "The sigmoid is its slope."),
        ),
        hints=("Which x make exp(x) overflow? Then 1 does not matter beside it.",
               "log(1 + eˣ) = x + log(1 + e⁻ˣ): good for x > 0.",
               "Both cases in one: max(x, 0) + log(1 + exp(−|x|))."),
        why=r"$\log(1+e^x) = \log\big(e^x(e^{-x}+1)\big) = x + \log(1+e^{-x})$. Taken for $x>0$ "
            r"only, no exponent is positive; `log1p` keeps small numbers.",
    ),
    function(
        "log_sigmoid", "code", "x", "return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))",
        "The cross-entropy needs log σ(x). Write it so that it is right at 800 and at −800, too.",
        axes="n h", prepare=far, truth={"y": lambda x: -OPERATIONS["softplus"](-x)},
        mistakes=(
            ("overflow", lambda x: -np.log1p(np.exp(-x)), "At −800 the number in exp is 800: σ is "
             "0 in a computer, and its log −∞. Right is −800."),
            ("overflow", lambda x: x - np.log1p(np.exp(x)), "At 800 the number in exp is 800."),
            ("cut off", lambda x: np.log(np.maximum(1 / (1 + np.exp(-x)), 1e-12)),
             "Cutting σ off makes log σ flat there: a very wrong score would learn nothing."),
            ("cut off", lambda x: np.log(1 / (1 + np.exp(-x)) + 1e-12),
             "A small number added makes log σ flat there: a very wrong score would learn "
             "nothing."),
            ("softplus", lambda x: np.logaddexp(0, x), "log σ(x) is −softplus(−x)."),
            ("softplus", lambda x: np.logaddexp(0, -x), "One sign is missing: a log of a "
             "probability is negative."),
            ("softplus", lambda x: -np.logaddexp(0, x), "That is log σ(−x)."),
            ("one side", lambda x: -np.log1p(np.exp(-np.abs(x))), "For very negative x log σ is "
             "about x: look at −800."),
            ("one side", lambda x: x - np.log1p(np.exp(-np.abs(x))), "For large x log σ goes to "
             "0: look at 800."),
            ("one side", lambda x: np.maximum(x, 0) - np.log1p(np.exp(-np.abs(x))), "For large x "
             "log σ goes to 0, and for very negative x it is about x."),
            ("sigmoid for its log", lambda x: sigma(x), "The log is still to be taken."),
        ),
        hints=("log σ(x) = −log(1 + e⁻ˣ): good for x > 0.",
               "For x < 0 it is x − log(1 + eˣ).",
               "Both in one: min(x, 0) − log(1 + exp(−|x|))."),
        why=r"$\log\sigma(x) = -\log(1+e^{-x}) = x - \log(1+e^{x})$: of the two take the one whose "
            r"exponent is not positive.",
    ),
)
