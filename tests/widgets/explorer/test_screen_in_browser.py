"""One screen: what stands where in the real JupyterLab, in normal mode and on a projector."""

import pytest
from playwright.sync_api import expect

from tests.browser.cells import module_tab, run_cell
from tests.browser.lab import output
from tests.browser.tabs import SIZE, widen
from tests.widgets.explorer.explorer_page import settles

HALL = {"width": 853, "height": 480}  # 1280×720 at 150 %
SHOWN = {"relu": "n=3, h=4", "softmax": "n=3, k=4", "affine": "n=3, m=4, k=2",
         "batchnorm": "n=4, h=3"}
CELLS = ["from helpers import JacobianExplorer",
         *(f'{name} = JacobianExplorer("{name}", {sizes})\n{name}'
           for name, sizes in SHOWN.items()), "None"]
MATTERS = (".tm-panel-forward .tm-grid-box:not(:last-child) .tm-cell",
           ".tm-panel-upstream .tm-cell", ".tm-tensor > canvas", ".tm-panel-full .tm-cell",
           ".tm-panel-compact .tm-cell",
           ".tm-panel-compact .tm-math", ".tm-numpy", ".tm-verdict", ".tm-now .tm-factor")
OUTSIDE = """(root, matters) => matters.flatMap((what) => {
  const found = [...root.querySelectorAll(what)];
  if (!found.length) return [`${what} is missing`];
  return found.flatMap((one) => {
    const { left, right, top, bottom, width } = one.getBoundingClientRect();
    const box = one.closest(".tm-panel").getBoundingClientRect();
    const seen = width && left >= box.left && top >= box.top && right <= box.right + .5 &&
      bottom <= box.bottom + .5 && box.left >= 0 && box.right <= innerWidth &&
      box.bottom <= innerHeight;
    return seen ? [] : [`${what} ${one.textContent} ${[left, right, top, bottom].map(Math.round)}`];
  });
})"""
SCROLLS = """(root) => [root, ...root.querySelectorAll(
  ".tm-panels, .tm-panel, .tm-way, .tm-side, .tm-array-scroll, .tm-tensor-box")].filter((one) =>
  one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
  .map((one) => one.className)"""
COVERED = """(root) => {
  const on = root.querySelector(".tm-play-open").getBoundingClientRect();
  return [...root.querySelectorAll(".tm-cell, .tm-math")].filter((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    return left < on.right && right > on.left && top < on.bottom && bottom > on.top;
  }).map((one) => one.textContent);
}"""
TILE_COVERS = """(root) => {
  const tile = root.querySelector(".tm-tile")?.getBoundingClientRect();
  const { right, bottom } = root.querySelector(".tm-tensor > canvas").getBoundingClientRect();
  return Boolean(tile) && tile.left < right - 1 && tile.top < bottom - 1;
}"""


page = module_tab(CELLS, "screen")


def widget(page, name="relu"):
    return output(page, 1 + list(SHOWN).index(name)).locator(".tm-explorer")


def box(locator):
    found = locator.bounding_box()
    return {**found, "right": found["x"] + found["width"], "bottom": found["y"] + found["height"]}


def wide(page, width):
    """Make the page so wide that the widgets have this width."""
    page.set_viewport_size(SIZE | {"height": 1000})
    widen(page, widget(page), width)


@pytest.mark.parametrize("width", [1100, 700, 600])
def test_both_gradients_stand_on_one_line(page, width):
    def on_one_line(name):
        full, compact = (box(widget(page, name).locator(f"{panel} .tm-result [role=grid]"))
                         for panel in (".tm-panel-full", ".tm-panel-compact"))
        assert abs(full["bottom"] - compact["bottom"]) < 1 and full["right"] < compact["x"]

    wide(page, width)
    for name in SHOWN:
        settles(page, on_one_line, name)


