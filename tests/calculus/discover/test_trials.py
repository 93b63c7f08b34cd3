"""How a line is tried, and the small things that all searches stand on: ties, cores, answers."""

import numpy as np
import pytest

from helpers.calculus.discover import ties, trials
from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.points import Point
from helpers.calculus.discover.samples import Samples, samples_of
from helpers.calculus.discover.search import looked_at
from helpers.calculus.discover.terms import Answer, Core, Operand, Term, untied_first
from helpers.calculus.discover.ties import Pattern, find_constants, find_ties
from helpers.calculus.discover.trials import (
    alike,
    contradictions,
    error_at,
    error_with,
    said_of_zeros,
    tried,
)

random = np.random.default_rng(13)
W = random.standard_normal((3, 4))
G3 = np.array([1.0, -2, 0.5])


def off(line, J=W, G=G3, names=(), typical=0.0, **point):
    return error_with(line, np.asarray(G, float), Point(J, {"W": W, **dict(names)}, **point),
                      typical)


def test_the_error_of_a_line_is_relative_to_what_is_right():
    right = G3 @ W
    assert off("G @ W") == 0
    assert off("1.5 * (G @ W)") == pytest.approx(0.5)
    extra = f"G @ W + {0.25 * np.abs(right).max()!r} * (np.arange(4) == 2)"
    assert off(extra) == pytest.approx(0.25)
    assert off("G @ W[:, :3]") == off("np.linalg.inv(0 * W[:, :3]) @ G") == np.inf
    assert off("np.nan * (G @ W)") == np.inf
    assert off("G * 0", np.zeros((3, 3)), [1, 1, 1]) == 0
    assert off("G * 0 + 2", np.zeros((3, 3)), [1, 1, 1]) == 2  # nothing to compare with
    tiny = np.array([[1.0, 1], [-1, -1]])  # whose contraction with this G is 0 but for rounding
    assert off("np.full(2, 1e-6)", tiny, [3, 3]) == pytest.approx(1e-6 / 3e-3)


def test_outputs_at_a_kink_are_not_compared_with_nor_inputs_that_they_take():
    J = np.array([[1.0, 2, 0, 0], [9, 0, 0, 0], [0, 0, 3, 4]])
    clear = np.array([True, False, True])
    other = J.copy()
    other[1] = [7, 0, 0, 0]  # another slope on the other side
    assert off("G @ R", J, names={"R": other}, clear=clear) == 0
    assert off("G @ R + [5, 0, 0, 0]", J, names={"R": other}, clear=clear) == 0
    assert off("G @ R + [0, 5, 0, 0]", J, names={"R": other}, clear=clear) == pytest.approx(5 / 2)
    assert off("G @ R", J, names={"R": other}) > 0.2
    assert off("G @ R", J, names={"R": other}, clear=np.ones(3, bool)) > 0.2


def test_what_the_slopes_are_off_by_is_no_error_of_the_line():
    error = np.full(W.shape, 1e-3)
    most = np.abs(G3 @ W).max()
    for size, allowed in ((1, True), (2.9, True), (3.1, False)):
        line = f"G @ W + {size * 1e-3 * np.abs(G3).sum()!r}"
        assert (off(line, error=error) == 0) is allowed
        assert off(line) == pytest.approx(size * 1e-3 * 3.5 / most)
    assert off("G @ W + 0.02", error=error) == pytest.approx((0.02 - 3e-3 * 3.5) / most)
    assert off("G @ W + np.nan", error=error) == np.inf
    steep = f"G @ W * (W[0, 0] / {W[0, 0]!r})**2000000"  # as many last digits
    assert off(steep, error=0 * error) <= 1e-9 and off(steep + " + 1e-3", error=0 * error) > 1e-5


@pytest.mark.parametrize("chunk", [2, 100])
@pytest.mark.parametrize("outer", [(), (1,), (1, 1)])
def test_where_the_output_is_one_number_the_tensor_is_what_is_right(monkeypatch, chunk, outer):
    monkeypatch.setattr(trials, "CHUNK", chunk)  # above it nothing is contracted
    J = np.array([[3.0, -1, 2], [0, 5, 4]]).reshape(*outer, 2, 3)
    point = Point(J, {"A": J.reshape(2, 3)})
    for G in (np.full(outer, 0.5), np.full(outer, -2.0)):
        assert error_with("G.sum() * A", G, point) < 1e-15
        assert error_with("1.5 * G.sum() * A", G, point) == pytest.approx(0.5)
        assert error_with("G.sum() * A[0]", G, point) == np.inf


