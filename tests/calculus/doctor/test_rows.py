"""Each formula of a mistake beside the same mistake as somebody would write it."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.doctor import diagnosis, formulas
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
    said,
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
X0 = np.concatenate([np.arange(-2.0, 3)[:, None], X[:, 1:]], 1)  # one number is the mean


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

    Xc, N = X0 - centred * mean(X0), X.shape[axis]
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
    norm, more = norm_of(axis, centred), np.ones(7)  # of no size that a gain could have
    code = OwnCode(lambda X, gamma, more: norm(X, gamma) + more.sum() - 7,
                   lambda G, X, gamma, more: (G, G.sum(0), 0 * more), [X0, gamma, more], {})
    t = Trial(code, code.values, G)
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
    Z, G = random.standard_normal((3, 3, 3)), random.standard_normal((3, 3, 3))

    def softmax(Z):
        return np.exp(Z) / np.einsum("abc->ab", np.exp(Z))[..., None]

    P = softmax(Z)
    t = Trial(OwnCode(softmax, lambda G, Z: G, [Z], {}), {"Z": Z}, G)
    plain, weighted = np.einsum("abc->ab", G)[..., None], np.einsum("abc,abc->ab", G, P)
    each = weighted[..., None]
    wrong = [("P forgotten", P * (G - plain)), ("P forgotten", G - P * plain),
             ("P forgotten", G - each), ("lost path", P * G), ("mean for sum", P * (G - each / 3)),
             ("wrong axis", P * (G - np.einsum("abc,abc->bc", G, P))),
             ("wrong axis", P * (G - weighted.sum())), ("wrong axis", P * (G - weighted))]
    assert len(wrong) == len(ROWS)
    for row, (title, written) in zip(softmax_rows(Row), wrong, strict=True):
        assert row.name == title
        np.testing.assert_allclose(row.gives(t, "Z"), written, atol=1e-6)
    no = Trial(OwnCode(lambda Z: np.tanh(Z), lambda G, Z: G, [Z], {}), {"Z": Z}, G)
    one = trial(lambda x: 1 / (1 + np.exp(-x)), X[:, :1], np.ones((5, 1)))  # a score of its own
    assert all(row.gives(one, "x") is None for row in softmax_rows(Row))
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
    found = {said(row, t, "X").remedy.split(" times ")[0][-5:] if row.name == "another ε" else "0":
             row for row in epsilon_rows(t, "X")}
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
    assert factor([trial(-0.3), trial(-0.3 * (1 + 9e-6))], "X", trial(1)).remedy == (
        "Every number is -0.3 times what it should be.")
    assert factor([trial(-0.3), trial(-0.3 * (1 + 11e-6))], "X", trial(1)) is None
    assert factor([trial(2 * (1 + 9e-6))], "X", trial(1)).remedy.startswith("Every number is twice")
    assert "is 2.00004 times" in factor([trial(2.00004)], "X", trial(1)).remedy
    assert factor([trial(1 + 0.5 * np.eye(7, 11))], "X", trial(1)) is None


@pytest.mark.parametrize("c, shape, sizes, name", [
    (2, (7, 11), (2, 5, 10), "factor 2 or factor N"), (1 / 3, (7, 3), (3, 5, 15), "mean for sum"),
    (7, (7, 7), (3, 7, 21), "factor K or factor H"), (7, (7,), (3, 4, 12), "factor H or factor B"),
    (100.0009, (7, 11), (100, 5, 500), "factor N"), (3, (), (3, 4, 12), "factor N"),
    (100.0011, (7, 11), (100, 5, 500), "factor 100"), (-5, (7, 5), (3, 4, 12), "factor H and sign")
])
def test_sizes_that_are_alike_are_both_named(c, shape, sizes, name):
    right = random.standard_normal(shape)
    if right.ndim:
        right.flat[1] = 0
    t = told(c * right, right)
    t.sizes = sizes
    assert factor([t], "X", t).name == name


def test_no_factor_makes_another_shape_or_something_of_nothing():
    for got, right in (([[1.0, 2]], [1.0, 2]), ([1.0, 0], [0.0, 0]), ([0.0, 0], [1.0, 2])):
        t = told(np.array(got), np.array(right))
        t.sizes = 3, 4, 12
        assert factor([t], "X", t) is None


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


@pytest.mark.parametrize("off, single, apart", [
    (10, False, 1e-5), (1e-3, False, 1e-7), (1e-9, False, 1e-9), (10, True, 1e-3),
    (None, False, 1e-5)])
def test_near_is_much_nearer_than_the_answer_is_to_what_is_right(off, single, apart):
    """Of numbers up to 10 a millionth, or a ten-thousandth of what is off; of all in float32."""
    B = np.array([10.0, 0, -1e-3])
    t = told(B, B[:2] if off is None else B + np.array([0, off, 0]), single=single)
    for share in (-0.9, 0, 0.9):
        assert near(t, B + np.array([0, 0, share * apart]), B, "X")
    for share in (-1.1, 1.1, 3.0):
        assert not near(t, B + np.array([0, 0, share * apart]), B, "X")


def test_small_arrays_and_zeros_that_are_near():
    small = told(np.full(2, 1e-5), np.full(2, 2e-5))
    assert near(small, np.full(2, 1e-5), np.full(2, 1e-5 + 1e-12), "X")
    assert not near(small, np.full(2, 1e-5), np.full(2, 1e-5 + 1e-10), "X")
    assert near(small, np.zeros(2), np.zeros(2), "X") and close(np.zeros(2), np.zeros(2), 0.1)
    assert near(small, np.zeros(0), np.zeros(0), "X")
    assert not near(small, np.array([1.0, np.nan]), np.ones(2), "X")
    right = np.array([1e-5, 1e-9])
    for off, alike in ((9e-12, True), (-9e-12, True), (1.1e-11, False), (-1.1e-11, False)):
        assert close(right + np.array([0, off]), right, 1e-6) is alike


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
    zero = np.where(np.abs(x) > 0.5, x, 0)  # some of its numbers
    found = added([told(R - 0.1 * zero, R, zero), told(R - 0.1 * x * (1 + 9e-6), R, x)], "X")
    assert (found.name, found.output) == ("weight decay", "dX")
    assert found.remedy.startswith("The gradient has -0.1 times X more")
    for trials in ([told(R - 0.1 * x, R, x), told(R - 0.1 * x * (1 + 11e-6), R, x)],
                   [told(R[None], R, x)], [told(R + 0.1 * x, R, x), told(R + 0.1, R, x)],
                   [told(R + 0.1 * x, R, x), told(R + 0.2 * x, R, x)], [told(R, R, x)],
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
    assert noise([told(np.round(R, 2), R), told(R, R)], "X") is None
    assert noise([told(np.round(R, 2), R), told(0 * R, 1e-9 * R)], "X") is None
    assert noise([told(single, R), told(0 * R, 0 * R)], "X") is None
    assert noise([told(R, R), told(R.T, R)], "X") is None
    assert noise([told(np.where(R == 0, np.nan, R), R)], "X").name == "nan or ∞"
    far = single * (1 + 2.0**-17)  # eight millionths: no rounding, though float32 holds it
    assert noise([told(far.astype(np.float32).astype(float), R)], "X") is None


@pytest.mark.parametrize("column, words", [
    ([0.5, 0, -2], "∂Y[0]/∂X[1] = 0.5000, ∂Y[2]/∂X[1] = −2.0000, the other one is 0."),
    ([0, 0, 0], "moves: all 3 are 0."), ([0], "moves: its one entry is 0."),
    ([1, 2, 3], "∂Y[2]/∂X[1] = 3.0000."),
    ([1, 2, 3, 4, 5, 6, 0], "∂Y[3]/∂X[1] = 4.0000, 2 more, the other one is 0.")])
def test_the_column_that_an_entry_moves_in_words(column, words):
    J = np.stack([np.ones(len(column)), column], 1)
    found = SimpleNamespace(J=J, error=0 * J, Y=np.zeros(len(column)), kinks=())
    wanted = contracted(np.ones(len(column)), found, (2,), np.arange(2), None)
    (said,) = column_said(judged("dX", wanted.array + np.array([0, 1]), wanted, 0))
    assert said.startswith("Column of the Jacobian, what X[1] moves: ") and said.endswith(words)
    assert column_said(judged("dX", wanted.array, wanted, 0)) == ()


def test_where_a_larger_batch_is_not_explained_the_others_are_asked(monkeypatch):
    asked = []
    monkeypatch.setattr(diagnosis, "explained", lambda trials, name, first: asked.append(trials))
    one, other, larger = (SimpleNamespace(got={"X": R}, code=size) for size in "334")
    assert diagnosis.diagnose([one, other, other, larger], "X", one) is None
    assert diagnosis.diagnose([one, other], "X", one) is None
    assert asked == [[one, other, other, larger], [one, other, other], [one, other]]
    missing = SimpleNamespace(got={}, code="3")
    assert diagnosis.diagnose([one, missing], "X", one) is None and len(asked) == 3


@pytest.mark.parametrize("x, wrong, cut", [
    (X, 1, True), (X / 10, 1, True), (np.maximum(X, 0), 1, True), (np.minimum(X, 0), 1, False),
    (np.abs(X), 1, False), (X, 2, False)])
def test_a_gradient_that_is_cut_off_once_more(x, wrong, cut):
    V = random.standard_normal((4, 3))

    def backward(G, x):
        return wrong * (G * (x @ V > 0)) @ V.T * (x > 0)

    t = trial(lambda x: np.maximum(x @ V, 0), x, random.standard_normal((5, 3)), backward)
    assert diagnosis.masked_result(t, "x", "x") is cut


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
    first = X.copy()
    first[0, 0] = 0  # what is at 0 belongs to neither side
    rows = list(slope_rows(trial(leaky, first, G, lambda G, x: G * np.where(x > 0, 2, 0.5)), "x"))
    assert "Where x > 0 the slope is 2 here, and 3 in the" in rows[1].remedy
    found = rows[1].gives(trial(leaky, first, G), "x")
    np.testing.assert_allclose(found, G * np.where(first > 0, 2, 0.5), atol=1e-7)
    for f, g, gives in ((lambda x: np.tanh(x), G, lambda G, x: G),
                        (leaky, G * (X > X.min()), lambda G, x: G), (leaky, G, lambda G, x: G[0])):
        assert list(slope_rows(trial(f, X, g, gives), "x")) == []