def test_the_verdict_stands_beside_what_goes_in(page):
    expect(widget(page).locator(".tm-point")).to_contain_text("How can so few numbers")

    def beside(name):
        side, verdict, compact = (box(widget(page, name).locator(one)) for one in (
            ".tm-panel-forward", ".tm-panel-verdict", ".tm-panel-compact"))
        assert verdict["x"] > side["right"] and 0 < verdict["y"] - compact["bottom"] < 20
        assert name != "relu" or box(widget(page))["height"] < 920

    wide(page, 1100)
    for name in SHOWN:
        settles(page, beside, name)


@pytest.mark.parametrize("width", [1100, 700])
def test_pointing_never_moves_the_page(page, width):
    wide(page, width)
    one = widget(page, "affine")
    page.mouse.move(2, 2)
    expect(one.locator(".tm-quiet")).to_have_count(1)
    before = box(one)["height"]
    for panel in (".tm-panel-full", ".tm-panel-compact"):
        one.locator(f"{panel} .tm-result .tm-cell").nth(5).hover()
        expect(one.locator(".tm-reading")).to_contain_text("dX[1,1] =")
        assert box(one)["height"] == before


@pytest.mark.parametrize("name", SHOWN)
def test_on_a_projector_all_that_matters_is_in_one_view(page, name):
    page.set_viewport_size(HALL)
    run_cell(page, f"{name}.projector()")
    root = page.locator(".tm-projector")
    expect(root).to_be_visible()
    page.wait_for_function("(root) => root.querySelector('.tm-panels').style.cssText",
                           arg=root.element_handle())

    def is_seen():
        assert root.evaluate(OUTSIDE, MATTERS) == []
        assert root.evaluate(SCROLLS) == []
        assert root.evaluate(COVERED) == []
        letters = root.locator(".tm-cell").evaluate_all(
            "cells => cells.map(cell => parseFloat(getComputedStyle(cell).fontSize))")
        assert min(letters) >= 12  # 18 of the 720 lines of the screen
        # Where cells have no room for numbers, one tile has them, beside the tensor or below it.
        assert root.locator(".tm-tile").count() == (name in ("softmax", "batchnorm"))
        assert root.evaluate(TILE_COVERS) is False

    settles(page, is_seen)
    page.keyboard.press("Escape")
    expect(root).to_have_count(0)
    expect(widget(page, name)).to_be_visible()

    def is_told():
        assert run_cell(page, f"print({name}.projecting)") == "False"

    settles(page, is_told)


def test_the_button_takes_the_screen_and_gives_it_back(page):
    page.set_viewport_size(HALL)
    button = widget(page).get_by_role("button", name="Projector")
    button.click()
    root = page.locator(".tm-projector")
    expect(root.locator(".tm-toolbar")).to_be_hidden()
    root.get_by_role("button", name="Choices").click()
    expect(root.locator(".tm-toolbar")).to_be_visible()
    root.get_by_role("button", name="Choices").click()
    root.get_by_role("button", name="Leave").click()
    expect(page.locator(".tm-projector")).to_have_count(0)


def test_where_the_line_is_out_of_sight_it_stands_beside_the_pointer(page):
    page.set_viewport_size({"width": 760, "height": 620})
    one = widget(page, "affine")
    cell = one.locator(".tm-panel-compact .tm-result .tm-cell").nth(5)
    cell.scroll_into_view_if_needed()
    cell.hover()
    tip = one.locator(".tm-tip")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("dX[1,1] = ")
    assert box(tip)["bottom"] < box(cell)["bottom"] and box(tip)["right"] <= 760
    page.mouse.move(2, 2)
    expect(tip).to_be_hidden()


@pytest.mark.parametrize("width, says", [(1100, ""), (932, ""), (600, ":not(.tm-goes-on)")])
def test_no_formula_and_no_number_is_clipped_unless_its_edge_says_so(page, width, says):
    def nothing_clipped(name):
        parts = widget(page, name).locator(
            f".tm-math{says}, .tm-cell, .tm-savings > *" + ", .tm-array-scroll" * (width > 860))
        assert parts.evaluate_all(
            "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1)"
            ".map((one) => one.textContent)") == []

    wide(page, width)
    for name in SHOWN:
        settles(page, nothing_clipped, name)
