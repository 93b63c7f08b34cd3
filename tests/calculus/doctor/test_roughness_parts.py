"""Roughness, part by part: grids, wide moves, and what differences leave, counted by hand."""

import numpy as np
import pytest

from helpers.calculus.doctor import roughness
from helpers.calculus.doctor.roughness import POINTS, confirmed, left, moved_far
from helpers.calculus.errors import LessonError

place = np.arange(POINTS) - POINTS // 2


def test_the_size_of_an_input_is_its_largest_number_at_least_1():
    for x, of in (([-3.0, np.nan, np.inf], 3), ([0.5], 1), ([], 1), (-7.0, 7), ([1.5, -1.25], 1.5)):
        assert roughness.size(np.array(x)) == of


def test_inputs_move_by_their_size_to_their_side_all_together():
    values = {"x": np.array([3.0, -5]), "y": np.array(0.5), "t": np.array([1, 2])}
    found = roughness.moved(values, {"x": np.array([0.5, -1]), "y": np.array(-1.0)}, 0.25)
    assert found["x"].tolist() == [3.625, -6.25] and found["y"] == 0.25
    assert found["t"] is values["t"] and values["x"].tolist() == [3, -5]


def test_a_grid_has_seventeen_points_around_the_input():
    seen = []

    def run(at):
        seen.append(float(at["x"][0]))
        return {None: at["x"], "still": np.zeros(3), "first": at["x"] * 0 + (len(seen) == 1),
                "late": np.zeros(len(seen) // 17), **({"some": at["x"]} if len(seen) > 1 else {})}

    found = roughness.grid(run, {"x": np.array([2.0, 0])}, {"x": np.array([0.5, 0])}, 0.25)
    assert seen == [2 + 0.25 * k for k in range(-8, 9)]  # a quarter, of 2, to half a side
    assert found.keys() == {None, "still", "first"}
    assert found[None][1].tolist() == [False, True] and found["still"][1].all()
    assert not found["first"][1].any() and not found["still"][0].any()


def test_the_widest_moves_count_from_an_eighth_to_64_times_and_to_both_sides():
    def run(at):
        x = at["x"]
        if x == 4:
            raise LessonError("not here")
        with np.errstate(all="ignore"):
            return {"up": np.maximum(x, 0), "down": np.minimum(x, 0), "near": 5 * (abs(x) == 0.125),
                    "off": np.where(x == 0, 0, np.inf), "nan": np.where(x == 0, 0, np.nan),
                    "four": 1.0 * (x == 4), "other": np.zeros(1 + (x == 0)),
                    **({"new": x} if x else {"old": x})}

    found = moved_far(run, {"x": np.array(0.0)}, {"x": np.array(1.0)})
    assert {key: float(most) for key, most in found.items()} == {
        "up": 64, "down": 64, "near": 5, "off": 0, "nan": 0, "four": 0}


def from_differences(order, entries, *begun):
    """17 numbers with these differences of an order, and these first ones of all lower orders."""
    for first in reversed(begun or [0.0] * order):
        entries = np.concatenate([[first], first + np.cumsum(entries)])
    return np.array(entries, float)


def test_what_bends_to_one_side_alone_is_no_rounding():
    """Second differences b, a, b, a, …: their middle is b, of order p the next are |a − b|·2ᵖ⁻³."""
    known = np.sqrt([1 / 6, 1 / 20, 1 / 70, 1 / 252]) / 0.6745
    for a, b in ((0.5, 1.5), (0, 2), (-0.5, -1.5), (0, -2)):
        rows = from_differences(2, [b, a] * 7 + [b])
        assert left(rows[:, None]) == pytest.approx(4 * abs(a - b) * known[3], rel=1e-9)
    rows = from_differences(2, [1.5, -0.5] * 7 + [1.5])  # to both: the largest of three orders
    assert left(rows[:, None]) == pytest.approx(max(1.5 * known[0], 8 * known[3]), rel=1e-9)
    rows = from_differences(2, [5, -0.5] * 7 + [5])
    assert left(rows[:, None]) == pytest.approx(max(5 * known[0], 22 * known[3]), rel=1e-9)


def test_two_jumps_are_in_most_differences_of_order_3_to_5():
    """Of order 2 in 6 of 15: their middle is 0, and says nothing of the others."""
    rows = 1.0 * (np.abs(place) == 4)
    assert left(rows[:, None]) == pytest.approx(5 * np.sqrt(1 / 252) / 0.6745, rel=1e-9)


def test_three_orders_are_enough_though_a_fourth_is_0():
    """Fourth differences 1, 1, 1, −1, −1, −1, …: of those after them two in three are 0."""
    fourth = np.resize([1.0, 1, 1, -1, -1, -1], 13)
    rows = from_differences(4, fourth, 0.0, 0.0, 0.5, -1.5)
    found = [np.median(np.abs(np.diff(rows, p))) * k for p, k in zip(
        (2, 3, 4, 5), np.sqrt([1 / 6, 1 / 20, 1 / 70, 1 / 252]), strict=True)]
    assert found[3] == 0 and max(found[:3]) < 8 * min(found[:3])
    assert left(rows[:, None]) == pytest.approx(max(found[:3]) / 0.6745, rel=1e-9)


def test_two_grids_may_differ_by_eight_times():
    for high, told in ((8.0, 8), (8.1, 0)):
        one, other = np.array([1.0]), np.array([high])
        assert confirmed([one, one * 0, other]) == confirmed([other, one * 0, one]) == told
