"""Lines that hold: with their ε, on both sides of a threshold, at zeros; or a word where not."""

import numpy as np
import pytest

from helpers import discover
from helpers.calculus.discover.trials import error_at
from helpers.calculus.errors import LessonError
from helpers.calculus.slopes import slopes

RANDOM = np.random.default_rng(17)
X, W = RANDOM.standard_normal((3, 4)), RANDOM.standard_normal((4, 3))
V = RANDOM.standard_normal(5)


def at(s, f, x, G, **known):
    """The line of a structure at another input."""
    return eval(s.numpy, {"np": np, "G": G, s.input_name: x, s.output_name: f(x), **known})


def right(f, x, G):
    return np.tensordot(G, slopes(f, x).J, G.ndim)


# --- ε ---


def batchnorm(eps):
    return lambda X: (X - X.mean(0)) / np.sqrt(X.var(0) + eps)


def l2_rows(eps):
    return lambda X: X / np.sqrt((X**2).sum(1, keepdims=True) + eps)


@pytest.mark.parametrize("eps", [1e-5, 1e-8, 1e-12, 0.000123])
@pytest.mark.parametrize("norm", [batchnorm, l2_rows])
def test_an_eps_stays_in_the_line(norm, eps):
    f = norm(eps)
    s = discover(f, X)
    assert set(s.names) <= {"X", "Y"} and not s.warning
    for x in (X, np.where(np.arange(4) == 1, 2.0, X), np.where(np.eye(3, 4, dtype=int)[[0]] < 2,
                                                               0.0, X)):
        G = RANDOM.standard_normal(x.shape)
        np.testing.assert_allclose(at(s, f, x, G), right(f, x, G), rtol=1e-7,
                                   atol=1e-9 * np.abs(right(f, x, G)).max())


def test_a_known_eps_is_called_by_its_name():
    s = discover(batchnorm(1e-8), X, known={"eps": 1e-8})
    assert "eps" in s.numpy


# --- thresholds ---


@pytest.mark.parametrize(("f", "line"), [
    (lambda X: np.clip(X, 0, 6), "G * ((X > 0) & (X < 6))"),
    (lambda X: np.minimum(np.maximum(X, 0), 6), "G * ((X > 0) & (X < 6))"),
    (lambda X: np.clip(0.2 * X + 0.5, 0, 1), "0.2 * G * ((X > -2.5) & (X < 2.5))"),
    (lambda X: np.where(X > 3, X**2, X), "G * np.where(X > 3, 2 * X, 1)"),
    (lambda X: np.clip(X, -1, 1), "G * (np.abs(X) < 1)"),
    (lambda X: np.where(np.abs(X) < 1, X**2 / 2, np.abs(X) - 0.5), "G * np.clip(X, -1, 1)"),
])
@pytest.mark.parametrize("there", [X, np.abs(X) + 0.5])
def test_a_mask_is_found_from_the_data_wherever_the_input_stands(f, line, there):
    s = discover(f, there)
    assert s.numpy == line and not s.warning
    assert s.derivation[-1][1]


def test_a_mask_of_other_numbers_than_the_input():
    s = discover(lambda X: np.clip(X @ W, 0, 6), X, known={"W": W})
    assert s.numpy == "(G * ((Y > 0) & (Y < 6))) @ W.T"
    y = np.array([1.0, -1.0, 1.0, -1.0])
    s = discover(lambda s: np.maximum(0, 1 - y * s).mean(), X[0], known={"y": y})
    assert s.numpy == "-0.25 * G * y * ((y * s) < 1)"


@pytest.mark.parametrize("shift", [-20, 20])
def test_a_layer_that_is_off_or_all_on_keeps_its_mask(shift):
    s = discover(lambda X: np.maximum(X @ W + shift, 0), X, known={"W": W})
    assert s.numpy == "(G * (Y > 0)) @ W.T"


def test_what_does_not_depend_and_what_is_flat():
    assert "Y does not depend on this input" in str(discover(lambda X: np.ones(2), X))
    for f in (np.round, np.floor, lambda X: (X > 0) * 1.0):
        text = str(discover(f, X))
        assert "flat here, and jumps" in text and "does not depend" not in text


