"""What is asked about without a tensor: at which inputs, and through which rows and columns."""

import numpy as np
import pytest

from helpers import OPERATIONS
from helpers.calculus.discover.large.corner import FEWER, SIZES
from helpers.calculus.discover.large.directions import Point
from helpers.calculus.discover.large.slices import Windowed, entrywise, windows_for
from helpers.calculus.discover.large.subjects import (
    kink_sentence,
    letters_of_row,
    of_function,
    of_operation,
    tensor_of,
)
from helpers.calculus.slopes import slopes
from tests.calculus.discover.test_large_parts import Linear

I, random = np.eye, np.random.default_rng(12)
X = random.standard_normal((10, 12))


def of(f, at, **known):
    return of_function(f, at, np.asarray(f(at), float), known, "f", ("X", "Y"))


# -- a function

def test_a_function_is_looked_at_at_six_inputs():
    W = np.ones(3)
    subject = of(np.tanh, X, W=W)
    assert len(subject.points) == 6 and subject.points[0].x is X and subject.warning == ""
    assert (subject.source, subject.input_name, subject.output_name) == ("f", "X", "Y")
    assert (subject.outer, subject.inner) == (("k", "l"), ("i", "j"))
    for point in subject.points:
        assert point.names["X"] is point.x and point.names["W"] is W
        np.testing.assert_array_equal(point.names["Y"], np.tanh(point.x))
    sizes = [np.std(point.x) for point in subject.points]
    assert sizes[4] > 5 and sizes[5] < 0.2 and all(0.5 < size < 2 for size in sizes[:4])
    assert subject.calls() == 5 * 6 + 5  # one complex, four real; the value at each fresh one
    mine = of(np.tanh, X, Y=W).points[1]
    assert mine.names["Y"] is W  # a known array of that name is meant


def test_inputs_at_a_kink_are_left():
    at = X.copy()
    at[2, 3] = 0
    subject = of(np.abs, at)
    moved = np.abs(subject.points[0].x - at) / 2.0 ** np.floor(np.log2(np.abs(at) + (at == 0)))
    assert (moved[at != 0] > 0.0049).all() and (moved[at != 0] < 0.0101).all()
    assert subject.points[0].kinks == () and len(subject.points) == 6
    assert subject.warning == (
        "f is not differentiable at x: along a random direction the slope of Y[2, 3] "
        + kink_sentence("f", Point(np.abs, at, np.abs(at), {}).kinks[0], "Y").partition(
            "Y[2, 3] ")[2])
    np.testing.assert_array_equal(subject.points[0].names["Y"], np.abs(subject.points[0].x))
    one = of(lambda x: np.abs(x).sum(), np.array([0.0, 1.0]))
    assert "the slope of Y jumps from" in one.warning


def test_troubles_at_the_given_input_are_told():
    def rough(x):
        return np.round(np.array(x, float), 3) if np.array_equal(np.real(x), X) else x * 1.0

    subject = of(rough, X)
    assert subject.warning == " ".join(subject.points[0].troubles)


def test_odd_inputs_are_asked_for_one_at_a_time():
    subject = of(np.tanh, X)
    before, seen = subject.calls(), list(subject.odd())
    assert [words for words, _ in seen] == [
        "zeros", "equal inputs", "zeros at index 0 of axis 0", "equal inputs at index 0 of axis 0",
        "zeros at index 0 of axis 1", "equal inputs at index 0 of axis 1", "positive inputs",
        "negative inputs"]
    assert subject.calls() - before == 4 * 8  # its value, one complex step, two at one real step
    assert not seen[0][1].x.any() and seen[0][1].exact
    assert [words for words, _ in of(lambda x: np.maximum(x, 0), X).odd()] == [
        "equal inputs", "equal inputs at index 0 of axis 0", "equal inputs at index 0 of axis 1",
        "positive inputs", "negative inputs"]  # at zeros it has a kink
    with np.errstate(all="ignore"):
        words = [words for words, _ in of(np.sqrt, np.abs(X) + 1).odd()]
    assert "negative inputs" not in words and "positive inputs" in words


