"""Masks from the data: thresholds, the slope between them, and which functions have none."""

import numpy as np
import pytest

from helpers.calculus.discover import regions
from helpers.calculus.discover.line import line_of
from helpers.calculus.discover.regions import Variable, by_regions, mask_of, piece, thresholds
from helpers.calculus.discover.samples import samples_of
from helpers.calculus.discover.search import reduced, whole_core

random = np.random.default_rng(4)
X, T = random.standard_normal((2, 3, 4))
y = np.where(T > 0, 1.5, -2.0)
KNOWN = {"T": T, "y": y, "v": T[0]}


def steps(count):
    """A slope that is one more at each whole number."""
    return lambda X: sum(np.maximum(X - k, 0) for k in range(count))


FUNCTIONS = {  # the line; where the slope jumps
    "relu": (lambda X: np.maximum(X, 0), "G * (X > 0)", "X = 0"),
    "relu6": (lambda X: np.clip(X, 0, 6), "G * ((X > 0) & (X < 6))", "X = 0 and 6"),
    "threshold": (lambda X: np.where(X > 1, X, 0), "G * (X > 1)", "X = 1"),
    "below": (lambda X: np.minimum(X, -2), "G * (X < -2)", "X = -2"),
    "leaky": (lambda X: np.where(X > 0, X, 0.1 * X), "G * np.where(X > 0, 1, 0.1)", "X = 0"),
    "shrink": (lambda X: np.sign(X) * np.maximum(np.abs(X) - 0.5, 0),
               "G * np.where(X > 0.5, 1, np.where(X > -0.5, 0, 1))", "X = -0.5 and 0.5"),
    "hard swish": (lambda X: X * np.clip(X + 3, 0, 6) / 6,
                   "G * np.where(X > 3, 1, np.where(X > -3, (1 / 3) * X + 0.5, 0))",
                   "X = -3 and 3"),
    "hard sigmoid": (lambda X: np.clip(X / 6 + 0.5, 0, 1), "G * ((X > -3) & (X < 3)) / 6",
                     "X = -3 and 3"),
    "two slopes": (lambda X: np.where(X > 1 / 3, X**2, -3 * X),
                   "G * np.where(X > 1 / 3, 2 * X, -3)", "X = 1 / 3"),
    "abs": (np.abs, "G * np.where(X > 0, 1, -1)", "X = 0"),
    "far": (lambda X: np.where(X > 70, 2 * X, X), "G * np.where(X > 70, 2, 1)", "X = 70"),
    "not round": (lambda X: np.maximum(X - 0.123456789, 0), "G * (X > 0.123456789)",
                  "X = 0.123456789"),
    "six steps": (steps(6), "G * np.where(X > 5, 6, np.where(X > 4, 5, np.where(X > 3, 4, np.where("
                  "X > 2, 3, np.where(X > 1, 2, np.where(X > 0, 1, 0))))))",
                  "X = 0 and 1 and 2 and 3 and 4 and 5"),
    "less T": (lambda X: np.maximum(X - T, 0), "G * ((X - T) > 0)", "X - T = 0"),
    "clipped T": (lambda X: np.clip(X - T, -1, 1) ** 2,
                  "G * (2 * (X - T)) * (((X - T) > -1) & ((X - T) < 1))", "X - T = -1 and 1"),
    "times y": (lambda X: np.maximum(1 - y * X, 0), "-G * y * ((y * X) < 1)", "y * X = 1"),
    "transposed": (lambda X: np.maximum(X, 0).T, "(G * (X > 0).T).T", "X = 0"),
    "rows summed": (lambda X: np.maximum(X - 1, 0).sum(1), "G[:, None] * (X > 1)", "X = 1"),
    "mean": (lambda X: np.maximum(X, 0).mean(0), "G * (X > 0) / 3", "X = 0"),
    "sum": (lambda X: np.clip(X, -1, 1).sum(), "G * ((X > -1) & (X < 1))", "X = -1 and 1"),
}
NONE = {
    "a bend without a jump": lambda X: np.maximum(X, 0) ** 2, "curved": lambda X: np.where(
        X > 0, X**3, X), "smooth": np.tanh, "line": lambda X: 3 * X,
    "out of sight": lambda X: np.where(X > 700, 2 * X, X), "seven steps": steps(7),
    "backwards": lambda X: np.maximum(X, 0)[::-1], "by another": lambda X: np.maximum(X, 0) * X[0],
    "not the same everywhere": lambda X: np.where(X > np.arange(12).reshape(3, 4) / 4, X, 0),
    "wide": lambda X: np.maximum(X, 0) @ T.T,
}


