"""The editable array in a page without JupyterLab: the grid under keys, pointer and updates."""

import math

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.bare import call
from tests.widgets.array.array_page import (
    axes_of,
    drag,
    edits,
    log_of,
    make,
    type_in,
)


@pytest.mark.parametrize("shape", [(), (1, 1), (5,), (3, 4), (2, 3, 4), (12, 12)], ids=str)
def test_a_grid_is_named_and_is_one_tab_stop(page, shape):
    values = np.arange(math.prod(shape)).reshape(shape)
    cells = make(page, values)
    expect(cells).to_have_count(values.size)
    sizes = " by ".join(map(str, shape)) or "one number"
    label = f"X, {sizes}, editable: up and down change a number, left and right move"
    expect(page.get_by_role("grid")).to_have_attribute("aria-label", label)
    assert page.get_by_role("row").count() == math.prod(shape[:-1])
    place = ",".join(str(size - 1) for size in shape)
    name = f"X[{place}] = {values.size - 1}" if shape else "X = 0"
    expect(cells.last).to_have_attribute("aria-label", name)
    assert page.locator(".tm-cell[tabindex='0']").count() == 1
    assert min(cells.last.bounding_box()[side] for side in ("width", "height")) >= 24


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0,)], ids=str)
def test_an_empty_array_says_so(page, shape):
    make(page, np.zeros(shape))
    expect(page.get_by_text("no entries")).to_be_visible()


def test_axes_have_their_letters_sizes_and_colours(page):
    make(page, np.zeros((3, 4)), letters="nh")
    expect(page.locator(".tm-array-head")).to_have_text("Xn = 3 ↓h = 4 →")
    colours = [page.locator(s).first.evaluate("(e) => getComputedStyle(e).color") for s in
               (".tm-array-axis:nth-child(2)", ".tm-row-indices .tm-row-index span",
                ".tm-array-axis:nth-child(3)", ".tm-column-index small")]
    assert colours[0] == colours[1] != colours[2] == colours[3]


def test_only_what_changed_is_touched(page):
    make(page, np.full((32, 32), 1.5))
    values = [1.5] * 1024
    values[5] = 0.5
    touched = page.evaluate("""async (values) => {
      const records = [], everything = { childList: true, characterData: true, attributes: true };
      const observer = new MutationObserver((all) => records.push(...all));
      observer.observe(document.body, { subtree: true, ...everything });
      made.update(values);
      await new Promise(requestAnimationFrame);
      const elements = records.map(({ target }) => target.closest ? target : target.parentNode);
      return [...new Set(elements.map((element) => element.dataset.index))];
    }""", values)
    assert touched == ["5"]


def test_a_large_grid_scrolls_in_its_own_box(page):
    cells = make(page, np.ones((32, 32)))
    box = page.locator(".tm-array-scroll")
    assert box.bounding_box()["height"] <= 260
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert box.evaluate("(e) => e.scrollWidth > e.clientWidth && e.scrollHeight > e.clientHeight")
    cells.last.focus()
    page.keyboard.press("ArrowUp")
    expect(cells.last).to_have_text("1.1")
    expect(cells.last).to_be_in_viewport()


@pytest.mark.parametrize(("keys", "value"), [
    ("ArrowUp", 1.1), ("ArrowDown", 0.9), ("Shift+ArrowUp", 2), ("Alt+ArrowDown", 0.99),
])
def test_keys_change_a_number_by_a_step(page, keys, value):
    cells = make(page, [[1, 2], [3, 4]])
    cells.first.focus()
    page.keyboard.press(keys)
    assert edits(page) == [[0, value, 1]]
    expect(cells.first).to_have_attribute("aria-label", f"X[0,0] = {value}")


def test_presses_in_quick_succession_are_one_stroke(page):
    cells = make(page, [[1, 2]])
    cells.first.focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    assert edits(page) == [[0, 1.1, 1], [0, 1.2, 1], [1, 2.1, 2]]
    page.wait_for_timeout(1100)
    page.keyboard.press("ArrowUp")
    assert edits(page)[-1] == [1, 2.2, 3]


