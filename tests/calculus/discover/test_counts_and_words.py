"""What a line stores is counted once, and what is said of it is said in names that a reader has."""

import numpy as np
import pytest

from helpers import discover
from helpers.words import plural

random = np.random.default_rng(20)
X34, A, S = (random.standard_normal(shape) for shape in ((3, 4), (4, 4), (4, 4)))
w4, y3, weights = random.standard_normal(4), random.standard_normal(3), np.array([1.0, 2.0, 0.5])


def standard(X):
    """Layer norm without gain."""
    return (X - X.mean(1, keepdims=True)) / np.sqrt(X.var(1, keepdims=True) + 1e-5)


@pytest.mark.parametrize("f, at, known, line, stored", [
    # F twice, but one F
    (lambda P: A @ P @ A.T, S, {"F": A}, "F.T @ G @ F", 16),
    # what X.T @ (3 numbers) needs is X too; the four slopes themselves are fewer
    (lambda b: (weights * (X34 @ b - y3) ** 2).sum(), w4, {"X": X34, "w": weights, "y": y3},
     "X.T @ (2 * G * w * ((X @ b) - y))", 4),
    # 12 of the normed input, 3 roots, 4 of the gain
    (lambda X: standard(X) * w4, X34, {"g": w4}, None, 19),
    (lambda X: standard(X), X34, {}, None, 15),
])
def test_every_array_of_a_line_is_counted_once(f, at, known, line, stored):
    s = discover(f, at, known=known)
    assert line is None or s.numpy == line
    assert s.stored == stored and f"It stores {plural(stored, 'number')}." in str(s)


@pytest.mark.parametrize("f, line, stored", [
    (lambda X: X + X.T, "G + G.T", 0), (lambda X: X - X.T, "G - G.T", 0),
    (lambda X: (X + X.T) / 2, "0.5 * G + 0.5 * G.T", 1),
    (lambda X: 0.3 * X + 0.7 * X.T, "0.3 * G + 0.7 * G.T", 2)])
def test_a_matrix_and_its_transpose_need_no_identity(f, line, stored):
    s = discover(f, A)
    assert (s.numpy, s.stored, s.kind) == (line, stored, "sum of two")
    G = random.standard_normal((4, 4))
    a, b = f(np.array([[0, 1.0], [0, 0]]))[[0, 1], [1, 0]]  # what X[0, 1] gives Y[0, 1], Y[1, 0]
    np.testing.assert_allclose(s.vjp(G), a * G + b * G.T, atol=1e-12)


def test_the_words_have_no_name_that_the_line_has_not():
    s = discover(lambda t: t * np.arange(3.0), np.array(1.7))
    assert s.numpy == "(G * np.array([0, 1, 2])).sum()"
    assert "kept as they are, in np.array([0, 1, 2])." in str(s)
    s = discover(lambda b: (weights * (X34 @ b - y3) ** 2).sum(), w4,
                 known={"X": X34, "w": weights, "y": y3})
    assert "The numbers left are 2 · (w * ((X @ b) - y))." in str(s)
    s = discover(lambda X: X[:, :2] / (1 + np.exp(-X[:, 2:])), X34)
    assert "Each piece of the input has a line of its own, side by side." in str(s)
    assert "X0" not in str(s)


@pytest.mark.parametrize("f, at, words", [
    (np.linalg.det, A, "at zeros the line gives no number."),  # there is no inverse
    (lambda x: x**9, w4, "at a zero among the inputs the line gives no number."),  # Y / x
    (lambda x: x**9, random.standard_normal(3000), "at a zero among the inputs the line gives no "
     "number."),
    (lambda x: np.where((x > 0).all(), 2 * x, x), np.random.default_rng(5).standard_normal(5),
     "at positive inputs the slope is another."),
])
def test_a_line_without_a_number_is_not_told_as_another_slope(f, at, words):
    assert discover(lambda x: f(x), at).warning == f"The line holds for inputs like these; {words}"


@pytest.mark.parametrize("f, right", [
    (lambda x: np.nan_to_num(x) * 2, lambda x: 2.0 * ~np.isnan(x)),
    (lambda x: np.nansum(x**2), lambda x: 2 * np.nan_to_num(x)),
    (np.nanmean, lambda x: ~np.isnan(x) / 3)])
def test_a_gap_that_f_passes_over_is_no_crash(f, right):
    x = np.array([1, np.nan, 3, 0.5])
    s = discover(lambda x: f(x), x)
    G = np.ones(s.shape[:-1])
    np.testing.assert_allclose(s.vjp(G), right(x), atol=1e-10)


def test_numbers_that_differ_little_are_told_apart():
    calls = iter(range(10**6))
    with pytest.raises(ValueError, match=r"Y\[0\] is 1\.0 and then 1\.000000001\. Fix its"):
        discover(lambda x: x + 1e-9 * next(calls), np.ones(1))

    def moved(x):
        x += 1e-9
        return x.copy()

    with pytest.raises(ValueError, match=r"x\[0\] was 1\.0 and is 1\.000000001\. Let it"):
        discover(moved, np.ones(1))
    small = discover(lambda x: 1e-6 * np.maximum(x, 0), np.array([0, 1.0, -1.0]))
    assert "the slope jumps from 0.0 to 1e-06." in small.warning
    tiny = discover(lambda x: 1e-200 * x.sum(), w4)
    assert "One number is left: 1.0000e−200." in [stage.sentence for stage in tiny.stages]
