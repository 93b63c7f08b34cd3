"""Exercises of notebook 07: train with your gradients."""

import numpy as np

from ...calculus.jacobian import contract
from ...calculus.operations import OPERATIONS
from ..exercise import full, function, predict

LOSSES = (0.2, 1.4, 0.5, 0.7)


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
              "The mask asks where XW + b is positive, not where G is."),
             ("mask from the wrong array", lambda A, G: A < 0,
              "This mask is 1 where the unit is off."),
             ("value for derivative", lambda A, G: np.maximum(A, 0),
              "The slope of the ReLU is 1, not its value."))
    return tuple((name, lambda *a, k=k, mask=mask: dense_by_hand(*a, mask)[k], remedy, output)
                 for name, mask, remedy in wrong for k, output in enumerate(("dX", "dW", "db")))


def scores(random, Z, labels):
    """Scores and a class for each row."""
    return Z, random.integers(Z.shape[1], size=len(Z))


def softmax(Z, axis=1):
    """Probabilities along an axis."""
    E = np.exp(Z)
    return E / E.sum(axis, keepdims=True)


def onehot(Z, labels):
    """A row for each label, 1 at its class."""
    return np.eye(Z.shape[1])[labels]


def branches(G, H, W, V):
    """dX of two products with the same X, through their full Jacobians."""
    X = np.zeros((len(G), len(W)))
    product = OPERATIONS["matmul"]
    return sum(contract(upstream, product.jacobian(X, M, wrt="A"))
               for upstream, M in ((G, W), (H, V)))


def rates(random, W, dW, rate, decay):
    """A learning rate and a weight decay."""
    return W, dW, random.uniform(0.05, 0.5), random.uniform(0.05, 0.5)