def test_a_region_without_a_name_is_told():
    def f(X):
        return X * (3 if np.abs(X).max() < 40 else 5)

    s = discover(f, X)
    assert s.numpy == "3 * G"
    assert s.warning.startswith("The line holds for inputs like these; at inputs of size 100 ")


# --- one sign ---

ONE_SIGN = {  # the function, and what stands in for G * its line
    "largest": (lambda x: x * (np.arange(5) == x.argmax()), lambda x: np.arange(5) == x.argmax()),
    "least": (lambda x: x * (x == x.min()), lambda x: x == x.min()),
    "off for positive": (lambda x: x * (x.min() < 0), lambda x: np.full(5, x.min() < 0)),
    "off for negative": (lambda x: x * (x.max() > 0), lambda x: np.full(5, x.max() > 0)),
}


@pytest.mark.parametrize("name", ONE_SIGN)
def test_a_line_holds_where_all_inputs_have_one_sign(name):
    f, mask = ONE_SIGN[name]
    s = discover(f, np.random.default_rng(5).standard_normal(5))
    assert not s.warning
    new = np.random.default_rng(6).uniform(0.5, 2, 5)
    for x in (new, -new, new * [1, -1, 1, 1, -1]):
        G = RANDOM.standard_normal(5)
        np.testing.assert_allclose(at(s, f, x, G), G * mask(x), err_msg=s.numpy)


@pytest.mark.parametrize("f, words", [
    (lambda x: np.where((x > 0).all(), 2 * x, x), "at positive inputs the slope is another."),
    (lambda x: np.where((x < 0).all() and x.min() < x.max(), 2 * x, x),
     "at negative inputs the slope is another.")])
def test_a_line_that_fails_for_one_sign_says_so(f, words):
    s = discover(f, np.random.default_rng(5).standard_normal(5))
    assert s.numpy == "G" and s.warning == f"The line holds for inputs like these; {words}"


@pytest.mark.parametrize("f, line", [(np.log, "G / x"), (np.sqrt, "0.5 * G / np.sqrt(x)")])
def test_what_takes_one_sign_alone_has_its_line(f, line):
    x = np.random.default_rng(5).uniform(0.5, 2, 5)
    s = discover(lambda x: f(x), x)
    assert not s.warning
    G = RANDOM.standard_normal(5)
    np.testing.assert_allclose(at(s, f, x, G), eval(line, {"np": np, "G": G, "x": x}))


# --- nothing there ---


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0,), (2, 0, 3)])
def test_an_empty_axis_has_an_empty_line(shape):
    for f in (lambda x: x * x, lambda x: np.array([float(v) for v in x.ravel()]).reshape(x.shape)):
        s = discover(f, np.zeros(shape))
        assert s.vjp(np.zeros(shape)).shape == shape and not s.warning


def test_rows_of_several_lengths_are_no_tensor():
    with pytest.raises(LessonError, match="J must be numbers in rows of equal length"):
        discover([[1], [2, 3]], output_ndim=1)
    s = discover(lambda X, rows: X * len(rows), X, [[1], [2, 3]])  # a function may take them
    assert s.numpy == "2 * G"


# --- measured tensors ---


def noisy(J, size):
    return J + size * RANDOM.standard_normal(J.shape)


def tensors():
    S = np.exp(X) / np.exp(X).sum(1, keepdims=True)
    row, eye = np.eye(3), np.eye(4)
    yield "G @ W.T", np.einsum("ni,jk->nkij", row, W), {"W": W}
    yield "G * (1 - Y**2)", np.einsum("ni,kj,nk->nkij", row, eye, 1 - np.tanh(X) ** 2), {
        "Y": np.tanh(X)}
    yield "Y * (G - (G * Y).sum(-1, keepdims=True))", np.einsum(
        "ni,nk,kj->nkij", row, S, eye) - np.einsum("ni,nk,nj->nkij", row, S, S), {"Y": S}


@pytest.mark.parametrize("size", [0, 1e-9, 1e-6])
def test_a_measured_tensor_is_found_like_the_exact_one(size):
    for line, J, known in tensors():
        assert discover(noisy(J, size), output_ndim=2, known=known).numpy == line
        assert discover(noisy(J, size), output_ndim=2, known=known,
                        tolerance=max(size, 1e-12)).numpy == line
        assert discover(J.astype(np.float32), output_ndim=2, known=known).numpy == line


