"""Functions that stand still where they stand, though their slope is not 0: rounding hides it."""

import numpy as np
import pytest

from helpers.calculus.slopes import slopes
from helpers.calculus.stillness import most_moved, steady
from tests.calculus.slopes.test_slopes import without_complex


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# name: (f, its slope, places where f and all its neighbours are one number).
STILL = {
    "1 − cos": (lambda x: 1 - np.cos(x), np.sin, [1e-8, -1e-10, 3e-20]),
    "√(1 + x²) − 1": (lambda x: np.sqrt(1 + x * x) - 1, lambda x: x / np.sqrt(1 + x * x),
                      [1e-8, -2e-12]),
    "eˣ − 1": (lambda x: np.exp(x) - 1, np.exp, [1e-17, -1e-30]),
    "log(1 + x)": (lambda x: np.log(1 + x), lambda x: 1 / (1 + x), [1e-17, 2e-40]),
    "1 − e^−x²": (lambda x: 1 - np.exp(-x * x), lambda x: 2 * x * np.exp(-x * x), [1e-9, -1e-8]),
    "log(1 + eˣ)": (lambda x: np.log(1 + np.exp(x)), sigmoid, [-36.0, -38, -50]),
    "1 − tanh²": (lambda x: 1 - np.tanh(x)**2, lambda x: -2 * np.tanh(x) / np.cosh(x)**2,
                  [18.0, -19, 20]),
    "1 − σ": (lambda x: 1 - sigmoid(x), lambda x: -sigmoid(x) * sigmoid(-x), [36.0, 38, 40]),
    "log σ": (lambda x: np.log(sigmoid(x)), lambda x: sigmoid(-x), [36.0, 38, 40]),
    "beside a million": (lambda x: (1e6 + x * x) - 1e6, lambda x: 2 * x, [1e-6, -3e-7]),
    "beside 10¹⁶": (lambda x: (x + 1e16) - 1e16, np.ones_like, [1.0, 2.0, 1000.0]),
}
PLACES = [(name, x) for name, (*_, places) in STILL.items() for x in places]


@pytest.mark.parametrize(("name", "x"), PLACES)
def test_a_complex_step_is_not_contradicted_by_what_stands_still(name, x):
    f, slope, _ = STILL[name]
    with np.errstate(all="ignore"):
        alone, beside = slopes(f, np.array([x])), slopes(f, np.array([x, 0.7 if x < 1 else x / 2]))
    wanted = slope(np.array(float(x)))
    for found in (alone, beside):
        assert found.J[0, 0] == pytest.approx(wanted, rel=1e-6, abs=0)
        assert abs(found.J[0, 0] - wanted) <= 5 * found.error[0, 0] + 1e-15 * abs(wanted)
    assert alone.exact and not alone.kinks
    assert any("by a complex step alone" in one for one in alone.troubles)


@pytest.mark.parametrize(("name", "x"), [(name, x) for name, x in PLACES
                                         if abs(x) < 1e-4 and name != "beside a million"])
def test_without_one_steps_of_size_1_tell_it_as_far_as_they_can(name, x):
    f, slope, _ = STILL[name]
    found = slopes(without_complex(f), np.array([x]))
    wanted = slope(np.array(x))
    assert abs(found.J[0, 0] - wanted) <= 5 * found.error[0, 0] and found.error[0, 0] < 1e-11
    assert found.method == "central differences"
    assert not any("finite slope" in one for one in found.troubles)


