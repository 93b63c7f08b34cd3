"""The course in a tab: every notebook runs as it is, widgets live, what a student wrote is kept."""

import json
import re
from urllib.parse import urljoin

import nbformat
import pytest
from builder.pins import OUT, ROOT
from playwright.sync_api import expect

LONG = 400_000  # milliseconds: a whole notebook runs in a browser, on a busy machine
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
HEARTBEAT = "/api/service-worker-heartbeat"  # JupyterLite's worker answers it inside the browser
LINK = re.compile(r'href="(?:\.\./)*lab/(\w*)/?index\.html(?:\?path=([^"]*))?"')
CURRENT = "window.jupyterapp?.shell.currentWidget"
IDLE = """() => {
  const session = window.jupyterapp?.shell.currentWidget?.context?.sessionContext;
  return session?.session?.kernel?.status === "idle" && session.isReady;
}"""
OUTPUTS = """() => window.jupyterapp.shell.currentWidget.content.widgets.flatMap(
  (cell) => (cell.model.outputs?.toJSON() ?? []))"""
VIEW = "application/vnd.jupyter.widget-view+json"
# Every widget in turn gets a gesture, as its page would send it; those that Python did not answer.
SILENT = """async ([mime, ids]) => {
  const { rendermime } = window.jupyterapp.shell.currentWidget.content;
  const manager = await rendermime.createRenderer(mime)._manager.promise, silent = [];
  for (const id of ids) {
    const model = await manager.get_model(id);
    const answered = new Promise((resolve) => model.on("change:state", () => {
      if (model.get("state").applied?.test === 1) resolve(true);
    }));
    model.set("gestures", { client: "test", queue: [{ kind: "undo", serial: 1 }] });
    model.save_changes();
    const late = new Promise((resolve) => setTimeout(resolve, 60_000));
    if (!await Promise.race([answered, late])) silent.push(id);
  }
  return silent;
}"""
RUN = """async (code) => {
  const { content } = window.jupyterapp.shell.currentWidget;
  content.activeCellIndex = content.widgets.length - 1;
  await window.jupyterapp.commands.execute("notebook:insert-cell-below");
  content.activeCell.model.sharedModel.setSource(code);
  await window.jupyterapp.commands.execute("notebook:run-cell");
  return content.activeCell.model.outputs.toJSON().map((one) => one.text ?? one.evalue).join("");
}"""
SOLVE = """from helpers.exercises import record
record.add("solved here")
print(record.place())"""
ASK = "from helpers.exercises import record\nprint(record.solved())"


@pytest.fixture
def tab(context, site):
    page = context.new_page()
    page.set_default_timeout(LONG)
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    beat = urljoin(site, HEARTBEAT)
    page.on("request", lambda request: request.url.startswith((site, beat, "data:", "blob:"))
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


def runs_whole(page):
    """Run all cells: no error, no warning, and every widget is there and answers."""
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(IDLE)
    outputs = page.evaluate(OUTPUTS)
    assert [one["evalue"] for one in outputs if one["output_type"] == "error"] == []
    told = "".join(one["text"] for one in outputs if one.get("name") == "stderr")
    assert "Warning" not in told  # the bar of a long search is no trouble
    views = [one["data"][VIEW]["model_id"] for one in outputs if VIEW in one.get("data", {})]
    expect(page.locator(".jp-OutputArea .tm-root")).to_have_count(len(views))
    assert page.evaluate(SILENT, [VIEW, views]) == []
    assert "undefined" not in "".join(page.locator(".tm-root").all_inner_texts())


def test_the_first_notebook_runs_and_keeps_what_a_student_did(tab, site):
    opened(tab, site, NOTEBOOKS[0])
    runs_whole(tab)
    cell = tab.locator(".tm-root [role=gridcell]").first
    before = cell.get_attribute("aria-label")
    cell.click()
    tab.keyboard.type("-3.25")
    tab.keyboard.press("Enter")
    expect(cell).not_to_have_attribute("aria-label", before)
    assert "progress.json" in tab.evaluate(RUN, SOLVE)


def test_the_next_one_knows_it_and_a_fresh_copy_stands_beside_yours(tab, site):
    name = NOTEBOOKS[1]
    opened(tab, site, name)
    runs_whole(tab)
    assert "solved here" in tab.evaluate(RUN, ASK)
    tab.evaluate("""async () => {
      const { context } = window.jupyterapp.shell.currentWidget;
      await context.save();
      await context.rename("mine.ipynb");
    }""")
    fresh = tab.evaluate("""async (name) => {
      const { contents } = window.jupyterapp.serviceManager;
      const read = (path) => contents.get(path, { content: true });
      const cells = async (path) => (await read(path)).content.cells.length;
      return [await cells(name), await cells("mine.ipynb")];
    }""", name)
    cells = len(nbformat.read(ROOT / "notebooks" / name, 4).cells)
    assert fresh == [cells, cells + 1]


def test_every_link_into_the_course_names_a_notebook_that_is_there():
    found = {link for path in OUT.rglob("*.html") if OUT / "lab" not in path.parents
             for link in LINK.findall(path.read_text("utf-8"))}
    assert {way for way, _ in found} == {"lab", "notebooks"}
    assert {name for _, name in found} == set(NOTEBOOKS)


def test_stored_texts_are_whole():  # of lines the page makes one text with commas between
    for name in NOTEBOOKS:
        cells = json.loads((OUT / "lab/files" / name).read_text("utf-8"))["cells"]
        texts = [one["text"] for cell in cells for one in cell.get("outputs", ()) if "text" in one]
        assert all(isinstance(text, str) for text in texts), name


@pytest.mark.parametrize(("where", "link", "name"), [
    ("index.html", "Open all notebooks in this browser", NOTEBOOKS[0]),
    (f"book/notebooks/{NOTEBOOKS[1][:-6]}.html", "Open it live in this browser", NOTEBOOKS[1])])
def test_a_link_opens_the_notebook_that_it_names(tab, site, where, link, name):
    tab.goto(f"{site}{where}")
    tab.get_by_role("link", name=link).click()
    tab.wait_for_function(f"(name) => {CURRENT}?.context?.path === name", arg=name)
    expect(tab.locator(".jp-Notebook .jp-Cell").first).to_be_visible()


@pytest.mark.parametrize("name", NOTEBOOKS[2:])
def test_a_notebook_runs_to_its_end_and_every_widget_answers(tab, site, name):
    opened(tab, site, name)
    runs_whole(tab)
