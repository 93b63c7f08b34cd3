"""Values in the tails and at the edge of the numbers, against exact or textbook-free references."""

import math
import warnings
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import OPERATIONS
from helpers.calculus import stable
from tests.calculus.cases import example

HUGE = (1e308, -1e308, 1e300, -1e300, 800.0, -800.0, 0.0, 1e-300)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def one(op, x, **parameters):
    """(f(x), f′(x)) of an element-wise operation."""
    op = OPERATIONS[op]
    return float(op(x, **parameters)), float(op.vjp(1.0, x, **parameters))


# f and f′ at points where the textbook's formula has lost its digits; worked out with 60 digits
TAILS = [
    ("sigmoid", -700.0, 9.859676543759770e-305, 9.859676543759770e-305),
    ("sigmoid", 40.0, 1.0, 4.248354255291589e-18),
    ("tanh", 20.0, 1.0, 1.699341702116635e-17),
    ("tanh", -1e-9, -1e-9, 1.0),
    ("softplus", -40.0, 4.248354255291589e-18, 4.248354255291589e-18),
    ("softplus", 800.0, 800.0, 1.0),
    ("elu", -1e-12, -9.999999999995e-13, 0.999999999999),
    ("elu", -50.0, -1.0, 1.928749847963918e-22),
    ("gelu", -10.0, -7.619853024160525e-23, -7.6945986267064e-22 + 7.61985302416e-24),
    ("gelu", -37.0, -37 * 5.7255712225245e-300, None),
    ("silu", -40.0, -1.699341702116636e-16, -1.656858159563720e-16),
    ("silu", 50.0, 50.0, 1.0),
]


@pytest.mark.parametrize("name, x, value, slope", TAILS)
def test_tails_keep_their_digits(name, x, value, slope):
    found, found_slope = one(name, x)
    assert found == pytest.approx(value, rel=1e-13, abs=0)
    assert slope is None or found_slope == pytest.approx(slope, rel=1e-12, abs=0)


@given(st.floats(-38, 38))
def test_gelu_follows_the_error_function_of_the_c_library(x):
    right = x * math.erfc(-x / math.sqrt(2)) / 2
    rounded = 4e-15 + 3e-16 * x**2  # what rounding x/√2 does to erfc
    assert one("gelu", x)[0] == pytest.approx(right, rel=rounded, abs=1e-300)


@given(st.floats(-745, 745))
def test_sigmoid_and_its_mirror_are_one(x):
    s, slope = one("sigmoid", x)
    assert s + one("sigmoid", -x)[0] == pytest.approx(1, abs=1e-16)
    assert slope == one("sigmoid", -x)[1]
    assert s == pytest.approx(math.exp(-np.logaddexp(0, -x)), rel=1e-12, abs=5e-324)
    assert one("softplus", x)[0] == pytest.approx(np.logaddexp(0, x), rel=1e-14, abs=5e-324)
    assert one("softplus", x)[1] == s


@pytest.mark.parametrize("x", [0.0, 0.1, 2.5, 12.34567, 33.3, 36.6])
def test_the_normal_density_has_all_digits_also_in_its_tail(x):
    with localcontext(prec=50):
        turn = 2 * Decimal("3.14159265358979323846264338328")
        right = (-Decimal(x) ** 2 / 2).exp() / turn.sqrt()
    assert stable.normal_density(np.array(x)) == pytest.approx(float(right), rel=1e-15, abs=0)


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1.0, 1e160, 1e307])
def test_a_length_is_right_where_squares_leave_the_range(scale):
    X = np.array([[3.0, -4.0], [0.0, 0.0], [0.0, 2.0]])
    found = stable.length(X * scale)
    np.testing.assert_allclose(found, np.array([[5.0], [0], [2]]) * scale, rtol=1e-15)
    lost = np.array([[np.inf, 1.0], [np.nan, 1.0], [3.0, -np.inf]])
    np.testing.assert_array_equal(stable.length(lost), [[np.inf], [np.nan], [np.inf]])
    assert stable.length(np.zeros((2, 0))).tolist() == [[0], [0]]


ELEMENTWISE = [name for name, op in OPERATIONS.items()
               if op.axes == "... -> ..." and not op.constants]


