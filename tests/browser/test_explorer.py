"""The explorer in a real JupyterLab: a student's hands on it, and NumPy to say what is right."""

import ast
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.lab import (
    command,
    new_notebook,
    open_notebook,
    output,
    reset_settings,
    run_all,
    shut_kernels_down,
)

X = np.array([[1.2, -0.7, 0.4, -1.5], [-0.3, 0.8, -2.1, 0.6], [0.9, -1.1, 0.2, 1.7]])
G = np.array([[0.5, -1.0, 0.3, 0.8], [1.1, -0.6, 0.9, -0.2], [-0.4, 0.7, 1.5, -1.3]])
CELLS = [
    "import numpy as np\nfrom helpers import JacobianExplorer\n"
    f"X = np.array({X.tolist()})\nG = np.array({G.tolist()})",
    'explorer = JacobianExplorer("relu", X, G=G)\nexplorer',
    "None",  # the cell that tests write into
]
AGAIN = ('explorer.set(operation="relu", wrt="X", layout="numerator", mode="tiles", at_zero=0, '
         "X=X, G=G)")
FORWARD, UPSTREAM, FULL, COMPACT = "Forward", "Upstream", "full way", "compact way"
NOTHING_READ = re.compile("^Point at an entry of dL/dX".replace("/", r"\/"))
PATIENCE = 10  # seconds
# A control that a student can reach, by its role in the accessibility tree.
CONTROLS = {"button", "combobox", "slider", "textbox", "grid", "gridcell", "application"}


@pytest.fixture(scope="module")
def tab(context, lab):
    """One notebook for all tests here, its cells run; the explorer below the second."""
    reset_settings(lab)
    page = context.new_page()
    page.errors = []
    page.on("console", lambda m: m.type == "error" and page.errors.append(m.text))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    open_notebook(page, new_notebook(lab, CELLS, "explorer.ipynb"))
    run_all(page)
    yield page
    shut_kernels_down(page)
    page.close()


@pytest.fixture
def page(tab):
    """The page with the explorer as it was at first; it must not have complained after the test."""
    run_cell(tab, AGAIN)
    tab.evaluate("document.activeElement?.blur()")
    tab.mouse.move(2, 2)
    expect(reading(tab)).to_have_text(NOTHING_READ)
    shows(tab, FORWARD, "X", X)
    shows_gradient(tab, G * (X > 0))
    yield tab
    assert tab.errors == []


# --- words for what a student sees and does ---


def explorer(page):
    return output(page, 1).locator(".tm-explorer")


def panel(page, title):
    return explorer(page).get_by_role("region", name=title)


def grid(page, title, name):
    start = re.escape(name).replace("/", r"\/")  # Playwright wraps it in slashes
    return panel(page, title).get_by_role("grid", name=re.compile(f"^{start},"))


def cell(page, title, name, *index):
    shape_free = f"{name}[{','.join(map(str, index))}] = "
    return grid(page, title, name).get_by_role("gridcell", name=shape_free)


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


def toolbar_slider(page, label):
    return explorer(page).locator(".tm-toolbar").get_by_role("slider", name=label)


def picture(page):
    """What the picture of the tensor says of itself."""
    return panel(page, FULL).get_by_role("application")


def picture_pixels(page):
    return picture(page).locator("canvas").first.evaluate("canvas => canvas.toDataURL()")


def write(page, code):
    """Put code into the last cell of the notebook."""
    page.evaluate(
        """code => {
          const { content } = window.jupyterapp.shell.currentWidget;
          content.activeCellIndex = content.widgets.length - 1;
          content.activeCell.model.sharedModel.setSource(code);
        }""", code)


def run_cell(page, code):
    """Write code into the last cell, run it, and return the text below it."""
    write(page, code)
    command(page, "notebook:run-cell")
    return output(page, -1).inner_text().strip()


def in_kernel(page, expression):
    """An array that a later cell sees."""
    printed = run_cell(page, f"print(repr(np.asarray({expression}).tolist()))")
    return np.array(ast.literal_eval(printed))


# --- tests ---