@pytest.mark.parametrize(("key", "start", "editable", "end"), [
    ("ArrowLeft", 4, True, 3), ("ArrowRight", 3, True, 4), ("ArrowRight", 11, True, 11),
    ("PageUp", 5, True, 1), ("PageDown", 5, True, 9), ("PageDown", 9, True, 9),
    ("Home", 6, True, 4), ("End", 5, True, 7), ("ArrowUp", 5, False, 1), ("ArrowDown", 5, False, 9),
])
def test_keys_move_between_cells(page, key, start, editable, end):
    cells = make(page, np.ones((3, 4)), editable=editable)
    cells.nth(start).focus()
    page.keyboard.press(key)
    expect(cells.nth(end)).to_be_focused()
    stops = page.locator(".tm-cell[tabindex='0']")
    assert stops.evaluate_all("(all) => all.map((e) => Number(e.dataset.index))") == [end]
    assert edits(page) == []


def test_a_grid_that_is_not_editable_refuses_every_edit(page):
    cells = make(page, [[1, 2]], editable=False)
    expect(cells.first).to_have_attribute("aria-readonly", "true")
    cells.first.click()
    for key in ("+", "-", "5", "Enter", "F2", "Delete"):
        page.keyboard.press(key)
    drag(page, cells.first, 40)
    assert edits(page) == []
    expect(page.get_by_role("textbox")).to_have_count(0)


@pytest.mark.parametrize(("held", "pixels", "value"), [
    ("a", 20, 1.5), ("a", -40, 0), ("Shift", 20, 6), ("Alt", -20, 0.95), ("a", 400, 11),
])
def test_a_sideways_drag_changes_a_number_in_one_stroke(page, held, pixels, value):
    cells = make(page, [[1, 2]])
    page.keyboard.down(held)
    drag(page, cells.first, pixels)
    page.keyboard.up(held)
    assert edits(page)[-1][:2] == [0, value]
    assert {stroke for _, _, stroke in edits(page)} == {1}
    expect(cells.first).to_have_text(str(value))
    expect(page.get_by_role("textbox")).to_have_count(0)
    expect(cells.first).to_be_focused()


def test_escape_puts_back_what_a_drag_has_changed(page):
    cells = make(page, [[1, 2]])
    drag(page, cells.first, 20, release=False)
    expect(cells.first).to_have_text("1.5")
    page.keyboard.press("Escape")
    page.mouse.move(300, 300)
    page.mouse.up()
    assert edits(page)[-1] == [0, 1, 1]
    expect(cells.first).to_have_text("1")
    expect(page.get_by_role("textbox")).to_have_count(0)


def test_a_drag_of_two_pixels_is_a_click(page):
    cells = make(page, [[1, 2]])
    drag(page, cells.first, 2)
    assert edits(page) == []
    expect(page.get_by_role("textbox")).to_be_focused()


def test_columns_stand_still_during_a_drag(page):
    cells = make(page, [[0.9, 2]])
    before = cells.last.bounding_box()
    for values in ([-1.1, 2], [-0.25, 2], [0, 2]):
        call(page, "(made.update(a[0], {}, [0]), 0)", values)
        assert cells.last.bounding_box() == before


def test_a_click_selects_the_number_so_that_typing_replaces_it(page):
    cells = make(page, [[0.1 + 0.2, 2]])
    cells.first.click()
    field = page.get_by_role("textbox", name="X[0,0]: new value")
    expect(field).to_have_value("0.30000000000000004")
    page.keyboard.type("-1/4")
    page.keyboard.press("Enter")
    assert edits(page) == [[0, -0.25, 2]]  # stroke 1 began with the pointer and changed nothing
    expect(cells.first).to_have_text("−0.25")
    expect(cells.first).to_be_focused()
    expect(field).to_have_count(0)


def test_looking_changes_nothing(page):
    cells = make(page, [[1, 2]])
    cells.first.click()
    page.keyboard.press("Enter")
    type_in(page, cells.first, "1.0", "Enter")
    type_in(page, cells.last, "9", "Escape")
    expect(cells.last).to_be_focused()
    expect(cells.last).to_have_text("2")
    assert edits(page) == []


def test_tab_keeps_the_number_and_moves_on(page):
    cells = make(page, [[1, 2]])
    type_in(page, cells.first, "5", "Tab")
    expect(page.get_by_role("textbox", name="X[0,1]: new value")).to_be_focused()
    page.keyboard.type("-6")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="after")).to_be_focused()
    assert [edit[:2] for edit in edits(page)] == [[0, 5], [1, -6]]


def test_leaving_the_field_keeps_the_number(page):
    cells = make(page, [[1, 2]])
    cells.first.click()
    page.keyboard.type("5")
    page.get_by_role("button", name="after").click()
    assert [edit[:2] for edit in edits(page)] == [[0, 5]]
    expect(page.get_by_role("textbox")).to_have_count(0)


