"""Blocks of numbers that are pasted into an editable array, undo and redo."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.bare import call
from tests.widgets.array.array_page import edits, empty, log_of, make

PASTE = """([index, text]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const cell = document.querySelectorAll("[role=gridcell]")[index];
  const target = index < 0 ? document.activeElement : cell;
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  return target.dispatchEvent(event);
}"""


def shown(page):
    texts = page.get_by_role("gridcell").all_inner_texts()
    return [float(text.replace("−", "-")) for text in texts]


@pytest.mark.parametrize("text", [
    "1, 2; 3, 4", "1 2\n3 4", "1\t2\n3\t4", "1\t2\r\n3\t4\r\n", "[[1, 2], [3, 4]]",
    "[[1. 2.]\n [3. 4.]]", "1,0\t2,0\n3,0\t4,0", "1, 2\n3, 4\n", "  1  2;3 4 ", "3/3, 2; 3, 4.0",
    "１, ２; ３, ４", "1 / 1, 2; 3, 4",
])
def test_a_block_in_any_usual_writing_goes_in_as_one_stroke(page, text):
    cells = make(page, np.zeros((3, 3)))
    cells.nth(4).focus()
    page.evaluate(PASTE, [4, text])
    assert shown(page) == [0, 0, 0, 0, 1, 2, 0, 3, 4]
    assert edits(page) == [[[4, 5, 7, 8], [1, 2, 3, 4], 1]]
    expect(cells.nth(4)).to_be_focused()
    expect(page.locator("[aria-live]")).to_have_text("")


@pytest.mark.parametrize("text, said", [
    ("1, 2, 3; 4, 5, 6", "2 × 3 numbers do not fit: from X[1,1] on there are 2 × 2"),
    ("1;2;3", "3 × 1 numbers do not fit: from X[1,1] on there are 2 × 2"),
    ("1, 2; 3", "the rows are of different length: row 1 has 2, row 2 has 1"),
    ("1, two; 3, 4", '"two" is not a number'), ("1\t\n2\t3", '"" is not a number'),
    ("1,5\n2,5", "1,5 is one number or two: write 1.5 or 1, 5"),
    ("1,2; 3,4", "1,2 is one number or two: write 1.2 or 1, 2"),
])
def test_what_cannot_go_in_is_one_line_and_changes_nothing(page, text, said):
    cells = make(page, np.zeros((3, 3)))
    cells.nth(4).focus()
    page.evaluate(PASTE, [4, text])
    expect(page.locator("[aria-live]")).to_contain_text(said)
    assert edits(page) == [] and shown(page) == [0] * 9


def test_a_block_pasted_while_typing_goes_in_and_one_number_is_typed(page):
    cells = make(page, [[1, 2], [3, 4]])
    cells.first.click()
    page.evaluate(PASTE, [-1, "5, 6; 7, 8"])
    assert shown(page) == [5, 6, 7, 8]
    expect(page.get_by_role("textbox")).to_have_count(0)
    cells.first.click()
    assert page.evaluate(PASTE, [-1, "9"]) is True  # left to the text field
    assert len(edits(page)) == 1


def test_only_what_differs_is_told_and_a_grid_of_results_takes_nothing(page):
    cells = make(page, [[1, 2], [3, 4]])
    cells.first.focus()
    page.evaluate(PASTE, [0, "1, 2; 3, 5"])
    assert edits(page) == [[3, 5, 1]]
    page.evaluate(PASTE, [0, "1, 2; 3, 5"])
    assert len(edits(page)) == 1
    empty(page)
    make(page, [[1, 2]], editable=False).first.focus()
    page.evaluate(PASTE, [0, "5, 6"])
    assert edits(page) == [] and shown(page) == [1, 2]


def test_an_older_answer_takes_back_no_number_of_a_block(page):
    cells = make(page, [[1, 2], [3, 4]])
    cells.first.focus()
    call(page, "(made.answered = false)")
    page.evaluate(PASTE, [0, "5, 6; 7, 8"])
    call(page, "(made.update(a[0]), 0)", [1, 2, 3, 4])
    assert shown(page) == [5, 6, 7, 8]
    call(page, "(made.answered = true, made.update(a[0]), 0)", [5, 6, 7, 0])
    assert shown(page) == [5, 6, 7, 0]


def test_undo_and_redo_are_asked_for_by_keys(page):
    cells = make(page, [[1, 2]])
    cells.first.focus()
    for key in ("Control+z", "Control+y", "Control+Shift+Z", "Meta+Shift+z", "Meta+z"):
        page.keyboard.press(key)
    assert [entry[0] for entry in log_of(page, "undo", "redo")] == [
        "undo", "redo", "redo", "redo", "undo"]
    expect(cells.first).to_be_focused()
