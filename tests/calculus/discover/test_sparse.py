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


@pytest.mark.parametrize("entries, says", [(32, True), (33, False)])
def test_half_of_sixteen_blocks_is_few(entries, says):
    J = np.zeros((4, 32))
    for block in range(16):  # two inputs each
        J[:2, 2 * block] = 1 + block
    J[3, 1] = entries - 32
    assert (sparse.entries_of(Linear(J, 1)) is not None) is says
    J = np.zeros((4, 16))
    J[:, ::2] = 1  # all outputs, of eight blocks: they are looked at
    assert len(sparse.entries_of(Linear(J, 1))[0]) == 32


def test_no_entry_is_few():
    for shape in ((3, 1), (3, 5), (2, 4, 3)):
        rows, columns, values = found = sparse.entries_of(Linear(np.zeros(shape), 1))
        assert len(rows) == len(columns) == len(values) == 0
        answer = sparse.kept(subject(Linear(np.zeros(shape), 1)), found)
        line_is(np.zeros(shape), 1, answer)
        assert (answer.stored, answer.kind, answer.nonzero) == (0, "sparse", 0)
        assert answer.says == "0 entries are not zero; they and their places are kept"


def test_what_is_rounding_beside_the_largest_entry_is_none():
    J = np.diag([1.0, 2, 3, 4])
    J[0, 1], J[1, 2] = 1e-17, 1e-14
    rows, columns, values = sparse.entries_of(Linear(J, 1))
    assert sorted(zip(rows.tolist(), columns.tolist(), strict=True)) == [
        (0, 0), (1, 1), (1, 2), (2, 2), (3, 3)]
    assert 1e-14 in values and 1e-17 not in values


@pytest.mark.parametrize("late, says", [(1e-14, "dropped"), (1e-12, None)])
def test_an_output_that_moves_too_late_is_rounding_or_refused(late, says):
    J, calls = np.vstack([I(8), np.zeros(8)]), []
    point = Linear(J, 1)

    def slopes(V):
        calls.append(V)
        Y = J @ V
        Y[8] = late * (len(calls) > 1)  # reached by no block before
        return Y

    point.along = slopes
    found = sparse.entries_of(point)
    if says is None:
        assert found is None
    else:
        assert sorted(found[0].tolist()) == list(range(8))


def test_halves_of_blocks_are_moved_by_colour():
    J = np.array([[1.0, 2, 0, 0], [0, 0, 3, 0], [0, 0, 4, 5]])
    point, asked, random = Linear(J, 1), [], np.random.default_rng(0)
    point.along = lambda V: asked.append(V) or J @ V
    rows, blocks = np.array([0, 1, 2], np.int32), np.array([0, 1, 1], np.int32)
    held = [blocks, rows]
    found = sparse.halved(point, held, np.array([0, 0]), 1, random, 1e-16)
    assert [V.tolist() for V in asked] == [[1, 0, 1, 0], [0, 1, 0, 1]] and held == []
    assert [part.tolist() for part in found] == [[0, 2, 2, 1, 3], [0, 1, 2, 0, 2],
                                                 [1, 3, 4, 2, 5]]
    assert found[0].dtype == found[1].dtype == np.int32
    asked.clear()
    found = sparse.halved(point, [np.zeros(3, int), np.arange(3)], np.array([0]), 2, random, 1e-16)
    assert [np.flatnonzero(V).tolist() for V in asked] == [[0, 1], [2, 3]]
    assert all(v > 0 for V in asked for v in V[V != 0])  # no two can cancel
    assert [part.tolist() for part in found] == [[0, 1, 1], [0, 1, 2], []]
    asked.clear()
    sparse.halved(point, [blocks, rows], np.array([0, 1]), 1, random, 1e-16)
    assert [V.tolist() for V in asked] == [list(row) for row in I(4)]  # one after the other


