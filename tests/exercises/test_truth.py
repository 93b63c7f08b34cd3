"""What the exercises hold for right, against central differences of the forward pass."""

import re

import numpy as np
import pytest

from helpers import OPERATIONS, contract, numerical_jacobian, relative_error
from helpers.exercises import EXERCISES, NOTEBOOKS
from helpers.exercises.exercise import SIZES
from helpers.exercises.tables.normalization import EPS
from helpers.exercises.tables.steps import ROOM
from tests.exercises.written import answer, define


def relu(X):
    return np.maximum(X, 0)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def norm(X, axis, eps):
    return (X - X.mean(axis, keepdims=True)) / np.sqrt(X.var(axis, keepdims=True) + eps)


def vjp(f, x, G):
    """G contracted with the numerical Jacobian of f at x."""
    return contract(G, numerical_jacobian(f, x))


def slope(f, x):
    return vjp(f, x, np.ones(np.shape(f(x))))


def cross_entropy(Z, labels):
    P = np.exp(Z) / np.exp(Z).sum(1, keepdims=True)
    return -np.log(P[np.arange(len(Z)), labels]).mean()


def kept_input(Y, gamma, beta, s):
    """An input of batch norm whose output is Y."""
    return (Y - beta) / gamma * s


def last_of(inputs, local, nudge):
    """The last value of a tape whose values are moved by `nudge`."""
    values = np.zeros_like(nudge)
    for k, (two, both) in enumerate(zip(inputs, local, strict=True)):
        values[k] = nudge[k] + both @ values[two]
    return values[-1]


def stacked(X, backs, first=None):
    """What the layers of `backs` make of X, the first with other weights if there are any."""
    for back in backs:
        X, first = np.tanh(X @ (back.args[1] if first is None else first)), None
    return X


