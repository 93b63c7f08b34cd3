"""Numbers get the name that they have: every form of words, two slopes, scalars, short numbers."""

import numpy as np
import pytest

from helpers.calculus.discover.naming import names as naming
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
    ("np.where(X > 0, 3, X)", "np.where(X > 0, 3, X)"),
    ("np.where(X > 0, s, 0)", "np.where(X > 0, s, 0)"),
    ("np.where(X > 0, 3, -2 * (1 - X))", "np.where(X > 0, 3, -2 * (1 - X))"),
    ("np.where(v > 0, t, v**2)", "np.where(v > 0, t, v**2)"),
    ("np.where(X > 0, a, 3)", None)])
def test_two_slopes_are_named_on_both_sides(right, text):
    names = Names(points())
    assert named(valued(right, names), names) == text


@pytest.mark.parametrize("right, letters", [
    ("np.where(Q > 0, 1, 0.5 * np.exp(Q))", "kl"), ("np.where(Q > 0, 1, 0.5 * np.exp(Q))", "lk"),
    ("np.where(Q > 0, 2, s)", "lk"), ("np.exp(-Q)", "kl"), ("np.exp(-Q)", "lk")])
def test_a_square_array_has_its_axes_in_order(right, letters):
    turn = np.array([[0, 9, 0], [-9, 0, 9], [0, 0, 0]])  # above 0 where its transpose is not
    names = Names([{**at, "Q": random.standard_normal((3, 3)) + turn} for at in points()])
    arrays = [x if letters == "kl" else x.T for x in valued(right, names)]
    text, order, scale = names.find(arrays, "kl", 1e-10)
    assert (text, order, scale) == (right, tuple(letters), "1")


def test_every_way_to_lay_an_array_along_a_shape():
    names = Names(points())
    for shape, letters, orders in (((3, 4), "kl", ["kl"]), ((4, 3), "kl", ["lk"]),
                                   ((4, 1, 3), "klm", ["mk"]), ((3, 4, 2), "klm", []),
                                   ((4,), "k", [])):
        found = list(names.orders("a", shape, letters))
        assert ["".join(order) for _, order in found] == orders
        for (first, second), order in found:
            a, b = valued("a", names)
            right = a if order == ("k", "l") else a.T
            np.testing.assert_array_equal(first, right.reshape(shape))
            assert second.shape == shape and second.flat[1] == (b if right is a else b.T).flat[1]
    square = Names([{"Q": np.arange(9.0).reshape(3, 3)}])
    assert [order for _, order in square.orders("Q", (3, 3), "kl")] == [("k", "l"), ("l", "k")]
    assert list(names.orders("np.log(-a)", (3, 4), "kl")) == []


@pytest.mark.parametrize("sizes, count", [((3, 4), 100), ((4,), 60), ((3,), 20), ((5,), 0)])
def test_texts_of_a_size_have_that_size(sizes, count):
    names = Names(points())
    made = list(names.texts(sizes))
    assert len(made) == len({*made}) >= count and (count > 0) == bool(made)
    plain = [text for text in made if "(-" not in text]  # along an axis both sizes are tried
    assert {naming.plain(array.shape) for text in plain for array in names.value(text) or ()} <= {
        sizes}
    along = {naming.plain(array.shape) for text in {*made} - {*plain}
             for array in names.value(text) or ()}
    assert bool(made) == bool(along) and (not made or sizes in along)


def test_an_array_that_is_zero_at_one_point_has_its_name_from_the_others():
    X = random.standard_normal((2, 3, 4))
    for zero in (0, 1):
        names = Names([{"H": x * (i != zero)} for i, x in enumerate(X)])
        assert names.find([2 * x for x in valued("H", names)], "kl", 1e-10) == (
            "H", ("k", "l"), "2")
        assert names.value("1 / H") is None  # it is not finite at one of the points
    part = Names([{"v": np.array([1.0, 0, 2])}])
    assert part.value("1 / v") is None and part.value("v @ q") is None
    assert part.value("1 / (v + 1)")[0].tolist() == [0.5, 1, 1 / 3]


