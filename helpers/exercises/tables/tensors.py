"""Exercises of notebook 04: the monster and the mask."""

import numpy as np

from ...calculus.jacobian import contract
from ...calculus.operations import OPERATIONS
from ...words import bytes_text
from ..exercise import full, function, predict
from .activations import near_zero


def by_row(g, x, W, wrt):
    """A gradient of c = xW by the full Jacobian of a batch of one."""
    J = OPERATIONS["affine"].jacobian(x[None], W, W[0], wrt=wrt)  # b moves no gradient
    return contract(g[None], J).reshape(np.shape(x if wrt == "X" else W))


def kept_output(random, G, X):
    """G, the output of a leaky ReLU, and its slope α below 0."""
    alpha = random.uniform(0.1, 0.5)
    X = near_zero(random, X)
    return G, np.where(X > 0, X, alpha * X), alpha


def tied(g, W, x):
    """dL/dW of y = Wᵀ(Wx), through the full Jacobians of both products, with any bias."""
    product, c = OPERATIONS["affine_vector"], W @ x
    back = product.jacobian(W.T, c, x, wrt="W")
    up = contract(g, product.jacobian(W.T, c, x, wrt="x"))
    return contract(g, back).T + contract(up, product.jacobian(W, x, c, wrt="W"))


def larger_units(count):
    """Rows for a count of bytes that was given in kB, MB or GB, by 1000 or 1024, rounded or not."""
    return [("larger unit", round(count / base**power, digits),
             f"That is in {'kMG'[power - 1]}B: bytes were asked for.", "bytes")
            for base in (1000, 1024) for power in (1, 2, 3) for digits in range(10)]


def sigmoid_entries(n, h):
    """How many entries the Jacobian of a unit has, and how many of them are 0."""
    size, shape = n * h, (n, h)
    return predict(
        "sigmoid_entries",
        f"A sigmoid works on a ({n}, {h}) batch. How many entries has its full Jacobian, and how "
        "many of them are 0 whatever the numbers are?",
        truth={"entries": lambda: OPERATIONS["sigmoid"].jacobian(np.ones(shape)).size,
               "zeros": lambda: np.sum(OPERATIONS["sigmoid"].jacobian(np.ones(shape)) == 0)},
        answer=f"{size**2}, {size**2 - size}",
        mistakes=(
            ("counting", size, f"{size} numbers come out and {size} go in: every pair has an "
             "entry.", "entries"),
            ("counting", 2 * size, "Count pairs: multiply outputs by inputs, do not add.",
             "entries"),
            ("batch forgotten", n * h**2, "An entry pairs any output with any input, of any two "
             f"examples: ({n}, {h}, {n}, {h}).", "entries"),
            ("counting", size, f"{size} is how many are not 0.", "zeros"),
            ("counting", n * size - size, "Other examples count as well: their entries are 0.",
             "zeros"),
            ("counting", size**2, "An output does depend on the input in its own place.", "zeros"),
            ("counting", size**2 / 2, "No slope of a sigmoid is 0: it is not a ReLU.", "zeros"),
        ),
        hints=("How many numbers does the layer give, how many does it get?",
               "The Jacobian has an entry for each pair of an output and an input.",
               f"Of the {size} entries of one output only one can differ from 0."),
        why=f"{size} outputs × {size} inputs are {size**2} entries. Each output depends on one "
            f"input, the one in its own place, so {size} entries are slopes and the other "
            f"{size**2 - size} are 0.",
    )