def looked(f, at=X, known=KNOWN):
    samples = samples_of(f, (at,), None, known, None, None, {})
    return by_regions(samples, reduced(samples, whole_core(samples))[0])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_slopes_of_regions_have_a_line(name):
    f, line, where = FUNCTIONS[name]
    answer = looked(f)
    assert line_of(answer.terms, X.shape, str(X.shape)) == line
    assert answer.says == f"the slope of each entry is another on the other side of {where}"
    assert answer.stored == 12 and answer.kind == "core"


@pytest.mark.parametrize("name", NONE)
def test_what_has_no_regions_has_no_such_line(name):
    assert looked(NONE[name]) is None


@pytest.mark.parametrize("scale", [0.01, 1, 300])
def test_thresholds_are_looked_for_as_far_as_the_input_is_large(scale):
    f = {0.01: lambda X: np.where(X > 80, 3 * X, X), 1: lambda X: np.where(X > 0.01, 3 * X, X),
         300: lambda X: np.where(X < -20_000, X, 2 * X)}[scale]
    line = {0.01: "G * np.where(X > 80, 3, 1)", 1: "G * np.where(X > 0.01, 3, 1)",
            300: "G * np.where(X > -20000, 2, 1)"}[scale]
    answer = looked(f, scale * X, {})
    assert line_of(answer.terms, X.shape, str(X.shape)) == line


def test_the_number_that_a_slope_depends_on():
    names = {"X": X, "T": T, "y": y}
    plain, less, times = Variable("X"), Variable("X", "T", "-"), Variable("X", "y", "*")
    assert [one.text for one in (plain, less, times)] == ["X", "(X - T)", "(y * X)"]
    values = random.standard_normal((3, 4))
    assert plain.inputs(values, names) is values and plain.slope(values, names) is values
    np.testing.assert_allclose(less.inputs(values, names) - T, values)
    np.testing.assert_allclose(y * times.inputs(values, names), values)
    assert less.slope(values, names) is values
    np.testing.assert_allclose(times.slope(values, names) * y, values)  # dL/d(yX)


GRID = np.concatenate([-np.geomspace(1e-3, 100, 60)[::-1], np.geomspace(1e-3, 100, 60)])


@pytest.mark.parametrize("slope, places", [
    (lambda x: np.where(x > 3, 2.0, 1.0), [3]), (lambda x: (x > -2.5) + (x > 0.2) * 1.0,
                                                 [-2.5, 0.2]),
    (lambda x: np.ones(x.size), []), (lambda x: 3 * x, []), (lambda x: np.sign(x), [0]),
    (lambda x: np.where(np.abs(x - 5) < 1, np.nan, x > 5), None),  # no slope near the jump
    (lambda x: np.where(x > 99.9, 1.0, 0), [99.9]), (lambda x: np.where(x > 101, 1.0, 0), []),
    (lambda x: 1e7 - (x > 2), []), (lambda x: 1e7 - 1.01 * (x > 2), [2]),  # 1e-7 is too little
    (lambda x: 1 + 1e-6 * (x > 2), [2]), (lambda x: 1 + 1e-8 * (x > 2), []),
    (lambda x: 1e9 * (x > 7) + 1e9, [7]), (lambda x: np.where(x > 1 / 3, x, 7.0), [1 / 3])])
