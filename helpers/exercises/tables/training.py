"""Exercises of notebook 07: train with your gradients."""

import numpy as np

from ...calculus.jacobian import contract
from ...calculus.operations import OPERATIONS
from ...words import listed, short
from ..exercise import full, function, predict
from ..losses import cross_entropy_mistakes, onehot, scores, softmax
from . import written


def dense(G, X, W, b):
    """The gradients of H = ReLU(XW + b) by name, through the full Jacobians of both."""
    affine, relu = OPERATIONS["affine"], OPERATIONS["relu"]
    upstream = contract(G, relu.jacobian(affine(X, W, b)))
    return {wrt: contract(upstream, affine.jacobian(X, W, b, wrt=wrt)) for wrt in ("X", "W", "b")}


def dense_by_hand(G, X, W, b, mask=lambda A, G: A > 0):
    """The same in compact form, with a mask that may be wrong."""
    g = G * mask(X @ W + b, G)
    return g @ W.T, X.T @ g, g.sum(0)


def dense_mistakes():
    """Rows for the three outputs of `dense_backward`."""
    wrong = (("mask forgotten", lambda A, G: np.ones_like(A), ""),
             ("mask from the wrong array", lambda A, G: G > 0,
              "The mask asks what went into the unit, not what comes back."),
             ("mask from the wrong array", lambda A, G: A < 0,
              "This mask is 1 where the unit is off."),
             ("value for derivative", lambda A, G: np.maximum(A, 0),
              "The slope of the ReLU is 1, not its value."))
    outputs = tuple(enumerate(("dX", "dW", "db")))
    return (
        *((name, lambda *a, k=k, mask=mask: dense_by_hand(*a, mask)[k], remedy, output)
          for name, mask, remedy in wrong for k, output in outputs),
        *(("bias forgotten", lambda G, X, W, b, k=k: dense_by_hand(G, X, W, np.zeros_like(b))[k],
           "The mask asks about all that goes into the unit: b is part of it.", output)
          for k, output in outputs),
        ("mask on the wrong side", lambda G, X, W, b: (G @ W.T) * (X > 0),
         "The unit stands behind W: on the way back it comes first, and its mask has the shape "
         "of its output.", "dX"),
        ("value for derivative", lambda G, X, W, b: (G @ W.T) * X,
         "The unit passes a gradient on or stops it.", "dX"),
        ("mask from the wrong array", lambda G, X, W, b: (G * (X @ W + b > 0)) @ np.maximum(W, 0).T,
         "There is one unit, and so one mask.", "dX"),
        ("mask from the wrong array", lambda G, X, W, b: np.maximum(X, 0).T @ (G * (X @ W + b > 0)),
         "There is one unit, and so one mask.", "dW"),
        ("mask from the wrong array", lambda G, X, W, b: np.maximum(X, 0).T @ G,
         "The mask asks what went into the unit: that is not X.", "dW"),
        ("mask from the wrong array", lambda G, X, W, b: np.maximum(G @ W.T, 0),
         "The mask asks what went into the unit, not what comes back.", "dX"),
        ("db from dW", lambda G, X, W, b: dense_by_hand(G, X, W, b)[1].sum(0),
         "b does not meet X: its factor in the forward pass is 1.", "db"),
        ("db from dW", lambda G, X, W, b: dense_by_hand(G, X, W, b)[1].mean(0),
         "b does not meet X: its factor in the forward pass is 1.", "db"),
        ("wrong axis", lambda G, X, W, b: dense_by_hand(G, X, W, b)[2].sum(),
         "b has one entry for each column.", "db"),
        ("= for +=", lambda G, X, W, b: (G * (X @ W + b > 0))[-1], "", "db"),
    )


def branches(G, H, W, V):
    """dX of two products with the same X, through their full Jacobians."""
    X = np.zeros((len(G), len(W)))
    product = OPERATIONS["matmul"]
    return sum(contract(upstream, product.jacobian(X, M, wrt="A"))
               for upstream, M in ((G, W), (H, V)))


def dropped(random, G, kept):
    """A mask of ones and zeros, and the share of ones that was asked for."""
    share = random.uniform(0.3, 0.8)
    return G, (random.random(kept.shape) < share).astype(float), share


