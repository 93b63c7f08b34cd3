"""Mistakes that any gradient can suffer: each is what its name says, of a gradient by hand."""

import numpy as np
import pytest

from helpers.calculus.mistakes import REMEDY, Mistake, generic, rounded, transposed

G, W = np.array([[1.0, -2.0], [0.5, 4.0], [3.0, 0.25]]), np.array([[2.0, -1.0], [3.0, 1.5]])


def right(G, W):
    """G Wᵀ, (3, 2)."""
    return G @ W.T


def found(rows, name, *arguments):
    (one,) = [row for row in rows if row.name == name]
    return one.formula(*arguments)


def test_what_goes_wrong_with_a_gradient_that_has_another_upstream():
    rows, T = generic(right, ("G", "W")), G @ W.T
    wrong = {"sign": -T, "factor 2": 2 * T, "factor ½": T / 2, "lost transpose": T.T,
             "upstream forgotten": np.ones((3, 2)) @ W.T, "local gradient forgotten": G,
             "mean for sum": T / 3, "factor N": 3 * T}
    for name, answer in wrong.items():
        np.testing.assert_array_equal(found(rows, name, G, W), answer)
    assert [row.name for row in rows] == [*wrong, *["rounding"] * 9]
    for digits, row in enumerate(rows[-9:]):
        np.testing.assert_array_equal(row.formula(G / 7, W), np.round(T / 7, digits))
    assert all(row.sentence == f"{row.name}: {REMEDY[row.name]}" for row in rows)


def test_without_an_upstream_gradient_none_is_forgotten():
    rows = generic(right, ("X", "W"))
    assert [row.name for row in rows] == ["sign", "factor 2", "factor ½", "lost transpose",
                                          *["rounding"] * 9]
    again = generic(lambda W, dY: W @ dY, ("W", "dY"), upstream=("dY",))
    np.testing.assert_array_equal(found(again, "local gradient forgotten", W, G.T), G.T)
    np.testing.assert_array_equal(found(again, "upstream forgotten", W, G.T), W @ np.ones((2, 3)))
    np.testing.assert_array_equal(found(again, "factor N", W, G.T), 2 * (W @ G.T))
    alone = generic(lambda G, x: G * x, ("G", "x"))
    assert found(alone, "mean for sum", 3.0, 4.0) == found(alone, "factor N", 3.0, 4.0) == 12


def test_rounding_that_leaves_nothing_is_no_mistake():
    assert rounded(lambda x: x, 1)(np.array([0.04, 0.26])).tolist() == [0, 0.3]
    with pytest.raises(ValueError, match="nothing left"):
        rounded(lambda x: x, 1)(np.array([0.04, -0.03]))


def test_axes_are_exchanged_where_there_are_two_and_a_shape_is_read_backwards():
    np.testing.assert_array_equal(transposed(G, False), G.T)
    assert transposed(np.zeros((2, 3, 4)), True).shape == (4, 3, 2)
    assert transposed(np.array([3, 2, 5]), True).tolist() == [5, 2, 3]
    for nothing, is_shape in ((np.ones(3), False), (np.array(1.0), True)):
        with pytest.raises(ValueError, match="nothing to transpose"):
            transposed(nothing, is_shape)
    shapes = generic(lambda X: np.array([3, 2]), ("X",), shape_asked=True)
    assert found(shapes, "lost transpose", G).tolist() == [2, 3]


def test_a_mistake_says_where_it_is_and_what_to_do():
    assert Mistake("sign", None, output="dW").sentence == f"sign in dW: {REMEDY['sign']}"
    assert Mistake("sign", None, "Look again.").sentence == "sign: Look again."
