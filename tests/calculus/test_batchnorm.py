"""The graph of batch norm: every rule against differences, all of them against one formula."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import OPERATIONS, contract, numerical_jacobian, relative_error
from helpers.calculus import batchnorm as bn
from helpers.calculus.errors import LessonError, NumberError, ShapeError
from helpers.calculus.run import apply
from tests.calculus.read_latex import open_indices, value

RANDOM = np.random.default_rng(5)
X, G = RANDOM.normal(size=(5, 3)), RANDOM.normal(size=(5, 3))
GAMMA, BETA = np.array([1.5, 0.8, -1.2]), np.array([0.1, -0.4, 0.7])
MEAN, VAR = np.array([0.3, -0.2, 0.1]), np.array([0.9, 1.4, 0.6])
RULES = [(step, rule) for step in bn.TRAINING for rule in step.rules]


def graph(mode="training", X=X, gamma=GAMMA, beta=BETA, eps=0.1, ddof=0):
    if mode == "training":
        return bn.training(X, gamma, beta, eps, ddof)
    return bn.evaluation(X, gamma, beta, MEAN, VAR, eps)


def test_the_steps_make_the_textbook_formula():
    values = graph()
    expected = GAMMA * (X - X.mean(0)) / np.sqrt(X.var(0) + 0.1) + BETA
    assert relative_error(values["Y"], expected) < 1e-15
    steps = bn.forward_steps(values)
    assert [step.name for step in steps] == [
        "mean", "centre", "square", "variance", "root", "reciprocal", "product", "scale", "shift"]
    assert all(step.value is values[step.result] for step in steps)
    assert all(step.value.ndim == len(step.letters.split()) for step in steps)


def test_bessel_divides_by_one_less_and_the_formulas_say_so():
    values = graph(ddof=1)
    assert relative_error(values["v"], X.var(0, ddof=1)) < 1e-15
    assert "N-1" in bn.forward_steps(values)[3].latex
    assert "N-1" not in bn.forward_steps(graph())[3].latex
    assert not any("@" in step.latex for step in bn.forward_steps(values))


@pytest.mark.parametrize("step, rule", RULES, ids=[f"{s.name}-{r.to}" for s, r in RULES])
@pytest.mark.parametrize("ddof", [0, 1])
def test_every_rule_is_the_derivative_of_its_step(step, rule, ddof):
    """A rule sends back the contraction of the step's own Jacobian, by differences."""
    values = graph(ddof=ddof)
    upstream = np.random.default_rng(1).normal(size=values[step.result].shape)
    J = numerical_jacobian(lambda changed: apply(step.forward, values | {rule.to: changed}),
                           values[rule.to])
    sent = apply(rule.send, values | {f"d{step.result}": upstream})
    assert relative_error(sent, contract(upstream, J)) < 1e-8


SYMBOLS = {"mu": r"\mu", "Xhat": r"\hat{X}"}


def said(latex, values, result="", upstream=0.0):
    """What the right side of a step's formula says of all entries, in the shape (5, 3)."""
    right = re.split(r" = | \\leftarrow ", bn.over(latex, values))[1]
    right = right.replace(f"d{SYMBOLS.get(result, result)}", "Δ")
    found = value(right, N=5, varepsilon=values["eps"], Δ=upstream, **values,
                  **open_indices({"n": 5, "h": 3}))
    return np.broadcast_to(found, (5, 3))


@pytest.mark.parametrize("step, rule", RULES, ids=[f"{s.name}-{r.to}" for s, r in RULES])
@pytest.mark.parametrize("ddof", [0, 1])
def test_the_formulas_beside_a_step_are_what_it_computes(step, rule, ddof):
    values, result = graph(ddof=ddof), step.result
    upstream = np.random.default_rng(2).normal(size=values[result].shape)
    sent = apply(rule.send, values | {f"d{result}": upstream})
    forward = np.broadcast_to(values[result], (5, 3))
    np.testing.assert_allclose(said(step.latex, values), forward, rtol=1e-12)
    np.testing.assert_allclose(said(rule.latex, values, result, upstream),
                               np.broadcast_to(sent, (5, 3)), rtol=1e-12)
    pulled = said(rule.local, values) * upstream
    pulled = pulled[:1] if upstream.ndim == sent.ndim == 1 else pulled
    np.testing.assert_allclose(pulled if sent.ndim == 2 else pulled.sum(0), sent, rtol=1e-12)


def test_what_is_sent_without_the_path_from_the_variance_is_what_its_formula_says():
    values = graph()
    *_, centre, _ = bn.backward_steps(values, G, drop_path=True)
    (to_mu,) = [sent for sent in centre.sent if sent.to == "mu"]
    upstream = bn.gradients(bn.backward_steps(values, G))["Xhat"]
    found = said(to_mu.latex, values, "Xhat", upstream)
    np.testing.assert_allclose(found[0], to_mu.value, rtol=1e-12)