def sgd_by_hand(w, a, b):
    """One step of a weight that two branches use: they send back a and −b."""
    return predict(
        "sgd_by_hand",
        f"A weight w = {w} is used in two branches, which send back the gradients {a} and −{b}. "
        "What is w after one step of gradient descent with learning rate 0.1?",
        truth={"w": lambda: w - 0.1 * (a - b)}, answer=f"{w} - 0.1 * ({a} - {b})",
        mistakes=(
            ("sign", w + 0.1 * (a - b), "Descent goes against the gradient: w − rate · gradient."),
            ("= for +=", w - 0.1 * a, f"The second branch adds its −{b}."),
            ("= for +=", w + 0.1 * b, "The second branch must not replace the first."),
            ("mean for sum", w - 0.1 * (a - b) / 2),
            ("rate forgotten", w - (a - b), "The step is 0.1 times the gradient."),
            ("step for weight", 0.1 * (a - b), "That is the step: subtract it from w."),
            ("sum of sizes", w - 0.1 * (a + b), f"Gradients add with their signs: {a} + (−{b})."),
        ),
        hints=("First the gradient of w: two paths meet.", f"{a} + (−{b}) = {a - b}.",
               "w − rate · gradient."),
        why=f"The gradients add up to {a - b}, the step is 0.1·{a - b} = {0.1 * (a - b):.1f}, "
            f"against the gradient: {w - 0.1 * (a - b):.1f}.",
    )


def batch_loss(*losses):
    """The mean of four losses, and its slope by the second."""
    column = np.reshape(losses, (4, 1))
    mean, whole, second = short(sum(losses) / 4), sum(losses), losses[1]
    texts = [short(loss) for loss in losses]
    return predict(
        "batch_loss",
        f"Four examples have the losses {listed(texts)}. L is their mean, the loss of the "
        "batch. What is L, and what is dL/d(loss of the second example)?",
        truth={"L": lambda: OPERATIONS["mean"](column, axis=0)[0],
               "share": lambda: OPERATIONS["mean"].jacobian(column, axis=0)[0, 1, 0]},
        answer=f"{mean}, 0.25",
        mistakes=(
            ("sum for mean", whole, "Divide by the number of examples.", "L"),
            ("counting", whole / 3, "There are four examples.", "L"),
            ("one example", second, "L is the mean over the batch.", "L"),
            ("median for mean", np.median(losses), "That is the median.", "L"),
            ("sum for mean", 1,
             "The other losses stand still: L moves less than the loss does.", "share"),
            ("value for derivative", second / 4, "The slope does not depend on the loss itself.",
             "share"),
            ("value for derivative", second / whole, "That is its part of the sum, not a slope.",
             "share"),
        ),
        hints=("Add and divide by four.", "Nudge the second loss by 0.1: how far does L move?",
               "By 0.025: so the slope is …"),
        why=f"({' + '.join(texts)})/4 = {mean}; each loss enters with the factor 1/4.",
    )


