"""What a few directions say of a tensor: which inputs are moved, how far, and what that proves."""

import numpy as np
import pytest

from helpers.calculus.discover.large.probes import (
    NOTHING,
    Probes,
    agree,
    along,
    calls_for,
    columns_of,
    core_at,
    diagonal,
    letters_of,
    probed,
    rounding,
    spread,
    tidy,
    ties_at,
)
from helpers.calculus.discover.ties import Pattern, letters_for
from tests.calculus.discover.test_large_parts import Linear

I, random = np.eye, np.random.default_rng(4)


class Watched(Linear):
    """A linear point that remembers what it was asked."""

    def __init__(self, J, ndim, seed=0):
        self.asked = []
        super().__init__(J, ndim, seed)
        self.asked.clear()

    def value(self, x):
        self.asked.append(x)
        return super().along(x)

    def along(self, V):
        self.asked.append(V)
        return super().along(V)


def probes(J, ndim, seed=9):
    point = Watched(J, ndim)
    made = Probes(point, np.full(point.x.shape, 7.0), seed)
    point.asked.clear()
    return made


# -- axes and letters

def test_letters_and_views_along_them():
    A = np.arange(12.0).reshape(2, 2, 3)
    assert letters_of(("k", "j", "k")) == ("k", "j")
    np.testing.assert_array_equal(diagonal(A, ("a", "a", "b")), [A[0, 0], A[1, 1]])
    assert diagonal(A, ("a", "b", "c")) is A
    diagonal(A, ("a", "a", "b"))[1] = 0  # a view
    assert A.sum() == sum(range(9))
    np.testing.assert_array_equal(along(np.array([1, 2, 3]), 1, 3), [[[1], [2], [3]]])
    np.testing.assert_array_equal(agree((2, 3), 0, 1), [[True, False, False], [False, True, False]])
    assert agree((2, 3, 2), 0, 2)[:, 0].tolist() == [[True, False], [False, True]]


def test_a_direction_runs_backwards_along_the_axes_that_do():
    v = np.arange(6.0).reshape(2, 3)
    letters = ("k", "l"), ("k", "l")
    for backward, right in (((), v), ((0,), v[::-1]), ((1,), v[:, ::-1]), ((0, 1), v[::-1, ::-1])):
        np.testing.assert_array_equal(spread(Pattern(*letters, backward), v, (2, 3)), right)
    both = spread(Pattern(("k",), ("k", "k"), (1,)), [1, 2, 3], (3, 3))
    np.testing.assert_array_equal(both, [[0, 0, 1], [0, 2, 0], [3, 0, 0]])
    assert spread(Pattern((), ()), 4, ()) == 4


# -- which outputs move

def test_inputs_are_moved_to_what_they_are_elsewhere():
    J = np.diag([1.0, 2, 3, 4])
    for missing, new in ((0, lambda x: 7.0), (1, lambda x: x + 0.01 * (7 - x)),
                         (2, lambda x: 1.01 * x)):
        probe = probes(J, 1)
        point, tries = probe.point, []

        def value(x, missing=missing, tries=tries, point=point):
            tries.append(x)
            return J @ x if len(tries) > missing else None

        point.value = value
        np.testing.assert_array_equal(probe.moved(np.arange(4) > 1), [False, False, True, True])
        x = point.x
        assert len(tries) == missing + 1 and point.asked == []
        np.testing.assert_array_equal(tries[-1][:2], x[:2])
        np.testing.assert_allclose(tries[-1][2:], new(x)[2:] if missing else 7, rtol=1e-15)
    probe.point.value = lambda x: None
    np.testing.assert_array_equal(probe.moved(np.arange(4) > 1), [False, False, True, True])
    direction, = probe.point.asked
    assert not direction[:2].any() and direction[2:].all()


@pytest.mark.parametrize("share, says", [(0.5e-12, False), (2e-12, True), (-2e-12, True)])
def test_an_output_has_moved_when_more_than_its_rounding_has(share, says):
    for size in (1e-8, 1.0, -1e8):
        probe = probes(I(1), 1)
        probe.point.Y = np.array([size])
        probe.point.value = lambda x, size=size: np.array([size * (1 + share)])
        assert probe.moved(np.ones(1, bool)).tolist() == [says]
    probe.point.Y, probe.point.value = np.zeros(1), lambda x: np.zeros(1)
    assert probe.moved(np.ones(1, bool)).tolist() == [False]