def relu_cost(n, h):
    """What the full Jacobian of a ReLU costs, and what its mask."""
    size, whole = n * h, (n * h)**2
    return predict(
        "relu_cost",
        f"A ReLU works on a batch with N = {n} and H = {h}, in float64 (8 bytes a number). How "
        "many entries has its full Jacobian, how many bytes are they, and how many numbers has "
        "the mask that replaces it? You may calculate in the cell.",
        truth={"entries": lambda: whole, "bytes": lambda: 8 * whole, "mask": lambda: size},
        answer=f"({n} * {h})**2, 8 * ({n} * {h})**2, {n} * {h}",
        mistakes=(
            ("counting", size, "That is how many numbers Y has. The Jacobian pairs each with "
             "each of X.", "entries"),
            ("counting", n * h**2, "That is the batch view, N matrices of H × H: the full "
             "Jacobian pairs examples with each other, too.", "entries"),
            ("counting", 2 * size, "Outputs times inputs, not outputs plus inputs.", "entries"),
            ("entries for bytes", whole, "A float64 takes 8 bytes.", "bytes"),
            ("float32", 4 * whole, "4 bytes are a float32: a float64 takes 8.", "bytes"),
            ("bits for bytes", 64 * whole, "64 are the bits: a byte has 8.", "bytes"),
            *larger_units(8 * whole),
            ("batch forgotten", h, "Each example has a mask of its own.", "mask"),
            ("bytes for entries", 8 * size, "Numbers were asked for, not bytes.", "mask"),
        ),
        hints=("The shape is (N, H, N, H).", "Entries: (N·H)². Bytes: eight times that.",
               "The mask has the shape of X."),
        why=f"({n}·{h})² = {whole:,} entries take {8 * whole:,} bytes, {bytes_text(8 * whole)}. "
            f"The mask has {n}·{h} = {size:,} numbers.",
    )


