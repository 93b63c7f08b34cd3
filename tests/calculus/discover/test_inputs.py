"""What is handed over, and where it is looked at: names, refusals, points, the noise of one."""

from functools import partial

import numpy as np
import pytest

from helpers.calculus.discover import functions
from helpers.calculus.discover.functions import argument_name, input_names, named_arrays, takes
from helpers.calculus.discover.points import (
    Point,
    clear_of,
    finite,
    first_clear,
    fresh_input,
    points_at,
    trial_points,
    unchanged,
)
from helpers.calculus.discover.samples import beside, noise_in, samples_of, snapped, wanted
from helpers.calculus.errors import LessonError, NumberError, ShapeError
from helpers.calculus.slopes import slopes

random = np.random.default_rng(11)
X, W = random.standard_normal((3, 4)), random.standard_normal((4, 2))


# -- names

@pytest.mark.parametrize("f, known, name", [
    (lambda Q: Q, (), "Q"), (lambda G: G, (), "X"), (lambda np: np, (), "X"),
    (lambda D: D, (), "X"), (lambda W: W, ("W",), "X"), (lambda W: W, ("W", "X"), "Z"),
    (lambda G: G, ("X", "Z"), "A"), (lambda G: G, ("X", "Z", "A"), "input_"),
    (np.exp, (), "X"), (np.sort, (), "X"), (lambda: 1, (), "X"), (min, (), "X"),
    (partial(lambda a, b: b, 1), (), "b"), (lambda *rows: rows, (), "rows")])
def test_the_input_is_called_as_its_author_calls_it_if_a_line_can(f, known, name):
    assert argument_name(f, dict.fromkeys(known, 1.0)) == name


def test_several_inputs_have_different_names():
    assert input_names(lambda a, b, c: a, 3, {}) == ["a", "b", "c"]
    assert input_names(lambda a, b, c: a, 2, {}) == ["a", "b"]
    assert input_names(lambda *a: a, 4, {}) == ["a", "X", "W", "B"]
    assert input_names(np.hypot, 3, {"W": 1}) == ["X", *input_names(np.hypot, 3, {"W": 1})[1:]]
    assert input_names(min, 3, {"W": 1}) == ["X", "B", "C"]
    assert input_names(lambda G, np, D: 1, 3, {}) == ["X", "W", "B"]


def test_a_keyword_is_taken_or_may_be():
    assert takes(lambda X, axis=0: X, "axis") and not takes(lambda X, axis=0: X, "keepdims")
    assert takes(lambda X, **more: X, "keepdims") and takes(min, "key")
    assert functions.title(lambda X: X) == "f" and functions.title(np.tanh) == "tanh"
    assert functions.title(partial(np.sum, axis=0)) == "f"


def two(X, W, name="W", scale=1.0):
    return scale * X @ W


def test_other_arguments_stand_still():
    f, x, known, name = functions.alone(two, (X, W, "a"), {"T": 1.0}, "W", {"scale": 2.0})
    assert name == "W" and x is W and f.__name__ == "two"
    assert set(known) == {"X", "T"} and known["X"] is X
    np.testing.assert_array_equal(f(W + 1), 2 * X @ (W + 1))
    alone = functions.alone(two, (X,), {}, None, {})
    assert alone[0] is two and alone[1:] == (X, {}, "X")
    seen = []
    f, *_ = functions.alone(lambda A, B: seen.append(B) or A, (X, W), None, None, {})
    assert f(X) is X and seen[0] is not W and np.array_equal(seen[0], W)


@pytest.mark.parametrize("known, words", [
    ([1, 2], "known must say names too"), ({"a b": 1}, "cannot be called 'a b'"),
    ({"for": 1}, "cannot be called 'for'"), ({"G": 1}, "uses G for the upstream gradient dL/dY"),
    ({"np": 1}, "uses np for NumPy"), ({"zip": 1}, "uses zip for what Python means by it"),
    ({"A": "text"}, "real numbers")])
def test_known_arrays_need_names_that_a_line_can_use(known, words):
    with pytest.raises(LessonError) as caught:
        named_arrays(known)
    assert words in str(caught.value)
    assert named_arrays(None) == {} and named_arrays({"A": 1})["A"].shape == ()


