"""Tensors with few entries: how they are found in few calls, block by block."""

import numpy as np
import pytest

from helpers.calculus.discover.large import sparse
from tests.calculus.discover.test_large_parts import Linear, line_is, subject

I = np.eye


def test_one_entry_is_one():
    J = I(9, 1, -4) @ I(1, 9, 6)
    answer = sparse.kept(subject(Linear(J, 1)), sparse.entries_of(Linear(J, 1)))
    line_is(J, 1, answer)
    assert (answer.says, answer.multiplications) == (
        "1 entry is not zero; it and its place are kept", 0)


@pytest.mark.parametrize("size, calls", [(32, 11), (33, 13), (2, 3), (1, 2)])
def test_blocks_are_halved_as_often_as_there_are_inputs(size, calls):
    point, asked = Linear(I(size), 1), []
    point.along = lambda V: asked.append(1) or I(size) @ V
    rows, columns, _ = sparse.entries_of(point)
    assert sorted(rows.tolist()) == list(range(size)) and rows.tolist() == columns.tolist()
    assert len(asked) == calls  # one for all, and both halves of all blocks together


def test_blocks_that_meet_have_different_colours():
    rows, blocks = np.array([0, 1, 1, 2, 2, 3, 0]), np.array([0, 0, 1, 1, 2, 2, 3])
    assert sparse.coloured(blocks, rows, 4, 4).tolist() == [0, 1, 0, 1]
    apart = sparse.coloured(np.arange(41), np.zeros(41, int), 41, 1)
    assert apart is None and sparse.coloured(np.arange(40), np.zeros(40, int), 40, 1).max() == 39