def test_the_first_screen_shows_both_ways_and_their_agreement(page):
    shows(page, FORWARD, "Y", np.maximum(X, 0))
    shows(page, UPSTREAM, "G", G)
    shows(page, COMPACT, "(X > 0)", X > 0)
    shows_gradient(page, G * (X > 0))
    zeros = 144 - np.count_nonzero(X > 0)
    expect(headline(page)).to_have_text(
        f"∂Y/∂X has shape (n=3, h=4, n′=3, h′=4): 144 entries, {zeros} of them 0. "
        "The compact way keeps 12 numbers.")
    expect(picture(page)).to_have_accessible_name(re.compile(f"144 entries, {zeros} of them"))


def test_keys_change_a_number_and_the_gradient_follows(page):
    changed = X.copy()
    target = cell(page, FORWARD, "X", 0, 1)
    steps = {"ArrowUp": 0.1, "Shift+ArrowUp": 1, "Alt+ArrowUp": 0.01, "ArrowDown": -0.1,
             "+": 0.1, "-": -0.1, "Alt+ArrowDown": -0.01}
    target.focus()
    for key, step in steps.items():
        page.keyboard.press(key)
        changed[0, 1] += step
        shows(page, FORWARD, "X", changed)
        shows(page, FORWARD, "Y", np.maximum(changed, 0))
        shows_gradient(page, G * (changed > 0))
    assert changed[0, 1] > 0 > X[0, 1]  # so the gradient did change
    assert np.allclose(in_kernel(page, "explorer.inputs['X']"), changed, rtol=0, atol=1e-12)


def test_a_drag_changes_a_number_and_one_undo_takes_it_back(page):
    changed = G.copy()
    changed[1, 1] += 1  # ten steps of 0.1, four pixels each
    drag(page, cell(page, UPSTREAM, "G", 1, 1), 40)
    shows(page, UPSTREAM, "G", changed)
    shows_gradient(page, changed * (X > 0))
    assert np.allclose(in_kernel(page, "explorer.gradient"), changed * (X > 0), rtol=0, atol=1e-12)
    cell(page, UPSTREAM, "G", 1, 1).focus()
    page.keyboard.press("Control+z")
    shows(page, UPSTREAM, "G", G)
    shows_gradient(page, G * (X > 0))


def drag(page, target, pixels, pieces=8):
    """Drag a cell sideways by so many pixels."""
    box = target.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + pixels, y, steps=pieces)
    page.mouse.up()


@pytest.mark.parametrize("text, value", [("1/2", 0.5), ("−2", -2), ("1,5", 1.5), ("1e-3", 0.001)])
def test_a_typed_number_counts(page, text, value):
    changed = X.copy()
    changed[0, 1] = value
    cell(page, FORWARD, "X", 0, 1).click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    shows(page, FORWARD, "X", changed)
    shows_gradient(page, G * (changed > 0))
    assert in_kernel(page, "explorer.inputs['X']")[0, 1] == value


def test_text_that_is_no_number_is_refused_in_one_line_and_the_old_number_stays(page):
    cell(page, FORWARD, "X", 0, 1).click()
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    line = panel(page, FORWARD).get_by_text("is not a number")
    expect(line).to_be_visible()
    expect(line).to_have_text('"two" is not a number: type for example 1.5, −2, 1e-3 or nan')
    box, below = line.bounding_box(), grid(page, FORWARD, "X").bounding_box()
    assert box["y"] >= below["y"] + below["height"] - 1 and box["height"] < 30
    page.keyboard.press("Escape")
    expect(line).to_be_hidden()
    shows(page, FORWARD, "X", X)
    assert np.array_equal(in_kernel(page, "explorer.inputs['X']"), X)


def test_infinity_is_a_number_and_the_difference_of_the_two_ways_is_explained(page):
    cell(page, UPSTREAM, "G", 0, 0).click()
    page.keyboard.type("inf")
    page.keyboard.press("Enter")
    expect(panel(page, "verdict").get_by_role("status").first).to_contain_text("0·∞ is nan")
    expect(cell(page, COMPACT, "dL/dX", 0, 0)).to_have_text("∞")
    expect(explorer(page).get_by_role("alert")).to_have_text("")


def test_undo_by_its_button_goes_back_stroke_by_stroke(page):
    for index in ((0, 1), (0, 3)):
        cell(page, FORWARD, "X", *index).focus()
        page.keyboard.press("Shift+ArrowUp")
    once, twice = X.copy(), X.copy()
    twice[0, 1] = once[0, 1] = X[0, 1] + 1
    twice[0, 3] += 1
    for wanted in (twice, once, X):
        shows(page, FORWARD, "X", wanted)
        shows_gradient(page, G * (wanted > 0))
        explorer(page).get_by_role("button", name="Undo").click()