def test_without_a_value_the_slopes_say_what_is_rounding():
    for exact, tolerance, least in ((True, 1e-10, 1e-16), (False, 1e-6, 1e-9)):
        probe = probes(np.array([[1.0, 0], [0, 1]]), 1)
        point = probe.point
        point.exact, point.tolerance, point.value = exact, tolerance, lambda x: None
        assert rounding(point) == least
        probe.all = np.array([-2.0, 1])  # the largest slope is 2
        for share, says in ((0.9, False), (1.1, True)):
            point.along = lambda V, share=share, least=least: np.array([0, -2 * share * least])
            assert probe.moved(np.ones(2, bool)).tolist() == [False, says]
    assert NOTHING == 1e-16


def test_zero_is_no_output_at_all():
    assert probes(np.zeros((2, 3)), 1).zero() and not probes([[0, 0, 0], [0, 0, 1e-300]], 1).zero()


# -- ties

@pytest.mark.parametrize("size, bits", [(1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (8, 3), (9, 4)])
def test_halves_are_told_apart_by_every_bit(size, bits):
    probe = probes(np.stack([I(size), 2 * I(size)], 1), 2)  # Y[k, c] = (c + 1) x[k]
    halves = probe.halves(0)
    assert len(halves) == len(probe.point.asked) == 2 * bits
    for n, (mask, seen) in enumerate(halves):
        right = (np.arange(size) // 2 ** (n // 2) % 2 == 1) ^ (n % 2 == 1)
        np.testing.assert_array_equal(mask, right)
        assert set(seen) == ({0, 1} if size == 2 else {0})
        np.testing.assert_array_equal(seen[0], right)
        assert size != 2 or seen[1].all()  # either input is in both columns
    assert probe.halves(0) is halves and len(probe.point.asked) == 2 * bits  # looked at once


def test_an_axis_of_the_input_is_halved_with_all_of_the_others():
    J = random.standard_normal((2, 3)).reshape(2, 3, 1, 1) * I(6).reshape(2, 3, 2, 3)
    probe = probes(J, 2)
    for axis, counts in ((0, 2), (1, 4)):
        assert len(probe.halves(axis)) == counts
    (mask, seen), *_ = probe.halves(1)
    assert mask.tolist() == [False, True, False] and set(seen) == {1}
    moved = probe.point.asked[2] != probe.point.x
    np.testing.assert_array_equal(moved, [mask, mask])


# tensor, axes of Y; {(first, second, backward): whether it is zero unless they agree}
FLIPPED = np.einsum("ki,lj->klij", I(3)[::-1], random.standard_normal((2, 2)))
TIES = [
    (I(5), 1, {(0, 1, False): True, (0, 1, True): False}),
    (I(5)[::-1], 1, {(0, 1, False): False, (0, 1, True): True}),
    (I(5) + I(5, k=3), 1, {(0, 1, False): False, (0, 1, True): False}),
    (FLIPPED, 2, {(0, 2, True): True, (0, 2, False): False, (1, 3, False): False}),
    (np.einsum("ab,cd->abcd", I(4), np.ones((4, 4))), 2,
     {(0, 1, False): True, (2, 3, False): False, (0, 2, False): False}),
    (np.einsum("ab,cd->abcd", np.ones((4, 4)), I(4)), 2,
     {(0, 1, False): False, (2, 3, False): True, (1, 2, False): False}),
    (np.einsum("a,b,cd->abcd", [0, 0, 1.0], [0, 0, 1.0], np.ones((3, 3))), 2,
     {(0, 1, False): True, (0, 2, False): False}),
    (np.ones((1, 1)), 1, {(0, 1, False): True}), (I(4), 0, {(0, 1, False): True}),
    (I(4) + I(4, k=1), 0, {(0, 1, False): False}),
    (np.ones((1, 1, 3)), 1, {(0, 1, False): True}),
]


@pytest.mark.parametrize("J, ndim, says", TIES)
def test_a_tie_is_seen_where_it_is(J, ndim, says):
    for axes, right in says.items():
        assert bool(probes(J, ndim).holds(*axes)) is right, axes


def test_a_tie_of_two_axes_of_the_output_asks_for_nothing_more():
    probe = probes(np.einsum("ab,c->abc", I(3), np.ones(3)), 2)
    assert probe.holds(0, 1, False) and probe.point.asked == []
    probe = probes(np.ones((1, 3)), 1)
    assert probe.holds(0, 1, False) and probe.point.asked == []  # one index always agrees


@pytest.mark.parametrize("J, ndim, pattern, says", [
    (I(6), 1, Pattern(("k",), ("k",)), True), (I(6)[::-1], 1, Pattern(("k",), ("k",)), False),
    (I(6)[::-1], 1, Pattern(("k",), ("k",), (0,)), True),
    (I(6), 1, Pattern(("k",), ("k",), (0,)), False),
    (np.roll(I(6), 1, 0), 1, Pattern(("k",), ("k",)), False),
    (np.ones((6, 6)), 1, Pattern(("k",), ("i",)), True),
    (I(6), 0, Pattern((), ("i", "i")), True),
    (I(6), 0, Pattern((), ("i", "j")), True), (np.ones((6, 6)), 0, Pattern((), ("i", "i")), False),
    (I(6)[::-1], 0, Pattern((), ("i", "i")), False),
    (np.ones((6, 6, 6)), 2, Pattern(("k", "k"), ("i",)), False),
    (np.einsum("ab,c->abc", I(6), np.ones(6)), 2, Pattern(("k", "k"), ("i",)), True),
    (I(6)[::-1], 0, Pattern((), ("i", "i"), (1,)), True),
    (np.einsum("ki,lj->klij", I(4), I(5)), 2, Pattern(("k", "l"), ("k", "l")), True),
    (np.einsum("ki,lj->klij", I(4), np.ones((5, 5))), 2, Pattern(("k", "l"), ("k", "l")), False),
    (np.einsum("ki,lj->klij", np.ones((4, 4)), I(5)), 2, Pattern(("k", "l"), ("k", "l")), False),
    (np.einsum("ki,lj->klij", np.ones((4, 4)), I(5)), 2, Pattern(("k", "l"), ("i", "l")), True),
    (np.einsum("ki,kj->kij", I(4), I(4)), 1, Pattern(("k",), ("k", "k")), True),
    (np.einsum("ki,kj->kij", I(4), np.ones((4, 4))), 1, Pattern(("k",), ("k", "k")), False)])
def test_a_tie_found_elsewhere_is_kept_or_not(J, ndim, pattern, says):
    probe = probes(J, ndim)
    assert probe.keeps(pattern) is says
    within = len({*pattern.inner}) < len(pattern.inner)  # two axes of the input, moved apart too
    tied = within or {*pattern.inner} & {*pattern.outer}
    assert not says or len(probe.point.asked) == 2 * (1 + within) * bool(tied)


# -- constants

C4, ROW = np.ones(4), np.array([1.0, 2, 3])
CONSTANT = [
    (np.einsum("k,i->ki", C4, ROW), Pattern(("k",), ("i",)), {"k": True, "i": False}),
    (np.einsum("k,i->ki", ROW, C4), Pattern(("k",), ("i",)), {"k": False, "i": True}),
    (np.diag(C4), Pattern(("k",), ("k",)), {"k": True}),
    (np.diag([1.0, 1, 1, 2]), Pattern(("k",), ("k",)), {"k": False}),
    (np.einsum("kn,i->kni", np.diag(C4), ROW), Pattern(("k", "k"), ("i",)),
     {"k": True, "i": False}),
    (np.einsum("ki,l->kli", np.diag(C4), ROW), Pattern(("k", "l"), ("k",)),
     {"k": True, "l": False}),
    (np.einsum("ki,l->kli", np.diag([1.0, 2, 1]), C4), Pattern(("k", "l"), ("k",)),
     {"k": False, "l": True}),
    (np.einsum("ki,j->kij", np.diag([1.0, 2, 1]), C4), Pattern(("k",), ("k", "j")),
     {"k": False, "j": True}),
    (np.einsum("ki,j->kij", np.diag(C4), ROW), Pattern(("k",), ("k", "j")),
     {"k": True, "j": False}),
]


@pytest.mark.parametrize("J, pattern, says", CONSTANT)
def test_a_letter_along_which_nothing_changes(J, pattern, says):
    for size in (1e-9, 1.0, 1e9):
        probe = probes(size * J, len(pattern.outer))
        assert {x: bool(probe.constant(pattern, x)) for x in says} == says
        assert len(probe.point.asked) == len(says)


@pytest.mark.parametrize("bit, says", [(1e-11, True), (1e-7, False)])
def test_constant_is_constant_to_within_the_tolerance(bit, says):
    for J, pattern in ((np.array([C4, (1 + bit) * C4]), Pattern(("k",), ("i",))),
                       (np.diag([1.0, 1, 1 + bit]), Pattern(("k",), ("k",)))):
        assert bool(probes(J, 1).constant(pattern, "k")) is says
    J = np.array([1.0, 1 + bit, 1, 1])[None]
    assert bool(probes(J, 1).constant(Pattern(("k",), ("i",)), "i")) is says


# -- several points, and the core

def test_what_holds_at_all_points_is_found_with_as_few_as_it_takes():
    start = Pattern(*letters_for(1, 1))
    dead, one, two = Linear(0 * I(6), 1), Linear(I(6), 1, 1), Linear(I(6) + I(6, k=2), 1, 2)
    assert probed([dead, dead], start) == (None, (), ())
    for points, right in (([one, one], (Pattern(("k",), ("k",)), ("k",), ())),
                          ([dead, one], (Pattern(("k",), ("k",)), ("k",), ())),
                          ([one, two], (start, (), ("k", "i"))),
                          ([one, one, two], (start, (), ("k", "i"))),
                          ([two, one], (start, (), ("k", "i")))):
        assert probed(points, start) == right
    weighted = Linear(np.diag(np.arange(1.0, 7)), 1)
    assert probed([one, weighted], start) == (Pattern(("k",), ("k",)), (), ("k",))
    ones = Linear(np.ones((1, 4)), 1)
    assert probed([ones], start) == (start, ("i",), ("k",))  # one index is no constant


def test_inputs_move_to_those_of_the_point_before():
    start = Pattern(*letters_for(1, 1))
    points = [Watched(I(4), 1, seed) for seed in range(3)]
    probed(points, start)
    for i, point in enumerate(points):
        moved = [x for x in point.asked if np.any(x == points[i - 1].x)]
        assert moved and all(np.all((x == points[i - 1].x) | (x == point.x)) for x in moved)


def test_ties_of_some_probes_are_those_of_all_of_them():
    start, sizes = Pattern(*letters_for(1, 1)), (5, 5)
    assert ties_at([probes(I(5), 1)], start, sizes) == Pattern(("k",), ("k",))
    assert ties_at([probes(I(5), 1), probes(np.ones((5, 5)), 1)], start, sizes) == start


def test_the_core_is_measured_along_what_the_output_has_not():
    J = np.einsum("ki,lj->klij", I(3), W := random.standard_normal((4, 2)))
    pattern, sizes = Pattern(("k", "l"), ("k", "j")), {"k": 3, "l": 4, "j": 2}
    point = Watched(J, 2)
    assert columns_of(pattern, ("j", "l")) == ("j",) and columns_of(pattern, ("k", "l")) == ()
    np.testing.assert_allclose(core_at(point, pattern, ("l", "j")), W)
    assert len(point.asked) == 2 == calls_for(pattern, ("l", "j"), sizes)
    np.testing.assert_array_equal(point.asked[1], [[0, 1]] * 3)  # all rows together
    np.testing.assert_allclose(core_at(point, pattern, ("j", "l")), W.T)
    np.testing.assert_allclose(core_at(point, pattern, ("k", "l", "j")), [W] * 3)
    some = core_at(point, pattern, ("j", "l"), {"l": [3, 1], "j": [1]})
    np.testing.assert_allclose(some, W[[3, 1]][:, [1]].T)
    np.testing.assert_allclose(core_at(point, pattern, ("l", "j"), {"l": [2]}), W[[2]])


def test_rounding_of_a_core_is_tidied():
    core = np.array([3.0, 1e-20, -2 + 1e-16, 0.5, -1e-17, 2.9999])
    np.testing.assert_array_equal(tidy(core, 1e-16), [3, 0, -2, 0.5, 0, 2.9999])
    np.testing.assert_array_equal(tidy(core, 1e-3), [3, 0, -2, 0.5, 0, 3])
    np.testing.assert_array_equal(tidy(-1e6 * core, 1e-9)[:5], [-3e6, 0, 2e6, -5e5, 0])
    point = Linear(np.array([[1.0, 1e-18], [0, 2 + 4e-16]]), 1)
    np.testing.assert_array_equal(core_at(point, Pattern(("k",), ("i",)), ("k", "i")),
                                  [[1, 0], [0, 2 + 4e-16]])
    assert tidy(np.zeros((0, 2)), 1e-16).shape == (0, 2)
