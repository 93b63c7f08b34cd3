"""What the doctor's page holds at the borders: large arrays, wrong shapes, single numbers."""

import numpy as np
import pytest

from helpers import GradientDoctor
from helpers.widgets.doctor import view
from tests.widgets.doctor.test_doctor import W, X, b, backward, dense, numbers, send


def product(A, B):
    return A @ B


def both(G, A, B):
    return G @ B.T, A.T @ G


def doctor_of(rows, inner, columns):
    return GradientDoctor(product, both, np.ones((rows, inner)), np.ones((inner, columns)))


@pytest.mark.parametrize(("sizes", "grids", "upstream", "tensor"), [
    ((8, 2, 8), True, True, True),        # 64 · 16 entries
    ((21, 1, 21), True, False, False),    # 441 outputs are too many for a grid
    ((4, 8, 32), True, True, True),       # 128 · 32 = 4,096, the most
    ((4, 8, 33), True, True, False), ((1, 17, 241), True, True, False),  # 17 · 241 = 4,097
    ((4, 100, 1), True, True, False), ((4, 101, 1), False, True, False),  # measured in part
])
def test_what_is_too_large_for_the_page_is_left_out(sizes, grids, upstream, tensor):
    state = doctor_of(*sizes).state
    assert (bool(state["arrays"]), bool(state["upstream"]), bool(state["tensor"])) == (
        grids, upstream, tensor)
    assert state["passed"] and state["mistake"] is None and state["mode"] == "tiles"


def letters(spec):
    return [axis["letter"] + axis["mark"] for axis in spec["axes"]]


def test_the_axes_of_every_grid_are_named_as_in_the_tensor():
    state = GradientDoctor(dense, backward, X, W, b).state
    assert letters(state["upstream"]["G"]) == ["i", "j"]
    assert {name: letters(spec) for name, spec in state["arrays"].items()} == {
        "mine": ["k", "j"], "measured": ["k", "j"], "difference": ["k", "j"]}
    four = GradientDoctor(lambda T: T[0], lambda G, T: np.stack([G, 0 * G]), np.ones((2, 1, 2, 3)))
    assert four.state["tensor"] is None and letters(four.state["upstream"]["G"]) == ["i", "j", "k"]
    assert letters(four.state["arrays"]["mine"]) == ["i", "j", "k", "l"]


def wrong_shape(G, X, W, b):
    return G @ W.T, X.T @ G, G.sum(1)


def test_a_gradient_of_another_shape_stands_alone_and_is_not_pointed_at():
    doctor = GradientDoctor(lambda X, W, b: X @ W + b, wrong_shape, X, W, b)
    assert doctor.state["chosen"] == "b" and list(doctor.state["arrays"]) == ["mine", "measured"]
    assert letters(doctor.state["arrays"]["mine"]) == ["j"]
    doctor.pointer = {"place": "mine", "index": 1}
    first = doctor.reading
    assert first["inner"] == 0 and first["marks"] == {"measured": [0]} and "yours" not in first[
        "text"]
    doctor.pointer = {"place": "measured", "index": 1}
    assert doctor.reading["inner"] == 1 and doctor.reading["text"].startswith("b[1] moves 3 of 6 ")


@pytest.mark.parametrize("pointer", [
    {"place": "measured", "index": 12}, {"place": "measured", "index": -1}, {"place": "J"}, {},
    {"place": "J", "inner": 99}])
def test_a_place_that_is_not_there_reads_the_first_wrong_entry(pointer):
    wrong = GradientDoctor(dense, lambda G, X, W, b: (
        G @ W.T * 0 + both(G * (X @ W + b > 0), X, W)[0], both(G * (X @ W + b > 0), X, W)[1]
        + np.eye(4, 2)[::-1], (G * (X @ W + b > 0)).sum(0)), X, W, b)
    assert wrong.state["chosen"] == "W"
    wrong.pointer = pointer
    assert wrong.reading["inner"] == 5  # [2, 1] is the first that was changed
    right = GradientDoctor(product, both, X, W)
    right.pointer = pointer
    assert right.reading["inner"] == 0 and right.state["chosen"] == "A"


def test_the_numbers_of_a_reading_are_those_of_the_grids():
    doctor = GradientDoctor(dense, backward, X, W, b)
    mine, measured = (numbers(doctor.state["arrays"][name]) for name in ("mine", "measured"))
    for pointer in doctor.pointers():
        doctor.pointer = pointer
        at = np.unravel_index(pointer["index"], (4, 2))
        column = numbers(doctor.reading["column"]["column"])
        text = doctor.reading["text"].replace("−", "-")
        assert f"W[{at[0]}, {at[1]}] moves {np.count_nonzero(column)} of 6 outputs" in text
        assert f"Σ G ⊙ column = {measured[at]:.4f}; yours is {mine[at]:.4f}." in text
        assert doctor.reading["marks"] == {
            name: [pointer["index"]] for name in ("mine", "measured", "difference")}
        assert doctor.reading["column"]["column"]["name"] == f"∂Y/∂W[{at[0]}, {at[1]}]"
    assert len(doctor.pointers()) == 3 * 8


def test_single_numbers_and_nothing_at_all():
    one = GradientDoctor(lambda x: x**3, lambda G, x: G * x**2, 2.0)
    one.pointer = {"place": "measured", "index": 0}
    assert one.reading["text"].startswith("x moves 1 of 1 outputs") and one.reading["inner"] == 0
    none = GradientDoctor(lambda X: X, lambda G, X: G, np.ones((0, 3)))
    assert none.reading == view.UNREAD and none.state["tensor"] is None
    assert GradientDoctor().reading == view.UNREAD


def test_of_an_input_that_is_measured_in_part_the_other_places_are_not_read():
    present = doctor_of(4, 101, 1)._present
    measured = set(present.found.judgement.wanted.places.tolist())
    assert 0 < len(measured) < 404
    for place in (min(measured), max(measured), min(set(range(404)) - measured)):
        told = view.read(present, {"place": "measured", "index": place})
        assert (told["inner"] == place) if place in measured else (told == view.UNREAD)


def test_the_cell_and_the_settings_bring_back_the_look():
    doctor = GradientDoctor(dense, backward, X, W, b, wrt="b", seed=3, mode="blocks")
    assert (doctor.state["chosen"], doctor.state["tensor"]["mode"]) == ("b", "blocks")
    send(doctor, kind="again")
    assert all(told in doctor.cell() for told in ("wrt='b'", "seed=4", "mode='blocks'"))
    assert doctor.state["chosen"] == "b" and doctor.state["tensor"]["mode"] == "blocks"
    assert doctor.functions() == (dense, backward) and GradientDoctor().functions() == ()
    send(doctor, kind="mode", value="rows")
    assert doctor.last_error == "The doctor cannot do 'mode' with 'rows'."
    send(doctor, kind="dance")
    assert "cannot do 'dance'" in doctor.last_error