@pytest.mark.parametrize("name", ELEMENTWISE)
@given(x=FINITE)
def test_activations_are_finite_everywhere(name, x):
    value, slope = one(name, x)
    assert math.isfinite(value) and math.isfinite(slope)
    assert abs(value) <= abs(x) + 1 and abs(slope) <= 1.13


LIMITS = {  # f(−∞), f(∞), f′(−∞), f′(∞)
    "relu": (0, np.inf, 0, 1), "sigmoid": (0, 1, 0, 0), "tanh": (-1, 1, 0, 0),
    "leaky_relu": (-np.inf, np.inf, 0.1, 1), "elu": (-1, np.inf, 0, 1),
    "softplus": (0, np.inf, 0, 1), "gelu": (0, np.inf, 0, 1), "silu": (0, np.inf, 0, 1),
}


@pytest.mark.parametrize("name", LIMITS)
def test_limits_are_exact(name):
    op, ends = OPERATIONS[name], np.array([-np.inf, np.inf])
    low, high, low_slope, high_slope = LIMITS[name]
    np.testing.assert_array_equal(op(ends), [low, high])
    np.testing.assert_array_equal(op.vjp(np.ones(2), ends), [low_slope, high_slope])


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_infinity_continues_what_large_numbers_begin_and_nan_stays(name):
    op, ends, far = OPERATIONS[name], np.array([-np.inf, np.inf]), np.array([-1e300, 1e300])
    for at in (op, lambda X: op.vjp(np.ones(2), X)):
        large = at(far)
        limit = np.where(np.abs(large) > 1e200, np.copysign(np.inf, large), large)
        np.testing.assert_allclose(at(ends), limit, atol=1e-12)
    assert np.isnan(op(np.nan))


@pytest.mark.parametrize("x, at_zero, slope", [
    (0.0, 0, 0), (-0.0, 0, 0), (0.0, 1, 1), (-0.0, 1, 1), (0.0, 0.25, 0.25), (5e-324, 0, 1),
    (-5e-324, 1, 0)])
def test_the_slope_of_the_relu_at_zero_is_chosen(x, at_zero, slope):
    assert one("relu", x, at_zero=at_zero)[1] == slope


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0, 2.0, -1.0])
def test_leaky_slopes_are_exact(alpha):
    X = np.array([-2.0, 0.0, 3.0])
    for name in ("leaky_relu", "prelu"):
        op = OPERATIONS[name]
        more = {} if name == "prelu" else {"alpha": alpha}
        inputs = (X, alpha) if name == "prelu" else (X,)
        np.testing.assert_array_equal(op(*inputs, **more), [-2 * alpha, 0, 3])
        found = op.vjp(np.ones(3), *inputs, wrt="X", **more)
        np.testing.assert_array_equal(found, [alpha, alpha, 1])


@given(st.lists(FINITE, min_size=2, max_size=6), st.integers(0, 5))
def test_softmax_family_is_finite_for_any_score(scores, label):
    Z, label = np.array(scores), label % len(scores)
    p = OPERATIONS["softmax"](Z)
    assert np.isfinite(p).all() and p.sum() == pytest.approx(1)
    loss, pull = OPERATIONS["softmax_cross_entropy"].pullback(Z, labels=label)
    exact = max(map(Fraction, scores)) - Fraction(scores[label])
    if exact < Fraction(1e308):
        assert float(exact) <= loss <= float(exact) + math.log(len(scores)) * (1 + 1e-12)
    assert np.isfinite(pull(1.0)["Z"]).all()
    assert abs(pull(1.0)["Z"].sum()) < 1e-15