@pytest.mark.parametrize("mode, ddof", [("training", 0), ("training", 1), ("evaluation", 0)])
def test_the_steps_back_the_formula_and_the_full_jacobian_agree(mode, ddof):
    values = graph(mode, ddof=ddof)
    stepped = bn.gradients(bn.backward_steps(values, G))
    formula = bn.collapsed(values, G)
    for wrt, at in (("X", X), ("gamma", GAMMA), ("beta", BETA)):
        J = numerical_jacobian(lambda a, wrt=wrt: graph(mode, ddof=ddof, **{wrt: a})["Y"], at)
        assert relative_error(stepped[wrt], formula[wrt]) < 1e-14
        assert relative_error(formula[wrt], contract(G, J)) < 1e-8


@given(st.integers(2, 9), st.integers(1, 4), st.integers(0, 2**32 - 1), st.sampled_from([0, 1]),
       st.sampled_from([1e-8, 1e-3, 1.0]))
def test_properties_at_any_size(N, H, seed, ddof, eps):
    random = np.random.default_rng(seed)
    X, G = random.normal(size=(N, H)), random.normal(size=(N, H))
    gamma = random.normal(size=H)
    values = bn.training(X, gamma, np.zeros(H), eps, ddof)
    dX, backward = bn.collapsed(values, G)["X"], bn.backward_steps(values, G)
    scale = np.abs(gamma * values["r"]) * np.abs(G).sum(0)
    assert (np.abs(dX - bn.gradients(backward)["X"]) <= 1e-11 * scale).all()
    assert (np.abs(dX.sum(0)) <= 1e-12 * scale).all()
    along = gamma * values["r"] * bn.kept_share(values) * (G * values["Xhat"]).sum(0)
    assert (np.abs((dX * values["Xhat"]).sum(0) - along) <= 1e-11 * scale).all()
    # C = X − mean is right to a rounding of X, however near to each other the entries are.
    upstream = (np.abs(bn.gradients(backward)["Q"]) * np.abs(X).max(0)).sum(0)
    lost = np.abs(bn.path_through_variance(values, backward))
    assert (lost <= 1e-12 * upstream + 1e-300).all()


def test_the_path_from_the_variance_to_the_mean_can_be_dropped():
    values = graph()
    kept, dropped = (bn.gradients(bn.backward_steps(values, G, drop)) for drop in (False, True))
    assert relative_error(kept["mu"], dropped["mu"]) < 1e-14
    assert relative_error(kept["X"], dropped["X"]) < 1e-14
    # The switch really leaves something out: with a C that does not add up to 0 they differ.
    off = values | {"C": values["C"] + 1}
    kept, dropped = (bn.gradients(bn.backward_steps(off, G, drop)) for drop in (False, True))
    assert relative_error(kept["mu"], dropped["mu"]) > 1e-3


def test_where_two_gradients_meet_they_add():
    backward = bn.backward_steps(graph(), G)
    product, square = (next(s for s in backward if s.name == n) for n in ("product", "square"))
    assert np.array_equal(square.sent[0].total, product.sent[0].value + square.sent[0].value)
    centre, mean = backward[-2], backward[-1]
    assert np.array_equal(mean.sent[0].total, centre.sent[0].value + mean.sent[0].value)


@pytest.mark.parametrize("ddof", [0, 1])
def test_the_three_parts_add_up_to_the_block_of_the_feature(ddof):
    values = graph(ddof=ddof)
    J = numerical_jacobian(lambda X: graph(X=X, ddof=ddof)["Y"], X)
    for feature in range(3):
        parts = bn.jacobian_parts(values, feature)
        assert relative_error(sum(parts), J[:, feature, :, feature]) < 1e-8
        assert np.count_nonzero(parts.identity) == 5
        assert [np.linalg.matrix_rank(part) for part in parts] == [5, 1, 1]


def test_the_slopes_of_the_block_are_0_the_share_and_gamma_over_s():
    values = graph()
    block = sum(bn.jacobian_parts(values, 0))
    slope = GAMMA[0] * values["r"][0]
    found = np.sort(np.linalg.eigvalsh(block))
    assert np.allclose(found, [0, slope * bn.kept_share(values)[0], slope, slope, slope])


