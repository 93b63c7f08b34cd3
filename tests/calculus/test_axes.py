"""Named axes: reading a pattern, binding it to shapes, saying what does not fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.calculus import axes as ax
from helpers.calculus.errors import ShapeError


def test_parse():
    assert ax.parse("n m, m k -> n k") == ((("n", "m"), ("m", "k")), ("n", "k"))
    assert ax.parse("..., -> ...") == ((("...",), ()), ("...",))
    assert ax.parse("-> n k k") == (((),), ("n", "k", "k"))
    assert ax.parse("... ->") == ((("...",),), ())


@pytest.mark.parametrize("count", range(9))
def test_unnamed_axes_get_letters_of_their_own(count):
    letters = ax.expand(("...", "k", "j"), count)
    assert len(letters) == len(set(letters)) == count + 2
    assert ax.spelled("... k j", count).split() == list(letters)


def test_unnamed_axes_are_what_is_left_beside_those_with_names():
    assert [ax.unnamed_axes(("...", "k"), ndim) for ndim in range(4)] == [0, 0, 1, 2]
    assert ax.unnamed_axes(("...",), 2) == 2 and ax.unnamed_axes(("n", "m"), 5) == 0
    assert ax.bind("row", "... k, k -> ...", {"X": (2, 3, 4), "w": (4,)}) == {
        "n": 2, "h": 3, "k": 4}


@given(st.lists(st.integers(0, 5), max_size=5))
def test_bind_finds_every_size(shape):
    sizes = ax.bind("relu", "... -> ...", {"X": tuple(shape)})
    assert list(sizes.values()) == shape


@given(st.tuples(*[st.integers(0, 5)] * 6))
def test_bind_refuses_exactly_what_does_not_fit(sizes):
    n, m, other_m, k, other_k, _ = sizes
    shapes = {"X": (n, m), "W": (other_m, k), "b": (other_k,)}
    if m == other_m and k == other_k:
        assert ax.bind("affine", "n m, m k, k -> n k", shapes) == {"n": n, "m": m, "k": k}
        return
    with pytest.raises(ShapeError) as caught:
        ax.bind("affine", "n m, m k, k -> n k", shapes)
    letter, first, second = ("m", m, other_m) if m != other_m else ("k", k, other_k)
    assert f"axis {letter} is {first} in" in str(caught.value)
    assert f"but {second} in" in str(caught.value)


@pytest.mark.parametrize("text, count", [
    ("", 0), ("1", 1), ("n h", 12), ("3 n h + 2 h", 44), ("n", 3), ("n n h", 36)])
def test_count_of(text, count):
    assert ax.count_of(text, {"n": 3, "h": 4}) == count


def test_default_sizes_differ_where_a_transpose_could_hide():
    sizes = ax.default_sizes("n m, m k, k -> n k")
    assert len(set(sizes.values())) == 3
    assert ax.default_sizes("... -> ...", {"h": 9}) == {"n": 3, "h": 9}


def test_describe():
    assert ax.describe(()) == "no axes (one number)"
    assert ax.describe(("h",)) == "1 axis (h)"
    assert ax.describe(("n", "m")) == "2 axes (n, m)"
