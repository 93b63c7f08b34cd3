"""The checker itself: a right derivative passes, each planted wrong one is refused."""

import re
from dataclasses import replace
from functools import wraps
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from helpers import OPERATIONS, check_gradients, relative_error
from helpers.calculus.errors import ShapeError
from helpers.calculus.gradcheck import TOLERANCE, _adjoint, _summed_up, verdict
from helpers.calculus.mistakes import REMEDY
from tests.amount import SOAK
from tests.calculus.cases import every_operation, example, in_course

FLOATS = arrays(np.float64, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
                elements=st.floats(width=64))


@every_operation
def test_every_row_passes(op):
    call = example(op, seed=3)
    checks = check_gradients(op, *call.inputs, **call.parameters)
    assert checks.passed, checks
    assert [check.wrt for check in checks] == list(op.derivatives)
    assert all(op.name in str(check) and "right" in str(check) for check in checks)


def planted(op, wrt, **changes):
    """The row with another derivative by one input."""
    wrong = replace(op.derivatives[wrt], **changes)
    return replace(op, derivatives={**op.derivatives, wrt: wrong})


def around(formula, change):
    """A formula whose value is changed afterwards."""
    return wraps(formula)(lambda *values: change(formula(*values)))


WHAT = ("vjp", "jvp", "core")
PLANTS = {
    "sign": lambda value: -np.asarray(value, float),
    "one in a thousand": lambda value: 1.001 * np.asarray(value),
}


@every_operation
@pytest.mark.parametrize("what", WHAT)
@pytest.mark.parametrize("change", PLANTS.values(), ids=PLANTS)
def test_a_planted_wrong_formula_is_refused(op, what, change):
    """Of a row that no lesson uses one input after the other has the small mistake."""
    call, few = example(op, seed=3), not (SOAK or in_course(op))
    for place, wrt in enumerate(op.derivatives):
        if few and (change is PLANTS["sign"] or WHAT[place % len(WHAT)] != what):
            continue
        formula = getattr(op.derivatives[wrt], what)
        wrong = planted(op, wrt, **{what: around(formula, change)})
        if few:
            wrong = replace(wrong, derivatives={wrt: wrong.derivatives[wrt]})
        checks = check_gradients(wrong, *call.inputs, **call.parameters)
        assert not checks.passed
        (refused,) = [check for check in checks if not check.passed]
        assert refused.wrt == wrt and "right" not in str(refused).split(":")[-1]


NAMED = {  # mistakes that students make, at unequal sizes
    "transpose lost": ("affine", "X", {"vjp": lambda G, W: G @ W.reshape(W.shape[::-1])}),
    "batch not summed": ("affine", "b", {"vjp": lambda G: G[0]}),
    "mean for sum": ("affine", "b", {"vjp": lambda G: G.mean(0)}),
    "mask of the output's sign": ("leaky_relu", "X", {"vjp": lambda G, X, alpha: G * (X > 0)}),
    "upstream forgotten": ("sigmoid", "X", {"vjp": lambda G, slope: slope}),
    "mean path dropped": ("batchnorm", "X", {
        "vjp": lambda G, norm, gamma:
            gamma * norm.scale * (G - norm.hat * (G * norm.hat).mean(0))}),
    "a delta too many": ("softmax", "Z", {"full": "n k -> n k n k",
                                          "core": lambda Y: Y * (1 - Y)}),
    "flipped filter": ("conv1d", "X", {
        "vjp": lambda G, w: np.array([np.convolve(g, w[::-1]) for g in G])}),
    "last of equals": ("maxpool1d", "X", {"jvp": lambda dX, size: dX[:, size - 1::size]}),
}


@pytest.mark.parametrize("mistake", NAMED.values(), ids=NAMED)
def test_a_student_s_mistake_is_refused(mistake):
    name, wrt, changes = mistake
    call = example(OPERATIONS[name], seed=3)
    wrong = planted(OPERATIONS[name], wrt, **changes)
    assert not check_gradients(wrong, *call.inputs, **call.parameters).passed


def test_relative_error_in_numbers():
    assert relative_error([1, 2], [1, 2]) == 0
    assert relative_error([0, 0], [0, -0.0]) == 0
    assert relative_error([1.0, 100.0], [1.5, 100.0]) == 0.005
    assert relative_error(1.0, -1.0) == 2
    assert relative_error([np.nan, np.inf, 1], [np.nan, np.inf, 1]) == 0
    assert relative_error([np.inf], [-np.inf]) == np.inf
    assert relative_error([np.nan], [1.0]) == relative_error([2, 1], [3, np.nan]) == np.inf
    assert relative_error([-np.inf, 1], [5, 2]) == relative_error([5, 2], [np.inf, 2]) == np.inf
    assert relative_error([1e308, 0], [-1e308, 0]) == 2
    assert relative_error([1.5e-323], [-1.5e-323]) == 2
    assert relative_error([np.inf, 1.0], [np.inf, 3.0]) == pytest.approx(2 / 3)
    assert relative_error(np.zeros((0, 3)), np.zeros((0, 3))) == 0
    with pytest.raises(ShapeError, match=r"\(2,\) and \(2, 1\) differ"):
        relative_error([1, 2], [[1], [2]])


