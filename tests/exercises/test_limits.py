"""Where right ends: how far off an answer may be, and what is said of one just beyond."""

from fractions import Fraction

import numpy as np
import pytest

from helpers.exercises import EXERCISES
from helpers.exercises.diagnosis import alike, first_wrong, is_right
from helpers.exercises.guard import Outcome
from helpers.exercises.judge import kind, told_apart, uncallable, wrong

F4 = np.float32


@pytest.mark.parametrize(("want", "most"), [
    (0.0, 1e-9), (0.5, 1e-9), (1.0, 1e-9), (100.0, 1e-7), (-100.0, 1e-7), (1000.0, 1e-6),
    (-1e6, 1e-6)])
def test_rounding_of_float64_is_a_billionth_and_at_most_a_millionth(want, most):
    for sign in (1, -1):
        assert is_right(np.array(want + sign * 0.99 * most), np.array(want))
        assert not is_right(np.array(want + sign * 1.01 * most), np.array(want))


@pytest.mark.parametrize("want", [0.3, 1.0, -100.0, 5e4])
@pytest.mark.parametrize("dtype", [np.float16, F4, float])
def test_numbers_of_float32_are_right_to_five_digits_in_a_list_too(dtype, want):
    """Of what is in a list only the numbers tell that they come from float32."""
    got = np.array([F4(0.1), F4(want)], dtype)
    size = 1e-5 * max(1, abs(want))
    for sign in (1, -1):
        move = np.array([0, sign * size])
        assert is_right(got, got.astype(float) + 0.99 * move)
        assert not is_right(got, got.astype(float) + 1.02 * move)


def test_whole_numbers_and_one_long_number_are_not_of_float32():
    for got in (np.array([3, 4]), np.array([3.0, 4.0]), np.array([0.1, F4(0.1)]), np.array([])):
        assert is_right(got, got + 0.9e-9)
        assert not len(got) or not is_right(got, got + 5e-6)
    assert is_right(np.array([True, False]), np.array([1.0, 0.0]))
    assert not is_right(np.array([True, False]), np.array([1.0, 5e-6]))


def test_shape_nan_and_infinity_are_never_right_but_alike():
    one, odd = np.ones(3), np.array([1, np.nan, np.inf])
    assert not is_right(np.ones((1, 3)), one) and not is_right(odd, odd)
    assert first_wrong(np.array([[1, 2], [3, 4]]), np.array([[1.0, 2], [0, 0]])) == (1, 0)
    assert first_wrong(odd, odd) == (1,) and first_wrong(one, one) is None
    assert alike(odd, odd) and not alike(odd, odd[::-1]) and not alike(np.ones((1, 3)), one)
    for want, most in ((0.0, 1e-9), (1.0, 2e-9), (1000.0, 1.001e-6)):
        assert alike(np.array(want + 0.99 * most), np.array(want))
        assert not alike(np.array(want + 1.01 * most), np.array(want))
        assert alike(F4(0.5), np.array(0.5 + 0.99 * 1.5e-5))
        assert not alike(F4(0.5), np.array(0.5 + 1.01 * 1.5e-5))


def off(size, most=4):
    """The name of a right answer that is off by so much, in the first case in so many of four."""
    def wrong(G, X):
        dX = G * (X > 0)
        for place in list(map(tuple, np.argwhere(X > 0)))[:most if G.shape == (3, 4) else 0]:
            dX[place] += size * (1 + abs(dX[place]))
        return dX

    return EXERCISES["relu_backward"].check(wrong).mistake


def test_right_to_three_digits_nearly_everywhere_is_rounding():
    assert off(0.99e-3) == off(-0.99e-3) == off(0.99e-3, 3) == "rounding"
    assert off(1.01e-3) == off(-1.01e-3) == off(0.99e-3, 2) == ""
    assert EXERCISES["affine_backward"].check(
        lambda G, X, W: (1.0005 * G @ W.T, X.T @ G, G.sum(0))).mistake == "rounding"
    assert EXERCISES["sgd_by_hand"].check(0.8001).mistake == ""


@pytest.mark.parametrize(("mine", "theirs", "told"), [
    (1, 2, ("1.0000", "2.0000")), (-0.5, 0.5, ("−0.5000", "0.5000")),
    (1.00004, 1, ("1.00004", "1.00000")), (1 + 3e-15, 1, ("1.000000000000003",
                                                         "1.000000000000000")),
    (2e-16, 1e-16, ("0.0000000000000002", "0.0000000000000001")),
    (0.25, 0.25, ("0.2500000000000000", "0.2500000000000000")),
    (np.nan, 0, ("nan", "0.0000")), (np.inf, 1, ("∞", "1.0000")), (-np.inf, 1, ("−∞", "1.0000")),
    (999_999_999_999, 1, ("999999999999.0000", "1.0000")),
    (1e12, 1, ("1e+12", "1.0000")), (-2.34567e300, -800, ("−2.346e+300", "−800.0000"))])
def test_two_numbers_are_shown_with_the_decimals_that_tell_them_apart(mine, theirs, told):
    assert told_apart(mine, theirs) == told


def test_shapes_of_predictions_in_words():
    assert [kind(shape) for shape in ((), (3,), (2, 2))] == [
        "one number", "a tuple of 3", "an array of shape (2, 2)"]
    assert repr(EXERCISES["sgd_by_hand"].check((1, 2))) == (
        "not yet: w must be one number, but yours is a tuple of 2.")
    assert repr(EXERCISES["jacobian_shapes"].check((1, 2))) == (
        "not yet: give 3 values, dy_dx, dz_dy, dz_dx, but yours has 2.")
    assert repr(EXERCISES["sum_tensor"].check(((5, 5, 4), 15))) == (
        "not yet: shape is not (5, 5, 4).")


