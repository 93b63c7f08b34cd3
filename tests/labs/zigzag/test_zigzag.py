"""The zig-zag lab without a browser: what it says, what it draws, what it refuses."""

import numpy as np
import pytest

from helpers.calculus.errors import LessonError
from helpers.labs.zigzag import ZigZagLab, picture
from helpers.pictures.live import LIGHT


def drag(lab, value):
    lab.gestures = {"client": "page", "queue": [{"serial": 1, "kind": "drag", "place": "start",
                                                 "value": value, "moves": "xy"}]}


def test_the_sentence_has_the_numbers_of_both_paths():
    text = repr(ZigZagLab())
    assert "all positive 12 of 12 gradients have entries of one sign" in text
    assert "the path turns back 11 times" in text
    assert "centred 4 of 12" in text
    assert "by whole batch" in repr(ZigZagLab(by="whole batch"))


def test_the_last_line_multiplies_out():
    for line in (one for one in ZigZagLab().state["readouts"] if one["kind"] == "note"):
        upstream, slope, rest = line["text"].split(" = ", 1)[1].replace("−", "-").split(" · ")
        x, g = ([float(v) for v in part.strip("()").split(", ")] for part in rest.split(" = "))
        assert np.allclose(float(upstream) * float(slope) * np.array(x), g, atol=2e-4)
    assert "narrow valley" in ZigZagLab(by="whole batch").state["readouts"][-1]["text"]


def test_a_drag_moves_both_starts_and_stays_inside():
    lab = ZigZagLab()
    drag(lab, [99, 0.5])
    assert lab.settings["start"] == (4.0, 0.5) and lab.last_error is None
    assert [(h["axes"], h["x"], h["y"]) for h in lab.state["handles"]] == [(0, 4, 0.5), (1, 4, 0.5)]


@pytest.mark.parametrize("width", [4.0, 9.0])
def test_the_picture_shows_the_path_and_its_signs(width):
    lab = ZigZagLab(steps=7)
    view = lab.study(lab.settings)
    figure, movers = picture.build(lab.still(view), width, LIGHT)
    picture.update(movers, view)
    assert [axes.get_title() for axes in figure.axes[:2]] == ["Inputs all positive",
                                                              "Inputs centred"]
    for way, path in view["paths"].items():
        _, _, _, line, end, plus, minus, same = movers[way]
        assert np.array_equal(np.transpose(line.get_data()), path.weights)
        assert [end.get_xdata()[0], end.get_ydata()[0]] == path.weights[-1].tolist()
        assert len(plus.get_xdata()) == np.count_nonzero(path.gradients > 0)
        assert len(plus.get_xdata()) + len(minus.get_xdata()) == 14
        assert same.get_xdata().tolist() == (np.flatnonzero(path.same_sign) + 1).tolist()


def test_the_quarters_are_closed_for_one_positive_example_alone():
    for by, shown in (("one example", [True, False]), ("whole batch", [False, False])):
        _, movers = picture.build(by, 9.0, LIGHT)
        assert [parts[0].get_visible() for parts in movers.values()] == shown


def test_refuses_in_one_line():
    with pytest.raises(LessonError, match="steps is 99; it must lie from 0 to 40"):
        ZigZagLab(steps=99)
    with pytest.raises(LessonError, match="cannot be 'two'"):
        ZigZagLab().set(by="two")


def test_the_quarters_do_not_foretell_the_first_step():
    for steps, seen in ((0, False), (1, True)):
        view = ZigZagLab.study(ZigZagLab(steps=steps).settings)
        _, movers = picture.build("one example", 9.0, LIGHT)
        picture.update(movers, view)
        assert [bool(part.get_alpha()) for part in movers["all positive"][:2]] == [seen, seen]