@given(FLOATS)
def test_relative_error_is_a_distance(A):
    assert relative_error(A, A) == 0
    assert relative_error(A, np.zeros_like(A)) == relative_error(np.zeros_like(A), A)
    assert 0 <= relative_error(A, -A) <= 2 or not np.isfinite(A).all()


def test_a_kink_is_named_with_its_entry_and_both_slopes():
    X = np.array([[0.5, 0.0], [-1.0, 2.0]])
    (check,) = check_gradients("relu", X)
    assert check.passed and check.verdict == (
        "right. A kink: Y[0, 1] has the slope 0.0000 to the left of X[0, 1] and 1.0000 to its "
        "right.")
    (check,) = check_gradients("maxpool1d", np.ones((2, 4)))
    assert check.passed and "A kink: Y[0, 0]" in str(check) and "7 more kinks" in str(check)
    (check,) = check_gradients("relu", X, at_zero=0.5)
    assert check.passed and "A kink" in str(check)


def test_at_a_kink_a_slope_outside_both_sides_is_refused():
    X = np.array([[0.5, 0.0], [-1.0, 2.0]])
    (check,) = check_gradients(planted(OPERATIONS["relu"], "X", vjp=lambda G, X: G * (
        (X > 0) + 1.5 * (X == 0))), X)
    assert not check.passed and "A kink" in str(check) and check.verdict.startswith(
        "wrong: dX[0, 1] is")


def test_saturated_and_offset_gradients_are_right_as_far_as_can_be_told():
    Z = np.array([[120.0, -3.0, 40.0], [0.0, 95.0, -60.0]])
    (check,) = check_gradients("softmax", Z)
    assert check.passed and "both are 0 beside their rounding" in check.verdict
    X = np.random.default_rng(0).standard_normal((4, 8))
    check, *rest = check_gradients("batchnorm", X + 1e6, np.ones(8), np.zeros(8))
    assert check.passed and re.fullmatch("right to [4-6] digits: the differences lose the rest.",
                                         check.verdict)
    assert all(other.passed for other in rest)
    assert check_gradients("tanh", [40.0, -40.0, 1.0, 0.0]).passed


def test_the_first_wrong_entry_is_told_with_both_values():
    (check,) = check_gradients(planted(OPERATIONS["relu"], "X", vjp=lambda G, X: 2 * G * (X > 0)),
                               [[-1.0, 2.0]])
    got, wanted = check.judgement.got[0, 1], check.judgement.wanted.value[1]
    assert check.judgement.wrong == (0, 1) and got == pytest.approx(2 * wanted)
    assert f"dX[0, 1] is {got:.4f}".replace("-", "−") in str(check)


def test_an_input_too_big_to_measure_entry_by_entry_is_sampled_and_says_so():
    X, W = np.ones((3, 40)), np.ones((40, 30))
    by_A, by_B = check_gradients("matmul", X, W)
    assert by_A.passed and by_B.passed
    assert by_B.verdict == "right in 256 of 1,200 entries, drawn at random."
    G_and_one_more = planted(OPERATIONS["matmul"], "B", vjp=lambda G, A: one_off(A.T @ G))
    by_A, by_B = check_gradients(G_and_one_more, X, W)
    assert by_A.passed and not by_B.passed and "an entry that was not drawn" in by_B.verdict


def one_off(dB):
    """One entry off that is not among those that are drawn."""
    dB[20, 7] += 0.1
    return dB


def test_somebody_s_own_code_is_told_its_mistake_by_name():
    X, W = np.array([[1.0, -2, 3], [0.5, 1.5, -1]]), np.arange(6.0).reshape(3, 2) - 2.2
    checks = check_gradients(lambda X, W: X @ W, lambda G, X, W: (G @ W.T, -(X.T @ G)), X, W)
    by_X, by_W = checks
    assert (checks.passed, by_X.passed, by_W.passed) == (False, True, False)
    assert (checks.mistake, by_X.mistake, by_W.mistake) == ("sign", "", "sign")
    assert (by_X.remedy, by_W.remedy) == ("", REMEDY["sign"]) and by_W.vjp == 2
    assert np.isnan([by_W.jacobian, by_W.adjoint]).all()
    first, wrong, fact, told = str(checks).replace("\n    ", "\n").split("\n")
    assert first == str(by_X) == "forward by X: right."
    value = f"{abs(by_W.judgement.wanted.value.flat[0]):.4f}"
    assert wrong.startswith("forward by W: wrong: dW[0, 0] is ") and wrong.count(value) == 2
    assert fact.startswith("Column of the Jacobian, what W[0, 0] moves: ")
    assert told == f"sign: {REMEDY['sign']}"


