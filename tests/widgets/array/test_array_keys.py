"""Every key and every way into a cell of an editable array, as docs/keys.md tells it."""

import math

import pytest
from playwright.sync_api import expect

from tests.widgets.array.array_page import edits, make


def strike(page, key):
    """Press a key; one that no English keyboard has comes as its event, then as text."""
    if key.isascii():
        page.keyboard.press(key)
        return
    taken = page.evaluate("""(key) => !document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))""", key)
    if not taken:
        page.keyboard.insert_text(key)


@pytest.mark.parametrize(("keys", "value"), [
    (["7", ".", "5", "Enter"], 7.5), ([",", "5", "Enter"], 0.5), (["F2", "End", "0", "Enter"], 10),
    (["Enter", "n", "a", "n", "Enter"], math.nan), (["Delete", "4", "Enter"], 4),
    (["Backspace", "4", "Enter"], 4), (["F2", "4", "Enter"], 4), (["∞", "Enter"], math.inf),
    *(([*text, end], value) for end in ("Enter", "Tab") for text, value in (
        ("-3", -3), ("-0.5", -0.5), ("-.25", -0.25), ("−3", -3), ("–3", -3), ("-,25", -0.25),
        ("+3", 3), (".5", 0.5), (",5", 0.5), ("1,5", 1.5), ("-1e-3", -0.001), ("-1/4", -0.25))),
])
def test_typing_on_a_cell_opens_the_field(page, keys, value):
    cells = make(page, [[1, 2]])
    cells.first.focus()
    for key in keys:
        strike(page, key)
    (index, found, _), = edits(page)
    assert index == 0 and (found == value or (value != value and found != found))


@pytest.mark.parametrize("way", ["tab", "arrows", "home", "click", "double click"])
def test_a_minus_is_kept_whatever_way_leads_into_the_cell(page, way):
    cells = make(page, [[-0.5, -0.5, 7]])
    if way == "tab":
        page.keyboard.press("Tab")
    elif way == "arrows":
        cells.nth(1).focus()
        page.keyboard.press("ArrowLeft")
    elif way == "home":
        cells.last.focus()
        page.keyboard.press("Home")
    elif way == "click":
        cells.first.click()
    else:
        cells.first.dblclick()
    page.keyboard.type("-3")
    page.keyboard.press("Enter")
    assert [edit[:2] for edit in edits(page)] == [[0, -3]]
    cells.first.dblclick()
    page.keyboard.type("4")  # nothing of the old number is left, not even its sign
    page.keyboard.press("Enter")
    assert edits(page)[-1][:2] == [0, 4]


@pytest.mark.parametrize("key", ["+", "-", "−", "Shift++"])
def test_a_sign_steps_nothing(page, key):
    cells = make(page, [[1, 2]])
    cells.first.focus()
    strike(page, key)
    page.keyboard.press("Escape")
    assert edits(page) == []
    expect(cells.first).to_have_text("1")
    expect(cells.first).to_be_focused()


def test_an_empty_field_is_refused_and_escape_brings_the_number_back(page):
    cells = make(page, [[1, 2]])
    cells.first.focus()
    for key in ("Delete", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[aria-live]")).to_contain_text("is not a number")
    page.keyboard.press("Escape")
    assert edits(page) == []
    expect(cells.first).to_have_text("1")


CLIP = """([index, kind, text]) => {
  const clipboardData = new DataTransfer();
  if (text) clipboardData.setData("text/plain", text);
  const event = new ClipboardEvent(kind, { clipboardData, bubbles: true, cancelable: true });
  document.querySelectorAll("[role=gridcell]")[index].dispatchEvent(event);
  return clipboardData.getData("text/plain");
}"""


def test_a_number_is_copied_with_all_digits_and_pasted_on_a_cell(page):
    cells = make(page, [[-0.1 - 0.2, 2]])
    cells.first.focus()
    copied = page.evaluate(CLIP, [0, "copy", ""])
    assert copied == "−0.30000000000000004"
    cells.last.focus()
    page.evaluate(CLIP, [1, "paste", f" {copied}\n"])
    assert edits(page) == [[1, -0.1 - 0.2, 1]]
    expect(cells.last).to_be_focused()
    page.evaluate(CLIP, [1, "paste", "three"])
    expect(page.get_by_role("textbox")).to_have_value("three")
    expect(page.locator("[aria-live]")).to_contain_text('"three" is not a number')
    assert len(edits(page)) == 1


def test_an_input_method_is_left_alone_until_it_is_done(page):
    cells = make(page, [[1, 2]])
    cells.first.click()
    client = page.context.new_cdp_session(page)
    client.send("Input.imeSetComposition", {"text": "－３", "selectionStart": 2, "selectionEnd": 2})
    page.evaluate("""() => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true }))""")
    assert edits(page) == []
    client.send("Input.insertText", {"text": "－３．５"})
    client.detach()
    page.keyboard.press("Enter")
    assert [edit[:2] for edit in edits(page)] == [[0, -3.5]]


def test_the_field_lies_on_its_cell_when_the_page_is_zoomed(page):
    page.locator(".tm-root").evaluate("(root) => { root.style.zoom = 1.5 }")
    cells = make(page, [[1, 2], [3, 4]])
    cells.last.click()
    cell, field = (one.bounding_box() for one in (cells.last, page.get_by_role("textbox")))
    assert all(abs(cell[side] - field[side]) < 1.5 for side in ("x", "y", "height"))
