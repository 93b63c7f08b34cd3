"""Exercises of notebook 01: activations."""

from itertools import pairwise

import numpy as np

from ...calculus.jacobian import contract
from ...calculus.operations import OPERATIONS
from ...words import factor, listed, short
from ..exercise import Truth, full, function, predict


def sigma(x):
    """The sigmoid, as the textbook writes it."""
    return 1 / (1 + np.exp(-x))


def saturated(batch):
    """Where in a batch the slope of the sigmoid is below 0.05."""
    return np.diag(OPERATIONS["sigmoid"].jacobian(np.array(batch, float))) < 0.05


def near_zero(random, X):
    """The same numbers, every other one so small that a border beside 0 shows."""
    small = (np.arange(X.size) % 2 == 1).reshape(X.shape)
    return np.where(small, np.sign(X) * 10.0 ** random.uniform(-3, -1, X.shape), X)


def with_zeros(random, X, at_zero):
    """The same numbers, some of them small or exactly 0, and a slope between 0 and 1."""
    X = np.where(random.random(X.shape) < 0.3, 0.0, near_zero(random, X))
    X.flat[0] = 0.0
    return X, random.uniform(0.1, 0.9)


def layers(*sizes):
    """How many numbers a stack of affine layers of these sizes has, in W and b."""
    return sum((m + 1) * k for m, k in pairwise(sizes))


def survivor(g, alpha, x, w):
    """What passes a leaky ReLU at x, a weight and a sigmoid at 0, of an upstream g."""
    leaky = OPERATIONS["leaky_relu"].jacobian([float(x)], alpha=alpha).item()
    return g * leaky * w * OPERATIONS["sigmoid"].jacobian([0.0]).item()


def relu6(G, X):
    """The full Jacobian of min(max(0, X), 6)."""
    return np.eye(X.size).reshape(X.shape * 2) * ((X > 0) & (X < 6))


def signs(random, z, y):
    """Labels of −1 and 1."""
    return z, np.where(y > 0, 1.0, -1.0)


def wide(random, G, X):
    """Inputs on all sides of 0 and 6, most of them close to one of the two."""
    border = np.where(random.random(X.shape) < 0.5, 0.0, 6.0)
    return G, np.where(random.random(X.shape) < 0.3, 8 * X, border + X / 100)


def some_silent(random, Z):
    """Some columns with no positive entry, some with a single one."""
    Z = np.where(random.random(Z.shape[1]) < 0.5, -np.abs(Z), Z)
    return (np.where(random.random(Z.shape) < 0.1, 0.0, Z),)


def stack_numbers(k, m, n, o):
    """How many numbers three affine layers have, and the one that does the same."""
    whole = layers(k, m, n, o)
    return predict(
        "stack_numbers",
        f"{k} pixels go through affine layers with {m}, {n} and {o} outputs, no unit between. How "
        "many weights (entries of all W and all b) has the stack, and how many the one layer that "
        "does the same?",
        truth={"stack": lambda: layers(k, m, n, o), "one": lambda: layers(k, o)},
        answer=f"{k + 1} * {m} + {m + 1} * {n} + {n + 1} * {o}, {k + 1} * {o}",
        mistakes=(
            ("biases forgotten", k * m + m * n + n * o, "Each layer has a bias for each "
             "output, too.", "stack"),
            ("biases forgotten", k * o, "The one layer has a bias, too.", "one"),
            ("counting", k + m + n + o, "Those are the outputs: W has an entry for each "
             "pair of an input and an output.", "stack"),
            ("counting", m + n + o, "Those are the biases.", "stack"),
            ("counting", (k + 1) * m, "That is the first layer: there are three.", "stack"),
            ("last layer alone", (n + 1) * o, "That is the last layer: the one that replaces all "
             "three begins at the pixels.", "one"),
            ("first layer alone", (k + 1) * m, "That is the first layer: the one that replaces "
             f"all three ends at the {o} scores.", "one"),
        ),
        hints=("An affine layer has a weight for each pair of input and output, and a bias for "
               "each output.", f"The first has {k}·{m} + {m} numbers.",
               f"The one that replaces them leads from {k} to {o}."),
        why=f"{layers(k, m):,} + {layers(m, n):,} + {layers(n, o):,} = {whole:,} numbers in the "
            f"stack, {layers(k, o):,} in W = W₃W₂W₁ and b. The rest buys nothing without a unit.",
    )


