"""A setting of another kind than the one that is meant: right, or one line with what is wanted."""

from decimal import Decimal

import numpy as np
import pytest

from helpers import (
    Graph,
    JacobianExplorer,
    cost_curves,
    digit_row,
    discover,
    draw_graph,
    log_slope,
    normalization_blocks,
    operation,
    prediction_errors,
    progress_bar,
    weighted_slices,
)
from helpers.calculus.errors import LessonError

X = np.array([[1.0, -2.0, 0.3], [0.5, 3.0, 1.0], [2.0, 0.1, -1.0]])
gamma, images = np.ones(3), np.zeros((4, 64))
GRAPH = Graph("x*y", x=1, y=2)

KINDS = {
    "array": np.array([0, 1]), "one in a row": np.array([1]), "0d": np.array(1),
    "empty": np.ones(0), "word": "a", "digit": "1", "long": "x" * 3000, "bytes": b"a",
    "none": None, "negative": -1, "bool": True, "numpy bool": np.bool_(True),
    "numpy int": np.int64(1), "half": np.float64(0.5), "float": 1.5, "nan": float("nan"),
    "infinite": float("inf"), "list": [1], "pair": (0, 1), "large": 10**30, "huge": 1e300,
    "complex": 1j, "dict": {}, "set": set(), "object": object(), "decimal": Decimal(1),
    "function": lambda: 1, "dots": ...,
}


def moved(X, W):
    return X * W


