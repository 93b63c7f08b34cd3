"""Windows that slide along the last axis: convolution and max pooling in one dimension.

As in every deep-learning library, "convolution" is the correlation of the signal with the filter,
at the places where the filter fits (valid). The pooling windows touch and do not overlap; what is
left at the end of a row is not pooled. Where two numbers of a window are equal the first one wins.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ...words import brief
from ..operation import Derivative, Operation

MOST_SIZE = 2**24  # of a window: two of them multiplied are still the size of an array


def window_rule(size):
    """What is wrong with the size of a window, or False."""
    return beyond(size, 1, MOST_SIZE)


def beyond(number, least, most):
    """What is wrong with a whole number that is too small or far too large, or False."""
    if number < least:
        return f"must be {least} or more, not {brief(number)}."
    return number > most and f"must be at most {most:,}, not {brief(number)}."


def correlate(X, w):
    """Y[n, o] = Σ_i X[n, o+i] w[i]."""
    o = X.shape[1] - len(w) + 1
    return sum(w[i] * X[:, i:i + o] for i in range(len(w)))


def spread(G, w):
    """dX[n, l] = Σ_i G[n, l−i] w[i]: the full convolution with the filter."""
    o = G.shape[1]
    dX = np.zeros((len(G), o + len(w) - 1))
    for i in range(len(w)):
        dX[:, i:i + o] += w[i] * G
    return dX


def windows(X, w):
    """X[n, o+i] with axes n o i: a view, nothing is copied."""
    return sliding_window_view(X, len(w), 1)


def banded(X, w):
    """w[l−o] where the filter lies over l, else 0: axes o l."""
    o = X.shape[1] - len(w) + 1
    band = np.zeros((o, X.shape[1]))
    for i, weight in enumerate(w):
        band[np.arange(o), np.arange(o) + i] = weight
    return band


CONV = Operation(
    name="conv1d", axes="n l, w -> n o", inputs=("X", "w"), derived={"o": lambda l, w: l - w + 1},
    rules={"w": lambda X, w: len(w) > X.shape[1] and
           f"has {len(w)} entries, but X only {X.shape[1]} along axis l. Choose a shorter filter."},
    latex=r"Y_{no} = \sum_i X_{n,o+i}\,w_i",
    numpy="sum(w[i] * X[:, i:i + o] for i in range(len(w)))",
    where={"o": "X.shape[1] - len(w) + 1"},
    forward=correlate,
    derivatives={
        "X": Derivative(
            vjp=spread,
            jvp=lambda dX, w: correlate(dX, w),
            full="o l -> n o n l", core=banded,
            entry=r"\frac{\partial Y_{no}}{\partial X_{n'l}} = \delta_{nn'}\,w_{l-o}",
            latex=r"\frac{dL}{dX_{nl}} = \sum_i G_{n,l-i}\,w_i",
            numpy="np.array([np.convolve(g, w) for g in G])",
            jvp_latex=r"dY_{no} = \sum_i dX_{n,o+i}\,w_i",
            jvp_numpy="sum(w[i] * dX[:, i:i + o] for i in range(len(w)))",
            why="each block is banded, the filter on every row: the filter alone rebuilds it",
            multiplications="n o w", stored="w",
        ),
        "w": Derivative(
            vjp=lambda G, X, w: np.array(
                [(G * X[:, i:i + G.shape[1]]).sum() for i in range(len(w))]),
            jvp=lambda X, dw: correlate(X, dw),
            full="n o w -> n o w", core=windows,
            entry=r"\frac{\partial Y_{no}}{\partial w_i} = X_{n,o+i}",
            latex=r"\frac{dL}{dw_i} = \sum_{no} G_{no}\,X_{n,o+i}",
            numpy='sum(np.correlate(x, g, "valid") for x, g in zip(X, G))',
            jvp_latex=r"dY_{no} = \sum_i X_{n,o+i}\,dw_i",
            jvp_numpy="sum(dw[i] * X[:, i:i + o] for i in range(len(w)))",
            why="this Jacobian is X through a sliding window: each number is there up to w times",
            multiplications="n o w", stored="n l",
        ),
    },
)


def winner(X, size):
    """The index l of the first largest number of every window: axes n o."""
    o = X.shape[1] // size
    return X[:, :o * size].reshape(len(X), o, size).argmax(-1) + size * np.arange(o)


def route(G, X, winner):
    """G at the winners, else 0; the shape of X."""
    dX = np.zeros(X.shape)
    np.put_along_axis(dX, winner, G, 1)
    return dX


POOL = Operation(
    name="maxpool1d", axes="n l -> n o", inputs=("X",), derived={"o": lambda l, size: l // size},
    parameters={"size": 2}, ranges={"size": (1, 4)},
    rules={"size": window_rule},
    latex=r"Y_{no} = \max_{i<s} X_{n,so+i}", numpy="windows.max(-1)",
    where={"o": "X.shape[1] // size", "windows": "X[:, :o * size].reshape(len(X), o, size)",
           "won": "windows.argmax(-1) + size * np.arange(o)"},
    saved={"winner": winner},
    forward=lambda X, winner: np.take_along_axis(X, winner, 1),
    derivatives={"X": Derivative(
        vjp=route,
        jvp=lambda dX, winner: np.take_along_axis(dX, winner, 1),
        full="n o l -> n o n l",
        core=lambda X, winner: winner[:, :, None] == np.arange(X.shape[1]),
        entry=r"\frac{\partial Y_{no}}{\partial X_{n'l}} = \delta_{nn'}\,\delta_{l l^*}, "
              r"\quad l^* = \text{the winner of window } o",
        latex=r"\frac{dL}{dX_{n l^*}} = G_{no}, \quad l^* = \text{the winner of window } o",
        numpy="np.sum(G[:, :, None] * (won[:, :, None] == np.arange(X.shape[1])), 1)",
        jvp_latex=r"dY_{no} = dX_{n l^*}", jvp_numpy="np.take_along_axis(dX, won, 1)",
        why="only the winner of a window moves its maximum: the place of the winner is all to keep",
        multiplications="", stored="n o",
    )},
)

ROWS = (CONV, POOL)
