"""What the student writes in notebook 07 before anything trains: a layer, and the walk."""

from functools import partial

import numpy as np

from ..exercise import full, function

BIAS = (
    ("batch not summed", lambda G, *_: G, "", "db"),
    ("wrong axis", lambda G, *_: G.sum(1), "b has one entry for each column.", "db"),
    ("= for +=", lambda G, *_: G[-1], "", "db"),
    ("wrong axis", lambda G, *_: G.sum(), "b has one entry for each column.", "db"),
    ("db from dW", lambda G, X, *_: (X.T @ G).sum(0), "b does not meet X: its factor in the "
     "forward pass is 1.", "db"),
    ("db from dW", lambda G, X, *_: (X.T @ G).mean(0), "b does not meet X: its factor in the "
     "forward pass is 1.", "db"),
    ("db from dX", lambda G, X, W, *_: (G @ W.T).sum(0), "b is added behind W: it does not pass "
     "through it.", "db"),
)


def layer_back(X, W, G):
    """(dX, dW) of Y = tanh(XW)."""
    g = G * (1 - np.tanh(X @ W)**2)
    return g @ W.T, X.T @ g


def chained(random, G, X):
    """G and the ways back of three layers Y = tanh(XW) in a row, each with its X and W inside."""
    backs = np.empty(3, object)
    for i in range(3):
        W = random.standard_normal((X.shape[1],) * 2)
        backs[i] = partial(layer_back, X, W)
        X = np.tanh(X @ W)
    return G, backs


def walked(G, backs):
    """(dX, own gradients) by a walk that hands the rest to itself."""
    if not len(backs):
        return G, []
    G, own = backs[-1](G)
    dX, before = walked(G, backs[:-1])
    return dX, [*before, own]


def forwards(G, backs):
    """The same in the wrong direction."""
    dX, own = walked(G, backs[::-1])
    return dX, own[::-1]


AFFINE = function(
    "affine_backward", "derive", "G, X, W", "return G @ W.T, X.T @ G, G.sum(0)",
    "Y = XW + b on a batch. Return dL/dX, dL/dW and dL/db.",
    axes="n k, n m, m k",
    truth={f"d{wrt}": full("affine", wrt, lambda G, X, W: (G, X, W, W[0]))  # b moves no gradient
           for wrt in ("X", "W", "b")},
    mistakes=(
        ("lost transpose", lambda G, X, W: G @ W, "", "dX"),
        ("order swapped", lambda G, X, W: W @ G, "", "dX"),
        ("order swapped", lambda G, X, W: W.T @ G, "", "dX"),
        ("lost transpose", lambda G, X, W: X @ G, "", "dW"),
        ("order swapped", lambda G, X, W: G @ X.T, "", "dW"),
        ("batch not summed", lambda G, X, W: np.einsum("nk,nm->nmk", G, X), "", "dW"),
        ("= for +=", lambda G, X, W: np.outer(X[-1], G[-1]),
         "Every example has a part in dW: add them.", "dW"),
        ("local gradient forgotten", lambda G, X, W: np.tile(G.sum(0), (len(W), 1)),
         "Each weight meets a number of X in the forward pass.", "dW"),
        ("value for derivative", lambda G, X, W: X.T @ (X @ W),
         "What comes back is G, not Y.", "dW"),
        *BIAS,
    ),
    hints=("Each gradient has the shape of its input.",
           "dX (n, m) from G (n, k) and W (m, k): sum over k. dW (m, k) from X and G: over n.",
           "dX = G Wᵀ, dW = Xᵀ G, db = the sum over the batch."),
    why=r"$\dfrac{dL}{dX_{nm}} = \sum_k G_{nk}W_{mk}$, "
        r"$\dfrac{dL}{dW_{mk}} = \sum_n X_{nm}G_{nk}$, "
        r"$\dfrac{dL}{db_k} = \sum_n G_{nk}$.",
)

WALK = function(
    "walk_back", "code", "G, backs",
    "own = []\nfor back in backs[::-1]:\n    G, gradients = back(G)\n"
    "    own.append(gradients)\nreturn G, own[::-1]",
    "`backs` holds a function for each layer, first layer first: back(G) takes the upstream "
    "gradient of its layer and gives (gradient of its input, gradients of its own numbers). "
    "`G` is dL/dY of the last layer. Return dL/dX of the first, and a list of all own "
    "gradients, first layer first.",
    axes="n m, n m", prepare=chained,
    truth={"dX": lambda G, backs: walked(G, backs)[0],
           "own": lambda G, backs: walked(G, backs)[1]},
    mistakes=(
        ("order swapped", lambda G, backs: forwards(G, backs)[0],
         "The last layer comes first on the way back: backs[::-1].", "dX"),
        ("order swapped", lambda G, backs: forwards(G, backs)[1],
         "The last layer comes first on the way back: backs[::-1].", "own"),
        ("list not turned", lambda G, backs: walked(G, backs)[1][::-1],
         "You met the last layer first: turn the list round at the end.", "own"),
        ("list not turned", lambda G, backs: forwards(G, backs)[1][::-1],
         "Walk from the last layer to the first, and turn the list of what you met.", "own"),
        ("G not handed on", lambda G, backs: backs[0](G)[0],
         "Each layer gets what the one behind it sent: G, … = back(G).", "dX"),
        ("G not handed on", lambda G, backs: backs[-1](G)[0],
         "Each layer gets what the one behind it sent: G, … = back(G).", "dX"),
        ("G not handed on", lambda G, backs: [back(G)[1] for back in backs],
         "Each layer gets what the one behind it sent: G, … = back(G).", "own"),
        ("G not handed on", lambda G, backs: [back(G)[1] for back in backs[::-1]],
         "Each layer gets what the one behind it sent: G, … = back(G).", "own"),
        ("G handed through", lambda G, backs: G, "That is the upstream gradient: the first "
         "layer's back gives dL/dX.", "dX"),
        ("one layer too few", lambda G, backs: walked(G, backs[1:])[0],
         "The first layer has a way back, too.", "dX"),
    ),
    hints=("Which layer knows its upstream gradient at the start? Only the last.",
           "Call its back: the first thing it gives is the G of the layer before it.",
           "for back in backs[::-1]: G, gradients = back(G). Collect, and turn the list."),
    why="The chain rule for a row of layers: each takes the upstream gradient of its output "
        "and hands on that of its input. The list grows from the last layer to the first, so "
        "it is turned round.",
)