SETTINGS = {
    "blocks, eps": lambda bad: normalization_blocks(X, gamma, eps=bad),
    "blocks, ddof": lambda bad: normalization_blocks(X, gamma, ddof=bad),
    "blocks, feature": lambda bad: normalization_blocks(X, gamma, feature=bad),
    "discover, wrt": lambda bad: discover(moved, X, X, wrt=bad),
    "discover, output_ndim": lambda bad: discover(np.eye(2), output_ndim=bad),
    "discover, tolerance": lambda bad: discover(np.eye(2), output_ndim=1, tolerance=bad),
    "explorer, wrt": lambda bad: JacobianExplorer("relu", X, wrt=bad),
    "explorer, imagined": lambda bad: JacobianExplorer("relu", X, imagined=bad),
    "explorer, imagined n": lambda bad: JacobianExplorer("relu", X, imagined={"n": bad}),
    "explorer, derives": lambda bad: JacobianExplorer("relu", X, derives=bad),
    "graph, name": GRAPH.gradient,
    "drawn, hidden": lambda bad: draw_graph(GRAPH, "x times y", hidden=bad),
    "drawn, head": lambda bad: draw_graph(GRAPH, "x times y", head=bad),
    "errors, scales": lambda bad: prediction_errors(np.sin, np.cos, gamma, gamma, bad),
    "slope, floor": lambda bad: log_slope([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], bad),
    "curves, letter": lambda bad: cost_curves(letter=bad),
    "curves, most": lambda bad: cost_curves(most=bad),
    "slices, letters": lambda bad: weighted_slices([1.0, 2.0], np.ones((2, 3, 2)), bad),
    "bar, steps": lambda bad: progress_bar(bad),
    "bar, total": lambda bad: progress_bar([], bad),
    "digits, columns": lambda bad: digit_row(images, range(4), bad),
    "digits, labels": lambda bad: digit_row(images, bad),
    "broadcast, n": lambda bad: operation("broadcast")(gamma, n=bad),
    "batch norm, ddof": lambda bad: operation("batchnorm")(X, gamma, gamma, ddof=bad),
    "pool, size": lambda bad: operation("maxpool1d")(X, size=bad),
    "pool in two, size": lambda bad: operation("avgpool2d")(X[None], size=bad),
    "convolution, padding": lambda bad: operation("conv2d")(
        X[None, None], X[None, None], gamma[:1], padding=bad),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_of_another_kind_is_refused_in_one_line(name):
    for kind, bad in KINDS.items():
        try:
            with np.errstate(all="ignore"):
                SETTINGS[name](bad)
        except LessonError as error:
            assert str(error).isprintable() and len(str(error)) <= 400, (kind, str(error))


@pytest.mark.parametrize(("call", "line"), [
    (lambda: normalization_blocks(X, gamma, ddof=np.array([0, 1])), "batch norm: ddof must be 0 "
     "(divide by N) or 1 (by N − 1), not array([0, 1])."),
    (lambda: normalization_blocks(X, gamma, feature=-1),
     "normalization_blocks: feature must be a whole number from 0 to 2, not -1."),
    (lambda: normalization_blocks(X, gamma, feature=1.5),
     "normalization_blocks: feature must be a whole number from 0 to 2, not 1.5."),
    (lambda: discover(moved, X, X, wrt=np.ones(2)),
     "discover: moved has no input array([1., 1.]). Its inputs are X, W."),
    (lambda: discover(np.eye(2), output_ndim=1, tolerance="a"), "discover: tolerance must be the "
     "noise of J relative to its largest entry, from 0 to below 1, not 'a'."),
    (lambda: JacobianExplorer("relu", X, imagined=3), "JacobianExplorer: imagined must be sizes by "
     'their letters, as in imagined={"n": 64}, not 3.'),
    (lambda: JacobianExplorer("relu", X, derives=np.ones(2)),
     "JacobianExplorer: derives must be True or False, not array([1., 1.])."),
    (lambda: GRAPH.gradient(np.ones(2)), "Graph: there is no node array([1., 1.]). The variables "
     "are x, y; gates are named q1, q2, …."),
    (lambda: draw_graph(GRAPH, "", hidden=3),
     "draw_graph: hidden must be names of nodes in a list, not 3."),
    (lambda: draw_graph(GRAPH, "", head="ab"),
     "draw_graph: head must be lines of (text, points, bold) in a list, not 'ab'."),
    (lambda: prediction_errors(np.sin, np.cos, gamma, gamma, 3.0),
     "prediction_errors: scales must be numbers in a row, but has shape ()."),
    (lambda: log_slope([1.0], [1.0], None), "log_slope: floor must be one number, not None."),
    (lambda: cost_curves(letter=3), "cost_curves: letter must be the name of an axis, not 3."),
    (lambda: cost_curves(most=0),
     "cost_curves: most must be a whole number from 1 to 1,099,511,627,776, not 0."),
    (lambda: weighted_slices([1.0], np.ones((1, 2, 2)), "m"), "weighted_slices: letters must be "
     'the two axes of a slice, such as "m k", not \'m\'.'),
    (lambda: digit_row(images, range(4), 0),
     "digit_row: columns must be a whole number from 1 to 100, not 0."),
    (lambda: digit_row(images, 3),
     "digit_row: labels must be in a row, one for each image, but has shape ()."),
    (lambda: operation("broadcast")(gamma, n=10**15), "broadcast: its output of shape "
     "(1000000000000000, 3) has 3,000,000,000,000,000 entries and takes 24.0 PB, over the limit of "
     "1.1 GB: take smaller sizes."),
    (lambda: operation("maxpool1d")(X, size=10**30), "maxpool1d: size must be at most "
     "16,777,216, not 1000000000000000000000000000000."),
    (lambda: operation("maxpool1d")(X, size=0), "maxpool1d: size must be 1 or more, not 0."),
    (lambda: operation("batchnorm")(X, gamma, gamma, ddof=-1),
     "batchnorm: ddof must be 0 or more, not -1."),
])
def test_the_line_says_what_was_given_and_what_is_wanted(call, line):
    with pytest.raises(LessonError) as caught:
        call()
    assert str(caught.value) == line


def test_a_number_of_numpy_is_a_number():
    for ddof in (np.int64(1), np.array(1), np.float64(1), True):
        assert normalization_blocks(X, gamma, ddof=ddof).says == normalization_blocks(
            X, gamma, ddof=1).says
    assert len(digit_row(images, np.arange(4), np.int64(2)).axes) == 4  # two rows of two
