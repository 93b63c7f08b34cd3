"""A live picture: what moves is drawn over what stands still, and places are told to the page."""

import io

import numpy as np
import pytest
from matplotlib.image import imread

from helpers.pictures.live import (
    DARK,
    LIGHT,
    LivePicture,
    Look,
    columns,
    panels,
    power,
    ticks_at_powers,
)

BUILT = []


def build(still, width, palette):
    BUILT.append((still, width, palette))
    figure, grid = panels(1, 2, width, 2.0, palette)
    left, right = grid.flat
    left.set(xlim=(-2, 2), ylim=(-1, 1), title=still)
    right.set(xlim=(1, 1000), ylim=(0, 5), xscale="log")
    empty, = left.plot([], [])
    dot, = left.plot([], [], "o", markersize=9)
    return figure, {"lines": [empty], "dot": dot}


def update(movers, view):
    movers["dot"].set_data([view], [0])
    movers["dot"].set_visible(view < 2)


@pytest.fixture
def live():
    BUILT.clear()
    return LivePicture(build, update)


def pixels(frame):
    return imread(io.BytesIO(frame.png))[..., :3]


def test_the_dot_is_where_the_page_is_told_it_would_be(live):
    empty, there = (live.frame("a", Look(600), x) for x in (2, 1))
    down, across = np.nonzero((pixels(empty) != pixels(there)).any(axis=2))
    left, top, wide, high = there.axes[0]["box"]
    assert across.mean() / 600 == pytest.approx(left + wide * 3 / 4, abs=0.002)
    assert down.mean() / 200 == pytest.approx(top + high / 2, abs=0.005)
    assert (there.width, there.height) == (600, 200)
    assert {k: v for k, v in there.axes[0].items() if k != "box"} == {
        "x": [-2, 2], "xlog": False, "y": [-1, 1], "ylog": False}
    assert (there.axes[1]["x"], there.axes[1]["xlog"]) == ([1, 1000], True)


def test_the_ground_is_drawn_anew_for_another_still_or_look_alone(live):
    first = live.frame("a", Look(), 0.5)
    assert (first.width, first.height) == (900, 200)
    for x in (-1, 2, 0.5):
        again = live.frame("a", Look(), x)
    assert again == first and BUILT == [("a", 9, LIGHT)]
    other = live.frame("b", Look(), 0.5)
    assert other.png == LivePicture(build, update).frame("b", Look(), 0.5).png != first.png
    dark, fine = live.frame("b", Look(dark=True), 0.5), live.frame("b", Look(ratio=2.0), 0.5)
    assert dark.axes == other.axes and dark.png != other.png
    assert pixels(fine).shape == (400, 1800, 3) and fine.width == 900
    assert [one for one in BUILT if one[2] is DARK] == [("b", 9, DARK)] and len(BUILT) == 5


def test_a_page_with_little_room_gets_the_height_it_gives(live):
    frame = live.frame("a", Look(500, 1.0, False, 300), 0.0)
    assert (frame.width, frame.height) == (500, 300) and pixels(frame).shape[:2] == (300, 500)
    asked = []

    def low(still, width, height, palette):
        asked.append((still, width, height, palette))
        return build(still, width, palette)

    LivePicture(build, update, low).frame("a", Look(500, 1.0, True, 300), 0.0)
    assert asked == [("a", 5, 3, DARK)]


def test_powers_of_ten_are_written_as_a_student_writes_them():
    assert [power(one) for one in (-12, -1, 0, 1, 2, 30)] == [
        "10⁻¹²", "10⁻¹", "1", "10", "10²", "10³⁰"]
    grid = panels(1, 1, 3.0, 2.0, LIGHT)[1]
    axes = grid[0, 0]
    axes.set(xscale="log", xlim=(0.01, 10))
    ticks_at_powers(axes.xaxis, (-2, 0, 1))
    assert axes.get_xticks().tolist() == [0.01, 1, 10]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["10⁻²", "1", "10"]
    assert axes.get_xticks(minor=True).size == 0


def test_a_legend_is_never_wider_than_its_picture():
    for inches in (3.2, 3.99, 4, 4.99, 5, 7.99, 8):
        figure, grid = panels(1, 1, inches, 2.0, LIGHT)
        for name in ("leaky ReLU", "sigmoid", "softplus", "tanh", "GELU"):
            grid[0, 0].plot([1, 2], label=name)
        legend = figure.legend(ncols=columns(figure), fontsize=10)
        assert legend.get_window_extent().width < figure.bbox.width, inches
    assert columns(figure) == 5
