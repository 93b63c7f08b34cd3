"""What the Hessian lab says of a surface: its shape, and how far each prediction is off."""

import numpy as np
import pytest

from helpers.calculus.vector.surfaces import SURFACES
from helpers.labs.hessian import HessianLab
from helpers.labs.hessian.lab import prediction_rows, shape_of, symmetric
from tests.page import browser, reads

pytestmark = pytest.mark.usefixtures("undrawn")


def number(text):
    return float(text.replace("−", "-"))


@pytest.mark.parametrize(("low", "high", "said"), [
    (0.5, 2, "up in every direction"), (-2, -0.5, "down in every direction"),
    (-2, 0.5, "up one way and down the other"), (0, 3, "straight in at least one"),
    (-3, 0, "straight in at least one"), (0, 0, "straight in at least one"),
    (1e-6, 1, "up in every direction"), (-1e-6, 1e-6, "up one way and down the other"),
    (-1e-13, 1, "straight in at least one"), (-1, 1e-13, "straight in at least one"),
    (1e-5, 1e6, "straight in at least one"), (-1e6, -1e-5, "straight in at least one")])
def test_eigenvalues_are_the_shape(low, high, said):
    assert said in shape_of({"eigenvalues": (low, high)})


@pytest.mark.parametrize("name", SURFACES)
def test_every_number_on_the_screen_is_worked_out_again(name):
    x, d = np.array([0.8, -0.3]), np.array([0.1, 0.2])
    widget, f = HessianLab(surface=name, x=tuple(x), d=tuple(d)), SURFACES[name]
    gradient, H, new = f.gradient(x), f.hessian(x), f(x + d)
    parts = {part["name"]: [[number(one) for one in row] for row in part["rows"]]
             for part in reads(widget, "at x")["parts"]}
    for label, right in (("x", x[:, None]), ("∇f", gradient[:, None]), ("H", H)):
        np.testing.assert_allclose(parts[label], right, atol=6e-5)
    marked = [part["marked"] for part in reads(widget, "at x")["parts"]]
    assert marked == [[], [], [[0, 1], [1, 0]]]
    for (_, text), mixed in zip(reads(widget, "H[0,1]")["rows"], (H[0, 1], H[1, 0]), strict=True):
        assert number(text) == pytest.approx(mixed, abs=1e-4)
    true, first, second = reads(widget, "f(x + d)")["rows"]
    guesses = f(x) + gradient @ d, f(x) + gradient @ d + d @ H @ d / 2
    assert true == ["true", true[1], "", ""] and number(true[1]) == pytest.approx(new, abs=6e-5)
    for row, guess in zip((first, second), guesses, strict=True):
        assert number(row[1]) == pytest.approx(guess, abs=6e-5)
        assert number(row[2]) == pytest.approx(abs(guess - new), abs=6e-5)
    eigenvalues = [number(one) for one in reads(widget, "curvature")["text"].split(", ")]
    np.testing.assert_allclose(eigenvalues, np.linalg.eigvalsh(H), atol=6e-5)
    misses = [abs(guess - new) for guess in guesses]
    assert f"first order misses by {misses[0]:.4f}, second order by {misses[1]:.4f}" in repr(widget)


def test_the_walk_along_d_and_the_directions_are_those_of_the_picture():
    widget = HessianLab(surface="waves", x=(0.4, 0.9), d=(0.3, -0.6))
    view, f = widget.study(widget.settings), SURFACES["waves"]
    x, d = np.array([0.4, 0.9]), np.array([0.3, -0.6])
    walk = np.linspace(-0.5, 1.5, 61)  # from behind the point to beyond its tip
    np.testing.assert_allclose(view["true_along"], [f(x + t * d) for t in walk])
    slope, bend = f.gradient(x) @ d, d @ f.hessian(x) @ d
    np.testing.assert_allclose(view["first_along"], f(x) + walk * slope)
    np.testing.assert_allclose(view["second_along"], f(x) + walk * slope + walk**2 * bend / 2)
    for value, direction in zip(view["eigenvalues"], view["directions"], strict=True):
        np.testing.assert_allclose(f.hessian(x) @ direction, value * direction, atol=1e-12)
    for sizes, guess in zip(view["errors"], (lambda t: f(x) + t * slope,
                                             lambda t: f(x) + t * slope + t**2 * bend / 2),
                            strict=True):
        shares = view["sizes"] / np.hypot(*d)
        assert shares[0] == 1 and sizes == pytest.approx(
            [abs(f(x + t * d) - guess(t)) for t in shares], abs=1e-15)


def test_what_rounding_leaves_is_said_and_what_is_no_slope_is_a_dash():
    view = {"new": 2.0, "first": 2.0 + 1e-13, "second": 2.5, "slopes": (np.nan, np.inf)}
    assert [row[2:] for row in prediction_rows(view)] == [
        ["", ""], ["0.0000", "only rounding"], ["0.5000", "–"]]


def test_rounding_of_the_differences_is_no_lack_of_symmetry():
    def measured(off, size=1.0):
        return symmetric({"measured": np.array([[0, size], [size + off, 0]])})

    assert measured(5e-7) and not measured(3e-6) and measured(3e-5, 100.0)
    assert not measured(-3e-6) and measured(-5e-7)


def test_where_a_step_grows_out_of_its_range_it_stays():
    widget = HessianLab(d=(2.5, -1.5))
    browser(widget, {"kind": "press", "place": "grow"})
    assert widget.settings["d"] == (2.5, -1.5)
    widget.set(d=(0.001, -0.0015))
    browser(widget, {"kind": "press", "place": "shrink"})
    assert widget.settings["d"] == (0.001, -0.0015)
    browser(widget, {"kind": "press", "place": "grow"}, {"kind": "press", "place": "grow"})
    assert widget.settings["d"] == (0.004, -0.006)
    widget.set(d=(2, -1))
    browser(widget, {"kind": "press", "place": "grow"})
    assert widget.settings["d"] == (4, -2)