# -- what is no function

def first_then(*values):
    """A function that gives one value after the other."""
    left = iter(values)
    return lambda x: next(left)


@pytest.mark.parametrize("f, error, words", [
    (first_then(np.ones(2), np.ones(3)), ShapeError, "gives shape (2,) and then (3,)"),
    (first_then(np.ones(3), np.array([1, 2.0, 1])), NumberError, "Y[1] is 1 and then 2"),
    (first_then(np.ones(3), np.array([1, 1, np.nan])), NumberError, "Y[2] is 1 and then nan"),
    (lambda x: x.astype(np.float32), NumberError, "returns float32, too few digits"),
    (lambda x: x.astype(np.float16), NumberError, "returns float16, too few digits"),
    (lambda x: np.uint8(3), NumberError, "returns whole numbers (uint8)")])
def test_what_is_no_function_of_its_input_is_refused(f, error, words):
    with pytest.raises(error) as caught:
        functions.tried(f, np.ones(3), "f")
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_function_may_have_gaps_where_it_has_them_always():
    gap = np.array([1, np.nan])
    np.testing.assert_array_equal(functions.tried(lambda x: gap, np.ones(2), "f"), gap)
    with pytest.raises(NumberError, match=r"f modifies its input: x\[1, 0\] was 5 and is 7\. Let"):
        unchanged(np.array([[1.0, 2], [7, 4]]), np.array([[1.0, 2], [5, 4]]), "f")
    unchanged(gap, gap.copy(), "f")
    with pytest.raises(NumberError, match=r"J\[0, 1\] is -inf. A derivative must be a number"):
        finite(np.array([[1.0, -np.inf]]), "J")
    finite(np.zeros((0, 3)), "J")
    finite(X, "J")


# -- points

def test_fresh_inputs_are_of_three_kinds():
    x = np.array([3.0, 5.0, -400.0])
    many = {kind: np.array([fresh_input(x, kind, random) for _ in range(300)])
            for kind in ("wide", "like", "near")}
    assert 0.7 * x.std() < many["wide"].std() < 1.3 * x.std() and many["wide"].mean() < x.std()
    assert many["like"].min() >= -400.001 and many["like"].max() < 5.001
    assert np.ptp(many["like"][:, 0]) > 350
    share = many["near"] / x
    assert 0.9 <= share.min() < 0.905 and 1.095 < share.max() <= 1.1
    assert np.std([fresh_input(np.full(30, 7.0), "wide", random) for _ in range(30)]) < 1.2
    assert fresh_input(np.ones((0, 2)), "like", random).shape == (0, 2)
    assert fresh_input(np.ones((0, 2)), "wide", random).shape == (0, 2)


def test_of_each_kind_of_input_the_first_that_f_takes_is_a_point():
    asked = []

    def some(inputs, likes):
        asked.append(likes)
        return [None if np.any(new < 0) or "size 10" in like else Point(new, {}, like=like)
                for new, like in zip(inputs, likes, strict=True)]

    found = trial_points(np.array([2.0, 3.0, 4.0]), some, np.random.default_rng(3))
    assert len(asked) == 2 and len(set(asked[0])) == len(asked[0]) and set(asked[1]) < {*asked[0]}
    likes = [p.like for p in found]
    assert likes == [like for like in asked[0] if like in likes]
    assert {"other inputs", "zeros", "equal inputs", "a zero among the inputs"} <= {*likes}
    assert not {"inputs of size 10", "inputs of size 100", "the inputs with the other sign"} & {
        *likes}
    both = [like for like in asked[1] if like in likes]
    assert all(p.J.min() >= 1e-6 for p in found if p.like in both and "zero" not in p.like)


def test_points_that_are_clear():
    made = [Point(0, {}, clear=np.array([True, i % 3 == 0])) if i % 2 else None for i in range(20)]
    asked = []

    def some(inputs):
        asked.append(inputs)
        return [made[i] for i in inputs]

    assert first_clear(2, range(20), some) == [made[3], made[9]]
    assert asked == [[0, 1], [2, 3], [4], [5], [6], [7], [8], [9]]
    assert first_clear(9, range(20), some) == [made[3], made[9], made[15]]
    assert first_clear(0, range(20), some) == []


