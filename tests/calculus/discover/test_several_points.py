"""What holds at one point alone, or nearly, is no structure; what holds at any size is one.

Every tensor of which a detector says something is looked at together with another that differs a
little or much in the numbers that are left, and at other sizes of its numbers.
"""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.patterns import mixed
from helpers.calculus.discover.samples import samples_of
from helpers.calculus.discover.search import proposed, reduced, whole_core
from helpers.calculus.discover.ties import Pattern
from helpers.calculus.jacobian import fill
from tests.calculus.discover.test_patterns import ODD, TENSORS

random = np.random.default_rng(21)
CASES = [case[:4] for case in TENSORS if case[1] is not None]
named = pytest.mark.parametrize("detector, J, ndim, known", CASES, ids=[
    f"{case[0].__name__}-{i}" for i, case in enumerate(CASES)])


def core_of(J, ndim, known):
    samples = samples_of(np.asarray(J, float), (), ndim, known, None, None, {})
    return reduced(samples, whole_core(samples))[0]


def looked_at(core, detector, arrays):
    """What a detector says of several points with the same known arrays."""
    names = Names(core.names.samples * len(arrays), input_name="X", output_name="Y")
    return proposed(replace(core, arrays=arrays, names=names), detector)


def right(core, answer, arrays, allowed):
    """Whether the line is the contraction of every tensor, with its own arrays there."""
    pattern = core.pattern
    axes, sizes = (*pattern.outer, *pattern.inner), {x: core.sizes[x] for x in pattern.letters}
    for at, array in enumerate(arrays):
        J = pattern.turned(fill(axes, core.letters, array, sizes))
        G = random.standard_normal(J.shape[:len(pattern.outer)])
        line = eval(answer.line, {"np": np, "G": G, **answer.names.all_at(at)})
        size = np.abs(array).max() * np.abs(G).sum()
        np.testing.assert_allclose(line, np.tensordot(G, J, G.ndim), rtol=0, atol=allowed * size)
    return True


@named
def test_what_is_said_of_two_points_is_right_at_both(detector, J, ndim, known):
    core = core_of(J, ndim, known)
    mine = np.array(core.arrays[0])
    other = mine + random.standard_normal(mine.shape) * np.abs(mine).max()
    for arrays in ([mine, other], [other, mine], [mine, other * (mine != 0)]):
        answer = looked_at(core, detector, arrays)
        assert answer is None or right(core, answer, arrays, 1e-10)
    answer = looked_at(core, detector, [mine, mine])
    assert answer and right(core, answer, [mine, mine], 1e-10)


SAME = [(i, j) for i, one in enumerate(CASES) for j, two in enumerate(CASES)
        if i != j and one[0] is two[0] and np.shape(one[1]) == np.shape(two[1])
        and (j - i) % len(CASES) < 4]


@pytest.mark.parametrize("i, j", SAME)
def test_two_of_one_kind_are_one_where_a_line_holds_for_both(i, j):
    known = CASES[j][3] | CASES[i][3]
    one, two = (core_of(*CASES[k][1:3], known) for k in (i, j))
    if (one.pattern, one.letters) == (two.pattern, two.letters):
        arrays = [one.arrays[0], two.arrays[0]]
        answer = looked_at(one, CASES[i][0], arrays)
        assert answer is None or right(one, answer, arrays, 1e-10)


@named
def test_what_is_nearly_so_is_not_said(detector, J, ndim, known):
    core = core_of(J, ndim, known)
    mine = core.arrays[0]
    near = mine * (1 + 1e-8 * random.standard_normal(mine.shape))
    answer = looked_at(core, detector, [near])
    assert answer is None or right(core, answer, [near], 1e-10)
    rounded = mine * (1 + 1e-13 * random.standard_normal(mine.shape))
    answer = looked_at(core, detector, [rounded])
    assert detector.__name__ in ("gather", "moves") or right(core, answer, [rounded], 1e-10)


@named
@pytest.mark.parametrize("size", [1e-7, 1e6])
def test_a_multiple_is_of_the_same_kind(detector, J, ndim, known, size):
    core = core_of(J, ndim, known)
    once, scaled = (looked_at(core, detector, [factor * core.arrays[0]]) for factor in (1, size))
    if scaled:
        assert once.kind == scaled.kind and right(core, scaled, [size * core.arrays[0]], 1e-10)
    else:  # no longer ones, or a multiple of what is known that has no short name
        assert known or detector.__name__ in ("gather", "moves")


@pytest.mark.parametrize("detector, J, ndim, known", ODD, ids=[
    f"{case[0].__name__}-{i}" for i, case in enumerate(ODD)])
def test_what_is_of_no_kind_is_of_none_at_two_points(detector, J, ndim, known):
    core = core_of(J, ndim, known)
    arrays = [core.arrays[0], 2 * core.arrays[0]]
    answer = looked_at(core, detector, arrays)
    assert answer is None or right(core, answer, arrays, 1e-10)


# -- words of a product, with exponents and deltas

@pytest.mark.parametrize("text, power, said", [
    ("W", 1, "W"), ("X - b", 1, "(X - b)"), ("X - b", 2, "(X - b)**2"), ("X", -1, "1 / X"),
    ("(a + b)", -2, "1 / (a + b)**2"), ("W", 3, "W**3"), ("np.exp(X)", -1, "1 / np.exp(X)")])
def test_a_word_with_an_exponent(text, power, said):
    word = SimpleNamespace(text=text, letters=("k", "j"))
    assert mixed.factors([(word, power), (word, 1)]) == [
        (said, ("k", "j")), (mixed.factors([(word, 1)])[0][0], ("k", "j"))]


def test_deltas_tie_an_axis_of_y_to_one_of_the_input():
    core = SimpleNamespace(letters="klj", sizes={"k": 3, "l": 1, "j": 2, "n": 9})
    assert mixed.deltas(core) == ["np.eye(2)", "np.tri(2)", "np.eye(3)", "np.tri(3)"]
    pattern = Pattern(("n", "k"), ("n", "j"))
    for letters, tie in (("kj", ("k", "j")), ("jk", ("k", "j")), ("nj", None), ("kk", None),
                         ("jj", None), ("kn", ("k", "n"))):
        assert mixed.tied(pattern, letters) == tie
    twice = mixed.answer(SimpleNamespace(
        pattern=pattern, size=12, sizes={"n": 2, "k": 3, "j": 3}, names=Names([{
            "W": np.ones((3, 3)), "v": np.ones(2)}])), [
        ([("np.eye(3)", ("k", "j")), ("v", ("n",))], "2"), ([("W", ("k", "j"))], "-1")])
    assert [(term.pattern, [(op.text, op.letters, op.stored) for op in term.operands], term.scale)
            for term in twice.terms] == [
        (Pattern(("n", "k"), ("n", "k")), [("v", ("n",), 2)], "2"),
        (pattern, [("W", ("k", "j"), 9)], "-1")]
    assert (twice.kind, twice.stored, twice.says) == ("sum of two", 11, "a sum of 2 products")