def test_random_and_reset(page):
    explorer(page).get_by_role("button", name="Random").click()
    eventually(page, lambda: numbers(page, FORWARD, "X"), lambda found: not np.allclose(found, X),
               "new numbers")
    shows_gradient(page, in_kernel(page, "explorer.G * (explorer.inputs['X'] > 0)"))
    explorer(page).get_by_role("button", name="Reset").click()
    first = in_kernel(page, "JacobianExplorer('relu').inputs['X']")
    shows(page, FORWARD, "X", first)


def test_the_other_layout_swaps_the_axes_and_leaves_the_gradient(page):
    before = picture_pixels(page)
    layout = explorer(page).get_by_role("group", name="Layout of the derivative")
    layout.get_by_role("button", name="denominator").click()
    expect(headline(page)).to_contain_text("(n′=3, h′=4, n=3, h=4)")
    expect(picture(page)).to_have_accessible_name(re.compile("n′ 3, h′ 4 by n 3, h 4"))
    expect(layout.get_by_role("button", pressed=True)).to_have_text("denominator")
    shows_gradient(page, G * (X > 0))
    assert picture_pixels(page) != before


def test_tiles_become_blocks(page):
    before = picture_pixels(page)
    mode = explorer(page).get_by_role("group", name="Picture of the derivative")
    mode.get_by_role("button", name="blocks").click()
    expect(picture(page)).to_have_accessible_name(re.compile("∂Y/∂X as a block matrix"))
    assert picture_pixels(page) != before
    shows_gradient(page, G * (X > 0))


LIGHTS = [(FULL, "dL/dX"), (COMPACT, "dL/dX"), (FORWARD, "X"), (FORWARD, "Y"), (UPSTREAM, "G"),
          (COMPACT, "(X > 0)")]


@pytest.mark.parametrize("title", [FULL, COMPACT])
@pytest.mark.parametrize("how", ["hover", "focus"])
def test_pointing_at_the_gradient_reads_its_sum_and_lights_its_terms_up(page, title, how):
    point = getattr(cell(page, title, "dL/dX", 1, 1), how)
    point()
    expect(reading(page)).to_have_text(
        "dX[1,1] = G[1,1]·1 + eleven zeros = (−0.6000)·1 = −0.6000")
    assert {name: marked(page, *name) for name in LIGHTS} == {name: [5] for name in LIGHTS}
    getattr(cell(page, title, "dL/dX", 0, 1), how)()
    expect(reading(page)).to_have_text(re.compile(r"dX\[0,1\] = twelve zeros = 0\b"))
    page.mouse.move(2, 2)
    page.evaluate("document.activeElement.blur()")
    expect(reading(page)).to_have_text(NOTHING_READ)
    assert all(marked(page, *name) == [] for name in LIGHTS)


def test_pointing_at_the_upstream_gradient_reads_the_tile_it_multiplies(page):
    cell(page, UPSTREAM, "G", 2, 0).hover()
    expect(reading(page)).to_have_text(
        "G[2,0] = −0.4000 multiplies the whole of ∂Y[2,0]/∂X: twelve entries, one of them not 0")


def test_arrow_keys_read_the_entries_of_the_tensor(page):
    picture(page).focus()
    page.keyboard.press("ArrowRight")
    expect(reading(page)).to_have_text(re.compile(r"^∂Y\[0,0\]/∂X\[0,0\] = .* = 1$"))
    page.keyboard.press("ArrowRight")
    expect(reading(page)).to_have_text(
        "∂Y[0,0]/∂X[0,1] = 0, because h ≠ h′ (0 ≠ 1): the two never meet")
    page.keyboard.press("ArrowDown")
    expect(reading(page)).to_have_text(
        "∂Y[0,0]/∂X[1,1] = 0, because n ≠ n′ (0 ≠ 1), h ≠ h′ (0 ≠ 1): the two never meet")
    page.keyboard.press("Shift+ArrowRight")
    expect(reading(page)).to_have_text(
        "∂Y[0,1]/∂X[1,1] = 0, because n ≠ n′ (0 ≠ 1): the two never meet")
    page.keyboard.press("Escape")
    expect(reading(page)).to_have_text(NOTHING_READ)


