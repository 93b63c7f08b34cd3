"""What is said to a mistake, word for word: its numbers and names are those of the code at hand."""

import numpy as np
import pytest

from helpers import check_gradients
from tests.calculus.doctor.told import told

random = np.random.default_rng(6)
X, A, B = random.standard_normal((3, 3, 4))
W, S, Q = (random.standard_normal(shape) for shape in ((4, 2), (4, 4), (4, 4)))
x, a, b = random.standard_normal((3, 4))


def affine(X, W, b):
    return X @ W + b


def back(G, X, W, b):
    return G @ W.T, X.T @ G, G.sum(0)


def product(X, W):
    return X @ W


def by_x(wrong):
    """The right gradients of X @ W, but that by X is wrong."""
    return lambda G, X, W: (wrong(G, X, W), X.T @ G)


def by_w(wrong):
    return lambda G, X, W: (G @ W.T, wrong(G, X, W))


def by_b(wrong):
    return lambda G, X, W, b: (*back(G, X, W, b)[:2], wrong(G))


def relu(X):
    return np.maximum(X, 0)


def slope(x):
    """Of tanh."""
    return 1 - np.tanh(x)**2


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(Z):
    E = np.exp(Z)
    return E / E.sum(-1, keepdims=True)


def soft(formula):
    """A gradient of softmax from G and the probabilities."""
    return lambda G, Z: formula(G, softmax(Z))


def row(A):
    return A.sum(-1, keepdims=True)


def in_place(G, X):
    G[X <= 0] = 0
    return G


USED = "The input is used twice: each use sends a gradient back, and they add."
TERMS = ("Y is the input times something that depends on it too: the product rule has two terms, "
         "and this is one of them.")
ONCE = "is multiplied in once too often."
MASK = "the mask asks what went into the unit, X."
SUMMED = "Every example uses it, so every example sends a gradient back: sum over the batch axis."

