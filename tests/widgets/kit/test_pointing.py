"""A pointer led across a picture: each cell is told once, in order, nothing between two cells."""

import itertools

import numpy as np
import pytest

from helpers.widgets.array.array import array_spec
from helpers.widgets.kit.bundle import styles
from tests.browser.bare import call, open_bare
from tests.widgets.tensor.tensor_page import MARK, open_tensor_page, positions, relu, show

SCALES = [1, 1.25, 1.5, 2]
FILES = {"widgets/array/array.js": "arrayGrid", "widgets/batchnorm/heat.js": "sumMatrix"}
PLACE = """
window.points = [];
window.place = (zoom) => {
  document.body.innerHTML = '<div class="tm-root tm-batchnorm"></div>';
  const root = document.body.firstChild;
  root.style.zoom = zoom;
  points.length = 0;
  return root;
};
window.placeArray = (spec, zoom) => {
  const grid = arrayGrid(place(zoom), { onPoint: (index) => points.push(index) });
  grid.update({ ...spec, values: Float64Array.from(spec.values) });
};
window.placeHeat = (n, size, zoom) => {
  const matrix = sumMatrix((index) => points.push(index)), values = Array(n * n).fill(1);
  place(zoom).append(matrix.element);
  matrix.update({ n, values, limit: 1, size, feature: 0, marks: {} });
};
window.cellBoxes = (selector) => [...document.querySelectorAll(selector)].map((cell) => {
  const { left, right, top, bottom } = cell.getBoundingClientRect();
  return [left, right, top, bottom];
});
"""


@pytest.fixture(scope="module", params=SCALES)
def tensor_tab(browser, request):
    tab = open_tensor_page(browser, scale=request.param)
    yield tab
    tab.close()


@pytest.fixture(scope="module", params=SCALES)
def tab(browser, request):
    tab = open_bare(browser, FILES, PLACE, styles("widgets/batchnorm/page.js"), request.param)
    yield tab
    assert tab.errors == []
    tab.close()


def line(start, end, step=0.45):
    """Places from one point to another, so close that no border is jumped over."""
    count = int(np.hypot(*np.subtract(end, start)) / step)
    return np.linspace(start, end, count).tolist()


def cells_of(points, spec, mode):
    """(row, column) on the page of each entry that was told."""
    (_, h), (_, k) = ([axis["size"] for axis in spec[side]] for side in ("outer", "inner"))
    if mode == "blocks":
        return [(point["outer"], point["inner"]) for point in points]
    n = spec["inner"][0]["size"]
    return [(point["outer"] // h * n + point["inner"] // k, point["outer"] % h * k
             + point["inner"] % k) for point in points]


@pytest.mark.parametrize("mode", ["tiles", "blocks"])
@pytest.mark.parametrize("shape, width, zoom", [((3, 4), 520, 1), ((3, 4), 520, 1.3),
                                                ((9, 8), 640, 1)])
def test_crossing_a_tensor_tells_every_cell_once_and_in_order(tensor_tab, mode, shape, width, zoom):
    page, spec = tensor_tab, relu(*shape, mode)
    page.evaluate("document.body.innerHTML = '<div class=\"tm-root\"></div>'")
    page.locator(".tm-root").evaluate("(root, zoom) => { root.style.zoom = zoom }", zoom)
    box = show(page, spec, width / zoom).locator("canvas").first.bounding_box()
    right, bottom = box["x"] + box["width"], box["y"] + box["height"]
    middle = [box["x"] + 0.6 * box["width"], box["y"] + 0.6 * box["height"]]
    for axis, end in ((1, [right - 1, middle[1]]), (0, [middle[0], bottom - 1])):
        call(page, "(points.length = 0, lead(a[0]), points.length)", line(middle, end))
        told = call(page, "points")
        assert None not in told
        cells = [cell[axis] for cell in cells_of(told, spec, mode)]
        assert cells == list(range(cells[0], cells[-1] + 1))  # none twice, none left out
        assert cells[-1] == (np.prod(shape) if mode == "blocks" else shape[axis] ** 2) - 1
    call(page, "(lead([a[0], [985, 690]]), 0)", middle)
    assert call(page, "points.at(-1)") is None and call(page, "points").count(None) == 1


GAP = """(() => {
  const canvas = document.querySelector(".tm-tensor-cells"), box = canvas.getBoundingClientRect();
  const y = Math.round(0.9 * canvas.height);
  const { data } = canvas.getContext("2d").getImageData(0, y, canvas.width, 1);
  const inked = (x) => data[4 * x + 3] > 0, xs = [...Array(canvas.width).keys()];
  const from = xs.findLast((x) => x < canvas.width * 0.8 && inked(x - 1) && !inked(x));
  const to = xs.find((x) => x > from && inked(x)), scale = box.width / canvas.width;
  return [box.x + from * scale, box.x + to * scale, box.y + y * scale];
})()"""


def test_a_pointer_that_rests_between_two_tiles_marks_the_nearer_one(tensor_tab):
    page = tensor_tab
    page.evaluate("document.body.innerHTML = '<div class=\"tm-root\"></div>'")
    show(page, relu(2, 2), 400)
    left, right, y = page.evaluate(GAP)
    assert 2 < right - left < 20
    for x, outer, inner in ((left + 1, 2, 3), (right - 1, 3, 2)):
        page.mouse.move(x, y)
        assert call(page, "points.at(-1)") == {"outer": outer, "inner": inner}
        assert len(positions(page, MARK, "marks")) > 50


def test_crossing_an_array_of_groups_never_leaves_it(tab):
    shape = (2, 3, 4)
    spec = array_spec("X", np.zeros(shape), "nvh")
    spec["values"] = [0.0] * 24
    for zoom in (1, 1.3):
        call(tab, "(placeArray(a[0], a[1]), 0)", spec, zoom)
        boxes = np.array(call(tab, "cellBoxes('.tm-cell')"))
        x = boxes[1, :2].mean()
        call(tab, "(lead(a[0]), 0)", line([x, boxes[0, 2] + 2], [x, boxes[-1, 3] - 2]))
        assert call(tab, "points") == [1, 5, 9, 13, 17, 21]
        call(tab, "(points.length = 0, lead(a[0]), 0)", line(
            [boxes[0, 0] + 2, boxes[4, 2] + 5], [boxes[-1, 1] - 2, boxes[4, 2] + 5]))
        assert call(tab, "points") == [4, 5, 6, 7]
        call(tab, "(lead([a[0], [985, 690]]), 0)", [x, boxes[0, 2] + 2])
        assert call(tab, "points.at(-1)") is None


@pytest.mark.parametrize("size", [42, 30, 15])
def test_crossing_a_matrix_of_heat_tells_every_cell_once(tab, size):
    for zoom in (1, 1.3):
        call(tab, "(placeHeat(5, a[0], a[1]), 0)", size, zoom)
        boxes = np.array(call(tab, "cellBoxes('.tm-heat-cell')"))
        y = boxes[7, 2:].mean()
        call(tab, "(lead(a[0]), 0)", line([boxes[5, 0] + 1, y], [boxes[9, 1] - 1, y]))
        told = call(tab, "points")
        assert [a for a, b in itertools.pairwise([*told, None]) if a != b] == [5, 6, 7, 8, 9]

