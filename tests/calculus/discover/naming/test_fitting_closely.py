"""The parts of a fit, each alone: what is solved, what is refused, and at which size."""

import math

import numpy as np
import pytest

from helpers.calculus.discover.naming import fitting
from helpers.calculus.discover.naming.names import Names

draw = np.random.default_rng(8)
A, B, C = draw.uniform(-1, 1, (3, 24))
ONES = np.ones(24)


# -- a sum whose columns are chosen

def test_the_numbers_of_a_sum_are_solved_for_at_any_scale():
    for size in (1e-8, 1, 1e8):
        for own in (1e-6, 1, 1e6):  # of one column beside the other
            columns = np.array([A, own * B])
            numbers = fitting.solved(columns, size * (2 * A - 3 * B), 1e-9)
            np.testing.assert_allclose(numbers, [2 * size, -3 * size / own], rtol=1e-6)


def test_a_part_of_a_sum_below_a_ten_millionth_is_none():
    for size in (1e-4, 1, 1e4):
        top = np.abs(B).max() / np.abs(A).max()
        for part, fine in ((1.2e-7, True), (0.8e-7, False)):
            found = fitting.solved(np.array([A, B]), size * (A + part / top * B), 1e-9)
            assert (found is not None) is fine
    zero = A.copy()
    zero[3] = 0  # its least entry is no measure
    assert fitting.solved(np.array([zero, B - B[3]]), zero + 1e-9 * (B - B[3]), 1e-9) is None


def test_a_sum_must_hold_at_every_place():
    assert fitting.solved(ONES[None, :4], np.array([0.9, 1, 1.1, 1]), 1e-3) is None
    assert fitting.solved(ONES[None, :4], np.array([0.9, 1, 1.1, 1]), 0.1) is not None
    assert fitting.solved(ONES[None, :4], np.array([0.9, 1, 1.1, 1]), 0.08) is None


def test_two_columns_that_are_nearly_one_are_no_pair():
    near, far = A + 1e-11 * B, A + 1e-7 * B
    assert fitting.solved(np.array([A, near]), 3 * A + 2 * near, 1e-9) is None
    np.testing.assert_allclose(fitting.solved(np.array([A, far]), 3 * A + 2 * far, 1e-9), [3, 2],
                               rtol=1e-6)


# -- which columns are tried

def unit(*columns):
    return np.array([c / np.linalg.norm(c) for c in columns])


def test_columns_that_the_target_is_a_multiple_of_the_best_first():
    aim = unit(A)[0]
    near = A + 1e-5 * B
    assert fitting.ones(unit(B, near, C, -A), aim, 1e-8) == [(3,), (1,)]
    assert fitting.ones(unit(B, near), aim, 1e-12) == []
    assert len(fitting.ones(unit(*[A] * 30), aim, 1e-12)) == 20


def test_pairs_in_whose_span_the_target_is_the_simplest_first():
    columns = unit(C, A, B, A + B, A - 2 * B)
    aim = unit(2 * A + 3 * B)[0]
    found = fitting.pairs(columns, aim, 1e-12)
    assert sorted(found) == [(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)]
    assert [sum(pair) for pair in found] == [3, 4, 5, 5, 6, 7]
    assert fitting.pairs(columns, aim, 1e-12, 2) == [(1, 2), (1, 3)]
    assert fitting.pairs(unit(A, A, -A), unit(A)[0], 1e-12) == []  # one column twice is no pair
    assert fitting.pairs(unit(A, C), aim, 1e-12) == []
    first, second = np.eye(24)[:2]
    for apart, fine in ((1e-5, False), (1e-3, True)):  # of what is nearly one no pair is made
        both = unit(first, first + apart * second)
        assert fitting.pairs(both, second, 1e-3) == [(0, 1)] * fine