@given(st.floats(0, 700))
def test_two_classes_are_a_sigmoid_also_where_one_towers(gap):
    Z, slope = np.array([gap, 0.0]), one("sigmoid", gap)[1]
    right = slope * np.array([[1, -1], [-1, 1]])
    softmax = OPERATIONS["softmax"]
    np.testing.assert_allclose(softmax.jacobian(Z), right, rtol=1e-12)
    np.testing.assert_allclose(softmax.vjp([1.0, 0.0], Z), right[0], rtol=1e-12)
    np.testing.assert_allclose(softmax.jvp([1.0, 0.0], Z), right[0], rtol=1e-12)
    low = one("sigmoid", -gap)[0]
    logs = OPERATIONS["log_softmax"]
    right = np.array([[low, -low], [low - 1, 1 - low]])
    np.testing.assert_allclose(logs(Z), [-one("softplus", -gap)[0], -one("softplus", gap)[0]],
                               rtol=1e-12)
    np.testing.assert_allclose(logs.jacobian(Z), right, rtol=1e-12)
    np.testing.assert_allclose(logs.vjp([1.0, 0.0], Z), right[0], rtol=1e-12)
    np.testing.assert_allclose(logs.jvp([1.0, 0.0], Z), right[:, 0], rtol=1e-12)
    loss = OPERATIONS["softmax_cross_entropy"]
    assert loss(Z, labels=0) == pytest.approx(one("softplus", -gap)[0], rel=1e-12, abs=0)
    np.testing.assert_allclose(loss.vjp(1.0, Z, labels=0), [-low, low], rtol=1e-12)


@given(FINITE, st.sampled_from([0.0, 1.0]))
def test_sigmoid_cross_entropy_is_a_softplus_for_any_score(z, label):
    op = OPERATIONS["sigmoid_cross_entropy"]
    value, slope = one("softplus", -z if label else z)
    assert op(z, labels=label) == pytest.approx(value, rel=1e-12, abs=0)
    slope = -slope if label else slope
    assert op.vjp(1.0, z, labels=label) == pytest.approx(slope, rel=1e-12, abs=0)


@given(st.floats(-30, 30), st.floats(0, 1))
def test_sigmoid_cross_entropy_takes_any_probability(z, label):
    loss = OPERATIONS["sigmoid_cross_entropy"](z, labels=label)
    right = label * np.logaddexp(0, -z) + (1 - label) * np.logaddexp(0, z)
    assert loss == pytest.approx(right, rel=1e-12, abs=1e-15)


def test_labels_as_classes_and_as_probabilities_are_the_same():
    call = example(OPERATIONS["softmax_cross_entropy"])
    (Z,), labels = call.inputs, call.parameters["labels"]
    for kind in (labels.tolist(), labels.astype(float), np.eye(2)[labels], np.eye(2)[labels] == 1):
        np.testing.assert_allclose(call.op(Z, labels=kind), call.Y)
        np.testing.assert_allclose(call.op.vjp(1.0, Z, labels=kind),
                                   call.op.vjp(1.0, Z, labels=labels), atol=1e-16)
    loss = call.op(np.array([[1e308, -1e308]]), labels=[[1.0, 0.0]])
    assert loss == 0


