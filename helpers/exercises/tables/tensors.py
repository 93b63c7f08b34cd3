"""Exercises of notebook 04: the monster and the mask."""

import numpy as np

from ...calculus.jacobian import contract
from ...calculus.operations import OPERATIONS
from ..exercise import full, function, predict
from .activations import near_zero


def layer(W, x, b, z):
    """The gradients of ℓ = ‖ReLU(Wx + b) − z‖² by W, x and b, through full Jacobians."""
    affine, relu = OPERATIONS["affine_vector"], OPERATIONS["relu"]
    c = affine(W, x, b)
    upstream = contract(2 * (relu(c) - z), relu.jacobian(c))
    return {wrt: contract(upstream, affine.jacobian(W, x, b, wrt=wrt)) for wrt in ("W", "x", "b")}


def layer_by_hand(W, x, b, z, mask=None, residual=2.0):
    """The same in compact form, with a mask and a factor that may be wrong."""
    c = W @ x + b
    g = residual * (np.maximum(c, 0) - z) * (c > 0 if mask is None else mask(c))
    return np.outer(g, x), W.T @ g, g


def layer_by_residual(W, x, b, residual):
    """The same, from what should be h − z."""
    g = 2 * residual * (W @ x + b > 0)
    return np.outer(g, x), W.T @ g, g


# What stands for g = dℓ/dc: a mask of c, a factor of the residual, or the residual itself.
LAYER_SLIPS = (
    ("factor ½", "", lambda W, x, b, z: layer_by_hand(W, x, b, z, residual=1.0)),
    ("mask forgotten", "", lambda W, x, b, z: layer_by_hand(W, x, b, z, np.ones_like)),
    ("mask from the wrong array", "The mask asks what went into the unit, not what comes back.",
     lambda W, x, b, z: layer_by_hand(W, x, b, z, lambda c: np.maximum(c, 0) > z)),
    ("mask from the wrong array", "This mask is 1 where the unit is off.",
     lambda W, x, b, z: layer_by_hand(W, x, b, z, lambda c: c < 0)),
    ("bias forgotten", "The mask asks about all that goes into the unit: b is part of it.",
     lambda W, x, b, z: layer_by_hand(W, x, b, z, lambda c: c - b > 0)),
    ("mask forgotten, factor ½", "Both the unit and the square leave a factor behind.",
     lambda W, x, b, z: layer_by_hand(W, x, b, z, np.ones_like, residual=1.0)),
    ("value for derivative", "The unit passes a gradient on or stops it; it does not multiply by "
     "its value.", lambda W, x, b, z: layer_by_hand(W, x, b, z, lambda c: np.maximum(c, 0))),
    ("mean for sum", "‖h − z‖² is a sum, not a mean.",
     lambda W, x, b, z: layer_by_hand(W, x, b, z, residual=2 / len(b))),
    ("lost path", "z belongs to the residual.",
     lambda W, x, b, z: layer_by_residual(W, x, b, np.maximum(W @ x + b, 0))),
    ("loss at the wrong place", "The loss compares z with what comes out of the unit.",
     lambda W, x, b, z: layer_by_residual(W, x, b, W @ x + b - z)),
)


def layer_mistakes():
    """Rows for the three outputs of `relu_layer`."""
    rows = [(name, lambda *a, k=k, slip=slip: slip(*a)[k], remedy, output)
            for name, remedy, slip in LAYER_SLIPS for k, output in enumerate(("dW", "dx", "db"))]
    return (*rows,
            ("lost transpose", lambda W, x, b, z: W @ layer_by_hand(W, x, b, z)[2],
             "g has the axis of the outputs, x that of the inputs: Wᵀ leads from one to the other.",
             "dx"),
            ("not summed", lambda W, x, b, z: W.T * layer_by_hand(W, x, b, z)[2],
             "Every output sends a part back to each x: add them.", "dx"),
            ("summed", lambda W, x, b, z: layer_by_hand(W, x, b, z)[2].sum(),
             "Every entry of b has a path of its own.", "db"),
            ("db from dW", lambda W, x, b, z: layer_by_hand(W, x, b, z)[0].sum(1),
             "b does not meet x: its factor in the forward pass is 1.", "db"),
            ("order swapped", lambda W, x, b, z: np.outer(x, layer_by_hand(W, x, b, z)[2]),
             "dW has the shape of W: rows belong to g, columns to x.", "dW"))


