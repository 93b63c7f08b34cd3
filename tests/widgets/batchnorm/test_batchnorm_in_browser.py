"""The batch norm lab: a student's steps in a real JupyterLab."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from helpers.calculus import batchnorm as bn
from tests.browser.cells import module_tab, run_cell
from tests.browser.lab import output, set_theme
from tests.browser.tabs import widen

X = np.array([[1.2, -0.7, 0.4], [-0.3, 0.8, -2.1], [0.9, -1.1, 0.2], [2.0, 0.5, 1.0]])
G = np.array([[0.5, -1.0, 0.3], [1.1, -0.6, 0.9], [-0.4, 0.7, 1.5], [0.2, 0.1, -0.8]])
ONES, ZEROS = np.ones(3), np.zeros(3)
CELLS = [
    "import numpy as np\nfrom helpers.widgets.batchnorm.batchnorm import BatchNormLab\n"
    f"X = np.array({X.tolist()})\nG = np.array({G.tolist()})",
    "lab = BatchNormLab(X, G=G)\nlab",
    "None",  # the cell that tests write into
]
AGAIN = ('lab.set(X=X, G=G, gamma=np.ones(3), beta=np.zeros(3), eps=1e-5, ddof=0, feature=0, '
         'mode="training", step=0, parts=3, path=1)')
MATTERS = [".tm-bn-node", ".tm-bn-panel-batch .tm-cell:visible", ".tm-bn-said",
           ".tm-bn-panel-step td", ".tm-bn-panel-collapsed .tm-numpy", ".tm-verdict",
           ".tm-bn-more td[role=gridcell]:nth-child(-n+2)"]
# What is not wholly in view, or in letters that the last row cannot read: 18 of 720 lines.
SEEN = """(root, matters) => matters.flatMap((what) => {
  const found = [...root.querySelectorAll(what.replace(":visible", ""))]
    .filter((one) => !what.endsWith(":visible") || one.checkVisibility());
  if (!found.length) return [`${what} is missing`];
  return found.filter((one) => {
    const { left, right, top, bottom, width } = one.getBoundingClientRect();
    const box = one.closest(".tm-panel").getBoundingClientRect();
    const letters = parseFloat(getComputedStyle(one).fontSize);
    return !(width && left >= box.left && right <= box.right + 1 && bottom <= box.bottom + 1 &&
      top >= 0 && bottom <= innerHeight && letters >= 12);
  }).map((one) => `${what} ${one.textContent}`);
})"""


tab = module_tab(CELLS, "batchnorm")


@pytest.fixture
def page(tab):
    run_cell(tab, AGAIN)
    expect(place(tab)).to_have_text("forward 0 of 9")
    tab.evaluate("document.activeElement?.blur()")
    tab.mouse.move(2, 2)
    yield tab
    assert tab.errors == []


def widget(page):
    return output(page, 1).locator(".tm-batchnorm")


def region(page, title):
    return widget(page).get_by_role("group", name=re.compile(title))


def place(page):
    return widget(page).locator(".tm-bn-place")


def press(page, name):
    widget(page).get_by_role("button", name=name, exact=True).click()


def box(page, start):
    """A node of the graph by the start of what is read aloud."""
    return widget(page).get_by_role("img", name=re.compile(f"^{re.escape(start)}"))


def slider(page, label):
    return widget(page).get_by_role("slider", name=re.compile(f"^{re.escape(label)}"))


def formula(X=X, G=G, gamma=ONES, eps=1e-5, ddof=0):
    return bn.collapsed(bn.training(X, gamma, ZEROS, eps, ddof), G)["X"]


def shows_gradient(page, dX, feature=0):
    """The column of dX by the formula, to 4 decimals."""
    cells = region(page, "one formula").locator("td.tm-bn-new")
    expect(cells).to_have_text([f"{x:.4f}".replace("-", "−") for x in dX[:, feature]])


def test_step_by_step_forward_and_back(page):
    press(page, "Step ▶")
    expect(place(page)).to_have_text("forward 1 of 9")
    expect(widget(page).get_by_role("heading", name="3 · Forward 1 of 9: mean")).to_be_visible()
    expect(box(page, "μ, mean")).to_have_accessible_name(
        "μ, mean, shape 3: 0.95; gradient not known yet")
    press(page, "All forward")
    expect(box(page, "Y, shift")).not_to_have_accessible_name(re.compile("not known"))
    for _ in range(3):
        press(page, "Step ▶")
    expect(box(page, "C, centre")).to_have_accessible_name(re.compile(r"\(1 of 2\)$"))
    press(page, "All backward")
    expect(place(page)).to_have_text("backward 9 of 9")
    expect(box(page, "X, batch")).to_have_accessible_name(re.compile(r"\(sum of 2\)$"))
    expect(widget(page).locator(".tm-verdict")).to_contain_text("✓ The same")
    shows_gradient(page, formula())


def test_the_keys_do_what_the_buttons_do(page):
    graph = widget(page).get_by_role("group", name=re.compile("Graph of small steps"))
    graph.focus()
    for key, text in (("ArrowRight", "forward 1 of 9"), ("f", "forward 9 of 9"),
                      ("ArrowRight", "backward 1 of 9"), ("ArrowLeft", "forward 9 of 9"),
                      ("b", "backward 9 of 9"), ("Home", "forward 0 of 9"),
                      ("End", "backward 9 of 9")):
        page.keyboard.press(key)
        expect(place(page)).to_have_text(text)
    expect(graph).to_be_focused()
    assert output(page, 1).count() == 1  # no shortcut of the notebook fired


def test_a_typed_number_reaches_python_and_the_gradient_follows(page):
    changed = X.copy()
    changed[1, 0] = 2.5
    grid = region(page, "Batch X").get_by_role("grid", name=re.compile("^X,"))
    grid.get_by_role("gridcell", name="X[1,0] = ").click()
    page.keyboard.type("2.5")
    page.keyboard.press("Enter")
    shows_gradient(page, formula(changed))
    assert run_cell(page, "print(float(lab.arrays['X'][1, 0]))") == "2.5"
    press(page, "Undo")
    shows_gradient(page, formula())


def test_sliders_move_by_keys_and_one_undo_takes_a_move_back(page):
    slider(page, "γ[0]").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(slider(page, "γ[0]")).to_have_attribute("aria-valuetext", "1.5")
    shows_gradient(page, formula(gamma=np.array([1.5, 1, 1])))
    slider(page, "ε").focus()
    page.keyboard.press("Home")
    expect(slider(page, "ε")).to_have_attribute("aria-valuetext", "0")
    shows_gradient(page, formula(gamma=np.array([1.5, 1, 1]), eps=0))
    press(page, "Undo")
    expect(slider(page, "ε")).to_have_attribute("aria-valuetext", "1e−5")
    slider(page, "N").focus()
    page.keyboard.press("End")
    expect(region(page, "Jacobian").get_by_role("gridcell")).to_have_count(256)
    slider(page, "outlier").focus()
    page.keyboard.press("End")
    expect(widget(page).get_by_role("gridcell", name="X[0,0] = 20")).to_be_visible()
    assert run_cell(page, "print(lab.arrays['X'].shape, float(lab.arrays['X'][0, 0]))") == (
        "(16, 3) 20.0")


def test_the_parts_are_added_up_one_by_one(page):
    J = region(page, "Jacobian")
    bars = J.locator(".tm-bn-direction b")
    slope = f"{1 / np.sqrt(X[:, 0].var() + 1e-5):.4f}"
    for choice, slopes in (("identity", [slope] * 3), ("+ mean part", ["0", slope, slope])):
        J.get_by_role("button", name=choice, exact=True).click()
        expect(bars).to_have_text(slopes)
    J.get_by_role("button", name="+ x̂ part", exact=True).click()
    expect(bars.nth(0)).to_have_text("0")
    expect(bars.nth(1)).to_have_text(re.compile(r"e−"))
    expect(J.get_by_role("gridcell").first).to_have_accessible_name(re.compile(r"^∂Y\[0,0\]"))


def test_pointing_and_arrow_keys_read_an_entry(page):
    J = region(page, "Jacobian")
    said = J.get_by_role("status")
    J.get_by_role("gridcell").nth(6).hover()
    expect(said).to_contain_text("∂Y[1,0]/∂X[2,0] = ")
    page.mouse.move(2, 2)  # a pointer that rests here is told again when the page moves under it
    J.get_by_role("gridcell").nth(6).focus()
    page.keyboard.press("ArrowDown")
    expect(said).to_contain_text("∂Y[2,0]/∂X[2,0] = ")
    widget(page).get_by_text("Entry by entry").click()
    region(page, "one formula").get_by_role("gridcell", name="dX[3,0] by the").first.hover()
    expect(said).to_contain_text("dX[3,0] = ")
    widget(page).get_by_text("Entry by entry").click()
    page.mouse.move(2, 2)
    stops = "cells => cells.filter(cell => cell.tabIndex === 0).length"
    assert J.get_by_role("gridcell").evaluate_all(stops) == 1


def test_evaluation_bessel_and_the_dropped_path(page):
    press(page, "All backward")
    widget(page).get_by_role("button", name="dropped", exact=True).click()
    expect(widget(page).locator(".tm-verdict")).to_contain_text("one path was left out")
    press(page, "Bessel ÷ (N − 1)")
    shows_gradient(page, formula(ddof=1))
    expect(widget(page).locator(".tm-numpy")).to_contain_text("(N - 1)")
    press(page, "evaluation")
    expect(place(page)).to_have_text("backward 4 of 4")
    shows_gradient(page, G / np.sqrt(X.var(0) + 1e-5))
    expect(widget(page).get_by_role("button", name="dropped", exact=True)).to_be_hidden()


def test_in_evaluation_only_the_identity_can_be_added(page):
    J = region(page, "Jacobian")
    press(page, "evaluation")
    expect(J.get_by_role("button", name="+ mean part", exact=True)).to_be_disabled()
    expect(J.get_by_role("button", name="identity", exact=True)).to_have_attribute(
        "aria-pressed", "true")
    press(page, "training")
    expect(J.get_by_role("button", name="+ x̂ part", exact=True)).to_be_enabled()


def test_the_sums_wait_for_the_last_step(page):
    sums = widget(page).locator(".tm-bn-sums")
    expect(sums).to_have_count(0)
    press(page, "All backward")
    expect(sums).to_contain_text("Σ dX")
    press(page, "◀ Back")
    expect(sums).to_have_count(0)


def test_a_refusal_is_one_line_and_the_thumb_goes_back(page):
    press(page, "Bessel ÷ (N − 1)")
    slider(page, "N").focus()
    page.keyboard.press("Home")
    line = widget(page).get_by_role("alert")
    expect(line).to_contain_text("two examples or more")
    expect(slider(page, "N")).to_have_value("4")
    assert "Traceback" not in widget(page).inner_text()
    press(page, "biased ÷ N")
    expect(line).to_have_text("")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 1100, 700])
def test_nothing_sticks_out_at_any_width(page, theme, width):
    size = page.viewport_size
    set_theme(page, theme)
    press(page, "All backward")
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(300)
    root = widget(page)
    edge = root.bounding_box()["x"] + root.bounding_box()["width"]
    parts = root.locator(".tm-panel, .tm-bn-node, .tm-bn-board, .tm-bn-table, button, input")
    rights = parts.evaluate_all("ps => ps.map(p => p.getBoundingClientRect().right)")
    page.set_viewport_size(size)
    set_theme(page, "light")
    assert max(rights) <= edge + 1


def wide(page, width):
    """Make the page so wide that the widget has this width."""
    size = page.viewport_size
    widen(page, widget(page), width)
    return size


def test_as_it_opens_it_fits_a_screen_of_1100_by_800_pixels(page):
    run_cell(page, "lab.set(step=10, parts=1)")
    expect(place(page)).to_have_text("backward 1 of 9")
    size = wide(page, 1100)
    height = widget(page).bounding_box()["height"]
    clipped = widget(page).locator(".tm-panel, .tm-bn-scroll, .tm-math").evaluate_all(
        "all => all.filter(one => !one.closest('details') && "
        "one.scrollWidth > one.clientWidth + 1)"
        ".map(one => one.className)")
    across, high = map(float, run_cell(
        page, "print(*lab.figure().get_size_inches())").split())  # the stored picture has 100 dpi
    page.set_viewport_size(size)
    assert height <= 800 and clipped == []
    assert abs(high * 100 * min(1, 11 / across) / height - 1) < 0.15


def test_on_a_projector_what_matters_is_in_one_view_at_every_step(page):
    size = page.viewport_size
    page.set_viewport_size({"width": 853, "height": 480})
    run_cell(page, "lab.projector()")
    root = page.locator(".tm-whole.tm-batchnorm")
    expect(root).to_be_visible()
    for step in (0, 10, 16, 17, 18):
        run_cell(page, f"lab.set(step={step})")
        page.wait_for_timeout(200)
        assert root.evaluate(SEEN, MATTERS[:3] if step == 0 else MATTERS) == []
    page.keyboard.press("Escape")
    expect(root).to_have_count(0)
    page.set_viewport_size(size)


def test_buttons_and_sliders_are_large_enough_to_hit(page):
    parts = widget(page).locator("button:visible, input[type=range]:visible")
    heights = parts.evaluate_all("ps => ps.map(p => p.getBoundingClientRect().height)")
    assert len(heights) > 20 and min(heights) >= 24
