"""Windows that slide over images: convolution in two dimensions, and pooling.

As in every deep-learning library, "convolution" is the correlation of the image with the filter, at
every place, or every `stride`-th, where the filter fits on the image with its `padding` of zeros.
Axes: N images of C channels, H×W; K filters, R×S; Y is P×Q. Pooling sees each channel as an image
of its own (X.reshape(−1, H, W)); its windows are square, touch and do not overlap, and what is left
at the lower and right edge is not pooled. Where two numbers of a window are equal the first one, in
reading order, wins and alone gets the gradient.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .. import stable
from ..latex import typewriter
from ..operation import Derivative, Operation
from .windows import beyond, window_rule


def padded(X, padding):
    """Images with that many rows and columns of zeros on all four sides."""
    return np.pad(X, [(0, 0), (0, 0), (padding, padding), (padding, padding)])


def inner(X, padding):
    """The images without that many rows and columns on all four sides."""
    h, w = X.shape[-2:]
    return X[..., padding:h - padding, padding:w - padding]


def windows(X, W, stride, padding):
    """X[n, c, tp+r−z, tq+s−z], stride t and padding z, with axes n c p q r s."""
    every = sliding_window_view(padded(X, padding), W.shape[2:], (2, 3))
    return every[:, :, ::stride, ::stride]


def correlate(seen, W):
    """Y[n, k, p, q] = Σ_crs X[n, c, tp+r−z, tq+s−z] W[k, c, r, s], from the windows of X."""
    return np.moveaxis(np.tensordot(seen, W, ((1, 4, 5), (1, 2, 3))), 3, 1)


def spread(G, X, W, stride, padding):
    """dX: every window adds its share, G[n, k, p, q] W[k, c, r, s], to the numbers that it saw."""
    p, q = G.shape[2:]
    dX = padded(np.zeros(X.shape), padding)
    for r, s in np.ndindex(W.shape[2:]):
        share = np.moveaxis(np.tensordot(G, W[:, :, r, s], (1, 0)), 3, 1)
        dX[:, :, r::stride, s::stride][:, :, :p, :q] += share
    return inner(dX, padding)


def banded(X, W, stride, padding):
    """W[k, c, h−tp+z, w−tq+z] where the filter at (p, q) lies over (h, w), else 0: k p q c h w."""
    k, c, *taps = W.shape
    sizes = [size + 2 * padding for size in X.shape[2:]]
    rows, columns = ((size - tap) // stride + 1 for size, tap in zip(sizes, taps, strict=True))
    band = np.zeros((k, rows, columns, c, *sizes))
    for p, q in np.ndindex(rows, columns):
        band[:, p, q, :, stride * p:, stride * q:][..., :taps[0], :taps[1]] = W
    return inner(band, padding)


def filter_rule(X, W, padding):
    """What is wrong with a filter that does not fit."""
    (h, w), (r, s) = (size + 2 * padding for size in X.shape[2:]), W.shape[2:]
    return (r > h or s > w) and (f"has filters of {r}×{s}, but the images of X are {h}×{w}"
                                 f"{' with their padding' * (padding > 0)}. "
                                 "Choose smaller filters.")


MOST_PADDING = 2**12
SLIDING = "np.lib.stride_tricks.sliding_window_view"

CONV = Operation(
    name="conv2d", axes="n c h w, k c r s, k -> n k p q", inputs=("X", "W", "b"),
    parameters={"stride": 1, "padding": 0}, ranges={"stride": (1, 3), "padding": (0, 2)},
    derived={"p": lambda h, r, stride, padding: (h + 2 * padding - r) // stride + 1,
             "q": lambda w, s, stride, padding: (w + 2 * padding - s) // stride + 1},
    rules={"stride": lambda stride: stride < 1 and f"must be 1 or more, not {stride}.",
           "padding": lambda padding: beyond(padding, 0, MOST_PADDING),
           "W": filter_rule},
    usual={"n": 2, "c": 2, "h": 4, "w": 5, "k": 3, "r": 3, "s": 2},
    large={"c": 64, "h": 56, "w": 56, "k": 128, "r": 3, "s": 3},
    latex=r"Y_{nkpq} = \sum_{crs} X_{n,c,tp+r-z,tq+s-z}\,W_{kcrs} + b_k "
          r"\quad (t\text{ the stride},\; z\text{ the padding})",
    numpy="np.einsum('kct,tncpq->nkpq', W.reshape(*W.shape[:2], -1), parts) + b[:, None, None]",
    where={"rim": "[(0, 0), (0, 0), (padding, padding), (padding, padding)]",
           "padded": "np.pad(X, rim, 'constant')",
           "p": "(padded.shape[2] - W.shape[2]) // stride + 1",
           "q": "(padded.shape[3] - W.shape[3]) // stride + 1",
           "taps": "[(r, s) for r in range(W.shape[2]) for s in range(W.shape[3])]",
           "parts": "np.stack([padded[:, :, r::stride, s::stride][:, :, :p, :q] for r, s in taps])",
           "seen": f"{SLIDING}(padded, W.shape[2:], (2, 3))[:, :, ::stride, ::stride]",
           "moved": f"{SLIDING}(np.pad(dX, rim), W.shape[2:], (2, 3))[:, :, ::stride, ::stride]",
           "apart": "np.kron(G, np.eye(1, stride**2).reshape(stride, stride))",
           "edges": "[(0, 0), (0, 0), (W.shape[2] - 1, padded.shape[2]),"
                    " (W.shape[3] - 1, padded.shape[3])]",
           "every": f"{SLIDING}(np.pad(apart, edges), W.shape[2:], (2, 3))",
           "spread": "every[:, :, padding:padding + X.shape[2], padding:padding + X.shape[3]]"},
    saved={"seen": windows},
    forward=lambda seen, W, b: correlate(seen, W) + b[:, None, None],
    derivatives={
        "X": Derivative(
            vjp=spread,
            jvp=lambda dX, W, stride, padding: correlate(windows(dX, W, stride, padding), W),
            full="k p q c h w -> n k p q n c h w", core=banded,
            entry=r"\frac{\partial Y_{nkpq}}{\partial X_{n'chw}} = "
                  r"\delta_{nn'}\,W_{k,c,h-tp+z,w-tq+z}",
            latex=r"\frac{dL}{dX_{nchw}} = \sum_{krs} G'_{n,k,h-r+z,w-s+z}\,W_{kcrs}, "
                  r"\quad G'_{n,k,tp,tq} = G_{nkpq},\text{ else } 0",
            numpy="np.einsum('nkhwrs,kcrs->nchw', spread, W[:, :, ::-1, ::-1])",
            jvp_latex=r"dY_{nkpq} = \sum_{crs} dX_{n,c,tp+r-z,tq+s-z}\,W_{kcrs}",
            jvp_numpy="np.einsum('ncpqrs,kcrs->nkpq', moved, W)",
            why="every window gives back its share: the filters, turned by 180°, slide over G",
            multiplications="n k p q c r s", stored="k c r s",
            derivation=(
                ("The chain rule: every entry of Y counts",
                 r"\frac{dL}{dX_{n'chw}} = \sum_{nkpq} G_{nkpq}\,"
                 r"\frac{\partial Y_{nkpq}}{\partial X_{n'chw}}"),
                ("One entry of the full tensor: what of the filter at (p, q) lies over (h, w)",
                 r"\frac{\partial Y_{nkpq}}{\partial X_{n'chw}} = "
                 r"\delta_{nn'}\,W_{k,c,h-tp+z,w-tq+z}"),
                ("Put in: the delta leaves one example",
                 r"\frac{dL}{dX_{nchw}} = \sum_{kpq} G_{nkpq}\,W_{k,c,h-tp+z,w-tq+z}"),
                ("Count by places of the filter: r = h − tp + z, s = w − tq + z",
                 r"\frac{dL}{dX_{nchw}} = \sum_{krs} G'_{n,k,h-r+z,w-s+z}\,W_{kcrs}, "
                 r"\quad G'_{n,k,tp,tq} = G_{nkpq},\text{ else } 0"),
                ("NumPy", typewriter("dX = np.einsum('nkhwrs,kcrs->nchw', spread,"
                                     " W[:, :, ::-1, ::-1])")),
            ),
        ),
        "W": Derivative(
            vjp=lambda G, seen: np.tensordot(G, seen, ((0, 2, 3), (0, 2, 3))),
            jvp=lambda seen, dW: correlate(seen, dW),
            full="n p q c r s -> n k p q k c r s",
            core=lambda seen: seen.transpose(0, 2, 3, 1, 4, 5),
            entry=r"\frac{\partial Y_{nkpq}}{\partial W_{k'crs}} = "
                  r"\delta_{kk'}\,X_{n,c,tp+r-z,tq+s-z}",
            latex=r"\frac{dL}{dW_{kcrs}} = \sum_{npq} G_{nkpq}\,X_{n,c,tp+r-z,tq+s-z}",
            numpy="np.einsum('nkpq,ncpqrs->kcrs', G, seen)",
            jvp_latex=r"dY_{nkpq} = \sum_{crs} X_{n,c,tp+r-z,tq+s-z}\,dW_{kcrs}",
            jvp_numpy="np.einsum('ncpqrs,kcrs->nkpq', seen, dW)",
            why="this Jacobian is X through sliding windows: each number is there up to R·S times",
            multiplications="n k p q c r s", stored="n c h w",
        ),
        "b": Derivative(
            vjp=lambda G: G.sum((0, 2, 3)),
            jvp=lambda db: db[:, None, None],
            full="-> n k p q k", core=lambda: 1.0,
            entry=r"\frac{\partial Y_{nkpq}}{\partial b_{k'}} = \delta_{kk'}",
            latex=r"\frac{dL}{db_k} = \sum_{npq} G_{nkpq}", numpy="G.sum((0, 2, 3))",
            jvp_latex=r"dY_{nkpq} = db_k",
            jvp_numpy="np.broadcast_to(db[:, None, None], Y.shape)",
            why="b is copied to every example and place of its filter: a sum replaces it",
            multiplications="", stored="",
        ),
    },
)


def cut(X, size):
    """The windows of the images that are whole: axes n p q, then size×size numbers in one."""
    n, p, q = len(X), X.shape[1] // size, X.shape[2] // size
    whole = X[:, :p * size, :q * size].reshape(n, p, size, q, size)
    return whole.swapaxes(2, 3).reshape(n, p, q, size**2)


def winner(X, size):
    """The place of the first largest number of every window, counted row by row: axes n p q."""
    place = cut(X, size).argmax(-1)
    rows = size * np.arange(place.shape[1])[:, None] + place // size
    return rows * X.shape[2] + size * np.arange(place.shape[2]) + place % size


def taken(X, winner):
    """The numbers at the winners."""
    return np.take_along_axis(flat(X), flat(winner), 1).reshape(winner.shape)


def flat(A):
    """Each image as one row."""
    return A.reshape(len(A), A.shape[1] * A.shape[2])


def route(G, X, winner):
    """G at the winners, else 0; the shape of X."""
    dX = np.zeros(X.shape)
    np.put_along_axis(flat(dX), flat(winner), flat(G), 1)
    return dX


POOLED = {
    "axes": "n h w -> n p q", "inputs": ("X",), "usual": {"n": 2, "h": 4, "w": 7},
    "large": {"h": 112, "w": 112},
    "derived": {"p": lambda h, size: h // size, "q": lambda w, size: w // size},
    "parameters": {"size": 2}, "ranges": {"size": (1, 4)},
    "rules": {"size": window_rule},
}
WINDOWS = {
    "p": "X.shape[1] // size", "q": "X.shape[2] // size",
    "cut": "X[:, :p * size, :q * size].reshape(len(X), p, size, q, size)",
}

MAX = Operation(
    name="maxpool2d", **POOLED,
    latex=r"Y_{npq} = \max_{i,j<s} X_{n,sp+i,sq+j}", numpy="cut.max((2, 4))",
    where={**WINDOWS, "best": "cut.swapaxes(2, 3).reshape(len(X), p, q, size**2).argmax(-1)",
           "rows": "size * np.arange(p)[:, None] + best // size",
           "won": "rows * X.shape[2] + size * np.arange(q) + best % size",
           "places": "np.arange(X[0].size)"},
    saved={"winner": winner},
    forward=taken,
    derivatives={"X": Derivative(
        vjp=route,
        jvp=lambda dX, winner: taken(dX, winner),
        full="n p q h w -> n p q n h w",
        core=lambda X, winner: (winner[..., None] == np.arange(X[:1].size)).reshape(
            *winner.shape, *X.shape[1:]),
        entry=r"\frac{\partial Y_{npq}}{\partial X_{n'hw}} = "
              r"\delta_{nn'}\,\delta_{hh^*}\,\delta_{ww^*}, "
              r"\quad (h^*, w^*) = \text{the winner of window } (p, q)",
        latex=r"\frac{dL}{dX_{n h^* w^*}} = G_{npq}, "
              r"\quad (h^*, w^*) = \text{the winner of window } (p, q)",
        numpy="np.sum(G[..., None] * (won[..., None] == places), (1, 2)).reshape(X.shape)",
        jvp_latex=r"dY_{npq} = dX_{n h^* w^*}",
        jvp_numpy="dX.reshape(len(X), -1)[np.arange(len(X))[:, None, None], won]",
        why="only the winner of a window moves its maximum: the place of the winner is all to keep",
        multiplications="", stored="n p q",
        derivation=(
            ("The chain rule: every entry of Y counts",
             r"\frac{dL}{dX_{n'hw}} = \sum_{npq} G_{npq}\,"
             r"\frac{\partial Y_{npq}}{\partial X_{n'hw}}"),
            ("One entry of the full tensor: 1 at the winner of the window",
             r"\frac{\partial Y_{npq}}{\partial X_{n'hw}} = "
             r"\delta_{nn'}\,\delta_{hh^*}\,\delta_{ww^*}"),
            ("The windows do not overlap: a number wins once, or not at all",
             r"\frac{dL}{dX_{n h^* w^*}} = G_{npq}, \quad \text{else } 0"),
            ("NumPy", typewriter("dX = np.sum(G[..., None] * (won[..., None] == places), (1, 2))"
                                 ".reshape(X.shape)")),
        ),
    )},
)


def inside(full, size):
    """1 where a row (or column) of X lies in a window: axes windows, rows."""
    count = full // size
    return np.arange(count)[:, None] == np.arange(full) // size


def share_out(G, X, size):
    """G/size² at every place of its window, else 0; the shape of X."""
    dX = np.zeros(X.shape)
    shares = (G / size**2).repeat(size, 1).repeat(size, 2)
    dX[:, :shares.shape[1], :shares.shape[2]] = shares
    return dX


AVERAGE = Operation(
    name="avgpool2d", **POOLED,
    latex=r"Y_{npq} = \frac{1}{s^2}\sum_{i,j<s} X_{n,sp+i,sq+j}", numpy="cut.mean((2, 4))",
    where={**WINDOWS, "rest": "[(0, 0), (0, X.shape[1] - p * size), (0, X.shape[2] - q * size)]"},
    forward=lambda X, size: stable.mean(cut(X, size), -1),
    derivatives={"X": Derivative(
        vjp=share_out,
        jvp=lambda dX, size: stable.mean(cut(dX, size), -1),
        full="p q h w -> n p q n h w",
        core=lambda X, size: np.einsum("ph,qw->pqhw", inside(X.shape[1], size) / size,
                                       inside(X.shape[2], size) / size),
        entry=r"\frac{\partial Y_{npq}}{\partial X_{n'hw}} = \frac{\delta_{nn'}}{s^2}\,"
              r"\mathbb{1}(\lfloor h/s \rfloor = p,\; \lfloor w/s \rfloor = q)",
        latex=r"\frac{dL}{dX_{nhw}} = \frac{1}{s^2}\,"
              r"G_{n,\lfloor h/s \rfloor,\lfloor w/s \rfloor}",
        numpy="np.pad(G.repeat(size, 1).repeat(size, 2) / size**2, rest)",
        jvp_latex=r"dY_{npq} = \frac{1}{s^2}\sum_{i,j<s} dX_{n,sp+i,sq+j}",
        jvp_numpy="dX[:, :p * size, :q * size].reshape(cut.shape).mean((2, 4))",
        why="every number of a window has the same weight: the gradient is shared out equally",
        multiplications="n p q", stored="",
    )},
)

ROWS = (CONV, MAX, AVERAGE)
