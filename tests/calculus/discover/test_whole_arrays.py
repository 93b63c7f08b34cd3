"""Where every entry may move every other one, an array of more axes has the line of a vector."""

import numpy as np
import pytest

from helpers import JacobianExplorer, ReplacementFinder, discover
from helpers.calculus.discover.changes import flat
from helpers.calculus.discover.samples import samples_of

SHAPES = [(3, 4), (2, 3, 2)]
FUNCTIONS = {  # f: the line, and how many numbers it keeps for so many entries
    "X - X.mean()": (lambda X: X - X.mean(), "G - G.mean()", lambda n: 0),
    "X + X.sum()": (lambda X: X + X.sum(), "G + G.sum()", lambda n: 0),
    "X * X.sum()": (lambda X: X * X.sum(), "np.sum(X) * G + (G * X).sum()", lambda n: n + 1),
    "X / X.sum()": (lambda X: X / X.sum(), "(G - (G * Y).sum()) / np.sum(X)", lambda n: n + 1),
    "softmax": (lambda X: np.exp(X) / np.exp(X).sum(), "Y * (G - (G * Y).sum())", lambda n: n),
    "log softmax": (lambda X: X - np.log(np.exp(X).sum()), "G - np.exp(Y) * G.sum()",
                    lambda n: n),
    "relu": (lambda X: np.maximum(X, 0) - X.mean(), "(X > 0) * G - G.mean()", lambda n: n),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_line_of_whole_sums(name, shape):
    f, line, stored = FUNCTIONS[name]
    X, G = np.random.default_rng(1).standard_normal((2, *shape))
    s = discover(f, X)
    assert (s.numpy, s.stored) == (line, stored(X.size))
    h = 1e-6  # along one direction, by differences of f itself
    V = np.random.default_rng(2).standard_normal(shape)
    slope = np.sum(G * (f(X + h * V) - f(X - h * V))) / (2 * h)
    assert np.sum(s.vjp(G) * V) == pytest.approx(slope, rel=1e-7)


def test_a_maximum_of_all_is_written_without_an_axis():
    X = np.random.default_rng(1).standard_normal((3, 4))
    assert discover(lambda X: X - X.max(), X).numpy == "G - (X == X.max()) * G.sum()"


def test_a_place_of_the_vector_is_no_place_of_the_array():
    """The line of X − X[0, 0] as a vector has an array of twelve numbers: it is not taken."""
    X = np.random.default_rng(0).standard_normal((3, 4))
    s = discover(lambda X: X - X[0, 0], X)
    G = np.arange(12.0).reshape(3, 4)
    np.testing.assert_allclose(s.vjp(G), G - 66 * (np.arange(12) == 0).reshape(3, 4), atol=1e-9)


@pytest.mark.parametrize("f, x, out", [
    (np.sum, np.ones((2, 3)), 0), (np.transpose, np.arange(6.0).reshape(2, 3), 2),
    (np.sin, np.ones(3), 1), (np.ones_like, np.ones((14, 13)), 2)])
def test_what_is_not_laid_out_as_a_vector(f, x, out):
    """Another shape of Y, one axis alone, or more entries than are looked at."""
    assert flat(samples_of(f, (x,), None, {}, None, None, {})) is None


def test_what_is_shown_of_it(capsys):
    X = np.random.default_rng(1).standard_normal((2, 3)).round(1)
    explorer = JacobianExplorer(lambda X: X - X.mean(), X, G=np.eye(2, 3))
    np.testing.assert_allclose(explorer.gradient, np.eye(2, 3) - 1 / 3, atol=1e-9)
    finder = ReplacementFinder(lambda X: X - X.mean(), X)
    assert finder.state["error"] == "" and repr(finder).endswith("36 of 36 numbers are left")
    s = discover(lambda X: X - X.mean(), X)
    assert "\nAs one 6×6 matrix it is a diagonal plus rank 1. So dL/dX = G - G.mean()" in str(s)
    assert s.derivation and all(text for _, text in s.derivation)


def test_at_full_size_it_is_lifted_from_small_ones():
    X = np.random.default_rng(1).standard_normal((40, 50))
    s = discover(lambda X: X - X.mean(), X)
    assert (s.numpy, s.stored) == ("G - G.mean()", 0)
