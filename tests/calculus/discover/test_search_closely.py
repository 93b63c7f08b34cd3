"""The search in its steps: what it asks for, in which order, and where exactly it stops.

The tensors are small and whole, so that every error of a line is known to the last digit.
"""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from helpers import discover
from helpers.calculus.discover import changes, deeper, search, trials
from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.points import Point, clear_of
from helpers.calculus.discover.samples import Samples, noise_in, samples_of, snapped
from helpers.calculus.discover.search import holds, kind_of, reduced, standing, whole_core
from helpers.calculus.discover.structure import Structure
from helpers.calculus.discover.terms import Answer, Core
from helpers.calculus.discover.ties import Pattern, constant_along
from helpers.calculus.errors import NumberError

random = np.random.default_rng(83)
W = random.standard_normal((3, 4))
EYE = np.eye(3)


def samples(J, *points, tolerance=1e-11, **more):
    """One array, known as W, at as many points as are given."""
    points = points or (J, J)
    return Samples(list(points), [{"W": J, "X": np.ones(J.shape[1])} for _ in points], ("k",),
                   ("i",), "X", tolerance, "f", **more)


def answer(line, names=None, **more):
    return Answer("core", (), 12, line, names=names or Names([{"W": W}] * 2), **more)


# -- a line and its error

def test_an_error_as_large_as_is_allowed_is_allowed():
    """Twice what is right is off by 1 exactly, whatever the gradient; a tenth of it is tolerated.
    """
    twice, thrice = Point(EYE / 2, {"W": EYE}), Point(EYE / 4, {"W": EYE})
    allowed = samples(EYE, EYE, tolerance=0.1, more=lambda: [twice, thrice],
                      further=lambda: [twice])
    line = answer("G @ W", Names([{"W": EYE}]))
    assert trials.error_at("G @ W", allowed, twice) == 1
    assert trials.error_at("G @ W", allowed, thrice) == 3
    assert trials.contradictions(allowed, line) == [thrice]
    assert holds(allowed, line) and not holds(replace(allowed, tolerance=0.0999), line)
    doubled = answer("2 * (G @ W)", Names([{"W": EYE}]))
    assert trials.tried(allowed, doubled) == 7  # off by 1 at first, which is allowed: it goes on
    assert trials.tried(replace(allowed, tolerance=0.0999), doubled) == 1


@pytest.mark.parametrize("chunk, error", [(3, 0), (4, 6), (5, 6)])
def test_of_a_large_row_the_result_with_1_is_compared(monkeypatch, chunk, error):
    monkeypatch.setattr(trials, "CHUNK", chunk)
    point = Point(W[:1], {"W": W[:1]})
    found = trials.error_with("(G @ W) * G[0]", np.array([7.0]), point)
    assert found == pytest.approx(error)
    assert trials.error_with("G @ W", np.array([7.0]), point) < 1e-15
    two = Point(W[:2], {"W": W[:2]})
    assert trials.error_with("(G @ W) * G[0]", np.array([7.0, 1]), two) == pytest.approx(6)


def test_outputs_at_a_kink_do_not_count_in_the_size_of_slopes():
    """Slopes of a millionth beside one of 9 at a kink: 0.5 of them is an error of 0.5."""
    J = np.array([[1e-6, 2e-6], [9, 0]])
    point = Point(J, {"R": J}, clear=np.array([True, False]))
    assert trials.error_with("1.5 * (G @ R)", np.array([1.0, 5]), point) == pytest.approx(0.5)
    assert trials.error_with("G @ R", np.array([1.0, 5]), point) < 1e-15
    rough = replace(point, error=np.full((2, 2), 1e-7))  # three times that is no error
    assert trials.error_with("1.5 * (G @ R)", np.array([1.0, 5]), rough) == pytest.approx(0.35)


def test_arrays_are_moved_in_their_last_digits_each_on_its_own():
    """What cancels is moved by as much as its parts, of every entry up or down."""
    a = np.full(400, 1e6)
    names, G = {"a": a, "b": a - 1, "n": np.arange(400), "m": a > 0}, np.ones(400)
    assert trials.rounding("G * (a - b)", names, G, np.ones(400)) == pytest.approx(
        8.9e-10, rel=0.3)  # twice 2 ε of a million: one goes up where the other goes down
    assert trials.rounding("G * a", names, G, a) == pytest.approx(2 * 2.0**-52 * 1e6, rel=0.3)
    apart = []
    for line in ("G * a", "G * (a - 1e6)"):
        moved = 1e6 * (line == "G * a")
        found = trials.rounding(line, names, G, np.full(400, moved))
        apart.append(found)
    assert apart[0] == apart[1] > 0
    assert trials.rounding("G * n * m", names, G, np.arange(400.0)) == 0  # counts do not move
    assert trials.rounding("G / (n - n)", names, G, G) == 0  # no number
    sums = trials.rounding("(G * a).sum()", names, G, a.sum())
    assert sums < 400 * 2 * 2.0**-52 * 1e6 / 3  # up and down, so that most of it cancels