def test_smaller_sizes_are_looked_at_by_the_tensor_where_it_is_exact():
    seen = []

    def search(f, small, known, what, names, tensor):
        seen.append((f, small, known, what, names, tensor))
        raise ValueError("enough")

    known = {"a": 3.0}
    smooth, rough = np.tanh, lambda x: np.tanh(np.array(x, float))
    for f in (smooth, rough, np.abs):
        with pytest.raises(ValueError, match="enough"):
            list(of_function(f, X, f(X), known, "f", ("X", "Y")).looks(search, SIZES))
    f, small, told, *words, tensor = seen[0]
    assert f is smooth and told == known and words == ["f", ("X", "Y")]
    np.testing.assert_array_equal(small, X[:5, :6])
    np.testing.assert_allclose(tensor(small, np.tanh(small)), slopes(np.tanh, small).J, rtol=1e-12)
    assert seen[1][5](small, np.tanh(small)) is None  # no complex step
    bent = seen[2][5]
    assert bent(small, np.abs(small)).shape == (5, 6, 5, 6)
    assert bent(0 * small, 0 * small) is None         # a kink
    with pytest.raises(ValueError, match="enough"):
        list(of(smooth, X).looks(search, FEWER))
    assert seen[3][1].shape == (3, 4)


def test_a_small_tensor_by_complex_steps():
    W = random.standard_normal((4, 3))
    small, large = X[:2, :3], 1e6 * X[:2, :4]
    for f, x, J in ((np.tanh, small, np.einsum("ki,lj,kl->klij", I(2), I(3),
                                               1 - np.tanh(small) ** 2)),
                    (lambda x: np.sin(x @ W), large, np.einsum(
                        "ki,jl,kl->klij", I(2), W, np.cos(large @ W))),
                    (lambda x: x.sum(), small, np.ones((2, 3))),
                    (lambda x: x**2 * np.ones(3), np.array(2.0), 4 * np.ones(3))):
        found = tensor_of(Point(f, x, np.asarray(f(x)), {}, closely=False))
        assert found.shape == J.shape
        np.testing.assert_allclose(found, J, rtol=1e-13)
    diagonal = tensor_of(Point(np.tanh, X[0], np.tanh(X[0]), {}))
    assert np.count_nonzero(diagonal) == 12
    real = Point(lambda x: np.array(x, float), X[0], X[0], {})
    assert tensor_of(real) is None
    steep = Point(np.sqrt, np.zeros(2), np.zeros(2), {}, closely=False)
    steep.f = lambda x: np.where(np.real(x) == 0, x * (1j * np.inf), x)
    with np.errstate(all="ignore"):
        assert tensor_of(steep) is None


# -- a row of the table

def test_a_row_of_the_table_is_looked_at_at_three_inputs():
    op = OPERATIONS["affine"]
    W, b = random.standard_normal((12, 5)), np.ones(5)
    asked = []
    subject = of_operation(op, (X, W, b), "W", {}, lambda new, given: asked.append((new, given)),
                           lambda op, inputs, given: {"Y": op(*inputs, **given), "X": inputs[0]})
    assert len(subject.points) == 3 == subject.calls()
    assert subject.points[0].x is W and subject.points[1].x.shape == (12, 5)
    assert not np.allclose(subject.points[1].x, subject.points[2].x)
    assert (subject.source, subject.input_name, subject.output_name) == ("affine", "W", "Y")
    assert len({*subject.outer, *subject.inner}) == 4 and subject.warning == ""
    subject.points[1].along(W)
    assert subject.calls() == 4 and list(subject.odd()) == []
    with pytest.raises(AttributeError):  # what was asked for is no structure
        list(subject.looks(lambda samples: samples, SIZES))
    (new, given), = asked
    assert [one.shape for one in new] == [(5, 6), (6, 5), (5,)] and given == {}