def test_arrows_step_in_the_field_too(page):
    cells = make(page, [[1, 2]])
    cells.first.click()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.get_by_role("textbox")).to_have_value("2.1")
    assert [edit[:2] for edit in edits(page)] == [[0, 1.1], [0, 2.1]]


def test_bad_text_stays_with_a_line_that_says_why(page):
    cells = make(page, [[1, 2]])
    type_in(page, cells.first, "abc", "Enter")
    field, line = page.get_by_role("textbox"), page.locator("[aria-live]")
    expect(field).to_have_value("abc")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(line).to_have_text('"abc" is not a number: type for example 1.5, −2, 1e-3 or nan')
    expect(cells.first).to_have_text("1")
    assert edits(page) == []
    field.fill("3")
    page.keyboard.press("Enter")
    expect(line).to_have_text("")
    assert [edit[:2] for edit in edits(page)] == [[0, 3]]


def test_undo_is_asked_for_from_a_cell_and_from_an_untouched_field(page):
    cells = make(page, [[1, 2]])
    cells.first.focus()
    page.keyboard.press("Control+z")
    page.keyboard.press("Enter")
    page.keyboard.press("Meta+z")
    assert log_of(page, "undo") == [["undo"]] * 2
    expect(cells.first).to_be_focused()


def test_pointing_follows_pointer_and_focus(page):
    cells = make(page, [[1, 2]], editable=False)
    cells.last.hover()
    page.mouse.move(600, 600)
    cells.first.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="after").focus()
    assert [entry[1] for entry in log_of(page, "point")] == [1, None, 0, 1, None]


def test_an_older_answer_does_not_take_back_a_newer_edit(page):
    cells = make(page, [[1, 2]])
    call(page, "(made.answered = false)")
    drag(page, cells.first, 20, release=False)
    call(page, "(made.update(a[0]), 0)", [1.2, 7])
    expect(cells.first).to_have_text("1.5")
    expect(cells.last).to_have_text("7.0")
    page.mouse.up()
    call(page, "(made.answered = true, made.update(a[0]), 0)", [1, 7])
    expect(cells.first).to_have_text("1")  # Python has answered everything: it is right


def test_marks_are_more_than_a_colour(page):
    cells = make(page, [[1, 2], [3, 4]])
    call(page, "(made.update(null, {}, [1, 2]), made.update(null, {}, [2]), 0)")
    style = "(e) => [getComputedStyle(e).outlineStyle, getComputedStyle(e).textShadow]"
    outline, shadow = cells.nth(2).evaluate(style)
    assert outline == "solid" and shadow != "none"
    assert cells.nth(1).evaluate(style) == ["none", "none"]


def test_new_sizes_keep_the_focus(page):
    cells = make(page, np.ones((2, 2)))
    cells.last.focus()
    call(page, "(made.update([1, 2], { axes: a[0] }), 0)", axes_of((1, 2)))
    expect(cells).to_have_count(2)
    expect(cells.last).to_be_focused()


def test_the_hint_shows_with_the_focus_and_moves_nothing(page):
    cells = make(page, [[1]])
    hint, view = page.get_by_text("drag ↔ or type"), page.locator(".tm-root")
    height = view.bounding_box()["height"]
    expect(hint).to_be_hidden()
    cells.first.focus()
    expect(hint).to_be_visible()
    assert view.bounding_box()["height"] == height


CONTRAST = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number)
    .map((v) => colour.startsWith("color(") ? v : v / 255);
  const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = (colour) => parts(colour).map(linear)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const root = getComputedStyle(document.querySelector(".tm-root")).backgroundColor;
  const written = document.querySelectorAll(".tm-cell, .tm-array-head *, small");
  return Math.min(...[...written].map((e) => {
    const { color, backgroundColor } = getComputedStyle(e);
    const ground = backgroundColor === "rgba(0, 0, 0, 0)" ? root : backgroundColor;
    const [a, b] = [light(color), light(ground)].sort((p, q) => q - p);
    return (a + 0.05) / (b + 0.05);
  }));
}"""


@pytest.mark.parametrize("light", ["true", "false"])
def test_every_number_stands_out_from_its_ground(page, light):
    values = [5 * level / 6 for level in range(-6, 7)]  # every shade
    make(page, [[*values, math.nan, 0]])
    call(page, "(made.update(null, {}, [14]), 0)")
    page.evaluate(f"document.body.dataset.jpThemeLight = '{light}'")
    worst = page.evaluate(CONTRAST)
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    assert 4.5 <= worst < 21