# name: from the arguments to the right outputs, by nudging inputs of the forward pass
NUDGED = {
    "softsign_slope": lambda x: [slope(lambda x: x / (1 + np.abs(x)), x)],
    "signed_loss_slope": lambda z, y: [slope(lambda z: np.log(1 + np.exp(-y * z)), z)],
    "relu6_backward": lambda G, X: [vjp(lambda X: np.minimum(np.maximum(X, 0), 6), X, G)],
    "divide_gate": lambda G, x, y: [vjp(lambda x: x / y, x, G), vjp(lambda y: x / y, y, G)],
    "neuron_loss": lambda w, x, t: [slope(lambda w: (sigmoid(w @ x) - t)**2, w)],
    "abs_gate": lambda G, x, y: [vjp(lambda x: np.abs(x - y), x, G),
                                 vjp(lambda y: np.abs(x - y), y, G)],
    "two_paths": lambda G, x: [vjp(lambda x: x * np.exp(x), x, G)],
    "neuron_pass": lambda dy, w0, x0, w1, x1, b, a: [dy * one for one in (
        slope(lambda a: 1 / a, a), slope(lambda b: 1 / (1 + b), b),
        slope(lambda c: 1 / (1 + np.exp(c)), np.log(b)), *[slope(sigmoid, -np.log(b))] * 5,
        *[slope(lambda w, x=x: sigmoid(-np.log(b) + w * x), 0.0) for x in (x0, w0, x1, w1)])],
    "box_jacobian": lambda a, b, c: [numerical_jacobian(
        lambda v: np.array([v.prod(), 2 * (v * np.roll(v, 1)).sum()]), np.array([a, b, c]))],
    "quadratic_gradient": lambda A, x: [slope(lambda x: x @ A @ x, x)],
    "fit_gradient": lambda W, x, t: [slope(lambda x: np.sum((W @ x - t)**2), x)],
    "two_layers_back": lambda g, V, W, x: [vjp(lambda x: V @ np.tanh(W @ x), x, g)],
    "unit_vector_jacobian": lambda x: [
        numerical_jacobian(lambda x: x / np.sqrt(np.sum(x * x)), x)],
    "elu_from_output": lambda G, Y, a: [vjp(
        lambda X: np.where(X > 0, X, a * (np.exp(X) - 1)),
        np.where(Y > 0, Y, np.log(np.minimum(Y, 0) / a + 1)), G)],
    "logsumexp_hessian": lambda x: [
        numerical_jacobian(lambda x: np.exp(x) / np.sum(np.exp(x)), x)],
    "elu_backward": lambda G, X, a: [
        vjp(lambda X: np.where(X > 0, X, a * (np.exp(X) - 1)), X, G)],
    "prelu_alpha": lambda G, X: [
        vjp(lambda alpha: np.where(X > 0, X, alpha * X), np.ones(X.shape[1]), G)],
    "vec_table": lambda W, x: [
        numerical_jacobian(lambda w: w.reshape(W.shape) @ x, W.ravel())],
    "relu_at_zero": lambda X, at: [np.where(X == 0, at, slope(relu, X + (X == 0)) * (X != 0))],
    "quadratic_hessian": lambda A: [numerical_jacobian(
        lambda x: slope(lambda x: x @ A @ x, x), np.ones(len(A)))],
    "relu_backward": lambda G, X: [vjp(relu, X, G)],
    "sigmoid_backward": lambda G, Y: [vjp(sigmoid, np.log(Y / (1 - Y)), G)],
    "bias_backward": lambda G: [vjp(lambda b: np.zeros(G.shape) + b, np.ones(G.shape[1]), G)],
    "row_layer": lambda g, x, W: [vjp(lambda x: x @ W, x, g), vjp(lambda W: x @ W, W, g)],
    "leaky_from_output": lambda G, Y, a: [
        vjp(lambda X: np.where(X > 0, X, a * X), np.where(Y > 0, Y, Y / a), G)],
    "tied_weights": lambda g, W, x: [vjp(lambda W: W.T @ (W @ x), W, g)],
    "shift_scale_product": lambda G, gamma, R, C, r: [
        G, vjp(lambda beta: 0 * G + beta, gamma, G), vjp(lambda R: gamma * R, R, G),
        vjp(lambda gamma: gamma * R, gamma, G), vjp(lambda C: gamma * C * r, C, G),
        vjp(lambda r: gamma * C * r, r, G)],
    "reciprocal_root_variance": lambda dr, r, s, Q: [
        vjp(lambda s: 1 / s, s, dr), vjp(lambda v: 1 / np.sqrt(v), s**2, dr),
        vjp(lambda Q: 1 / np.sqrt(Q.mean(0) + ROOM), Q, dr)],
    "square_centre_mean": lambda dQ, dC1, C: [
        dC1 + vjp(lambda C: C**2, C, dQ), dC1 + vjp(lambda C: C**2, C, dQ),
        vjp(lambda mu: C - mu, C[0], dC1 + 2 * C * dQ),
        vjp(lambda X: X - X.mean(0), C, dC1) + vjp(lambda X: (X - X.mean(0))**2, C, dQ)],
    "columns_backward": lambda G, X, W: [
        vjp(lambda X: W @ X, X, G), vjp(lambda W: W @ X, W, G),
        vjp(lambda b: W @ X + b[:, None], W[:, 0], G)],
    "sequence_backward": lambda G, X, W: [
        vjp(lambda X: X @ W, X, G), vjp(lambda W: X @ W, W, G),
        vjp(lambda b: X @ W + b, W[0], G)],
    "weightnorm_backward": lambda G, V, g: [
        vjp(lambda V: g * V / np.sqrt((V**2).sum(0)), V, G),
        vjp(lambda g: g * V / np.sqrt((V**2).sum(0)), g, G)],
    "affine_backward": lambda G, X, W: [
        vjp(lambda X: X @ W, X, G), vjp(lambda W: X @ W, W, G),
        vjp(lambda b: X @ W + b, np.ones(W.shape[1]), G)],
    "rms_backward": lambda G, X, eps: [
        vjp(lambda X: X / np.sqrt((X**2).mean(0) + eps), X, G)],
    "norm_from_output": lambda G, Y, gamma, beta, s: [
        vjp(lambda X: norm(X, 0, EPS) * gamma, kept_input(Y, gamma, beta, s), G)],
    "batchnorm_backward": lambda G, X, gamma, eps: [
        vjp(lambda X: norm(X, 0, eps) * gamma, X, G),
        vjp(lambda gamma: norm(X, 0, eps) * gamma, gamma, G),
        vjp(lambda beta: 0 * X + beta, gamma, G)],
    "stored_variance": lambda G, gamma, s: [vjp(lambda X: gamma * (X - X.mean(0)) / s, 0 * G, G)],
    "eval_backward": lambda G, X, gamma, mean, var, eps: [
        vjp(lambda X: (X - mean) / np.sqrt(var + eps) * gamma, X, G),
        vjp(lambda gamma: (X - mean) / np.sqrt(var + eps) * gamma, gamma, G),
        vjp(lambda beta: 0 * X + beta, gamma, G)],
    "layernorm_backward": lambda G, X, eps: [vjp(lambda X: norm(X, 1, eps), X, G)],
    "softmax_backward": lambda G, P: [
        vjp(lambda Z: np.exp(Z) / np.exp(Z).sum(1, keepdims=True), np.log(P), G)],
    "gather_backward": lambda G, rows, n: [
        vjp(lambda X: X[rows], np.zeros((n, G.shape[1])), G)],
    "logsumexp_backward": lambda G, Z: [vjp(lambda Z: np.log(np.exp(Z).sum(1)), Z, G)],
    "residual_backward": lambda G, X, W: [vjp(lambda X: X + np.tanh(X @ W), X, G)],
    "maxpool_backward": lambda G, X: [
        vjp(lambda X: X.reshape(len(X), -1, 2).max(-1), X, G)],
    "cross_entropy_backward": lambda Z, labels: [slope(lambda Z: cross_entropy(Z, labels), Z)],
    "dense_backward": lambda G, X, W, b: [
        vjp(lambda X: relu(X @ W + b), X, G), vjp(lambda W: relu(X @ W + b), W, G),
        vjp(lambda b: relu(X @ W + b), b, G)],
    "shared_input_backward": lambda G, H, W, V: [
        vjp(lambda X: X @ W, np.ones((len(G), len(W))), G)
        + vjp(lambda X: X @ V, np.ones((len(G), len(W))), H)],
    "walk_back": lambda G, backs: [
        vjp(lambda X: stacked(X, backs), backs[0].args[0], G),
        [vjp(lambda W, i=i: stacked(backs[i].args[0], backs[i:], W), backs[i].args[1], G)
         for i in range(len(backs))]],
    "dropout_backward": lambda G, kept, share: [vjp(lambda X: X * kept / share, G, G)],
    "unrolled_weight": lambda G, w, x: [G * slope(lambda w: np.tanh(w * np.tanh(w * x)), w)],
    "mul_back": lambda G, a, b: [G * slope(lambda a: a * b, a), G * slope(lambda b: a * b, b)],
    "tape_back": lambda inputs, local: [slope(
        lambda nudge: last_of(inputs, local, nudge), np.zeros(len(inputs)))],
    "measured_jacobian": lambda f, x, t: [numerical_jacobian(f, x)],
    "smoothed_backward": lambda Z, labels, share: [slope(lambda Z: np.mean(
        np.log(np.exp(Z).sum(1)) - (1 - share) * Z[np.arange(len(Z)), labels]
        - share * Z.mean(1)), Z)],
    "momentum_step": lambda W, V, dW, rate, mu: [
        step - rate * slope(lambda W: np.sum(dW * W), W) for step in (W + mu * V, mu * V)],
    "decayed_step": lambda W, dW, rate, decay: [
        W - rate * slope(lambda W: np.sum(dW * W) + decay / 2 * np.sum(W**2), W)],
}
# No derivative: a batch counted, formulas in more digits, a measured slope, a layer, a spread.
DIRECT = {"silent_units", "softplus_stable", "log_sigmoid", "beside_a_kink", "batchnorm_forward",
          "paired_gain"}
