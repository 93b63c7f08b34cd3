"""Slopes of nothing, of what is refused, and of outputs that are odd each in its own way."""

import numpy as np
import pytest

from helpers.calculus.errors import NumberError, ShapeError, TooBig
from helpers.calculus.slopes import derivative_along, look_at, slopes, slopes_at


@pytest.mark.parametrize("f, x, shape", [
    (lambda x: np.ones(3), np.zeros(0), (3, 0)), (lambda x: x[:0], np.ones(2), (0, 2)),
    (lambda x: np.ones((2, 0)), np.zeros((0, 3)), (2, 0, 0, 3)), (np.sin, np.zeros(0), (0, 0))])
def test_slopes_of_nothing(f, x, shape):
    found = slopes(f, x)
    assert found.J.shape == found.error.shape == shape and not found.J.size
    assert (found.method, found.kinks, found.troubles) == ("complex step", (), ())
    assert (found.accuracy, found.confirmed, found.exact) == (0, 0, True)
    np.testing.assert_array_equal(found.Y, f(x))
    look = look_at(f, x)
    assert look.D.shape == (x.size, *found.Y.shape) and look.values == ()
    assert look.entries == x.size * found.Y.size == 0
    assert look_at(lambda x: x[:2], np.ones(3)).entries == 6


def test_no_direction_has_no_slopes():
    found = derivative_along(np.sin, np.ones(4), np.zeros((0, 4)))
    assert found.J.shape == found.error.shape == (0, 4)


def test_what_has_no_slopes_is_refused():
    with pytest.raises(NumberError, match=r"f must be a function of one array, not array\(\[1"):
        slopes(np.ones(2), np.ones(2))

    def other_shape(x):
        return np.concatenate([x, x]) if (x != 0).any() else x * 1.0

    with pytest.raises(ShapeError, match=r"f\(x\) has shape \(2,\), but \(4,\) beside x"):
        slopes(other_shape, np.zeros(2))


def test_only_a_whole_jacobian_is_too_large():
    """60,000 by 60,000 are too many; along one direction it is one column."""
    x = np.linspace(1, 2, 60_000)
    found = derivative_along(lambda x: x**2, x, np.ones((1, 60_000)))
    np.testing.assert_allclose(found.J[0], 2 * x, rtol=1e-12)
    with pytest.raises(TooBig, match=r"This Jacobian .* take a smaller x"):
        slopes(lambda x: x**2, x)


def counted(f):
    calls = []

    def g(x):
        calls.append(1)
        return f(x)

    return g, calls


def test_columns_are_checked_where_all_slopes_of_one_x_are_asked_for():
    """A difference for every input takes eight calls more for each of them."""
    f, calls = counted(lambda x: np.sin(x).sum())
    x = np.array([0.3, 0.7, -1.1])
    slopes(f, x)
    whole = len(calls)
    calls.clear()
    slopes(f, x, columns=False)
    without = len(calls)
    calls.clear()
    slopes_at(f, [x])
    assert len(calls) == without == whole - 8 * 3


ODD = {  # one output that is odd, and what is told of it: kinks, troubles, method
    "smooth": (lambda x: np.sin(x[0]), 0, "", "complex step"),
    "a kink": (lambda x: np.abs(x[1]), 1, "", "central differences"),
    "a jump at x": (lambda x: x[0] + (x[0] >= 1), 0, "so rough there that no difference", None),
    "no slope": (lambda x: np.sqrt(x[1]), 0, "No finite slope of f was found at x.", None),
    "no number": (lambda x: np.log(x[2]), 0, "f(x) is not finite.", None),
    "a lost imaginary part": (lambda x: np.sin(bare_real(x[0])) * 1.0, 0, "",
                              "central differences"),
}


def bare_real(z):
    """A real number, whatever is beside it: f loses the complex step and says nothing."""
    return np.asarray(z).view(np.ndarray).real


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_odd_output_is_seen_beside_smooth_ones(name, place):
    """Alone, and at any place among others, which keep their complex step."""
    f, kinks, said, method = ODD[name]
    x = np.array([1.0, 0.0, -2.0])
    smooth = [lambda x: x[0] * x[2], lambda x: x[0] ** 3]

    def together(x):
        parts = [*smooth[:place], f, *smooth[place:]]
        return np.stack([np.reshape(part(x), ()) for part in parts])

    with np.errstate(all="ignore"):
        alone, found = slopes(lambda x: np.reshape(f(x), ()), x), slopes(together, x)
    assert len(alone.kinks) == len(found.kinks) == kinks
    assert all(kink.output == (place,) for kink in found.kinks)
    assert said in " ".join(alone.troubles)
    assert " ".join(found.troubles).replace(f"[{place}]", "") == " ".join(alone.troubles)
    if method:
        assert alone.method == method
        assert found.method == ("complex step" if method == "complex step" else
                                "complex step and central differences")
    np.testing.assert_allclose(found.J[place], alone.J, rtol=1e-6, atol=1e-9)
    others = np.delete(found.J, place, 0)
    np.testing.assert_allclose(others, [[-2, 0, 1], [3, 0, 0]], rtol=1e-13)
    assert np.delete(found.error, place, 0).max() < 1e-13
