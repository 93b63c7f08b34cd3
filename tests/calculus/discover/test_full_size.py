"""From two smaller sizes to the full one: sizes that are tried, numbers, texts, whole answers."""

import ast
from types import SimpleNamespace

import numpy as np
import pytest

from helpers import OPERATIONS
from helpers.calculus.discover.large.corner import (
    FEWER,
    MOST,
    SEVERAL,
    SIZES,
    Fit,
    at_full_size,
    both,
    corner,
    folded,
    looked_at_sizes,
    quantities,
    settings,
    shrunk,
    unfolded,
    works,
)
from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.terms import Answer, Core, Operand, Term
from helpers.calculus.discover.ties import Pattern
from helpers.calculus.errors import ShapeError

FIT = Fit([5, 6, 30], [6, 7, 42], [64, 1024, 65_536])


# -- numbers

@pytest.mark.parametrize("a, b, full", [
    (10, 12, 128), (1 / 10, 1 / 12, 1 / 128), (3 * 5**0.5, 3 * 6**0.5, 24.0),
    (2 / 30**0.5, 2 / 42**0.5, 2 / 256), (0.2, 1 / 6, 1 / 64), (2.5, 3.0, 32.0),
    (9, 10, 68), (0, 1, 59), (-5, -6, -64), (-1, 0, 58), (7.5, 8.5, None), (1, 99, None),
    (7, 7, 7), (0.1, 0.1, 0.1)])
def test_a_number_grows_as_a_size_or_its_root_or_beside_it(a, b, full):
    found = FIT.number(a, b)
    assert found == (full if full is None else pytest.approx(full, rel=1e-14))
    assert type(found) is (type(full) if full is None else type(a))


def test_a_number_fits_to_nine_digits():
    assert FIT.number(0.2, (1 + 1e-10) / 6) == pytest.approx(1 / 64)
    assert FIT.number(0.2, (1 + 1e-8) / 6) is None


def test_the_same_triple_of_sizes_counts_once():
    fit = Fit([5, 5, 6], [6, 6, 7], [64, 64, 9])
    assert fit.three == [(5, 6, 64), (6, 7, 9)]
    assert Fit([5, 5], [6, 6], [64, 9]).number(5, 6) == 64  # the first that fits


@pytest.mark.parametrize("a, b, full", [
    (5, 6, 64), (25, 30, 320), (36, 49, 65_536 + 1024), (15, 18, 192), (20, 24, None),
    (5, 7, None), (None, 6, None), (5, None, 5), (0, 0, 0)])
def test_a_count_is_a_sum_of_up_to_three_sizes_or_five_times_one(a, b, full):
    assert FIT.count(a, b) == full


def test_four_or_six_of_one_size_are_no_count():
    fit = Fit([7], [11], [100])
    assert [fit.count(7 * n, 11 * n) for n in range(1, 7)] == [100, 200, 300, None, 500, None]


# -- texts

@pytest.mark.parametrize("text, tree", [
    ("-1 / 8", "-0.125"), ("1 / 8", "0.125"), ("-8", "-8"), ("3 / 4 / 2", "0.375"), ("a / 2", None),
    ("2 / a", None), ("1 + 2", None), ("-a", None), ("~5", None), ("2 * 3", None)])
def test_a_quotient_of_numbers_is_one_number(text, tree):
    found = folded(ast.parse(text, mode="eval"))
    assert ast.unparse(found) == (text if tree is None else tree)


@pytest.mark.parametrize("value, text", [
    (1 / 65536, "1 / 65536"), (-1 / 65536, "-1 / 65536"), (0.125, "0.125"), (0.0625, "0.0625"),
    (1 / 3, "1 / 3"), (-1 / 3, "-1 / 3"), (2 / 3, repr(2 / 3)), (0.25, "0.25"), (0.0, "0"),
    (1.0, "1"), (-4.0, "-4"), (1e9, "1000000000.0"), (999_999_999.0, "999999999"), (2.5, "2.5"),
    (1 / 3 * (1 + 1e-11), repr(1 / 3 * (1 + 1e-11))), (0.015625, "1 / 64"),
    (-0.015625, "-1 / 64"), (0.00625, "1 / 160"), (0.0031, "0.0031")])
def test_a_reciprocal_is_written_as_a_person_writes_it(value, text):
    assert ast.unparse(unfolded(ast.Expression(ast.Constant(value)))) == text


def test_a_number_that_is_none_stays():
    kept = ast.unparse(unfolded(ast.parse("f('a', True, 3, None)", mode="eval")))
    assert kept == "f('a', True, 3, None)"