@pytest.mark.parametrize("size", [0, 1e-9, 1e-6])
def test_an_outer_product_with_itself_is_two_ties(size):
    J = np.einsum("ki,l->kli", np.eye(5), V) + np.einsum("li,k->kli", np.eye(5), V)
    s = discover(noisy(J, size), output_ndim=2)
    assert s.kind == "sum of two"
    G = RANDOM.standard_normal((5, 5))
    assert s.vjp(G) == pytest.approx(G @ V + V @ G, abs=1e-4)


def test_a_measured_product_has_no_zeros_to_tell_its_noise_by():
    J = np.einsum("k,ij->kij", V, W)
    assert discover(noisy(J, 1e-6), output_ndim=1).kind == "product"
    assert discover(RANDOM.standard_normal((4, 4, 3)), output_ndim=1).kind == "dense"


# --- keywords, several inputs ---


def test_keywords_reach_the_function_or_are_refused():
    s = discover(lambda X, axis=1: np.cumsum(X, axis), X, axis=0)
    assert s.vjp(np.ones((3, 4)))[:, 0].tolist() == [3, 2, 1]
    for wrong, words in (
            (lambda: discover(lambda X: np.cumsum(X, 1), X, axis=0), "takes no axis="),
            (lambda: discover(np.tanh, X, output_ndim=2), "output_ndim"),
            (lambda: discover(np.tanh, X, wrt="W"), "no input 'W'"),
            (lambda: discover(np.tanh, X, tolerance=1e-6), "tolerance"),
            (lambda: discover(np.eye(3), output_ndim=1, wrt="X"), "takes no wrt="),
            (lambda: discover(np.tanh), "give the input too"),
            (lambda: discover(np.eye(3), output_ndim=1, tolerance=-1),
             "tolerance must be the noise of J")):
        with pytest.raises(LessonError) as caught:
            wrong()
        assert words in str(caught.value) and "\n" not in str(caught.value)


def test_of_several_inputs_the_first_or_that_of_wrt():
    def layer(X, W):
        return X @ W

    assert discover(layer, X, W).numpy == "G @ W.T"
    s = discover(layer, X, W, wrt="W")
    assert (s.numpy, s.input_name) == ("X.T @ G", "W")
    assert discover(lambda W, index: W[index], W, np.array([2, 0])).nonzero == 6


# --- einsum and derivation ---


@pytest.mark.parametrize("f", [
    lambda X: X[:, ::-1], lambda X: 3 * X[::-1, ::-1], lambda X: X.sum(), lambda X: X.mean(0),
    np.diag, np.trace, lambda X: np.diag(X[::-1]), np.tril, np.rot90, lambda X: X.T @ X,
])
def test_einsum_agrees_with_numpy(f):
    S = RANDOM.standard_normal((4, 4))
    s = discover(f, S)
    G = RANDOM.standard_normal(s.shape[:-2])
    np.testing.assert_allclose(np.einsum(s.einsum, G, s.core), s.vjp(G), atol=1e-12)


def test_a_flip_counts_from_the_other_end_in_the_derivation():
    steps = dict(discover(lambda X: X[:, ::-1], X).derivation)
    assert steps["The deltas leave one term of each tied sum"] == r"\frac{dL}{dX_{k,3-l}} = G_{kl}"


# --- what is said ---


def test_what_is_said_of_accuracy_was_measured():
    s = discover(np.tanh, X)
    assert 1e-15 <= s.accuracy <= 1e-8 and f"right to within {s.accuracy:.0e}" in str(s)
    assert s.checked > 10
    rough = discover(lambda X: np.asarray(X, np.float32).astype(float) ** 2, X)
    assert "goes in steps" in rough.warning and rough.accuracy >= 1e-7


def test_a_line_without_its_eps_is_contradicted_at_zeros():
    s = discover(l2_rows(1e-12), X)
    zeros = [p for p in s.samples.more() if p.like == "zeros"]
    assert zeros and error_at("G / np.linalg.norm(X, axis=1, keepdims=True)", s.samples,
                              zeros[0]) == np.inf