def test_a_line_is_tried_with_two_gradients_at_every_point():
    calls = []

    class Noted(np.ndarray):
        pass

    samples = Samples([W, 2 * W], [{"W": W}, {"W": 2 * W}], ("k",), ("i",), "X", 1e-11, "f",
                      more=lambda: calls.append(1) or [Point(3 * W, {"W": 3 * W}),
                                                       Point(4 * W, {"W": W})])
    names = Names(samples.names)
    good = Answer("core", (), 12, "G @ W", names=names)
    assert tried(samples, good) == pytest.approx(3 / 4) and len(calls) == 1  # the last point
    assert error_at("G @ W", samples, (W, {"W": W})) == 0
    wrong = Answer("core", (), 12, "G @ W * 2", names=names)
    assert tried(samples, wrong) == pytest.approx(1) and len(calls) == 1  # falls before
    own = names.fork()
    for i in (0, 1):
        own.added[i]["C"] = (i + 1) * W
    kept = Answer("core", (), 12, "G @ C", names=own)
    assert tried(samples, kept) == 0 and len(calls) == 1 and trials.own_arrays(kept) == {"C"}
    assert contradictions(samples, kept) == []
    against = contradictions(samples, good)
    assert [p.J[0, 0] for p in against] == [4 * W[0, 0]]


def test_points_that_tell_all_come_first():
    some, whole = np.array([True, False, True]), np.ones(3, bool)
    five = 5 * W * (some[:, None] | (np.arange(4) == 0))
    found = [Point(five, {"W": W}, clear=some), Point(6 * W, {"W": W}, clear=whole),
             Point(W, {"W": W}), Point(7 * W, {"W": W})]
    samples = Samples([W, W], [{"W": W}] * 2, ("k",), ("i",), "X", 1e-11, "f", more=lambda: found)
    line = Answer("core", (), 12, "G @ W", names=Names(samples.names))
    order = [p.J[0, 0] / W[0, 0] for p in contradictions(samples, line)]
    assert order == pytest.approx([6, 7, 5])


def test_inputs_as_large_as_one_of_both_signs():
    samples = samples_of(lambda X: X**3, (W,), None, None, None, None, {})
    x = np.array(100 * W)
    found = [p.names["X"] for p in alike(samples, Point(W, {"X": x}))]
    assert len(found) == 5 and all(new.shape == W.shape for new in found)
    assert np.all(found[0] / x > 0.5) and np.all(found[0] / x < 1.5)
    assert (found[2] > 0).all() and (found[3] < 0).all()
    for new in found[2:4]:
        assert np.all(np.abs(new / x) > 0.5) and np.all(np.abs(new / x) < 1.5)
    mixed = np.sort(np.abs(found[1]).ravel()) / np.sort(np.abs(x).ravel())
    assert not np.all(np.sign(found[1]) == np.sign(x)) and mixed.min() > 0.5 and mixed.max() < 2
    assert 0.3 < found[4].std() / x.std() < 2
    bare = Samples([W], [{}], ("k",), ("i",), "X", 1e-11, "this tensor")
    assert alike(bare, Point(W, {"X": x})) == []


@pytest.mark.parametrize("f, words", [
    (lambda X: np.ones(3), "every entry is zero: Y does not depend on this input"),
    (np.round, "every slope is zero: Y is flat here, and jumps"),
    (lambda X: (X > 50) * 1.0, "every slope is zero: Y is flat here, and jumps")])
def test_a_function_without_slopes_is_constant_or_jumps(f, words):
    samples = samples_of(f, (W,), None, None, None, None, {})
    found = said_of_zeros(looked_at(samples, 0))
    assert found.answer.says == words and found.kind == "zero" and found.stored == 0


# -- ties, at sizes that are looked through in pieces

@pytest.mark.parametrize("chunk", [2**20, 3, 1])
def test_large_tensors_are_looked_through_in_pieces(monkeypatch, chunk):
    monkeypatch.setattr(ties, "CHUNK", chunk)
    block = np.broadcast_to(np.arange(4.0)[:, None], (3, 4, 2)).copy()
    assert find_constants([block], "abc", 1e-10) == ("a", "c")
    for place in np.ndindex(block.shape):
        other = block.copy()
        other[place] += 1e-3
        assert find_constants([block, other], "abc", 1e-10) == ()
        assert find_constants([other, block], "abc", 1e-10) == ()
        assert find_constants([other], "abc", 1e-2) == ("a", "c")
        assert not ties.close(block, other, 9e-4) and ties.close(block, other, 1.1e-3)
    assert ties.close(np.float64(3), 3.0, 0) and not ties.close(np.float64(3), 3.1, 0.09)
    assert ties.largest(np.array([[1.0, -7], [3, 2]])) == 7 and ties.largest(np.ones((0, 2))) == 0
    line = np.array([[1.0, 1, 1, 1 + 1e-6]])
    assert not ties.constant_along(line, 1, 1e-7) and ties.constant_along(line, 1, 1e-5)


I = np.eye