def test_pairs_far_from_each_other_in_the_row():
    columns = unit(*draw.uniform(-1, 1, (40, 24)))
    for i, j in ((0, 1), (0, 39), (15, 16), (16, 17), (17, 31), (31, 32), (38, 39)):
        aim = unit(columns[i] - 2 * columns[j])[0]
        assert fitting.pairs(columns, aim, 1e-12) == [(i, j)]


def test_triples_in_whose_span_the_target_is():
    columns = unit(*draw.uniform(-1, 1, (9, 24)))
    for chosen in ((0, 1, 2), (0, 4, 8), (3, 5, 6), (6, 7, 8)):
        aim = unit(columns[chosen[0]] - 2 * columns[chosen[1]] + columns[chosen[2]])[0]
        assert list(fitting.triples(columns, aim, 1e-12)) == [chosen]
    assert list(fitting.triples(columns[[0, 0, 0]], columns[0], 1e-12)) == []
    axes = np.eye(24)[:4]
    assert list(fitting.triples(axes, axes[0], 1e-12)) == []  # one column is all of it
    assert list(fitting.triples(axes[:2], unit(axes[0] + axes[1])[0], 1e-12)) == []
    small = unit(axes[0] + 0.007 * (axes[1] + axes[2]) + 0.001 * axes[3])[0]
    assert list(fitting.triples(axes[:3], small, 1.2e-6)) == [(0, 1, 2)]  # 0.001² beside 0.0099²
    assert list(fitting.triples(axes[:3], small, 0.8e-6)) == []
    again = columns[[0, 0, 1, 2]]  # of a column that is there twice either will do
    aim = unit(columns[0] + columns[1] + columns[2])[0]
    assert list(fitting.triples(again, aim, 1e-12)) == [(0, 2, 3), (1, 2, 3)]


# -- sums as a whole

def found(columns, target, most=3, tolerance=1e-9, **more):
    return [(places, [round(float(n), 6) for n in numbers])
            for places, numbers in fitting.sums(np.array(columns), target, most, tolerance, **more)]


def test_sums_of_one_two_and_three_columns_at_any_size():
    for size in (1e-12, 1, 1e12):
        (places, (number,)), = fitting.sums(np.array([A, B, C]), 2 * size * B, 3, 1e-9)
        assert places == (1,) and number == pytest.approx(2 * size)
        for own in (size, 1 / size):
            assert found([own * A, own * B, own * C], own * (A - C)) == [((0, 2), [1, -1])]
            assert found([own * A, own * B, own * C], own * (A + B - C)) == [
                ((0, 1, 2), [1, 1, -1])]
    zero = A * (np.arange(24) != 5)  # a target may be 0 somewhere
    assert found([zero, B], 3 * zero) == [((0,), [3])]
    assert found([zero, zero * B], zero - zero * B) == [((0, 1), [1, -1])]
    assert found([A, B], 0 * A) == [] and found(np.ones((0, 24)), A) == []


def test_columns_of_zeros_or_without_a_number_are_left_out():
    columns = [0 * A, A * np.nan, A * np.inf, 1e-250 * A, A, 1e-150 * B]
    assert found(columns, A) == [((4,), [1])]
    assert [places for places, _ in fitting.sums(np.array(columns), B, 1, 1e-9)] == [(5,)]


def test_the_fewest_and_the_most_terms():
    columns = [A, B, C]
    for terms, target in ((1, A), (2, A + B), (3, A + B + C)):
        for start in (1, 2, 3):
            for most in (1, 2, 3):
                assert bool(found(columns, target, most, start=start)) == (
                    start <= terms <= most), (terms, start, most)


