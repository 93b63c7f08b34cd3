"""discover on functions and bare tensors: the line it finds, what it refuses, what it never is."""

import numpy as np
import pytest

from helpers import contract, cost, numerical_jacobian
from helpers.calculus.discover import discover
from helpers.calculus.errors import LessonError, NumberError, ShapeError

random = np.random.default_rng(0)
X = random.standard_normal((3, 4))
x = random.standard_normal(5)
A = random.standard_normal((4, 4))
W = random.standard_normal((4, 2))
v = random.standard_normal(4)
D = random.standard_normal((6, 12))


def softmax(Z):
    E = np.exp(Z)
    return E / E.sum(-1, keepdims=True)


LINES = [
    ("G * (X > 0)", lambda X: np.maximum(X, 0), X, {}),
    ("2 * G * X", lambda X: X**2, X, {}),
    ("G * Y", lambda X: np.exp(X), X, {}),
    ("G * (1 - Y**2)", np.tanh, X, {}),
    ("G * Y * (1 - Y)", lambda X: 1 / (1 + np.exp(-X)), X, {}),
    ("G * np.where(X > 0, 1, 0.1)", lambda X: np.where(X > 0, X, 0.1 * X), X, {}),
    ("G * np.where(X > 0, 1, alpha)", lambda X: np.where(X > 0, X, 0.3 * X), X, {"alpha": 0.3}),
    ("G @ W.T", lambda X: X @ W, X, {"W": W}),
    ("X.T @ G", lambda W: X @ W, W, {"X": X}),
    ("(G * (1 - Y**2)) @ W.T", lambda X: np.tanh(X @ W), X, {"W": W}),
    ("X.T @ (G * (Y > 0))", lambda W: np.maximum(X @ W, 0), W, {"X": X}),
    ("G.sum(0)", lambda b: X @ A + b, v, {"X": X}),
    ("G * v", lambda X: X * v, X, {"v": v}),
    ("(G * X).sum(0)", lambda v: X * v, v, {"X": X}),
    ("-G * ((v - u)**2)", lambda X: -X * (v - u) ** 2, X, {"v": v, "u": (u := 2 * v[::-1] + 0.3)}),
    ("G.T", lambda X: X.T, X, {}),
    ("G[::-1]", lambda X: X[::-1], X, {}),
    ("G[:, ::-1]", lambda X: X[:, ::-1], X, {}),
    ("G.reshape(3, 4)", lambda X: X.reshape(2, 6), X, {}),
    ("np.broadcast_to(G, (3, 4))", lambda X: X.sum(0), X, {}),
    ("np.broadcast_to(G / 3, (3, 4))", lambda X: X.mean(0), X, {}),
    ("G - G.mean(0)", lambda X: X - X.mean(0), X, {}),
    ("Y * (G - (G * Y).sum(-1, keepdims=True))", softmax, X, {}),
    ("(G - Y * (G * Y).sum()) / np.linalg.norm(x)", lambda x: x / np.linalg.norm(x), x, {}),
    ("(G - G.mean(0) - Y * (G * Y).mean(0)) / X.std(-2)",
     lambda X: (X - X.mean(0)) / X.std(0), random.standard_normal((5, 3)), {}),
    ("np.cumsum(G[::-1])[::-1]", np.cumsum, x, {}),
    ("np.cumsum(G[:, ::-1], 1)[:, ::-1]", lambda X: np.cumsum(X, 1), X, {}),
    ("G * np.tri(4)", lambda A: np.tril(A), A, {}),
    ("G @ x + x @ G", lambda x: np.outer(x, x), x, {}),
    ("G @ X + G.T @ X", lambda X: X @ X.T, X, {}),
    ("G @ X.T + X.T @ G", lambda X: X @ X, A, {}),
    ("-(Y.T @ G @ Y.T)", np.linalg.inv, A, {}),
    ("A.T @ G @ W.T", lambda X: A[:, :3] @ X @ W, X, {"A": A[:, :3], "W": W}),
    ("G[np.argsort(np.argsort(X, -1), -1)]", np.sort, x, {}),
    ("G[to.astype(int)]", lambda x: x[np.argsort(to)], x,
     {"to": (to := np.array([2, 0, 3, 1, 4]))}),
    ("np.convolve(G, w)", lambda x: np.convolve(x, w[::-1], "valid"), x,
     {"w": (w := random.standard_normal(3))}),
    ("2 * G * (Y - T)", lambda Y: ((Y - X) ** 2).sum(), 2 * X, {"T": X}),
    ("np.zeros((3, 4))", lambda X: np.ones(2), X, {}),
    ("np.tensordot(G, C, 1)", lambda X: D @ np.ravel(X), X, {}),
]


