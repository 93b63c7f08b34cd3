"""The output lab without a browser: its tables, its sentences, its handles."""

import numpy as np
import pytest

from helpers.calculus.errors import LessonError
from helpers.labs.output_loss import OutputLossLab, picture
from helpers.pictures.live import LIGHT


def rows(lab):
    return lab.state["readouts"][0]["rows"]


def notes(lab):
    return [one["text"] for one in lab.state["readouts"] if one["kind"] == "note"]


def handled(lab, place, value, moves):
    serial = lab.state["applied"].get("page", 0) + 1
    lab.gestures = {"client": "page", "queue": [{"serial": serial, "kind": "drag", "place": place,
                                                 "value": value, "moves": moves}]}
    assert lab.last_error is None


def test_two_classes():
    lab = OutputLossLab()
    assert rows(lab) == [
        ["sigmoid, cross-entropy", "0.0025", "6.0025", "−0.9975", "0.9575"],
        ["sigmoid, squared error", "0.0025", "0.9951", "−0.0049", "0.0029"],
        ["clipped line, squared error", "0", "1", "0", "0.0000"]]
    assert "203 times smaller" in notes(lab)[0] and "no loss can move it" in notes(lab)[1]
    assert "z = −6, label 1; sigmoid, cross-entropy: |dL/dz| = 0.9975" in repr(lab)


def test_half_of_the_loss_has_half_of_the_gradient():
    whole, half = OutputLossLab(z=-1), OutputLossLab(z=-1, squared="½(p − y)²")
    assert "2(σ(z) − y)σ(z)(1 − σ(z))" in notes(whole)[0] and "1(σ(z) − y)" in notes(half)[0]
    figures = [[float(text.replace("−", "-")) for text in rows(lab)[1][2:4]]
               for lab in (whole, half)]
    assert np.allclose(figures[0], 2 * np.array(figures[1]), atol=2e-4)


def test_softmax():
    lab = OutputLossLab(classes="softmax")
    assert [row[0] for row in rows(lab)] == ["softmax, cross-entropy", "softmax, squared error"]
    gradient = [float(text.replace("−", "-")) for text in rows(lab)[0][2].split(", ")]
    assert np.isclose(sum(gradient), 0, atol=2e-4) and gradient[0] < -0.999
    assert "− (1, 0, 0)" in notes(lab)[0] and "right class 1" in repr(lab)
    names = [one["name"] for one in lab.state["controls"]]
    assert "z3" in names and "z4" not in names and "z" not in names
    assert "scores −4, 4, 1, 0, −2, right class 1" in repr(OutputLossLab(classes="softmax", k=5))


def test_handles():
    lab = OutputLossLab()
    assert [h["axes"] for h in lab.state["handles"]] == [0, 1]
    handled(lab, "z", [2.04, 1.0], "x")
    assert lab.settings["z"] == 2.0
    lab.set(classes="softmax")
    assert [h["name"] for h in lab.state["handles"]] == ["z1", "z2", "z3"]
    handled(lab, "z2", [1.0, -3.3], "y")
    assert lab.settings["z2"] == -3.3


def test_a_class_that_is_gone_is_not_the_right_one():
    lab = OutputLossLab(classes="softmax", k=4, label=4)
    lab.set(k=2)
    assert "right class 2" in repr(lab)


@pytest.mark.parametrize("width", [4.0, 9.0])
@pytest.mark.parametrize("settings", [{}, {"classes": "softmax", "k": 5}])
def test_the_picture_shows_the_numbers(width, settings):
    lab = OutputLossLab(**settings)
    view = lab.study(lab.settings)
    figure, movers = picture.build(lab.still(view), width, LIGHT)
    picture.update(movers, view)
    assert len(figure.axes) == 3 and len(movers["tracks"]) == (2 if settings else 3)
    for line, track in zip(movers["tracks"], view["track"], strict=True):
        assert np.array_equal(line.get_ydata(), track)
    if settings:
        assert np.allclose([bar.get_height() for bar in movers["p"]], view["p"])
        assert np.allclose([bar.get_height() for bar in movers["squared"]], view["gradient"][1])
    else:
        assert [mark.get_ydata()[0] for mark in movers["losses"]] == view["loss"].tolist()


def test_refuses_in_one_line():
    with pytest.raises(LessonError, match="score z is 9; it must lie from -8 to 8"):
        OutputLossLab(z=9)
    with pytest.raises(LessonError, match="label y cannot be '2'"):
        OutputLossLab(y="2")


def test_the_right_class_is_one_of_those_there_are():
    lab = OutputLossLab(classes="softmax", k=5, label=5)
    assert lab.settings["label"] == 5
    lab.set(k=3)
    assert lab.settings["label"] == 3 and "right class 3" in repr(lab)
    lab.gestures = {"client": "page", "queue": [{"serial": 1, "kind": "set", "place": "label",
                                                 "value": 5}]}
    assert lab.settings["label"] == 3 and lab.last_error is None