WRITTEN = [row for row in EXERCISES.values() if row.level != "predict"]


@pytest.mark.parametrize("exercise", WRITTEN, ids=lambda exercise: exercise.name)
def test_what_is_right_is_what_nudging_gives(exercise):
    if exercise.name in DIRECT:
        return
    solution = define(exercise.name, exercise.answer)
    for seed, sizes in enumerate(SIZES):
        arguments = exercise.draw(sizes, 100 + seed)
        nudged = NUDGED[exercise.name](*arguments)
        solved = solution(*arguments)
        solved = solved if isinstance(solved, tuple) else [solved]
        for name, a, b, c in zip(exercise.outputs, nudged, exercise.truth(arguments), solved,
                                 strict=True):
            assert relative_error(b, c) < 1e-12 or np.abs(b - c).max() < 1e-12, name
            error = np.abs(a - b)
            assert error.max(initial=0) < 1e-5 * max(1, np.abs(b).max(initial=0)), (name, sizes)


def test_every_exercise_is_nudged():
    assert set(NUDGED) | DIRECT == {exercise.name for exercise in WRITTEN}


def test_a_silent_unit_is_off_for_all_examples():
    exercise = EXERCISES["silent_units"]
    for (Z,) in exercise.cases():
        silent = [max(column) <= 0 for column in Z.T]
        np.testing.assert_array_equal(exercise.truth((Z,))[0], silent)


