"""Slopes of any function: right at any size, with an error that is honest, or a sentence."""

import math
from fractions import Fraction

import numpy as np
import pytest

from helpers import numerical_gradient, numerical_hessian, numerical_jacobian
from helpers.calculus.complex_step import Stepped
from helpers.calculus.errors import NumberError, ShapeError
from helpers.calculus.slopes import derivative_along, slopes, slopes_at, step_sizes

RANDOM = np.random.default_rng(8)
X34, W43 = RANDOM.standard_normal((3, 4)), RANDOM.standard_normal((4, 3))
S = X34 @ X34.T + 3 * np.eye(3)


def without_complex(f):
    """f as a function that knows no complex numbers: differences must do."""
    def alone(x):
        if isinstance(x, Stepped):
            raise TypeError("only real numbers")
        return f(x)

    return alone


def diagonal(values):
    values = np.asarray(values)
    return np.diag(values.ravel()).reshape(values.shape * 2)


def test_the_size_of_a_number_is_a_power_of_two_and_of_0_that_of_its_fellows():
    assert step_sizes([3.0, 0, 5, -0.1, np.inf, np.nan, 4]).tolist() == [2, 2, 4, 1 / 16, 2, 2, 4]
    assert step_sizes([0.0, -0.0, np.inf]).tolist() == [1, 1, 1]
    assert step_sizes(-8.0) == 8 and step_sizes(np.nextafter(8, 0)) == 4
    assert step_sizes([[1e-300, 7e300]]).shape == (1, 2) and step_sizes([]).shape == (0,)