ROWS = (
    predict(
        "sgd_by_hand",
        "A weight w = 1 is used in two branches, which send back the gradients 3 and −1. What is w "
        "after one step of gradient descent with learning rate 0.1?",
        truth={"w": lambda: 1 - 0.1 * (3 - 1)}, answer="1 - 0.1 * (3 - 1)",
        mistakes=(
            ("sign", 1.2, "Descent goes against the gradient: w − rate · gradient."),
            ("= for +=", 0.7, "The second branch adds its −1."),
            ("= for +=", 1.1, "The second branch must not replace the first."),
            ("mean for sum", 0.9), ("rate forgotten", -1.0, "The step is 0.1 times the gradient."),
            ("step for weight", 0.2, "That is the step: subtract it from w."),
            ("sum of sizes", 0.6, "Gradients add with their signs: 3 + (−1)."),
        ),
        hints=("First the gradient of w: two paths meet.", "3 + (−1) = 2.", "w − rate · gradient."),
        why="The gradients add up to 2, the step is 0.1·2 = 0.2, against the gradient: 0.8.",
    ),
    predict(
        "batch_loss",
        "Four examples have the losses 0.2, 1.4, 0.5 and 0.7. L is their mean, the loss of the "
        "batch. What is L, and what is dL/d(loss of the second example)?",
        truth={"L": lambda: OPERATIONS["mean"](np.reshape(LOSSES, (4, 1)), axis=0)[0],
               "share": lambda: OPERATIONS["mean"].jacobian(np.reshape(LOSSES, (4, 1)),
                                                            axis=0)[0, 1, 0]},
        answer="0.7, 0.25",
        mistakes=(
            ("sum for mean", 2.8, "Divide by the number of examples.", "L"),
            ("counting", 2.8 / 3, "There are four examples.", "L"),
            ("one example", 1.4, "L is the mean over the batch.", "L"),
            ("median for mean", 0.6, "That is the median.", "L"),
            ("sum for mean", 1, "A nudge of one loss moves the mean by a quarter.", "share"),
            ("value for derivative", 1.4 / 4, "The slope does not depend on the loss itself.",
             "share"),
            ("value for derivative", 1.4 / 2.8, "That is its part of the sum, not a slope.",
             "share"),
        ),
        hints=("Add and divide by four.", "Nudge the second loss by 0.1: how far does L move?",
               "By 0.025: so the slope is …"),
        why="(0.2 + 1.4 + 0.5 + 0.7)/4 = 0.7; each loss enters with the factor 1/4.",
    ),
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
            ("sum for mean", lambda Z, labels: softmax(Z) - onehot(Z, labels),
             "L is a mean over the batch: divide by N."),
            ("sign", lambda Z, labels: (onehot(Z, labels) - softmax(Z)) / len(Z),
             "It is P − T: the score of the right class must grow, so its gradient is negative."),
            ("label forgotten", lambda Z, labels: softmax(Z) / len(Z),
             "Subtract 1 at the label of each row."),
            ("wrong axis", lambda Z, labels: (softmax(Z, 0) - onehot(Z, labels)) / len(Z),
             "softmax works along each row: keepdims=True and axis 1."),
            ("wrong axis", lambda Z, labels: (softmax(Z) - onehot(Z, labels)) / Z.size,
             "The mean is over examples: divide by N, not by N·K."),
            ("sigmoid for softmax",
             lambda Z, labels: (1 / (1 + np.exp(-Z)) - onehot(Z, labels)) / len(Z),
             "The scores of a row share one sum."),
            ("softmax forgotten", lambda Z, labels: (Z - onehot(Z, labels)) / len(Z),
             "Probabilities minus labels: Z are scores."),
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
            ("bias forgotten", lambda G, X, W, b: (G * (X @ W > 0)) @ W.T,
             "The mask asks about XW + b.", "dX"),
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
            ("product of paths", lambda G, H, W, V: (G @ W.T) * (H @ V.T),
             "Along a path gradients are multiplied, paths are added."),
            ("branches swapped", lambda G, H, W, V: G @ V.T + H @ W.T,
             "Each gradient goes back through its own matrix."),
        ),
        hints=("One branch alone gives G Wᵀ.", "The other gives H Vᵀ.", "Paths that meet add."),
        why=r"Two paths meet in $X$: $\dfrac{dL}{dX} = G\,W^\top + H\,V^\top$. In code: "
            r"`dX = G @ W.T`, then `dX += H @ V.T`.",
    ),
    function(
        "decayed_step", "code", "W, dW, rate, decay",
        "return W - rate * (dW + decay * W)",
        "The loss gets a penalty, L + decay/2·‖W‖², where ‖W‖² is the sum of the squares of all "
        "entries of W. `dW` is dL/dW without it. Return W after one step of gradient descent, as "
        "a new array.",
        axes="n h, n h,,", prepare=rates,
        truth={"W": lambda W, dW, rate, decay: W - rate * (dW + decay * W)},
        mistakes=(
            ("sign", lambda W, dW, rate, decay: W + rate * (dW + decay * W),
             "Descent goes against the gradient."),
            ("penalty forgotten", lambda W, dW, rate, decay: W - rate * dW,
             "The penalty adds decay·W to the gradient."),
            ("factor 2", lambda W, dW, rate, decay: W - rate * (dW + 2 * decay * W),
             "The ½ of the penalty cancels the 2 of the square."),
            ("factor ½", lambda W, dW, rate, decay: W - rate * (dW + decay / 2 * W),
             "The derivative of decay/2·w² is decay·w."),
            ("sign of one term", lambda W, dW, rate, decay: W - rate * (dW - decay * W),
             "The penalty pulls towards 0."),
            ("rate forgotten", lambda W, dW, rate, decay: W - rate * dW - decay * W,
             "The rate multiplies the whole gradient."),
            ("rate forgotten", lambda W, dW, rate, decay: W - (dW + decay * W),
             "The step is rate times the gradient."),
            ("step for weight", lambda W, dW, rate, decay: rate * (dW + decay * W),
             "That is the step: subtract it from W."),
            ("value for derivative",
             lambda W, dW, rate, decay: W - rate * (dW + decay / 2 * W**2),
             "The derivative of w² is 2w."),
        ),
        hints=("What is the derivative of decay/2·w²?", "decay·w: it is added to dW.",
               "W − rate·(all of the gradient)."),
        why=r"$\dfrac{d}{dW}\Big(L + \dfrac{\lambda}{2}\lVert W\rVert^2\Big) = dW + \lambda W$.",
    ),
)
