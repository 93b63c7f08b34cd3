"""The words that lines are made of: which there are for a function, and that each is what it says.

A word may add up nothing along an axis of the input whose entries never meet in f.
"""

from itertools import product

import numpy as np
import pytest

from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.naming.vocabulary import Vocabulary
from helpers.calculus.discover.ties import Pattern

random = np.random.default_rng(5)
A, B, S = (random.standard_normal(shape) for shape in ((2, 3), (4, 5), (3, 3)))
v, w = random.standard_normal((2, 4))


def vocabulary(shape, outer="ab", inner="cd", Y=None, **known):
    """The words of a function of X; an axis with a letter of Y is tied to that axis of Y."""
    X = random.standard_normal((2, *shape))
    samples = [{"X": x, **known, **({"Y": Y(x)} if Y else {})} for x in X]
    return Vocabulary(Names(samples, input_name="X", output_name="Y"),
                      Pattern(tuple(outer), tuple(inner)))


def at_first(words, text):
    return eval(text, {"np": np, **words.names.samples[0]})


def test_every_product_of_two_matrices_is_said_and_with_the_input_once():
    words = vocabulary((3, 4), A=A, B=B, S=S, v=v, Y=np.tanh)
    shapes = dict(words.matrices)
    assert set(shapes) == {"X", "X.T", "A", "A.T", "B", "B.T", "S", "S.T", "v"}
    made = [at_first(words, text) for text in words.products]
    for a, b in product(shapes, repeat=2):
        if shapes[a][-1] == shapes[b][0]:
            right = at_first(words, f"{a} @ {b}")
            both = (right,) if np.array_equal(right, right.T) else (right, right.T)
            count = sum(one.shape == found.shape and np.allclose(one, found)
                        for one in both for found in made)
            assert count == 1 if "X" in a + b else count >= 1, (a, b)
    assert "X @ B" in words.products and "B.T @ X.T" not in words.products


def test_no_product_adds_up_along_an_axis_that_never_meets():
    tied = vocabulary((3, 4), outer="cb", A=A, B=B, S=S, Y=np.tanh)
    assert [text for text in tied.products if "X" in text] == ["X @ B"]
    assert tied.longer == [] and tied.doubled == []
    other = vocabulary((3, 4), outer="ad", A=A, B=B, S=S)
    assert [text for text in other.products if "X" in text] == ["A @ X", "S @ X", "S.T @ X"]


def test_products_of_three():
    words = vocabulary((3, 4), A=A, B=B, Y=np.tanh)
    assert words.longer == ["A @ X @ B", "B.T @ X.T @ A.T"]
    words = vocabulary((3, 3), S=S, outer="ab")
    middle = [text for text in words.longer if "(" not in text]
    assert middle == [f"{a} @ {x} @ {b}" for x in ("X", "X.T") for a in ("S", "S.T")
                      for b in ("S", "S.T")]
    assert [text for text in words.longer if "(" in text] == [
        "S @ (X - S)", "(X - S) @ S", "S.T @ (X - S)", "(X - S) @ S.T"]
    words = vocabulary((4,), outer="a", inner="c", B=B, w=w)
    assert words.longer == ["B.T @ (X - w)"]


def test_a_square_matrix_and_its_transpose_meet():
    words = vocabulary((3, 4), A=A, B=B, S=S)
    assert words.twice == ["(S + S.T)"] and words.doubled == ["(S + S.T) @ X"]
    assert vocabulary((3, 3), S=S).doubled == ["X @ (S + S.T)", "(S + S.T) @ X"]
    assert vocabulary((3, 3), one=np.ones((1, 1))).twice == []


@pytest.mark.parametrize("shape, outer, inner, axes", [
    ((3, 4), "ab", "cd", (-2, -1)), ((3, 4), "cb", "cd", (-1,)), ((3, 4), "ad", "cd", (-2,)),
    ((4,), "a", "c", (-1,)), ((4,), "c", "c", ()), ((2, 3, 4), "ae", "cde", (-3, -2))])
def test_what_is_said_along_the_axes_where_entries_meet(shape, outer, inner, axes):
    words = vocabulary(shape, outer, inner, Y=lambda X: X.sum(0), B=B)
    assert words.free("X") == list(axes) and words.free("B") == [-2, -1]
    assert words.centred == [f"(X - X.mean({axis}, keepdims=True))" for axis in axes]
    largest = [at_first(words, text) for text in words.winners() if "max" in text]
    chosen = [tuple(axes[i] for i in range(len(axes)) if k >> i & 1)
              for k in range(1, 2 ** len(axes))]
    X = words.names.samples[0]["X"]
    assert len(largest) == len(chosen)
    for one in chosen:
        assert any(np.array_equal(X == X.max(one, keepdims=True), found) for found in largest)


@pytest.mark.parametrize("shape, outer, inner, ways", [
    ((3, 4), "ab", "cd", (0, 1)), ((3, 4), "cb", "cd", (1,)), ((3, 4), "ad", "cd", (0,)),
    ((4,), "a", "c", (0,)), ((4,), "c", "c", ()), ((2, 3, 4), "ab", "cde", ()),
    ((3, 1), "ab", "cd", (0,))])
