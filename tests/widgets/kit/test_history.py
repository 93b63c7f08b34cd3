"""Undo and redo, the same in every widget."""

import numpy as np
import pytest

from helpers import ActivationLab, EditableArray, GraphStepper, JacobianExplorer
from tests.page import browser


def edit(index, value, stroke=None, **more):
    gesture = {"kind": "edit", "place": index, "index": index, "value": value, **more}
    return gesture | ({} if stroke is None else {"stroke": stroke})


def test_redo_makes_again_what_undo_took_back():
    array = EditableArray([0.0, 0.0])
    seen = [array.value.tolist()]
    for value in (1.0, 2.0, 3.0):
        browser(array, edit(0, value))
        seen.append(array.value.tolist())
    for wanted in seen[2::-1]:
        browser(array, {"kind": "undo"})
        assert array.value.tolist() == wanted
    array.undo()  # at the start
    for wanted in seen[1:]:
        browser(array, {"kind": "redo"})
        assert array.value.tolist() == wanted
    array.redo()  # at the end
    assert array.value.tolist() == seen[-1]


def test_a_change_after_undo_forgets_what_could_be_made_again():
    array = EditableArray([0.0])
    for value in (1.0, 2.0):
        browser(array, edit(0, value))
    array.undo()
    array.value = [5.0]
    array.redo()
    assert array.value.tolist() == [5.0]
    array.undo()
    array.undo()
    array.redo()
    assert array.value.tolist() == [1.0]


def test_a_stroke_is_taken_back_and_made_again_as_one():
    array = EditableArray([0.0])
    browser(array, *(edit(0, value / 10, stroke=7) for value in range(1, 9)))
    array.undo()
    assert array.value.tolist() == [0.0]
    array.redo()
    assert array.value.tolist() == [0.8]


def test_callbacks_hear_of_undo_and_redo():
    array, heard = EditableArray([0.0]), []
    array.on_change(lambda value: heard.append(value.tolist()))
    browser(array, edit(0, 1.0))
    array.undo()
    array.redo()
    array.redo()
    assert heard == [[1.0], [0.0], [1.0]]


def test_a_block_is_one_step_and_a_wrong_one_changes_nothing():
    explorer = JacobianExplorer("relu", np.zeros((2, 3)))
    block = edit([0, 4, 5], [1.0, "NaN", -2], stroke=1, name="X")
    browser(explorer, block)
    X = explorer.inputs["X"]
    assert np.array_equal(X, [[1, 0, 0], [0, np.nan, -2]], equal_nan=True)
    browser(explorer, block | {"index": [0, 6], "value": [3, 3], "stroke": 2})
    assert "There is no entry 6" in explorer.last_error
    assert np.array_equal(explorer.inputs["X"], X, equal_nan=True)
    browser(explorer, {"kind": "undo"})
    assert not explorer.inputs["X"].any()
    browser(explorer, {"kind": "redo"})
    assert np.array_equal(explorer.inputs["X"], X, equal_nan=True)


@pytest.mark.parametrize("index, value", [([0, 1], [1.0]), ([0], 1.0), (0, [1.0])])
def test_lists_of_different_lengths_are_refused(index, value):
    array = EditableArray([0.0, 0.0])
    browser(array, edit(index, value))
    assert array.last_error and array.value.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("make, change, read", [
    (ActivationLab, lambda w: w.set(x=1.0), lambda w: w.settings["x"]),
    (GraphStepper, lambda w: w.set(step=2), lambda w: w.state["controls"]["step"]),
])
def test_every_widget_has_redo(make, change, read):
    widget = make()
    before = read(widget)
    change(widget)
    after = read(widget)
    browser(widget, {"kind": "undo"})
    assert read(widget) == before != after
    browser(widget, {"kind": "redo"})
    assert read(widget) == after


def test_undo_takes_numbers_back_and_leaves_the_player_as_it_is():
    explorer = JacobianExplorer("relu", np.zeros((2, 3)))
    browser(explorer, edit(0, 5.0, stroke=1, name="X"), {"kind": "play", "on": True, "index": 1})
    browser(explorer, {"kind": "undo"})
    assert explorer.inputs["X"][0, 0] == 0 and explorer.state["play"]["index"] == 1
    browser(explorer, {"kind": "play", "on": False}, {"kind": "redo"})
    assert explorer.inputs["X"][0, 0] == 5 and explorer.state["play"] is None