def test_points_where_f_has_no_value_or_no_slope_are_none():
    def f(x):
        return np.sqrt(x[:2]) + 0 * x[2] if x[2] < 9 else np.ones(1)

    found = points_at(f, [np.array([1.0, 4, 0]), np.array([-1.0, 4, 0]), np.array([0.0, 0, 0]),
                          np.array([0.0, 4, 0])], (2,), "f")
    assert found[1] is None and found[2] is None
    np.testing.assert_allclose(found[0][0], [1, 2])
    np.testing.assert_allclose(found[0][1].J, [[0.5, 0, 0], [0, 0.25, 0]], atol=1e-9)
    assert found[0][2].tolist() == [True, True] and found[3][2].tolist() == [False, True]
    with pytest.raises(ShapeError, match=r"f changes its shape with the values of x: \(2,\), and "
                                         r"\(1,\) for other values"):
        points_at(f, [np.array([1.0, 4, 10])], (2,), "f")


def test_an_output_at_a_kink_or_without_digits_is_not_compared_with():
    x = np.array([1.0, 0.0, -2.0])
    assert clear_of(slopes(lambda x: np.abs(x).sum() + np.zeros(()), x), x).tolist() is False
    s = slopes(lambda x: np.round(x, 3) * 1.0, x)
    assert not clear_of(s, x).all()
    far = slopes(lambda x: x + 1e12, x)
    assert clear_of(far, x).shape == (3,)


# -- samples

@pytest.mark.parametrize("size, points_", [(1, 9), (2, 9), (4, 9), (5, 7), (6, 5), (8, 3),
                                           (12, 3), (100, 3), (0, 9)])
def test_small_inputs_have_more_points_to_look_for_names_at(size, points_):
    assert wanted(size) == points_  # with the first three 48 equations, but 3 to 9
    assert (points_ + 3) * size >= 48 or points_ == 9


def test_slopes_without_their_rounding():
    J, error = np.array([1 + 1e-13, 1e-13, 0.5, 2.25, 1e-9]), np.full(5, 1e-12)
    np.testing.assert_array_equal(snapped(J, error), [1, 0, 0.5, 2.25, 1e-9])
    np.testing.assert_array_equal(snapped(J, np.full(5, 1e-15)), J)
    np.testing.assert_array_equal(snapped(np.array([3 + 4e-12, 3 + 4.1e-12]), np.full(2, 1e-12)),
                                  [3, 3 + 4.1e-12])
    np.testing.assert_array_equal(snapped(np.array([0.9999, 2.0]), np.array([1e-3, 0])),
                                  [0.9999, 2])  # so rough a slope is no whole number
    np.testing.assert_array_equal(snapped(np.array([1e6, 1e-11, 1e-9]), np.zeros(3)),
                                  [1e6, 0, 1e-9])
    np.testing.assert_array_equal(snapped(np.array([0.3, 1.0]), np.array([np.inf, 0])), [0.3, 1])


@pytest.mark.parametrize("size", [1e-12, 1e-9, 1e-6])
def test_the_noise_of_a_tensor_is_seen_where_it_has_zeros(size):
    J = np.einsum("ni,mk->nkim", np.eye(3), 5 * W)
    off = size * random.uniform(-1, 1, J.shape)
    seen = noise_in(J + off, False) * np.abs(J).max()
    assert 0.9 * size < seen <= 4.0 * size
    assert noise_in(J, False) == noise_in(W, False) == noise_in(0 * J, False) == 0
    assert noise_in(J.astype(np.float32).astype(float), False) == noise_in(J, True) == 2e-6
    assert noise_in(np.array([1, 0.5, 0.125, 3]), False) == 0  # short numbers, not float32


