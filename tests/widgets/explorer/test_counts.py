"""What the explorer counts, chooses and admits: costs in words, sizes and sliders to their ends."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers import JacobianExplorer
from helpers.calculus.errors import LessonError
from helpers.widgets.explorer import state as states
from helpers.widgets.explorer.view import price, ratio, saving
from tests.page import browser

X = np.array([[1.2, -0.7, 0.4], [-0.3, 0.8, -2.1]])


@pytest.mark.parametrize(("full", "compact", "less", "text"), [
    (144, 12, "fewer", "12 × fewer"), (12, 8, "fewer", "1.5 × fewer"),
    (8, 12, "less", "1.5 × more"),
    (99, 10, "less", "9.9 × less"), (100, 10, "less", "10 × less"), (65536, 1, "fewer",
     "65,536 × fewer"), (7, 7, "fewer", "as many"), (7, 7, "less", "as much"),
    (7, 0, "fewer", "none at all"), (0, 7, "fewer", "more")])
def test_two_counts_are_compared_in_words(full, compact, less, text):
    assert ratio(full, compact, less) == text


def counted(entries, multiplications):
    return SimpleNamespace(
        full_entries=entries[0], compact_entries=entries[1], full_bytes=8 * entries[0],
        compact_bytes=8 * entries[1], full_multiplications=multiplications[0],
        compact_multiplications=multiplications[1])


@pytest.mark.parametrize(("entries", "multiplications", "text"), [
    ((144, 12), (100, 250), "for 2.5 × more multiplications"), ((144, 12), (0, 25),
     "for 25 more multiplications"), ((144, 12), (100, 100), ""), ((12, 12), (100, 250), ""),
    ((12, 144), (100, 250), "")])
def test_fewer_numbers_have_their_price(entries, multiplications, text):
    assert price(counted(entries, multiplications)) == text


def test_a_saving_is_told_in_three_rows():
    told = saving(counted((1440, 12), (288, 12)))
    assert told["factor"] == "120 × fewer numbers" and told["but"] == ""
    assert [list(row.values()) for row in told["rows"]] == [
        ["numbers", "1,440", "12", "120 × fewer"], ["memory", "11.5 kB", "96 bytes", "120 × less"],
        ["multiplications", "288", "12", "24 × fewer"]]
    assert saving(counted((144, 0), (1, 0)))["factor"] == "no number instead of 144"
    assert saving(counted((0, 0), (0, 0)))["factor"] == "as many numbers"


def test_the_headline_counts_the_tensor_and_turns_with_the_layout():
    explorer = JacobianExplorer("affine", n=2, m=3, k=4, wrt="W")
    for layout, axes in (("numerator", "n2 k4 m′3 k′4"), ("denominator", "m′3 k′4 n2 k4")):
        explorer.set(layout=layout)
        told = explorer.state["headline"]
        assert " ".join(f"{one['letter']}{one['mark']}{one['size']}" for one in told["shape"]) \
            == axes
        J = explorer.jacobian
        assert told["entries"] == f"{J.size}" and told["zeros"] == str((J == 0).sum())
        assert told["name"] == "∂Y/∂W"


@pytest.mark.parametrize("size", [0, 33, 2.5, -1])
def test_a_size_goes_from_1_to_32(size):
    explorer = JacobianExplorer("relu", n=1, h=32)
    with pytest.raises(LessonError, match="whole number from 1 to 32"):
        explorer.set(h=size)
    assert explorer.Y.shape == (1, 32)
    assert {one["most"] for one in explorer.state["controls"]["sizes"]} == {32}


def test_a_size_is_imagined_up_to_16384():
    explorer = JacobianExplorer("relu")
    for size, fits in ((1, True), (2**14, True), (0, False), (2**14 + 1, False)):
        browser(explorer, {"kind": "imagine", "letter": "h", "value": size})
        assert (explorer.last_error is None) is fits
        assert {one["most"] for one in explorer.state["controls"]["imagined"]} == {2**14}
    with pytest.raises(LessonError, match="no array 'q'"):
        explorer.set(q=3)


def test_a_tensor_of_a_million_entries_is_the_largest_on_a_screen():
    present = states.start("relu", (np.ones((1, 1024)),))
    states.check_drawable(present, (1, 1024))
    with pytest.raises(LessonError, match=r"1,049,600 entries, and a screen shows 1,048,576"):
        states.check_drawable(present, (1, 1025))


@pytest.mark.parametrize("shape", [(3, 4), (2, 9), (1, 1), (4, 9)])
def test_numbers_to_begin_with_tell_each_other_apart(shape):
    for seed in range(5):
        numbers = states.numbers(shape, seed, 0)
        size = numbers.size
        assert 10 * numbers == pytest.approx((10 * numbers).round())
        assert 0.3 <= np.abs(numbers).min() <= np.abs(numbers).max() <= 2
        assert abs((numbers > 0).sum() - (numbers < 0).sum()) == size % 2
        assert len(np.unique(np.abs(numbers))) == min(size, 18)


def test_a_parameter_stands_on_its_slider():
    for name in ("leaky_relu", "batchnorm", "relu"):
        explorer = JacobianExplorer(name)
        for slider in explorer.state["controls"]["parameters"]:
            assert slider["low"] <= slider["value"] <= slider["high"] and slider["step"] > 0
            for end in (slider["low"], slider["high"]):
                browser(explorer, {"kind": "parameter", "name": slider["name"], "value": end})
                now = explorer.state["controls"]["parameters"]
                assert end in [one["value"] for one in now if one["name"] == slider["name"]]


def test_every_place_that_can_be_pointed_at_is_listed():
    explorer = JacobianExplorer("relu", X)
    places = explorer.pointers()
    assert len([one for one in places if one["place"] == "J"]) == 36
    assert {(one["place"], one["index"]) for one in places if "index" in one} == {
        (name, i) for name in ("X", "Y", "G", "gradient", "core") for i in range(6)}
    wide = JacobianExplorer("affine", np.ones((1, 3)), np.ones((3, 2)), np.ones(2), wrt="W")
    assert max(one["outer"] for one in wide.pointers() if one["place"] == "J") == 1
    wide.set(layout="denominator")
    assert max(one["outer"] for one in wide.pointers() if one["place"] == "J") == 5


def test_another_operation_of_the_same_shape_keeps_what_comes_from_above():
    explorer = JacobianExplorer("relu", X, G=X + 5)
    explorer.set(operation="tanh")
    assert np.array_equal(explorer._present.G, X + 5) and np.array_equal(explorer.inputs["X"], X)