def test_batch_norm_is_right_in_both_modes():
    exercise, op = EXERCISES["batchnorm_forward"], OPERATIONS["batchnorm"]
    cases = exercise.cases()
    assert {case[3] for case in cases} == {True, False}
    assert any(len(case[0]) == 1 and not case[3] for case in cases)
    for X, mean, var, training, momentum, eps in cases:
        Xhat, new_mean, new_var = exercise.truth((X, mean, var, training, momentum, eps))
        one = np.ones(X.shape[1])
        if training:
            np.testing.assert_allclose(Xhat, op(X, one, 0 * one, eps=eps), atol=1e-12)
            np.testing.assert_allclose((new_mean - mean) / (X.mean(0) - mean), 1 - momentum)
            np.testing.assert_allclose((new_var - var) / (X.var(0) - var), 1 - momentum)
        else:
            np.testing.assert_allclose(Xhat * np.sqrt(var + eps) + mean, X)
            assert new_mean is not X and (new_mean == mean).all() and (new_var == var).all()


def test_softplus_is_right_far_out():
    exercise = EXERCISES["softplus_stable"]
    for (x,) in exercise.cases():
        np.testing.assert_allclose(exercise.truth((x,))[0], np.logaddexp(0, x), rtol=1e-14)


def test_the_log_of_the_sigmoid_is_right_far_out():
    exercise = EXERCISES["log_sigmoid"]
    for (x,) in exercise.cases():
        np.testing.assert_allclose(exercise.truth((x,))[0], -np.logaddexp(0, -x), rtol=1e-14)


@pytest.mark.parametrize("name", ["relu_backward", "batchnorm_backward", "rms_backward",
                                  "gather_backward", "abs_gate",
                                  "divide_gate", "two_paths", "relu6_backward"])
def test_rows_are_of_the_true_jacobian(name):
    """The row that a feedback shows, times G, is the right entry."""
    exercise = EXERCISES[name]
    for case in exercise.cases():
        for truth, right in zip(exercise.truths, exercise.truth(case), strict=True):
            if truth.jacobian:
                np.testing.assert_allclose(contract(case[0], truth.jacobian(*case)), right,
                                           atol=1e-13)


def test_each_notebook_goes_from_prediction_to_code():
    for title, rows in NOTEBOOKS.items():
        levels = [row.level for row in rows]
        main = title.startswith("0")
        assert len(rows) >= (4 if main else 3), title
        assert set(levels) >= ({"predict", "derive", "code"} if main else {"derive", "code"}), title
        assert levels == sorted(levels, key=["predict", "derive", "code"].index), title


def test_cases_have_unequal_axes_one_example_and_equal_axes():
    shapes = [[np.shape(a) for a in case] for case in EXERCISES["affine_backward"].cases()]
    assert any(len({*G, *X, *W}) == 3 for G, X, W in shapes)
    assert any(G[0] == 1 for G, _, _ in shapes)
    assert any(G == X == W for G, X, W in shapes)
    first, again = (EXERCISES["relu_backward"].cases() for _ in range(2))
    np.testing.assert_array_equal(first[0][0], again[0][0])


def test_the_mask_of_the_course_is_the_one_of_the_table():
    X = np.array([[1.0, -2.0]])
    assert EXERCISES["relu_backward"].truth((X, X))[0].tolist() == [[1.0, 0.0]]
    assert OPERATIONS["relu"].vjp(X, X).tolist() == [[1.0, 0.0]]