def test_a_text_of_other_numbers_but_the_same_words():
    assert FIT.text("G[5] + 30", "G[6] + 42") == "G[64] + 65536"
    assert FIT.text("G * X / 5", "G / X / 6") is None   # other signs
    assert FIT.text("f(5, 'a')", "f(6, 'b')") is None
    assert FIT.text("f(5, 3)", "f(6, 'b')") is None
    assert FIT.text("f(5)", "f(6, 6)") is None and FIT.text("f(3)", "f(99)") is None
    assert FIT.text("a + 5.0 * G", "a + 6.0 * G") == "a + 64 * G"


def test_a_sentence_keeps_what_fits_nothing():
    assert FIT.words("5 of 2 in 8", "6 of 9 in 8") == "64 of 2 in 8"
    assert FIT.words("5 and 6", "6 and 7 and 8") == "5 and 6"
    assert FIT.words("none", "one") == "none"


def test_a_low_rank_at_full_size():
    one = {"diagonal": "1 / 5", "factors": (("-1 / 5", "1", "Y"), ("0.2", "Y", "Y")), "n": 3}
    two = {"diagonal": "1 / 6", "factors": (("-1 / 6", "1", "Y"), ("1 / 6", "Y", "X")), "n": 3}
    assert FIT.low_rank(one, two) == {
        "diagonal": "1 / 64", "factors": (("-1 / 64", "1", "Y"), ("1 / 64", "Y", "Y")), "n": 3}
    other = {"diagonal": "1 / 77", "factors": (("3", "1", "Y"), ("0.2", "Y", "Y"))}
    assert FIT.low_rank(one, other) == one        # what fits nothing stays
    short = {"diagonal": "1 / 6", "factors": (("-1 / 6", "1", "Y"),)}
    assert FIT.low_rank(one, short) is one and FIT.low_rank(one, None) is one
    assert FIT.low_rank(None, two) is None and FIT.low_rank({}, two) == {}


def test_a_term_at_full_size():
    pattern = Pattern(("k",), ("i",))

    def term(scale, text, stored):
        return Term(pattern, (Operand(text, ("k",), stored), Operand("Y", ("i",), 30)), scale)

    found = FIT.term(term("1 / 5", "np.eye(5)", 5), term("1 / 6", "np.eye(6)", 6))
    assert found == term("1 / 64", "np.eye(64)", 64)
    stays = term("3", "np.eye(3)", 8)
    assert FIT.term(stays, term("77", "np.eye(99)", 99)) == stays


def test_an_answer_at_full_size():
    pattern, names = Pattern(("k", "l"), ("k", "j")), Names([{"a": np.ones(3)}])
    sizes = [((5, 6), (5, 8)), ((6, 7), (6, 9))]
    core = Core(pattern, ("l", "j"), [], {"k": 64, "l": 32, "j": 16}, names, 1e-9)

    def look(n, m, line, terms=()):
        return SimpleNamespace(answer=Answer(
            "core", terms, n * m, line, says=f"{n} rows", multiplications=2 * n,
            low_rank={"diagonal": f"1 / {n}", "factors": ()}))

    term = [Term(pattern, (Operand("X", ("k",), n),), f"1 / {n}") for n in (5, 6, 64)]
    looks = look(5, 6, "G / 5", term[:1]), look(6, 7, "G / 6", term[1:2])
    found, = at_full_size(looks, sizes, ((64, 16), (64, 32)), core)
    assert (found.line, found.stored, found.multiplications, found.says) == (
        "G / 64", 64 * 16, 128, "64 rows")
    assert found.low_rank == {"diagonal": "1 / 64", "factors": ()} and found.names is names
    assert found.terms == (term[2],) and found.kind == "core"
    assert list(at_full_size((look(5, 6, "G"), look(6, 7, "X")), sizes, sizes[0], core)) == []


def test_numbers_that_follow_from_sizes():
    tied = Pattern(("k", "l"), ("k", "j"))
    assert quantities(((2, 5), (2, 3)), tied) == [2, 5, 3, 10, 6, 15, 30]
    assert quantities(((), ()), Pattern((), ())) == []
    many = Pattern((), tuple("ijmno"))
    found = quantities(((2, 3, 5, 7, 11), ()), many)
    assert len(found) == 5 + 10 + 10 + 5 and max(found) == 3 * 5 * 7 * 11


# -- smaller sizes

def shapes(f, x, tables, ndim=None):
    ndim = x.ndim if ndim is None else ndim
    return [tuple(shape for shape, _ in pair) for pair in settings(f, x, ndim, tables)]


def test_equal_sizes_are_tried_first_where_sizes_are_equal():
    assert shapes(np.tanh, np.zeros((20, 30)), SIZES) == [
        ((5, 6), (6, 7)), ((6, 8), (8, 12)), ((5, 5), (6, 6))]
    assert shapes(np.tanh, np.zeros((20, 20)), SIZES) == [
        ((5, 5), (6, 6)), ((5, 6), (6, 7)), ((6, 8), (8, 12))]
    assert shapes(np.tanh, np.zeros((20, 30)), FEWER) == [((3, 4), (4, 5)), ((3, 3), (4, 4))]
    assert shapes(np.tanh, np.zeros(20), SIZES) == [((7,), (9,)), ((8,), (12,)), ((12,), (16,))]


