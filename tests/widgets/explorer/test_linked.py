"""The explorer's arrays, sizes, parameters and choices are traits: observed, linked, and true."""

import ipywidgets
import numpy as np
import pytest

from helpers import OPERATIONS, EditableArray, JacobianExplorer
from helpers.widgets.explorer.traits import linked
from helpers.widgets.kit.live import LiveView, alike


def is_true(explorer):
    return all(alike(getattr(explorer, name), value)
               for name, value in linked(explorer._present).items())


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_size_is_a_trait_that_moves_it(name):
    explorer = JacobianExplorer(name)
    for letter, size in explorer._present.free_sizes.items():
        wanted = size - 1 if size > 1 else 2
        setattr(explorer, letter, wanted)
        if explorer.last_error is None:  # some sizes depend on each other
            assert explorer._present.sizes[letter] == getattr(explorer, letter) == wanted
        assert is_true(explorer)
    explorer.undo()
    assert is_true(explorer)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_array_is_a_trait_that_moves_it(name):
    explorer = JacobianExplorer(name)
    for what, old in [*explorer.inputs.items(), ("G", explorer.G)]:
        if what == "Y":
            continue  # that is the output's name
        heard = []
        explorer.observe(heard.append, what)
        setattr(explorer, what, (old / 2).tolist())
        assert explorer.last_error is None and len(heard) == 1
        assert np.array_equal(getattr(explorer, what), old / 2)
        assert np.array_equal({**explorer.inputs, "G": explorer.G}[what], old / 2)
        assert is_true(explorer)


def test_a_slider_and_the_hand_move_a_size():
    explorer, slider = JacobianExplorer("affine", n=3), ipywidgets.IntSlider(3, 1, 40)
    ipywidgets.link((slider, "value"), (explorer, "n"))
    slider.value = 5
    assert explorer.inputs["X"].shape[0] == explorer.G.shape[0] == 5
    gesture = {"serial": 1, "kind": "size", "letter": "n", "value": 2}
    explorer.gestures = {"client": "page", "queue": [gesture]}
    assert slider.value == 2 == explorer.n
    slider.value = 40
    assert explorer.n == 2 and "whole number from 1 to 32" in explorer.last_error


def test_an_array_follows_one_that_is_edited_elsewhere_and_a_slider():
    explorer = JacobianExplorer("relu", [[1.0, -2.0]])
    other = JacobianExplorer("leaky relu" if "leaky relu" in OPERATIONS else "tanh", n=1, h=2)
    ipywidgets.dlink((explorer, "X"), (other, "X"))
    ipywidgets.dlink((other, "X"), (explorer, "X"))  # both ways, for `link` cannot compare arrays
    explorer.set(X=[[3.0, -4.0]])
    assert other.X.tolist() == [[3, -4]]
    other.X = [[0.5, 1]]
    assert explorer.inputs["X"].tolist() == [[0.5, 1]]
    slider = ipywidgets.FloatSlider(2.0)
    ipywidgets.dlink((slider, "value"), (explorer, "X"), lambda x: [[x, -x]])
    slider.value = 7
    assert explorer.Y.tolist() == [[7, 0]] == other.Y.tolist() or other.X.tolist() == [[7, -7]]
    array = EditableArray(explorer.X)
    array.on_change(lambda values: setattr(explorer, "X", values))
    array.value = [[8, 9]]
    assert explorer.X.tolist() == [[8, 9]]


def test_choices_and_parameters():
    explorer = JacobianExplorer("relu", at_zero=0.5)
    assert (explorer.operation, explorer.wrt, explorer.mode, explorer.at_zero) == (
        "relu", "X", "tiles", 0.5)
    explorer.at_zero, explorer.derivative_layout, explorer.mode = 1.0, "denominator", "blocks"
    assert explorer.parameters["at_zero"] == 1 and explorer.last_error is None
    assert explorer.state["controls"]["layout"] == "denominator"
    explorer.operation = "affine"
    assert explorer.at_zero is None and explorer.W.shape == explorer.inputs["W"].shape
    explorer.wrt = "W"
    assert explorer.wrt == "W" and explorer.gradient.shape == explorer.W.shape


@pytest.mark.parametrize(("name", "value"), [
    ("n", 0), ("n", 2.5), ("n", None), ("m", 3), ("X", [["a"]]), ("X", None), ("G", [[1]]),
    ("operation", "nothing"), ("wrt", "Q"), ("mode", 3), ("at_zero", "x"),
    ("derivative_layout", "row")])
def test_what_makes_no_sense_is_one_line_and_goes_back(name, value):
    explorer, heard = JacobianExplorer("relu", n=3, h=4), []
    before = getattr(explorer, name)
    explorer.observe(heard.append, name)
    setattr(explorer, name, value)
    assert explorer.last_error and "\n" not in explorer.last_error
    assert alike(getattr(explorer, name), before) and heard == [] and is_true(explorer)


def test_arrays_are_read_and_not_written_into():
    explorer = JacobianExplorer("relu")
    with pytest.raises(ValueError, match="read-only"):
        explorer.X[0, 0] = 7
    assert "X" not in explorer.get_state() and "n" in explorer.get_state()


def test_an_own_function_has_the_traits_of_its_arrays_and_sizes():
    explorer = JacobianExplorer(lambda P: 3 * P, np.ones((2, 3)))
    name = explorer.wrt
    letter, size = next(iter(explorer._present.free_sizes.items()))
    assert getattr(explorer, letter) == size == 2
    setattr(explorer, name, np.full((2, 3), 2.0))
    assert explorer.Y.tolist() == [[6.0] * 3] * 2


def test_no_trait_hides_what_every_widget_has():
    names = set(linked(JacobianExplorer("relu")._present))
    assert not names & set(dir(LiveView))
