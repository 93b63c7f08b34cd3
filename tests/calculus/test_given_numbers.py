"""What is given for numbers: taken as it is, or told in one line what it is and what to do."""

from fractions import Fraction

import numpy as np
import pytest

from helpers.calculus.errors import NumberError, ShapeError
from helpers.calculus.jacobian import (
    as_array,
    as_numbers,
    checked_number,
    checked_whole,
    contract,
    numbers_of,
)

CONVERT = "Convert it, for example with np.array(…, dtype=float)."
HIDDEN = "is a masked array with hidden entries, which have no value: fill them first, as in " \
         "x.filled(0)."


class Stops:
    """Somebody's own array, which stops when NumPy reads it."""

    def __array__(self, dtype=None, copy=None):
        raise TypeError("not ready")


class Gone:
    """One that stops with something else than what lists of unequal lengths stop with."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("gone")


TEXTS = [
    ("abc", f"X must hold real numbers, but holds the text 'abc'. {CONVERT}"),
    ([1.5, "2"], f"X must hold real numbers, but holds the text '1.5'. {CONVERT}"),
    (["3", "4"], f"X must hold real numbers, but holds the text '3'. {CONVERT}"),
    (b"12", f"X must hold real numbers, but holds the text b'12'. {CONVERT}"),
    (None, "X must hold real numbers, but holds None. Give an array of floats."),
    ([1.0, None, 2], "X must hold real numbers, but holds None. Give an array of floats."),
    ([Fraction(1, 2)], "X must hold real numbers, but holds Fraction(1, 2). Give an array of "
                       "floats."),
    (np.array([1, 2], object), "X must hold real numbers, but holds 1. Give an array of floats."),
    (np.array([], object), f"X must hold real numbers, but has dtype object. {CONVERT}"),
    (np.array([], "U3"), f"X must hold real numbers, but has dtype <U3. {CONVERT}"),
    (1 + 2j, f"X must hold real numbers, but has dtype complex128. {CONVERT}"),
    (np.datetime64("2026-01-01"), f"X must hold real numbers, but has dtype datetime64[D]. "
                                  f"{CONVERT}"),
    (len, "X must hold real numbers, but is a function. Give an array; a function comes before "
          "its array."),
    ([[1, 2], [3]], "X must be numbers in rows of equal length."),
    (((1, 2), 3), "X must be numbers in rows of equal length."),
    (Stops(), "X must hold numbers, but stopped when it was read, with TypeError: not ready. "
              "Give an array."),
    (np.ma.array([1.0, 2.0], mask=[False, True]), f"X {HIDDEN}"),
    (np.ma.array([1.0, 2.0], mask=True), f"X {HIDDEN}"),
]


@pytest.mark.parametrize("given, line", TEXTS, ids=[line[2:60] for _, line in TEXTS])
def test_what_holds_no_numbers_is_told(given, line):
    with pytest.raises(NumberError) as caught:
        as_numbers(given, "X")
    assert str(caught.value) == line


def test_a_list_that_stops_in_its_own_way_is_told_with_what_it_said():
    with pytest.raises(NumberError, match=r"X must hold numbers, .* RuntimeError: gone"):
        as_array([1, Gone()], "X")


@pytest.mark.parametrize("given", [[1, 2], (True, False), np.arange(3, dtype=np.uint8), 2.5,
                                   np.float32([1, 2]), np.ma.array([1.0, 2.0], mask=False)])
def test_real_numbers_are_taken_as_floats(given):
    found = as_numbers(given, "X")
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, np.array(given))


def test_what_is_numbers_already_is_not_copied():
    X, Z = np.ones(3), np.ones(3, np.complex64)
    assert as_numbers(X, "X") is X and as_array(X, "X") is X
    assert numbers_of(X, "X") is X and numbers_of(Z, "Z") is Z
    with pytest.raises(NumberError) as caught:
        numbers_of(["1"], "Z")
    assert str(caught.value) == f"Z must hold numbers, but holds the text '1'. {CONVERT}"


def test_a_whole_number_lies_between_its_ends():
    for value, number in ((2, 2), (5, 5), (3.0, 3), (np.int8(4), 4), (np.array(2.0), 2)):
        found = checked_whole(value, "count", 2, 5)
        assert found == number and type(found) is int
    for value in (1, 6, 2.5, 4.999, np.nan, np.inf, "3", None, [3], -3, 3j):
        with pytest.raises(NumberError) as caught:
            checked_whole(value, "count", 2, 5)
        assert str(caught.value).startswith("count must be a whole number from 2 to 5, not ")
    with pytest.raises(NumberError, match="a whole number from 0 to 5,000, not 6000"):
        checked_whole(6000, "count", 0, 5000)
    assert checked_number(np.float32(0.5), "rate", "above 0", lambda x: x > 0) == 0.5
    with pytest.raises(NumberError, match=r"^rate must be above 0, not 0\.$"):
        checked_number(0, "rate", "above 0", lambda x: x > 0)


@pytest.mark.parametrize("G, J, layout, said", [
    ((2, 3), (2, 4, 3), "numerator", "the first 2 axes of J are (2, 4)"),
    ((2, 3), (4, 3, 2), "denominator", "the last 2 axes of J are (3, 2)"),
    ((2, 3), (3,), "denominator", "the last 2 axes of J are (3,)"),
    ((2, 3), (2,), "numerator", "the first 2 axes of J are (2,)"),
    ((3,), (), "denominator", "the last 1 axes of J are ()")])
def test_axes_that_do_not_fit_are_told(G, J, layout, said):
    with pytest.raises(ShapeError) as caught:
        contract(np.ones(G), np.ones(J), layout)
    assert str(caught.value) == (f"contract: G has shape {G}, but {said}. Give G the shape of Y.")


@pytest.mark.parametrize("outer, inner", [((2, 3), (4,)), ((3,), (2, 2)), ((), (3,)), ((2,), ())])
def test_a_contraction_is_the_sum_over_all_axes_of_the_output(outer, inner):
    random = np.random.default_rng(5)
    G, J = random.standard_normal(outer), random.standard_normal(outer + inner)
    right = np.zeros(inner)
    for k in np.ndindex(outer):
        right = right + G[k] * J[k]
    turned = np.moveaxis(J, range(len(outer)), range(len(inner), J.ndim))
    np.testing.assert_allclose(contract(G, J), right)
    np.testing.assert_allclose(contract(G, turned, "denominator"), right)
