"""The geometry of the batch norm lab, its tints and its words, in a bare page."""

import re

import numpy as np
import pytest

from helpers.calculus import batchnorm as bn
from helpers.calculus.run import argument_names
from helpers.widgets.batchnorm.nodes import PLACES
from tests.browser.bare import bare_page, call

FILES = {
    "widgets/batchnorm/graph.js": "graphLayout edgePath tintShare nodeLabel blankOf largestOf",
    "widgets/batchnorm/heat.js": "heatCell heatDecimals shortText",
}
NODES = [{"id": name, "column": column, "lane": lane} for name, (column, lane) in PLACES.items()]
WIDTHS = [320, 600, 629, 630, 700, 759, 760, 912, 1300]


bare = bare_page(FILES)


def steps(numbers):
    """The distances between neighbours, each once."""
    return {round(step, 6) for step in np.diff(sorted(set(numbers)))}


def test_boxes_fill_the_width_in_even_rows_and_columns_and_never_overlap(bare):
    layouts = call(bare, "a[1].map((width) => graphLayout(a[0], width))", NODES, WIDTHS)
    for width, layout in zip(WIDTHS, layouts, strict=True):
        boxes, vertical = list(layout["boxes"].values()), layout["vertical"]
        assert vertical is (width < 630) and len(boxes) == len(PLACES)
        assert len({box["width"] for box in boxes}) == 1 and boxes[0]["width"] > 66
        assert min(box["x"] for box in boxes) == min(box["y"] for box in boxes) == 0
        assert max(box["x"] + box["width"] for box in boxes) == pytest.approx(width)
        bottom = max(box["y"] + box["height"] for box in boxes)
        assert 10 < layout["height"] - bottom < 20  # a foot, for arrows that bend
        down = steps(box["y"] for box in boxes)
        assert len(down) == 1 and min(down) > boxes[0]["height"] + 20
        apart = layout["boxes"]["v"]["x"] - layout["boxes"]["s"]["x"]
        unit = width - boxes[0]["width"] if vertical else abs(apart)
        side = unit - boxes[0]["width"]
        assert side == pytest.approx(24 if vertical else 12 if width < 760 else 18)
        rows = sorted({column for column, _ in PLACES.values()})
        for name, (column, lane) in PLACES.items():
            box = layout["boxes"][name]
            first, second = (lane != 1, rows.index(column)) if vertical else (column, lane)
            assert box["x"] == pytest.approx(first * unit), name
            assert box["y"] == pytest.approx(second * min(down)), name


@pytest.mark.parametrize("width", [600, 1000])
def test_arrows_run_from_the_middle_of_one_side_to_that_of_another(bare, width):
    layout = call(bare, "graphLayout(a[0], a[1])", NODES, width)
    pairs = [(layout["boxes"][need], layout["boxes"][step.result]) for step in bn.TRAINING
             for need in argument_names(step.forward) if need in PLACES]
    pairs += [(end, start) for start, end in pairs]
    paths = call(bare, "a[0].map(([from, to]) => edgePath(from, to))", pairs)
    for (source, target), path in zip(pairs, paths, strict=True):
        points = np.reshape([float(n) for n in re.findall(r"-?[\d.]+", path)], (-1, 2))
        for point, box in ((points[0], source), (points[-1], target)):
            middle = np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
            away = np.abs(point - middle) - [box["width"] / 2, box["height"] / 2]
            level = source["y"] == target["y"]  # it leaves to the side, else up or down
            assert away[0 if level else 1] == pytest.approx(1, abs=1e-6)
            assert point[1 if level else 0] == pytest.approx(middle[1 if level else 0])
        assert path.count("L") + path.count("C") == 1 and ("L" in path) == (len(points) == 2)
        if len(points) == 4:  # up and down at both ends, and no loop between them
            assert points[0, 0] == points[1, 0] and points[2, 0] == points[3, 0]
            begins, ends = (points[1] - points[0])[1], (points[3] - points[2])[1]
            assert begins == pytest.approx(ends)
            assert 0 < begins / (points[3] - points[0])[1] < 0.9


def test_an_arrow_points_away_from_the_box_that_it_leaves(bare):
    left, right, below = ({"x": x, "y": y, "width": 100, "height": 60}
                          for x, y in ((0, 0), (200, 0), (0, 120)))
    assert call(bare, "edgePath(a[0], a[1])", left, right) == "M101,30 L199,30"
    assert call(bare, "edgePath(a[0], a[1])", right, left) == "M199,30 L101,30"
    assert call(bare, "edgePath(a[0], a[1])", left, below).startswith("M50,61 C50,")
    assert call(bare, "edgePath(a[0], a[1])", below, left).endswith(" 50,61")


def test_the_legend_stands_in_the_middle_of_the_blank_if_there_is_one(bare):
    C, Xhat = ({"x": x, "y": 40, "width": 80, "height": 60} for x in (100, 500))
    blank = call(bare, "blankOf({ C: a[0], Xhat: a[1] }, false)", C, Xhat)
    assert blank["left"] - 180 == 500 - (blank["left"] + blank["width"]) > 10
    assert 70 < blank["top"] < 80
    for boxes, vertical in (({"C": C, "Xhat": Xhat}, True), ({"C": C}, False),
                            ({"Xhat": Xhat}, False)):
        assert call(bare, "blankOf(a[0], a[1])", boxes, vertical) is None


def test_a_node_is_read_aloud_with_its_shape_and_its_numbers(bare):
    node = {"symbol": "v", "op": "mean", "axes": [{"size": 4}, {"size": 3}], "value": [1, -0.5],
            "gradient": None, "adds": ""}
    assert call(bare, "nodeLabel(a[0])", node) == (
        "v, mean, shape 4 by 3: 1, −0.5; gradient not known yet")
    assert call(bare, "nodeLabel(a[0])", node | {"gradient": [2], "adds": "a + b"}) == (
        "v, mean, shape 4 by 3: 1, −0.5; gradient 2 (a + b)")


def test_an_exact_zero_alone_has_no_tint_and_the_largest_has_all_of_it(bare):
    pairs = [[0, 2], [1e-300, 2], [1, 2], [-2, 2], [-5, 2], [0, 0], [3, 0], [3, np.nan]]
    assert call(bare, "a[0].map(([value, limit]) => tintShare(value, limit))", pairs) == [
        0, 0.1, pytest.approx(0.55), 1, 1, 0, 0, 0]
    assert call(bare, "[largestOf([1, -3, 2]), largestOf([])]") == [3, 0]


@pytest.mark.parametrize("values, texts", [
    ([0.6149, -0.4951, 0.001, -3e-17, 0.0051], ["0.61", "−0.50", "≈0", "≈0", "0.01"]),
    ([12.34, -0.4951, 0.001, 0.05, 10], ["12.3", "−0.5", "≈0", "0.1", "10.0"]),
    ([-1234.5, 7.0, 0.3], ["−1235", "7", "≈0"]), ([np.inf, 1.0], ["∞", "1.00"]),
    ([1.0, 0.0045, 0.0055], ["1.00", "≈0", "0.01"]), ([10, 0.04], ["10.0", "≈0"]),
    ([100, 0.6], ["100", "1"])])
def test_small_cells_of_a_matrix_have_one_format(bare, values, texts):
    said = "a[0].map((value) => shortText(value, heatDecimals(a[0])))"
    assert call(bare, said, values) == texts


def test_cells_shrink_so_that_sixteen_fit(bare):
    cells = call(bare, "a[0].map((n) => heatCell(n, 244))", [1, 5, 6, 8, 16, 40])
    assert cells == [42, 42, 40, 30, 15, 15]
