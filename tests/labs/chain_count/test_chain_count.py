"""The chain count lab: its counts against a product that counts, and what it says."""

import numpy as np
import pytest

from helpers.labs.chain_count import ChainCountLab


class Counted(float):
    """A number that counts how often numbers like it are multiplied."""

    times = 0

    def __mul__(self, other):
        Counted.times += 1
        return Counted(float(self) * float(other))

    def __add__(self, other):
        return Counted(float(self) + float(other))


def product(A, B):
    """A·B by the definition, entry by entry."""
    return [[sum((a * b for a, b in zip(row, column, strict=True)), Counted(0))
             for column in zip(*B, strict=True)] for row in A]


def counted(first, *rest):
    """How many multiplications this product takes, from the left."""
    Counted.times = 0
    for one in rest:
        first = product(first, one)
    return Counted.times


def matrix(rows, columns):
    return [[Counted(x) for x in row] for row in np.ones((rows, columns))]


@pytest.mark.parametrize("sizes", [(5, 3, 2, 1), (1, 2, 3, 5), (2, 5, 3, 2), (1, 1, 1, 1)])
def test_the_counts_are_those_of_a_product_that_counts(sizes):
    x, a, b, z = sizes
    lab = ChainCountLab(inputs=x, first=a, second=b, outputs=z)
    J1, J2, J3 = matrix(a, x), matrix(b, a), matrix(z, b)
    counts = lab.study(lab.settings)["counts"]
    assert counts["backward"] == counted(J3, J2, J1)
    transposed = [[list(column) for column in zip(*J, strict=True)] for J in (J1, J2, J3)]
    assert counts["forward"] == counted(*transposed)  # J₁ᵀJ₂ᵀJ₃ᵀ from the left


def test_it_says_which_way_is_cheaper():
    assert repr(ChainCountLab()) == (
        "ChainCountLab: a chain 1,000 → 200 → 50 → 1: backward 210,000 multiplications, forward "
        "10,050,000; forward takes 47.9 times as many as backward")
    assert "backward takes" in repr(ChainCountLab(inputs=1, outputs=1000))
    assert "both ways cost the same" in repr(ChainCountLab(inputs=5, first=3, second=3, outputs=5))


def test_a_dragged_layer_takes_the_nearest_size():
    lab = ChainCountLab()
    lab.gestures = {"client": "page", "queue": [
        {"kind": "drag", "place": "outputs", "value": [3, 95.0], "moves": "y", "stroke": 1,
         "serial": 1}]}
    assert lab.settings["outputs"] == 100 and lab.last_error is None