def test_fixed_statistics_leave_a_diagonal():
    values = graph("evaluation")
    parts = bn.jacobian_parts(values, 1)
    assert np.array_equal(sum(parts), np.diag(np.diag(parts.identity)))
    assert not parts.mean.any() and not parts.xhat.any()
    backward = bn.backward_steps(values, G)
    assert [step.name for step in backward] == ["shift", "scale", "product", "centre"]
    assert set(bn.gradients(backward)) == {"Y", "Z", "beta", "Xhat", "gamma", "C", "X"}


@pytest.mark.parametrize("ddof", [0, 1])
def test_the_table_of_operations_says_the_same(ddof):
    op = OPERATIONS["batchnorm"]
    values = graph(ddof=ddof)
    given = {"eps": 0.1, "ddof": ddof}
    assert relative_error(op(X, GAMMA, BETA, **given), values["Y"]) < 1e-14
    for wrt, gradient in bn.collapsed(values, G).items():
        assert relative_error(op.vjp(G, X, GAMMA, BETA, wrt=wrt, **given), gradient) < 1e-14
    J = op.jacobian(X, GAMMA, BETA, wrt="X", **given)
    assert relative_error(J[:, 2, :, 2], sum(bn.jacobian_parts(values, 2))) < 1e-14


def test_the_table_says_the_same_of_fixed_statistics():
    op, values = OPERATIONS["batchnorm_eval"], graph("evaluation")
    given = {"mean": MEAN, "var": VAR, "eps": 0.1}
    assert relative_error(op(X, GAMMA, BETA, **given), values["Y"]) < 1e-14
    for wrt, gradient in bn.collapsed(values, G).items():
        assert relative_error(op.vjp(G, X, GAMMA, BETA, wrt=wrt, **given), gradient) < 1e-14


def test_epsilon_is_that_of_the_table_where_none_is_given():
    eps = OPERATIONS["batchnorm"].parameters["eps"]
    assert bn.training(X, GAMMA, BETA)["eps"] == eps
    assert bn.evaluation(X, GAMMA, BETA, MEAN, VAR)["eps"] == eps


def test_one_example_lets_nothing_through():
    values = bn.training(X[:1], GAMMA, BETA, 0.1)
    assert not values["Xhat"].any() and not bn.collapsed(values, G[:1])["X"].any()


def test_inputs_are_not_changed():
    given = [a.copy() for a in (X, GAMMA, BETA, G)]
    bn.backward_steps(graph(), G)
    assert all(np.array_equal(a, b) for a, b in zip((X, GAMMA, BETA, G), given, strict=True))


BAD = [
    (lambda: bn.training(X[0], GAMMA, BETA), ShapeError, "2 axes (n, h)"),
    (lambda: bn.training(X[:0], GAMMA, BETA), ShapeError, "at least one example"),
    (lambda: bn.training(X, GAMMA[:2], BETA), ShapeError, "axis h is 3 in X, but gamma"),
    (lambda: bn.training(X, GAMMA, BETA, -1), NumberError, "0 or more, not -1"),
    (lambda: bn.training(X, GAMMA, BETA, np.nan), NumberError, "not nan"),
    (lambda: bn.training(X, GAMMA, BETA, ddof=2), NumberError, "ddof must be 0"),
    (lambda: bn.training(X[:1], GAMMA, BETA, ddof=1), ShapeError, "two examples or more"),
    (lambda: bn.training(np.ones((3, 3)), GAMMA, BETA, 0), NumberError, "variance 0 and ε is 0"),
    (lambda: bn.evaluation(X, GAMMA, BETA, MEAN, -VAR), NumberError, "not negative"),
    (lambda: bn.evaluation(X, GAMMA, BETA, MEAN, [1, -2, 3]), NumberError, "but var holds -2"),
    (lambda: bn.evaluation(X, GAMMA, BETA, MEAN, 0 * VAR, 0), NumberError, "1/0"),
    (lambda: bn.backward_steps(graph(), G[:2]), ShapeError, "(2, 3), but Y has (5, 3)"),
    (lambda: bn.training(X, GAMMA, BETA, np.inf), NumberError, "0 or more, not inf"),
    (lambda: bn.training(X * [1, 0, 1], GAMMA, BETA, 0), NumberError,
     "feature 1 has variance 0 and ε is 0, so 1/s is 1/0"),
    (lambda: bn.training(X * [1, 0, 0], GAMMA, BETA, 0), NumberError, "feature 1 has variance 0"),
    (lambda: bn.training("text", GAMMA, BETA), NumberError, "real numbers"),
]


@pytest.mark.parametrize("wrong, kind, said", BAD, ids=[said for *_, said in BAD])
def test_wrong_input_is_one_readable_line(wrong, kind, said):
    with pytest.raises(kind, match=r"^batch norm: ") as caught:
        wrong()
    assert said in str(caught.value) and "\n" not in str(caught.value)
    assert isinstance(caught.value, LessonError)
