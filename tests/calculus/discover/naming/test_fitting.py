"""Sums and powers of columns, numbers as a person writes them, arrays laid along axes."""

import numpy as np
import pytest

from helpers.calculus.discover.naming import fitting, placing
from helpers.calculus.discover.naming.forms import Word
from helpers.calculus.discover.naming.names import Names

random = np.random.default_rng(2)
X, Y, Z = random.standard_normal((3, 5, 8))


# -- sums of columns

def test_a_small_part_of_a_sum_may_be_rougher_than_the_whole():
    """Without its first column the target is about 200 times smaller, and as rough as before."""
    at = np.linspace(-1, 1, 36)
    columns, rough = np.array([2 + at, at**2, at**3]), 1e-5 * (-1.0) ** np.arange(36)
    target = np.array([1, 0.02, -0.01]) @ columns + rough
    places, numbers = next(fitting.sums(columns, target, 3, 2e-5))
    assert places == (0, 1, 2) and numbers == pytest.approx([1, 0.02, -0.01], abs=1e-4)


def test_sums_are_found_with_their_numbers():
    columns = np.array([X.ravel(), Y.ravel(), Z.ravel(), X.ravel() * Y.ravel()])
    for target, right in ((2 * columns[1], {1: 2}), (columns[0] - 3 * columns[2], {0: 1, 2: -3}),
                          (0.5 * columns[0] + columns[1] - columns[3], {0: 0.5, 1: 1, 3: -1})):
        places, numbers = next(fitting.sums(columns, target, 3, 1e-10))
        assert dict(zip(places, np.round(numbers, 9), strict=True)) == right
        assert not list(fitting.sums(columns, target, len(right) - 1, 1e-10))
        assert not list(fitting.sums(columns, target, 3, 1e-10, start=len(right) + 1))
    last, = fitting.sums(columns[1:], columns[1:].sum(0), 3, 1e-10)  # of three all three
    assert last[0] == (0, 1, 2) and last[1] == pytest.approx([1, 1, 1])
    assert not list(fitting.sums(columns, random.standard_normal(40), 3, 1e-10))
    assert not list(fitting.sums(columns, np.zeros(40), 3, 1e-10))
    assert fitting.solved(columns[[0, 0]], columns[0], 1e-9) is None  # one column twice
    assert fitting.solved(columns[:2], columns[0], 1e-9) is None      # one that is not needed
    assert not list(fitting.sums(columns[:0], columns[0], 3, 1e-10))
    assert not list(fitting.sums(np.zeros((2, 40)), columns[0], 3, 1e-10))


@pytest.mark.parametrize("right", [
    {37: 2}, {37: -2}, {44: 1, 37: -3}, {17: 0.25, 16: 4}, {49: 1, 0: 1}, {10: 1, 20: -2, 28: 3},
    {0: 1, 1: 1, 2: 1}, {47: 2, 48: 3, 49: -4}])
def test_a_sum_is_found_among_many_columns(right):
    draw = np.random.default_rng(sum(right))
    columns = draw.standard_normal((50, 40)) * np.geomspace(1e-3, 1e3, 50)[:, None]
    target = sum(n * columns[p] for p, n in right.items())
    columns[5], columns[6], columns[7] = 0, np.nan, columns[8]  # of no use
    (places, numbers), = fitting.sums(columns, target, 3, 1e-10)  # once
    assert dict(zip(places, numbers, strict=True)) == pytest.approx(right)
    noisy = target + 3e-4 * np.abs(target).max() * draw.uniform(-1, 1, 40)
    found = {tuple(sorted(places)) for places, _ in fitting.sums(columns, noisy, 3, 1e-3)}
    assert tuple(sorted(right)) in found and not list(fitting.sums(columns, noisy, 3, 1e-5))


def test_a_sum_needs_three_more_equations_than_it_has_numbers():
    columns = np.array([X.ravel(), Y.ravel(), Z.ravel()])
    for most, target in ((2, columns[0] + columns[1]), (3, columns.sum(0))):
        assert list(fitting.sums(columns[:, :most + 3], target[:most + 3], most, 1e-10))
        assert not list(fitting.sums(columns[:, :most + 2], target[:most + 2], most, 1e-10))
        again = np.arange(40) % (most + 2)  # the same equations, repeated
        assert not list(fitting.sums(columns[:, again], target[again], most, 1e-10))
    assert list(fitting.sums(columns[:, :2], 2 * columns[0, :2], 1, 1e-10))
    assert not list(fitting.sums(np.ones((1, 9)), np.full(9, 2.0), 3, 1e-10))