def test_products_of_all_entries_but_one(shape, outer, inner, ways):
    words = vocabulary(shape, outer, inner, Y=np.tanh)
    X = words.names.samples[0]["X"]
    made = [at_first(words, text) for text in words.without_one() if "cumprod" not in text]
    assert len(made) == len(ways)
    for axis in ways:
        right = X.prod(axis, keepdims=True) / X
        assert any(np.allclose(found, right) for found in made)


def test_labels_as_masks():
    words = vocabulary((3, 4), label=np.array([0.0, 2, 3]), low=np.array([-1.0, 2, 1]),
                       part=np.array([0.5, 1, 0]), large=np.array([0.0, 1, 4]))
    assert list(words.one_hots()) == ["(label[:, None] == np.arange(4))"]
    assert list(vocabulary((3,), "a", "c", label=np.array([0.0, 2, 1])).one_hots()) == [
        "(label[:, None] == np.arange(3))"]


def test_arrays_beside_the_input_and_the_output():
    words = vocabulary((3, 4), Y=lambda X: X.sum(0), H=np.ones((3, 4)), v=v, A=A, s=np.array(2.0))
    assert words.alike == ["H", "v"] and words.varying == {"X", "Y"}
    assert words.same_shape("X") == ["X", "H"] and words.same_shape("A.T") == []
    assert words.varies("A @ X") and words.varies("Y") and not words.varies("A @ H")
    assert list(words.of_output()) == ["(1 - Y**2)", "(Y > 0)", "(1 - Y)", "Y**2"]
    assert list(vocabulary((3, 4)).of_output()) == []


def test_the_softmaxes_of_a_value():
    for shape, outer, axes in (((3, 4), "ab", (-2, -1)), ((3, 4), "cb", (-1,)),
                               ((1, 4), "ab", (-1,))):
        words = vocabulary(shape, outer)
        X, made = words.names.samples[0]["X"], [at_first(words, t) for t in words.softmaxes("X")]
        right = [np.exp(k * X) / np.exp(k * X).sum(axis, keepdims=True) for axis in axes
                 for k in (1, 0.5, 2, 0.5)]  # 1 / √4
        right += [X - np.log(np.exp(X).sum(axis, keepdims=True)) for axis in axes]
        right += [np.exp(X) / np.exp(X).sum()] * (len(axes) == 2)
        assert len(made) == len(right)
        assert all(any(np.allclose(one, found) for found in made) for one in right)


def test_a_value_goes_back_through_the_known_side_of_a_product():
    words = vocabulary((3, 4), A=A, B=B, v=v)
    assert words.back("g", "X", "B") == "g @ B.T" and words.back("g", "A", "X") == "A.T @ g"
    assert words.back("a + b", "X", "B.T") == "(a + b) @ B"
    assert words.back("g", "A.T", "X") == "A @ g"
    assert words.back("g", "X", "v") is None and words.back("g", "v", "X") is None


def test_inverses_are_of_square_values_alone():
    words = vocabulary((3, 4), A=A, S=S)
    assert {"np.linalg.inv(S)", "A @ np.linalg.inv(S)", "np.linalg.inv(S) @ X",
            "np.linalg.inv(S) @ np.linalg.inv(S)", "np.linalg.det(S)"} <= {*words.inverses}
    assert not any("inv(A)" in text or "inv(X)" in text for text in words.inverses)
    assert vocabulary((1, 1)).inverses == [] and vocabulary((3,), "a", "c").inverses == []


def test_values_are_moved_and_scaled_by_known_arrays():
    words = vocabulary((3, 4), A=A, v=v, s=np.array(2.0), row=np.ones((1, 4)), Y=np.tanh)
    made = list(words.differences(["X", "Y", "v", "A", "s", "row", "A @ X", "no_such_name"]))
    assert made == [text for z, known in (("X", "v s row"), ("A @ X", "v s row"))
                    for k in known.split() for text in (f"({z} - {k})", f"({z} + {k})",
                                                        f"({z if z == 'X' else '(A @ X)'} * {k})")]
    assert list(words.differences(["v", "s", "A"])) == []  # nothing of them varies


def test_functions_of_a_product_are_taken_back_through_its_matrix():
    words = vocabulary((3, 4), B=B, H=np.ones((3, 5)))
    pulled = words.pulled
    assert {"np.tanh((X @ B)) @ B.T", "((X @ B) > 0) @ B.T", "(X @ B) @ B.T", "H @ B.T",
            "np.exp((X @ B) - np.logaddexp.reduce((X @ B), -1, keepdims=True)) @ B.T"} <= {*pulled}
    assert all(at_first(words, text).shape == (3, 4) for text in pulled
               if text.endswith("(X @ B)) @ B.T"))
    assert vocabulary((3, 4), C=np.ones((2, 2))).pulled == []


def test_a_piece_beside_the_input_is_tied_as_the_input_is():
    X = random.standard_normal((2, 2, 3, 4))
    names = Names([{"X": x, "Z": z, "B": B} for x, z in X], input_name="X", output_name="Y")
    words = Vocabulary(names, Pattern(("c", "b"), ("c", "d")))
    assert words.free("X") == words.free("Z") == [-1] and words.free("B") == [-2, -1]
    assert words.allowed("Z", "cd") and not words.allowed("Z", "dc") and words.allowed("B", "cd")
