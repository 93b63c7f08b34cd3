"""An input that enters twice: two diagonals, what lies on each, and what lies on both."""

import numpy as np
import pytest

from helpers.calculus.discover.patterns.two_ties import (
    averaged,
    both,
    covered,
    on,
    shared_out,
    spread,
    tied_again,
    two_ties,
    view,
)
from helpers.calculus.discover.ties import Pattern
from tests.calculus.discover.cores import core_of

random = np.random.default_rng(36)
I = np.eye
A, B = random.standard_normal((2, 3, 3))
v, w = random.standard_normal((2, 3))


def test_the_mask_of_a_diagonal():
    sizes = {"k": 3, "l": 2, "i": 3}
    mask = on("kli", sizes, ("k", "i"))
    assert mask.shape == (3, 1, 3)
    np.testing.assert_array_equal(mask[:, 0], I(3) == 1)
    np.testing.assert_array_equal(on("kil", sizes, ("i", "k"))[..., 0], I(3) == 1)


def test_what_lies_off_both_diagonals():
    for at in np.ndindex(3, 3, 3):
        k, l, i = at
        block = np.zeros((3, 3, 3))
        block[at] = -1
        assert covered(block, "kli", ("k", "i"), ("l", "i")) is (k == i or l == i)
        assert covered(block, "kli", ("k", "i"), ("k", "l")) is (k in (i, l))


def test_a_diagonal_is_a_view_without_the_second_letter():
    x = random.standard_normal((3, 2, 3))
    seen = view(x, "kli", ("k", "i"))
    np.testing.assert_array_equal(seen, [[x[k, l, k] for l in range(2)] for k in range(3)])
    seen[1, 0] = 99
    assert x[1, 0, 1] == 99
    np.testing.assert_array_equal(view(x, "kli", ("i", "k")), seen.T)


def masked(values, mask):
    return np.ma.array(values, mask=mask)


def test_how_far_what_is_seen_differs():
    x = np.array([[1.0, 5, 9], [2, -4, 9]])
    none = np.zeros((2, 3), bool)
    assert (spread(masked(x, none), 0), spread(masked(x, none), 1)) == (9, 13)
    some = np.array([[0, 1, 0], [0, 0, 0]], bool)  # the 5
    assert (spread(masked(x, some), 0), spread(masked(x, some), 1)) == (1, 13)
    other = np.array([[0, 0, 0], [0, 1, 0]], bool)  # the -4
    assert (spread(masked(x, other), 0), spread(masked(x, other), 1)) == (1, 8)
    assert spread(masked(x, none | True), 0) == 0.0


def test_what_is_seen_in_sums_alone_is_shared():
    plain = np.array([10.0, 4, 8, 20])
    core = masked(np.array([1.0, 2, 3, 5]), [False, True, True, False])
    np.testing.assert_array_equal(shared_out(core, plain), [1, 4 - 3, 8 - 3, 5])


def test_a_number_times_an_identity_is_a_tie():
    tie = Pattern(("k", "l"), ("k", "j"))
    for number in (1.0, -2.5):
        pattern, numbers = tied_again(tie, [number * I(3), 3 * I(3)], ("l", "j"), 1e-9)
        assert pattern == Pattern(("k", "l"), ("k", "l"))
        assert [n.tolist() for n in numbers] == [number, 3] and numbers[0].shape == ()
    for cores, letters in (([A], "lj"), ([I(3), A], "lj"), ([A, I(3)], "lj"), ([v], "l"),
                           ([I(3)[:, :, None]], "ljm"), ([I(3) + 1e-6], "lj"),
                           ([np.ones((3, 4))], "lj")):
        pattern, same = tied_again(tie, cores, tuple(letters), 1e-9)
        assert pattern is tie and same is cores
    assert tied_again(tie, [I(3) + 1e-12], ("l", "j"), 1e-9)[0].inner == ("k", "l")
    assert tied_again(tie, [I(3)], ("k", "j"), 1e-9)[0] is tie  # k is tied already
    assert tied_again(Pattern(("k",), ("k",)), [I(3)], ("l", "j"), 1e-9)[0].outer == ("k",)


def test_constant_axes_are_taken_off_where_one_diagonal_is_alone():
    sizes = {"k": 3, "l": 3, "i": 3}
    # on k = i every entry is v[l], but on l = i too there is more
    part = np.broadcast_to(v, (3, 3)) + 100 * np.diag(w)
    cores, kept = averaged([part, 2 * part], ("k", "l"), sizes, ("k", "i"), ("l", "i"), 1e-9)
    assert kept == ("l",)
    np.testing.assert_allclose(cores, [v, 2 * v])
    cores, kept = averaged([part, 2 * part + A], ("k", "l"), sizes, ("k", "i"), ("l", "i"), 1e-9)
    assert kept == ("k", "l") and cores[0].shape == (3, 3)
    # the last of two: as it is
    part = np.broadcast_to(v[:, None], (3, 3))
    cores, kept = averaged([part], ("k", "l"), sizes, ("l", "i"), None, 1e-9)
    assert kept == ("k",) and np.array_equal(cores[0], v)
    cores, kept = averaged([A], ("k", "l"), sizes, ("l", "i"), None, 1e-9)
    assert kept == ("k", "l") and np.array_equal(cores[0], A)