def test_a_layer_with_both_methods_and_code_called_with_none_are_taken_as_they_are():
    class Tanh:
        def forward(self, X):
            self.Y = np.tanh(X)
            return self.Y

        def backward(self, G):
            return G * (1 - self.Y**2)

    X = np.array([[1.0, -2, 3], [0.5, 1.5, -1]])
    assert str(check_gradients(Tanh(), X)) == "Tanh by X: right."
    assert str(check_gradients(Tanh(), None, X)) == "Tanh by X: right."


def test_where_the_jvp_is_known_to_fewer_digits_the_verdict_says_to_how_many():
    X = np.random.default_rng(0).standard_normal((3, 4)) + 1e4
    by_X, *rest = check_gradients("layernorm", X, np.ones(4), np.zeros(4))
    assert by_X.passed
    assert by_X.verdict == "right; the jvp to 6 digits: rounding loses the rest."
    assert [check.verdict for check in rest] == ["right.", "right."]


EPS = 2.0**-52


def test_both_products_agree_as_far_as_rounding_and_the_slack_of_the_gradient_allow():
    """⟨G, jvp⟩ is 2·3 − 4·1 = 2, of terms of 6 and 4; sixteen roundings of them are let by."""
    G, D, push = np.array([2.0, -4.0]), np.array([1.0, 2.0]), [np.array([3.0, 1.0])]
    exact = [np.array([1.0, 0.5])]
    error, agrees, hides = _adjoint(G, D, exact, push, 0.0)
    assert (error, agrees) == (0, True) and hides == pytest.approx(16 * EPS * 10 / (2 * 3))
    off = [np.array([1.0, 0.625])]
    for slack, moved, fits in ((0.05, 0.0, False), (0.1, 0.0, True), (0.0, 0.0025, False),
                               (0.0, 0.003, True), (0.05, 0.0013, True)):
        error, agrees, hides = _adjoint(G, D, off, [*push, push[0] + [0, moved]], slack)
        assert (error, agrees) == (0.25 / 2.25, fits)
        assert hides == pytest.approx((3 * slack + 16 * (6 * moved + 10 * EPS)) / 6)
    assert _adjoint(G, D, exact, [np.array([np.nan, 1])], 0.0) == (0, True, 0)
    assert _adjoint(G, D, [np.array([np.inf, 1])], push, 0.0) == (0, True, 0)
    assert _adjoint(G, D, [np.zeros(2)], [np.zeros(2)], 0.5) == (0, True, 0)


RIGHT = SimpleNamespace(verdict="right.", right=True, wrong=None, error=0.25)
WRONG = SimpleNamespace(verdict="wrong: that.", right=False, wrong=(0, 1), error=0.5)
KINK = SimpleNamespace(verdict="right. A kink: 0.5000.", right=True, wrong=None, error=0.0)
BLURRED = SimpleNamespace(verdict="right to 5 digits: that.", right=True, wrong=None, error=0.0)


@pytest.mark.parametrize(("pull", "full", "agrees", "hides", "passed", "verdict"), [
    (RIGHT, RIGHT, True, 9e-8, True, "right."),
    (RIGHT, RIGHT, True, 3e-6, True, "right; the jvp to 5 digits: rounding loses the rest."),
    (RIGHT, RIGHT, True, 0.05, True, "right; the jvp to 1 digit: rounding loses the rest."),
    (RIGHT, RIGHT, True, 20.0, True, "right; the jvp to 0 digits: rounding loses the rest."),
    (KINK, RIGHT, True, 3e-4, True,
     "right; the jvp to 3 digits: rounding loses the rest. A kink: 0.5000."),
    (BLURRED, RIGHT, True, 0.1, True, "right to 5 digits: that."),
    (RIGHT, WRONG, True, 0.0, False, "wrong: that."),
    (WRONG, RIGHT, True, 0.0, False, "wrong: that."),
    (RIGHT, RIGHT, False, 0.0, False,
     "wrong: the jvp, the vjp and the Jacobian differ by 1.2500e-01."),
    (RIGHT, WRONG, False, 0.0, False, "wrong: that."),
    (WRONG, WRONG, False, 0.0, False, "wrong: that."),
])
def test_three_tests_of_an_input_make_one_verdict(pull, full, agrees, hides, passed, verdict):
    check = _summed_up(OPERATIONS["relu"], "X", pull, full, (0.125, agrees, 0.0), hides)
    assert (check.name, check.wrt, check.passed, check.verdict) == ("relu", "X", passed, verdict)
    assert (check.jacobian, check.vjp, check.adjoint) == (full.error, pull.error, 0.125)
    assert check.judgement is pull and check.mistake == ""


def test_the_ladder():
    assert verdict(0) == verdict(TOLERANCE) == "right"
    assert verdict(1e-5).startswith("suspicious")
    assert verdict(0.1) == verdict(np.inf) == verdict(np.nan) == "wrong"
