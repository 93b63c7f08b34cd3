"""Numbers get the name that they have: every form of words, two slopes, scalars, short numbers."""

import numpy as np
import pytest

from helpers.calculus.discover.naming.names import ALONG_ONE, OF_ONE, OF_TWO, Names, common_scale

random = np.random.default_rng(6)


def points():
    """Known arrays at two points: a < 1 everywhere, so that all roots and logarithms are there."""
    return [{"a": random.uniform(0.1, 0.9, (3, 4)), "b": random.uniform(0.1, 0.9, (3, 4)),
             "s": random.uniform(1, 2, ()), "t": random.uniform(1, 2, ()),
             "X": random.standard_normal((3, 4)), "v": random.standard_normal(4)}
            for _ in range(2)]


def valued(text, names):
    """The arrays of a text at all points."""
    return [np.asarray(eval(text, {"np": np, **at}), float) for at in names.samples]


def named(arrays, names):
    """The text that is found, after its arrays are compared."""
    found = names.find(arrays, tuple("kl"[:arrays[0].ndim]), 1e-10)
    if found is None:
        return None
    text, letters, scale = found
    turn = [letters.index(x) for x in "kl"[:arrays[0].ndim]]
    for array, right in zip(valued(f"{scale} * ({text})", names), arrays, strict=True):
        np.testing.assert_allclose(array.transpose(turn), right, rtol=1e-9)
    return text


FORMS = [form.replace("@", name).replace("&", axis) for form in (*OF_ONE, *ALONG_ONE)
         for name, axis in (("a", "-1"), ("X", "0"))] + [
    form.replace("@", a).replace("%", b) for form in OF_TWO for a, b in ("ab", "bX")]


@pytest.mark.parametrize("turn", [0, 1])
def test_every_form_of_words_is_found(turn):
    names = Names(points())
    for i, text in list(enumerate(FORMS))[turn::2]:
        scale = (1, -0.5)[i // 2 % 2]
        with np.errstate(all="ignore"):
            arrays = [scale * array for array in valued(text, names)]
        fine = np.isfinite(arrays).all() and any(array.any() for array in arrays)
        assert not fine or named(arrays, names), text
    assert named([names.samples[0]["a"] + 1e-4 * at["X"] for at in names.samples], names) is None


def test_the_simplest_text_is_taken_and_axes_are_turned():
    names = Names(points())
    assert named(valued("a.T", names), names) == "a"
    assert named([3 * x for x in valued("v", names)], names) == "v"
    assert named(valued("b - a", names), names) == "b - a"
    for text in ("(a - b)**2", "np.exp(a - b)", "1 - a**2"):  # a minus turns a difference round
        said = named([-x for x in valued(text, names)], names)
        assert said == ("a**2 - 1" if text[0] == "1" else text)
    assert named([np.zeros((3, 4))] * 2, names) is None
    assert names.find([np.array(2.0)] * 2, (), 1e-10) is None


@pytest.mark.parametrize("right, text", [
    ("np.where(X > 0, 1, 0.3)", "np.where(X > 0, 1, 0.3)"),
    ("np.where(X > 0, s, 2)", "np.where(X > 0, s, 2)"),
    ("np.where(X > 0, 2, s / 2)", "np.where(X > 0, 2, 0.5 * s)"),
    ("np.where(X > 0, 1, 0.5 * np.exp(X))", "np.where(X > 0, 1, 0.5 * np.exp(X))"),
    ("np.where(X > 0, 3, X)", "np.where(X > 0, 3, X)")])
def test_two_slopes_are_named_on_both_sides(right, text):
    names = Names(points())
    assert named(valued(right, names), names) == text


@pytest.mark.parametrize("right, text", [
    ("3", "3"), ("np.pi", "3.141592653589793"), ("s", "s"), ("2 * s", "2 * s"),
    ("1 / s", "1 / s"), ("s * t", "s * t"), ("s - t", "s - t"), ("np.sum(v)", "np.sum(v)"),
    ("1 / np.linalg.norm(v)", "1 / np.linalg.norm(v)"), ("1 / np.std(X)", "1 / np.std(X)"),
    ("np.max(X)", None)])
def test_one_number_that_changes_from_point_to_point(right, text):
    names = Names(points())
    groups = [np.full((2, 2), value) for value in valued(right, names)]
    assert names.scalar(groups, 1e-10) == text
    assert names.scalar([np.array([1.0, 2.0]), np.array([1.0])], 1e-10) is None
    assert names.scalar([np.zeros(0), np.zeros(0)], 1e-10) is None
    assert names.scalar([np.full(3, 2.0), np.zeros(0)], 1e-10) == "2"


@pytest.mark.parametrize("value, text", [
    (2.0, "2"), (-3.0, "-3"), (2.0001, "2.0001"), (1e6, None), (999_999.0, "999999"),
    (2 / 3, "2 / 3"), (-0.125, "-0.125"), (0.123456, "0.123456"), (0.12345678, None)])
def test_a_number_that_is_short(value, text):
    assert Names([{}]).number(value, 1e-9) == text


def test_the_masks_of_a_clipped_output():
    X = [random.uniform(-4, 10, (6, 5)) for _ in range(2)]
    names = Names([{"X": x, "Y": np.clip(x, 0, 6)} for x in X], output_name="Y")
    assert named([(x > 0) & (x < 6) for x in X], names) == "(Y > 0) & (Y < 6)"
    assert "Y < 6" in names.masks() and "Y > 0" not in names.masks()


def test_what_a_text_stores_and_what_new_arrays_are_called():
    names = Names(points())
    assert names.stored("a * b", 12) == 12 and names.stored("v > 0", 12) == 4
    assert names.stored("np.eye(3)", 9) == 9 and names.stored("v * v", 12) == 4
    own = names.fork()
    assert [own.add("C", [1, 2]), own.add("C", [3, 4]), own.add("s", [5, 6])] == ["C", "C1", "s1"]
    assert own.all_at(1)["C1"] == 4 and "C" not in names.all_at(0)
    assert "a" in names and "C" not in own and names.shape("v") == (4,)


def test_a_common_factor_of_arrays_at_all_points():
    a, b = random.standard_normal((2, 5))
    assert common_scale([2 * a, 2 * b], [a, b], 1e-9) == pytest.approx(2)
    assert not common_scale([2 * a, 3 * b], [a, b], 1e-9)
    assert not common_scale([a, b], [b, a], 1e-9) and not common_scale([a], [0 * a], 1e-9)