def test_of_many_columns_the_first_are_combined():
    columns = np.random.default_rng(3).standard_normal((1204, 30))
    assert list(fitting.sums(columns, columns[1198] + columns[1199], 2, 1e-10))
    assert not list(fitting.sums(columns, columns[1202] + columns[1203], 2, 1e-10))
    assert list(fitting.sums(columns[:64], columns[57:60].sum(0), 3, 1e-10))
    assert not list(fitting.sums(columns[:64], columns[61:64].sum(0), 3, 1e-10))
    alike = np.outer(np.arange(1.0, 31), columns[0])
    found = [places for places, _ in fitting.sums(alike, columns[0], 1, 1e-10)]
    assert len(found) == 20 and found[0] == (0,)
    plane = np.cos(np.arange(30)[:, None] + [0, np.pi / 2]) @ columns[:2]  # any two are enough
    found = [places for places, _ in fitting.sums(plane, columns[0] + columns[1], 2, 1e-10)]
    assert len(found) == 20 and found[0] == (0, 1)


def test_powers_are_found_with_their_number():
    columns = np.abs(np.array([X.ravel(), Y.ravel(), Z.ravel()])) + 0.5
    found, number = fitting.exponents(columns, 2.5 * columns[0]**2 / columns[2], 1e-9)
    assert found == {0: 2, 2: -1} and number == pytest.approx(2.5)
    np.testing.assert_allclose(fitting.math_product(columns, [1, 0, -2]),
                               columns[0] / columns[2]**2)
    for wrong in (columns[0]**4, columns[0]**0.5, columns[0]**1.5, columns[0] + columns[1],
                  0 * columns[0], np.ones(40), columns[0] * (1 + 1e-6 * Y.ravel())):
        assert fitting.exponents(columns, wrong, 1e-9) is None
    assert fitting.exponents(columns, -columns[1], 1e-9) == ({1: 1}, pytest.approx(-1))
    assert fitting.exponents(columns, columns[1]**-3, 1e-9) == ({1: -3}, pytest.approx(1))
    assert fitting.exponents(-columns[:, :6], columns[0, :6], 1e-9) == ({0: 1}, pytest.approx(-1))
    assert fitting.exponents(columns[:, :5], columns[0, :5], 1e-9) is None  # too few equations
    for odd in (columns[[0, 0]], columns * (X.ravel() > 0), columns[:0]):
        assert fitting.exponents(odd, columns[0], 1e-9) is None
    with np.errstate(all="raise"):  # 0 has no logarithm
        assert fitting.exponents(columns, columns[0] * (np.arange(40) != 3), 1e-9) is None
    many = np.random.default_rng(1).uniform(0.5, 2, (9, 40))
    assert fitting.exponents(many, many[:8].prod(0), 1e-9)[0] == dict.fromkeys(range(8), 1)
    assert fitting.exponents(many, many.prod(0), 1e-9) is None


def test_products_of_words_the_simplest_first():
    assert fitting.products_of(2, 3) == [(0,), (1,), (0, 0), (0, 1), (1, 1)]
    assert fitting.products_of(3, 2) == [(0,), (1,), (2,), (0, 0), (0, 1), (0, 2), (1, 1), (1, 2),
                                         (2, 2)]
    assert fitting.products_of(4, 3)[14:] == [(0, 1, 2), (0, 1, 3), (0, 2, 3), (1, 2, 3)]


@pytest.mark.parametrize("value, text", [
    (2.0, "2"), (1 / 3, "1 / 3"), (0.3, "alpha"), (2**0.5, "np.sqrt(2)"),
    (-(3**0.5) / 2, "-np.sqrt(3 / 4)"), ((2 / np.pi) ** 0.5, "np.sqrt(2 / np.pi)"),
    (np.sqrt(2 * np.pi), "np.sqrt(2 * np.pi)"), (0.7, "0.7"), (0.8148138043, "W.sum()"),
    (-1.6296276086, "-2 * W.sum()"), (1e3 / 7, "1000 / 7"),
    (199**-0.5, "np.sqrt(1 / 199)"), (201**-0.5, "0.07053456159"),
    (1 / 1.7071067, "(1 / beta)"), (3 * 1.7071067**2, "3 * beta**2"),
    (9999**0.5, "np.sqrt(9999)"), (10001**0.5, "100.00499988"), (12345.6123, "12345.6123"),
    (3e11, "300000000000.0"),
    (0.5 * 1.7071067**-0.5, "0.5 * (1 / np.sqrt(beta))"), (2.0000005, "2.0000005")])
def test_a_constant_as_a_person_writes_it(value, text):
    W = np.array([0.1234567891, 0.2345678917, 0.4567891235])
    names = Names([{"alpha": np.array(0.3), "beta": np.array(1.7071067), "W": W, "X": x}
                   for x in X[:2]])
    said = fitting.spelled(value, names, 1e-9)
    assert said == text
    assert eval(said, {"np": np, **names.all_at(0)}) == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize("text", ["np.linalg.norm(W)", "(1 / np.linalg.norm(W))", "(W**2).sum()",
                                  "(1 / (W**2).sum())", "(1 / W.sum())"])
