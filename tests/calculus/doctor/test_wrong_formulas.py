"""What each wrong formula gives, and where it has no meaning: a table by hand."""

import numpy as np
import pytest

from helpers.calculus.doctor import formulas as f
from helpers.calculus.doctor.code import OwnCode
from helpers.calculus.doctor.diagnosis import Row
from helpers.calculus.doctor.norms import norm_rows, recognized
from helpers.calculus.doctor.trials import Trial

random = np.random.default_rng(8)
X, A = random.standard_normal((2, 3, 4))
W, S = random.standard_normal((4, 2)), random.standard_normal((4, 4))
v, u = random.standard_normal((2, 4))
Z = X * (np.abs(X) > 0.5)  # some are 0


def trial(forward, *inputs, loss=False):
    """backward answers with zeros: it is not asked for here."""
    names = "xyz"[:len(inputs)]

    def backward(*given):
        return {name: 0 * value for name, value in zip(names, given[-len(inputs):], strict=True)}

    ways = {1: (lambda x: forward(x), lambda G, x: backward(x), lambda x: backward(x)),
            2: (lambda x, y: forward(x, y), lambda G, x, y: backward(x, y),
                lambda x, y: backward(x, y)),
            3: (lambda x, y, z: forward(x, y, z), lambda G, x, y, z: backward(x, y, z),
                lambda x, y, z: backward(x, y, z))}[len(inputs)]
    code = OwnCode(ways[0], ways[1 + loss], [np.array(value, float) for value in inputs], {})
    return Trial(code, code.values, np.ones(()) if loss else random.standard_normal(code.Y.shape))


def softmax(x):
    return np.exp(x) / np.exp(x).sum(-1, keepdims=True)


SLOPE = 1 / np.cosh(X)**2
tanh, cube = trial(np.tanh, X), trial(lambda x: x**3, 2.0)
product, number = trial(lambda x, y: x @ y, X, W), trial(lambda x: np.sum(x**2), X, loss=True)
leaky = trial(lambda x: np.where(x > 0, 3 * x, x / 2), X)
gram, form = trial(lambda x: x @ x.T, X), trial(lambda x, y: x @ y @ x, v, S, loss=True)
scaled, soft = trial(lambda x, y: np.tanh(x) * y, X, v), trial(softmax, X)
hat = trial(lambda x, y: np.tanh(x) * y, v, X)
flat = trial(lambda x: np.tanh(x @ W[:, 0]), X)
row, SL = trial(np.tanh, v), 1 / np.cosh(v)**2
FLAT = 1 / np.cosh(X @ W[:, 0])**2
many = {"flat": flat, "row": row, "tanh": tanh, "cube": cube,
        "product": product, "number": number, "leaky": leaky,
        "gram": gram, "form": form, "scaled": scaled, "soft": soft, "hat": hat}
P = softmax(X)

