"""The inputs that answers are tried on: fit for the task, telling, and the same for everybody."""

from functools import partial
from hashlib import sha256

import numpy as np
import pytest

from helpers.exercises import EXERCISES
from helpers.exercises.exercise import SIZES

WRITTEN = [row for row in EXERCISES.values() if row.level != "predict"]
DRAWN = {  # of the numbers that the lesson's and a grader's answers are tried on
    "signed_loss_slope": "14e58ba8", "relu_at_zero": "8d8b66ed", "relu6_backward": "3528cb83",
    "silent_units": "f2244192", "divide_gate": "ed3338c0", "neuron_loss": "8a3c868a",
    "two_paths": "7b5f45ce", "neuron_pass": "a30425e4", "box_jacobian": "29a80546",
    "quadratic_gradient": "7bec572f", "fit_gradient": "ba4a4608", "two_layers_back": "cc20f835",
    "sigmoid_backward": "8f7a269e", "row_layer": "fd7adbfe", "relu_backward": "b8fc4180",
    "leaky_from_output": "ce67361e", "tied_weights": "c89ad3d6", "bias_backward": "0368038b",
    "columns_backward": "88662009", "sequence_backward": "a8d67205",
    "shift_scale_product": "12591b7f", "reciprocal_root_variance": "f4bed5b2",
    "square_centre_mean": "6ae66ef2", "weightnorm_backward": "1b44dea0",
    "layernorm_backward": "bf64622d", "softmax_backward": "56ca9738",
    "gather_backward": "f49ec13b", "logsumexp_backward": "f7bd88ab",
    "residual_backward": "b5332e80", "maxpool_backward": "84ba305b", "affine_backward": "1e42bfd0",
    "cross_entropy_backward": "06bb78fb", "dropout_backward": "9e808e43", "walk_back": "bb82165a",
    "dense_backward": "27c7d252", "shared_input_backward": "aa46f8a9", "elu_backward": "cfe29fc3",
    "prelu_alpha": "7b5f45ce", "softsign_slope": "b9d871df", "elu_from_output": "6d22edc5",
    "softplus_stable": "fa1e12c3", "log_sigmoid": "fa1e12c3", "unrolled_weight": "0af544db",
    "mul_back": "0af544db", "tape_back": "4cdcc1c1", "quadratic_hessian": "64994826",
    "vec_table": "8782ce16", "unit_vector_jacobian": "432fb7bc", "logsumexp_hessian": "6915c9a6",
    "rms_backward": "bf64622d", "norm_from_output": "bfa97860", "stored_variance": "50d1887e",
    "batchnorm_backward": "6a1cb1b5", "batchnorm_forward": "c57333f6", "eval_backward": "b9d06a40",
    "beside_a_kink": "eb7fa995", "abs_gate": "ed3338c0", "measured_jacobian": "968a6e20",
    "smoothed_backward": "33f1da12", "momentum_step": "d17c5a16", "paired_gain": "42f4ea60",
    "decayed_step": "9aa2d62c"}


def told(value):
    """The numbers of an argument, to six digits, of a function those that it holds."""
    if isinstance(value, partial):
        return " ".join(map(told, value.args))
    if isinstance(value, np.ndarray) and value.dtype == object:
        return " ".join(map(told, value))
    return " ".join([str(np.shape(value)), *(f"{x + 0.0:.6g}" for x in np.ravel(value))])


@pytest.mark.parametrize("exercise", WRITTEN, ids=lambda exercise: exercise.name)
def test_everybody_is_asked_with_the_same_inputs(exercise):
    """A verdict of the lesson is that of the class, of tomorrow, and of another version."""
    text = " ".join(told(value) for seed in (None, 1) for case in exercise.cases(seed)
                    for value in case)
    assert sha256(text.encode()).hexdigest()[:8] == DRAWN[exercise.name]


def test_the_six_sizes_hold_what_hides_mistakes():
    first, one_example, one_column, one_output, equal, last = SIZES
    for sizes in (first, last):
        assert len({sizes[x] for x in "nhmk"}) == 4 and min(sizes.values()) > 1
    assert one_example["n"] == one_column["h"] == one_output["k"] == 1
    assert len({equal[x] for x in "nhmk"}) == 1 and equal["n"] > 1
    assert all(sizes["l"] == 2 * sizes["o"] for sizes in SIZES)


SHARES = {"eps", "share", "rate", "decay", "mu", "momentum", "at_zero"}


def drawn(exercise, name, count=40):
    """A named argument in many draws."""
    k = exercise.arguments.index(name)
    return np.array([exercise.draw(SIZES[0], 500 + seed)[k] for seed in range(count)])


@pytest.mark.parametrize("exercise", [row for row in WRITTEN if SHARES & {*row.arguments}],
                         ids=lambda exercise: exercise.name)
def test_what_is_a_share_is_between_0_and_1(exercise):
    """An ε is small beside a variance around 1, a slope at 0 is a subgradient of the ReLU."""
    for name in SHARES & {*exercise.arguments}:
        values = drawn(exercise, name)
        assert 0 < values.min() and values.max() < 1 and np.ptp(values) > 0.2, name


def test_an_alpha_is_away_from_1_and_a_variance_on_both_sides_of_it():
    """Where α = 1 a lost α changes nothing, where s = 1 a lost root does not."""
    leaky = drawn(EXERCISES["leaky_from_output"], "alpha")
    assert 0 < leaky.min() and leaky.max() < 1
    for name in ("elu_backward", "elu_from_output"):
        alpha = drawn(EXERCISES[name], "alpha")
        assert alpha.min() > 0 and np.abs(alpha - 1).min() > 0.19
        assert alpha.min() < 1 < alpha.max() < 2
    for name in ("eval_backward", "batchnorm_forward"):
        var = drawn(EXERCISES[name], "var")
        assert 0 < var.min() < 0.5 and var.max() > 2


def test_a_map_to_measure_is_bent_and_of_second_order():
    for f, x, _ in EXERCISES["measured_jacobian"].cases():
        A, b = f.args
        for y in (x, x + 1j):
            np.testing.assert_allclose(f(y), [row @ y + sum(y**2) * c for row, c in zip(
                A, b, strict=True)], rtol=1e-12)


@pytest.mark.parametrize("name", ["relu_backward", "relu_at_zero", "elu_backward"])
def test_every_other_input_is_beside_the_border_at_0(name):
    exercise = EXERCISES[name]
    X = np.abs(drawn(exercise, "X")).reshape(40, -1)
    small = X[:, 1::2]
    beside = small[small > 0]
    assert beside.min() >= 1e-3 and beside.max() <= 0.1, "small, and no rounding"
    assert beside.min() < 2e-3 and beside.max() > 0.05
    assert (X[:, 0::2] > 0.1).mean() > 0.5
    raw = np.random.default_rng(500).standard_normal((3, 4))
    if name != "relu_at_zero":
        G, X = exercise.draw(SIZES[0], 500)[:2]
        again = np.random.default_rng(500).standard_normal((2, 3, 4))
        np.testing.assert_array_equal(G, raw)
        np.testing.assert_array_equal(np.sign(X), np.sign(again[1]))
