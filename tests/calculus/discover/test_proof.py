"""The search without a tensor, step by step: what is asked where, what is proved, what is refused.

The points here are linear functions whose matrices are at hand.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.discover.large import search
from helpers.calculus.discover.large.search import (
    Large,
    Later,
    apart,
    broken_at,
    duration,
    found_large,
    one_place,
    proved,
    stored_at,
    zero_answer,
)
from helpers.calculus.discover.large.subjects import Subject
from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.search import DETECTORS, proposed, standing
from helpers.calculus.discover.terms import Answer, Core
from helpers.calculus.discover.ties import Pattern, letters_for
from helpers.calculus.errors import TooBig
from tests.calculus.discover.test_large_parts import Linear

I, random = np.eye, np.random.default_rng(6)


class Watched(Linear):
    """A linear point that counts the values and the slopes that it was asked for."""

    kinks, troubles = (), ()

    def __init__(self, J, ndim=1, seed=0, **names):
        self.values = self.slopes = 0
        super().__init__(J, ndim, seed)
        self.slopes, self.names = 0, {"X": self.x, "Y": self.Y, **names}

    def along(self, V):
        self.slopes += 1
        return super().along(V)

    def value(self, x):
        self.values += 1
        return super().along(x)


def subject(points, looks=lambda search, tables: (), odd=list, warning=""):
    letters = letters_for(points[0].Y.ndim, points[0].x.ndim)
    return Subject("f", "X", "Y", *letters, points, looks, lambda: 7, warning, odd)


def answer(line, names=None, **more):
    return Answer("core", (), 5, line, names=names or Names([{}]), **more)


def found(of):
    return found_large(of, proposed, DETECTORS, standing)


# -- which points are asked

def test_ties_are_looked_for_at_three_points():
    points = [Watched(np.diag(np.arange(1.0, 7)), seed=seed) for seed in range(6)]
    samples, core, constants, _, error = found(subject(points))
    assert [point.values > 0 for point in points] == [True] * 3 + [False] * 3
    assert core.pattern == Pattern(("k",), ("k",)) and core.letters == ("k",) and constants == ()
    assert error < 1e-12 and samples.calls == 7 and samples.seconds > 0
    assert core.sizes == {"k": 6, "i": 6} and core.tolerance == 1e-10
    np.testing.assert_array_equal(samples.part({"k": [4, 1]}), [5, 2])
    np.testing.assert_array_equal(samples.tensors[5], np.diag(np.arange(1.0, 7)))


def test_where_three_points_are_dead_the_others_are_looked_at():
    alive = np.diag(np.arange(1.0, 7))
    points = [Watched((seed > 2) * alive, seed=seed) for seed in range(6)]
    _, core, _, answer, _ = found(subject(points))
    assert [point.values > 0 for point in points] == [False] * 3 + [True] * 3
    assert core.pattern == Pattern(("k",), ("k",)) and answer.kind != "zero"
    dead = [Watched(np.zeros((3, 2)), seed=seed) for seed in range(6)]
    samples, core, constants, answer, error = found(subject(dead, warning="It is flat."))
    assert (answer.kind, answer.line, answer.stored, error) == ("zero", "np.zeros((2,))", 0, 0.0)
    assert core.pattern == Pattern(("k",), ("i",)) and core.letters == ("k", "i")
    assert constants == () and not samples.tensors[4].any() and samples.warning == "It is flat."
    assert (samples.looked, samples.corner) == ("", None)


def test_zero_everywhere_is_no_dependence_or_jumps():
    dead = [Watched(np.zeros((3, 2)), seed=seed) for seed in range(3)]
    for lifted, says in ((0.0, "every entry is zero: Y does not depend on this input"),
                         (1.0, "every entry is zero: Y is flat wherever it was looked at, and "
                               "jumps between")):
        dead[2].Y = dead[0].Y + lifted
        zero = zero_answer(subject(dead))
        assert (zero.says, zero.multiplications, zero.line) == (says, 0, "np.zeros((2,))")
    assert zero_answer(subject(dead[:1])).stored == 0


def test_the_roughest_point_sets_the_tolerance():
    points = [Watched(I(4), seed=seed) for seed in range(4)]
    points[2].tolerance = 1e-6
    assert found(subject(points))[1].tolerance == 1e-6


# -- the proof

def test_every_point_has_to_agree_with_a_line_of_known_arrays():
    for errors, says in (((0, 0, 0), 0), ((0, 5e-10, 0), 1e-11), ((5e-10, 0, 0), 1e-11)):
        points = [Watched(I(8), seed=k, a=1 + error) for k, error in enumerate(errors)]
        names = Names([point.names for point in points])
        worst = proved(subject(points), answer("G * a", names))
        assert says <= worst < 1e-9 and (worst > 1e-13) is (says > 0)
        assert [point.slopes for point in points] == [4, 2, 2]  # two rounds at the given input


def test_a_line_that_is_wrong_once_is_tried_no_more():
    points = [Watched(I(8), seed=k, a=1 + (k == 1)) for k in range(4)]
    assert proved(subject(points), answer("G * a", Names([p.names for p in points]))) > 0.01
    assert [point.slopes for point in points] == [4, 2, 0, 0]
    points[0].tolerance = 1.0  # of a rough point more is right
    points[1].tolerance = 0.1
    for point in points:
        point.slopes = 0
    assert proved(subject(points), answer("3 * G", Names([{}] * 4))) > 1
    assert [point.slopes for point in points][:2] == [4, 2]


def test_a_line_of_its_own_array_is_tried_at_the_given_input():
    points = [Watched(I(8), seed=k) for k in range(3)]
    names = Names([point.names for point in points], added=[{"C": k + 1.0} for k in range(3)])
    assert proved(subject(points), answer("G * C", names)) < 1e-12
    assert [point.slopes for point in points] == [4, 0, 0]
    assert proved(subject(points), answer("G", names)) < 1e-12
    assert [point.slopes for point in points] == [8, 2, 2]


def test_a_place_with_no_slope_weighs_as_a_thousandth():
    J = np.diag([1.0, 0.0])
    for slip in (1e-12, 1e-6):
        point = Watched(J)
        error = apart(f"G * np.array([1, {slip!r}])", point, {}, 3, 20)
        assert 30 * slip < error < 1e5 * slip and point.slopes == 40
    assert apart("G * np.array([1, 0])", Watched(J), {}, 3, 20) < 1e-12
    none = Watched(np.zeros((2, 2)))
    assert apart("0 * G", none, {}, 3, 4) == 0
    assert 0.01 < apart("G", none, {}, 3, 4) < 100  # beside nothing a gap is what it is
    for size in (1e-250, 1e-200, 1e200):  # an error is one of the slope's own size
        assert 0.01 < apart(f"{2 * size!r} * G", Watched(size * I(3)), {}, 3, 4) < 10


def test_a_single_number_has_no_places():
    point = Watched(np.array(3.0), 0)
    assert apart("3 * G", point, {}, 1, 2) < 1e-15 and point.slopes == 4
    assert apart("4 * G", point, {}, 1, 2) > 0.01


@pytest.mark.parametrize("line", ["1 / 0 * G", "G[9, 9]", "nobody", "G + 'a'", "G @ np.ones(77)",
                                  "G[:2]", "G * np.inf", "G.sum()"])
def test_a_line_without_a_value_is_infinitely_wrong(line):
    assert apart(line, Watched(I(4)), {}, 1, 1) == np.inf


def test_an_index_of_every_axis_is_alone_at_times():
    masks = [one_place((2, 3, 1), np.random.default_rng(seed)) for seed in range(60)]
    assert {mask.shape for mask in masks} == {(2, 1, 1), (1, 3, 1), (1, 1, 1)}
    assert all(mask.sum() == 1 for mask in masks)
    assert {(mask.shape, int(mask.argmax())) for mask in masks} == {
        ((2, 1, 1), 0), ((2, 1, 1), 1), ((1, 3, 1), 0), ((1, 3, 1), 1), ((1, 3, 1), 2),
        ((1, 1, 1), 0)}


def test_a_sentence_says_where_a_line_breaks_first():
    first, second, third = (Watched(J * I(3)) for J in (1, 2, 3))
    odd = [("zeros", first), ("equal inputs", second), ("positive inputs", third)]

    def broken(line, names=None):
        return broken_at(subject([first], odd=lambda: iter(odd)), answer(line, names))

    head = "The line holds for inputs like these; at "
    assert broken("2 * G") == head + "zeros the slope is another."
    assert broken("G") == head + "equal inputs the slope is another."
    assert broken("G / 0 * 0") == head + "zeros the line gives no number."
    assert broken("G * C", Names([{}], added=[{"C": 9.0}])) == ""
    second.tolerance, third.tolerance = 1e9, 1e9
    assert broken("G") == ""


# -- what is kept and said

def test_what_a_line_stores_of_known_arrays():
    names = Names([{"W": np.ones((3, 4)), "v": np.ones(5)}], added=[{"C": np.ones(9)}])
    core = Core(Pattern(("k",), ("i",)), ("k", "i"), [], {"k": 4, "i": 5}, names, 1e-9)
    for line, was, right in (("G @ W", 7, 12), ("W * v * G", 7, 17), ("G * C", 7, 7), ("G", 7, 7),
                             ("W * v", 0, 0), ("G", 50, 20), ("G @ W", None, 12)):
        assert stored_at(Answer("core", (), was, line, names=names), core) == right


@pytest.mark.parametrize("seconds, says", [
    (0.4, "0 seconds"), (119, "119 seconds"), (119.9, "120 seconds"), (120, "2 minutes"),
    (121, "2 minutes"), (7199, "120 minutes"), (7200, "2 hours"), (10_000, "3 hours"),
    (172_799, "48 hours"), (172_800, "2 days"), (86400 * 1234, "1,234 days")])
def test_how_long_a_person_would_say(seconds, says):
    assert duration(seconds) == says


def large(looked="", calls=7):
    return Large(Later([10, 12, 10, 12], 3, None), [], ("k", "l"), ("i", "j"), "X", 1e-10, "f", "",
                 "Y", calls, 1.26, looked, None, None)


def test_what_is_said_of_a_tensor_that_was_never_built():
    assert large().shape == (10, 12, 10, 12)
    assert large().story() == (
        "The tensor would have 14,400 entries (115.2 kB); found from 7 calls of f in 1.3 s.")
    assert large(calls=1).checked() == (
        "Found from 1 call of f. Checked at full size along random directions: right to within "
        "1e-09.")
    assert "calls of f, and f where X is 5×6 and 6×7. Checked" in large("5×6 and 6×7").checked()
    assert large("5×6 and 6×7").drawn() == "It is drawn where X is 5×6."
    assert large().drawn() == "A few of its entries are drawn."
    assert large().entries(SimpleNamespace(entries=1000)) == (
        "the full tensor would have 1,000 entries")
    assert (large().confirmed, large().more()) == (0.0, [])


# -- the whole core

def core_of(points, letters=("k", "i")):
    sizes = dict(zip(letters, points[0].J.shape, strict=True))
    pattern = Pattern(("k",), ("i",))
    of = subject(points)
    return of, Core(pattern, letters, Later(points[0].J.shape, len(points), lambda i: (
        search.whole_core(points[i], pattern, letters, of))), sizes,
                    Names([point.names for point in points]), 1e-9)


@pytest.mark.parametrize("little, most, held, kind", [
    (99, 99, 99, "dense"), (11, 99, 99, "dense"), (11, 12, 12, "dense"), (11, 11, 12, "dense"),
    (11, 11, 11, None), (12, 11, 11, None), (11, 12, 11, None)])
def test_a_core_is_measured_up_to_its_limit(monkeypatch, little, most, held, kind):
    monkeypatch.setattr(search, "LITTLE", little)
    monkeypatch.setattr(search, "MANY", most)
    monkeypatch.setattr(search, "HELD", held)
    monkeypatch.setattr(search, "entries_of", lambda point: None)  # they are not few
    points = [Watched(random.standard_normal((3, 4)), seed=seed) for seed in range(3)]
    of, core = core_of(points)
    if kind is None:
        with pytest.raises(TooBig, match=r"has 12 entries \(96 bytes\) that no tie"):
            search.from_core(of, core, proposed, DETECTORS)
        return
    answer, error = search.from_core(of, core, proposed, DETECTORS)
    assert answer.kind == kind and answer.stored == 12 and error < 1e-9
    assert [len(core.arrays._made)] == [2 if most >= 12 else 1]


def test_few_entries_need_no_core(monkeypatch):
    monkeypatch.setattr(search, "LITTLE", 35)
    monkeypatch.setattr(search, "MANY", 35)
    monkeypatch.setattr(search, "HELD", 1)
    J = np.diag([2.0, 3, 5, 7, 11, 13])
    of, core = core_of([Watched(J, seed=seed) for seed in range(3)])
    answer, error = search.from_core(of, core, lambda *_: None, DETECTORS)
    assert (answer.kind, answer.stored, answer.line) == ("sparse", 12, "G[out] * C")
    assert error < 1e-12 and not core.arrays._made


def test_of_lines_as_cheap_the_first_is_taken():
    W = random.standard_normal((3, 4))
    of, core = core_of([Watched(W, seed=seed, W=W) for seed in range(2)])
    lines = iter(["2 * G @ W", "(G @ W) * 1", "G @ W"])
    found, _ = search.from_core(of, core, lambda *_: answer(next(lines, "G")), DETECTORS)
    assert found.line == "(G @ W) * 1"


def test_where_no_line_passes_it_is_said():
    of, core = core_of([Watched(random.standard_normal((3, 4)), seed=seed) for seed in range(2)])
    with pytest.raises(TooBig, match="no line for f by X passed the check at full size, and its "
                                     "tensor of 12 entries is too large to be searched whole"):
        search.from_core(of, core, lambda *_: answer("7 * G"), DETECTORS)


def test_a_core_and_a_tensor_are_refused_before_they_are_made(monkeypatch):
    of, core = core_of([Watched(random.standard_normal((3, 4)))])
    np.testing.assert_allclose(search.built(core, 0, of), of.points[0].J)
    monkeypatch.setattr(search, "HELD", 11)
    with pytest.raises(TooBig, match=r"The core of f .*use the line of NumPy, which needs none"):
        search.whole_core(of.points[0], core.pattern, core.letters, of)
    monkeypatch.setattr(search, "HELD", 12)
    assert search.whole_core(of.points[0], core.pattern, core.letters, of).shape == (3, 4)
