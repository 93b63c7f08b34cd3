"""The course in a tab: every notebook runs as it is, widgets are drawn, progress is kept."""

import json

import nbformat
import pytest
from builder.pins import ROOT
from playwright.sync_api import expect

LONG = 300_000  # milliseconds: a whole notebook runs in a browser, on a busy machine
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
IDLE = """() => {
  const session = window.jupyterapp?.shell.currentWidget?.context?.sessionContext;
  return session?.session?.kernel?.status === "idle" && session.isReady;
}"""
OUTPUTS = """() => window.jupyterapp.shell.currentWidget.content.widgets.flatMap(
  (cell) => (cell.model.outputs?.toJSON() ?? []))"""
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def tab(context, site):
    page = context.new_page()
    page.set_default_timeout(LONG)
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("request", lambda request: request.url.startswith((site, "data:", "blob:"))
            or page.wrong.append(f"asked for {request.url}"))
    yield page
    page.close()
    assert page.wrong == []


def opened(page, site, name):
    page.goto(f"{site}lab/notebooks/index.html?path={name}")
    page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.context")
    page.wait_for_function(IDLE)
    wanted = len(nbformat.read(ROOT / "notebooks" / name, 4).cells)
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(wanted)


def run_all(page):
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(IDLE)
    return page.evaluate(OUTPUTS)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_to_its_end_and_every_widget_is_drawn(tab, site, name):
    opened(tab, site, name)
    outputs = run_all(tab)
    assert [one["evalue"] for one in outputs if one["output_type"] == "error"] == []
    views = sum(VIEW in one.get("data", {}) for one in outputs)
    expect(tab.locator(".jp-OutputArea .tm-root")).to_have_count(views)
    assert views or name not in NOTEBOOKS[:1]


def test_a_widget_in_the_course_answers(tab, site):
    opened(tab, site, "00_start_here.ipynb")
    run_all(tab)
    root = tab.locator(".tm-root").filter(has_text="The verdict").first
    before = root.locator("[role=gridcell]").first.get_attribute("aria-label")
    root.locator("[role=gridcell]").first.click()
    tab.keyboard.type("-3.25")
    tab.keyboard.press("Enter")
    expect(root.locator("[role=gridcell]").first).not_to_have_attribute("aria-label", before)


def test_what_is_solved_is_known_in_the_next_notebook_and_after_a_reload(tab, site):
    solve = ("from helpers.exercises import record\nrecord.save({'keep': True, 'solved': ['a']})\n"
             "print(record.place())")
    ask = "from helpers.exercises import record\nprint(record.load()['solved'])"
    opened(tab, site, "01_activations.ipynb")
    assert "/drive/progress.json" in ran(tab, solve)
    opened(tab, site, "02_scalar_backprop.ipynb")
    assert "['a']" in ran(tab, ask)


def ran(page, code):
    """What a new last cell prints."""
    outputs = page.evaluate("""async (code) => {
      const { content } = window.jupyterapp.shell.currentWidget;
      content.activeCellIndex = content.widgets.length - 1;
      await window.jupyterapp.commands.execute("notebook:insert-cell-below");
      content.activeCell.model.sharedModel.setSource(code);
      await window.jupyterapp.commands.execute("notebook:run-cell");
      return content.activeCell.model.outputs.toJSON();
    }""", code)
    return json.dumps(outputs)