def test_letters_of_a_row_are_all_different():
    for name, wrt, ndim in (("affine", "X", 2), ("affine", "W", 2), ("relu", "X", 2),
                            ("relu", "X", 1), ("softmax", "Z", 2)):
        op = OPERATIONS[name]
        if wrt not in op.inputs:
            wrt = op.inputs[0]
        outer, inner = letters_of_row(op, wrt, ndim, {})
        assert outer == tuple(op.letters(wrt, ndim)[1])
        assert len({*outer, *inner}) == len(outer) + len(inner) and wrt not in inner
    _, inner = letters_of_row(OPERATIONS["relu"], "X", 1, {})
    assert len(inner) == 1


# -- rows and columns

def test_windows_are_of_different_widths():
    point = Linear(np.zeros((12, 13)), 1)
    point.names = {"A": np.zeros((5, 6)), "B": np.zeros((14, 500)), "c": 3.0}
    chosen = windows_for({"k": 12, "i": 13}, [point])
    assert {n: len(at) for n, at in chosen.items()} == {5: 5, 6: 6, 12: 12, 13: 7, 14: 8, 500: 9}
    for n in (5, 6, 12):
        np.testing.assert_array_equal(chosen[n], np.arange(n))  # what is short is whole
    for n in (13, 14, 500):
        assert (np.diff(chosen[n]) > 0).all() and 0 <= chosen[n][0] and chosen[n][-1] < n
    point.names = {}
    assert len(windows_for({"i": 13}, [point])[13]) == 5


def test_the_liveliest_place_of_every_point_is_seen():
    points = []
    for seed, row in enumerate((31, 7)):
        J = np.zeros((40, 3))
        J[row] = -5.0
        J[2] = 0.1
        points.append(Linear(J, 1, seed))
    assert {31, 7} <= {*windows_for({"k": 40}, points)[40].tolist()}
    J = np.zeros((40, 50, 2))
    J[17, 49] = 1
    chosen = windows_for({"k": 40, "l": 50}, [Linear(J, 2)])
    assert 17 in chosen[40] and 49 in chosen[50] and len(chosen[50]) == 6


def test_arrays_are_cut_where_their_sizes_have_windows():
    A, chosen = np.arange(60.0).reshape(20, 3), {20: np.array([1, 4])}
    names = Windowed([{"A": A, "s": 2.0}, {"A": 2 * A, "s": 2.0}], chosen, input_name="A",
                     output_name="Y")
    np.testing.assert_array_equal(names.cut(A), A[[1, 4]])
    assert names.cut(5.0) == 5 and names.shape("A") == (2, 3) and names.shape("s") == ()
    one, two = names.value("A + s")
    np.testing.assert_array_equal(one, A[[1, 4]] + 2)
    np.testing.assert_array_equal(two, 2 * A[[1, 4]] + 2)
    whole, _ = names.value("A - A.mean(0)")
    np.testing.assert_array_equal(whole, (A - A.mean(0))[[1, 4]])
    assert names.value("A + s") is names.value("A + s")
    for none in ("A / 0", "B", "A.nothing", "A @ A", "A + 'a'"):
        assert names.value(none) is None
    assert names.samples[0]["A"] is A
    names.added[0]["C"] = 1.0
    other = names.fork()
    assert other.chosen is chosen and other.added[0] == {"C": 1.0}
    other.added[0]["D"] = 2.0
    assert "D" not in names.added[0] and (other.input_name, other.output_name) == ("A", "Y")
    assert other.value("A + s") is names.value("A + s")  # made once for both


@pytest.mark.parametrize("text, says", [
    ("A", True), ("3", True), ("-A", True), ("(A > 0) & (B < 1)", True), ("~(A > 0)", True),
    ("np.exp", True), ("np.add(A, B)", True), ("np.sum(A)", False), ("np.nothing(A)", False),
    ("np.pi", False), ("other.exp(A)", False), ("A.exp", False), ("np.where(A > 0, 1, 0)", False),
    ("np.matmul", False), ("A @ B", False), ("[A]", False), ("np.add.reduce(A)", False)])
def test_a_text_that_works_entry_by_entry(text, says):
    assert bool(entrywise(text)) is says