def columns(name, wrong):
    """What is said of the column behind the first wrong entry."""
    return repr(EXERCISES[name].check(wrong)).splitlines()[1]


def test_of_a_column_four_entries_are_shown_and_the_others_counted():
    """With the formula of each: ∂Y[n, k]/∂b[k] = 1 in every row n, and so on."""
    ones = "Jacobian column: " + ", ".join(f"∂Y[{n}, 0]/∂b[0] = 1.0000" for n in range(3))
    assert columns("bias_backward", lambda G: -G.sum(0)) == f"{ones}, the other 12 are 0"
    late = "Jacobian column: " + ", ".join(f"∂Y[{n}, 0]/∂b[0] = 1.0000" for n in range(4))
    assert columns("bias_backward", lambda G: G.sum(0) * (len(G) < 5)) == (
        f"{late}, 1 more, the other 10 are 0")
    assert columns("relu_backward", lambda G, X: G * (X > 0) + 9 * (X < 0)) == (
        "Jacobian column: all 12 are 0")
    said = columns("smoothed_backward", lambda Z, labels, share: 0 * Z)
    assert said.startswith("Jacobian column: ∂L/∂Z[0, 0] = ") and said.count(",") == 1


def test_of_several_outputs_the_first_wrong_one_is_shown_beside_the_right():
    def pair(answer):
        return EXERCISES["mul_back"].check(answer).pair

    yours, right = pair(lambda G, a, b: (G * b, G * b))
    G, a, b = EXERCISES["mul_back"].cases()[0]
    assert (yours, right) == (G * b, G * a)
    assert pair(lambda G, a, b: (a, G * a)) == (a, G * b)
    for answer in (lambda G, a, b: (np.ones(2), a), lambda G, a, b: ("x", a),
                   lambda G, a, b: 1 / 0, lambda G, a, b: (G * b, G * a), lambda G, a, b: G):
        assert pair(answer) == ()


def test_a_call_that_is_stopped_or_fails_late_is_told_where_it_failed():
    """The numbers of earlier calls are no reason to name a mistake when a later one never ended."""
    def late(rest):
        def wrong(G, X):
            return G if len(G) == 3 and G.shape[1] == 4 else rest(G, X)
        return wrong

    said = EXERCISES["relu_backward"].check(late(lambda G, X: G))
    assert said.mistake == "mask forgotten"
    said = EXERCISES["relu_backward"].check(late(lambda G, X: G * (X > 0)))
    assert said.mistake == "" and said.text.startswith("not yet: dX[0, ")
    said = EXERCISES["relu_backward"].check(late(lambda G, X: [][0]))
    assert said.mistake == "" and "dX[0, " in said.text


def test_what_is_no_complaint_is_an_empty_text():
    relu = EXERCISES["relu_backward"]
    (G, X), *_ = relu.cases()
    assert uncallable(relu, lambda G, X: G) == uncallable(relu, lambda *_: G) == ""
    assert uncallable(relu, lambda G, X, more=1: G) == uncallable(relu, max) == ""
    assert wrong(relu, (G, X), Outcome(), [G * (X > 0)], [G * (X > 0)]) == ""
    assert relu.check(lambda G, X: G) == relu.check(lambda G, X: +G) != relu.check(lambda G, X: X)


@pytest.mark.parametrize(("value", "says"), [
    (np.array(3.0), "return 3 values, dX, dW, db, but yours is one ndarray."),
    (np.ones((2, 2)), "return 3 values, dX, dW, db, but yours has 2."),
    ({"dX": 1}, "return 3 values, dX, dW, db, but yours is one dict."),
    ([], "return 3 values, dX, dW, db, but yours has 0."),
    ((..., 1, 2), "dX is still to do."),
    ((None, 1, 2), "dX is None."), (("x", 1, 2), "dX must be made of numbers, but is of type str."),
    (([[1], [2, 3]], 1, 2), "dX must be made of numbers, but is of type list."),
    ((np.array([]), 1, 2), "dX has shape (0,), but should have (3, 2) with G (3, 5), X (3, 2), "
     "W (2, 5)"),
    ((np.array(["x"]), 1, 2), "dX must be made of numbers, but is of type ndarray (<U1).")])
def test_what_is_no_number_is_told_output_by_output(value, says):
    said = EXERCISES["affine_backward"].check(lambda G, X, W: value)
    assert said.text.splitlines()[0] == f"not yet: {says}"


def test_fractions_are_numbers_and_a_wrong_one_is_shown_as_it_was_typed():
    check = EXERCISES["sgd_by_hand"].check
    assert check(Fraction(4, 5)).right and check(np.array(Fraction(4, 5), object)).right
    assert repr(check(7)) == "not yet: w is not 7."
    assert EXERCISES["norm_entries"].check([Fraction(144), Fraction(72)]).right
    assert repr(EXERCISES["predicted_change"].check((1, 2, 3))) == "not yet: dy is not (1, 2, 3)."


def test_what_a_line_prints_is_shown_with_the_verdict_on_it(capsys):
    def printing(*given):
        print("here", given[1])
        return [0 * one for one in right(*given)]

    right = EXERCISES["neuron_pass"].solved()
    said = EXERCISES["neuron_pass"].check(printing)
    assert said.text.startswith("not yet: line 1 of 8 (y = 1 / a), da is ")
    assert capsys.readouterr().out == "here 2.0\n"