def test_an_entry_on_both_diagonals_may_be_anything():
    # a core of k alone: with k = l it is on the other diagonal as well
    part = np.broadcast_to(v[:, None], (3, 3)) + 100 * np.diag(w)
    cores, kept = averaged([part], ("k", "l"), {"k": 3, "l": 3, "i": 3}, ("k", "i"), ("l", "i"),
                           1e-9)
    assert kept == ("k",)
    np.testing.assert_allclose(cores[0], v)


def told(answer, shape):
    """The tensor [k, l, i] or [k, l, i, j] that the terms say."""
    names, whole = {"np": np, **answer.names.all_at(0)}, 0
    for term in answer.terms:
        scale = eval(term.scale, dict(names))
        value = [eval(op.text, dict(names)) for op in term.operands]
        letters = "".join(term.pattern.letters)
        block = np.einsum(",".join(["".join(op.letters) for op in term.operands] + [letters])
                          + f"->{letters}", *value, np.ones([3] * len(letters)))
        J = np.zeros(shape)
        axes = (*term.pattern.outer, *term.pattern.inner)
        for at in np.ndindex(shape):
            index = {}
            if all(index.setdefault(x, i) == i for x, i in zip(axes, at, strict=True)):
                J[at] = scale * block[tuple(index[x] for x in letters)]
        whole = whole + J
    return whole


ON_K, ON_L = np.einsum("ki,kl->kli", I(3), np.ones((3, 3))), np.einsum("li,kl->kli", I(3),
                                                                       np.ones((3, 3)))
CASES = [  # the tensor, what is known, numbers stored
    (ON_K * v[None, :, None] + ON_L * v[:, None, None], {"v": v}, 3),
    (ON_K * v[None, :, None] - 2 * ON_L * w[:, None, None], {"v": v, "w": w}, 6),
    (ON_K * v[:, None, None] + ON_L * w[None, :, None], {}, 6),
    (ON_K + ON_L, {}, 0), (3 * ON_K - ON_L, {}, 1),
    # where both lie there is one sum: neither is known
    (ON_K * A[:, :, None] + ON_L * v[:, None, None], {"A": A, "v": v}, 18)]


@pytest.mark.parametrize("J, known, stored", CASES)
def test_two_terms_say_the_tensor(J, known, stored):
    core = core_of("kl", "i", "kli", J, known=[known])
    for answer in (two_ties(core), both(core.fork(), ("k", "i"), ("l", "i"))):
        np.testing.assert_allclose(told(answer, J.shape), J, atol=1e-12)
        assert (answer.kind, answer.stored, len(answer.terms)) == ("sum of two", stored, 2)
        assert answer.says == ("the input enters twice, so two ties, one after the other, are "
                               "added up")
    for at in ((0, 0, 0), (1, 1, 1)):  # what lies on both
        other = J.copy()
        other[at] += 0.5
        found = two_ties(core_of("kl", "i", "kli", other, known=[known]))
        assert found is None or np.allclose(told(found, J.shape), other)
    other = J.copy()
    other[0, 1, 2] = 1e-12
    assert two_ties(core_of("kl", "i", "kli", other, known=[known])) is None
    assert two_ties(core_of("kl", "i", "kli", J, other, known=[known])) is None
    assert two_ties(core_of("kl", "i", "kli", other, J, known=[known])) is None


def test_a_matrix_times_its_transpose():
    J = np.einsum("ki,lj->klij", I(3), A) + np.einsum("li,kj->klij", I(3), A)
    answer = two_ties(core_of("kl", "ij", "klij", J, known=[{"A": A}]))
    np.testing.assert_allclose(told(answer, J.shape), J)
    assert [(op.text, op.letters) for term in answer.terms for op in term.operands] == [
        ("A", ("l", "j")), ("A", ("k", "j"))] and answer.stored == 9
    J = np.einsum("ki,lj->klij", I(3), I(3)) + np.einsum("li,kj->klij", I(3), -2 * I(3))
    answer = two_ties(core_of("kl", "ij", "klij", J))
    np.testing.assert_allclose(told(answer, J.shape), J)
    assert [term.operands for term in answer.terms] == [(), ()] and answer.stored == 1
    points = [J, np.einsum("ki,lj->klij", I(3), 5 * I(3)) + np.einsum("li,kj->klij", I(3), I(3))]
    known = [{"a": np.array(1.0), "b": np.array(-2.0)}, {"a": np.array(5.0), "b": np.array(1.0)}]
    answer = two_ties(core_of("kl", "ij", "klij", *points, known=known))
    assert [term.scale for term in answer.terms] == ["a", "b"] and answer.stored == 2


@pytest.mark.parametrize("outer, inner, letters, shape", [
    ("kl", "i", "kli", (3, 2, 3)), ("k", "i", "ki", (3, 3)), ("kl", "ki", "kli", (3, 3, 3)),
    ("kl", "i", "kli", (1, 1, 1))])
def test_too_few_axes_that_could_be_tied(outer, inner, letters, shape):
    assert two_ties(core_of(outer, inner, letters, np.zeros(shape))) is None
