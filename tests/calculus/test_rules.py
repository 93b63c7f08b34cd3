"""Where the rules of a row begin to refuse: a value that still fits, and one that does not."""

import numpy as np
import pytest

from helpers import OPERATIONS
from helpers.calculus.errors import LessonError
from tests.calculus.cases import TABLE, example

P43 = np.full((3, 4), 0.25)
ONE_OFF = np.eye(4)[:3] * [1, 1.1, 1, 1] - [[0, 0, 0, 0], [0.1, 0, 0, 0], [0, 0, 0, 0]]

BORDERS = [  # the row, what fits, what does not, what is said then
    ("conv2d", {"stride": 5}, {"stride": 0}, "stride must be 1 or more, not 0."),
    ("conv2d", {"padding": 0}, {"padding": -1}, "padding must be 0 or more, not -1."),
    ("conv2d", {"W": np.ones((3, 2, 4, 5))}, {"W": np.ones((3, 2, 5, 5))},
     "W has filters of 5×5, but the images of X are 4×5. Choose smaller filters."),
    ("conv2d", {"W": np.ones((3, 2, 6, 7)), "padding": 1},
     {"W": np.ones((3, 2, 6, 8)), "padding": 1},
     "W has filters of 6×8, but the images of X are 6×7 with their padding. Choose smaller"),
    ("conv1d", {"w": np.ones(6)}, {"w": np.ones(7)}, "w has 7 entries, but X only 6 along axis l."),
    ("maxpool1d", {"size": 1}, {"size": 0}, "size must be 1 or more, not 0."),
    ("maxpool2d", {"size": 1}, {"size": 0}, "size must be 1 or more, not 0."),
    ("avgpool2d", {"size": 1}, {"size": 0}, "size must be 1 or more, not 0."),
    ("dropout", {"p": 0.999}, {"p": 1.0}, "p must be from 0 to below 1, not 1."),
    ("dropout", {"p": 0.0}, {"p": -0.001}, "p must be from 0 to below 1, not -0.001."),
    ("dropout", {"mask": np.eye(3, 4)}, {"mask": np.eye(3, 4) / 2}, "mask must"),
    ("huber", {"delta": 1e-9}, {"delta": 0.0}, "delta must be more than 0, not 0."),
    ("hinge", {"labels": np.ones((3, 4))}, {"labels": np.eye(3, 4)}, "must be 1 (yes) and -1 (no)"),
    ("sigmoid_cross_entropy", {"labels": np.eye(3, 4)}, {"labels": -0.01 * np.eye(3, 4)},
     "labels must be from 0 to 1"),
    ("sigmoid_cross_entropy", {"labels": P43}, {"labels": 1.01 * np.eye(3, 4)},
     "labels must be from 0 to 1"),
    ("softmax_cross_entropy", {"Z": P43, "labels": P43 + 1e-6}, {"Z": P43, "labels": P43 + 1e-5},
     "labels must sum to 1 in each row, but one sums to 1.00004."),
    ("softmax_cross_entropy", {"Z": P43, "labels": P43 * [[1 - 4e-6], [1], [1 + 4e-6]]},
     {"Z": P43, "labels": P43 * [[1], [1 - 1e-4], [1]]}, "but one sums to 0.9999."),
    ("softmax_cross_entropy", {"Z": P43, "labels": np.eye(3, 4)}, {"Z": P43, "labels": ONE_OFF},
     "labels must be probabilities from 0 to 1"),
    ("softmax_cross_entropy", {"Z": P43, "labels": [0, 3, 1]}, {"Z": P43, "labels": [0, -1, 1]},
     "labels has -1, but the 4 classes are 0 to 3."),
    ("softmax_cross_entropy", {"Z": P43[:, :1], "labels": [0, 0, 0]}, {"Z": P43[:, :0]},
     "Z has no classes along axis k"),
    ("embedding", {"E": P43, "index": [0, 2]}, {"E": P43, "index": [0, 3]},
     "index has 3, but the 3 rows of E are 0 to 2."),
    ("embedding", {"E": P43, "index": [2.0]}, {"E": P43, "index": [0.5]}, "index has 0.5, but"),
    ("log_sum_exp", {"Z": P43[:, :1]}, {"Z": P43[:, :0]}, "Z has no scores along axis k"),
    ("maxout", {}, {"W": np.ones((0, 4, 2)), "b": np.ones((0, 2))}, "W has 0 pieces along axis p"),
    ("inverse", {"A": np.eye(2)}, {"A": np.ones((2, 3))}, "A must be square, but has shape (2, 3)"),
    ("log_det", {"A": np.eye(2)}, {"A": np.ones((2, 3))}, "A must be square, but has shape (2, 3)"),
    ("rnn_step", {}, {"U": np.ones((3, 2)), "H": np.ones((3, 3))},
     "U must take a state of 2 to one of 2, not of 3."),
    ("lstm_c", {}, {"W": np.ones((3, 5, 2)), "U": np.ones((3, 2, 2)), "b": np.ones((3, 2))},
     "W has 3 gates along axis q, but a cell has 4."),
    ("sum", {"axis": 1}, {"axis": 2}, "axis must be from -2 to 1, not 2."),
    ("mean", {"axis": -2}, {"axis": -3}, "axis must be from -2 to 1, not -3."),
    ("broadcast", {"n": 0}, {"n": -1}, "n must be 0 or more, not -1."),
    ("rmsnorm", {"eps": 0.0}, {"eps": -1e-9}, "eps must be 0 or more, not -1e-09."),
    ("batchnorm_eval", {"var": np.zeros(4)}, {"var": [1, -1e-9, 1, 1]}, "var must not be negative"),
]


@pytest.mark.parametrize(("name", "fits", "off", "said"), BORDERS)
def test_a_rule_refuses_from_its_border_on(name, fits, off, said):
    def again(changes):
        call = example(OPERATIONS[name])
        inputs = [changes.get(wrt, x) for wrt, x in zip(call.op.inputs, call.inputs, strict=True)]
        more = {k: v for k, v in changes.items() if k not in call.op.inputs}
        return call.op(*inputs, **call.parameters | more)

    again(fits)
    with pytest.raises(LessonError) as caught:
        again(off)
    assert said in str(caught.value)


def test_what_is_not_given_is_what_it_is_in_pytorch():
    """But for the leaky ReLU, rmsnorm, whose ε there is a rounding, and what only we have."""
    usual = {
        "relu": {"at_zero": 0.0}, "leaky_relu": {"alpha": 0.1}, "elu": {"alpha": 1.0},
        "dropout": {"p": 0.5}, "huber": {"delta": 1.0}, "conv2d": {"stride": 1, "padding": 0},
        "l2_normalize": {"eps": 1e-12}, "cosine_similarity": {"eps": 1e-8},
        "batchnorm": {"eps": 1e-5, "ddof": 0}, "sum": {"axis": 0}, "mean": {"axis": 0},
        "maxpool1d": {"size": 2}, "maxpool2d": {"size": 2}, "avgpool2d": {"size": 2},
        "broadcast": {"n": 3},
        **{name: {"eps": 1e-5} for name in ("batchnorm_eval", "layernorm", "groupnorm", "rmsnorm")}}
    assert {op.name: dict(op.parameters) for op in TABLE if op.parameters} == usual
    for name, parameters in usual.items():
        call = example(OPERATIONS[name])
        given = {k: v for k, v in call.parameters.items() if k not in parameters}
        np.testing.assert_array_equal(call.op(*call.inputs, **given),
                                      call.op(*call.inputs, **given, **parameters))
