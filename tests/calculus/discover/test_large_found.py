"""The search without a tensor, at sizes of which anybody can count the tensor: line and numbers.

The functions are handed to it as if they were too large, which takes a tenth of a second each.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.discover import discover
from helpers.calculus.discover.large import corner, search
from helpers.calculus.discover.large.corner import FEWER, SIZES, Fit, looked, settings, works
from helpers.calculus.discover.large.search import (
    Later,
    apart,
    broken_at,
    found_large,
    named_at,
    one_place,
    proved,
    stored_at,
)
from helpers.calculus.discover.large.subjects import of_function
from helpers.calculus.discover.search import DETECTORS, proposed, standing
from helpers.calculus.discover.structure import Structure
from helpers.calculus.discover.terms import Answer, Core
from helpers.calculus.discover.ties import Pattern
from helpers.calculus.errors import ShapeError
from helpers.calculus.slopes import slopes

random = np.random.default_rng(3)
X, M, S = (random.standard_normal(shape) for shape in ((10, 12), (10, 12), (9, 9)))
W, v, x = (random.standard_normal(shape) for shape in ((12, 9), 12, 40))
D, Q = random.standard_normal((11, 40)), random.standard_normal((4, 4))
ORDER, FLAT, MOVED = (random.permutation(count) for count in (12, 120, 40))


def softmax(Z):
    E = np.exp(Z - Z.max(-1, keepdims=True))
    return E / E.sum(-1, keepdims=True)


def subject(f, at, **known):
    return of_function(f, at, np.asarray(f(at), float), known, "f", ("X", "Y"))


def structure(f, at, **known):
    return Structure(*found_large(subject(f, at, **known), proposed, DETECTORS, standing))


def by_size(X):
    return np.maximum(X, 0) if len(X) > 9 else np.tanh(X)


CUMSUM = "a triangle of equal numbers: a running sum, which stores nothing"
CHANGED = ("every row and column has a single 1: the numbers along axis l only change places, and "
           "the places are all to keep")
BLOCK = "each {0}×{0} block is a diagonal plus rank {1}"
HALF = "5×6 and 6×7"
# function, input, known: line, kind, stored, entries that are not 0, multiplications, what it
# says, at which smaller sizes it was looked at
FOUND = {
    "relu": (lambda X: np.maximum(X, 0), X, {}, "G * (X > 0)", "elementwise", 120, (X > 0).sum(),
             120, "the numbers left are X > 0", HALF),
    "tanh": (np.tanh, X, {}, "G * (1 - Y**2)", "elementwise", 120, 120, 120,
             "the numbers left are 1 - Y**2", HALF),
    "by the size": (lambda X: X / X.size, X, {}, "G / 120", "constant", 1, 120, 120,
                    "one number is left: 1 / 120", HALF),
    "a known one": (lambda X: X * M, X, {"M": M}, "G * M", "elementwise", 120, 120, 120,
                    "the numbers left are M", ""),
    "affine": (lambda X: X @ W, X, {"W": W}, "G @ W.T", "core", 108, 1080, 1080,
               "the numbers left are W", "7×12 and 9×12"),
    "without a name": (lambda X: X @ W, X, {}, "G @ C", "core", 108, 1080, 1080,
                       "the 108 numbers left are kept as they are, in C", ""),
    "by W": (lambda W: X @ W, W, {"X": X}, "X.T @ G", "core", 120, 1080, 1080,
             "the numbers left are X", "12×7 and 12×9"),
    "one matrix": (lambda x: D @ x, x, {"D": D}, "G @ D", "core", 440, 440, 440,
                   "the numbers left are D", ""),
    "dense": (lambda x: D @ x, x, {}, "G @ C", "dense", 440, 440, 440,
              "the 440 numbers left are kept as they are, in C", ""),
    "transpose": (lambda X: X.T, X, {}, "G.T", "constant", 0, 120, 0, "one number is left: 1",
                  HALF),
    "flip": (lambda X: X[::-1], X, {}, "G[::-1]", "constant", 0, 120, 0, "one number is left: 1",
             HALF),
    "reshape": (lambda X: X.ravel(), X, {}, "G.reshape(10, 12)", "reshape", 0, 120, 0,
                "the same numbers in the same order, laid out in another shape", HALF),
    "triangle": (np.tril, S, {}, "G * np.tri(9)", "triangle", 0, 45, 81, CUMSUM, "5×5 and 6×6"),
    "running sum": (lambda X: np.cumsum(X, 1), X, {}, "np.cumsum(G[:, ::-1], 1)[:, ::-1]",
                    "triangle", 0, 10 * 78, 0, CUMSUM, HALF),
    "softmax": (softmax, X, {}, "Y * (G - (G * Y).sum(-1, keepdims=True))",
                "diagonal plus low rank", 120, 1440, 360, BLOCK.format(12, 1), HALF),
    "norm": (lambda X: (X - X.mean(0)) / X.std(0), X, {},
             "(G - G.mean(0) - Y * (G * Y).mean(0)) / X.std(-2)", "diagonal plus low rank", 132,
             1200, 600, BLOCK.format(10, 2), HALF),
    "sort": (lambda X: np.sort(X, 1), X, {},
             "np.take_along_axis(G, np.argsort(np.argsort(X, -1), -1), -1)", "permutation", 120,
             120, 0, CHANGED, HALF),
    "twice": (lambda X: X @ X.T, X, {}, "G @ X + G.T @ X", "sum of two", 120, 12 * 190, 2400,
              "the input enters twice, so two ties, one after the other, are added up", HALF),
    "mean": (lambda X: X.mean(0), X, {}, "np.broadcast_to(0.1 * G, (10, 12))", "constant", 1, 120,
             120, "one number is left: 0.1", ""),
    "sum": (lambda X: X.sum(), X, {}, "np.broadcast_to(G, (10, 12))", "constant", 0, 120, 0,
            "one number is left: 1", HALF),
    "columns": (lambda X: X[:, ORDER], X, {}, "G[:, index]", "permutation", 12, 120, 0, CHANGED,
                ""),
    "places": (lambda X: X.ravel()[FLAT].reshape(X.shape), X, {},
               "np.bincount(index, G.ravel(), 120).reshape(10, 12)", "gather", 120, 120, 0,
               "every entry of Y is one entry of the input: its place is all to keep", ""),
    "second differences": (
        lambda x: x[2:] - 2 * x[1:-1] + x[:-2], x, {}, "np.convolve(G, np.array([1, -2, 1]))",
        "convolution", 3, 114, 114,
        "the same 3 numbers, np.array([1, -2, 1]), slide over X: a convolution", ""),
    "kernel": (lambda x: np.convolve(x, v[:3], "same"), x, {"w": v[:3]},
               'np.convolve(np.pad(G, 1), w[::-1], "valid")', "convolution", 3, 118, 118,
               "the same 3 numbers, w[::-1], slide over X: a convolution", ""),
    "constant": (lambda X: np.ones((3, 4)), X, {}, "np.zeros((10, 12))", "zero", 0, 0, 0,
                 "every entry is zero: Y does not depend on this input", ""),
    "jumps": (lambda X: np.round(X, 1), X, {}, "np.zeros((10, 12))", "zero", 0, 0, 0,
              "every entry is zero: Y is flat wherever it was looked at, and jumps between", ""),
    "far": (lambda X: np.where(X > 70, 2 * X, X), X, {}, "G * np.where(X > 70, 2, 1)",
            "elementwise", 120, 120, 120,
            "the slope of each entry is another on the other side of X = 70", HALF),
    "layer": (lambda X: np.tanh(X @ W / 4), X, {"W": W}, "0.25 * ((G * (1 - Y**2)) @ W.T)",
              "product", 198, 1080, 1080, "a product of two smaller arrays, 1 - Y**2 and W",
              "7×12 and 9×12"),
    "another rule when small": (by_size, X, {}, "G * (X > 0)", "elementwise", 120, (X > 0).sum(),
                                120, "the numbers left are X > 0", ""),
    "root with ε": (
        lambda X: X / np.sqrt((X**2).sum(1, keepdims=True) + 1e-5), X, {}, "(G - (Xhat := X / (s :="
        " np.sqrt((X**2).sum(-1, keepdims=True) + 1e-05))) * (G * Xhat).sum(-1, keepdims=True)) /"
        " s", "diagonal plus low rank", 130, 1440, 360, BLOCK.format(12, 1) + ": a norm along axis "
        "1, with its root np.sqrt((X**2).sum(-1, keepdims=True) + 1e-05)", "3×4 and 4×5"),
}


@pytest.mark.parametrize("name", FOUND)
def test_the_line_and_its_numbers_at_full_size(name):
    f, at, known, line, kind, stored, nonzero, products, says, small = FOUND[name]
    s = structure(f, at, **known)
    assert (s.numpy.replace("'", '"'), s.kind, s.stored) == (line, kind, stored)
    assert (s.nonzero, s.cost.compact_multiplications) == (nonzero, products)
    assert (s.answer.says, s.samples.looked, s.warning) == (says, small, "")
    J = slopes(f, at).J
    assert s.shape == s.samples.tensors[0].shape == J.shape and s.entries == J.size
    np.testing.assert_allclose(s.samples.tensors[0], J, atol=1e-8)
    G = random.standard_normal(np.shape(f(at)))
    np.testing.assert_allclose(s.vjp(G), np.tensordot(G, J, G.ndim), atol=1e-8)
    also = f", and f where X is {small}" if small else ""
    assert s.samples.checked() == (
        f"Found from {s.samples.calls} calls of f{also}. Checked at full size along random "
        "directions: right to within 1e-09.")
    assert s.samples.drawn() == (f"It is drawn where X is {small.split()[0]}." if small else
                                 "A few of its entries are drawn.")
    assert 0 < s.samples.calls < 700 and s.samples.story().startswith(
        f"The tensor would have {s.entries:,} entries (")
    picture = s.drawn
    assert picture.entries <= s.entries and (picture is s.samples.corner) == bool(small)
    assert small or (max(picture.shape, default=0) <= 5 and picture.samples.entries(picture))


def test_a_rank_of_two_keeps_its_factors_at_full_size():
    low = structure(*FOUND["norm"][:2]).low_rank
    assert (low["diagonal"], low["factors"]) == (
        "1 / X.std(-2)", (("-0.1", "1", "1"), ("-0.1", "Y", "Y")))
    low = structure(*FOUND["softmax"][:2]).low_rank
    assert low["factors"] == (("-1", "Y", "1"),)


def blocks(x):
    return np.einsum("ij,bj->bi", Q, x.reshape(10, 4))


@pytest.mark.parametrize("f, at, kind, stored, products, line", [
    (lambda x: x[MOVED], x, "permutation", 40, 0, "G[out]"),
    (lambda x: 3 * x[MOVED], x, "sparse", 40, 40, "G[out] * 3.0"),
    (lambda x: blocks(x).ravel(), x, "sparse", 480, 160, "np.bincount(into, G[out] * C, 40)"),
    (blocks, x, "sparse", 480, 160, "np.bincount(into, G.ravel()[out] * C, 40)"),
    (lambda X: blocks(X).ravel(), x.reshape(5, 8), "sparse", 480, 160,
     "np.bincount(into, G[out] * C, 40).reshape(5, 8)"),
    (lambda X: 3 * X.ravel()[MOVED], x.reshape(5, 8), "sparse", 40, 40,
     "(G[out] * 3.0).reshape(5, 8)")])
def test_few_entries_are_kept_with_their_places(monkeypatch, f, at, kind, stored, products, line):
    monkeypatch.setattr(search, "LITTLE", 16)
    monkeypatch.setattr(search, "MANY", 100)
    s, J = structure(f, at), slopes(f, at).J
    assert (s.kind, s.stored, s.nonzero) == (kind, stored, np.count_nonzero(J))
    assert s.cost.compact_multiplications == products and s.numpy == line
    G = random.standard_normal(J.shape[:J.ndim - at.ndim])
    np.testing.assert_allclose(s.vjp(G), np.tensordot(G, J, G.ndim), atol=1e-9)


def test_a_core_that_is_too_large_is_refused_with_its_size():
    of = subject(lambda X: np.tanh(X @ W), X)
    core = Core(Pattern(("k", "l"), ("k", "j")), ("k", "l", "j"), Later([10, 9, 12], 1, None),
                {"k": 10, "l": 9, "j": 12}, named_at(of.points, of), 1e-9)
    assert search.too_big(of, core, 1080) == (
        "discover: the derivative of f by X has 1,080 entries (8.6 kB) that no tie, constant or "
        "smaller size takes away, and measuring them would take 12 calls, about 0 seconds. Take a "
        'smaller x, or name the arrays that f uses: known={"W": W}.')


def test_how_long_it_would_take_is_measured_at_one_call(monkeypatch):
    clock = [0.0]

    def slow(X):
        clock[0] += 15
        return np.tanh(X @ W)

    monkeypatch.setattr(search, "time", SimpleNamespace(perf_counter=lambda: clock[0]))
    of = subject(slow, X)
    core = Core(Pattern(("k", "l"), ("k", "j")), ("k", "l", "j"), [], {"k": 10, "l": 9, "j": 12},
                None, 1e-9)
    assert "would take 12 calls, about 3 minutes." in search.too_big(of, core, 1080)


# -- the proof

def test_a_line_is_proved_along_directions():
    for f, at, known, right, wrong in (
            (np.tanh, X, {}, "G * (1 - Y**2)", "G * (1 - Y**2) * (1 + 1e-6)"),
            (lambda X: X @ W, X, {"W": W}, "G @ W.T", "G @ W.T + 1e-6 * X"),
            (lambda x: x**3, np.array(2.0), {}, "3 * G * X**2", "12.001 * G")):
        of = subject(f, at, **known)
        point = of.points[0]
        assert apart(right, point, point.names, 1, 2) < 1e-12
        assert 1e-8 < apart(wrong, point, point.names, 1, 2) < 1e-2
        for bad in ("G + no_such_name", "G[:1]", "G * np.nan", "np.ones((2, 2)) @ np.ones(3)"):
            assert apart(bad, point, point.names, 1, 1) == np.inf
        names = named_at(of.points, of)
        assert proved(of, Answer("core", (), 0, right, names=names)) < 1e-11
        assert proved(of, Answer("core", (), 0, wrong, names=names)) > 1e-9


def test_one_wrong_row_is_seen():
    wrong = "G * (1 - Y**2) + 1e-3 * G * (np.arange(10) == 7)[:, None]"
    point = subject(np.tanh, X).points[0]
    assert apart(wrong, point, point.names, 1, 1) > 1e-6
    size = np.where(np.arange(10) == 7, 1, 1e3)[:, None]  # along all rows it is hardly seen
    point = subject(lambda X: size * X, X, size=size).points[0]
    assert apart("G * size * (1 - 0.5 * (size < 2))", point, point.names, 1, 60) > 0.01

def test_a_line_of_its_own_array_is_proved_at_the_given_input_alone():
    of = subject(np.tanh, X)
    names = named_at(of.points, of)
    for added in names.added:
        added["C"] = 1 - np.tanh(of.points[0].x) ** 2
    assert proved(of, Answer("core", (), 120, "G * C", names=names)) < 1e-12
    assert broken_at(of, Answer("core", (), 120, "G * C", names=names)) == ""
    plain = named_at(of.points, of)
    known = Answer("core", (), 120, "G * (X > 9)", names=plain)
    assert broken_at(of, known) == (
        "The line holds for inputs like these; at zeros the slope is another.")
    assert broken_at(of, Answer("core", (), 120, "G * (1 - Y**2)", names=plain)) == ""


def test_inputs_that_a_large_function_refuses_are_left_out():
    positive = np.abs(X) + 1
    with np.errstate(invalid="ignore"):
        points = subject(np.sqrt, positive).points
    assert 1 < len(points) < 6 and all((p.x > 0).all() for p in points)


def test_one_place_is_one_index_of_one_axis():
    seen = set()
    for seed in range(40):
        mask = np.broadcast_to(one_place((3, 4), np.random.default_rng(seed)), (3, 4))
        assert mask.sum() in (3, 4)
        seen.add((mask.any(1).sum(), tuple(np.argwhere(mask)[0])))
    assert len(seen) == 7  # three rows, four columns


def test_what_a_line_of_known_arrays_keeps():
    of = subject(lambda X: X @ W, X, W=W)
    names = named_at(of.points, of)
    core = Core(Pattern(("k", "l"), ("k", "j")), ("l", "j"), [], {"k": 10, "l": 9, "j": 12},
                names, 1e-9)

    def stored(line, was):
        return stored_at(Answer("core", (), was, line, names=names), core)

    assert stored("G @ W.T", 5) == 108 and stored("G * X", 5) == 108  # as many as the core at most
    assert stored("G @ W.T", 0) == 0 and stored("3 * G", 1) == 1
    assert stored("G @ W.T", None) == 108


def test_arrays_are_made_when_they_are_asked_for():
    made = []
    later = Later([3, 4], 2, lambda i: made.append(i) or np.full((3, 4), i))
    assert later.shape == (3, 4) and len(later) == 2 and made == []
    assert later[-1][0, 0] == 1 and later[1] is later[-1] and made == [1]
    assert [one[0, 0] for one in later] == [0, 1] and made == [1, 0]
    with pytest.raises(IndexError):
        later[2]


# -- smaller sizes

def test_smaller_shapes_that_a_function_takes():
    X = np.zeros((20, 30))
    pairs = list(settings(np.tanh, X, 2, SIZES))
    assert [tuple(shape for shape, _ in pair) for pair in pairs[:2]] == [
        ((5, 6), (6, 7)), ((6, 8), (8, 12))]
    assert len(pairs) == 3 and all(shape == out[0] for pair in pairs for shape, out in pair)
    square = [tuple(shape for shape, _ in pair) for pair in settings(
        np.linalg.det, np.eye(20), 0, SIZES)]
    assert square[0] == ((5, 5), (6, 6)) and all(a == b for pair in square for a, b in pair)
    fixed = list(settings(lambda X: X @ np.ones((30, 4)), X, 2, SIZES))
    assert [tuple(shape for shape, _ in pair) for pair in fixed] == [
        ((7, 30), (9, 30)), ((8, 30), (12, 30))]
    assert fixed[0][0][1] == ((7, 4),)
    assert list(settings(np.tanh, np.zeros((8, 8)), 2, SIZES)) == []
    assert next(iter(settings(np.tanh, np.zeros((9, 8)), 2, SIZES)))[0][0] == (7, 8)
    order = [pair[0][0] for pair in settings(np.tanh, np.zeros((20, 20)), 2, FEWER)]
    assert order == [(3, 3), (3, 4)]  # larger ones have too many entries


def test_what_a_function_gives_for_a_corner():
    X = np.arange(12.0).reshape(3, 4)
    assert works(lambda X: X.sum(0), X, (2, 3), 1, 18) == ((3,),)
    assert works(lambda X: X.sum(0), X, (2, 3), 1, 17) is None   # 6 · 3 entries
    assert works(lambda X: X.sum(), X, (2, 3), 0, 5) is None
    assert works(lambda X: X.sum(0), X, (2, 3), 2, 99) is None
    for bad in (lambda X: X > 1, lambda X: X / 0 * 0, lambda X: X[:0], lambda X: X @ X):
        assert works(bad, X, (2, 3), 2, 99) is None
    seen = []
    works(lambda X: seen.append(X.copy()) or X.fill(0) or X, X, (2, 3), 2, 99)
    np.testing.assert_array_equal(seen[0], [[0, 1, 2], [4, 5, 6]])
    assert X[0, 1] == 1  # a corner of its own
    assert corner.shrunk((3, 4, 5), (0, 2), (7, 9)) == (7, 4, 9)


def test_structures_at_two_smaller_sizes():
    def answered(line, caveat="", own=()):
        added = [{name: X for name in own}]
        return Structure(None, None, (), Answer("core", (), 0, line, names=type(
            "Names", (), {"added": added, "all_at": lambda self, i: added[0]})()), 0.0, caveat)

    tried = []

    def search_(answer):
        return lambda small: tried.append(small.shape) or answer

    at = np.zeros((20, 30))
    found = list(looked(search_(answered("2 * G")), np.tanh, at, 2, SIZES))
    assert len(found) == 3 and tried[:2] == [(5, 6), (6, 7)]  # three pairs at most
    assert found[0][1] == [((5, 6), (5, 6)), ((6, 7), (6, 7))]
    assert len(list(looked(search_(answered("G")), np.tanh, at, 2, FEWER))) == 2
    for bad in (answered("G", "holds for some"), answered("G * C", own=["C"])):
        assert not list(looked(search_(bad), np.tanh, at, 2, SIZES))
    assert list(looked(search_(answered("G", "holds for some")), np.tanh, at, 2, FEWER))

    def raises(small):
        raise ShapeError("no")

    assert not list(looked(raises, np.tanh, at, 2, SIZES))


FIT = Fit([5, 6, 30], [6, 7, 42], [64, 1024, 65_536])


@pytest.mark.parametrize("one, two, full", [
    ("-0.2", "-1 / 6", "-1 / 64"), ("-1 / 30", "-1 / 42", "-1 / 65536"), ("-G / 5", "-G / 6",
                                                                          "-G / 64"),
    ("X[:, ::-1]", "X[:, ::-1]", "X[:, ::-1]"), ("G[5:]", "G[6:]", "G[64:]"),
    ("2 * -5", "2 * -6", "2 * -64"), ("G / np.sqrt(5)", "G / np.sqrt(6)", "G / np.sqrt(64)"),
    ("G * 0.2", "G * 0.16666666666666666", "G * (1 / 64)"), ("np.eye(6)", "np.eye(7)",
                                                             "np.eye(1024)"),
    ("np.eye(4)", "np.eye(5)", "np.eye(63)"), ("G * 5.0", "G * 6.0", "G * 64"),
    ("G + 1", "G - 1", None), ("G + 1", "X + 1", None), ("G[1]", "G[1, 2]", None),
    ("'a' + 5", "'a' + 6", "'a' + 64"), ("True + 5", "True + 6",
                                                                  "True + 64"),
    ("G / 2.23606797749979", "G / 2.449489742783178", "G / 8")])
def test_a_text_at_full_size(one, two, full):
    assert FIT.text(one, two) == full


@pytest.mark.parametrize("one, two, full", [
    (5, 6, 64), (30, 42, 65_536), (35, 48, 65_600), (36, 49, 66_560), (150, 210, 327_680),
    (60, 84, 131_072), (90, 126, 196_608), (41, 55, 66_624), (8, 8, 8), (0, 0, 0), (7, 9, None),
    (None, 4, None), (120, 168, None)])
def test_how_many_numbers_at_full_size(one, two, full):
    assert FIT.count(one, two) == full


@pytest.mark.parametrize("one, two, full", [
    ("each 5×5 block", "each 6×6 block", "each 64×64 block"), ("no number", "no number",
                                                              "no number"),
    ("root 1e-05 of 5", "root 1e-05 of 6", "root 1e-05 of 64"), ("3 and 5", "3", "3 and 5"),
    ("5 to 30", "6 to 42", "64 to 65536"), ("a 2", "a 77", "a 2")])
def test_a_sentence_at_full_size(one, two, full):
    assert FIT.words(one, two) == full


def test_a_row_of_the_table_is_not_built_from_a_hundred_thousand_entries_on():
    for rows, large in ((17, False), (18, True)):  # 17·18 times itself is 93,636, 18·18 104,976
        s = discover("relu", np.ones((rows, 18)))
        assert isinstance(s.samples, search.Large) is large and s.numpy == "G * (X > 0)"
