"""Exercises of notebook 01: activations."""

import numpy as np

from ...calculus.operations import OPERATIONS
from ..exercise import full, function, predict

BATCH = (-6.0, -3.0, -2.0, -1.0, 0.0, 0.5, 2.0, 4.0)


def sigma(x):
    """The sigmoid, as the textbook writes it."""
    return 1 / (1 + np.exp(-x))


def saturated():
    """The share of BATCH where the slope of the sigmoid is below 0.05."""
    slopes = np.diag(OPERATIONS["sigmoid"].jacobian(BATCH))
    return np.mean(slopes < 0.05)


def near_zero(random, X):
    """The same numbers, every other one so small that a border beside 0 shows."""
    small = (np.arange(X.size) % 2 == 1).reshape(X.shape)
    return np.where(small, np.sign(X) * 10.0 ** random.uniform(-3, -1, X.shape), X)


def with_zeros(random, X, at_zero):
    """The same numbers, some of them small or exactly 0, and a slope between 0 and 1."""
    X = np.where(random.random(X.shape) < 0.3, 0.0, near_zero(random, X))
    X.flat[0] = 0.0
    return X, random.uniform(0.1, 0.9)


ROWS = (
    predict(
        "saturated_share",
        "The batch −6, −3, −2, −1, 0, 0.5, 2, 4 goes into a sigmoid. Call a number saturated when "
        "the slope there is below 0.05. What share of the batch is saturated (from 0 to 1)? "
        "σ(2) is 0.881 and σ(3) is 0.953.",
        truth={"share": saturated}, answer="3 / 8",
        mistakes=(
            ("counting", 3, "That is how many: a share is divided by 8."),
            ("percent", 37.5, "A share of all is 1, not 100."),
            ("counting", 5 / 8, "Those are the ones that are not saturated."),
            ("one tail", 2 / 8, "The slope is small on the right as well."),
            ("one tail", 1 / 8, "The slope is small on the left as well."),
            ("counting", 4 / 8, "At 2 the slope is 0.881·0.119 = 0.105, above 0.05."),
        ),
        hints=("The slope is σ(x)(1 − σ(x)), and it is the same at x and −x.",
               "At ±2 it is 0.881·0.119, at ±3 it is 0.953·0.047.",
               "So the border lies between 2 and 3: count the numbers outside."),
        why="The slope is 0.105 at ±2 and 0.045 at ±3: saturated are −6, −3 and 4, so 3 of 8.",
    ),
    function(
        "sigmoid_slope", "derive", "x", "y = 1 / (1 + np.exp(-x))\nreturn y * (1 - y)",
        "Write the slope of σ(x) = 1/(1 + e⁻ˣ) for an array `x`.",
        axes="n h", truth={"slope": full("sigmoid", "X", lambda x: (np.ones_like(x), x))},
        mistakes=(
            ("value for derivative", sigma),
            ("slope at the wrong place", lambda x: sigma(sigma(x)) * (1 - sigma(sigma(x))),
             "σ is applied twice."),
            ("slope at the wrong place", lambda x: x * (1 - x),
             "That formula takes the output of σ, not x."),
            ("sign of one term", lambda x: sigma(x) * (1 + sigma(x)),
             "Where σ is near 1 it is flat: a factor must vanish there."),
            ("lost factor", lambda x: 1 / (1 + np.exp(-x))**2,
             "The inner function 1 + e⁻ˣ has a derivative, too."),
            ("lost factor", lambda x: np.exp(-x), "1/a has a derivative as well."),
            ("square", lambda x: sigma(x) * (1 - sigma(x)**2),
             "Derive it once more from 1/(1 + e⁻ˣ)."),
            ("lost square", lambda x: 1 - sigma(x),
             "e⁻ˣ/(1 + e⁻ˣ) is 1 − σ: the derivative of 1/a is −1/a²."),
            ("slope of tanh", lambda x: 1 - sigma(x)**2, "1 − y² belongs to tanh."),
            ("inner derivative", lambda x: -1 / (1 + np.exp(-x))**2,
             "The inner function 1 + e⁻ˣ has a derivative, too."),
        ),
        hints=("σ = 1/a with a = 1 + e⁻ˣ: the outer derivative is −1/a².",
               "The derivative of a is −e⁻ˣ. The two minus signs cancel.",
               "e⁻ˣ/(1 + e⁻ˣ)² = σ(1 − σ)."),
        why=r"$\sigma' = -\dfrac{1}{a^2}\cdot(-e^{-x}) = \dfrac{1}{a}\cdot\dfrac{a-1}{a} = "
            r"\sigma(1-\sigma)$ with $a = 1+e^{-x}$.",
    ),
    function(
        "relu_at_zero", "code", "X, at_zero",
        "return np.where(X > 0, 1.0, np.where(X == 0, at_zero, 0.0))",
        "The slope of the ReLU, with the number `at_zero` as the slope at exactly 0.",
        axes="n h,", prepare=with_zeros,
        truth={"slope": full("relu", "X", lambda X, at_zero: (np.ones_like(X), X,
                                                              {"at_zero": at_zero}))},
        mistakes=(
            ("choice ignored", lambda X, at_zero: X > 0, "At 0 the slope is at_zero, not 0."),
            ("choice ignored", lambda X, at_zero: X >= 0, "At 0 the slope is at_zero, not 1."),
            ("choice ignored", lambda X, at_zero: np.heaviside(X, 0.5),
             "At 0 the slope is at_zero, not ½."),
            ("negative side", lambda X, at_zero: np.where(X > 0, 1, at_zero),
             "at_zero belongs to X == 0 only: below 0 the slope is 0."),
            ("negative side", lambda X, at_zero: np.where(X == 0, at_zero, np.sign(X)),
             "Below 0 the slope is 0, not −1."),
            ("value for derivative",
             lambda X, at_zero: np.where(X == 0, at_zero, np.maximum(X, 0)),
             "Above 0 the slope is 1, not X."),
            ("choice too far", lambda X, at_zero: at_zero * (X >= 0),
             "at_zero belongs to X == 0 only: above 0 the slope is 1."),
            ("choice too far", lambda X, at_zero: np.where(X >= 0, 1, at_zero),
             "at_zero belongs to X == 0 only."),
            ("value for derivative", lambda X, at_zero: np.maximum(X, 0),
             "Above 0 the slope is 1, not X."),
            ("negative side", lambda X, at_zero: (X > 0) + at_zero,
             "at_zero is added everywhere: it belongs to X == 0 only."),
        ),
        hints=("Three cases: above, at and below 0.", "np.where inside np.where.",
               "np.where(X > 0, 1, …), and inside: at_zero where X == 0, else 0."),
        why=r"Any number in $[0,1]$ is a subgradient of $\max(0,x)$ at $0$; elsewhere the slope "
            r"is $1$ or $0$.",
    ),
    function(
        "collapse", "code", "W1, b1, W2, b2, W3, b3",
        "return W3 @ W2 @ W1, W3 @ W2 @ b1 + W3 @ b2 + b3",
        "Three layers without activation: W₃(W₂(W₁x + b₁) + b₂) + b₃. Return the one matrix W and "
        "the one vector b that do the same as Wx + b.",
        axes="h m, h, k h, k, n k, n",
        truth={"W": lambda W1, b1, W2, b2, W3, b3: W3 @ W2 @ W1,
               "b": lambda W1, b1, W2, b2, W3, b3: W3 @ (W2 @ b1 + b2) + b3},
        mistakes=(
            ("order swapped", lambda W1, b1, W2, b2, W3, b3: W1 @ W2 @ W3,
             "The layer that works first stands on the right.", "W"),
            ("layer forgotten", lambda W1, b1, W2, b2, W3, b3: W3 @ W2, "W₁ is missing.", "W"),
            ("lost path", lambda W1, b1, W2, b2, W3, b3: W3 @ b2 + b3,
             "b₁ passes through the layers above it, too.", "b"),
            ("lost path", lambda W1, b1, W2, b2, W3, b3: b3,
             "b₁ and b₂ pass through the layers above them.", "b"),
            ("weights forgotten", lambda W1, b1, W2, b2, W3, b3: b1 + b2 + b3,
             "A bias passes through every layer above it.", "b"),
            ("lost path", lambda W1, b1, W2, b2, W3, b3: W3 @ W2 @ b1 + b3,
             "b₂ passes through the layer above it.", "b"),
            ("lost path", lambda W1, b1, W2, b2, W3, b3: W3 @ W2 @ b1 + W3 @ b2,
             "b₃ is added at the end.", "b"),
            ("layer forgotten", lambda W1, b1, W2, b2, W3, b3: W2 @ W1, "One of the three is "
             "missing.", "W"),
            ("sum for product", lambda W1, b1, W2, b2, W3, b3: W1 + W2 + W3,
             "One layer works on what the other gives: their matrices are multiplied.", "W"),
            ("product of entries", lambda W1, b1, W2, b2, W3, b3: W3 * W2 * W1,
             "One layer works on what the other gives: rows meet columns.", "W"),
            ("weights forgotten", lambda W1, b1, W2, b2, W3, b3: W3 @ W2 @ (b1 + b2) + b3,
             "b₂ is added behind W₂.", "b"),
            ("weights forgotten", lambda W1, b1, W2, b2, W3, b3: W3 @ W2 @ (b1 + b2 + b3),
             "A bias passes only through the layers above its own.", "b"),
            ("weights forgotten", lambda W1, b1, W2, b2, W3, b3: W3 @ (b1 + b2) + b3,
             "b₁ passes through W₂ as well.", "b"),
            ("weights forgotten", lambda W1, b1, W2, b2, W3, b3: W3 @ W2 @ b1 + b2 + b3,
             "b₂ passes through W₃.", "b"),
            ("one layer too many", lambda W1, b1, W2, b2, W3, b3:
             W3 @ W2 @ W1 @ b1 + W3 @ W2 @ b2 + W3 @ b3,
             "A bias is added after its own matrix: it passes only through those above.", "b"),
        ),
        hints=("Multiply out from the inside: W₂(W₁x + b₁) + b₂ = W₂W₁x + W₂b₁ + b₂.",
               "Once more with W₃ and b₃.", "W is what stands before x, b is all the rest."),
        why=r"$W_3(W_2(W_1x+b_1)+b_2)+b_3 = W_3W_2W_1\,x + \big(W_3W_2b_1 + W_3b_2 + b_3\big)$.",
    ),
)