def test_one_point_alone_is_enough():
    names = Names(points()[:1])
    for text in ("a.T", "2 * b", "np.exp(X)", "X.sum(0)", "b - a", "a * (1 - b)",
                 "np.where(X > 0, 1, 0.3)", "np.where(X > 0, 2, X**2)"):
        assert named(valued(text, names), names), text
    assert names.scalar(valued("2 * s", names), 1e-10) == "2 * s" or "s" in names.known()
    assert names.number(float(names.samples[0]["s"]), 1e-9) == "s"
    assert names.stored("v > 0", 12) == 4 and names.add("a", [1]) == "a1"
    assert "a" in names and names.shape("v") == (4,) and "b" in names.known()
    assert common_scale([names.samples[0]["a"]], [names.samples[0]["a"]], 1e-9) == 1


def test_names_are_of_numbers_alone():
    names = Names([{"a": 1.5, "label": np.array([1, 2]), "on": np.array([True]), "z": 1j,
                    "words": "mean", "f": np.tanh, "none": None}])
    assert names.known() == ["a", "label", "on"]


def test_of_a_large_array_only_the_name_is_tried():
    x = random.uniform(0.1, 0.9, 2**16 + 1)
    for array, fine in ((x[1:], True), (x, False)):
        names = Names([{"v": array}])
        assert bool(names.find([np.cos(array)], "k", 1e-10)) == fine
        assert names.find([3 * array], "k", 1e-10) == ("v", ("k",), "3")
        pair = Names([{"v": array, "w": array**2}])
        assert ("v - w" in pair.texts_of_more((array.size,))) == fine


@pytest.mark.parametrize("right, text", [
    ("3", "3"), ("np.pi", "3.141592653589793"), ("s", "s"), ("2 * s", "2 * s"),
    ("1 / s", "1 / s"), ("s * t", "s * t"), ("s - t", "s - t"), ("np.sum(v)", "np.sum(v)"),
    ("1 / np.linalg.norm(v)", "1 / np.linalg.norm(v)"), ("1 / np.std(X)", "1 / np.std(X)"),
    ("-0.5 * (1 - s)", "-0.5 * (1 - s)"), ("s / t", "s / t"), ("3 * np.sum(v)", "3 * np.sum(v)"),
    ("np.max(X)", None), ("1e-12 * s * t**3", None)])
def test_one_number_that_changes_from_point_to_point(right, text):
    names = Names(points())
    groups = [np.full((2, 2), value) for value in valued(right, names)]
    assert names.scalar(groups, 1e-10) == text
    assert names.scalar([np.array([1.0, 2.0]), np.array([1.0])], 1e-10) is None
    assert names.scalar([np.array([1e-12, 2e-12])] * 2, 1e-10) is None
    assert names.scalar([np.array([2, 2 + 1e-12]), np.array([2.0])], 1e-10) == "2"
    assert names.scalar([*groups[:1], np.zeros(0)], 1e-10)  # at the other there is nothing to see
    assert names.scalar([np.zeros(0), np.zeros(0)], 1e-10) is None
    assert names.scalar([np.full(3, 2.0), np.zeros(0)], 1e-10) == "2"


@pytest.mark.parametrize("value, text", [
    (2.0, "2"), (-3.0, "-3"), (2.0001, "2.0001"), (1e6, None), (999_999.0, "999999"),
    (2 / 3, "2 / 3"), (-0.125, "-0.125"), (0.123456, "0.123456"), (0.12345678, None),
    (1 / 997, "1 / 997"), (-5 / 7, "-5 / 7"), (1e-5, "1e-05"), (0.0, "0")])
def test_a_number_that_is_short(value, text):
    assert Names([{}]).number(value, 1e-9) == text
    assert Names([{}]).number(value * (1 + 1e-11), 1e-9) == text  # but for its noise
    assert Names([{}]).number(1 / 1001, 1e-9) is None  # no longer a short one


def test_a_number_may_be_a_known_one_that_is_the_same_at_all_points():
    names = Names([{"eps": 1e-5, "s": s, "v": np.array([7.5])} for s in (1.2345678, 2.3456789)])
    assert names.number(1e-5, 1e-9) == "eps" and names.number(1.2345678, 1e-9) is None
    assert names.number(7.5, 1e-9) == "7.5"  # v is an array
    assert names.number(0.1234561, 1e-6) is None  # digits are cut at rounding, not at noise


def test_the_masks_of_a_clipped_output():
    X = [random.uniform(-4, 10, (6, 5)) for _ in range(2)]
    names = Names([{"X": x, "Y": np.clip(x, 0, 6)} for x in X], output_name="Y")
    assert named([(x > 0) & (x < 6) for x in X], names) == "(Y > 0) & (Y < 6)"
    assert names.masks() == ["(Y > 0) & (Y < 6)", "Y > 6", "Y < 6"]