@pytest.mark.parametrize("J, outer, inner, found", [
    (I(3), "k", "i", "k k"), (I(3)[::-1], "k", "i", "k k back 0"), (I(1), "k", "i", "k k"),
    (np.ones((2, 3)), "k", "i", "k i"), (np.ones((2, 2)), "k", "i", "k i"),
    (np.einsum("ki,lj->klij", I(2), I(3)), "kl", "ij", "kl kl"),
    (np.einsum("kj,li->klij", I(2), I(3)), "kl", "ij", "kl lk"),
    (np.einsum("ki,lj->klij", I(2), I(2)), "kl", "ij", "kl kl"),
    (np.einsum("kj,li->klij", I(2), I(2)), "kl", "ij", "kl lk"),
    (np.einsum("ki,lj->klij", I(2)[::-1], I(3)), "kl", "ij", "kl kl back 0"),
    (np.einsum("ki,lj->klij", I(2), I(3)[::-1]), "kl", "ij", "kl kl back 1"),
    (np.einsum("ki,lj->klij", I(2)[::-1], I(3)[::-1]), "kl", "ij", "kl kl back 0 1"),
    (np.einsum("ki,kj->kij", I(4), I(4)), "k", "ij", "k kk"),
    (np.einsum("ki,li->kli", I(4), I(4)), "kl", "i", "ll l"), (I(4), "", "ij", " ii"),
    (I(4), "kl", "", "kk "), (np.ones((1, 3, 1)), "kl", "i", "kl k"),
    (np.ones((1, 1, 3)), "k", "ij", "k kj"), (np.ones((3, 1, 1)), "kl", "i", "kl i"),
    (np.einsum("ki,kj->kij", I(1), np.ones((1, 2))), "k", "ij", "k kj")])
def test_ties_of_every_kind(J, outer, inner, found):
    letters, _, back = found.partition(" back ")
    one, two = letters.split(" ")
    pattern = find_ties([J, 2 * J], Pattern(tuple(outer), tuple(inner)))
    assert ("".join(pattern.outer), "".join(pattern.inner)) == (one, two)
    assert pattern.backward == tuple(map(int, back.split()))
    view = pattern.view(J)
    assert np.count_nonzero(view) == np.count_nonzero(J) and view.base is not None
    assert view.ndim == len({*one, *two})


def test_letters_are_those_of_the_course():
    assert ties.letters_for(2, 2) == (("k", "l"), ("i", "j"))
    for outer, inner in ((5, 5), (18, 6), (6, 21)):
        one, two = ties.letters_for(outer, inner)
        assert (len(one), len(two)) == (outer, inner) and len({*one, *two}) == outer + inner


# -- cores and answers

def core(letters, outer="kl", inner="ij", **sizes):
    sizes = {"k": 2, "l": 3, "i": 4, "j": 5, **sizes}
    arrays = [random.standard_normal([sizes[x] for x in letters]) for _ in range(2)]
    return Core(Pattern(tuple(outer), tuple(inner)), tuple(letters), arrays, sizes,
                Names([{"W": W}] * 2), 1e-9)


def test_axes_of_size_one_are_taken_off_a_core_but_for_the_last():
    small = core("kli", l=1).squeezed()
    assert small.letters == ("k", "i") and [a.shape for a in small.arrays] == [(2, 4)] * 2
    one = core("kl", k=1, l=1)
    assert one.squeezed() is one and core("").squeezed().letters == ()
    assert core("kl").shape == (2, 3) and core("kli").size == 24 and core("").size == 1


def test_what_a_core_is_left_from():
    assert not core("klij").pattern_says() and core("kli").pattern_says()
    tied = core("kl", "kl", "kl")
    assert tied.pattern_says() and not tied.mixed
    assert core("ki").mixed and not core("kl").mixed and not core("ij").mixed
    assert not core("kj", "kl", "kj").mixed and core("klj", "kl", "kj").mixed
    own = tied.fork()
    own.names.add("C", tied.arrays)
    assert "C" in own.names.all_at(0) and "C" not in tied.names.all_at(0)


def test_a_tied_axis_of_one_entry_comes_last():
    one = untied_first(core("klj", "kl", "kj", k=1))
    assert one.letters == ("l", "j", "k") and one.arrays[0].shape == (3, 5, 1)
    same = core("klj", "kl", "kj")
    assert untied_first(same).letters == same.letters
    alone = core("kli", k=1)  # of Y alone: it is not tied
    assert untied_first(alone).letters == ("k", "l", "i")


def test_what_answers_are_compared_by():
    names = Names([{"W": W}])
    own = names.fork()
    own.add("C", [W])
    own.add("C", [W])

    def answer(line, stored, names=names, **more):
        return Answer("core", (), stored, line, names=names, **more)

    assert answer("G @ W", 12).price == (12, 0, 5)
    assert answer("G @ C + C1", 12, own).price == (18, 2, 10)
    assert answer("G @ CC", 12, own).price == (12, 0, 6)  # another name that begins so
    operand = Operand("W.T", ("k", "i"), 12)
    term = Term(Pattern(("k",), ("i",)), (operand,))
    by_terms = Answer("core", (term,), 12, names=names)
    assert by_terms.price == (12, 0, 3)
    known = Answer("core", (term,), 12, names=names, known=True)
    assert known.price == (0.5, 0, 3) and Answer("zero", (), 0).price == (0, 0, 0)