ROWS = (
    sgd_by_hand(1, 3, 1),
    batch_loss(0.2, 1.4, 0.5, 0.7),
    written.AFFINE,
    function(
        "cross_entropy_backward", "derive", "Z, labels",
        "P = np.exp(Z - Z.max(1, keepdims=True))\nP /= P.sum(1, keepdims=True)\n"
        "P[np.arange(len(Z)), labels] -= 1\nreturn P / len(Z)",
        "Scores `Z` (N, K) and class numbers `labels` (N,). L is the mean over the batch of "
        "−log softmax(Z)[label]. Write dL/dZ.",
        axes="n k, n", prepare=scores,
        truth={"dZ": full("softmax_cross_entropy", "Z",
                          lambda Z, labels: (1.0, Z, {"labels": labels}))},
        mistakes=(
            ("sign", lambda Z, labels: (onehot(Z, labels) - softmax(Z)) / len(Z),
             "The score of the right class must grow, so its gradient is negative."),
            *cross_entropy_mistakes(),
            ("batch averaged", lambda Z, labels: (softmax(Z) - onehot(Z, labels)).mean(0),
             "Every score has a gradient of its own: the mean of L is a factor, no sum."),
            ("wrong axis", lambda Z, labels: (softmax(Z) - onehot(Z, labels)) / Z.size,
             "The mean is over examples, not over scores."),
            ("sigmoid for softmax",
             lambda Z, labels: (1 / (1 + np.exp(-Z)) - onehot(Z, labels)) / len(Z),
             "The scores of a row share one sum."),
            ("value for derivative",
             lambda Z, labels: -np.log(softmax(Z)) * onehot(Z, labels) / len(Z),
             "Those are the losses."),
        ),
        hints=("One example first: −log P[t] = −Z[t] + log Σ exp(Z).",
               "The derivative of the logarithm is P; that of −Z[t] is −1 at the label.",
               "(P − T)/N, T with a 1 at each label."),
        why=r"$L_n = -Z_{nt} + \log\sum_k e^{Z_{nk}}$, so "
            r"$\dfrac{\partial L}{\partial Z_{nk}} = \dfrac1N\,(P_{nk} - \delta_{kt_n})$.",
    ),
    function(
        "dropout_backward", "derive", "G, kept, share", "return G * kept / share",
        "Dropout: Y = X ⊙ kept / share. `kept` holds a 1 for each number that is kept and a 0 for "
        "each that is dropped, and share is the probability of a 1. Write dL/dX.",
        axes="n h, n h", prepare=dropped,
        truth={"dX": full("hadamard", "A", lambda G, kept, share: (G, G, kept / share))},  # any X
        mistakes=(
            ("mask forgotten", lambda G, kept, share: G / share,
             "A dropped number reaches nothing: its gradient is 0."),
            ("scale forgotten", lambda G, kept, share: G * kept,
             "The forward pass divides by the share, so the gradient does too."),
            ("inverse", lambda G, kept, share: G * kept * share,
             "The forward pass divides by the share, so the gradient does too."),
            ("cases swapped", lambda G, kept, share: G * (1 - kept) / share,
             "The gradient goes back through what was kept."),
            ("scale of the dropped", lambda G, kept, share: G * kept / (1 - share),
             "share is the probability of being kept."),
            ("measured share", lambda G, kept, share: G * kept / kept.mean(),
             "The forward pass divides by the share that was given, not by what came out."),
            ("mask from the wrong array", lambda G, kept, share: G * (G > 0) / share,
             "The mask is the one of the forward pass."),
            ("scale twice", lambda G, kept, share: G * kept / share**2,
             "The forward pass divides once."),
            ("evaluation mode", lambda G, kept, share: G,
             "That is the test, where nothing is dropped."),
        ),
        hints=("Entry by entry: what is the slope of Y by X?", "kept/share: 0, or one over share.",
               "The same mask as forward, never a new one: G * kept / share."),
        why="Y is X times an array of constants, so dL/dX is G times the same array.",
    ),
    written.WALK,
    function(
        "dense_backward", "code", "G, X, W, b",
        "g = G * (X @ W + b > 0)\nreturn g @ W.T, X.T @ g, g.sum(0)",
        "A layer H = ReLU(XW + b). Return dL/dX, dL/dW and dL/db from `G` = dL/dH.",
        axes="n k, n m, m k, k",
        truth={f"d{wrt}": lambda *a, wrt=wrt: dense(*a)[wrt] for wrt in ("X", "W", "b")},
        mistakes=(
            *dense_mistakes(),
            ("lost transpose", lambda G, X, W, b: (G * (X @ W + b > 0)) @ W, "", "dX"),
            ("lost transpose", lambda G, X, W, b: X @ (G * (X @ W + b > 0)), "", "dW"),
            ("batch not summed", lambda G, X, W, b: G * (X @ W + b > 0), "", "db"),
            ("wrong axis", lambda G, X, W, b: (G * (X @ W + b > 0)).sum(1),
             "b has one entry for each column.", "db"),
        ),
        hints=("Back through the ReLU first: g = G ⊙ 1(XW + b > 0).",
               "Then through the affine map, with g for G.", "g Wᵀ, Xᵀ g, the sum of g over rows."),
        why=r"$g = G\odot\mathbb{1}(XW+b>0)$, then $\dfrac{dL}{dX} = g\,W^\top$, "
            r"$\dfrac{dL}{dW} = X^\top g$, $\dfrac{dL}{db} = \sum_n g_{n}$.",
    ),
    function(
        "shared_input_backward", "code", "G, H, W, V", "return G @ W.T + H @ V.T",
        "X goes into two layers, Y = XW and Z = XV. `G` = dL/dY, `H` = dL/dZ. Write dL/dX.",
        axes="n k, n h, m k, m h", truth={"dX": branches},
        mistakes=(
            ("= for +=", lambda G, H, W, V: H @ V.T),
            ("= for +=", lambda G, H, W, V: G @ W.T),
            ("mean for sum", lambda G, H, W, V: (G @ W.T + H @ V.T) / 2),
            ("sign of one term", lambda G, H, W, V: G @ W.T - H @ V.T, "Gradients of paths add."),
            ("lost transpose", lambda G, H, W, V: G @ W + H @ V),
            ("upstream forgotten", lambda G, H, W, V: np.ones_like(G) @ W.T
             + np.ones_like(H) @ V.T),
            ("lost transpose", lambda G, H, W, V: G @ W.T + H @ V, "One of the two products has "
             "lost its transpose."),
            ("lost transpose", lambda G, H, W, V: G @ W + H @ V.T, "One of the two products has "
             "lost its transpose."),
            ("paths added too early", lambda G, H, W, V: (G + H) @ (W + V).T,
             "Each gradient goes back through its own matrix, then they add."),
            ("product of paths", lambda G, H, W, V: (G @ W.T) * (H @ V.T),
             "Along a path gradients are multiplied, paths are added."),
            ("branches swapped", lambda G, H, W, V: G @ V.T + H @ W.T,
             "Each gradient goes back through its own matrix."),
        ),
        hints=("One branch alone gives G Wᵀ.", "The other gives H Vᵀ.", "Paths that meet add."),
        why=r"Two paths meet in $X$: $\dfrac{dL}{dX} = G\,W^\top + H\,V^\top$. In code: "
            r"`dX = G @ W.T`, then `dX += H @ V.T`.",
    ),
)