def test_how_many_equations_a_sum_needs():
    for terms, target in ((2, A + B), (3, A + B + C)):
        columns = np.array([A, B, C])
        for least in (1, 3, 5):
            for count in range(terms + least - 1, terms + least + 2):
                fine = bool(list(fitting.sums(columns[:terms, :count], target[:count], 3, 1e-9,
                                              least)))
                assert fine == (count >= terms + least), (terms, least, count)
    assert found([A[:2]], 2 * A[:2]) == [((0,), [2])]  # one column needs two
    assert found([A[:1]], 2 * A[:1]) == [] and found([ONES], 2 * ONES) == []
    same = np.repeat(A[:4], 6) * (1 + 1e-12 * B)  # the same equation but for rounding
    assert found([np.repeat(B[:4], 6), np.repeat(C[:4], 6)], same) == []


# -- places to compare at

def test_few_places_are_all_taken_and_of_many_four_hundred():
    for size, count in ((199, 398), (200, 400), (201, 400)):
        arrays = [draw.uniform(1, 2, size), 5 + draw.uniform(1, 2, size)]
        places, scale = fitting.rows(arrays)
        assert len(places) == len(scale) == len({*places.tolist()}) == count
        assert places.max() < 2 * size and (np.diff(places) > 0).all()
        every = np.concatenate(arrays)
        np.testing.assert_array_equal(fitting.stacked(arrays, places), every[places])
        tops = np.repeat([a.max() for a in arrays], size)
        np.testing.assert_allclose(scale * tops[places], 1)


def test_the_numbers_at_places_of_one_array_and_of_three():
    large = draw.uniform(size=(3, 20, 25))
    for arrays in (large[:1], large, large[:, :4, :5]):
        size = arrays[0].size
        every = np.arange(0, len(arrays) * size, 7)
        for places in (every, every[every >= size], every[:1], every[:0]):
            right = [arrays.ravel()[p] for p in places]
            np.testing.assert_array_equal(fitting.stacked([*arrays], places), right)
    places, scale = fitting.rows([np.zeros(3), np.array([0, -4.0, 2])])
    assert places.tolist() == [0, 1, 2, 3, 4, 5] and scale.tolist() == [1, 1, 1, .25, .25, .25]
    where = [np.array([True, False, True]), np.array([False, False, True])]
    places, scale = fitting.rows([np.ones(3), np.array([1, -4.0, 2])], where)
    assert places.tolist() == [0, 2, 5] and scale.tolist() == [1, 1, .25]


# -- numbers as texts

@pytest.mark.parametrize("value, text", [
    (math.sqrt(5), "np.sqrt(5)"), (-math.sqrt(5), "-np.sqrt(5)"),
    (math.sqrt(3 / 7), "np.sqrt(3 / 7)"),
    (math.sqrt(5 / math.pi), "np.sqrt(5 / np.pi)"),
    (math.sqrt(2 / 3 / math.pi), "np.sqrt(2 / 3 / np.pi)"),
    (-math.sqrt(3 * math.pi), "-np.sqrt(3 * np.pi)"), (math.sqrt(1 / 200), "np.sqrt(1 / 200)"),
    (math.sqrt(7 / 199), "np.sqrt(7 / 199)"), (math.sqrt(7 / 201), "0.186616908791"),
    (math.sqrt(9998), "np.sqrt(9998)"), (-0.5, "-0.5"), (1 / 3, "1 / 3"),
    (1.23456789, "1.23456789"),
    (math.pi, "3.14159265359"), (math.e * 1e-7, "2.71828182846e-07")])
def test_a_constant_without_known_arrays(value, text):
    assert fitting.spelled(value, Names([{}]), 1e-11) == text


@pytest.mark.parametrize("text, said", [
    ("s", "s"), ("1 / s", "(1 / s)"), ("s**2", "s * s"), ("s**-2.0", "(1 / s**2)"),
    ("np.sqrt(s)", "np.sqrt(s)"), ("s**-0.5", "(1 / np.sqrt(s))"), ("1 - s", "(1 - s)"),
    ("1 + s", "(1 + s)"), ("3 * s", "3 * s"), ("-s / 3", "-1 / 3 * s"), ("v.sum()", "v.sum()"),
    ("v.mean()", "0.25 * v.sum()"), ("(v**2).sum()", "(v**2).sum()"), ("-(1 + s)", "-1 * (1 + s)")])