def larger_units(count):
    """Rows for a count of bytes that was given in kB, MB or GB, by 1000 or 1024, rounded or not."""
    return [("larger unit", round(count / base**power, digits),
             f"That is in {'kMG'[power - 1]}B: bytes were asked for.", "bytes")
            for base in (1000, 1024) for power in (1, 2, 3) for digits in range(10)]


ROWS = (
    predict(
        "sigmoid_entries",
        "A sigmoid works on a (6, 3) batch. How many entries has its full Jacobian, and how many "
        "of them are 0 whatever the numbers are?",
        truth={"entries": lambda: OPERATIONS["sigmoid"].jacobian(np.ones((6, 3))).size,
               "zeros": lambda: np.sum(OPERATIONS["sigmoid"].jacobian(np.ones((6, 3))) == 0)},
        answer="324, 306",
        mistakes=(
            ("counting", 18, "18 numbers come out and 18 go in: every pair has an entry.",
             "entries"),
            ("counting", 36, "Count pairs: multiply outputs by inputs, do not add.", "entries"),
            ("batch forgotten", 6 * 9, "An entry pairs any output with any input, of any two "
             "examples: (6, 3, 6, 3).", "entries"),
            ("counting", 18, "18 is how many are not 0.", "zeros"),
            ("counting", 108 - 18, "Other examples count as well: their entries are 0.", "zeros"),
            ("counting", 324, "An output does depend on the input in its own place.", "zeros"),
            ("counting", 162, "No slope of a sigmoid is 0: it is not a ReLU.", "zeros"),
        ),
        hints=("How many numbers does the layer give, how many does it get?",
               "The Jacobian has an entry for each pair of an output and an input.",
               "Of the 18 entries of one output only one can differ from 0."),
        why="18 outputs × 18 inputs are 324 entries. Each output depends on one input, the one in "
            "its own place, so 18 entries are slopes and the other 306 are 0.",
    ),
    predict(
        "relu_cost",
        "A ReLU works on a batch with N = 32 and H = 512, in float64 (8 bytes a number). How many "
        "entries has its full Jacobian, how many bytes are they, and how many numbers has the mask "
        "that replaces it? You may calculate in the cell.",
        truth={"entries": lambda: (32 * 512)**2, "bytes": lambda: 8 * (32 * 512)**2,
               "mask": lambda: 32 * 512},
        answer="(32 * 512)**2, 8 * (32 * 512)**2, 32 * 512",
        mistakes=(
            ("counting", 32 * 512, "That is how many numbers Y has. The Jacobian pairs each with "
             "each of X.", "entries"),
            ("counting", 32 * 512**2, "That is the batch view, N matrices of H × H: the full "
             "Jacobian pairs examples with each other, too.", "entries"),
            ("counting", 2 * 32 * 512, "Outputs times inputs, not outputs plus inputs.", "entries"),
            ("entries for bytes", (32 * 512)**2, "A float64 takes 8 bytes.", "bytes"),
            ("float32", 4 * (32 * 512)**2, "4 bytes are a float32: a float64 takes 8.", "bytes"),
            ("bits for bytes", 64 * (32 * 512)**2, "64 are the bits: a byte has 8.", "bytes"),
            *larger_units(8 * (32 * 512)**2),
            ("batch forgotten", 512, "Each example has a mask of its own.", "mask"),
            ("bytes for entries", 8 * 32 * 512, "Numbers were asked for, not bytes.", "mask"),
        ),
        hints=("The shape is (N, H, N, H).", "Entries: (N·H)². Bytes: eight times that.",
               "The mask has the shape of X."),
        why="(32·512)² = 268,435,456 entries take 2,147,483,648 bytes, 2 GiB. The mask has "
            "32·512 = 16,384 numbers.",
    ),
    function(
        "sigmoid_backward", "derive", "G, Y", "return G * Y * (1 - Y)",
        "Y = σ(X), entry by entry. Write dL/dX from `G` and the output `Y`.",
        axes="n h, n h", prepare=lambda random, G, X: (G, OPERATIONS["sigmoid"](X)),
        truth={"dX": full("sigmoid", "X", lambda G, Y: (G, np.log(Y / (1 - Y))))},
        mistakes=(
            ("upstream forgotten", lambda G, Y: Y * (1 - Y)),
            ("local gradient forgotten", lambda G, Y: G),
            ("slope at the wrong place", lambda G, Y: G / (1 + np.exp(-Y))
             * (1 - 1 / (1 + np.exp(-Y))), "Y is σ(X) already: do not apply σ again."),
            ("slope at the wrong place", lambda G, Y: G / (1 + np.exp(-Y)),
             "Y is σ(X) already, and a slope is asked for, not a value."),
            ("slope at the wrong place", lambda G, Y: G * np.exp(-Y) / (1 + np.exp(-Y)),
             "Y is σ(X) already: no exp is needed."),
            ("sign of one term", lambda G, Y: G * Y * (1 + Y), "Where σ is near 1 it is flat: "
             "a factor must vanish there."),
            ("square", lambda G, Y: G * Y * (1 - Y**2), "Derive σ′ once more from 1/(1 + e⁻ˣ)."),
            ("square", lambda G, Y: G * Y**2 * (1 - Y), "Derive σ′ once more from 1/(1 + e⁻ˣ)."),
            ("local gradient twice", lambda G, Y: G * (Y * (1 - Y))**2,
             "The unit is passed once on the way back."),
            ("inverse", lambda G, Y: G / (Y * (1 - Y)), "Going back is no inverse: multiply."),
            ("value for derivative", lambda G, Y: G * Y, "The slope of σ is σ·(1 − σ)."),
            ("value for derivative", lambda G, Y: G * (1 - Y), "The slope of σ is σ·(1 − σ)."),
            ("slope of tanh", lambda G, Y: G * (1 - Y**2), "1 − y² belongs to tanh."),
            ("sign", lambda G, Y: G * Y * (Y - 1), "The slope of σ is positive everywhere."),
            ("mask for a slope", lambda G, Y: G * (Y > 0.5), "A sigmoid has a slope, not a mask."),
        ),
        hints=("Only one line of the derivation for the ReLU changes: the slope.",
               "σ′ = σ(1 − σ).", "Y is σ(X): no exp is needed."),
        why=r"Only the diagonal is left, with $\sigma'(X_{nh}) = Y_{nh}(1-Y_{nh})$: "
            r"$\dfrac{dL}{dX} = G \odot Y \odot (1-Y)$.",
    ),
    function(
        "bias_backward", "derive", "G", "return G.sum(0)",
        "A batch goes through Y = XW + b: the same `b` is added to every row. Write dL/db from "
        "`G`, which has the shape of Y.",
        axes="n k",
        truth={"db": full("affine", "b", lambda G: (G, np.ones((len(G), 1)),
                                                    np.ones((1, G.shape[1])), 0 * G[0]))},
        mistakes=(
            ("batch not summed", lambda G: G),
            ("batch not summed", lambda G: G[0], "That is the gradient of one example."),
            ("mean for sum", lambda G: G.mean(0)),
            ("wrong axis", lambda G: G.sum(1), "b has one entry for each column."),
            ("wrong axis", lambda G: G.sum(), "b has one entry for each column."),
            ("(N,) against (N, 1)", lambda G: G.sum(0, keepdims=True)),
            ("= for +=", lambda G: G[-1]),
        ),
        hints=("Which entries of Y does b[k] reach?", "One in each row: all of column k.",
               "Paths that meet add: a sum over axis 0."),
        why=r"$\partial Y_{nk}/\partial b_{k'} = \delta_{kk'}$, so "
            r"$\dfrac{dL}{db_{k'}} = \sum_{n} G_{nk'}$: `b` reaches every row.",
    ),
    function(
        "weight_outer", "derive", "g, x", "return np.outer(g, x)",
        "One example in column form: c = Wx. Write dL/dW from `g` = dL/dc and `x`.",
        axes="k, m",
        truth={"dW": full("affine_vector", "W", lambda g, x: (g, np.ones((len(g), len(x))), x,
                                                              0 * g))},
        mistakes=(
            ("order swapped", lambda g, x: np.outer(x, g),
             "dW has the shape of W: a row for each entry of c, a column for each of x."),
            ("inner product", lambda g, x: g @ x, "dW is a matrix: every g[i] meets every x[j]."),
            ("Hadamard product", lambda g, x: g * x, "dW is a matrix: each g[i] meets each x[j]."),
            ("upstream forgotten", lambda g, x: np.tile(x, (len(g), 1))),
            ("(N,) against (N, 1)", lambda g, x: np.outer(g, x).ravel()),
            ("slice not contracted", lambda g, x: np.einsum("ki,k,j->kij", np.eye(len(g)), g, x),
             "Sum over the axis of c: dW has the shape of W."),
            ("filled with x", lambda g, x: g.sum() * np.tile(x, (len(g), 1)),
             "∂c[k]/∂W[i, j] is x[j] only for k = i, and 0 elsewhere."),
        ),
        hints=("Write c[i] as a sum. Which weights are in it?",
               "∂c[k]/∂W[i, j] is x[j] for k = i, and 0 elsewhere.",
               "So dW[i, j] = g[i]·x[j]."),
        why=r"$\dfrac{dL}{dW_{ij}} = \sum_k g_k\,\delta_{ki}\,x_j = g_i x_j$: the outer product "
            r"$g\,x^\top$.",
    ),
    function(
        "relu_backward", "code", "G, X", "return G * (X > 0)",
        "Y = max(0, X). Write dL/dX from the upstream gradient `G` and the input `X`.",
        axes="n h, n h", prepare=lambda random, G, X: (G, near_zero(random, X)),
        truth={"dX": full("relu", "X", lambda G, X: (G, X))},
        mistakes=(
            ("mask from the wrong array", lambda G, X: G * (G > 0),
             "The mask asks where X is positive, not G: G may have any sign."),
            ("mask from the wrong array", lambda G, X: G * (X < 0),
             "The mask is 1 where X is positive: this one is 1 where the unit is off."),
            ("value for derivative", lambda G, X: G * np.maximum(X, 0),
             "The slope is 1 where X > 0, not X itself."),
            ("value for derivative", lambda G, X: np.maximum(X, 0)),
            ("mask forgotten", lambda G, X: G),
            ("upstream forgotten", lambda G, X: X > 0),
            ("mask from the wrong array", lambda G, X: np.maximum(G, 0),
             "The backward pass cuts where X was negative, not where G is."),
            ("order swapped", lambda G, X: X * (G > 0), "G passes through the mask of X."),
            ("mask from the wrong array", lambda G, X: G * (G > 0) * (X > 0),
             "One mask is right; the sign of G does not matter."),
            ("mask from the wrong array", lambda G, X: np.where(X > 0, G, X),
             "Where the unit is off nothing goes back, not X."),
            ("slope of the leaky ReLU", lambda G, X: G * np.where(X > 0, 1, 0.01),
             "Where X is negative the slope is 0."),
            ("slope of the leaky ReLU", lambda G, X: G * np.where(X > 0, 1, 0.1),
             "Where X is negative the slope is 0."),
            ("subtracted", lambda G, X: G - (X > 0), "The mask is multiplied with G."),
            ("mask of signs", lambda G, X: G * np.sign(X),
             "Where X is negative the slope is 0, not −1."),
        ),
        hints=("Which entries of Y depend on X[n, h]? Only one.",
               "Its slope is 1 where X[n, h] > 0, and 0 elsewhere.",
               "`X > 0` is an array of the shape of X; True counts as 1."),
        why=r"$\dfrac{dL}{dX_{n'h'}} = \sum_{n,h} G_{nh}\,\delta_{nn'}\delta_{hh'}\,"
            r"\mathbb{1}(X_{n'h'}>0) = G_{n'h'}\,\mathbb{1}(X_{n'h'}>0)$: one term is left.",
    ),
    function(
        "relu_layer", "code", "W, x, b, z",
        "c = W @ x + b\nh = np.maximum(c, 0)\ng = 2 * (h - z) * (c > 0)\n"
        "return np.outer(g, x), W.T @ g, g",
        "h = ReLU(Wx + b) and ℓ = ‖h − z‖². Return dℓ/dW, dℓ/dx, dℓ/db.",
        axes="k m, m, k, k",
        truth={"dW": lambda *a: layer(*a)["W"], "dx": lambda *a: layer(*a)["x"],
               "db": lambda *a: layer(*a)["b"]},
        mistakes=layer_mistakes(),
        hints=("Start at the end: dℓ/dh = 2(h − z). Then go back through the ReLU.",
               "g = dℓ/dc = 1(c > 0) ⊙ 2(h − z). From there it is an affine map.",
               "dW = g xᵀ, dx = Wᵀ g, db = g."),
        why=r"$\dfrac{\partial\ell}{\partial h} = 2(h-z)$, "
            r"$g = \dfrac{\partial\ell}{\partial c} = \mathbb{1}(c>0)\odot"
            r"\dfrac{\partial\ell}{\partial h}$, then "
            r"$\dfrac{\partial\ell}{\partial W} = g\,x^\top$, "
            r"$\dfrac{\partial\ell}{\partial x} = W^\top g$, "
            r"$\dfrac{\partial\ell}{\partial b} = g$.",
    ),
)