def run(s, G):
    """The line with its names, as a student would run it."""
    return eval(s.numpy, {"np": np, "G": G, **s.names})


@pytest.mark.parametrize(("line", "f", "at", "known"), LINES, ids=[case[0] for case in LINES])
def test_a_function_gets_the_line_that_an_engineer_would_write(line, f, at, known):
    s = discover(f, at, known=known)
    assert s.numpy == line
    J = numerical_jacobian(f, at)
    assert s.shape == J.shape and s.entries == J.size
    for _ in range(3):
        G = random.standard_normal(J.shape[:J.ndim - at.ndim])
        np.testing.assert_allclose(s.vjp(G), contract(G, J), rtol=1e-6, atol=1e-6)
        np.testing.assert_array_equal(run(s, G), s.vjp(G))
    assert s.stored <= J.size and s.warning == ""


def test_a_dense_map_is_called_dense():
    s = discover(lambda X: D @ np.ravel(X), X)
    assert (s.kind, s.stored, s.nonzero) == ("dense", 72, 72)
    assert "kept as they are" in str(s)
    named = discover(lambda x: D[:, :5] @ x, x, known={"D": D[:, :5]})
    assert (named.kind, named.numpy) == ("core", "G @ D")


@pytest.mark.parametrize(("kind", "stored", "f", "at"), [
    ("elementwise", 12, np.exp, X), ("constant", 0, np.transpose, X),
    ("diagonal plus low rank", 12, softmax, X), ("permutation", 5, np.sort, x),
    ("gather", 3, lambda X: X[[0, 2, 2]], X), ("core", 3, lambda X: X.max(1), X),
    ("Toeplitz", 2, np.diff, x), ("triangle", 0, np.cumsum, x), ("product", 16, np.linalg.inv, A),
    ("sum of two", 5, lambda x: np.outer(x, x), x), ("reshape", 0, np.ravel, X),
    ("window", 5, lambda w: np.correlate(x, w, "valid"), v[:3])])
def test_kinds_and_how_much_they_store(kind, stored, f, at):
    s = discover(f, at)
    assert (s.kind, s.stored) == (kind, stored)


def test_low_rank_is_told():
    low = discover(softmax, X).low_rank
    assert (low["diagonal"], low["rank"], low["factors"]) == ("Y", 1, [("-1", "Y", "1")])
    assert discover(np.tanh, X).low_rank is None


@pytest.mark.parametrize("shape", [(1, 4), (3, 1), (1, 1), (2, 2), (3, 3)])
def test_equal_sizes_and_size_1_make_no_false_structure(shape):
    at = random.standard_normal(shape)
    V = random.standard_normal((shape[1], 3))
    assert discover(lambda X: X @ V, at, known={"V": V}).numpy in ("G @ V.T", "np.outer(G, V)")
    relu = discover(lambda X: np.maximum(X, 0), at)
    G = random.standard_normal(shape)
    np.testing.assert_allclose(relu.vjp(G), G * (at > 0), atol=1e-12)
    if at.size > 1:
        assert relu.numpy == "G * (X > 0)"


def test_zeros_in_the_data_make_no_false_structure():
    at = np.zeros((3, 4))
    at[1, 2] = 1
    assert discover(lambda X: X @ W, at, known={"W": W}).numpy == "G @ W.T"
    s = discover(lambda W: at @ W, W, known={"A": at})
    assert s.numpy == "A.T @ G"
    assert discover(lambda X: np.maximum(X, 0), -np.abs(X)).numpy == "G * (X > 0)"
    assert discover(lambda X: X * X, np.ones((2, 3))).numpy == "2 * G * X"
    assert discover(np.log, np.ones((2, 3))).numpy == "G / X"


def test_a_bare_tensor_is_taken_for_what_it_is():
    J = numerical_jacobian(lambda X: X @ W, X).round(9)
    s = discover(J, output_ndim=2, known={"W": W.round(9)})
    assert s.numpy == "G @ W.T" and "this tensor" in str(s)
    assert discover(np.eye(3), output_ndim=1).numpy == "G"
    assert discover(np.ones((2, 3)), output_ndim=1).numpy == "np.broadcast_to(G.sum(), (3,))"
    assert discover(np.ones((2, 3)), output_ndim=0).stored == 0
    assert discover(np.zeros((2, 0)), output_ndim=1).kind == "zero"
    whole = discover(np.arange(6).reshape(2, 3), output_ndim=1)
    np.testing.assert_array_equal(whole.vjp([1, 1]), [3, 5, 7])