def test_blocks_are_in_order_after_every_halving():
    J = np.array([[0, 1.0, 0, 0], [1, 0, 0, 1], [0, 0, 1, 0]])
    held = [np.zeros(3, int), np.arange(3)]
    blocks, rows, none = sparse.halved(Linear(J, 1), held, np.array([0]), 2,
                                       np.random.default_rng(0), 1e-16)
    assert blocks.tolist() == [0, 0, 1, 1] and rows.tolist() == [0, 1, 1, 2] and len(none) == 0
    pieces = [np.array([1, 2], np.int32), np.array([3], np.int32)]
    assert sparse.joined(pieces).tolist() == [1, 2, 3] and pieces == []
    assert sparse.joined([]).tolist() == [] and sparse.joined([]).dtype == np.int32


def test_every_row_remembers_its_colours():
    blocks, rows = np.array([0, 1, 1, 2, 2, 3]), np.array([0, 0, 1, 0, 1, 1])
    assert sparse.coloured(blocks, rows, 5, 3).tolist() == [0, 1, 2, 0, 0]  # the last has no row


@pytest.mark.parametrize("J, kind, line, stored", [
    (I(3)[[2, 0, 1]], "permutation", "G[out]", 3), (5 * I(3)[[2, 0, 1]], "sparse",
                                                    "G[out] * 5.0", 3),
    (np.diag([1.0, 2, 3]), "sparse", "G[out] * C", 6),
    (np.array([[1.0, 0, 0], [1, 0, 0], [0, 0, 1]]), "sparse",
     "np.bincount(into, G[out], 3)", 6),   # an input twice, another never
    (np.array([[1.0, 1, 0], [0, 0, 0], [0, 0, 1]]), "sparse", "np.bincount(into, G[out], 3)", 6),
    (I(2, 3), "sparse", "np.bincount(into, G[out], 3)", 4),
    (I(3, 2), "sparse", "np.bincount(into, G[out], 2)", 4),
    (np.array([[1.0, 0], [2, 3]]), "sparse", "np.bincount(into, G[out] * C, 2)", 9)])
def test_places_are_all_to_keep_where_every_output_takes_one_input(J, kind, line, stored):
    answer = sparse.kept(subject(Linear(J, 1)), sparse.entries_of(Linear(J, 1)))
    line_is(J, 1, answer)
    assert (answer.kind, answer.line, answer.stored) == (kind, line, stored)
    assert answer.nonzero == np.count_nonzero(J)


@pytest.mark.parametrize("shape, ndim, line", [
    ((2, 2, 2, 2), 2, "(G.ravel()[out]).reshape(2, 2)"), ((4, 2, 2), 1, "(G[out]).reshape(2, 2)"),
    ((2, 2, 4), 2, "G.ravel()[out]"), ((4, 4), 1, "G[out]")])
def test_places_of_other_numbers_of_axes(shape, ndim, line):
    J = I(4)[[2, 0, 3, 1]].reshape(shape)
    answer = sparse.kept(subject(Linear(J, ndim)), sparse.entries_of(Linear(J, ndim)))
    line_is(J, ndim, answer)
    assert answer.line == line
    J[J.shape[0] - 1] *= 0
    answer = sparse.kept(subject(Linear(J, ndim)), sparse.entries_of(Linear(J, ndim)))
    line_is(J, ndim, answer)
    reshaped = ".reshape(2, 2)" * (len(shape) - ndim == 2)
    assert answer.line == f"np.bincount(into, {'G' if ndim == 1 else 'G.ravel()'}[out], 4)" \
        + reshaped


def test_a_single_number_is_one_entry():
    answer = sparse.kept(subject(Linear(np.array(3.0), 0)), sparse.entries_of(
        Linear(np.array(3.0), 0)))
    assert eval(answer.line, {"np": np, "G": np.array(2.0), **answer.names.all_at(0)}) == 6
    assert answer.line == "(G.ravel()[out] * 3.0).reshape(())"
    J = np.array([0.0, 3, 4])
    answer = sparse.kept(subject(Linear(J, 1)), sparse.entries_of(Linear(J, 1)))
    line_is(J, 1, answer)
    assert answer.line == "np.bincount(into, G[out] * C, 1).reshape(())"
    assert sparse.along_axes(np.array([0]), ()) == ()
    assert [i.tolist() for i in sparse.along_axes(np.array([0, 5]), (2, 3))] == [[0, 1], [0, 2]]