@pytest.mark.parametrize("f", [
    lambda x: np.maximum(x, 0), lambda x: np.floor(x / 8), lambda x: np.clip(x, 0, 1),
    lambda x: np.where(x < 0, 0 * x, x), lambda x: x / np.abs(x),
    lambda x: np.exp(x) / np.exp(x), lambda x: x.astype(int) // 9.0])
@pytest.mark.parametrize("x", [[-3.0, -4.0], [-1.7e-9, -3.2e-9]])
def test_what_is_flat_stays_flat(f, x):
    exact, by_differences = slopes(f, np.array(x)), slopes(without_complex(f), np.array(x))
    assert (np.abs(exact.J) <= exact.error).all() and not by_differences.J.any()
    for found in (exact, by_differences):
        assert not found.kinks and not found.troubles


@pytest.mark.parametrize("x", [[0.5, 1e-8], [0.5, 0.25, -3e-9], [[1.0, 2e-8], [1e-9, -2.0]]])
def test_each_output_may_stand_still_for_itself(x):
    found = slopes(lambda x: 1 - np.cos(x), np.array(x))
    n = np.size(x)
    np.testing.assert_allclose(found.J.reshape(n, n), np.diag(np.sin(x).ravel()), rtol=1e-9,
                               atol=1e-20)
    assert found.exact and found.method == "complex step"


@pytest.mark.parametrize("at", [[1e-8], [1e-8, 0.7], [-1e-12, 2e-12]])
def test_where_a_complex_step_stands_still_too_steps_of_size_1_tell(at):
    """sin x / x is 1 there, and (x + ih) / (x + ih) as well; its slope is about −x/3."""
    found = slopes(lambda x: np.sin(x) / x, np.array(at))
    off = np.abs(np.diag(found.J) + np.array(at) / 3)[np.abs(at) < 1e-3]
    assert (off <= 5 * np.diag(found.error)[:off.size]).all() and (off < 1e-13).all()
    assert found.method.endswith("central differences") and not found.kinks


def test_steps_over_many_periods_are_not_believed():
    """sin x / x at a billion: of 12 inputs at 50 places, all but one in a hundred are right."""
    missed = 0
    for seed in range(50):
        x = np.random.default_rng(seed).normal(size=12) * 1e9
        found = slopes(lambda x: np.sin(x) / x, x)
        wanted = (x * np.cos(x) - np.sin(x)) / x**2
        off = np.abs(np.diag(found.J) - wanted)
        missed += np.sum(off > 5 * np.diag(found.error) + 1e-6 * np.abs(wanted))
    assert missed <= 6


def look(f, x):
    """As much of a `Look` as is asked for."""
    x = np.array(x)
    return type("Look", (), {"x": x, "f": staticmethod(f), "at": staticmethod(f), "here": f(x),
                             "sizes": np.ones(x.shape)})


def test_a_rounding_that_changes_with_x_is_no_slope():
    def f(x):
        return np.array([x[0] + 1e16, np.exp(x[0]) / np.exp(x[0]), 3 * x[0]])

    one = look(f, [0.3])
    noise = np.array([1.0, 1e-17, 2.0])
    assert steady(one, np.array([1.0]), noise).tolist() == [True, False, False]
    assert steady(look(lambda x: np.abs(x) if np.isrealobj(x) else None, [0.3]), np.array([1.0]),
                  np.ones(1)).tolist() == [False]


def test_how_far_a_function_moves_and_where_it_refuses():
    one = look(lambda x: np.array([x[0], np.minimum(x[0], 3), 7.0]), [2.0])
    assert most_moved(one, np.array([0.5])).tolist() == [128, 128, 0]  # 64 times as wide as x
    assert most_moved(one, np.array([-1e-9])).tolist() == [128, 128, 0]
    small = look(lambda x: x, [1e-9, 4.0])
    assert most_moved(small, np.array([1e-9, 0])).tolist() == [64, 0]

    def refuses(x):
        if x[0] != 2:
            raise ValueError("only at 2")
        return x

    assert most_moved(look(refuses, [2.0]), np.array([1.0])).tolist() == [0]


def test_a_slope_at_a_tie_alone_is_none():
    """x where it is the least, else 0: at 0 all are, and a complex step finds the slope 1."""
    found = slopes(lambda x: x * (x == x.min()), np.zeros(5))
    np.testing.assert_allclose(found.J, 0.5 * np.eye(5), atol=1e-9)  # 1 to the left, 0 to the right
    assert len(found.kinks) == 5 and not found.exact


@pytest.mark.parametrize("scale", [1e-10, 1e-9])
def test_a_unit_beside_its_kink_has_one_of_its_two_slopes(scale):
    """Steps of size 1 would see the mean of both: half of the slope of a unit that is off."""
    x = np.array([-1e-8, 1e-8, -3e-7])
    found = slopes(lambda x: scale * np.maximum(x, 0), x)
    np.testing.assert_array_equal(found.J, np.diag([0, scale, 0]))
    alone = slopes(without_complex(lambda x: scale * np.maximum(x, 0)), x)
    np.testing.assert_allclose(alone.J, np.diag([0, scale, 0]), atol=1e-9 * scale)