def test_einsum_with_core_is_the_same():
    for f, at in ((lambda X: X @ W, X), (np.tanh, X), (softmax, X), (lambda X: X @ A, X)):
        s = discover(f, at)
        G = random.standard_normal(f(at).shape)
        np.testing.assert_allclose(np.einsum(s.einsum, G, s.core), s.vjp(G), rtol=1e-6, atol=1e-8)


def in_place(X):
    X *= 2
    return X


def noisy(X):
    return X + NOISE.standard_normal(X.shape)


NOISE = np.random.default_rng(1)


@pytest.mark.parametrize(("f", "at", "error", "words"), [
    (lambda X: X[X > 0], X, ShapeError, "changes its shape"),
    (lambda X: X[X > 0], np.abs(X), ShapeError, "changes its shape"),
    (noisy, X, NumberError, "noisy is random"),
    (in_place, X, NumberError, "in_place modifies its input: x[0, 0] was 0.12573"),
    (in_place, 0 * X, NumberError, "modifies its input"),
    (lambda X: X.argmax(1), X, NumberError, "whole numbers (int64)"),
    (lambda X: X > 0, X, NumberError, "whole numbers (bool)"),
    (lambda X: np.full(2, np.nan), X, NumberError, "[0] is nan"),
    (lambda X: "a", X, NumberError, "real numbers"),
    (lambda X: X * 1j, X, NumberError, "real numbers"),
    (lambda X: X @ X, X, NumberError, "stopped with ValueError"),
    (lambda X: X, "text", NumberError, "real numbers"),
])
def test_what_is_no_such_function_is_refused_in_one_line(f, at, error, words):
    with pytest.raises(error) as caught:
        discover(f, at)
    assert isinstance(caught.value, LessonError)
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_wrong_call_is_refused():
    for call, words in [
            (lambda: discover(np.exp), "give the input too"),
            (lambda: discover(np.eye(3), output_ndim=3), "output_ndim is 3"),
            (lambda: discover(np.eye(3)), "output_ndim is None"),
            (lambda: discover(np.full((2, 2), np.inf), output_ndim=1), "J[0, 0] is inf"),
            (lambda: discover(np.eye(2) * 1j, output_ndim=1), "real numbers"),
            (lambda: discover(np.tanh, X).vjp(v), "G has shape (4,), but Y has (3, 4)")]:
        with pytest.raises(LessonError) as caught:
            call()
        assert words in str(caught.value)


def test_a_kink_is_a_warning_with_the_entry():
    at = X.copy()
    at[1, 2] = 0
    s = discover(lambda X: np.maximum(X, 0), at)
    assert "at x[1, 2] = 0 the slope jumps from 0.0000 to 1.0000" in s.warning
    assert "\n" not in s.warning and s.warning in str(s)
    assert s.numpy == "G * (X > 0)"
    assert "not finite" in discover(np.sqrt, np.array([1.0, 0.0])).warning


def test_the_input_has_the_name_its_author_gave_it():
    assert discover(lambda Q: Q**2, X).numpy == "2 * G * Q"
    assert discover(lambda G: G**2, X).numpy == "2 * G * X"
    assert discover(np.square, X).numpy == "2 * G * X"


def test_inputs_stay_as_they_are():
    at, known = X.copy(), {"W": W.copy()}
    discover(lambda X: X @ W, at, known=known)
    np.testing.assert_array_equal(at, X)
    np.testing.assert_array_equal(known["W"], W)
    J = numerical_jacobian(np.sort, x)
    before = J.copy()
    discover(J, output_ndim=1)
    np.testing.assert_array_equal(J, before)


def test_the_paragraph_and_the_cost():
    s = discover("affine", wrt="W")
    assert str(s).splitlines()[0] == ("affine by W: the full tensor has 48 entries, 24 of them "
                                      "not zero (384 bytes).")
    assert "dL/dW = X.T @ G" in str(s) and repr(s) == "<core: dL/dW = X.T @ G>"
    assert (s.cost.full_entries, s.cost.compact_entries) == (48, 12)
    assert s.cost.compact_multiplications == cost("affine", "W").compact_multiplications


def test_a_function_of_many_entries_and_a_big_tensor_are_read_without_copies():
    import tracemalloc
    J = np.zeros((30, 40, 30, 40))
    np.einsum("ijij->ij", J)[...] = random.standard_normal((30, 40))
    tracemalloc.start()
    s = discover(J, output_ndim=2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert s.stored == 1200 and peak < J.nbytes / 2