def test_where_slopes_jump(slope, places):
    found = thresholds(slope, GRID)
    if places is None:
        assert found is None
    else:
        np.testing.assert_allclose(found, places, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("size", [1e-12, 1e-3, 1e9])
def test_thresholds_and_pieces_do_not_depend_on_the_size_of_slopes(size):
    def slope(x):
        return size * np.where(x > 3, 2 * x, 1.0)

    assert thresholds(slope, GRID) == [3] and thresholds(lambda x: size * np.tanh(x), GRID) != [3]
    assert piece(slope, 3, np.inf, 1.0, "X") == f"{2 * size:g} * X"
    assert piece(slope, -np.inf, 3, 1.0, "X") == f"{size:g}"
    place = np.linspace(0, 1, 120)
    assert thresholds(lambda x: size * (1 + 1e-7 * np.resize(place, x.size)), GRID) is None


def test_a_slope_that_depends_on_more_than_its_number_has_no_thresholds():
    place = np.linspace(0, 1, 120)
    assert thresholds(lambda x: np.resize(place, x.size), GRID) is None
    assert thresholds(lambda x: np.full(x.size, np.nan), GRID) is None
    assert thresholds(lambda x: 1 + 1e-11 * np.resize(place, x.size), GRID) == []
    assert thresholds(lambda x: 1 + 1e-7 * np.resize(place, x.size), GRID) is None


@pytest.mark.parametrize("slope, a, b, text", [
    (lambda x: np.full(x.shape, 0.25), 0, np.inf, "0.25"),
    (lambda x: 2 * x - 1, -np.inf, 0, "2 * X - 1"), (lambda x: 0 * x, -np.inf, np.inf, "0"),
    (lambda x: 1e9 + 0 * x, 0, 1, "1e+09"), (lambda x: x**2, 0, 1, None),
    (lambda x: np.sqrt(x), 0, np.inf, None), (lambda x: x + 1e-6 * x**2, 0, 6, None),
    (lambda x: x / 6 + 0.5, -3, 3, "(1 / 6) * X + 0.5"),
    (lambda x: np.where(x < 0.6, np.nan, 3), 0, 1, None),      # three of seven are left
    (lambda x: np.where(x < 0.5, np.nan, 3), 0, 1, "3"),       # four
    (lambda x: np.where(np.abs(x) > 250, 9, 3), 0, np.inf, "3"), (lambda x: 1e-12 + x, 0, 1, "X"),
    (lambda x: np.where(np.abs(x) > 150, 9.0, 3), 0, np.inf, None)])
def test_the_slope_between_two_thresholds(slope, a, b, text):
    assert piece(slope, a, b, 2.0, "X") == text  # to 100 times the size of the input


def test_a_mask_by_name_stands_for_all_regions():
    assert mask_of("X", [1], ["2", "3 * X"]) == ("1", "np.where(X > 1, 3 * X, 2)")
    assert mask_of("X", [1], ["0", "1 / 6"]) == ("1 / 6", "X > 1")
    assert mask_of("X", [1], ["X + 1", "0"]) == ("1", "(X + 1) * (X < 1)")
    assert mask_of("(y * X)", [-1, 2], ["0", "0", "5"]) == ("5", "(y * X) > 2")
    assert mask_of("X", [-1, 2, 3], ["0", "0", "5", "0"]) == ("5", "(X > 2) & (X < 3)")
    assert mask_of("X", [0], ["0", "0"]) == ("1", "np.where(X > 0, 0, 0)")


def test_the_slopes_of_an_input_that_takes_no_complex_step_are_none():
    def f(x):
        if np.any(np.real(x) > 2):
            raise ValueError("too large")
        return x**2

    samples = samples_of(f, (X[0] / 3,), None, {}, None, None, {})
    core = reduced(samples, whole_core(samples))[0]
    slope = regions.slope_of(samples, core, Variable("x"))
    np.testing.assert_allclose(slope(np.array([1.0, -2, 0.5, 1.5, 3, 1])),
                               [2, -4, 1, 3, np.nan, np.nan])
    assert regions.doubtful(samples, core) is False
    floats = samples_of(lambda x: np.interp(x, [-1, 1], [0, 1]), (X[0],), None, {}, None, None, {})
    assert regions.doubtful(floats, reduced(floats, whole_core(floats))[0]) is True
    tensor = samples_of(np.eye(3), (), 1, {}, None, None, {})
    assert regions.doubtful(tensor, whole_core(tensor)) is False


def test_one_point_is_enough_where_a_function_takes_no_other():
    x = np.array([0.5, -0.3, 0.8])

    def f(at):
        if np.abs(np.real(at) - x).max() > 1e-3:
            raise ValueError("too far")
        return np.where(np.real(at) > 0, 2 * at, at)

    samples = samples_of(f, (x,), None, {}, None, None, {})
    core = reduced(samples, whole_core(samples))[0]
    assert len(samples.names) == 1 and by_regions(samples, core) is None  # where it jumps is unseen