@pytest.mark.parametrize("name", ["batchnorm", "layernorm"])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e100, 1e200, 1.7e307])
def test_norms_of_huge_numbers(name, scale):
    X = np.random.default_rng(0).uniform(-1, 1, (5, 6))
    gamma, beta = np.linspace(1, 2, 6), np.zeros(6)
    op, G = OPERATIONS[name], np.random.default_rng(1).standard_normal((5, 6))
    right, pull = op.pullback(X, gamma, beta, eps=0)
    found, pull_found = op.pullback(X * scale, gamma, beta, eps=0)
    np.testing.assert_allclose(found, right, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(pull_found(G)["X"] * scale, pull(G)["X"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(pull_found(G)["gamma"], pull(G)["gamma"], rtol=1e-11)


def test_one_infinite_feature_leaves_the_others_alone():
    X = np.random.default_rng(0).standard_normal((4, 3))
    op = OPERATIONS["batchnorm"]
    right = op(X, np.ones(3), np.zeros(3))
    X[2, 1] = np.inf
    found = op(X, np.ones(3), np.zeros(3))
    np.testing.assert_allclose(found[:, [0, 2]], right[:, [0, 2]], rtol=1e-14)
    assert np.isnan(found[:, 1]).any()


def test_batchnorm_s_sums_that_must_be_zero():
    call = example(OPERATIONS["batchnorm"], sizes={"n": 8, "h": 3})
    X, gamma, beta = call.inputs
    G = call.like(X)
    for eps in (1e-5, 1e-9, 0.0):
        dX = call.op.vjp(G, X, gamma, beta, wrt="X", eps=eps)
        Xhat = call.op(X, np.ones(3), np.zeros(3), eps=eps)
        np.testing.assert_allclose(dX.sum(0), 0, atol=1e-14)
        np.testing.assert_allclose((dX * Xhat).sum(0), 0, atol=20 * eps + 1e-14)


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("eps", [0.0, 1e-12, 1e-5, 0.5])
def test_of_two_examples_only_what_eps_leaves_is_left(ddof, eps):
    X, G = np.array([[2.0, -1.0], [5.0, 1.0]]), np.array([[1.0, 3.0], [2.0, -4.0]])
    op, gamma = OPERATIONS["batchnorm"], np.array([2.0, 3.0])
    var = np.array([9.0, 4.0]) / (4 - 2 * ddof)
    half = np.array([-0.5, 3.5])  # (G₀ − G₁)/2
    right = gamma * half * eps / (var + eps) ** 1.5
    found = op.vjp(G, X, gamma, np.zeros(2), wrt="X", eps=eps, ddof=ddof)
    np.testing.assert_allclose(found, [right, -right], rtol=1e-14, atol=0)
    J = op.jacobian(X, gamma, np.zeros(2), wrt="X", eps=eps, ddof=ddof)
    np.testing.assert_allclose(np.tensordot(G, J, 2), [right, -right], rtol=1e-14, atol=0)


def test_layernorm_is_batchnorm_turned_around():
    X, G = np.random.default_rng(0).standard_normal((2, 4, 5))
    layer, batch = OPERATIONS["layernorm"], OPERATIONS["batchnorm"]
    right = batch(X.T, np.ones(4), np.zeros(4)).T
    np.testing.assert_allclose(layer(X, np.ones(5), np.zeros(5)), right, rtol=1e-14)
    right = batch.vjp(G.T, X.T, np.ones(4), np.zeros(4), wrt="X").T
    np.testing.assert_allclose(layer.vjp(G, X, np.ones(5), np.zeros(5), wrt="X"), right, atol=1e-14)


def test_the_mean_of_huge_numbers_is_no_infinity():
    assert OPERATIONS["mean"]([1e308, 1.5e308]) == 1.25e308
    np.testing.assert_array_equal(OPERATIONS["mean"]([[1e308, 1], [1.5e308, 2]]), [1.25e308, 1.5])
    assert np.isnan(OPERATIONS["mean"](np.zeros(0)))
    assert OPERATIONS["softmax_cross_entropy"](
        [[1e308, 0], [1.5e308, 0]], labels=[1, 1]) == 1.25e308


def test_a_matrix_without_an_inverse_has_nan_for_it():
    A, G = np.array([[1.0, 2.0], [2.0, 4.0]]), np.ones((2, 2))
    op, log = OPERATIONS["inverse"], OPERATIONS["log_det"]
    for found in (op(A), op.vjp(G, A), op.jvp(G, A), op.jacobian(A), log.vjp(1.0, A)):
        assert np.isnan(found).all()
    assert log(A) == -np.inf and op.jacobian(A).shape == (2, 2, 2, 2)


def test_right_by_exactly_the_margin_pushes_no_more():
    op, T = OPERATIONS["hinge"], np.array([[1.0, -1.0, 1.0], [-1.0, 1.0, -1.0]])
    Z = T * [[1, 1 - 2.0**-40, 0], [2, -3, 1]]
    np.testing.assert_array_equal(op.vjp(6.0, Z, labels=T), -T * [[0, 1, 1], [0, 1, 0]])
    assert op(Z, labels=T) == (2.0**-40 + 1 + 4) / 6


def test_a_vector_as_long_as_epsilon_counts_as_one_below_it():
    a, b = np.array([3.0, 4.0]), np.array([6.0, 8.0])
    np.testing.assert_array_equal(OPERATIONS["l2_normalize"].jacobian(a, eps=5.0), np.eye(2) / 5)
    cosine, shadow = OPERATIONS["cosine_similarity"], np.eye(2) - np.outer(a, a) / 25
    for eps, by_a, by_b in ((5.0, b / 50, shadow @ a / 50), (10.0, b / 100, a / 100)):
        np.testing.assert_allclose(cosine.jacobian(a, b, wrt="A", eps=eps), by_a, atol=1e-16)
        np.testing.assert_allclose(cosine.jacobian(a, b, wrt="B", eps=eps), by_b, atol=1e-16)


def test_the_first_of_equals_wins():
    pool = OPERATIONS["maxpool1d"]
    X = np.array([[3.0, 3.0, 1.0, 2.0, 9.0]])
    np.testing.assert_array_equal(pool(X), [[3, 2]])
    np.testing.assert_array_equal(pool.vjp([[10.0, 20.0]], X), [[10, 0, 0, 20, 0]])
    np.testing.assert_array_equal(pool.jvp([[1.0, 2, 3, 4, 5]], X), [[1, 4]])
    nans = np.array([[1.0, np.nan, np.nan]])
    np.testing.assert_array_equal(pool.vjp([[1.0]], nans, size=3), [[0, 1, 0]])
    maxout = OPERATIONS["maxout"]
    W = np.ones((3, 1, 1))
    found = maxout.vjp([[5.0]], [[2.0]], W, np.zeros((3, 1)), wrt="b")
    np.testing.assert_array_equal(found, [[5], [0], [0]])


def test_maxout_with_a_zero_piece_is_a_relu():
    X = np.random.default_rng(0).standard_normal((3, 4))
    W = np.stack([np.zeros((4, 4)), np.eye(4)])
    Y, pull = OPERATIONS["maxout"].pullback(X, W, np.zeros((2, 4)))
    np.testing.assert_array_equal(Y, OPERATIONS["relu"](X))
    np.testing.assert_array_equal(pull(np.ones((3, 4)))["X"], X > 0)


def test_conv1d_is_what_numpy_calls_correlate():
    X, w = np.random.default_rng(0).standard_normal((3, 9)), np.array([1.0, -2.0, 0.5])
    right = [np.correlate(x, w, "valid") for x in X]
    np.testing.assert_allclose(OPERATIONS["conv1d"](X, w), right, rtol=1e-13)


def test_attention_to_one_key_alone():
    Q, K, V = np.array([[50.0, 0.0]]), np.array([[1.0, 0.0], [-1.0, 0.0]]), np.array([[3.0], [5.0]])
    op = OPERATIONS["attention"]
    gap = 100 / math.sqrt(2)
    slope = one("sigmoid", gap)[1]
    assert op(Q, K, V) == 3
    # Y = 5 + (3 − 5) σ(gap), and gap = (K₀ − K₁)·Q/√2
    right = -2 * slope * np.array([[2.0, 0.0]]) / math.sqrt(2)
    np.testing.assert_allclose(op.vjp([[1.0]], Q, K, V, wrt="Q"), right, rtol=1e-12)
    np.testing.assert_allclose(op.jacobian(Q, K, V, wrt="Q")[0, 0], right, rtol=1e-12)


@given(st.lists(st.floats(-700, 0), min_size=1, max_size=300))
def test_softplus_and_the_loss_of_good_guesses_are_log1p(scores):
    right = [math.log1p(math.exp(x)) for x in scores]
    np.testing.assert_allclose(OPERATIONS["softplus"](scores), right, rtol=1e-15)
    loss = OPERATIONS["sigmoid_cross_entropy"](scores, labels=np.zeros(len(scores)))
    assert loss == pytest.approx(math.fsum(right) / len(right), rel=2e-15, abs=0)


def test_a_loss_of_many_good_guesses_keeps_its_digits():
    Z = np.full((40, 60), 30.0)
    loss = OPERATIONS["sigmoid_cross_entropy"](Z, labels=np.ones(Z.shape))
    assert loss == pytest.approx(math.log1p(math.exp(-30)), rel=1e-14, abs=0)


def test_nan_wins_a_maxout():
    W = np.ones((3, 1, 2))
    W[1:, 0, 1] = np.nan
    Y, pull = OPERATIONS["maxout"].pullback(np.ones((1, 1)), W, np.zeros((3, 2)))
    np.testing.assert_array_equal(Y, [[1, np.nan]])
    np.testing.assert_array_equal(pull(np.ones((1, 2)))["b"], [[1, 0], [0, 1], [0, 0]])


def test_formulas_of_the_table_warn_at_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for op in OPERATIONS.values():
            call = example(op)
            inputs = [np.resize(HUGE, x.shape) for x in call.inputs]
            Y, pull = op.pullback(*inputs, **call.parameters)
            pull(np.resize(HUGE, Y.shape))