GIVEN = {  # of the gradient by x: what it gives where, and None in all other trials
    f.upstream_forgotten: {"flat": FLAT[:, None] * W[:, 0], "row": SL,
        "tanh": SLOPE, "cube": 12.0, "product": np.ones((3, 2)) @ W.T, "leaky": np.where(
            X > 0, 3, 0.5), "gram": 2 * np.ones((3, 3)) @ X, "scaled": SLOPE * v, "soft": 0 * X,
        "hat": (X / np.cosh(v)**2).sum(0)},
    f.diagonal: {"row": SL, "tanh": SLOPE, "leaky": np.where(X > 0, 3, 0.5), "scaled": SLOPE * v,
                 "soft": P * (1 - P)},
    f.elementwise: {"row": SL, "tanh": SLOPE,
                    "leaky": np.where(X > 0, 3, 0.5), "scaled": SLOPE * v},
    f.two_slopes: {"leaky": np.array([3, 0.5])},
    f.mask_forgotten: {"leaky": 3 * leaky.G},
    f.only_diagonal: {"row": row.G * SL,
                      "tanh": tanh.G * SLOPE, "leaky": leaky.G * np.where(X > 0, 3, 0.5),
                      "scaled": scaled.G * SLOPE * v, "soft": soft.G * P * (1 - P)},
    f.local_alone: {"row": SL, "tanh": SLOPE, "leaky": np.where(X > 0, 3, 0.5), "scaled": SLOPE * v,
                    "soft": P * (1 - P)},
    f.one_factor: {"row": row.G * np.tanh(v) / v,
                   "tanh": tanh.G * np.tanh(X) / X, "leaky": leaky.G * np.where(X > 0, 3, 0.5),
                   "scaled": scaled.G * np.tanh(X) * v / X},
    f.divided: {"row": row.G / SL, "tanh": tanh.G / SLOPE,
                "leaky": leaky.G / np.where(X > 0, 3, 0.5),
                "scaled": scaled.G / (SLOPE * v)},
    f.at_the_output: {
        "row": row.G / np.cosh(np.tanh(v))**2,
        "tanh": tanh.G / np.cosh(np.tanh(X))**2, "cube": cube.G * 3 * 64.0,
        "leaky": leaky.G * np.where(X > 0, 3, 0.5), "scaled": scaled.G * v / np.cosh(
            np.tanh(X) * v)**2, "soft": (Q := softmax(P)) * (soft.G - (soft.G * Q).sum(
                -1, keepdims=True))},
    f.local_twice: {"row": row.G * SL**2,
                    "tanh": tanh.G * SLOPE**2, "leaky": leaky.G * np.where(X > 0, 9, 0.25),
                    "scaled": scaled.G * (SLOPE * v)**2,
                    "soft": P * ((D := P * (soft.G - (soft.G * P).sum(-1, keepdims=True)))
                                 - (D * P).sum(-1, keepdims=True))},
    f.along_other_axis: {
        "tanh": tanh.G * SLOPE, "leaky": leaky.G * np.where(X > 0, 3, 0.5),
        "soft": (R := np.exp(X) / np.exp(X).sum(0)) * (soft.G - (soft.G * R).sum(0))},
    f.per_example: {
        "flat": np.eye(3)[:, :, None] * (flat.G * FLAT)[:, None] * W[:, 0],
        "row": np.diag(row.G * SL),
        "tanh": np.eye(3)[:, :, None] * tanh.G * SLOPE, "product": np.eye(3)[:, :, None] * (
            product.G @ W.T), "leaky": np.eye(3)[:, :, None] * leaky.G * np.where(X > 0, 3, 0.5),
        "gram": np.einsum("ab,am->abm", gram.G, X) + np.eye(3)[:, :, None] * (gram.G @ X),
        "scaled": np.eye(3)[:, :, None] * scaled.G * SLOPE * v,
        "soft": np.eye(3)[:, :, None] * P * (soft.G - (soft.G * P).sum(-1, keepdims=True)),
        "hat": hat.G * X / np.cosh(v)**2},
    f.per_output: {
        "flat": flat.G * FLAT * W[:, 0].sum(), "row": row.G * SL,
        "tanh": tanh.G * SLOPE, "cube": cube.G * 12.0, "product": product.G * W.sum(0),
        "number": 2 * X.sum(), "leaky": leaky.G * np.where(X > 0, 3, 0.5),
        "gram": gram.G * (X.sum(1) + X.sum(1)[:, None]), "form": ((S + S.T) @ v).sum(),
        "scaled": scaled.G * SLOPE * v, "soft": 0 * X, "hat": hat.G * X / np.cosh(v)**2},
}


@pytest.mark.parametrize("formula", GIVEN, ids=lambda formula: formula.__name__)
def test_a_formula_gives_this_and_has_no_meaning_elsewhere(formula):
    for name, t in many.items():
        if formula is f.along_other_axis and name == "scaled":
            continue  # its other input does not fit the other axis
        found, wanted = formula(t, "x"), GIVEN[formula].get(name)
        assert (found is None) is (wanted is None), (name, found)
        if wanted is not None:
            np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-7, err_msg=name)


def test_formulas_with_another_input():
    np.testing.assert_allclose(f.with_ones(scaled, "x", "y"), scaled.G * SLOPE, atol=1e-7)
    twice = f.twice(scaled, "x", "y")
    assert len(twice) == 2
    np.testing.assert_allclose(twice[0], scaled.G * SLOPE * v**2, atol=1e-7)
    np.testing.assert_allclose(twice[1], scaled.G * SLOPE * v**2, atol=1e-7)
    turned = trial(lambda x, y: (x * y) @ S, X, v)
    first, second = f.twice(turned, "x", "y")
    np.testing.assert_allclose(first, (turned.G * v) @ S.T * v, atol=1e-7)
    np.testing.assert_allclose(second, turned.G @ S.T * v**2, atol=1e-7)
    assert len(f.twice(trial(lambda x, y: np.tanh(x) * y, X, v * [0, 1, 1, 1]), "x", "y")) == 2
    assert f.twice(trial(lambda x, y: np.tanh(x) * y, X, 0 * v), "x", "y") == []
    assert f.twice(product, "x", "y") == []  # of no shape that fits
    np.testing.assert_allclose(f.input_for_hat(hat, "x"), (hat.G * X).sum(0))
    for t in (tanh, product, scaled, gram):
        assert f.input_for_hat(t, "x") is None
    alone = trial(lambda x, y: x * y[0], v, X[:1])  # G has the axes of the gain itself
    assert f.input_for_hat(alone, "x") is None
    for turn, A in ((False, S), (True, S.T)):
        np.testing.assert_allclose(f.half_of_a_form(form, "x", "y", turn), A @ v)
        G = gram.G.T if turn else gram.G
        np.testing.assert_allclose(f.one_of_two(gram, "x", turn), G @ X)
    assert f.half_of_a_form(scaled, "x", "y", False) is None
    assert f.half_of_a_form(trial(lambda x, y: np.sum(x @ y), X, S, loss=True), "x", "y", 0) is None
    assert f.half_of_a_form(trial(lambda x, y: (x @ y).sum(), v, W, loss=True), "x", "y", 0) is None
    for t in (tanh, product, number, trial(lambda x: np.outer(x, x), v),
              trial(lambda x: x.T @ x, X), trial(lambda x: x @ x.sum(0), X)):
        assert f.one_of_two(t, "x", False) is None