def test_what_a_line_rounds_is_no_error_up_to_a_billionth_of_other_slopes():
    """1 as the difference of two numbers of a million, whose last digits are 1.2e-10."""
    a, G, right = np.full(400, 1e6), np.ones(400), np.eye(400)
    names, line = {"a": a + 1, "b": a}, "G * (a - b + {})"
    rounds = trials.rounding(line.format("0"), names, G, G)

    def error(off, typical):
        point = Point(right, names, error=np.zeros((400, 400)))
        return trials.error_with(line.format(repr(off)), G, point, typical)

    assert error(2e-9, 0) == pytest.approx(2e-9, rel=0.1)
    assert error(2e-9, 1) == pytest.approx(1e-9, rel=0.1) and error(2e-9, 100) == 0
    assert 30 * rounds > 2e-8 and error(40 * rounds, 1e6) == pytest.approx(10 * rounds, rel=0.1)
    assert error(29 * rounds, 1e6) == 0


def test_a_line_gives_no_number_where_it_divides_by_none():
    point, s = Point(EYE, {"W": EYE, "Z": 0 * EYE, "z": np.zeros(3)}), samples(EYE)
    for line, none in (("G @ W", False), ("G / z", True), ("(G @ W)[:1] / z[:1]", True),
                       ("np.linalg.inv(Z) @ G", True), ("np.linalg.inv(W) @ G", False),
                       ("G / (np.arange(3) - 1)", True)):
        assert trials.gives_none(answer(line), s, point) is none
    say = trials.fails_at
    assert say("zeros", True) == (
        "The line holds for inputs like these; at zeros the line gives no number.")
    assert say("", False) == (
        "The line holds for inputs like these; at others the slope is another.")


# -- the search from one point to the next

def test_a_line_of_the_living_must_be_right_where_all_is_zero(monkeypatch):
    """Within ten times the tolerance; else all points are looked at together."""
    s, asked = samples(EYE), []

    def alive(loose, look):
        return Structure(loose, whole_core(loose), (), answer(line, Names(loose.names)), 0.0)

    def looked(loose, deep):
        asked.append(deep)
        return Structure(loose, whole_core(loose), (), answer("G", Names(loose.names)), 0.0)

    monkeypatch.setattr(search, "livelier", alive)
    monkeypatch.setattr(search, "looked_at", looked)
    for off, kept in ((0, True), (0.9e-10, True), (1.1e-10, False), (1, False)):
        line = f"{1 + off!r} * G"
        assert standing(s).numpy == (line if kept else "G")
    assert asked == [1, 1] and standing(s, deep=False).numpy == "G" and asked[2:] == [0]


def test_each_search_looks_at_the_point_that_contradicted_the_one_before(monkeypatch):
    """At first deeply without a name alone, then deeply, then twice quickly, at one point more."""
    asked = []
    against = [Point((i + 2) * EYE, {"W": EYE, "X": np.ones(3)}, like=f"inputs {i}")
               for i in range(9)]

    def looked(loose, deep):
        asked.append((deep, [J[0, 0] for J in loose.tensors]))
        return Structure(loose, whole_core(loose), (), answer("G", Names(loose.names)), 0.0)

    monkeypatch.setattr(search, "looked_at", looked)
    found = standing(samples(EYE, more=lambda: against))
    assert asked == [(1, [1, 1]), (2, [1, 1, 2]), (0, [1, 1, 2, 2]), (0, [1, 1, 2, 2, 2])]
    assert found.caveat == (
        "The line holds for inputs like these; at inputs 0 the slope is another.")
    asked.clear()
    assert standing(samples(EYE, more=lambda: against), deep=False).numpy == "G"
    assert [deep for deep, _ in asked] == [0] * 4
    asked.clear()
    some = [replace(p, clear=np.array([True, True, False])) for p in against]
    assert standing(samples(EYE, more=lambda: some)).caveat and len(asked) == 1  # not all is seen
    asked.clear()
    assert not standing(samples(EYE, more=list)).caveat and len(asked) == 1


