"""What forward need not be given may be left out by backward, and is taken for nothing else."""

import numpy as np
import pytest

from helpers import check_gradients
from helpers.calculus.doctor.calling import along
from helpers.calculus.doctor.code import OwnCode
from helpers.calculus.doctor.forms import receivers, shorter
from helpers.calculus.errors import CodeError

random = np.random.default_rng(3)
X, A, B = random.standard_normal((3, 4, 3))
W = random.standard_normal((3, 5))


def scaled(X, W, eps=1e-5):
    return X @ W * (1 + eps)


def middle(X, eps=1e-5, W=None):
    return X @ W * (1 + eps)


def line(X, a=1.0, b=2.0):
    return X * a + b


def two(X, A=0, B=0):
    return X * A + B * B


RIGHT = {  # forward, backward, what is given by place, the inputs of the gradients
    "as forward calls them": (scaled, lambda G, X, W: (G @ W.T * 1.1, X.T @ G * 1.1), [X, W, 0.1],
                              "X W"),
    "called otherwise": (scaled, lambda G, p, q: (G @ q.T * 1.1, p.T @ G * 1.1), [X, W, 0.1],
                         "X W"),
    "G last": (scaled, lambda p, q, dout: (dout @ q.T * 1.1, p.T @ dout * 1.1), [X, W, 0.1],
               "X W"),
    "in the middle": (middle, lambda G, p, q: (G @ q.T * 1.1, p.T @ G * 1.1), [X, 0.1, W], "X W"),
    "one number of two": (line, lambda G, X, b: (G * 3, G.sum()), [X, 3.0, 5.0], "X b"),
    "the other one, called otherwise": (two, lambda G, X, Q: (G * A, 2 * Q * G), [X, A, B], "X B"),
    "another default": (lambda X, eps=1e-5: X * eps, lambda G, X, epsilon=1e-5: G * epsilon,
                        [X, 0.3], "X"),
    "a loss": (lambda x, eps=1e-5: np.sum(x**2) * eps, lambda q: 2 * q * 0.3, [X, 0.3], "x"),
}


@pytest.mark.parametrize("forward, backward, given, names", RIGHT.values(), ids=RIGHT)
def test_what_is_left_out_is_found_by_the_slopes(forward, backward, given, names):
    checks = check_gradients(forward, backward, *given)
    assert [check.wrt for check in checks] == names.split() and checks.passed, checks


def test_a_number_is_not_taken_for_an_array_that_backward_was_not_given():
    """Two gradients, of X and s: b is an array too, but backward does not take it."""
    checks = check_gradients(lambda X, s, eps=1e-5, b=0: X * s + eps * 0 + b,
                             lambda G, X, s: (G * s, np.sum(G * X)), X, 2.0, 0.1, np.ones(3))
    assert [check.wrt for check in checks] == ["X", "s"] and checks.passed, checks
    shapes = {"X": (4, 3), "s": (), "eps": (), "b": (3,)}
    for part, other in ((np.ones(()), "s"), (np.ones(3), "b"), (np.ones(7), "b")):
        assert receivers([X, part], [*shapes], [*shapes], shapes, {}, ["X", "s"]) == ["X", other]


def test_what_cannot_be_told_is_said():
    """Of a wrong gradient no call gives the slopes, and two are as likely."""
    with pytest.raises(CodeError, match=r"^backward takes \(G, X, c\): which of X, a, b it wants "
                       r"cannot be told\. Call its parameters as those of forward\.$"):
        check_gradients(line, lambda G, X, c: G * c * 7, X, 3.0, 5.0)
    wrong, = check_gradients(scaled, lambda G, p, q: 2 * G @ q.T, X, W, 0.1)
    assert not wrong.passed and wrong.wrt == "X"  # one call alone is possible


def test_nothing_is_left_out_where_all_is_wanted():
    def backward(G, X, W, *rest):
        return G

    assert shorter(backward, ["X", "W"], ["W"], 0, False) == []
    assert shorter(lambda G, X: G, ["X", "W"], ["W"], 1, False) == []
    assert shorter(lambda G, X: G, ["X", "W"], [], 0, False) == []
    assert shorter(lambda G, X, W: G, ["X", "W"], ["W"], 0, False) == [
        ("G", ("argument", 0), ("argument", 1))]
    assert shorter(lambda x: x, ["X", "e"], ["e"], 0, True) == [(("argument", 0),)]


def test_along_a_line_the_inputs_without_a_gradient_stand_still():
    mine = OwnCode(lambda X, W: X @ W, lambda G, X, W: {"dX": G @ W.T}, [X, W], {})
    assert along(mine, np.random.default_rng(0))