def test_square_matrices_and_masks_of_other_arrays():
    t = trial(lambda x, y, z: x @ y + z, Z, S, v)
    assert list(f.square_transposes(t, "x")) == ["y"]
    np.testing.assert_allclose(f.square_transposes(t, "x")["y"], t.G @ S, atol=1e-7)
    assert f.square_transposes(t, "y") == {} and f.square_transposes(product, "x") == {}
    t = trial(lambda x, y: np.where(x > 0, 3 * x, x / 2) + y, X, Z)
    found = f.other_masks(t, "x")
    for label, of in (("G", t.G), ("Y", t.Y), ("−x", -X), ("y", Z)):
        np.testing.assert_allclose(found.pop(label), t.G * np.where(of > 0, 3, 0.5), atol=1e-7)
    assert found == {}
    assert set(f.other_masks(tanh, "x").values()) == {None}
    assert f.other_masks(trial(lambda x, y: np.maximum(x, 0) * y, X, v), "x")["y"] is None


@pytest.mark.parametrize("forward, x", [
    (lambda x: np.where(x > 0, 3 * x, x / 2), np.abs(X)), (lambda x: 3 * x, X),
    (lambda x: np.where(x > 0, x**2, x), X), (lambda x: np.where(x > 0, x, x - x**2), X),
    (lambda x: np.where(x > 0, 3 * x, x / 2), -np.abs(X))])
def test_a_unit_of_two_slopes_has_two(forward, x):
    assert f.two_slopes(trial(forward, x), "x") is None


def test_one_number_on_each_side_is_enough():
    found = f.two_slopes(trial(lambda x: np.where(x > 0, 3 * x, x / 2), [0.5, -1.0]), "x")
    np.testing.assert_allclose(found, [3, 0.5])


@pytest.mark.parametrize("x, slopes", [
    ([0.5, -1, 0], [3, 0.5]), ([0.0, -1], None), ([0.0, 1], None)])
def test_at_the_kink_there_is_neither_slope(x, slopes):
    found = f.two_slopes(trial(lambda x: np.where(x > 0, 3 * x, x / 2), x), "x")
    assert found is None if slopes is None else np.allclose(found, slopes)


def test_numbers_so_large_that_ε_is_nothing():
    def norm(x, y):
        return y * x / np.sqrt((x**2).mean() + 1e-4)

    def slope(t, eps):  # of x and of y
        s = np.sqrt((X**2).mean() + eps)
        return (t.G * v / s - X * np.sum(t.G * v * X) / X.size / s**3, (t.G * X / s).sum(0))

    t = trial(norm, X, v)
    for name, wanted in zip("xy", slope(t, 1e-6), strict=True):
        np.testing.assert_allclose(f.with_scaled(t, name, 10.0), wanted, rtol=1e-6, atol=1e-9)
    assert f.with_scaled(tanh, "x", 10.0) is None
    assert f.with_scaled(trial(lambda x, y: np.tanh(x) * 1e-4 + y, X, v), "x", 10.0) is not None


# -- norms

def batchnorm(x, y):
    return y * (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-3)


@pytest.mark.parametrize("forward, inputs, axis", [
    (batchnorm, (X, v), 0), (batchnorm, (X[:2], v), None), (batchnorm, (X, 2.0), None),
    (lambda x, y: (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True) * y, (X, v), 1),
    (lambda x, y: x / np.sqrt((x**2).mean(1, keepdims=True)) * y, (X, v), 1),
    (lambda x, y: (x - x.mean(0)) / x.std(0), (X, v), 0),
    (lambda x, y: (x - x.mean(0)) * y, (X, v), None), (lambda x, y: np.tanh(x) * y, (X, v), None),
    (lambda x, y: x @ S * y, (X, v), None), (lambda x, y: 0 * x * y, (X, v), None),
    (lambda x, y: (x - x.mean()) / x.std() * y, (v, u), None),
    (lambda x, y: (x - x.mean(0)) / x.std(0) * y, (X, X[:, :1]), 0),  # a gain for each row
    (lambda x, y: (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True) * y, (X, X[:, :1]), 1),
    (lambda x, y: x / x.sum(0) * y, (X, v), None)])
def test_a_norm_is_recognized_by_what_it_does(forward, inputs, axis):
    found = recognized(trial(forward, *inputs), "x")
    assert (found and found.axis) == axis


def test_the_gain_of_a_norm_has_one_axis_that_of_its_columns():
    for gain, there in ((v, True), (v[None], False)):
        t = trial(batchnorm, X, gain)
        for row in list(norm_rows(Row, "y", ["x"]))[-3:]:
            assert (row.gives(t, "y") is not None) is there