# Elementwise functions with slopes from the tables.
KNOWN = {
    "log": (np.log, lambda x: 1 / x),
    "sqrt": (np.sqrt, lambda x: 0.5 / np.sqrt(x)),
    "square": (lambda x: x**2, lambda x: 2 * x),
    "reciprocal": (lambda x: 1 / x, lambda x: -1 / x**2),
    "log1p": (np.log1p, lambda x: 1 / (1 + x)),
    "arctan": (np.arctan, lambda x: 1 / (1 + x**2)),
    "softplus": (lambda x: np.logaddexp(0, x), lambda x: 1 / (1 + np.exp(-x))),
    "cbrt": (np.cbrt, lambda x: 1 / (3 * np.cbrt(x) ** 2)),
    "power 2.5": (lambda x: x**2.5, lambda x: 2.5 * x**1.5),
}
PLACES = {
    "1e-4": [1e-4, 2e-4], "1e-8": [1e-8, 3e-8], "1e4 ± 1": [9999.0, 10001.0], "1e8": [1e8, 2e8],
    "mixed": [1e-8, 1e8, 1e-4, 3.0, 9999.5], "1e-100 to 1e100": [1e-100, 1e100, 1e-50, 7.0],
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", KNOWN)
def test_slopes_are_right_to_rounding_at_any_size(name, place):
    (f, slope), x = KNOWN[name], np.array(PLACES[place])
    s = slopes(f, x)
    assert s.exact and not s.troubles and not s.kinks
    np.testing.assert_allclose(s.J, np.diag(slope(x)), rtol=1e-13)
    assert (s.error >= 2.0**-52 * np.abs(s.J)).all()  # no number is known better than it rounds
    assert s.confirmed < 1e-4


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", KNOWN)
def test_differences_are_right_at_any_size_and_know_their_error(name, place):
    (f, slope), x = KNOWN[name], np.array(PLACES[place])
    s = slopes(without_complex(f), x)
    assert s.method == "central differences" and not s.troubles and not s.kinks
    right = slope(x)
    off = np.abs(np.diag(s.J) - right)
    assert (off <= np.diag(s.error) + 1e-14 * np.abs(right)).all()
    # arctan at 1e8 is π/2 to eight digits: its slope has the others.
    assert (off <= np.where(right * x < 1e-7, 1e-3, 1e-6) * np.abs(right)).all() \
        or (name, max(x)) == ("arctan", 1e100)


def first_order(U, s, VT):
    """How singular values move: uᵀ dX v."""
    return np.einsum("ik,kj->kij", U[:, :len(s)], VT[:len(s)])


def test_functions_that_break_a_plain_complex_step():
    B = np.linalg.inv(S)
    sign = np.sign(X34)
    row = np.arange(3)[:, None] == np.arange(3)
    for f, right in (
        (np.abs, diagonal(sign)),
        (lambda X: X * np.sign(X), diagonal(sign)),
        (lambda X: np.maximum(X, 0), diagonal(np.where(X34 > 0, 1.0, 0))),
        (lambda X: np.where(X > 0.3, X**2, X), diagonal(np.where(X34 > 0.3, 2 * X34, 1))),
        (lambda X: np.conj(X) * X, diagonal(2 * X34)),
        (lambda X: X.var(0), 2 / 3 * np.einsum("ij,jk->jik", X34 - X34.mean(0), np.eye(4))),
        (lambda X: np.linalg.norm(X), X34 / np.linalg.norm(X34)),
        (lambda X: np.linalg.norm(X, axis=1), np.einsum(
            "ij,ki->kij", X34 / np.linalg.norm(X34, axis=1, keepdims=True), row)),
        (lambda X: np.linalg.norm(X, 1, axis=1), np.einsum("ij,ki->kij", sign, row)),
        (lambda X: [row @ row for row in X], 2 * np.einsum("ij,ki->kij", X34, row)),
    ):
        s = slopes(f, X34)
        assert s.exact
        np.testing.assert_allclose(s.J, right, rtol=0, atol=1e-14)
    s = slopes(lambda X: np.linalg.slogdet(X)[1], S)
    assert s.exact and s.J == pytest.approx(B.T, abs=1e-14)
    s = slopes(np.cov, X34)
    D = (X34 - X34.mean(1, keepdims=True)) / 3
    right = np.einsum("ki,lj->klij", np.eye(3), D) + np.einsum("li,kj->klij", np.eye(3), D)
    assert s.exact and s.J == pytest.approx(right, abs=1e-14)
    s = slopes(lambda X: np.linalg.svd(X, compute_uv=False), X34)
    assert s.method == "central differences"
    assert s.J == pytest.approx(first_order(*np.linalg.svd(X34)), abs=1e-9)


OTHER = W43.T + 2
STEPPED = {
    "cbrt": np.cbrt, "log1p": lambda X: np.log1p(X**2), "degrees": np.degrees,
    "radians": np.radians, "rad2deg": np.rad2deg, "deg2rad": np.deg2rad,
    "its truth": lambda X: X * 2 if X[0, 0] else X, "whole part": lambda X: X * int(5 * X[0, 1]),
    "whole parts": lambda X: X * (9 * X).astype(int), "its decimals": lambda X: X * X.round(1),
    "all but zeros": lambda X: X[X.nonzero()], "both parts": lambda X: X.real * 3 + X.imag,
    "fabs": np.fabs, "absolute in place": lambda X: np.abs(X.copy(), out=X),
    "copysign": lambda X: np.copysign(X, -OTHER) * X,
    "arctan2": lambda X: np.arctan2(X, OTHER), "arctan2 of a sum": lambda X: np.arctan2(OTHER, X),
    "hypot": lambda X: np.hypot(X, X**2 + OTHER), "fmod": lambda X: np.fmod(7 * X, OTHER + X),
    "remainder": lambda X: np.remainder(7 * X, OTHER + X),
    "logaddexp": lambda X: np.logaddexp(X, OTHER * X),
    "logaddexp2": lambda X: np.logaddexp2(X, OTHER * X),
    "variance": lambda X: X.var(), "variance of columns less 1": lambda X: X.var(0, ddof=1),
    "width": lambda X: X.std((0, 1), keepdims=True) * X, "width less 1": lambda X: X.std(1, ddof=1),
    "norm of 3": lambda X: np.linalg.norm(X, 3, axis=0),
    "norm of 2": lambda X: np.linalg.norm(X, 2, axis=1, keepdims=True) * X,
    "largest": lambda X: np.linalg.norm(X, np.inf, axis=0),
    "smallest": lambda X: np.linalg.norm(X, -np.inf, axis=1),
    "conj": lambda X: X.conj() * X, "conjugate": lambda X: X.conjugate() * X[0, 0],
    "its whole numbers": lambda X: X * X.round(), "added at": lambda X: added_at(X.copy(), X * X),
    "of all axes": lambda X: np.linalg.norm(X, axis=(0, 1)), "no number of its own": lambda X: (
        (X.astype(complex) * 2).real), "near": lambda X: X * np.isclose(X, X[0, 0]) * X.imag.size,
    "fro": lambda X: np.linalg.norm(X, "fro"), "vdot": lambda X: np.vdot(X, OTHER + X),
    "cov of two": lambda X: np.cov(X, OTHER * X),
    "cov by columns": lambda X: np.cov(X, OTHER * X, rowvar=False),
    "cov of all": lambda X: np.cov(X, bias=True), "cov of one": lambda X: np.cov(X[0]),
    "cov of one by columns": lambda X: np.cov(X[0], rowvar=False),
    "cov less 2": lambda X: np.cov(X, ddof=2), "corrcoef": np.corrcoef,
    "corrcoef by columns": lambda X: np.corrcoef(X, rowvar=False),
    "corrcoef of two": lambda X: np.corrcoef(X, OTHER), "corrcoef of one": lambda X: (
        np.corrcoef(X[0]) * X[0, 0]),
}


def added_at(X, more):
    np.add.at(X, ([0, 2, 0], [1, 3, 1]), more[0, :3])
    return X


def test_what_has_no_complex_step_is_measured_by_differences():
    U, s, VT = np.linalg.svd(X34)
    column = np.abs(X34).sum(0).argmax() == np.arange(4)
    for f, right in ((lambda X: np.linalg.norm(X, 2), np.outer(U[:, 0], VT[0])),
                     (lambda X: np.linalg.norm(X, "nuc"), U @ VT[:3]),
                     (lambda X: np.linalg.norm(X, 1), np.sign(X34) * column),
                     (lambda X: float(X.sum()) + X[0, 0], 1 + (X34 == X34[0, 0])),
                     (lambda X: np.fft.fft(X).real.sum(), np.tile([4.0, 0, 0, 0], (3, 1)))):
        s = slopes(f, X34)
        assert s.method == "central differences" and not s.troubles
        np.testing.assert_allclose(s.J, right, atol=1e-8)


@pytest.mark.parametrize("name", STEPPED)
def test_a_complex_step_goes_through_and_agrees_with_differences(name):
    """Where it does not, the answer is that of differences, and says so."""
    f = STEPPED[name]
    assert slopes(f, X34).exact
    stepped = np.asarray(f(X34.astype(complex).view(Stepped))).view(np.ndarray)
    np.testing.assert_allclose(stepped.real, f(X34), rtol=1e-12)


def test_a_relu_at_1e_minus_6_and_a_norm_at_1e_minus_6_have_slopes():
    assert numerical_jacobian(lambda x: np.maximum(x, 0), np.array([1e-6, -1e-6])).tolist() == [
        [1, 0], [0, 0]]
    p = np.array([3e-6, 4e-6])
    for f in (np.linalg.norm, without_complex(np.linalg.norm)):
        assert numerical_gradient(f, p) == pytest.approx([0.6, 0.8], abs=1e-9)
    s = slopes(lambda x: x / np.linalg.norm(x), p)
    assert not s.kinks and s.J * 5e-6 == pytest.approx(
        np.array([[0.64, -0.48], [-0.48, 0.36]]), abs=1e-12)


@pytest.mark.parametrize("only", [lambda f: f, without_complex])
@pytest.mark.parametrize(("f", "x", "kinks"), [
    (lambda x: np.maximum(x, 0), [2.0, 0.0, -1.0], {(1,): (0, 1)}),
    (lambda x: np.clip(x, 0, 6), [6.0, 3.0, 0.0], {(0,): (1, 0), (2,): (0, 1)}),
    (lambda x: x * np.sign(x), [0.0, 1.0], {(0,): (-1, 1)}),
    (lambda x: np.where(x > 3, x**2, 9), [3.0, 4.0], {(0,): (0, 6)}),
    (lambda x: np.where(x > 0, x, 0.01 * x), [0.0, 1e-9], {(0,): (0.01, 1)}),
])
def test_kinks_are_named_with_the_entry_and_both_slopes(f, x, kinks, only):
    s = slopes(only(f), x)
    assert {k.input: (k.left, k.right) for k in s.kinks} == {
        place: pytest.approx(sides, abs=1e-4) for place, sides in kinks.items()}
    assert all(k.output == k.input for k in s.kinks) and s.accuracy < 1e-3
    for place, (left, right) in kinks.items():
        assert s.J[place * 2] == pytest.approx((left + right) / 2, abs=1e-4)


def test_a_tie_of_two_outputs_is_a_kink_by_both():
    s = slopes(lambda x: x.max(keepdims=True), [1.0, 1.0, 0.5])
    assert {k.input for k in s.kinks} == {(0,), (1,)}
    s = slopes(lambda x: np.where(x < 1, x**2 / 2, x - 0.5), [1.0])  # smooth to first order
    assert not s.kinks and s.J == pytest.approx(np.ones((1, 1)))


def test_functions_that_change_faster_than_a_step():
    t, day = np.array([1.7e9]), 2 * np.pi / 86400
    p = np.array([0.7, 1.3])
    for only, accuracy in ((lambda f: f, 1e-10), (without_complex, 1e-6)):
        J = slopes(only(lambda t: np.sin(day * t)), t).J
        assert J[0, 0] == pytest.approx(day * math.cos(day * t[0]), rel=accuracy)
        J = slopes(only(lambda p: np.sin(2**15 * p)), p).J
        assert J == pytest.approx(np.diag(2**15 * np.cos(2**15 * p)), rel=accuracy, abs=1e-4)
        J = slopes(only(lambda x: x + 1e-6 * np.sin(1e6 * x)), p).J
        assert J == pytest.approx(np.diag(1 + np.cos(1e6 * p)), rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("n", [3, 5, 7, 8])
def test_the_inverse_of_a_hilbert_matrix(n):
    A = 1 / (np.arange(n)[:, None] + np.arange(n) + 1)
    B = exact_inverse(A)
    right = -np.einsum("ki,jl->klij", B, B)
    s = slopes(np.linalg.inv, A)
    off = np.abs(s.J - right)
    assert off.max() <= 1e-6 * np.abs(right).max()
    assert (off <= s.error + 1e-13 * np.abs(right)).all()
    assert s.accuracy > 1e-18 * np.linalg.cond(A)  # not as if it were exact


def exact_inverse(A):
    """By fractions, of the very numbers in A."""
    n = len(A)
    rows = [[Fraction(a) for a in row] + [Fraction(int(i == j)) for j in range(n)]
            for i, row in enumerate(A)]
    for c in range(n):
        rows[c] = [a / rows[c][c] for a in rows[c]]
        rows = [row if i == c else [a - row[c] * b for a, b in zip(row, rows[c], strict=True)]
                for i, row in enumerate(rows)]
    return np.array([[float(a) for a in row[n:]] for row in rows])


def test_slopes_at_several_places_are_those_of_each():
    """Some with a complex step and some without, more than are read together, one refused."""
    def f(x):
        if x[0] > 2:
            raise NumberError("too far")
        return x**3 * (float(x[1].real) if x[0] < 0 else x[1])

    xs = [RANDOM.uniform(0.2, 1.5, 40) for _ in range(13)]
    xs[3][0], xs[5][0], xs[8][0] = -0.3, 2.5, -0.7
    found = slopes_at(f, xs)
    assert [s is None for s in found] == [p == 5 for p in range(13)]
    assert [s.exact for s in found if s] == [p not in (3, 8) for p in range(13) if p != 5]
    for x, s in zip(xs, found, strict=True):
        if s:
            alone = slopes(f, x, columns=False)
            np.testing.assert_array_equal(s.J, alone.J)
            np.testing.assert_allclose(s.Y, f(x))
    assert slopes_at(f, []) == []


def test_what_f_may_be():
    seen = []

    def f(x):
        seen.append((type(x), x.shape, x.dtype.kind))
        x *= 2
        return [x[0], x[1] * 3]

    x = [1, 2]
    assert slopes(f, x).J.tolist() == [[2, 0], [0, 6]] and x == [1, 2]
    assert all(shape == (2,) and kind in "fc" for _, shape, kind in seen)
    assert slopes(lambda x: math.exp(float(x)), 1.0).J == pytest.approx(math.e)
    assert slopes(lambda x: 3, [1.0, 2.0]).J.tolist() == [0, 0]
    nothing = slopes(lambda x: x, np.zeros((0, 2)))
    assert nothing.J.shape == (0, 2, 0, 2) and nothing.accuracy == nothing.confirmed == 0

    def positive(x):
        if (x <= 0).any():
            raise ValueError("only above 0")
        return np.log(x)

    assert slopes(positive, [1e-3, 5.0]).J == pytest.approx(np.diag([1e3, 0.2]))
    with pytest.raises(ValueError, match="only above 0"):
        slopes(positive, [-1.0])
    with pytest.raises(NumberError, match="complex"):
        slopes(lambda x: x + 1j, [1.0])
    with pytest.raises(ShapeError, match=r"f\(x\) has shape \(3,\), but \(1,\) beside x"):
        slopes(lambda x: np.ones(3 if x[0] == 1 else 1), [1.0])


def test_the_same_bits_every_time():
    for f in (np.tanh, without_complex(np.tanh), lambda X: np.round(X, 3)):
        a, b = slopes(f, X34), slopes(f, X34)
        assert a.J.tobytes() == b.J.tobytes() and a.error.tobytes() == b.error.tobytes()
        assert a.troubles == b.troubles


@pytest.mark.parametrize("only", [lambda f: f, without_complex])
def test_along_directions(only):
    f = only(lambda X: np.tanh(X @ W43))
    V = RANDOM.standard_normal((5, 3, 4)) * np.array([1e-6, 1, 1e5, 2, 0])[:, None, None]
    s = derivative_along(f, X34, V)
    right = np.einsum("klij,cij->ckl", slopes(f, X34).J, V)
    assert s.J.shape == (5, 3, 3) and s.exact == (only is not without_complex)
    size = np.abs(right).max((1, 2), keepdims=True)
    assert (np.abs(s.J - right) <= 1e-8 * size).all()
    with pytest.raises(ShapeError, match="direction of x's shape"):
        derivative_along(f, X34, X34)
    x = np.array([1e-8, 1e8, 2.0])
    kinks = derivative_along(only(np.abs), [0.0, 1.0], [[0, 2.0], [3.0, 0]]).kinks
    assert [(k.output, k.input, k.left, k.right) for k in kinks] == [((0,), (1,), -3, 3)]
    masks = np.array([[1, 0, 1], [0, 1, 0]]) * step_sizes(x)
    assert (derivative_along(only(np.log), x, masks).J * [[1e-8, 1, 2], [1, 1e8, 1]]
            / step_sizes(x)) == pytest.approx(np.array([[1, 0, 1], [0, 1, 0]]), rel=1e-8)


def test_a_bend_on_a_large_number_is_taken_from_steps_that_see_it():
    """Beside 1e9 the cosine is lost in steps of 1e-4 and less: there nothing seems to bend."""
    f = without_complex(lambda x: 1e9 + np.cos(x))
    assert numerical_hessian(f, 1.0) == pytest.approx(-math.cos(1), rel=1e-3)


@pytest.mark.parametrize("size", [1e-8, 1e-4, 1.0, 1e4])
def test_hessians_at_any_size(size):
    def f(x):
        a, b = x / size
        return a**2 * np.exp(b)

    a, b = x = np.array([1.5, -0.5])
    right = np.exp(b) * np.array([[2, 2 * a], [2 * a, a**2]])
    assert numerical_hessian(f, x * size) * size**2 == pytest.approx(right, rel=1e-10)
    assert numerical_hessian(without_complex(f), x * size) * size**2 == pytest.approx(
        right, rel=1e-7)
