"""What the doctor's picture holds: which arrays, in which column, which words in which colour."""

import numpy as np
import pytest

from helpers import GradientDoctor
from helpers.pictures.palette import LIGHT
from helpers.widgets.doctor.picture import draw_doctor, fits
from tests.widgets.doctor.test_doctor import W, X, b, backward, dense


def titles(figure):
    """The names of the arrays by column, each from top to bottom."""
    left, right = [], []
    for axes in figure.axes:
        x, y = axes.get_position().x0, axes.get_position().y0
        (left if x < 0.4 else right).append((-y, axes.texts[0].get_text()))
    return [[name for _, name in sorted(column)] for column in (left, right)]


def drawn(doctor, pointer=None):
    doctor.pointer = pointer or {}
    return doctor.figure()


def test_gradients_stand_on_the_left_and_what_they_are_measured_by_on_the_right():
    doctor = GradientDoctor(dense, backward, X, W, b)
    figure = drawn(doctor, {"place": "measured", "index": 5})
    assert titles(figure) == [["dW, yours", "dW, measured", "difference, 0 where they agree"],
                              ["G", "∂Y/∂W[2, 1]"]]
    assert {axes.get_position().x0 for axes in figure.axes} == {0.15 / 9.3, 4.7 / 9.3}
    tops = sorted((axes.get_position().y1 for axes in figure.axes), reverse=True)
    assert tops[0] == pytest.approx(tops[1])
    assert tops[0] < 1 - len(figure.texts) * 0.21 / figure.get_figheight()  # below the words
    wrong = GradientDoctor(dense, lambda G, X, W, b: (G @ W.T, X.T @ G, G.sum(1)), X, W, b,
                           wrt="b")
    assert titles(drawn(wrong))[0] == ["db, yours", "db, measured"]


def test_nothing_overlaps_and_nothing_is_wider_than_its_column():
    doctor = GradientDoctor(lambda A: A[:, :20], lambda G, A: np.hstack([G, 0 * G[:, :1]]),
                            np.ones((2, 21)))
    figure = drawn(doctor)
    boxes = [axes.get_position() for axes in figure.axes]
    for k, box in enumerate(boxes):
        assert 0 < box.x0 and box.x1 < 1 and 0 < box.y0 and box.y1 < 1
        assert box.width * 9.3 <= 4.7 - 2 * 0.15 + 1e-9
        for other in boxes[:k]:
            assert not (box.x0 < other.x1 and other.x0 < box.x1
                        and box.y0 < other.y1 and other.y0 < box.y1)


@pytest.mark.parametrize(("shape", "small"), [
    ((400,), True), ((401,), False), ((20, 20), True), ((1,) * 4, True), ((1,) * 5, False),
    ((), True)])
def test_four_hundred_numbers_of_four_axes_are_drawn(shape, small):
    assert fits(np.ones(shape)) is small


@pytest.mark.parametrize(("factor", "colour"), [(1, LIGHT.good), (2, LIGHT.bad)])
def test_the_verdict_comes_first_and_in_its_colour(factor, colour):
    doctor = GradientDoctor(lambda X: X**2, lambda G, X: factor * 2 * G * X, np.ones((2, 3)))
    found, figure = doctor._present.found, drawn(doctor)
    words = [(text.get_text(), text.get_color(), text.get_fontweight()) for text in figure.texts]
    bold = [text for text in words if text[2] == "bold"]
    assert words[:len(bold)] == bold and {text[1] for text in bold} == {colour}
    assert " ".join(text for text, *_ in bold) == f"dX: {found.verdict}"
    rest = " ".join(text for text, *_ in words[len(bold):])
    told = [f"{found.mistake.name}: {found.mistake.remedy}"] if found.mistake else []
    assert rest == " ".join([*told, *found.facts, doctor.reading["text"]])
    assert (found.mistake is None) is (factor == 1)
    assert all(len(text) <= 108 and text for text, *_ in words)
    heights = [text.get_position()[1] for text in figure.texts]
    steps = -np.diff(heights) * figure.get_figheight()
    assert steps == pytest.approx(np.full(len(steps), 0.21))


def test_what_is_too_large_leaves_its_place_to_the_words():
    large = GradientDoctor(lambda A, B: A @ B, lambda G, A, B: (G @ B.T, A.T @ G),
                           np.ones((3, 4)), np.ones((4, 101)), wrt="B")
    assert titles(drawn(large)) == [[], ["G", "∂Y/∂B[0, 0]"]]
    none = GradientDoctor(lambda X: X, lambda G, X: G, np.ones((0, 3)))
    figure = draw_doctor("says", none._present.found, "X", {"inner": None, "text": "", "marks": {}})
    assert figure.says == "says" and "∂Y/∂X" not in str(titles(figure))


def test_the_entry_that_is_read_is_marked_in_the_gradients_alone():
    doctor = GradientDoctor(dense, backward, X, W, b)

    def patches(pointer):
        return [len(axes.patches) + len(axes.collections) for axes in drawn(doctor, pointer).axes]

    reading = {"inner": None, "text": "", "marks": {}}
    bare = [len(axes.patches) + len(axes.collections) for axes in draw_doctor(
        "says", doctor._present.found, "W", reading).axes]
    more = [a - b for a, b in zip(patches({"place": "measured", "index": 5}), bare, strict=False)]
    assert more[:2] == [1, 1] and more[3] == 0
