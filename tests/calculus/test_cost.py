"""Costs against numbers worked out by hand, and against the arrays themselves."""

import math

import numpy as np
import pytest

from helpers import cost
from helpers.calculus.cost import LARGE
from helpers.calculus.errors import ShapeError, UnknownInput, UnknownOperation
from tests.calculus.cases import TABLE, example


def test_the_monster_of_the_course():
    counted = cost("relu", n=64, h=1024)
    assert counted.full_shape == (64, 1024, 64, 1024)
    assert counted.full_entries == counted.full_multiplications == 4_294_967_296
    assert counted.full_bytes == 34_359_738_368
    assert counted.compact_entries == counted.compact_multiplications == 65_536
    assert counted.ratio == 65_536
    assert (LARGE["n"], LARGE["h"]) == (64, 1024)  # its sizes are those that all pages say
    assert "4,294,967,296 entries (34.4 GB)" in str(counted) and "65,536" in str(counted)


def test_of_one_the_noun_is_one_too():
    assert str(cost("relu", n=1, h=1)) == (
        "relu by X at n=1, h=1: full tensor 1 entry (8 bytes), 1 multiplication; compact 1 number "
        "(8 bytes), 1 multiplication")


@pytest.mark.parametrize("name, wrt, sizes, entries, stored, multiplications", [
    ("affine", "X", dict(n=3, m=4, k=2), 3 * 2 * 3 * 4, 8, 24),
    ("affine", "W", dict(n=3, m=4, k=2), 3 * 2 * 4 * 2, 12, 24),
    ("affine", "b", dict(n=3, m=4, k=2), 3 * 2 * 2, 0, 0),
    ("batchnorm", "X", dict(n=64, h=10), 640 * 640, 650, 3 * 640 + 30),
    ("softmax", "Z", dict(n=5, k=10), 2500, 50, 100),
    ("transpose", "X", dict(n=3, m=4), 144, 0, 0),
    ("mean", "X", dict(n=3, h=4), 48, 1, 4),
    ("sum", "X", dict(axis=1, n=3, h=4), 36, 0, 0),
    ("broadcast", "b", dict(n=7, k=2), 28, 0, 0),
    ("conv1d", "X", dict(n=2, l=10, w=3), 2 * 8 * 2 * 10, 3, 2 * 8 * 3),
    ("maxpool1d", "X", dict(n=2, l=10, size=5), 2 * 2 * 2 * 10, 4, 0),
    ("squared_error", "Y", dict(n=3, h=4), 12, 12, 12),
    ("attention", "V", dict(n=2, m=3, v=4), 2 * 4 * 3 * 4, 6, 24),
    ("prelu", "alpha", dict(n=3, h=4), 12, 12, 12),
])
def test_counts_by_hand(name, wrt, sizes, entries, stored, multiplications):
    counted = cost(name, wrt, **sizes)
    assert (counted.full_entries, counted.compact_entries, counted.compact_multiplications) == (
        entries, stored, multiplications)
    assert (counted.full_bytes, counted.compact_bytes) == (8 * entries, 8 * stored)


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_counts_are_those_of_the_arrays(op):
    call = example(op)
    given = {k: v for k, v in call.parameters.items() if k in op.parameters and k not in op.derived}
    sizes = op.sizes(*call.inputs, **call.parameters)
    for wrt in op.derivatives:
        J = op.jacobian(*call.inputs, wrt=wrt, **call.parameters)
        core = op.local(*call.inputs, wrt=wrt, **call.parameters).core
        counted = cost(op, wrt, **{k: v for k, v in sizes.items() if k not in op.derived}, **given)
        assert counted.full_shape == J.shape and counted.full_entries == J.size
        assert counted.compact_entries <= max(np.size(core), sum(map(np.size, call.inputs)) * 2)
        assert counted.compact_multiplications <= counted.full_multiplications * 2


def test_sizes_are_checked():
    assert cost("relu", n=0, h=4).full_entries == 0 and cost("relu", n=0).ratio == 0
    with pytest.raises(ShapeError, match=r"relu has no axis 'q'. Its axes: n, h"):
        cost("relu", q=3)
    for wrong in (-1, 2.5, math.nan, math.inf, [2]):
        with pytest.raises(ShapeError, match="relu: axis n must be a whole number from 0 up"):
            cost("relu", n=wrong)
    with pytest.raises(UnknownInput):
        cost("affine")
    with pytest.raises(UnknownInput, match="relu: wrt is a name, not of type list"):
        cost("relu", [1.0, 2.0])
    with pytest.raises(UnknownOperation):
        cost("nothing")


def test_counts_are_exact_up_to_a_size():
    assert cost("relu", n=2**53, h=0).full_entries == 0
    assert cost("relu", n=np.int64(2**53), h=1).compact_entries == 2**53
    for size, told in ((2**53 + 1, "9007199254740993"), (np.int64(2**53 + 1), "9007199254740993"),
                       (10**30, "1" + 30 * "0"),
                       (1e300, "1e+300")):
        with pytest.raises(ShapeError, match=r"beyond 2\*\*53 = 9,007,199,254,740,992") as caught:
            cost("relu", n=size, h=1)
        assert f"relu: axis n is {told}, beyond" in str(caught.value)
    for size, told in (("64", "'64'"), (2.5, "2.5"), (-1, "-1"), (np.inf, "inf"), ([3], "[3]"),
                       (None, "None"), (np.ones((2, 2)), "[[1. 1.] [1. 1.]]")):
        with pytest.raises(ShapeError) as caught:
            cost("relu", n=size, h=1)
        assert str(caught.value) == f"relu: axis n must be a whole number from 0 up, not {told}."


def test_of_nothing_one_number_stands_for_nothing():
    assert cost("relu", n=0, h=4).ratio == 0
    assert cost("relu", n=3, h=4).ratio == 12 and cost("relu", n=1, h=1).ratio == 1