def saturated_share(*batch):
    """Where a sigmoid is flat: in a batch with numbers on both sides, and a 2."""
    size, there = len(batch), np.array(batch)[saturated(batch)]
    both, low = len(there), sum(there < 0)
    return predict(
        "saturated_share",
        f"The batch {', '.join(map(short, batch))} goes into a sigmoid. Call a number saturated "
        "when the slope there is below 0.05. What share of the batch is saturated (from 0 to 1)? "
        "σ(2) is 0.881 and σ(3) is 0.953.",
        truth={"share": lambda: np.mean(saturated(batch))}, answer=f"{both} / {size}",
        mistakes=(
            ("counting", both, f"That is how many: a share is divided by {size}."),
            ("percent", 100 * both / size, "A share of all is 1, not 100."),
            ("counting", 1 - both / size, "Those are the ones that are not saturated."),
            ("one tail", low / size, "The slope is small on the right as well."),
            ("one tail", (both - low) / size, "The slope is small on the left as well."),
            ("counting", (both + 1) / size, "At 2 the slope is 0.881·0.119 = 0.105, above 0.05."),
        ),
        hints=("The slope is σ(x)(1 − σ(x)), and it is the same at x and −x.",
               "At ±2 it is 0.881·0.119, at ±3 it is 0.953·0.047.",
               "So the border lies between 2 and 3: count the numbers outside."),
        why="The slope is 0.105 at ±2 and 0.045 at ±3: saturated are "
            f"{listed([short(x) for x in there])}, so {both} of {size}.",
    )


def what_survives(g, alpha, x, w):
    """What comes back through a leaky ReLU at x < 0, a weight w < 0 and a sigmoid at 0."""
    left = short(g * alpha * w / 4)
    return predict(
        "what_survives",
        f"An upstream gradient of {g} comes back to a leaky ReLU (α = {alpha}) whose input was "
        f"{short(x)}, then to a weight of {short(w)}, then to a sigmoid whose input was 0. How "
        "much of it leaves the sigmoid?",
        truth={"left": lambda: survivor(g, alpha, x, w)}, answer=f"{g} * {alpha} * {w} * 0.25",
        mistakes=(
            ("sign", -g * alpha * w * 0.25, f"The weight is {short(w)}."),
            ("weight forgotten", g * alpha * 0.25, "On the way from one unit to the other the "
             "gradient meets the weight."),
            ("value for derivative", g * alpha * x * w * 0.5, "The units multiply by their slopes, "
             "not by their outputs."),
            ("value for derivative", g * alpha * w * 0.5, "σ(0) is ½: its slope there is ½·½."),
            ("slope of the ReLU", 0, "A leaky ReLU lets α of it through."),
            ("wrong side", g * w * 0.25, f"At {short(x)} the leaky ReLU has the slope α."),
            ("slope at 0 of tanh", g * alpha * w, "The sigmoid's slope at 0 is ¼."),
            ("local gradient squared", g * alpha * w * 0.0625, "One unit, one factor."),
        ),
        hints=("Multiply by one local gradient after the other.",
               f"At {short(x)} the leaky ReLU has the slope {alpha}; × {short(w)} follows.",
               "The sigmoid's largest slope, at 0, is ¼."),
        why=f"{g} · {alpha} · {factor(w)} · 0.25 = {left}: a slope for each unit, and the weight "
            "between.",
    )