def test_a_constant_of_a_known_array(text):
    W = np.array([0.1234567891, 0.2345678917, 0.4567891235, 1.5678912345])
    value = eval(text, {"np": np, "W": W})
    assert fitting.spelled(3 * value, Names([{"W": W}] * 2), 1e-9) == f"3 * {text}"
    moved = Names([{"W": W}, {"W": 2 * W}])
    assert "W" not in fitting.spelled(3 * value, moved, 1e-9)
    assert fitting.spelled(0.0123456789, Names([{"z": 0.0}]), 1e-9) == \
        "0.0123456789"


@pytest.mark.parametrize("value, tolerance, text", [
    (2 + 1e-12, 1e-15, "2"), (2 + 2e-10, 1e-9, "2"), (2.0000005, 1e-3, "2"),
    (2.000003, 1e-3, "2.000003")])
def test_a_constant_is_cut_at_its_noise_but_never_below_six_digits(value, tolerance, text):
    assert fitting.spelled(value, Names([{}]), tolerance) == text


def test_as_many_digits_as_are_true():
    assert fitting.digits(9.8765408, 1e-6) == "9.87654"
    assert fitting.digits(9.876542, 1e-6) == "9.876542" and fitting.digits(-0.1, 1e-11) == "-0.1"
    assert fitting.digits(np.pi, 1e-11) == "3.14159265359"
    assert fitting.digits(np.pi, 1e-20) == repr(np.pi)


def test_rows_to_compare_at_and_the_numbers_there():
    arrays = [random.standard_normal((30, 30)), 0.01 * random.standard_normal((30, 30))]
    places, scale = fitting.rows(arrays)
    every = np.concatenate([a.ravel() for a in arrays])
    assert len(places) == 400 and (np.diff(places) > 0).all()
    np.testing.assert_array_equal(fitting.stacked(arrays, places), every[places])
    largest = np.repeat([np.abs(a).max() for a in arrays], 900)
    np.testing.assert_allclose(scale, 1 / largest[places])
    few, _ = fitting.rows([X, Y], [X > 0, Y > 0])
    np.testing.assert_array_equal(fitting.stacked([X, Y], few), [*X[X > 0], *Y[Y > 0]])
    assert np.isfinite(fitting.rows([0 * X, X])[1]).all()


# -- arrays along axes

def test_arrays_are_laid_along_axes():
    assert placing.subsets((0, 1, 2)) == [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]
    assert placing.places_of((3, 4), (4, 3, 4)) == [(1, 0), (1, 2)]
    assert placing.places_of((3, 4), (3,)) == [] and placing.places_of((2,), (3,)) == []
    wide = placing.spread(np.arange(6.0).reshape(2, 3), (2, 0), (3, 4, 2))
    np.testing.assert_array_equal(wide[:, 1], np.arange(6.0).reshape(2, 3).T)
    assert placing.unspread(wide).shape == (3, 1, 2)
    np.testing.assert_allclose(placing.marks(wide), placing.spread_marks(
        np.arange(6.0).reshape(2, 3), (2, 0), (3, 4, 2)))
    assert placing.marks(X) != placing.marks(Y)
    assert placing.broadcasts((1, 4), (3, 4)) and placing.broadcasts((4,), (3, 4))
    assert not placing.broadcasts((3, 1, 4), (3, 4)) and not placing.broadcasts((3,), (3, 4))
    assert placing.broadcasts((3, 4), (5, 3, 4)) and not placing.broadcasts((2, 4), (3, 4))
    assert placing.broadcasts((5, 1, 4), (5, 3, 4)) and not placing.broadcasts((2, 3, 4), (5, 3, 4))
    assert placing.moving([X, Y]) and placing.moving(None) and not placing.moving([X, X.copy()])
    assert not placing.moving([X]) and placing.moving([X, X, Y])
    assert placing.rounded(0.1 + 0.2) == 0.3
    assert np.linalg.matrix_rank(placing.weights((6,), (0,))) == 2  # one misses what the other sees


@pytest.mark.parametrize("text, both", [
    ("X @ W", ("X", "W")), ("(X @ W)", ("X", "W")), ("X @ W + b", ("X", "W")),
    ("(X @ W - b)", ("X", "W")), ("X @ W @ V", (None, None)), ("X * W", (None, None)),
    ("X @ W + a + b", (None, None)), ("(X @ W - a - b)", (None, None)), ("a + X @ W", (None, None)),
    ("f(X) @ W", (None, None)), ("X @ -W", (None, None))])
def test_the_sides_of_a_product(text, both):
    assert placing.sides(text) == both


def test_words_that_may_be_divided_by():
    def word(*arrays):
        return Word("w", ("k",), arrays)

    assert word(np.array([1.0, 2])).one_sign and word(np.array([-1.0, -2])).one_sign
    assert word(np.zeros(2)).one_sign and not word(np.array([1.0, -2])).one_sign
    assert not word(np.array([0.0, 2])).one_sign and not word(np.array([0.0, 2])).never_zero
    assert not word(np.ones(2), np.array([1.0, -1])).one_sign
    assert word(np.ones(2), -np.ones(2)).never_zero
