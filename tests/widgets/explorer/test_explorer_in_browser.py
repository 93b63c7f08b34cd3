"""The explorer in a real JupyterLab: a student edits and points, NumPy says what is right."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.cells import run_cell
from tests.widgets.explorer.explorer_page import (
    COMPACT,
    FORWARD,
    FULL,
    NOTHING_READ,
    UPSTREAM,
    G,
    X,
    cell,
    drag,
    eventually,
    explorer,
    grid,
    headline,
    in_kernel,
    marked,
    numbers,
    open_explorer,
    panel,
    picture,
    picture_pixels,
    reading,
    shows,
    shows_gradient,
    start_again,
)


@pytest.fixture(scope="module")
def tab(context, lab):
    with open_explorer(context, lab) as page:
        yield page


@pytest.fixture
def page(tab):
    """The page with the explorer as it was at first; it must not have complained after the test."""
    start_again(tab)
    yield tab
    assert tab.errors == []


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
             "Alt+ArrowDown": -0.01}
    target.focus()
    for key, step in steps.items():
        page.keyboard.press(key)
        changed[0, 1] += step
        shows(page, FORWARD, "X", changed)
        shows(page, FORWARD, "Y", np.maximum(changed, 0))
        shows_gradient(page, G * (changed > 0))
    assert changed[0, 1] > 0 > X[0, 1]  # so the gradient did change
    page.keyboard.type("-3")
    page.keyboard.press("Enter")
    changed[0, 1] = -3
    shows(page, FORWARD, "X", changed)
    shows_gradient(page, G * (changed > 0))
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
    assert box["y"] >= below["y"] + below["height"] - 1 and box["height"] < 50
    around = panel(page, FORWARD).bounding_box()
    assert box["x"] + box["width"] <= around["x"] + around["width"] + 1
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
    shows(page, FORWARD, "X", X)
    shows_gradient(page, G * (X > 0))


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
    expect(reading(page)).to_have_text(re.compile(
        r"^G\[2,0\] = −0\.4000 multiplies .*∂Y\[2,0\]/∂X: twelve entries, one is not 0$"))


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


def test_an_entry_is_played_by_keys_to_the_sum_that_stands_in_the_gradient(page):
    height = explorer(page).bounding_box()["height"]
    cell(page, FULL, "dL/dX", 1, 1).focus()
    page.keyboard.press("Enter")
    play = explorer(page).get_by_role("group", name="One entry, step by step")
    expect(play).to_be_focused()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(play.locator(".tm-play-said")).to_have_text(
        "What is left adds up and lands in dL/dX: dX[1,1] = −0.6000.")
    total = play.locator(".tm-play-total:not(.tm-play-copy):visible")
    expect(total).to_have_text("−0.6000")
    assert numbers(page, FULL, "dL/dX")[1, 1] == (G * (X > 0))[1, 1] == -0.6
    assert play.locator(".tm-play-gone").count() == 3 * 11
    page.keyboard.press("ArrowRight")
    expect(total).to_have_text(["−0.6000", "−0.6000"])
    page.keyboard.press("ArrowDown")
    expect(play.locator(".tm-play-said")).to_contain_text("dX[1,2] = 0.0000, the same number")
    page.keyboard.press("Escape")
    expect(play).to_be_hidden()
    expect(reading(page)).to_have_text(NOTHING_READ)
    assert explorer(page).bounding_box()["height"] == height


def test_a_factor_of_a_formula_and_its_cells_light_each_other(page):
    formula = panel(page, COMPACT).locator(".tm-math").first
    formula.locator("[data-part=G]").hover()
    expect(reading(page)).to_have_text("G = dL/dY, the upstream gradient: 12 numbers (3 × 4)")
    expect(panel(page, UPSTREAM).locator(".tm-lit-array")).to_have_count(1)
    formula.locator("[data-part=gradient]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(panel(page, COMPACT).locator(".tm-lit-array [role=grid]")).to_have_accessible_name(
        re.compile(r"^\(X > 0\)"))
    page.evaluate("document.activeElement.blur()")
    cell(page, UPSTREAM, "G", 0, 0).hover()
    expect(formula.locator(".tm-lit")).to_have_text("G")


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
