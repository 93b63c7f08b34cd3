"""What is held for right at, beside and far from every border, by hand."""

import numpy as np
import pytest

from helpers.exercises import EXERCISES

E = 1e-9  # beside a border
SIDES = [-3.0, -E, 0.0, E, 3.0]
ONES = np.ones(5)
RIGHT = [  # (exercise, arguments, what is right for each output), by the formulas in the tasks
    ("relu_backward", (ONES, SIDES), [[0, 0, 0, 1, 1]]),
    ("relu_at_zero", (SIDES, 0.3), [[0, 0, 0.3, 1, 1]]),
    ("relu_at_zero", (SIDES, 0.0), [[0, 0, 0, 1, 1]]),
    ("relu6_backward", (2 * ONES, SIDES), [[0, 0, 0, 2, 2]]),
    ("relu6_backward", (2 * ONES, np.add(SIDES, 6)), [[2, 2, 0, 0, 0]]),
    ("silent_units", ([[-3, -3, 0, E, -3], [-3, 0, 0, -3, 3]],), [[1, 1, 1, 0, 0]]),
    ("signed_loss_slope", ([0.0, 0, 40, 40], [1.0, -1, 1, -1]), [[-0.5, 0.5, 0, 1]]),
    ("elu_backward", (ONES, SIDES, 0.5), [[0.5 * np.exp(-3), 0.5, 0.5, 1, 1]]),
    ("elu_from_output", (ONES, [-0.4, -E, 0, E, 3], 0.5), [[0.1, 0.5, 0.5, 1, 1]]),
    ("leaky_from_output", (2 * ONES, SIDES, 0.3), [[0.6, 0.6, 0.6, 2, 2]]),
    ("prelu_alpha", ([[5.0], [7], [11]], [[-2.0], [0], [3]]), [[-10]]),
    ("softsign_slope", ([[-1.0, -E, 0, E, 3]],), [[[0.25, 1, 1, 1, 1 / 16]]]),
    ("softplus_stable", ([[-800.0, 0, 800]],), [[[0, np.log(2), 800]]]),
    ("log_sigmoid", ([[-800.0, 0, 800]],), [[[-800, -np.log(2), 0]]]),
    ("abs_gate", (2 * ONES, SIDES, [0.0] * 5), [[-2, -2, 0, 2, 2], [2, 2, 0, -2, -2]]),
    ("abs_gate", (ONES, [5.0] * 5, [8, 5 + E, 5, 5 - E, 2]), [[-1, -1, 0, 1, 1],
                                                             [1, 1, 0, -1, -1]]),
    ("beside_a_kink", ([-2.0, -0.5, -0.25, 0, 0.25, 0.5, 2], 0.5),
     [[0, 0, 0.25, 0.5, 0.75, 1, 1]]),
    ("maxpool_backward", ([[2.0, 3]], [[1.0, 1 + E, -1, -2]]), [[[0, 2, 3, 0]]]),
    ("gather_backward", (np.array([[1.0], [2], [4]]), [2, 0, 2], 4), [[[2], [0], [5], [0]]]),
    ("dropout_backward", ([[3.0, 5]], [[1.0, 0]], 0.5), [[[6, 0]]]),
    ("dense_backward", (np.ones((1, 5)), [[1.0]], [SIDES], np.zeros(5)),
     [[[3 + E]], [[0, 0, 0, 1, 1]], [0, 0, 0, 1, 1]]),
    ("dense_backward", (np.ones((1, 5)), [[1.0]], np.ones((1, 5)), np.subtract(SIDES, 1)),
     [[[2]], [[0, 0, 0, 1, 1]], [0, 0, 0, 1, 1]]),
    ("batchnorm_forward", ([[1.0], [5]], [2.0], [3.0], True, 0.75, 0.5),
     [[[-2 / 4.5**0.5], [2 / 4.5**0.5]], [2.25], [3.25]]),
    ("batchnorm_forward", ([[1.0], [5]], [2.0], [3.5], False, 0.75, 0.5),
     [[[-0.5], [1.5]], [2], [3.5]]),
    ("divide_gate", ([[6.0]], [[3.0]], [[-2.0]]), [[[-3]], [[-4.5]]]),
    ("two_paths", ([[2.0, 2]], [[0.0, -1]]), [[[2, 0]]]),
    ("momentum_step", (10.0, 4.0, 3.0, 0.5, 0.25), [9.5, -0.5]),
    ("decayed_step", (10.0, 3.0, 0.5, 0.2), [7.5]),
    ("paired_gain", ([93.0, 95], [92.0, 91]), [2.5, 1.5]),
    ("weightnorm_backward", ([[1.0], [2]], [[3.0], [4]], [10.0]), [[[-0.64], [0.48]], [2.2]]),
    ("cross_entropy_backward", ([[0.0, np.log(3)]], [0]), [[[-0.75, 0.75]]]),
    ("smoothed_backward", ([[0.0, np.log(3)]], [1], 0.5), [[[0, 0]]]),
    ("softmax_backward", ([[4.0, 0]], [[0.25, 0.75]]), [[[0.75, -0.75]]]),
    ("logsumexp_backward", ([4.0], [[0.0, np.log(3)]]), [[[1, 3]]]),
]


@pytest.mark.parametrize(("name", "arguments", "right"), RIGHT)
def test_at_a_border_and_on_both_sides(name, arguments, right):
    given = [np.array(a) if np.ndim(a) else a for a in arguments]
    row = name in ("relu_backward", "relu6_backward", "elu_backward", "elu_from_output",
                   "leaky_from_output", "abs_gate", "relu_at_zero")
    given = [a[None] if row and np.ndim(a) else a for a in given]
    for found, want in zip(EXERCISES[name].truth(given), right, strict=True):
        np.testing.assert_allclose(found[0] if row else found, want, atol=1e-8)
