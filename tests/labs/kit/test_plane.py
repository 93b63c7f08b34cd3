"""Arrows and limits of pictures of the plane, measured."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.labs.kit.plane import head_width, place_arrow, square_limits


def arrow(start, vector, thick):
    """The corners (7, 2) along and across the vector, from `start`."""
    placed = []
    place_arrow(SimpleNamespace(set_xy=placed.append), start, vector, thick)
    corners, along = placed[0] - np.array(start), np.array(vector) / np.hypot(*vector)
    return np.array([corners @ along, corners @ (-along[1], along[0])]).T


@pytest.mark.parametrize("vector", [(3, 0), (0, -2), (-1.2, 1.6), (0.01, 0.02)])
@pytest.mark.parametrize("thick", [0.1, 0.5])
def test_an_arrow_runs_from_its_start_to_its_tip(vector, thick):
    corners, length = arrow((5, -7), vector, thick), np.hypot(*vector)
    along, across = corners.T
    assert along.min() == pytest.approx(0) and along.max() == pytest.approx(length)
    assert across[along.argmax()] == pytest.approx(0)  # the tip lies on the line
    assert across == pytest.approx(-across[::-1]) and along == pytest.approx(along[::-1])
    wide = across.max() - across.min()
    assert wide == pytest.approx(min(thick, length))
    head = along[np.abs(across).argmax()]  # where it is widest the head begins
    assert length - head == pytest.approx(min(1.3 * thick, 0.75 * length))
    shaft = np.abs(across[along < 1e-9])
    assert len(shaft) == 2 and 0 < shaft[0] < wide / 4
    assert sorted(np.abs(across).round(9).tolist())[1:5] == pytest.approx([shaft[0]] * 4, rel=1e-3)


@pytest.mark.parametrize("vector", [(0, 0), (np.inf, 1), (np.nan, 0)])
def test_what_has_no_direction_is_no_arrow(vector):
    placed = []
    place_arrow(SimpleNamespace(set_xy=placed.append), (1, 2), vector, 0.1)
    assert placed[0].tolist() == [[1, 2]] * 7


def test_limits_are_a_square_around_all_that_is_finite():
    points = np.array([[[1, 3], [np.nan, 2]], [[-1, 0], [5, np.inf]]])
    (left, right), (low, high) = square_limits(points)
    assert right - left == pytest.approx(high - low) == pytest.approx(2 * 1.16)
    assert (left + right, low + high) == pytest.approx((4, -1))
    (left, right), (low, high) = square_limits(np.array([[0, 4], [1, 1]]), margin=0)
    assert (left, right, low, high) == pytest.approx((0, 4, -1, 3))
    (left, right), _ = square_limits(np.full((2, 3), 7.0), 0)
    assert (left, right) == (6.5, 7.5)  # a single point has some room, too
    assert head_width(((2, 6),)) == pytest.approx(0.2)
    assert head_width(((-1, 1),), 0.1) == pytest.approx(0.2)