ENTRY = r"∂Y\[(\d),(\d)\]/∂X\[(\d),(\d)\] = (?:\(X > 0\)\[\d,\d\] = )?([\d.−]+)"


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
def test_the_pointer_over_the_tensor_reads_the_entry_below_it(page, layout):
    """Entries grow along a line from left to right; each has the value that NumPy gives it."""
    run_cell(page, f"explorer.set(layout={layout!r})")
    expect(headline(page)).to_contain_text("(n=3" if layout == "numerator" else "(n′=3")
    jacobian = np.einsum("ni,hj,nh->nhij", np.eye(3), np.eye(4), X > 0)
    found = list(entries_along(page))
    assert len({entry[:4] for entry in found}) >= 8
    outer = slice(0, 2) if layout == "numerator" else slice(2, 4)
    columns = [entry[outer][1] for entry in found]
    assert columns == sorted(columns) and set(columns) == {0, 1, 2, 3}
    assert all(jacobian[entry[:4]] == entry[4] for entry in found)
    assert {entry[4] for entry in found} == {0.0, 1.0}


def entries_along(page):
    """What is read at points along a line through the upper row of tiles: (n, h, n′, h′, value)."""
    canvas = picture(page).locator("canvas").first
    box = canvas.bounding_box()
    for share in np.linspace(0.16, 0.99, 16):
        page.mouse.move(2, 2)
        expect(reading(page)).to_have_text(NOTHING_READ)
        page.mouse.move(box["x"] + share * box["width"], box["y"] + 0.18 * box["height"])
        try:
            expect(reading(page)).not_to_have_text(NOTHING_READ, timeout=500)
        except AssertionError:
            continue  # between two tiles
        match = re.match(ENTRY, reading(page).inner_text())
        yield (*map(int, match.groups()[:4]), float(match[5].replace("−", "-")))


# --- other sizes, operations, parameters ---


def test_a_size_slider_keeps_the_numbers_that_fit(page):
    toolbar_slider(page, "h").focus()
    page.keyboard.press("ArrowRight")
    expect(headline(page)).to_contain_text("(n=3, h=5, n′=3, h′=5): 225 entries")
    wider, upstream = numbers(page, FORWARD, "X"), numbers(page, UPSTREAM, "G")
    assert np.array_equal(wider[:, :4], X) and np.array_equal(upstream[:, :4], G)
    shows_gradient(page, upstream * (wider > 0))
    toolbar_slider(page, "n").focus()
    page.keyboard.press("Home")
    expect(headline(page)).to_contain_text("(n=1, h=5, n′=1, h′=5): 25 entries")
    shows(page, FORWARD, "X", wider[:1])
    shows_gradient(page, upstream[:1] * (wider[:1] > 0))


def test_another_operation_and_each_of_its_inputs(page):
    explorer(page).get_by_role("combobox", name="Operation").select_option("affine")
    expect(panel(page, COMPACT).locator("code")).to_have_text("dX = G @ W.T")
    A, W, b = (numbers(page, FORWARD, name) for name in "XWb")
    U = numbers(page, UPSTREAM, "G")
    n, m, k = *A.shape, U.shape[1]
    assert len({n, m, k}) == 3
    shows(page, FORWARD, "Y", A @ W + b)
    wanted = {"X": (U @ W.T, (n, m)), "W": (A.T @ U, (m, k)), "b": (U.sum(0), (k,))}
    for name, (gradient, shape) in wanted.items():
        explorer(page).get_by_role("combobox", name="Differentiate by").select_option(name)
        shows_gradient(page, gradient, f"dL/d{name}")
        expect(headline(page)).to_contain_text(f"∂Y/∂{name} has shape (n={n}, k={k}, ")
        expect(headline(page)).to_contain_text(f"{n * k * np.prod(shape)} entries")
    cell(page, FORWARD, "W", 0, 0).focus()
    page.keyboard.press("ArrowUp")
    W[0, 0] += 0.1
    shows(page, FORWARD, "Y", A @ W + b)