ROWS = (
    saturated_share(-6, -3, -2, -1, 0, 0.5, 2, 4),
    stack_numbers(784, 256, 64, 10),
    what_survives(6, 0.1, -2, -2),
    function(
        "signed_loss_slope", "derive", "z, y", "return -y / (1 + np.exp(y * z))",
        "Many texts call yes and no y = 1 and y = −1. The right answer then has the probability "
        "σ(yz), as 1 − σ(z) = σ(−z), and the cross-entropy of a score z is L = −log σ(yz) = "
        "log(1 + e⁻ʸᶻ). Write dL/dz for arrays `z` and `y`.",
        axes="n, n", prepare=signs,
        truth={"slope": lambda z, y: sigma(z) - (1 + y) / 2},  # the label as 0 or 1
        mistakes=(
            ("inner derivative", lambda z, y: -1 / (1 + np.exp(y * z)), "−yz has the slope −y by "
             "z."),
            ("sign", lambda z, y: y / (1 + np.exp(y * z)), "−yz has the slope −y by z."),
            ("labels 0 and 1", lambda z, y: sigma(z) - y, "That is right for y = 0 and 1: here "
             "the label of *no* is −1."),
            ("wrong side", lambda z, y: -y / (1 + np.exp(-y * z)), "e⁻ʸᶻ/(1 + e⁻ʸᶻ) is "
             "1/(1 + eʸᶻ): the slope is small where the answer is right."),
            ("value for derivative", lambda z, y: np.log(1 + np.exp(-y * z))),
            ("lost factor", lambda z, y: 1 / (1 + np.exp(-y * z)), "The inner function 1 + e⁻ʸᶻ "
             "has a derivative, too."),
            ("lost factor", lambda z, y: -y * np.exp(-y * z), "log has a slope as well, 1/a."),
            ("label forgotten", lambda z, y: -1 / (1 + np.exp(z)), "That is the slope for y = 1."),
        ),
        hints=("L = log a with a = 1 + e⁻ʸᶻ: the outer slope is 1/a.",
               "The slope of a by z is −y·e⁻ʸᶻ.", "−y·e⁻ʸᶻ/(1 + e⁻ʸᶻ): divide by e⁻ʸᶻ."),
        why=r"$\dfrac{dL}{dz} = \dfrac{-y\,e^{-yz}}{1+e^{-yz}} = \dfrac{-y}{1+e^{yz}}$: again "
            r"prediction minus label, $\sigma(z)-1$ for $y=1$ and $\sigma(z)$ for $y=-1$.",
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
        "relu6_backward", "code", "G, X", "return G * ((X > 0) & (X < 6))",
        "ReLU6, for small devices, is min(max(0, X), 6). Write dL/dX from `G` = dL/dY and `X`.",
        axes="n h, n h", prepare=wide,
        truth={"dX": Truth(lambda *a: contract(a[0], relu6(*a)), relu6, ("Y", "X"))},
        mistakes=(
            ("one border", lambda G, X: G * (X > 0), "Above 6 the curve is flat again."),
            ("one border", lambda G, X: G * (X < 6), "Below 0 the curve is flat."),
            ("value for derivative", lambda G, X: G * np.clip(X, 0, 6), "Between 0 and 6 the "
             "slope is 1."),
            ("borders swapped", lambda G, X: G * ((X < 0) | (X > 6)), "It passes between the two "
             "borders."),
            ("mask from the wrong array", lambda G, X: G * (G > 0)),  # no G is as large as 6
        ),
        hints=("Draw the curve: where is it flat?", "The slope is 1 between 0 and 6, else 0.",
               "Two conditions, joined by &, each in brackets."),
        why=r"$\dfrac{dL}{dX} = G \odot \mathbb{1}(0 < X < 6)$: it saturates on both sides.",
    ),
    function(
        "silent_units", "code", "Z", "return (Z <= 0).all(0)",
        "`Z` (N, H) holds the inputs of H ReLUs for N examples. Return H numbers (or booleans): 1 "
        "for each unit that no example gets a gradient through (slope 0 at 0), else 0.",
        axes="n h", prepare=some_silent, truth={"silent": lambda Z: (Z <= 0).sum(0) == len(Z)},
        mistakes=(
            ("any for all", lambda Z: (Z <= 0).any(0), "One example that is on keeps a unit "
             "alive."),
            ("wrong axis", lambda Z: (Z <= 0).all(1), "Along the batch: a number for each unit."),
            ("wrong side", lambda Z: (Z > 0).all(0), "A ReLU is off where its input is not "
             "positive."),
            ("alive for silent", lambda Z: (Z > 0).any(0), "Those are the units that live."),
            ("share", lambda Z: (Z <= 0).mean(0), "That is for how many examples it is off: "
             "silent means for all of them."),
            ("count", lambda Z: (Z <= 0).sum(0), "That is for how many examples it is off: "
             "silent means for all of them."),
            ("border", lambda Z: (Z < 0).all(0), "At exactly 0 the slope is 0, too."),
            ("mean for all", lambda Z: Z.mean(0) <= 0, "A mean below 0 says nothing of the single "
             "example."),
            ("not summed", lambda Z: Z <= 0, "A number for each unit: ask along the batch."),
        ),
        hints=("When is one unit off for one example?", "Z[n, h] ≤ 0. And for *all* n?",
               "`.all(0)` asks along the batch."),
        why="A unit gets no gradient where Z[n, h] ≤ 0; it is silent when that holds for every n.",
    ),
)
