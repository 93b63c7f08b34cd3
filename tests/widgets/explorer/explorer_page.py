"""What a student sees and does in the explorer, as words for the tests."""

import ast
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.cells import open_cells, run_cell
from tests.browser.lab import output

X = np.array([[1.2, -0.7, 0.4, -1.5], [-0.3, 0.8, -2.1, 0.6], [0.9, -1.1, 0.2, 1.7]])
G = np.array([[0.5, -1.0, 0.3, 0.8], [1.1, -0.6, 0.9, -0.2], [-0.4, 0.7, 1.5, -1.3]])
CELLS = [
    "import numpy as np\nfrom helpers import JacobianExplorer\n"
    f"X = np.array({X.tolist()})\nG = np.array({G.tolist()})",
    'explorer = JacobianExplorer("relu", X, G=G)\nexplorer',
    "None",  # the cell that tests write into
]
FORWARD, UPSTREAM, FULL, COMPACT = "Forward", "Upstream", "full way", "compact way"
NOTHING_READ = re.compile("^Point at dL/dX")
PATIENCE = 60  # seconds


def open_explorer(context, lab):
    """A notebook that has run, the explorer below its second cell; `errors` gathers complaints."""
    return open_cells(context, lab, CELLS, "explorer")


def start_again(page):
    """A new explorer below the second cell, nothing pointed at, nothing focused."""
    run_cell(page, CELLS[1], 1)
    page.evaluate("document.activeElement?.blur()")
    page.mouse.move(2, 2)
    expect(reading(page)).to_have_text(NOTHING_READ)
    shows(page, FORWARD, "X", X)
    shows_gradient(page, G * (X > 0))


def explorer(page):
    return output(page, 1).locator(".tm-explorer")


def panel(page, title):
    return explorer(page).get_by_role("group", name=title)


def grid(page, title, name):
    start = re.escape(name).replace("/", r"\/")  # Playwright wraps it in slashes
    return panel(page, title).get_by_role("grid", name=re.compile(f"^{start},"))


def cell(page, title, name, *index):
    start = f"{name}[{','.join(map(str, index))}] = "
    return grid(page, title, name).get_by_role("gridcell", name=start)


def numbers(page, title, name):
    """The array that a grid shows, from the names of its cells: `X[1,2] = −2.1`."""
    labels = grid(page, title, name).get_by_role("gridcell").evaluate_all(
        "cells => cells.map(cell => cell.ariaLabel)")
    found = [re.fullmatch(r"(.*)\[([\d,]*)\] = (.*)", label) for label in labels]
    assert all(match and match[1] == name for match in found), labels
    places = [tuple(map(int, match[2].split(","))) for match in found]
    values = [float(match[3].replace("−", "-").replace("∞", "inf")) for match in found]
    shape = tuple(np.add(places[-1], 1)) if places else (0,)
    assert places == list(np.ndindex(shape))
    return np.reshape(values, shape)


def eventually(page, read, holds, wanted):
    """Read until it holds; what was read last is in the message when it never does."""
    for _ in range(PATIENCE * 50):
        found = read()
        if holds(found):
            return
        page.wait_for_timeout(20)
    pytest.fail(f"wanted {wanted}\nbut the page shows {found}")


def settles(page, check, *arguments):
    """Call check(*arguments) until nothing that it asserts fails: what is drawn comes later than
    what was done, on a busy machine much later.
    """
    for _ in range(PATIENCE * 10):
        try:
            return check(*arguments)
        except AssertionError:
            page.wait_for_timeout(100)
    return check(*arguments)


def shows(page, title, name, values):
    """Wait until a grid shows these numbers, to the four decimals of a cell."""
    values = np.asarray(values, dtype=float)
    eventually(page, lambda: numbers(page, title, name), lambda found: found.shape == values.shape
               and np.allclose(found, values, rtol=0, atol=6e-5, equal_nan=True), values)


def shows_gradient(page, values, name="dL/dX"):
    """Both ways show this gradient, and the explorer says that they agree."""
    for title in (FULL, COMPACT):
        shows(page, title, name, values)
    expect(panel(page, "verdict").get_by_role("status").first).to_contain_text("The same gradient")


def marked(page, title, name):
    """Flat indices of the cells that light up."""
    return grid(page, title, name).get_by_role("gridcell").evaluate_all(
        "cells => cells.flatMap((c, i) => c.classList.contains('tm-marked') ? [i] : [])")


def reading(page):
    return explorer(page).locator(".tm-reading")


def headline(page):
    return explorer(page).locator(".tm-headline")


def slider(place, label):
    """A slider by the text that is seen beside it."""
    labels = place.locator(".tm-slider").filter(has_text=re.compile(f"^{label}"))
    return labels.get_by_role("slider")


def toolbar_slider(page, label):
    return slider(explorer(page).locator(".tm-toolbar"), label)


def picture(page):
    """What the picture of the tensor says of itself."""
    return panel(page, FULL).get_by_role("application")


def picture_pixels(page):
    return picture(page).locator("canvas").first.evaluate("canvas => canvas.toDataURL()")


def in_kernel(page, expression):
    """An array that a later cell sees."""
    printed = run_cell(page, f"print(repr(np.asarray({expression}).tolist()))")
    return np.array(ast.literal_eval(printed))


def drag(page, target, pixels):
    """Drag a cell sideways by so many pixels."""
    target.hover()
    box = target.bounding_box()
    x, y = round(box["x"] + box["width"] / 2), round(box["y"] + box["height"] / 2)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + pixels, y, steps=8)
    page.mouse.up()
