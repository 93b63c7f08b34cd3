"""What is left of a tensor, written down: numbers, places, names, and the formula of one entry."""

import numpy as np
import pytest

from helpers.calculus.discover import derivation
from helpers.calculus.discover.cores import (
    along,
    gather,
    gathered,
    held,
    index_text,
    moves,
    named,
    one_hot,
    operand_of,
    permutation,
    scalar,
    spelled,
    subscripts,
)
from helpers.calculus.discover.functions import alone, tried
from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.own_operation import input_names, operation_of
from helpers.calculus.discover.samples import Samples
from helpers.calculus.discover.search import reduced, whole_core
from helpers.calculus.discover.terms import Answer, Core, Operand, Term
from helpers.calculus.discover.ties import Pattern, letters_for

random = np.random.default_rng(29)
X, Z = random.standard_normal((2, 3, 4))
EYE = np.eye(4)


def core_of(arrays, letters, outer, inner, *known, tolerance=1e-9, backward=()):
    """A core at as many points as there are arrays."""
    arrays = [np.array(a, float) for a in arrays]
    names = [*known, *[{}] * (len(arrays) - len(known))]
    return Core(Pattern(tuple(outer), tuple(inner), backward), tuple(letters), arrays,
                dict(zip(letters, arrays[0].shape, strict=True)), Names(names), tolerance)


def core_left(f, shape, points=2, **known):
    """(core, tensor) of a linear function."""
    columns = [f(e.reshape(shape)) for e in np.eye(int(np.prod(shape)))]
    J = np.moveaxis(np.array(columns), 0, -1).reshape(*columns[0].shape, *shape)
    at = [{**known, "X": random.standard_normal(shape)} for _ in range(points)]
    samples = Samples([J] * points, at, *letters_for(J.ndim - len(shape), len(shape)), "X", 1e-11,
                      "f")
    return reduced(samples, whole_core(samples))[0], J


# -- one number, one 1 on a line

def test_the_same_number_everywhere_has_its_name_or_a_new_one():
    for value, text, stored in ((1, "1", 0), (-1, "-1", 0), (2.5, "2.5", 1), (1 / 3, "1 / 3", 1)):
        found = scalar(core_of([np.full(4, value)] * 2, "k", "k", "k"))
        assert (found.terms[0].scale, found.stored, found.kind) == (text, stored, "constant")
        assert found.says == f"one number is left: {text}"
    moving = core_of([np.full(4, np.pi), np.full(4, 7.7)], "k", "k", "k")
    found = scalar(moving)
    assert found.terms[0].scale == "c" and found.stored == 1
    assert [moving.names.all_at(i)["c"] for i in (0, 1)] == [np.pi, 7.7]
    half = [np.array([2.0, 1.5]), np.array([2.0, 2])]
    assert scalar(core_of(half, "k", "k", "k", tolerance=0.25)) is not None  # ½ of 2 is as much
    for wrong in (half[::-1], half):
        assert scalar(core_of(wrong, "k", "k", "k", tolerance=0.2499)) is None
    for dead in ([0, 0], [[0], [1]], [[1], [0]]):
        assert scalar(core_of(dead, "k"[:np.ndim(dead[0])], "k", "k")) is None


@pytest.mark.parametrize("array, axis, tolerance, told", [
    (EYE, 0, 0, True), (EYE, 1, 0, True), (EYE[[0, 0, 1]], 1, 0, True),
    (EYE[[0, 0, 1]], 0, 0, False), ([[1, 1], [0, 0]], 1, 0, False), ([[1, 1], [0, 0]], 0, 0, True),
    ([[1.5, 0], [0, 1]], 1, 0.5, True), ([[1.5, 0], [0, 1]], 1, 0.49, False),
    ([[0.5, 0], [0, 1]], 1, 0.5, True), ([[2, 0], [0, 2]], 1, 1e-9, False),
    ([[-1, 0], [0, 1]], 1, 1e-9, False), (np.zeros((0, 3)), 1, 0, True)])
def test_a_single_one_on_every_line(array, axis, tolerance, told):
    assert bool(one_hot(np.array(array, float), axis, tolerance)) is told