def test_most_axes_are_made_smaller_first():
    def f(X):  # one of both alone
        assert X.shape[0] == 10 or X.shape[1] == 12
        return X

    assert shapes(f, np.zeros((10, 12)), SIZES) == [((7, 12), (9, 12)), ((10, 7), (10, 9)),
                                                    ((10, 8), (10, 12))]
    large = np.zeros((9, 10, 11, 12, 13))
    first = next(iter(settings(lambda X: X.sum(), large, 0, SIZES)))
    assert first[0] == ((2, 3, 4, 6, 13), ((),)) and first[1][0] == (3, 4, 6, 7, 13)
    assert shapes(np.tanh, np.zeros((3, 8)), SIZES) == []
    assert {len({*pair[0]}) for pair in shapes(np.tanh, np.zeros((3, 9)), SIZES)} == {2}


def test_an_input_has_no_corner_that_is_larger():
    assert shapes(np.tanh, np.zeros((50, 9)), SIZES)[:2] == [((5, 6), (6, 7)), ((5, 5), (6, 6))]
    assert works(np.tanh, np.ones((3, 4)), (3, 5), 2, 999) is None
    assert works(np.tanh, np.ones((3, 4)), (3, 4), 2, 999) == ((3, 4),)


def test_a_corner_is_a_copy_of_the_first_entries():
    X = np.arange(12.0).reshape(3, 4)
    part = corner(X, (2, 3))
    np.testing.assert_array_equal(part, [[0, 1, 2], [4, 5, 6]])
    assert not np.shares_memory(part, X) and shrunk((3, 4, 5), (), ()) == (3, 4, 5)
    assert corner(np.array(3.0), ()).shape == ()


def test_a_small_value_is_of_the_same_kind():
    X = np.ones((4, 5))
    assert works(np.tanh, X, (2, 3), 2, 36) == ((2, 3),)
    assert works(np.tanh, X, (2, 3), 2, 35) is None
    assert works(np.tanh, X, (2, 3), 1, 99) is None
    for bad in (lambda X: X > 0, lambda X: X.astype(int), lambda X: X * np.inf,
                lambda X: X.astype(complex), lambda X: X[:, :0], lambda X: 1 / 0):
        assert works(bad, X, (2, 3), 2, 99) is None
    assert works(lambda X: X.astype(np.float32), X, (2, 3), 2, 99) == ((2, 3),)
    assert works(lambda X: X.sum(), X, (4, 5), 0, 20) == ((),)
    assert works(lambda X: X.sum(), X, (4, 5), 0, 19) is None
    assert MOST == 20_000 and SEVERAL == 3


def look(line="G", caveat="", own=()):
    added = [{name: 1.0 for name in own}]
    return SimpleNamespace(numpy=line, caveat=caveat,
                           answer=SimpleNamespace(names=SimpleNamespace(added=added)))


def test_two_sizes_must_both_have_a_line_of_known_arrays():
    good, own, unused, loose = look(), look("G * C", own=["C"]), look(own=["C"]), look(
        caveat="holds for some")
    for inputs, firm, says in (((good, good), True, True), ((good, own), True, False),
                               ((own, good), False, False), ((good, unused), True, True),
                               ((good, loose), True, False), ((loose, good), True, False),
                               ((loose, loose), False, True)):
        found = both(lambda one: one, inputs, firm)
        assert found == (list(inputs) if says else None)

    def refuses(one):
        raise ShapeError("no")

    assert both(refuses, [good, good], False) is None


def test_a_row_with_sizes_that_do_not_fit_together_is_passed_over():
    tried = []

    def search(inputs):
        tried.append([np.shape(one) for one in inputs[0]])
        return look()

    op = OPERATIONS["affine"]
    sizes = {"n": 24, "m": 5, "k": 8}
    found = list(looked_at_sizes(op, sizes, 2, {}, search, "W", FEWER))
    assert [shapes for _, shapes in found] == [
        [((5, 8), (4, 8)), ((5, 8), (5, 8))], [((5, 8), (6, 8)), ((5, 8), (8, 8))],
        [((5, 8), (8, 8)), ((5, 8), (10, 8))]]
    assert tried[:2] == [[(4, 5), (5, 8), (8,)], [(5, 5), (5, 8), (8,)]]
    none = looked_at_sizes(op, {"n": 24, "m": 9, "k": 9}, 2, {}, lambda one: look(
        "G * C", own=["C"]), "W", SIZES)
    assert list(none) == []
