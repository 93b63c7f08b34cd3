"""The collapse lab without a browser: matrices, kinks, sentences."""

import numpy as np
import pytest

from helpers.calculus.errors import LessonError
from helpers.labs.collapse import CollapseLab, picture
from helpers.pictures.live import LIGHT


def readout(lab, kind, place=0):
    return [one for one in lab.state["readouts"] if one["kind"] == kind][place]


def matrix(part):
    return np.array([[float(x.replace("−", "-")) for x in row] for row in part["rows"]])


def test_the_matrices_shown_multiply_out():
    parts = readout(CollapseLab(), "matrices")["parts"]
    assert [part if isinstance(part, str) else part["name"] for part in parts] == [
        "W₃", "·", "W₂", "·", "W₁", "=", "W", "and", "b"]
    W3, W2, W1, W = (matrix(parts[i]) for i in (0, 2, 4, 6))
    assert np.allclose(W3 @ W2 @ W1, W, atol=1e-3)


def test_many_layers_are_named_alone():
    parts = readout(CollapseLab(depth=8), "matrices")["parts"]
    assert parts[:2] == ["W₈·W₇·W₆·W₅·W₄·W₃·W₂·W₁", "="]


def test_the_verdict_and_its_numbers():
    lab = CollapseLab(depth=8)
    assert readout(lab, "value")["tone"] == "good" and readout(lab, "value", 1)["text"] == "0"
    assert "8 affine layers: one affine map, Wx + b to within 1e-12; 0 kinks" in repr(lab)
    lab.set(f="ReLU")
    assert readout(lab, "value")["tone"] == ""
    assert "no affine map" in repr(lab) and "kinks along the line" in repr(lab)
    assert "1 affine layer: one" in repr(CollapseLab(depth=1))


def test_numbers_of_the_stack():
    assert "42 numbers in the stack" in readout(CollapseLab(), "note")["text"]  # 12 + 20 + 10


def test_another_network_has_other_numbers_and_undo_brings_the_first_back():
    lab = CollapseLab()
    first = readout(lab, "matrices")
    lab.gestures = {"client": "p", "queue": [{"serial": 1, "kind": "press", "place": "next"}]}
    assert lab.settings["seed"] == 5 and readout(lab, "matrices") != first
    lab.undo()
    assert readout(lab, "matrices") == first


@pytest.mark.parametrize("width", [4.0, 9.0])
def test_the_picture_shows_scores_and_kinks(width):
    lab = CollapseLab(f="ReLU")
    view = lab.study(lab.settings)
    _, movers = picture.build(None, width, LIGHT)
    picture.update(movers, view)
    assert len(movers["folds"].get_xdata()) == len(view["kinks"]) == 6
    for k in range(2):
        assert np.allclose(movers["along"][k].get_ydata() * view["limit"], view["Y"][:, k])
        assert len(movers["kinks"][k].get_xdata()) == 6
    assert np.abs(view["Y"]).max() < view["limit"] and movers["limit"].get_text() == "2"


def test_the_slope_is_asked_for_only_where_there_is_one():
    names = [one["name"] for one in CollapseLab().state["controls"]]
    assert "alpha" not in names
    assert "alpha" in [one["name"] for one in CollapseLab(f="leaky ReLU").state["controls"]]


def test_refuses_in_one_line():
    with pytest.raises(LessonError, match="affine layers is 9; it must lie from 1 to 8"):
        CollapseLab(depth=9)
    with pytest.raises(LessonError, match="start of the line must be two numbers"):
        CollapseLab(start=3)
