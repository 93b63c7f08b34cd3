"""Where an input is nan or infinite nobody is called wrong for what only inf − inf can be."""

import numpy as np
import pytest

from helpers import OPERATIONS, check_gradients
from helpers.calculus.doctor.judge import judged
from helpers.calculus.doctor.measure import Wanted
from tests.amount import SOAK

X = np.array([[0.5, -1.0, 2.0], [1.0, np.inf, 0.0]])


SPECIAL = [np.nan, np.inf, -np.inf]


@pytest.mark.parametrize(("name", "bad"), [
    (name, bad) for row, name in enumerate(OPERATIONS)
    for bad in (SPECIAL if SOAK else SPECIAL[row % 3:][:1])])
def test_no_row_is_called_wrong_where_one_number_is_not_finite(name, bad):
    """All three in a soak, else one of them a row."""
    op = OPERATIONS[name]
    inputs, parameters = op.example(np.random.default_rng(0))
    for place, value in enumerate(inputs):
        if value.size:
            moved = [np.array(one, float) for one in inputs]
            moved[place].flat[value.size // 2] = bad
            for check in check_gradients(op, *moved, **parameters):
                assert "wrong" not in check.verdict, (op.inputs[place], check.verdict)


def softmax(X):
    E = np.exp(X - X.max(-1, keepdims=True))
    return E / E.sum(-1, keepdims=True)


def softmax_back(G, X):
    """With the whole Jacobian, as it is printed."""
    Y = softmax(X)
    return Y * (G - (G * Y).sum(-1, keepdims=True))


def test_one_s_own_function_is_not_judged_at_an_infinity_right_or_wrong():
    for sign in (1, -1):
        check, = check_gradients(softmax, lambda G, X, sign=sign: sign * softmax_back(G, X), X)
        assert not check.passed
        assert check.verdict == "not judged: no finite slope of forward was found here."


def wanted(value):
    """A gradient of two entries by one output, known to the last digit."""
    value, zero = np.array(value), np.zeros(2)
    return Wanted((2,), np.arange(2), value, zero, value, value, value[None], np.ones(1))


def test_what_is_not_finite_beside_such_an_input_is_left_out():
    got, infinite = np.array([1.0, np.nan]), [np.array([1.0, np.inf])]
    assert judged("dX", got, wanted([1.0, 2.0]), 0.0).verdict == (
        "wrong: dX[1] is nan, but should be 2.0000.")
    part = judged("dX", got, wanted([1.0, 2.0]), 0.0, infinite)
    assert part.right and part.blank == 1 and part.verdict == (
        "right where it is finite. 1 entry, not finite as an input is not, cannot be judged.")
    none = judged("dX", np.full(2, np.nan), wanted([1.0, 2.0]), 0.0, infinite)
    assert not none.right and none.wrong is None and none.verdict == (
        "not judged: an input is not finite, and neither is the gradient.")
    wrong = judged("dX", got, wanted([3.0, 2.0]), 0.0, infinite)
    assert wrong.verdict == "wrong: dX[0] is 1.0000, but should be 3.0000."


def test_an_entry_without_a_slope_is_not_called_right():
    """The slope of a root at 0 is infinite: whatever is given there, nobody can judge it."""
    def backward(G, X):
        return G * 0.5 / np.sqrt(np.where(X == 0, 0.25, X))

    many = "Not judged: 2 entries, the first of them dx[0, 1], where no finite slope of forward "
    for X, left in (([4.0, 0.0, 1.0], "Not judged: dx[1], where no finite slope of forward "),
                    ([[4.0, 0.0], [0.0, 1.0]], many)):
        check, = check_gradients(np.sqrt, backward, np.array(X))
        assert check.passed and check.verdict == f"right. {left}was found."
        check, = check_gradients(np.sqrt, lambda G, X: 2 * backward(G, X), np.array(X))
        assert not check.passed and check.verdict.startswith("wrong: dx[0")


def test_what_nothing_can_judge_here_is_not_called_right_here():
    """exp(709.7) is finite, and no step beside it: a wrong sign is seen at smaller numbers."""
    check, = check_gradients(np.exp, lambda G, X: -G * np.exp(X), np.array([709.7, 1.0, 2.0]))
    assert not check.passed and check.verdict.startswith("wrong: dx[0] is ")
    assert check.facts[0] == ("At your own numbers no mistake can be told; this is where each of "
                              "them is a little larger or smaller.")
