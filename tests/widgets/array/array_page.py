"""A page with an editable array, and what a hand does in it."""

import numpy as np

from helpers.widgets.array.array import array_spec
from helpers.widgets.kit.bundle import styles
from tests.browser.bare import call, open_bare

PAGE = """
window.makeGrid = (spec) => {
  const log = [], values = Float64Array.from(spec.values);
  const made = { log, answered: true, spec: { ...spec, values } };
  let stroke = 0;
  made.grid = arrayGrid(document.querySelector(".tm-root"), {
    onEdit: (index, value, stroke) => {
      log.push(["edit", index, value, stroke]);
      return () => made.answered;
    },
    onPoint: (index) => log.push(["point", index]),
    onUndo: () => log.push(["undo"]),
    onRedo: () => log.push(["redo"]),
    newStroke: () => ++stroke,
  });
  made.update = (values, more = {}, marks = []) => {
    made.spec = { ...made.spec, ...more, values: Float64Array.from(values ?? made.spec.values) };
    made.grid.update(made.spec, marks);
  };
  made.update();
  return made;
};
"""


def open_array_page(browser):
    """A bare page in which `make` puts a grid."""
    files = {"widgets/array/array.js": "arrayGrid"}
    return open_bare(browser, files, PAGE, styles("widgets/array/array.js"))


def empty(page):
    """Take away the grid and what a test left of it."""
    page.errors.clear()
    page.evaluate("document.body.innerHTML = '<div class=\"tm-root\"></div><button>after</button>'")
    page.mouse.move(990, 690)


def axes_of(shape, letters="nvh"):
    """Axes as Python sends them, the last of `letters` for the last axis."""
    spec = array_spec("X", np.zeros(shape), letters[len(letters) - len(shape):])
    return spec["axes"]


def make(page, values, name="X", editable=True, letters="nvh"):
    """A grid in the page, as `window.made`; returns its cells."""
    values = np.asarray(values, dtype=float)
    spec = {"name": name, "axes": axes_of(values.shape, letters), "editable": editable, "note": "",
            "values": values.ravel().tolist()}
    call(page, "(window.made = makeGrid(a[0]), 0)", spec)
    return page.get_by_role("gridcell")


def log_of(page, *kinds):
    return [entry for entry in call(page, "made.log") if entry[0] in kinds]


def edits(page):
    return [entry[1:] for entry in log_of(page, "edit")]


def type_in(page, cell, text, key):
    cell.click()
    page.keyboard.type(text)
    page.keyboard.press(key)


def drag(page, cell, pixels, release=True):
    box = cell.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + pixels, y, steps=10)
    if release:
        page.mouse.up()
