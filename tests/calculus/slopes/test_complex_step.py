"""The complex step through NumPy's functions, compared with central differences; and where there
is none."""

import warnings

import numpy as np
import pytest

from helpers.calculus.complex_step import H, Stepped, bare, slopes_along, step, stepped

X = np.array([[0.31, -0.72, 1.43], [-1.24, 0.57, 0.86], [0.97, -0.18, -2.07]])
POSITIVE = np.abs(X) + 0.1
STEP = 1e-6


def units(x):
    return [unit.reshape(x.shape) for unit in np.eye(x.size)]


def by_complex_step(f, x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shape = np.shape(f(x))
    return slopes_along(f, x, units(x), x.size, shape)


def central(f, x):
    return np.array([(f(x + STEP * v) - f(x - STEP * v)) / (2 * STEP) for v in units(x)])


def in_out(x):
    out = np.zeros(x.shape, x.dtype).view(type(x))
    assert np.multiply(x, x, out=out) is out
    return out


def in_out_by_a_rule(x):
    out = np.zeros(x.shape, x.dtype).view(type(x))
    assert np.absolute(x, out=out) is out
    return out


def at(x):
    total = np.zeros(2, x.dtype).view(type(x))
    np.add.at(total, [0, 1, 1], x[0])
    return total


def unstacked(x):
    first, second, third = x
    return first * second + third


def warned(x):
    """One who warns at every call; a test that hears it would fail."""
    warnings.warn("Do not differentiate me.", stacklevel=2)
    return x ** 3


TAKEN = {
    "var": lambda x: x.var(), "var of columns": lambda x: x.var(0),
    "var of rows kept": lambda x: x.var(1, keepdims=True), "var of both": lambda x: x.var((0, 1)),
    "var with ddof": lambda x: x.var(1, ddof=1), "np.var": lambda x: np.var(x, axis=-1),
    "std": lambda x: x.std(), "std of rows": lambda x: x.std(1, ddof=2, keepdims=True),
    "std of columns": lambda x: np.std(x, axis=0), "out": in_out, "out by a rule": in_out_by_a_rule,
    "at": at, "iter": unstacked, "an entry": lambda x: x[1, 2] * x[0, 0],
    "a start": lambda x: np.add.reduce(x[0], initial=x[1, 1] * 3),
    "accumulate": lambda x: np.multiply.accumulate(x, 1),
    "outer": lambda x: np.multiply.outer(x[0], x[1]),
    "abs": np.abs, "fabs": np.fabs, "conjugate": np.conjugate, "conj": lambda x: x.conj() * x,
    "real and imag": lambda x: x.real * x + x.imag, "sign": lambda x: np.sign(x) * x,
    "log1p": lambda x: np.log1p(x * x), "cbrt": np.cbrt, "degrees": np.degrees,
    "rad2deg": np.rad2deg, "radians": np.radians, "deg2rad": np.deg2rad,
    "copysign": lambda x: np.copysign(x, -x[0]), "copysign of numbers": lambda x: np.copysign(2, x),
    "arctan2": lambda x: np.arctan2(x, x[0] + 3), "arctan2 of a number": lambda x: np.arctan2(1, x),
    "hypot": lambda x: np.hypot(x, x[1] * 2), "hypot of a number": lambda x: np.hypot(x, 3.0),
    "logaddexp": lambda x: np.logaddexp(x, 2 * x[0]),
    "logaddexp2": lambda x: np.logaddexp2(x[0] * 3, x),
    "remainder": lambda x: np.remainder(x, 0.4 + x[0] ** 2), "fmod": lambda x: np.fmod(x, 0.37),
    "mod": lambda x: x % 0.37, "where": lambda x: np.where(x > 0, x ** 2, -x),
    "maximum": lambda x: np.maximum(x, 0.2) * np.minimum(x[0], 0.9),
    "clip": lambda x: x.clip(-1, 1),
    "floor": lambda x: x * np.floor(x), "rint": lambda x: x * np.rint(x),
    "trunc": lambda x: x * np.trunc(x), "ceil": lambda x: x * np.ceil(x),
    "round": lambda x: x * x.round(), "round to tenths": lambda x: x * x.round(1),
    "floor_divide": lambda x: x * (x // 0.3),
    "isfinite": lambda x: x * np.isfinite(x), "nonzero": lambda x: x[(x > 0).nonzero()] ** 3,
    "own nonzero": lambda x: x[x.nonzero()] ** 2,
    "if": lambda x: x * 2 if x[0, 0] > 0 else x * 3, "bool": lambda x: x if x[0, 0] else -x,
    "int": lambda x: x * int(x[2, 2]), "as whole numbers": lambda x: x * x.astype(int),
    "as complex": lambda x: (x.astype(complex) * x).real, "sort": lambda x: np.sort(x, 0),
    "norm": lambda x: np.linalg.norm(x), "norm of rows": lambda x: np.linalg.norm(x, axis=1),
    "norm kept": lambda x: np.linalg.norm(x, axis=0, keepdims=True),
    "frobenius": lambda x: np.linalg.norm(x, "fro"), "norm 2": lambda x: np.linalg.norm(x[0], 2),
    "norm 1": lambda x: np.linalg.norm(x, 1, axis=1), "norm 3": lambda x: np.linalg.norm(x[1], 3),
    "norm inf": lambda x: np.linalg.norm(x, np.inf, axis=0),
    "norm -inf": lambda x: np.linalg.norm(x, -np.inf, axis=1, keepdims=True),
    "slogdet": lambda x: np.linalg.slogdet(x)[1], "det": lambda x: np.linalg.det(x),
    "inv": lambda x: np.linalg.inv(x), "solve": lambda x: np.linalg.solve(x, x[0] ** 2),
    "cov": lambda x: np.cov(x), "cov of columns": lambda x: np.cov(x, rowvar=False),
    "cov of two": lambda x: np.cov(x[0], x[1] * x[2]), "cov biased": lambda x: np.cov(x, bias=True),
    "cov with ddof": lambda x: np.cov(x, ddof=0), "cov of one": lambda x: np.cov(x[0]),
    "cov of two vectors by columns": lambda x: np.cov(x[0], x[1] ** 2, rowvar=False),
    "warns": warned, "cov of two by columns": lambda x: np.cov(x, x * 2 + x[0], rowvar=False),
    "corrcoef": lambda x: np.corrcoef(x), "corrcoef by columns": lambda x: np.corrcoef(
        x, rowvar=False), "corrcoef of two": lambda x: np.corrcoef(x[0], x[1] ** 2),
    "corrcoef of one": lambda x: np.corrcoef(x[0]), "vdot": lambda x: np.vdot(x, x[::-1]),
    "vecdot": lambda x: np.vecdot(x, x[0]), "dot": lambda x: x @ x.T,
    "isclose": lambda x: x * np.isclose(x, x[0]), "allclose": lambda x: x * np.allclose(x, x),
    "count": lambda x: x * np.count_nonzero(x > 0),
    "array_equal": lambda x: x * np.array_equal(x, x),
    "split": lambda x: np.concatenate([part ** 2 for part in np.split(x, 3)]),
}
ROOTED = {
    "sqrt": np.sqrt, "log": np.log, "power": lambda x: x ** 2.5, "prod": lambda x: x.prod(0),
    "cumprod": lambda x: np.cumprod(x, 1), "mean": lambda x: np.exp(np.log(x).mean(1)),
}


@pytest.mark.parametrize("name", [*TAKEN, *ROOTED])
def test_a_complex_step_gives_the_slopes_of_differences(name):
    f, x = (TAKEN[name], X) if name in TAKEN else (ROOTED[name], POSITIVE)
    D = by_complex_step(f, x)
    assert D is not None, "no complex step"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore" if f is warned else "error")
        right = central(f, x)
    np.testing.assert_allclose(D, right, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("f", [
    lambda x: np.abs(np.fft.fft(x)), lambda x: np.linalg.svd(x)[1], lambda x: np.linalg.qr(x)[0],
    lambda x: np.linalg.norm(x, 2), lambda x: np.linalg.norm(x, "nuc"),
    lambda x: np.linalg.norm(x[0], 0), lambda x: np.float64(float(x[0, 0]) * 2),
    lambda x: np.linalg.eigvalsh(x + x.T), lambda x: np.array(list(map(float, x[0]))),
    lambda x: np.asarray(x, dtype=float) * 2, lambda x: x[:, :2] if np.iscomplexobj(x) else x])
def test_no_complex_step_where_numpy_takes_none(f):
    assert by_complex_step(f, X) is None


def test_fewer_digits_keep_the_step():
    """In float32 the value is rounded, and the slope is that of float64."""
    def f(x):
        return x.astype(np.float32) * 3.0

    np.testing.assert_allclose(by_complex_step(f, X), 3 * np.eye(9).reshape(9, 3, 3))
    z = (X + 1e-20j).view(Stepped)
    less = bare(z.astype(np.float32))
    np.testing.assert_array_equal(less.real, X.astype(np.float32).astype(np.float64))
    np.testing.assert_array_equal(less.imag, np.full((3, 3), 1e-20))
    with pytest.raises(TypeError, match="a complex step is lost in a Python float"):
        float(z[0, 0])


def test_what_has_no_step_stands_still():
    assert by_complex_step(lambda x: np.ones(2), X).tolist() == [[0, 0]] * 9
    assert by_complex_step(lambda x: [1, 2], X).tolist() == [[0, 0]] * 9
    assert stepped("text") == "text" and stepped(2.0) == 2.0
    pair = stepped((np.array(1j), [np.array([1j]), 3]))
    assert type(pair[0]) is type(pair[1][0]) is Stepped and pair[1][1] == 3


def test_the_step_of_very_small_numbers_is_larger():
    assert step(np.array([1.0, -0.5])) == H == 2.0 ** -66
    assert step(np.zeros(3)) == step(np.zeros(0)) == H
    assert step(np.array([0.0, -2.0 ** -1000])) == 2.0 ** -20
    x = np.array([2.0 ** -1000, 3.0])
    D = slopes_along(lambda x: 5 * x, x, [np.array([2.0 ** -1000, 0])], 1, (2,))
    np.testing.assert_allclose(D, [[5 * 2.0 ** -1000, 0]], rtol=1e-12)