ROWS = (
    sigmoid_entries(6, 3),
    relu_cost(32, 512),
    function(
        "sigmoid_backward", "derive", "G, Y", "return G * Y * (1 - Y)",
        "Y = σ(X), entry by entry. Write dL/dX from `G` and the output `Y`.",
        axes="n h, n h", prepare=lambda random, G, X: (G, OPERATIONS["sigmoid"](X)),
        truth={"dX": full("sigmoid", "X", lambda G, Y: (G, np.log(Y / (1 - Y))))},
        mistakes=(
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
        "row_layer", "derive", "g, x, W", "return W @ g, np.outer(x, g)",
        "One example as a row: c = xW, with W of shape (M, K). Return dL/dx and dL/dW from "
        "`g` = dL/dc.",
        axes="k, m, m k",
        truth={"dx": lambda g, x, W: by_row(g, x, W, "X"),
               "dW": lambda g, x, W: by_row(g, x, W, "W")},
        mistakes=(
            ("lost transpose", lambda g, x, W: W.T @ g, "That is c = Wx; here c = xW.", "dx"),
            ("order swapped", lambda g, x, W: np.outer(g, x),
             "dW has the shape of W: a row for each entry of x, a column for each of c.", "dW"),
            ("inner product", lambda g, x, W: g @ x, "dW is a matrix: every x[i] meets every "
             "g[j].", "dW"),
            ("not summed", lambda g, x, W: W * g, "Every entry of c sends a part back to each x: "
             "add them.", "dx"),
            ("slice not contracted", lambda g, x, W: np.einsum("jk,k,i->jik", np.eye(len(g)), g, x),
             "Sum over the axis of c: dW has the shape of W.", "dW"),
            ("filled with x", lambda g, x, W: g.sum() * np.tile(x[:, None], (1, len(g))),
             "∂c[k]/∂W[i, j] is x[i] only for k = j, and 0 elsewhere.", "dW"),
            ("both inputs at once", lambda g, x, W: np.outer(x, g) * W,
             "A product of two: the slope by W is x, without W.", "dW"),
        ),
        hints=("Write c[k] as a sum over the entries of x.",
               "∂c[k]/∂W[i, j] is x[i] for k = j, and 0 elsewhere; ∂c[k]/∂x[i] is W[i, k].",
               "dW[i, j] = x[i] g[j], dx[i] = the sum of W[i, k] g[k]."),
        why=r"$c_k = \sum_i x_iW_{ik}$, so $\dfrac{dL}{dW_{ij}} = x_i g_j$ and "
            r"$\dfrac{dL}{dx_i} = \sum_k W_{ik}g_k$. Each product is turned over.",
    ),
    function(
        "relu_backward", "derive", "G, X", "return G * (X > 0)",
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
            ("mask of signs", lambda G, X: np.sign(X) * G,
             "Where X is negative the slope is 0, not −1."),
        ),
        hints=("Which entries of Y depend on X[n, h]? Only one.",
               "Its slope is 1 where X[n, h] > 0, and 0 elsewhere.",
               "`X > 0` is an array of the shape of X; True counts as 1."),
        why=r"$\dfrac{dL}{dX_{n'h'}} = \sum_{n,h} G_{nh}\,\delta_{nn'}\delta_{hh'}\,"
            r"\mathbb{1}(X_{n'h'}>0) = G_{n'h'}\,\mathbb{1}(X_{n'h'}>0)$: one term is left.",
    ),
    function(
        "leaky_from_output", "code", "G, Y, alpha", "return np.where(Y > 0, G, alpha * G)",
        "A leaky ReLU (slope α below 0, α positive) has kept its output `Y` alone. Return dL/dX as "
        "a new array: G is needed by others.",
        axes="n h, n h", prepare=kept_output,
        truth={"dX": full("leaky_relu", "X", lambda G, Y, alpha: (  # whose sign is that of X
            G, Y, {"alpha": alpha}))},
        mistakes=(
            ("slope of the ReLU", lambda G, Y, alpha: G * (Y > 0),
             "Below 0 this unit lets a share α through."),
            ("mask from the wrong array", lambda G, Y, alpha: np.where(G > 0, G, alpha * G),
             "The mask asks where the unit was on, not what comes back."),
            ("cases swapped", lambda G, Y, alpha: np.where(Y > 0, alpha * G, G),
             "Above 0 the slope is 1."),
            ("mask forgotten", lambda G, Y, alpha: G),
            ("one slope for all", lambda G, Y, alpha: alpha * G, "Above 0 the slope is 1."),
            ("value for derivative", lambda G, Y, alpha: G * Y, "The slope is 1 or α, not Y."),
            ("inverse", lambda G, Y, alpha: np.where(Y > 0, G, G / alpha),
             "Going back is no inverse: multiply by the slope."),
            ("added", lambda G, Y, alpha: G * (Y > 0) + alpha, "α is a slope: it multiplies G."),
        ),
        hints=("Where was X positive? Can Y tell?", "α is positive, so Y has the sign of X.",
               "np.where(Y > 0, G, alpha * G): no array is overwritten."),
        why=r"$\alpha > 0$, so $Y>0$ exactly where $X>0$: the slope is $1$ there and $\alpha$ "
            r"elsewhere.",
    ),
    function(
        "tied_weights", "code", "g, W, x",
        "return np.outer(W @ x, g) + np.outer(W @ g, x)",
        "The same W twice: y = Wᵀ(Wx), as in an autoencoder with tied weights. Return dL/dW from "
        "`g` = dL/dy.",
        axes="m, k m, m", truth={"dW": tied},
        mistakes=(
            ("= for +=", lambda g, W, x: np.outer(W @ g, x), "W is used twice: add both."),
            ("= for +=", lambda g, W, x: np.outer(W @ x, g), "W is used twice: add both."),
            ("factor 2 in one path", lambda g, W, x: 2 * np.outer(W @ g, x),
             "The two paths are not alike: one has Wx in it, the other Wg."),
            ("factor 2 in one path", lambda g, W, x: 2 * np.outer(W @ x, g),
             "The two paths are not alike: one has Wx in it, the other Wg."),
            ("lost transpose", lambda g, W, x: (np.outer(W @ x, g) + np.outer(W @ g, x)).T,
             "dW has the shape of W."),
            ("lost transpose", lambda g, W, x: np.outer(g, W @ x) + np.outer(W @ g, x),
             "In Wᵀ an entry stands at its mirror place: turn that part over."),
            ("mean for sum", lambda g, W, x: (np.outer(W @ x, g) + np.outer(W @ g, x)) / 2),
            ("product of paths", lambda g, W, x: np.outer(W @ x, g) * np.outer(W @ g, x),
             "Along a path gradients are multiplied, paths are added."),
            ("sign of one term", lambda g, W, x: np.outer(W @ x, g) - np.outer(W @ g, x),
             "Gradients of paths add."),
            ("chain broken", lambda g, W, x: np.outer(W @ x, g + x),
             "On its way to the inner W the gradient passes through Wᵀ: it is W g there."),
        ),
        hints=("Name the middle: c = Wx, y = Wᵀc. Two layers, and one W in both.",
               "The inner layer: dc xᵀ, with dc = W g. The outer one: c gᵀ.",
               "Add the two."),
        why=r"$y_j = \sum_i W_{ij}c_i$ sends $c_i g_j$ to $W_{ij}$; and $dc = Wg$, so $c = Wx$ "
            r"sends $(Wg)_i x_j$. Two paths: $\dfrac{dL}{dW} = c\,g^\top + (Wg)\,x^\top$.",
    ),
)
