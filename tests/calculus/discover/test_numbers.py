"""Numbers and words in a line: fitted, spelled, laid along axes, scaled up from two sizes."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from helpers import OPERATIONS
from helpers.calculus.discover.deeper import unnamed
from helpers.calculus.discover.large.corner import SIZES, Fit, looked_at_sizes
from helpers.calculus.discover.line import scaled
from helpers.calculus.discover.naming.names import Names, atom
from helpers.calculus.discover.points import clear_of, odd_inputs, trial_inputs
from helpers.calculus.discover.regions import mask_of, number_text, rounded, straight, thresholds
from helpers.calculus.discover.terms import Answer
from helpers.calculus.discover.trials import most_apart, rounding
from helpers.calculus.slopes import slopes

random = np.random.default_rng(2)
X, Y, Z = random.standard_normal((3, 5, 8))


# -- regions

@pytest.mark.parametrize("value, text", [
    (0, "0"), (6, "6"), (0.2, "0.2"), (1 / 6, "1 / 6"), (-2.5, "-2.5"), (-2 / 3, "-2 / 3"),
    (0.001, "0.001"), (1234.5678, "1234.57"), (0.044715, "0.044715"), (np.pi, repr(np.pi))])
def test_a_number_as_short_as_it_is(value, text):
    if value == 1234.5678:
        assert float(number_text(value)) == value
    else:
        assert number_text(value) == text


@pytest.mark.parametrize("texts, line", [
    (("3",), "3"), (("0", "1"), "X"), (("0", "-1"), "-X"), (("0", "2"), "2 * X"),
    (("1", "0"), "1"), (("1", "2"), "2 * X + 1"), (("-1", "1"), "X - 1"),
    (("0", "1 / 6"), "(1 / 6) * X"), (("0.5", "1 / 6"), "(1 / 6) * X + 0.5")])
def test_a_straight_line_in_words(texts, line):
    assert straight(texts, "X") == line


@pytest.mark.parametrize("places, texts, told", [
    ([0], ["0", "1"], ("1", "X > 0")), ([0], ["1", "0"], ("1", "X < 0")),
    ([0, 6], ["0", "1", "0"], ("1", "(X > 0) & (X < 6)")),
    ([0], ["0", "2"], ("2", "X > 0")), ([0], ["0", "2 * X"], ("1", "(2 * X) * (X > 0)")),
    ([0], ["0.1", "1"], ("1", "np.where(X > 0, 1, 0.1)")),
    ([0, 3], ["0", "1", "2"], ("1", "np.where(X > 3, 2, np.where(X > 0, 1, 0))"))])
def test_the_mask_of_some_regions(places, texts, told):
    scale, text = mask_of("X", places, texts)
    assert (scale, text) == told
    x, edges = np.array([-1.0, 1, 2, 4, 7]), [-np.inf, *places, np.inf]
    right = sum(np.where((x > a) & (x < b), eval(t, {"X": x}), 0)
                for t, (a, b) in zip(texts, pairwise(edges), strict=True))
    np.testing.assert_array_equal(eval(f"{scale} * ({text})", {"np": np, "X": x}) * 1.0, right)


def test_where_a_slope_jumps():
    grid = np.concatenate([-np.geomspace(1e-3, 100, 60)[::-1], np.geomspace(1e-3, 100, 60)])
    assert thresholds(lambda x: np.where(x > 3, 2.0, 1.0), grid) == [3]
    found = thresholds(lambda x: (x > -2.5) * 1.0 + (x > 1 / 3) * 1.0, grid)
    np.testing.assert_allclose(found, [-2.5, 1 / 3], rtol=1e-6)
    assert thresholds(lambda x: np.ones(x.size), grid) == []
    assert thresholds(lambda x: np.arange(x.size) * 1.0, grid) is None
    assert thresholds(lambda x: np.full(x.size, np.nan), grid) is None
    assert rounded(2.9999999999, 1e-9) == 3 and rounded(2.99999, 1e-9) == 2.99999


# -- lines

@pytest.mark.parametrize("scale, text", [
    ("1", "a + b"), ("-1", "-(a + b)"), ("2", "2 * (a + b)"), ("-2", "-2 * (a + b)"),
    ("1 / 3", "(a + b) / 3"), ("-1 / 3", "-(a + b) / 3"), ("2 / 3", "2 * (a + b) / 3"),
    ("np.sqrt(2)", "np.sqrt(2) * (a + b)"), ("c + 1", "(c + 1) * (a + b)")])
def test_a_number_before_a_text(scale, text):
    assert scaled("a + b", scale) == text
    numbers = {"np": np, "a": 2.0, "b": 5.0, "c": 7.0}
    assert eval(text, numbers) == pytest.approx(eval(f"({scale}) * (a + b)", numbers))


# -- from two sizes to a third

def test_a_row_of_the_table_is_looked_at_where_its_large_sizes_are_small():
    found = SimpleNamespace(numpy="G", caveat="", answer=SimpleNamespace(
        names=SimpleNamespace(added=[{}])))
    sizes = {"n": 24, "m": 5, "k": 30}
    looks = looked_at_sizes(OPERATIONS["affine"], sizes, 2, {}, lambda inputs: found, "X", SIZES)
    assert [shapes for _, shapes in looks] == [
        [((5, 5), (5, 6)), ((6, 5), (6, 7))], [((5, 5), (5, 5)), ((6, 5), (6, 6))],
        [((6, 5), (6, 8)), ((8, 5), (8, 12))]]
    small = {"n": 8, "m": 5, "k": 3}
    assert not list(looked_at_sizes(OPERATIONS["affine"], small, 2, {}, None, "X", SIZES))


def test_numbers_at_full_size_follow_from_two_smaller_ones():
    fit = Fit([3, 4, 12], [5, 7, 35], [64, 100, 6400])
    assert [fit.number(*pair) for pair in ((3, 5), (12, 35), (2, 2), (6, 10), (8, 11))] == [
        64, 6400, 2, 128, 104]
    assert fit.number(1 / 3, 1 / 5) == pytest.approx(1 / 64)
    assert fit.number(2, 4) == 63 and fit.number(4, 6) == 65 and fit.number(1, 100) is None
    assert fit.count(7, 12) == 164 and fit.count(None, 3) is None and fit.count(15, 40) == 6464
    assert fit.count(9, 9) == 9 and fit.count(1, 50) is None
    assert fit.text("G.reshape(3, 4)", "G.reshape(5, 7)") == "G.reshape(64, 100)"
    assert fit.text("G / 3", "G / 5") == "G / 64" and fit.text("G", "G") == "G"
    assert fit.text("G * 3", "G + 5") is None and fit.text("G[3]", "G[5, 7]") is None
    assert fit.words("a 3×4 block", "a 5×7 block") == "a 64×100 block"


# -- what lines are tried at

def test_inputs_of_every_kind_are_tried():
    x = random.standard_normal((4, 3))
    kinds = dict(trial_inputs(x, np.random.default_rng(0)))
    assert [words for words in kinds if "size" in words] == [
        f"inputs of size {size:g}" for size in (0.01, 0.1, 10, 100, 1e-6)]
    assert all(new.shape == x.shape for some in kinds.values() for new in some)
    assert 30 < np.std(kinds["inputs of size 100"][0]) < 300
    np.testing.assert_array_equal(kinds["the inputs with the other sign"][0], -x)
    assert all((new > 0).all() for new in kinds["positive inputs"])
    assert all((new < 0).all() for new in kinds["negative inputs"])
    odd = dict(odd_inputs(x, np.random.default_rng(0)))
    assert not odd["zeros"][0].any() and np.ptp(odd["equal inputs"][0]) == 0
    assert not odd["zeros at index 0 of axis 0"][0][0].any()
    assert odd["zeros at index 0 of axis 1"][1][1:, 1:].all()
    assert np.ptp(odd["equal inputs at index 0 of axis 1"][0][:, 0]) == 0
    vector = dict(odd_inputs(x[0], np.random.default_rng(0)))
    assert (vector["a zero among the inputs"][0] == 0).tolist() == [True, False, False]
    assert "a zero among the inputs" not in dict(odd_inputs(x[0, :1], np.random.default_rng(0)))


def test_where_slopes_can_be_compared():
    x = np.array([1.0, 0.0, -2.0])
    assert clear_of(slopes(np.abs, x), x).tolist() == [True, False, True]
    assert clear_of(slopes(np.sqrt, np.abs(x)), np.abs(x)).tolist() == [True, False, True]


def test_how_far_lines_are_apart():
    assert most_apart(X, X + 0.5) == pytest.approx(0.5) and most_apart(X, X * np.nan) == np.inf
    big = np.zeros((3, 2**20))
    big[1, 7] = 2
    assert most_apart(big, 0 * big) == 2
    rows = big * 0 + np.arange(3)[:, None]
    assert most_apart(rows, rows) == 0 and most_apart(rows, rows[::-1]) == 2
    G = np.ones(5)
    names = {"v": np.arange(1.0, 6)}
    moved = rounding("G * v", names, G, np.arange(1.0, 6))
    assert 2e-16 < moved < 5e-15
    steep = rounding("G * v**30", names, G, np.arange(1.0, 6) ** 30)
    assert steep / 5**30 > 10 * moved / 5


def test_an_answer_with_arrays_of_its_own_weighs_more():
    names = Names([{"W": X}])
    plain = Answer("core", (), 10, "G @ W", names=names)
    own = names.fork()
    own.add("C", [X])
    kept = Answer("core", (), 10, "G @ C", names=own)
    assert plain.price[:2] == (10, 0) and kept.price[:2] == (15, 1) and plain.price < kept.price
    assert unnamed(kept) and not unnamed(plain)
    assert atom("a + b") == "(a + b)" and atom("a") == "a" and atom("f(a)") == "f(a)"