def test_a_constant_of_a_known_number(text, said):
    known = {"s": np.array(0.7234567891), "v": np.array([0.3456789123, 1.2345678912, 0.1, 0.2])}
    value = eval(text, {"np": np, **known})
    assert fitting.spelled(float(value), Names([known] * 2), 1e-11) == said


@pytest.mark.parametrize("value, tolerance, text", [
    (math.sqrt(10000 / 3), 1e-11, "57.7350269190"),
    (math.sqrt(9999 / 2), 1e-11, "np.sqrt(9999 / 2)"),
    (0.0123356789, 1e-6, "0.01233568"), (123.456789, 1e-6, "123.4568"),
    (math.sqrt(3) * (1 + 1e-9), 1e-8, "np.sqrt(3)"),
    (math.sqrt(3) * (1 + 3e-8), 1e-8, "1.73205086")])
def test_a_root_is_told_from_its_neighbours(value, tolerance, text):
    assert fitting.spelled(value, Names([{}]), tolerance) == text.rstrip("0")


def test_digits_are_cut_where_a_tenth_of_the_noise_begins():
    for value, close, text in ((1.23456789, 1e-3, "1.23457"), (1.23456789, 1e-6, "1.234568"),
    (1.23456789, 1e-7, "1.2345679"),
                               (1.23456789, 1e-4, "1.23457"), (-1234567.89, 1e-9, "-1234567.89"),
                               (1.5, 1e-11, "1.5"), (0.1 + 0.2, 1e-11, "0.3"),
                               (0.1 + 0.2, 1e-17, "0.30000000000000004")):
        assert fitting.digits(value, close) == text


# -- whole powers

def test_powers_are_whole_and_no_further_than_three():
    columns = np.abs(np.array([A, B, C])) + 0.5
    for right in ({0: 3}, {0: -3}, {0: 1, 1: -2, 2: 3}, {2: 2}):
        target = 1.5 * np.prod([columns[p] ** float(k) for p, k in right.items()], 0)
        assert fitting.exponents(columns, target, 1e-9) == (right, pytest.approx(1.5))
        assert fitting.exponents(1e9 * columns, 1e-9 * target, 1e-9)[0] == right
    assert fitting.exponents(columns, columns[0] ** 4.0, 1e-9) is None
    assert fitting.exponents(columns, 2 * ONES, 1e-9) is None
    assert fitting.exponents(columns, columns[0] * (1 + 1e-3 * (np.arange(24) == 7)), 1e-9) is None
    assert fitting.exponents(columns, columns[0] * (1 + 1e-3 * (np.arange(24) == 7)), 1e-2)[0] == {
        0: 1}
    assert fitting.exponents(columns[:, :6], columns[0, :6], 1e-9)[0] == {0: 1}
    assert fitting.exponents(columns[:, :5], columns[0, :5], 1e-9) is None
    wide = np.geomspace(0.01, 10, 24)  # off by 0.01 where it is 10
    off = wide * (1 + 1e-3 * (np.arange(24) == 23))
    for size in (1e-6, 1, 1e6):
        assert fitting.exponents(wide[None], size * off, 1.2e-3)[0] == {0: 1}
        assert fitting.exponents(wide[None], size * off, 0.8e-3) is None
    near = np.array([columns[0], columns[0] * (1 + 1e-13 * B)])
    assert fitting.exponents(near, columns[0], 1e-9) is None  # one column twice
    constant = np.array([columns[0], 2 * ONES])  # which the number before it stands for
    assert fitting.exponents(constant, columns[0], 1e-9) is None
    np.testing.assert_allclose(fitting.math_product(columns, [0, 2, -1]),
                               columns[1] ** 2 / columns[2])
    assert fitting.math_product(columns, [0, 0, 0]).tolist() == ONES.tolist()