def test_an_output_stays_at_a_value_that_it_has_twice():
    def masks(*Y):
        return Names([{"Y": np.array(y)} for y in Y], output_name="Y").masks()

    assert masks([1.0, 2, 3, 3]) == ["Y > 3", "Y < 3"] and masks([1.0, 2, 3]) == []
    assert masks([1.0, 1, 2], [0.0, 3, 3]) == ["(Y > 1) & (Y < 3)", "Y > 1", "Y < 1", "Y > 3",
                                               "Y < 3"]
    assert masks([1 / 3] * 3) == []  # no bound that a person wrote
    many = masks([float(k) for k in range(12)] * 2)  # steps, not bounds: the first eight will do
    assert len(many) == 8 * 7 // 2 + 2 * 7


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
    same = random.standard_normal((3, 4))  # alike where one looks first, and different at one place
    other = same.copy()
    other[2, 3] += 1e-3
    assert not common_scale([same], [other], 1e-9)
    assert common_scale([other], [same], 1e-2) == pytest.approx(1, rel=1e-2)


# -- texts

@pytest.mark.parametrize("text, single", [
    ("a", 1), ("2", 1), ("f(a + b)", 1), ("a.T", 1), ("a[0] ", 1), ("(a + b)", 1), ("a + b", 0),
    ("-a", 0), ("a * b", 0), ("(a) + (b)", 0), ("(a + b)[:, None]", 1), ("a > 0", 0)])
def test_a_text_of_one_thing_needs_no_brackets(text, single):
    assert naming.atom(text) == (text if single else f"({text})")


@pytest.mark.parametrize("text, inner", [
    ("(a + b)", "a + b"), ("((a))", "(a)"), ("(a) + (b)", "(a) + (b)"), ("a", "a"), ("", ""),
    ("(a).T", "(a).T"), ("f(a)", "f(a)"), ("(t := a)", "(t := a)"), ("((a) + (b))", "(a) + (b)")])
def test_brackets_around_all_of_a_text_may_go(text, inner):
    assert naming.stripped(text) == inner


@pytest.mark.parametrize("text, difference", [
    ("a - b", True), ("a**2 - 1", True), ("a + b", False), ("a - b - c", False), ("-a", False),
    ("(a - b)**2", False), ("np.exp(a - b)", False), ("a * b", False)])
def test_a_minus_turns_a_difference_round(text, difference):
    assert naming.is_difference(text) == difference


@pytest.mark.parametrize("factor, number", [(-1, "1"), (-2.5, "2.5"), (-1 / 3, "1 / 3")])
def test_a_difference_is_said_the_way_round_that_needs_no_minus(factor, number):
    known = [{"X": random.standard_normal((3, 4)), "b": random.standard_normal((3, 4))}
             for _ in range(2)]
    found = Names(known).find([factor * (at["X"] - at["b"]) for at in known], "kl", 1e-9)
    assert found == ("b - X", ("k", "l"), number)


@pytest.mark.parametrize("line, right", [
    ("a + b", "A.T + (c - d)"), ("a.b", "A.T.b"), ("f(a=a)", "f(a=A.T)"), ("G", "G"),
    ("(a := b) * a", "(a := (c - d)) * A.T"), ("ab * a_b", "ab * a_b"), ("a  *  b[a]",
                                                                       "A.T  *  (c - d)[A.T]")])
def test_names_in_a_line_become_texts(line, right):
    assert naming.renamed(line, {"a": "A.T", "b": "(c - d)"}) == right


def test_sizes_that_tell_shapes_apart():
    assert naming.plain((4, 1, 3)) == (3, 4) and naming.plain(()) == () == naming.plain((1, 1))
    assert [naming.dropped((2, 3, 4), axis) for axis in (0, -1, -2)] == [(3, 4), (2, 3), (2, 4)]
    assert naming.fits((3, 4), (4,), (3, 4)) and naming.fits((3, 1), (1, 4), (3, 4))
    assert not naming.fits((3,), (4,), (3, 4)) and not naming.fits((3, 4), (4,), (4,))
    assert naming.names_in("np.exp(a) @ b.T") == {"np", "a", "b"}