@pytest.mark.parametrize("line, against, roughly, asked", [
    ("G * W", 0, False, 0), ("G * W", 1, False, 1), ("G * C", 0, False, 1), ("G * W", 0, True, 1),
    ("G * (W == 1)", 0, False, 1), ("G * C", 1, True, 1)])
def test_a_mask_is_looked_for_where_one_thing_is_odd(monkeypatch, line, against, roughly, asked):
    """A point that contradicts, an array without a name, an exact comparison, or rough slopes."""
    calls = []

    def looked(loose, deep):
        names = Names(loose.names)
        names.add("C", loose.tensors)
        return Structure(loose, whole_core(loose), (), answer(line, names), 0.0)

    monkeypatch.setattr(search, "looked_at", looked)
    monkeypatch.setattr(search, "doubtful", lambda samples, core: roughly)
    monkeypatch.setattr(search, "contradictions", lambda samples, line: [
        Point(EYE, {"W": EYE, "C": EYE}, clear=np.zeros(3, bool))] * against)
    monkeypatch.setattr(search, "with_mask", lambda samples, core, found: calls.append(1) or found)
    standing(samples(EYE))
    assert len(calls) == asked


def test_a_tensor_that_is_not_all_zero_everywhere_is_looked_at_where_it_is_not():
    half, asked = np.diag([1.0, 0, 2]), []
    s = samples(EYE, 0 * EYE, half, 0 * EYE, 3 * half)

    def looked(alive):
        asked.append([J[0, 0] for J in alive.tensors])
        core, gone = reduced(alive, whole_core(alive))
        return Structure(alive, core, gone, answer("G * X", Names(alive.names)), 0.0)

    found = deeper.livelier(s, looked)
    assert asked == [[1, 3]] and found.numpy == "G * X"
    assert [a.tolist() for a in found.reduced.arrays] == [
        [0, 0, 0], [1, 0, 2], [0, 0, 0], [3, 0, 6]]
    assert len(found.answer.names.samples) == len(found.reduced.names.samples) == 4
    assert deeper.livelier(samples(EYE, half, half), looked) is None
    assert deeper.livelier(samples(EYE, 0 * EYE, 0 * EYE), looked) is None and len(asked) == 1

    def nameless(alive):
        found = looked(alive)
        names = Names(alive.names)
        return replace(found, answer=answer(f"G * {names.add('C', found.reduced.arrays)}", names))

    assert deeper.livelier(s, nameless) is None


@pytest.mark.parametrize("letters, outer, inner, kind, raw, told", [
    ("kl", "kl", "kl", "core", False, "elementwise"), ("k", "kl", "kl", "core", False, "core"),
    ("k", "kk", "k", "core", True, "elementwise"), ("ki", "k", "i", "core", True, "dense"),
    ("ki", "k", "i", "core", False, "core"), ("k", "k", "i", "core", True, "core"),
    ("k", "k", "", "core", True, "core"), ("i", "", "i", "core", True, "core"),
    ("kl", "kl", "kl", "constant", False, "constant"), ("", "", "", "core", True, "elementwise")])
def test_the_kind_of_a_core(letters, outer, inner, kind, raw, told):
    core = Core(Pattern(tuple(outer), tuple(inner)), tuple(letters), [], {}, None, 0)
    assert kind_of(Answer(kind, (), 1), core, raw) == told


# -- another layout

def through(*K, tensors=2, X=None, outer=1):
    """Changes by a matrix K of f(x) = x @ K[0] where it is called K[i] at the points."""
    J = np.moveaxis(K[0], 0, -1)
    x = np.ones(len(K[0])) if X is None else X
    return list(changes.through(Samples([J] * tensors, [
        {"X": x, "Y": x @ K[0], "K": K[min(i, len(K) - 1)]} for i in range(tensors)],
        *(("k",), ("i",)), "X", 1e-11, "f")))