SAID = {  # forward, backward, inputs; which input is wrong, the name of the mistake, what is said
    "G square": (product, by_x(lambda G, X, W: G.T @ W.T), [Q, S], "X", "lost transpose",
                 "G is square, so the shapes do not tell: it is transposed once too often or too "
                 "rarely."),
    "W square": (product, by_x(lambda G, X, W: G @ W), [X, S], "X", "lost transpose",
                 "W is square, so the shapes do not tell: here it wants its transpose."),
    "no mask": (lambda X: np.where(X > 0, X, X / 4), lambda G, X: G, [X], "X", "mask forgotten",
                "Where X < 0 the slope of the unit is 0.25: multiply G by that there."),
    "cut in a loss": (lambda X, W: np.sum(relu(X @ W)), lambda X, W: (
        (X @ W > 0) @ W.T * (X > 0), X.T @ (X @ W > 0)), [X, W], "X", "mask from the wrong array",
        "It is cut off where X is not positive: the mask asks what went into the unit in the "
        "forward pass, and cuts G before that goes further back."),
    "mask by Y": (lambda X: relu(X) - 0.5, lambda G, X: G * (X > 0.5), [X], "X",
                  "mask from the wrong array", f"It is taken from Y: {MASK}"),
    "mask by −X": (relu, lambda G, X: G * (X < 0), [X], "X", "mask from the wrong array",
                   f"It is taken from −X: {MASK}"),
    "mask by G": (relu, lambda G, X: G * (G > 0), [X], "X", "mask from the wrong array",
                  f"It is taken from G: {MASK}"),
    "mask by A": (lambda X, A: relu(X) + A, lambda G, X, A: (G * (A > 0), G), [X, A], "X",
                  "mask from the wrong array", f"It is taken from A: {MASK}"),
    "cut by X": (lambda X, W: relu(X @ W), lambda G, X, W: (
        (G * (X @ W > 0)) @ W.T * (X > 0), X.T @ (G * (X @ W > 0))), [X, W], "X",
        "mask from the wrong array", "It is cut off where X is not positive: the mask asks what "
        "went into the unit in the forward pass, and cuts G before that goes further back."),
    "no sum": (affine, by_b(lambda G: G), [X, W, b[:2]], "b", "batch not summed", SUMMED),
    "first example": (affine, by_b(lambda G: G[0]), [X, W, b[:2]], "b", "batch not summed", SUMMED),
    "last example": (affine, by_b(lambda G: G[-1]), [X, W, b[:2]], "b", "batch not summed", SUMMED),
    "no sum of products": (product, by_w(lambda G, X, W: X[:, :, None] * G[:, None]), [X, W], "W",
                           "batch not summed", SUMMED),
    "axis 1": (affine, by_b(lambda G: G.sum(1)), [X, W, b[:2]], "b", "wrong axis",
               "Say which axis the forward pass works along, and work along the same."),
    "all axes": (affine, by_b(lambda G: G.sum()), [X, W, b[:2]], "b", "wrong axis",
                 "Say which axis the forward pass works along, and work along the same."),
    "one axis less": (product, by_x(lambda G, X, W: (G @ W.T).sum(0)), [X, W], "X", "wrong axis",
                      "It is summed over axis 0, which the input has and the gradient needs."),
    "one axis less, of two": (lambda X: X * Q[:3], lambda G, X: (G * Q[:3]).sum(1), [X], "X",
                              "wrong axis", "Say which axis the forward pass works along, and work "
                              "along the same."),
    **{f"one sum along {k}": (product, by_x(lambda G, X, W, k=k: (G @ W.T).sum(
        k, keepdims=True) * np.ones_like(X)), [X, W], "X", "wrong axis", f"All entries along axis "
        f"{k} are the same sum: each has a gradient of its own.") for k in (0, 1)},
    "other axis": (softmax, lambda G, Z: soft(lambda G, P: P * (G - row(G * P)))(G.T, Z.T).T, [X],
                   "Z", "wrong axis", "Say which axis the forward pass works along, and work along "
                   "the same."),
    "an axis more": (affine, by_b(lambda G: G.sum(0)[None]), [X, W, b[:2]], "b",
                     "(N,) against (N, 1)", "The numbers are right, the axes are not: look at "
                     ".shape, and mind keepdims, [:, None] and reshape."),
    "G as it is": (np.tanh, lambda G, x: G, [X], 0, "local gradient forgotten",
                   "This is the upstream gradient: multiply by the local gradient."),
    "no G": (np.tanh, lambda G, x: slope(x), [X], 0, "upstream forgotten",
             "This is the local gradient alone: multiply by the upstream gradient."),
    "G squared": (np.tanh, lambda G, x: G**2 * slope(x), [X], 0, "upstream twice",
                  "G is multiplied in twice."),
    "slope squared": (np.tanh, lambda G, x: G * slope(x)**2, [X], 0, "local gradient twice",
                      "The local gradient is multiplied in twice."),
    "divided": (np.tanh, lambda G, x: G / slope(x), [X], 0, "divided for multiplied",
                "G is divided by the local gradient: multiply."),
    "slope at Y": (np.tanh, lambda G, x: G * slope(np.tanh(x)), [X], 0, "slope at the wrong place",
                   "Ask what the formula wants: what went in, or what came out."),
    "X for Y": (lambda X: sigmoid(X), lambda G, X: G * X * (1 - X), [X], "X",
                "slope at the wrong place", "The formula wants what came out, Y: it is given X."),
    "Y": (lambda X: sigmoid(X), lambda G, X: sigmoid(X), [X], "X", "value for derivative",
          "This is what the forward pass computes, not its derivative."),
    "G Y": (lambda X: sigmoid(X), lambda G, X: G * sigmoid(X), [X], "X", "value for derivative",
            "G is multiplied by what the forward pass computes, not by its derivative."),
    "diagonal alone": (softmax, soft(lambda G, P: P * (1 - P)), [X], "Z", "upstream forgotten",
                       "This is the diagonal of the Jacobian alone: multiply by the upstream "
                       "gradient, and add what other outputs send back."),
    "diagonal": (softmax, soft(lambda G, P: G * P * (1 - P)), [X], "Z", "lost path",
                 "This counts only the part of Y at the same place: an input that moves several "
                 "outputs gets a gradient from each."),
    "skip": (lambda X: X + np.tanh(X), lambda G, X: G * slope(X), [X], "X", "lost path",
             "G itself is missing: add it, as where the input also reaches the output directly."),
    "one factor": (lambda X: X * np.tanh(X), lambda G, X: G * np.tanh(X), [X], "X", "lost path",
                   TERMS),
    "other factor": (lambda X: X * np.tanh(X), lambda G, X: G * X * slope(X), [X], "X",
                     "lost path", TERMS),
    "X Xᵀ": (lambda X: X @ X.T, lambda G, X: G @ X, [X], "X", "lost path", USED),
    "X Xᵀ, turned": (lambda X: X @ X.T, lambda G, X: G.T @ X, [X], "X", "lost path", USED),
    "xᵀAx": (lambda x, A: x @ A @ x, lambda x, A: A @ x, [x, S], "x", "lost path", USED),
    "xᵀAx, turned": (lambda x, A: x @ A @ x, lambda x, A: A.T @ x, [x, S], "x", "lost path", USED),
    "factor forgotten": (lambda X, a: np.tanh(X) * a, lambda G, X, a: (
        G * slope(X), (G * np.tanh(X)).sum(0)), [X, a], "X", "a forgotten",
        "This would be right if a were 1: a stands in the way back too."),
    "α forgotten": (lambda X, alpha: np.tanh(X) * alpha, lambda G, X, alpha: (
        G * slope(X), (G * np.tanh(X)).sum(0)), [X, a], "X", "α forgotten",
        "This would be right if alpha were 1: alpha stands in the way back too."),
    "input twice": (np.tanh, lambda G, x: G * slope(x) * x, [X], 0, "x twice", f"x {ONCE}"),
    "factor twice": (lambda X, a: np.tanh(X) * a, lambda G, X, a: (
        G * slope(X) * a**2, (G * np.tanh(X)).sum(0)), [X, a], "X", "a twice", f"a {ONCE}"),
    "G times a": (lambda X, a: (X * a) @ S, lambda G, X, a: (
        ((G * a) @ S.T) * a, (X * (G @ S.T)).sum(0)), [X, a], "X", "a twice", f"a {ONCE}"),
    "itself": (product, by_w(lambda G, X, W: X.T @ G * W), [X, W], "W", "W twice",
               f"W does not stand in its own gradient: it {ONCE}"),
    "S": (product, by_x(lambda G, X, W: W), [Q, S], "X", "upstream forgotten",
          "This is W itself, the local gradient: multiply by the upstream one."),
    "Sᵀ": (product, by_x(lambda G, X, W: W.T), [Q, S], "X", "upstream forgotten",
           "This is Wᵀ itself, the local gradient: multiply by the upstream one."),
    "Wᵀ": (product, by_x(lambda G, X, W: W.T), [X, W], "X", "upstream forgotten",
           "This is Wᵀ itself, the local gradient: multiply by the upstream one."),
    "another slope": (lambda X: np.where(X > 0, X, X / 4), lambda G, X: G * np.where(X > 0, 1, 0.1),
                      [X], "X", "another slope", "Where X < 0 the slope is 0.1 here, and 0.25 in "
                      "the forward pass."),
    "another upper slope": (lambda X: np.where(X > 0, 3 * X, X / 4), lambda G, X: G * np.where(
        X > 0, 2, 0.25), [X], "X", "another slope", "Where X > 0 the slope is 2 here, and 3 in the "
        "forward pass."),
    "exchanged": (lambda A, B: A * B, lambda G, A, B: (G * A, G * B), [A, 1.2 * A + 0.1], "A",
                  "another order", "This is dB: return the gradients in the order of the inputs, "
                  "dA, dB."),
    "an order": (affine, lambda G, X, W, b: back(G, X, W, b)[::-1], [X, W, b[:2]], "X",
                 "another order", "This is db: return the gradients in the order of the inputs, "
                 "dX, dW, db."),
    "decay": (product, by_w(lambda G, X, W: X.T @ G + W / 8), [X, W], "W", "weight decay",
              "The gradient has 0.125 times W more than it should: a term that the forward pass "
              "does not have, or the other way round."),
    "a third": (product, by_w(lambda G, X, W: 0.3 * X.T @ G), [X, W], "W", "factor 0.3",
                "Every number is 0.3 times what it should be."),
    "minus a third": (product, by_w(lambda G, X, W: -0.3 * X.T @ G), [X, W], "W", "factor -0.3",
                      "Every number is -0.3 times what it should be."),
    "over N": (product, by_w(lambda G, X, W: X.T @ G / len(X)), [X, W], "W", "mean for sum",
               "Every number is 1/N of what it should be, N = 3: it is divided by the batch once "
               "too often."),
    "times −N": (product, by_w(lambda G, X, W: -X.T @ G * len(X)), [X, W], "W",
                 "factor N and sign", "Every number is N times what it should be, N = 3: does the "
                 "forward pass take a mean over the batch?"),
    "G overwritten": (relu, in_place, [X], "X", "input overwritten", "backward writes to G. Others "
                      "still need it: work on a copy, as in `dX = G.copy()`."),
    "overwritten, and twice": (relu, lambda G, X: 2 * in_place(G, X), [X], "X", "factor 2", "Every "
                               "number is twice too large: look for a 2 too many, or a ½ that is "
                               "missing."),
    "three written out": (product, by_w(lambda G, X, W: X[:3].T @ G[:3] / 3), [X, W], "W",
                          "mean for sum", "Every number is 1/N of what it should be, N = 3: is it "
                          "divided by the batch once too often, or is a factor 3 lost?"),
    "times K": (product, by_x(lambda G, X, W: G.shape[1] * G @ W.T), [X, S[:, :3]], "X", "factor K",
                "Every number is K times what it should be, K = 3, the size of the last axis."),
    "one number": (lambda x: np.exp(x), lambda G, x: G * x, [2.0], "x", "slope at the wrong place",
                   "The formula wants what came out, Y: it is given x."),
    "cut by what is not negative": (lambda X, W: relu(X @ W), lambda G, X, W: (
        (G * (X @ W > 0)) @ W.T * (X > 0), X.T @ (G * (X @ W > 0))), [np.maximum(X, 0), W], "X",
        "mask from the wrong array", "It is cut off where X is not positive: the mask asks what "
        "went into the unit in the forward pass, and cuts G before that goes further back."),
    "half, in one memory": (lambda A, B: A + 2 * B, lambda G, A, B: (once := 1 * G, once), [A, B],
                            "B", "factor ½", "Every number is half of what it should be: look for "
                            "a lost 2, as in the derivative of a square, and for an input that is "
                            "used twice."),
    "one memory": (lambda A, B: A * B, lambda G, A, B: (found := G * A * B, found), [A, B], "A",
                   "aliasing", "dA and dB are the same array: what is written to one changes the "
                   "other. Make each of its own."),
    "rounded": (np.tanh, lambda G, x: np.round(G * slope(x), 4), [X], 0, "rounding", "Nearly right "
                "is not right: keep all digits (no round, no float16, no difference quotient)."),
    "not a number": (np.tanh, lambda G, x: G * np.nan, [X], 0, "nan or ∞", "Look for a division by "
                     "0, a logarithm of 0, or a number beyond 1e308."),
}


@pytest.mark.parametrize("forward, backward, inputs, by, name, remedy", SAID.values(), ids=SAID)
def test_a_mistake_is_explained_with_the_names_and_numbers_at_hand(forward, backward, inputs, by,
                                                                  name, remedy):
    checks = check_gradients(forward, backward, *inputs)
    (place,) = [i for i, check in enumerate(checks) if by in (i, check.wrt)]
    check = checks[place]
    assert (check.mistake, check.remedy) == (name, remedy), check
    verdict, facts = told((forward, backward, *inputs), place, check.wrt)
    assert (check.verdict, check.facts) == (verdict if facts or "shape" in verdict else
                                            "the numbers are right, but:", facts)