def test_how_many_numbers_a_name_stores():
    """Fewer than its arrays where at most one entry of a line counts: a place says which."""
    M = X == X.max(1, keepdims=True)
    known = {"X": X, "v": X[0], "M": M, "c": np.float64(2)}

    def stored(arrays, text, letters="kl"):
        return held(core_of(arrays, letters, letters, letters, known), text)

    dense = [X, Z]
    assert stored(dense, "X") == 12 and stored(dense, "v * c") == 5 and stored(dense, "np.pi") == 12
    assert stored([M, M], "M") == 3                    # a place on each of three rows
    assert stored([2 * M, M], "c * M") == 4            # and the number
    assert stored([M * X[0], M], "M * v") == 7 and stored([M * X, M], "M * X") == 12
    two = np.array([[1.0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    assert stored([two, M], "M") == 4                  # two on a row: along the columns alone
    assert stored([two, 2 * M], "c * M") == 5          # a place on each of four, and the number


def test_places_that_are_known_have_a_name():
    one, other = {"X": X, "p": X.argmax(1)}, {"X": Z, "p": Z.argmax(1)}

    def told(places, **more):
        core = core_of([EYE, EYE], "ki", "k", "i", one, other)
        return index_text(core, [np.asarray(places(at["X"])) for at in (one, other)], **more)

    assert told(lambda x: x.argmax(1)) == "X.argmax(-1)" and told(lambda x: x.argmin(0)) == (
        "X.argmin(-2)")
    assert told(lambda x: np.argsort(x, 0)) == "np.argsort(X, -2)"
    assert told(lambda x: np.argsort(x, 1)) == "np.argsort(X, -1)"
    assert told(lambda x: X.argmax(1)) == "index" and told(lambda x: Z.argmax(1)) == "index"
    assert told(lambda x: X.argmax(1), known_only=True) is None
    only = core_of([EYE, EYE], "ki", "k", "i", {"p": one["p"]}, {"p": other["p"]})
    assert index_text(only, [one["p"], other["p"]]) == "p"


@pytest.mark.parametrize("letters, axis, text, order, stored", [
    ("ki", 1, "index[:, None] == np.arange(4)", "ki", 3),
    ("ik", 0, "index[:, None] == np.arange(4)", "ki", 3),
    ("kli", 2, "index[:, :, None] == np.arange(4)", "kli", 6),
    ("kil", 1, "index[:, :, None] == np.arange(4)", "kli", 6),
    ("i", 0, "index[..., None] == np.arange(4)", "i", 1)])
def test_places_are_compared_with_all_numbers_of_an_axis(letters, axis, text, order, stored):
    shape = [{"k": 3, "l": 2}[x] for x in order[:-1]]
    places = [random.integers(4, size=shape) for _ in range(2)]
    arrays = [np.moveaxis(EYE[p], -1, axis) for p in places]
    core = core_of(arrays, letters, order[:-1] or "k", "i")
    found = gathered(core, axis)
    operand, = found.terms[0].operands
    assert (operand.text, operand.letters, operand.stored) == (text, tuple(order), stored)
    assert (found.kind, found.stored) == ("gather", stored)
    assert found.says == ("every line along axis i has a single 1: its place, index, is all to "
                          "keep")
    for i, array in enumerate(arrays):
        mask = eval(text, {"np": np, **core.names.all_at(i)})
        np.testing.assert_array_equal(np.moveaxis(mask, -1, axis), array)


# -- numbers that change places

@pytest.mark.parametrize("outer, inner, a, b, found", [
    ("kl", "kj", 1, 2, ("l", "j", 1)), ("kl", "kj", 2, 1, ("l", "j", 1)),
    ("kl", "il", 0, 2, ("k", "i", 0)), ("kl", "jk", 1, 2, None), ("kl", "kj", 0, 2, None),
    ("kl", "kj", 0, 1, None), ("kl", "ij", 0, 2, None)])
def test_one_axis_that_is_mapped_to_one_of_the_result(outer, inner, a, b, found):
    letters = tuple(dict.fromkeys(outer + inner))
    sizes = [3] * len(letters)
    core = core_of([np.ones(sizes)], letters, outer, inner)
    assert along(core, a, b) == found
    assert along(core_of([np.ones(sizes)], letters, outer, inner, backward=(0,)), a, b) is None


P, Q = np.array([2, 0, 3, 1]), np.array([[2, 0, 3, 1], [0, 1, 3, 2], [3, 2, 1, 0]])
ROWS = np.array([[2, 0, 1, 1], [0, 1, 2, 0], [1, 2, 0, 2]])
PERMUTED = {  # function, shape of X, what is known: the line, numbers kept
    "places": (lambda x: x[P], (4,), {}, "G[index]", 4),
    "known": (lambda x: x[P], (4,), {"p": P}, "G[np.argsort(p, -1)]", 4),
    "known the other way": (lambda x: x[P], (4,), {"q": np.argsort(P)}, "G[q]", 4),
    "known as numbers": (lambda x: x[P], (4,), {"q": np.argsort(P) * 1.0}, "G[q.astype(int)]", 4),
    "columns": (lambda X: X[:, P], (3, 4), {}, "G[:, index]", 4),
    "rows": (lambda X: X[P], (4, 2), {}, "G[index]", 4),
    "each row": (lambda X: np.take_along_axis(X, Q, 1), (3, 4), {},
                 "np.take_along_axis(G, index, -1)", 12),
    "each row, known": (lambda X: np.take_along_axis(X, Q, 1), (3, 4), {"Q": Q},
                        "np.take_along_axis(G, np.argsort(Q, -1), -1)", 12),
    "each column": (lambda X: np.take_along_axis(X, ROWS, 0), (3, 4), {},
                    "np.take_along_axis(G, index, -2)", 12),
    "each column, known": (lambda X: np.take_along_axis(X, ROWS, 0), (3, 4), {"R": ROWS},
                           "np.take_along_axis(G, np.argsort(R, -2), -2)", 12),
}


@pytest.mark.parametrize("name", PERMUTED)
def test_numbers_that_change_places(name):
    f, shape, known, line, stored = PERMUTED[name]
    core, J = core_left(f, shape, **known)
    found = gather(core)
    assert (found.kind, found.line, found.stored, found.multiplications) == (
        "permutation", line, stored, 0)
    assert found.says.startswith("every row and column has a single 1: the numbers along axis ")
    G = random.standard_normal(J.shape[:-len(shape)])
    for i in (0, 1):
        np.testing.assert_array_equal(eval(line, {"np": np, "G": G, **found.names.all_at(i)}),
                                      np.tensordot(G, J, G.ndim))


def test_places_along_two_of_three_axes_are_no_permutation_of_one():
    core, _ = core_left(lambda X: np.take_along_axis(X, ROWS[None, :, :2], 1), (2, 3, 2))
    assert permutation(core, core.letters.index("l")) is None
    assert gather(core).kind == "gather"
    assert gather(core_left(lambda x: 2 * x[P], (4,))[0]) is None


def test_entries_that_are_anywhere_are_kept_by_their_places():
    to = random.permutation(12)[:6]
    core, J = core_left(lambda X: X.ravel()[to].reshape(2, 3), (3, 4))
    found = moves(core)
    assert (found.kind, found.line, found.stored, found.multiplications) == (
        "gather", "np.bincount(index, G.ravel(), 12).reshape(3, 4)", 6, 0)
    assert found.says == "every entry of Y is one entry of the input: its place is all to keep"
    G = random.standard_normal((2, 3))
    np.testing.assert_array_equal(eval(found.line, {"np": np, "G": G, **core.names.all_at(1)}),
                                  np.tensordot(G, J, 2))
    flat, _ = core_left(lambda X: X.ravel()[to], (3, 4))
    assert moves(flat).line == "np.bincount(index, G, 12).reshape(3, 4)"
    order, _ = core_left(lambda X: X.ravel(), (3, 4))
    assert (moves(order).line, moves(order).stored, moves(order).kind) == (
        "G.reshape(3, 4)", 0, "reshape")
    first, _ = core_left(lambda X: X.ravel()[:6], (3, 4))
    assert moves(first).kind == "gather"  # in order, but not all of them
    assert moves(core_left(lambda X: 2 * X.ravel(), (3, 4))[0]) is None
    assert moves(core_left(lambda x: x[P], (4,))[0]) is None
    moved = core_of([np.eye(6).reshape(6, 2, 3), np.eye(6)[::-1].reshape(6, 2, 3)], "kij", "k",
                    "ij")
    assert moves(moved).kind == "gather"  # in order at one of two points


def test_an_operand_is_written_in_the_cheapest_way():
    one, other = {"W": X}, {"W": Z}
    found = operand_of(core_of([2 * X, 2 * Z], "kl", "kl", "kl", one, other))
    assert found == (Operand("W", ("k", "l"), 12), "2")
    assert operand_of(core_of([3 + 0 * X] * 2, "kl", "kl", "kl")) == (Operand("1.0", (), 0), "3")
    assert operand_of(core_of([X, Z], "kl", "kl", "kl")) == (Operand("C", ("k", "l"), 12), "1")
    assert operand_of(core_of([EYE[[0, 2, 2]]] * 2, "ki", "k", "i")) == (
        Operand("index[:, None] == np.arange(4)", ("k", "i"), 3), "1")
    told = named(core_of([-X, -Z], "kl", "kl", "kl", one, other))
    assert told.known and told.says == "the numbers left are -1 · W" and told.stored == 12
    less = named(core_of([np.exp(X), np.exp(Z)], "kl", "kl", "kl", one, other))
    assert not less.known and less.says == "the numbers left are np.exp(W)"


@pytest.mark.parametrize("letters, outer, inner, backward, text, added", [
    ("ki", "k", "i", (), "k,ki->i", []), ("k", "k", "k", (), "k,k->k", []),
    ("", "k", "i", (), "k,i->i", [("i", "", False)]), ("k", "k", "kk", (), "k,kA->kA",
                                                       [("k", "A", False)]),
    ("k", "k", "k", (0,), "k,kA->A", [("k", "A", True)]),
    ("A", "A", "AA", (), "A,AB->AB", [("A", "B", False)])])
def test_subscripts_of_an_einsum_for_every_axis(letters, outer, inner, backward, text, added):
    sizes = {"k": 3, "i": 4, "A": 5}
    core = core_of([np.ones([sizes[x] for x in letters])], letters, outer, inner,
                   backward=backward)
    core.sizes.update(sizes)
    assert subscripts(core) == (text, added)
    assert spelled(core).shape == tuple(
        {**sizes, "A": 5 if letters == "A" else 3, "B": 5}[x] for x in text[2:text.index("-")])


# -- the formula of one entry

@pytest.mark.parametrize("text, told", [
    ("a", "a"), ("-a", r"\left(-a\right)"), ("a + b", r"\left(a + b\right)"), ("a-b", "a-b"),
    (r"\frac{a + b}{2}", r"\frac{a + b}{2}"), ("(a + b)", "(a + b)"), ("[a - b]c", "[a - b]c"),
    ("(a) - b", r"\left((a) - b\right)"), ("{a} + {b}", r"\left({a} + {b}\right)"), ("", "")])
def test_a_sum_on_the_outside_has_brackets(text, told):
    assert derivation.factor(text) == told


def test_what_is_one_is_left_out_of_a_product():
    assert derivation.times("", "a + b") == "a + b" and derivation.times("d", "1") == "d"
    assert derivation.times("d", "a + b") == r"d\,\left(a + b\right)"
    assert derivation.product("G", "1") == "G" and derivation.product("G", "a") == r"G\,a"
    assert derivation.product("G", "-a") == r"G\,\left(-a\right)"
    assert derivation.index(()) == derivation.summed(()) == ""
    assert derivation.index("nk") == "_{nk}" and derivation.summed("nk") == r"\sum_{nk} "


def low(diagonal="d", side="i", factors=(("-1", "u", "v"),), letters=(("k",),)):
    return derivation.low_rank_entry(
        {"axes": ("k", "i"), "diagonal": diagonal, "side": side, "letters": ("k",),
         "factors": factors, "factor_letters": letters},
        dict.fromkeys("duv", (3,)), {"k": 3, "i": 3})


def test_a_diagonal_less_an_outer_product_in_a_formula():
    assert low() == r"d_{k}\,\left(\delta_{ki} - u_{k}\,v_{i}\right)"
    assert low("1") == r"\delta_{ki} - u_{k}\,v_{i}"
    assert low(side=None) == r"d_{k}\,\delta_{ki} - u_{k}\,v_{i}"
    assert low("1", factors=(("1", "1", "1"),), letters=((),)) == r"\delta_{ki} + 1"
    assert low("1", factors=(("-0.2", "u", "1"), ("3", "1", "v")), letters=(("k",),) * 2) == (
        r"\delta_{ki} - 0.2\,u_{k} + 3\,v_{i}")
    assert low("d + u") == (
        r"\left(d_{k} + u_{k}\right)\,\left(\delta_{ki} - u_{k}\,v_{i}\right)")


# -- what a function is called with

def test_as_many_names_as_there_are_inputs():
    assert input_names(lambda a, b, c: a, 1) == ("a",)
    assert input_names(lambda a, b, c: a, 2) == ("a", "b")
    assert input_names(lambda a, *, key=1: a, 2) == ("X", "W")
    op = operation_of(lambda a, b=2.0: a * b, X)
    assert op.inputs == ("a",) and op.numpy == "f(a)"


def test_what_stands_still_is_known_if_it_is_a_number():
    calls = []

    def f(A, B, name, C=1.0):
        calls.append((B, name, C))
        return A * 2

    given = (X, [1, 2], "text", True)
    g, x, known, called = alone(f, given, None, None, {})
    assert x is X and called == "A" and known == {"B": [1, 2], "C": True}
    g(X)
    assert calls == [([1, 2], "text", True)]
    assert alone(f, given, {"B": 7, "T": 1}, "A", {})[2] == {"B": 7, "C": True, "T": 1}
    Y = tried(lambda x: (x * 2).tolist(), X, "f")
    assert isinstance(Y, np.ndarray) and np.array_equal(Y, 2 * X)
    assert Answer("core", (Term(Pattern((), ()), (), "2"),), 1).products({}) == 1