def test_pointing_reads_every_term_of_a_sum_over_the_batch(page):
    run_cell(page, 'explorer.set(operation="affine", wrt="W")')
    expect(headline(page)).to_contain_text("∂Y/∂W")
    A, U = numbers(page, FORWARD, "X"), numbers(page, UPSTREAM, "G")
    cell(page, COMPACT, "dL/dW", 2, 1).hover()
    expect(reading(page)).to_have_text(re.compile(r"^dW\[2,1\] = G\[0,1\]"))
    text, k = reading(page).inner_text(), U.shape[1]
    assert text.startswith("dW[2,1] = " + " + ".join(
        f"G[{n},1]·{signed(A[n, 2])}" for n in range(len(A))))
    assert float(text.split(" = ")[-1].replace("−", "-")) == pytest.approx(A[:, 2] @ U[:, 1], abs=6e-5)
    assert marked(page, UPSTREAM, "G") == [n * k + 1 for n in range(len(U))]
    assert marked(page, COMPACT, "X") == [n * A.shape[1] + 2 for n in range(len(A))]
    assert marked(page, FORWARD, "W") == [2 * k + 1]


def signed(value):
    """A factor as the reading has it: four decimals, negative ones in brackets."""
    text = f"{abs(value):.4f}" if value % 1 else f"{abs(value):.0f}"
    return f"(−{text})" if value < 0 else text


def test_a_parameter_slider_decides_at_the_kink(page):
    at_kink = X.copy()
    at_kink[0, 1] = 0
    run_cell(page, f"explorer.set(X={at_kink.tolist()})")
    shows_gradient(page, G * (at_kink > 0))
    toolbar_slider(page, "at zero").focus()
    page.keyboard.press("End")
    shows_gradient(page, G * (at_kink >= 0))
    page.keyboard.press("ArrowLeft")
    shows_gradient(page, G * np.heaviside(at_kink, 0.95))
    assert in_kernel(page, "explorer.parameters['at_zero']") == pytest.approx(0.95)


def test_imagined_sizes_are_counted_and_not_built(page):
    verdict = panel(page, "verdict")
    for letter, key, sizes in (("n", "ArrowRight", (128, 1024)), ("h", "End", (128, 16384))):
        verdict.get_by_role("slider", name=letter).focus()
        page.keyboard.press(key)
        count = np.prod(sizes, dtype=int)
        expect(verdict).to_contain_text(f"{count**2:,}")
        expect(verdict).to_contain_text(f"compact{count:,}")
    expect(headline(page)).to_contain_text("144 entries")


# --- Python and the page ---


def test_arrays_set_in_a_cell_show_at_once(page):
    other = np.array([[2.0, -2.5], [0.0, 3.0], [1.0, -1.0]])
    upstream = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    shown = run_cell(page, f"explorer.set(X={other.tolist()}, G={upstream.tolist()})")
    assert shown == ""
    shows(page, FORWARD, "X", other)
    shows(page, UPSTREAM, "G", upstream)
    shows_gradient(page, upstream * (other > 0))
    expect(toolbar_slider(page, "h")).to_have_value("2")


def test_a_wrong_call_in_a_cell_is_one_line(page):
    for code, said in ((f"explorer.set(X={X.tolist()}, G=[[1.0]])", "G has shape (1, 1), but Y has (3, 4)"),
                       ("JacobianExplorer('reloo')", "There is no operation 'reloo'")):
        shown = run_cell(page, code)
        assert said in shown
        assert "Traceback" not in shown and len(shown.splitlines()) == 1, shown
    shows_gradient(page, G * (X > 0))


def test_a_tensor_too_big_for_the_screen_is_refused_and_the_last_good_one_stays(page):
    cube = np.arange(512.0).reshape(8, 8, 8)
    run_cell(page, "explorer.set(X=np.arange(512.0).reshape(8, 8, 8))")
    shows(page, FORWARD, "X", cube)
    slider = explorer(page).locator(".tm-toolbar").get_by_role("slider").first
    slider.focus()
    page.keyboard.press("End")
    alert = explorer(page).get_by_role("alert")
    expect(alert).to_contain_text("4,194,304 entries, and a screen shows 1,048,576")
    expect(slider).to_have_value("8")
    assert alert.bounding_box()["height"] < 60
    shows(page, FORWARD, "X", cube)
    page.keyboard.press("ArrowLeft")
    expect(alert).to_have_text("")
    shows(page, FORWARD, "X", cube[:7])