def test_gamma_stays_away_from_0_where_a_pass_divides_by_it():
    for _, Y, gamma, beta, s in EXERCISES["norm_from_output"].cases():
        assert np.abs(gamma).min() >= 0.5
        again = (Y - beta) / gamma
        np.testing.assert_allclose(again.mean(0), 0, atol=1e-12)
        np.testing.assert_allclose(again.var(0), 1 - EPS / s**2, rtol=1e-9)


WITHOUT_NUMBER = {"saturated_share", "batch_of_one", "sum_tensor", "name_the_mistake", "passes",
                  "batch_loss"}  # 3 of 8, a single pass, 1/4: in words, or as a fraction
PREDICTED = [exercise for exercise in EXERCISES.values()
             if exercise.level == "predict" and exercise.name not in WITHOUT_NUMBER]


@pytest.mark.parametrize("exercise", PREDICTED, ids=lambda exercise: exercise.name)
def test_the_reason_of_a_prediction_says_its_numbers(exercise):
    for output, value in zip(exercise.outputs, exercise.truth(()), strict=True):
        if value.ndim == 0:
            ways = (f"{value:g}", f"{value:,.0f}" if value == value.round() else "", f"{value:.4f}",
                    f"{value:.1f}" if value == value.round(1) else "")
            assert any(re.search(rf"(?<![\d.,]){re.escape(way)}(?![\d,.]*\d)", exercise.derivation)
                       for way in (way.replace("-", "−") for way in ways) if way), output


# A formula that a derivation shows, and the same, typed.
DERIVED = [
    ("quadratic_gradient", r"\sum_j A_{kj}x_j + \sum_i A_{ik}x_i",
     "return [sum(A[k, j] * x[j] for j in range(len(x))) + sum(A[i, k] * x[i] for i in "
     "range(len(x))) for k in range(len(x))]"),
    ("quadratic_gradient", r"(A + A^\top)x", "return (A + A.T) @ x"),
    ("quadratic_hessian", r"A_{kl} + A_{lk}", "return A + A.T"),
    ("fit_gradient", r"W^\top\cdot 2(Wx-t)", "return W.T @ (2 * (W @ x - t))"),
    ("unit_vector_jacobian", r"\dfrac{\delta_{ki} - y_k y_i}{\lVert x\rVert}",
     "size = np.linalg.norm(x)\nreturn (np.eye(len(x)) - np.outer(x / size, x / size)) / size"),
    ("logsumexp_hessian", r"p_i(\delta_{ij} - p_j)",
     "p = np.exp(x) / np.exp(x).sum()\nreturn p[:, None] * (np.eye(len(x)) - p)"),
    ("cross_entropy_backward", r"L_n = -Z_{nt} + \log\sum_k e^{Z_{nk}}",
     "def L(Z):\n    return np.mean(-Z[range(len(Z)), labels] + np.log(np.exp(Z).sum(1)))\n"
     "return np.reshape([L(Z + 1e-30j * e.reshape(Z.shape)).imag / 1e-30 for e in np.eye(Z.size)],"
     " Z.shape)"),
    ("cross_entropy_backward", r"\dfrac1N\,(P_{nk} - \delta_{kt_n})",
     "P = np.exp(Z) / np.exp(Z).sum(1)[:, None]\nreturn (P - np.eye(Z.shape[1])[labels]) / len(Z)"),
    ("dense_backward", r"g = G\odot\mathbb{1}(XW+b>0)",
     "g = G * (1.0 * (X @ W + b > 0))\nreturn g @ W.T, X.T @ g, g.sum(0)"),
    ("decayed_step", r"dW + \lambda W", "return W - rate * (dW + decay * W)"),
    ("decayed_step", r"\Big(L + \dfrac{\lambda}{2}\lVert W\rVert^2\Big)",
     "def penalty(w):\n    return decay / 2 * w**2\n"
     "return W - rate * (dW + penalty(W + 0.5) - penalty(W - 0.5))"),
]


@pytest.mark.parametrize(("name", "formula", "body"), DERIVED, ids=[row[0] for row in DERIVED])
def test_what_a_derivation_shows_is_right_when_it_is_typed(name, formula, body):
    exercise = EXERCISES[name]
    assert formula in exercise.derivation and exercise.check(answer(exercise, body)).right
