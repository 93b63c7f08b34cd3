"""The harness itself: a widget made on the spot runs, answers, and looks right in both themes."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import code_cell, new_notebook, open_notebook, output, run_all, set_theme

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


def test_a_cell_that_raises_is_reported(page, lab):
    open_notebook(page, new_notebook(lab, ["print('before')", "1 / 0"]))
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        run_all(page)


def test_every_cell_of_a_long_notebook_is_in_the_page(page, lab):
    open_notebook(page, new_notebook(lab, [f"print({n})" for n in range(80)]))
    assert page.locator(".jp-Notebook .jp-CodeCell").count() == 80
    run_all(page)
    assert [output(page, n).inner_text().strip() for n in (0, 40, -1)] == ["0", "40", "79"]


def test_themes(page, lab):
    open_notebook(page, new_notebook(lab, ["1"]))

    def background():
        code = "body => getComputedStyle(body).getPropertyValue('--jp-layout-color0').trim()"
        return page.locator("body").evaluate(code)

    set_theme(page, "dark")
    dark = background()
    set_theme(page, "light")
    assert dark != background()
    expect(code_cell(page, 0)).to_be_visible()
