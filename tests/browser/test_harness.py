"""The harness itself: a widget made on the spot runs, answers, and looks right in both themes."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import (
    new_notebook,
    open_notebook,
    output,
    run_all,
    screenshot,
    set_theme,
    start_run_all,
    wait_until_idle,
)

COUNTER = '''
import anywidget, traitlets

class Counter(anywidget.AnyWidget):
    _esm = """
    function render({ model, el }) {
      const button = document.createElement("button");
      const square = document.createElement("output");
      const show = () => { square.textContent = model.get("square"); };
      button.textContent = "one more";
      button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
      model.on("change:square", show);
      show();
      el.append(button, square);
    }
    export default { render };
    """
    count = traitlets.Int(3).tag(sync=True)
    square = traitlets.Int(9).tag(sync=True)

    @traitlets.observe("count")
    def _squared(self, change):
        self.square = change.new ** 2

counter = Counter()
'''


def test_a_click_reaches_python_and_its_answer_the_page(page, lab):
    open_notebook(page, new_notebook(lab, [COUNTER, "counter", "print(counter.count)"]))
    run_all(page)
    number = output(page, 1).get_by_role("status")
    expect(number).to_have_text("9")
    output(page, 1).get_by_role("button", name="one more").click(click_count=2)
    expect(number).to_have_text("25")
    expect(output(page, -1)).to_have_text(re.compile(r"^3\s*$"))


def test_python_sets_and_the_page_follows(page, lab):
    open_notebook(page, new_notebook(lab, [COUNTER, "counter", "counter.count = 12"]))
    run_all(page)
    expect(output(page, 1).get_by_role("status")).to_have_text("144")


def test_a_click_while_cells_are_running(page, lab):
    """It is not lost. The kernel may hold the first one back until the running cell is done."""
    cells = [COUNTER, "counter", "import time", "time.sleep(3)", "print('the end')"]
    open_notebook(page, new_notebook(lab, cells))
    start_run_all(page)
    output(page, 1).get_by_role("button", name="one more").click()
    expect(output(page, 1).get_by_role("status")).to_have_text("16")
    expect(output(page, -1)).to_have_text(re.compile("the end"))
    wait_until_idle(page)


def test_a_cell_that_raises_is_reported(page, lab):
    open_notebook(page, new_notebook(lab, ["print('before')", "1 / 0"]))
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        run_all(page)


def test_every_cell_of_a_long_notebook_is_in_the_page(page, lab):
    open_notebook(page, new_notebook(lab, [f"print({n})" for n in range(80)]))
    assert page.locator(".jp-Notebook .jp-CodeCell").count() == 80
    run_all(page)
    assert [output(page, n).inner_text().strip() for n in (0, 40, -1)] == ["0", "40", "79"]


@pytest.mark.parametrize("theme", ["dark", None])
def test_themes_last_one_test(page, lab, theme, tmp_path):
    open_notebook(page, new_notebook(lab, ["1"]))
    if theme:
        set_theme(page, theme)
    paper = "rgb(17, 17, 17)" if theme else "rgb(255, 255, 255)"
    expect(page.locator(".jp-Notebook")).to_have_css("background-color", paper)
    assert screenshot(page.locator(".jp-Notebook"), tmp_path / "it.png").stat().st_size > 1000