BUSY = """
import time
seen, end, turn = set(), time.monotonic() + 3, 0
while time.monotonic() < end:
    turn += 1
    np.linalg.svd(np.random.default_rng(turn).normal(size=(80, 80)))
    explorer.set(G=G * turn)
    seen.add(float(explorer.inputs["X"][0, 1]))
explorer.set(G=2 * G)
print(len(seen))
"""


def test_a_drag_while_a_cell_is_running(page):
    """A second thread of the kernel takes the gestures while the cell changes the same explorer."""
    target = cell(page, FORWARD, "X", 0, 1)
    target.focus()
    page.keyboard.press("ArrowUp")  # JupyterLab opens that thread with the first gesture
    changed = X.copy()
    changed[0, 1] += 0.1
    shows_gradient(page, G * (changed > 0))
    write(page, BUSY)
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-below') }")
    page.wait_for_timeout(500)
    for pixels in (20, 20, -8):
        drag(page, target, pixels)
        page.wait_for_timeout(200)
    changed[0, 1] += 0.8
    expect(output(page, -1)).to_have_text(re.compile(r"^\d+\s*$"))
    shows(page, FORWARD, "X", changed)
    shows(page, UPSTREAM, "G", 2 * G)
    shows_gradient(page, 2 * G * (changed > 0))
    assert int(output(page, -1).inner_text()) > 1  # the cell saw X change while it ran
    expect(explorer(page).get_by_role("alert")).to_have_text("")
    assert np.allclose(in_kernel(page, "explorer.inputs['X']"), changed, rtol=0, atol=1e-12)


def test_two_views_of_one_explorer_stay_in_step(page):
    run_cell(page, "explorer")
    second = output(page, -1).locator(".tm-explorer")
    twin = second.get_by_role("gridcell", name=re.compile(r"^X\[0,1\] = "))
    twin.focus()
    page.keyboard.press("Shift+ArrowUp")
    changed = X.copy()
    changed[0, 1] += 1
    shows_gradient(page, G * (changed > 0))
    cell(page, FORWARD, "X", 0, 1).focus()
    page.keyboard.press("Control+z")
    expect(twin).to_have_text("−0.7")
    shows_gradient(page, G * (X > 0))


# --- a good neighbour in JupyterLab, and for everyone ---


def test_jupyterlab_takes_no_key_that_is_meant_for_the_explorer(page):
    cells = page.locator(".jp-Notebook .jp-Cell")
    kinds = cells.evaluate_all("cells => cells.map(cell => cell.className)")
    for target in (cell(page, FORWARD, "X", 0, 1), cell(page, COMPACT, "dL/dX", 0, 0), picture(page),
                   toolbar_slider(page, "n"), explorer(page).get_by_role("button", name="Undo")):
        target.focus()
        for key in ("x", "d", "d", "a", "b", "m", "Shift+L"):
            page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert cells.evaluate_all("cells => cells.map(cell => cell.className)") == kinds
    shows(page, FORWARD, "X", X)


def test_every_control_has_a_name_and_no_two_sliders_the_same(page):
    found = controls(page)
    assert {role for role, _ in found} == CONTROLS - {"textbox"}
    assert [role for role, name in found if not name.strip()] == []
    sliders = [name for role, name in found if role == "slider"]
    assert len(set(sliders)) == len(sliders), sliders
    cell(page, FORWARD, "X", 0, 1).click()
    assert ("textbox", "X[0,1]: new value") in controls(page)
    page.keyboard.press("Escape")


def controls(page):
    """(role, accessible name) of every control in the explorer, as the browser computes them."""
    client = page.context.new_cdp_session(page)
    document = client.send("DOM.getDocument")["root"]["nodeId"]
    node = client.send("DOM.querySelector", {"nodeId": document, "selector": ".tm-explorer"})
    tree = client.send("Accessibility.queryAXTree", {"nodeId": node["nodeId"]})["nodes"]
    client.detach()
    return [(one["role"]["value"], one["name"]["value"]) for one in tree
            if not one["ignored"] and one["role"]["value"].lower() in CONTROLS]


def test_each_grid_is_one_tab_stop(page):
    stops = explorer(page).get_by_role("grid").evaluate_all(
        "grids => grids.map(grid => grid.querySelectorAll('[tabindex=\"0\"]').length)")
    assert stops == [1] * 6