def test_a_tensor_is_one_sample():
    made = samples_of(np.eye(3) + 1e-9 * random.standard_normal((3, 3)), (), 1, {"W": W}, None,
                      None, {})
    assert made.warning.startswith("J is taken to be measured, right to within ")
    assert 1e-10 < made.tolerance < 1e-7
    np.testing.assert_allclose(made.tensors[0], np.eye(3), atol=1e-8)
    assert np.count_nonzero(made.tensors[0]) == 3 and made.names == [{"W": W}]
    exact = samples_of(np.arange(6).reshape(2, 3), (), 1, None, None, None, {})
    assert (exact.tolerance, exact.warning, exact.source) == (1e-11, "", "this tensor")
    assert (exact.outer, exact.inner, exact.shape) == (("k",), ("i",), (2, 3))
    said = samples_of(np.eye(2), (), 1, None, None, 1e-4, {})
    assert said.tolerance == 1e-4 and "1e-04" in said.warning
    usual = samples_of(np.eye(9) + 1e-6 * random.standard_normal((9, 9)), (), 1, None, None, 1e-6,
                       {})
    assert 2e-6 < usual.tolerance <= 3e-5  # 1e-6 may be the usual error: the largest is seen
    for wrong in (-0.1, 1.0, [0.1], 2):
        with pytest.raises(NumberError, match="from 0 to below 1"):
            samples_of(np.eye(2), (), 1, None, None, wrong, {})
    for ndim in (-1, 3, 1.0, None):
        with pytest.raises(ShapeError, match=r"J has 2 axes, and output_ndim is .*=0 to 2\."):
            samples_of(np.eye(2), (), ndim, None, None, None, {})


@pytest.mark.parametrize("f, x, warning", [
    (np.abs, np.array([1.0, 0.0]), "f is not differentiable at x: at x[1] = 0 the slope jumps from "
     "-1.0000 to 1.0000. The answer is for inputs beside it."),
    (lambda X: np.maximum(X, 2).sum(0), np.array([[1.0, 3], [3, 2]]), "f is not differentiable at "
     "x: at x[1, 1] = 2 the slope jumps from 0.0000 to 1.0000. The answer is for inputs beside "
     "it."),
    (lambda x: np.abs(x), np.array(0.0), "f is not differentiable at x: at x = 0 the slope jumps "
     "from -1.0000 to 1.0000. The answer is for inputs beside it."),
    (np.sqrt, np.array([4.0, 0.0, 1.0]), "sqrt is not differentiable at x: at x[1] = 0 the slope "
     "is not finite. The answer is for inputs beside it."),
    (np.tanh, np.array([4.0, 0.0, 1.0]), "")])
def test_a_kink_is_told_and_the_entry_is_moved_beside_it(f, x, warning):
    if f is np.abs:
        warning = warning.replace("f is", "absolute is")
    made = samples_of(f, (x,), None, None, None, None, {})
    assert made.warning == warning
    at = made.names[0][made.input_name]
    moved = at != x
    assert moved.sum() == (warning != "") and np.all(np.abs(at - x) <= 0.011 * (1 + np.abs(x)) * 8)
    assert np.isfinite(made.tensors[0]).all() and len(made.tensors) == 3
    np.testing.assert_allclose(made.tensors[0], slopes(f, at).J, atol=1e-6)


def test_all_entries_are_moved_where_moving_those_without_a_slope_is_not_enough():
    """∛a has no slope at 0, and no value at a > 0 here, unless b is moved, too."""
    def f(x):
        a, b = x
        return np.array([np.cbrt(a) if a <= 0 or b > 0 else np.nan, b])

    x = np.zeros(2)
    new, found = beside(f, x, slopes(f, x), np.random.default_rng(0))
    assert (new > 0).all() and not found.kinks
    np.testing.assert_allclose(found.J, np.diag([new[0] ** (-2 / 3) / 3, 1]), atol=1e-9)


def test_a_point_more_is_one_more_of_each():
    made = samples_of(np.tanh, (X,), None, None, None, None, {})
    point = Point(made.tensors[0], {"X": X, "Y": X})
    more = made.with_point(point)
    assert len(more.tensors) == len(more.names) == 4 and len(made.tensors) == 3
    assert more.tensors[3] is point.J and more.names[3] is point.names