def test_the_matrix_that_a_function_sees_its_input_through_may_be_square():
    S = np.array([[2.0, 1], [0, 3]])
    found = through(S)  # any invertible matrix makes another variable of all of it
    assert [change.back("G") for change in found] == ["K.T @ G", "G @ K.T", "K @ G", "G @ K"]
    assert found[1].matrix == found[3].matrix == "K" and found[1].inner == ("Z", "(X @ K)")
    np.testing.assert_allclose(found[1].samples.tensors[1], np.eye(2), atol=1e-15)
    for change, M in zip(found, (S, S.T, S.T, S), strict=True):  # J of x @ S, times the inverse
        np.testing.assert_allclose(change.samples.tensors[0], S.T @ np.linalg.inv(M), atol=1e-12)


def test_a_matrix_that_is_another_at_any_point_is_not_gone_through():
    tall = random.standard_normal((3, 2))
    assert len(through(tall, tensors=3)) == 2  # from the right and, as K.T, from the left
    assert through(tall, tall, tall + 1, tensors=3) == through(tall, tall + 1, tall, tensors=3) == \
        through(tall + 1, tall, tensors=3) == []
    assert through(tall, tensors=1) == []
    cube = np.ones((2, 2, 3))
    assert list(changes.through(Samples([np.ones((2, 2, 3))] * 2, [
        {"X": cube, "K": np.ones((3, 1))}] * 2, (), ("i", "j", "m"), "X", 1e-11, "f"))) == []


@pytest.mark.parametrize("least, tolerance", [(1.0, 1e-11), (1e-3, 1e-8), (1e-4, 1e-7),
                                              (1e-6, 1e-6)])
def test_what_solving_for_slopes_loses_is_tolerated(least, tolerance):
    change, *_ = through(np.diag([1.0, least]))
    assert change.samples.tolerance == pytest.approx(tolerance, rel=1e-6)


@pytest.mark.parametrize("size", [2.0**-10, 1.0, 2.0**13])
def test_what_no_matrix_sees_must_be_nothing(size):
    """A slope along the second number, beside a largest one of 4, of a function of the first."""
    K = np.array([[2.0], [0]])
    for off, seen in ((0, True), (0.9, True), (1.1, False)):
        J = 4 * size * np.array([[1.0, off * 1e-11]])
        s = Samples([J, J], [{"X": np.ones(2), "K": K}] * 2, ("k",), ("i",), "X", 1e-11, "f")
        found = changes.seen_through(s, "K", K, False)
        assert bool(found) is seen
        if found:
            assert found.samples.tensors[0].tolist() == [[2 * size]]
    np.testing.assert_array_equal(changes.clean(size * np.array([2, 3e-12, 3.1e-12, -3e-12, -3])),
                                  size * np.array([2, 0, 3.1e-12, 0, -3]))
    assert changes.clean(np.zeros((0, 2))).shape == (0, 2)


def test_a_line_of_another_variable_stores_its_matrix_once():
    """12 numbers of W beside those of the line, unless it names W; never more than without."""
    whole = SimpleNamespace(matrix="W", samples=SimpleNamespace(names=[{"W": W}]), inner=("Z", "X"))
    for line, stored, most, told in (("G * Z", 3, 99, 15), ("G @ W + Z", 3, 99, 3),
                                     ("G * Z", 3, 14, 14), ("G * Z", 0, 99, 12)):
        found = Answer("core", (), stored, line)
        assert deeper.stored_by(whole, Answer("dense", (), most), found) == told
    free = SimpleNamespace(matrix="", inner=(), samples=None)
    assert deeper.stored_by(free, Answer("dense", (), 2), Answer("core", (), 5, "G")) == 5
    said = Answer("core", (), 1, "G", says="the numbers left are Z * w_split, not ZZ")
    assert deeper.said_by(free, said) == "the numbers left are Z * w, not ZZ"
    assert deeper.said_by(whole, said) == "the numbers left are X * w_split, not ZZ"


# -- samples

def test_a_tensor_with_a_gap_is_refused():
    for value in (np.nan, np.inf, -np.inf):
        J = EYE.copy()
        J[1, 2] = value
        with pytest.raises(NumberError, match=rf"discover: J\[1, 2\] is {value}\. A derivative"):
            discover(J, output_ndim=1)


@pytest.mark.parametrize("count, points", [(316, 3), (6, 5)])
def test_every_tensor_that_is_built_is_looked_at_at_further_points(count, points):
    made = samples_of(lambda x: 3 * x, (np.linspace(1, 2, count),), None, None, None, None, {})
    assert made.tensors[0].size == count**2 and len(made.tensors) == 3
    assert len(made.extra()) == points and len(made.more()) == 12
    table = samples_of("relu", (np.ones((2, 3)),), None, None, None, None, {})
    assert len(table.more()) == 4 and len(table.extra()) == 5 and len(table.tensors) == 3


