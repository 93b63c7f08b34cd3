"""The picture of an order puzzle: blocks as large as their shapes, and no joint before its time."""

from itertools import pairwise

import pytest
from matplotlib.patches import Rectangle

from helpers import OrderPuzzle
from helpers.pictures.palette import LIGHT
from helpers.widgets.order.picture import mathtext


def texts(figure):
    return [one.get_text() for one in figure.axes[0].texts]


@pytest.mark.parametrize(("text", "lowered"), [
    ("J_z · J_y", "J$_z$ · J$_y$"), ("∇_x ℓ", "∇$_x$ ℓ"), ("a_bc", "a_bc"), ("Xᵀ", "Xᵀ"),
    ("∂u/∂x", "∂u/∂x")])
def test_one_letter_after_a_line_is_lowered(text, lowered):
    assert mathtext(text) == lowered


def test_every_factor_and_the_goal_is_a_block_of_its_shape():
    puzzle = OrderPuzzle(3, seed=0)  # J_u 3×4, J_z 4×2, J_y 2×5
    puzzle.set(order=("J_z", "J_u", "J_y"))
    figure = puzzle.figure()
    blocks = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    sizes = [(round(one.get_height() / 0.26), round(one.get_width() / 0.26)) for one in blocks]
    assert sizes == [(4, 2), (3, 4), (2, 5), (3, 5)]
    middles = {round(one.get_y() + one.get_height() / 2, 6) for one in blocks}
    assert len(middles) == 1
    edges = [(one.get_x(), one.get_x() + one.get_width()) for one in blocks]
    assert all(b[0] - a[1] == pytest.approx(1.15) for a, b in pairwise(edges))
    assert len(figure.axes[0].lines) == sum(rows - 1 + columns - 1 for rows, columns in sizes)
    found = texts(figure)
    for name in ("J$_z$", "J$_u$", "J$_y$", "∂u/∂x", "4×2", "3×4", "2×5", "3×5"):
        assert name in found
    assert found[0] == "3 · 3 maps in a row" and found[1].endswith("Put the factors in order.")


@pytest.mark.parametrize(("order", "checked", "signs", "colour"), [
    (("G", "W"), False, ["·", "="], LIGHT.muted),
    (("G", "W"), True, ["·", "2 ≠ 3 ✗", "≠"], LIGHT.bad),
    (("G", "Wᵀ"), True, ["·", "2 = 2 ✓", "="], LIGHT.good),
    (("W", "Gᵀ"), True, ["·", "2 = 2 ✓", "≠"], LIGHT.bad)])
def test_joints_and_the_answer_are_told_once_it_was_checked(order, checked, signs, colour):
    puzzle = OrderPuzzle(4, seed=0)
    puzzle.set(order=[one.rstrip("ᵀ") for one in order],
               turned=[one[0] for one in order if one.endswith("ᵀ")], checked=checked)
    figure = puzzle.figure()
    found = texts(figure)
    assert [one for one in found if one in ("·", "=", "≠") or one[-1] in "✓✗"] == signs
    answer = next(text for text in figure.axes[0].texts if text.get_text() == found[2])
    assert answer.get_color() == colour
    if not checked:
        assert found[2] == "Not checked yet." and figure.says.endswith("not checked yet")
    else:
        words = " ".join(one for one in found[2:found.index(order[0])])
        assert words == puzzle.state["verdict"] and figure.says.endswith(words)


def test_nothing_is_cut_off():
    for number in (2, 4, 7, 8):
        figure = OrderPuzzle(number, checked=True).figure()
        box = figure.bbox
        for one in figure.axes[0].texts:
            extent = one.get_window_extent()
            assert box.x0 <= extent.x0 and extent.x1 <= box.x1, one.get_text()
            assert box.y0 <= extent.y0 and extent.y1 <= box.y1, one.get_text()
