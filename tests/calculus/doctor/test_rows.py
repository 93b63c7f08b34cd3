"""Each formula of a mistake beside the same mistake as somebody would write it."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.doctor import formulas
from helpers.calculus.doctor.code import OwnCode
from helpers.calculus.doctor.diagnosis import (
    FACTORS,
    Row,
    added,
    close,
    epsilon_rows,
    explains,
    factor,
    near,
    noise,
    slope_rows,
)
from helpers.calculus.doctor.examine import column_said
from helpers.calculus.doctor.judge import judged
from helpers.calculus.doctor.measure import contracted
from helpers.calculus.doctor.norms import GAINS, PATHS, norm_rows
from helpers.calculus.doctor.softmaxes import ROWS, softmax_rows
from helpers.calculus.doctor.trials import Trial

random = np.random.default_rng(1)
EPS = 0.1
X, gamma = 2 * random.standard_normal((5, 4)), random.uniform(0.5, 2, 4)


def norm_of(axis, centred):
    """A norm along an axis, with a gain."""
    def forward(X, gamma):
        X = X - centred * X.mean(axis, keepdims=True)
        return gamma * X / np.sqrt((X**2).mean(axis, keepdims=True) + EPS)
    return forward


def parts(axis, centred, G):
    """What stands in a backward pass of such a norm."""
    def mean(A):
        return A.mean(axis, keepdims=True)

    Xc, N = X - centred * mean(X), X.shape[axis]
    v = mean(Xc**2)
    s, unbiased, outside = np.sqrt(v + EPS), np.sqrt(v * N / (N - 1) + EPS), np.sqrt(v) + EPS
    return SimpleNamespace(D=G * gamma, G=G, Xc=Xc, N=N, H=X.shape[1 - axis], s=s, hat=Xc / s,
                           mean=mean, centre=lambda A: A - centred * mean(A),
                           unbiased=unbiased, outside=outside)


def with_root(n, root, count=0):
    """The right formula with another root, its last mean over N − count."""
    hat = n.Xc / root
    return (n.centre(n.D) - hat * n.mean(n.D * hat) * n.N / (n.N - count)) / root


NORMS = [  # in the order of the rows
    ("lost path", lambda n: n.D / n.s),
    ("lost path", lambda n: (n.D - n.hat * n.mean(n.D * n.hat)) / n.s),
    ("lost path", lambda n: n.centre(n.D) / n.s),
    ("lost path", lambda n: (n.centre(n.D) - n.D - n.hat * n.mean(n.D * n.hat)) / n.s),
    ("sign of a path", lambda n: (n.centre(n.D) + n.hat * n.mean(n.D * n.hat)) / n.s),
    ("sign of a path", lambda n: (2 * n.D - n.centre(n.D) - n.hat * n.mean(n.D * n.hat)) / n.s),
    ("factor ½ in a path", lambda n: (n.centre(n.D) - 0.5 * n.hat * n.mean(n.D * n.hat)) / n.s),
    ("factor 2 in a path", lambda n: (n.centre(n.D) - 2 * n.hat * n.mean(n.D * n.hat)) / n.s),
    ("Bessel", lambda n: (n.centre(n.D) - n.hat * n.mean(n.D * n.hat) * n.N / (n.N - 1)) / n.s),
    ("Bessel", lambda n: with_root(n, n.unbiased)),
    ("Bessel", lambda n: with_root(n, n.unbiased, 1)),
    ("Bessel", lambda n: (n.centre(n.D) - n.hat * n.mean(n.D * n.hat)) / n.unbiased),
    ("ε outside the root", lambda n: with_root(n, n.outside)),
    ("X for X̂", lambda n: (n.centre(n.D) - n.Xc * n.mean(n.D * n.hat)) / n.s),
    ("X for X̂", lambda n: (n.centre(n.D) - n.Xc * n.mean(n.D * n.Xc)) / n.s),
    ("γ in the wrong place", lambda n: (
        n.D - n.G + n.centre(n.G) - n.hat * n.mean(n.G * n.hat)) / n.s),
    ("wrong axis", lambda n: (n.D - (n.D - n.centre(n.D) + n.hat * n.mean(n.D * n.hat))
                              * n.N / n.H) / n.s),
    ("scale forgotten", lambda n: n.centre(n.D) - n.hat * n.mean(n.D * n.hat)),
]
SCALES = [("Bessel", lambda n: (n.G * n.Xc / n.unbiased).sum(0)),
          ("ε outside the root", lambda n: (n.G * n.Xc / n.outside).sum(0)),
          ("X for X̂", lambda n: (n.G * n.Xc).sum(0))]


@pytest.mark.parametrize("axis, centred", [(0, True), (1, True), (1, False)])
def test_the_mistakes_of_a_norm(axis, centred):
    G = random.standard_normal(X.shape)
    t = Trial(OwnCode(norm_of(axis, centred), lambda G, X, gamma: (G, G.sum(0)), [X, gamma], {}),
              {"X": X, "gamma": gamma}, G)
    n = parts(axis, centred, G)
    np.testing.assert_allclose(t.right("X"), with_root(n, n.s), atol=1e-7)
    for name, others, wrong in (("X", [], NORMS), ("gamma", ["X"], SCALES)):
        rows = list(norm_rows(Row, name, others))[-len(wrong):]
        assert len(wrong) == len(PATHS if name == "X" else GAINS)
        for row, (title, written) in zip(rows, wrong, strict=True):
            assert row.name == title
            np.testing.assert_allclose(row.gives(t, name), written(n), rtol=1e-6, atol=1e-6)


def test_a_function_without_its_spread_is_no_norm():
    for forward in (lambda X: X - X.mean(0), lambda X: np.tanh(X), lambda X: X / 3,
                    lambda X: X / X.sum(0)):
        t = Trial(OwnCode(forward, lambda G, X: G, [X], {}), {"X": X}, np.ones(X.shape))
        assert all(row.gives(t, "X") is None for row in norm_rows(Row, "X", []))


def test_the_mistakes_of_a_softmax():
    Z, G = random.standard_normal((4, 4)), random.standard_normal((4, 4))
    P = np.exp(Z) / np.exp(Z).sum(1)[:, None]
    t = Trial(OwnCode(lambda Z: np.exp(Z) / np.exp(Z).sum(1)[:, None], lambda G, Z: G, [Z], {}),
              {"Z": Z}, G)
    each = [np.array([sum(g) for g in G]), np.array([g @ p for g, p in zip(G, P, strict=True)])]
    wrong = [("P forgotten", P * (G - each[0][:, None])), ("P forgotten", G - P * each[0][:, None]),
             ("P forgotten", G - each[1][:, None]), ("lost path", P * G),
             ("mean for sum", P * (G - each[1][:, None] / 4)),
             ("wrong axis", P * (G - np.array([G[:, k] @ P[:, k] for k in range(4)]))),
             ("wrong axis", P * (G - each[1].sum())), ("wrong axis", P * (G - each[1]))]
    assert len(wrong) == len(ROWS)
    for row, (title, written) in zip(softmax_rows(Row), wrong, strict=True):
        assert row.name == title
        np.testing.assert_allclose(row.gives(t, "Z"), written, atol=1e-6)
    no = Trial(OwnCode(lambda Z: np.tanh(Z), lambda G, Z: G, [Z], {}), {"Z": Z}, G)
    assert all(row.gives(no, "Z") is None for row in softmax_rows(Row))


@pytest.mark.parametrize("ratio", [0.0, *10.0 ** np.arange(-7, 4)])
def test_the_eps_of_the_backward_pass_is_told(ratio):
    def norm(X, eps):
        return (X - X.mean(0)) / np.sqrt(X.var(0) + eps)

    def slope(eps):
        s, hat = np.sqrt(X.var(0) + eps), norm(X, eps)
        return (G - G.mean(0) - hat * (G * hat).mean(0)) / s

    G, eps = random.standard_normal(X.shape), 1e-7
    t = Trial(OwnCode(lambda X: norm(X, eps), lambda G, X: slope(eps), [X], {}), {"X": X}, G)
    found = {row.remedy.split(" times ")[0][-5:] if row.remedy else "0": row
             for row in epsilon_rows(t, "X")}
    if ratio == 1:
        assert "1e+00" not in found
    else:
        np.testing.assert_allclose(found[f"{ratio:.0e}" if ratio else "0"].gives(t, "X"),
                                   slope(ratio * eps), rtol=1e-6, atol=1e-9)


COUNTS = {"factor K": 5, "factor 1/K": 1 / 5, "factor H": 11, "factor 1/H": 1 / 11,
          "factor B": 7, "mean over axis 0": 1 / 7, "sum over everything": lambda N: 5 * N,
          "mean over everything": lambda N: 1 / (5 * N), "N for K": lambda N: 5 / N,
          "K for N": lambda N: N / 5, "factor N": lambda N: N, "mean for sum": lambda N: 1 / N,
          "sign": -1, "factor 2": 2, "factor ½": 0.5}


@pytest.mark.parametrize("label", COUNTS)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_size_that_is_multiplied_in_has_its_name(label, sign):
    """Y has N times K = 5 entries, the input 7 times H = 11."""
    assert COUNTS.keys() == FACTORS.keys()
    right, ts = random.standard_normal((7, 11)), []
    for N in (3, 4):
        c = COUNTS[label](N) if callable(COUNTS[label]) else COUNTS[label]
        ts.append(SimpleNamespace(got={"X": sign * c * right}, right=lambda name: right,
                                  values={"X": right}, sizes=(N, 5, 5 * N),
                                  passed=SimpleNamespace(single=False)))
    said = factor(ts, "X", ts[0])
    if label == "sign":
        assert sign < 0 or said.name == "sign"  # twice the sign is none
    else:
        assert said.name == label + " and sign" * (sign < 0)
    told = {"N": "3", "K": "5", "H": "11", "B": "7"}.get(label[-1])
    assert not told or f"{told}" in said.remedy
    assert "everything" not in label or "15" in said.remedy


def test_a_factor_that_is_no_size_is_told_and_one_that_varies_is_none():
    right = random.standard_normal((7, 11))

    def trial(c):
        return SimpleNamespace(got={"X": c * right}, right=lambda name: right, values={"X": right},
                               sizes=(3, 5, 15), passed=SimpleNamespace(single=False))

    assert factor([trial(0.3), trial(0.3)], "X", trial(0.3)).name == "factor 0.3"
    assert factor([trial(0.3), trial(0.4)], "X", trial(0.3)) is None
    assert factor([trial(0.0)], "X", trial(0.0)) is None
    assert factor([trial(1 + 0.5 * np.eye(7, 11))], "X", trial(1)) is None


# -- what explains an answer

def told(got, right, x=None, single=False):
    """A trial of which only the answer and what is right are known."""
    return SimpleNamespace(got={"X": got}, right=lambda name: right, passed=SimpleNamespace(
        single=single), values={"X": right if x is None else x})


R, OTHER = random.standard_normal((2, 3, 4))


@pytest.mark.parametrize("gives, explained", [
    (lambda t, n: t.got[n], True), (lambda t, n: True, True), (lambda t, n: np.True_, True),
    (lambda t, n: False, False), (lambda t, n: np.False_, False), (lambda t, n: None, False),
    (lambda t, n: t.right(n), False), (lambda t, n: t.got[n].T, False),
    (lambda t, n: t.got[n] + 1e-3, False), (lambda t, n: {}[n], False), (lambda t, n: 1 / 0, False),
    (lambda t, n: t.got[n] if t is not LAST else t.right(n), False)])
def test_a_row_explains_only_what_it_gives_in_every_trial(gives, explained):
    assert explains(Row("sign", gives), [told(R, OTHER), LAST], "X") is explained


LAST = told(2 * R, 3 * OTHER)


def test_nothing_explains_an_answer_that_is_right():
    assert not explains(Row("sign", lambda t, n: t.got[n]), [told(R, R)], "X")
    assert explains(Row("sign", lambda t, n: t.got[n]), [told(R, R), LAST], "X")


def test_arrays_that_are_near():
    t = told(R, OTHER)
    assert near(t, R, R + 1e-7 * np.abs(R).max() * 0.9, "X") and not near(t, R, R + 1e-4, "X")
    assert near(told(R, OTHER, single=True), R, R + 5e-5 * np.abs(R).max(), "X")
    assert not near(t, R, R.T, "X") and not near(t, R * np.nan, R * np.nan, "X")
    nearly = told(R, R + 1e-8)  # what is off is small: what explains it must be closer
    assert not near(nearly, R, R + 1e-9, "X")
    assert close(R, R + 1e-9, 1e-8) and not close(R, R + 1e-6, 1e-8) and not close(R, R.T, 1)


def test_a_multiple_of_the_input_is_weight_decay():
    x = random.standard_normal((3, 4))
    assert added([told(R + 0.1 * x, R, x), told(OTHER + 0.1 * x, OTHER, x)], "X").remedy.startswith(
        "The gradient has 0.1 times X more")
    for trials in ([told(R + 0.1 * x, R, x), told(R + 0.2 * x, R, x)], [told(R, R, x)],
                   [told(R + 0.1 * x + 0.1, R, x)], [told(R, OTHER, 0 * x)], [told(R.T, R, x)]):
        assert added(trials, "X") is None


def test_digits_that_are_lost():
    R = np.array([[0.0, 1.23456789, -2.3456789123], [3.1, 0.0, 1e-3]])
    single = R.astype(np.float32).astype(float)
    assert noise([told(single, R)], "X").name == "float32 noise"
    for digits in (1, 3, 8):
        assert noise([told(np.round(R, digits), R)], "X").name == "rounding"
    assert noise([told(R + np.inf, R), told(R, R)], "X").name == "nan or ∞"
    for got in (0 * R, R, R.T, np.round(R, 9), single + 0.1):
        assert noise([told(got, R)], "X") is None
    assert noise([told(single, R), told(R + 1e-12, R)], "X") is None


@pytest.mark.parametrize("column, words", [
    ([0.5, 0, -2], "∂Y[0]/∂X[1] = 0.5000, ∂Y[2]/∂X[1] = −2.0000, the other 1 are 0."),
    ([0, 0, 0], "moves: all 3 are 0."), ([1, 2, 3], "∂Y[2]/∂X[1] = 3.0000."),
    ([1, 2, 3, 4, 5, 6, 0], "∂Y[3]/∂X[1] = 4.0000, 2 more, the other 1 are 0.")])
def test_the_column_that_an_entry_moves_in_words(column, words):
    J = np.stack([np.ones(len(column)), column], 1)
    found = SimpleNamespace(J=J, error=0 * J, Y=np.zeros(len(column)), kinks=())
    wanted = contracted(np.ones(len(column)), found, (2,), np.arange(2), None)
    (said,) = column_said(judged("dX", wanted.array + np.array([0, 1]), wanted, 0))
    assert said.startswith("Column of the Jacobian, what X[1] moves: ") and said.endswith(words)
    assert column_said(judged("dX", wanted.array, wanted, 0)) == ()


def trial(f, x, G, gives=lambda G, x: G):
    return Trial(OwnCode(f, gives, [x], {}), {"x": x}, G)


def test_a_product_of_two_factors_of_the_input():
    G = random.standard_normal(X.shape)
    t = trial(lambda x: x * np.tanh(x), X, G)
    np.testing.assert_allclose(formulas.one_factor(t, "x"), G * np.tanh(X), atol=1e-7)
    np.testing.assert_allclose(formulas.other_factor(t, "x"), G * X / np.cosh(X)**2, atol=1e-7)
    for f, x in ((lambda x: x @ x.T, X), (lambda x: np.sin(x), X * (X > 0))):
        assert formulas.one_factor(trial(f, x, np.ones(f(x).shape)), "x") is None
        assert formulas.other_factor(trial(f, x, np.ones(f(x).shape)), "x") is None


def test_a_unit_with_another_slope_on_one_side():
    def leaky(x):
        return np.where(x > 0, 3 * x, 0.5 * x)

    G = random.uniform(1, 2, X.shape)
    rows = list(slope_rows(trial(leaky, X, G, lambda G, x: G * np.where(x > 0, 3, 0.25)), "x"))
    assert [row.name for row in rows] == ["another slope"] * 2
    assert "Where x < 0 the slope is 0.25 here, and 0.5 in the" in rows[0].remedy
    t = trial(leaky, X, G)
    np.testing.assert_allclose(rows[0].gives(t, "x"), G * np.where(X > 0, 3, 0.25), atol=1e-7)
    np.testing.assert_allclose(rows[1].gives(t, "x"), G * np.where(X > 0, 3, 0.5), atol=1e-7)
    for f, g, gives in ((lambda x: np.tanh(x), G, lambda G, x: G),
                        (leaky, G * (X > X.min()), lambda G, x: G), (leaky, G, lambda G, x: G[0])):
        assert list(slope_rows(trial(f, X, g, gives), "x")) == []