def test_a_slope_as_small_as_its_error_is_zero():
    """Four times the error, to the last digit."""
    J, error = np.array([1.0, -1, 0.75, 0.5]), np.array([0.25, 0.25, 0.125, 0.25])
    np.testing.assert_array_equal(snapped(J, error), [0, 0, 0.75, 0])


@pytest.mark.parametrize("entries, noise", [
    ([1, 1e-9], 4e-9), ([2, -2e-9], 4e-9), ([1, 0.99e-5], 3.96e-5), ([1, 1e-5], 0), ([5], 0),
    ([], 0), ([0.3, 0.7], 0), ([1e-12, 5e-10, 1], 2e-9), ([1e-7, 2e-9, 0, 1], 4e-7),
    ([1e-6, 0.99e-4, 0.97e-2, 1], 0), ([1e-6, 1.01e-4, 1e-2, 1], 4e-6),  # gaps of 99 and of 101
    ([1e-6, 0.9e-4, 1], 3.6e-4), ([1e-8, 9e-7, 8.1e-5, 7.29e-3, 0.65, 1], 0)])
def test_noise_ends_where_the_widest_gap_begins(entries, noise):
    """Four times the largest of what lies below a gap of more than a hundred."""
    for J in (np.array(entries, float), np.array([*entries[::-1], 0.0])):
        assert noise_in(J, False) == pytest.approx(noise, rel=1e-9)


def test_four_long_numbers_of_float32_are_seen():
    short = np.array([0.1, -0.7, 1.3, 2.9])
    long = short.astype(np.float32).astype(float)
    assert noise_in(long, False) == noise_in(np.append(long, [0, 0]), False) == 2e-6
    assert noise_in(long[:3], False) == noise_in(short, False) == 0
    assert noise_in(long[:3], True) == 2e-6
    assert noise_in(np.array([0.125, 0.5, 2, 3]), False) == 0  # they are short in both
    assert noise_in(np.append(long, 1 / 3), False) == 0        # one is not of float32


def test_where_a_slope_is_known_to_three_digits():
    """Of slopes of 2, and of none beside outputs of a million: a thousandth, and 1e-6."""
    Y, J = np.array([-1e6, 2.0]), np.array([[2.0, 0], [0, 0]])

    def clear(one, two, slopes=J, kinks=()):
        error = np.array([[one, 0], [0, two]])
        return clear_of(SimpleNamespace(Y=Y, J=slopes, error=error, kinks=kinks), None).tolist()

    assert clear(1.99e-3, 0.99e-6) == [True, True] and clear(2.01e-3, 1.01e-6) == [False, False]
    assert clear(np.inf, np.nan) == [False, False] and clear(0, 0) == [True, True]
    assert clear(0, 0, J + np.array([[np.nan, 0], [0, 0]])) == [False, True]
    assert clear(0, 0, kinks=[SimpleNamespace(output=(1,))]) == [True, False]


def test_what_is_constant_is_as_the_first():
    """Not only as the one before: slow growth is no constant."""
    for lines, constant in (([0.0, 0.9, 1.8], False), ([0.0, 0.9, -0.1], True),
                            ([0.0, -0.9, 0.9, 1], True), ([0.0, 1, 1, 1.01], False)):
        assert constant_along(np.array([lines, lines]), 1, 1.0) is constant
        assert constant_along(np.array(lines), 0, 1.0) is constant


@pytest.mark.parametrize("size, noise", [(1e-10, 1e-8), (1e-6, 1e-6), (5e-6, 1e-5)])
def test_what_is_seen_in_noise_is_seen_with_the_least_that_is_enough(size, noise):
    """A product of a vector and a matrix has no zeros to tell the noise by."""
    J = np.einsum("k,ij->kij", np.array([1.0, 0.5, -0.7, 0.9]), W)
    noisy = J + size * random.uniform(-1, 1, J.shape)
    found = search.measured(noisy, 1, None)
    assert found.kind == "product" and found.samples.tolerance == noise
    assert search.measured(random.standard_normal((3, 3, 4)), 1, None) is None
    known = discover(noisy, output_ndim=1, known={"M": W})
    assert known.kind == "product" and "M" in known.numpy
    assert discover(noisy, output_ndim=1, tolerance=1e-13).kind == "dense"  # it was not measured
